"""A report in a municipality's own Word template: its styles, page and letterhead around our text.

The template is a stranger's file. Nothing in it is run or fetched; `word_template` has this done behind a locked door.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy

from lxml import etree

from styrhjul.documents.formats.packed import Packed, parse_xml
from styrhjul.documents.formats.trouble import CannotRead
from styrhjul.reports.word_body import WIDTH_TWIPS, R, W
from styrhjul.reports.zipped import zipped
from styrhjul.services.reports.word_content import TemplateRefused
from styrhjul.services.reports.word_package import (
    DOCUMENT,
    PR,
    ROOT_RELATIONS,
    TYPES,
    Relation,
    relations_of,
    surviving,
)

_STYLES, _CORE = "word/styles.xml", "docProps/core.xml"
_CT = "http://schemas.openxmlformats.org/package/2006/content-types"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
#: What our styles are called by every Word, whatever its language.
_NAMES = {
    "Title": "title",
    "Subtitle": "subtitle",
    "Heading1": "heading 1",
    "Heading2": "heading 2",
    "TableGrid": "table grid",
}
_ENDINGS = {
    "rels": "application/vnd.openxmlformats-package.relationships+xml",
    "xml": "application/xml",
    "png": "image/png",
    "svg": "image/svg+xml",
}
_CORE_KIND = "application/vnd.openxmlformats-package.core-properties+xml"
#: Unpacked; a letterhead with pictures is a tenth of it.
_MOST_BYTES = 40_000_000
_OWN = "styrhjul"


def dress(template: bytes, ours: bytes) -> bytes:
    """Return our Word file with everything around its text from the template. Raises TemplateRefused.

    The template's own text goes, and who wrote it; its page, headers, footers and styles stay. A style it lacks is
    ours.
    """
    own = _parts(Packed(ours))
    text = parse_xml(own[DOCUMENT])
    try:
        parts = _parts(Packed(template))
        document = parse_xml(parts[DOCUMENT])
        body = _emptied(document)
        found = surviving(parts, document)
        styles = found.trees[_STYLES]
    except (CannotRead, KeyError):
        raise TemplateRefused from None
    _name_styles(text, _named(styles, parse_xml(own[_STYLES])))
    found.relations.setdefault(DOCUMENT, []).extend(_take_pictures(text))
    _fill(body, text)
    pictures = {f"word/media/{_OWN}-{name.rpartition('/')[2]}": own[name] for name in own if "/media/" in name}
    relations = {relations_of(name): _told(name, found.relations[name]) for name in found.relations}
    written = {name: _written(root) for name, root in {**found.trees, **relations}.items()}
    written |= {**found.pictures, **pictures, ROOT_RELATIONS: own[ROOT_RELATIONS], _CORE: own[_CORE]}
    return zipped({TYPES: _written(_types({**found.types, _CORE: _CORE_KIND})), **dict(sorted(written.items()))})


def _parts(packed: Packed) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    left = _MOST_BYTES
    for name in sorted(packed.names):
        if not name.endswith("/"):
            parts[name] = packed.read(name, left)
            left -= len(parts[name])
    return parts


def _types(kinds: Mapping[str, str]) -> etree._Element:
    root = etree.Element(f"{{{_CT}}}Types", nsmap={None: _CT})
    for ending, kind in _ENDINGS.items():
        etree.SubElement(root, f"{{{_CT}}}Default", Extension=ending, ContentType=kind)
    for name, kind in sorted(kinds.items()):
        etree.SubElement(root, f"{{{_CT}}}Override", PartName=f"/{name}", ContentType=kind)
    return root


def _told(name: str, relations: list[Relation]) -> etree._Element:
    root = etree.Element(f"{{{PR}}}Relationships", nsmap={None: PR})
    for each in relations:
        told = etree.SubElement(root, f"{{{PR}}}Relationship", Id=each.id, Type=f"{R}/{each.kind}")
        if each.is_outward:
            told.set("TargetMode", "External")
        way_up = "../" * (name.count("/") - 1)  # everything kept is in word/
        told.set("Target", each.target if each.kind == "hyperlink" else way_up + each.target.removeprefix("word/"))
    return root


def _drop(root: etree._Element, tag: str) -> None:
    for each in root.findall(tag):
        root.remove(each)


def _named(styles: etree._Element, own: etree._Element) -> Mapping[str, str]:
    """Return the template's id for each of our styles; what it has no style for gets ours."""
    theirs = {
        (name.get(f"{{{W}}}val") or "").lower(): style.get(f"{{{W}}}styleId") or ""
        for style in styles.findall(f"{{{W}}}style")
        if (name := style.find(f"{{{W}}}name")) is not None
    }
    found = {}
    for style in own.findall(f"{{{W}}}style"):
        style_id = style.get(f"{{{W}}}styleId") or ""
        if style_id not in _NAMES:
            continue
        if known := theirs.get(_NAMES[style_id]):
            found[style_id] = known
            continue
        found[style_id] = f"{_OWN}{style_id}"
        added = deepcopy(style)
        added.set(f"{{{W}}}styleId", found[style_id])
        for reference in ("basedOn", "next"):
            _drop(added, f"{{{W}}}{reference}")
        styles.append(added)
    return found


def _name_styles(text: etree._Element, named: Mapping[str, str]) -> None:
    for each in text.iter(f"{{{W}}}pStyle", f"{{{W}}}tblStyle"):
        each.set(f"{{{W}}}val", named[each.get(f"{{{W}}}val") or ""])


def _take_pictures(text: etree._Element) -> Iterator[Relation]:
    """Give our pictures names that the template has not used."""
    for each in text.iter():
        number = each.get(f"{{{R}}}embed")
        if number:
            each.set(f"{{{R}}}embed", f"{_OWN}-{number}")
            target = f"word/media/{_OWN}-image{number[3:]}.{number[:3]}"
            yield Relation(f"{_OWN}-{number}", "image", target, is_outward=False)


def _emptied(document: etree._Element) -> etree._Element:
    """Take the template's text away, and return its body: what says how its last page looks, if anything does."""
    body = document.find(f"{{{W}}}body")
    if body is None:
        raise TemplateRefused
    page = body.find(f"{{{W}}}sectPr")
    for each in list(body):
        if each is not page:
            body.remove(each)
    return body


def _fill(body: etree._Element, text: etree._Element) -> None:
    """Put our text where the template's was, as wide as its page is."""
    own = text[0]
    page = body.find(f"{{{W}}}sectPr")
    if page is not None:
        own.remove(own[-1])
        _widen(own, _room(page))
    else:  # our own page, without the head and foot that lie in our file
        own[-1][:] = [each for each in own[-1] if each.get(f"{{{R}}}id") is None]
    body[:] = [*own, *([page] if page is not None else [])]


def _room(page: etree._Element) -> int:
    """Return what lies between the margins, in twentieths of a point; ours where the template does not say."""
    size, margins = page.find(f"{{{W}}}pgSz"), page.find(f"{{{W}}}pgMar")
    try:
        wide = int(size.get(f"{{{W}}}w", "")) if size is not None else 0
        taken = sum(int(margins.get(f"{{{W}}}{side}", "")) for side in ("left", "right")) if margins is not None else 0
    except ValueError:
        return WIDTH_TWIPS
    return wide - taken if WIDTH_TWIPS // 2 < wide - taken < WIDTH_TWIPS * 2 else WIDTH_TWIPS


def _widen(text: etree._Element, room: int) -> None:
    for each, names in _measured(text):
        for name in names:
            each.set(name, str(int(each.get(name, "0")) * room // WIDTH_TWIPS))


def _measured(text: etree._Element) -> Iterator[tuple[etree._Element, tuple[str, ...]]]:
    for each in text.iter(f"{{{W}}}tblW", f"{{{W}}}gridCol", f"{{{W}}}tcW"):
        yield each, (f"{{{W}}}w",)
    drawings = "http://schemas.openxmlformats.org/drawingml/2006/main"
    for each in text.iter(f"{{{_WP}}}extent", f"{{{drawings}}}ext"):
        if each.get("cx"):
            yield each, ("cx", "cy")


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
