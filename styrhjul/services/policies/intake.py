"""Policies in: adopted texts become policies with their editions, their duties and the bodies each duty binds.

Texts are read before the transaction that stores them: a long one takes seconds, and on SQLite all others wait for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from styrhjul.db.journal import Line, write_down
from styrhjul.db.model import Body, Duty, DutyStatus, Edition, Municipality, Policy
from styrhjul.db.session import Database, municipality_of
from styrhjul.db.wake import touch_policies
from styrhjul.domain.moment import local_date
from styrhjul.domain.vocabulary import BodyKind, LifecycleKey
from styrhjul.services.policies.binding import BodyRef
from styrhjul.services.policies.duty_effect import look_again
from styrhjul.services.policies.edition_effect import EditionChange
from styrhjul.services.policies.edition_store import NewEdition, has_the_same_words, present_edition, store_edition
from styrhjul.services.policies.file import ReadFile
from styrhjul.services.policies.proposal import Organisation, Proposal, UnknownAdopter, bind_proposal, propose
from styrhjul.services.policies.store import (
    EditionRefused,
    Signed,
    TitleTaken,
    sha256_of,
    store_policy,
)
from workflows import LIFECYCLES

KNOWN = "Dokumentet är redan inläst. Inget har ändrats."
SAME_WORDS = "Texten har samma ord som den utgåva som gäller. Inget har ändrats."


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import stored. A duplicate stored nothing: the counts are those of the first time, as they stand now.

    Mails about a policy that is not `released` wait until the coordinator has seen the forecast.
    """

    policy_id: str
    slug: str
    confirmed: int
    proposed: int
    warnings: tuple[str, ...]
    duplicate: bool
    released: bool
    #: What a new edition changed; None for a new policy, and for a text that is known.
    change: EditionChange | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyText:
    """A file to bring in, and whose it is to be; with `proposal` where its text has been read, bound or not."""

    municipality_id: str
    file: ReadFile
    proposal: Proposal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A document with what its text proposes, before anybody is bound; `before` is the same of the present edition."""

    document: PolicyText
    proposal: Proposal
    before: Mapping[str, Proposal] = field(default_factory=dict)


class NoOrganisation(ValueError):
    """The municipality has no council or executive board yet."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} har inget fullmäktige eller ingen kommunstyrelse inlagd. Läs in organisationen först: "
            "styrhjul officials import"
        )


class NotAsShown(ValueError):
    """What the text means is no longer what somebody was shown."""

    def __init__(self) -> None:
        super().__init__("Kommunens organ har ändrats sedan du såg förslaget, eller dokumentet. Gå igenom det igen.")


#: Asked before anything is stored for good: what the text proposes and, of a new edition, what it changes.
AsShown = Callable[[Proposal, EditionChange | None], bool]


class RefusedDocument(ValueError):
    """One of several documents cannot be brought in, so none is; the message begins with its file."""

    def __init__(self, name: str, fault: ValueError) -> None:
        super().__init__(f"{name}: {fault}")


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

    With `confirm`, the duties that the reading is sure of are confirmed in the name of `by`. What it is unsure of, and
    what nobody is pointed out for, is proposed and waits for a person. No mail leaves before the policy is released.
    Raises NoOrganisation, UnknownAdopter and TitleTaken; then nothing is stored.
    """
    read = _read(PolicyText(municipality_id=municipality_id, file=ReadFile(name="", text=text)))
    with database.register(municipality_id) as session:
        return _import(session, read, Signed(by=by, now=now, confirm=confirm), lifecycles)


def import_edition(
    database: Database, document: PolicyText, policy_slug: str, signed: Signed, lifecycles: Iterable[str]
) -> ImportReport:
    """Store a text as the new edition of a policy that is there; otherwise as `import_policy`. Safe to repeat.

    A text that differs in line breaks and spaces alone is known already. The report tells what changed.
    Raises EditionRefused, NoOrganisation and UnknownAdopter; then nothing is stored.
    """
    read = _read_edition(database, document, policy_slug)
    with database.register(document.municipality_id) as session:
        return _import_edition(session, read, policy_slug, signed, lifecycles)


def import_shown(
    database: Database, document: PolicyText, policy_slug: str, signed: Signed, is_as_shown: AsShown
) -> ImportReport:
    """Store a text as a new edition, or with "" as a new policy, if its meaning is as it was shown. Safe to repeat.

    It is asked in the transaction that stores, so that nothing can come between. Raises NotAsShown, TitleTaken and
    what `import_edition` raises; then nothing is stored.
    """
    read = _read_edition(database, document, policy_slug) if policy_slug else _read(document)
    with database.register(document.municipality_id) as session:
        if policy_slug:
            return _import_edition(session, read, policy_slug, signed, LIFECYCLES, is_as_shown)
        return _import(session, read, signed, LIFECYCLES, is_as_shown)


def rehearse_edition(
    database: Database, document: PolicyText, policy_slug: str, signed: Signed, lifecycles: Iterable[str]
) -> ImportReport:
    """Tell what `import_edition` would do, by doing it and undoing it. Stores nothing; raises what that raises."""
    read = _read_edition(database, document, policy_slug)
    with database.register(document.municipality_id) as session:
        report = _import_edition(session, read, policy_slug, signed, lifecycles)
        session.rollback()
        return report


def import_policies(
    database: Database, documents: Sequence[PolicyText], signed: Signed, lifecycles: Iterable[str]
) -> list[ImportReport]:
    """Import as `import_policy` does, all of the documents or none; return a report each, in their order.

    One transaction for each municipality, and each is rehearsed before the first is stored. Raises RefusedDocument.
    """
    keys, reads = tuple(lifecycles), [_read(document) for document in documents]
    municipalities = list(dict.fromkeys(document.municipality_id for document in documents))
    rehearsals = municipalities if len(municipalities) > 1 else []
    for municipality_id in rehearsals:
        with database.register(municipality_id) as session:
            _import_all(session, reads, signed, keys)
            session.rollback()
    reports: dict[int, ImportReport] = {}
    for municipality_id in municipalities:
        with database.register(municipality_id) as session:
            reports |= _import_all(session, reads, signed, keys)
    return [reports[number] for number in range(len(documents))]


def _read(document: PolicyText) -> _Read:
    return _Read(document=document, proposal=document.proposal or propose(document.file.text))


def _read_edition(database: Database, document: PolicyText, policy_slug: str) -> _Read:
    """Return a text that is read, and so the one that is to make room for it."""
    with database.reading(document.municipality_id) as session:
        query = select(Edition.text).join(Policy, Policy.id == Edition.policy_id)
        texts = session.scalars(query.where(Policy.slug == policy_slug, Edition.superseded_on.is_(None))).all()
    return replace(_read(document), before={text: propose(text) for text in texts})


def _import_all(
    session: Session, reads: Sequence[_Read], signed: Signed, lifecycles: tuple[str, ...]
) -> dict[int, ImportReport]:
    """Import what belongs to the session's municipality; return the reports by the documents' numbers."""
    reports = {}
    for number, read in enumerate(reads):
        if read.document.municipality_id == municipality_of(session):
            try:
                reports[number] = _import(session, read, signed, lifecycles)
            except (NoOrganisation, UnknownAdopter, TitleTaken) as fault:
                raise RefusedDocument(read.document.file.name, fault) from fault
    return reports


def _import(
    session: Session,
    read: _Read,
    signed: Signed,
    lifecycles: Iterable[str],
    is_as_shown: AsShown | None = None,
) -> ImportReport:
    document = read.document
    known = _known(session, document.file.text)
    if known is not None:
        return known
    organisation = _organisation(session, signed.now)
    proposal = bind_proposal(read.proposal, organisation)
    if is_as_shown is not None and not is_as_shown(proposal, None):
        raise NotAsShown
    policy_id, lines = store_policy(session, document.file.text, proposal, organisation, signed)
    _keep_pages(session, policy_id, document)
    _wake(session, policy_id, lines, signed.now, lifecycles)
    return _report(session, policy_id, proposal.warnings, duplicate=False)


def _import_edition(  # noqa: PLR0913, PLR0917 - what, as an edition of what, who stands behind it, and as shown when
    session: Session,
    read: _Read,
    policy_slug: str,
    signed: Signed,
    lifecycles: Iterable[str],
    is_as_shown: AsShown | None = None,
) -> ImportReport:
    document, text = read.document, read.document.file.text
    known = _known(session, text)
    if known is not None:
        return known
    policy = session.scalars(select(Policy).where(Policy.slug == policy_slug)).one_or_none()
    if policy is None:
        raise EditionRefused(f"Kommunen har inget styrdokument med kortnamnet {policy_slug}.")
    before = present_edition(session, policy.id)
    if has_the_same_words(before, text):
        return _report(session, policy.id, (SAME_WORDS,), duplicate=True)
    organisation = _organisation(session, signed.now)
    proposal = bind_proposal(read.proposal, organisation)
    was = read.before.get(before.text) or propose(before.text)  # an edition that came in since we looked
    new = NewEdition(policy=policy, text=text, proposal=proposal, was=was, organisation=organisation)
    lines, change = store_edition(session, new, signed)
    if is_as_shown is not None and not is_as_shown(proposal, change):
        raise NotAsShown
    _keep_pages(session, policy.id, document)
    _wake(session, policy.id, lines, signed.now, lifecycles)
    look_again(session, policy.id, signed.by, signed.now)
    warnings = (*proposal.warnings, *change.warnings)
    return replace(_report(session, policy.id, warnings, duplicate=False), change=change)


def _keep_pages(session: Session, policy_id: str, document: PolicyText) -> None:
    if document.file.pages:
        present_edition(session, policy_id).pages = list(document.file.pages)
        session.flush()


def _known(session: Session, text: str) -> ImportReport | None:
    """Return the report of a text that is there already."""
    query = select(Edition).where(Edition.sha256 == sha256_of(text)).order_by(Edition.superseded_on.is_not(None))
    stored = session.scalars(query).first()
    if stored is None:
        return None
    told = KNOWN
    if stored.superseded_on is not None:
        told = f"Texten är en tidigare utgåva, ersatt {stored.superseded_on.isoformat()}. Inget har ändrats."
    return _report(session, stored.policy_id, (told,), duplicate=True)


def _wake(session: Session, policy_id: str, lines: Sequence[Line], now: datetime, lifecycles: Iterable[str]) -> None:
    write_down(session, lines, now)
    today = local_date(now)
    touch_policies(session, [policy_id], lifecycles, today)
    # Asked by law of whoever owes it.
    touch_policies(session, [municipality_of(session)], [LifecycleKey.HANDOVER], today)


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


def _report(session: Session, policy_id: str, warnings: tuple[str, ...], *, duplicate: bool) -> ImportReport:
    policy = session.scalars(select(Policy).where(Policy.id == policy_id)).one()
    counts = dict(
        session.execute(
            select(Duty.status, func.count())
            .join(Edition, (Edition.municipality_id == Duty.municipality_id) & (Edition.id == Duty.edition_id))
            .where(Duty.policy_id == policy_id, Edition.superseded_on.is_(None))
            .group_by(Duty.status)
        ).all()
    )
    return ImportReport(
        policy_id=policy_id,
        slug=policy.slug,
        confirmed=counts.get(DutyStatus.CONFIRMED, 0),
        proposed=counts.get(DutyStatus.PROPOSED, 0),
        warnings=warnings,
        duplicate=duplicate,
        released=policy.released_at is not None,
    )
