"""Whom the words of a text point out, in a municipality with one of each kind of body."""

from __future__ import annotations

from dataclasses import replace

import pytest

from styrhjul.documents import FoundDuty
from styrhjul.domain.lifecycle import Holder
from styrhjul.domain.vocabulary import ActionKind, BodyKind, Modality
from styrhjul.services.policies.binding import BodyRef, Setting, adopter_of, bind, bind_all, is_unmatched

BODIES = (
    BodyRef(body_id="kf", name="Kommunfullmäktige", kind=BodyKind.COUNCIL),
    BodyRef(body_id="ks", name="Kommunstyrelsen", kind=BodyKind.EXECUTIVE_BOARD),
    BodyRef(body_id="soc", name="Socialnämnden", kind=BodyKind.COMMITTEE),
    BodyRef(body_id="kultur", name="Kultur- och fritidsnämnden", kind=BodyKind.COMMITTEE),
    BodyRef(body_id="stod", name="Stödförvaltningen", kind=BodyKind.ADMINISTRATION, answers_through_id="soc"),
    BodyRef(body_id="skola", name="Skola/förskola", kind=BodyKind.UNIT, answers_through_id="kultur"),
    BodyRef(body_id="bostad", name="Vinterbybostäder AB", kind=BodyKind.COMPANY, bound_by="ägardirektiv § 4"),
    BodyRef(body_id="energi", name="Energibolaget", kind=BodyKind.COMPANY),
)
TERMS: dict[str, tuple[str, ...]] = {"kommunal verksamhet": ("nämnder", "förvaltningar", "styrelser", "bolag")}
NAMNDER = {"ks", "soc", "kultur"}


def setting(*, adopter: str = "kf", terms: dict[str, tuple[str, ...]] | None = None) -> Setting:
    return Setting(bodies=BODIES, adopter_id=adopter, terms=terms or {}, owner="Folkhälsoutvecklare")


def duty(
    actor: str | None,
    kind: ActionKind = ActionKind.FOLLOW_UP,
    addressees: tuple[str, ...] = (),
    condition: str | None = None,
) -> FoundDuty:
    return FoundDuty(
        quote="q",
        start=0,
        end=1,
        actor=actor,
        modality=Modality.MUST,
        action_kind=kind,
        addressees=addressees,
        condition=condition,
    )


@pytest.mark.parametrize(
    ("actor", "bound"),
    [
        ("Varje nämnd", NAMNDER),
        ("Respektive nämnd", NAMNDER),
        ("Samtliga nämnder och bolag", NAMNDER | {"bostad"}),
        ("nämnderna", NAMNDER),
        ("facknämnderna", {"soc", "kultur"}),
        ("Kommunens verksamheter", NAMNDER),
        ("De kommunala verksamheterna", NAMNDER),
        ("förvaltningarna och kommunala bolag", {"soc", "bostad"}),
        ("Kommunstyrelsen", {"ks"}),
        ("KS", {"ks"}),
        ("Kommunstyrelsen och socialnämnden", {"ks", "soc"}),
        ("Socialnämndens", {"soc"}),
        ("Kultur- och fritidsnämnden", {"kultur"}),
        ("stödförvaltningen", {"soc"}),
        ("skola/förskola", {"kultur"}),
        ("Vinterbybostäder AB", {"bostad"}),
        ("kommunkoncernen", NAMNDER | {"bostad"}),
        ("Vinterby kommun", {"ks"}),
        ("De verksamheter som arbetar med integration i Vinterby kommun", NAMNDER),
        ("Samtliga nämnder utom socialnämnden", NAMNDER - {"soc"}),
        ("Alla nämnder, med undantag för socialnämnden,", NAMNDER - {"soc"}),
        ("Nämnderna, dock inte kommunstyrelsen", NAMNDER - {"ks"}),
        ("Socialnämnden, inte kommunstyrelsen", {"soc"}),
    ],
)
def test_words_for_an_actor_point_out_bodies(actor: str, bound: set[str]) -> None:
    assert set(bind(duty(actor), setting()).body_ids) == bound


@pytest.mark.parametrize(
    "actor", ["Byggnadsnämnden", "Energibolaget", "Varje anställd och förtroendevald", "Biblioteket"]
)
def test_words_that_point_out_nobody_bind_nobody_and_say_so(actor: str) -> None:
    binding = bind(duty(actor), setting())
    assert binding.body_ids == ()
    assert binding.why


@pytest.mark.parametrize("actor", ["All kommunal verksamhet", "Kommunens verksamheter", "de kommunala verksamheterna"])
def test_a_term_that_the_document_defines_means_what_it_says(actor: str) -> None:
    binding = bind(duty(actor), setting(terms=TERMS))
    assert set(binding.body_ids) == NAMNDER | {"bostad"}
    assert "Energibolaget är inte bundet av något beslut" in binding.why


def test_whom_the_text_lists_goes_before_the_word_that_sums_them_up() -> None:
    binding = bind(duty("De verksamheter som arbetar med integration", addressees=("skola/förskola",)), setting())
    assert binding.body_ids == ("kultur",)


def test_a_list_that_names_nobody_here_falls_back_on_its_actor() -> None:
    assert set(bind(duty("Varje nämnd", addressees=("flyktingmottagandet",)), setting()).body_ids) == NAMNDER


@pytest.mark.parametrize("actor", ["Kommunchefen", "kommundirektören", "Stadsdirektören"])
def test_the_chief_executive_answers_for_the_executive_board(actor: str) -> None:
    binding = bind(duty(actor), setting())
    assert (binding.body_ids, binding.holder) == (("ks",), Holder.CHIEF_EXECUTIVE)


def test_the_documents_owner_answers_by_the_title_it_states() -> None:
    binding = bind(duty("Folkhälsoutvecklaren"), setting())
    assert (binding.body_ids, binding.holder) == (("ks",), Holder.DOCUMENT_OWNER)


def test_a_unit_answers_itself_for_its_plan_and_through_its_committee_for_the_rest() -> None:
    assert bind(duty("skola/förskola", ActionKind.ACTION_PLAN), setting()).body_ids == ("skola",)
    assert bind(duty("skola/förskola", ActionKind.SET_GOALS), setting()).body_ids == ("kultur",)
    assert bind(duty("stödförvaltningen", ActionKind.ACTION_PLAN), setting()).body_ids == ("soc",)


def test_an_unnamed_section_of_the_annual_report_is_compiled_by_the_coordinator() -> None:
    report = replace(duty(None, ActionKind.REPORT), artefact="årsredovisningen", recurrence="annual")
    goals = duty("Varje nämnd", ActionKind.SET_GOALS)
    binding = bind_all([goals, report], setting())[1]
    assert (binding.body_ids, binding.holder) == (("ks",), Holder.COORDINATOR)


def test_unnamed_projects_are_followed_up_by_the_chief_executive() -> None:
    binding = bind(replace(duty(None), quote="Projekten ska följas upp."), setting())
    assert (binding.body_ids, binding.holder) == (("ks",), Holder.CHIEF_EXECUTIVE)


def test_unnamed_follow_up_goes_to_those_who_set_goals() -> None:
    goals = duty("Varje nämnd", ActionKind.SET_GOALS)
    bindings = bind_all([duty(None), goals, duty(None, ActionKind.REPORT)], setting())
    assert [set(binding.body_ids) for binding in bindings] == [NAMNDER] * 3


def test_unnamed_follow_up_without_goals_goes_to_the_executive_board() -> None:
    binding = bind_all([duty(None)], setting())[0]
    assert (binding.body_ids, binding.holder) == (("ks",), Holder.BODY)


def test_a_committee_whose_administration_is_not_entered_is_not_dropped_in_silence() -> None:
    told = bind(duty("Förvaltningschefen"), setting())
    assert told.body_ids == ("soc",)
    assert is_unmatched(told.why)
    assert "Kultur- och fritidsnämnden har ingen förvaltning inlagd" in told.why
    assert not is_unmatched(bind(duty("Nämnderna och förvaltningarna"), setting()).why)


@pytest.mark.parametrize(("adopter", "prepares"), [("kf", "ks"), ("ks", "ks"), ("soc", "soc")])
def test_unnamed_revision_goes_to_the_body_that_prepares_it(adopter: str, prepares: str) -> None:
    binding = bind(duty(None, ActionKind.REVISE), setting(adopter=adopter))
    assert (binding.body_ids, binding.holder) == ((prepares,), Holder.DOCUMENT_OWNER)


def test_the_council_decides_but_the_executive_board_prepares() -> None:
    binding = bind(duty("Kommunfullmäktige", ActionKind.REVISE), setting())
    assert (binding.body_ids, binding.holder) == (("ks",), Holder.DOCUMENT_OWNER)


@pytest.mark.parametrize("kind", [ActionKind.SET_GOALS, ActionKind.ACTION_PLAN, ActionKind.OTHER_DUTY])
def test_other_unnamed_duties_bind_nobody(kind: ActionKind) -> None:
    assert bind(duty(None, kind), setting()).body_ids == ()


def test_the_committee_that_adopted_the_document_is_the_committee() -> None:
    assert bind(duty("Nämnden"), setting(adopter="soc")).body_ids == ("soc",)
    assert set(bind(duty("Nämnden"), setting()).body_ids) == NAMNDER


@pytest.mark.parametrize(
    ("words", "body_id"),
    [
        ("Kommunfullmäktige", "kf"),
        ("KF", "kf"),
        ("KS", "ks"),
        ("Kommunstyrelsen", "ks"),
        ("socialnämnden", "soc"),
        ("Byggnadsnämnden", None),
        ("Kommunchefen", "ks"),
        ("Förvaltningschef", "ks"),
        ("Chefen för stödförvaltningen", "soc"),
    ],
)
def test_an_adopter_is_known_by_name_or_abbreviation(words: str, body_id: str | None) -> None:
    found = adopter_of(words, BODIES)
    assert (found.body_id if found else None) == body_id


def test_who_is_excepted_and_cannot_be_told_is_asked_for() -> None:
    assert is_unmatched(bind(duty("Samtliga nämnder utom miljönämnden"), setting()).why)
    assert is_unmatched(bind(duty("Samtliga nämnder utom socialnämnden och dess utskott"), setting()).why)
    assert not is_unmatched(bind(duty("Samtliga nämnder utom socialnämnden"), setting()).why)
