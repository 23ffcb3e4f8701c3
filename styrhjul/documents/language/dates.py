"""Dates as Swedish documents write them: 2017-11-14, den 25 april 2022, 29/11 2017, 7/1–2020, sista februari."""

from __future__ import annotations

import re
from datetime import date

from styrhjul.domain.months import MONTHS

_SHORT = {name[:3]: number for number, name in enumerate(MONTHS, start=1)}

MONTH = f"(?:{'|'.join(MONTHS)})"
DATE = re.compile(
    r"(?<![\d/-])(?:"
    r"(?P<year>(?:19|20)\d\d)(?P<gap>[-.–]|\s(?=\d\d\s\d\d))(?P<month>\d{1,2})(?P=gap)(?P<day>\d{1,2})"
    r"|(?P<day_in_words>\d{1,2})(?::?e)?\s{1,3}(?P<month_in_words>jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|"
    r"dec)[a-z]{0,7}\.?"
    r"\s{1,3}(?P<year_in_words>(?:19|20)\d\d)"
    r"|(?P<day_first>\d{1,2})/(?P<month_second>\d{1,2})\s{0,2}[-–]?\s{0,2}(?P<year_last>(?:19|20)\d\d)"
    r"|(?P<compact>(?:19|20)\d\d[01]\d[0-3]\d)"
    r"|(?:(?<=\bK[FS] )|(?<=\bden )|(?<=tige )|(?<=lsen )|(?<=nden ))(?P<short>\d\d[01]\d[0-3]\d)(?=[\s,.;)]|$)"
    r")(?!\d)",
    re.IGNORECASE,
)
YEAR = re.compile(r"(?<![\d:/-])(?:19|20)\d\d(?![\d/:]|[-–]\d)")


def to_date(match: re.Match[str]) -> date | None:
    """Return the day that a match of DATE names, or None if the calendar has no such day."""
    found = match.groupdict()
    if found["compact"]:
        parts = found["compact"][:4], found["compact"][4:6], found["compact"][6:]
    elif found["short"]:
        parts = f"20{found['short'][:2]}", found["short"][2:4], found["short"][4:]
    elif found["year"]:
        parts = found["year"], found["month"], found["day"]
    elif found["year_last"]:
        parts = found["year_last"], found["month_second"], found["day_first"]
    else:
        month = _SHORT[found["month_in_words"].lower()]
        parts = found["year_in_words"], str(month), found["day_in_words"]
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        return None


def find_date(text: str) -> date | None:
    """Return the first real date in a text."""
    return next((day for match in DATE.finditer(text) if (day := to_date(match))), None)
