"""In a real browser: a chair answers on a phone, a robot answers nothing, and every page is open to everybody."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from playwright.sync_api import expect, sync_playwright
from sqlalchemy import func, select, update

from styrhjul.db.case_model import Answer
from styrhjul.db.mail_model import AnswerLink
from styrhjul.domain.office import PostRole
from styrhjul.web import rate
from styrhjul.web.app import create_app
from tests.answer_world import NOW, World, ask
from tests.web.link_pages import reads
from workflows import LIFECYCLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page

    from styrhjul.services.foundation.installation import Installation

pytestmark = pytest.mark.browser
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
ROBOTS_PATIENCE = 3


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def site(home: Installation) -> Iterator[str]:
    with served(home) as address:
        yield address


@contextmanager
def served(home: Installation) -> Iterator[str]:
    """Serve the application on a port of its own; yield its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    # A socket that is handed over keeps waiting to fill its packets, 40 ms a page; one the loop makes itself does not.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    server = uvicorn.Server(uvicorn.Config(create_app(home), log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listening.close()


@contextmanager
def page_of(browser: Browser, site: str, **options: Any) -> Iterator[Page]:  # noqa: ANN401 - playwright's own
    context = browser.new_context(base_url=site, **{"viewport": PHONE, **options})
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def press(page: Page, words: str) -> None:
    """Press a button that leads to another page, and be there: a click alone returns while the old one still stands."""
    with page.expect_navigation():
        page.get_by_role("button", name=words).click()


def answers(home: Installation, world: World) -> int:
    with home.database.reading(world.municipality_id) as session:
        return session.scalar(select(func.count()).select_from(Answer)) or 0


def write_goal(page: Page, token: str) -> None:
    page.goto(f"/a/{token}")
    page.get_by_label("Vad vill nämnden uppnå?").first.fill("Fler ska kunna påverka det stöd de får.")
    page.get_by_label("Datum").fill("2027-03-03")
    press(page, "Granska svaret")


# -- a person --------------------------------------------------------------------------------------------------------


def test_a_chair_answers_a_goal_round_on_a_phone(browser: Browser, site: str, home: Installation, world: World) -> None:
    with page_of(browser, site) as page:
        write_goal(page, world.chair)
        expect(page.get_by_role("heading", name="Paragrafen saknas")).to_be_visible()
        page.get_by_label("Ditt namn").fill("Anna Exempel")
        press(page, "Lämna in svaret")
        expect(page.get_by_role("heading", level=1)).to_have_text("Svaret är inlämnat")
        assert world.chair not in page.url
    assert answers(home, world) == 1


def test_what_is_typed_saves_itself_and_is_there_again(
    browser: Browser, site: str, home: Installation, world: World
) -> None:
    with page_of(browser, site, bypass_csp=True) as page:
        page.goto(f"/a/{world.chair}")
        page.get_by_label("Vad vill nämnden uppnå?").first.fill("Skrivet på bussen")
        expect(page.get_by_role("status").filter(has_text="Utkastet sparades")).to_be_visible()
        page.goto(f"/a/{world.chair}")
        expect(page.get_by_label("Vad vill nämnden uppnå?").first).to_have_value("Skrivet på bussen")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert answers(home, world) == 0


def test_a_draft_is_saved_by_its_button_without_scripts(browser: Browser, site: str, world: World) -> None:
    with page_of(browser, site, java_script_enabled=False) as page:
        page.goto(f"/a/{world.chair}")
        page.get_by_label("Vad vill nämnden uppnå?").first.fill("Skrivet utan skript")
        page.get_by_role("button", name="Spara och fortsätt senare").click()
        expect(page.get_by_role("heading", name="Ett utkast, inte inlämnat")).to_be_visible()
        page.goto(f"/a/{world.chair}")
        assert page.get_by_label("Vad vill nämnden uppnå?").first.input_value() == "Skrivet utan skript"


def test_an_error_leads_to_its_field(browser: Browser, site: str, world: World) -> None:
    with page_of(browser, site) as page:
        page.goto(f"/a/{world.chair}")
        press(page, "Granska svaret")
        page.get_by_role("alert").get_by_role("link").click()
        expect(page.get_by_label("Vad vill nämnden uppnå?").first).to_be_focused()
        page.keyboard.type("Ett mål")
        assert page.get_by_label("Vad vill nämnden uppnå?").first.input_value() == "Ett mål"


def test_everything_is_reached_with_the_keyboard(browser: Browser, site: str, home: Installation, world: World) -> None:
    with page_of(browser, site) as page:
        page.goto(f"/a/{world.chair}")
        reached = set()
        for _ in range(30):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("document.activeElement.id || document.activeElement.innerText"))
    assert {"goals-0-text", "decided_on", "paragraph", "Granska svaret", "Hoppa till innehållet"} <= reached


@pytest.mark.parametrize(
    "path",
    ["/", "/herrljunga", "/herrljunga/cases", "/herrljunga/policy/integration", "/herrljunga/mail/coming", "/inbox"],
)
def test_nothing_runs_off_a_narrow_screen(browser: Browser, site: str, world: World, path: str) -> None:
    with page_of(browser, site, viewport={"width": 320, "height": 700}) as page:
        page.route("**/*.woff2", lambda route: route.abort())  # the reader's own fonts are wider
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") == 320


# -- a robot ---------------------------------------------------------------------------------------------------------


PRESSED = "main a, main button:not(.sr), main summary"


def presses(page: Page) -> list[str]:
    """What there is to press, by its words: a draft that was saved on the way adds to what stands on a page."""
    return list(dict.fromkeys(page.locator(PRESSED).all_inner_texts()))


def robot(page: Page, token: str, path: tuple[str, ...] = ()) -> int:
    """Press everything there is, each way from the start, a few presses deep; return how many presses it made."""
    page.goto(f"/a/{token}")
    for words in path:
        press_as_robot(page, pressed(page, words))
    if len(path) == ROBOTS_PATIENCE or "/answer/" not in page.url:
        return len(path)
    new = [words for words in presses(page) if words not in path]
    ways = [words for words in new if not path or is_way_on(page, words)]
    return len(path) + sum(robot(page, token, (*path, words)) for words in ways)


def pressed(page: Page, words: str) -> Locator:
    return page.locator(PRESSED).filter(has_text=words).first


#: What pressing leads away from the page: a link to another one, and a form that its browser would send.
LEADS_AWAY = """it => it.matches('a[href]:not([href^="#"], [href^="mailto:"], [download])')
    || it.matches('button') && it.type === 'submit'
        && (it.formNoValidate || it.form.noValidate || it.form.matches(':valid'))"""


def press_as_robot(page: Page, found: Locator) -> None:
    """Press at once, as no hand could, and be where it leads."""
    with page.expect_navigation() if found.evaluate(LEADS_AWAY) else nullcontext():
        found.dispatch_event("click")


def is_way_on(page: Page, words: str) -> bool:
    """Whether pressing goes on to another page: links in the text and folds do not."""
    return bool(pressed(page, words).evaluate("it => it.matches('button')"))


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told to wait: a robot that is stopped by its pace proves nothing."""
    monkeypatch.setattr(rate, "MOST", {})


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("lifecycle", ["goal_setting", "action_planning", "revision", "handover"])
def test_a_robot_that_presses_everything_answers_nothing(
    browser: Browser, site: str, home: Installation, lifecycle: str
) -> None:
    asked = ask(home.database, lifecycle)
    with page_of(browser, site) as page:
        assert robot(page, asked.holder) > 3
    assert answers(home, asked) == 0


@pytest.mark.usefixtures("patient")
def test_a_robot_does_not_change_an_answer_either(
    browser: Browser, site: str, home: Installation, world: World
) -> None:
    """The worst case: the form opens filled with the earlier answer, so the robot reaches the review."""
    with page_of(browser, site) as page:
        write_goal(page, world.chair)
        page.get_by_label("Ditt namn").fill("Anna Exempel")
        press(page, "Lämna in svaret")
        robot(page, world.chair)
    assert answers(home, world) == 1


# -- everybody -------------------------------------------------------------------------------------------------------


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']})")
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found["violations"]]


def official_pages(world: World) -> list[str]:
    return [
        "/",
        "/herrljunga",
        "/herrljunga?year=2028",
        "/herrljunga/cases",
        "/herrljunga/mail",
        "/herrljunga/mail/coming",
        "/herrljunga/policy/integration",
        f"/herrljunga/case/{world.case_id}",
        "/inbox",
        "/finns/inte",
        f"/a/{world.tokens[PostRole.HEAD_OF_ADMINISTRATION]}",
        f"/a/{world.chair}",
    ]


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "light"), (DESK, "dark")])
def test_no_page_shuts_anybody_out(
    browser: Browser, site: str, world: World, viewport: dict[str, int], scheme: str
) -> None:
    found = {}
    with page_of(browser, site, viewport=viewport, color_scheme=scheme, bypass_csp=True) as page:
        for path in official_pages(world):
            page.goto(path)
            found[path] = violations(page)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_no_step_of_an_answer_shuts_anybody_out(browser: Browser, site: str, home: Installation, world: World) -> None:
    with page_of(browser, site, bypass_csp=True) as page:
        page.goto(f"/a/{world.chair}")
        press(page, "Granska svaret")
        assert violations(page) == []
        write_goal(page, world.chair)
        assert violations(page) == []
        page.get_by_label("Ditt namn").fill("Anna Exempel")
        press(page, "Lämna in svaret")
        assert violations(page) == []
        with home.database.municipality(world.municipality_id) as session:
            session.execute(update(AnswerLink).values(revoked_at=NOW))
        page.goto(f"/a/{world.chair}")
        assert violations(page) == []


@pytest.mark.parametrize("lifecycle", [key for key in LIFECYCLES if key != "goal_setting"])
def test_no_choice_shuts_anybody_out(browser: Browser, site: str, home: Installation, lifecycle: str) -> None:
    asked = ask(home.database, lifecycle)
    with page_of(browser, site, bypass_csp=True) as page:
        page.goto(f"/a/{asked.holder}")
        assert violations(page) == []
        press(page, "Granska svaret")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_an_english_answer_shuts_nobody_out_on_the_narrowest_phone(
    browser: Browser, site: str, home: Installation
) -> None:
    asked = ask(home.database, "follow_up")
    reads(home, asked, "en")
    with page_of(browser, site, bypass_csp=True, viewport={"width": 320, "height": 700}) as page:
        page.goto(f"/a/{asked.chair}")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        page.get_by_label("Partly met (delvis uppfyllt)").check()
        page.get_by_label("Why did it go that way?").fill("Half of it is done.")
        press(page, "Review the answer")
        expect(page.get_by_role("heading", level=1)).to_have_text("Review and hand in")
        assert violations(page) == []


def test_nothing_on_any_page_breaks_its_own_policy(browser: Browser, site: str, world: World) -> None:
    complaints: list[str] = []
    with page_of(browser, site) as page:
        page.on("console", lambda message: complaints.append(message.text))
        for path in official_pages(world):
            page.goto(path)
    assert [each for each in complaints if "Failed to load resource" not in each] == []
