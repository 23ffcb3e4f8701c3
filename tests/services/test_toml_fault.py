"""A file in TOML that cannot be read is told of in Swedish, with its line."""

from __future__ import annotations

import tomllib

import pytest

from styrhjul.services.foundation.toml_fault import toml_fault


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = ", "a.toml, i slutet: värdet går inte att läsa"),
        ("a = 1\na = 2", "a.toml, i slutet: samma nyckel eller tabell står två gånger"),
        ("[a]\n[a]\n", "a.toml, rad 2, tecken 3: samma nyckel eller tabell står två gånger"),
        ("a 1", "a.toml, rad 1, tecken 3: ett likhetstecken saknas"),
        ("[a", "a.toml, i slutet: en hakparentes saknas"),
        ("a = [1, 2", "a.toml, i slutet: en hakparentes saknas"),
        ("a = {b = 1", "a.toml, i slutet: en klammer saknas"),
        ('a = "x', "a.toml, i slutet: ett citattecken saknas"),
        ('a = "x\n', "a.toml, rad 1, tecken 7: ett citattecken saknas"),
        ("a = 1 2", "a.toml, rad 1, tecken 7: något för mycket står på raden"),
        ("a = 2027-02-30", "datumet finns inte"),
        ('a = "C:\\x"', "ett omvänt snedstreck står fel"),
    ],
)
def test_a_fault_has_its_file_its_place_and_a_swedish_reason(text: str, said: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as refused:
        tomllib.loads(text)
    assert said in toml_fault("a.toml", refused.value)
