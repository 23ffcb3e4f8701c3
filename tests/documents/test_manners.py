"""The manners in which municipalities write what a document says of itself: in tables, running headers and prose."""

from __future__ import annotations

import pytest

from styrhjul.documents import Metadata, read_policy
from tests.documents.labelled import MANNERS, Labelled, metadata_differences


def metadata(text: str) -> Metadata:
    return read_policy(text).metadata


@pytest.mark.parametrize("labelled", MANNERS, ids=lambda one: one.name)
def test_every_field_is_as_labelled_in_every_manner(labelled: Labelled) -> None:
    assert metadata_differences(labelled, labelled.read()) == {}


def test_the_manners_are_there() -> None:
    assert len(MANNERS) == 56


@pytest.mark.parametrize(
    "sentence",
    [
        "Policyn gäller även när en ny chef ersätter den gamla.",
        "Distansarbete ersätter inte arbete på plats.",
        "Vikarier som ersätter ordinarie personal följer policyn.",
        "Policyn upphör att gälla 2025-12-31.",
        "Om planen ersätter en annan plan ska det sägas.",
    ],
)
def test_what_is_replaced_in_daily_life_is_no_document(sentence: str) -> None:
    assert metadata(f"Resepolicy\n\nInledning\n{sentence}\n\nText om resor.").replaces is None


@pytest.mark.parametrize(
    "sentence",
    [
        "Kommunfullmäktige beslutade den 3 maj 2021, § 45, att anta en ny översiktsplan.",
        "Kommunfullmäktige antog miljöprogrammet den 3 maj 2021, § 45.",
        "Den 3 maj 2021 antog kommunfullmäktige budgeten.",
        "Arbetet följer kommunfullmäktiges beslut den 3 maj 2021 § 45 om nya arbetssätt.",
        "Miljöprogrammet, antaget av kommunfullmäktige 2021-05-03 § 45, är ett stöd.",
    ],
)
def test_a_decision_on_something_else_adopts_nothing(sentence: str) -> None:
    found = metadata(f"Resepolicy\n\nInledning\nText.\n\n{sentence}\n\nText om resor.")
    assert (found.adopted_by, found.adopted_on, found.paragraph) == (None, None, None)


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("Ärendet har diarienummer KS 2022/418.", "KS 2022/418"),
        ("Se även riktlinjerna för gåvor, dnr KS 2019/77.", None),
        ("Policyn ersätter Resepolicy, dnr KS 2010/5.", None),
    ],
)
def test_a_number_in_prose_is_the_case_of_this_document_or_none(sentence: str, number: str | None) -> None:
    assert metadata(f"Resepolicy\n\n{sentence}\n\nText om resor.").diary_number == number
