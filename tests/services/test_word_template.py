"""A municipality's Word template dresses our text, and nothing in it is run, fetched or believed."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from lxml import etree

from styrhjul.confined.program import ChildStopped, run_confined
from styrhjul.reports.block import Document, Text
from styrhjul.reports.chapter_document import chapter_document
from styrhjul.reports.document_word import document_word
from styrhjul.reports.word_body import W
from styrhjul.services.reports.word_content import TemplateRefused
from styrhjul.services.reports.word_template import dressed
from tests.reports.chapter_facts import chapter

AT = datetime(2028, 3, 20, 9, tzinfo=UTC)
OURS = document_word(chapter_document(chapter()), at=AT)
NAMES = {"w": W}
LOGO = b"\x89PNG the coat of arms"


def parts_of(package: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(package)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHOWN = (
    '<w:p xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><w:r><w:drawing><a:blip {points}/>'
    "</w:drawing></w:r></w:p>"
)
EMBEDDED = SHOWN.format(points='r:embed="rId1"')


def relations(*each: str) -> bytes:
    """A part's threads: `kind target` or `kind target External`, with the ids rId1 and on."""
    told = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATION}/{kind}" Target="{target}"'
        + (f' TargetMode="{mode[0]}"/>' if mode else "/>")
        for number, (kind, target, *mode) in enumerate((one.split() for one in each), 1)
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{told}</Relationships>'.encode()


def template(header: str = EMBEDDED, /, **changes: bytes) -> bytes:
    """A municipality's letterhead, in which headings are called otherwise and the page is narrower.

    `header` stands in it; a change is a part by its name, with __ for each /.
    """
    theirs = Document(title="Mall", subtitle="Skriv här", municipality="Lillby", blocks=(Text("x"),))
    parts = parts_of(document_word(theirs, at=AT))
    for own in ("header", "footer"):  # a template has its own
        del parts[f"word/{own}.xml"]
        said = parts["[Content_Types].xml"]
        parts["[Content_Types].xml"] = re.sub(rb'<Override PartName="/word/%s.xml"[^>]*/>' % own.encode(), b"", said)
    parts["word/styles.xml"] = parts["word/styles.xml"].replace(b'w:styleId="Heading1"', b'w:styleId="Rubrik1"')
    page = f'<w:sectPr xmlns:r="{RELATION}"><w:headerReference w:type="default" r:id="rId3"/>'.encode()
    document = parts["word/document.xml"].replace(b'w:left="1247"', b'w:left="2247"')
    document = re.sub(rb"<w:(?:header|footer)Reference[^>]*/>", b"", document).replace(b"<w:sectPr>", page)
    parts["word/document.xml"] = document
    parts["word/_rels/document.xml.rels"] = relations(
        "styles styles.xml", "settings settings.xml", "header header1.xml"
    )
    parts["word/header1.xml"] = f'<w:hdr xmlns:w="{W}" xmlns:r="{RELATION}">{header}</w:hdr>'.encode()
    parts["word/_rels/header1.xml.rels"] = relations("image media/image1.png")
    parts["word/media/image1.png"] = LOGO
    return packed({**parts, **{name.replace("__", "/"): each for name, each in changes.items()}})


def packed(parts: dict[str, bytes]) -> bytes:
    kept = BytesIO()
    with ZipFile(kept, "w", ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return kept.getvalue()


def body(package: bytes) -> etree._Element:
    return etree.fromstring(parts_of(package)["word/document.xml"])


def test_our_text_stands_in_the_templates_styles_on_its_page() -> None:
    made = body(dressed(template(), OURS))
    assert "Skriv här" not in made.xpath("string()")
    assert made.xpath("count(//w:p[w:pPr/w:pStyle/@w:val='Rubrik1'])", namespaces=NAMES) == 2
    assert made.xpath("string(//w:sectPr/w:pgMar/@w:left)", namespaces=NAMES) == "2247"
    assert made.xpath("string(//w:tbl[1]/w:tblPr/w:tblW/@w:w)", namespaces=NAMES) == "8412"


def test_its_own_pictures_stay_beside_ours() -> None:
    parts = parts_of(dressed(template(), OURS))
    assert parts["word/media/image1.png"] == LOGO
    assert parts["word/media/styrhjul-image1.png"] == parts_of(OURS)["word/media/image1.png"]
    used = set(body(OURS).xpath("//@r:embed", namespaces={"r": body(OURS).nsmap["r"]}))
    assert all(f'Id="styrhjul-{each}"'.encode() in parts["word/_rels/document.xml.rels"] for each in used)


def test_a_style_that_it_lacks_is_ours() -> None:
    bare = f'<w:styles xmlns:w="{W}"/>'.encode()
    parts = parts_of(dressed(template(**{"word__styles.xml": bare}), OURS))
    assert b'w:styleId="styrhjulTableGrid"' in parts["word/styles.xml"]
    assert b"basedOn" not in parts["word/styles.xml"]  # what it rests on may not be there
    assert b'w:val="styrhjulTableGrid"' in parts["word/document.xml"]


@pytest.mark.parametrize(
    "wicked",
    [
        {"word__vbaProject.bin": b"x"},
        {"word__embeddings__a.bin": b"x"},
        {"word__header1.xml": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>'},
        {"word__styles.xml": b"<broken"},
        {"word__media__image1.png": LOGO + bytes(41_000_000)},
        {"word__media__image1.png": LOGO + bytes(39_999_900)},  # too much together with the rest
    ],
)
def test_what_could_do_something_is_refused(wicked: dict[str, bytes]) -> None:
    with pytest.raises(TemplateRefused):
        dressed(template(**wicked), OURS)


def test_the_thread_to_another_template_is_cut() -> None:
    settings = f'<w:settings xmlns:w="{W}"><w:attachedTemplate/><w:mailMerge/><w:zoom/></w:settings>'.encode()
    theirs = {
        "word___rels__settings.xml.rels": relations("attachedTemplate https://example.org/x External"),
        "word__settings.xml": settings,
    }
    parts = parts_of(dressed(template(**theirs), OURS))
    assert "word/_rels/settings.xml.rels" not in parts
    assert b"attachedTemplate" not in parts["word/settings.xml"]
    assert b"mailMerge" not in parts["word/settings.xml"]
    assert b"zoom" in parts["word/settings.xml"]


@pytest.mark.parametrize("wrong", [b"", b"PK\x03\x04", b"%PDF-1.7", bytes(20_000_001)])
def test_what_is_no_word_file_is_refused(wrong: bytes) -> None:
    with pytest.raises(TemplateRefused):
        dressed(wrong, OURS)


def test_whoever_keeps_us_waiting_is_refused() -> None:
    with pytest.raises(TemplateRefused):
        dressed(template(), OURS, patience_seconds=0)


def test_the_child_that_opens_it_can_open_nothing_else() -> None:
    deed = "child.answer = lambda job: open('/etc/hostname', 'rb').read(); child.main()"
    code = f"import styrhjul.services.reports.word_dress_child as child; {deed}"
    with pytest.raises(ChildStopped):
        run_confined([sys.executable, "-s", "-c", code], b"{}", patience_seconds=30, most_answered=1000)
