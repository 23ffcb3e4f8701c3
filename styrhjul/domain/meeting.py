"""The meetings a matter is aimed at, back-planned: from the one that decides to the papers of the one that begins."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta

from styrhjul.domain.facts import BodyFacts
from styrhjul.domain.lifecycle import Lifecycle
from styrhjul.domain.practice import Practice
from styrhjul.domain.vocabulary import BodyKind

#: Minutes are adjusted within fourteen days (KL 5:69): what a meeting decides holds for the next step after that.
ADJUSTMENT_DAYS = 14
#: A body meets at least once a quarter: a next meeting further away means that its calendar is not entered yet.
NEXT_MEETING_DAYS = 92
#: Papers reach the secretary three working weeks before the meeting (practice).
PAPERS_WORKING_DAYS = 15
#: What the papers hold takes at least a working week to prepare (practice; no law says).
PREPARATION_WORKING_DAYS = 5
#: How the words begin that a due day set by a meeting has after its rule's own.
_NO_MEETING = "Inget sammanträde hinns med före"

Stages = tuple[tuple[date, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What meetings make of a case's days.

    `meeting_on` is the asked body's own meeting and `agenda_on` its papers' day; `decides_on` the meeting of the body
    that adopted the document, None where the body asked decides itself. `words` are Swedish, and say why `due_on` is
    another day than the rule's; empty where the rule's day stands.
    """

    due_on: date
    meeting_on: date | None = None
    agenda_on: date | None = None
    decides_on: date | None = None
    words: str = ""


def stages(lifecycle: Lifecycle, body: BodyFacts, *, adopter: BodyFacts | None, board: BodyFacts | None) -> Stages:
    """Return the meetings a matter passes, body by body, each ascending: the asked body's first, the decider's last.

    Where the adopter decides, the body asked sends it on; what the council decides the executive board has prepared
    first (KL 5:26, 6:13). Empty where no meeting decides.
    """
    if not lifecycle.at_meeting:
        return ()
    if not lifecycle.adopter_decides or adopter is None or adopter.body_id == body.body_id:
        return (body.meetings,)
    prepares = adopter.kind is BodyKind.COUNCIL and board is not None and board.body_id != body.body_id
    return (body.meetings, *((board.meetings,) if prepares and board else ()), adopter.meetings)


def aim_at(passed: Stages, since: date, due_on: date, *, practice: Practice) -> Aim:
    """Return the meetings that a case can still use for a due day that stands; none where any body lacks one.

    Counted backwards (rulings, "Time of a case"; domain.md 3): the last meeting fourteen days before the due day
    decides, since minutes are adjusted within that time (KL 5:69). The last one of the body before it lies fourteen
    days before that meeting, and so on. The first meeting is usable only if its papers can be written: they are due
    fifteen working days before it, and at least five after `since`. A meeting that lies sooner is not named.
    """
    meetings = _backwards(passed, since, due_on - timedelta(days=ADJUSTMENT_DAYS), practice)
    return _aim(meetings, due_on, practice)


def aim_for(passed: Stages, since: date, due_on: date, *, limit: date | None, practice: Practice) -> Aim:
    """Return what `aim_at` does or, where no meeting is in time, the due day that the next one allows.

    That is fourteen days after it or, like every due day, the ordinary day before. It never passes `limit`; where it
    would, or the coming meetings are not entered, the rule's day stands alone.
    """
    aimed = aim_at(passed, since, due_on, practice=practice)
    if aimed.meeting_on:
        return aimed
    for meeting in _forwards(passed, since, practice):
        if meeting > due_on + timedelta(days=NEXT_MEETING_DAYS):
            break
        adjusted_on = meeting + timedelta(days=ADJUSTMENT_DAYS)
        moved = practice.previous_ordinary(adjusted_on)
        if moved > max(due_on, meeting) and (limit is None or moved <= limit):
            words = _words_of_move(due_on, adjusted_on, moved, practice)
            return _aim(_backwards(passed, since, meeting, practice), moved, practice, words)
    return aimed


def papers_for(meeting_on: date, practice: Practice) -> date:
    """Return the day the papers for a meeting must be in."""
    return practice.add_working_days(meeting_on, -PAPERS_WORKING_DAYS)


def without_move(due_source: str) -> str:
    """Return the source of a due day without the words for a meeting that had set it."""
    return due_source.partition(_NO_MEETING)[0].rstrip()


def is_off_calendar(meetings: tuple[date, ...], day: date) -> bool:
    """Tell whether a day lies among meetings that are entered, ascending, and is none of them.

    A decision then may still be right, at an extra meeting or by delegation (KL 6:37): it is asked about, not refused.
    """
    return bool(meetings) and meetings[0] <= day <= meetings[-1] and day not in meetings


def _aim(meetings: tuple[date, ...], due_on: date, practice: Practice, words: str = "") -> Aim:
    if not meetings:
        return Aim(due_on=due_on)
    decides_on = meetings[-1] if len(meetings) > 1 else None
    return Aim(
        due_on=due_on,
        meeting_on=meetings[0],
        agenda_on=papers_for(meetings[0], practice),
        decides_on=decides_on,
        words=words,
    )


def _words_of_move(rule_due_on: date, adjusted_on: date, moved: date, practice: Practice) -> str:
    """The Swedish words that end the source of a due day which a meeting set instead of the rule's own."""
    words = f"{_NO_MEETING} {rule_due_on.isoformat()}, därför gäller nämndens nästa."
    why_not = practice.why_not_ordinary(adjusted_on)
    if why_not is None:
        return words
    return f"{words} Dagen är {moved.isoformat()}, eftersom {adjusted_on.isoformat()} är {why_not}."


def _is_prepared(meeting: date, since: date, practice: Practice) -> bool:
    return papers_for(meeting, practice) >= practice.add_working_days(since, PREPARATION_WORKING_DAYS)


def _backwards(passed: Stages, since: date, latest: date, practice: Practice) -> tuple[date, ...]:
    """The last meeting of each body that leads to one by `latest`, in the order they are held; empty if one lacks."""
    found: list[date] = []
    for meetings in reversed(passed):
        held = bisect_right(meetings, latest)
        if held == 0:
            return ()
        found.append(meetings[held - 1])
        latest = found[-1] - timedelta(days=ADJUSTMENT_DAYS)
    return tuple(reversed(found)) if found and _is_prepared(found[-1], since, practice) else ()


def _forwards(passed: Stages, since: date, practice: Practice) -> tuple[date, ...]:
    """The meetings that can decide, ascending; none if any body has no meeting to come."""
    coming: tuple[date, ...] = ()
    for meetings in passed:
        before = coming[0] if coming else None
        coming = tuple(
            day
            for day in meetings
            if ((day - before).days >= ADJUSTMENT_DAYS if before else _is_prepared(day, since, practice))
        )
        if not coming:
            break
    return coming
