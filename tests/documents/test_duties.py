"""What binds whom to what, how often and by when; and what only sounds like a duty."""

from __future__ import annotations

import pytest

from styrhjul.documents import FoundDuty, read_policy
from styrhjul.domain.recurrence import parse_recurrence
from styrhjul.domain.vocabulary import Confidence

TITLE = "Resepolicy\n\nAnsvar\n\n"


def duties(text: str) -> list[FoundDuty]:
    return list(read_policy(TITLE + text).duties)


def told(text: str) -> list[tuple[str, str, str | None]]:
    return [(duty.action_kind.value, duty.modality.value, duty.actor) for duty in duties(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kommunstyrelsen följer upp policyn årligen.", [("follow_up", "must", "Kommunstyrelsen")]),
        ("Årligen följer kommunstyrelsen upp policyn.", [("follow_up", "must", "kommunstyrelsen")]),
        ("Policyn bör följas upp av kommunstyrelsen.", [("follow_up", "should", "kommunstyrelsen")]),
        ("Senast i maj ska nämnderna upprätta en handlingsplan.", [("action_plan", "must", "nämnderna")]),
        ("Det åligger varje nämnd att sätta upp egna mål.", [("set_goals", "must", "varje nämnd")]),
        ("Mål ska formuleras av respektive nämnd.", [("set_goals", "must", "respektive nämnd")]),
        ("Kommunfullmäktige uppdrar åt HR-chefen att revidera policyn.", [("revise", "must", "HR-chefen")]),
        ("Nämnden kan ta fram en handlingsplan.", [("action_plan", "may", "Nämnden")]),
        ("Nämnden får inte sätta egna mål.", [("other_duty", "must_not", "Nämnden")]),
        ("För uppföljningen ansvarar kommunstyrelsen.", [("follow_up", "must", "kommunstyrelsen")]),
        ("Det är kommunstyrelsen som ansvarar för att policyn följs upp.", [("follow_up", "must", "kommunstyrelsen")]),
        ("Cheferna ska se till att målen följs upp.", [("follow_up", "must", "Cheferna")]),
        ("Det är varje nämnds ansvar att följa upp policyn.", [("follow_up", "must", "varje nämnd")]),
        ("En översyn av policyn görs varje mandatperiod.", [("revise", "must", None)]),
        ("Om underlag saknas ska HR-chefen anmäla det till kommunstyrelsen.", [("report", "must", "HR-chefen")]),
    ],
)
def test_a_sentence_binds_somebody_to_something(text: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Alla människor ska behandlas lika.",
        "Policyn ska bidra till att fler reser klimatsmart.",
        "Policyn beskriver hur kommunen ska arbeta med resor.",
        "Policyn antogs 2015 och reviderades 2019.",
        "Genomförandeplanen ska följas upp var sjätte månad.",
        "Enligt skollagen ska elever ges det stöd de behöver.",
        "”Kommunen ska följa upp sina resor varje år.”",
        "Ska nämnden följa upp målen?",
        "Målen ska vara mätbara så att de kan följas upp.",
        "Barn och unga ska ha samma rättigheter.",
        "Varje nämnd är ägare av sin information.",
        "Staten ska följa upp målen.",
    ],
)
def test_what_only_sounds_like_a_duty_is_none(text: str) -> None:
    assert duties(text) == []


def test_principles_of_others_bind_only_a_body_they_name_and_not_surely() -> None:
    assert duties("FN:s principer\n\n1. Arbetet ska följas upp.\n2. Kulturen måste tryggas.") == []
    named = duties("Nationella mål\n\nNämnderna ska sätta egna mål.")
    assert [(duty.actor, duty.confidence) for duty in named] == [("Nämnderna", Confidence.LOW)]


@pytest.mark.parametrize(
    ("words", "recurrence"),
    [
        ("årligen", "annual"),
        ("en gång per år", "annual"),
        ("två gånger om året", "semiannual"),
        ("två gånger per året", "semiannual"),
        ("när den löper ut", "once"),
        ("första gången 2028", "once"),
        ("årligen, första gången 2028", "annual"),
        ("tertialvis", "tertial"),
        ("varje kvartal", "quarterly"),
        ("månadsvis", "monthly"),
        ("vartannat år", "every_n_years:2"),
        ("minst vart fjärde år", "every_n_years:4"),
        ("var 5:e år", "every_n_years:5"),
        ("varje mandatperiod", "mandate_period"),
        ("i början av varje ny mandatperiod", "mandate_period"),
        ("efter varje allmänt val", "mandate_period"),
        ("vid behov, dock minst en gång per mandatperiod", "mandate_period"),
        ("årligen eller vid behov", "annual"),
        ("löpande", "as_needed"),
        ("i samband med årsredovisningen", "annual"),
        ("senast den 30 juni 2027", "once"),
        ("senast sista februari", "annual"),
        ("per den 30 april, den 31 augusti och den 31 december", "tertial"),
        ("per 30/4, 31/8 samt 31/12", "tertial"),
        ("per den 31 mars, 30 juni, 30 september och 31 december", "quarterly"),
        ("per den 30 juni och den 31 december", "semiannual"),
        ("per den 31 augusti", "annual"),
        ("noga", None),
    ],
)
def test_rhythm_is_read_as_the_vocabulary_has_it(words: str, recurrence: str | None) -> None:
    found = duties(f"Kommunstyrelsen ska följa upp policyn {words}.")
    assert [duty.recurrence for duty in found] == [recurrence]
    parse_recurrence(found[0].recurrence)


def test_of_the_days_of_a_rhythm_the_first_alone_is_no_deadline() -> None:
    days = "per den 30 april, den 31 augusti och den 31 december"
    assert [duty.deadline for duty in duties(f"Nämnderna rapporterar till kommunstyrelsen {days}.")] == [days]


@pytest.mark.parametrize(
    ("text", "recurrence"),
    [
        ("Policyn gäller i fyra år och ska därefter omprövas.", "every_n_years:4"),
        ("Policyn ska revideras efter två år.", "every_n_years:2"),
        ("Policyn ska revideras fem år efter antagandet.", "every_n_years:5"),
        ("Policyn ska revideras senast två år efter antagandet.", None),
        ("Policyn ska revideras senast två år efter val.", None),
        ("Policyn ska revideras.", None),
    ],
)
def test_a_document_that_lasts_some_years_is_revised_as_often(text: str, recurrence: str | None) -> None:
    assert [(duty.action_kind.value, duty.recurrence) for duty in duties(text)] == [("revise", recurrence)]


@pytest.mark.parametrize(
    ("plan", "recurrence", "deadline"),
    [
        ("en gemensam handlingsplan som uppdateras årligen senast den 15 november", "annual", "senast den 15 november"),
        ("en handlingsplan som ska revideras vartannat år", "every_n_years:2", None),
        ("en handlingsplan som vid behov uppdateras", None, None),
        ("en handlingsplan som uppdateras löpande", None, None),
        ("en handlingsplan", None, None),
    ],
)
def test_a_plan_is_made_as_often_as_it_is_to_be_renewed(
    plan: str, recurrence: str | None, deadline: str | None
) -> None:
    assert [
        (duty.action_kind.value, duty.recurrence, duty.deadline) for duty in duties(f"Nämnden tar fram {plan}.")
    ] == [("action_plan", recurrence, deadline)]


def test_who_else_takes_part_may_stand_between_a_verb_and_its_particle() -> None:
    others = "tillsammans med kultur- och fritidsnämnden, socialnämnden och polisen"
    assert told(f"Nämnden tar, {others}, fram en handlingsplan.") == [("action_plan", "must", "Nämnden")]


def test_the_plan_that_comes_after_this_one_is_its_revision() -> None:
    text = "Biblioteksplan\n\nUppföljning\n\nEn ny biblioteksplan ska antas under 2027.\n"
    assert [(duty.action_kind.value, duty.deadline) for duty in read_policy(text).duties] == [("revise", "under 2027")]


@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        ("Policyn ska följas upp efter tre år.", "efter tre år"),
        ("Policyn ska utvärderas av kommunstyrelsen efter två år.", "efter två år"),
        ("Policyn gäller i fyra år och ska följas upp.", None),
        ("Policyn ska följas upp årligen, efter tre år grundligt.", None),
    ],
)
def test_a_follow_up_after_some_years_is_none_of_every_year(text: str, deadline: str | None) -> None:
    assert duties(text)[0].deadline == deadline


def test_each_verb_keeps_its_own_rhythm() -> None:
    found = duties("Policyn följs upp årligen och revideras varje mandatperiod.")
    assert [(duty.action_kind.value, duty.recurrence) for duty in found] == [
        ("follow_up", "annual"),
        ("revise", "mandate_period"),
    ]


@pytest.mark.parametrize(
    "words",
    [
        "senast den 15 mars varje år",
        "före utgången av april",
        "inom två månader",
        "inför budgetarbetet",
        "per den 31 augusti",
    ],
)
def test_a_deadline_is_kept_in_the_words_of_the_text(words: str) -> None:
    assert [duty.deadline for duty in duties(f"Nämnden ska {words} redovisa resultatet för kommunstyrelsen.")] == [
        words
    ]


@pytest.mark.parametrize(
    ("words", "bounds"),
    [
        ("1-2 mål", (1, 2)),
        ("1–3 mätbara mål", (1, 3)),
        ("ett till två mål", (1, 2)),
        ("minst ett mål", (1, None)),
        ("minst ett och högst tre mål", (1, 3)),
        ("högst fem mål", (None, 5)),
        ("två mål", (2, 2)),
        ("ett antal mål", (None, None)),
        ("egna mål", (None, None)),
    ],
)
def test_the_number_of_goals_is_read(words: str, bounds: tuple[int | None, int | None]) -> None:
    assert [(duty.goal_min, duty.goal_max) for duty in duties(f"Varje nämnd ska ta fram {words}.")] == [bounds]


def test_bullets_inherit_actor_and_binding_word_unless_they_have_their_own() -> None:
    text = (
        "Varje nämnd bör årligen\n- följa upp målen,\n- ska redovisa resultatet för kommunstyrelsen samt\n"
        "- arbeta klokt."
    )
    assert told(text) == [
        ("follow_up", "should", "Varje nämnd"),
        ("report", "must", "Varje nämnd"),
        ("other_duty", "should", "Varje nämnd"),
    ]
    assert duties(text)[0].recurrence == "annual"


def test_a_heading_that_names_a_body_is_the_actor_of_its_list() -> None:
    assert told("Kommunstyrelsen\n- följer upp policyn\n- ansvarar för att policyn revideras") == [
        ("follow_up", "must", "Kommunstyrelsen"),
        ("revise", "must", "Kommunstyrelsen"),
    ]


def test_the_sentence_that_names_who_answers_gives_the_duty_its_actor() -> None:
    text = "Policyn aktualitetsprövas varje mandatperiod. Ansvarig för prövningen är kommunstyrelsen."
    assert told(text) == [("revise", "must", "kommunstyrelsen")]


def test_a_rule_in_the_table_is_a_duty_unless_a_sentence_says_it() -> None:
    table = (
        "Resepolicy\nRevideringsintervall: Varje mandatperiod\nRevideringsansvarig: Kommunstyrelsen\n\nInledning\n\n"
    )
    only_table = read_policy(f"{table}Vi reser.").duties
    assert [(duty.quote, duty.actor) for duty in only_table] == [
        ("Revideringsintervall: Varje mandatperiod", "Kommunstyrelsen")
    ]
    both = read_policy(f"{table}Policyn revideras varje mandatperiod.").duties
    assert [duty.quote for duty in both] == ["Policyn revideras varje mandatperiod."]


def test_the_reason_names_the_words_in_swedish() -> None:
    reason = duties("Varje nämnd ska ta fram egna mål.")[0].reason
    assert reason == "”ska” är bindande. ”ta fram … mål” visar att det gäller att sätta mål. Aktör: ”Varje nämnd”."


@pytest.mark.parametrize(
    ("text", "modality", "confidence"),
    [
        ("Varje nämnd ska/bör årligen besluta om 1–3 mål.", "must", Confidence.MEDIUM),
        ("Varje nämnd bör eller ska årligen följa upp planen.", "must", Confidence.MEDIUM),
        ("Varje nämnd bör/kan årligen följa upp planen.", "should", Confidence.MEDIUM),
        ("Skolan ska/bör berätta om maten.", "must", Confidence.MEDIUM),
        ("Varje nämnd ska årligen besluta om 5–2 mål.", "must", Confidence.LOW),
    ],
)
def test_of_two_binding_words_the_stronger_holds_and_a_person_reads_it(
    text: str, modality: str, confidence: Confidence
) -> None:
    assert [(duty.modality.value, duty.confidence) for duty in duties(text)] == [(modality, confidence)]


@pytest.mark.parametrize(
    "text",
    [
        "Från och med 2030 ska varje nämnd följa upp målen varje år.",
        "Varje nämnd ska till och med 2020 följa upp målen varje år.",
        "Varje nämnd ska följa upp målen varje år med början 2028.",
        "Varje nämnd ska under 2019 och 2020 följa upp målen.",
        "Varje nämnd ska följa upp målen senast den 31.3.24.",
        "Exempel: Nämnden ska följa upp målen varje år.",
        "Socialnämnden eller byggnadsnämnden ska följa upp målen varje år.",
        "Samtliga nämnder ska, utom byggnadsnämnden, följa upp målen varje år.",
        "Kommunstyrelsen ska tillse att samtliga nämnder tar fram mål varje år.",
        "Kommunstyrelsen ska stödja skolan och socialnämnden följa upp målen varje år.",
    ],
)
def test_what_no_field_of_a_duty_holds_is_left_to_a_person(text: str) -> None:
    assert [duty.confidence for duty in duties(text)] == [Confidence.MEDIUM]


@pytest.mark.parametrize(
    "text",
    [
        "Varje nämnd eller styrelse ska följa upp målen varje år.",
        "Samtliga nämnder utom byggnadsnämnden ska följa upp målen varje år.",
        "Kommunstyrelsen ska samordna arbetet och årligen följa upp målen.",
        "Nämnderna ska följa upp målen senast den 31/3 varje år.",
        "Varje nämnd ska följa upp målen från 2019 års budget varje år.",
    ],
)
def test_what_the_fields_hold_is_not_doubted(text: str) -> None:
    assert Confidence.HIGH in {duty.confidence for duty in duties(text)}


def test_in_a_clause_that_says_more_of_somebody_it_is_they_who_act() -> None:
    assert told("Socialnämnden ska bistå kommunstyrelsen, som ska följa upp målen varje år.") == [
        ("follow_up", "must", "kommunstyrelsen")
    ]


def test_a_day_with_two_figures_for_its_year_is_one_day() -> None:
    [duty] = duties("Varje nämnd ska redovisa uppföljningen senast 15/4-23.")
    assert (duty.deadline, duty.recurrence) == ("senast 15/4-23", "once")
