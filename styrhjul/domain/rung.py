"""The steps of a ladder: who is written to, counted from which day, with which mail."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Audience(StrEnum):
    """Whom a rung speaks to. The posts behind it are found when the mail is written."""

    HOLDER = "holder"  # whoever answers for the case
    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    SECRETARY = "secretary"
    BODY = "body"  # chair and secretary, also where somebody else holds the case
    DOCUMENT_OWNER = "document_owner"
    HEAD_OF_ADMINISTRATION = "head_of_administration"
    CHIEF_EXECUTIVE = "chief_executive"
    EXECUTIVE_BOARD = "executive_board"  # its function mailbox, never a named politician
    COORDINATOR = "coordinator"


#: Who stands above those who answer: nobody there is written to before the holder was warned.
ABOVE = frozenset({Audience.HEAD_OF_ADMINISTRATION, Audience.CHIEF_EXECUTIVE, Audience.EXECUTIVE_BOARD})


class Anchor(StrEnum):
    """The day from which a rung counts."""

    OPENING = "opening"
    PAPERS = "papers"  # the agenda stop of the body's meeting; the due day where no meeting is known
    DUE = "due"


class Unit(StrEnum):
    """What an offset counts in."""

    WORKING = "working"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Offset:
    """Days from an anchor, negative before it; `digest` moves the day on to the chief executive's weekly digest."""

    anchor: Anchor
    days: int = 0
    unit: Unit = Unit.WORKING
    digest: bool = False


def opening() -> Offset:
    """The day the case opens."""
    return Offset(Anchor.OPENING)


def before_papers(working_days: int) -> Offset:
    """So many working days before the body's papers must be in."""
    return Offset(Anchor.PAPERS, -working_days)


def before_due(working_days: int) -> Offset:
    """So many working days before the due day."""
    return Offset(Anchor.DUE, -working_days)


def after_due(working_days: int) -> Offset:
    """So many working days after the due day."""
    return Offset(Anchor.DUE, working_days)


def digest_after_due(working_days: int) -> Offset:
    """The first digest day on or after so many working days past the due day."""
    return Offset(Anchor.DUE, working_days, digest=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One step of a ladder. `key` is permanent. `after` names a rung that must have reached somebody first.

    What is `told_anyway` tells its readers something they need whether or not the question behind it is answered.
    """

    key: str
    at: Offset
    to: Audience
    email: str
    after: str | None = None
    told_anyway: bool = False


def repeat_key(declared: str, number: int) -> str:
    """Return the key under which a rung is sent the so many-th time: "reminder", then "reminder_2"."""
    return declared if number == 1 else f"{declared}_{number}"


def repeat_of(key: str) -> tuple[str, int]:
    """Return the declared key behind a rung's, and the how many-th time it is: what `repeat_key` was given."""
    declared, _, number = key.rpartition("_")
    return (declared, int(number)) if declared and number.isdecimal() else (key, 1)


#: When nobody could be warned the coordinator is told, at once, whatever the lifecycle.
UNREACHABLE = Rung(key="unreachable", at=Offset(Anchor.DUE), to=Audience.COORDINATOR, email="unreachable")
