"""A drawing as PNG, for a program that shows no SVG; with our own fonts, the same bytes for the same drawing."""

from __future__ import annotations

import json

import typst

from styrhjul.reports.block import Picture
from styrhjul.reports.pdf import TEMPLATES
from styrhjul.reports.printable import FONTS

#: Dots per inch; the drawing's own unit is a point, so this is twice as fine as it is set.
_FINE = 144


def png_of(picture: Picture) -> bytes:
    """Return the drawing, two dots for each of its units."""
    data = {"svg": picture.svg, "width": picture.width, "height": picture.height}
    return typst.compile(
        str(TEMPLATES / "reports/picture.typ"),
        root=str(TEMPLATES),
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)]),
        ignore_system_fonts=True,
        format="png",
        ppi=_FINE,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
