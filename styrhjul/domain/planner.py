"""The planner: what is owed on a given day?

`plan` is the only place that answers. The sweep, the forecast, the simulator and `explain` all ask it.
`apply` tells how the facts look once an action is written; planning again on them owes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from styrhjul.domain.action import Action, NoteUnreachable, OpenCase, SendNotice, SupersedeNotice
from styrhjul.domain.facts import BodyFacts, CaseFacts, DutyFacts, Facts, NoticeFacts, NoticeStatus, PolicyFacts
from styrhjul.domain.ladder import RungDay, ladder_days, notices_of
from styrhjul.domain.lifecycle import Anchor, Holder, Lifecycle, Rung
from styrhjul.domain.round import RoundDates, next_opening, rounds

_LOST = frozenset({NoticeStatus.FAILED, NoticeStatus.VACANT})


def plan(lifecycle: Lifecycle, facts: Facts, today: date) -> list[Action]:
    """Return what is owed on `today`, in the order it should be written; empty when nothing is.

    After a gap only the highest rung reached per post is sent; the ones below are superseded. Safe to ask again: once
    the actions are applied it answers with an empty list.
    """
    if isinstance(facts, PolicyFacts):
        return list(_openings(lifecycle, facts, today))
    if facts.state not in lifecycle.chased:
        return []
    return [*_notices(lifecycle, facts, today), *_unreachable(lifecycle, facts, today)]


def wake_on(lifecycle: Lifecycle, facts: Facts, today: date) -> date | None:
    """Return the next day after `today` on which `plan` may have something to say; None when only an event can.

    Ask it for facts on which today's plan has been applied.
    """
    if isinstance(facts, PolicyFacts):
        bodies = _bound(facts, lifecycle)
        return min((next_opening(lifecycle, facts, body, after=today) for body in bodies), default=None)
    if facts.state not in lifecycle.chased:
        return None
    speaks = [
        step.on
        for step in ladder_days(lifecycle.ladder, facts)
        if any(not _is_recorded(facts, step.rung, post) for post in facts.posts[step.rung.to])
    ]
    nobody = [] if facts.unreachable_on else _warnings_to_nobody(lifecycle, facts)
    return min((day for day in (*speaks, *nobody) if day > today), default=None)


def apply(facts: Facts, action: Action, today: date) -> Facts:
    """Return the facts after an action planned on `today` has been written."""
    match action, facts:
        case OpenCase(), PolicyFacts():
            return replace(facts, recorded=facts.recorded | {(action.body_id, action.period)})
        case SendNotice() | SupersedeNotice(), CaseFacts():
            sent = isinstance(action, SendNotice)
            notice = NoticeFacts(
                rung=action.rung,
                post_id=action.post_id,
                due_on=action.due_on,
                planned_on=today,
                status=NoticeStatus.PLANNED if sent else NoticeStatus.SUPERSEDED,
                deferred_from=action.deferred_from if isinstance(action, SendNotice) else None,
            )
            return replace(facts, notices=(*facts.notices, notice))
        case NoteUnreachable(), CaseFacts():
            return replace(facts, unreachable_on=action.on)
        case _:
            raise TypeError(f"{type(action).__name__} does not concern {type(facts).__name__}")


def _openings(lifecycle: Lifecycle, facts: PolicyFacts, today: date) -> list[OpenCase]:
    return [
        _open(lifecycle, facts, body, dates)
        for body in _bound(facts, lifecycle)
        for dates in rounds(lifecycle, facts, body, until=today)
        if (body.body_id, dates.period) not in facts.recorded
    ]


def _bound(facts: PolicyFacts, lifecycle: Lifecycle) -> list[BodyFacts]:
    return [body for body in facts.bodies if _duties_of(facts, lifecycle, body)]


def _duties_of(facts: PolicyFacts, lifecycle: Lifecycle, body: BodyFacts) -> list[DutyFacts]:
    return [duty for duty in facts.duties if body.body_id in duty.body_ids and duty.recurrence in lifecycle.recurrences]


def _open(lifecycle: Lifecycle, facts: PolicyFacts, body: BodyFacts, dates: RoundDates) -> OpenCase:
    duties = _duties_of(facts, lifecycle, body)
    holders = {duty.holder for duty in duties}
    return OpenCase(
        policy_id=facts.policy_id,
        lifecycle=lifecycle.key,
        body_id=body.body_id,
        period=dates.period,
        holder=Holder.BODY if Holder.BODY in holders else min(holders),
        duty_ids=tuple(duty.duty_id for duty in duties),
        opens_on=dates.opens_on,
        due_on=dates.due_on,
        meeting_on=dates.meeting_on,
        agenda_on=dates.agenda_on,
        due_source=dates.source,
        followed=dates.followed,
        opening_deferred_from=dates.opening_deferred_from,
    )


def _notices(lifecycle: Lifecycle, facts: CaseFacts, today: date) -> list[Action]:
    reached = [step for step in ladder_days(lifecycle.ladder, facts) if step.on <= today]
    actions: list[Action] = []
    for audience, posts in facts.posts.items():
        steps = [step for step in reached if step.rung.to is audience]
        for post in posts:
            actions += _climb(facts, steps, post)
    return actions


def _climb(facts: CaseFacts, steps: list[RungDay], post: str) -> list[Action]:
    """Send the highest rung reached to a post unless it, or one above it, is recorded; supersede those below it."""
    missing = [step for step in steps if not _is_recorded(facts, step.rung, post)]
    actions: list[Action] = []
    for step in missing:
        key = {"case_id": facts.case_id, "due_on": facts.due_on, "rung": step.rung.key, "post_id": post}
        if step is steps[-1]:
            actions.append(SendNotice(**key, on=step.on, deferred_from=step.deferred_from))  # type: ignore[arg-type]
        else:
            actions.append(SupersedeNotice(**key, on=step.on))  # type: ignore[arg-type]
    return actions


def _is_recorded(facts: CaseFacts, rung: Rung, post: str) -> bool:
    """A moved due day arms the ladder anew, but a case opens only once."""
    once = rung.at.anchor is Anchor.OPENING
    return any(
        notice.rung == rung.key and notice.post_id == post and (once or notice.due_on == facts.due_on)
        for notice in facts.notices
    )


def _unreachable(lifecycle: Lifecycle, facts: CaseFacts, today: date) -> list[Action]:
    """Note once that every warning failed, or had nobody to go to: then nothing goes up, and a person is needed."""
    if facts.unreachable_on is not None:
        return []
    lost = any(
        warnings and all(notice.status in _LOST for notice in warnings)
        for warnings in (notices_of(facts, key) for key in _warning_keys(lifecycle))
    )
    if lost or any(day <= today for day in _warnings_to_nobody(lifecycle, facts)):
        return [NoteUnreachable(case_id=facts.case_id, due_on=facts.due_on, on=today)]
    return []


def _warning_keys(lifecycle: Lifecycle) -> list[str]:
    return sorted({rung.after for rung in lifecycle.ladder if rung.after})


def _warnings_to_nobody(lifecycle: Lifecycle, facts: CaseFacts) -> list[date]:
    """The days of warnings for which the body has no post at all."""
    keys = _warning_keys(lifecycle)
    steps = ladder_days(lifecycle.ladder, facts)
    return [step.on for step in steps if step.rung.key in keys and not facts.posts[step.rung.to]]
