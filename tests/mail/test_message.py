"""The bytes of a mail, judged by the standard library."""

from __future__ import annotations

import re
from binascii import b2a_qp
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from email.header import decode_header
from email.message import EmailMessage
from email.policy import compat32, default
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from styrhjul.mail.context import CONTEXTS
from styrhjul.mail.message import (
    CalendarPart,
    Envelope,
    MessageRefused,
    _known_line,
    ascii_address,
    build,
    new_message_id,
    redact,
)
from styrhjul.mail.render import Rendered, render

ENVELOPE = Envelope(
    message_id="<0123456789abcdef@styrhjul.example.org>",
    date_at=datetime(2027, 3, 10, 8, 0, tzinfo=UTC),
    sender_address="styrhjul@example.org",
    sender_name="Exempelby kommun",
    to_address="ordforande@example.org",
    to_name="Ordförande, socialnämnden",
    reply_to="registrator@example.org",
    return_path="studs+0123@example.org",
    mail_id="0123456789abcdef",
)
RENDERED = Rendered(subject="Mål för 2027", text="Skriv målen.\n", html="<p>Skriv målen.</p>\n")

printable = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=300)
bodies = st.text(st.characters(exclude_categories=["Cs"]), max_size=2000)
tokens = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-", min_size=43, max_size=43)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2099, 1, 1)).map(  # noqa: DTZ001 - made aware here
    lambda moment: moment.replace(microsecond=0, tzinfo=timezone(timedelta(hours=2)))
)


def parsed(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=default)


def part(message: EmailMessage, subtype: str) -> str:
    found = message.get_body((subtype,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


def sent(text: str) -> str:
    """What is left of a body's line ends once it has travelled."""
    return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n") + "\n"


def defects(message: EmailMessage) -> list[object]:
    found: list[object] = []
    for piece in message.walk():
        found += piece.defects
        found += [defect for header in piece.values() for defect in getattr(header, "defects", ())]
    return found


def unspaced(text: str) -> str:
    """Without the spaces that the library's new parser puts between the encoded words of a name (RFC 2047, 6.2)."""
    return "".join(text.split())


def name_on_the_wire(raw: bytes, header: str) -> str:
    """A mailbox's name as the library's older reader, which gets the spaces right, decodes it."""
    words = decode_header(message_from_bytes(raw, policy=compat32)[header])
    whole = "".join(word.decode(charset or "ascii") if isinstance(word, bytes) else word for word, charset in words)
    return whole.rpartition("<")[0].removesuffix(" ").removesuffix("\r\n")


@given(printable, bodies, bodies)
def test_words_arrive_as_they_were_written(subject: str, text: str, html: str) -> None:
    message = parsed(build(Rendered(subject=subject, text=text, html=html), ENVELOPE))
    assert defects(message) == []
    assert message.get_content_type() == "multipart/alternative"
    assert [piece.get_content_type() for piece in message.iter_parts()] == ["text/plain", "text/html"]
    assert message["Subject"] == subject
    assert (part(message, "plain"), part(message, "html")) == (sent(text), sent(html))


@given(bodies)
def test_lines_are_encoded_one_by_one_as_they_would_be_together(text: str) -> None:
    raw = build(Rendered(subject="Mål", text=text, html=text), ENVELOPE)
    together = b2a_qp(sent(text).replace("\n", "\r\n").encode(), istext=True)
    assert raw.count(b"quoted-printable\r\n\r\n" + together + b"\r\n--=_") == 2


def test_no_link_is_remembered() -> None:
    _known_line.cache_clear()
    build(Rendered(subject="Mål", text="https://styrhjul.example.org/a/hemlig", html="<p>Mål</p>"), ENVELOPE)
    assert _known_line.cache_info().currsize == 1


@given(printable, printable, moments)
def test_headers_arrive_as_they_were_given(sender_name: str, to_name: str, date_at: datetime) -> None:
    envelope = replace(
        ENVELOPE, sender_name=sender_name, to_name=to_name, date_at=date_at, references=("<a@b>", "<c@d>")
    )
    raw = build(RENDERED, envelope)
    message = parsed(raw)
    assert defects(message) == []
    for name, display_name, address in (
        ("From", sender_name, envelope.sender_address),
        ("To", to_name, envelope.to_address),
    ):
        (mailbox,) = message[name].addresses
        assert mailbox.addr_spec == address
        assert unspaced(mailbox.display_name) == unspaced(display_name)
        assert name_on_the_wire(raw, name) == display_name.strip(" ")
    assert message["Date"].datetime == date_at
    assert message["References"].split() == ["<a@b>", "<c@d>"]
    assert message["In-Reply-To"] == "<c@d>"


@given(printable, bodies)
def test_lines_are_short_ascii_and_end_as_smtp_wants_them(subject: str, text: str) -> None:
    raw = build(
        Rendered(subject=subject, text=text, html=text), replace(ENVELOPE, to_name=subject, references=("<a@b>",) * 30)
    )
    assert raw.isascii()
    assert raw.endswith(b"\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
    assert max(map(len, raw.split(b"\r\n"))) <= 100


def test_a_mail_is_known_as_made_by_a_machine() -> None:
    message = parsed(build(RENDERED, replace(ENVELOPE, list_id="m1.styrhjul.example.org")))
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["X-Styrhjul-Mail-Id"] == ENVELOPE.mail_id
    assert message["Reply-To"] == "registrator@example.org"
    assert message["List-Id"] == "<m1.styrhjul.example.org>"
    assert message["Message-ID"] == ENVELOPE.message_id
    assert "List-Unsubscribe" not in message


def test_a_mail_says_what_language_it_is_in() -> None:
    message = parsed(build(RENDERED, replace(ENVELOPE, language="sv")))
    assert message["Content-Language"] == "sv"
    with pytest.raises(MessageRefused, match="language"):
        build(RENDERED, replace(ENVELOPE, language="svenska, helst"))


@given(bodies.map(lambda text: text.replace("\r", "")))
def test_a_calendar_is_a_file_beside_the_words_and_arrives_as_it_was(text: str) -> None:
    content = text.replace("\n", "\r\n").encode() + b"\r\n"
    message = parsed(raw := build(RENDERED, ENVELOPE, CalendarPart(method="PUBLISH", content=content)))
    assert defects(message) == []
    assert [piece.get_content_type() for piece in message.iter_parts()] == ["multipart/alternative", "text/calendar"]
    assert (part(message, "plain"), part(message, "html")) == (RENDERED.text, RENDERED.html)
    [file] = message.iter_attachments()
    assert (file.get_filename(), file.get_param("method")) == ("deadline.ics", "PUBLISH")
    assert file.get_payload(decode=True) == content
    assert max(map(len, raw.split(b"\r\n"))) <= 100


def test_a_calendar_of_an_odd_method_is_refused() -> None:
    with pytest.raises(MessageRefused, match="method"):
        build(RENDERED, ENVELOPE, CalendarPart(method='PUBLISH"\r\n', content=b""))


def test_the_same_mail_is_the_same_bytes() -> None:
    assert build(RENDERED, ENVELOPE) == build(RENDERED, ENVELOPE)


@pytest.mark.parametrize("key", sorted(CONTEXTS))
def test_every_mail_becomes_a_message(key: str) -> None:
    rendered = render(CONTEXTS[key].sample())
    message = parsed(build(rendered, ENVELOPE))
    assert defects(message) == []
    assert (message["Subject"], part(message, "plain"), part(message, "html")) == (
        rendered.subject,
        rendered.text,
        rendered.html,
    )


BREAKS = ["\r\nBcc: all@example.org", "\n", "\r", "\x00", "\x0b", "\x1e", "\x7f", "\x85", "\u2028", "\u2029"]


@pytest.mark.parametrize("line_break", BREAKS)
@pytest.mark.parametrize(
    "field",
    [
        "message_id",
        "sender_address",
        "sender_name",
        "to_address",
        "to_name",
        "reply_to",
        "return_path",
        "mail_id",
        "list_id",
        "language",
    ],
)
def test_no_value_can_begin_a_header_of_its_own(field: str, line_break: str) -> None:
    value = getattr(ENVELOPE, field) or ("sv-SE" if field == "language" else "list.example.org")
    changed: dict[str, Any] = {field: value[:5] + line_break + value[5:]}
    with pytest.raises(MessageRefused):
        build(RENDERED, replace(ENVELOPE, **changed))


@pytest.mark.parametrize("line_break", BREAKS)
def test_no_subject_and_no_reference_can_either(line_break: str) -> None:
    with pytest.raises(MessageRefused, match="Subject"):
        build(replace(RENDERED, subject=f"Mål{line_break}"), ENVELOPE)
    with pytest.raises(MessageRefused, match="Message-ID"):
        build(RENDERED, replace(ENVELOPE, references=("<a@b>", f"<c@d>{line_break}")))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "chair",
        "@example.org",
        "a@",
        "a b@example.org",
        "a@b@c",
        "a,b@example.org",
        "<a@b.se>",
        "å@example.org",
        "a..b@example.org",
        ".a@example.org",
        "a@-" + "x" * 300,
    ],
)
def test_what_is_not_an_address_is_refused(address: str) -> None:
    with pytest.raises(MessageRefused):
        ascii_address(address)


def test_a_domain_with_swedish_letters_travels_in_its_ascii_form() -> None:
    assert ascii_address("kansli@växjö.example") == "kansli@xn--vxj-qla6g.example"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(MessageRefused, match="time zone"):
        build(RENDERED, replace(ENVELOPE, date_at=datetime(2027, 3, 10, 8, 0)))  # noqa: DTZ001 - the fault


def test_a_message_id_is_a_uuid_at_a_domain() -> None:
    assert new_message_id("0af3", "styrhjul.example.org") == "<0af3@styrhjul.example.org>"
    with pytest.raises(MessageRefused):
        new_message_id("0af3\r\n", "styrhjul.example.org")


# -- redaction ---------------------------------------------------------------------------------------------------------


def known(*tokens: str) -> re.Pattern[bytes]:
    return re.compile(f"({'|'.join(map(re.escape, tokens))})".encode())


@given(tokens, st.text("abcåäö .", max_size=90), bodies)
def test_a_redacted_mail_has_no_link_that_works_and_is_otherwise_the_same(token: str, before: str, after: str) -> None:
    body = f"{before}https://styrhjul.example.org/s/{token}\n{after}\n{before}{token}"
    raw = build(Rendered(subject="Mål", text=body, html=body), ENVELOPE)
    redacted = redact(raw, known(token))
    message = parsed(redacted)
    mark = "borttagen".ljust(43, "-")
    assert len(redacted) == len(raw)
    assert defects(message) == []
    assert part(message, "plain") == part(message, "html") == sent(body.replace(token, mark))


@given(st.lists(tokens, min_size=1, max_size=5, unique=True))
def test_every_token_goes(found: list[str]) -> None:
    body = " ".join(found)
    message = parsed(redact(build(replace(RENDERED, text=body, html=body), ENVELOPE), known(*found)))
    assert not any(token in part(message, kind) for token in found for kind in ("plain", "html"))


def test_nothing_but_the_tokens_goes() -> None:
    raw = build(RENDERED, ENVELOPE)
    assert redact(raw, known("A" * 43)) == raw
