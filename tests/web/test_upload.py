"""What the gate lets through and what it turns away, by a corpus made on the spot; nothing is ever unpacked."""

from __future__ import annotations

import io
import warnings
import zipfile

import pytest

from styrhjul.web.permission import most_bytes
from styrhjul.web.rate import Rate
from styrhjul.web.rules import RULES
from styrhjul.web.security import MOST_BYTES, MOST_BYTES_WITH_FILE
from styrhjul.web.upload import MOST_FILE_BYTES, MOST_NAME, TAKEN, FileRefused, clean_name, take_file
from tests.web.upload_corpus import HONEST, HOSTILE, NAMES, PDF


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_file_is_taken_as_what_it_is(name: str) -> None:
    taken = take_file(name, io.BytesIO(HONEST[name]))
    ending = name.rpartition(".")[2].lower().replace("jpeg", "jpg")
    assert (taken.name, taken.media_type, taken.content) == (name, TAKEN[ending][0], HONEST[name])


@pytest.mark.parametrize("what", HOSTILE)
def test_a_file_that_only_looks_like_one_is_refused_in_words(what: str) -> None:
    name, content, word = HOSTILE[what]
    with pytest.raises(FileRefused, match=word) as refused:
        take_file(name, io.BytesIO(content))
    assert not refused.value.is_too_large


def test_nothing_is_unpacked_to_be_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("unpacked")

    monkeypatch.setattr(zipfile.ZipFile, "open", never)
    for name, content, _ in HOSTILE.values():
        with pytest.raises(FileRefused):
            take_file(name, io.BytesIO(content))


def test_an_entry_twice_is_a_trick() -> None:
    out = io.BytesIO(HONEST["protokoll.docx"])
    with warnings.catch_warnings(), zipfile.ZipFile(out, "a") as file:
        warnings.simplefilter("ignore")
        file.writestr("word/document.xml", b"another")
    with pytest.raises(FileRefused, match="inte tas emot"):
        take_file("a.docx", io.BytesIO(out.getvalue()))


def test_a_file_that_is_too_large_is_not_read_to_its_end() -> None:
    file = io.BytesIO(PDF + bytes(MOST_FILE_BYTES * 2))
    with pytest.raises(FileRefused, match="större än 20 MB") as refused:
        take_file("stor.pdf", file)
    assert refused.value.is_too_large
    assert file.tell() == MOST_FILE_BYTES + 1


@pytest.mark.parametrize("sent_as", NAMES)
def test_a_name_is_cleaned(sent_as: str) -> None:
    assert clean_name(sent_as) == NAMES[sent_as]


@pytest.mark.parametrize("sent_as", [*NAMES, *HONEST, "a" * 500 + ".pdf", "é" * 500, "." * 50, "/", "x." + "y" * 400])
def test_a_clean_name_stays_as_it_is_and_is_short(sent_as: str) -> None:
    clean = clean_name(sent_as)
    assert clean_name(clean) == clean
    assert 0 < len(clean) <= MOST_NAME


def test_only_where_a_file_is_sent_is_a_large_form_taken() -> None:
    large = [rule for rule in RULES if rule.most_bytes > MOST_BYTES]
    assert {rule.rate for rule in large} == {Rate.UPLOAD}
    assert most_bytes("POST", "/answer/abc/attachment") == MOST_BYTES_WITH_FILE
    for method, path in (
        ("GET", "/answer/abc/attachment"),
        ("POST", "/answer/abc"),
        ("POST", "/answer/a/b/attachment"),
    ):
        assert most_bytes(method, path) == MOST_BYTES
