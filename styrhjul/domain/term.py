"""Elections and terms of office: which term a body sits in on a given day, and when the next one begins.

Each body has its own clock; a municipality may enter the first days it has decided itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from styrhjul.domain.vocabulary import BodyKind

_YEARS = 4
#: Four-year terms begin with this election; before it they were three years long.
_FIRST_ELECTION_YEAR = 1994
#: The first election held on the second Sunday of September.
_SECOND_SUNDAY_SINCE = 2014
#: Council terms that began under the older rule, 1 November (KL 1991:900), by election year.
_OLDER_COUNCIL_STARTS = {year: date(year, 11, 1) for year in (1994, 1998, 2002, 2006, 2010)}


#: The first day on which every body's term is known; what was adopted before belongs to that term here.
FIRST_KNOWN = date(1995, 1, 1)


class NotAnElectionYear(ValueError):
    """No ordinary election is held that year."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"{year} är inte ett valår. Ordinarie val hålls vart fjärde år från och med {_SECOND_SUNDAY_SINCE}."
        )
        self.year = year


class TermNotKnown(ValueError):
    """The day lies before the first term of office that the calendar knows."""

    def __init__(self, on: date) -> None:
        super().__init__(
            f"Mandatperioden för {on.isoformat()} är inte känd: kalendern börjar med valet {_FIRST_ELECTION_YEAR}. "
            "Kontrollera datumet."
        )
        self.on = on


@dataclass(frozen=True, slots=True)
class Term:
    """A term of office; both days are inclusive."""

    starts_on: date
    ends_on: date

    @property
    def key(self) -> str:
        """The first day, ISO: permanent once the term has begun."""
        return self.starts_on.isoformat()

    @property
    def label(self) -> str:
        """The years as people write them, `2026–2030`."""
        return f"{self.starts_on.year}–{self.ends_on.year}"


def is_election_year(year: int) -> bool:
    """Tell whether `election_day` knows an ordinary election that year."""
    return year >= _SECOND_SUNDAY_SINCE and _latest_election_year(year) == year


def election_day(year: int) -> date:
    """Return the second Sunday of September (vallagen 1:3), from 2014. Raises NotAnElectionYear."""
    if not is_election_year(year):
        raise NotAnElectionYear(year)
    eighth = date(year, 9, 8)
    return eighth + timedelta(days=6 - eighth.weekday())


@lru_cache(maxsize=4096)  # a few bodies and a few days, for every policy
def term_of(kind: BodyKind, on: date, decided: tuple[date, ...] = ()) -> Term:
    """Return the term of office that contains the day. Raises TermNotKnown before the terms that began in 1994–95.

    By default the council begins on 15 October of the election year (KL 5:9), all others on 1 January the year after
    (KL 6:18–19, 9:4). `decided` are first days the municipality has entered for this body, in any order: one from
    September of the election year to the end of the next June replaces the default of that election, as after a
    re-election (omval, KL 5:9), and the term before is shortened or prolonged to the day before. A later one is that of
    an extra election, which fills the rest of the term and begins none (KL 5:10). Terms leave no gap and never overlap.
    """
    election = _latest_election_year(on.year)
    while (starts_on := _start(kind, election, decided)) > on:
        election -= _YEARS
    if election < _FIRST_ELECTION_YEAR:
        raise TermNotKnown(on)
    return Term(starts_on, _start(kind, election + _YEARS, decided) - timedelta(days=1))


def term_starts(kind: BodyKind, *, since: date, until: date, decided: tuple[date, ...] = ()) -> list[date]:
    """Return the first day of each term that begins within the bounds, both inclusive, ascending."""
    starts = (_start(kind, election, decided) for election in _elections(since, until))
    return [start for start in starts if since <= start <= until]


def _latest_election_year(year: int) -> int:
    return year - (year - _FIRST_ELECTION_YEAR) % _YEARS


def _elections(since: date, until: date) -> Iterator[int]:
    """Yield the election years whose term can begin within the bounds: the year after, by default or decision."""
    first = max(_FIRST_ELECTION_YEAR, _latest_election_year(since.year) - _YEARS)
    yield from range(first, until.year + 1, _YEARS)


def begins_same_term(one: date, other: date) -> bool:
    """Tell whether two days can be the first of the same body's term: they follow the same ordinary election."""
    election = _latest_election_year(max(one, other).year)
    return any(_follows(one, year) and _follows(other, year) for year in (election, election - _YEARS))


def usual_start(kind: BodyKind, on: date) -> date:
    """Return the first day, where none is decided, of the term that a day near its beginning belongs to."""
    election = _latest_election_year(on.year)
    return _start(kind, election if _follows(on, election) else election - _YEARS, ())


def _follows(day: date, election: int) -> bool:
    """Whether a first day comes of this ordinary election: a company's annual meeting is held by June (ABL 7:10)."""
    return date(election, 9, 1) <= day <= date(election + 1, 6, 30)


def _start(kind: BodyKind, election: int, decided: tuple[date, ...]) -> date:
    """Return the first day after an election; the earliest, should several have been entered for the same one."""
    if following := [day for day in decided if _follows(day, election)]:
        return min(following)
    if kind is BodyKind.COUNCIL:
        return _OLDER_COUNCIL_STARTS.get(election) or date(election, 10, 15)
    return date(election + 1, 1, 1)
