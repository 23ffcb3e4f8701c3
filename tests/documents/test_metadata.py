"""Fields in every layout, and the traps in which a value is none."""

from __future__ import annotations

from datetime import date

import pytest

from styrhjul.documents import Metadata, PolicyReading, read_policy


def metadata(text: str) -> Metadata:
    return read_policy(text).metadata


def warned(reading: PolicyReading, words: str) -> bool:
    return any(words in warning for warning in reading.warnings)


@pytest.mark.parametrize(
    "text",
    [
        "Antagen av: Kommunfullmäktige\nDatum: 2019-05-20 § 45",
        "Antagen av\nKommunfullmäktige\n\nDatum\n2019-05-20\n\nParagraf\n45",
        "Fastställd av kommunfullmäktige 2019-05-20, § 45",
        "Beslutat av: KF, den 20 maj 2019, § 45",
        "§ 45, 2019-05-20\nKommunfullmäktige",
        "Beslutsinstans: KF   Beslutsdatum: 20/5 2019   Beslutsparagraf: § 45",
        "Antaget av Kommunfullmäktige Antaget 2019-05-20 § 45 Giltighetstid Tills vidare",
        "Kommunfullmäktige 2019-05-20 § 45",
        "Policyn antogs av kommunfullmäktige den 20 maj 2019, § 45, och gäller alla.",
        "FASTSTÄLLD: 2019-05-20\nBESLUTSORGAN; Kommunfullmäktige\nKF § 45\nParagraf: KF § 45",
        "Beslutad av: Kommunfullmäktige\nNär: 20 maj 2019, § 45",
        "Kommunfullmäktige beslutade om policyn den 20 maj 2019 (§ 45).",
        "Antagen av kommunfullmäktige 2019-05-20, § 45\nReviderad av kommunfullmäktige 2022-04-25, § 33",
        "Fastställd: 2019-05-20\n\nPolicyn är antagen av kommunfullmäktige § 45.",
        "Beslut i kommunfullmäktige 2019-05-20 § 45 | KS 2018/488",
    ],
)
def test_adoption_is_read_in_every_layout(text: str) -> None:
    found = metadata(f"Resepolicy\n\n{text}\n\nInledning\nVi reser.")
    assert (found.adopted_by, found.adopted_on, found.paragraph) == ("Kommunfullmäktige", date(2019, 5, 20), "45")
    assert found.title == "Resepolicy"


def test_a_block_at_the_end_counts_and_a_doubled_block_is_one() -> None:
    block = "Antagen av: Socialnämnden\nDatum: 2021-03-02\nDnr: SN 2021/00012\n"
    reading = read_policy(f"Riktlinjer för hemtjänst\n\nText.\n\n{block}\n{block}")
    assert reading.metadata.adopted_by == "Socialnämnden"
    assert reading.metadata.diary_number == "SN 2021/00012"
    assert not warned(reading, "flera")


@pytest.mark.parametrize(
    "value", ["", "-", "–", "Nytt", "tills vidare", "skriv nummer exempelvis KS/xxx:xx", "xx månad 20xx"]
)
def test_what_is_not_filled_in_is_not_stated(value: str) -> None:
    labels = ("Diarienummer", "Ersätter", "Giltig till", "Senast reviderad", "Version")
    found = metadata("Resepolicy\n\n" + "\n\n".join(f"{label}: {value}" for label in labels) + "\n\nText om resor.")
    assert found == Metadata(title="Resepolicy", document_type="policy")


def test_an_empty_paragraph_label_does_not_take_the_title() -> None:
    found = metadata("Datum\n2021-06-30\n\nParagraf\n\n\n\nPolicy för mat\n\nText.")
    assert (found.paragraph, found.title) == (None, "Policy för mat")


def test_date_and_paragraph_of_the_replaced_document_are_not_the_adoption() -> None:
    found = metadata("Resepolicy\nErsätter: Reseprogram antaget av kommunfullmäktige 2007-04-23 § 28\n\nText.")
    assert found.replaces == "Reseprogram antaget av kommunfullmäktige 2007-04-23 § 28"
    assert (found.adopted_by, found.adopted_on, found.paragraph) == (None, None, None)


def test_prose_about_the_replaced_document_is_not_the_adoption() -> None:
    found = metadata("Resepolicy\n\nDenna policy ersätter den policy som antogs av kommunfullmäktige 2007-04-23 § 28.")
    assert (found.adopted_on, found.paragraph) == (None, None)


@pytest.mark.parametrize(
    "sentence",
    [
        "Den tidigare policyn antogs av kommunfullmäktige 2010-05-03 § 12.",
        "Den förra versionen är antagen av kommunstyrelsen den 3 maj 2010.",
        "Kostpolicyn som antogs av kommunfullmäktige 2010-05-03, § 12, gäller fortfarande.",
    ],
)
def test_a_sentence_about_another_document_adopts_nothing(sentence: str) -> None:
    found = metadata(f"Resepolicy\n\n{sentence}\n\nText om resor.")
    assert (found.adopted_by, found.adopted_on, found.paragraph) == (None, None, None)


def test_conflicting_dates_are_told_and_not_chosen_in_silence() -> None:
    reading = read_policy("Resepolicy\nAntagen: 2022-02-28\nBeslutsdatum: 2023-03-01\n\nText.")
    assert reading.metadata.adopted_on == date(2022, 2, 28)
    assert warned(reading, "flera beslutsdatum: 2022-02-28 (”Antagen”), 2023-03-01 (”Beslutsdatum”)")


@pytest.mark.parametrize(
    ("block", "used", "told"),
    [
        ("Antagen: 2022-02-28\nBeslutsdatum: 2023-03-01", date(2022, 2, 28), {"Antagen", "Beslutsdatum"}),
        ("Datum: 2022-02-28\nBeslutsdatum: 2023-03-01", date(2023, 3, 1), {"Datum", "Beslutsdatum"}),
        ("Fastställd: 2022-02-28\nAntagen av: KF 2021-03-01 § 9", date(2021, 3, 1), {"Fastställd", "Antagen av"}),
    ],
)
def test_every_day_of_a_conflict_is_kept_with_its_label(block: str, used: date, told: set[str]) -> None:
    reading = read_policy(f"Resepolicy\n{block}\n\nText.")
    (conflict,) = reading.conflicts
    assert (conflict.name, conflict.used, reading.metadata.adopted_on) == ("adopted_on", str(used), used)
    assert {label for label, _ in conflict.values} == told


def test_two_owners_are_both_kept() -> None:
    (conflict,) = read_policy("Resepolicy\nDokumentansvarig: Kanslichef\nDokumentägare: HR-chef\n\nText.").conflicts
    assert conflict.values == (("Dokumentansvarig", "Kanslichef"), ("Dokumentägare", "HR-chef"))


def test_the_same_day_in_a_doubled_block_is_no_conflict() -> None:
    assert read_policy("Resepolicy\nAntagen: 2022-02-28\n\nText.\n\nAntagen: 2022-02-28").conflicts == ()


@pytest.mark.parametrize(
    ("said", "adopted_on", "paragraph", "revised_on"),
    [
        ("Antagen: 2011-03-28/rev 2011-05-24", date(2011, 3, 28), None, date(2011, 5, 24)),
        (
            "Antaget av KF 23 november 2010, 115, reviderat av KF 21 april 2015",
            date(2010, 11, 23),
            "115",
            date(2015, 4, 21),
        ),
        ("Antagen av kommunfullmäktige (2012-03-08 § 33)", date(2012, 3, 8), "33", None),
        ("för beslut: 9 november 2016", date(2016, 11, 9), None, None),
        ("Beslutsdatum: § 117, 2011-06-16", date(2011, 6, 16), "117", None),
        ("Datum: 2015-09-07 § 82", date(2015, 9, 7), "82", None),
        ("Fastställd: 2020-10-11, § 253/2016", date(2020, 10, 11), "253/2016", None),
        ("Antagen: 7/1–2020\nParagraf: SN § 28", date(2020, 1, 7), "28", None),
        ("Beslutad: 14 januari 2021 § 101", date(2021, 1, 14), "101", None),
        ("Fastställd: 2020-10-11\nSenast reviderad: 2021-02-03 § 8", date(2020, 10, 11), None, date(2021, 2, 3)),
    ],
)
def test_a_decision_is_read_apart_from_a_later_revision(
    said: str, adopted_on: date, paragraph: str | None, revised_on: date | None
) -> None:
    found = metadata(f"Resepolicy\n\n{said}\n\nText om resor.")
    assert (found.adopted_on, found.paragraph, found.last_revised_on) == (adopted_on, paragraph, revised_on)


@pytest.mark.parametrize(
    "line",
    [
        "Författningssamling Nr F 16:3",
        "Relaterade styrdokument: Säkerhetspolicy KS 2012/00071",
        "Ersätter: Reseprogram, KS 2012/71",
        "Policyn kompletterar beslutet KS 2012/71 om avgifter.",
    ],
)
def test_a_number_of_something_else_is_not_the_diary_number(line: str) -> None:
    assert metadata(f"Resepolicy\n{line}\n\nText.").diary_number is None


@pytest.mark.parametrize(
    ("top", "title"),
    [
        ("Handlingsplan för suicidprevention\noch efterlevandestöd i Lövnäs kommun", None),
        ("Folkhälsoprogram\n2022–2030", None),
        ("POLICY\nTrygg i Ekvik", "Trygg i Ekvik"),
        ("SKOGSPOLICY för Ekviks mark", "Skogspolicy för Ekviks mark"),
        ("Principer för kommunal borgen", None),
        ("RIKTLINJE\nSystematiskt arbetsmiljöarbete i Ekviks kommun", "Systematiskt arbetsmiljöarbete i Ekviks kommun"),
        ("ANVISNING\n\nFrågor och svar\n\nUtan en plan för att rätta\ntill felet blir inget gjort.", "Frågor och svar"),
        ("Biblioteksplan\nför\nEkviks kommun\n2024 – 2027", None),
        ("Dokumenttyp: Riktlinje\nResor i tjänsten", "Resor i tjänsten"),
        ("Dokumentnamn\nDelaktighetspolicy", "Delaktighetspolicy"),
        ("Strategi Program Plan Policy Riktlinjer Regler\nPolicy för mat", "Policy för mat"),
        ("Kostpolicy          Dnr KS 2019/12", "Kostpolicy"),
        ("Strategi Plan Policy Riktlinjer Policy för mat Beslutat av: KF Sida: 1 Dnr: KS 1/16", "Policy för mat"),
        ("---\ntitle: Policy (1)\nsource: a.docx\n---\n# Policy för mat", "Policy för mat"),
    ],
)
def test_the_title_is_whole_and_alone(top: str, title: str | None) -> None:
    assert metadata(f"{top}\n\nInledning\n\nText.").title == (title or " ".join(top.split("\n")))


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("Antagen av kommunfullmäktige\n2023-11-20 § 164", {"adopted_on": date(2023, 11, 20), "paragraph": "164"}),
        (
            "KF § 31/2018\n\nAntagen   26 mars 2018\n\n§ 1\nText.\n\n§ 2\nText.",
            {"adopted_by": "Kommunfullmäktige", "paragraph": "31"},
        ),
        (
            "Antagen av kommunfullmäktige den 26 mars 2018\n\n§ 1\nText.\n\n§ 2\nText.",
            {"adopted_on": date(2018, 3, 26), "paragraph": None},
        ),
        ("Planen är antagen av:  Kommunfullmäktige", {"adopted_by": "Kommunfullmäktige"}),
        (
            "Fastställt av kommunfullmäktige 2023-06-19\nAntaget av bolagsstämman 2023-06-27",
            {"adopted_on": date(2023, 6, 19)},
        ),
        ("Planen upphör att gälla 2030-12-31.", {"valid_from": None, "valid_until": date(2030, 12, 31)}),
        ("1.2 Denna plan ersätter planen från 2019, som antogs av nämnden.", {"replaces": "planen från 2019"}),
    ],
)
def test_what_is_said_in_its_own_way_is_read(said: str, wanted: dict[str, object]) -> None:
    read = read_policy(f"Trafikplan\n\n{said}\n\nInledning\n\nText.")
    assert {name: getattr(read.metadata, name) for name in wanted} == wanted
    assert read.conflicts == ()


def test_a_year_alone_is_no_day() -> None:
    reading = read_policy("Resepolicy\n\nAntagen av KF 2014 och reviderad 2017-11-14.\n\nText.")
    assert (reading.metadata.adopted_on, reading.metadata.first_adopted) == (None, "2014")
    assert reading.metadata.last_revised_on == date(2017, 11, 14)
    assert warned(reading, "beslutsdatum")


def test_the_ladder_of_types_is_neither_title_nor_type() -> None:
    found = metadata("strategi modell plan policy program regel riktlinje rutin taxa\nRiktlinjer för resor\n\nText.")
    assert (found.title, found.document_type) == ("Riktlinjer för resor", "riktlinje")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("VÄSTRA VIKENS KOMMUN", "Västra Vikens kommun"),
        ("Policy för Nya Ängby kommun", "Nya Ängby kommun"),
        ("I Ängby kommun ska alla trivas. ÄNGBY KOMMUN", "Ängby kommun"),
        ("Ängby kommuns nämnder svarar.", "Ängby kommun"),
        ("Ängby stad", "Ängby stad"),
        ("Vår kommun är bäst.", None),
    ],
)
def test_the_municipality_is_named_in_ordinary_letters(text: str, name: str | None) -> None:
    assert metadata(text).municipality == name


@pytest.mark.parametrize(
    "number",
    ["KS-2016-284", "KS/2013:635", "VON 2025:00149", "KS2023-0655", "Ks 482/2021", "KS 247/17", "2016/0669 KS-1"],
)
def test_diary_numbers_are_read_as_written(number: str) -> None:
    assert metadata(f"Resepolicy\nDiarienummer: {number}\n\nText.").diary_number == number


def test_a_municipality_that_is_not_named_is_told() -> None:
    assert warned(read_policy("Resepolicy\n\nText."), "Dokumentet anger inte kommunens namn.")


@pytest.mark.parametrize(
    "number", ["KS 2020.1.3.2.411", "KS.2023.145", "2015.233.003", "KS-2016-284", "2016/0669 KS-1", "KS/2024:00105"]
)
def test_a_diary_number_is_read_whole_in_every_shape(number: str) -> None:
    assert metadata(f"Resepolicy\n\nDiarienummer: {number}\n\nText.").diary_number == number


def test_a_number_of_a_case_stands_alone_in_a_line_with_bars() -> None:
    found = metadata("Resepolicy\nBeslut i kommunstyrelsen 2019-05-20 § 45 | KS 2018/488\n\nText.")
    assert found.diary_number == "KS 2018/488"


def test_a_year_alone_ends_the_validity_with_the_year_and_is_told() -> None:
    reading = read_policy("Resepolicy\n\nGiltiga till och med: 2026\n\nText.")
    assert reading.metadata.valid_until == date(2026, 12, 31)
    assert warned(reading, "bara ett år")


def test_the_label_of_a_type_may_hold_the_title() -> None:
    found = metadata("Bilaga till beslut\n\nStyrdokument: Policy för hållbar mat\nBeslut: KF 2018-09-24 § 131\n\nText.")
    assert (found.title, found.document_type) == ("Policy för hållbar mat", "policy")


def test_an_approval_on_the_way_is_not_the_adoption() -> None:
    found = metadata("Resepolicy\nGodkänd av: Arbetsutskottet 2022-03-01 § 3\nAntagen av: Kommunfullmäktige\n\nText.")
    assert found.adopted_by == "Kommunfullmäktige"


def test_an_approval_is_the_adoption_where_nothing_else_is() -> None:
    assert metadata("Resepolicy\nGodkänd av: Kommunfullmäktige\n\nText.").adopted_by == "Kommunfullmäktige"


def test_the_letters_of_the_minutes_are_no_part_of_the_body() -> None:
    found = metadata("Resepolicy\nAntagen av: Socialnämnden SN § 57, 2023-05-02\n\nText.")
    assert (found.adopted_by, found.paragraph) == ("Socialnämnden", "57")


def test_a_body_that_has_decided_at_its_meeting_adopts() -> None:
    told = "Riktlinjerna har beslutats av kommunstyrelsen vid dess sammanträde den 3 maj 2022, § 66."
    found = metadata(f"Riktlinjer för mat\n\n{told}\n\nText.")
    assert (found.adopted_by, found.adopted_on, found.paragraph) == ("Kommunstyrelsen", date(2022, 5, 3), "66")


def test_a_term_with_the_short_words_for_from_and_until_is_read() -> None:
    found = metadata("Resepolicy\n\nPolicyn gäller fr.o.m. 1 juni 2022 t.o.m. den 31 december 2026.\n\nText.")
    assert (found.valid_from, found.valid_until) == (date(2022, 6, 1), date(2026, 12, 31))


def test_a_version_may_say_when_it_was_updated() -> None:
    found = metadata("Resepolicy\nVersion 2.1, uppdaterad 2023-09-01\n\nText.")
    assert (found.version, found.last_revised_on) == ("2.1", date(2023, 9, 1))


def test_the_day_of_a_decision_may_stand_in_the_cell_beside_its_body() -> None:
    found = metadata("Resepolicy\nAntaget av kommunfullmäktige   2021-09-27, § 104\n\nText.")
    assert (found.adopted_by, found.adopted_on, found.paragraph) == ("Kommunfullmäktige", date(2021, 9, 27), "104")


def test_a_group_of_companies_names_its_municipality() -> None:
    assert metadata("Inköpspolicy för Kvarnmo kommunkoncern\n\nText.").municipality == "Kvarnmo kommun"


@pytest.mark.parametrize(
    "day", ["2019-13-01", "19-05-06", "05/06/2021", "den 6 maj 21", "2021-02-29", "30 februari 2021", "2O21-O5-06"]
)
def test_what_is_meant_as_a_day_and_is_none_is_never_taken_without_a_word(day: str) -> None:
    read = read_policy(f"Miljöpolicy\n\nAntagen av: Kommunfullmäktige\nBeslutsdatum: {day}\n\nText.")
    assert read.metadata.adopted_on is None
    assert any(f"”{day}”" in warning for warning in read.warnings)


@pytest.mark.parametrize("day", ["31/12-24", "31 juni 2025", "2025-06-31", "24-12-31"])
def test_a_last_day_that_cannot_be_read_is_told_and_none_is_made_up(day: str) -> None:
    read = read_policy(f"Miljöpolicy\n\nAntagen av: Kommunfullmäktige\nGäller till och med: {day}\n\nText.")
    assert read.metadata.valid_until is None
    assert any(f"”{day}”" in warning for warning in read.warnings)


@pytest.mark.parametrize(
    "fields",
    [
        "Antagen av kommunfullmäktige 2019-05-06\nBeslutsinstans: Kommunstyrelsen",
        "Beslut: KF 2019-05-06 § 3\nBeslut: KS 2019-04-02 § 8",
    ],
)
def test_two_bodies_that_decided_are_a_conflict_and_shown(fields: str) -> None:
    read = read_policy(f"Miljöpolicy\n\n{fields}\n\nText.")
    [conflict] = [each for each in read.conflicts if each.name == "adopted_by"]
    assert {value for _, value in conflict.values} == {"Kommunfullmäktige", "Kommunstyrelsen"}
    assert any("flera som har antagit det" in warning for warning in read.warnings)


def test_years_are_no_diary_number() -> None:
    text = "Miljöpolicy\nAntagen av kommunfullmäktige 2019-05-06\n{}\n\nText."
    assert read_policy(text.format("Gäller 2019-2022")).metadata.diary_number is None
    assert read_policy(text.format("KS 2019-2022")).metadata.diary_number == "KS 2019-2022"


def test_a_hyphen_that_does_not_break_is_one() -> None:
    text = "Miljöpolicy\nAntagen av: KF\nBeslutsdatum: 2021\u201105\u201106\n\nVarje nämnd ska ta fram 1\u20112 mål."
    read = read_policy(text)
    assert read.metadata.adopted_on == date(2021, 5, 6)
    assert [(duty.goal_min, duty.goal_max) for duty in read.duties] == [(1, 2)]
    assert read.duties[0].quote == "Varje nämnd ska ta fram 1\u20112 mål."
