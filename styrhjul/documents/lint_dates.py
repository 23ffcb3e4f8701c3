"""What a policy's dates say against it: past its last day, a revision that did not come, dates that contradict."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from styrhjul.documents.language.dates import DATE, find_date, to_date
from styrhjul.documents.lint_words import Remark, Rule, remark
from styrhjul.documents.reading import FoundDuty, Metadata, PolicyReading
from styrhjul.domain.deadline import deadline_rule
from styrhjul.domain.recurrence import every_so_many_years
from styrhjul.domain.term import TermNotKnown, term_starts
from styrhjul.domain.vocabulary import ActionKind, BodyKind

_MANDATE = "mandate_period"
_ONCE = "once"
_EVERY = "every_n_years:"
#: Who adopts by a term of its own; the council's begins earlier than the others'.
_COUNCIL = ("fullmäktige", "kf")


def on_dates(text: str, reading: PolicyReading, today: date) -> Iterator[Remark]:
    """Yield what the dates of a document contradict or have passed."""
    facts = reading.metadata
    if facts.valid_until is not None and facts.valid_until < today:
        yield remark(Rule.PAST_TERM, _place_of(text, facts.valid_until), day=facts.valid_until.isoformat())
    if facts.valid_from and facts.valid_until and facts.valid_until < facts.valid_from:
        first, last = facts.valid_from.isoformat(), facts.valid_until.isoformat()
        yield remark(Rule.ENDS_BEFORE_IT_BEGINS, _place_of(text, facts.valid_until), first=first, last=last)
    if facts.adopted_on and facts.last_revised_on and facts.last_revised_on < facts.adopted_on:
        revised, adopted = facts.last_revised_on.isoformat(), facts.adopted_on.isoformat()
        yield remark(
            Rule.REVISED_BEFORE_ADOPTED, _place_of(text, facts.last_revised_on), revised=revised, adopted=adopted
        )
    if facts.adopted_on is not None and facts.adopted_on > today:
        yield remark(
            Rule.ADOPTED_LATER_THAN_TODAY, _place_of(text, facts.adopted_on), adopted=facts.adopted_on.isoformat()
        )
    yield from _on_revision(reading, today)


def _on_revision(reading: PolicyReading, today: date) -> Iterator[Remark]:
    facts = reading.metadata
    base = max((day for day in (facts.last_revised_on, facts.adopted_on) if day is not None), default=None)
    rules = [duty for duty in reading.duties if duty.action_kind is ActionKind.REVISE]
    yield from (one for rule in rules for one in _on_its_day(rule, base, today))
    repeated = next((rule for rule in rules if rule.recurrence != _ONCE), None)
    if repeated is None or base is None or base > today:
        return
    if repeated.recurrence == _MANDATE:
        yield from _after_terms(repeated, facts, base, today)
    elif (repeated.recurrence or "").startswith(_EVERY):
        yield from _after_years(repeated, base, today)


def _on_its_day(rule: FoundDuty, base: date | None, today: date) -> Iterator[Remark]:
    """Tell of a day that the text itself gave for the revision, and that has passed since without one."""
    by = rule.deadline or ""
    day = (find_date(by) or deadline_rule(by)) if rule.recurrence == _ONCE else None
    if isinstance(day, date) and (base or date.min) <= day < today:
        yield remark(Rule.REVISION_DAY_PASSED, (rule.start, rule.end), by=by.lower())


def _after_terms(rule: FoundDuty, facts: Metadata, base: date, today: date) -> Iterator[Remark]:
    """Tell of terms that ended their first whole year without a revision: so long a new council has for it."""
    by_council = (facts.adopted_by or "fullmäktige").lower().endswith(_COUNCIL)
    kind = BodyKind.COUNCIL if by_council else BodyKind.COMMITTEE
    try:
        starts = [start for start in term_starts(kind, since=base, until=today) if start > base]
    except TermNotKnown:
        return
    if any(_first_whole_year(start) < today.year for start in starts):
        days = " och ".join(filter(None, [", ".join(day.isoformat() for day in starts[:-1]), starts[-1].isoformat()]))
        since = f"sedan dess har {_counted(len(starts))} börjat: {days}"
        yield remark(
            Rule.REVISION_LATE, (rule.start, rule.end), rhythm="varje mandatperiod", base=base.isoformat(), since=since
        )


def _after_years(rule: FoundDuty, base: date, today: date) -> Iterator[Remark]:
    years = int((rule.recurrence or "").removeprefix(_EVERY))
    due = date(base.year + years, base.month, min(base.day, 28))
    if due < today:
        since = f"revideringen skulle ha gjorts {due.year}"
        rhythm = every_so_many_years(years)
        yield remark(Rule.REVISION_LATE, (rule.start, rule.end), rhythm=rhythm, base=base.isoformat(), since=since)


def _first_whole_year(start: date) -> int:
    return start.year if (start.month, start.day) == (1, 1) else start.year + 1


def _counted(terms: int) -> str:
    return "en ny mandatperiod" if terms == 1 else f"{terms} nya mandatperioder"


def _place_of(text: str, day: date) -> tuple[int, int] | None:
    """Return where a text writes a day; None where only a title's years imply it."""
    return next((match.span() for match in DATE.finditer(text) if to_date(match) == day), None)
