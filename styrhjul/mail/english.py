"""English as the templates need it, by the names that `swedish.py` has for the same things.

Names of bodies and documents are proper names and stay Swedish; what an office is called stands in the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from styrhjul.mail import swedish
from styrhjul.mail.catalogue import catalogue
from styrhjul.mail.swedish import NEAR_DAYS, days_by, indefinite

IN_ITSELF = "In English"
MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905 - twelve words
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905 - thirteen words
)

#: What a document is called in English, by the end of the Swedish word for itself: one thing, so that "is" follows.
_DOCUMENTS = (
    ("policy", "the policy"),
    ("plan", "the plan"),
    ("strategi", "the strategy"),
    ("program", "the programme"),
    ("riktlinjer", "the guidance"),
    ("riktlinje", "the guidance"),
)
#: How the mailbox of an office ends: "kommunstyrelsens funktionsbrevlåda".
_MAILBOX = "s funktionsbrevlåda"

start = swedish.start
short_title = swedish.short_title


def day(on: date, today: date) -> str:
    """Return "31 March", with the year where it is another than today's or the day is far away."""
    is_near = on.year == today.year and abs((on - today).days) <= NEAR_DAYS
    return f"{on.day} {MONTHS[on.month - 1]}" + ("" if is_near else f" {on.year}")


def weekday(on: date, today: date) -> str:
    """Return "Wednesday 31 March"; the year as in `day`."""
    return f"{WEEKDAYS[on.weekday()]} {day(on, today)}"


def days(on: Iterable[date], today: date) -> str:
    """Return "8 and 17 March": each day once, ascending, month and year named once where neighbours share them."""
    return days_by(day, listed, on, today)


def listed(words: Iterable[str]) -> str:
    """Return "a, b and c"."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def number(count: int) -> str:
    """Return a count in words up to twelve."""
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def goals(fewest: int | None, most: int | None) -> str:
    """Return how many goals are asked for: "one or two goals", or "goals" where the text does not say."""
    match fewest, most:
        case None, None:
            return "goals"
        case None, int(most):
            return f"at most {_goals(most)}"
        case int(fewest), None:
            return f"at least {_goals(fewest)}"
        case int(fewest), int(most) if fewest == most:
            return _goals(fewest)
        case _:
            between = "or" if most == (fewest or 0) + 1 else "to"
            return f"{number(fewest or 0)} {between} {_goals(most or 0)}"


def _goals(count: int) -> str:
    return "one goal" if count == 1 else f"{number(count)} goals"


def inside(body_name: str) -> str:
    """Return a body's name inside a sentence: a proper name, and an office with its article."""
    return body_name if body_name.startswith("the ") else start(body_name)


def office(name: str) -> str:
    """Return "chair (ordförande) of Socialnämnden" for "Ordförande, socialnämnden"."""
    title, _, body = name.partition(", ")
    words, in_swedish = _title(title), indefinite(title)
    if in_swedish.endswith(_MAILBOX):
        return definite(title)
    return _of_body(words if words == in_swedish else f"{words} ({in_swedish})", body)


def the_office(name: str) -> str:
    """Return "the chair of Socialnämnden" for "Ordförande, socialnämnden"."""
    title, _, body = name.partition(", ")
    return _of_body(definite(title), body)


def definite(title: str) -> str:
    """Return an official's title with its article: "the head of administration" for "förvaltningschef"."""
    return title if title.startswith("the ") else f"the {_title(title)}"


def document(title: str) -> str:
    """Return what to call a document inside a sentence, by its title: "the policy", else "the document"."""
    for word in title.lower().replace(",", " ").replace(":", " ").split():
        for ending, name in _DOCUMENTS:
            if word.endswith(ending):
                return name
    return "the document"


def unchanged(title: str) -> str:  # noqa: ARG001 - nothing agrees with it in English
    """Return "unchanged", whatever the document is called."""
    return "unchanged"


def current(title: str) -> str:  # noqa: ARG001 - nothing agrees with it in English
    """Return "up to date", whatever the document is called."""
    return "up to date"


def _title(title: str) -> str:
    """A title that has no English stays as it is."""
    name, words = indefinite(title), catalogue("en")
    if name.endswith(_MAILBOX):
        return _of_body(words[_MAILBOX.removeprefix("s ")], name.removesuffix(_MAILBOX))
    return words.get(name.lower(), name)


def _of_body(words: str, body: str) -> str:
    return f"{words} of {inside(body)}" if body else words
