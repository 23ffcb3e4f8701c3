"""Who adopted the document, when and in which paragraph: from fields, from a line without labels, from the prose.

A decision that the text says of another document, or of a revision, is neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from styrhjul.documents.dates import DATE, YEAR, find_date, to_date
from styrhjul.documents.labels import Field, Label
from styrhjul.documents.lexicon import ABBREVIATED_BODIES
from styrhjul.documents.proof import BODY_WORD
from styrhjul.documents.sections import Line

#: What follows is a later decision on the same document: "2011-03-28/rev 2011-05-24".
_REVISION = re.compile(
    r"[/,;(\s]{0,3}(?:och |samt |senast )?(?:rev\.?|reviderad\w*|reviderat|ändrad\w*|ändrat)\b", re.IGNORECASE
)
_PARAGRAPH = re.compile(r"§{1,2}\s{0,3}(?P<number>\d{1,4}(?:/\d{2,4})?)(?!\d)")
_PARAGRAPH_BEFORE = re.compile(r"(?<![\d/.-])(?P<number>\d{1,3})\s{0,2}§")
#: A paragraph whose mark the conversion lost: "23 november 2010, 115".
_UNMARKED = re.compile(rf"(?:{DATE.pattern}),\s{{1,3}}(?P<number>\d{{1,3}})(?=[\s,.)]|$)", re.IGNORECASE)
_BODY = re.compile(r"[^\d§,(:;\[\]]{2,80}")
_VERB = (
    r"antagen|antaget|antagna|antogs|fastställd|fastställt|fastställda|fastställdes|fastställts|beslutad|beslutat|"
    r"beslutade|beslutades|antagits|utfärdad"
)
_PROSE = re.compile(
    rf"(?:^|(?<=[.!?\n(]))\s{{0,5}}(?:(?:[\w-]{{1,40}}\s){{0,4}}?(?:är\s|har\s|blev\s)?)?(?:{_VERB})\s(?:på\sdelegation\s)?(?:av|i)\s"
    r"(?P<body>[A-ZÅÄÖa-zåäö][A-ZÅÄÖa-zåäö\s-]{1,60}?)[\s,:(]{1,3}"
    r"(?:(?:den|i|år|våren|hösten|sommaren|i\s(?:januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|"
    r"november|december))\s)?(?P<when>(?:§\s?\d{1,4},?\s)?\d[^.]{3,60}|§\s?\d{1,4}(?=[\s,.)]|\Z))",
    re.IGNORECASE,
)
#: "Kommunfullmäktige beslutade om programmet den 19 juni 2023 (§ 88)": the document itself, not one among others.
_ACTIVE = re.compile(
    r"(?P<body>kommunfullmäktige|kommunstyrelsen|[\w-]{2,40}(?:\soch\s[\w-]{2,40})?nämnden)\s"
    r"(?:antog|fastställde|beslutade\s(?:om|att\santa)|(?:har\s)?antagit|(?:har\s)?fastställt|(?:har\s)?beslutat\som)\s"
    r"(?:policyn|planen|programmet|strategin|riktlinjen|riktlinjerna|reglementet|reglerna|taxan|dokumentet|"
    r"(?:denna|detta|dessa|den\shär|det\shär|de\shär)\s[\w-]{3,40})\s(?:den\s)?"
    r"(?P<when>(?:§\s?\d{1,4},?\s)?\d[^.]{3,60})",
    re.IGNORECASE,
)
_UNLABELLED = re.compile(
    r"(?P<body>kommunfullmäktige|kommunstyrelsen|kf|ks|[\w-]{2,40}(?:\soch\s[\w-]{2,40})?nämnden)[\s,]{1,3}(?:den\s)?"
    r"(?P<when>(?:§\s?\d{1,4},?\s)?\d[^.]{5,40})",
    re.IGNORECASE,
)
_BY = re.compile(r",?\s(?:av|i)\s(?P<body>[^\d§,(:;]{2,60})", re.IGNORECASE)
_OTHER_DOCUMENT = re.compile(r"\b(?:ersätter|som antogs|som antagits|tidigare|förra|föregående|gamla)\b", re.IGNORECASE)
_DECIDES = re.compile(r"\s(?:den|år|datum|i|genom|med|efter|vid|att)\s.*|\s{2,}.*|\s(?:våren|hösten)\b.*", re.DOTALL)
_FAR = 50_000
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Prose:
    """An adoption that a sentence tells."""

    body: str
    when: str

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
    if name.lower() in ABBREVIATED_BODIES:
        return ABBREVIATED_BODIES[name.lower()]
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
    return body_of(match["body"]) if match else None


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
    matches = (_UNLABELLED.match(line.text) for line in lines[:25] if len(line.text) < _LONGEST)
    return next((match for match in matches if match and find_date(match["when"])), None)


def body_alone(lines: Sequence[Line]) -> str | None:
    """Return the council or the executive board where a line at the top holds nothing else."""
    return next(
        (ABBREVIATED_BODIES[line.text.lower()] for line in lines[:12] if line.text.lower() in ABBREVIATED_BODIES), None
    )


def told(text: str, fields: Sequence[Field]) -> Prose | None:
    """Return the first sentence that tells the adoption of this document, outside the fields on other things."""
    for match in (*_PROSE.finditer(text[:_FAR]), *_ACTIVE.finditer(text[:_FAR])):
        before = match[0][: match.start("when") - match.start()]
        if _is_own(match, fields) and not _OTHER_DOCUMENT.search(before) and body_of(match["body"]):
            return Prose(" ".join(match["body"].split()), " ".join(match["when"].split()))
    return None


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
