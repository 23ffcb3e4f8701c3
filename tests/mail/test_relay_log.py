"""What a mail server's log says has left, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from styrhjul.mail.relay_log import Departure, NotALog, read_relay_log

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NOW = datetime(2027, 1, 7, 12, 0, tzinfo=STOCKHOLM)

POSTFIX = """\
Jan  7 09:00:01 mail postfix/smtpd[11]: 4F2A: client=localhost[127.0.0.1]
Jan  7 09:00:01 mail postfix/cleanup[12]: 4F2A: message-id=<aaa@lillby.example.org>
Jan  7 09:00:01 mail postfix/qmgr[13]: 4F2A: from=<bounce@lillby.example.org>, size=12000, nrcpt=1 (queue active)
Jan  7 09:00:03 mail postfix/smtp[14]: 4F2A: to=<anna@example.org>, relay=mx[1.2.3.4], dsn=2.0.0, status=sent (250 ok)
Jan  7 09:00:03 mail postfix/cleanup[12]: 5B00: message-id=<bbb@lillby.example.org>
Jan  7 09:00:04 mail postfix/smtp[14]: 5B00: to=<bo@example.org>, relay=none, dsn=4.4.1, status=deferred (timed out)
Jan  7 09:00:05 mail postfix/cleanup[12]: 6C00: message-id=<ccc@lillby.example.org>
Jan  7 09:00:06 mail postfix/smtp[14]: 6C00: to=<cia@example.org>, relay=mx[1.2.3.4], dsn=5.1.1, status=bounced (no)
""".splitlines()


def test_postfix_says_what_was_sent_to_whom_and_when() -> None:
    at = datetime(2027, 1, 7, 9, 0, 3, tzinfo=STOCKHOLM)
    assert read_relay_log(POSTFIX, NOW) == [
        Departure(message_id="aaa@lillby.example.org", address="anna@example.org", at=at)
    ]


def test_a_line_without_a_year_is_of_the_year_that_has_passed() -> None:
    lines = [line.replace("Jan  7", "Dec 30") for line in POSTFIX]
    [found] = read_relay_log(lines, NOW)
    assert found.at == datetime(2026, 12, 30, 9, 0, 3, tzinfo=STOCKHOLM)


def test_a_deferred_mail_that_left_later_has_left() -> None:
    later = POSTFIX[5].replace("09:00:04", "09:20:04").replace("status=deferred (timed out)", "status=sent (250 ok)")
    assert [each.address for each in read_relay_log([*POSTFIX, later], NOW)] == ["anna@example.org", "bo@example.org"]


def test_newer_logs_have_whole_times() -> None:
    lines = [line.replace("Jan  7 09:00:03", "2027-01-07T09:00:03.123456+01:00") for line in POSTFIX]
    [found] = read_relay_log(lines, NOW)
    assert found.at == datetime(2027, 1, 7, 9, 0, 3, 123456, tzinfo=STOCKHOLM)


@pytest.mark.parametrize("line", ["<aaa@lillby.example.org>", "aaa@lillby.example.org", "  <aaa@lillby.example.org>  "])
def test_any_other_server_gives_a_list(line: str) -> None:
    assert read_relay_log(["", line], NOW) == [Departure(message_id="aaa@lillby.example.org")]


@pytest.mark.parametrize("line", ["Datum;Mottagare;Status", "anna", "<a@b> <c@d>"])
def test_what_is_neither_is_refused_with_its_line(line: str) -> None:
    with pytest.raises(NotALog, match="Rad 2 går inte att läsa"):
        read_relay_log(["<aaa@lillby.example.org>", line], NOW)


def test_the_clock_is_an_argument() -> None:
    [found] = read_relay_log(POSTFIX, NOW + timedelta(days=800))
    assert found.at is not None
    assert found.at.year == 2029


@pytest.mark.parametrize(("ahead", "year"), [(timedelta(hours=2), 2027), (timedelta(days=2), 2026)])
def test_a_clock_of_another_zone_is_of_today_and_not_of_last_year(ahead: timedelta, year: int) -> None:
    lines = [line.replace("Jan  7 09:00:03", f"{NOW + ahead:%b %d %H:%M:%S}") for line in POSTFIX]
    [found] = read_relay_log(lines, NOW)
    assert found.at is not None
    assert found.at.year == year


def test_a_clock_ahead_on_new_years_eve_is_of_the_year_that_comes() -> None:
    [found] = read_relay_log(
        [line.replace("Jan  7 09:", "Jan  1 00:") for line in POSTFIX], datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    )
    assert found.at == datetime(2027, 1, 1, 0, 0, 3, tzinfo=UTC)


def test_the_leap_day_is_of_the_last_leap_year() -> None:
    lines = [line.replace("Jan  7", "Feb 29") for line in POSTFIX]
    [found] = read_relay_log(lines, NOW.replace(year=2029))
    assert found.at == datetime(2028, 2, 29, 9, 0, 3, tzinfo=STOCKHOLM)


def test_a_day_that_no_year_has_is_no_time() -> None:
    [found] = read_relay_log([line.replace("Jan  7", "Feb 30") for line in POSTFIX], NOW)
    assert found.at is None


#: Queued, handed to a content filter, queued anew by it: the filter's answer is noted when the new queue is at work.
FILTERED = """\
Jan  7 09:00:01 mail postfix/cleanup[12]: 4F2A: message-id=<aaa@lillby.example.org>
Jan  7 09:00:02 mail postfix/cleanup[12]: 7D00: message-id=<aaa@lillby.example.org>
Jan  7 09:00:03 mail postfix/smtp[15]: 7D00: to=<anna@example.org>, relay=mx[1.2.3.4]:25, dsn=5.1.1, status=bounced (no)
Jan  7 09:00:03 mail postfix/smtp[14]: 4F2A: to=<anna@example.org>, relay=127.0.0.1[127.0.0.1]:10024, dsn=2.0.0, \
status=sent (250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as 7D00)
""".splitlines()


@pytest.mark.parametrize("given", ["aaa@lillby.example.org", "other@filter.example.org"])
def test_what_bounced_behind_a_content_filter_has_not_left(given: str) -> None:
    """Whether the filter keeps the mail's id or gives it one of its own."""
    lines = [
        line.replace("7D00: message-id=<aaa@lillby.example.org>", f"7D00: message-id=<{given}>") for line in FILTERED
    ]
    assert read_relay_log(lines, NOW) == []
    sent = [line.replace("status=bounced (no)", "status=sent (250 ok)") for line in lines]
    assert [each.message_id for each in read_relay_log(sent, NOW)] == ["aaa@lillby.example.org"]


def test_what_a_content_filter_has_and_no_other_queue_yet_has_left() -> None:
    assert [each.address for each in read_relay_log([FILTERED[0], FILTERED[3]], NOW)] == ["anna@example.org"]
