"""Where a municipality's own words stand in a mail: in place of the built-in ones, or in a paragraph after the lead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import escape

from styrhjul.mail import layout

_LEAD_ROW = re.compile(r'<tr>(<td class="lead"[^>]*>)(.*?)</td></tr>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Placed:
    """A mail's text and HTML."""

    text: str
    html: str


class NoPlace(ValueError):
    """The mail does not hold the built-in words that the municipality's own are to replace."""

    def __init__(self, part: str) -> None:
        super().__init__(f"the mail has no place for {part}")


def reworded(placed: Placed, built_in: Mapping[str, str], own: Mapping[str, str]) -> Placed:
    """Return the mail with the municipality's own words, plain text by part; markup in them is escaped.

    `built_in` are the words that stand there, by part. An empty extra paragraph is left out. Raises NoPlace.
    """
    words = {part: layout.signs(layout.flat(text)) for part, text in own.items()}
    lead, extra, contact = built_in["lead"], words.get("extra", ""), words.get("contact", built_in["contact"])
    new_lead = words.get("lead", lead)
    text = _in_text(placed.text, "lead", (lead,), (new_lead, extra))
    text = _in_text(text, "contact", (built_in["contact"],), (contact,))
    html = _in_lead_row(placed.html, lead, new_lead, extra)
    before, found, after = html.rpartition(str(escape(built_in["contact"])))
    if not found:
        raise NoPlace("contact")
    return Placed(text=text, html=f"{before}{escape(contact)}{after}")


def _in_text(text: str, part: str, old: tuple[str], new: tuple[str, ...]) -> str:
    """The lead is the first paragraph that reads so, the contact the last."""
    sought, instead = (
        "\n" + "\n\n".join(layout.wrap(paragraph) for paragraph in paragraphs if paragraph) + "\n"
        for paragraphs in (old, new)
    )
    before, found, after = text.partition(sought) if part == "lead" else text.rpartition(sought)
    if not found:
        raise NoPlace(part)
    return before + instead + after


def _in_lead_row(html: str, lead: str, new_lead: str, extra: str) -> str:
    row = _LEAD_ROW.search(html)
    if row is None or str(escape(lead)) not in row[2]:
        raise NoPlace("lead")
    said = row[2].replace(str(escape(lead)), str(escape(new_lead)), 1)
    own_row = f"\n<tr>{row[1]}{escape(extra)}</td></tr>" if extra else ""
    return f"{html[: row.start()]}<tr>{row[1]}{said}</td></tr>{own_row}{html[row.end() :]}"
