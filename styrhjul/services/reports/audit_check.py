"""Whether what an auditor is shown is what the sealed journal says: texts, answers, notices and where cases stand.

The seals prove the journal alone. Somebody who changes a text or a notice's row leaves them whole; this tells of it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from styrhjul.db.audit_query import TextRow
from styrhjul.db.explain_query import LedgerLine
from styrhjul.db.overview_query import CaseLine
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import Entry, EntryKind, fold
from styrhjul.domain.lifecycle import NotAllowed
from styrhjul.reports.audit import AuditedAnswer, AuditedCase
from styrhjul.services.words import NOTICE_WORDS, rung_word
from workflows import LIFECYCLES

_WAITS = frozenset({NoticeStatus.PLANNED})
_MAILED = frozenset({NoticeStatus.MAILED})
_ARRIVED = frozenset({NoticeStatus.DELIVERED, NoticeStatus.TRIAL})
#: One that failed is planned anew when its office is read at another address, which is a line about the register.
_LOST = frozenset({NoticeStatus.FAILED, NoticeStatus.PLANNED})
#: What a line about a notice makes it stand as.
_NOTICED: Mapping[EntryKind, frozenset[NoticeStatus]] = {
    EntryKind.NOTICE_PLANNED: _WAITS,
    EntryKind.NOTICE_SUPERSEDED: frozenset({NoticeStatus.SUPERSEDED}),
    EntryKind.NOTICE_CANCELLED: frozenset({NoticeStatus.CANCELLED}),
    EntryKind.NOTICE_VACANT: frozenset({NoticeStatus.VACANT, NoticeStatus.PLANNED}),
    EntryKind.MAIL_COMPOSED: _MAILED,
}
#: What a line about its mail makes it stand as, where it stood in one of the first.
_MAILS: Mapping[EntryKind, tuple[frozenset[NoticeStatus], frozenset[NoticeStatus]]] = {
    EntryKind.MAIL_ACCEPTED: (_MAILED, _ARRIVED),
    EntryKind.MAIL_FAILED: (_MAILED, _LOST),
    EntryKind.QUARANTINED: (_MAILED, _LOST),
    EntryKind.MAIL_BOUNCED: (_MAILED | _ARRIVED, _LOST),
    EntryKind.MAIL_CANCELLED: (_MAILED, _WAITS),
    EntryKind.MAIL_NOT_RESENT: (_MAILED, _WAITS),
    EntryKind.QUARANTINE_RELEASED: (_LOST, _MAILED),
}
UNSAID = "Journalen säger vem som beslutade om varje skyldighet, inte varje ord. Skyldigheterna är inte jämförda."
_Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the database holds about a policy; `cases` and `shown` are the same cases in the same order."""

    texts: Sequence[TextRow]
    cases: Sequence[CaseLine]
    shown: Sequence[AuditedCase]
    ledger: Sequence[LedgerLine]
    #: The mails that a notice has stood in, by its id.
    mails: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How many things were compared, what differs, and what could not be compared; in Swedish."""

    compared: int
    differs: tuple[str, ...]
    uncompared: tuple[str, ...]


def compare(held: Held, lines: Iterable[Entry]) -> Comparison:
    """Compare what is held with the journal's lines about it, in their order."""
    told = _Told(lines)
    answers = [(case, answer) for case in held.shown for answer in case.answers]
    unsealed = [pair for pair in answers if told.answer_sums.get(_version(*pair)) is None]
    return Comparison(
        compared=len(held.texts) + len(answers) - len(unsealed) + len(held.ledger) + len(held.cases),
        differs=(
            *_texts(held.texts, told.text_sums),
            *(_changed(*pair) for pair in answers if pair not in unsealed and not told.has_answer(*pair)),
            *_lost_answers(held.shown, told.answer_sums),
            *_notices(held, told),
            *_standings(held, told.of_case),
        ),
        uncompared=(UNSAID, *_unsealed(unsealed)),
    )


class _Told:
    """The journal's lines, sorted by what they tell of."""

    def __init__(self, lines: Iterable[Entry]) -> None:
        self.text_sums: list[str] = []
        self.answer_sums: dict[tuple[str, int], str | None] = {}
        self.of_case: dict[str, list[Entry]] = defaultdict(list)
        #: By turn: whoever follows in an office is told anew by a notice of their own.
        self.of_notice: dict[_Key, list[list[Entry]]] = defaultdict(list)
        self.of_mail: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        for entry in lines:
            self._sort(entry)

    def has_answer(self, case: AuditedCase, answer: AuditedAnswer) -> bool:
        return self.answer_sums.get(_version(case, answer)) == answer.sha256

    def about(self, line: LedgerLine, mails: Iterable[str]) -> list[Entry]:
        """Return the lines about a notice and the mails it has stood in."""
        notice, turns = line.notice, self.of_notice.get(_key(line), ())
        own = turns[notice.turn - 1] if notice.turn <= len(turns) else []
        of_mails = (each for mail in mails for each in self.of_mail[notice.case_id, mail])
        return sorted((*own, *of_mails), key=lambda each: each.number)

    def _sort(self, entry: Entry) -> None:
        data = entry.data
        if entry.kind is EntryKind.POLICY_IMPORTED:
            self.text_sums.append(str(data.get("sha256")))
        if entry.case_id is None:
            return
        self.of_case[entry.case_id].append(entry)
        if entry.kind is EntryKind.CASE_MOVED and isinstance(version := data.get("version"), int):
            said = data.get("sha256")
            self.answer_sums[entry.case_id, version] = str(said) if said else None
        if entry.kind in _NOTICED and data.get("rung"):
            turns = self.of_notice[entry.case_id, str(data["rung"]), str(data.get("post")), str(data.get("due_on"))]
            if "reached_on" in data or not turns:  # the planner made it
                turns.append([])
            turns[-1].append(entry)
        if data.get("mail"):
            self.of_mail[entry.case_id, str(data["mail"])].append(entry)


def _version(case: AuditedCase, answer: AuditedAnswer) -> tuple[str, int]:
    return case.case_id, answer.version


def _texts(texts: Sequence[TextRow], sealed: Sequence[str]) -> Iterator[str]:
    for number, each in enumerate(texts, 1):
        if hashlib.sha256(each.text.encode()).hexdigest() not in sealed:
            yield f"Text {number} är inte den som lästes in: journalen har en annan kontrollsumma"
    if len(texts) < len(sealed):
        yield f"Texter som journalen säger lästes in: {len(sealed)}; texter som finns: {len(texts)}"


def _changed(case: AuditedCase, answer: AuditedAnswer) -> str:
    return f"Ärende {case.number}, svaret i version {answer.version}, är inte det som lämnades in: innehållet är ändrat"


def _lost_answers(cases: Iterable[AuditedCase], told: Iterable[tuple[str, int]]) -> Iterator[str]:
    shown = {case.case_id: (case.number, {answer.version for answer in case.answers}) for case in cases}
    for case_id, version in told:
        number, versions = shown.get(case_id, (0, {version}))
        if version not in versions:
            yield f"Ärende {number}, svaret i version {version}, finns inte: journalen säger att det lämnades in"


def _unsealed(answers: Sequence[tuple[AuditedCase, AuditedAnswer]]) -> Iterator[str]:
    if answers:
        which = ", ".join(f"ärende {case.number} version {answer.version}" for case, answer in answers)
        yield f"Svar vars kontrollsumma journalen inte har går inte att jämföra: {which}."


def _notices(held: Held, told: _Told) -> Iterator[str]:
    numbers = {case.case_id: case.number for case in held.shown}
    known: set[tuple[_Key, int]] = set()
    for line in held.ledger:
        notice, key = line.notice, _key(line)
        known.add((key, notice.turn))
        allowed = _stands(told.about(line, held.mails.get(notice.id, ())))
        if notice.status not in allowed:
            ought = " eller ".join(sorted(NOTICE_WORDS[each] for each in allowed)) or "ingenting"
            yield f"{_step(numbers, key)} står som ”{NOTICE_WORDS[notice.status]}”, men journalen säger ”{ought}”"
    for key, turns in told.of_notice.items():
        if any((key, turn) not in known for turn in range(1, len(turns) + 1)):
            yield f"{_step(numbers, key)} finns inte, men står i journalen"


def _key(line: LedgerLine) -> _Key:
    notice = line.notice
    return notice.case_id, notice.rung, notice.post_id, notice.due_on.isoformat()


def _stands(said: Iterable[Entry]) -> frozenset[NoticeStatus]:
    """Return what a notice may stand as after the lines about it and its mails, in order."""
    stands: frozenset[NoticeStatus] = frozenset()
    for entry in said:
        if entry.kind in _NOTICED:
            stands = _NOTICED[entry.kind]
        elif entry.kind in _MAILS:
            before, after = _MAILS[entry.kind]
            stands = after if stands & before else stands
    return stands


def _step(numbers: Mapping[str, int], key: _Key) -> str:
    case_id, rung, _, due_on = key
    return f"Ärende {numbers[case_id]}, {rung_word(rung).lower()} inför {due_on},"


def _standings(held: Held, told: Mapping[str, Sequence[Entry]]) -> Iterator[str]:
    for case, shown in zip(held.cases, held.shown, strict=True):
        try:
            stands = fold(LIFECYCLES[case.lifecycle], told.get(case.case_id, ()))
        except (NotAllowed, KeyError, ValueError):  # a line that somebody has changed
            stands = None
        if stands is None or (stands.state, stands.due_on) != (case.state, case.due_on):
            yield f"Ärende {shown.number} har ett annat läge eller en annan frist än journalen säger"
