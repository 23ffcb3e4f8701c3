"""What a packed file holds is read to a bound and no further."""

from __future__ import annotations

import io
import zipfile

import pytest

from styrhjul.documents.formats.packed import Packed
from styrhjul.documents.formats.trouble import CannotRead, Trouble


def packed(content: bytes) -> Packed:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("text.xml", content)
    return Packed(data.getvalue())


def test_a_member_of_one_byte_too_many_is_refused_whatever_it_says() -> None:
    assert packed(b"x" * 100).read("text.xml", 100) == b"x" * 100
    with pytest.raises(CannotRead) as refused:
        packed(b"x" * 101).read("text.xml", 100)
    assert refused.value.trouble is Trouble.TOO_LARGE
