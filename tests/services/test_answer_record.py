"""An answer as a record: every version with who, in which office, what was decided, and a hash to check it by."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from styrhjul.domain.answer import (
    Attainment,
    FollowUpAnswer,
    GoalsAnswer,
    GoalText,
    Judgement,
    Planning,
    PlansAnswer,
    PlanText,
    Projects,
    ProjectsAnswer,
    ProjectText,
)
from styrhjul.services.answering.answer import Submission, submit
from styrhjul.services.foundation.mailroom import Mailroom
from styrhjul.services.records.answer_pdf import answer_pdf
from styrhjul.services.records.record import NoSuchRecord, metadata_json
from styrhjul.services.records.saving import answer_record_of
from tests.answer_world import NOW, QUOTES, World, ask
from tests.reports.pdf_parts import everything, letters

if TYPE_CHECKING:
    from styrhjul.db.session import Database
    from styrhjul.services.records.answer_record import AnswerRecord

GOAL = GoalText(
    text="Fler ska kunna påverka #1 *utan krångel*.",
    indicator="Andel, ƒ",
    baseline="41 %",
    target="50 %",
    responsible="Enhetschefen",
)
GOALS = GoalsAnswer(goals=(GOAL,), signed_by="Åsa Łukasz", decided_on=date(2027, 3, 3), paragraph="12")


@pytest.fixture
def world(database: Database) -> World:
    return ask(database)


def given(database: Database, mailroom: Mailroom, world: World, *answers: object) -> AnswerRecord:
    """Hand in one version after the other, a day apart; return the record."""
    for number, answer in enumerate(answers):
        handed = Submission(token=world.holder, answer=answer, form_id=f"{number:032}", seen_version=number)  # type: ignore[arg-type]
        submit(database, mailroom, handed, now=NOW + timedelta(days=number))
    return answer_record_of(database, world.municipality_id, world.case_id)


def test_it_says_who_answered_in_which_office_and_when(database: Database, mailroom: Mailroom, world: World) -> None:
    [version] = given(database, mailroom, world, GOALS).metadata.versions
    assert (version.signed_by, version.office) == ("Åsa Łukasz", "Ordförande, Socialnämnden")
    assert version.submitted_at == datetime(2027, 3, 10, 9, tzinfo=UTC)
    assert version.dated_at.isoformat() == "2027-03-10T10:00:00+01:00"
    assert (version.decided_on, version.paragraph) == (date(2027, 3, 3), "12")


def test_it_says_what_the_registry_asks_for(database: Database, mailroom: Mailroom, world: World) -> None:
    told = given(database, mailroom, world, GOALS).metadata
    assert (told.municipality, told.diary_number) == ("Herrljunga kommun", "KS-2016-284")
    assert told.subject == "Svar: Mål 2027, Socialnämnden"
    assert told.receiver.address == "registrator@herrljunga.example.org"
    assert told.quotes == (QUOTES["goal_setting"],)
    assert told.source == "Integrationspolicy, Kommunfullmäktige 2017-11-14, dnr KS-2016-284"
    assert told.attachments == ()


def test_every_version_is_kept_the_first_one_first(database: Database, mailroom: Mailroom, world: World) -> None:
    later = replace(GOALS, goals=(GOAL, replace(GOAL, text="Ett till.")), signed_by="Anna")
    told = given(database, mailroom, world, GOALS, later).metadata
    assert [(each.version, each.signed_by) for each in told.versions] == [(1, "Åsa Łukasz"), (2, "Anna")]
    assert told.dated_at == told.versions[1].dated_at
    assert len({each.sha256 for each in told.versions}) == 2


def test_the_line_of_the_journal_is_that_versions_own(database: Database, mailroom: Mailroom, world: World) -> None:
    told = given(database, mailroom, world, GOALS, replace(GOALS, signed_by="Anna")).metadata
    lines = [each.journal for each in told.versions]
    assert [len(each) for each in lines] == [1, 1]
    assert lines[0][0].number < lines[1][0].number


def test_anybody_can_work_the_hash_out_again_from_the_file(
    database: Database, mailroom: Mailroom, world: World
) -> None:
    read = json.loads(metadata_json(given(database, mailroom, world, GOALS).metadata))
    [version] = read["versions"]
    canonical = json.dumps(version["content"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert sha256(canonical.encode()).hexdigest() == version["sha256"]
    assert version["content"]["goals"][0]["baseline"] == "41 %"


def test_no_handle_of_the_program_is_in_the_file(database: Database, mailroom: Mailroom, world: World) -> None:
    written = metadata_json(given(database, mailroom, world, GOALS).metadata)
    assert f"{0:032}".encode() not in written
    assert world.holder.encode() not in written


def test_the_pdf_is_the_same_each_time_and_holds_the_json(database: Database, mailroom: Mailroom, world: World) -> None:
    record = given(database, mailroom, world, GOALS)
    pdf = answer_pdf(record)
    assert pdf == answer_pdf(answer_record_of(database, world.municipality_id, world.case_id))
    assert metadata_json(record.metadata) in everything(pdf)
    assert set("Fler ska kunna påverka #1 *utan krångel*.41 %§12Łƒ") <= letters(pdf) | {"\N{NO-BREAK SPACE}"}
    assert b"/Lang(sv)" in pdf


PLANS = PlansAnswer(signed_by="A", outcome=Planning.PLANS, plans=(PlanText(title="Plan A", responsible="B"),))
PROJECTS = ProjectsAnswer(
    signed_by="A",
    outcome=Projects.PROJECTS,
    projects=(ProjectText(title="Språkcafé", attainment=Attainment.MET, analysis="Ja\nmen."),),
)
JUDGED = FollowUpAnswer(
    judgements=(Judgement(goal_id=None, attainment=Attainment.PARTLY_MET, analysis="Hälften 😀."),), signed_by="A"
)


@pytest.mark.parametrize(
    ("lifecycle", "answer"),
    [("action_planning", PLANS), ("project_follow_up", PROJECTS), ("follow_up", JUDGED)],
)
def test_every_kind_of_answer_can_be_kept(
    database: Database, mailroom: Mailroom, lifecycle: str, answer: object
) -> None:
    record = given(database, mailroom, ask(database, lifecycle), answer)
    assert answer_pdf(record).startswith(b"%PDF-1.7")
    assert record.metadata.versions[0].content["signed_by"] == "A"


def test_a_case_without_an_answer_has_no_record(database: Database, world: World) -> None:
    with pytest.raises(NoSuchRecord, match="inget svar än"):
        answer_record_of(database, world.municipality_id, world.case_id)


def test_another_municipalitys_answer_is_not_here(database: Database, mailroom: Mailroom, world: World) -> None:
    given(database, mailroom, world, GOALS)
    other = ask(database, slug="grums")
    with pytest.raises(NoSuchRecord):
        answer_record_of(database, other.municipality_id, world.case_id)
