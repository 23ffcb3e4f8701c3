"""The annual report's chapter as values: what was decided, how it went, what is missing, what went up, what comes.

`chapter_making` counts every number in it, once; text, tables and files only say it again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.reports import chapter_words as words
from styrhjul.reports.chapter_facts import UNANSWERED, Decision, Standing, Told
from styrhjul.reports.wheel_layout import Wheel


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many of those asked have answered: the one place where it is counted."""

    lifecycle: LifecycleKey
    year: int
    answered: int
    asked: int
    noun: str

    @property
    def line(self) -> str:
        """The count as a sentence: "7 av 8 nämnder har svarat på uppföljningen av 2027."."""
        return f"{self.short} har svarat på {words.question(self.lifecycle, self.year)}."

    @property
    def short(self) -> str:
        """The count alone: "7 av 8 nämnder"."""
        return f"{self.answered} av {self.asked} {self.noun}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The text that held when the year ended. None = it does not say."""

    adopted_by: str | None
    adopted_on: date | None
    paragraph: str | None
    diary_number: str | None
    owner: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalRow:
    """A body's goal and how it went; `goal` None = the period was judged as a whole, or there is no goal.

    `period` is empty for the whole year. The decision is that of the judgement, `goal_decided_on` that of the goal.
    """

    body: str
    period: str
    goal: str | None
    indicator: str = ""
    baseline: str = ""
    target: str = ""
    responsible: str = ""
    goal_decided_on: date | None = None
    goal_paragraph: str | None = None
    standing: Standing
    result: str = ""
    trend: str = ""
    analysis: str = ""
    next_step: str = ""
    decided_on: date | None = None
    paragraph: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingAnswer:
    """A body that was asked and has not answered, with who was asked when. An awaited one still has time."""

    body: str
    about: str
    due_on: date
    standing: Standing
    is_binding: bool
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WentUp:
    """A case that went up, to whom and when, what was decided about it, and when the answer came."""

    body: str
    about: str
    due_on: date
    told: tuple[Told, ...]
    decisions: tuple[Decision, ...]
    answered_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherAnswer:
    """What a body said that is no goal: a plan, a project, what becomes of a document."""

    body: str
    about: str
    said: str
    decided_on: date | None
    paragraph: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionChange:
    """A text that took over in the year, and the day of the one it took over from."""

    adopted_by: str | None
    adopted_on: date | None
    paragraph: str | None
    replaced_on: date | None
    replaced_adopted_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextGoal:
    """A goal decided for the year after, or a body that has decided none: `standing` says why."""

    body: str
    goal: str
    standing: Standing | None = None
    indicator: str = ""
    baseline: str = ""
    target: str = ""
    responsible: str = ""
    decided_on: date | None = None
    paragraph: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyTally:
    """How many goals of a body stand how; only what is there. `is_whole`: it had none, and its period stands there."""

    body: str
    counts: Mapping[Standing, int]
    is_whole: bool = False


def together(tallies: Iterable[BodyTally]) -> Counter[Standing]:
    """Sum the goals of several bodies. A body without goals counts by its silence, and not by what it judged."""
    every = list(tallies)
    has_goals = any(not each.is_whole for each in every)
    summed: Counter[Standing] = Counter()
    for each in every:
        silent = {standing: number for standing, number in each.counts.items() if standing in UNANSWERED}
        summed.update(silent if has_goals and each.is_whole else each.counts)
    return summed


@dataclass(frozen=True, slots=True, kw_only=True)
class YearsRow:
    """A body, or one of its goals, with how it stood each year; nothing in a year = nothing was asked.

    `whole` are the places of the years in which there were no goals to count.
    """

    name: str
    is_goal: bool
    counts: tuple[Mapping[Standing, int], ...]
    whole: tuple[int, ...] = ()

    def is_whole(self, place: int) -> bool:
        """Whether a year's count is of the period as a whole, since there were no goals."""
        return place in self.whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Years:
    """Some years that end with the one asked for, and the rows in the order of the bodies."""

    years: tuple[int, ...]
    rows: tuple[YearsRow, ...]

    @property
    def asked(self) -> int:
        """In how many of the years anything was asked."""
        return sum(any(row.counts[place] for row in self.rows) for place in range(len(self.years)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One policy's year."""

    slug: str
    title: str
    decided: Decided
    repealed_on: date | None
    counts: tuple[Count, ...]
    goals: tuple[GoalRow, ...]
    tallies: tuple[BodyTally, ...]
    missing: tuple[MissingAnswer, ...]
    went_up: tuple[WentUp, ...]
    others: tuple[OtherAnswer, ...]
    editions: tuple[EditionChange, ...]
    next_goals: tuple[NextGoal, ...]
    #: The year and those before it, body by body and goal by goal.
    years: Years

    @property
    def tally(self) -> Mapping[Standing, int]:
        """How many goals of the policy stand how, all bodies together; where none has goals, how the bodies stand."""
        return together(self.tallies)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A municipality's chapter for a year, by policy in the order given; `of_one` = one policy was asked for."""

    municipality: str
    slug: str
    year: int
    made_on: date
    of_one: bool
    sections: tuple[Section, ...]
    #: The year after, as it is foreseen on that day; several where the policies have no room in one.
    wheels: tuple[Wheel, ...] = ()

    @property
    def title(self) -> str:
        """What the chapter is called."""
        return f"Styrdokument {self.year}"

    @property
    def unanswered(self) -> Mapping[Standing, int]:
        """How many answers are missing, awaited or waived, all policies together."""
        return Counter(each.standing for section in self.sections for each in section.missing)
