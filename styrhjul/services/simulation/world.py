"""One simulated municipality: a real example in a database of its own, with its own clock, chance and mail server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

from config.clock import at_nine
from styrhjul.db.identity import ids_from
from styrhjul.db.memory import MemoryDatabase
from styrhjul.domain.lifecycle import Lifecycle
from styrhjul.domain.rung import Rung
from styrhjul.mail.seal import Sealer
from styrhjul.services.foundation.mailroom import Mailroom
from styrhjul.services.operations.example import load_example
from styrhjul.services.operations.play import EXAMPLES
from styrhjul.services.simulation.chance import Chance, numbered_ids
from styrhjul.services.simulation.clock import VirtualClock
from styrhjul.services.simulation.lists import Seat
from styrhjul.services.simulation.server import MailServer
from workflows import LIFECYCLES

_BASE_URL = "https://styrhjul.example.org"
_SECRET = "the simulator seals nothing that is secret"  # noqa: S105 - nothing real is sealed with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days that are lived, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many there are."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that people or the world outside did: a line of the trace that no journal holds."""

    at: datetime
    what: str


@dataclass(kw_only=True)
class World:
    """What a simulated life takes. `happenings` and `broken` grow as it goes."""

    slug: str
    span: Span
    municipality_id: str
    database: MemoryDatabase
    chance: Chance
    clock: VirtualClock
    server: MailServer
    mailroom: Mailroom
    happenings: list[Happening] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    #: Called after every answer that was tried, with the case's id.
    on_answer: list[Callable[[str], None]] = field(default_factory=list)
    #: Called when mail stands still: whoever wants to do harm does it now.
    on_silence: list[Callable[[], None]] = field(default_factory=list)

    #: The day each case's papers had to be in when it opened.
    papers: dict[str, date | None] = field(default_factory=dict)
    #: When somebody else took, or left, each office: body and role.
    seat_changes: dict[tuple[str, str], list[date]] = field(default_factory=dict)
    #: Who holds which office, as the lists said from each moment on.
    seatings: list[tuple[datetime, tuple[Seat, ...]]] = field(default_factory=list)
    #: When nobody pulsed, or nobody wrote or sent mail.
    silences: list[tuple[datetime, datetime]] = field(default_factory=list)
    #: Bodies that have taken office on another day than the usual, and those that are no more and since when.
    other_terms: set[str] = field(default_factory=set)
    dissolved: dict[str, date] = field(default_factory=dict)
    #: The ladders that were climbed, and since which day.
    _ladders: list[tuple[date, Mapping[str, Lifecycle]]] = field(default_factory=lambda: [(date.min, LIFECYCLES)])

    def climb(self, ladders: Mapping[str, Lifecycle], since: date) -> None:
        """Note that the municipality's ladders are these from a day on."""
        self._ladders.append((since, ladders))

    def ladders_of(self, lifecycle: str, since: date, until: date) -> list[tuple[Rung, ...]]:
        """Return the ladders of a lifecycle that were climbed between two days, one after the other."""
        ends = [start for start, _ in self._ladders[1:]] + [date.max]
        return [
            ladders[lifecycle].ladder
            for (start, ladders), end in zip(self._ladders, ends, strict=True)
            if start <= until and since <= end
        ]

    def tell(self, what: str) -> None:
        """Note something for the trace."""
        self.happenings.append(Happening(self.clock.now(), what))

    def breaks(self, kind: str, what: str) -> None:
        """Note that a promise did not hold; once for each thing."""
        line = f"{kind}: {what}"
        if line not in self.broken:
            self.broken.append(line)


@dataclass(frozen=True, slots=True)
class Picture:
    """An example as it stands on the first day."""

    content: bytes
    municipality_id: str


@cache
def database_in_memory() -> MemoryDatabase:
    """Return the one database of this process; every world sets it back to its own picture."""
    return MemoryDatabase()


def examples() -> tuple[str, ...]:
    """Return the examples by name, in their order."""
    return tuple(sorted(folder.name for folder in EXAMPLES.iterdir()))


@cache
def picture_of(slug: str, first: date) -> Picture:
    """Load an example once; its ids are the same at every run."""
    database = database_in_memory()
    database.set_back(_empty())
    with ids_from(numbered_ids(slug, lambda: at_nine(first))):
        municipality_id = load_example(database, EXAMPLES / slug, at_nine(first), LIFECYCLES)
    return Picture(database.picture(), municipality_id)


@cache
def _empty() -> bytes:
    return database_in_memory().picture()


def new_world(slug: str, span: Span, chance: Chance, clock: VirtualClock, *, trouble: bool) -> World:
    """Return a world that begins with an example on the first day. The one before it is gone."""
    picture = picture_of(slug, span.first)
    database = database_in_memory()
    database.set_back(picture.content)
    server = MailServer(chance, clock, trouble=trouble)
    return World(
        slug=slug,
        span=span,
        municipality_id=picture.municipality_id,
        database=database,
        chance=chance,
        clock=clock,
        server=server,
        mailroom=Mailroom(base_url=_BASE_URL, sealer=_sealer(), open_transport=lambda: server, keeps_real_time=False),
    )


@cache
def _sealer() -> Sealer:
    return Sealer(_SECRET)
