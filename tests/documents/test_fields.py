"""Every label that municipalities use, in every layout that they use, and what looks like a label and is none."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from styrhjul.documents import Metadata, read_policy

DAY = date(2019, 5, 20)
#: Field, what is read, how it is written, and the labels of the domain's table.
CASES: list[tuple[str, Any, str, str]] = [
    (
        "diary_number",
        "KS 2019/00218",
        "KS 2019/00218",
        "Diarienummer|Diarienr|Diarie-nr|Dnr|Dnr.|Ärendenummer|Änr|Antagande dnr|DIARIENUMMER",
    ),
    (
        "adopted_by",
        "Socialnämnden",
        "Socialnämnden",
        (
            "Antagen av|Antaget av|Antagna av|Fastställd av|Beslutad av|Beslutat av|Beslutande organ|Beslutsinstans|"
            "Dokumentet är beslutat av|Utfärdad av|Beslutande instans"
        ),
    ),
    (
        "adopted_on",
        DAY,
        "20 maj 2019",
        (
            "Datum|Antagen|Antaget|Fastställd|FASTSTÄLLD|Beslutad|Beslutandedatum|Beslutsdatum|Datum för beslut|"
            "Dokumentet beslutades den|Antagande|Fastställd/upprättad"
        ),
    ),
    ("paragraph", "117", "§ 117", "Paragraf|Beslutsparagraf"),
    ("version", "1.2", "1.2", "Version|Utgåva|Rev."),
    (
        "valid_from",
        DAY,
        "2019-05-20",
        (
            "Giltig från|Gäller från|Gäller från och med|Gäller fr.o.m.|Giltighetstid fr. o. m.|Att gälla från|"
            "Träder i kraft"
        ),
    ),
    (
        "valid_until",
        DAY,
        "20/5 2019",
        "Giltig till|GILTIG TILL|Giltighetstid|Gäller t.o.m.|Dokumentet gäller till den|Dokumentet gäller till och med",
    ),
    (
        "last_revised_on",
        DAY,
        "den 20 maj 2019",
        "Senast reviderad|SENAST REVIDERAD|Reviderad datum|Reviderad|Rev|Dokumentet uppdaterat den",
    ),
    (
        "document_owner",
        "Kanslichef",
        "Kanslichef",
        (
            "Dokumentansvarig|DOKUMENTANSVAR|Dokumentägare|Dokumentansvarig är|Ansvarig|Ansvarig tjänsteman|"
            "Ansvarig verksamhet|Ansvarig för dokumentet|Dokumentansvarig i förvaltningen|"
            "Dokumentansvarig på tjänstemannanivå"
        ),
    ),
    (
        "replaces",
        "Kulturplan antagen av KF 2011-02-03 § 9",
        "Kulturplan antagen av KF 2011-02-03 § 9",
        "Ersätter|Dokumentet ersätter|Ersätter tidigare versioner",
    ),
]
#: A label stands as {0}, its value as {1}.
LAYOUTS = {
    "same line": "{0}: {1}",
    "semicolon": "{0}; {1}",
    "tab": "{0}:\t{1}",
    "bracketed": "{0}: [{1}]",
    "no colon": "{0} {1}",
    "wide gap": "{0}        {1}",
    "next line": "{0}\n{1}",
    "next line, colon": "{0}:\n{1}",
    "left of another": "{0}: {1}          Sida: 1(4)",
    "right of another": "Målgrupp: Alla nämnder          {0}: {1}",
    "behind another, no colon": "Relaterade styrdokument Arbetsmiljöpolicy   {0} {1}",
    "table": "| {0} | {1} |",
    "bold": "**{0}:** {1}",
    "list": "- {0}:\n- {1}",
    "below the label": "Dokumenttyp        {0}\nPolicy             {1}",
    "page as one line": "1(6) Dokumenttyp: Policy Målgrupp: Alla {0}: {1} Sida: 1",
}
EMPTY = ["", "-", "[fyll i]", "Skriv här", "xx månad 20xx", "ÅÅÅÅ-MM-DD", "Klicka här för att ange text"]
EACH_CASE = pytest.mark.parametrize(("field", "wanted", "value", "labels"), CASES, ids=[case[0] for case in CASES])
EACH_LAYOUT = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)


def metadata(block: str) -> Metadata:
    text = f"Resepolicy\n\nOmfattning: Alla nämnder\n{block}\n\nInledning\n\nVi reser med tåg.\n"
    return read_policy(text).metadata


@EACH_LAYOUT
@EACH_CASE
def test_every_label_is_read_in_every_layout(field: str, wanted: object, value: str, labels: str, layout: str) -> None:
    stated: dict[str, Any] = {"title": "Resepolicy", "document_type": "policy", field: wanted}
    read = {label: metadata(layout.format(label, value)) for label in labels.split("|")}
    assert {label: found for label, found in read.items() if found != Metadata(**stated)} == {}


@EACH_LAYOUT
@EACH_CASE
def test_a_label_that_nobody_filled_in_states_nothing(
    field: str, wanted: object, value: str, labels: str, layout: str
) -> None:
    label = labels.split("|", maxsplit=1)[0]
    read = {empty: getattr(metadata(layout.format(label, empty)), field) for empty in EMPTY}
    assert {empty: found for empty, found in read.items() if found is not None} == {}


@pytest.mark.parametrize("label", [label for case in CASES for label in case[3].split("|")])
def test_an_empty_label_does_not_take_the_next_label_or_the_title(label: str) -> None:
    text = f"Omfattning: Alla\n{label}\nSida: 1(4)\n{label}\n\n\nPolicy för mat\n\nText."
    assert read_policy(text).metadata == Metadata(title="Policy för mat", document_type="policy")


@pytest.mark.parametrize(
    "heading", ["Revidering", "Giltighet", "Ansvarig", "Uppföljning", "Version", "Ersätter", "Gäller", "Beslut"]
)
def test_a_heading_is_no_label(heading: str) -> None:
    text = (
        f"Resepolicy\n\n{heading}\n\nHär står om detta.\n\n{heading} av annat slag behandlas i bilagan och\npå webben."
    )
    assert read_policy(text).metadata == Metadata(title="Resepolicy", document_type="policy")


def test_a_sentence_that_begins_like_a_label_is_a_duty_and_no_field() -> None:
    duties = read_policy("Resepolicy\n\nDnr: KS 2019/12\nRevidering av policyn sker vart fjärde år.").duties
    assert [(duty.quote, duty.recurrence) for duty in duties] == [
        ("Revidering av policyn sker vart fjärde år.", "every_n_years:4")
    ]


def test_who_answers_for_a_measure_does_not_own_the_document() -> None:
    measures = "\n\n".join(f"Åtgärd {number}\nVi planterar träd.\nAnsvarig: Parkchefen" for number in range(30))
    assert metadata(f"Dnr: KS 2019/12\n\n{'Text om träd. ' * 60}\n\n{measures}").document_owner is None


def test_values_below_their_labels_are_told_apart_by_their_columns() -> None:
    found = metadata(
        "Dnr              Antagen av           Ersätter\n"
        "KS 2019/12                            Nytt\n\n"
        "Version          Giltig från          Senast reviderad\n"
        "-                                     2021-02-15"
    )
    wanted = Metadata(
        title="Resepolicy", document_type="policy", diary_number="KS 2019/12", last_revised_on=date(2021, 2, 15)
    )
    assert found == wanted
