"""The årshjul for files: the pages' own drawing, with the colours of their style sheet written into it.

A PDF and a Word file know no style sheet. What each class looks like is read from the one that the pages use.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from zlib import crc32

from lxml import etree

from styrhjul.domain.written import sayable
from styrhjul.reports.block import Picture
from styrhjul.reports.chart import COLOURS, FONTS, Tone
from styrhjul.reports.wheel import draw, said
from styrhjul.reports.wheel_geometry import SIZE
from styrhjul.reports.wheel_layout import Stage, Wheel, rows

_SHEET = Path(__file__).parents[1] / "web/static/styrhjul.css"
_SVG = "{http://www.w3.org/2000/svg}"
_TITLE, _SMALL = f"{_SVG}title", "w-small"
#: Room for the dates on the rim, which stand outside the wheel's own square.
_BESIDE = 46
_RULE = re.compile(r"([^{}@]+)\{([^{}]*)\}")
_CLASSES = re.compile(r"(?:\.w-[\w-]+)+")
_VARIABLE = re.compile(r"var\((--[\w-]+)\)")
#: The one weight beside the plain that our fonts for files have.
_HEAVY = "600"
#: Everything else in the style sheet is about pages.
_DRAWN = frozenset(
    {
        *("fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin"),
        *("font-size", "font-weight", "text-anchor"),
    }
)


#: What the wheel's looks mean, where no key stands beside it; names and marks tell the kinds apart without colour.
WHEEL_KEY = (
    "Så läses hjulet: fyllda fält har öppnat, ljusa fält har inte öppnat och streckade är frivilliga. "
    "Blått är mål och planer (M), grönt uppföljning (U), ockra sammanställning och remiss (S), den vinröda linjen "
    "revidering. "
    "En ring visar fristen, en bock att alla har svarat, ett utropstecken att svar saknas, en romb en dag satt i lag. "
    "Ett fält som är för kort för sitt namn har bokstaven i sig eller bredvid sig, och i tabellen står vad det gäller. "
    "Ett utropstecken efter nyår, med ett streck från förra året, är ett svar som saknas sedan tidigare år. "
    "Månader med tonad botten är utan frågor, och de korta strecken i kanten är sammanträden i fullmäktige "
    "och styrelsen."
)


def wheel_figure(wheel: Wheel) -> Picture:
    """Return the wheel as a picture; `alt` tells every event of it."""
    alt = sayable(told(wheel))
    drawing = etree.fromstring(sayable(draw(wheel, alt)).encode())
    for each in list(drawing.iter()):
        above = each.getparent()
        if above is not None and (_SMALL in _classes(each) or (each.tag == _TITLE and above is not drawing)):
            above.remove(each)
        else:
            _colour(each)
    etree.strip_tags(drawing, f"{_SVG}a")
    ground = etree.SubElement(drawing, f"{_SVG}rect", fill=COLOURS[Tone.GROUND])
    whole = {"x": f"{-_BESIDE}", "y": "-8", "width": f"{SIZE + 2 * _BESIDE}", "height": f"{SIZE + 16}"}
    drawing.set("viewBox", " ".join(whole.values()))
    drawing.set("role", "img")
    drawing.set("font-family", FONTS)
    for name, value in whole.items():
        ground.set(name, value)
    drawing.insert(2, ground)
    svg = etree.tostring(drawing, encoding="unicode")
    page = sayable(draw(wheel, alt, name=f"wheel-{crc32(alt.encode()):08x}"))
    return Picture(svg=svg, alt=alt, width=SIZE + 2 * _BESIDE, height=SIZE + 16, page=page)


def _classes(each: etree._Element) -> frozenset[str]:
    return frozenset((each.get("class") or "").split())


def _colour(each: etree._Element) -> None:
    """Write into an element what the style sheet says of its classes."""
    own = _classes(each)
    looks = dict(_tokens())
    for classes, declared in _rules():
        if classes <= own:
            looks |= declared
    for name in sorted(_DRAWN & looks.keys()):
        each.set(name, _plain(looks[name], looks).removesuffix("px"))
    if each.get("font-weight", "400") > "400":
        each.set("font-weight", _HEAVY)
    each.attrib.pop("class", None)


def _plain(value: str, looks: Mapping[str, str]) -> str:
    """Return a value with its variables replaced, which may name others."""
    while found := _VARIABLE.search(value):
        value = value.replace(found[0], looks[found[1]])
    return value


@cache
def _tokens() -> Mapping[str, str]:
    """Return the light colours, by their names."""
    return next(_declared(inside) for selectors, inside in _outside_media() if selectors.strip() == ":root")


@cache
def _rules() -> tuple[tuple[frozenset[str], Mapping[str, str]], ...]:
    """Return what is said of the wheel's classes, in the order it counts: the more classes the later."""
    found = [
        (frozenset(selector.strip().split(".")[1:]), _declared(inside))
        for selectors, inside in _outside_media()
        for selector in selectors.split(",")
        if _CLASSES.fullmatch(selector.strip())
    ]
    return tuple(sorted(found, key=lambda rule: len(rule[0])))


def _declared(inside: str) -> Mapping[str, str]:
    pairs = (each.partition(":") for each in inside.split(";") if ":" in each)
    return {name.strip(): value.strip() for name, _, value in pairs}


@cache
def _outside_media() -> tuple[tuple[str, str], ...]:
    """Return the rules that hold on every screen: selectors and what stands between the braces."""
    sheet = re.sub(r"/\*.*?\*/", "", _SHEET.read_text(encoding="utf-8"), flags=re.DOTALL)
    sheet = re.sub(r"@[\w-]+[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", sheet)
    return tuple(_RULE.findall(sheet))


def told(wheel: Wheel) -> str:
    """Return every event of a wheel in words, by its day."""
    every = [said(row.event, row.ring, wheel.year) for row in rows(wheel)]
    late = sum(row.event.stage is Stage.LATE for row in rows(wheel))
    behind = f", {late} av dem sen{'a' if late > 1 else ''}" if late else ""
    counted = "en händelse" if len(every) == 1 else f"{len(every)} händelser"
    return f"{wheel.title}, {counted}{behind}. {'. '.join(every)}."
