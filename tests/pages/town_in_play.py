"""Olofström on the first days of a term, its mails over a real wire: somebody opens them, clicks, signs in."""

from __future__ import annotations

import re
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from styrhjul.services.delivery.deliver import deliver

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

    from playwright.sync_api import Browser, Page, ViewportSize

    from styrhjul.services.foundation.installation import Installation
    from tests.smtp_sink import SmtpSink

#: Signs links and seals mails; a program that sends over a wire wants a key that is told.
KEY = "one long secret key, for tests and nobody else"
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 900}
CODE = re.compile(r"^ {4}([0-9]{6})\r?$", re.MULTILINE)


def free_port() -> int:
    """Return a port for the pages: mails name it long before anybody serves it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@contextmanager
def held(browser: Browser, site: str, size: ViewportSize) -> Iterator[Page]:
    """One person's screen, with cookies of its own."""
    context = browser.new_context(base_url=site, viewport=size, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def newest(sink: SmtpSink, to: str, about: str) -> EmailMessage:
    """Return the newest mail that came to an address about something. Raises StopIteration where none did."""
    came = (mail.message for mail in reversed(sink.messages) if to in mail.recipients)
    return next(mail for mail in came if about in str(mail["Subject"]))


def part(mail: EmailMessage, kind: str) -> str:
    """Return the text of a mail as `plain` or as `html`."""
    body = mail.get_body((kind,))
    assert body
    return str(body.get_content())


def click_in(page: Page, mail: EmailMessage) -> None:
    """Open a mail as its reader does, and press its button."""
    page.goto("about:blank")
    page.set_content(part(mail, "html"))
    page.locator("a[href*='/a/']").first.click()
    page.wait_for_url("**/answer/**")


def sign_in(page: Page, home: Installation, sink: SmtpSink, address: str) -> None:
    """Ask for a code on the page that asks who comes, and type the one that the mail brings."""
    page.get_by_label("Din adress i arbetet").fill(address)
    page.get_by_role("button", name="Skicka en kod").click()
    expect(page.get_by_label("Engångskod")).to_be_visible()
    deliver(home.database, home.mailroom, home.clock.now)
    [code] = CODE.findall(part(newest(sink, address, "kod"), "plain"))
    page.get_by_label("Engångskod").fill(code)
    with page.expect_navigation():
        page.get_by_role("button", name="Logga in").click()


def hand_in(page: Page, name: str) -> None:
    """Review what is filled in, sign it and hand it in."""
    page.get_by_role("button", name="Granska svaret").click()
    page.get_by_label("Ditt namn").fill(name)
    page.get_by_role("button", name="Lämna in svaret").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Svaret är inlämnat")
