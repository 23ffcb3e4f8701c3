"""Deadlines as Swedish documents write them: the day they name in a year, and whether they count from an event.

A text that names a report instead of a day gets the municipality's standard day, and the source says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TypeAlias

from styrhjul.domain.date_rule import DateRule, FirstWorkingDayFrom, LastWorkingDayOf, On, day_of
from styrhjul.domain.months import MONTHS

_YEAR_END = LastWorkingDayOf(12)
#: When what a report needs is handed in, and why. The annual report leaves March to compile.
_REPORTS: tuple[tuple[str, DateRule, str], ...] = (
    (
        r"delårs(?:rapport|bokslut)",
        LastWorkingDayOf(9),
        "underlaget hinner då med i delårsrapporten (KL 11 kap. 16 §)",
    ),
    (
        r"årsredovisning|(?:års)?bokslut|verksamhetsberättelse",
        LastWorkingDayOf(2),
        "underlaget hinner då med i årsredovisningen (KL 11 kap. 18 och 20 §§)",
    ),
    (r"verksamhetsplan|nämndsplan|internbudget", On(11, 30), "planen beslutas i samma tid som budgeten"),
    (
        r"(?<=inför )(?:kommunens |nästa |kommande |årets )?budget",
        LastWorkingDayOf(10),
        "styrelsens förslag till budget är då klart (KL 11 kap. 8 §)",
    ),
    (r"budget", On(11, 30), "fullmäktige har då fastställt budgeten (KL 11 kap. 6 och 10 §§)"),
)
#: Where the month after a cut-off does not do: in July nobody meets, and after December comes the annual report.
_AFTER_CUT_OFF: dict[int, DateRule] = {6: On(8, 15), 12: LastWorkingDayOf(2)}
_CUT_OFF_REASON = "redovisningen behöver tid efter den dag som den gäller"

_MONTH = rf"(?P<month>{'|'.join(MONTHS)}|jan|feb|mar|apr|jun|jul|aug|sept?|okt|nov|dec)s?(?!\w)\.?"
_WHOLE_MONTH = rf"(?P<month>{'|'.join(MONTHS)})s?(?!\w)"
_YEAR = r"(?:,?\s(?:år\s)?(?P<year>(?:19|20)\d\d))?(?!\d)"
_BEFORE = r"(?P<before>\b(?:före|innan)\s)?(?:\bden\s)?"
_DAY = r"(?<![\d/:-])(?P<day>\d{1,2})"
_DAY_OF_MONTH = rf"{_DAY}(?::?[ae])?\s{_MONTH}{_YEAR}"
_ENDS = r"utgång|slut|sista"
_ORDINALS = {"första": 1, "andra": 2, "tredje": 3, "fjärde": 4}
_NUMBERS = (
    *("en", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv"),
    *("fjorton", "femton", "tjugo", "trettio"),
)
#: Each word that time is counted in, without its ending.
_UNITS = ("arbetsdag", "vardag", "dag", "veck", "månad", "år")
_OFFSET = re.compile(
    rf"\b(?:inom|senast|efter)\s(?:senast\s)?(?:\d{{1,3}}|{'|'.join(_NUMBERS)})\s"
    rf"(?:{'|'.join(_UNITS)})(?:ar|or|er|a)?(?!\w)"
)
_NAMED_TIME = re.compile(rf"\b(?:{'|'.join(MONTHS)})|(?<!\d)\d{{1,2}}/\d{{1,2}}(?!\d)|(?:19|20)\d\d-\d\d-\d\d")
_WHOLE_YEAR = re.compile(r"(?P<before>\b(?:före|innan)\s)?(?:år\s)?(?<!\d)(?P<year>(?:19|20)\d\d)(?![\d/-])")
_NO_DAY = re.compile(r"mandatperiod|valperiod|\b(?:början|mitten)\sav\b|\b\d{1,3}\s(?:timmar|dygn)\b")

_Day: TypeAlias = DateRule | date


@dataclass(frozen=True, slots=True)
class _Reading:
    day: _Day
    reason: str = ""  #: why this day, where the text itself names none


def deadline_rule(words: str) -> DateRule | date | None:
    """Return the day that a deadline names: a rule for every year, or one day where the words hold a year.

    A single day has already been moved to the working day before, as `day_of` moves a rule's. None when the words
    name no day, or more than one: somebody then has to be asked.
    """
    reading = _read(_normal(words))
    return reading.day if reading else None


def deadline_source(words: str) -> str:
    """Return where the day comes from, in Swedish: the document's words, and the standard if they name only a report.

    To be shown with a day that `deadline_rule` found.
    """
    quote = f"Dokumentets text: ”{_quoted(words)}”."
    reading = _read(_normal(words))
    return f"{quote} Dagen är kommunens standard: {reading.reason}." if reading and reading.reason else quote


def corrected_source(words: str, by: str | None, on: date | None) -> str:
    """Return where a day comes from that somebody wrote and the document does not state, in Swedish."""
    who = f" av {by} {on.isoformat()}" if by and on else ""
    return f"Enligt kommunens rättelse{who}: ”{_quoted(words)}”."


@lru_cache(maxsize=4096)
def stands_in(words: str, text: str) -> bool:
    """Tell whether a text holds these very words, however its lines are broken."""
    return _words_of(words) in _words_of(text)


def names_the_day(words: str) -> bool:
    """Tell whether the words name the day themselves, and not only a report that it goes with."""
    reading = _read(_normal(words))
    return reading is not None and not reading.reason


def names_no_one_day(words: str) -> bool:
    """Tell whether the words hold a day that no year has, such as 30 February, or more days than one."""
    return _NAMED_TIME.search(_normal(words)) is not None and deadline_rule(words) is None


def counts_from_event(words: str) -> bool:
    """Tell whether a text allows a time (”inom två månader från beslutet”): only a person knows from which day."""
    return _OFFSET.search(_normal(words)) is not None


def _quoted(words: str) -> str:
    return " ".join(words.split()).rstrip(".,;")


def _words_of(text: str) -> str:
    """Whole words: ”1 mars” does not stand in ”31 mars”."""
    whole = re.sub(r"\u00ad\s*|(?<=\w)-[ \t]*\n\s*(?=\w)", "", text)
    words = re.findall(r"\w+", whole.casefold())
    return f" {' '.join(words)} "


def _normal(words: str) -> str:
    return " ".join(words.lower().split())


def _read(words: str) -> _Reading | None:
    if _NO_DAY.search(words) or _OFFSET.search(words) or len(_NAMED_TIME.findall(words)) > 1:
        return None
    for pattern, reader in _READERS:
        if match := pattern.search(words):
            try:
                return reader(match)
            except ValueError:  # a day that no year has, such as 31 April
                return None
    return _named_report(words) or _named_year(words)


def _day_in_month(match: re.Match[str]) -> _Reading:
    month, day, year = _month(match["month"]), int(match["day"]), _year(match)
    rule = On(month, day)
    return _before_day(rule, year) if match["before"] else _Reading(_placed(rule, year))


def _first_of_month(match: re.Match[str]) -> _Reading:
    month, year = _month(match["month"]), _year(match)
    if match["working"]:
        return _Reading(_placed(FirstWorkingDayFrom(month, 1), year))
    rule = On(month, 1)
    return _before_day(rule, year) if match["before"] else _Reading(_placed(rule, year))


def _before_day(rule: On, year: int | None) -> _Reading:
    """Return the day strictly before: ”före den 1 maj” is 30 April at the latest."""
    if rule.day > 1:
        return _Reading(_placed(On(rule.month, rule.day - 1), year))
    return _month_before(rule.month, year)


def _month_before(month: int, year: int | None) -> _Reading:
    if month > 1:
        return _Reading(_placed(LastWorkingDayOf(month - 1), year))
    return _Reading(_placed(_YEAR_END, year - 1 if year else None))


def _cut_off(match: re.Match[str]) -> _Reading:
    month, year = _month(match["month"]), _year(match)
    On(month, int(match["day"]))  # refuses a day that no year has
    rule = _AFTER_CUT_OFF.get(month) or LastWorkingDayOf(month + 1)
    return _Reading(_placed(rule, year + 1 if year and month == 12 else year), _CUT_OFF_REASON)


def _whole_month(match: re.Match[str]) -> _Reading:
    month, year = _month(match["month"]), _year(match)
    if match["before"] and not re.search(_ENDS, match.string):
        return _month_before(month, year)
    return _Reading(_placed(LastWorkingDayOf(month), year))


def _quarter(match: re.Match[str]) -> _Reading:
    return _Reading(_placed(LastWorkingDayOf(3 * _ORDINALS[match["quarter"]]), _year(match)))


def _end_of_year(match: re.Match[str]) -> _Reading:
    return _Reading(_placed(_YEAR_END, _year(match)))


def _named_report(words: str) -> _Reading | None:
    for names, rule, reason in _REPORTS:
        if re.search(
            rf"(?<![\w-])(?:{names})(?:en|et|er|erna|ens|arbetet|processen|beslutet|beredningen|eringen|ering)?(?!\w)",
            words,
        ):
            return _Reading(rule, reason)
    return None


def _named_year(words: str) -> _Reading | None:
    match = _WHOLE_YEAR.search(words)
    if match is None:
        return None
    year_before = bool(match["before"]) and not re.search(_ENDS, words)
    return _Reading(day_of(_YEAR_END, int(match["year"]) - year_before))


def _placed(rule: DateRule, year: int | None) -> _Day:
    return rule if year is None else day_of(rule, year)


def _month(word: str) -> int:
    """Return the number of a month written as a number, a name or the beginning of a name."""
    if word.isdecimal():
        return int(word)
    return next(number for number, name in enumerate(MONTHS, start=1) if name.startswith(word[:3]))


def _year(match: re.Match[str]) -> int | None:
    if not match["year"]:
        return None
    return int(match["year"]) + (2000 if len(match["year"]) == 2 else 0)


#: In order: the most exact first. A pattern that matches decides, whatever comes after.
_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], _Reading]], ...] = (
    (re.compile(rf"{_BEFORE}(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)"), _day_in_month),
    (re.compile(rf"\bper\s(?:den\s)?{_DAY_OF_MONTH}"), _cut_off),
    (re.compile(rf"{_BEFORE}{_DAY_OF_MONTH}"), _day_in_month),
    (
        re.compile(
            rf"{_BEFORE}{_DAY}/(?P<month>\d{{1,2}})(?![\d/])(?:[\s–-]{{1,3}}(?P<year>(?:19|20)\d\d|(?<=[–-])\d\d(?![\d/])))?"
        ),
        _day_in_month,
    ),
    (
        re.compile(rf"{_BEFORE}första\s(?P<working>(?:arbets|var)dagen\s)?(?:dagen\s)?(?:i\s)?{_WHOLE_MONTH}{_YEAR}"),
        _first_of_month,
    ),
    (
        re.compile(rf"(?P<before>\b(?:före|innan)\s)?{_WHOLE_MONTH}(?:\smånads?)?(?:\s(?:utgång|slut))?{_YEAR}"),
        _whole_month,
    ),
    (re.compile(rf"(?P<quarter>{'|'.join(_ORDINALS)})\skvartalet{_YEAR}"), _quarter),
    (re.compile(r"\bårets\s(?:slut|utgång)|\bårsskiftet(?:\s(?P<year>(?:19|20)\d\d)/)?"), _end_of_year),
)
