"""Whoever calls too often is told to wait, counted in this process: who guesses at links, who changes or fetches much.

Of links only the misses are answered so. A link that is there opens for whoever stands behind the same address: a whole
town hall, or everybody, where a proxy does not say whom it asks for. Reading is free.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from styrhjul.web.error import ErrorPage, wait_page


class Rate(StrEnum):
    """What sort of route it is to whoever calls often."""

    READ = "read"
    WRITE = "write"
    LINK = "link"  # whoever guesses at links is stopped soon
    SIGN_IN = "sign_in"  # counted in the database, by what gives out codes
    UPLOAD = "upload"
    EXPORT = "export"
    API = "api"  # a program reads
    KEY = "key"  # a call without a key that holds, by whoever made it
    OPEN_DATA = "open_data"  # whoever reads what is open to all: a town, or a program that fetches all of it
    FREE = "free"  # health and the icon


MISSES = 20
WINDOW_SECONDS = 60
#: How often one caller may within a minute: far above what a hand does, far below what a machine can.
MOST = {Rate.WRITE: 120, Rate.UPLOAD: 10, Rate.EXPORT: 60, Rate.OPEN_DATA: 240, Rate.API: 600, Rate.KEY: 20}
#: So many callers are remembered; those who called longest ago are forgotten first.
_MOST_CALLERS = 10_000
_GUESSED = ("/a/", "/calendar/")
_PAGE = ErrorPage(
    heading="För många försök",
    text="Flera adresser i rad har varit fel. Vänta en minut och öppna länken i mejlet igen.",
)


class TooFast(Exception):
    """A caller has called too often; `wait` is how long until the next call may be."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"wait {wait}")
        self.wait = wait


class Tally:
    """How often each caller has called within the last minute."""

    def __init__(self, *, tick: Callable[[], float] = time.monotonic) -> None:
        self.tick = tick
        self._called: OrderedDict[str, deque[float]] = OrderedDict()

    def seconds_to_wait(self, caller: str, most: int) -> int:
        """Note one more call; return how long the caller has to wait instead, 0 while there are fewer than `most`."""
        now = self.tick()
        called = self._called.pop(caller, deque())
        self._called[caller] = called
        while len(self._called) > _MOST_CALLERS:
            self._called.popitem(last=False)
        while called and called[0] <= now - WINDOW_SECONDS:
            called.popleft()
        if len(called) >= most:
            return max(int(called[0] + WINDOW_SECONDS - now + 0.999), 1)
        called.append(now)
        return 0

    def refuse_often(self, rate: Rate, caller: str) -> None:
        """Note one more call of a class. Raises TooFast; a class without a figure is free."""
        wait = self.seconds_to_wait(f"{rate} {caller}", MOST[rate]) if rate in MOST else 0
        if wait:
            raise TooFast(timedelta(seconds=wait))


class StopGuessing:
    """Answers 429 where an address asks for links that are not there more than MISSES times a minute."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.missed = Tally()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; in the place of a miss too many, send the page that says to wait."""
        if scope["type"] != "http" or not scope["path"].startswith(_GUESSED):
            await self.app(scope, receive, send)
            return
        refused = False

        async def unless_guessing(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start" and message["status"] == 404:
                wait = self.missed.seconds_to_wait((scope.get("client") or ("",))[0], MISSES)
                refused = wait > 0
                if refused:
                    await wait_page(_PAGE, timedelta(seconds=wait))(scope, receive, send)
            if not refused:
                await send(message)

        await self.app(scope, receive, unless_guessing)
