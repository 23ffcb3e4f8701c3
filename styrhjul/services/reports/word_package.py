"""What survives of a stranger's Word file: the parts that a letterhead needs, and the threads between them anew.

Nothing is believed of what it says about itself: a part is what the thread that leads to it says, a picture is what its
bytes say. What some Word files have and no letterhead needs is left out; whatever else is there is refused.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from lxml import etree

from styrhjul.documents.formats.packed import parse_xml
from styrhjul.reports.word_body import R
from styrhjul.services.reports.word_content import TemplateRefused, references, tidy

TYPES, DOCUMENT, ROOT_RELATIONS = "[Content_Types].xml", "word/document.xml", "_rels/.rels"
PR = "http://schemas.openxmlformats.org/package/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_KINDS = {
    "officeDocument": f"{_WORD}.document.main+xml",
    "styles": f"{_WORD}.styles+xml",
    "settings": f"{_WORD}.settings+xml",
    "numbering": f"{_WORD}.numbering+xml",
    "fontTable": f"{_WORD}.fontTable+xml",
    "header": f"{_WORD}.header+xml",
    "footer": f"{_WORD}.footer+xml",
    "theme": "application/vnd.openxmlformats-officedocument.theme+xml",
}
#: Is there only as long as something points at it.
_POINTED_AT = frozenset({"header", "footer", "image", "hyperlink"})
#: Left out wherever it stands, with all it leads to: its own text is gone, and ours needs none of it.
_LEFT_OUT = re.compile(
    "webSettings|customXml|comments(?:Extended|Ids|Extensible)?|people|glossaryDocument|footnotes|endnotes"
    "|stylesWithEffects|printerSettings|attachedTemplate|font|hdphoto|thumbnail|(?:core|extended|custom)-properties"
)
_NAME = re.compile(r"word/(?:[A-Za-z0-9_-]+/)?[A-Za-z0-9_-]+\.[A-Za-z]{1,8}")
_LINK = re.compile(r"(?:https?://|mailto:|#)[^\s]+", re.IGNORECASE)
#: A picture's kind by how its bytes begin: programs go by them, whatever it is called.
_PICTURES = (
    (0, b"\x89PNG", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF8", "image/gif"),
    (0, b"BM", "image/bmp"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"\xd7\xcd\xc6\x9a", "image/x-wmf"),
    (0, b"\x01\0\x09\0", "image/x-wmf"),
    (40, b" EMF", "image/x-emf"),
)


class Relation(NamedTuple):
    """A thread from one part to another, or out of the file."""

    id: str
    kind: str
    target: str
    is_outward: bool


class Survivors(NamedTuple):
    """What is left, by name: parts of XML, pictures, what each part leads to, and what each is."""

    trees: dict[str, etree._Element]
    pictures: dict[str, bytes]
    relations: dict[str, list[Relation]]
    types: dict[str, str]


def surviving(parts: Mapping[str, bytes], document: etree._Element) -> Survivors:
    """Return what a letterhead needs, `document` standing for the document. Raises TemplateRefused."""
    _refuse_twins(parts)
    found, known = Survivors({}, {}, {}, {}), {TYPES, ROOT_RELATIONS}
    waiting = [("", "")]
    while waiting:
        name, kind = waiting.pop()
        known |= {name, relations_of(name)}
        if name in found.types:
            continue
        used = _taken(found, name, kind, document if name == DOCUMENT else parts.get(name, b""))
        for each in _relations(parts, name):
            if not _stays(each, used, name):
                known |= set(_led_to(parts, each))
                continue
            found.relations.setdefault(name, []).append(each)
            waiting += _reached(parts, each)
        _refuse_dangling(name, used, found.relations.get(name, []))
    _refuse_unknown(set(parts) - known)
    if found.types.get(DOCUMENT) != _KINDS["officeDocument"]:
        raise TemplateRefused
    return found


def _taken(found: Survivors, name: str, kind: str, content: bytes | etree._Element) -> dict[str, str]:
    """Keep a part; return what it points at."""
    if not name:
        return {}
    if kind == "image" and isinstance(content, bytes):
        found.pictures[name], found.types[name] = content, _picture(name, content)
        return {}
    root = parse_xml(content) if isinstance(content, bytes) else content
    tidy(root)
    found.trees[name], found.types[name] = root, _KINDS.get(kind, "")
    return references(root, name)


def _picture(name: str, content: bytes) -> str:
    for start, mark, kind in _PICTURES:
        if content.startswith(mark, start):
            return kind
    raise TemplateRefused(
        f"Mallen har en bild ({name}) av ett slag som inte får följa med. Spara den som PNG eller JPEG."
    )


def relations_of(name: str) -> str:
    """Return the name of the part that holds another's threads; the whole file's for an empty name."""
    folder, _, own = name.rpartition("/")
    return f"{folder}/_rels/{own}.rels".lstrip("/")


def _relations(parts: Mapping[str, bytes], name: str) -> Iterator[Relation]:
    told = parts.get(relations_of(name))
    root = parse_xml(told) if told is not None else ()
    if len({each.get("Id") for each in root}) != len(root):
        raise _not_whole(f"två hänvisningar i {name} har samma id")
    for each in root:
        target, mode = each.get("Target") or "", each.get("TargetMode", "Internal")
        if mode == "Internal" and not target.startswith("#"):
            target = posixpath.normpath(posixpath.join("/", posixpath.dirname(name), target)).lstrip("/")
        yield Relation(each.get("Id") or "", _kind_of(each.get("Type") or ""), target, mode != "Internal")


def _kind_of(told: str) -> str:
    base, _, kind = told.rpartition("/")
    return kind if base == R or _LEFT_OUT.fullmatch(kind) else told


def _stays(relation: Relation, used: Mapping[str, str], name: str) -> bool:
    """Tell whether a relation is kept; one that is left out does no harm any more. Raises TemplateRefused."""
    if _LEFT_OUT.fullmatch(relation.kind) or (relation.kind in _POINTED_AT and used.get(relation.id) != relation.kind):
        return False
    is_first = relation.kind == "officeDocument"
    if relation.kind not in {*_KINDS, *_POINTED_AT} or is_first != (not name):
        what = f"{relation.kind.rpartition('/')[2][:40]} ({relation.target[:80]})"
        raise TemplateRefused(
            f"Mallen har något som inte får följa med: {what}."
            " Ta bort makron, kontroller, diagram och inbäddade filer, och spara om den i Word som .docx."
        )
    if relation.kind == "hyperlink":
        if not _LINK.fullmatch(relation.target):
            raise TemplateRefused(
                f"Mallen har en länk som inte går till en webbplats: {relation.target[:80]}. Ta bort den."
            )
    elif relation.is_outward:
        raise TemplateRefused("Mallen hämtar något utifrån. Lägg in bilden eller texten i själva mallen.")
    return True


def _reached(parts: Mapping[str, bytes], relation: Relation) -> list[tuple[str, str]]:
    if relation.kind == "hyperlink":
        return []
    if relation.target not in parts or not _NAME.fullmatch(relation.target):
        raise _not_whole(f"den hänvisar till {relation.target[:80]}, som inte finns i den")
    return [(relation.target, relation.kind)]


def _led_to(parts: Mapping[str, bytes], relation: Relation) -> Iterator[str]:
    """Yield the parts that a thread leads to, and those they lead to."""
    waiting, seen = [relation], set[str]()
    while waiting:
        name = waiting.pop().target
        if name in parts and name not in seen:
            seen.add(name)
            yield from (name, relations_of(name))
            waiting += [each for each in _relations(parts, name) if not each.is_outward]


def _refuse_dangling(name: str, used: Mapping[str, str], relations: list[Relation]) -> None:
    kinds = {each.id: each.kind for each in relations}
    for number, kind in used.items():
        if kinds.get(number) != kind:
            raise _not_whole(f"hänvisningen {number[:40]} i {name} leder ingenstans")


def _refuse_twins(names: Iterable[str]) -> None:
    """Refuse two names that are one to Word, which does not tell large letters from small."""
    seen = set[str]()
    for name in names:
        if name.lower() in seen:
            raise _not_whole(f"den har två delar som heter {name[:80]}")
        seen.add(name.lower())


def _refuse_unknown(names: set[str]) -> None:
    if names:
        raise TemplateRefused(
            f"Mallen har en del som inget i den hör ihop med: {min(names)[:80]}. Ta bort makron, kontroller och"
            " inbäddade filer, och spara om den i Word som .docx."
        )


def _not_whole(why: str) -> TemplateRefused:
    return TemplateRefused(f"Mallen är inte hel: {why}. Spara om den i Word som .docx.")
