"""Of a municipality's Word template there survives what a letterhead needs: nothing in it fetches or runs anything."""

from __future__ import annotations

import pytest

from styrhjul.services.reports.word_content import TemplateRefused
from styrhjul.services.reports.word_dress import dress
from tests.services.test_word_template import (
    EMBEDDED,
    LOGO,
    OURS,
    RELATION,
    SHOWN,
    body,
    packed,
    parts_of,
    relations,
    template,
)

OUTSIDE = "https://example.org/x.png"
LINKED = SHOWN.format(points='r:link="rId1"')
V = "urn:schemas-microsoft-com:vml"
SVG = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{OUTSIDE}"/></svg>'.encode()


def field(code: str) -> str:
    return (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"{code if code.startswith('<') else f'<w:r><w:instrText>{code}</w:instrText></w:r>'}"
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )


def with_threads(*each: str, header: str = EMBEDDED, parts: dict[str, bytes] | None = None) -> bytes:
    return template(header, **{"word___rels__header1.xml.rels": relations(*each), **(parts or {})})


def twice(threads: bytes) -> bytes:
    return threads.replace(b"rId2", b"rId1")


#: What an attacker sends, and what the refusal has to name.
FETCHING = {
    "a linked picture": (with_threads(f"image {OUTSIDE} External", header=LINKED), "blip"),
    "a link that is used as a picture": (with_threads(f"hyperlink {OUTSIDE} External", header=LINKED), "blip"),
    "a link that is embedded as a picture": (with_threads(f"hyperlink {OUTSIDE} External"), "leder ingenstans"),
    "a picture outside": (with_threads(f"image {OUTSIDE} External"), "utifrån"),
    "a picture outside, in small letters": (with_threads(f"image {OUTSIDE} external"), "utifrån"),
    "a picture outside that does not say so": (with_threads(f"image {OUTSIDE}"), "finns i den"),
    "one id for two threads": (
        template(
            **{
                "word___rels__header1.xml.rels": twice(
                    relations(f"hyperlink {OUTSIDE} External", "image media/image1.png")
                )
            }
        ),
        "samma id",
    ),
    "threads in capitals": (
        template(**{"word___rels__header1.xml.RELS": relations(f"image {OUTSIDE} External")}),
        "två delar som heter",
    ),
    "a drawing called PNG": (template(**{"word__media__image1.png": SVG}), "image1"),
    "an address in an old drawing": (template(f'<v:imagedata xmlns:v="{V}" src="{OUTSIDE}"/>'), OUTSIDE),
    "a share in an old drawing": (template(rf'<v:fill xmlns:v="{V}" src="\\example.org\x"/>'), "example.org"),
    "a link to a file": (
        with_threads("hyperlink file:///c:/x.exe External", header='<w:hyperlink r:id="rId1"/>'),
        "file:///c:/x.exe",
    ),
    "a page within": (
        with_threads("aFChunk /word/x.htm", header='<w:altChunk r:id="rId1"/>', parts={"word__x.htm": b"<html/>"}),
        "altChunk",
    ),
    "an object in any folder": (with_threads("oleObject ole1.bin", parts={"word__ole1.bin": b"x"}), "oleObject"),
    "a control": (with_threads("control activeX/a.xml", parts={"word__activeX__a.xml": b"<a/>"}), "control"),
    "a macro on the way in": (template('<w:p><w:entryMacro w:val="Auto"/></w:p>'), "Auto"),
    "a thread to nothing": (template('<w:p><w:hyperlink r:id="rId9"/></w:p>'), "leder ingenstans"),
}


@pytest.mark.parametrize("how", FETCHING)
def test_what_fetches_or_runs_something_is_refused_in_words(how: str) -> None:
    wicked, named = FETCHING[how]
    with pytest.raises(TemplateRefused, match=named.replace("\\", r"\\")):
        dress(wicked, OURS)


@pytest.mark.parametrize(
    "code",
    [
        r'DDEAUTO c:\\windows\\cmd.exe "/k calc.exe"',
        f'INCLUDEPICTURE "{OUTSIDE}" \\d',
        f'includetext "{OUTSIDE}"',
        "MACROBUTTON Auto här",
        "",
        '<w:r><w:instrText>INCLUDE</w:instrText></w:r><w:r><w:instrText>PICTURE "x"</w:instrText></w:r>',
        "<w:r><w:delInstrText>DDE x</w:delInstrText></w:r>",
        f"{field('DATE')}<w:r><w:instrText>INCLUDEPICTURE x</w:instrText></w:r>",
        f"<w:r><w:instrText>IF 1 = 1 </w:instrText></w:r>{field('DDE x')}",
        '<w:r><w:instrText>PAGE</w:instrText><w:fldSimple w:instr="LINK Excel.Sheet x"/></w:r>',
    ],
)
def test_a_field_that_could_reach_further_is_refused(code: str) -> None:
    with pytest.raises(TemplateRefused, match=r"fältet .+ i word/header1\.xml"):
        dress(template(field(code)), OURS)


@pytest.mark.parametrize(
    "header",
    [
        "<w:p><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>",
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r></w:p>',
    ],
)
def test_a_field_without_an_end_is_refused(header: str) -> None:
    with pytest.raises(TemplateRefused, match="trasigt fält"):
        dress(template(header), OURS)


@pytest.mark.parametrize(
    "code",
    ["PAGE", r" page \* MERGEFORMAT ", 'STYLEREF "Rubrik 1"', r'DATE \@ "yyyy-MM-dd"', f"IF {field('PAGE')} = 1"],
)
def test_a_field_that_asks_the_document_stays(code: str) -> None:
    parts = parts_of(
        dress(
            template(
                field(code)
                .replace("IF <", "IF </w:instrText></w:r><")
                .replace("/w:p> = 1", "/w:p><w:r><w:instrText> = 1")
            ),
            OURS,
        )
    )
    assert b"instrText" in parts["word/header1.xml"]


@pytest.mark.parametrize(
    "name", ["Word/VBAproject.bin", "word/Embeddings/a.bin", "word/activex/a.xml", "customui/a.xml", "word/x.htm"]
)
def test_a_part_that_nothing_leads_to_is_refused_by_name(name: str) -> None:
    with pytest.raises(TemplateRefused, match=name):
        dress(template(**{name: b"<a/>"}), OURS)


def test_two_parts_that_word_takes_for_one_are_refused() -> None:
    with pytest.raises(TemplateRefused, match="två delar"):
        dress(template(**{"word/Header1.xml": b"<a/>"}), OURS)


def test_a_letterhead_keeps_its_picture_and_its_link() -> None:
    link = '<w:p><w:hyperlink r:id="rId2"><w:r><w:t>lillby.example.org</w:t></w:r></w:hyperlink></w:p>'
    threads = ("image media/image1.png", "hyperlink https://lillby.example.org/ External")
    parts = parts_of(dress(with_threads(*threads, header=EMBEDDED + link), OURS))
    assert parts["word/media/image1.png"] == LOGO
    assert b'Target="media/image1.png"' in parts["word/_rels/header1.xml.rels"]
    assert b'TargetMode="External"' in parts["word/_rels/header1.xml.rels"]


def test_nothing_is_believed_of_what_a_part_calls_itself() -> None:
    theirs = parts_of(template())
    types = theirs["[Content_Types].xml"]
    types = types.replace(b"wordprocessingml.document.main", b"ms-word.template.macroEnabled")
    made = parts_of(dress(packed({**theirs, "[Content_Types].xml": types}), OURS))["[Content_Types].xml"]
    assert b"macroEnabled" not in made
    assert b'PartName="/word/header1.xml"' in made
    assert b'PartName="/word/media/image1.png" ContentType="image/png"' in made


def test_nobody_who_made_the_template_is_named_in_what_leaves() -> None:
    theirs = {"docProps__core.xml": b"<a>Mallmakaren</a>", "docProps__app.xml": b"<a>Mallmakaren</a>"}
    root = parts_of(template())["_rels/.rels"].replace(
        b"</Relationships>",
        f'<Relationship Id="a" Type="{RELATION}/extended-properties" Target="docProps/app.xml"/>'
        "</Relationships>".encode(),
    )
    parts = parts_of(dress(template(**theirs, **{"_rels/.rels": root}), OURS))
    assert parts["docProps/core.xml"] == parts_of(OURS)["docProps/core.xml"]
    assert not [name for name, content in parts.items() if b"Mallmakaren" in content or name == "docProps/app.xml"]


def test_what_a_letterhead_does_without_is_left_out() -> None:
    document = relations(
        "styles styles.xml",
        "settings settings.xml",
        "header header1.xml",
        "customXml ../customXml/item1.xml",
        "image media/body.png",
        f"hyperlink {OUTSIDE} External",
    )
    theirs = {
        "word___rels__document.xml.rels": document,
        "customXml__item1.xml": b"<a/>",
        "word__media__body.png": LOGO,
        "customXml___rels__item1.xml.rels": relations("customXmlProps itemProps1.xml"),
        "customXml__itemProps1.xml": b"<a/>",
    }
    parts = parts_of(dress(template(**theirs), OURS))
    assert not [name for name in parts if "customXml" in name or name == "word/media/body.png"]
    assert OUTSIDE.encode() not in parts["word/_rels/document.xml.rels"]


def test_the_finer_form_of_a_picture_goes_and_the_plain_one_stays() -> None:
    finer = EMBEDDED.replace(
        'r:embed="rId1"/>',
        'r:embed="rId1"><a:extLst><a:ext uri="{x}"><svgBlip r:embed="rId2"/></a:ext></a:extLst></a:blip>',
    )
    threads = ("image media/image1.png", "image media/image1.svg")
    parts = parts_of(dress(with_threads(*threads, header=finer, parts={"word__media__image1.svg": SVG}), OURS))
    assert b"svgBlip" not in parts["word/header1.xml"]
    assert "word/media/image1.svg" not in parts
    assert parts["word/media/image1.png"] == LOGO


def test_programs_find_no_instructions_of_their_own() -> None:
    theirs = parts_of(template())["word/header1.xml"]
    made = dress(template(**{"word__header1.xml": b'<?xml-stylesheet href="x.xsl"?>' + theirs}), OURS)
    assert b"xml-stylesheet" not in parts_of(made)["word/header1.xml"]
    assert body(made) is not None
