"""What a new edition's duties take over from the one before: what somebody has decided, unless the text says otherwise.

What stands as it stood is exactly as it was decided, and nobody is asked again. What is worded otherwise and asks for
the same keeps it too. What asks for something else keeps what a person put right where the text is unchanged there, and
then waits for a person. A rejection holds for the very words that were rejected.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import JournalEntry
from styrhjul.db.journal import Line
from styrhjul.db.model import Duty, DutyBody, DutyStatus, Edition
from styrhjul.db.policy_page_query import PageDuty
from styrhjul.documents import FoundDuty
from styrhjul.domain.journal import EntryKind, Value
from styrhjul.services.policies.binding import Binding
from styrhjul.services.policies.duty_terms import Terms, followed
from styrhjul.services.policies.edition_diff import Fate, Pair
from styrhjul.services.policies.store import Signed, new_duty

_BY_HAND = (EntryKind.DUTY_CORRECTED, EntryKind.DUTY_CARRIED, EntryKind.DUTY_ADDED)
_OF_BINDING = frozenset({"body_ids", "holder"})
FIELD_WORDS = {
    "action_kind": "vad den kräver",
    "modality": "styrkan",
    "actor": "vem den nämner",
    "recurrence": "hur ofta",
    "deadline": "senast",
    "goal_min": "antal mål",
    "goal_max": "antal mål",
    "condition": "villkoret",
    "addressees": "vilka som räknas upp",
    "body_ids": "vem den gäller",
    "holder": "vem som svarar",
    "context": "sammanhanget: meningen läses inte längre som skyldighet",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A duty of the new edition, ready to be stored, and the one it comes from."""

    pair: Pair
    duty: Duty
    body_ids: tuple[str, ...]
    #: It is decided about as the one before was, and nobody is asked.
    is_settled: bool
    by_hand: frozenset[str]


def fields_by_hand(session: Session, policy_id: str, duty_ids: Collection[str]) -> dict[str, frozenset[str]]:
    """Return, by duty, which of its terms a person has decided, in this edition or one before."""
    found: dict[str, frozenset[str]] = {}
    query = (
        select(JournalEntry)
        .where(JournalEntry.kind.in_(_BY_HAND), JournalEntry.data["policy"].as_string() == policy_id)
        .order_by(JournalEntry.number)
    )
    for entry in session.scalars(query):
        duty_id = str(entry.data["duty"])
        if duty_id in duty_ids:
            listed = entry.data.get("changed") or entry.data.get("by_hand") or ()
            fields = Terms.__slots__ if entry.kind is EntryKind.DUTY_ADDED else listed
            found[duty_id] = found.get(duty_id, frozenset()) | frozenset(map(str, fields))
    return found


def carry_all(
    pairs: Collection[Pair], text: str, by_hand: Mapping[str, frozenset[str]], signed: Signed
) -> Iterator[Carried]:
    """Yield every duty of the new edition, in the order of the pairs."""
    for pair in pairs:
        if pair.fate is not Fate.GONE:
            fields = by_hand.get(pair.stored.duty_id, frozenset()) if pair.stored else frozenset()
            yield carry(pair, text, fields, signed)


def carry(pair: Pair, text: str, by_hand: frozenset[str], signed: Signed) -> Carried:
    """Return the duty of the new edition for one pair; nothing may be gone in it."""
    if pair.stored is None:
        return _as_read(pair, signed)
    if pair.stored.status is DutyStatus.PROPOSED and pair.now is not None and not by_hand:
        return _as_read(pair, signed)
    asks_the_same = pair.fate is Fate.KEPT or (pair.was is not None and not pair.differs)
    if asks_the_same and (pair.fate is Fate.KEPT or pair.stored.status is DutyStatus.CONFIRMED):
        return _as_decided(pair, pair.stored, text, by_hand)
    return _to_be_judged(pair, pair.stored, text, by_hand, signed)


def store(session: Session, edition: Edition, carried: Carried) -> None:
    """Add a duty with its bodies to the new edition."""
    duty = carried.duty
    duty.policy_id, duty.edition_id = edition.policy_id, edition.id
    session.add(duty)
    session.flush()
    session.add_all(DutyBody(duty_id=duty.id, body_id=body_id) for body_id in carried.body_ids)


def line_of(carried: Carried, by: str) -> Line | None:
    """Return what is journalled about a duty of the new edition; None for one that only waits."""
    duty, stored = carried.duty, carried.pair.stored
    data: dict[str, Value] = {"policy": duty.policy_id, "duty": duty.id, "bodies": list(carried.body_ids)}
    if stored is not None and (carried.is_settled or carried.by_hand):
        data |= {"quote": duty.quote, "was": stored.duty_id, "was_quote": stored.quote, "fate": carried.pair.fate.value}
        data |= {"status": duty.status.value, "by_hand": sorted(carried.by_hand)}
        return Line(kind=EntryKind.DUTY_CARRIED, by=by, data=data)
    return Line(kind=EntryKind.DUTY_CONFIRMED, by=by, data=data) if duty.status is DutyStatus.CONFIRMED else None


def in_words(differs: Collection[str]) -> str:
    """Return in Swedish what a text asks for otherwise than before."""
    return ", ".join(dict.fromkeys(FIELD_WORDS[field] for field in differs))


def _as_read(pair: Pair, signed: Signed) -> Carried:
    assert pair.now is not None  # noqa: S101 - a pair has a duty before or after
    duty = new_duty(pair.now.duty, _binding(pair), signed)
    body_ids = _binding(pair).body_ids
    return Carried(pair=pair, duty=duty, body_ids=body_ids, is_settled=False, by_hand=frozenset())


def _as_decided(pair: Pair, stored: PageDuty, text: str, by_hand: frozenset[str]) -> Carried:
    """As somebody decided it, in the words of the new text."""
    duty = _worded(pair, stored, text)
    duty.status, duty.confirmed_by, duty.confirmed_at = stored.status, stored.confirmed_by, stored.confirmed_at
    duty.lifecycle, duty.of_plans = stored.lifecycle, stored.of_plans
    is_settled = stored.status is not DutyStatus.PROPOSED
    return Carried(pair=pair, duty=duty, body_ids=stored.body_ids, is_settled=is_settled, by_hand=by_hand)


def _to_be_judged(pair: Pair, stored: PageDuty, text: str, by_hand: frozenset[str], signed: Signed) -> Carried:
    """As the new text says, with what a person put right where the text says what it said before."""
    was_rejected = stored.status is DutyStatus.REJECTED
    waits = replace(signed, confirm=signed.confirm and not by_hand and not was_rejected)
    if pair.now is None:
        duty, body_ids = _worded(pair, stored, text), stored.body_ids
        duty.status, duty.confirmed_by, duty.confirmed_at = DutyStatus.PROPOSED, None, None
        duty.lifecycle, duty.of_plans = stored.lifecycle, stored.of_plans
    else:
        duty, body_ids = new_duty(pair.now.duty, _binding(pair), waits), _binding(pair).body_ids
        kept = frozenset(field for field in by_hand if _is_unchanged(pair, field))
        body_ids = stored.body_ids if "body_ids" in kept else body_ids
        _put_right(duty, stored, body_ids, kept)
        by_hand = kept
    duty.reason = f"{duty.reason} {_told(pair, stored)}".strip()
    return Carried(pair=pair, duty=duty, body_ids=body_ids, is_settled=False, by_hand=by_hand)


def _is_unchanged(pair: Pair, field: str) -> bool:
    if pair.was is None or field in pair.differs:
        return False
    return field not in _OF_BINDING or (pair.was.binding is not None and _of_binding_stands(pair))


def _of_binding_stands(pair: Pair) -> bool:
    return not {"actor", "addressees", *_OF_BINDING} & set(pair.differs)


def _put_right(duty: Duty, stored: PageDuty, body_ids: tuple[str, ...], kept: frozenset[str]) -> None:
    """Let what a person decided stand, and let the duty be followed as it then asks."""
    for field in kept - {"body_ids"}:
        setattr(duty, field, getattr(stored, field))
    if kept:
        terms = Terms(
            **{field: getattr(duty, field) for field in Terms.__slots__ if field != "body_ids"}, body_ids=body_ids
        )
        follows = followed(duty.quote, terms, duty.artefact)
        duty.lifecycle, duty.of_plans = follows.lifecycle, follows.of_plans


def _worded(pair: Pair, stored: PageDuty, text: str) -> Duty:
    """Return the stored duty in the words and at the place of the new text, not yet decided about."""
    found = pair.now.duty if pair.now else _found(stored)
    binding = Binding(body_ids=stored.body_ids, holder=stored.holder, why="")
    duty = new_duty(found, binding, None)
    duty.quote, duty.start, duty.end = text[pair.start : pair.end], pair.start, pair.end
    duty.reason = stored.reason
    for field in Terms.__slots__:
        if field != "body_ids":
            setattr(duty, field, getattr(stored, field))
    return duty


def _found(stored: PageDuty) -> FoundDuty:
    return FoundDuty(
        quote=stored.quote,
        start=stored.start,
        end=stored.end,
        actor=stored.actor,
        modality=stored.modality,
        action_kind=stored.action_kind,
        artefact=stored.artefact,
        confidence=stored.confidence,
    )


def _binding(pair: Pair) -> Binding:
    assert pair.now is not None and pair.now.binding is not None  # noqa: S101, PT018 - a text is stored read against its organisation
    return pair.now.binding


def _told(pair: Pair, stored: PageDuty) -> str:
    quote = " ".join(stored.quote.split())
    before = f"Förra utgåvan: ”{quote}”"
    if stored.status is DutyStatus.REJECTED:
        return f"{before} Den avvisades av {stored.confirmed_by}. Läs meningen och bestäm på nytt."
    return f"{before} Ändrat: {in_words(pair.differs) or 'ordalydelsen'}."
