"""Files that somebody might send, made here: honest ones of each kind, and those that only look like them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

_TYPES = ("[Content_Types].xml", b"<Types/>")


def packed(*entries: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries:
            file.writestr(name, content)
    return out.getvalue()


def docx(*more: tuple[str, bytes]) -> bytes:
    return packed(_TYPES, ("word/document.xml", b"<w:document/>"), *more)


def odt() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        file.writestr("content.xml", "<office/>")
    return out.getvalue()


def png() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    picture = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + picture


PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\nstartxref\n0\n%%EOF\n"
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(20) + b"\xff\xd9"
HONEST: dict[str, bytes] = {
    "Tjänsteskrivelse 2027-03-01.pdf": PDF,
    "protokoll.docx": docx(),
    "protokoll.odt": odt(),
    "siffror.xlsx": packed(_TYPES, ("xl/workbook.xml", b"<workbook/>")),
    "diagram.png": png(),
    "bild.jpg": JPG,
    "bild.JPEG": JPG,
    "anteckningar.txt": "Målet är nått.\r\n".encode(),
    "gammal.txt": "Målet är nått.".encode("cp1252"),
}


def _locked() -> bytes:
    content = bytearray(docx())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        content[at + offset] |= 1
    return bytes(content)


def _linked() -> bytes:
    out = io.BytesIO(docx())
    with zipfile.ZipFile(out, "a") as file:
        link = zipfile.ZipInfo("word/link")
        link.external_attr = 0o120777 << 16
        file.writestr(link, "/etc/passwd")
    return out.getvalue()


def _promising(size: int) -> bytes:
    """A list of contents that says an entry unpacks to so much."""
    content = bytearray(docx())
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", size)
    return bytes(content)


#: What is sent, and a word of its refusal.
HOSTILE: dict[str, tuple[str, bytes, str]] = {
    "of nothing": ("tom.pdf", b"", "är tom"),
    "a picture called pdf": ("bild.pdf", png(), "stämmer inte"),
    "a program called pdf": ("faktura.pdf", b"MZ" + bytes(100), "stämmer inte"),
    "a program": ("faktura.pdf.exe", PDF, "av ett slag"),
    "a page": ("sida.html", b"<html></html>", "av ett slag"),
    "a page called txt": ("sida.txt", b"\xef\xbb\xbf <!DOCTYPE html><script>1</script>", "stämmer inte"),
    "a drawing": ("bild.svg", b"<svg onload=alert(1)/>", "av ett slag"),
    "with macros": ("mall.docm", docx(), "av ett slag"),
    "macros inside": ("mall.docx", docx(("word/vbaProject.bin", b"x")), "makron"),
    "no ending": ("README", PDF, "av ett slag"),
    "only an ending": (".pdf", b"%PDF", "stämmer inte"),
    "a cut pdf": ("kort.pdf", PDF[:20], "stämmer inte"),
    "a cut picture": ("kort.png", png()[:-4], "stämmer inte"),
    "pdf and packed": ("dubbel.pdf", PDF + docx() + PDF[-7:], "stämmer inte"),
    "picture and packed": ("dubbel.jpg", JPG + docx(), "stämmer inte"),
    "pdf before packed": ("dubbel.docx", PDF + docx(), "stämmer inte"),
    "text and packed": ("dubbel.txt", b"Hej\n" + docx(), "stämmer inte"),
    "text with nothing bytes": ("text.txt", b"Hej\0", "stämmer inte"),
    "any packed file": ("arkiv.docx", packed(("a.txt", b"a")), "stämmer inte"),
    "a workbook called docx": ("blad.docx", HONEST["siffror.xlsx"], "stämmer inte"),
    "a docx called odt": ("text.odt", docx(), "stämmer inte"),
    "a broken packed file": ("bruten.docx", docx()[:60], "stämmer inte"),
    "an old locked file": ("last.docx", b"\xd0\xcf\x11\xe0" + bytes(600), "lösenord"),
    "a locked file": ("last.docx", _locked(), "lösenord"),
    "a bomb": ("bomb.docx", docx(("word/a", bytes(200_000_001))), "för mycket"),
    "a bomb of promises": ("bomb.docx", _promising(0xFFFFFF00), "för mycket"),
    "too many entries": ("bomb.xlsx", docx(*((f"x/{n}", b"") for n in range(2_000))), "för mycket"),
    "a way up": ("upp.docx", docx(("word/../../../etc/cron", b"x")), "inte tas emot"),
    "from the root": ("rot.docx", docx(("/etc/cron", b"x")), "inte tas emot"),
    "a drive": ("disk.docx", docx(("C:/Windows/x", b"x")), "inte tas emot"),
    "a backslash": ("snett.docx", docx(("..\\x", b"x")), "inte tas emot"),
    "a line break inside": ("rad.docx", docx(("word/a\r\nb", b"x")), "inte tas emot"),
    "a link inside": ("lank.docx", _linked(), "inte tas emot"),
    "a name that ends early": ("faktura.pdf\0.exe", PDF, "av ett slag"),
}
#: A name as it is sent, and what it is called here.
NAMES = {
    "Tjänsteskrivelse 2027.03.01.pdf": "Tjänsteskrivelse 2027.03.01.pdf",
    "../../etc/passwd.pdf": "passwd.pdf",
    "C:\\Users\\Anna\\svar.pdf": "svar.pdf",
    "a\r\nSet-Cookie: x=1.pdf": "aSet-Cookie_ x=1.pdf",
    "faktura.exe\0.pdf": "faktura-exe.pdf",
    "gpj.\u202efdp.pdf": "gpj.fdp.pdf",
    "x.EXE.pdf": "x-EXE.pdf",
    'a"b;c.pdf': "a_b;c.pdf",
    "CON.pdf": "_CON.pdf",
    " . . .pdf": "bilaga.pdf",
    "\ud800.pdf": "bilaga.pdf",
    "a\u00a0\u00a0b.pdf": "a b.pdf",
    "": "bilaga",
}
