"""Whether a value could be what a label asks for: a date behind "Antagen", a number behind "Dnr"."""

from __future__ import annotations

import re

from styrhjul.documents.language.dates import DATE
from styrhjul.documents.language.lexicon import MODAL_WORD
from styrhjul.documents.metadata.labels import Label, meaning
from styrhjul.documents.metadata.title import type_of

#: A word for nothing, or for a term without an end.
NOTHING = re.compile(
    r"[-–—._/*\s]*|nytt?(?: dokument| styrdokument| policydokument)?|ingen|inget|inga|ingen tidigare.{0,30}|saknas|"
    r"ej tillämpligt|ej aktuellt|ej relevant|n/a|nej|vakant|slutlig|gällande|"
    r"(?:gäller )?till?s? ?vidare\.?|tillsvidare\.?|till beslut om upphörande|tills? nytt beslut.*|"
    r"till dess.*|ej angivet|ej angiven|ej fastställ[td]|ej reviderad|ej beslutad|omgående|se protokoll(?:et)?",
    re.IGNORECASE,
)
#: What a template says where nobody filled it in.
TEMPLATE = re.compile(
    r"\bx{2,}|\bx\.x\b|\bskriv\b|\bklicka\b|\bfyll i\b|\bange\b|\bvälj\b|åååå|yyyy|\bexempelvis\b|\b20xx\b|"
    r"(?-i:\[[a-zåäö][^\]\d]*\]|<[a-zåäö][^>\d]*>)|_{3,}|\.{4,}",
    re.IGNORECASE,
)
DIARY = re.compile(
    r"\b(?:[A-ZÅÄÖ]{1,6}[ /.-]{0,2}(?:19|20)?\d{2,4}[:/ .-]\d{1,6}(?:[:-]\d{1,4}|(?:\.\d{1,6}){1,4})?|"
    r"[A-ZÅÄÖ]{2,6}[ -]\d{1,6}/\d{2,4}|"
    r"(?:19|20)\d\d[/:.-]\d{1,6}(?:\.\d{1,6})?(?:[ -][A-ZÅÄÖ]{2,5}(?:-\d{1,3})?)?|"
    r"\d{1,6}[/-](?:19|20)?\d\d(?:[ -]\d{1,4})?|"
    r"(?:19|20)\d\d-[A-ZÅÄÖ]{2,5}-\d{1,6}|\d{1,3}-\d{1,5}/(?:19|20)?\d\d)(?![\w/])",
    re.IGNORECASE,
)
BODY_WORD = re.compile(
    r"fullmäktige|styrelse|nämnd|utskott|chef|direktör|förbund|direktion|förvaltning|beredning|bolag|"
    r"(?-i:\bK[FS]\b|\b[A-ZÅÄÖ]{2,4}N\b)|kontor|stab\b|sektor",
    re.IGNORECASE,
)
_DATED = re.compile(rf"(?:den |§ ?\d{{1,4}},? )?(?:{DATE.pattern})", re.IGNORECASE)
_MONTH_OR_YEAR = re.compile(r"(?:[a-zåäö]{3,9} )?(?:19|20)\d\d\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?:[A-ZÅÄÖ]{1,5} )?§? ?\d{1,4}(?!\d)(?:[/ ,§]|$)")
_VERSION = re.compile(r"v?\d{1,3}(?:\.\d{1,3}){0,3}(?=\s*(?:$|[,(]|(?:19|20)\d\d))")
_BY = re.compile(rf"(?:[\w-]{{1,30}} (?:[a-zåäö]{{2,12}} )?){{0,3}}[\w-]{{0,30}}(?:{BODY_WORD.pattern})", re.IGNORECASE)
_SHAPES = {
    Label.DIARY_NUMBER: DIARY,
    Label.PARAGRAPH: _NUMBER,
    Label.VERSION: _VERSION,
    Label.ADOPTED_BY: _BY,
}
_SHORT = 60
_TYPE_WORDS = 2
_DAYS = frozenset({Label.ADOPTED_ON, Label.DRAWN_UP_ON, Label.VALID_FROM, Label.VALID_UNTIL, Label.LAST_REVISED_ON})
_RHYTHM = re.compile(r"\b(?:år(?:ligen|svis)?|mandatperiod\w*|behov|kvartal\w*|löpande|val|20\d\d)\b", re.IGNORECASE)


def proves(word: str, value: str) -> bool:
    """Tell whether a value is one that only this label could have before it."""
    label = meaning(word)
    value = value.strip("[] ")
    if label in _DAYS:
        return _is_day(label, value)
    if label in _SHAPES:
        return bool(_SHAPES[label].match(value))
    if label is Label.REVISION_RULE:
        is_phrase = len(value) < _SHORT and not value[:1].islower() and not value.endswith(".")
        return is_phrase and bool(_RHYTHM.search(value)) and not MODAL_WORD.search(value)
    return label is Label.DOCUMENT_TYPE and type_of(value) is not None and len(value.split()) <= _TYPE_WORDS


def _is_day(label: Label, value: str) -> bool:
    if label is Label.VALID_UNTIL and value and NOTHING.fullmatch(value):
        return True
    if (found := DATE.search(value[:_SHORT])) and BODY_WORD.search(value[: found.start()]):
        return label in {Label.ADOPTED_ON, Label.LAST_REVISED_ON} and not MODAL_WORD.search(value[: found.start()])
    return bool(_DATED.match(value) or (label is not Label.DRAWN_UP_ON and _MONTH_OR_YEAR.fullmatch(value)))


def suits(word: str, value: str, *, certain: bool) -> bool:
    """Tell whether a value could follow a label; `certain` where a blank line or a missing colon asks for proof."""
    label = meaning(word)
    if proves(word, value):
        return True
    unfilled = bool(value and (TEMPLATE.search(value) or NOTHING.fullmatch(value.strip("[] "))))
    if certain or label in _SHAPES:
        return unfilled
    if label in _DAYS or label is Label.OWNER:
        return unfilled or (type_of(value) is None and not MODAL_WORD.search(value))
    return True
