"""Keeping and disposing: everything is kept until the municipality has decided otherwise, and every disposal is told.

What has come in and what has left are official documents (TF 2 chap.): only a decision of the municipality's own,
with its number and date, lets their text be disposed of (arkivlagen 1990:782, 10 §). The journal is never touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from styrhjul.db.journal import Line, write_down
from styrhjul.db.retention_model import RetentionRule
from styrhjul.db.retention_write import count_reached, dispose, retention_rule, retention_rules
from styrhjul.db.session import Database
from styrhjul.domain.calendar import months_after
from styrhjul.domain.field_fault import FieldError, required
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.moment import local_date, local_moment
from styrhjul.domain.retention import FEWEST_YEARS, MOST_YEARS, Disposal, Kept
from styrhjul.domain.written import SHORT, tidy


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionLine:
    """One kind of text. `disposal` is None as long as it is kept; `reached` is how many would be emptied now."""

    kept: Kept
    disposal: Disposal | None
    changed_by: str | None
    changed_at: datetime | None
    reached: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposed:
    """How many mails of one kind were emptied, or would be, by which decision."""

    kept: Kept
    count: int
    decision_number: str


class WrongDisposal(ValueError):
    """A decision cannot be entered so; `faults` says in which fields."""

    def __init__(self, faults: list[FieldError]) -> None:
        super().__init__(" ".join(fault.message for fault in faults))
        self.faults = faults


def retention_lines(database: Database, municipality_id: str, today: date) -> tuple[RetentionLine, ...]:
    """Return every kind of text with what is decided about it. Writes nothing."""
    with database.reading(municipality_id) as session:
        rules = {rule.kept: rule for rule in retention_rules(session)}
        return tuple(
            RetentionLine(
                kept=kept,
                disposal=_disposal(rule) if (rule := rules.get(kept)) else None,
                changed_by=rule.changed_by if rule else None,
                changed_at=rule.changed_at if rule else None,
                reached=count_reached(session, kept, _before(rule, today)) if rule else 0,
            )
            for kept in Kept
        )


def set_disposal(database: Database, municipality_id: str, wanted: Disposal, now: datetime, *, by: str) -> bool:
    """Enter a decision, journalled; return whether anything changed. Disposes of nothing yet. Raises WrongDisposal."""
    faults = list(faults_of(wanted, local_date(now)))
    if faults:
        raise WrongDisposal(faults)
    with database.municipality(municipality_id) as session:
        rule = retention_rule(session, wanted.kept)
        if rule is not None and _disposal(rule) == wanted:
            return False
        if rule is None:
            rule = RetentionRule(municipality_id=municipality_id, kept=wanted.kept)
            session.add(rule)
        rule.years, rule.decision_number, rule.decided_on = wanted.years, wanted.decision_number, wanted.decided_on
        rule.changed_by, rule.changed_at = by, now
        write_down(session, [_line(wanted.kept, wanted, by)], now)
    return True


def keep(database: Database, municipality_id: str, kept: Kept, now: datetime, *, by: str) -> bool:
    """Keep everything of a kind from now on, journalled; return whether anything changed."""
    with database.municipality(municipality_id) as session:
        rule = retention_rule(session, kept)
        if rule is None:
            return False
        session.delete(rule)
        write_down(session, [_line(kept, None, by)], now)
    return True


def run_retention(
    database: Database, municipality_id: str, now: datetime, *, by: str, dry_run: bool
) -> tuple[Disposed, ...]:
    """Empty the texts that the decisions reach, journalled, or only count them. Safe to repeat.

    A text about a case that is open is kept. The mail's own line stays: who, when, about what, and its SHA-256.
    """
    if dry_run:
        with database.reading(municipality_id) as session:
            return tuple(
                Disposed(
                    kept=rule.kept,
                    count=count_reached(session, rule.kept, _before(rule, local_date(now))),
                    decision_number=rule.decision_number,
                )
                for rule in retention_rules(session)
            )
    with database.municipality(municipality_id) as session:
        done = tuple(
            Disposed(
                kept=rule.kept,
                count=dispose(session, rule.kept, _before(rule, local_date(now))),
                decision_number=rule.decision_number,
            )
            for rule in retention_rules(session)
        )
        write_down(session, [_told(each, by) for each in done if each.count], now)
    return done


def faults_of(wanted: Disposal, today: date) -> Iterator[FieldError]:
    """Yield what keeps a decision from being entered."""
    if not FEWEST_YEARS <= wanted.years <= MOST_YEARS:
        yield FieldError("years", f"Skriv antalet år, {FEWEST_YEARS} till {MOST_YEARS}.")
    yield from required(
        "decision_number",
        wanted.decision_number,
        "Skriv gallringsbeslutets nummer, som KS 2027/123 § 45.",
        at_most=SHORT,
    )
    if wanted.decision_number != tidy(wanted.decision_number):
        yield FieldError("decision_number", "Ta bort mellanslagen före och efter numret.")
    if wanted.decided_on > today:
        yield FieldError("decided_on", "Beslutet kan inte vara fattat efter i dag.")


def _before(rule: RetentionRule, today: date) -> datetime:
    return local_moment(months_after(today, -12 * rule.years))


def _disposal(rule: RetentionRule) -> Disposal:
    return Disposal(kept=rule.kept, years=rule.years, decision_number=rule.decision_number, decided_on=rule.decided_on)


def _line(kept: Kept, wanted: Disposal | None, by: str) -> Line:
    data = {
        "kept": kept.value,
        "years": wanted.years if wanted else None,
        "decision": wanted.decision_number if wanted else None,
        "decided_on": wanted.decided_on.isoformat() if wanted else None,
    }
    return Line(kind=EntryKind.RETENTION_CHANGED, by=by, data=data)


def _told(disposed: Disposed, by: str) -> Line:
    data = {"kept": disposed.kept.value, "count": disposed.count, "decision": disposed.decision_number}
    return Line(kind=EntryKind.TEXTS_DISPOSED_OF, by=by, data=data)
