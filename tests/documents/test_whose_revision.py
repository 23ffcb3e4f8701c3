"""A revision is the document's own only if the sentence means the document, and not another that it names."""

from __future__ import annotations

import pytest

from styrhjul.documents import read_policy
from styrhjul.domain.vocabulary import ActionKind

HEAD = "Antagen av kommunfullmäktige i Bergnäset den 20 november 2019, § 122."


def kinds(title: str, sentence: str) -> list[ActionKind]:
    return [duty.action_kind for duty in read_policy(f"{title}\n\n{HEAD}\n\nUppföljning\n\n{sentence}\n").duties]


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("Inköpspolicy", "Policyn ses över vartannat år."),
        ("Inköpspolicy", "Inköpspolicyn ska revideras varje mandatperiod."),
        ("Inköpspolicy", "Kommunstyrelsen ska se över detta styrdokument vartannat år."),
        ("Riktlinjer för inköp", "Riktlinjerna ses över vartannat år."),
        ("Arkivreglemente", "Planen ska ses över en gång per år."),
        ("Biblioteken i Bergnäset", "Programmet ska revideras varje mandatperiod."),
    ],
)
def test_a_document_that_means_itself_is_revised(title: str, sentence: str) -> None:
    assert kinds(title, sentence) == [ActionKind.REVISE]


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("Inköpspolicy", "Riktlinjerna ses över vartannat år."),
        (
            "Reglemente för pensionärsrådet",
            "Arvodespolicyn revideras av kommunfullmäktige inför varje ny mandatperiod.",
        ),
        ("Klimatstrategi", "Kommunens resepolicy och fordonsriktlinjer ska ses över senast den 31 december 2024."),
        ("Resepolicy", "HR-chefen uppdaterar vid behov de anvisningar som hör till policyn."),
        ("Reglemente för pensionärsrådet", "Nämnden ska uppdatera kommunens tillgänglighetsguide vart tredje år."),
        ("Krisplan", "Kommunens risk- och sårbarhetsanalys ska revideras vart fjärde år."),
        ("Regler för intern kontroll", "Nämnden får under året revidera sin internkontrollplan."),
    ],
)
def test_another_document_that_is_named_is_not_this_one(title: str, sentence: str) -> None:
    assert ActionKind.REVISE not in kinds(title, sentence)
