"""In a real browser: a chief executive grants time on a phone, and the pages of deciding are open to everybody."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from styrhjul.db.model import Person
from tests.answer_world import World
from tests.town import build_town
from tests.web.deciding import BECAUSE, case_now, gone_up, late, made, path_of
from tests.web.test_browser import DESK, PHONE, browser, page_of, press, press_as_robot, served, violations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from styrhjul.services.foundation.installation import Installation

pytestmark = pytest.mark.browser
__all__ = ["browser"]
LONG_ADDRESS = "ordforanden.i.socialnamnden.och.dess.utskott@lillby.example.org"
ACTS = ("extend", "reassign", "note", "waive")


@pytest.fixture
def site(home: Installation, world: World) -> Iterator[str]:
    gone_up(home, world)
    with served(late(home)) as address:
        yield address


def review_more_time(page: Page) -> None:
    page.goto("/herrljunga/decisions")
    page.get_by_label("Ge mer tid").check()
    page.get_by_label("Ny frist").fill("2027-05-31")
    page.get_by_label("Skäl").fill(BECAUSE)
    press(page, "Granska beslutet")


def test_the_chief_executive_grants_time_on_a_phone(
    browser: Browser, site: str, home: Installation, world: World
) -> None:
    with page_of(browser, site) as page:
        review_more_time(page)
        expect(page.get_by_text("Fristen blir måndag 31\u00a0maj.")).to_be_visible()
        assert made(home, world) == []
        press(page, "Ge mer tid")
        expect(page.get_by_role("heading", level=1)).to_have_text("Inget väntar på ditt beslut")
        expect(page.get_by_role("status")).to_contain_text("Ärendet har fått mer tid.")
    assert case_now(home, world).due_on == date(2027, 5, 31)


def test_a_robot_that_presses_every_button_decides_nothing(
    browser: Browser, site: str, home: Installation, world: World
) -> None:
    with page_of(browser, site) as page:
        for path in (
            "/herrljunga/decisions",
            *(path_of(world, act) for act in ("extend", "reassign", "note", "waive")),
        ):
            page.goto(path)
            for number in range(page.locator("main button").count()):
                page.goto(path)
                press_as_robot(page, page.locator("main button").nth(number))
    assert made(home, world) == []


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_the_page_of_a_mail_shuts_nobody_out_and_is_not_cut(
    browser: Browser, site: str, home: Installation, viewport: dict[str, int]
) -> None:
    town = build_town(home.database, committees=("socialnämnden",))
    with home.database.municipality(town.municipality_id) as session:
        session.execute(update(Person).where(Person.address.startswith("chair.social")).values(address=LONG_ADDRESS))
    town.live(date(2027, 1, 7))
    mail = next(mail for mail in town.mails() if mail.address == LONG_ADDRESS)
    with page_of(browser, site, viewport=viewport, bypass_csp=True) as page:
        page.goto(f"/lillby/mail/{mail.id}")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_no_page_of_deciding_shuts_anybody_out(
    browser: Browser, site: str, world: World, viewport: dict[str, int], scheme: str
) -> None:
    found = {}
    with page_of(browser, site, viewport=viewport, color_scheme=scheme, bypass_csp=True) as page:
        for path in (f"/herrljunga/case/{world.case_id}", "/herrljunga/decisions", path_of(world, "reassign")):
            page.goto(path)
            found[path] = violations(page)
            found[f"{path} width"] = (
                [] if page.evaluate("document.documentElement.scrollWidth") <= viewport["width"] else ["cut"]
            )
        press(page, "Granska")
        found["refused"] = violations(page)
        review_more_time(page)
        found["review"] = violations(page)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
