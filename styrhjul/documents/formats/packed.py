"""Packed files of XML (.docx, .odt): members by name, each with a bound on what it unpacks to, and no entities.

Nothing is ever written to a disk, so that a member's path means nothing.
"""

from __future__ import annotations

import io
import zipfile
import zlib

from lxml import etree

from styrhjul.documents.formats.trouble import CannotRead, Trouble

MOST_ENTRIES = 5_000
MOST_MEMBER_BYTES = 40_000_000
_LOCKED = 1
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
#: Word can save in a stricter form, which names the same things otherwise.
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_TRANSITIONAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_CENTRAL_ENTRY = b"PK\x01\x02"


class Packed:
    """A packed file. Raises CannotRead for what is locked, broken, unsafe or too large."""

    def __init__(self, data: bytes) -> None:
        if data.startswith(_OLD_OFFICE):  # an office file with a password is wrapped in the old format
            raise CannotRead(Trouble.LOCKED)
        if not data.startswith(_ZIP):
            raise CannotRead(Trouble.NOT_WHAT_IT_SAYS)
        if data.count(_CENTRAL_ENTRY) > MOST_ENTRIES:  # before the list is read: it is as long as it wants
            raise CannotRead(Trouble.TOO_LARGE)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise CannotRead(Trouble.BROKEN) from error
        self._names = frozenset(self._zip.namelist())
        if any(entry.flag_bits & _LOCKED for entry in self._zip.infolist()):
            raise CannotRead(Trouble.LOCKED)

    @property
    def names(self) -> frozenset[str]:
        """The members' names, as the file gives them."""
        return self._names

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def read(self, name: str, most: int = MOST_MEMBER_BYTES) -> bytes:
        """Return a member, whatever its header says of its size. Raises CannotRead, also for one that is not there."""
        if name not in self._names:
            raise CannotRead(Trouble.NOT_WHAT_IT_SAYS)
        try:
            with self._zip.open(name) as member:
                content = member.read(most + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            ValueError,
            NotImplementedError,
            OSError,
            EOFError,
            RuntimeError,
        ) as bad:
            raise CannotRead(Trouble.BROKEN) from bad
        if len(content) > most:
            raise CannotRead(Trouble.TOO_LARGE)
        return content

    def xml(self, name: str) -> etree._Element:
        """Return a member as XML. Raises CannotRead."""
        return parse_xml(self.read(name).replace(_STRICT, _TRANSITIONAL))

    def xml_or_none(self, name: str) -> etree._Element | None:
        """Return a member as XML where it is there and can be read: what the text can do without."""
        try:
            return self.xml(name) if name in self._names else None
        except CannotRead:
            return None


def parse_xml(content: bytes) -> etree._Element:
    """Return XML that declares nothing of its own: no entity, no other file. Raises CannotRead."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, collect_ids=False
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise CannotRead(Trouble.BROKEN) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise CannotRead(Trouble.UNSAFE)
    return root
