"""From the bytes of a text file to its letters, by where å, ä and ö fall in each encoding that keeps Swedish.

Libraries that guess were tried: they take Swedish Windows text for Polish.
"""

from __future__ import annotations

import re

#: Control characters that no text file holds.
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_END_OF_DOS_FILE = b"\x1a"
#: The likelier first: on equal points it is taken. ISO-8859-1 is Windows-1252 as far as text goes.
_EIGHT_BITS = {"cp1252": "Windows-1252", "cp850": "DOS (850)", "cp865": "DOS (865)", "mac_roman": "MacRoman"}
_FEW = 100_000
_OTHER = re.compile(r"[^\x00-\x7f]")
_SWEDISH = "åäöÅÄÖ"
_BORROWED = "éÉüÜ"
#: Letters of names; each encoding has some where another has å, ä or ö.
_RARE = "áàâæçèêëíìïîñóòôøúùûýšžÁÀÆÇÈÊËÑÓØŠŽ"
_SIGNS = "“”„’‘‚–—…•·§«»°¹²³½¼¾€´¨©®×±♦■¶ºª™\u00a0\u00ad"


class UnknownLetters(ValueError):
    """The bytes are Swedish text in none of the encodings; `at` is the first that is not plain."""

    def __init__(self, at: int) -> None:
        super().__init__(str(at))
        self.at = at


class NotText(ValueError):
    """The bytes hold what text does not."""


def letters_of(data: bytes) -> tuple[str, str | None]:
    """Return the text and, where the encoding was guessed, its name in words. Raises NotText, UnknownLetters."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _exactly(data.removeprefix(mark), name), None
    data = data.removesuffix(_END_OF_DOS_FILE)
    if wide := _wide(data):
        return _exactly(data, wide), None
    if _CONTROL.search(data):
        raise NotText
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError as error:
        return _eight_bits(data, error)


def _exactly(data: bytes, name: str) -> str:
    try:
        text = data.decode(name)
    except UnicodeDecodeError as error:
        raise UnknownLetters(error.start) from error
    if _CONTROL.search(text.encode("utf-8", "surrogatepass")):
        raise NotText
    return text


def _wide(data: bytes) -> str | None:
    """Tell UTF-16 without a mark by its zeros: every other byte of Swedish in it is one."""
    half = len(data) // 2
    if not half or len(data) % 2 or b"\x00" not in data[:_FEW]:
        return None
    zeros = {"utf-16-le": data[1::2].count(0), "utf-16-be": data[0::2].count(0)}
    name = max(zeros, key=lambda each: zeros[each])
    return name if zeros[name] > half * 0.7 and min(zeros.values()) < half * 0.05 else None


def _eight_bits(data: bytes, why_not_utf_8: UnicodeDecodeError) -> tuple[str, str | None]:
    points: dict[str, float] = {}
    for name in _EIGHT_BITS:
        try:
            points[name] = _points(data[:_FEW].decode(name) if len(data) > _FEW else data.decode(name))
        except UnicodeDecodeError:
            continue
    best = max(points, key=lambda name: points[name], default=None)
    if best is None or points[best] < 0:
        raise UnknownLetters(why_not_utf_8.start) from why_not_utf_8
    try:
        return data.decode(best), None if best == "cp1252" else _EIGHT_BITS[best]
    except UnicodeDecodeError as error:
        raise UnknownLetters(error.start) from error


def _points(text: str) -> float:
    """Tell how likely the letters beyond ASCII are, where they stand."""
    around = f" {text} "
    return sum(_point(*around[at.start() : at.start() + 3]) for at in _OTHER.finditer(text))


def _point(before: str, letter: str, after: str) -> float:
    in_word = before.isalpha() or after.isalpha()
    if letter in _SWEDISH or letter in _BORROWED:
        return _letter(before, letter, after) * (1.0 if letter in _SWEDISH else 0.3)
    if letter in _SIGNS:
        return -2.0 if before.isalpha() and after.isalpha() and letter not in "’\u00ad–" else 0.5
    return -0.5 if letter in _RARE and in_word else -3.0


def _letter(before: str, letter: str, after: str) -> float:
    """A capital stands first in a word or among capitals, a small letter among small ones."""
    if letter.isupper():
        return -2.0 if before.isalpha() and before.islower() else 1.0
    if before.isupper() and after.isupper():
        return -2.0
    return 2.0 if before.isalpha() or after.isalpha() else 0.5
