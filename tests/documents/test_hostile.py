"""Whoever sends what: no crash, no hang, no memory lost, nothing fetched; text, or Swedish words on what to do."""

from __future__ import annotations

import resource
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import PurePath
from typing import TYPE_CHECKING

import pytest

from styrhjul.documents import Document, UnreadableDocument, opening, read_document
from styrhjul.documents.formats import child
from tests.documents.hostile import Hostile, Wanted, files
from tests.documents.hostile_packed import SENTENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What a refusal tells somebody to do.
DOABLE = ("Öppna", "Spara", "Kontrollera", "Dela upp", "Skaffa", "Ta bort")
MEGABYTE = 1024  # of kilobytes, as the system counts
Results = dict[str, Document | UnreadableDocument]

pytestmark = pytest.mark.timeout(600)


def read(one: Hostile) -> Document | UnreadableDocument:
    try:
        return read_document(one.data, one.name)
    except UnreadableDocument as refused:
        return refused


@pytest.fixture(scope="module")
def corpus() -> list[Hostile]:
    return files()


@pytest.fixture(scope="module")
def growth() -> list[int]:
    return []


@pytest.fixture(scope="module")
def results(corpus: list[Hostile], growth: list[int]) -> Results:
    """Read all of them once; any other exception than the one that is meant ends here."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with ThreadPoolExecutor(3) as pool:
        found = dict(zip((one.name for one in corpus), pool.map(read, corpus), strict=True))
    growth.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    return found


def test_there_are_a_hundred_and_sixty_files(corpus: list[Hostile]) -> None:
    assert len({one.name for one in corpus}) == len(corpus) >= 160


def test_each_gives_what_it_must(corpus: list[Hostile], results: Results) -> None:
    given = {one.name: "text" if isinstance(results[one.name], Document) else "refused" for one in corpus}
    wrong = {
        one.name: str(results[one.name])[:200]
        for one in corpus
        if one.wanted is not Wanted.EITHER and given[one.name] != one.wanted.value
    }
    assert wrong == {}


def test_what_must_be_read_is_read_with_its_sentence(corpus: list[Hostile], results: Results) -> None:
    texts = [results[one.name] for one in corpus if one.wanted is Wanted.TEXT]
    assert len(texts) > 50
    assert [each for each in texts if isinstance(each, Document) and SENTENCE not in each.text] == []


def test_every_refusal_says_what_to_do(results: Results) -> None:
    refusals = [each for each in results.values() if isinstance(each, UnreadableDocument)]
    assert len(refusals) > 50
    assert [str(each) for each in refusals if not any(word in each.why for word in DOABLE)] == []


def test_no_file_puts_what_is_no_text_into_a_text(results: Results) -> None:
    for each in results.values():
        text = each.text if isinstance(each, Document) else ""
        assert not [letter for letter in set(text) if ord(letter) < 9 or 0xD800 <= ord(letter) < 0xE000]
        assert "root:" not in text


def test_the_parent_stays_small(results: Results, growth: list[int]) -> None:
    assert results
    assert growth[0] < 200 * MEGABYTE


def test_a_child_can_neither_think_nor_grow_for_long() -> None:
    assert child.LIMITS.cpu_seconds == 5
    assert child.LIMITS.memory_bytes <= 600 * 1024 * 1024


@pytest.mark.parametrize(
    "answer",
    [
        *(b"", b"garbage", b"\xff\xfe", b"null", b"[]", b"{}", b'"trouble"', b"[" * 200_000, b'{"trouble":"other"}'),
        *(b'{"trouble":["no_text_layer"]}', b'{"lines":5,"notices":[]}', b'{"lines":{"a":1},"notices":[]}'),
        *(b'{"lines":[["a",1]],"notices":[]}', b'{"lines":[[5,1,1]],"notices":[]}', b'{"lines":[["a",1,1]]}'),
        *(b'{"lines":[["a",1,1]],"notices":["other"]}', b'{"lines":[["a","x",1]],"notices":[]}'),
        *(b'{"lines":[["a",%s,1]],"notices":[]}' % page for page in (b"1e999", b"NaN", b"0", b"2001", b"9" * 5000)),
    ],
    ids=lambda answer: str(len(answer)),
)
def test_whatever_a_child_that_was_taken_over_says_is_refused(monkeypatch: pytest.MonkeyPatch, answer: bytes) -> None:
    monkeypatch.setattr(opening, "run_confined", lambda *_, **__: answer)
    with pytest.raises(UnreadableDocument, match="skadad eller ofullständig"):
        read_document(b"%PDF-1.4", "policy.pdf")


@pytest.fixture
def server() -> Iterator[tuple[str, list[object]]]:
    """Listen, and note whoever calls."""
    called: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        over = threading.Event()

        def listen() -> None:
            while not over.is_set():
                try:
                    connection, whence = listening.accept()
                except TimeoutError:
                    continue
                called.append(whence)
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/x", called
        over.set()
        thread.join()


def test_nothing_is_fetched_even_where_the_door_is_open(server: tuple[str, list[object]]) -> None:
    """Here, without the child's limits, every file that names the server is read: it hears nothing."""
    address, called = server
    naming = [one for one in files(address) if address.encode() in one.data or "outwards" in one.name]
    for one in naming:
        kind = PurePath(one.name).suffix
        module, name = child.READERS[kind]
        reader = getattr(__import__(f"styrhjul.documents.formats.{module}", fromlist=[name]), name)
        assert child.answer(reader, one.data).startswith("{")
    assert len(naming) > 20
    assert called == []
