"""What an auditor is given about one policy: what was decided, who was told when, who answered what, and the proof.

Frozen values. Every number that the files of a pack say is counted here, once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from styrhjul.domain.journal import EntryKind
from styrhjul.reports.chapter_facts import Decision

_ROUTINE = frozenset({EntryKind.NOTICE_PLANNED, EntryKind.MAIL_COMPOSED, EntryKind.MAIL_ACCEPTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedText:
    """One text of the policy, word for word; `file` is where it lies in the pack. None = the text does not state it."""

    file: str
    text: str
    sha256: str
    adopted_by: str | None
    adopted_on: date | None
    paragraph: str | None
    diary_number: str | None
    version: str | None
    imported_at: datetime
    superseded_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedDuty:
    """One duty of the text that holds, and who stands behind it; words are Swedish."""

    number: int
    quote: str
    modality: str
    action: str
    actor: str | None
    bodies: tuple[str, ...]
    recurrence: str | None
    deadline: str | None
    status: str
    decided_by: str | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedNotice:
    """One notice to one office: when it was planned, and when the mail arrived; None = it did not."""

    planned_on: date
    delivered_on: date | None
    rung: str
    office: str
    reader: str | None
    is_above: bool
    status: str
    reason: str | None
    message_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedAnswer:
    """One version of an answer; `lines` are what a person reads, `content` all that was handed in.

    `program` is the key that handed it in for the office; None = a person did.
    """

    version: int
    submitted_at: datetime
    signed_by: str
    office: str
    program: str | None
    decided_on: date | None
    paragraph: str | None
    sha256: str
    lines: tuple[str, ...]
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedCase:
    """One question to one body, from the first notice to the last decision. `number` is its place in the pack."""

    number: int
    case_id: str
    name: str
    body: str
    state: str
    is_binding: bool
    #: False: it belongs to a time before the municipality followed it here, and nobody was asked.
    is_asked: bool
    is_answered: bool
    opens_on: date
    due_on: date
    due_source: str
    notices: tuple[AuditedNotice, ...]
    answers: tuple[AuditedAnswer, ...]
    decisions: tuple[Decision, ...]

    @property
    def went_up(self) -> tuple[AuditedNotice, ...]:
        """The notices that reached somebody above whoever was to answer."""
        return tuple(each for each in self.notices if each.is_above and each.delivered_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedLine:
    """A line of the journal. `seal` covers it and every line before it, those of other policies too.

    `about` and `what` are in words: the case by its number in the pack, or the duty, and what became of it.
    """

    number: int
    at: datetime
    kind: str
    about: str
    what: str
    by: str
    case_id: str | None
    data: Mapping[str, Any]
    seal: str

    @property
    def is_routine(self) -> bool:
        """Whether it says no more than the lists of who was told."""
        return self.kind in _ROUTINE


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What checking the municipality's whole journal gave. `broken` is empty where every seal holds.

    `differs` are the things of the pack that are not as the journal says, in words; `compared` is how many were looked
    at, `uncompared` what the journal does not say enough of.
    """

    lines: int
    last_seal: str
    broken: tuple[tuple[int, str], ...]
    compared: int
    differs: tuple[str, ...]
    uncompared: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditCounts:
    """How much there is of everything."""

    texts: int
    duties: int
    confirmed: int
    cases: int
    asked: int
    answered: int
    unanswered: int
    delivered: int
    undelivered: int
    went_up: int
    decisions: int
    journal_lines: int
    #: Those of them that only say that a notice was planned, or a mail written or taken by the server.
    routine_lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPack:
    """Everything about one policy as it stood at one moment. Cases by due day, journal lines by number."""

    municipality: str
    slug: str
    policy_slug: str
    title: str
    made_at: datetime
    confirmed: int
    texts: tuple[AuditedText, ...]
    duties: tuple[AuditedDuty, ...]
    cases: tuple[AuditedCase, ...]
    journal: tuple[AuditedLine, ...]
    verification: Verification

    @property
    def counts(self) -> AuditCounts:
        """The numbers that every file of the pack says."""
        notices = [notice for case in self.cases for notice in case.notices]
        asked = [case for case in self.cases if case.is_asked]
        answered = sum(case.is_answered for case in asked)
        return AuditCounts(
            texts=len(self.texts),
            duties=len(self.duties),
            confirmed=self.confirmed,
            cases=len(self.cases),
            asked=len(asked),
            answered=answered,
            unanswered=len(asked) - answered,
            delivered=sum(notice.delivered_on is not None for notice in notices),
            undelivered=sum(notice.delivered_on is None for notice in notices),
            went_up=sum(bool(case.went_up) for case in self.cases),
            decisions=sum(len(case.decisions) for case in self.cases),
            journal_lines=len(self.journal),
            routine_lines=sum(line.is_routine for line in self.journal),
        )
