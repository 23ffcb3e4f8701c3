"""A municipality's own ladders: read in whole or not at all, and climbed by all that sends or foretells mails."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from styrhjul.db.case_model import Wake
from styrhjul.db.course_model import LadderOverride
from styrhjul.db.journal import entries
from styrhjul.db.session import Database
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import Entry, EntryKind
from styrhjul.domain.rung import Audience
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.mail.outcome import Accepted, TryLater
from styrhjul.services.municipality.ladder import (
    LadderReport,
    NoSuchPolicy,
    import_ladders,
    show_ladders,
    unfit_ladders,
)
from styrhjul.services.municipality.ladder_file import FaultyLadder, LadderFile
from styrhjul.services.overview.forecast import Change, ForecastLine, Span, compare, forecast
from tests.town import FOLLOWED_FROM, Town, build_town, nine
from workflows import LIFECYCLES

EXAMPLE = Path(__file__).parents[2] / "examples" / "ladders.toml"
OPENS = date(2027, 1, 7)
TWICE = "[follow_up.reminder]\ndays = -15\ncap = 2\nevery = 5\n"
OF_THE_POLICY = '[policy."policy".follow_up.last_reminder]\ncap = 0\n'


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database, kinds=(ActionKind.FOLLOW_UP,))


def read(town: Town, text: str, on: date = FOLLOWED_FROM) -> LadderReport:
    return import_ladders(town.database, town.municipality_id, LadderFile("ladder.toml", text), nine(on))


def faults(town: Town, text: str) -> list[str]:
    with pytest.raises(FaultyLadder) as refusal:
        read(town, text)
    return refusal.value.faults


def own(town: Town, policy: str | None = None) -> dict[str, tuple[str, ...]]:
    lines = show_ladders(town.database, town.municipality_id, policy)
    return {f"{line.lifecycle}.{line.rung}": line.own for line in lines if line.own}


def journalled(town: Town) -> list[Entry]:
    with town.database.reading(town.municipality_id) as session:
        return [entry for entry, _ in entries(session) if entry.kind is EntryKind.LADDER_CHANGED]


def wakes(town: Town) -> set[date]:
    with town.database.reading(town.municipality_id) as session:
        return set(
            session.scalars(select(Wake.wake_on).where(Wake.lifecycle == "follow_up", Wake.subject_kind == "case"))
        )


def test_a_file_becomes_the_municipality_s_own_ladders(town: Town) -> None:
    assert read(town, TWICE + OF_THE_POLICY) == LadderReport(rungs=2, changed=("follow_up",), woken=0)
    assert own(town) == {"follow_up.reminder": ("days",), "follow_up.reminder_2": ("cap",)}
    assert own(town, "policy")["follow_up.last_reminder"] == ("cap",)


def test_a_second_file_replaces_the_first(town: Town) -> None:
    read(town, TWICE)
    read(town, OF_THE_POLICY)
    assert own(town) == {}


def test_reading_the_same_file_again_changes_nothing(town: Town) -> None:
    read(town, TWICE)
    assert read(town, TWICE).changed == ()
    assert len(journalled(town)) == 1


def test_the_journal_keeps_what_it_was_and_what_it_became(town: Town) -> None:
    read(town, TWICE)
    read(town, "")
    first, second = (entry.data for entry in journalled(town))
    assert first["rungs"] == second["before"] == ["follow_up.reminder days=-15 cap=2 every=5"]
    assert first["before"] == second["rungs"] == []


def test_the_shipped_example_says_what_is_declared_and_therefore_changes_nothing(town: Town) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert read(town, text) == LadderReport(rungs=0, changed=(), woken=0)
    assert [key for each in LIFECYCLES.values() for key in (r.key for r in each.ladder)] == [
        line.strip("[]").split(".")[1] for line in text.splitlines() if line.startswith("[")
    ]


FAULTY = {
    "[follow_up.reminder]\ndays = 'tio'": "follow_up.reminder.days: Skriv ett heltal",
    "[follow_up.reminder]\ndays = true": "follow_up.reminder.days: Skriv ett heltal",
    "[follow_up.reminder]\nmail = 3": "follow_up.reminder.mail: Skriv en text",
    "[follow_up.reminder]\nunit = 'weeks'": "follow_up.reminder.unit: ”weeks” finns inte. Skriv working, calendar.",
    "[follow_up.reminder]\ndayz = 3": "follow_up.reminder.dayz: Nyckeln finns inte",
    "[follow_upp.reminder]\ndays = 3": "follow_upp: Det finns ingen sådan runda",
    "[follow_up.reminderr]\ndays = 3": "follow_up.reminderr: Steget finns inte",
    "follow_up = 3": "follow_up: Här ska det stå en tabell",
    "[follow_up.reminder]\nto = 'chief_executive'": "follow_up.reminder.to: Den som står över",
    "[follow_up.reminder]\nmail = 'goals_reminder'": "follow_up.reminder.mail: Mejlet goals_reminder hör inte till",
    "[goal_setting.chief_executive]\nmail = 'goals_opened'": (
        "goal_setting.chief_executive.mail: Mejlet goals_opened hör inte till det här steget. Skriv goals_escalation."
    ),
    "[goal_setting.warning]\ndays = 2": "goal_setting.warning.days: Förvarningen kommer senast på fristens dag",
    "[goal_setting.head]\nto = 'chair'": (
        "goal_setting.head.to: Steget går upp. Skriv chief_executive, executive_board eller head_of_administration."
    ),
    "[policy.nope.follow_up.reminder]\ndays = -9": 'policy."nope": Dokumentet finns inte. De som finns är policy.',
    "[policy.policy.follow_up.warning]\ncap = 0": 'policy."policy".follow_up.warning.cap: Förvarningen kan inte',
}


@pytest.mark.parametrize("text", FAULTY)
def test_a_fault_names_the_file_and_the_key(town: Town, text: str) -> None:
    (fault,) = faults(town, text)
    assert fault.startswith(f"ladder.toml, {FAULTY[text]}")


def test_a_file_that_is_no_toml_is_refused_by_its_name(town: Town) -> None:
    assert faults(town, "[follow_up") == ["ladder.toml, i slutet: en hakparentes saknas. Rätta filen."]


def test_every_fault_is_told_and_a_faulty_file_changes_nothing(town: Town) -> None:
    read(town, TWICE)
    assert len(faults(town, "[follow_up.reminder]\ndays = 'x'\nfoo = 1\n[revision.opened]\nevery = 0.5")) == 3
    assert own(town) == {"follow_up.reminder": ("days",), "follow_up.reminder_2": ("cap",)}
    assert len(journalled(town)) == 1


def test_a_fault_that_all_documents_share_is_told_once(town: Town) -> None:
    both = "[follow_up.warning]\ncap = 0\n[policy.policy.follow_up.reminder]\ndays = -12"
    assert len(faults(town, both)) == 1


def test_a_document_that_is_not_there_has_no_ladder_to_show(town: Town) -> None:
    with pytest.raises(NoSuchPolicy, match="De som finns är policy"):
        show_ladders(town.database, town.municipality_id, "nope")


def test_a_changed_ladder_wakes_the_open_cases_and_they_sleep_until_their_new_day(town: Town) -> None:
    town.sweep(OPENS)
    assert wakes(town) == {date(2027, 2, 12)}
    assert read(town, "[follow_up.reminder]\ndays = -12", OPENS).woken == 2
    assert wakes(town) == {OPENS}
    town.sweep(OPENS)
    assert wakes(town) == {date(2027, 2, 10)}


def foreseen(town: Town, start: date = OPENS) -> list[ForecastLine]:
    return forecast(town.database, town.municipality_id, start=start, until=date(2027, 4, 30))


def test_what_waits_for_a_rung_taken_away_is_cancelled(town: Town) -> None:
    town.sweep(OPENS)
    read(town, "[follow_up.opened]\ncap = 0", OPENS)
    told = {(notice.status, notice.reason) for notice in town.notices() if notice.rung == "opened"}
    assert told == {(NoticeStatus.CANCELLED, "Steget finns inte längre i kommunens trappa.")}


def test_the_sweep_climbs_the_municipality_s_ladder(town: Town) -> None:
    read(town, TWICE)
    days = {line.rung: line.on for line in foreseen(town) if line.rung.startswith("reminder")}
    for day in (OPENS, *sorted(days.values())):
        town.sweep(day)
    ledger = {notice.rung: notice.planned_on for notice in town.notices() if notice.rung in days}
    assert ledger == days
    assert set(days) == {"reminder", "reminder_2"}


def test_a_comparison_tells_what_is_added_removed_and_moved_and_writes_nothing(town: Town) -> None:
    file = LadderFile(
        "ladder.toml",
        "[follow_up.reminder]\ndays = -12\n[follow_up.last_reminder]\ncap = 0\n[follow_up.opened]\ncap = 2\nevery = 3",
    )
    changes = compare(town.database, town.municipality_id, file, Span(FOLLOWED_FROM, date(2027, 4, 30)))
    kinds = {(each.line.rung, each.change) for each in changes}
    assert kinds == {
        ("reminder", Change.MOVED),
        ("last_reminder", Change.REMOVED),
        ("opened_2", Change.ADDED),
    }
    assert all((each.was_on is None) == (each.change is Change.ADDED) for each in changes)
    assert own(town) == {}


def test_a_file_that_says_what_is_so_already_changes_nothing_in_the_forecast(town: Town) -> None:
    file = LadderFile(EXAMPLE.name, EXAMPLE.read_text(encoding="utf-8"))
    assert compare(town.database, town.municipality_id, file, Span(FOLLOWED_FROM, date(2027, 4, 30))) == []


def test_in_a_round_that_is_open_only_what_has_not_left_follows_the_new_ladder(town: Town) -> None:
    town.live(OPENS)
    file = LadderFile("ladder.toml", "[follow_up.opened]\ncap = 0\n[follow_up.reminder]\ndays = -20")
    changes = compare(town.database, town.municipality_id, file, Span(date(2027, 2, 1), date(2027, 2, 28)))
    told = {(each.line.rung, each.change, each.line.on) for each in changes}
    assert told == {("reminder", Change.MOVED, date(2027, 2, 1))}  # its new day has passed: it leaves at once


def test_a_repeated_reminder_taken_away_after_it_left_does_not_silence_what_stands_above_it(town: Town) -> None:
    read(town, TWICE)
    days = {line.rung: line.on for line in foreseen(town)}
    for day in (OPENS, days["reminder"], days["reminder_2"]):
        town.live(day)
    read(town, "", days["reminder_2"])
    for day in (days["last_reminder"], days["warning"]):
        town.live(day)
    left = {notice.rung for notice in town.notices() if notice.delivered_on}
    assert {"reminder_2", "last_reminder", "warning"} <= left


def test_a_reminder_that_waited_in_the_mail_does_not_leave_after_its_own_repeat(town: Town) -> None:
    read(town, TWICE)
    days = {line.rung: line.on for line in foreseen(town)}
    town.live(OPENS)
    town.transport.reply = lambda _: TryLater("451")
    town.live(days["reminder"])
    town.sweep(days["reminder_2"])
    town.compose(days["reminder_2"])
    town.transport.reply = lambda _: Accepted("250")
    town.deliver(days["reminder_2"])
    ended = {notice.rung: notice.status for notice in town.notices() if notice.rung in days and notice.rung != "opened"}
    assert ended == {"reminder": NoticeStatus.SUPERSEDED, "reminder_2": NoticeStatus.DELIVERED}


def test_stored_rows_that_no_longer_fit_are_found_named_and_mended_by_a_new_file(town: Town) -> None:
    town.sweep(OPENS)
    with town.database.municipality(town.municipality_id) as session:
        session.add(LadderOverride(lifecycle="follow_up", rung="head", audience=Audience.CHAIR))
        session.add(LadderOverride(lifecycle="follow_up", rung="halfway", policy_id=town.policy_id, days=3))
        session.add(LadderOverride(lifecycle="gone", rung="opened", days=3))
    named = unfit_ladders(town.database)
    assert [fault.split(":")[0] for fault in named] == ["lillby, follow_up.head.to"]
    assert town.sweep(date(2027, 2, 26)).quarantined > 0
    read(town, "[follow_up.reminder]\ndays = -12", date(2027, 2, 26))
    assert unfit_ladders(town.database) == []
    assert town.sweep(date(2027, 2, 26)).quarantined == 0


def test_a_row_of_one_document_that_no_longer_fits_is_named_with_the_document(town: Town) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.add(LadderOverride(lifecycle="follow_up", rung="halfway", policy_id=town.policy_id, days=3))
    assert [fault.split(":")[0] for fault in unfit_ladders(town.database)] == [
        'lillby, policy."policy".follow_up.halfway'
    ]
