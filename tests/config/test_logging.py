"""The log: one JSON object a line, and no secret in any of them."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from config.logging import configure_logging, masked


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_our_lines_and_those_of_others_are_json(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    structlog.get_logger("tasks").info("pulse", step="mail.deliver", sent=3)
    logging.getLogger("celery.worker").warning("connection %s", "lost")
    ours, theirs = lines(capsys)
    assert (ours["event"], ours["sent"]) == ("pulse", 3)
    assert (theirs["event"], theirs["level"]) == ("connection lost", "warning")


def test_the_token_of_an_answer_link_is_masked_wherever_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    token = "c2VjcmV0LXRva2Vu-_x"
    logging.getLogger("uvicorn.access").info('%s - "%s %s"', "127.0.0.1", "GET", f"/a/{token}?x=1")
    structlog.get_logger().error("failed", url=f"https://h/a/{token}", deep={"list": [f"/a/{token}"]})
    text = json.dumps(lines(capsys))
    assert token not in text
    assert text.count("/a/\\u2026") == 3


def test_the_token_of_a_calendar_is_masked_too() -> None:
    assert masked("GET https://h/calendar/c2VjcmV0LXRva2Vu-_x.ics") == "GET https://h/calendar/…"


def test_the_secret_of_a_webhook_is_masked() -> None:
    assert masked("signed with whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw=.") == "signed with whsec_…."


def test_a_traceback_shows_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    try:
        int("redis://user:hunter2@host/0 is gone")
    except ValueError:
        structlog.get_logger().exception("failed")
    [line] = lines(capsys)
    assert "is gone" in json.dumps(line)
    assert "hunter2" not in json.dumps(line)


def test_a_traceback_shows_no_variable(capsys: pytest.CaptureFixture[str]) -> None:
    """A frame may hold an answer, a token, the bytes of a mail."""
    configure_logging()

    def fail(token: str) -> None:
        raise RuntimeError(str(len(token)))

    try:
        fail("a-token-that-nobody-may-read")
    except RuntimeError:
        structlog.get_logger().exception("failed")
    assert "nobody-may-read" not in json.dumps(lines(capsys))


def test_less_serious_lines_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("WARNING")
    structlog.get_logger().info("chatter")
    assert lines(capsys) == []


def test_a_url_without_a_password_is_left_as_it_is() -> None:
    assert masked("https://styrhjul.example.org/inbox") == "https://styrhjul.example.org/inbox"
