"""Storing one policy, or a new edition of one, in the session's transaction: the text word for word, duties, bodies."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.journal import Line
from styrhjul.db.model import Duty, DutyBody, DutyStatus, Edition, Municipality, Policy, Post, new_id
from styrhjul.db.session import municipality_of
from styrhjul.documents import FoundDuty, Metadata
from styrhjul.domain.journal import EntryKind, Value
from styrhjul.domain.moment import local_date
from styrhjul.services.policies.binding import Binding
from styrhjul.services.policies.following import following
from styrhjul.services.policies.proposal import Organisation, Proposal, adopter, waiting_for

_UNTITLED = "Dokument utan titel"
_LONGEST_SLUG = 60


class TitleTaken(ValueError):
    """Another text with the same title is there already."""

    def __init__(self, title: str) -> None:
        super().__init__(
            f"Kommunen har redan ett dokument med titeln ”{title}” och en annan text. Inget har lästs in. "
            "Ge det nya dokumentet en egen titel, om det är ett annat dokument."
        )


class EditionRefused(ValueError):
    """The text cannot take the place of the one that is followed; the message says why in Swedish."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Who brings a text in and when; with `confirm`, what the reading is sure of is confirmed in that name."""

    by: str
    now: datetime
    confirm: bool


def sha256_of(text: str) -> str:
    """Return what tells two texts apart."""
    return hashlib.sha256(text.encode()).hexdigest()


def store_policy(
    session: Session, text: str, proposal: Proposal, organisation: Organisation, signed: Signed
) -> tuple[str, list[Line]]:
    """Store a text with its duties; return the policy's id and what to journal. Raises TitleTaken."""
    metadata = proposal.reading.metadata
    policy = _policy(session, metadata, organisation, signed.now)
    session.add(policy)
    session.flush()
    edition = edition_of(policy, metadata, text, signed.now)
    session.add(edition)
    session.flush()
    data: dict[str, Value] = {
        "policy": policy.id,
        "title": policy.title,
        "sha256": edition.sha256,
        "duties": len(proposal.bindings),
    }
    imported = Line(kind=EntryKind.POLICY_IMPORTED, by=signed.by, data=data)
    return policy.id, [imported, *_store_duties(session, edition, proposal, signed)]


def _policy(session: Session, metadata: Metadata, organisation: Organisation, now: datetime) -> Policy:
    policy_id, title = new_id(), _title(session, metadata)
    slug = _slug(title)
    if session.scalar(select(Policy.id).where(Policy.slug == slug)):  # another title that is spelled almost the same
        slug = f"{slug}-{policy_id[:6]}"
    municipality = session.get_one(Municipality, municipality_of(session))
    known = (municipality.starts_on, metadata.adopted_on, metadata.valid_from)
    return Policy(
        id=policy_id,
        slug=slug,
        title=title,
        document_type=metadata.document_type,
        adopted_by_id=adopter(metadata, organisation)[0].body_id,
        owner_post_id=owner_post(session, metadata.document_owner),
        # Nobody could be asked for what was due before the text was here, or in force.
        starts_on=max(local_date(now), *(day for day in known if day)),
    )


def _title(session: Session, metadata: Metadata) -> str:
    taken = set(session.scalars(select(Policy.title)))
    if metadata.title is None:
        numbered = (f"{_UNTITLED} {number}" for number in range(2, len(taken) + 3))
        return next(title for title in (_UNTITLED, *numbered) if title not in taken)
    if metadata.title in taken:
        raise TitleTaken(metadata.title)
    return metadata.title


def _slug(title: str) -> str:
    plain = title.lower().translate(str.maketrans("åäöéü", "aaoeu"))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_SLUG].strip("-") or "dokument"


def owner_post(session: Session, title: str | None) -> str | None:
    """Return the post that a text calls its owner; None where the municipality has no such post."""
    if title is None:
        return None
    posts = session.scalars(select(Post).where(Post.ended_on.is_(None)).order_by(Post.id))
    return next((post.id for post in posts if post.title.casefold() == title.casefold()), None)


def edition_of(policy: Policy, metadata: Metadata, text: str, now: datetime) -> Edition:
    """Return a text as an edition of a policy, with what it states about itself."""
    return Edition(
        id=new_id(),
        policy_id=policy.id,
        text=text,
        sha256=sha256_of(text),
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


def _store_duties(session: Session, edition: Edition, proposal: Proposal, signed: Signed) -> Iterator[Line]:
    for found, binding in zip(proposal.duties, proposal.bindings, strict=True):
        duty = new_duty(found, binding, signed)
        duty.policy_id, duty.edition_id = edition.policy_id, edition.id
        session.add(duty)
        session.flush()
        session.add_all(DutyBody(duty_id=duty.id, body_id=body_id) for body_id in binding.body_ids)
        if duty.status is DutyStatus.CONFIRMED:
            data: dict[str, Value] = {"policy": edition.policy_id, "duty": duty.id, "bodies": list(binding.body_ids)}
            yield Line(kind=EntryKind.DUTY_CONFIRMED, by=signed.by, data=data)


def new_duty(found: FoundDuty, binding: Binding, signed: Signed | None) -> Duty:
    """Return a duty as it was read, of no edition yet; confirmed if `signed` says so and nothing about it is unsure."""
    waits, followed = waiting_for(found, binding), following(found)
    confirmed = signed is not None and signed.confirm and waits is None
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
        reason=" ".join(filter(None, (found.reason, binding.why, followed.unfit, waits))),
        status=DutyStatus.CONFIRMED if confirmed else DutyStatus.PROPOSED,
        confirmed_by=signed.by if signed and confirmed else None,
        confirmed_at=signed.now if signed and confirmed else None,
        holder=binding.holder,
        lifecycle=followed.lifecycle,
        of_plans=followed.of_plans,
    )
