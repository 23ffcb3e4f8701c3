"""A mail without its styles, as a screen reader, a text terminal or a strict mail program shows it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.outside.outbox import Mail

#: The HTML may say this part of its lines in other words than the text: links have no address, headings no capitals.
SAID_IN_BOTH = 0.8
BLOCKS = frozenset({"td", "div", "h1", "h2", "h3", "p"})


class Bare(HTMLParser):
    """Reads the lines a page has when nobody knows styles: a block begins a line."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = [""]
        self._is_shown = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_shown = self._is_shown or tag == "body"
        if tag in BLOCKS:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if self._is_shown:
            self.lines[-1] += data


def bare(html: str) -> list[str]:
    reader = Bare()
    reader.feed(html)
    return [line for line in map(plain, reader.lines) if line]


def plain(text: str) -> str:
    """Return the letters and figures alone, so that a line's wrapping, marks and capitals do not count."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def out_of_order(mail: Mail) -> list[str]:
    """Return the lines of the HTML that the text has earlier than the line before them."""
    text, place, found = plain(mail.text), 0, []
    for line in said_in_both(mail):
        if (here := text.find(line, place)) < 0:
            found.append(line)
        else:
            place = here
    return found


def body(mail: Mail) -> list[str]:
    """Return the lines below the three that stand differently: the inbox's, the sender's and the heading.

    A text begins with its heading, since inboxes show a text's first line.
    """
    return bare(mail.html)[3:]


def said_in_both(mail: Mail) -> list[str]:
    text = plain(mail.text)
    return [line for line in body(mail) if line in text]


def test_a_mail_without_styles_says_the_same_as_its_text(mails: list[Mail]) -> None:
    shares = {mail.name: len(said_in_both(mail)) / len(body(mail)) for mail in mails}
    assert {name: share for name, share in shares.items() if share < SAID_IN_BOTH} == {}


def test_a_mail_without_styles_is_in_the_order_of_its_text(mails: list[Mail]) -> None:
    assert {mail.name: found for mail in mails if (found := out_of_order(mail))} == {}
