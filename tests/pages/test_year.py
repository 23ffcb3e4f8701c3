"""One committee's whole year in a real browser: from the mail that asks for goals to the chapter on how it went.

Every mail comes over SMTP and its own button is pressed; only the clock is turned.
"""

from __future__ import annotations

import shutil
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from config.settings import load_settings
from styrhjul.db.model import UserRole
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.municipality.directory import NewUser, add_user, municipality_by
from styrhjul.services.operations.play import play, turn
from tests.pages.conftest import served
from tests.pages.town_in_play import DESK, KEY, PHONE, click_in, free_port, hand_in, held, newest, part, sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.smtp_sink import SmtpSink

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]
NEW_TERM = date(2027, 1, 1)  # a day off: the new committee sits, and nothing has been asked of it
CHAIR = "ordforande.2027.socialnamnden@olofstrom.example.org"
CHIEF = "kommunchef@olofstrom.example.org"
OFFICE = "kanslisamordnare@olofstrom.example.org"
NEWCOMER = "anna.ny@olofstrom.example.org"
GOAL = "Fler ska kunna påverka det stöd de får."


@pytest.fixture(scope="module")
def january(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder on the day before anything is asked; each test gets a copy."""
    folder = tmp_path_factory.mktemp("january")
    home = Installation.open(load_settings(data_dir=folder, secret_key=KEY))
    home.prepare()
    play(home, NEW_TERM)
    for address, role in ((CHIEF, UserRole.CHIEF_EXECUTIVE), (OFFICE, UserRole.COORDINATOR)):
        user = NewUser(address=address, name=address.split("@")[0].capitalize(), roles=frozenset({role}))
        add_user(home.database, municipality_by(home.database, "olofstrom").municipality_id, user, home.clock.now())
    home.close()
    return folder


@pytest.fixture
def home(january: Path, tmp_path: Path, smtp_sink: SmtpSink) -> Iterator[Installation]:
    shutil.copytree(january, tmp_path / "data")
    where = f"http://127.0.0.1:{free_port()}"
    settings = load_settings(data_dir=tmp_path / "data", secret_key=KEY, base_url=where, smtp_url=smtp_sink.url)
    home = Installation.open(settings)
    yield home
    home.close()


@pytest.fixture
def site(home: Installation) -> Iterator[str]:
    with served(home, urlsplit(home.settings.base_url).port or 0) as address:
        yield address


# -- a year ----------------------------------------------------------------------------------------------------------


def set_goal(page: Page) -> None:
    page.get_by_label("Vad vill nämnden uppnå?").first.fill(GOAL)
    page.get_by_label("Datum").fill("2027-02-03")
    page.get_by_label("Paragraf").fill("4")
    hand_in(page, "Ordföranden")


def judge_goal(page: Page) -> None:
    expect(page.get_by_text(GOAL).first).to_be_visible()
    page.get_by_label("Delvis uppfyllt").first.check()
    page.get_by_label("Varför gick det så?").first.fill("Hälften av målet är nått.")
    page.get_by_label("Datum").fill("2028-03-16")
    page.get_by_label("Paragraf").fill("31")
    hand_in(page, "Ordföranden")


def grant_time(page: Page, until: str) -> None:
    """Give the committee more time, as the chief executive whom the mail has led here."""
    heading = page.get_by_role("heading", name="Socialnämnden har inte lämnat uppföljningen för 2027")
    waiting = page.locator("details", has=heading)
    heading.click()  # several wait: each is folded
    waiting.get_by_label("Ge mer tid").check()
    waiting.get_by_label("Ny frist").fill(until)
    waiting.get_by_label("Skäl").fill("Nämnden sammanträder först då.")
    waiting.get_by_role("button", name="Granska beslutet").click()
    page.get_by_role("button", name="Ge mer tid").click()
    expect(page.get_by_role("status")).to_contain_text("Ärendet har fått mer tid.")


def report(page: Page) -> None:
    """See that the committee has answered, and hand the chapter over."""
    expect(page.locator("dt", has_text="Socialnämnden").locator("+ dd")).to_contain_text("Svar finns")
    page.get_by_label("Överlämnat").check()
    page.get_by_label("Datum").fill("2028-03-16")
    hand_in(page, "Kansliet")


def test_a_committee_sets_a_goal_is_late_with_its_follow_up_gets_time_and_is_in_the_report(
    browser: Browser, home: Installation, smtp_sink: SmtpSink, site: str
) -> None:
    turn(home, date(2027, 2, 3))
    with held(browser, site, PHONE) as chair, held(browser, site, PHONE) as chief, held(browser, site, DESK) as office:
        click_in(chair, newest(smtp_sink, CHAIR, "mål för 2027"))
        set_goal(chair)
        turn(home, date(2028, 3, 15))
        assert "Sista dag var" in part(newest(smtp_sink, CHIEF, "väntar på dig"), "plain")
        click_in(chief, newest(smtp_sink, CHIEF, "väntar på dig"))
        chief.get_by_role("link", name="Logga in").click()
        sign_in(chief, home, smtp_sink, CHIEF)
        grant_time(chief, "2028-04-07")
        turn(home, date(2028, 3, 16))
        click_in(chair, newest(smtp_sink, CHAIR, "uppföljning"))
        judge_goal(chair)
        click_in(office, newest(smtp_sink, OFFICE, "Årsredovisning 2027"))
        report(office)


# -- a handover ------------------------------------------------------------------------------------------------------


def end(page: Page, last_on: str) -> None:
    page.get_by_label("Sista dag för").fill(last_on)
    page.get_by_role("button", name="Avsluta uppdraget").click()
    expect(page.get_by_role("status")).to_be_visible()


def enter(page: Page, name: str, address: str, since: str) -> None:
    page.get_by_label("Namn").fill(name)
    page.get_by_label("E-postadress i tjänsten").fill(address)
    page.get_by_label("Första dag").fill(since)
    page.get_by_role("button", name="Skriv in innehavaren").click()
    expect(page.get_by_role("status")).to_contain_text(f"{name} är inskriven")


def test_a_new_chair_is_entered_on_the_handovers_checklist_and_is_written_to(
    browser: Browser, home: Installation, smtp_sink: SmtpSink, site: str
) -> None:
    with held(browser, site, DESK) as page:
        page.goto("/olofstrom/handover")
        sign_in(page, home, smtp_sink, OFFICE)
        checklist = page.get_by_role("region", name="Socialnämnden")
        chair = checklist.get_by_role("row", name="Ordförande").first
        chair.get_by_role("link").click()
        end(page, "2027-01-01")
        enter(page, "Anna Ny", NEWCOMER, "2027-01-02")
        turn(home, date(2027, 1, 4))
        click_in(page, newest(smtp_sink, NEWCOMER, "det här har ni att svara för"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Uppdragen i socialnämnden")
        page.goto("/olofstrom/handover")
        sign_in(page, home, smtp_sink, OFFICE)
        expect(chair).to_contain_text("Anna Ny")
        checklist.get_by_role("button", name="Bekräfta uppdragen").click()
        checklist.get_by_text("Kontrollerat").wait_for()
        assert "Anna Ny" in checklist.inner_text()
