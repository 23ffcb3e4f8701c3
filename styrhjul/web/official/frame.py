"""What stands around every page for officials: the municipality, the menu, the demo's wheel, who reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fastapi import Request
from starlette.responses import Response

from styrhjul.db.hold_query import Held
from styrhjul.db.overview_query import MunicipalityLine
from styrhjul.mail.swedish import definite
from styrhjul.web.actor import Actor, actor_of
from styrhjul.web.official.demo import DemoControl, demo_control
from styrhjul.web.official.menu import MENU
from styrhjul.web.page import show
from styrhjul.web.permission import may
from styrhjul.web.session import flash_of, keep_official_cookie, official_csrf, without_flash


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """`municipality` is None on the pages that belong to none. `current` is the word of the menu the page is under.

    Every form on the page carries `csrf`. `flash` is the sentence that the page before left for this one.
    """

    municipality: MunicipalityLine | None
    current: str
    demo: DemoControl
    today: date
    actor: Actor
    csrf: str
    #: The hold in force: it is the whole installation's.
    held: Held | None = None
    flash: str | None = None

    @property
    def menu(self) -> tuple[tuple[str, str, str], ...]:
        """The menu's words with their paths, for the reader."""
        top = definite(self.municipality.chief_executive_title) if self.municipality else ""
        mine = (line for line in MENU if self.may("GET", f"/{{municipality}}{line[1]}"))
        return tuple((word.format(top=top), path, name) for word, path, name in mine)

    def may(self, method: str, path: str) -> bool:
        """Whether the reader may call a route, by its pattern: what they may not is not offered."""
        return may(self.actor, method, path)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialPage:
    """A page within the frame."""

    frame: Frame


def framed(request: Request, municipality: MunicipalityLine | None, current: str, *, held: Held | None = None) -> Frame:
    """Return the frame of this request's page. `held` is asked for on a page that is no municipality's."""
    demo = demo_control(request)
    return Frame(
        municipality=municipality,
        current=current,
        demo=demo,
        today=demo.today,
        actor=actor_of(request),
        csrf=official_csrf(request),
        held=municipality.held if municipality else held,
        flash=flash_of(request),
    )


def shown(request: Request, template: str, page: OfficialPage, *, status: int = 200) -> Response:
    """Render a page for officials; the browser keeps the cookie its forms go with, and loses the flash now shown."""
    response = show(template, page, status=status)
    without_flash(request, response)
    keep_official_cookie(request, response)
    return response
