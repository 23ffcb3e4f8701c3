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

_TYPES, _DOCUMENT, _STYLES = "[Content_Types].xml", "word/document.xml", "word/styles.xml"
_SETTINGS, _CORE = "word/settings.xml", "docProps/core.xml"
_RELATIONS = "word/_rels/document.xml.rels"
_CT = "http://schemas.openxmlformats.org/package/2006/content-types"
_PR = "http://schemas.openxmlformats.org/package/2006/relationships"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
#: What our styles are called by every Word, whatever its language.
_NAMES = {
    "Title": "title",
    "Subtitle": "subtitle",
    "Heading1": "heading 1",
    "Heading2": "heading 2",
    "TableGrid": "table grid",
}
_ACTIVE = ("word/vba", "word/embeddings/", "word/activeX/", "customUI/")
#: Unpacked; a letterhead with pictures is a tenth of it.
_MOST_BYTES = 40_000_000
_OWN = "styrhjul"


class TemplateRefused(ValueError):
    """Mallen gick inte att använda. Spara om den i Word som .docx, utan makron och inbäddade filer."""

    def __init__(self, why: str | None = None) -> None:
        super().__init__(why or self.__doc__)


def dress(template: bytes, ours: bytes) -> bytes:
    """Return our Word file with everything around its text from the template. Raises TemplateRefused.

    The template's own text goes; its page, headers, footers and styles stay. A style it lacks is ours.
    """
    try:
        parts, own = _parts(Packed(template)), _parts(Packed(ours))
        types, document, styles = (parse_xml(parts[name]) for name in (_TYPES, _DOCUMENT, _STYLES))
        relations = parse_xml(parts.get(_RELATIONS) or own[_RELATIONS])
    except (CannotRead, KeyError):
        raise TemplateRefused from None
    _refuse_active(parts, types)
    text = parse_xml(own[_DOCUMENT])
    _name_styles(text, _named(styles, parse_xml(own[_STYLES])))
    _take_pictures(text, relations, types)
    _fill(document, text)
    parts |= {f"word/media/{_OWN}-{name.rpartition('/')[2]}": own[name] for name in own if "/media/" in name}
    if _CORE in parts:
        parts[_CORE] = own[_CORE]
    written = {_TYPES: types, _DOCUMENT: document, _STYLES: styles, _RELATIONS: relations}
    parts |= {name: _written(root) for name, root in written.items()}
    return zipped({name: parts[name] for name in sorted(parts, key=lambda name: (name != _TYPES, name))})


def _parts(packed: Packed) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    left = _MOST_BYTES
    for name in sorted(packed.names):
        if not name.endswith("/"):
            parts[name] = packed.read(name, left)
            left -= len(parts[name])
            if name.endswith((".xml", ".rels")):
                parse_xml(parts[name])  # declares nothing of its own
    return parts


def _refuse_active(parts: dict[str, bytes], types: etree._Element) -> None:
    """Refuse macros and files within; cut the thread to the template it was itself made of."""
    if any(name.startswith(_ACTIVE) for name in parts):
        raise TemplateRefused
    for each in types:
        kind = each.get("ContentType", "")
        if "macroEnabled" in kind or "vbaProject" in kind:
            raise TemplateRefused
        each.set("ContentType", kind.replace("wordprocessingml.template.main", "wordprocessingml.document.main"))
    for name in [name for name in parts if name.endswith(".rels")]:
        parts[name] = _written(_kept(parse_xml(parts[name])))
    if _SETTINGS in parts:
        settings = parse_xml(parts[_SETTINGS])
        _drop(settings, f"{{{W}}}attachedTemplate")
        parts[_SETTINGS] = _written(settings)


def _kept(relations: etree._Element) -> etree._Element:
    for each in list(relations):
        if each.get("TargetMode") != "External" or each.get("Type", "").endswith("/hyperlink"):
            continue
        if not each.get("Type", "").endswith("/attachedTemplate"):
            raise TemplateRefused("Mallen hämtar något utifrån. Lägg in bilden eller texten i själva mallen.")
        relations.remove(each)
    return relations


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


def _take_pictures(text: etree._Element, relations: etree._Element, types: etree._Element) -> None:
    """Give our pictures names that the template has not used."""
    for each in text.iter():
        number = each.get(f"{{{R}}}embed")
        if number:
            each.set(f"{{{R}}}embed", f"{_OWN}-{number}")
            target = f"media/{_OWN}-image{number[3:]}.{number[:3]}"
            relation = etree.SubElement(relations, f"{{{_PR}}}Relationship", Id=f"{_OWN}-{number}", Target=target)
            relation.set("Type", f"{R}/image")
    known = {each.get("Extension", "").lower() for each in types}
    for ending, kind in (("png", "image/png"), ("svg", "image/svg+xml")):
        if ending not in known:
            types.insert(0, etree.Element(f"{{{_CT}}}Default", Extension=ending, ContentType=kind))


def _fill(document: etree._Element, text: etree._Element) -> None:
    """Put our text where the template's was, as wide as its page is."""
    body, own = document.find(f"{{{W}}}body"), text.find(f"{{{W}}}body")
    if body is None or own is None:
        raise TemplateRefused
    page = body.find(f"{{{W}}}sectPr")
    if page is not None:
        own.remove(own[-1])
        _widen(own, _room(page))
    for each in list(body):
        body.remove(each)
    body.extend([*own, *([page] if page is not None else [])])


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
