"""The chapter's rows as sheets of a workbook: a column for each thing, numbers to sum and days to sort by."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.reports import chapter_words as words
from styrhjul.reports.chapter import Chapter, MissingAnswer, Section, WentUp
from styrhjul.reports.chapter_facts import Standing
from styrhjul.reports.wheel_layout import rows
from styrhjul.reports.workbook import Sheet, Value

_Row: TypeAlias = tuple[Value, ...]
_STANDINGS = tuple(words.STANDING_WORDS[each] for each in Standing)


def sheets(chapter: Chapter) -> tuple[Sheet, ...]:
    """Return a sheet for each kind of row, all policies together; those without rows too."""
    year = chapter.year
    return (
        _sheet(chapter, f"Svar {year}", ("Fråga", "År", "Tillfrågade", "Har svarat", "Utan svar"), _counts),
        _sheet(chapter, f"Måluppfyllelse {year}", ("Organ", *_STANDINGS), _tallies),
        _sheet(chapter, f"Mål och bedömning {year}", _GOALS, _goals),
        _sheet(chapter, "Utan svar", _MISSING, _missing),
        _sheet(chapter, "Det som gick upp", ("Organ", "Gäller", "Frist", "Gick upp", "Antal beslut", "Svar kom"), _up),
        _sheet(chapter, "Vem som fick veta", ("Organ", "Gäller", "Frist", "Dag", "Uppdrag", "Uppåt"), _told),
        _sheet(chapter, "Beslut om det som gick upp", _DECISIONS, _decisions),
        _sheet(chapter, "Planer, projekt och revidering", ("Organ", "Gäller", "Svar", "Beslutat", "§"), _others),
        _sheet(chapter, "Ändrade utgåvor", ("Antagen", "§", "Antagen av", "Ersatte utgåvan från", "Gäller från"), _new),
        _sheet(chapter, f"Mål för {year + 1}", _NEXT, _next_goals),
        _sheet(chapter, "Måluppfyllelsen över åren", ("Organ", "Mål", "År", *_STANDINGS), _over_years),
        Sheet(caption=f"Frister {year + 1}", columns=_DAYS, rows=tuple(_days(chapter))),
    )


def _sheet(
    chapter: Chapter, caption: str, columns: tuple[str, ...], kind: Callable[[Section], Iterator[_Row]]
) -> Sheet:
    return Sheet(
        caption=caption,
        columns=("Styrdokument", *columns),
        rows=tuple((section.title, *row) for section in chapter.sections for row in kind(section)),
    )


def _counts(section: Section) -> Iterator[_Row]:
    for each in section.counts:
        asked = _QUESTIONS[each.lifecycle]
        yield asked, each.year, each.asked, each.answered, each.asked - each.answered


_QUESTIONS: Mapping[LifecycleKey, str] = {
    LifecycleKey.GOAL_SETTING: "Mål",
    LifecycleKey.FOLLOW_UP: "Uppföljning",
    LifecycleKey.PROJECT_FOLLOW_UP: "Uppföljning av projekt",
    LifecycleKey.ACTION_PLANNING: "Handlingsplan",
}


def _tallies(section: Section) -> Iterator[_Row]:
    for each in section.tallies:
        yield each.body, *_numbers(each.counts)


def _numbers(counts: Mapping[Standing, int]) -> _Row:
    return tuple(counts.get(standing, 0) for standing in Standing)


_GOALS = (
    *("Organ", "Del av året", "Mål", "Mäts genom", "Utgångsläge", "Målvärde", "Ansvarig", "Målet beslutat", "Målets §"),
    *("Bedömning", "Utfall", "Trend", "Analys", "Nästa steg", "Uppföljningen beslutad", "Uppföljningens §"),
)


def _goals(section: Section) -> Iterator[_Row]:
    for row in section.goals:
        yield (
            *(row.body, row.period, row.goal, row.indicator, row.baseline, row.target, row.responsible),
            *(row.goal_decided_on, _paragraph(row.goal_paragraph), words.STANDING_WORDS[row.standing]),
            *(row.result, row.trend, row.analysis, row.next_step, row.decided_on, _paragraph(row.paragraph)),
        )


def _paragraph(number: str | None) -> Value:
    """Return a § that sorts as a number where it is one; "12 a" is none."""
    return int(number) if number and number.isdecimal() else number


_MISSING = (
    *("Organ", "Gäller", "Skulle svara senast", "Läge", "Frivilligt"),
    *("Antal besked", "Första beskedet", "Senaste beskedet"),
)


def _missing(section: Section) -> Iterator[_Row]:
    for each in section.missing:
        days = [told.on for told in each.told]
        yield (
            *(each.body, each.about, each.due_on, words.STANDING_WORDS[each.standing]),
            *(_yes(is_so=not each.is_binding), len(days), min(days, default=None), max(days, default=None)),
        )


def _yes(*, is_so: bool) -> str:
    return "ja" if is_so else "nej"


def _up(section: Section) -> Iterator[_Row]:
    for each in section.went_up:
        yield each.body, each.about, each.due_on, each.told[0].on, len(each.decisions), each.answered_on


def _told(section: Section) -> Iterator[_Row]:
    """Yield who was told of what has no answer or went up, each of them once."""
    found: dict[_Row, None] = {}
    both: tuple[MissingAnswer | WentUp, ...] = (*section.missing, *section.went_up)
    for each in both:
        for told in each.told:
            is_up = _yes(is_so=told.is_above)
            found[each.body, each.about, each.due_on, told.on, told.office, is_up] = None
    yield from found


_DECISIONS = ("Organ", "Gäller", "Dag", "Beslut", "Till och med", "Gick till", "Av", "Skäl")


def _decisions(section: Section) -> Iterator[_Row]:
    for each in section.went_up:
        for made in each.decisions:
            what, to = words.ACTS[made.act], ", ".join(made.to)
            yield each.body, each.about, made.on, what, made.until, to, made.by, made.reason


def _others(section: Section) -> Iterator[_Row]:
    for each in section.others:
        yield each.body, each.about, each.said, each.decided_on, _paragraph(each.paragraph)


def _new(section: Section) -> Iterator[_Row]:
    for each in section.editions:
        yield (
            *(each.adopted_on, _paragraph(each.paragraph), each.adopted_by),
            *(each.replaced_adopted_on, each.replaced_on),
        )


_NEXT = ("Organ", "Mål", "Mäts genom", "Utgångsläge", "Målvärde", "Ansvarig", "Beslutat", "§")


def _next_goals(section: Section) -> Iterator[_Row]:
    for each in section.next_goals:
        yield (
            *(each.body, each.goal, each.indicator, each.baseline, each.target, each.responsible),
            *(each.decided_on, _paragraph(each.paragraph)),
        )


def _over_years(section: Section) -> Iterator[_Row]:
    """Yield a row for each year in which anything was asked of a body; its goals follow it, by name."""
    body = ""
    for row in section.years.rows:
        body = body if row.is_goal else row.name
        for year, counts in zip(section.years.years, row.counts, strict=True):
            if counts:
                yield body, row.name if row.is_goal else None, year, *_numbers(counts)


_DAYS = ("Nr", "Frist", "Öppnar", "Styrdokument", "Vad", "Läge")


def _days(chapter: Chapter) -> Iterator[_Row]:
    for row in sorted((row for wheel in chapter.wheels for row in rows(wheel)), key=lambda row: row.event.due_on):
        event = row.event
        opens_on = None if event.is_by_law else event.opens_on
        yield row.number, event.due_on, opens_on, row.ring, event.names[0], event.told
