"""A robot that opens every link and presses every button, a thousand times: it answers nothing and decides nothing.

A scanner of mail is one: it follows what a mail holds, and goes on from there. It types nothing.
"""

from __future__ import annotations

import contextlib
import re
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Error, expect
from sqlalchemy import func, select

from styrhjul.db.case_model import Answer, Case, JournalEntry
from styrhjul.db.model import UserRole
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import State
from styrhjul.mail.catch import Catcher
from styrhjul.services.municipality.directory import NewUser, add_user, municipality_by
from styrhjul.web import rate
from tests.pages.town_in_play import CODE, PHONE, hand_in, held
from tests.web.sign_in_world import caught

if TYPE_CHECKING:
    from collections.abc import Iterable

    from playwright.sync_api import Browser, Page

    from styrhjul.mail.catch import Caught
    from styrhjul.services.foundation.installation import Installation

pytestmark = [pytest.mark.browser, pytest.mark.faults]
PRESSES = 1000
DEEPEST = 4
SLUGS = ("olofstrom", "herrljunga", "grums")
CHAIR = "ordforande.2027.socialnamnden@olofstrom.example.org"
CHIEF = "kommunchef@olofstrom.example.org"
#: A mail is one whole page; on the others the frame around leads everywhere and asks nothing.
PRESSED = ":is(main, body:not(:has(main))) :is(a[href], button, summary)"
LEADS_ON = 'it => it.matches(\'button, a[href]:not([href^="mailto:"], [href^="#"], [download])\')'
#: What only a person does.
DONE = (
    EntryKind.CASE_MOVED,
    EntryKind.CASE_DELEGATED,
    EntryKind.CASE_NOTED,
    EntryKind.CASE_REASSIGNED,
    EntryKind.DUE_MOVED,
    EntryKind.ANSWER_COMPETED,
)


@dataclass
class Robot:
    """Goes each way from each beginning: every page it has not seen is one more beginning, some presses deep."""

    page: Page
    limit: int
    presses: int = 0
    seen: set[tuple[str, str]] = field(default_factory=set)

    def walk(self, beginnings: Iterable[str]) -> None:
        """Press what there is, the nearest first. A beginning is an address, or a mail's own text."""
        ways: deque[tuple[str, tuple[int, ...]]] = deque((beginning, ()) for beginning in beginnings)
        while ways and self.presses < self.limit:
            beginning, path = ways.popleft()
            for number in range(self.go(beginning, path)):
                if number:
                    self.go(beginning, path)
                self.press(number)
                if len(path) + 1 < DEEPEST and self.is_new():
                    ways.append((beginning, (*path, number)))

    def go(self, beginning: str, path: tuple[int, ...]) -> int:
        """Begin, and press once more what led on; return how many things there are to press."""
        if beginning.startswith("/"):
            self.page.goto(beginning)
        else:
            self.page.goto("about:blank")
            self.page.set_content(beginning)
        for number in path:
            self.press(number)
        return self.page.locator(PRESSED).count()

    def press(self, number: int) -> None:
        """Press, seen or not, as no hand could, and wait for what comes of it."""
        self.presses += 1
        pressed = self.page.locator(PRESSED).nth(number)
        if not pressed.evaluate(LEADS_ON):
            pressed.dispatch_event("click")
            return
        with contextlib.suppress(Error), self.page.expect_navigation(timeout=2_000, wait_until="domcontentloaded"):
            pressed.dispatch_event("click")

    def is_new(self) -> bool:
        """Whether this page was never here before: a mail's link, or a page, by its address and its heading."""
        path = re.sub(r"https?://[^/]+|[?#].*", "", self.page.url)
        here = (path, "".join(self.page.locator("h1").all_inner_texts()))
        if here in self.seen or not self.page.url.startswith("http"):
            return False
        self.seen.add(here)
        return path.startswith(("/answer/", "/a/")) or "/case/" in path or path.endswith("/decisions")


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told to wait: a robot that is stopped by its pace proves nothing."""
    monkeypatch.setattr(rate, "MOST", {})


def one_of_each(home: Installation, site: str) -> list[str]:
    """Return a mail of every kind as its reader sees it, and after them all the others."""
    kinds: dict[str, Caught] = {}
    mails = list(Catcher(home.settings.data_dir / "mail").messages())
    for mail in mails:
        kinds.setdefault(re.sub(r"^.*?: |\d+|januari|februari|november", "", mail.subject), mail)
    first = list(kinds.values())
    others = [mail for mail in mails if mail not in first]
    return [served_at(site, home, mail) for mail in (*first, *others)]


def served_at(site: str, home: Installation, mail: Caught) -> str:
    """Return a mail as its reader sees it, on whatever port the pages are served here."""
    return mail.html.replace(home.settings.base_url, site)


def asking(home: Installation, site: str) -> str:
    """Return a mail that asks a chair for goals and for nothing else."""
    mails = Catcher(home.settings.data_dir / "mail").messages()
    return next(served_at(site, home, each) for each in mails if CHAIR in each.to and "mål för 2027," in each.subject)


def done(home: Installation) -> dict[str, tuple[int, int, list[State]]]:
    """What people have done, by municipality: answers, what they did with cases, and how each case stands."""
    found = {}
    for slug in SLUGS:
        with home.database.reading(municipality_by(home.database, slug).municipality_id) as session:
            answers = session.scalar(select(func.count()).select_from(Answer)) or 0
            acts = session.scalar(select(func.count()).where(JournalEntry.kind.in_(DONE))) or 0
            found[slug] = (answers, acts, list(session.scalars(select(Case.state).order_by(Case.id))))
    return found


def answer_one(page: Page, mail: str) -> None:
    """Answer as a person does: what is filled in then is what the robot finds."""
    page.set_content(mail)
    page.locator("a[href*='/a/']").first.click()
    page.get_by_label("Vad vill nämnden uppnå?").first.fill("Fler ska kunna påverka det stöd de får.")
    page.get_by_label("Datum").fill("2027-03-03")
    hand_in(page, "Ordföranden")


def sign_in(page: Page, home: Installation) -> None:
    """Come in as the chief executive, who can decide on what went up."""
    user = NewUser(address=CHIEF, name="Kommunchefen", roles=frozenset({UserRole.CHIEF_EXECUTIVE}))
    add_user(home.database, municipality_by(home.database, "olofstrom").municipality_id, user, home.clock.now())
    page.goto("/sign-in?municipality=olofstrom&next=/olofstrom/decisions")
    page.get_by_label("Din adress i arbetet").fill(CHIEF)
    page.get_by_role("button", name="Skicka en kod").click()
    expect(page.get_by_label("Engångskod")).to_be_visible()
    page.get_by_label("Engångskod").fill(CODE.findall(caught(home)[0])[0])
    page.get_by_role("button", name="Logga in").click()
    page.wait_for_url("**/olofstrom/decisions")


def acts(home: Installation) -> list[str]:
    """Return where a case is decided: each act on one that is late."""
    with home.database.reading(municipality_by(home.database, "olofstrom").municipality_id) as session:
        late = session.scalars(select(Case.id).where(Case.state == "open").order_by(Case.due_on, Case.id)).first()
    return [f"/olofstrom/case/{late}", *(f"/olofstrom/case/{late}/act/{act}" for act in ACTS)]


ACTS = ("extend", "reassign", "note", "waive", "return")


def test_a_robot_that_presses_a_thousand_times_answers_and_decides_nothing(
    browser: Browser, home: Installation, site: str
) -> None:
    mails = one_of_each(home, site)
    with held(browser, site, PHONE) as page:
        answer_one(page, asking(home, site))
        before = done(home)
        sign_in(page, home)
        chief = Robot(page, PRESSES // 4)
        chief.walk(["/olofstrom/decisions", *acts(home)])
    with held(browser, site, PHONE) as page:
        reader = Robot(page, PRESSES - chief.presses)
        reader.walk(mails)
    print(f"{chief.presses} + {reader.presses} presses, {len(chief.seen)} + {len(reader.seen)} pages")  # noqa: T201
    assert chief.presses + reader.presses >= PRESSES
    assert {slug: each[0] for slug, each in before.items()} == {"olofstrom": 1, "herrljunga": 0, "grums": 0}
    assert done(home) == before
