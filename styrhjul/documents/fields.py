"""Label and value pairs: "Antagen av: Kommunfullmäktige", the value below, several pairs on one line without colons.

Here is which labels exist and where a value begins and ends. What a value means is told in `metadata` and `duties`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from styrhjul.documents.sections import Line


class Label(StrEnum):
    """What a label stands for. The last four bound other values or carry rules; they are no metadata of their own."""

    DIARY_NUMBER = "diary_number"
    ADOPTED_BY = "adopted_by"
    ADOPTED_ON = "adopted_on"
    DRAWN_UP_ON = "drawn_up_on"
    PARAGRAPH = "paragraph"
    VERSION = "version"
    VALID_FROM = "valid_from"
    VALID_UNTIL = "valid_until"
    LAST_REVISED_ON = "last_revised_on"
    OWNER = "owner"
    REPLACES = "replaces"
    DOCUMENT_TYPE = "document_type"
    TITLE = "title"
    MUNICIPALITY = "municipality"
    REVISED_BY = "revised_by"
    FOLLOWED_UP_BY = "followed_up_by"
    REVISION_RULE = "revision_rule"
    FOLLOW_UP_RULE = "follow_up_rule"
    OTHER = "other"


_WORDS: dict[Label, str] = {
    Label.DIARY_NUMBER: (
        "diarienummer|diarienr|diarie-nr|diarie nr|dnr|d-nr|ärendenummer|ärendenr|änr|antagande dnr|"
        "diariebeteckning|diarieförd|ärendebeteckning"
    ),
    Label.ADOPTED_BY: (
        "antagen av|antaget av|antagna av|antas av|fastställd av|fastställt av|fastställda av|beslutad av|"
        "beslutat av|beslutade av|beslutande organ|beslutande instans|beslutsinstans|beslutsorgan|beslutande|"
        "beslutsfattare|beslutad i|antagen i|dokumentet är beslutat av|dokumentet är antaget av|utfärdad av|"
        "utfärdat av|godkänd av|fastställare|beslutsnivå|antagande instans|antagandeinstans"
    ),
    Label.ADOPTED_ON: (
        "antagen|antaget|antagen den|antaget den|fastställd|fastställt|fastställd den|beslutad|beslutat|"
        "beslutandedatum|beslutsdatum|datum för beslut|för beslut|dokumentet beslutades den|antagande|"
        "antagandedatum|antagningsdatum|beslutad den|datum för antagande|datum för fastställande|"
        "fastställandedatum|fastställelsedatum|beslut|datum fastställd|datum antagen"
    ),
    Label.DRAWN_UP_ON: "datum|dokumentdatum|upprättad|upprättad den|upprättat|skapad|skapad den",
    Label.PARAGRAPH: "paragraf|beslutsparagraf|paragrafnummer|paragrafnr|beslutsparagraf nr|protokollsparagraf|§",
    Label.VERSION: "version|versionsnummer|versionsnr|version nr|utgåva|rev\\.",
    Label.VALID_FROM: (
        "giltig från|giltigt från|giltig från och med|giltig fr\\.o\\.m\\.|giltig fr o m|gäller från|"
        "gäller från och med|gäller fr\\.o\\.m\\.|gäller fr o m|giltighetstid fr\\. o\\. m\\.|"
        "giltighetstid fr\\.o\\.m\\.|att gälla från|att gälla från och med|träder i kraft|ikraftträdande|"
        "gällande från|gällande från och med|börjar gälla"
    ),
    Label.VALID_UNTIL: (
        "giltig till|giltigt till|giltig till och med|giltig t\\.o\\.m\\.|giltig t o m|giltighetstid|giltighet|"
        "gäller till|gäller till och med|gäller t\\.o\\.m\\.|gäller t o m|dokumentet gäller till den|"
        "dokumentet gäller till och med|dokumentet gäller till|gällande till|gäller längst till|slutdatum|"
        "upphör att gälla"
    ),
    Label.LAST_REVISED_ON: (
        "senast reviderad|senast reviderat|senaste revidering|senast reviderad den|reviderad datum|reviderad|"
        "reviderat|reviderad den|revideringsdatum|reviderat datum|datum för revidering|"
        "datum för senaste revidering|rev|senast uppdaterad|uppdaterad|dokumentet uppdaterat den|senast ändrad|"
        "ändrad|revisionsdatum"
    ),
    Label.OWNER: (
        "dokumentansvarig|dokumentansvarig funktion|dokumentansvar|dokumentägare|dokumentansvarig är|ansvarig|"
        "ansvarig tjänsteman|ansvarig tjänsteperson|ansvarig verksamhet|ansvarig för dokumentet|"
        "dokumentansvarig i förvaltningen|dokumentansvarig enhet|dokumentansvarig på politisk nivå|"
        "dokumentansvarig på tjänstemannanivå|dokumentansvarig på tjänstepersonsnivå|ansvarig nämnd|"
        "ansvarig förvaltning|ansvarig funktion|ansvarig handläggare|ansvarig enhet|ansvarig avdelning|ägare|"
        "dokumentets ägare|handläggare|ansvarig chef|ansvarig för policyn|ansvarig för planen|kontaktperson|"
        "innehållsansvarig"
    ),
    Label.REPLACES: (
        "ersätter|dokumentet ersätter|ersätter tidigare versioner|ersätter tidigare version|"
        "ersätter tidigare dokument|ersätter dokument|ersätter beslut|tidigare version|tidigare versioner|upphäver"
    ),
    Label.DOCUMENT_TYPE: "dokumenttyp|typ av dokument|typ av styrdokument|styrdokumentstyp|dokumentkategori|typ",
    Label.TITLE: "namn på dokumentet|dokumentnamn|dokumentets namn|titel|dokumenttitel|rubrik|namn",
    Label.MUNICIPALITY: "kommun",
    Label.REVISED_BY: (
        "revideringsansvarig|ansvarig för revidering|för revidering ansvarar|för revidering av dokumentet ansvarar|"
        "revidering ansvarar|ansvarig för uppdatering|ansvar för revidering|revisionsansvarig"
    ),
    Label.FOLLOWED_UP_BY: (
        "uppföljningsansvarig|ansvarig för uppföljning|för uppföljning ansvarar|"
        "för uppföljning av dokumentet ansvarar|för uppföljning av planen ansvarar|ansvar för uppföljning"
    ),
    Label.REVISION_RULE: (
        "revideras|revideringsintervall|tidpunkt för aktualitetsprövning|uppdateras|aktualitetsprövas|"
        "aktualitetsprövning|ses över|revidering|revideras senast|översyn|revideringsfrekvens|nästa revidering|"
        "nästa revision|ska revideras|uppdateringsintervall|tidpunkt för revidering|revisionsintervall|"
        "aktualitetsprövas senast"
    ),
    Label.FOLLOW_UP_RULE: (
        "följas upp|följs upp|ska följas upp|uppföljning|uppföljningsintervall|tidpunkt för uppföljning|utvärderas|"
        "uppföljning sker|uppföljningsfrekvens"
    ),
    Label.OTHER: (
        "gäller för|dokumentet gäller för|gäller för målgruppen|målgrupp|omfattning|omfattar|"
        "relaterade styrdokument|relaterade dokument|kontakt|telefon|e-post|webbplats|sida|sidan|"
        "författningssamling|adress|postadress|besöksadress|org\\.nr|upprättad av|författare|framtagen av|"
        "publicerad|publicering|fastställs av|diarieplan|säkerhetsklass|status|bilagor|bilaga|lagstöd|"
        "uppdragsgivare|handlingstyp|process|sekretess|kommentar|skapad av|reviderad av|uppdaterad av|"
        "beslutsunderlag"
    ),
}

#: Words that begin ordinary lines too: only a colon makes them labels.
_NEEDS_COLON = frozenset({Label.TITLE, Label.MUNICIPALITY, Label.FOLLOWED_UP_BY, Label.FOLLOW_UP_RULE})
_COLON_WORDS = frozenset(
    "beslut|beslutande|revidering|översyn|ägare|typ|namn|kommun|rubrik|titel|aktualitetsprövning|giltighet|"
    "antagande|omfattning|"
    "ansvarig|handläggare|ändrad|rev|process|status|bilaga|bilagor|kontakt|målgrupp|lagstöd|kommentar|omfattar|"
    "adress|ses över|"
    "uppdateras|revideras|träder i kraft|uppdaterad|tidigare version|publicering|sekretess|upphäver|"
    "aktualitetsprövas".split("|")
)
_ALL = sorted(
    ((word, label) for label, words in _WORDS.items() for word in words.split("|")), key=lambda pair: -len(pair[0])
)
_MEANING = {word.replace("\\", ""): label for word, label in _ALL}
_LABEL = re.compile(
    rf"(?:(?<=^)|(?<=\s)|(?<=\|))(?P<word>{'|'.join(word for word, _ in _ALL)})(?P<mark>\s?[:;]|(?=[\s|]|$))",
    re.IGNORECASE,
)
_LONGEST_LINE = 400
_TOP_LINES = 80
_END_LINES = 40


@dataclass(frozen=True, slots=True)
class Field:
    """A label with its value, empty where the label stands alone. Offsets in the clean text cover both."""

    label: Label
    word: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Found:
    label: Label
    word: str
    at: int
    value_at: int
    colon: bool


def read_fields(lines: list[Line]) -> tuple[list[Field], set[int]]:
    """Return the fields in order, and the numbers of the lines they use up."""
    fields: list[Field] = []
    used: set[int] = set()
    for number, line in enumerate(lines):
        if number in used or not (number < _TOP_LINES or number >= len(lines) - _END_LINES):
            continue
        found = list(_labels(line))
        if not found:
            continue
        used.add(number)
        fields += _pairs(line, found)
        last = fields[-1]
        after = lines[number + 1] if number + 1 < len(lines) else None
        if not last.value and after is not None and _may_be_value(after):
            fields[-1] = Field(last.label, last.word, after.text, last.start, after.end)
            used.add(number + 1)
    return fields, used


def _may_be_value(line: Line) -> bool:
    near = line.gap == 0 or (line.gap == 1 and line.text[:1].isdigit())
    return near and not line.marker and len(line.text) <= 80 and not line.text.endswith(".") and not list(_labels(line))


def _labels(line: Line) -> Iterator[_Found]:
    text = line.text
    if len(text) > _LONGEST_LINE or line.marker:
        return
    first = True
    for match in _LABEL.finditer(text):
        found = _Found(_meaning(match["word"]), match["word"], match.start(), match.end(), bool(match["mark"].strip()))
        if first and (match.start() > 0 or not _is_label(text, found)):
            return
        if first or _is_later_label(text, found):
            first = False
            yield found


def _meaning(word: str) -> Label:
    return _MEANING.get(word.lower(), Label.OTHER)


def _is_label(text: str, found: _Found) -> bool:
    if found.colon:
        return True
    rest = text[found.value_at :].strip()
    if not found.word[0].isupper() and found.word != "§":
        return False
    if not rest:  # a label on a line of its own, the value below
        return found.label not in _NEEDS_COLON and found.word.lower() not in _COLON_WORDS
    if found.label is Label.ADOPTED_BY and re.match(r"kommun(?:fullmäktige|styrelsen)\b|[\w-]{1,40}nämnden\b", rest):
        return not rest.endswith(".")
    if rest.endswith(".") or len(rest) > 160 or rest[0].islower():
        return _wide(text, found.value_at) and not rest.endswith(".")
    return _wide(text, found.value_at) or (found.label not in _NEEDS_COLON and found.word.lower() not in _COLON_WORDS)


def _is_later_label(text: str, found: _Found) -> bool:
    """On a line that begins with a label, another stands after a wide space or with a capital letter of its own."""
    if text[: found.at].endswith(("  ", "|", "| ")):
        return _is_label(text, found) or found.word[0].isupper()
    return found.word[0].isupper() and (
        found.colon or (found.word.lower() not in _COLON_WORDS and found.label not in _NEEDS_COLON)
    )


def _wide(text: str, at: int) -> bool:
    return text[at : at + 2] == "  "


def _pairs(line: Line, found: list[_Found]) -> Iterator[Field]:
    for number, one in enumerate(found):
        until = found[number + 1].at if number + 1 < len(found) else len(line.text)
        value = line.text[one.value_at : until]
        if "   " in value.strip():  # a second column that has no label
            value = value[: len(value) - len(value.lstrip())] + value.strip().split("   ")[0]
        value = value.rstrip(" ,|;")
        end = one.value_at + len(value) if value.strip() else one.value_at
        yield Field(one.label, one.word, value.strip(" |\t"), line.start + one.at, line.start + end)


def is_bare_label(text: str) -> bool:
    """Tell whether a text is a label and nothing else: "Antagen av", "Dnr:"."""
    text = text.strip()
    match = _LABEL.match(text[:_LONGEST_LINE])
    if match is None or text[match.end() :]:
        return False
    return _is_label(text, _Found(_meaning(match["word"]), match["word"], 0, match.end(), bool(match["mark"].strip())))
