"""A signed return path: only what we wrote ourselves, and not long ago, is believed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from styrhjul.mail.message import ascii_address
from styrhjul.mail.verp import VALID_DAYS, ReturnPaths, Signed, Verdict

MAIL = "0123456789abcdef" * 2
DAY = date(2027, 1, 7)
OURS = ReturnPaths.under("a secret key for tests, long enough", "Bounce.example.org")
ADDRESS = OURS.address(MAIL, DAY)


def test_what_we_wrote_is_valid_on_the_day_and_for_weeks() -> None:
    for days in (-1, 0, VALID_DAYS):
        assert OURS.read(ADDRESS, DAY + timedelta(days)) == Signed(MAIL, Verdict.VALID)


@pytest.mark.parametrize("days", [-2, VALID_DAYS + 1, 4_000])
def test_it_expires_and_is_not_believed_before_it_was_written(days: int) -> None:
    assert OURS.read(ADDRESS, DAY + timedelta(days)) == Signed(MAIL, Verdict.EXPIRED)


def test_servers_may_change_the_case() -> None:
    assert OURS.read(ADDRESS.upper(), DAY) == Signed(MAIL, Verdict.VALID)


@given(st.integers(0, 2**128 - 1), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_local_part_is_short_enough_for_every_server(number: int, day: date) -> None:
    address = OURS.address(f"{number:032x}", day)
    assert len(address.partition("@")[0]) <= 64
    assert ascii_address(address) == address
    assert OURS.read(address, day) == Signed(f"{number:032x}", Verdict.VALID)


@given(st.integers(7, 61), st.sampled_from("0123456789abcdefz-"))
def test_any_other_sign_in_it_makes_it_worthless(place: int, sign: str) -> None:
    changed = ADDRESS[:place] + sign + ADDRESS[place + 1 :]
    read = OURS.read(changed, DAY)
    assert changed == ADDRESS or read is None or read.verdict is Verdict.FORGED


def test_another_secret_makes_another_signature() -> None:
    theirs = ReturnPaths.under("another secret key, long enough too", OURS.domain)
    assert theirs.read(ADDRESS, DAY) == Signed(MAIL, Verdict.FORGED)


@pytest.mark.parametrize(
    "address", ["", "bounce", "bounce@bounce.example.org", f"bounce+{MAIL}@bounce.example.org", ADDRESS + ".evil"]
)
def test_what_is_no_return_path_names_nothing(address: str) -> None:
    assert OURS.read(address, DAY) is None


@pytest.mark.parametrize(
    ("address", "is_ours"),
    [
        (ADDRESS.upper(), True),
        ("bounce@bounce.example.org", True),
        ("bounce+anything@bounce.example.org", True),
        ("bouncer@bounce.example.org", False),
        ("bounce@example.org", False),
    ],
)
def test_the_whole_mailbox_is_ours_and_nothing_beside_it(address: str, is_ours: bool) -> None:
    assert OURS.is_ours(address) is is_ours


def test_the_key_is_not_shown() -> None:
    assert OURS.key.hex() not in repr(OURS)
    assert repr(OURS.key) not in repr(OURS)


def test_an_empty_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        ReturnPaths.under("", "example.org")
