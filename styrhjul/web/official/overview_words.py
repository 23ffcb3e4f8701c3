"""The Swedish of the overview and the list of cases: how a municipality stands, when a mail leaves and why then."""

from __future__ import annotations

from datetime import date

from styrhjul.mail.swedish import number, start
from styrhjul.reports.wheel_layout import Row
from styrhjul.services.overview.coming_mail import ComingMail
from styrhjul.services.overview.standing import MunicipalityStanding
from styrhjul.web.words import day, weekday


def standing(it: MunicipalityStanding) -> str:
    """Return how a municipality stands, in two sentences."""
    if it.late is None:
        return ""
    late = "Inget är försenat."
    if it.late:
        late = f"{start(number(it.late)) if it.late > 1 else 'Ett'} {'ärenden' if it.late > 1 else 'ärende'} är "
        late += "försenade." if it.late > 1 else "försenat."
    return f"{late} Nästa frist är {day(it.next_due_on, it.today)}." if it.next_due_on else late


def leaves_on(it: ComingMail, today: date) -> str:
    """Return "i dag" or "tor 11 mars"."""
    if it.on == today:
        return "i dag"
    name, _, rest = weekday(it.on, today).partition(" ")
    return f"{name[:3]} {rest}"


def more_items(it: ComingMail) -> str:
    """Return what else stands in the mail."""
    rest = it.items - 1
    return "" if not rest else "och en sak till" if rest == 1 else f"och {number(rest)} saker till"


def moved(it: ComingMail, today: date) -> str:
    """Return why a mail leaves another day than its rule says."""
    if it.moved_from is None:
        return ""
    why = f", som är {it.why_moved}" if it.why_moved else ""
    return f"Flyttat från {day(it.moved_from, today)}{why}."


def due_of(row: Row, today: date) -> str:
    """Return a row's due day; that of a day set by law says so elsewhere."""
    return day(row.event.due_on, today)


def counted(count: int, one: str, many: str) -> str:
    """Return "ett ärende" or "12 ärenden"."""
    return one if count == 1 else f"{count} {many}"
