"""What may stand in a part of a Word template: no field, reference or address that fetches or runs anything."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from styrhjul.reports.word_body import W

#: What may point at another part, with the kind of relationship that it then is.
_REFERS = {
    ("blip", "embed"): "image",
    ("imagedata", "id"): "image",
    ("fill", "id"): "image",
    ("hyperlink", "id"): "hyperlink",
    ("hlinkClick", "id"): "hyperlink",
    ("headerReference", "id"): "header",
    ("footerReference", "id"): "footer",
}
#: Fields that ask nothing of anything but the document itself; IF shows one of two texts.
_FIELD = re.compile(
    r"\s*(?:PAGE|NUMPAGES|SECTION|SECTIONPAGES|PAGEREF|STYLEREF|SEQ|IF|TITLE|SUBJECT|AUTHOR|KEYWORDS|COMMENTS"
    r"|DOCPROPERTY|FILENAME|DATE|TIME|CREATEDATE|SAVEDATE|PRINTDATE)(?=[\s\\]|$)",
    re.IGNORECASE,
)
#: Stands in a field's code where another field does: a word that is only worked out cannot be judged.
_NESTED = "\0"
#: An address, in whichever attribute it hides.
_ADDRESS = re.compile(r"//|\\\\|url\(|^\s*(?:file|javascript|mhtml|vbscript|ms-[a-z]+):", re.IGNORECASE)
#: Names and texts, which nothing follows.
_SAYS = frozenset({"uri", "descr", "title", "alt", "name", "tooltip", "prefixMappings", "xpath"})
_RUNS = frozenset({"entryMacro", "exitMacro"})
#: Better forms of a picture that is there in a plain one.
_FINER = frozenset({"svgBlip", "imgProps"})
_EMBEDDED_FONTS = ("embedRegular", "embedBold", "embedItalic", "embedBoldItalic")
_SETTINGS = re.compile(
    "zoom|mirrorMargins|alignBordersAndEdges|bordersDoNotSurround(?:Header|Footer)|gutterAtTop|displayBackgroundShape"
    "|defaultTabStop|autoHyphenation|consecutiveHyphenLimit|hyphenationZone|doNotHyphenateCaps|evenAndOddHeaders"
    "|bookFoldPrinting|drawingGrid(?:Horizontal|Vertical)Spacing|characterSpacingControl|compat|themeFontLang"
    "|clrSchemeMapping|decimalSymbol|listSeparator|defaultTableStyle"
)


class TemplateRefused(ValueError):
    """Mallen gick inte att använda. Spara om den i Word som .docx, utan makron och inbäddade filer."""

    def __init__(self, why: str | None = None) -> None:
        super().__init__(why or self.__doc__)


def tidy(root: etree._Element) -> None:
    """Take away what a letterhead does without: embedded fonts, mail merges, notes to programs."""
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    for each in list(root.iter(etree.Element)):
        name, above = _local(each), each.getparent()
        is_set = root.tag == f"{{{W}}}settings" and above is root
        is_finer = name == "ext" and any(_local(child) in _FINER for child in each)
        if above is not None and (is_finer or name in _EMBEDDED_FONTS or (is_set and not _SETTINGS.fullmatch(name))):
            above.remove(each)


def references(root: etree._Element, part: str) -> dict[str, str]:
    """Return the relationships that a part points at, by id, each with its kind.

    Raises TemplateRefused for whatever in it could fetch or run something; `part` is named in the words.
    """
    for code in _fields(root, part):
        _judge_field(code, part)
    found: dict[str, str] = {}
    for each in root.iter(etree.Element):
        if _local(each) in _RUNS:
            raise TemplateRefused(f"Mallen kör makrot {_short(each.values())} från {part}. Ta bort det.")
        for attribute, value in each.items():
            name = etree.QName(attribute)
            if (name.namespace or "").endswith("/relationships"):
                if value:
                    found[value] = _kind(each, name.localname, part)
            elif name.localname not in _SAYS and _ADDRESS.search(value):
                raise TemplateRefused(
                    f"Mallen hämtar något utifrån i {part}: {value[:80]}. Lägg in det i själva mallen."
                )
    return found


def _kind(element: etree._Element, attribute: str, part: str) -> str:
    kind = _REFERS.get((_local(element), attribute))
    if kind is None:
        raise TemplateRefused(
            f"Mallen har något i {part} som inte får följa med ({_local(element)}). Där får finnas text, tabeller och"
            " bilder som ligger i mallen, men inga länkade bilder, diagram, kontroller eller inbäddade filer."
        )
    return kind


class _Field:
    """A field whose end has not come: its code, until `is_code` says that what it shows begins."""

    def __init__(self) -> None:
        self.code, self.is_code = "", True

    def hear(self, text: str, *, is_instruction: bool) -> None:
        if self.is_code or is_instruction:
            self.code += text


def _fields(root: etree._Element, part: str) -> Iterator[str]:
    """Yield the code of every field, an inner one as _NESTED; in the order in which they end."""
    under_way: list[_Field] = []
    for each in root.iter(*(f"{{{W}}}{name}" for name in ("fldChar", "instrText", "delInstrText", "t", "fldSimple"))):
        name, step = _local(each), each.get(f"{{{W}}}fldCharType")
        if name == "fldSimple":
            yield each.get(f"{{{W}}}instr") or ""
        elif step == "begin":
            for outer in under_way[-1:]:
                outer.hear(_NESTED, is_instruction=False)
            under_way.append(_Field())
        elif under_way:
            yield from _go_on(under_way, step, each)
        elif name != "t":
            raise TemplateRefused(f"Mallen har ett trasigt fält i {part}. Ta bort det och spara om mallen i Word.")
    if under_way:
        raise TemplateRefused(f"Mallen har ett trasigt fält i {part}. Ta bort det och spara om mallen i Word.")


def _go_on(under_way: list[_Field], step: str | None, element: etree._Element) -> Iterator[str]:
    if step == "end":
        yield under_way.pop().code
    elif step == "separate":
        under_way[-1].is_code = False
    else:
        under_way[-1].hear(element.text or "", is_instruction=_local(element) != "t")


def _judge_field(code: str, part: str) -> None:
    if not _FIELD.match(code):
        raise TemplateRefused(
            f"Mallen har fältet {_short(code.split())} i {part}, och det kan hämta eller köra något. Ta bort det."
            " Sidnummer, datum, rubrikers text och dokumentets egenskaper går bra."
        )


def _short(words: list[str]) -> str:
    return "".join(words[:1])[:40].replace(_NESTED, "…") or "utan namn"


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname
