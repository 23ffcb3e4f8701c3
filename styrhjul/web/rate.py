"""Whoever guesses at links is told to wait: so many misses a minute from one address, counted in this process.

Only the misses are answered so. A link that is there opens for whoever stands behind the same address: a whole town
hall, or everybody, where a proxy does not say whom it asks for.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from styrhjul.web.error import ErrorPage
from styrhjul.web.page import show

MISSES = 20
WINDOW_SECONDS = 60
#: So many addresses are remembered; those that missed longest ago are forgotten first.
_MOST_ADDRESSES = 10_000
_GUESSED = ("/a/", "/calendar/")
_PAGE = ErrorPage(
    heading="För många försök",
    text="Flera adresser i rad har varit fel. Vänta en minut och öppna länken i mejlet igen.",
)


class StopGuessing:
    """Answers 429 where an address asks for links that are not there more than MISSES times a minute."""

    def __init__(self, app: ASGIApp, *, tick: Callable[[], float] = time.monotonic) -> None:
        self.app = app
        self.tick = tick
        self._missed: OrderedDict[str, deque[float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; in the place of a miss too many, send the page that says to wait."""
        if scope["type"] != "http" or not scope["path"].startswith(_GUESSED):
            await self.app(scope, receive, send)
            return
        refused = False

        async def unless_guessing(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start" and message["status"] == 404:
                wait = self.seconds_to_wait((scope.get("client") or ("",))[0])
                refused = wait > 0
                if refused:
                    page = show("error.html", _PAGE, status=429)
                    page.headers["Retry-After"] = str(wait)
                    await page(scope, receive, send)
            if not refused:
                await send(message)

        await self.app(scope, receive, unless_guessing)

    def seconds_to_wait(self, address: str) -> int:
        """Note one more miss of an address; return how long it has to wait, 0 while it need not."""
        now = self.tick()
        missed = self._missed.pop(address, deque(maxlen=MISSES))
        self._missed[address] = missed
        while len(self._missed) > _MOST_ADDRESSES:
            self._missed.popitem(last=False)
        while missed and missed[0] <= now - WINDOW_SECONDS:
            missed.popleft()
        if len(missed) == MISSES:
            return max(int(missed[0] + WINDOW_SECONDS - now + 0.999), 1)
        missed.append(now)
        return 0
