"""What a setting would change is told before it is saved, and what was told is what happens."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.session import Database
from styrhjul.domain.override import WrongLadder
from styrhjul.domain.rung import Audience
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.services.foundation.seen_version import ChangedMeanwhile
from styrhjul.services.municipality.ladder import show_ladders
from styrhjul.services.municipality.ladder_edit import BrokenElsewhere, LadderEdit, edited, ladder_sheet, set_ladder
from styrhjul.services.municipality.practice import PracticeChange, set_practice, show_practice
from styrhjul.services.overview.forecast import Change, Span, compare_in, forecast
from styrhjul.services.overview.forecast_diff import Diff, ladder_diff, practice_diff
from tests.town import FOLLOWED_FROM, Town, build_town, nine

TODAY = FOLLOWED_FROM
UNTIL = date(2027, 10, 15)


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database, kinds=(ActionKind.FOLLOW_UP,))


def practice(town: Town, **values: Any) -> Diff:  # noqa: ANN401 - settings
    return practice_diff(town.database, town.municipality_id, PracticeChange(**values), TODAY)


def edit(town: Town, rung: str, policy: str | None = None, **values: Any) -> LadderEdit:  # noqa: ANN401 - fields
    followed = ladder_sheet(town.database, town.municipality_id, "follow_up", policy).followed
    rungs = tuple(replace(row, **values) if row.rung == rung else row for row in followed.values())
    return LadderEdit(lifecycle="follow_up", policy=policy, rungs=rungs)


def ladder(town: Town, edit: LadderEdit) -> Diff:
    return ladder_diff(town.database, town.municipality_id, edit, TODAY)


def save(town: Town, edit: LadderEdit, seen: str) -> bool:
    return set_ladder(town.database, town.municipality_id, edit, nine(TODAY), by="samordnaren", seen=seen)


def days(town: Town) -> list[date]:
    found = forecast(town.database, town.municipality_id, start=TODAY, until=UNTIL)
    return sorted(line.on for line in found)


def test_another_digest_day_moves_the_kommunchefs_mails_and_no_others(town: Town) -> None:
    diff = practice(town, digest_weekday=3)
    assert {each.line.rung for each in diff.changes} == {"chief_executive"}
    assert (diff.count(Change.ADDED), diff.count(Change.REMOVED)) == (0, 0)
    assert diff.count(Change.MOVED) == len(diff.changes) > 0


def test_what_is_told_is_what_the_forecast_says_once_it_is_saved(town: Town) -> None:
    before = days(town)
    diff = practice(town, digest_weekday=3, rest_months=frozenset({2, 7}))
    set_practice(
        town.database,
        town.municipality_id,
        PracticeChange(digest_weekday=3, rest_months=frozenset({2, 7})),
        nine(TODAY),
    )
    told = sorted(
        [on for on in before if on not in {each.was_on for each in diff.changes}]
        + [each.line.on for each in diff.changes if each.change is not Change.REMOVED]
    )
    assert set(told) == set(days(town))


def test_asking_writes_nothing(town: Town) -> None:
    before = show_practice(town.database, town.municipality_id)
    practice(town, digest_weekday=4, phone="0123-456 78")
    assert show_practice(town.database, town.municipality_id) == before


def test_a_title_moves_no_mail_and_is_told_as_a_change(town: Town) -> None:
    diff = practice(town, chief_executive_title="kommundirektör")
    assert (diff.names, diff.changes) == (("chief_executive_title",), ())


@pytest.mark.parametrize("today", [TODAY, date(2026, 10, 26)])
def test_a_review_decided_today_counts_only_the_rounds_that_will_be_asked(town: Town, today: date) -> None:
    """On the later day the year's own round has no whole ladder left: it is recorded and not asked."""
    change, until = PracticeChange(currency_review=True), date(today.year + 1, today.month, today.day)
    told = practice_diff(town.database, town.municipality_id, change, today)
    before = forecast(town.database, town.municipality_id, start=today, until=until)
    set_practice(town.database, town.municipality_id, change, nine(today))
    after = forecast(town.database, town.municipality_id, start=today, until=until)
    assert told.count(Change.ADDED) == len(after) - len(before) > 0


def test_a_reminder_taken_away_goes_and_another_day_moves_it(town: Town) -> None:
    gone = ladder(town, edit(town, "reminder", cap=0))
    moved = ladder(town, edit(town, "reminder", days=-15))
    assert (gone.count(Change.REMOVED), gone.count(Change.MOVED)) == (len(gone.changes), 0)
    assert moved.count(Change.MOVED) == len(moved.changes) == len(gone.changes) > 0


def test_a_ladder_is_saved_as_what_differs_and_only_where_it_was_changed(town: Town) -> None:
    wanted = edit(town, "reminder", policy="policy", days=-15)
    assert save(town, wanted, ladder(town, wanted).version)
    own = {line.rung: line.own for line in show_ladders(town.database, town.municipality_id, "policy") if line.own}
    assert own == {"reminder": ("days",)}
    assert not [line for line in show_ladders(town.database, town.municipality_id) if line.own]


def test_a_ladder_nobody_can_climb_is_refused_with_rung_and_field(town: Town) -> None:
    with pytest.raises(WrongLadder) as wrong:
        ladder(town, edit(town, "chief_executive", audience=Audience.HOLDER))
    assert (wrong.value.rung, wrong.value.field) == ("chief_executive", "audience")


def test_a_general_ladder_that_would_break_a_policys_own_is_refused(town: Town) -> None:
    own = edit(town, "reminder", policy="policy", days=-4)
    save(town, own, ladder(town, own).version)
    with pytest.raises(BrokenElsewhere, match="Trappan i policy"):
        ladder(town, edit(town, "last_reminder", days=-8))


def test_nothing_is_saved_when_something_else_has_changed_since(town: Town) -> None:
    wanted = edit(town, "reminder", days=-15)
    seen = ladder(town, wanted).version
    set_practice(town.database, town.municipality_id, PracticeChange(digest_weekday=3), nine(TODAY))
    with pytest.raises(ChangedMeanwhile):
        save(town, wanted, seen)
    with pytest.raises(ChangedMeanwhile):
        set_practice(town.database, town.municipality_id, PracticeChange(phone=""), nine(TODAY), seen=seen)
    assert not [line for line in show_ladders(town.database, town.municipality_id) if line.own]


def test_only_what_a_ladder_concerns_is_computed_and_nothing_else_would_differ(town: Town) -> None:
    wanted = edit(town, "reminder", days=-15)
    with town.database.reading(town.municipality_id) as session:
        other = replace(load_organisation(session), overrides=edited(session, wanted))
        every = compare_in(session, other, Span(TODAY, UNTIL))
    assert [each.line for each in every] == [each.line for each in ladder(town, wanted).changes]


def test_office_hours_move_no_mail_to_another_day(town: Town) -> None:
    diff = practice(town, office_opens=time(9))
    assert (diff.names, diff.changes) == (("office_opens",), ())
