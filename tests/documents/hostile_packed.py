"""Hostile .docx and .odt: bombs, paths, entities, references outwards, locks, halves, depths, lies."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator

from styrhjul.documents.formats.sample import packed, sample_opendocument, sample_word

SENTENCE = "Nämnden ska följa upp målen varje år."
GOOD = f"<w:p><w:r><w:t>{SENTENCE}</w:t></w:r></w:p>"
GOOD_TEXT = f"<text:p>{SENTENCE}</text:p>"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_LAUGHS = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 10))
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2048
_CASE = tuple[str, bytes, str]


def good_word() -> bytes:
    """Return a .docx that is as it should be."""
    return sample_word(GOOD)


def files(server: str) -> Iterator[_CASE]:
    """Return name, bytes and what is wanted."""
    yield from _bombs()
    yield from _paths()
    yield from _entities(server)
    yield from _outwards(server)
    yield from _broken()
    yield from _depths()
    yield from _odd_words()
    yield from _open_documents(server)


def document(declared: str, body: str) -> bytes:
    return f'<?xml version="1.0"?>{declared}<w:document {_W}><w:body>{body}</w:body></w:document>'.encode()


def with_members(**members: bytes | str) -> bytes:
    """Return a .docx with a good text and members of any name, `__` for a folder's line and `_` for a dot."""
    others = {name.replace("__", "/").replace("_", "."): content for name, content in members.items()}
    return packed({"[Content_Types].xml": "<Types/>", "word/document.xml": document("", GOOD), **others})


def _bombs() -> Iterator[_CASE]:
    zeros = b"\0" * 60_000_000
    nested = packed({"a.zip": packed({f"{at}.bin": zeros[:2_000_000] for at in range(16)})})
    yield "bomb-document.docx", packed({"word/document.xml": zeros}), "refused"
    letters = document("", f"<w:p><w:r><w:t>{'a' * 39_000_000}</w:t></w:r></w:p>")
    yield "bomb-letters.docx", packed({"word/document.xml": letters}), "refused"
    yield "bomb-custom.docx", with_members(customXml__item1_xml=zeros), "text"
    yield "bomb-picture.docx", with_members(word__media__image1_png=zeros), "text"
    yield "bomb-nested.docx", with_members(a_zip=nested), "text"
    yield "bomb-styles.docx", with_members(word__styles_xml=zeros), "text"
    yield "bomb-paragraphs.docx", packed({"word/document.xml": document("", "<w:p/>" * 2_000_000 + GOOD)}), "either"
    yield "bomb-tabs.docx", sample_word(f"<w:p><w:r>{'<w:tab/>' * 1_000_000}</w:r></w:p>{GOOD}"), "either"
    yield (
        "bomb-entries.docx",
        packed({"word/document.xml": document("", GOOD)} | dict.fromkeys(_names(), b"")),
        "refused",
    )
    yield "bomb-content.odt", packed({"content.xml": zeros}), "refused"
    yield "bomb-spaces.odt", sample_opendocument(f'<text:p><text:s text:c="1000000000"/></text:p>{GOOD_TEXT}'), "text"
    repeated = '<table:table><table:table-row table:number-rows-repeated="1000000000"><table:table-cell '
    repeated += (
        f'table:number-columns-repeated="1000000000">{GOOD_TEXT}</table:table-cell></table:table-row></table:table>'
    )
    yield "bomb-cells.odt", sample_opendocument(repeated), "text"


def _names() -> Iterator[str]:
    return (f"word/{at}.xml" for at in range(20_000))


def _paths() -> Iterator[_CASE]:
    for at, name in enumerate(("../../../etc/passwd", "/etc/passwd", "C:\\x.txt", "..\\..\\x", "word/../../x", "a\nb")):
        yield f"path-{at}.docx", packed({"word/document.xml": document("", GOOD), name: "x"}), "text"
    link = zipfile.ZipInfo("word/document.xml")
    link.external_attr = 0o120777 << 16
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as into:
        into.writestr(link, "/etc/passwd")
    yield "path-link.docx", file.getvalue(), "refused"


def _entities(server: str) -> Iterator[_CASE]:
    declared = {
        "file": '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        "remote": f'<!DOCTYPE d [<!ENTITY x SYSTEM "{server}">]>',
        "parameter": f'<!DOCTYPE d [<!ENTITY % p SYSTEM "{server}">%p;<!ENTITY x "y">]>',
        "laughs": f'<!DOCTYPE d [<!ENTITY l0 "ha">{_LAUGHS}<!ENTITY x "&l9;">]>',
        "quadratic": f'<!DOCTYPE d [<!ENTITY x "{"a" * 100_000}">]>',
    }
    for name, doctype in declared.items():
        times = 1_000 if name == "quadratic" else 1
        bad = document(doctype, f"{GOOD}<w:p><w:r><w:t>{'&x;' * times}</w:t></w:r></w:p>")
        yield f"entity-{name}.docx", packed({"word/document.xml": bad}), "refused"
        yield f"entity-{name}-styles.docx", with_members(word__styles_xml=bad), "text"
        yield f"entity-{name}.odt", packed({"content.xml": bad.replace(b"w:document", b"o")}), "refused"
    wide = document(declared["file"], f"{GOOD}<w:p>&x;</w:p>").decode().replace('"1.0"?', '"1.0" encoding="UTF-16"?')
    yield "entity-wide.docx", packed({"word/document.xml": wide.encode("utf-16")}), "refused"
    outer = f'<!DOCTYPE d SYSTEM "{server}">'
    yield "entity-outer.docx", packed({"word/document.xml": document(outer, GOOD)}), "either"


def _outwards(server: str) -> Iterator[_CASE]:
    kinds = ("attachedTemplate", "image", "hyperlink", "oleObject", "subDocument", "frame", "aFChunk")
    for kind in kinds:
        relation = (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
            f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{server}" '
            'TargetMode="External"/></Relationships>'
        )
        yield f"outwards-{kind}.docx", with_members(word___rels__document_xml_rels=relation), "text"
    yield "outwards-field.docx", sample_word(f'{GOOD}<w:p><w:fldSimple w:instr="DDEAUTO c:\\\\x"/></w:p>'), "text"
    yield "macros.docx", with_members(word__vbaProject_bin=_OLD_OFFICE), "text"
    yield "template.docx", sample_word(f"{GOOD}<w:p><w:r><w:t>{{{{7*7}}}}</w:t></w:r></w:p>"), "text"


def _broken() -> Iterator[_CASE]:
    whole = good_word()
    for at in range(1, 8):
        yield f"half-{at}.docx", whole[: len(whole) * at // 8], "refused"
    yield "empty.docx", b"", "refused"
    yield "spaces.odt", b" " * 100, "refused"
    yield "old.docx", _OLD_OFFICE, "refused"
    yield "pdf.docx", b"%PDF-1.4 x", "refused"
    yield "picture.docx", b"\x89PNG\r\n\x1a\n", "refused"
    yield "other.docx", packed({"xl/workbook.xml": "<x/>"}), "refused"
    yield "body.docx", packed({"word/document.xml": f"<w:document {_W}/>"}), "refused"
    yield "no-text.docx", sample_word("<w:p/>"), "refused"
    yield "letters.docx", packed({"word/document.xml": document("", GOOD).decode().encode("cp1252")}), "refused"
    yield "locked.docx", _flagged(whole), "refused"
    yield "crc.docx", whole.replace(struct.pack("<L", _sum(whole)), b"\1\2\3\4"), "refused"
    yield "method.docx", _method(whole), "refused"
    yield "size.docx", whole.replace(struct.pack("<L", _size(whole)), struct.pack("<L", 4_000_000_000)), "either"


def _entry(data: bytes) -> zipfile.ZipInfo:
    return zipfile.ZipFile(io.BytesIO(data)).getinfo("word/document.xml")


def _sum(data: bytes) -> int:
    return _entry(data).CRC


def _size(data: bytes) -> int:
    return _entry(data).file_size


def _flagged(data: bytes) -> bytes:
    """Set the mark for "locked" in the list of contents."""
    return data.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")


def _method(data: bytes) -> bytes:
    """Name a way of packing that there is not."""
    listed = data.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00\x08", b"PK\x01\x02\x14\x03\x14\x00\x00\x00\x63")
    return listed.replace(b"PK\x03\x04\x14\x00\x00\x00\x08", b"PK\x03\x04\x14\x00\x00\x00\x63")


def _depths() -> Iterator[_CASE]:
    for times, wanted in ((20, "text"), (120, "either"), (20_000, "refused")):
        opened, closed = "<w:tbl><w:tr><w:tc>" * times, "</w:tc></w:tr></w:tbl>" * times
        yield f"deep-tables-{times}.docx", sample_word(f"{opened}{GOOD}{closed}"), wanted
    yield "deep-runs.docx", sample_word(f"<w:p>{'<w:ins>' * 200}<w:r/>{'</w:ins>' * 200}</w:p>{GOOD}"), "text"
    blocks = f"{'<w:sdt><w:sdtContent>' * 100}{GOOD}{'</w:sdtContent></w:sdt>' * 100}"
    yield "deep-blocks.docx", sample_word(blocks), "text"
    lists = f"{'<text:list><text:list-item>' * 100}{GOOD_TEXT}{'</text:list-item></text:list>' * 100}"
    yield "deep-lists.odt", sample_opendocument(lists), "text"
    spans = f"<text:p>{'<text:span>' * 200}{SENTENCE}{'</text:span>' * 200}</text:p>"
    yield "deep-spans.odt", sample_opendocument(spans), "text"
    wide = f"<w:tbl><w:tr>{'<w:tc><w:p/></w:tc>' * 50_000}</w:tr></w:tbl>{GOOD}"
    yield "wide-table.docx", sample_word(wide), "text"


def _odd_words() -> Iterator[_CASE]:
    styles = f'<w:styles {_W}><w:style w:styleId="a"><w:basedOn w:val="b"/></w:style><w:style w:styleId="b">'
    styles += '<w:basedOn w:val="a"/></w:style></w:styles>'
    styled = '<w:p><w:pPr><w:pStyle w:val="a"/></w:pPr><w:r><w:t>x</w:t></w:r></w:p>'
    yield "style-loop.docx", sample_word(styled + GOOD, styles=styles), "text"
    numbers = f'<w:numbering {_W}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="{"9" * 300}"/>'
    numbers += '<w:lvlText w:val="%1%9."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/>'
    numbered = (
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>x</w:t></w:r></w:p>'
    )
    yield "numbers.docx", sample_word(numbered + GOOD, numbering=f"{numbers}</w:num></w:numbering>"), "text"
    note = f'<w:footnotes {_W}><w:footnote w:id="1"><w:p><w:r><w:footnoteReference w:id="1"/></w:r></w:p></w:footnote>'
    noted = '<w:p><w:r><w:footnoteReference w:id="1"/></w:r></w:p>'
    yield "note-loop.docx", sample_word(noted + GOOD, footnotes=f"{note}</w:footnotes>"), "text"
    yield "outline.docx", sample_word(f'<w:p><w:pPr><w:outlineLvl w:val="-1"/></w:pPr></w:p>{GOOD}'), "text"


def _open_documents(server: str) -> Iterator[_CASE]:
    whole = sample_opendocument(GOOD_TEXT)
    for at in range(1, 6):
        yield f"half-{at}.odt", whole[: len(whole) * at // 6], "refused"
    locked = packed({"META-INF/manifest.xml": "<m:encryption-data/>", "content.xml": "x"})
    yield "locked.odt", locked, "refused"
    yield "word.odt", good_word(), "refused"
    picture = f'<text:p><draw:frame><draw:image href="{server}"/></draw:frame></text:p>{GOOD_TEXT}'
    yield "outwards.odt", sample_opendocument(picture), "text"
    sheet = sample_opendocument("x").replace(b"office:text", b"office:spre")
    yield "sheet.odt", sheet, "refused"
    yield "script.odt", sample_opendocument(f"<text:p><text:script>alert(1)</text:script></text:p>{GOOD_TEXT}"), "text"
