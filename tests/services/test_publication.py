"""What may be public is public when it has been switched on, and nothing else ever is."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, update

from styrhjul.db.case_model import Answer, Assessment, Case, Goal
from styrhjul.db.journal import entries
from styrhjul.db.model import Duty, DutyStatus, Edition, Municipality, Policy
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import State
from styrhjul.reports.promise import Publication, RoundStanding
from styrhjul.reports.promise_file import promises_json
from styrhjul.services.api.publication import (
    PublicationView,
    public_promises,
    publication_view,
    publish_promises,
    withdraw_promises,
)
from styrhjul.services.foundation.seen_version import ChangedMeanwhile
from styrhjul.services.municipality.directory import NotHere
from tests.answer_world import NOW, ask
from tests.published_world import (
    ADDRESS,
    NUMBER,
    PERSON,
    PHONE,
    SECRET,
    SIGNER,
    USER,
    Told,
    accept,
    line_of,
    publish,
    tell,
)

if TYPE_CHECKING:
    from styrhjul.db.model import Base
    from styrhjul.db.session import Database

BY = "samordnaren"
LATER = NOW + timedelta(days=1)
MOST_QUESTIONS = 16


@pytest.fixture
def told(database: Database) -> Told:
    return tell(database)


def seen(database: Database) -> PublicationView:
    return publication_view(database, line_of(database), NOW)


def shown(database: Database) -> Publication:
    return seen(database).publication


def change(database: Database, told: Told, table: type[Base], **values: object) -> None:
    with database.register(told.world.municipality_id) as session:
        session.execute(update(table).values(values))


def standings(database: Database) -> dict[str, RoundStanding]:
    return {each.round_id: each.standing for each in shown(database).rounds}


def test_it_is_closed_until_somebody_opens_it_and_again_when_it_is_closed(database: Database, told: Told) -> None:
    with pytest.raises(NotHere):
        public_promises(database, "herrljunga", NOW)
    publish(database)
    assert public_promises(database, "herrljunga", NOW) == shown(database)
    assert withdraw_promises(database, told.world.municipality_id, NOW, by=BY)
    assert not withdraw_promises(database, told.world.municipality_id, NOW, by=BY)
    with pytest.raises(NotHere):
        public_promises(database, "herrljunga", NOW)


def test_the_journal_says_who_opened_it_and_what_they_had_seen(database: Database, told: Told) -> None:
    mark = seen(database).mark
    publish(database)
    withdraw_promises(database, told.world.municipality_id, NOW, by=BY)
    with database.reading(told.world.municipality_id) as session:
        lines = [entry for entry, _ in entries(session)][-2:]
    assert [(each.kind, each.by, dict(each.data)) for each in lines] == [
        (EntryKind.PROMISES_PUBLISHED, BY, {"sha256": mark}),
        (EntryKind.PROMISES_WITHDRAWN, BY, {}),
    ]


def test_nothing_becomes_public_unseen(database: Database, told: Told) -> None:
    mark = seen(database).mark
    accept(database, told)
    with pytest.raises(ChangedMeanwhile):
        publish_promises(database, line_of(database), mark, NOW, by=BY)
    with pytest.raises(NotHere):
        public_promises(database, "herrljunga", NOW)


def test_a_decided_goal_is_shown_and_a_follow_up_only_when_it_has_been_accepted(database: Database, told: Told) -> None:
    assert [goal.goal_id for goal in shown(database).goals] == [told.goal_id]
    assert shown(database).assessments == ()
    assert standings(database)[told.follow_up] is RoundStanding.HANDED_IN
    accept(database, told)
    (judged,) = shown(database).assessments
    assert (judged.goal_id, judged.attainment, judged.result) == (told.goal_id, "partly_met", "55 %")
    assert standings(database)[told.follow_up] is RoundStanding.ANSWERED


@pytest.mark.parametrize("decided_on", [None, date(2027, 3, 11)])
def test_a_goal_is_not_shown_before_it_is_decided(database: Database, told: Told, decided_on: date | None) -> None:
    change(database, told, Answer, decided_on=decided_on)
    assert shown(database).goals == ()
    (goals,) = (each for each in shown(database).rounds if each.round_id == told.goals)
    assert (goals.standing, goals.decided_on, goals.paragraph) == (RoundStanding.HANDED_IN, None, None)


@pytest.mark.parametrize(
    ("state", "due_on", "standing"),
    [
        (State.OPEN, date(2027, 3, 10), RoundStanding.AWAITED),
        (State.OPEN, date(2027, 3, 9), RoundStanding.MISSING),
        (State.LAPSED, date(2027, 3, 31), RoundStanding.MISSING),
        (State.WAIVED, date(2027, 3, 9), RoundStanding.WAIVED),
    ],
)
def test_an_answer_that_does_not_stand_is_never_shown(
    database: Database, told: Told, state: State, due_on: date, standing: RoundStanding
) -> None:
    """One that was sent back is open again, and what it said stays here."""
    change(database, told, Case, state=state, due_on=due_on)
    assert set(standings(database).values()) == {standing}
    assert (shown(database).goals, shown(database).assessments) == ((), ())


def test_what_is_only_recommended_is_never_missing(database: Database, told: Told) -> None:
    change(database, told, Case, state=State.OPEN, due_on=date(2027, 3, 9), is_binding=False)
    assert set(standings(database).values()) == {RoundStanding.NO_ANSWER}


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (Duty, {"status": DutyStatus.PROPOSED}),
        (Duty, {"status": DutyStatus.REJECTED}),
        (Edition, {"superseded_on": date(2027, 3, 1)}),
        (Edition, {"adopted_on": date(2027, 3, 11)}),
        (Edition, {"valid_from": date(2027, 3, 11)}),
        (Policy, {"repealed_on": date(2027, 3, 10)}),
        (Policy, {"released_at": None}),
        (Policy, {"released_at": LATER}),
        (Policy, {"starts_on": date(2027, 3, 11)}),
        (Municipality, {"released_at": None}),
        (Municipality, {"released_at": LATER}),
    ],
)
def test_nothing_is_promised_before_it_is_decided_or_after_it_has_ended(
    database: Database, told: Told, table: type[Base], values: dict[str, object]
) -> None:
    assert len(shown(database).promises) == 1
    change(database, told, table, **values)
    found = shown(database)
    assert (found.policies, found.promises, found.rounds, found.goals) == ((), (), (), ())


def test_no_person_is_in_any_of_it(database: Database, told: Told) -> None:
    accept(database, told)
    said = promises_json(shown(database)).decode()
    for person in (PERSON, USER, SIGNER, ADDRESS, NUMBER, PHONE, SECRET):
        assert person.lower() not in said.lower()
    assert "Fler i arbete, säger [namn] kollega [namn]" in said
    assert "Mejla [e-postadress] eller ring [telefonnummer]. [namn] har ärende [personnummer]." in said


#: Every column that people type and the page shows, with the table of the page that it stands in.
TYPED = (
    *((Policy, "title"), (Edition, "adopted_by"), (Duty, "quote"), (Duty, "deadline")),
    *((Goal, "text"), (Goal, "indicator"), (Goal, "baseline"), (Goal, "target")),
    *((Assessment, "result"), (Assessment, "analysis"), (Assessment, "next_step")),
)


def test_each_field_that_people_type_is_masked(database: Database, told: Told) -> None:
    accept(database, told)
    for table, column in TYPED:
        change(database, told, table, **{column: f"Enligt {PERSON}"})
    found = asdict(shown(database))
    masked = {
        *(("policies", "title"), ("policies", "adopted_by"), ("promises", "quote"), ("promises", "deadline")),
        *(("goals", name) for name in ("goal", "indicator", "baseline", "target")),
        *(("assessments", name) for name in ("goal", "result", "analysis", "next_step")),
    }
    assert {(table, name): {row[name] for row in found[table]} for table, name in masked} == {
        each: {"Enligt [namn]"} for each in masked
    }


FIELDS = {
    "policies": {"policy", "title", "adopted_by", "adopted_on", "paragraph", "diary_number"},
    "promises": {
        *("promise_id", "policy", "quote", "modality", "action_kind", "recurrence", "deadline", "bodies"),
    },
    "rounds": {
        *("round_id", "policy", "promises", "body", "lifecycle", "name", "period", "due_on", "standing", "decided_on"),
        *("paragraph", "outcome"),
    },
    "goals": {
        *("goal_id", "round_id", "policy", "body", "period", "goal", "indicator", "baseline", "target", "decided_on"),
        "paragraph",
    },
    "assessments": {
        *("assessment_id", "round_id", "goal_id", "policy", "body", "period", "goal", "attainment", "result", "trend"),
        *("analysis", "next_step", "decided_on", "paragraph"),
    },
    "organizations": {"id", "name", "classification", "parent_id", "identifiers", "dissolution_date"},
    "posts": {"id", "label", "role", "organization_id", "end_date"},
}


def test_no_field_can_hold_a_person(database: Database, told: Told) -> None:
    """A new field is decided here."""
    accept(database, told)
    found = asdict(shown(database))
    rows = {table: {name for row in found[table] for name in row} for table in FIELDS}
    assert rows == FIELDS
    assert found.keys() - FIELDS.keys() == {"municipality", "slug", "made_on"}


def test_one_municipality_sees_nothing_of_another(database: Database, told: Told) -> None:
    publish(database)
    ask(database, slug="andra")
    with pytest.raises(NotHere):
        public_promises(database, "andra", NOW)
    assert json.loads(promises_json(public_promises(database, "herrljunga", NOW)))["slug"] == "herrljunga"


def test_it_is_worked_out_once_and_again_when_something_has_been_written_down(database: Database, told: Told) -> None:
    publish(database)
    first = public_promises(database, "herrljunga", NOW)
    assert public_promises(database, "herrljunga", NOW) is first
    assert public_promises(database, "herrljunga", LATER) is not first
    change(database, told, Policy, title="Nytt namn")
    assert public_promises(database, "herrljunga", NOW).policies[0].title == "Nytt namn"


def test_it_takes_a_handful_of_questions_and_three_when_nothing_has_changed(database: Database, told: Told) -> None:
    publish(database)
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    public_promises(database, "herrljunga", NOW)
    cold = len([each for each in asked if each.startswith("SELECT")])
    asked.clear()
    public_promises(database, "herrljunga", NOW)
    assert cold <= MOST_QUESTIONS
    assert len([each for each in asked if each.startswith("SELECT")]) == 3
