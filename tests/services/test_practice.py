"""How a municipality works can be changed; what that moves is planned anew, and nonsense is refused in Swedish."""

from __future__ import annotations

from datetime import date, time
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from sqlalchemy import select

from styrhjul.db.case_model import SubjectKind, Wake
from styrhjul.db.journal import entries
from styrhjul.db.session import Database
from styrhjul.domain.journal import Entry, EntryKind
from styrhjul.domain.lifecycle import State
from styrhjul.domain.practice import USUAL, FirstYearGoals, NoSuchPractice
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.services.municipality.practice import OwnPractice, PracticeChange, set_practice, show_practice
from styrhjul.services.overview.forecast import forecast
from tests.town import FOLLOWED_FROM, Town, build_town, nine
from workflows import LIFECYCLES

OPENS = date(2027, 1, 7)


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database, kinds=(ActionKind.FOLLOW_UP,))


def change(town: Town, on: date = FOLLOWED_FROM, **values: Any) -> tuple[str, ...]:  # noqa: ANN401 - settings
    return set_practice(town.database, town.municipality_id, PracticeChange(**values), nine(on))


def journalled(town: Town) -> list[Entry]:
    with town.database.reading(town.municipality_id) as session:
        return [entry for entry, _ in entries(session) if entry.kind is EntryKind.PRACTICE_CHANGED]


def test_a_municipality_that_has_said_nothing_works_as_most_do(town: Town) -> None:
    own = show_practice(town.database, town.municipality_id)
    assert own == OwnPractice(practice=USUAL, chief_executive_title="kommunchef")


def test_what_is_changed_is_kept_and_the_rest_stays(town: Town) -> None:
    names = change(town, digest_weekday=3, office_closes=time(16), chief_executive_title=" kommundirektör ")
    own = show_practice(town.database, town.municipality_id)
    assert names == ("digest_weekday", "office_closes", "chief_executive_title")
    assert (own.practice.digest_weekday, own.practice.office_opens) == (3, time(8))
    assert (own.practice.office_closes, own.chief_executive_title) == (time(16), "kommundirektör")


def test_mails_give_the_number_that_the_municipality_has_chosen(town: Town) -> None:
    change(town, phone="0123-456 78")
    town.live(OPENS)
    said = {plain_text(raw) for _, raw in town.transport.taken}
    assert said
    assert all("ring 0123-456 78" in words for words in said)
    assert change(town, phone="") == ("phone",)
    assert show_practice(town.database, town.municipality_id).phone is None


def plain_text(raw: bytes) -> str:
    body = message_from_bytes(raw, policy=default).get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())


def test_every_setting_can_be_changed(town: Town) -> None:
    goals = FirstYearGoals.OUTGOING
    change(town, rest_months=frozenset(), office_opens=time(7), first_year_goals=goals, currency_review=True)
    practice = show_practice(town.database, town.municipality_id).practice
    assert (practice.rest_months, practice.office_opens) == (frozenset(), time(7))
    assert (practice.first_year_goals, practice.currency_review) == (goals, True)


def test_the_journal_keeps_what_it_was_and_what_it_became(town: Town) -> None:
    change(town, rest_months=frozenset({6, 7}))
    change(town, rest_months=frozenset({6, 7}))
    (entry,) = journalled(town)
    assert entry.data == {"rest_months": ["6", "7"], "rest_months_before": ["7"]}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"digest_weekday": 6}, "måndag till fredag"),
        ({"rest_months": frozenset({13})}, "högst tre månader"),
        ({"rest_months": frozenset({5, 6, 7, 8})}, "högst tre månader"),
        ({"office_opens": time(17)}, "öppna innan det stänger"),
        ({"chief_executive_title": "  "}, "vad kommunen kallar"),
        ({"phone": "ring mig"}, "skriv numret"),
        ({"phone": "0123-456 78\r\nBcc: x@example.org"}, "skriv numret"),
        ({"chief_executive_title": "chef\u202e"}, "tecken som inte syns"),
    ],
)
def test_what_could_not_work_is_refused_and_changes_nothing(town: Town, values: dict[str, Any], words: str) -> None:
    with pytest.raises(NoSuchPractice, match=words):
        change(town, currency_review=True, **values)
    assert show_practice(town.database, town.municipality_id).practice == USUAL
    assert journalled(town) == []


def test_everything_is_looked_at_again(town: Town) -> None:
    town.sweep(OPENS)
    change(town, OPENS, digest_weekday=0)
    with town.database.reading(town.municipality_id) as session:
        woken = session.execute(select(Wake.subject_kind, Wake.lifecycle).where(Wake.wake_on <= OPENS)).all()
    assert {lifecycle for kind, lifecycle in woken if kind is SubjectKind.POLICY} == set(LIFECYCLES)
    assert sum(kind is SubjectKind.CASE for kind, _ in woken) == len(
        [case for case in town.cases() if case.closed_on is None]
    )
    assert town.sweep(OPENS).quarantined == 0


def test_the_digest_day_moves_in_the_forecast(town: Town) -> None:
    change(town, digest_weekday=0)
    lines = forecast(town.database, town.municipality_id, start=FOLLOWED_FROM, until=date(2027, 4, 30))
    assert {line.on.weekday() for line in lines if line.rung == "chief_executive"} == {0}


def test_a_yearly_review_of_every_document_opens_cases_of_its_own(town: Town) -> None:
    change(town, currency_review=True)
    lines = forecast(town.database, town.municipality_id, start=FOLLOWED_FROM, until=date(2027, 12, 31))
    assert {line.period for line in lines if line.lifecycle == "currency_review"} == {"2026", "2027"}


def test_a_review_decided_late_asks_nobody_about_the_years_before(town: Town) -> None:
    decided = date(2028, 12, 1)
    change(town, decided, currency_review=True)
    town.sweep(decided)
    cases = {case.period: case.state for case in town.cases() if case.lifecycle == "currency_review"}
    assert cases == dict.fromkeys(("2026", "2027", "2028"), State.NOT_FOLLOWED)
