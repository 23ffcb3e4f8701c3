"""A sealed mail opens with its own key and with no other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from styrhjul.mail.seal import SealBroken, Sealer

SEALER = Sealer("a secret of the house")


@given(st.binary(max_size=500))
def test_what_was_sealed_opens_as_it_was(plain: bytes) -> None:
    sealed = SEALER.seal(plain)
    assert Sealer("a secret of the house").open(sealed) == plain
    assert plain not in sealed or len(plain) < 4


@pytest.mark.parametrize(("sealed_for", "opened_for"), [(b"dkim", b""), (b"", b"dkim"), (b"dkim a", b"dkim b")])
def test_what_was_sealed_for_one_purpose_opens_for_no_other(sealed_for: bytes, opened_for: bytes) -> None:
    sealed = SEALER.seal(b"key", sealed_for)
    assert SEALER.open(sealed, sealed_for) == b"key"
    with pytest.raises(SealBroken):
        SEALER.open(sealed, opened_for)


def test_sealing_twice_shows_nothing_in_common() -> None:
    assert SEALER.seal(b"https://example.org/s/token") != SEALER.seal(b"https://example.org/s/token")


def test_another_key_is_told_apart_from_a_broken_program() -> None:
    with pytest.raises(SealBroken, match="secret key is not the one"):
        Sealer("another secret").open(SEALER.seal(b"mail"))


@given(st.integers(0, 60), st.integers(1, 255))
def test_a_changed_byte_breaks_the_seal(place: int, change: int) -> None:
    sealed = bytearray(SEALER.seal(b"x" * 40))
    sealed[place] ^= change
    with pytest.raises(SealBroken):
        SEALER.open(bytes(sealed))


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" + b"0" * 12, b"plain text"])
def test_what_was_never_sealed_does_not_open(sealed: bytes) -> None:
    with pytest.raises(SealBroken):
        SEALER.open(sealed)


def test_an_empty_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        Sealer("")


def test_the_key_does_not_show() -> None:
    assert "secret of the house" not in repr(SEALER) + repr(vars(SEALER))
