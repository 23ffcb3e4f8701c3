"""What would leave now about a real case, without a word written and without a link that works."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from styrhjul.db.case_model import JournalEntry, Notice
from styrhjul.db.mail_model import AnswerLink, Mail
from styrhjul.db.session import Database
from styrhjul.mail.context import CONTEXTS
from styrhjul.services.mailing.preview import (
    NothingToPreview,
    Preview,
    case_preview,
    sample_preview,
    write_preview,
)
from styrhjul.services.municipality.wording import Place, set_wording
from tests.services.test_wording import slip_in
from tests.town import Town, build_town, nine

OPENS = date(2027, 1, 7)
BASE_URL = "https://lillby.example.org"


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database)


def of_case(town: Town, rung: str | None = None, on: date = OPENS) -> Preview:
    case_id = town.cases()[0].id
    return case_preview(town.database, town.municipality_id, case_id, on, base_url=BASE_URL, rung=rung)


def rows(town: Town) -> list[int]:
    with town.database.reading(town.municipality_id) as session:
        counts = (
            session.scalar(select(func.count()).select_from(each)) for each in (Notice, Mail, AnswerLink, JournalEntry)
        )
        return [count or 0 for count in counts]


def in_own_words(town: Town) -> None:
    place = Place(key="all", language="sv", part="contact")
    text = "Ring {{ municipality_name }}, 000-00 00 00."
    set_wording(town.database, town.municipality_id, place, text, base_url=BASE_URL, by="x", now=nine(OPENS))


def test_it_is_the_mail_that_leaves_but_for_the_link(town: Town) -> None:
    town.sweep(OPENS)
    (subject, office) = ((found := of_case(town)).rendered.subject, found.office)
    town.compose(OPENS)
    assert subject in {mail.subject for mail in town.mails()}
    assert office.startswith(("chair", "secretary"))


def test_nothing_is_written_and_no_link_works(town: Town) -> None:
    town.sweep(OPENS)
    before = rows(town)
    links = {word for word in of_case(town).rendered.text.split() if word.startswith(BASE_URL)}
    assert rows(town) == before
    assert links == {f"{BASE_URL}/a/{'forhandsvisning'.ljust(43, '-')}"}


@pytest.mark.parametrize("rung", ["opened", "reminder", "warning", "head", "chief_executive"])
def test_any_step_of_the_ladder_can_be_seen_before_it_is_reached(town: Town, rung: str) -> None:
    town.sweep(OPENS)
    found = of_case(town, rung)
    assert found.key in CONTEXTS
    assert "Integrationspolicy" in found.rendered.text


def test_a_step_or_case_that_is_not_there_is_refused_with_those_that_are(town: Town) -> None:
    town.sweep(OPENS)
    with pytest.raises(NothingToPreview, match="De som finns är opened, reminder"):
        of_case(town, "nope")
    with pytest.raises(NothingToPreview, match="finns inte"):
        case_preview(town.database, town.municipality_id, "nope", OPENS, base_url=BASE_URL)


def test_another_municipality_s_case_is_not_here(town: Town) -> None:
    town.sweep(OPENS)
    other = build_town(town.database, "storby")
    with pytest.raises(NothingToPreview):
        case_preview(town.database, other.municipality_id, town.cases()[0].id, OPENS, base_url=BASE_URL)


def test_a_sample_and_a_case_are_shown_in_the_municipality_s_own_name_and_words(town: Town) -> None:
    in_own_words(town)
    town.sweep(OPENS)
    sample = sample_preview(
        "goals_warning", database=town.database, municipality_id=town.municipality_id, base_url=BASE_URL
    )
    for found in (sample, of_case(town)):
        assert "Ring Lillby kommun, 000-00 00 00." in found.rendered.text
    assert "Lillby" not in sample_preview("goals_warning").rendered.text


def test_where_a_mail_s_own_words_fail_the_preview_is_what_leaves(town: Town) -> None:
    in_own_words(town)
    slip_in(town, "{{ nobody }}", part="contact")
    town.sweep(OPENS)
    shown = of_case(town).rendered.text
    assert "Har du inte längre uppdraget" in " ".join(shown.split())
    assert town.live(OPENS).sent == 4
    assert not any(b"Ring Lillby" in raw for _, raw in town.transport.taken)
    assert "Ring Lillby" not in shown


def test_a_preview_is_written_as_text_html_and_mail(town: Town, tmp_path: Path) -> None:
    town.sweep(OPENS)
    written = write_preview(of_case(town), tmp_path)
    assert [path.suffix for path in written] == [".txt", ".html", ".eml"]
    assert all(path.stat().st_size > 500 for path in written)
