"""The title of a document, the type it names, and the municipality it belongs to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from styrhjul.documents.fields import Field
from styrhjul.documents.lexicon import DOCUMENT_TYPES, MODAL_WORD, VAGUE_TYPES
from styrhjul.documents.sections import Line, without_numbering

_MUNICIPALITY = re.compile(
    r"(?<![\w-])(?P<name>[A-ZÅÄÖÉ][A-Za-zÅÄÖåäöÉéü-]{1,30}(?:[ ][A-ZÅÄÖ][A-Za-zÅÄÖåäö-]{1,30}){0,2})[ "
    r"](?P<kind>(?i:kommun|stad))(?i:s?)(?!\w)"
)
#: Capitalised because they begin a sentence, or kinds of municipality in general.
_NOT_NAMES = frozenset(
    "i för inom hela denna vår varje alla en ett den och av till från hos som att antagen antaget policy plan "
    "integrationspolicy er "
    "sveriges svensk svenska egen andra annan respektive mellan med om vid gäller samtliga ingen någon "
    "kommunen på stor liten "
    "hållbar attraktiv öppen trygg levande jämställd växande modern framtidens sverige är vi när detta dess "
    "vilken".split()
)
_WORD = re.compile(r"[^\W\d_]+")
_ENDS_TYPE = tuple(
    sorted((word for word in DOCUMENT_TYPES if DOCUMENT_TYPES[word] not in VAGUE_TYPES), key=len, reverse=True)
)
_TOP_LINES = 40
_LONGEST_TITLE = 160


def read_municipality(text: str) -> str | None:
    """Return the municipality named most often, in ordinary letters: "Olofströms kommun"."""
    names: Counter[str] = Counter()
    written: dict[str, str] = {}
    for match in _MUNICIPALITY.finditer(text[:200_000]):
        name = _without_first_words(match["name"])
        if name is None:
            continue
        key = f"{name} {match['kind']}".lower()
        names[key] += 1
        if key not in written or written[key].isupper():
            written[key] = f"{name} {match['kind']}"
    if not names:
        return None
    best = written[names.most_common(1)[0][0]]
    if best.isupper():
        best = _WORD.sub(lambda word: word[0].capitalize(), best)
    name, kind = best.rsplit(" ", 1)
    return f"{name} {kind.lower()}"


def read_title(lines: Sequence[Line], fields: Sequence[Field]) -> str | None:
    """Return the first line at the top that names a type of document and is no field, ladder of types or sentence."""
    taken = [(one.start, one.end) for one in fields]
    top = [line for line in lines[:_TOP_LINES] if not any(start <= line.start < end for start, end in taken)]
    candidates = [line for line in top if _may_be_title(line)]
    for line in candidates:
        if type_of(line.text) is not None:
            return without_numbering(line.text) if line.text.startswith("#") else line.text
    return None


def type_of(title: str) -> str | None:
    """Return the type of document that a title or a type field names; the first word that does decides."""
    words = [word.lower() for word in re.findall(r"[\w-]+", title[:_LONGEST_TITLE])]
    for word in words:
        for ending in _ENDS_TYPE:
            if word == ending or (word.endswith(ending) and len(ending) > 3 and len(word) > len(ending) + 1):
                return DOCUMENT_TYPES[ending]
    return None


def _may_be_title(line: Line) -> bool:
    text = line.text
    words = [word.lower() for word in re.findall(r"[\w-]+", text[: _LONGEST_TITLE + 1])]
    if not words or len(text) > _LONGEST_TITLE or line.marker or text.endswith((".", ":", ";", ",")):
        return False
    types = sum(1 for word in words if word in DOCUMENT_TYPES)
    if types == len(words) or types >= 3:  # the running header, or the ladder of types
        return False
    return not MODAL_WORD.search(text)


def _without_first_words(name: str) -> str | None:
    words = name.split()
    while words and words[0].lower() in _NOT_NAMES:
        words = words[1:]
    if not words or not all(word[0].isupper() for word in words):
        return None
    return (
        None
        if any(word.lower().endswith(("policy", "plan", "program", "strategi")) for word in words)
        else " ".join(words)
    )
