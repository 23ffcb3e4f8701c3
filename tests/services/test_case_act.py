"""A decision shows its effect before it is made, is made once, and never over one that was made meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from styrhjul.db.case_model import JournalEntry, Notice
from styrhjul.db.decision_query import changes_of
from styrhjul.domain.act import Act
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.lifecycle import State
from styrhjul.services.cases import desk
from styrhjul.services.cases.act import Wanted, preview_act, take
from styrhjul.services.cases.decision import CaseAt, CaseChanged, Decision, DecisionRefused
from styrhjul.services.cases.desk import desk_of
from tests.services.decision_town import CHIEF, LATER, at, case_of, decided, put, town_with_open_cases
from tests.town import Town, nine

if TYPE_CHECKING:
    from styrhjul.db.session import Database

MAY = Wanted(act=Act.EXTEND, until=date(2027, 5, 31))


@pytest.fixture
def town(database: Database) -> Town:
    return town_with_open_cases(database)


def seen(town: Town, lifecycle: str = "goal_setting") -> CaseAt:
    """The case as somebody sees it who looks now."""
    where = at(town, lifecycle)
    with town.database.reading(town.municipality_id) as session:
        changes = changes_of(session, [where.case_id])[where.case_id]
    return replace(where, seen=max((entry.number for entry in changes), default=0))


def rows(town: Town) -> tuple[int, int]:
    """How much the journal holds, and how many notices were called off."""
    with town.database.reading(town.municipality_id) as session:
        called_off = select(func.count(Notice.id)).where(Notice.status == NoticeStatus.CANCELLED)
        return session.scalar(select(func.count(JournalEntry.id))) or 0, session.scalar(called_off) or 0


def test_an_effect_names_the_new_days_and_nothing_is_written(town: Town) -> None:
    before = (rows(town), case_of(town, "goal_setting").due_on)
    effect = preview_act(town.database, seen(town), MAY, CHIEF, nine(LATER))
    assert (effect.due_on_before, effect.due_on) == (date(2027, 3, 31), date(2027, 5, 31))
    warned = [mail for mail in effect.mails if mail.rung == "warning"]
    assert {(mail.was_on, mail.on) for mail in warned} == {(date(2027, 3, 30), date(2027, 5, 28))}
    assert effect.staying == 0
    assert (rows(town), case_of(town, "goal_setting").due_on) == before


def test_what_an_effect_said_is_what_then_happens(town: Town) -> None:
    effect = preview_act(town.database, seen(town), MAY, CHIEF, nine(LATER))
    take(town.database, seen(town), MAY, CHIEF, nine(LATER))
    head = next(mail for mail in effect.mails if mail.rung == "warning")
    town.live_through(date(2027, 5, 26), date(2027, 5, 28))
    left = {(notice.rung, notice.planned_on) for notice in town.notices() if notice.due_on == date(2027, 5, 31)}
    assert ("warning", head.on) in left


def test_ending_a_case_takes_away_every_mail_to_come(town: Town) -> None:
    effect = preview_act(town.database, seen(town), Wanted(act=Act.WAIVE), CHIEF, nine(LATER))
    assert effect.state is State.WAIVED
    assert effect.mails
    assert [mail for mail in effect.mails if mail.on is not None] == []


def test_an_approved_revision_is_previewed_without_ending_its_document(town: Town) -> None:
    put(town, "revision", State.SUBMITTED)
    before = rows(town)
    effect = preview_act(town.database, at(town, "revision"), Wanted(act=Act.APPROVE), CHIEF, nine(LATER))
    assert effect.state is State.DONE
    assert rows(town) == before


def test_the_same_decision_twice_is_made_once(town: Town) -> None:
    where = seen(town)
    for _ in range(2):
        take(town.database, where, MAY, CHIEF, nine(LATER))
    assert decided(town) == [("extend", CHIEF.by, CHIEF.reason)]


@pytest.mark.parametrize(
    ("wanted", "by"),
    [
        (MAY, replace(CHIEF, by="kanslichefen")),
        (MAY, replace(CHIEF, reason="Något annat.")),
        (replace(MAY, until=date(2027, 6, 1)), CHIEF),
        (Wanted(act=Act.WAIVE), CHIEF),
    ],
)
def test_another_decision_is_refused_and_told_what_came_before(town: Town, wanted: Wanted, by: Decision) -> None:
    where = seen(town)
    take(town.database, where, MAY, CHIEF, nine(LATER))
    with pytest.raises(CaseChanged) as told:
        take(town.database, where, wanted, by, nine(LATER))
    assert [entry.by for entry in told.value.since] == [CHIEF.by]
    assert len(decided(town)) == 1


def test_mails_that_leave_meanwhile_are_no_change(town: Town) -> None:
    where = seen(town)
    with town.database.reading(town.municipality_id) as session:
        latest = session.scalar(select(func.max(JournalEntry.number)))
    town.live(date(2027, 3, 15))
    assert rows(town)[0] > (latest or 0)
    take(town.database, where, MAY, CHIEF, nine(date(2027, 3, 15)))
    assert len(decided(town)) == 1


def test_a_refused_decision_is_refused_in_its_preview_too(town: Town) -> None:
    for do in (preview_act, take):
        with pytest.raises(DecisionRefused, match="Den nya dagen ska ligga efter"):
            do(town.database, at(town), replace(MAY, until=date(2027, 2, 2)), CHIEF, nine(LATER))


@pytest.mark.parametrize("first", [0, 1, 50])
def test_the_next_day_is_the_same_however_few_cases_are_looked_up_first(
    town: Town, monkeypatch: pytest.MonkeyPatch, first: int
) -> None:
    monkeypatch.setattr(desk, "_LOOKED_UP", first)
    assert desk_of(town.database, town.slug, nine(LATER)).next_on == date(2027, 4, 14)


def test_what_goes_up_lies_before_the_chief_executive_from_that_day_until_it_is_decided(town: Town) -> None:
    case = case_of(town, "goal_setting")
    assert desk_of(town.database, town.slug, nine(LATER)).next_on == date(2027, 4, 14)
    for day in (15, 24, 30):
        town.live(date(2027, 3, day))
    town.live_through(date(2027, 4, 5), date(2027, 4, 14))
    now = nine(date(2027, 4, 14))
    [waiting] = desk_of(town.database, town.slug, now).waiting
    assert (waiting.case.case_id, waiting.went_up_on, waiting.is_new) == (case.id, date(2027, 4, 14), True)
    take(town.database, replace(at(town), seen=waiting.seen), Wanted(act=Act.NOTE), CHIEF, now)
    desk = desk_of(town.database, town.slug, now)
    assert (desk.waiting, [each.case.case_id for each in desk.noted]) == ((), [case.id])
    assert [each.made.reason for each in desk.decided] == [CHIEF.reason]
