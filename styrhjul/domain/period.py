"""The period a case concerns, as people write it."""

from __future__ import annotations

import re
from datetime import date

from styrhjul.domain.facts import BodyFacts
from styrhjul.domain.months import MONTHS
from styrhjul.domain.round_rule import Clock
from styrhjul.domain.term import TermNotKnown, term_of
from styrhjul.domain.vocabulary import LifecycleKey

#: The lifecycles with rounds by term of office, and whose term that is. In no other is a day a term's first.
TERM_CLOCKS: dict[str, Clock] = {
    LifecycleKey.GOAL_SETTING: Clock.BODY,
    LifecycleKey.REVISION: Clock.ADOPTER,
    LifecycleKey.HANDOVER: Clock.BODY,
}
_PART = re.compile(r"(\d{4})-(?:H([12])|T([123])|Q([1-4])|(\d{2}))")
_ORDINALS = ("första", "andra", "tredje", "fjärde")


def period_in_words(lifecycle: str, period: str, *, opens_on: date, adopter: BodyFacts, body: BodyFacts) -> str:
    """Return `2026`, `första halvåret 2026`, `april 2026`, `mandatperioden 2026–2030` or the day itself.

    `adopter` adopted the document, `body` is asked; where no document asks, the body is both. An interval's round opens
    before its day and a term's never does: that tells them apart, also where the days are the same.
    """
    if part := _PART.fullmatch(period):
        return f"{_part(part)} {part[1]}"
    if len(period) == 4:
        return period
    day = date.fromisoformat(period)
    if lifecycle not in TERM_CLOCKS or opens_on < day:
        return period
    return _term(day, adopter if TERM_CLOCKS[lifecycle] is Clock.ADOPTER else body)


def _term(day: date, clock: BodyFacts) -> str:
    """A first day that the calendar does not know, or that was moved since, is named itself."""
    try:
        term = term_of(clock.kind, day, clock.term_starts)
    except TermNotKnown:
        return f"mandatperioden från {day.isoformat()}"
    return f"mandatperioden {term.label}" if term.starts_on == day else f"mandatperioden från {day.isoformat()}"


def _part(part: re.Match[str]) -> str:
    half, third, quarter, month = part.group(2, 3, 4, 5)
    if half:
        return f"{_ORDINALS[int(half) - 1]} halvåret"
    if third:
        return f"{_ORDINALS[int(third) - 1]} tertialet"
    if quarter:
        return f"{_ORDINALS[int(quarter) - 1]} kvartalet"
    return MONTHS[int(month) - 1]
