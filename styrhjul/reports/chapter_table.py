"""The chapter's rows as tables narrow enough for a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.reports import chapter_words as words
from styrhjul.reports.block import Table
from styrhjul.reports.chapter import Chapter, GoalRow, MissingAnswer, NextGoal, Section, WentUp
from styrhjul.reports.chapter_facts import UNANSWERED, Standing
from styrhjul.reports.wheel_layout import rows
from styrhjul.reports.years import table as years_table

_JUDGED = (Standing.MET, Standing.PARTLY_MET, Standing.NOT_MET, Standing.NOT_ASSESSED)


def overview(chapter: Chapter) -> Table:
    """Return a row for each policy: who has answered about the year, and how its goals stand."""
    return Table(
        caption=f"Svar och måluppfyllelse {chapter.year}",
        columns=("Styrdokument", "Har svarat", *(words.STANDING_WORDS[each] for each in _JUDGED), "utan svar"),
        rows=tuple(tuple(_overview_row(section)) for section in chapter.sections),
        shares=(30, 18, 10, 10, 10, 10, 10),
    )


def _overview_row(section: Section) -> Iterator[str]:
    follow_up = next((count for count in section.counts if count.lifecycle is LifecycleKey.FOLLOW_UP), None)
    yield section.title
    yield follow_up.short if follow_up else words.STANDING_WORDS[Standing.NOT_ASKED]
    yield from (str(section.tally.get(each, 0)) for each in _JUDGED)
    yield str(sum(section.tally.get(each, 0) for each in UNANSWERED))


def goals(section: Section, year: int) -> Table:
    """Return each body's goals and how they went, for a page."""
    asked = any(count.lifecycle is LifecycleKey.GOAL_SETTING and count.year == year for count in section.counts)
    none = "Inget mål är lämnat" if asked else words.WHOLE_PERIOD
    return Table(
        caption=f"Mål och bedömning {year}",
        columns=("Organ", "Mål", "Bedömning", "Analys och nästa steg", "Beslut"),
        rows=tuple(
            (
                _body(row),
                _lines(row.goal or (words.WHOLE_PERIOD if row.standing in _JUDGED else none), *_measured(row)),
                _lines(words.STANDING_WORDS[row.standing], row.result and f"Utfall: {row.result}", *_trend(row)),
                _lines(row.analysis, row.next_step and f"Nästa steg: {row.next_step}"),
                _judged_on(row),
            )
            for row in section.goals
        ),
        shares=(21, 25, 17, 23, 14),
    )


def _body(row: GoalRow) -> str:
    return f"{row.body}, {row.period}" if row.period else row.body


def _measured(row: GoalRow | NextGoal) -> Iterator[str]:
    if row.indicator:
        yield f"Mäts genom: {row.indicator}"
    if row.baseline:
        yield f"Utgångsläge: {row.baseline}"
    if row.target:
        yield f"Målvärde: {row.target}"
    if row.responsible:
        yield f"Ansvarig: {row.responsible}"


def _trend(row: GoalRow) -> Iterator[str]:
    if row.trend:
        yield f"Trend: {row.trend}"


def _judged_on(row: GoalRow) -> str:
    return words.decision(row.decided_on, row.paragraph) if row.standing in _JUDGED else ""


def missing(section: Section) -> Table:
    """Return whose answer is not there, with who was asked when."""
    return Table(
        caption="Utan svar",
        columns=("Organ", "Gäller", "Skulle svara senast", "Så står det", "Tillfrågade"),
        rows=tuple(
            (each.body, each.about, str(each.due_on), _why(each), _lines(*words.told(each.told, each.body)))
            for each in section.missing
        ),
        shares=(20, 15, 13, 15, 37),
    )


def _why(each: MissingAnswer) -> str:
    is_free = not each.is_binding and each.standing is not Standing.NO_ANSWER  # whose own word says it
    return _lines(words.STANDING_WORDS[each.standing], "frivilligt att svara" if is_free else "")


def went_up(section: Section, year: int) -> Table:
    """Return what went up in the year, to whom, and what came of it."""
    return Table(
        caption=f"Det som gick upp under {year}",
        columns=("Organ", "Gäller", "Gick till", "Beslut om ärendet", "Svar kom"),
        rows=tuple(
            (
                each.body,
                each.about,
                _lines(*words.told(each.told, each.body)),
                _lines(*map(words.decided, each.decisions)) or "inget beslut",
                _came(each),
            )
            for each in section.went_up
        ),
        shares=(20, 15, 27, 25, 13),
    )


def _came(each: WentUp) -> str:
    return str(each.answered_on) if each.answered_on else words.STANDING_WORDS[Standing.MISSING]


def others(section: Section) -> Table:
    """Return the answers that are no goals: plans, projects, revisions."""
    return Table(
        caption="Planer, projekt och revidering",
        columns=("Organ", "Gäller", "Svar", "Beslut"),
        rows=tuple(
            (
                each.body,
                each.about,
                each.said,
                words.decision(each.decided_on, each.paragraph) if each.decided_on else "",
            )
            for each in section.others
        ),
        shares=(22, 20, 36, 22),
    )


def editions(section: Section) -> Table:
    """Return the texts that took over in the year."""
    return Table(
        caption="Ändrade utgåvor",
        columns=("Ny utgåva", "Antagen av", "Ersatte utgåvan från", "Gäller här från"),
        rows=tuple(
            (
                words.stated_decision(each.adopted_on, each.paragraph),
                each.adopted_by or words.UNSTATED,
                str(each.replaced_adopted_on or words.UNSTATED),
                str(each.replaced_on),
            )
            for each in section.editions
        ),
        shares=(28, 28, 22, 22),
    )


def next_goals(section: Section, year: int) -> Table:
    """Return the goals for the year after."""
    return Table(
        caption=f"Mål för {year}",
        columns=("Organ", "Mål", "Mått och målvärde", "Beslut"),
        rows=tuple(
            (
                each.body,
                each.goal or words.STANDING_WORDS[each.standing or Standing.MISSING],
                _lines(*_measured(each)),
                words.decision(each.decided_on, each.paragraph) if each.goal else "",
            )
            for each in section.next_goals
        ),
        shares=(22, 36, 24, 18),
    )


def next_year(chapter: Chapter) -> Table:
    """Return every day of the year after's wheels, by day; the number is the one that a small wheel shows."""
    found = sorted((row for wheel in chapter.wheels for row in rows(wheel)), key=lambda row: row.event.due_on)
    return Table(
        caption=f"Frister {chapter.year + 1}",
        columns=("Nr", "Frist", "Öppnar", "Styrdokument", "Vad", "Läge"),
        rows=tuple(
            (
                *(str(row.number or ""), str(row.event.due_on), "" if row.event.is_by_law else str(row.event.opens_on)),
                *(row.ring, row.event.names[0], row.event.told),
            )
            for row in found
        ),
        shares=(5, 13, 13, 26, 25, 18),
    )


def over_years(section: Section) -> Table:
    """Return how each body's goals stood in each of the years."""
    return years_table(section.years, of="Måluppfyllelsen över åren", first="Organ och mål")


def _lines(*lines: str | None) -> str:
    return "\n".join(_there(lines))


def _there(lines: Iterable[str | None]) -> Iterator[str]:
    yield from (line for line in lines if line)
