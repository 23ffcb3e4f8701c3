"""Traces: which pulse planned a notice, which mail it became, and what the mail server said to each try.

An id is a trace. A mail's is the trace of its writing, its tries and their replies; a notice's is the trace of its
planning. Whoever has an id has the trace, in any process and on any day, with nothing stored and nothing looked up.
What a span says is of a fixed kind: no address, no subject, no words of anybody's reach it.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, TypeAlias

#: A count, a code, a name of ours, or several of them.
Said: TypeAlias = int | str | Sequence[str]

#: The basic code of a reply (RFC 5321) and, where the server gives one, the enhanced code behind it (RFC 3463).
_CODES = re.compile(r"([2-5]\d\d)(?:[ -]([245]\.\d{1,3}\.\d{1,3})\b)?")


class Place(NamedTuple):
    """Where a span is found: 128 bits that name its trace, 64 that name it there."""

    trace_id: int
    span_id: int


def traced_at(own_id: str) -> Place:
    """Return where the first span about a mail or a notice is: in the trace of its id, under the id's second half."""
    return Place(int(own_id, 16), int(own_id[16:], 16))


@dataclass(slots=True, kw_only=True)
class Span:
    """What was done from one moment to another, in nanoseconds of Unix time. `error` is the name of a class."""

    name: str
    place: Place
    parent: Place | None = None
    links: Sequence[Place] = ()
    began_ns: int
    ended_ns: int = 0
    said: dict[str, Said] = field(default_factory=dict)
    error: str | None = None
    #: Whether it is told of although nothing within it was.
    is_kept: bool = True
    around: Span | None = field(default=None, repr=False)

    def say(self, **said: Said) -> None:
        """Add what became known since it began."""
        self.said |= said


class Way(Protocol):
    """Where spans go. Neither call may wait for anybody."""

    def take(self, span: Span) -> None:
        """Take a span that has ended."""

    def take_lost(self) -> int:
        """Return how many could not be passed on since the last time this was asked."""

    def close(self) -> None:
        """Pass on what is left, for a moment and no longer."""


_CURRENT: ContextVar[Span | None] = ContextVar("styrhjul_span", default=None)
_NOBODY: AbstractContextManager[Span | None] = nullcontext()


class Tracing:
    """What notes spans, where there is a way for them; without one nothing is made and nothing is kept."""

    def __init__(self, way: Way | None = None, now_ns: Callable[[], int] = time.time_ns) -> None:
        self._way = way
        self.now_ns = now_ns

    @property
    def is_on(self) -> bool:
        """Whether anybody takes the spans: ask before gathering what only they would say."""
        return self._way is not None

    def span(
        self, name: str, *, place: Place | None = None, parent: Place | None = None, is_kept: bool = True, **said: Said
    ) -> AbstractContextManager[Span | None]:
        """Note what the block does; it yields None where nobody takes it.

        Without `parent` it belongs to the span that the block stands in; with `place` or `parent` it is of another
        trace, and is linked to that one. A span that is not `is_kept` is told of only if it fails or another is.
        """
        if self._way is None:
            return _NOBODY
        return self._noted(self._begin(name, place, parent, said, is_kept=is_kept))

    def note(self, name: str, place: Place, *, began_ns: int, links: Sequence[Place] = (), **said: Said) -> None:
        """Note what has been done from `began_ns` until now, in a trace of its own."""
        if self._way is not None:
            around = _CURRENT.get()
            linked = [*links, around.place] if around else links
            self._end(Span(name=name, place=place, links=linked, began_ns=began_ns, said=said, around=around))

    def take_lost(self) -> int:
        """Return how many spans nobody took since the last time this was asked."""
        return self._way.take_lost() if self._way else 0

    def close(self) -> None:
        """Pass on what is left, for a moment and no longer."""
        if self._way:
            self._way.close()

    def _begin(
        self, name: str, place: Place | None, parent: Place | None, said: dict[str, Said], *, is_kept: bool
    ) -> Span:
        around, span_id = _CURRENT.get(), secrets.randbits(64)
        above = parent or (around.place if around and place is None else None)
        trace_id = above.trace_id if above else secrets.randbits(128)
        is_elsewhere = around is not None and above is not around.place
        return Span(
            name=name,
            place=place or Place(trace_id, span_id),
            parent=above,
            links=(around.place,) if around and is_elsewhere else (),
            began_ns=self.now_ns(),
            said=said,
            is_kept=is_kept,
            around=around,
        )

    @contextmanager
    def _noted(self, span: Span) -> Iterator[Span]:
        before = _CURRENT.set(span)
        try:
            yield span
        except BaseException as error:
            span.error, span.is_kept = type(error).__name__, True
            raise
        finally:
            _CURRENT.reset(before)
            self._end(span)

    def _end(self, span: Span) -> None:
        if not span.is_kept or self._way is None:
            return
        if span.around is not None:
            span.around.is_kept = True
        span.ended_ns = self.now_ns()
        self._way.take(span)


#: For whoever has no way for spans.
UNTRACED = Tracing()


def codes_of(reply: str) -> dict[str, Said]:
    """Return the codes that a reply begins with, and nothing of its words; nothing when no server said it."""
    found = _CODES.match(reply)
    if found is None:
        return {}
    code, enhanced = found.groups()
    return {"smtp_code": int(code)} | ({"smtp_enhanced": enhanced} if enhanced else {})
