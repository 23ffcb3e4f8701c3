"""The seeds as LibreOffice sets them give what their texts give: `make.py` made the files."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from styrhjul.documents import read_document, read_policy
from styrhjul.domain.vocabulary import ActionKind
from tests.documents.labelled import HERE, Labelled, metadata_differences, seed

if TYPE_CHECKING:
    from pathlib import Path

    from styrhjul.documents import FoundDuty, PolicyReading

MADE = sorted((HERE / "made").iterdir())
EACH = pytest.mark.parametrize("path", MADE, ids=lambda path: path.name)


def read(path: Path) -> tuple[Labelled, PolicyReading, str]:
    text = read_document(path.read_bytes(), path.name).text
    return seed(path.stem), read_policy(text), text


def lifecycle(reading: PolicyReading) -> list[FoundDuty]:
    """Return what is asked of whom, and in which words, but for where lines end."""
    return [
        dataclasses.replace(duty, quote=" ".join(duty.quote.split()), start=0, end=0)
        for duty in reading.duties
        if duty.action_kind is not ActionKind.OTHER_DUTY
    ]


def test_each_seed_is_made_in_each_format() -> None:
    kinds = {(path.stem, path.suffix) for path in MADE}
    assert len(kinds) == len(MADE) == 12


@EACH
def test_the_metadata_is_that_of_the_text(path: Path) -> None:
    labelled, reading, _ = read(path)
    assert metadata_differences(labelled, reading) == {}
    assert reading.metadata == labelled.read().metadata


@EACH
def test_the_lifecycle_duties_are_those_of_the_text(path: Path) -> None:
    labelled, reading, _ = read(path)
    assert lifecycle(reading) == lifecycle(labelled.read())
    assert lifecycle(reading)


@EACH
def test_every_other_duty_is_found_too_and_no_distractor(path: Path) -> None:
    labelled, reading, _ = read(path)
    said = [(duty.action_kind, " ".join(duty.quote.split())) for duty in reading.duties]
    assert said == [(duty.action_kind, " ".join(duty.quote.split())) for duty in labelled.read().duties]


@EACH
def test_every_quote_is_verbatim_and_has_its_place(path: Path) -> None:
    document = read_document(path.read_bytes(), path.name)
    duties = read_policy(document.text).duties
    assert [duty.quote for duty in duties] == [document.text[duty.start : duty.end] for duty in duties]
    places = [document.place(duty.start) for duty in duties]
    pages = [place.page for place in places]
    assert None not in pages or path.suffix != ".pdf"
    assert set(pages) == {None} or path.suffix == ".pdf"
    assert places == sorted(places, key=lambda place: (place.page or 0, place.line))
