"""What the wheel of a year shows: a ring for each document, from the cases there are and the rounds to come."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from styrhjul.db.office_query import BodyName
from styrhjul.db.organisation_query import Organisation
from styrhjul.db.outline_query import CaseOutline
from styrhjul.db.overview_query import MunicipalityLine, PolicyLine
from styrhjul.domain.date_rule import day_of, nominal_day_of
from styrhjul.domain.lifecycle import AWAITED_STATES, State
from styrhjul.domain.period import period_in_words
from styrhjul.domain.round_rule import YearRound
from styrhjul.domain.vocabulary import BodyKind, LifecycleKey
from styrhjul.reports.wheel_layout import Event, Kind, Ring, Stage, Wheel, fitting
from styrhjul.services.overview.coming_round import ComingRound
from styrhjul.services.words import LIFECYCLE_WORDS, round_name
from workflows import LIFECYCLES

KINDS: dict[str, Kind] = {
    LifecycleKey.GOAL_SETTING: Kind.GOAL,
    LifecycleKey.ACTION_PLANNING: Kind.GOAL,
    LifecycleKey.FOLLOW_UP: Kind.FOLLOW,
    LifecycleKey.PROJECT_FOLLOW_UP: Kind.FOLLOW,
    LifecycleKey.ANNUAL_REPORT: Kind.REPORT,
    LifecycleKey.REFERRAL: Kind.REPORT,
    LifecycleKey.REVISION: Kind.REVISE,
    LifecycleKey.CURRENCY_REVIEW: Kind.REVISE,
}
STAGE_WORDS = {Stage.DONE: "klar", Stage.OPEN: "pågår", Stage.LATE: "försenad", Stage.COMING: "kommande"}
_MANY_WORDS = {Stage.DONE: "klara", Stage.OPEN: "pågår", Stage.LATE: "försenade", Stage.COMING: "kommande"}
_ByRound = dict[tuple[str, str], list["_Part"]]
_BOARDS = frozenset({BodyKind.COUNCIL, BodyKind.EXECUTIVE_BOARD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody wants to see: a year, and of the wheel one body, one document, or the rings from the n-th.

    `page` is that of the matrix. Both count from 0.
    """

    year: int
    body: str = ""
    policy: str = ""
    ring: int = 0
    page: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WheelView:
    """A wheel with what its filter offers. `rings` is how many rings the choice has, `first` the first shown."""

    wheel: Wheel
    rings: int
    first: int
    policies: tuple[tuple[str, str], ...]
    bodies: tuple[tuple[str, str], ...]

    @property
    def after(self) -> int:
        """The number of the first ring that is not shown."""
        return self.first + len(self.wheel.rings)

    @property
    def needs_filter(self) -> bool:
        """Whether there is more than one wheel has room for."""
        return len(self.policies) > len(self.wheel.rings) or self.rings > len(self.wheel.rings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """What a year is drawn from: the cases in outline, the rounds to come, and the names behind the ids."""

    municipality: MunicipalityLine
    today: date
    organisation: Organisation
    names: Mapping[str, BodyName]
    policies: Sequence[PolicyLine]
    outlines: Sequence[CaseOutline]
    coming: Sequence[ComingRound]


@dataclass(frozen=True, slots=True)
class _Part:
    """A body's part in a round."""

    body_id: str
    opens_on: date
    due_on: date
    stage: Stage
    is_binding: bool
    limit_on: date | None
    case_id: str | None = None


def wheel_of(year: Year, asked: Asked) -> WheelView:
    """Return the wheel of a year: the documents in the order of their next due day, as many as there is room for."""
    chosen = next((body_id for body_id, name in year.names.items() if name.slug == asked.body), None)
    parts = _parts(year, chosen)
    rings = {
        line.slug: (line.title, _events(year, line, parts.get(line.policy_id, {}), asked.year))
        for line in year.policies
    }
    shown = [
        (slug, _ring(title, events, asked.year))
        for slug, (title, events) in rings.items()
        if events and asked.policy in ("", slug)
    ]
    shown.sort(key=lambda each: _next_day(each[1], year.today))
    first = min(max(asked.ring, 0), max(len(shown) - 1, 0))
    fits = [ring for _, ring in shown[first:]]
    wheel = Wheel(
        year=asked.year,
        today=year.today,
        title=f"Årshjul {asked.year}, {year.municipality.name}",
        rings=tuple(fits[: fitting(fits)]),
        meetings=tuple(_meetings(year, asked.year, chosen)),
        rest_months=year.organisation.practice.rest_months,
    )
    return WheelView(
        wheel=wheel,
        rings=len(shown),
        first=first,
        policies=tuple((slug, title) for slug, (title, events) in rings.items() if events or slug == asked.policy),
        bodies=_asked_bodies(year),
    )


def _ring(title: str, events: Sequence[Event], year: int) -> Ring:
    return Ring(
        name=title,
        events=tuple(each for each in events if each.due_on.year >= year),
        behind=tuple(each for each in events if each.due_on.year < year),
    )


def summary_of(wheel: Wheel) -> str:
    """Return what somebody is told who does not see the wheel."""
    events = [event for ring in wheel.rings for event in ring.events if event.due_on.year == wheel.year]
    late = sum(event.stage is Stage.LATE for event in events)
    rings = "En ring" if len(wheel.rings) == 1 else f"{len(wheel.rings)} ringar"
    days = "en frist" if len(events) == 1 else f"{len(events)} frister"
    behind = sum(len(ring.behind) for ring in wheel.rings)
    since = f", och {behind} försenade sedan tidigare år" if behind else ""
    return f"{rings} med {days}, varav {late} försenade{since}. Samma uppgifter finns i tabellen under hjulet."


def _asked_bodies(year: Year) -> tuple[tuple[str, str], ...]:
    ids = {each.body_id for each in year.outlines if each.policy_id} | {each.body_id for each in year.coming}
    return tuple(sorted(((name.slug, name.name) for body_id, name in year.names.items() if body_id in ids)))


def _meetings(year: Year, number: int, chosen: str | None) -> Iterator[tuple[date, str]]:
    """Yield the days on which the chosen body meets; without a choice the council and the executive board."""
    found = [
        (on, year.names[body.body_id].name)
        for body in year.organisation.bodies
        if body.body_id == chosen or (chosen is None and body.kind in _BOARDS)
        for on in body.meetings
        if on.year == number
    ]
    return iter(sorted(found))


def _next_day(ring: Ring, today: date) -> tuple[date, str]:
    events = (*ring.behind, *ring.events)
    waiting = [event.due_on for event in events if event.stage is not Stage.DONE and not event.is_by_law]
    late = [event.due_on for event in events if event.stage is Stage.LATE]
    return min(late or [day for day in waiting if day >= today], default=date.max), ring.name


def _parts(year: Year, chosen: str | None) -> Mapping[str, _ByRound]:
    """Return every round's parts by policy, then by lifecycle and period; a recorded case goes before its rule."""
    found: dict[str, _ByRound] = defaultdict(lambda: defaultdict(list))
    recorded = set()
    for case in year.outlines:
        if case.policy_id and case.state is not State.NOT_FOLLOWED and chosen in (None, case.body_id):
            recorded.add((case.policy_id, case.lifecycle, case.body_id, case.period))
            found[case.policy_id][case.lifecycle, case.period].append(_recorded(case, year.today))
    for each in year.coming:
        place = (each.policy_id, each.lifecycle, each.body_id, each.dates.period)
        if place not in recorded and chosen in (None, each.body_id):
            found[each.policy_id][each.lifecycle, each.dates.period].append(_foretold(each))
    return found


def _recorded(case: CaseOutline, today: date) -> _Part:
    if case.state not in AWAITED_STATES | {State.LAPSED}:
        stage = Stage.DONE
    elif case.is_binding and (case.due_on < today or case.state is State.LAPSED):
        stage = Stage.LATE
    else:
        stage = Stage.OPEN if case.opens_on <= today else Stage.COMING
    return _Part(case.body_id, case.opens_on, case.due_on, stage, case.is_binding, case.limit_on, case.case_id)


def _foretold(each: ComingRound) -> _Part:
    dates = each.dates
    return _Part(each.body_id, dates.opens_on, dates.due_on, Stage.COMING, dates.is_binding, dates.limit_on)


def _events(year: Year, policy: PolicyLine, rounds: _ByRound, number: int) -> tuple[Event, ...]:
    events = [
        _event(year, policy, place, group, whole=parts) for place, parts in rounds.items() for group in _apart(parts)
    ]
    events += _days_of_law(year, policy, rounds, number)
    is_now = number == year.today.year  # what is late from the years before is late this year too
    shown = [
        each
        for each in events
        if each.opens_on.year <= number <= each.due_on.year
        or (is_now and each.stage is Stage.LATE and each.due_on.year < number)
    ]
    return tuple(sorted(shown, key=lambda each: (each.due_on, each.opens_on)))


def _apart(parts: Sequence[_Part]) -> tuple[Sequence[_Part], ...]:
    """Keep what is late apart from what has its day ahead: a mark is late only on a day that has passed."""
    ahead = [part for part in parts if part.stage in (Stage.OPEN, Stage.COMING)]
    passed = [part for part in parts if part.stage in (Stage.LATE, Stage.DONE)]
    return (passed, ahead) if ahead and any(part.stage is Stage.LATE for part in passed) else (parts,)


def _event(
    year: Year, policy: PolicyLine, place: tuple[str, str], parts: Sequence[_Part], *, whole: Sequence[_Part]
) -> Event:
    lifecycle, period = place
    stage = _stage(parts)
    marked = [part for part in parts if part.stage is stage] if stage is Stage.LATE else parts
    opens_on, due_on = min(part.opens_on for part in parts), max(part.due_on for part in marked)
    body = year.organisation.by_id[parts[0].body_id]
    words = period_in_words(lifecycle, period, opens_on=opens_on, adopter=policy.adopter, body=body)
    plain = LIFECYCLE_WORDS[lifecycle]
    return Event(
        names=tuple(dict.fromkeys((round_name(lifecycle, words), f"{plain} {period[:4]}", plain))),
        kind=KINDS[lifecycle],
        opens_on=opens_on,
        due_on=due_on,
        stage=stage,
        told=_told(stage, whole, marked),
        href=_href(year, policy, parts),
        is_optional=not any(part.is_binding for part in parts),
    )


def _href(year: Year, policy: PolicyLine, parts: Sequence[_Part]) -> str:
    """Return where a round is mended: its case, its cases in a list, or the document before there is any."""
    home = f"/{year.municipality.slug}"
    known = [part.case_id for part in parts if part.case_id]
    if not known:
        return f"{home}/policy/{policy.slug}"
    due_on = max(part.due_on for part in parts)
    return f"{home}/case/{known[0]}" if len(known) == 1 else f"{home}/cases?policy={policy.slug}&year={due_on.year}"


def _days_of_law(year: Year, policy: PolicyLine, rounds: _ByRound, number: int) -> Iterator[Event]:
    """Yield the last days that law sets for what is asked; those of a referral are set by whoever asked."""
    days: dict[tuple[date, date], list[_Part]] = defaultdict(list)
    for (lifecycle, _), parts in rounds.items():
        for part in parts if lifecycle != LifecycleKey.REFERRAL else ():
            if part.limit_on and part.limit_on.year == number:
                days[_day_of_law(lifecycle, part.limit_on), part.limit_on].append(part)
    for (on, limit_on), parts in days.items():
        yield Event(
            names=("Senaste dag enligt lag",),
            kind=Kind.REPORT,
            opens_on=on,
            due_on=on,
            stage=Stage.COMING,
            told="dag satt i lag" if on == limit_on else f"dag satt i lag, arbetsdagen före är {limit_on.isoformat()}",
            href=_href(year, policy, parts),
            is_by_law=True,
        )


def _day_of_law(lifecycle: str, limit_on: date) -> date:
    """Return the day that the law itself names, where the last day here is the working day before it."""
    rules = LIFECYCLES[lifecycle].rounds.values()
    limits = {rule.legal_limit for rule in rules if isinstance(rule, YearRound) and rule.legal_limit}
    moved = (nominal_day_of(each, limit_on.year) for each in limits if day_of(each, limit_on.year) == limit_on)
    return next(moved, limit_on)


def _stage(parts: Iterable[_Part]) -> Stage:
    stages = {part.stage for part in parts}
    return next(stage for stage in (Stage.LATE, Stage.OPEN, Stage.COMING, Stage.DONE) if stage in stages)


#: So many days are named one by one.
_MOST_DAYS = 2


def _told(stage: Stage, parts: Sequence[_Part], marked: Sequence[_Part]) -> str:
    """Return "försenad", or "två av sju försenade" of several bodies; where their days differ, how many have which."""
    due = Counter(part.due_on for part in marked)
    days = [f"{on.isoformat()} ({due[on]})" for on in sorted(due)]
    if len(days) > _MOST_DAYS:
        differ = f", frister från {min(due).isoformat()} till {max(due).isoformat()}"
    else:
        differ = f", frister {' och '.join(days)}" if len(days) > 1 else ""
    if len(parts) == 1:
        return STAGE_WORDS[stage] + differ
    counts = Counter(part.stage for part in parts)
    if counts[stage] == len(parts):
        return f"{_MANY_WORDS[stage]}, {len(parts)} organ{differ}"
    return f"{counts[stage]} av {len(parts)} {_MANY_WORDS[stage]}{differ}"
