"""What could point at a person in a text that people have typed, and the text with marks in its place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import normalize

NAME, ADDRESS, NUMBER, PHONE = "[namn]", "[e-postadress]", "[personnummer]", "[telefonnummer]"

#: Nobody sees them, and they part what would else be found.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
#: Any space within a line, any dash.
_GAP, _DASH = r"[^\S\n]", r"[-\u2010-\u2015\u2212]"
#: Not in the middle of a number, a date or a diary number.
_ALONE = rf"(?<!\d)(?<!\d{_DASH})(?<!\d[/.,:])"
_MONTH, _DAY = r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])"
#: Born on that day, or that day and 60 for whoever has no number yet; four figures more.
_NUMBER = re.compile(rf"{_ALONE}(?:19|20)?\d{{2}}{_MONTH}{_DAY}{_GAP}{{0,2}}(?:{_DASH}|\+)?{_GAP}{{0,2}}\d{{4}}(?!\d)")
#: The same with the day in parts: a date and a year look alike, so that the last figure has to be the right one.
_NUMBER_IN_PARTS = re.compile(
    rf"{_ALONE}((?:19|20)?\d{{2}}){_GAP}?{_DASH}?{_GAP}?({_MONTH}){_GAP}?{_DASH}?{_GAP}?({_DAY})"
    rf"{_GAP}{{0,2}}(?:{_DASH}|\+)?{_GAP}{{0,2}}(\d{{4}})(?!{_DASH}?\d)"
)
_ABROAD = rf"(?<!\d)(?:\+|00){_GAP}?46(?:(?:{_GAP}|{_DASH})?\(0\))?(?:(?:{_GAP}|{_DASH}|/){{0,3}}\d){{7,10}}(?!\d)"
#: Only numbers of mobiles go on with a nought after the area.
_AREA = r"(?:\((?:07\d|08|0[1-9]\d{1,2})\)|07\d|(?:08|0[1-9]\d{1,2})(?=\D{1,3}[1-9]))"
#: Five to eight figures in groups of two at least.
_LOCAL = rf"(?=\d(?:(?:{_GAP}|{_DASH})?\d){{4,7}}(?!{_GAP}?\d))\d{{2,8}}(?:(?:{_GAP}|{_DASH})\d{{2,4}}){{0,3}}(?!\d)"
#: An amount has groups of three, and may begin before its nought.
_NO_AMOUNT = rf"(?:(?<!\d{_GAP})|(?!\d{{3}}(?:{_GAP}\d{{3}})+(?!{_GAP}?\d)))"
#: The eighth of a month, with its year last.
_NO_DAY = rf"(?!08{_DASH}{_MONTH}{_DASH}(?:19|20)\d{{2}}(?!\d))"
#: With no sign after the area, nine figures or ten.
_TOGETHER = (
    rf"(?=0[1-9](?:(?:{_GAP}|{_DASH})?\d){{7,8}}(?!\d))0[1-9]\d{{3,8}}(?:(?:{_GAP}|{_DASH})\d{{2,4}}){{0,2}}(?!\d)"
)
_PHONE = re.compile(
    rf"{_ABROAD}|{_ALONE}{_NO_DAY}(?:"
    rf"{_AREA}{_GAP}?(?:{_DASH}|/){_GAP}?{_LOCAL}|{_NO_AMOUNT}{_AREA}{_GAP}{_LOCAL}|{_NO_AMOUNT}{_TOGETHER})"
)


class Mask:
    """Takes the names it was given, addresses and numbers of persons out of texts. Safe to repeat.

    A name has two words at least: one alone is as often a word of the language, or an office.
    """

    def __init__(self, names: Iterable[str]) -> None:
        composed = (normalize("NFC", name).split() for name in names)
        whole = sorted({" ".join(name) for name in composed if len(name) > 1}, key=len, reverse=True)
        written = "|".join(r"\s+".join(map(re.escape, name.split())) for name in whole)
        self._names = re.compile(rf"(?<!\w)(?:{written})s?(?!\w)", re.IGNORECASE) if written else None

    def __call__(self, text: str) -> str:
        """Return the text with a mark for each, its letters whole and without signs that nobody sees."""
        text = _UNSEEN.sub("", normalize("NFC", text))
        for pattern, mark in ((self._names, NAME), (_ADDRESS, ADDRESS), (_NUMBER, NUMBER)):
            text = pattern.sub(mark, text) if pattern else text
        text = _NUMBER_IN_PARTS.sub(lambda found: NUMBER if _is_right("".join(found.groups())) else found[0], text)
        return _PHONE.sub(PHONE, text)


def _is_right(figures: str) -> bool:
    """Whether the last of ten figures follows from the nine before it, by Luhn's rule."""
    doubled = (int(figure) * (2 - place % 2) for place, figure in enumerate(figures[-10:]))
    return sum(figure // 10 + figure % 10 for figure in doubled) % 10 == 0
