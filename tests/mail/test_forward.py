"""No link of ours works in what is passed on, however it is spelled, and no mail takes long to look through."""

from __future__ import annotations

from base64 import b64decode, b64encode, encodebytes

import pytest

from styrhjul.mail.forward import text_without_links, without_links

TOKEN = "Ab3_-" * 8 + "xyz"
LINK = f"https://lillby.example.org/a/{TOKEN}"
HEAD = b"From: a@example.org\r\nContent-Transfer-Encoding: base64\r\n\r\n"
MEGABYTE = 1024 * 1024

SPELLED = [
    LINK,
    f"https://urldefense.com/v3/__{LINK}__;!!abc$",
    f"https://filter.example.org/?url=https%3A%2F%2Flillby.example.org%2Fa%2F{TOKEN}&data=1",
    f"https://filter.example.org/?url=https%253A%252F%252Flillby.example.org%252fa%252f{TOKEN}",
    f"https:=2F=2Flillby.example.org=2Fa=2F{TOKEN}",
    f"https:&#x2F;&#x2F;lillby.example.org&#x2F;a&#x2F;{TOKEN}",
    f"https:&#47;&#47;lillby.example.org&#47;a&#47;{TOKEN}",
    f"https:&sol;&sol;lillby.example.org&sol;a&sol;{TOKEN}",
    f"https:\\/\\/lillby.example.org\\/a\\/{TOKEN}",
    LINK.replace("/a/", "/a=\r\n/"),
    LINK.replace("b3_", "b=\r\n3=5F"),
]


@pytest.mark.parametrize("spelled", SPELLED)
def test_a_link_is_taken_away_in_every_spelling(spelled: str) -> None:
    clean = without_links(f"Hej\r\n> {spelled} sa hon\r\n".encode())
    assert b"borttagen" in clean
    assert b"3_-Ab" not in clean
    assert clean.startswith(b"Hej\r\n> http")
    assert clean.endswith((b" sa hon\r\n", b"&data=1 sa hon\r\n", b";!!abc$ sa hon\r\n"))


@pytest.mark.parametrize("spelled", SPELLED[:2])
def test_a_text_that_is_kept_has_no_link(spelled: str) -> None:
    assert TOKEN not in text_without_links(f"Se {spelled}")


@pytest.mark.parametrize("charset", ["utf-8", "utf-16-le", "utf-16-be", "utf-16"])
@pytest.mark.parametrize("end", ["\r\n", " \r\n", "\t\r\n"])
@pytest.mark.parametrize("last", ["\r\n", "", "\r\n--b--\r\n"])
def test_a_link_is_taken_away_inside_base64(charset: str, end: str, last: str) -> None:
    said = f"Hej, du frågade om målen.\r\n> {LINK}\r\nAnna".encode(charset)
    coded = end.join(encodebytes(said).decode().split("\n")).strip() + last
    body = without_links(HEAD + coded.encode()).partition(b"\r\n\r\n")[2].partition(b"--")[0]
    clean = b64decode(body).decode(charset)
    assert "3_-Ab" not in clean
    assert clean.endswith("\r\nAnna")


@pytest.mark.parametrize("end", [b"", b"!", b"="])
@pytest.mark.timeout(60)
def test_a_megabyte_of_one_line_is_looked_through_once(end: bytes) -> None:
    line = b"A" * MEGABYTE + end
    assert without_links(line) == line


@pytest.mark.timeout(60)
def test_ten_megabytes_of_lawful_lines_are_looked_through_once() -> None:
    raw = HEAD + encodebytes(b"\xff\xd8 a picture " * (MEGABYTE // 2)).replace(b"\n", b"\r\n")
    assert without_links(raw) == raw


@pytest.mark.timeout(60)
def test_twenty_thousand_links_are_taken_away_in_one_pass() -> None:
    raw = b"\r\n".join(f"https://x.example.org/a/{number:043}".encode() for number in range(20_000))
    assert without_links(raw).count(b"borttagen") == 20_000


@pytest.mark.parametrize("almost", [b"/a/", b"_a_", b"=2Fa=2F", b"%25", b"=", b"/\x00a\x00/\x00", b"= ", b"/a/=25"])
@pytest.mark.timeout(60)
def test_what_almost_begins_a_link_a_hundred_thousand_times_is_left(almost: bytes) -> None:
    assert without_links(almost * 100_000) == almost * 100_000


def test_what_holds_no_link_is_left_as_it_was() -> None:
    raw = HEAD + b64encode(b"Hej") + b" \r\nord\r\n\r\nhttps://example.org/a/short\r\n/a/" + b"x" * 42
    assert without_links(raw) == raw
