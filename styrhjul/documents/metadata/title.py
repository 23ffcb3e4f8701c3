"""The title of a document, the type it names, and the municipality it belongs to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from styrhjul.documents.language.actions import find_actions
from styrhjul.documents.language.conjugation import Form
from styrhjul.documents.language.lexicon import DOCUMENT_TYPES, MODAL_WORD, PREPOSITIONS, VAGUE_TYPES
from styrhjul.documents.metadata.labels import Field, Label
from styrhjul.documents.sections import CELLS, Line, without_numbering

_MUNICIPALITY = re.compile(
    r"(?<![\w-])(?P<name>[A-ZÅÄÖÉ][A-Za-zÅÄÖåäöÉéü-]{1,30}(?:[ ][A-ZÅÄÖ][A-Za-zÅÄÖåäö-]{1,30}){0,2})[ "
    r"](?P<kind>(?i:kommun|stad))(?i:s?|koncern(?:en|ens)?)(?!\w)"
)
_ARMS = re.compile(
    r"^ *(?P<name>[A-ZÅÄÖÉ][A-Za-zÅÄÖåäöÉéü-]{2,30}(?: [A-ZÅÄÖ][A-Za-zÅÄÖåäö-]{1,30})?) *\n *"
    r"(?P<kind>(?i:kommun|stad)) *$",
    re.MULTILINE,
)
#: Whose council decides says whose the document is: "Ekeskogs kommunfullmäktige", "Kommunfullmäktige i Bergnäset".
_COUNCIL = r"(?:kommunfullmäktige|kommunstyrelse(?:n)?)(?!\w)"
_BY_COUNCIL = re.compile(
    rf"(?<![\w-])(?P<whose>[A-ZÅÄÖ][a-zåäöé-]{{1,30}}s)\s{_COUNCIL}"
    rf"|(?<![\w-])(?i:{_COUNCIL})\si\s(?P<place>[A-ZÅÄÖ][a-zåäöé-]{{1,30}})"
    r"|(?<![\w-])(?P<first>[A-ZÅÄÖ][a-zåäöé-]{1,30})(?:,\s[A-ZÅÄÖ][a-zåäöé-]{1,30}){0,4}\soch\s[A-ZÅÄÖ][a-zåäöé-]{1,30}\skommuner(?!\w)"
)
_VOWELS = "aeiouyåäöé"
_KOMMUN = re.compile(r"[A-ZÅÄÖ][\w -]{1,50}\s(?:kommun|stad)", re.IGNORECASE)
_LONGEST_TYPE = len("delegationsordning")
_TOP = 1_500
#: Capitalised because they begin a sentence, or kinds of municipality in general.
_NOT_NAMES = frozenset(
    "i för inom hela denna vår varje alla en ett den och av till från hos som att antagen antaget policy plan "
    "integrationspolicy er "
    "sveriges svensk svenska egen andra annan respektive mellan med om vid gäller samtliga ingen någon "
    "kommunen på stor liten "
    "hållbar attraktiv öppen trygg levande jämställd växande modern framtidens sverige är vi när detta dess "
    "vilken".split()
)
_PLACES = frozenset(
    "norra södra västra östra nya gamla stora lilla övre nedre yttre inre mellersta upplands sankt".split()
)
_WORD = re.compile(r"[^\W\d_]+")
#: A word inside a sentence: one in small letters stands before it.
_AMID = re.compile(r"(?<=[a-zåäö,] )[^\W\d_]+")
_ENDS_TYPE = tuple(
    sorted((word for word in DOCUMENT_TYPES if DOCUMENT_TYPES[word] not in VAGUE_TYPES), key=len, reverse=True)
)
_YEARS_ALONE = re.compile(r"(?:för |åren |gäller )?(?:19|20)\d\d(?:\s{0,2}[-–—]\s{0,2}(?:19|20)?\d\d)?", re.IGNORECASE)
#: Lines at the top that are neither type nor title.
_NO_TITLE = re.compile(
    r"\b\w*(?:kontoret|förvaltningen|nämnden|avdelningen|enheten)\b|\b(?:kommuns?|stad|fullmäktige|kommunstyrelsen|författningssamling|inledning|innehåll|"
    r"innehållsförteckning|antagandehandling|remissversion|bakgrund|syfte|dnr|antagen|antaget|fastställd|reviderad|startsida)\b|\d{4}-\d\d|\d\s?\(\d",
    re.IGNORECASE,
)
#: Whose a title is: "Systematiskt arbetsmiljöarbete i Vitsjö kommun".
_OF_WHOM = re.compile(r"(?<=\w\s)(?:i|för|inom)\s[A-ZÅÄÖ][\w -]{1,40}\skommun$")
_DECIDED = re.compile(r"antagen|antaget|antagna|fastställ[dt]|beslutad|beslutat")
_KEY = re.compile(r"[a-z_]+:\s")  # of a table of properties above the text
_LADDER = 3  #: as many types in a row are the ladder of all types
_RUNNING = 2  #: a line that comes again is a running header
_SHORTEST_TITLE = 4
_TOP_LINES = 40
_LONGEST_TITLE = 160
_LONGEST_PARAGRAPH = 8
_POINT = re.compile(r"(?<!\d)\.(?:$|\s+[A-ZÅÄÖ])")


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
        return _on_two_lines(text) or _by_council(text)
    best = written[names.most_common(1)[0][0]]
    if best.isupper():
        best = _WORD.sub(lambda word: word[0].capitalize(), best)
    name, kind = best.rsplit(" ", 1)
    return f"{name} {kind.lower()}"


def _by_council(text: str) -> str | None:
    """Return the municipality whose council or board the text names, where its own name is never written out."""
    for match in _BY_COUNCIL.finditer(text[:200_000]):
        name = match["whose"] or match["place"] or match["first"]
        if name.lower() in _NOT_NAMES:
            continue
        base = name.removesuffix("s") if not match["place"] else name
        if base[-1] in _VOWELS:  # "Tallhedas fullmäktige", but "Tallheda kommun"; "Borås" keeps its own s
            alone = base == name or re.search(rf"(?<![\w-]){re.escape(base)}(?![\w-])", text)
            return f"{base if alone else name} kommun"
        return f"{name if name.endswith(('s', 'x', 'z')) else f'{name}s'} kommun"
    return None


def _on_two_lines(text: str) -> str | None:
    """Return the municipality whose name and kind are two lines at the top, as its arms print them."""
    match = _ARMS.search(text[:_TOP])
    name = _without_first_words(match["name"].strip()) if match else None
    if match is None or name is None:
        return None
    return f"{_WORD.sub(lambda word: word[0].capitalize(), name)} {match['kind'].lower()}"


def read_title(lines: Sequence[Line], fields: Sequence[Field]) -> str | None:
    """Return the first line at the top that names a type of document and is no field, ladder of types or sentence.

    A title that goes on in the next line is joined. Where the type stands apart ("POLICY", "Dokumenttyp:"), the
    first line that could be a title is one, though it names no type.
    """
    top = [(number, text) for number, line in enumerate(lines[:_TOP_LINES]) if (text := _unlabelled(line, fields))]
    seen = Counter(line.text.lower() for line in lines)
    top = [
        (number, text) for number, text in top if _may_be_title(lines[number], text) and not _is_prose(lines, number)
    ]
    typed = [(number, text) for number, text in top if type_of(text)]
    if not typed:
        vague = (number for number, text in top if _is_vaguely_typed(text))
        if (number := next(vague, None)) is not None:
            return _joined(lines[number].text, lines, number, fields)
        return _title_without_type(lines, top, fields)
    once = [(number, text) for number, text in typed if seen[lines[number].text.lower()] < _RUNNING]
    number, text = (once if "   " in lines[typed[0][0]].text and once else typed)[0]
    return without_numbering(text) if text.startswith("#") else _joined(text, lines, number, fields)


def _is_prose(lines: Sequence[Line], number: int) -> bool:
    """Tell whether a line stands within a sentence that ends with a point further on, or began further up."""
    line = lines[number]
    if line.text[:1].islower():
        return True
    for at in range(number, min(number + _LONGEST_PARAGRAPH, len(lines) - 1)):
        after = lines[at + 1]
        if after.gap or after.marker or not after.text[:1].islower():
            return False
        if _POINT.search(after.text):
            return True
    return False


def _unlabelled(line: Line, fields: Sequence[Field]) -> str:
    """Return the first column of a line as far as no field begins there."""
    start = min((one.start for one in fields if line.start <= one.start <= line.end), default=None)
    if any(one.start < line.start < one.end for one in fields):
        return ""
    text = line.text if start is None else line.text[: start - line.start]
    cells = CELLS.split(text.strip(" *_|#/") if start is not None else text.strip(" *_|"))
    named = len(cells) > 1 and _KOMMUN.fullmatch(cells[0]) and type_of(cells[1]) and len(cells[1]) > _LONGEST_TYPE
    first = cells[1] if named else cells[0]  # whose it is, beside what it is
    return _without_ladder(first)


def _without_ladder(text: str) -> str:
    """Drop the types that a line lists before its title: "Strategi Program Plan Policy Riktlinjer för resor"."""
    words = text.split(" ")
    types = next((at for at, word in enumerate(words) if word.lower() not in DOCUMENT_TYPES), 0)
    return " ".join(words[types - 1 :]) if types >= _LADDER else text


def _joined(text: str, lines: Sequence[Line], number: int, fields: Sequence[Field]) -> str:
    """Add the next line, where it goes on with small letters or says for which years."""
    if number + 1 >= len(lines) or lines[number + 1].gap or lines[number + 1].marker:
        return text
    more = _unlabelled(lines[number + 1], fields)
    if _YEARS_ALONE.fullmatch(more):
        return f"{text} {more}"
    if text.rsplit(maxsplit=1)[-1].lower() in PREPOSITIONS and more and len(text) + len(more) < _LONGEST_TITLE:
        return _joined(f"{text} {more}", lines, number + 1, fields)
    capitals = text.isupper() and more.isupper() and more.split()[0].lower() in PREPOSITIONS
    goes_on = (more[:1].islower() or capitals) and not more.endswith((".", ":", ",")) and not MODAL_WORD.search(more)
    if not goes_on or len(text) + len(more) >= _LONGEST_TITLE:
        return text
    opens = more.lower() in PREPOSITIONS  # "Biblioteksplan / för / Kvistrums kommun"
    return _joined(f"{text} {more}", lines, number + 1, fields) if opens else f"{text} {more}"


def _is_vaguely_typed(text: str) -> bool:
    """Tell whether a line is named after no more than a document, for something: "Styrdokument för krisberedskap"."""
    first, *rest = text.lower().split()
    return DOCUMENT_TYPES.get(first) in VAGUE_TYPES and rest[:1] != [] and rest[0] in {"för", "om", "kring"}


def in_ordinary_letters(title: str, text: str, municipality: str | None) -> str:
    """Return a title in capitals as the text would write it: each word as it stands inside sentences, else small."""
    first, _, rest = title.partition(" ")
    if (
        rest and not title.isupper() and first.isupper() and first.lower().endswith(_ENDS_TYPE)
    ):  # "SKOGSPOLICY för Ekvik"
        return f"{first.capitalize()} {rest}"
    if not title.isupper() or len(title) < _SHORTEST_TITLE:
        return title
    names = set((municipality or "").split()[:-1])
    written = {word.lower(): word for word in _AMID.findall(text) if not word.islower()}
    small = {word for word in _WORD.findall(text) if word.islower()}

    def spelled(match: re.Match[str]) -> str:
        word = match[0].lower()
        name = next((name for name in names if name.lower() == word), None)
        return name or (word if word in small else written.get(word, word))

    said = _WORD.sub(spelled, title)
    return said[0].upper() + said[1:]


def _title_without_type(lines: Sequence[Line], top: Sequence[tuple[int, str]], fields: Sequence[Field]) -> str | None:
    if type_apart(lines) is None and not any(one.label is Label.DOCUMENT_TYPE and one.value for one in fields):
        return None
    possible = (
        (number, text)
        for number, text in top
        if len(text) > _SHORTEST_TITLE and not _NO_TITLE.search(_OF_WHOM.sub("", text))
    )
    number, text = next(possible, (0, ""))
    return _joined(text, lines, number, fields) if text else None


def type_of(title: str) -> str | None:
    """Return the type of document that a title or a type field names; the first word that does decides."""
    words = [word.lower() for word in re.findall(r"[\w-]+", title[:_LONGEST_TITLE])]
    for word in words:
        for ending in _ENDS_TYPE:
            if word == ending or (word.endswith(ending) and len(ending) > 3 and len(word) > len(ending) + 1):
                return DOCUMENT_TYPES[ending]
    return None


def type_apart(lines: Sequence[Line]) -> str | None:
    """Return the type that a line at the top names alone ("POLICY") or as adopted, for a title that names none."""
    for line in lines[:_TOP_LINES]:
        words = line.text.strip(" *_#").lower().split()
        decided = len(words) > 1 and _DECIDED.match(words[1])
        if words and words[0] in DOCUMENT_TYPES and (len(words) == 1 or decided):
            return DOCUMENT_TYPES[words[0]]
    return None


def _may_be_title(line: Line, text: str) -> bool:
    words = [word.lower() for word in re.findall(r"[\w-]+", text[: _LONGEST_TITLE + 1])]
    if (
        not words
        or len(text) > _LONGEST_TITLE
        or line.marker
        or text.endswith((".", ":", ";", ","))
        or _KEY.match(text)
        or text.count(" / ") > 1  # the path to a page
    ):
        return False
    types = sum(1 for word in words if word in DOCUMENT_TYPES)
    if types == len(words) or types >= _LADDER:  # the running header, or the ladder of types
        return False
    says_who_acts = any(hit.form is Form.PRESENT for hit in find_actions(text))  # "November: enheterna tar fram …"
    return not MODAL_WORD.search(text) and not says_who_acts


def _without_first_words(name: str) -> str | None:
    """Return the name itself, of two words only where the first tells places apart: "Norra Ängby"."""
    words = name.split()
    while words and words[0].lower() in _NOT_NAMES:
        words = words[1:]
    if not words or not all(word[0].isupper() for word in words):
        return None
    if any(word.lower().endswith(("policy", "plan", "program", "strategi", "riktlinjer")) for word in words):
        return None
    first = next((at for at, word in enumerate(words) if word.lower() in _PLACES), len(words) - 1)
    return " ".join(words[first:])
