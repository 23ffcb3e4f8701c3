"""The days that people may give: what lies outside is a slip of the pen, and no calendar can reckon with it."""

from __future__ import annotations

from datetime import date

#: Policies that still hold were decided from here on; no round is planned so far ahead as the last.
GIVEN_YEARS = range(1900, 2200)


def day_fault(day: date) -> str | None:
    """Tell in Swedish, without a full stop, that a day is out of bounds; None for one that may be given."""
    if day.year in GIVEN_YEARS:
        return None
    return f"Skriv ett år mellan {GIVEN_YEARS[0]} och {GIVEN_YEARS[-1]}"
