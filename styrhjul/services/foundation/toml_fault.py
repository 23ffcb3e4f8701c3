"""What is wrong with a file in TOML, in Swedish: the reader of the standard library only speaks English."""

from __future__ import annotations

import re
import tomllib

_FAULTS = (
    (r"twice|overwrite|redefine|Duplicate|Cannot mutate", "samma nyckel eller tabell står två gånger"),
    (r"Expected '='", "ett likhetstecken saknas"),
    (r"Expected '\]|Unclosed array", "en hakparentes saknas"),
    (r"Unclosed inline table|Expected '\}'", "en klammer saknas"),
    (r"Unterminated string|Illegal character|Expected '\"'", "ett citattecken saknas"),
    (r"Expected newline", "något för mycket står på raden"),
    (r"Invalid date", "datumet finns inte"),
    (r"Invalid value", "värdet går inte att läsa; text står inom citattecken"),
    (r"escape|Escaped|hex value", "ett omvänt snedstreck står fel; skriv två"),
)
_PLACE = re.compile(r"at line (\d+), column (\d+)")


def toml_fault(name: str, error: tomllib.TOMLDecodeError) -> str:
    """Return what is wrong, with the file, the line and the place in it."""
    place = _PLACE.search(str(error))
    where = f"rad {place[1]}, tecken {place[2]}" if place else "i slutet"
    found = (swedish for pattern, swedish in _FAULTS if re.search(pattern, str(error)))
    return f"{name}, {where}: {next(found, 'raden följer inte TOML')}. Rätta filen."
