"""How many goals a sentence asks for: "1-2 mål", "ett till två utvecklingsområden", "minst ett mål"."""

from __future__ import annotations

import re

from styrhjul.documents.language.dates import MONTH
from styrhjul.documents.language.recurrence import to_number

_N = r"(?:\d{1,2}|ett|en|två|tre|fyra|fem|sex|sju|åtta|nio|tio|elva|tolv)"
_GOAL = (
    r"(?:[\w-]{0,30}mål(?:et|en)?|målsättning(?:ar)?|"
    r"[\w-]{0,20}åtagande(?:n)?|(?:utvecklings|förbättrings|fokus)område(?:n)?)"
)
_COUNT = re.compile(
    rf"\b(?:(?P<bound>minst|högst|max|maximalt|upp\still|som\smest|åtminstone)\s)?(?<!den\s)(?P<low>{_N})(?!\s(?:{MONTH}|procent|år))"
    rf"(?:\s?(?:-|–|—|till|eller)\s?(?P<high>{_N}|flera|fler))?(?:\s[\w,-]{{2,30}}){{0,3}}?\s{_GOAL}(?!\w)",
    re.IGNORECASE,
)
_MOST = re.compile(rf"\b(?:och|men)\s(?:högst|max|maximalt)\s(?P<high>{_N})(?!\w)", re.IGNORECASE)
_UPPER = frozenset({"högst", "max", "maximalt", "upp till", "som mest"})


def count_goals(text: str) -> tuple[int | None, int | None]:
    """Return the least and the greatest number; None where no bound is set. "Ett mål" alone may be an article."""
    match = _COUNT.search(text)
    if match is None:
        return None, None
    low, bound = to_number(match["low"]), (match["bound"] or "").lower()
    if (match["high"] or "").lower() in {"flera", "fler"}:
        return low, None
    if match["high"]:
        return low, to_number(match["high"])
    if bound in _UPPER:
        return None, low
    if bound:
        most = _MOST.search(text, match.start())
        return low, to_number(most["high"]) if most else None
    return (low, low) if low > 1 or match["low"].isdecimal() else (None, None)
