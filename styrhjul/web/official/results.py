"""A municipality's results over the years: attainment, answer times and load, each as a plot and as a table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from styrhjul.domain.moment import local_date
from styrhjul.reports import years as over_years
from styrhjul.reports.answer_time_plot import draw_times
from styrhjul.reports.block import Picture, Table
from styrhjul.reports.chapter import Years
from styrhjul.reports.chapter_facts import Standing
from styrhjul.reports.chapter_words import counted_standings
from styrhjul.reports.months_plot import draw_months
from styrhjul.reports.results import days_word, months_table, times_table
from styrhjul.reports.years_plot import draw_years
from styrhjul.services.reports.results import Results, results_of
from styrhjul.web.home import home_of
from styrhjul.web.official.frame import OfficialPage, framed, shown
from styrhjul.web.official.overview import year_in

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A heading, what there is to see in one sentence, the plot in its parts, and its numbers if there are any."""

    key: str
    heading: str
    said: str
    pictures: tuple[Picture, ...]
    table: Table | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsPage(OfficialPage):
    """The results as they stand now, of all policies or of one."""

    results: Results
    policy: str

    @property
    def lead(self) -> str:
        """The page in a sentence."""
        title = dict(self.results.policies).get(self.policy)
        first, last = self.results.years.years[0], self.results.year
        return f"{title or 'Alla styrdokument'}, {first}–{last}."

    @property
    def years(self) -> tuple[int, ...]:
        """The years that can be chosen beside the one shown."""
        return tuple(each for each in range(self.results.year - 1, self.results.year + 2) if each != self.results.year)

    @property
    def plots(self) -> tuple[Plot, ...]:
        """The three plots, in the order of the page."""
        return (self._attainment(), self._times(), self._months())

    def _attainment(self) -> Plot:
        years = self.results.years
        first = "Organ och mål" if self.policy else "Styrdokument"
        return Plot(
            key="attainment",
            heading="Måluppfyllelse år för år",
            said=_judged(years),
            pictures=draw_years(years, subject="Måluppfyllelse") if years.rows else (),
            table=over_years.table(years, of="Måluppfyllelse år för år", first=first) if years.rows else None,
        )

    def _times(self) -> Plot:
        times, years = self.results.times, self.results.years.years
        answers = sum(len(each.days) for each in times)
        late = sum(each.late for each in times)
        slowest = max(times, key=lambda each: each.middle, default=None)
        said = f"Inga svar på mejl kom {years[0]}–{years[-1]}."
        if slowest:
            said = (
                f"{answers} svar kom {years[0]}–{years[-1]}, {late} av dem efter fristen. "
                f"Längst mediantid har {slowest.body}: {days_word(slowest.middle)} från första mejlet."
            )
        return Plot(
            key="times",
            heading="Svarstider",
            said=said,
            pictures=(draw_times(times),) if times else (),
            table=times_table(times) if times else None,
        )

    def _months(self) -> Plot:
        months = self.results.months
        there = any((*months.due, *months.mails))
        said = f"{sum(months.due)} svar ska in {months.year}, och {sum(months.mails)} mejl har lämnat."
        return Plot(
            key="months",
            heading=f"Belastning {months.year}, månad för månad",
            said=said if there else f"Ingenting ska in och inga mejl har lämnat {months.year}.",
            pictures=(draw_months(months),) if there else (),
            table=months_table(months) if there else None,
        )


def _judged(years: Years) -> str:
    """Return how the last year with an answer went, in words."""
    for place in reversed(range(len(years.years))):
        counts = sum((Counter(row.counts[place]) for row in years.rows if not row.is_goal), Counter[Standing]())
        if counts:
            return f"{years.years[place]}: {counted_standings(counts)}."
    return f"Inga mål har följts upp {years.years[0]}–{years.years[-1]}."


@router.get("/{municipality}/results")
def results(request: Request, municipality: str, year: str = "", policy: str = "") -> Response:
    """Show the results of four years, up to the one asked for."""
    home = home_of(request)
    now = home.clock.now()
    found = results_of(home.database, municipality, year_in(year, local_date(now).year), now, policy[:200])
    page = ResultsPage(frame=framed(request, found.municipality, "policy"), results=found, policy=policy[:200])
    return shown(request, "results.html", page)
