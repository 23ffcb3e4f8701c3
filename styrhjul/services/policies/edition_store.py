"""Storing a new edition of a policy in the session's transaction: what is kept, what is asked otherwise, what ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.journal import Line
from styrhjul.db.model import Edition, Policy
from styrhjul.db.policy_page_query import load_duties
from styrhjul.documents import Metadata
from styrhjul.domain.journal import EntryKind, Value
from styrhjul.domain.likeness import words_of
from styrhjul.domain.moment import local_date
from styrhjul.services.cases.decision import Decision
from styrhjul.services.policies.edition_carry import carry_all, fields_by_hand, line_of, store
from styrhjul.services.policies.edition_diff import Pair, Read, compare_editions
from styrhjul.services.policies.edition_effect import EditionChange, carry_cases, told_of
from styrhjul.services.policies.proposal import Organisation, Proposal, UnknownAdopter, adopter, bind_proposal
from styrhjul.services.policies.store import EditionRefused, Signed, edition_of, owner_post


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEdition:
    """A text that is to take the place of the one before, read against the municipality's organisation.

    `was` is what the one before proposes to nobody yet.
    """

    policy: Policy
    text: str
    proposal: Proposal
    was: Proposal
    organisation: Organisation


def present_edition(session: Session, policy_id: str) -> Edition:
    """Return the text of a policy that is followed."""
    return session.scalars(select(Edition).where(Edition.policy_id == policy_id, Edition.superseded_on.is_(None))).one()


def has_the_same_words(before: Edition, text: str) -> bool:
    """Whether only line breaks and spaces tell a text from an edition: then there is nothing new in it."""
    return words_of(before.text) == words_of(text)


def store_edition(session: Session, new: NewEdition, signed: Signed) -> tuple[list[Line], EditionChange]:
    """Store a new text of a document; the one before is superseded, its duties and open cases carried over or ended.

    Return what to journal about the document, and what changed. Raises EditionRefused for a text that is older than the
    one before, or not in force yet, and for a document that is repealed.
    """
    policy, metadata = new.policy, new.proposal.reading.metadata
    before = present_edition(session, policy.id)
    _refuse_edition(policy, before, metadata, local_date(signed.now))
    pairs = _pairs(session, new)
    before.superseded_on = _in_force_from(metadata) or local_date(signed.now)
    _renew(session, policy, metadata, new.organisation)
    edition = edition_of(policy, metadata, new.text, signed.now)
    session.add(edition)
    session.flush()
    stored = [pair.stored.duty_id for pair in pairs if pair.stored]
    carried = list(carry_all(pairs, new.text, fields_by_hand(session, policy.id, stored), signed))
    for each in carried:
        store(session, edition, each)
    session.flush()
    by_pair = {id(each.pair): each for each in carried}
    change = EditionChange(
        duties=tuple(told_of(pair, by_pair.get(id(pair))) for pair in pairs),
        cases=carry_cases(session, edition, Decision(by=signed.by, reason=_reason(metadata)), signed.now),
        warnings=_warnings(before, metadata),
    )
    imported = _imported(policy, before, edition, change, signed.by)
    return [imported, *(line for each in carried if (line := line_of(each, signed.by)))], change


def _pairs(session: Session, new: NewEdition) -> tuple[Pair, ...]:
    try:
        was = bind_proposal(new.was, new.organisation)
    except UnknownAdopter:  # the body that adopted it is no more: whom it bound cannot be told
        was = new.was
    return compare_editions(load_duties(session, new.policy.id), _reads(was), _reads(new.proposal), new.text)


def _reads(proposal: Proposal) -> list[Read]:
    bindings = proposal.bindings or (None,) * len(proposal.duties)
    return [Read(duty=duty, binding=binding) for duty, binding in zip(proposal.duties, bindings, strict=True)]


def _imported(policy: Policy, before: Edition, edition: Edition, change: EditionChange, by: str) -> Line:
    counts: dict[str, Value] = {}
    for each in change.duties:
        counts[each.fate.value] = int(counts.get(each.fate.value) or 0) + 1  # type: ignore[arg-type]
    data: dict[str, Value] = {
        "policy": policy.id,
        "title": policy.title,
        "sha256": edition.sha256,
        "duties": sum(each.now is not None for each in change.duties),
        "supersedes": before.sha256,
    }
    return Line(kind=EntryKind.POLICY_IMPORTED, by=by, data=data | counts)


def _reason(metadata: Metadata) -> str:
    if metadata.adopted_on is None:
        return "En ny utgåva av styrdokumentet gäller."
    return f"En ny utgåva av styrdokumentet, antagen {metadata.adopted_on.isoformat()}, gäller."


def _refuse_edition(policy: Policy, before: Edition, metadata: Metadata, today: date) -> None:
    starts_on = _in_force_from(metadata)
    if policy.repealed_on is not None:
        raise EditionRefused(f"{policy.title} är upphävt. Läs in texten som ett nytt styrdokument med en egen titel.")
    if starts_on is not None and starts_on > today:
        raise EditionRefused(f"Utgåvan gäller från {starts_on.isoformat()}. Läs in den då: till dess gäller den förra.")
    if metadata.adopted_on and before.adopted_on and metadata.adopted_on < before.adopted_on:
        raise EditionRefused(
            f"Utgåvan antogs {metadata.adopted_on.isoformat()}, före den som gäller ({before.adopted_on.isoformat()})."
        )
    revised = before.last_revised_on
    if metadata.last_revised_on and revised and metadata.last_revised_on < revised and not _after(metadata, revised):
        raise EditionRefused(
            f"Utgåvan reviderades {metadata.last_revised_on.isoformat()}, före den som gäller ({revised.isoformat()})."
        )


def _after(metadata: Metadata, day: date) -> bool:
    return metadata.adopted_on is not None and metadata.adopted_on >= day


def _warnings(before: Edition, metadata: Metadata) -> tuple[str, ...]:
    """Tell of a text that does not say when it was adopted or, as the one before does, revised: it may be older."""
    if before.last_revised_on and not metadata.last_revised_on and not _after(metadata, before.last_revised_on):
        return (
            (
                "Texten säger inte när den reviderades. Utgåvan som gäller reviderades"
                f" {before.last_revised_on.isoformat()}: kontrollera att den här är nyare."
            ),
        )
    if metadata.adopted_on or not before.adopted_on:
        return ()
    return (
        (
            "Texten säger inte när den antogs. Utgåvan som gäller antogs"
            f" {before.adopted_on.isoformat()}: kontrollera att den här är nyare."
        ),
    )


def _in_force_from(metadata: Metadata) -> date | None:
    return max(filter(None, (metadata.adopted_on, metadata.valid_from)), default=None)


def _renew(session: Session, policy: Policy, metadata: Metadata, organisation: Organisation) -> None:
    """Let the document be called, adopted and owned as its new text says; what that does not state stays."""
    others = set(session.scalars(select(Policy.title).where(Policy.id != policy.id)))
    if metadata.title is not None and metadata.title not in others:
        policy.title = metadata.title
    policy.document_type = metadata.document_type or policy.document_type
    policy.owner_post_id = owner_post(session, metadata.document_owner) or policy.owner_post_id
    if metadata.adopted_by is not None:
        policy.adopted_by_id = adopter(metadata, organisation)[0].body_id
