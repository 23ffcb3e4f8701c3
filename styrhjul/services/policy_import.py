"""Policies in: an adopted text becomes a policy with its edition, its duties and the bodies each duty binds."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from styrhjul.db.journal import Line, write_down
from styrhjul.db.model import (
    Body,
    Duty,
    DutyBody,
    DutyStatus,
    Edition,
    Municipality,
    Policy,
    Post,
    new_id,
)
from styrhjul.db.session import Database, municipality_of
from styrhjul.db.wake import touch_policies
from styrhjul.documents import FoundDuty, Metadata
from styrhjul.domain.journal import EntryKind, Value
from styrhjul.domain.moment import local_date
from styrhjul.domain.vocabulary import BodyKind
from styrhjul.services.binding import Binding, BodyRef
from styrhjul.services.policy_proposal import Organisation, Proposal, UnknownAdopter, adopter, propose, waiting_for

__all__ = [
    "ImportReport",
    "NoOrganisation",
    "Organisation",
    "Proposal",
    "TitleTaken",
    "UnknownAdopter",
    "import_policy",
    "organisation_of",
    "propose",
]

_UNTITLED = "Dokument utan titel"
_LONGEST_SLUG = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import stored. A duplicate stored nothing: the counts are those of the first time, as they stand now."""

    policy_id: str
    confirmed: int
    proposed: int
    warnings: tuple[str, ...]
    duplicate: bool


class NoOrganisation(ValueError):
    """The municipality has no council or executive board yet."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} har inget fullmäktige eller ingen kommunstyrelse inlagd. Läs in organisationen först: "
            "styrhjul officials import"
        )


class TitleTaken(ValueError):
    """Another text with the same title is there already."""

    def __init__(self, title: str) -> None:
        super().__init__(
            f"Kommunen har redan ett dokument med titeln ”{title}” och en annan text. Inget har lästs in. "
            "Ge det nya dokumentet en egen titel, om det är ett annat dokument."
        )


def organisation_of(database: Database, municipality_id: str, now: datetime) -> Organisation:
    """Return the municipality's name and its bodies on the day of `now`."""
    with database.reading(municipality_id) as session:
        return _organisation(session, now)


def import_policy(  # noqa: PLR0913 - what is read, and who stands behind it
    database: Database,
    municipality_id: str,
    text: str,
    *,
    confirm: bool,
    by: str,
    now: datetime,
    lifecycles: Iterable[str],
) -> ImportReport:
    """Store a policy with its duties and wake it for each lifecycle key. Safe to repeat: the same text is known again.

    With `confirm`, the duties that the reading is sure of are confirmed in the name of `by`. What it is unsure of, what
    nobody is pointed out for, and what only holds on a condition is proposed, and waits for a person.
    Raises NoOrganisation, UnknownAdopter and TitleTaken; then nothing is stored.
    """
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    with database.municipality(municipality_id) as session:
        stored = session.scalar(select(Edition.policy_id).where(Edition.sha256 == sha256))
        if stored is not None:
            return _report(session, stored, ("Dokumentet är redan inläst. Inget har ändrats.",), duplicate=True)
        organisation = _organisation(session, now)
        proposal = propose(text, organisation)
        policy = _store_policy(session, proposal.reading.metadata, organisation, now)
        edition_id = _store_edition(session, policy, proposal.reading.metadata, text, now)
        lines = [
            Line(
                kind=EntryKind.POLICY_IMPORTED,
                by=by,
                data={"policy": policy.id, "title": policy.title, "sha256": sha256, "duties": len(proposal.bindings)},
            )
        ]
        for found, binding in zip(proposal.reading.duties, proposal.bindings, strict=True):
            duty = _duty(found, binding, confirmed_by=by if confirm else None, now=now)
            duty.policy_id, duty.edition_id = policy.id, edition_id
            _store_duty(session, duty, binding)
            if duty.status is DutyStatus.CONFIRMED:
                data: dict[str, Value] = {"policy": policy.id, "duty": duty.id, "bodies": list(binding.body_ids)}
                lines.append(Line(kind=EntryKind.DUTY_CONFIRMED, by=by, data=data))
        write_down(session, lines, now)
        touch_policies(session, [policy.id], lifecycles, local_date(now))
        return _report(session, policy.id, proposal.warnings, duplicate=False)


def _organisation(session: Session, now: datetime) -> Organisation:
    municipality = session.get_one(Municipality, municipality_of(session))
    standing = or_(Body.dissolved_on.is_(None), Body.dissolved_on > local_date(now))
    bodies = tuple(
        BodyRef(
            body_id=body.id,
            name=body.name,
            kind=body.kind,
            bound_by=body.bound_by,
            answers_through_id=body.answers_through_id,
        )
        for body in session.scalars(select(Body).where(standing).order_by(Body.name, Body.id))
    )
    if not {BodyKind.COUNCIL, BodyKind.EXECUTIVE_BOARD} <= {body.kind for body in bodies}:
        raise NoOrganisation(municipality.name)
    return Organisation(name=municipality.name, bodies=bodies)


def _store_policy(session: Session, metadata: Metadata, organisation: Organisation, now: datetime) -> Policy:
    title = metadata.title or _UNTITLED
    if session.scalar(select(Policy.id).where(Policy.title == title)):
        raise TitleTaken(title)
    policy_id, slug = new_id(), _slug(title)
    if session.scalar(select(Policy.id).where(Policy.slug == slug)):  # another title that is spelled almost the same
        slug = f"{slug}-{policy_id[:6]}"
    starts_on = session.get_one(Municipality, municipality_of(session)).starts_on
    owner = session.scalars(select(Post).order_by(Post.id)).all() if metadata.document_owner else ()
    policy = Policy(
        id=policy_id,
        slug=slug,
        title=title,
        document_type=metadata.document_type,
        adopted_by_id=adopter(metadata, organisation)[0].body_id,
        owner_post_id=next(
            (p.id for p in owner if p.title.casefold() == (metadata.document_owner or "").casefold()), None
        ),
        # Nobody could be asked for what was due before the text was here.
        starts_on=max(starts_on, metadata.adopted_on or starts_on, local_date(now)),
    )
    session.add(policy)
    session.flush()
    return policy


def _slug(title: str) -> str:
    plain = title.lower().translate(str.maketrans("åäöéü", "aaoeu"))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_SLUG].strip("-") or "dokument"


def _store_edition(session: Session, policy: Policy, metadata: Metadata, text: str, now: datetime) -> str:
    edition = Edition(
        id=new_id(),
        policy_id=policy.id,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        municipality_name=metadata.municipality,
        adopted_by=metadata.adopted_by,
        adopted_on=metadata.adopted_on,
        first_adopted=metadata.first_adopted,
        paragraph=metadata.paragraph,
        diary_number=metadata.diary_number,
        version=metadata.version,
        valid_from=metadata.valid_from,
        valid_until=metadata.valid_until,
        last_revised_on=metadata.last_revised_on,
        document_owner=metadata.document_owner,
        replaces=metadata.replaces,
        imported_at=now,
    )
    session.add(edition)
    session.flush()
    return edition.id


def _duty(found: FoundDuty, binding: Binding, *, confirmed_by: str | None, now: datetime) -> Duty:
    waits = waiting_for(found, binding)
    confirmed = confirmed_by is not None and waits is None
    return Duty(
        id=new_id(),
        quote=found.quote,
        start=found.start,
        end=found.end,
        actor=found.actor,
        modality=found.modality,
        action_kind=found.action_kind,
        artefact=found.artefact,
        recurrence=found.recurrence,
        deadline=found.deadline,
        goal_min=found.goal_min,
        goal_max=found.goal_max,
        condition=found.condition,
        addressees=list(found.addressees),
        confidence=found.confidence,
        reason=" ".join(filter(None, (found.reason, binding.why, waits))),
        status=DutyStatus.CONFIRMED if confirmed else DutyStatus.PROPOSED,
        confirmed_by=confirmed_by if confirmed else None,
        confirmed_at=now if confirmed else None,
        holder=binding.holder,
    )


def _store_duty(session: Session, duty: Duty, binding: Binding) -> None:
    session.add(duty)
    session.flush()
    session.add_all(DutyBody(duty_id=duty.id, body_id=body_id) for body_id in binding.body_ids)


def _report(session: Session, policy_id: str, warnings: tuple[str, ...], *, duplicate: bool) -> ImportReport:
    counts = dict(
        session.execute(
            select(Duty.status, func.count()).where(Duty.policy_id == policy_id).group_by(Duty.status)
        ).all()
    )
    return ImportReport(
        policy_id=policy_id,
        confirmed=counts.get(DutyStatus.CONFIRMED, 0),
        proposed=counts.get(DutyStatus.PROPOSED, 0),
        warnings=warnings,
        duplicate=duplicate,
    )
