"""Files in one zip: the same files give the same bytes, whenever and wherever it is packed."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    """Return the zip, its files in the order given; each has the oldest day that a zip knows."""
    packed = BytesIO()
    with ZipFile(packed, "w") as package:
        for name, content in files.items():
            place = ZipInfo(name)
            place.external_attr = 0o644 << 16
            package.writestr(place, content, ZIP_DEFLATED)
    return packed.getvalue()
