"""Swedish as the templates need it: days, counts, names inside a sentence. Each is a filter of the same name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from styrhjul.mail.catalogue import message

#: What a page in another language calls itself in this one.
IN_ITSELF = "På svenska"
MONTHS = (
    "januari februari mars april maj juni juli augusti september oktober november december".split()  # noqa: SIM905 - twelve words
)
WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
#: About ten months: a day farther away is written with its year.
NEAR_DAYS = 300
NUMBERS = ("noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")

#: What a document calls itself: the word as it ends, the definite form, and "oförändrad" as it agrees with it.
_DOCUMENTS = (
    ("policy", "policyn", "oförändrad"),
    ("plan", "planen", "oförändrad"),
    ("strategi", "strategin", "oförändrad"),
    ("program", "programmet", "oförändrat"),
    ("reglemente", "reglementet", "oförändrat"),
    ("riktlinjer", "riktlinjerna", "oförändrade"),
    ("riktlinje", "riktlinjen", "oförändrad"),
    ("regler", "reglerna", "oförändrade"),
)
#: Offices that other languages have a word for; any other keeps its Swedish name there.
OFFICES = (
    message("ordförande"),
    message("vice ordförande"),
    message("förste vice ordförande"),
    message("andre vice ordförande"),
    message("ledamot"),
    message("sekreterare"),
    message("nämndsekreterare"),
    message("förvaltningschef"),
    message("verkställande direktör"),
    message("vd"),
    message("enhetschef"),
    message("kanslichef"),
    message("kommunchef"),
    message("kommundirektör"),
    message("stadsdirektör"),
    message("samordnare"),
    message("kanslisamordnare"),
    message("registrator"),
    message("folkhälsoutvecklare"),
    message("funktionsbrevlåda"),
)
_ANY_DOCUMENT = ("dokumentet", "oförändrat")
_BODIES = ("nämnd", "nämnden", "styrelsen", "fullmäktige", "utskottet", "rådet", "förvaltningen", "beredningen")
_SITS_IN = ("ordförande", "sekreterare", "ledamot")


def day(on: date, today: date) -> str:
    """Return "31 mars", with the year where it is another than today's or the day is far away."""
    is_near = on.year == today.year and abs((on - today).days) <= NEAR_DAYS
    return f"{on.day} {MONTHS[on.month - 1]}" + ("" if is_near else f" {on.year}")


def weekday(on: date, today: date) -> str:
    """Return "onsdag 31 mars"; the year as in `day`."""
    return f"{WEEKDAYS[on.weekday()]} {day(on, today)}"


def days(on: Iterable[date], today: date) -> str:
    """Return "8 och 17 mars": each day once, ascending, month and year named once where neighbours share them."""
    return days_by(day, listed, on, today)


def days_by(
    named: Callable[[date, date], str], together: Callable[[Iterable[str]], str], on: Iterable[date], today: date
) -> str:
    """Return the same in a language that names days and puts words together in its own way."""
    ascending = sorted(set(on))
    words = []
    for this, following in zip(ascending, [*ascending[1:], None], strict=True):
        if following is None or following.year != this.year:
            words.append(named(this, today))
        elif following.month != this.month:
            words.append(named(this, this))
        else:
            words.append(str(this.day))
    return together(words)


def listed(words: Iterable[str]) -> str:
    """Return "a, b och c"."""
    *first, last = words
    return f"{', '.join(first)} och {last}" if first else last


def number(count: int) -> str:
    """Return a count in words up to twelve, as of things with "ett"."""
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def goals(fewest: int | None, most: int | None) -> str:
    """Return how many goals are asked for: "ett eller två mål", or "mål" where the text does not say."""
    match fewest, most:
        case None, None:
            return "mål"
        case None, int(most):
            return f"högst {number(most)} mål"
        case int(fewest), None:
            return f"minst {number(fewest)} mål"
        case int(fewest), int(most) if fewest == most:
            return f"{number(fewest)} mål"
        case _:
            between = "eller" if most == (fewest or 0) + 1 else "till"
            return f"{number(fewest or 0)} {between} {number(most or 0)} mål"


def start(text: str) -> str:
    """Return the text as it begins a sentence."""
    return text[:1].upper() + text[1:]


def inside(body_name: str) -> str:
    """Return a body's name inside a sentence: committees are written small, companies as they spell themselves."""
    rest = body_name[1:]
    is_common = rest == rest.lower() and any(word.endswith(_BODIES) for word in body_name.lower().split())
    return body_name[:1].lower() + rest if is_common else body_name


def office(name: str) -> str:
    """Return "ordförande i socialnämnden" for "Ordförande, socialnämnden"."""
    title, _, body = name.partition(", ")
    return _in_body(_small(title), title, body)


def the_office(name: str) -> str:
    """Return "ordföranden i socialnämnden" for "Ordförande, socialnämnden"."""
    title, _, body = name.partition(", ")
    return _in_body(definite(title), title, body)


def definite(title: str) -> str:
    """Return the definite form of an official's title; one that has it already is left alone."""
    name = _small(title)
    if name.isupper():
        return f"{name}:n"
    owned = name.split()[0].endswith("s") and " " in name  # "kommunstyrelsens funktionsbrevlåda"
    if owned or name.endswith(("en", "n")):
        return name
    return name + ("n" if name.endswith(("a", "e", "or")) else "en")


def indefinite(title: str) -> str:
    """Return an official's title without its article where it has one and the title is well known; small either way."""
    name = _small(title)
    return _KNOWN.get(name, name)


def document(title: str) -> str:
    """Return what to call a document inside a sentence, by its title: "policyn", "programmet", else "dokumentet"."""
    return _words_for(title)[0]


def unchanged(title: str) -> str:
    """Return "oförändrad" as it agrees with `document(title)`."""
    return _words_for(title)[1]


def current(title: str) -> str:
    """Return "aktuell" as it agrees with `document(title)`."""
    return {"d": "aktuell", "t": "aktuellt", "e": "aktuella"}[unchanged(title)[-1]]


def short_title(title: str, municipality_name: str) -> str:
    """Return the title without its subtitle and without the municipality's name, for a subject line."""
    for separator in (" – ", " - ", ": "):
        title = title.partition(separator)[0]
    return title.removesuffix(f" för {municipality_name}").removesuffix(f" i {municipality_name}")


def _small(title: str) -> str:
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _in_body(words: str, title: str, body: str) -> str:
    preposition = "i" if title.lower().endswith(_SITS_IN) else "för"
    return f"{words} {preposition} {inside(body)}" if body else words


def _words_for(title: str) -> tuple[str, str]:
    for word in title.lower().replace(",", " ").replace(":", " ").split():
        for ending, definite_form, agreeing in _DOCUMENTS:
            if word.endswith(ending):
                return definite_form, agreeing
    return _ANY_DOCUMENT


_KNOWN = {definite(office): office for office in OFFICES}
