"""How often and by when, in the words of a text: recurrence as in the vocabulary, deadlines as they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass

from styrhjul.documents.language.dates import MONTH

_NUMBERS = dict(zip("en två tre fyra fem sex sju åtta nio tio elva tolv".split(), range(1, 13), strict=True)) | {
    "ett": 1,
    "tjugo": 20,
    "trettio": 30,
    "fyrtio": 40,
    "sextio": 60,
    "nittio": 90,
}
_ORDINALS = dict(
    zip("andra tredje fjärde femte sjätte sjunde åttonde nionde tionde".split(), range(2, 11), strict=True)
)
#: A number of years, days or times, in digits or in words; `to_number` reads it.
NUMBER = rf"(?:\d{{1,2}}|{'|'.join(_NUMBERS)})"
_YEAR = r"(?:om året|per år|per året|varje år|årligen|om år|per kalenderår|per läsår|under året)"
_YEARLY = (
    r"(?:årsredovisning|årsbokslut|bokslut|verksamhetsberättelse|årsberättelse|delårsrapport|"
    r"delårsbokslut|årsrapport|verksamhetsplan|nämndsplan|budget|internbudget|hållbarhetsredovisning|"
    r"personalbokslut|kvalitetsrapport|uppföljningsrapport|årsplan|verksamhetsuppföljning)(?:en|et|er|erna|n|r|rna|ar|arna|arbetet|processen)?"
)
_REPORTS = rf"(?:kommunens |nämndens |nämndernas |sin |sina |respektive |[\w-]{{1,40}}s )?(?:delårs- och )?{_YEARLY}"


@dataclass(frozen=True, slots=True)
class Frequency:
    """A stretch of text that says how often. `implied` means that a yearly report or plan says it, not the words."""

    recurrence: str
    words: str
    implied: bool = False


def to_number(word: str) -> int:
    """Return the number a digit or a Swedish word stands for."""
    return int(word) if word.isdecimal() else _NUMBERS[word.lower()]


_TERM = r"(?:mandatperiod(?:en|s)?|valperiod(?:en)?|mandattid)"
_NEW = r"(?:ny\s|nya\s|nytillträdd\s|kommande\s)?"
_EVERY = r"(?:varje|var|ny|nya|per|respektive|(?:en|1)\sgång\s?(?:per|under|varje|i|/))"
_WHEN = r"(?:vid|inför|efter|under|inom|för|per|i\ssamband\smed|i\sbörjan\sav|i\sslutet\sav)"
_ORDINAL = "|".join(_ORDINALS)


def _period_ends(*days: str) -> str:
    """Return the pattern of a list of the last days of parts of a year: "den 30 april, 31 augusti och 31 december"."""
    *first, last = (rf"(?:den\s)?(?:{day})" for day in days)
    listed = r",?\s".join(first)
    return rf"(?:(?:per|efter)\s)?{listed},?\s(?:och|samt)\s(?:per\s|efter\s)?{last}"


_QUARTERS = _period_ends(
    r"31\smars|31/3|mars", r"30\sjuni|30/6|juni", r"30\sseptember|30/9|september", r"31\sdecember|31/12|december"
)
_TERTIALS = _period_ends(r"30\sapril|30/4|april", r"31\saugusti|31/8|augusti", r"31\sdecember|31/12|december")
_HALVES = _period_ends(r"30\sjuni|30/6", r"31\sdecember|31/12")
# In order of weight: where a part of a sentence says two things, the first that matches is its rhythm.
_RHYTHMS = {
    "mandate_period": (
        rf"(?:{_WHEN}\s)?{_EVERY}\s?{_NEW}{_TERM}"
        rf"|{_WHEN}\s(?:(?:varje|en|den)\s)?(?:ny|nya)\s{_TERM}"
        r"|efter (?:varje |ett )(?:nytt )?(?:allmänt |ordinarie )?val|"
        r"(?:under )?(?:varje )?mandatperiod(?:en)?s (?:första|andra|tredje|fjärde|sista) (?:år|halvår)"
        r"|i början av (?:varje )?mandatperioden?"
        r"|varje mandatperiods (?:början|slut)|mandatperiodsvis"
    ),
    "every_n_years": (
        rf"(?:minst |högst )?(?:en gång )?"
        rf"(?:vart\s?annat|(?:vart|var) (?:(?P<ordinal>{_ORDINAL})|(?P<nth>{NUMBER}):?e)) år"
        rf"|(?:minst )?en gång (?:vart|per|på) (?P<years>{NUMBER}) år|varje (?P<period>två|tre|fyra|fem|sex)årsperiod"
    ),
    "monthly": r"månadsvis|varje månad|en gång (?:i månaden|per månad)",
    "quarterly": rf"kvartalsvis|varje kvartal|per kvartal|var tredje månad|en gång i kvartalet|{_QUARTERS}",
    "tertial": r"tertialvis|(?:vid )?varje tertial|per tertial|"
    rf"(?:i |vid )?(?:varje )?tertial(?:rapport|bokslut)(?:en|er|erna|et)?|{_TERTIALS}",
    "semiannual": rf"halvårsvis|varje halvår|var sjätte månad|per halvår|halvårligen|en gång i halvåret|{_HALVES}",
    "times_a_year": rf"(?:vid )?(?P<times>{NUMBER}) (?:gånger|gång|ggr|tillfällen|tillfälle)(?: {_YEAR}|\s?/\s?år)",
    "annual": (
        r"årligen|årligt?|årliga|årsvis|om året"
        rf"|varje (?:års )?(?:{MONTH}|läsår|säsong|budget(?:process|arbete)?|(?:års)?bokslut|årsskifte|"
        r"utgång|slut|början)"
        r"|varje (?:nytt )?(?:kalenderår|läsår|verksamhetsår|budgetår)(?:s(?:start|slut)?)?"
        r"|varje (?:vår|höst|vinter|sommar)|(?:varje|respektive|per) (?:år|kalenderår|"
        r"verksamhetsår|budgetår|läsår|räkenskapsår|affärsår)"
    ),
    "once": (
        r"(?:en )?slutrapport(?:en)?|slutredovis\w{0,8}|när (?:planen|programmet|policyn|strategin|den|det) löper ut"
        r"|en gång under planperioden|(?:det )?sista giltighetsåret|(?:program|plan)periodens slut"
        r"|första gången (?:år )?(?:19|20)\d\d"
    ),
    "as_needed": (
        r"vid behov|löpande|kontinuerligt|regelbunde[tn]|regelbundna|fortlöpande|återkommande|när det behövs"
        r"|vid förändringar"
    ),
}
_RULES = tuple((name, re.compile(rf"\b(?:{words})(?!\w)", re.IGNORECASE)) for name, words in _RHYTHMS.items())
_TIMES = {1: "annual", 2: "semiannual", 3: "tertial", 4: "quarterly", 12: "monthly"}
_IMPLIED = re.compile(
    rf"\b(?:i|inom ramen för|i samband med(?: att)?|genom|med|till|vid|som (?:en )?del av)\s"
    rf"(?:den |det |en |ett )?(?:årliga )?{_REPORTS}(?!\w)",
    re.IGNORECASE,
)
_DAY = (
    rf"(?:den\s)?(?:\d{{1,2}}(?::?[ae])?\s{MONTH}|\d{{1,2}}/\d{{1,2}}(?:[-–](?:19|20)?\d\d(?![\d/]))?|"
    rf"(?:19|20)\d\d-\d\d-\d\d|sista\s(?:\w{{1,12}}\s(?:i\s)?)?{MONTH}|(?:den\s)?(?:första|sista)\s{MONTH})"
)
_IN_YEAR = (
    r"(?:\s(?:(?:19|20)\d\d|(?:varje|respektive|samma|nästkommande|följande|påföljande|nästa|året)\s(?:år|"
    r"kalenderår|efter|därpå)))?"
)
#: A word of the deadline, not the verb or the joint that comes after it.
_WORD = (
    r"(?:\s(?!(?:\w+era|följa|ta|se|sammanställa|göra|genomföra|ange|anta|upprätta|utarbeta|fastställa|besluta|"
    r"ska|skall|bör|kan|får|måste|och|samt|till|har|av|lämnar?|redovisas?)\b)"
    r"[\w-]{1,40})"
)
_DEADLINES = re.compile(
    rf"\b(?:senast\s(?:vid\s|före\s|under\s|inom\s|i\s|till\s)?(?:(?:utgången|slutet|början|"
    rf"mitten)\sav\s)?(?:{_DAY}|{MONTH}(?:\smånad)?(?:s\s(?:utgång|slut))?){_IN_YEAR}"
    rf"|(?:före|innan|vid)\s(?:utgången|slutet)\sav\s(?:år\s)?(?:19|20)\d\d"
    rf"|(?:före|innan)\s(?:(?:utgången|slutet)\sav\s)?(?:{_DAY}|{MONTH}(?:\smånad)?(?:s\s(?:utgång|slut))?){_IN_YEAR}"
    rf"|senast\s{NUMBER}\s(?:arbets|vardag)?(?:dagar|veckor|månader|månad|vecka|år)\s(?:före|efter|innan|"
    rf"från){_WORD}{{1,5}}"
    rf"|inom\s(?:senast\s)?{NUMBER}\s(?:arbetsdagar|vardagar|dagar|dygn|timmar|veckor|vecka|månader|månad|"
    rf"år)(?:\s(?:från|efter){_WORD}{{1,4}})?"
    rf"|per\sden\s\d{{1,2}}\s{MONTH}{_IN_YEAR}"
    rf"|i\ssamband\smed\satt(?:\s[\w-]{{1,40}}){{1,3}}?\s[\w-]{{2,40}}(?:as|ts|ds|ls|rs|ns|ar|er)(?!\w)"
    rf"|i\ssamband\smed\s(?:[\w]{{1,40}}-\soch\s)?"
    rf"(?:(?:den|det|varje|nästa|ordinarie|årliga?|[\w-]{{1,40}}s)\s){{0,2}}[\w-]{{3,40}}"
    rf"(?:\soch\s{_YEARLY}|\sper\sden\s\d{{1,2}}\s{MONTH})?"
    rf"|(?:innan|när)\s(?:den|det|de|[\w-]{{0,20}}(?:planen|programmet|policyn|strategin|riktlinjerna|perioden|tiden))\slöper\sut"
    rf"|innan\s(?:[\w-]{{1,40}}\s){{1,4}}?[\w-]{{2,40}}(?:as|s)(?!\w)"
    rf"|inför\s(?:(?:det|den|de|varje|nästa|större|varje|kommande|kommunens|nämndens|årets)\s){{0,2}}[\w-]{{2,40}}"
    rf"|(?:i|under)\s(?:(?:början|slutet|mitten)\sav\s)?{MONTH}(?:\smånad)?{_IN_YEAR}"
    rf"|(?:senast\s)?(?:under|senast|före|innan|år|under\sår|senast\sår)\s(?:19|20)\d\d"
    rf"|vid\svarje\sårsskifte|samtidigt\smed\s{_YEARLY}|under\s(?:hösten|våren)"
    rf"|(?:efter|inför|under)\svarje\s(?:läsår|verksamhetsår|budgetår|säsong)|varje\s(?:höst|vår|vinter|sommar)"
    rf"|(?:under\s)?(?:hösten|våren|sommaren|vintern)\s(?:19|20)\d\d"
    rf"|under\s(?:första|andra|tredje|fjärde)\skvartalet"
    rf"|vid\sårets\s(?:slut|utgång)|vid\sårsskiftet|till\s(?:\w{{1,40}}\s)?sammanträde(?:t)?\si\s{MONTH}"
    rf"|första\sgången\s(?:år\s)?(?:19|20)\d\d|under\sdet\ssista\sgiltighetsåret"
    rf"|(?<=\bi\s)årsredovisningen)(?!\w)",
    re.IGNORECASE,
)
#: A rhythm that no year is divided by stands as the deadline too: it is the only time the text gives.
_WORDS_AS_DEADLINE = frozenset({"tertial", "quarterly", "monthly", "as_needed"})
PARTS_OF_A_YEAR = frozenset({"semiannual", "tertial", "quarterly", "monthly"})
_A_YEAR_IS_NAMED = re.compile(r"(?:19|20)\d\d|/\d{1,2}[-–]\d\d(?!\d)")


def find_frequency(text: str) -> Frequency | None:
    """Return the rhythm a stretch of text names, or that a yearly report in it implies."""
    for name, pattern in _RULES:
        if match := pattern.search(text):
            return Frequency(_meaning(name, match), match[0])
    if match := _IMPLIED.search(text):
        return Frequency("annual", match[0], implied=True)
    return None


def recurrence_said(words: str) -> str | None:
    """Return the stored form of what a person writes for how often, "varje år"; None where it says nothing known."""
    found = find_frequency(words)
    return found.recurrence if found is not None else "once" if words.strip().lower() == "en gång" else None


def _meaning(name: str, match: re.Match[str]) -> str:
    if name == "times_a_year":
        return _TIMES.get(to_number(match["times"]), "as_needed")
    if name != "every_n_years":
        return name
    if match["ordinal"]:
        years = _ORDINALS[match["ordinal"].lower()]
    else:
        years = to_number(match["nth"] or match["years"] or match["period"] or "2")
    return f"every_n_years:{years}" if years > 1 else "annual"


def find_deadline(text: str) -> str | None:
    """Return the words that say by when, with the rhythm that belongs to them."""
    for match in _DEADLINES.finditer(text):
        words = match[0]
        if "mandatperiod" not in words.lower() and "valperiod" not in words.lower():
            return words
    return None


def deadline_or_rhythm(deadline: str | None, frequency: Frequency | None) -> str | None:
    """Return the deadline; without one, the words of a rhythm that the calendar year does not give a day.

    Of the days of a rhythm, "per den 30 april, 31 augusti och 31 december", the first alone is no deadline.
    """
    if deadline is not None and frequency is not None and frequency.recurrence in PARTS_OF_A_YEAR:
        return frequency.words if deadline.lower() in frequency.words.lower() else deadline
    if deadline is None and frequency is not None and frequency.recurrence in _WORDS_AS_DEADLINE:
        return frequency.words.lower()
    return deadline


def recurrence_of(frequency: Frequency | None, deadline: str | None) -> str | None:
    """Return the recurrence; a day or a month without a rhythm means every year, or once if a year is named."""
    if frequency is not None and not (frequency.implied and deadline and _A_YEAR_IS_NAMED.search(deadline)):
        return frequency.recurrence
    if deadline is None or not re.search(rf"{MONTH}|\d/\d|\d-\d|(?:19|20)\d\d", deadline, re.IGNORECASE):
        return None
    return "once" if _A_YEAR_IS_NAMED.search(deadline) else "annual"
