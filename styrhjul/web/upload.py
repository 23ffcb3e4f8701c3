"""The gate for a file somebody sends: what it says it is, what its first bytes say, how large it is, what it is called.

It decides, and unpacks nothing: a packed file is judged by its list of contents alone.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from styrhjul.mail.catalogue import message

#: Of one file, as it is sent.
MOST_FILE_BYTES = 20_000_000
MOST_ENTRIES = 2_000
MOST_UNPACKED_BYTES = 200_000_000
MOST_NAME = 120
#: Endings that some system runs or opens as a page: inside a name they only deceive.
_RUNS = frozenset(
    {
        *("app", "bat", "cmd", "com", "cpl", "dll", "exe", "hta", "jar", "js", "jse", "lnk", "msi", "pif", "ps1"),
        *("py", "scr", "sh", "vbe", "vbs", "wsf", "htm", "html", "svg", "xhtml", "xml"),
    }
)
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]+')
_DRIVE = re.compile(r"[A-Za-z]:")
_MAGIC = (
    b"%PDF-",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"MZ",
    b"\x7fELF",
    b"GIF8",
    b"\xd0\xcf\x11\xe0",
)
_MARKUP = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|script|svg|\?xml|\?php|body|head|iframe)", re.IGNORECASE
)
#: What plain text may hold of control characters.
_TEXT_CONTROLS = frozenset(b"\t\n\f\r")
_SYMBOLIC_LINK = 0o120000

NO_FILE = message("Välj en fil")
EMPTY = message("Filen {name} är tom. Välj en annan")
TOO_LARGE = message("Filen {name} är större än {most} MB. Gör den mindre, till exempel genom att spara bilderna mindre")
NOT_TAKEN = message("{name} är av ett slag som inte tas emot. Välj en fil som slutar på {kinds}")
NOT_WHAT_IT_SAYS = message("Innehållet i {name} stämmer inte med filens ändelse. Spara filen på nytt och försök igen")
TOO_PACKED = message("Filen {name} innehåller för mycket för en bilaga. Spara innehållet som pdf i stället")
UNSAFE = message("Filen {name} innehåller något som inte tas emot, till exempel makron. Spara den som pdf i stället")
LOCKED = message("Filen {name} är låst med lösenord. Ta bort lösenordet och försök igen")
FAULTS = (NO_FILE, EMPTY, TOO_LARGE, NOT_TAKEN, NOT_WHAT_IT_SAYS, TOO_PACKED, UNSAFE, LOCKED)


#: By a file name's ending: the media type, and what says no to the content.
Kinds = Mapping[str, tuple[str, Callable[[bytes], str | None]]]


class FileRefused(Exception):
    """The file is not taken; the words say why, in Swedish, and what to do. `is_too_large` of its size alone."""

    def __init__(
        self, words: str, name: str = "", *, is_too_large: bool = False, kinds: Iterable[str] | None = None
    ) -> None:
        listed = ", ".join(TAKEN if kinds is None else kinds)
        super().__init__(words.format(name=name, most=MOST_FILE_BYTES // 1_000_000, kinds=listed))
        self.is_too_large = is_too_large


@dataclass(frozen=True, slots=True)
class TakenFile:
    """A file that passed: its name cleaned, its media type by what it is and not by what the browser said."""

    name: str
    media_type: str
    content: bytes


def take_file(sent_as: str, file: BinaryIO, taken: Kinds | None = None) -> TakenFile:
    """Return the file, of one of the kinds taken: those of an answer, or LISTS. Raises FileRefused.

    Reads one byte more than the largest at most.
    """
    taken = TAKEN if taken is None else taken
    name = clean_name(sent_as)
    content = file.read(MOST_FILE_BYTES + 1)
    if len(content) > MOST_FILE_BYTES:
        raise FileRefused(TOO_LARGE, name, is_too_large=True)
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    ending = _SAME.get(ending, ending)
    if ending not in taken:
        raise FileRefused(NOT_TAKEN, name, kinds=taken)
    if not content:
        raise FileRefused(EMPTY, name)
    media_type, judge = taken[ending]
    refusal = judge(content)
    if refusal:
        raise FileRefused(refusal, name)
    return TakenFile(name, media_type, content)


def clean_name(sent_as: str) -> str:
    """Return the last part of a name without what does not show, deceives or means something to a file system.

    A name is never empty. What runs is defused inside a name: `x.exe.pdf` is called `x-exe.pdf`. Safe to repeat.
    """
    shown = "".join(map(_shown, unicodedata.normalize("NFC", sent_as)))
    last = shown.replace("\\", "/").rpartition("/")[2]
    *stem, ending = [part.strip(" ") for part in _NOT_IN_NAMES.sub("_", last).split(".")]
    whole = ""
    for part in filter(None, stem):
        whole += ("-" if part.lower() in _RUNS else ".") * bool(whole) + part
    if not stem:
        return ending[:MOST_NAME] or "bilaga"
    whole = " ".join(whole.split()) or "bilaga"
    if _RESERVED.fullmatch(whole):
        whole = f"_{whole}"
    ending = ending[:10]
    return f"{whole[: MOST_NAME - len(ending) - 1].rstrip()}.{ending}"


def _shown(char: str) -> str:
    category = unicodedata.category(char)
    return " " if category == "Zs" else "" if category[0] in "CZ" else char


def _pdf(content: bytes) -> str | None:
    whole = content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]
    return None if whole and not _is_packed_too(content) else NOT_WHAT_IT_SAYS


def _png(content: bytes) -> str | None:
    whole = content.startswith(b"\x89PNG\r\n\x1a\n") and content.endswith(b"IEND\xaeB`\x82")
    return None if whole and not _is_packed_too(content) else NOT_WHAT_IT_SAYS


def _jpg(content: bytes) -> str | None:
    """Phones write more after the picture's end, so that the end is not looked for."""
    return None if content.startswith(b"\xff\xd8\xff") and not _is_packed_too(content) else NOT_WHAT_IT_SAYS


def _txt(content: bytes) -> str | None:
    controls = set(content) & (set(range(32)) | {127})
    other = content.startswith(_MAGIC) or _MARKUP.match(content) or _is_packed_too(content)
    return NOT_WHAT_IT_SAYS if other or controls - _TEXT_CONTROLS else None


def _is_packed_too(content: bytes) -> bool:
    """Whether some program would open the same bytes as a packed file: one that is two things is neither."""
    return zipfile.is_zipfile(io.BytesIO(content))


def _packed(content: bytes, holds: Callable[[zipfile.ZipFile], bool]) -> str | None:
    if not content.startswith(b"PK\x03\x04"):
        return LOCKED if content.startswith(b"\xd0\xcf\x11\xe0") else NOT_WHAT_IT_SAYS
    if content.count(b"PK\x01\x02") > MOST_ENTRIES:  # before the list is read: it is as long as it wants
        return TOO_PACKED
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return _contents(packed.infolist()) or (None if holds(packed) else NOT_WHAT_IT_SAYS)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, RuntimeError):
        return NOT_WHAT_IT_SAYS


def _contents(entries: list[zipfile.ZipInfo]) -> str | None:
    """Return what is wrong with a packed file's list of contents."""
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:
        return TOO_PACKED
    if any(entry.flag_bits & 1 for entry in entries):
        return LOCKED
    names = [entry.orig_filename for entry in entries]
    tricks = len(set(names)) < len(names) or any(map(_leads_elsewhere, names)) or any(map(_is_link, entries))
    return UNSAFE if tricks or _runs(names) else None


def _leads_elsewhere(name: str) -> bool:
    odd = "\\" in name or any(unicodedata.category(char) == "Cc" for char in name)
    return odd or name.startswith("/") or bool(_DRIVE.match(name)) or ".." in name.split("/")


def _is_link(entry: zipfile.ZipInfo) -> bool:
    return entry.external_attr >> 16 & 0o170000 == _SYMBOLIC_LINK


def _runs(names: Iterable[str]) -> bool:
    return any(name.lower().endswith("vbaproject.bin") or name.startswith(("Basic/", "Scripts/")) for name in names)


def _docx(content: bytes) -> str | None:
    return _packed(content, lambda packed: {"[Content_Types].xml", "word/document.xml"} <= set(packed.namelist()))


def _xlsx(content: bytes) -> str | None:
    return _packed(content, lambda packed: {"[Content_Types].xml", "xl/workbook.xml"} <= set(packed.namelist()))


def _odt(content: bytes) -> str | None:
    return _packed(content, _says_it_is_odt)


def _says_it_is_odt(packed: zipfile.ZipFile) -> bool:
    """An OpenDocument file names itself in its first entry, which is not packed."""
    first = packed.infolist()[0] if packed.infolist() else None
    if first is None or first.filename != "mimetype" or first.compress_type != zipfile.ZIP_STORED:
        return False
    return first.file_size < 100 and packed.read(first) == _ODT.encode() and "content.xml" in packed.namelist()


_ODT = "application/vnd.oasis.opendocument.text"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_SAME = {"jpeg": "jpg"}
#: What is taken, by ending: its media type, and what says no.
TAKEN: Kinds = {
    "pdf": ("application/pdf", _pdf),
    "docx": (f"{_OFFICE}.wordprocessingml.document", _docx),
    "odt": (_ODT, _odt),
    "xlsx": (f"{_OFFICE}.spreadsheetml.sheet", _xlsx),
    "png": ("image/png", _png),
    "jpg": ("image/jpeg", _jpg),
    "txt": ("text/plain; charset=utf-8", _txt),
}
#: Of a list of officials: a workbook, or one sheet of it as text.
#: Word files and Word templates.
WORD_TEMPLATES: Kinds = {"docx": TAKEN["docx"], "dotx": (f"{_OFFICE}.wordprocessingml.template", _docx)}
LISTS: Kinds = {"xlsx": TAKEN["xlsx"], "csv": ("text/csv", _txt)}
