"""What stands in the register in Swedish, retold in a reader's language: rules of a day, periods, reasons, offices.

A case keeps the sentence that says why it is due when it is, as it was when it opened. So it is known again by its
wording, here, and not made anew. What nobody knows again was written by a person: it is quoted as it stands.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

from styrhjul.mail.catalogue import PLACEHOLDER, SOURCE, catalogue, message, say
from styrhjul.mail.item import Item
from styrhjul.mail.language import LANGUAGES
from styrhjul.mail.swedish import OFFICES, definite

#: Why a case is due on its day, as the lifecycles and the core say it.
RULES = (
    message(
        "Kommunens standard: målen beslutas senast den 30 november, då budgeten ska vara fastställd "
        "(KL 11 kap. 6 och 10 §§)."
    ),
    message("Kommunens standard: mandatperiodens mål beslutas senast den 31 mars under dess första hela år."),
    message("Kommunens standard det år nya nämnder tillträder: målen beslutas senast den 31 mars."),
    message("Kommunens standard: frågan om handlingsplan ställs en gång om året och besvaras senast den 30 november."),
    message(
        "Kommunens standard: uppföljningen lämnas senast sista arbetsdagen i februari, så att den hinner med i "
        "årsredovisningen (KL 11 kap. 20 §)."
    ),
    message(
        "Kommunens standard: uppföljningen lämnas senast månaden efter periodens slut, efter sommaren om den månaden "
        "är ledig, så att den hinner med i delårsrapporten (KL 11 kap. 16 §)."
    ),
    message(
        "Kommunens standard: projekten följs upp senast sista arbetsdagen i februari, i tid till årsredovisningen."
    ),
    message(
        "Kommunens standard: projekten följs upp senast månaden efter periodens slut, efter sommaren om den månaden "
        "är ledig, så att uppföljningen hinner med i delårsrapporten (KL 11 kap. 16 §)."
    ),
    message(
        "Kommunens standard: avsnittet är klart senast den 25 mars, så att årsredovisningen kan lämnas över senast "
        "den 15 april (KL 11 kap. 20 §)."
    ),
    message(
        "Kommunens standard: beslutet fattas senast den 31 december under mandatperiodens första hela år. Ingen lag "
        "anger någon dag."
    ),
    message("Texten säger varje år. Kommunens standard: beslutet fattas senast den 15 december."),
    message("Kommunens standard: dokumentet aktualitetsprövas senast den 15 november varje år."),
    message("Kommunens standard: uppdragen är kontrollerade inom 20 arbetsdagar från mandatperiodens början."),
    message("Intervallet anges i dokumentets text och räknas från det senaste beslutet."),
    message("Dagen anges i dokumentets text."),
    message("Dokumentet gäller till den dag som anges i det."),
    message("Svarsdag i remissen av {day}."),
    message(
        "Dagen i dokumentet, {day}, hade passerat när uppföljningen här började. Kommunens standard: beslutet fattas "
        "inom {months} månader."
    ),
    message(
        "Dagen i dokumentet, {day}, låg för nära när uppföljningen här började. Kommunens standard: beslutet fattas "
        "inom {months} månader."
    ),
    message("Dokumentets text: ”{quote}”."),
    message("Enligt kommunens rättelse: ”{quote}”."),
    message("Enligt kommunens rättelse av {who} {day}: ”{quote}”."),
    message("Dagen är kommunens standard: {reason}."),
    message("Inget sammanträde hinns med före {day}, därför gäller nämndens nästa."),
    message("Dagen är {day}, eftersom {other_day} är {what}."),
    message("Mer tid enligt beslut av {who} {day}: {why}"),
)
#: What stands inside those sentences: why a report's day is what it is, and what a day that is not ordinary is.
PARTS = (
    message("underlaget hinner då med i delårsrapporten (KL 11 kap. 16 §)"),
    message("underlaget hinner då med i årsredovisningen (KL 11 kap. 18 och 20 §§)"),
    message("planen beslutas i samma tid som budgeten"),
    message("styrelsens förslag till budget är då klart (KL 11 kap. 8 §)"),
    message("fullmäktige har då fastställt budgeten (KL 11 kap. 6 och 10 §§)"),
    message("redovisningen behöver tid efter den dag som den gäller"),
    message("i {month}, då kommunen har uppehåll"),
    message("klämdag"),
    message("ledig dag i kommunen"),
    message("lördag"),
    message("söndag"),
    message("nyårsdagen"),
    message("trettondedag jul"),
    message("långfredagen"),
    message("påskafton"),
    message("påskdagen"),
    message("annandag påsk"),
    message("första maj"),
    message("Kristi himmelsfärdsdag"),
    message("pingstafton"),
    message("pingstdagen"),
    message("nationaldagen"),
    message("midsommarafton"),
    message("midsommardagen"),
    message("alla helgons dag"),
    message("julafton"),
    message("juldagen"),
    message("annandag jul"),
    message("nyårsafton"),
    message("{what} och {other}"),
    message("januari"),
    message("februari"),
    message("mars"),
    message("april"),
    message("maj"),
    message("juni"),
    message("juli"),
    message("augusti"),
    message("september"),
    message("oktober"),
    message("november"),
    message("december"),
)
#: What a case concerns, where it is no year.
PERIODS = (
    message("första halvåret {year}"),
    message("andra halvåret {year}"),
    message("första tertialet {year}"),
    message("andra tertialet {year}"),
    message("tredje tertialet {year}"),
    message("första kvartalet {year}"),
    message("andra kvartalet {year}"),
    message("tredje kvartalet {year}"),
    message("fjärde kvartalet {year}"),
    message("januari {year}"),
    message("februari {year}"),
    message("mars {year}"),
    message("april {year}"),
    message("maj {year}"),
    message("juni {year}"),
    message("juli {year}"),
    message("augusti {year}"),
    message("september {year}"),
    message("oktober {year}"),
    message("november {year}"),
    message("december {year}"),
    message("mandatperioden {years}"),
    message("mandatperioden från {day}"),
)
#: Why a warning did not reach somebody, and why a matter was given over, where the program says so itself.
REASONS = (
    message("Ingen med en fungerande adress har uppdraget."),
    message("Mejlet gick inte fram."),
    message("Ingen är registrerad som kan svara för {body}."),
    message("Organet har upphört. Bestäm vem som tar över ärendet, eller avsluta det."),
)
_SENTENCES = (*RULES, *REASONS)
#: What stands in a place, where it is not free text: so that no text takes long to read.
_PLACES = {
    **dict.fromkeys(("day", "other_day"), r"\d{4}-\d\d-\d\d"),
    "year": r"\d{4}",
    "years": r"\d{4}–\d{4}",
    **dict.fromkeys(("months", "count", "length"), r"\d+"),
    "month": r"[a-zåäö]+",
}
_TITLES = frozenset(form for office in OFFICES for form in (office, definite(office)))


@lru_cache(maxsize=4096)
def retold(text: str, language: str) -> str:
    """Return sentences of the register in a language; from the first that is not known on, they are quoted."""
    told, rest = [], text.strip()
    while rest:
        tried = (pattern.match(rest) for pattern in _patterns(_SENTENCES))
        found = max(filter(None, tried), key=_how_much, default=None)
        if found is None:
            told.append(f"“{rest.rstrip('.')}”.")
            break
        told.append(_said(found, _SENTENCES, language))
        rest = rest[found.end() :].strip()
    return " ".join(told)


def period(words: str, language: str) -> str:
    """Return a period in a language; a year or a day is the same in all."""
    return known(words, PERIODS, language)


def titled(name: str, language: str) -> str:
    """Return an office in a language, in the form it has; a name that is not an office's stays as it is."""
    if name.lower() not in _TITLES:
        return name
    grammar = LANGUAGES[language]
    return grammar.office(name) if name.lower() in OFFICES else grammar.definite(name)


def in_language(values: dict[str, Any], language: str) -> dict[str, Any]:
    """Return a mail's values with what they hold of the register in a language; the Swedish ones as they are."""
    if language == SOURCE:
        return values
    told = dict(values)
    for name in {"items", "still_open"} & told.keys():
        told[name] = tuple(_item(each, language) for each in told[name])
    if "mails" in told:
        told["mails"] = tuple(
            replace(mail, items=tuple(_item(each, language) for each in mail.items)) for mail in told["mails"]
        )
    if "item" in told:
        told["item"] = _item(told["item"], language)
    return told


def _item(item: Item, language: str) -> Item:
    return replace(
        item,
        body_name=titled(item.body_name, language),
        period=period(item.period, language),
        due_source=retold(item.due_source, language),
        document_owner=item.document_owner and titled(item.document_owner, language),
        last_stop=item.last_stop and LANGUAGES[language].inside(item.last_stop),
        handed_over_by=item.handed_over_by and titled(item.handed_over_by, language),
        handed_over_because=retold(item.handed_over_because, language),
        unreached=tuple(replace(each, reason=retold(each.reason, language)) for each in item.unreached),
        alike=tuple(_item(each, language) for each in item.alike),
        owed=tuple(replace(each, period=period(each.period, language)) for each in item.owed),
    )


def known(text: str, messages: tuple[str, ...], language: str) -> str:
    """Return in a language a text that one of the messages says all of; any other as it is."""
    tried = (pattern.fullmatch(text) for pattern in _patterns(messages))
    found = max(filter(None, tried), key=_how_much, default=None)
    return _said(found, messages, language) if found else text


def _said(found: re.Match[str], messages: tuple[str, ...], language: str) -> str:
    name = _patterns(messages)[found.re]
    values = {place: _filling(place, value, language) for place, value in found.groupdict().items()}
    return PLACEHOLDER.sub(lambda place: values[place[1]], catalogue(language).get(name, name))


def _filling(place: str, value: str, language: str) -> str:
    """What fills a place: our own words are retold, a person's and a document's are not."""
    match place:
        case "what" | "other" | "reason" | "month":
            return known(value, PARTS, language)
        case "who":
            return titled(value, language)
        case "body" | "adopter":
            return LANGUAGES[language].inside(value)
        case "whom":
            return catalogue(language).get(value, value)
        case "offices":
            return _either([catalogue(language).get(each, each) for each in value.split(" eller ")], language)
        case _:
            return value


def _either(words: list[str], language: str) -> str:
    *others, last = words
    first = ", ".join(others)
    return say(language, message("{first} eller {last}"), first=first, last=last) if first else last


def _how_much(found: re.Match[str]) -> tuple[int, int]:
    """The longest match says most; of two as long, the one with more words of its own."""
    return len(found[0]), -sum(map(len, found.groups()))


@cache
def _patterns(messages: tuple[str, ...]) -> dict[re.Pattern[str], str]:
    return {_pattern(words): words for words in messages}


def _pattern(words: str) -> re.Pattern[str]:
    """A place takes as little as it can, and the rest where it stands last; "kap." ends no sentence."""
    pieces = PLACEHOLDER.split(words)
    parts = [
        f"(?P<{piece}>{_PLACES.get(piece, '.+?')})" if number % 2 else re.escape(piece)
        for number, piece in enumerate(pieces)
    ]
    return re.compile("".join(parts) + (r"(?<!kap\.)(?=\s|$)" if pieces[-1] else "$"), re.DOTALL)
