"""The period a case concerns, as people write it."""

from __future__ import annotations

import re
from datetime import date

from styrhjul.domain.date_rule import MONTHS
from styrhjul.domain.term import term_of
from styrhjul.domain.vocabulary import BodyKind

_PART = re.compile(r"(\d{4})-(?:H([12])|T([123])|Q([1-4])|(\d{2}))")
_ORDINALS = ("första", "andra", "tredje", "fjärde")


def period_in_words(period: str, clock: BodyKind, term_starts: tuple[date, ...] = ()) -> str:
    """Return `2026`, `första halvåret 2026`, `april 2026`, `mandatperioden 2026–2030` or the day itself.

    `clock` and `term_starts` are those of the body whose term of office the period may be.
    """
    if part := _PART.fullmatch(period):
        return f"{_part(part)} {part[1]}"
    if len(period) == 4:
        return period
    day = date.fromisoformat(period)
    term = term_of(clock, day, term_starts)
    return f"mandatperioden {term.label}" if term.starts_on == day else period


def _part(part: re.Match[str]) -> str:
    half, third, quarter, month = part.group(2, 3, 4, 5)
    if half:
        return f"{_ORDINALS[int(half) - 1]} halvåret"
    if third:
        return f"{_ORDINALS[int(third) - 1]} tertialet"
    if quarter:
        return f"{_ORDINALS[int(quarter) - 1]} kvartalet"
    return MONTHS[int(month) - 1]
