"""A chapter as a document: what stands in which order, with the same numbers in text, table and picture."""

from __future__ import annotations

from collections.abc import Iterator

from styrhjul.reports import chapter_table as table
from styrhjul.reports import chapter_words as words
from styrhjul.reports.attainment_plot import draw_attainment
from styrhjul.reports.block import Block, Document, Heading, Table, Text
from styrhjul.reports.chapter import Chapter, Section
from styrhjul.reports.chapter_facts import Standing
from styrhjul.reports.wheel_figure import WHEEL_KEY, wheel_figure
from styrhjul.reports.years_plot import draw_years


def chapter_document(chapter: Chapter) -> Document:
    """Return the pages: first all policies together, then each by itself."""
    return Document(
        title=chapter.title,
        subtitle=f"Avsnitt i årsredovisningen. Uppgifterna gäller den {words.long_day(chapter.made_on)}.",
        municipality=chapter.municipality,
        blocks=(
            *(() if chapter.of_one else _together(chapter)),
            *(block for section in chapter.sections for block in _section(section, chapter)),
            *_next_year(chapter),
        ),
    )


def _together(chapter: Chapter) -> Iterator[Block]:
    if not chapter.sections:
        yield Text("Kommunen har inga styrdokument här.")
        return
    yield Heading(1, "Alla styrdokument")
    yield Text(" ".join(_summed(chapter)))
    yield table.overview(chapter)


def _summed(chapter: Chapter) -> Iterator[str]:
    """Yield what needs somebody's eye, in the words of the tables below."""
    standings, year = chapter.unanswered, chapter.year
    up = sum(len(section.went_up) for section in chapter.sections)
    yield f"Här räknas mål, uppföljning, handlingsplaner och projekt för {year},"
    yield "och revideringar som skulle beslutas senast det året."
    yield words.counted(standings.get(Standing.MISSING, 0), "Inget svar saknas.", "1 svar saknas.", "{} svar saknas.")
    if free := standings.get(Standing.NO_ANSWER):
        yield words.counted(free, "", "1 frivilligt svar har inte kommit.", "{} frivilliga svar har inte kommit.")
    if awaited := standings.get(Standing.AWAITED):
        yield f"{awaited} svar väntas."
    if waived := standings.get(Standing.WAIVED):
        yield words.counted(waived, "", "1 ärende avslutades utan svar.", "{} ärenden avslutades utan svar.")
    gone = words.counted(up, "inget ärende", "1 ärende", "{} ärenden")
    yield f"Under {year} gick {gone} upp, vilket år de än gäller."


def _section(section: Section, chapter: Chapter) -> Iterator[Block]:
    year = chapter.year
    yield Heading(1, section.title)
    yield Text(_decided(section))
    if section.counts:
        yield Text(" ".join(count.line for count in section.counts))
    else:
        yield Text(f"Ingenting har frågats om {year}.")
    if set(section.tally) - {Standing.NOT_ASKED}:
        yield draw_attainment(section.tallies, subject=f"måluppfyllelsen {year} i {section.title}")
    yield from _titled(table.goals(section, year), "")
    if section.years.asked > 1:  # after a table, which fills the page that a plot has no room on
        yield from _over_years(section)
    for each, rule in (
        (table.others(section), ""),
        (table.missing(section), ""),
        (table.went_up(section, year), words.WENT_UP),
        (table.editions(section), ""),
        (table.next_goals(section, year + 1), ""),
    ):
        yield from _titled(each, rule)


def _over_years(section: Section) -> Iterator[Block]:
    each = table.over_years(section)
    yield Heading(2, each.caption)
    yield from draw_years(section.years, subject=f"Måluppfyllelsen i {section.title}")
    yield each


def _next_year(chapter: Chapter) -> Iterator[Block]:
    """Yield the wheels of the year after, and every day in them as a table."""
    if chapter.wheels:
        yield Heading(1, f"Årshjulet {chapter.year + 1}")
        yield from map(wheel_figure, chapter.wheels)
        yield Text(WHEEL_KEY)
        yield table.next_year(chapter)


def _titled(each: Table, rule: str) -> Iterator[Block]:
    if each.rows:
        yield Heading(2, each.caption)
        if rule:
            yield Text(rule)
        yield each


def _decided(section: Section) -> str:
    decided = section.decided
    adopted = words.stated_decision(decided.adopted_on, decided.paragraph)
    return words.sentence(
        f"Antaget av {words.inside(decided.adopted_by)}, {adopted}" if decided.adopted_by else f"Antaget: {adopted}",
        f"Diarienummer: {decided.diary_number or words.UNSTATED}",
        f"Ansvarig: {decided.owner or words.UNSTATED}",
        f"Upphävt {section.repealed_on}" if section.repealed_on else "",
    )
