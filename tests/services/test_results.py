"""The results over the years count what was answered, and nothing that somebody else's page counts otherwise."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from config.clock import at_nine
from styrhjul.db.case_model import Answer, Case
from styrhjul.db.mail_model import Mail, MailStatus
from styrhjul.domain.lifecycle import State
from styrhjul.domain.moment import local_date
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.services.municipality.directory import NotHere
from styrhjul.services.overview.pages import overview_of
from styrhjul.services.reports.chapter import chapter_of
from styrhjul.services.reports.results import results_of
from tests.town import Town, build_town, nine

if TYPE_CHECKING:
    from datetime import datetime

    from styrhjul.db.session import Database

KINDS = (ActionKind.SET_GOALS, ActionKind.FOLLOW_UP)
NOW = at_nine(date(2027, 4, 20))


@pytest.fixture
def town(database: Database) -> Town:
    town = build_town(database, kinds=KINDS, committees=("socialnämnden",))
    town.live(date(2027, 1, 7))
    town.live(date(2027, 4, 20))
    return town


def test_the_load_is_the_one_that_the_overview_shows(town: Town) -> None:
    months = results_of(town.database, town.slug, 2027, NOW).months
    load = overview_of(town.database, town.slug, NOW).load
    assert months.due == tuple(sum(body.months[place] for body in load.bodies) for place in range(12))
    assert sum(months.due)


def test_the_years_are_those_of_the_chapter(town: Town) -> None:
    (section,) = chapter_of(town.database, town.slug, 2027, NOW).chapter.sections
    results = results_of(town.database, town.slug, 2027, NOW, "policy")
    assert results.years == section.years


def test_a_body_answers_from_its_first_mail_to_its_first_answer(town: Town) -> None:
    case = next(each for each in town.cases() if each.lifecycle == "follow_up")
    told = min(each.delivered_on for each in town.notices() if each.case_id == case.id and each.delivered_on)
    with town.database.municipality(town.municipality_id) as session:
        for version, days in enumerate((12, 20), 1):
            at = nine(told + timedelta(days))
            session.add(_answer(town, case, version, at))
        session.get_one(Case, (town.municipality_id, case.id)).state = State.SUBMITTED
    (times,) = results_of(town.database, town.slug, 2027, NOW).times
    assert (times.days, times.late) == ((12,), int(told + timedelta(12) > case.due_on))


def _answer(town: Town, case: Case, version: int, at: datetime) -> Answer:
    post_id = next(each.post_id for each in town.notices() if each.case_id == case.id)
    return Answer(
        case_id=case.id, version=version, form_id=f"form{version}", post_id=post_id, submitted_at=at, signed_by="A"
    )


def test_each_mail_that_has_left_is_counted_once(town: Town) -> None:
    left = [each for each in town.mails() if each.status is MailStatus.ACCEPTED and each.finished_at]
    mails = results_of(town.database, town.slug, 2027, NOW).months.mails
    assert sum(mails) == len(left) > 0
    assert mails[0] == sum(local_date(each.finished_at).month == 1 for each in left if each.finished_at)


def test_mails_on_trial_were_for_nobody(town: Town) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Mail).values(trial_to="prov@example.org"))
    assert sum(results_of(town.database, town.slug, 2027, NOW).months.mails) == 0


def test_an_unknown_policy_is_not_here(town: Town) -> None:
    with pytest.raises(NotHere):
        results_of(town.database, town.slug, 2027, NOW, "inget")
