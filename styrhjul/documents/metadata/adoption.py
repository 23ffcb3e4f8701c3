"""Who adopted the document, when and in which paragraph: from fields, from a line without labels, from the prose.

A decision that the text says of another document, or of a revision, is neither.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from styrhjul.documents.language.dates import DATE, MONTH, YEAR, find_date, to_date
from styrhjul.documents.language.lexicon import ABBREVIATED_BODIES
from styrhjul.documents.metadata.labels import Field, Label
from styrhjul.documents.metadata.proof import BODY_WORD
from styrhjul.documents.metadata.prose import OWN, THIS, head_of, is_own_verb
from styrhjul.documents.sections import CELLS, Line

#: What follows is a later decision on the same document: "2011-03-28/rev 2011-05-24".
_REVISION = re.compile(
    r"[/,;(\s]{0,3}(?:och |samt |senast )?(?:rev\.?|reviderad\w*|reviderat|ändrad\w*|ändrat|uppdatera[dt])\b",
    re.IGNORECASE,
)
_PARAGRAPH = re.compile(r"(?:§{1,2}|\bparagraf)\s{0,3}(?P<number>\d{1,4}(?:/\d{2,4})?)(?!\d)")
_PARAGRAPH_BEFORE = re.compile(r"(?<![\d/.-])(?P<number>\d{1,3})\s{0,2}§")
#: "Ekeskogs kommunfullmäktige": whose it is, is no part of its name.
_WHOSE = re.compile(r"\A[A-ZÅÄÖ][\w-]{1,30}s\s(?=(?:kommun)?fullmäktige|kommunstyrelse)")
#: "Socialnämnden SN § 57": the letters of its minutes.
_ITS_LETTERS = re.compile(r"\s[A-ZÅÄÖ]{2,5}\Z")
#: A paragraph whose mark the conversion lost: "23 november 2010, 115".
_UNMARKED = re.compile(rf"(?:{DATE.pattern}),\s{{1,3}}(?P<number>\d{{1,3}})(?=[\s,.)]|$)", re.IGNORECASE)
_BODY = re.compile(r"[^\d§,(:;\[\]]{2,80}")
_VERB = (
    r"antagen|antaget|antagna|antogs|fastställd|fastställt|fastställda|fastställdes|fastställts|beslutad|beslutat|"
    r"beslutade|beslutades|beslutats|antagits|utfärdad"
)
_PROSE = re.compile(
    rf"(?:^|(?<=[.!?\n(]))\s{{0,5}}(?:(?:[\w-]{{1,40}}\s){{0,4}}?(?:är\s|har\s|blev\s)?)?(?:{_VERB})\s(?:på\sdelegation\s)?(?:av|i)\s"
    r"(?P<body>[A-ZÅÄÖa-zåäö][A-ZÅÄÖa-zåäö\s-]{1,60}?)(?:\svid\s(?:dess|sitt|ett|ordinarie)?\s?(?:sammanträde|möte))?[\s,:(]{1,3}"
    r"(?:(?:den|i|år|våren|hösten|sommaren|i\s(?:januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|"
    r"november|december))\s)?(?P<when>(?:§\s?\d{1,4},?\s)?\d[^.]{3,60}|§\s?\d{1,4}(?=[\s,.)]|\Z))",
    re.IGNORECASE,
)
#: "Kommunfullmäktige beslutade om programmet den 19 juni 2023 (§ 88)": the document itself, not one among others.
_DECIDER = r"(?:kommunfullmäktige|fullmäktige|kommunstyrelsen|[\w-]{2,40}(?:\soch\s[\w-]{2,40})?nämnden)"
_PLACE = r"(?:\si\s(?-i:[A-ZÅÄÖ])[\w-]{1,30}(?:\s(?-i:[A-ZÅÄÖ])[\w-]{1,30})?(?:\skommun|\sstad)?)?"
_WHEN = r"(?:§\s?\d{1,4},?\s(?:den\s)?)?\d[^.]{3,60}"
_DOCUMENT = rf"(?P<what>{OWN}|[\w-]{{3,40}})"
_ACTIVE = (
    re.compile(
        rf"(?P<body>{_DECIDER}){_PLACE}\s(?:har\s)?(?:antog|fastställde|beslutade?\s(?:om|att\s(?:anta|fastställa))|antagit|fastställt|"
        rf"beslutat\s(?:om|att\s(?:anta|fastställa)))\s{_DOCUMENT}(?:\s[^.\n\d]{{1,80}}?)?\s(?:den\s)?(?P<when>{_WHEN})",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?P<body>{_DECIDER}){_PLACE}\s(?:har\s)?(?:beslutade\s|beslutat\s|beslöt\s|genom\sbeslut\s)?(?:den\s)?(?P<when>{_WHEN}?)[\s,)]{{1,3}}"
        rf"(?:att\s)?(?:anta|antog|antagit|fastställa|fastställde|fastställt)\s{_DOCUMENT}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\bden\s(?P<when>{_WHEN}?)[\s,)]{{1,3}}(?:antog|fastställde|beslutade)\s(?P<body>{_DECIDER}){_PLACE}\s(?:om\s|att\santa\s)?{_DOCUMENT}",
        re.IGNORECASE,
    ),
)
#: "Detta reglemente, som antagits av kommunfullmäktige den 14 juni 1999, § 88, träder i kraft": this document's own.
_THIS = re.compile(
    rf"\b{THIS},?\s(?:som\s)?(?:är\s|har\s|blev\s)?(?:{_VERB})\s(?:av|i)\s(?P<body>[\w\s-]{{2,60}}?)[\s,:(]{{1,3}}"
    rf"(?:(?:den|i)\s)?(?P<when>{_WHEN})",
    re.IGNORECASE,
)
#: "Riktlinjer för mat, antagna av kommunfullmäktige 2018-06-18 § 87": the title's own.
_TITLED = re.compile(
    rf"^[ |]*(?P<what>[^.\n,]{{4,120}}),\s(?:som\s)?(?:är\s|har\s)?(?:{_VERB})\s(?:av|i)\s(?P<body>[\w\s-]{{2,60}}?)"
    rf"[\s,:(]{{1,3}}(?:(?:den|i)\s)?(?P<when>{_WHEN})",
    re.IGNORECASE | re.MULTILINE,
)
_UNLABELLED = re.compile(
    rf"(?:beslut(?:at|ad)?\s(?:(?:av|i)\s)?)?(?P<body>{_DECIDER}|kf|ks|(?-i:[A-ZÅÄÖ]{{2,4}}N(?=[\s,][^\n]*§)))(?:s\sbeslut)?[\s,]{{1,3}}(?:den\s)?"
    r"(?P<when>(?:§\s?\d{1,4},?\s)?\d[^.]{5,40})",
    re.IGNORECASE,
)
_HEADS = re.compile(r"§\s?(?P<number>\d{1,3})(?!\d)")
_NOTED = re.compile(
    rf"(?P<body>{_DECIDER}|kf|ks),?\s§\s?(?P<number>\d{{1,4}})(?:\s?/\s?(?:19|20)?\d\d)?", re.IGNORECASE
)
#: "Kommunfullmäktiges beslut 25 april 2022 § 44", where a text begins or ends.
_BY_DECISION = re.compile(
    rf"(?:^|(?<=[.:(]\s)|(?:{_VERB})\s(?:genom|enligt)\s)(?P<body>{_DECIDER})s\sbeslut\s(?:den\s)?(?P<when>{_WHEN})",
    re.IGNORECASE | re.MULTILINE,
)
_BY = re.compile(
    rf",?\s(?:(?:av|i)\s(?P<body>[^\d§,(:;]{{2,60}})|[(,]?\s?(?P<beside>{_DECIDER}|kf|ks)(?=\s?§|\s?[),]|\s*$))",
    re.IGNORECASE,
)
_OTHER_DOCUMENT = re.compile(r"\b(?:ersätter|som antogs|som antagits|tidigare|förra|föregående|gamla)\b", re.IGNORECASE)
_DECIDES = re.compile(
    r"\s(?:den|år|datum|i|genom|med|efter|vid|att)\s.*|\s{2,}.*|\s(?:våren|hösten|"
    rf"{MONTH})\b.*",
    re.DOTALL,
)
_BY_WHOM = re.compile(
    rf"\b(?:(?:är|har|blev)\s)?(?:{_VERB})\s(?:av|i)\s(?P<body>[\w\s-]{{2,60}}?)(?=[.,]|\soch\s(?:gäller|ersätter)|\ssamma\sår)",
    re.IGNORECASE,
)
_ON_WHICH_DAY = re.compile(
    rf"\b(?:besluts|antagande|fastställelse)(?:datum(?:et)?|dag(?:en)?)\s(?:är|var)\s(?:den\s)?(?P<when>{_WHEN})",
    re.IGNORECASE,
)
#: "Den 17 maj 2021 antog kommunfullmäktige denna plan (§ 59)."
_FOLLOWS = re.compile(r"(?:[ ,(]|\n(?!\n)){1,3}§\s?(\d{1,4}(?:/\d{2,4})?)\b")
_OWN = re.compile(OWN, re.IGNORECASE)
_FAR = 50_000
_TOP = 1_500
_END = 1_000
_LONGEST = 120
_TOP_LINES = 25
_END_LINES = 10
_SHORT_WORD = 4
_FINAL = "antagandehandling"


@dataclass(frozen=True, slots=True)
class Prose:
    """An adoption that a sentence tells."""

    body: str
    when: str
    start: int = 0
    end: int = 0

    @property
    def day(self) -> date | None:
        """The day told, if it is a whole one."""
        match = DATE.search(self.when[:20])
        return to_date(match) if match and match.start() < 12 else None

    @property
    def year(self) -> int | None:
        match = YEAR.match(self.when)
        return int(match[0]) if match else None


def decided(value: str) -> str:
    """Return what a value says of the adoption, without a later revision."""
    match = _REVISION.search(value)
    return value[: match.start()] if match and match.start() > 0 else value


def revised(value: str) -> date | None:
    """Return the day of the revision that a value on the adoption goes on to name."""
    match = _REVISION.search(value)
    return find_date(value[match.end() :]) if match and match.start() > 0 else None


def body_of(value: str) -> str | None:
    """Return the deciding body that a value begins with, an abbreviation written out."""
    match = _BODY.match(decided(value).strip("[] "))
    if match is None:
        return None
    name = " ".join(_DECIDES.sub("", f"{match[0].strip(' .-–')} ").split())
    name = re.sub(r"\A(?:i|av)\s", "", name, flags=re.IGNORECASE)
    name = _WHOSE.sub("", name)
    if name.lower() in ABBREVIATED_BODIES:
        return ABBREVIATED_BODIES[name.lower()]
    name = _ITS_LETTERS.sub("", name) if BODY_WORD.search(_ITS_LETTERS.sub("", name)) else name
    words = name.split()
    if not words or not BODY_WORD.search(name):
        return None
    first = words[0].lower()
    if first in {"kf", "ks"} or (
        first in ABBREVIATED_BODIES and not words[0].islower() and not BODY_WORD.search(" ".join(words[1:]))
    ):
        return ABBREVIATED_BODIES[first]
    return name[0].upper() + name[1:]


def body_after(value: str) -> str | None:
    """Return the body that a value names after its day: "2024-06-17 av kommunfullmäktige (KF § 74)"."""
    said = decided(value).strip("[] ")
    day = DATE.match(said)
    match = _BY.match(said[day.end() :]) if day else None
    return body_of(match["body"] or match["beside"]) if match else None


def paragraph_of(value: str) -> str | None:
    """Return the paragraph of a decision: "§ 82", "82 §", or a number that stands where its mark was lost."""
    said = decided(value)
    for pattern in (_PARAGRAPH, _PARAGRAPH_BEFORE, _UNMARKED):
        if match := pattern.search(said):
            return match["number"]
    return None


def bare_paragraph_of(value: str) -> str | None:
    """Return the paragraph behind a label that says it is one."""
    match = re.match(r"(?:[A-ZÅÄÖ]{1,5}\s)?(?:§\s?)?(\d{1,4}(?:/\d{2,4})?)(?:\s?§)?(?:[,\s]|\Z)", value.strip("[] "))
    return match[1] if match and not DATE.match(value.strip("[] ")) else paragraph_of(value)


def unlabelled(lines: Sequence[Line]) -> re.Match[str] | None:
    """Return a line at the top that begins with a body and a day: "Kommunfullmäktige 2019-05-20 § 45"."""
    for number in (*range(min(len(lines), _TOP_LINES)), *range(max(_TOP_LINES, len(lines) - _END_LINES), len(lines))):
        line = lines[number]
        if len(line.text) < _LONGEST and not (number and line.gap == 0 and line.text[:1].islower()):
            alone = line.text.lower() in ABBREVIATED_BODIES and number + 1 < len(lines)
            said = f"{line.text} {lines[number + 1].text}" if alone else line.text
            matches = (_UNLABELLED.match(cell.strip(" |")) for cell in CELLS.split(said))
            if match := next((match for match in matches if match and find_date(match["when"])), None):
                return match
    return None


def below(decided: Sequence[Field], lines: Sequence[Line]) -> str | None:
    """Return the line right below a field on who decided that begins with a day: "2023-11-20 § 164"."""
    for one in decided:
        line = next((line for line in lines if line.start >= one.end), None)
        if line is not None and line.gap == 0 and DATE.match(line.text):
            return line.text
    return None


def noted(lines: Sequence[Line]) -> re.Match[str] | None:
    """Return a line at the top that holds a body and its paragraph alone: "KF § 31/2018"."""
    return next((match for line in lines[:_TOP_LINES] if (match := _NOTED.fullmatch(line.text))), None)


def without_sections(numbers: list[Field], lines: Sequence[Line]) -> list[Field]:
    """Leave out what heads a section of the document itself: "§ 1" where a "§ 2" follows, and so on."""
    heads = {match["number"] for line in lines if (match := _HEADS.match(line.text))}
    sections = set(itertools.takewhile(heads.__contains__, map(str, itertools.count(1))))
    own = sections if "2" in sections else set[str]()
    return [one for one in numbers if not (one.word == "§" and one.value.strip() in own)]


def body_alone(lines: Sequence[Line]) -> str | None:
    """Return the council or the executive board where a line at the top holds nothing else."""
    return next(
        (ABBREVIATED_BODIES[line.text.lower()] for line in lines[:12] if line.text.lower() in ABBREVIATED_BODIES), None
    )


def told(text: str, fields: Sequence[Field], title: str = "") -> Prose | None:
    """Return the first sentence that tells the adoption of this document, outside the fields on other things."""
    found = (one for one in _sentences(text, title) if _is_own(one, fields) and body_of(one["body"]))
    match = next(found, None)
    if match is None:
        return _told_apart(text)
    said, blank, _ = match["when"].partition("\n\n")
    number = None if blank else _FOLLOWS.match(text, match.end())
    when = said if number is None or "§" in said else f"{said} § {number[1]}"
    return Prose(_one_line(match["body"]), _one_line(when), *match.span())


def _told_apart(text: str) -> Prose | None:
    """Return body and day where each has a sentence: "Planen är beslutad av nämnden. Beslutsdatum är 2023-10-30"."""
    by = next(
        (
            one
            for one in _BY_WHOM.finditer(text[:_FAR])
            if body_of(one["body"]) and is_own_verb(head_of(text, one.start()))
        ),
        None,
    )
    on = _ON_WHICH_DAY.search(text[:_FAR])
    if by is None and on is None:
        return None
    start, end = by.span() if by else (0, 0)
    return Prose(_one_line(by["body"]) if by else "", _one_line(on["when"]) if on else "", start, end)


def _sentences(text: str, title: str) -> Iterator[re.Match[str]]:
    for match in _PROSE.finditer(text[:_FAR]):
        if not _OTHER_DOCUMENT.search(match[0][: match.start("when") - match.start()]):
            yield match
    for pattern in _ACTIVE:
        yield from (match for match in pattern.finditer(text[:_FAR]) if _is_meant(match["what"].lower(), title))
    yield from _THIS.finditer(text)
    yield from (match for match in _TITLED.finditer(text) if match["what"].lower() in {title.lower(), _FINAL})
    for match in _BY_DECISION.finditer(text):
        if match.start() < _TOP or match.end() > len(text) - _END:
            yield match


def _is_meant(named: str, title: str) -> bool:
    """Tell whether a word in an object's place means this document: "programmet", or the title's first word."""
    return bool(_OWN.fullmatch(named)) or (len(named) > _SHORT_WORD and title.lower().startswith(named))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _is_own(match: re.Match[str], fields: Sequence[Field]) -> bool:
    """Tell whether a sentence stands in no field, or whole in one on the adoption."""
    around = next((one for one in fields if one.start <= match.start("body") < one.end), None)
    if around is None:
        return True
    return around.label in {Label.ADOPTED_BY, Label.ADOPTED_ON} and match.start("when") < around.end


def days_of(fields: Sequence[Field]) -> Iterator[tuple[date, Field]]:
    """Yield the day that each field gives, where it gives one."""
    for one in fields:
        if day := find_date(decided(one.value)):
            yield day, one
