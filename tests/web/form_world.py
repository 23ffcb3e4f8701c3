"""Every form that the pages show, found by asking for every page: where it goes and what stands in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from posixpath import commonprefix
from typing import TYPE_CHECKING
from urllib.parse import unquote

from styrhjul.web.rules import RULES, Permission, Rule, Whose
from tests.web.hostile import Fields

if TYPE_CHECKING:
    from starlette.testclient import TestClient

#: What somebody writes who means well, by the field's name; else the field is sent as it stands on the page.
SOUND = {
    "reason": "Nämnden sammanträder i maj.",
    "why": "Meningen är ingen plikt.",
    "name": "Berit Exempel",
    "address": "berit@example.org",
    "until": "2027-05-31",
    "starts_on": "2027-04-01",
    "last_on": "2027-05-31",
    "goals-0-text": "Fler ska kunna påverka det stöd de får.",
    "decided_on": "2027-03-03",
    "quote": "Varje nämnd ska för sin verksamhet ta fram 1-2 mål.",
    "modality": "must",
    "action_kind": "set_goals",
    "lead": "Nu är det dags.",
    "extra": "Ring gärna.",
    "signed_by": "Berit Exempel",
}
#: What a form without a page of its own takes: names that the routes read.
ALSO = ("payload", "signed", "signed_by", "reason", "seen", "form_id", "roles", "bodies", "part", "plans", "step", "on")


@dataclass(frozen=True)
class Form:
    """Where a form goes and what stands in it, its token among it."""

    action: str
    fields: Fields
    is_shown: bool = True


class Forms(HTMLParser):
    """The forms of a page as a browser would send them untouched: for each action the names and values."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, Fields] = {}
        self._open: Fields | None = None
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = self.found.setdefault(given.get("action", ""), []) if given.get("method") == "post" else None
        if self._open is None:
            return
        if "formaction" in given:
            self.found.setdefault(given["formaction"], self._open)
        if tag == "select":
            self._select = given["name"]
        elif tag == "option" and "selected" in given:
            self._open.append((self._select, given.get("value", "")))
        elif tag in ("input", "textarea") and "name" in given and is_sent(given):
            self._open.append((given["name"], given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


def is_sent(given: dict[str, str]) -> bool:
    """Whether a browser sends a field that nobody has touched."""
    return given.get("type") not in ("radio", "checkbox") or "checked" in given


def rule_of(path: str) -> Rule | None:
    """The rule of the route that a form goes to."""
    wanted = unquote(path.partition("?")[0])
    matching = (rule for rule in RULES if rule.method == "POST" and re.fullmatch(_pattern(rule.path), wanted))
    return min(matching, key=lambda rule: rule.path.count("{"), default=None)


def _pattern(path: str) -> str:
    return re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))


def forms_of(client: TestClient, named: dict[str, str]) -> dict[Rule, Form]:
    """Each route's form; of a route whose form no page shows, that of the nearest above it and what else is read."""
    found: dict[Rule, Form] = {}
    for rule in RULES:
        if rule.method == "GET" and rule.permission is not Permission.EMBEDDED:
            page = client.get(path_of(rule, named))
            for action, fields in Forms(page.text).found.items():
                meant = rule_of(action or page.url.path)
                if meant is not None:
                    found.setdefault(meant, Form(action or page.url.path, fields))
    shown = {rule.path: form for rule, form in found.items()}
    taking = [rule for rule in RULES if rule.method == "POST" and rule.whose is not Whose.TOKEN]
    return {rule: found.get(rule) or _unseen(rule, named, shown) for rule in taking}


def _unseen(rule: Rule, named: dict[str, str], shown: dict[str, Form]) -> Form:
    near = max(shown, key=lambda path: len(commonprefix([path, rule.path])))
    return Form(path_of(rule, named), [*shown[near].fields, *((name, "x") for name in ALSO)], is_shown=False)


def path_of(rule: Rule, named: dict[str, str]) -> str:
    """The address of a route with everything that its path names."""
    return re.sub(r"\{(\w+)\}", lambda name: named[name[1]], rule.path)
