"""Every page that a link leads to, for each lifecycle, and what a page says: for tests that read them all."""

from __future__ import annotations

from datetime import timedelta
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from sqlalchemy import update

from config.clock import StoppedClock
from styrhjul.db.mail_model import AnswerLink
from styrhjul.db.model import Person
from styrhjul.domain.office import PostRole
from styrhjul.services.foundation.installation import Installation
from tests.answer_world import NOW, World
from tests.web.conftest import here, hidden

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient

#: What a reader types, by lifecycle: a whole answer, with everything that can be filled in.
TYPED: dict[str, dict[str, str]] = {
    "goal_setting": {
        "goals-0-text": "Fler ska kunna påverka det stöd de får.",
        "goals-0-indicator": "Andel som är nöjda",
        "decided_on": "2027-03-03",
    },
    "follow_up": {
        "judgements-0-goal_id": "",
        "judgements-0-attainment": "partly_met",
        "judgements-0-analysis": "Hälften är gjort.",
    },
    "action_planning": {
        "outcome": "plans",
        "plans-0-title": "Plan för delaktighet",
        "plans-0-responsible": "Enhetschefen",
    },
    "project_follow_up": {
        "outcome": "projects",
        "projects-0-title": "Språkcafé för nyanlända",
        "projects-0-responsible": "Enhetschefen",
        "projects-0-attainment": "met",
        "projects-0-analysis": "Hälften kom.",
    },
    "annual_report": {"outcome": "compiled", "comment": "Det är på väg."},
    "referral": {"outcome": "rejects", "comment": "För dyrt.", "decided_on": "2027-03-03", "paragraph": "82"},
    "currency_review": {"outcome": "needs_revision", "comment": "Lagen är ny."},
    "handover": {"outcome": "confirmed"},
    "revision": {"outcome": "revise", "comment": "Arbetet pågår."},
}
_ALONE = frozenset({"meta", "link", "br", "input", "hr"})


class Said(HTMLParser):
    """What a page says, a line for each piece of text; `foreign` without what is marked as Swedish or being typed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.all: list[str] = []
        self.foreign: list[str] = []
        self._open: list[tuple[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _ALONE:
            self._open.append((tag, dict(attrs).get("lang")))
        for name, value in attrs:
            if name in ("alt", "title", "aria-label") and value:
                self.handle_data(value)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _ALONE:
            assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if words:
            self.all.append(words)
            if not any(lang == "sv" or tag == "textarea" for tag, lang in self._open[1:]):
                self.foreign.append(words)


def reads(home: Installation, world: World, language: str) -> None:
    """Let everybody be written to in a language."""
    with home.database.municipality(world.municipality_id) as session:
        session.execute(update(Person).values(language=language))


def answered(client: TestClient, world: World, typed: dict[str, str] | None = None) -> Iterator[tuple[str, str]]:
    """Yield each page of the way from a link to a receipt, by name: what is wrong is told on the way."""
    form = client.get(f"/a/{world.holder}")
    yield "form", form.text
    typed = typed or TYPED[world.lifecycle]
    sent = {name: hidden(form.text, name) for name in ("csrf", "form_id", "seen")}
    path = form.url.path
    yield "error", client.post(f"{path}/review", data=sent | {"decided_on": "i våras", "paragraph": "x"}).text
    review = client.post(f"{path}/review", data=sent | typed).text
    yield "review", review
    signed = {name: hidden(review, name) for name in ("csrf", "payload")}
    other = client.post(f"{path}/review", data=sent | typed | {"form_id": "0" * 32}).text
    yield "unsigned", client.post(path, data=signed | {"signed_by": " "}).text
    signed["signed_by"] = "Anna Exempel"
    yield "receipt", client.post(path, data=signed).text
    yield "again", client.get(path).text
    yield "meanwhile", client.post(path, data=signed | {"payload": hidden(other, "payload")}).text


def seen(client: TestClient, world: World) -> Iterator[tuple[str, str]]:
    """Yield each page that asks for nothing."""
    for role in (PostRole.HEAD_OF_ADMINISTRATION, PostRole.CHIEF_EXECUTIVE, PostRole.CHAIR):
        yield role.value, client.get(f"/a/{world.tokens[role]}").text


def dead(client: TestClient, home: Installation, world: World) -> Iterator[tuple[str, str]]:
    """Yield what stands there once the answer can no longer be changed, and once the link is withdrawn."""
    later = Installation.open(home.settings, StoppedClock(NOW + timedelta(days=300)))
    later.__dict__["database"] = home.database
    with here(later) as client_later:
        yield "answered", client_later.get(f"/a/{world.holder}").text
    with home.database.municipality(world.municipality_id) as session:
        session.execute(update(AnswerLink).values(revoked_at=NOW))
    gone = client.get(f"/a/{world.holder}")
    yield "gone", gone.text
    yield "fresh", client.post(f"{gone.url.path}/fresh-link", data={"csrf": hidden(gone.text, "csrf")}).text
