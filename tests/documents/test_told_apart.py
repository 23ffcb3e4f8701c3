"""What a document says of itself without a label: whose council decided, what it replaces, how its title is spelt."""

from __future__ import annotations

from datetime import date

import pytest

from styrhjul.documents import Metadata, read_policy


def metadata(*paragraphs: str) -> Metadata:
    return read_policy("\n\n".join(paragraphs)).metadata


@pytest.mark.parametrize(
    ("said", "municipality"),
    [
        ("Antagen av Ekeskogs kommunfullmäktige den 20 november 2019, § 122.", "Ekeskogs kommun"),
        ("Antagen av kommunfullmäktige i Bergnäset den 20 november 2019, § 122.", "Bergnäsets kommun"),
        ("Fastställd av kommunstyrelsen i Lunnevi 2019-11-20. Lunnevi växer.", "Lunnevi kommun"),
        ("Fastställd av Lunnevis kommunstyrelse 2019-11-20. I Lunnevi växer allt.", "Lunnevi kommun"),
        ("Antagen av Grasås kommunfullmäktige den 20 november 2019.", "Grasås kommun"),
        ("Planen gäller för Bergnäsets och Holmviks kommuner.", "Bergnäsets kommun"),
        ("Antagen av dess kommunfullmäktige. Alla kommuner bör ha en plan.", None),
    ],
)
def test_the_council_tells_whose_a_document_is(said: str, municipality: str | None) -> None:
    assert metadata("Kulturpolicy", said).municipality == municipality


@pytest.mark.parametrize("body", ["Ekeskogs kommunfullmäktige", "kommunfullmäktige i Ekeskog", "kommunfullmäktige"])
def test_whose_the_council_is_is_no_part_of_its_name(body: str) -> None:
    found = metadata("Kulturpolicy", f"Antagen av {body} den 20 november 2019, § 122.")
    assert (found.adopted_by, found.adopted_on) == ("Kommunfullmäktige", date(2019, 11, 20))


@pytest.mark.parametrize(
    "said",
    [
        "Planen träder i stället för Avfallsplan 2015–2022.",
        "Avfallsplanen avlöser Avfallsplan 2015–2022.",
        "Den gäller i stället för Avfallsplan 2015–2022.",
        "Avfallsplanen träder i kraft den 1 januari 2023 och ersätter Avfallsplan 2015–2022.",
    ],
)
def test_what_is_replaced_may_be_told_in_other_words(said: str) -> None:
    assert metadata("Avfallsplan", "Inledning", f"Text om avfall. {said}").replaces == "Avfallsplan 2015–2022"


@pytest.mark.parametrize("said", ["Handledaren avlöser chefen.", "Klimatplanen ersätter Klimatplan 2010 i augusti."])
def test_what_something_else_replaces_is_not_this_document(said: str) -> None:
    assert metadata("Avfallsplan", "Inledning", f"Text om avfall. {said}").replaces is None


def test_a_sentence_behind_the_adoption_on_its_line_is_no_part_of_it() -> None:
    found = metadata(
        "Kulturpolicy", "Antagen av kommunfullmäktige den 20 november 2019. Kulturpolicyn träder i kraft 2020-01-01."
    )
    assert found.valid_from == date(2020, 1, 1)


def test_a_term_that_a_field_begins_may_end_in_the_prose() -> None:
    found = metadata(
        "Kulturpolicy", "Gäller från: 2020-01-01", "Giltighet", "Policyn gäller till och med den 31 december 2024."
    )
    assert (found.valid_from, found.valid_until) == (date(2020, 1, 1), date(2024, 12, 31))


def test_a_term_of_something_else_ends_nothing() -> None:
    said = "Tillstånd gäller till och med den 31 december 2024."
    assert metadata("Kulturpolicy", "Gäller från: 2020-01-01", "Giltighet", said).valid_until is None


@pytest.mark.parametrize(
    ("title", "text", "read"),
    [
        ("ARKIVREGLEMENTE", "Reglementet gäller.", "Arkivreglemente"),
        (
            "RIKTLINJER FÖR IT I ÄLVENS KOMMUN",
            "Älvens kommun\n\nI vårt IT finns mycket.",
            "Riktlinjer för IT i Älvens kommun",
        ),
        (
            "PLAN FÖR SAMVERKAN MED NORDKALOTTEN",
            "Den som bor på Nordkalotten vet.",
            "Plan för samverkan med Nordkalotten",
        ),
    ],
)
def test_a_title_in_capitals_is_spelt_as_the_text_spells_its_words(title: str, text: str, read: str) -> None:
    assert metadata(title, text).title == read


def test_a_document_named_for_its_subject_alone_has_that_title() -> None:
    found = metadata("STENVIKS KOMMUN          STYRDOKUMENT", "Styrdokument för krisberedskap 2023–2026", "Text.")
    assert found.title == "Styrdokument för krisberedskap 2023–2026"
