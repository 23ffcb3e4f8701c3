"""Writing what the planner decided: cases, ledger and journal, in the session's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, CaseDuty, Notice, SubjectKind
from styrhjul.db.case_write import end_cases, give_case
from styrhjul.db.journal import Line, write_down
from styrhjul.db.ledger_write import PLANNER, cancel_open_notices
from styrhjul.db.model import new_id
from styrhjul.db.officials_query import revoke_links_to
from styrhjul.db.organisation_query import load_organisation, load_practice
from styrhjul.db.session import municipality_of
from styrhjul.db.upsert import insert_new
from styrhjul.db.wake import set_wakes
from styrhjul.domain.action import Action, CloseCase, GiveOver, NoteUnreachable, OpenCase, SendNotice, SupersedeNotice
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import EntryKind, Value
from styrhjul.domain.lifecycle import Event, State
from styrhjul.domain.moment import local_date, local_moment

NEXT_ROUND = "Nästa omgång har börjat."
NO_BODY = "Organet har upphört."
WHO_TAKES_OVER = "Organet har upphört. Bestäm vem som tar över ärendet, eller avsluta det."


class Entered(NamedTuple):
    """A notice that is new in the ledger and will leave."""

    notice_id: str
    rung: str


def write_actions(session: Session, actions: Iterable[Action], now: datetime) -> tuple[int, list[Entered]]:
    """Write the actions and their journal; return how many cases were opened, and what was entered.

    What stands there already, by its unique key, is left as it is and not journalled again: safe to repeat.
    """
    every = list(actions)
    opened = _open_cases(session, [action for action in every if isinstance(action, OpenCase)], now)
    _give_over(session, [action for action in every if isinstance(action, GiveOver)], now)
    notices = [action for action in every if isinstance(action, SendNotice | SupersedeNotice)]
    entered = _enter_notices(session, notices, now)
    _close_cases(session, [action for action in every if isinstance(action, CloseCase)], now)
    _note_unreachable(session, [action for action in every if isinstance(action, NoteUnreachable)], now)
    return opened, entered


def _open_cases(session: Session, actions: list[OpenCase], now: datetime) -> int:
    by_id = {new_id(): action for action in actions}
    rows = [_case_row(session, case_id, action, now) for case_id, action in by_id.items()]
    new = insert_new(session, Case, rows, Case.id)
    duties = [
        {"municipality_id": municipality_of(session), "id": new_id(), "case_id": case_id, "duty_id": duty_id}
        for case_id in new
        for duty_id in by_id[case_id].duty_ids
    ]
    insert_new(session, CaseDuty, duties, CaseDuty.id)
    followed = [case_id for case_id in new if by_id[case_id].followed]
    for lifecycle in sorted({by_id[case_id].lifecycle for case_id in followed}):
        opening = [case_id for case_id in followed if by_id[case_id].lifecycle == lifecycle]
        set_wakes(session, lifecycle, [(SubjectKind.CASE, case_id, by_id[case_id].opens_on) for case_id in opening])
    write_down(session, [_opening_line(case_id, by_id[case_id]) for case_id in new], now)
    return len(followed)


def _case_row(session: Session, case_id: str, action: OpenCase, now: datetime) -> dict[str, object]:
    return {
        "municipality_id": municipality_of(session),
        "id": case_id,
        "policy_id": action.policy_id,
        "lifecycle": action.lifecycle,
        "body_id": action.body_id,
        "period": action.period,
        "holder": action.holder,
        "state": State.OPEN if action.followed else State.NOT_FOLLOWED,
        "opens_on": action.opens_on,
        "opening_deferred_from": action.opening_deferred_from,
        "due_on": action.due_on,
        "meeting_on": action.meeting_on,
        "agenda_on": action.agenda_on,
        "decides_on": action.decides_on,
        "aimed_from_on": action.opens_on,
        "rule_due_on": action.rule_due_on,
        "limit_on": action.limit_on,
        "lapses_on": action.lapses_on,
        "due_source": action.due_source,
        "due_basis": action.due_basis,
        "is_binding": action.is_binding,
        "closed_on": None if action.followed else local_date(now),
        "version": 1,
    }


def _opening_line(case_id: str, action: OpenCase) -> Line:
    return Line(
        kind=EntryKind.CASE_OPENED if action.followed else EntryKind.CASE_NOT_FOLLOWED,
        by=PLANNER,
        case_id=case_id,
        data={
            "lifecycle": action.lifecycle,
            "period": action.period,
            "body": action.body_id,
            "opens_on": action.opens_on.isoformat(),
            "due_on": action.due_on.isoformat(),
            "due_source": action.due_source,
            "duties": list(action.duty_ids),
        },
    )


def _enter_notices(session: Session, actions: list[SendNotice | SupersedeNotice], now: datetime) -> list[Entered]:
    if not actions:
        return []
    today = local_date(now)
    opens_at = local_moment(today, load_practice(session).office_opens)
    by_id = {new_id(): action for action in actions}
    rows: list[dict[str, object]] = [
        {
            "municipality_id": municipality_of(session),
            "id": notice_id,
            "case_id": action.case_id,
            "due_on": action.due_on,
            "rung": action.rung,
            "post_id": action.post_id,
            "turn": action.turn,
            "status": NoticeStatus.PLANNED if isinstance(action, SendNotice) else NoticeStatus.SUPERSEDED,
            "planned_on": today,
            "deferred_from": action.deferred_from if isinstance(action, SendNotice) else None,
            "not_before_at": max(opens_at, now),
            "reason": None if isinstance(action, SendNotice) else "Ett senare steg hade redan nåtts.",
        }
        for notice_id, action in by_id.items()
    ]
    new = insert_new(session, Notice, rows, Notice.id)
    write_down(session, [_notice_line(by_id[notice_id], today) for notice_id in new], now)
    return [Entered(each, by_id[each].rung) for each in new if isinstance(by_id[each], SendNotice)]


def _notice_line(action: SendNotice | SupersedeNotice, today: date) -> Line:
    planned = isinstance(action, SendNotice)
    return Line(
        kind=EntryKind.NOTICE_PLANNED if planned else EntryKind.NOTICE_SUPERSEDED,
        by=PLANNER,
        case_id=action.case_id,
        data={
            "rung": action.rung,
            "post": action.post_id,
            "due_on": action.due_on.isoformat(),
            "on": today.isoformat(),
            "reached_on": action.on.isoformat(),
        },
    )


def _close_cases(session: Session, actions: list[CloseCase], now: datetime) -> None:
    lines = []
    for action in actions:
        reason = NO_BODY if action.body_ended else NEXT_ROUND
        data: dict[str, Value] = {"event": Event.CLOSE.value, "reason": reason}
        case = session.scalars(select(Case).where(Case.id == action.case_id)).one()
        if case.closed_on is not None:
            continue  # somebody closed it after its facts were read
        case.state = action.state
        end_cases(session, [case], reason, now, by=PLANNER)
        unasked = action.state is State.NOT_FOLLOWED
        kind = EntryKind.CASE_NOT_FOLLOWED if unasked else EntryKind.CASE_MOVED
        if unasked:
            data = {"due_on": case.due_on.isoformat()}
        lines.append(Line(kind=kind, by=PLANNER, case_id=action.case_id, data=data))
    write_down(session, lines, now)


def _give_over(session: Session, actions: list[GiveOver], now: datetime) -> None:
    for action in actions:
        case = session.scalars(select(Case).where(Case.id == action.case_id)).one()
        if load_organisation(session).is_living(case.assigned_post_id) or case.closed_on is not None:
            continue  # somebody decided about it after its facts were read
        give_case(session, case, action.post_id, WHO_TAKES_OVER, now, by=PLANNER)
        cancel_open_notices(session, [case.id], NO_BODY, now, by=PLANNER)
        revoke_links_to(session, case.id, None, now)


def _note_unreachable(session: Session, actions: list[NoteUnreachable], now: datetime) -> None:
    lines = []
    for action in actions:
        noted = session.scalars(
            update(Case)
            .where(Case.id == action.case_id, Case.unreachable_on.is_(None))
            .values(unreachable_on=action.on)
            .returning(Case.id)
            .execution_options(synchronize_session=False)
        )
        lines += [
            Line(
                kind=EntryKind.COULD_NOT_BE_REACHED,
                by=PLANNER,
                case_id=case_id,
                data={"due_on": action.due_on.isoformat()},
            )
            for case_id in noted
        ]
    write_down(session, lines, now)
