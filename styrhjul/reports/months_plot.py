"""The load of a year: answers that fall due and mails that have left, month over month, each with its number."""

from __future__ import annotations

from collections.abc import Sequence

from styrhjul.reports.block import Picture
from styrhjul.reports.chapter_words import MONTHS
from styrhjul.reports.chart import Drawn, Look, Tone, box, line, pictured, words
from styrhjul.reports.results import Months

_HIGH = 96
_DUE, _MAILS = Look(Tone.DARK), Look(Tone.GROUND, is_hatched=True)


def draw_months(months: Months) -> Picture:
    """Return the two rows of columns over the same months."""
    return pictured(f"Frister och mejl {months.year}", _told(months), lambda across: _drawn(months, across))


def _drawn(months: Months, across: int) -> Drawn:
    parts = _columns("Svar som ska in", months.due, (8, across), _DUE)
    parts += _columns("Mejl som har lämnat", months.mails, (8 + _HIGH + 52, across), _MAILS)
    below = 8 + 2 * _HIGH + 52 + 26
    step = (across - 12) / 12
    parts += [
        words(name[:3], (6 + step * (place + 0.5), below + 16), tone=Tone.QUIET, anchor="middle")
        for place, name in enumerate(MONTHS)
    ]
    return Drawn(parts, below + 26)


def _columns(name: str, numbers: Sequence[int], at: tuple[int, int], look: Look) -> list[str]:
    top, across = at
    step, most, floor = (across - 12) / 12, max(*numbers, 1), top + 26 + _HIGH
    parts = [words(name, (6, top + 12), weight=600)]
    for place, number in enumerate(numbers):
        left, high = 6 + step * place, (_HIGH - 16) * number / most
        if number:
            parts.append(box(look, (left + step * 0.14, floor - high), (step * 0.72, high)))
            parts.append(words(str(number), (left + step / 2, floor - high - 5), anchor="middle"))
    parts.append(line(f"M6 {floor}H{across - 6}", thick=1.2))
    return parts


def _told(months: Months) -> str:
    due, mails = (_listed(numbers) for numbers in (months.due, months.mails))
    return f"Stapeldiagram månad för månad {months.year}. Svar som ska in: {due}. Mejl som har lämnat: {mails}."


def _listed(numbers: Sequence[int]) -> str:
    there = [f"{MONTHS[place]} {number}" for place, number in enumerate(numbers) if number]
    return ", ".join(there) or "inga"
