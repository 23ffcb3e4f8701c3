"""Label and value pairs: "Antagen av: Kommunfullmäktige", the value below, columns, tables, several pairs on one line.

Here is where a value begins and ends. Which labels there are is told in `labels`, what a value means in `metadata`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from styrhjul.documents.language.dates import DATE, find_date
from styrhjul.documents.language.lexicon import ACTOR_WORD
from styrhjul.documents.metadata.labels import LABEL, UNKNOWN, Field, Label, is_weak, meaning
from styrhjul.documents.metadata.proof import proves, suits
from styrhjul.documents.sections import Line

_CELL = re.compile(r"(?:(?! {2,}| ?\|| [·•‧●] ).)+")
_LONGEST_LINE = 400
_LONGEST_BLOCK = 2_000
_LONGEST_VALUE = 160
_TOP_LINES = 80
_END_LINES = 40
#: A line with as many labels that end in a colon is a block of fields, whatever it begins with and however long it is.
_MANY = 3
_NEAR = 4  #: lines from one field to another of the same block
#: What a paragraph belongs to, when it follows on the same line.
_DECISION = frozenset(
    {
        Label.ADOPTED_BY,
        Label.ADOPTED_ON,
        Label.DRAWN_UP_ON,
        Label.LAST_REVISED_ON,
        Label.PARAGRAPH,
        Label.REPLACES,
    }
)
_NAMING = frozenset({Label.OWNER, Label.OTHER})
_FREE = frozenset({Label.OTHER, Label.REPLACES, Label.TITLE})  #: whose values may hold any word
_PAGE = re.compile(r"(?:sida |sid )?\d{1,3} ?\(\d{1,3}\) +", re.IGNORECASE)
_ONLY_A_NUMBER = re.compile(r"(?:§ ?)?\d{1,4}(?:/\d{2,4})?(?:$|,? (?:den )?\d)|(?:§ ?)?[xX]{2}$|$")
_REVISED_BY = re.compile(r"(?:reviderad|uppdaterad|ändrad) av", re.IGNORECASE)
_COLUMN_SLIP = 3  #: letters that a value may stand to the side of the label above it


@dataclass(frozen=True, slots=True)
class _Piece:
    """A label with what follows it in its cell, or a cell without one. `column` is counted from the line's start."""

    word: str
    text: str
    start: int
    end: int
    column: int
    colon: bool = False

    @property
    def is_label(self) -> bool:
        return bool(self.word)


def read_fields(lines: list[Line]) -> tuple[list[Field], set[int]]:
    """Return the fields in order, and the numbers of the lines they use up."""
    rows = [_pieces(line) if _in_reach(number, len(lines)) else [] for number, line in enumerate(lines)]
    sure = {number for number, row in enumerate(rows) if any(_is_sure(piece) for piece in row)}
    reader = _Reader(lines, rows, sure)
    for number, row in enumerate(rows):
        if number not in reader.used and any(piece.is_label for piece in row):
            reader.read(number)
    return reader.fields, reader.used


class _Reader:
    """Takes up one line after the other, with the line below it where a value stands there."""

    def __init__(self, lines: list[Line], rows: list[list[_Piece]], sure: set[int]) -> None:
        self.lines = lines
        self.rows = rows
        self.sure = sure
        self.fields: list[Field] = []
        self.used: set[int] = set()

    def read(self, number: int) -> None:
        """Take the fields that begin on a line, if any does."""
        row = self.rows[number]
        above = _is_header(row)
        beside: set[int] = set()
        for at, piece in enumerate(row):
            if not piece.is_label or at in beside or _heads_a_column(row, at, beside):
                continue
            right = _as_value(row[at + 1]) if at + 1 < len(row) and not above else None
            if (
                right is not None and not right.is_label and _goes_on(piece, right)
            ):  # "Antaget av nämnden" | "2021-09-27"
                beside.add(at + 1)
                self._take(number, replace(piece, text=f"{piece.text} {right.text}", end=right.end))
            elif not piece.text and right is not None and not right.is_label:
                beside.add(at + 1)
                self._take(number, replace(piece, text=right.text, end=right.end))
            else:
                self._take(number, piece)

    def _take(self, number: int, piece: _Piece) -> None:
        below = None if piece.text else self._below(number, piece)
        value = below or piece
        if not self._holds(number, piece, value.text):
            return
        self.fields.append(Field(_label(piece.word, value.text), piece.word, value.text, piece.start, value.end))
        self.used.add(number)
        if below is not None:
            self.used.add(number + 1)

    def _holds(self, number: int, piece: _Piece, value: str) -> bool:
        """Tell a label from a word that begins a sentence or a heading."""
        if piece.colon:
            return True
        if piece.word == "§":  # "§ 4 Uppgifter" is a heading
            return bool(_ONLY_A_NUMBER.match(value))
        if not (piece.word[0].isupper() or piece.word == "§") or (
            value.endswith(".") and len(value) > _LONGEST_VALUE // 3
        ):
            return False
        if not is_weak(piece.word):
            earlier = meaning(piece.word) is Label.REPLACES and len(value) <= _LONGEST_VALUE and DATE.search(value)
            return not value or suits(piece.word, value, certain=True) or _is_short(value) or bool(earlier)
        if not value:
            return False
        near = any(other in self.sure for other in range(number - _NEAR, number + _NEAR + 1))
        return proves(piece.word, value) or (near and _is_short(value) and suits(piece.word, value, certain=False))

    def _below(self, number: int, piece: _Piece) -> _Piece | None:
        """Return the value in the line below: the whole line, or the cell in the same column."""
        if number + 1 >= len(self.lines):
            return None
        line, cells = self.lines[number + 1], self.rows[number + 1]
        listed = bool(self.lines[number].marker)
        item = line.marker and not listed and not line.text.startswith(" ")  # a dash far out is an empty cell
        if not cells or item or len(line.text) > _LONGEST_LINE or line.gap > 1:
            return None
        single = len(self.rows[number]) == 1 and len(cells) == 1
        aligned = (cell for cell in cells if abs(cell.column - piece.column) <= _COLUMN_SLIP)
        cell = cells[0] if single else next(aligned, None)
        if cell is None:
            return None
        beside = next((other for other in cells[cells.index(cell) + 1 :]), cell)
        cell = _as_value(cell)
        if cell.is_label and any(self._holds(number + 1, cell, text) for text in (cell.text, beside.text)):
            return None
        whole = replace(cell, text=f"{cell.word} {cell.text}".strip()) if cell.is_label else cell
        fits = suits(piece.word, whole.text, certain=line.gap > 0)
        return whole if fits and len(whole.text) <= _LONGEST_VALUE // 2 and not whole.text.endswith(".") else None


def _heads_a_column(row: list[_Piece], at: int, beside: set[int]) -> bool:
    """Tell whether a weak word follows a heading that is no label: "Åtgärd | Ansvarig | Klart"."""
    piece = row[at]
    bare = not piece.text and not piece.colon and is_weak(piece.word)
    return bare and at > 0 and not row[at - 1].is_label and at - 1 not in beside


def _goes_on(piece: _Piece, right: _Piece) -> bool:
    """Tell whether the day of a decision stands in the cell beside its body."""
    decided = meaning(piece.word) is Label.ADOPTED_BY and piece.text and not DATE.search(piece.text)
    return bool(decided) and DATE.match(right.text) is not None


def _as_value(piece: _Piece) -> _Piece:
    """Take "§ 117" for a value, where it could be a label with its value."""
    return replace(piece, word="", text=f"§ {piece.text}") if piece.word == "§" and not piece.colon else piece


#: "Dokumentägare - Trafikingenjör": the dash is a colon; one that stands alone says that there is nothing.
_DASH = re.compile(r"\A[–-]\s+(?=\S)")


def _in_reach(number: int, count: int) -> bool:
    return number < _TOP_LINES or number >= count - _END_LINES


def _pieces(line: Line) -> list[_Piece]:
    if len(line.text) > _LONGEST_BLOCK or (len(line.text) > _LONGEST_LINE and _colons(line.text) < _MANY):
        return []
    pieces: list[_Piece] = []
    for cell in _CELL.finditer(line.text):
        text = cell[0].rstrip(" |,;*")
        inset = len(text) - len(text.lstrip(" |(*_#·•‧●"))
        page = _PAGE.match(text, inset)
        inset = page.end() if page else inset
        if text[inset:]:
            pieces += _split(
                text[inset:].removesuffix(")") if text[inset - 1 : inset] == "(" else text[inset:],
                line,
                cell.start() + inset,
            )
    return pieces


def _split(text: str, line: Line, at: int) -> Iterator[_Piece]:
    """Divide a cell before each label in it; what stands before the first is a piece without one."""
    found = _unknown(text) or list(_labels(text))
    column = line.column + at
    if not found or found[0].start() > 0:
        until = found[0].start() if found else len(text)
        yield _Piece("", text[:until].strip(), line.start + at, line.start + at + until, column)
    for number, match in enumerate(found):
        until = found[number + 1].start() if number + 1 < len(found) else len(text)
        value = text[match.end() : until].rstrip(" ,|;*").lstrip(" |*")
        value = _DASH.sub("", value)
        end = match.start() + len(text[match.start() : until].rstrip(" ,|;*"))
        yield _Piece(
            match["word"],
            value,
            line.start + at + match.start(),
            line.start + at + end,
            column + match.start(),
            bool(match["mark"].strip(" *")),
        )


def _labels(text: str) -> Iterator[re.Match[str]]:
    """Find labels: the first words, and further in a capital letter with a colon or with a value that proves it."""
    last = Label.OTHER if _colons(text) >= _MANY else None
    for match in LABEL.finditer(text):
        first = not text[: match.start()].strip(" *_#(")
        if first or (last is not None and _begins_another(text, match, last)):
            last = meaning(match["word"])
            yield match


def _unknown(text: str) -> list[re.Match[str]]:
    """Return a label that the list lacks, where its words and its value tell what it is: "Politiskt beslutad: KF"."""
    match = UNKNOWN.match(text)
    if match is None or meaning(match["word"]) is Label.OTHER:
        return []
    for known in LABEL.finditer(text, 0, match.end()):
        if known["mark"].strip() and (known.start() == 0 or known["word"][0].isupper()):
            return []
    value = text[match.end() :].strip()
    label = meaning(match["word"])
    named = label is Label.OWNER and len(value.split()) == 1 and ACTOR_WORD.fullmatch(value)
    free = named or (label in {Label.OWNER, Label.REPLACES} and _is_short(value))
    return [match] if free or proves(match["word"], value) or proves("antagen", value) else []


def _begins_another(text: str, match: re.Match[str], last: Label) -> bool:
    rest = text[match.end() :].strip()
    if match["word"] == "§":  # behind a day or a body it is a part of the decision
        return bool(match["mark"]) or rest.startswith("§") or (last not in _DECISION and proves("§", rest))
    if not match["word"][0].isupper():
        return False
    if match["mark"].strip() or not is_weak(match["word"]):
        return True
    named = meaning(match["word"]) in _NAMING and last not in _FREE and (rest[:1].isupper() or "@" in rest)
    return named or suits(match["word"], rest.split(" ")[0], certain=True) or proves(match["word"], rest)


def _colons(text: str) -> int:
    return sum(1 for match in LABEL.finditer(text) if match["mark"].strip() and match["word"][0].isupper())


def _is_header(row: list[_Piece]) -> bool:
    """Tell whether the values stand in the line below: every cell is a label alone, or the last one is."""
    return len(row) > 1 and (all(piece.is_label and not piece.text for piece in row))


def _is_sure(piece: _Piece) -> bool:
    return piece.word not in {"", "§"} and (
        piece.colon or (piece.word[0].isupper() and not is_weak(piece.word) and _is_short(piece.text))
    )


def _is_short(value: str) -> bool:
    return len(value) <= _LONGEST_VALUE and not value.endswith(".") and not value[:1].islower()


def _label(word: str, value: str) -> Label:
    """Return what a label means; "Rev." before a date is a revision, before a number a version."""
    label = meaning(word)
    if word.lower().startswith("rev") and len(word) <= len("rev."):
        return Label.LAST_REVISED_ON if proves("reviderad", value) else Label.VERSION
    if label is Label.OTHER and _REVISED_BY.match(word) and find_date(value):
        return Label.LAST_REVISED_ON
    return label
