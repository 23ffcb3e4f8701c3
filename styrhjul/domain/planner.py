"""The planner: what is owed on a given day?

`plan` is the only place that answers. The sweep, the forecast, the simulator and `explain` all ask it.
`apply` tells how the facts look once that is written; planning again on them owes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from styrhjul.domain.action import Action, CloseCase, GiveOver, NoteUnreachable, OpenCase, SendNotice, SupersedeNotice
from styrhjul.domain.facts import BodyFacts, CaseFacts, Facts, NoticeFacts, NoticeStatus, PolicyFacts
from styrhjul.domain.ladder import LOST, RungDay, ladder_days, notices_of
from styrhjul.domain.lifecycle import FINAL_STATES, Event, Lifecycle, State, step
from styrhjul.domain.presence import WAITING, as_told, asked_posts
from styrhjul.domain.round import RoundDates, next_opening, unopened
from styrhjul.domain.rung import UNREACHABLE, Anchor, Audience, Rung


def plan(lifecycle: Lifecycle, facts: Facts, today: date) -> list[Action]:
    """Return what is owed on `today`, in the order it should be written; empty when nothing is.

    After a gap only the highest rung reached per post is sent; the ones below are superseded. Whoever follows a holder
    who was told is sent the rung reached by then. Safe to ask again: once the actions are applied it answers with an
    empty list.
    """
    if isinstance(facts, PolicyFacts):
        return list(_openings(lifecycle, facts, today))
    if facts.state in FINAL_STATES:
        return []
    if facts.lapses_on <= today:
        return [CloseCase(case_id=facts.case_id, state=_end(lifecycle, facts), on=today)]
    return _owed(lifecycle, facts, today) if facts.state in lifecycle.chased else []


def wake_on(lifecycle: Lifecycle, facts: Facts, today: date) -> date | None:
    """Return the next day after `today` on which `plan` may have something to say.

    None for a policy when no round is known to come, and for a case exactly when it has ended. Ask it for facts on
    which today's plan has been applied.
    """
    if isinstance(facts, PolicyFacts):
        openings = (next_opening(lifecycle, facts, body, after=today) for body in facts.bodies)
        return min((day for day in openings if day is not None), default=None)
    if facts.state in FINAL_STATES:
        return None
    days = [facts.lapses_on, *(_speaking_days(lifecycle, facts, today) if facts.state in lifecycle.chased else ())]
    return min((day for day in days if day > today), default=None)


def apply(facts: Facts, actions: Iterable[Action], today: date) -> Facts:
    """Return the facts after actions planned on `today` have been written, notices last."""
    notices: list[SendNotice | SupersedeNotice] = []
    for action in actions:
        match action, facts:
            case OpenCase(), PolicyFacts():
                facts = replace(facts, recorded=facts.recorded | {(action.body_id, action.period)})
            case CloseCase(), CaseFacts():
                facts = replace(facts, state=action.state)
            case GiveOver(), CaseFacts():
                facts = _given(facts, action)
            case SendNotice() | SupersedeNotice(), CaseFacts():
                notices.append(action)
            case NoteUnreachable(), CaseFacts():
                facts = replace(facts, unreachable_on=action.on)
            case _:
                raise TypeError(f"{type(action).__name__} does not concern {type(facts).__name__}")
    return _with(facts, notices, today) if notices and isinstance(facts, CaseFacts) else facts


def _owed(lifecycle: Lifecycle, facts: CaseFacts, today: date) -> list[Action]:
    """What is said of a case that somebody still waits for: up its ladder, or that nobody can be reached."""
    if gone := _without_body(lifecycle, facts, today):
        return [gone, *plan(lifecycle, apply(facts, [gone], today), today)]
    notices = _notices(lifecycle, facts, today)
    if not _may_be_unreachable(lifecycle, facts):
        return [*notices]
    # A post that has just been filled is warned now: nobody is out of reach yet.
    return [*notices, *_unreachable(lifecycle, _with(facts, notices, today), today)]


def _end(lifecycle: Lifecycle, facts: CaseFacts) -> State:
    """No answer is missing where nobody was asked."""
    if facts.state is State.OPEN and not facts.is_released:
        return State.NOT_FOLLOWED
    return step(lifecycle, facts.state, Event.CLOSE)


def _without_body(lifecycle: Lifecycle, facts: CaseFacts, today: date) -> CloseCase | GiveOver | None:
    """What becomes of a case whose body is no more: what concerned the body alone ends, a promise finds another."""
    if facts.body_ends_on is None or facts.body_ends_on > today:
        return None
    if facts.policy_id is None:
        state = step(lifecycle, facts.state, Event.CLOSE)
        return CloseCase(case_id=facts.case_id, state=state, on=today, body_ended=True)
    to = facts.posts[Audience.COORDINATOR] or facts.posts[Audience.CHIEF_EXECUTIVE]
    return GiveOver(case_id=facts.case_id, post_id=to[0], on=today) if to else None


def _given(facts: CaseFacts, action: GiveOver) -> CaseFacts:
    return replace(
        facts,
        posts={**facts.posts, Audience.HOLDER: (action.post_id,)},
        notices=tuple(
            replace(notice, status=NoticeStatus.CANCELLED) if notice.status in WAITING else notice
            for notice in facts.notices
        ),
        assigned_on=action.on,
        body_ends_on=None,
        unreachable_on=None,
    )


def _with(facts: CaseFacts, actions: list[SendNotice | SupersedeNotice], today: date) -> CaseFacts:
    return replace(facts, notices=(*facts.notices, *(_entered(action, today) for action in actions)))


def _entered(action: SendNotice | SupersedeNotice, today: date) -> NoticeFacts:
    sent = isinstance(action, SendNotice)
    return NoticeFacts(
        rung=action.rung,
        post_id=action.post_id,
        due_on=action.due_on,
        planned_on=today,
        status=NoticeStatus.PLANNED if sent else NoticeStatus.SUPERSEDED,
        deferred_from=action.deferred_from if isinstance(action, SendNotice) else None,
    )


def _openings(lifecycle: Lifecycle, facts: PolicyFacts, today: date) -> Iterator[OpenCase]:
    for body in facts.bodies:
        for dates in unopened(lifecycle, facts, body, until=today):
            if body.dissolved_on is None or dates.opens_on < body.dissolved_on:
                yield _open(lifecycle, facts, body, dates)


def _open(lifecycle: Lifecycle, facts: PolicyFacts, body: BodyFacts, dates: RoundDates) -> OpenCase:
    return OpenCase(
        policy_id=facts.policy_id,
        lifecycle=lifecycle.key,
        body_id=body.body_id,
        period=dates.period,
        holder=dates.holder,
        duty_ids=dates.duty_ids,
        opens_on=dates.opens_on,
        due_on=dates.due_on,
        meeting_on=dates.meeting_on,
        agenda_on=dates.agenda_on,
        decides_on=dates.decides_on,
        lapses_on=dates.lapses_on,
        rule_due_on=dates.rule_due_on,
        limit_on=dates.limit_on,
        due_source=dates.source,
        due_basis=dates.basis,
        is_binding=dates.is_binding,
        followed=dates.followed,
        opening_deferred_from=dates.opening_deferred_from,
    )


def _speaking_days(lifecycle: Lifecycle, facts: CaseFacts, today: date) -> Iterator[date]:
    """The days of rungs that some post has not had, of warnings to nobody, and on which somebody new sits down."""
    told = as_told(lifecycle.ladder, facts, today)
    for coming in ladder_days(lifecycle.ladder, told):
        if coming.on > today and any(not _is_recorded(told, coming.rung, post) for post in facts.posts[coming.rung.to]):
            yield coming.on
    if facts.unreachable_on is None:
        yield from _warnings_to_nobody(lifecycle, told)
    if facts.body_ends_on is not None:
        yield facts.body_ends_on
    for post in asked_posts(lifecycle.ladder, facts):
        yield from (seat.since for seat in facts.seats.get(post, ()) if seat.person_id)


def _notices(lifecycle: Lifecycle, facts: CaseFacts, today: date) -> list[SendNotice | SupersedeNotice]:
    told = as_told(lifecycle.ladder, facts, today)
    reached = [day for day in ladder_days(lifecycle.ladder, told) if day.on <= today]
    rungs_of: dict[str, list[RungDay]] = {}
    for day in reached:
        for post in facts.posts[day.rung.to]:
            rungs_of.setdefault(post, []).append(day)
    return [action for post, days in rungs_of.items() for action in _climb(facts, told, days, post)]


def _climb(
    facts: CaseFacts, told: CaseFacts, reached: list[RungDay], post: str
) -> Iterator[SendNotice | SupersedeNotice]:
    """Send the highest rung reached to a post unless whoever sits there has had it; supersede what nobody has below."""
    *passed, highest = reached
    for day in passed:
        if not _is_recorded(facts, day.rung, post):
            yield _supersede(facts, day, post)
    if not _is_recorded(told, highest.rung, post):
        yield _send(facts, highest, post)


def _send(facts: CaseFacts, day: RungDay, post: str) -> SendNotice:
    turn = _turn(facts, day.rung, post)
    return SendNotice(
        case_id=facts.case_id,
        due_on=facts.due_on,
        rung=day.rung.key,
        post_id=post,
        on=day.on,
        deferred_from=day.deferred_from if turn == 1 else None,
        turn=turn,
    )


def _supersede(facts: CaseFacts, day: RungDay, post: str) -> SupersedeNotice:
    return SupersedeNotice(case_id=facts.case_id, due_on=facts.due_on, rung=day.rung.key, post_id=post, on=day.on)


def _turn(facts: CaseFacts, rung: Rung, post: str) -> int:
    """Return which holder's turn it is to hear of a rung, or how often it has been begun on its way up."""
    return 1 + [notice.post_id for notice in notices_of(facts, rung.key)].count(post)


def _is_recorded(facts: CaseFacts, rung: Rung, post: str) -> bool:
    """A moved due day arms the ladder anew, but a case opens only once."""
    once = rung.at.anchor is Anchor.OPENING
    for notice in facts.notices:
        if notice.rung == rung.key and notice.post_id == post and (once or notice.due_on == facts.due_on):
            return True
    return False


def _may_be_unreachable(lifecycle: Lifecycle, facts: CaseFacts) -> bool:
    """Whether a warning was lost, or has nobody to go to, or that has been noted already: seldom, and quickly seen."""
    return (
        facts.unreachable_on is not None
        or any(notice.status in LOST and notice.rung in lifecycle.warnings for notice in facts.notices)
        or not _each_warning_has_a_post(lifecycle, facts)
    )


def _unreachable(lifecycle: Lifecycle, facts: CaseFacts, today: date) -> list[NoteUnreachable | SendNotice]:
    """When every warning failed, or had nobody to go to, nothing goes up: note it once and tell the coordinator.

    Where nobody reads the coordinator's mail either, the chief executive is told instead.
    """
    told = as_told(lifecycle.ladder, facts, today)
    if facts.unreachable_on is not None:
        return list(_tell_unreachable(facts, told, _above_coordinator(told), today))
    if not _nobody_was_warned(lifecycle, told, today):
        return []
    noted = NoteUnreachable(case_id=facts.case_id, due_on=facts.due_on, on=today)
    to = facts.posts[Audience.COORDINATOR] or _above_coordinator(told)
    return [noted, *_tell_unreachable(facts, told, to, today)]


def _above_coordinator(told: CaseFacts) -> tuple[str, ...]:
    """Return whom to tell where there is no coordinator, or what was written there is lost; else nobody."""
    coordinators = told.posts[Audience.COORDINATOR]
    written = [notice for notice in notices_of(told, UNREACHABLE.key) if notice.post_id in coordinators]
    is_lost = not coordinators or (bool(written) and all(notice.status in LOST for notice in written))
    return told.posts[Audience.CHIEF_EXECUTIVE] if is_lost else ()


def _tell_unreachable(facts: CaseFacts, told: CaseFacts, posts: tuple[str, ...], today: date) -> Iterator[SendNotice]:
    for post in posts:
        if not _is_recorded(told, UNREACHABLE, post):
            yield SendNotice(
                case_id=facts.case_id,
                due_on=facts.due_on,
                rung=UNREACHABLE.key,
                post_id=post,
                on=today,
                turn=_turn(facts, UNREACHABLE, post),
            )


def _nobody_was_warned(lifecycle: Lifecycle, facts: CaseFacts, today: date) -> bool:
    every_warning = (notices_of(facts, key) for key in sorted(lifecycle.warnings))
    lost = any(warnings and all(notice.status in LOST for notice in warnings) for warnings in every_warning)
    return lost or any(day <= today for day in _warnings_to_nobody(lifecycle, facts))


def _warnings_to_nobody(lifecycle: Lifecycle, facts: CaseFacts) -> list[date]:
    """The days of warnings for which the body has no post at all."""
    if _each_warning_has_a_post(lifecycle, facts):
        return []
    reached = ladder_days(lifecycle.ladder, facts)
    return [day.on for day in reached if day.rung.key in lifecycle.warnings and not facts.posts[day.rung.to]]


def _each_warning_has_a_post(lifecycle: Lifecycle, facts: CaseFacts) -> bool:
    return all(facts.posts[rung.to] for rung in lifecycle.ladder if rung.key in lifecycle.warnings)
