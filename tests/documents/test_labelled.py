"""The three adopted texts, and five constructed ones on other layouts, read as their label files say."""

from __future__ import annotations

import pytest

from styrhjul.documents import ONLY_EXISTING_PLANS
from styrhjul.domain.vocabulary import ActionKind, Confidence
from tests.documents.labelled import PRACTICE, SEEDS, Labelled, duty_differences, match, metadata_differences, seed

ALL = pytest.mark.parametrize("labelled", [*SEEDS, *PRACTICE], ids=lambda one: one.name)


def test_every_example_has_a_label_file() -> None:
    assert [one.name for one in SEEDS] == ["grums", "herrljunga", "olofstrom"]
    assert len(PRACTICE) == 5


@ALL
def test_every_metadata_field_is_as_labelled(labelled: Labelled) -> None:
    assert metadata_differences(labelled, labelled.read()) == {}


@ALL
def test_every_lifecycle_duty_is_as_labelled(labelled: Labelled) -> None:
    reading = labelled.read()
    for wanted in labelled.lifecycle:
        duty = match(wanted, reading)
        assert duty is not None, wanted["quote"]
        assert duty_differences(wanted, duty) == {}, wanted["quote"]


@ALL
def test_every_other_labelled_duty_is_found_with_its_actor_and_modality(labelled: Labelled) -> None:
    reading = labelled.read()
    for wanted in labelled.label["duties"]:
        duty = match(wanted, reading)
        assert duty is not None, wanted["quote"]
        assert (duty.actor, duty.modality) == (wanted["actor"], wanted["modality"]) or wanted in labelled.lifecycle


@ALL
def test_no_distractor_is_reported(labelled: Labelled) -> None:
    quotes = [duty.quote for duty in labelled.read().duties]
    for distractor in labelled.label["distractors"]:
        assert not [quote for quote in quotes if distractor["quote"] in quote or quote in distractor["quote"]]


@ALL
def test_no_lifecycle_duty_is_invented(labelled: Labelled) -> None:
    reading = labelled.read()
    known = [duty for wanted in labelled.lifecycle if (duty := match(wanted, reading)) is not None]
    assert [
        duty for duty in reading.duties if duty.action_kind is not ActionKind.OTHER_DUTY and duty not in known
    ] == []


@ALL
def test_every_quote_is_verbatim_at_its_offsets(labelled: Labelled) -> None:
    duties = labelled.read().duties
    assert duties
    assert all(labelled.text[duty.start : duty.end] == duty.quote for duty in duties)
    assert [duty.start for duty in duties] == sorted(duty.start for duty in duties)


def test_a_passive_that_goes_on_has_the_actor_of_the_sentence_before() -> None:
    duty = next(duty for duty in seed("grums").read().duties if duty.quote.startswith("Vidare ska de projekt"))
    assert duty.actor == "Kommunchefen"


def test_only_plans_that_somebody_chose_to_draw_up_are_followed_up() -> None:
    duties = {duty.quote: duty for duty in seed("grums").read().duties}
    duty = duties["Kommunchefen ansvarar för att de upprättade handlingsplanerna följs upp."]
    assert duty.condition == ONLY_EXISTING_PLANS
    assert [duty.condition for duty in duties.values()].count(ONLY_EXISTING_PLANS) == 1


def test_functions_listed_as_examples_are_addressees() -> None:
    plan = next(duty for duty in seed("grums").read().duties if duty.action_kind is ActionKind.ACTION_PLAN)
    assert plan.addressees == (
        "flyktingmottagandet",
        "skola/förskola",
        "arbetsmarknadsenhet",
        "område kultur och fritid",
    )


def test_follow_up_and_report_in_one_sentence_are_two_duties_with_one_quote() -> None:
    sentence = "Uppföljningen och utvärderingen sker årligen och redovisas i årsredovisningen."
    duties = [duty for duty in seed("olofstrom").read().duties if duty.quote == sentence]
    assert [duty.action_kind for duty in duties] == [ActionKind.FOLLOW_UP, ActionKind.REPORT]
    assert [duty.artefact for duty in duties] == [None, "årsredovisningen"]
    assert {duty.actor for duty in duties} == {None}


def test_a_defined_term_tells_whom_an_actor_stands_for() -> None:
    reading = seed("olofstrom").read()
    members = ("nämnder", "förvaltningar", "styrelser", "bolag")
    assert dict(reading.defined_terms) == {"kommunal verksamhet": members}
    goals = [duty for duty in reading.duties if duty.action_kind is ActionKind.SET_GOALS]
    assert len(goals) == 3
    assert {duty.addressees for duty in goals} == {members}


def test_a_purpose_without_a_binding_word_waits_for_a_person() -> None:
    purposes = [duty for duty in seed("herrljunga").read().duties if duty.quote.startswith("Att ")]
    assert {duty.confidence for duty in purposes} == {Confidence.LOW}
    assert all("Avgör om det är en skyldighet" in duty.reason for duty in purposes)


def test_first_adoption_is_kept_as_the_year_the_prose_gives() -> None:
    assert seed("herrljunga").read().metadata.first_adopted == "2014"
    assert seed("olofstrom").read().metadata.first_adopted is None


def test_a_note_after_a_date_label_is_told_and_not_taken() -> None:
    warnings = seed("grums").read().warnings
    assert "Efter ”Reviderad datum” står ”Redaktionella ändringar”, som inte är ett datum." in warnings
