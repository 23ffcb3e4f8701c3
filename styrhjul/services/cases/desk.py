"""What lies before the chief executive: what has gone up and waits for a decision, and what was decided. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from styrhjul.db.answer_query import QuotedDuty
from styrhjul.db.decision_query import changes_of, told_by
from styrhjul.db.desk_query import ToldStep, quotes_by_case, steps_by_case, went_up_first
from styrhjul.db.facts_query import load_case_facts
from styrhjul.db.ledger_write import PLANNER
from styrhjul.db.organisation_query import Organisation, load_organisation
from styrhjul.db.outline_query import CaseOutline, load_outlines
from styrhjul.db.overview_query import CaseLine, MunicipalityLine, load_cases
from styrhjul.db.session import Database
from styrhjul.domain.act import Act, allowed_acts
from styrhjul.domain.decision import MadeDecision
from styrhjul.domain.facts import CaseFacts, NoticeFacts, NoticeStatus
from styrhjul.domain.journal import Entry, EntryKind
from styrhjul.domain.ladder import goes_up, warned_on
from styrhjul.domain.lifecycle import Holder, Lifecycle
from styrhjul.domain.moment import local_date
from styrhjul.domain.practice import Practice
from styrhjul.domain.presence import as_told
from styrhjul.domain.rung import Audience
from styrhjul.domain.status import Status
from styrhjul.services.cases.choice import Choice, next_meetings, offices
from styrhjul.services.municipality.directory import municipality_by
from styrhjul.services.municipality.procedure import lifecycle_of, rung_told
from styrhjul.services.overview.case_status import Cell, case_status
from workflows import LIFECYCLES

#: What went up within so many days is this week's.
_WEEK = timedelta(days=6)
_MOST_DECISIONS = 30
#: Of so many cases it is always looked up what was sent, to find the one that goes up first.
_LOOKED_UP = 50
#: What the chief executive may do about what has gone up, in the order it is offered.
OFFERED = (Act.EXTEND, Act.REASSIGN, Act.WAIVE, Act.NOTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class WentUp:
    """A case that waits for the chief executive. `seen` as in `CaseView`; `noted` is the note since it went up.

    `steps` are those of its present due day, oldest first. It ends by itself on `ends_on`.
    """

    case: CaseLine
    seen: int
    went_up_on: date
    is_new: bool
    noted: MadeDecision | None
    quotes: tuple[QuotedDuty, ...]
    steps: tuple[ToldStep, ...]
    acts: tuple[Act, ...]
    meetings: tuple[date, ...]
    ends_on: date

    @property
    def policy_title(self) -> str | None:
        """The policy the case rests on; None where it rests on the law alone."""
        return self.quotes[0].policy_title if self.quotes else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision about a case that had gone up, and how the case stands today."""

    made: MadeDecision
    cell: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """`waiting` first, this week's on top; `noted` are left to run. `next_on` None = nothing open can go up.

    `with_board` are the chief executive's own: nobody decides about what they owe themselves.
    """

    municipality: MunicipalityLine
    today: date
    waiting: tuple[WentUp, ...]
    noted: tuple[WentUp, ...]
    with_board: tuple[WentUp, ...]
    decided: tuple[Decided, ...]
    offices: tuple[Choice, ...]
    next_on: date | None

    @property
    def new(self) -> int:
        """How many of what waits went up this week."""
        return sum(each.is_new for each in self.waiting)

    @property
    def by_policy(self) -> list[tuple[str, int]]:
        """How many wait, by the policy they rest on, most first; what rests on the law alone is without a title."""
        return Counter(each.policy_title or "" for each in self.waiting).most_common()


def desk_of(database: Database, slug: str, now: datetime) -> Desk:
    """Return what lies before the chief executive today. Raises NotHere."""
    municipality = municipality_by(database, slug)
    today = local_date(now)
    with database.reading(municipality.municipality_id) as session:
        return _desk(session, municipality, today)


def _desk(session: Session, municipality: MunicipalityLine, today: date) -> Desk:
    organisation = load_organisation(session)
    first = went_up_first(session, _rungs_to_the_top())
    cells = {case.case_id: _cell(organisation, case, today) for case in load_cases(session, first)}
    changes = changes_of(session, list(first))
    every = _went_up(session, organisation, [cells[key] for key in first if key in cells], changes, today)
    found = [each for each in every if each.case.holder is not Holder.CHIEF_EXECUTIVE]
    return Desk(
        municipality=municipality,
        today=today,
        waiting=tuple(each for each in found if each.noted is None),
        noted=tuple(each for each in found if each.noted is not None),
        with_board=tuple(each for each in every if each.case.holder is Holder.CHIEF_EXECUTIVE),
        decided=tuple(_decided(session, changes, first, cells)),
        offices=tuple(offices(session, organisation, today)) if found else (),
        next_on=_next_on(session, organisation, today),
    )


def _rungs_to_the_top() -> list[str]:
    return sorted({rung.key for each in LIFECYCLES.values() for rung in each.ladder if _is_the_top(rung.to)})


def _is_the_top(audience: Audience) -> bool:
    return audience is Audience.CHIEF_EXECUTIVE


def _cell(organisation: Organisation, case: CaseLine, today: date) -> Cell:
    lifecycle = lifecycle_of(organisation, case.lifecycle, case.policy_id)
    return Cell(case=case, status=case_status(case, lifecycle, today))


def _went_up(
    session: Session,
    organisation: Organisation,
    cells: Sequence[Cell],
    changes: Mapping[str, list[Entry]],
    today: date,
) -> list[WentUp]:
    waiting = [cell.case for cell in cells if cell.status is Status.WITH_CHIEF_EXECUTIVE]
    ids = [case.case_id for case in waiting]
    quotes, steps = (quotes_by_case(session, ids), steps_by_case(session, ids)) if ids else ({}, {})
    found = []
    for case in waiting:
        own = [step for step in steps.get(case.case_id, ()) if step.due_on == case.due_on]
        lifecycle = lifecycle_of(organisation, case.lifecycle, case.policy_id)
        went_up_on = max((step.on for step in own if _is_the_top(rung_told(lifecycle, step.rung).to)), default=today)
        entries = changes.get(case.case_id, [])
        found.append(
            WentUp(
                case=case,
                seen=max((entry.number for entry in entries), default=0),
                went_up_on=went_up_on,
                is_new=went_up_on >= today - _WEEK,
                noted=_note_since(session, entries, went_up_on),
                quotes=tuple(quotes.get(case.case_id, ())),
                steps=tuple(own),
                acts=tuple(act for act in OFFERED if act in allowed_acts(lifecycle, case.state)),
                meetings=next_meetings(organisation, case.body_id, today),
                ends_on=case.lapses_on,
            )
        )
    return sorted(found, key=lambda each: (not each.is_new, each.went_up_on, each.case.due_on, each.case.body_name))


def _note_since(session: Session, entries: Iterable[Entry], since: date) -> MadeDecision | None:
    noted = [entry for entry in entries if entry.kind is EntryKind.CASE_NOTED and local_date(entry.at) >= since]
    made = told_by(session, noted[-1:])
    return made[0] if made else None


def _decided(
    session: Session, changes: Mapping[str, list[Entry]], first: Mapping[str, date], cells: Mapping[str, Cell]
) -> list[Decided]:
    """Return what people have decided since a case first went up, newest first."""
    entries = [
        entry
        for case_id, own in changes.items()
        for entry in own
        if case_id in cells and local_date(entry.at) >= first[case_id] and entry.by != PLANNER
    ]
    where = {entry.number: str(entry.case_id) for entry in entries}
    made = sorted(told_by(session, entries), key=lambda each: -each.number)[:_MOST_DECISIONS]
    return [Decided(made=each, cell=cells[where[each.number]]) for each in made]


def _next_on(session: Session, organisation: Organisation, today: date) -> date | None:
    """Return the first day on which an open case can go up, if nobody answers and every warning arrives.

    What was sent is looked up for the cases that can go up first, and for the others only where one of them might come
    before those.
    """
    waiting: list[tuple[date, CaseOutline]] = []
    for case in load_outlines(session, today, today):
        lifecycle = lifecycle_of(organisation, case.lifecycle, case.policy_id)
        days = _earliest(lifecycle, case.due_on, case.opens_on, organisation.practice)
        if days and case.is_binding and case.state in lifecycle.chased:
            waiting.append((max(min(days), today), case))
    waiting.sort(key=lambda each: each[0])
    found = _first_day(session, organisation, waiting[:_LOOKED_UP], today)
    others = [each for each in waiting[_LOOKED_UP:] if found is None or each[0] < found]
    return min(filter(None, (found, _first_day(session, organisation, others, today))), default=None)


def _earliest(lifecycle: Lifecycle, due_on: date, warned: date, practice: Practice) -> list[date]:
    tops = [rung for rung in lifecycle.ladder if rung.after is not None and _is_the_top(rung.to)]
    return [goes_up(rung, due_on, warned, practice).on for rung in tops]


def _first_day(
    session: Session, organisation: Organisation, waiting: Sequence[tuple[date, CaseOutline]], today: date
) -> date | None:
    cases = {case.case_id: case for _, case in waiting}
    days = []
    for facts in load_case_facts(session, organisation, cases):
        lifecycle = lifecycle_of(organisation, cases[facts.case_id].lifecycle, facts.policy_id)
        told = as_told(lifecycle.ladder, facts, today)
        sent = {each.rung for each in facts.notices if _has_reached(each, facts)}
        for rung in lifecycle.ladder:
            if rung.after is not None and _is_the_top(rung.to) and rung.key not in sent:
                warned = warned_on(told, rung.after, lifecycle.ladder) or today
                days.append(max(goes_up(rung, told.due_on, warned, told.practice).on, today))
    return min(days, default=None)


def _has_reached(notice: NoticeFacts, facts: CaseFacts) -> bool:
    return notice.status is NoticeStatus.DELIVERED and notice.due_on == facts.due_on
