"""Where in a call something does not fit the schema, and what would: in Swedish, never repeating what was sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from styrhjul.domain.vocabulary import LifecycleKey

_Context = Mapping[str, Any]
_QUOTED = re.compile(r"'([^']*)'")
#: pydantic names the kind of answer it tried in the place; nothing in what was sent lies under that name.
_TRIED = frozenset(key.value for key in LifecycleKey)
_WORDS: Mapping[str, Callable[[_Context], str]] = {
    "missing": lambda _: "Det här måste finnas med.",
    "extra_forbidden": lambda _: "Det här finns inte i schemat. Ta bort det.",
    "enum": lambda ctx: _one_of(ctx["expected"]),
    "literal_error": lambda ctx: _one_of(ctx["expected"]),
    "union_tag_invalid": lambda ctx: _one_of(ctx["expected_tags"]),
    "union_tag_not_found": lambda _: "Det här måste finnas med.",
    "less_than_equal": lambda ctx: f"Skriv {ctx['le']} eller mindre.",
    "greater_than_equal": lambda ctx: f"Skriv {ctx['ge']} eller mer.",
    "string_too_long": lambda ctx: f"Skriv högst {ctx['max_length']} tecken.",
    "string_too_short": lambda ctx: f"Skriv minst {ctx['min_length']} tecken.",
    "too_long": lambda ctx: f"Skicka högst {ctx['max_length']}.",
    "too_short": lambda ctx: f"Skicka minst {ctx['min_length']}.",
    "string_pattern_mismatch": lambda ctx: f"Skriv det så här: {ctx['pattern']}",
    "string_type": lambda _: "Skicka text.",
    "int_type": lambda _: "Skicka ett heltal.",
    "int_parsing": lambda _: "Skicka ett heltal.",
    "value_error": lambda ctx: str(ctx["error"]),  # of our own validators
    "date_from_datetime_parsing": lambda _: "Skriv en dag som finns, som 2027-03-24.",
    "date_from_datetime_inexact": lambda _: "Skriv en dag som finns, som 2027-03-24.",
    "date_parsing": lambda _: "Skriv en dag som finns, som 2027-03-24.",
    "bool_type": lambda _: "Skicka true eller false.",
    "list_type": lambda _: "Skicka en lista.",
    "model_attributes_type": lambda _: "Skicka ett objekt.",
    "model_type": lambda _: "Skicka ett objekt.",
}


def place_of(error: Mapping[str, Any]) -> str:
    """Return where: a name in the query or a header, or an RFC 6901 pointer into the body, the whole of which is ""."""
    source, *parts = [str(part) for part in error["loc"]]
    if source != "body":
        return ".".join(parts)
    if error["type"] == "json_invalid":
        return ""
    if error["type"].startswith("union_tag"):
        return pointer([error["ctx"]["discriminator"].strip("'")])
    return pointer(parts[1:] if parts and parts[0] in _TRIED else parts)


def pointer(parts: Sequence[str]) -> str:
    """Return the RFC 6901 pointer to a place in JSON."""
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


def words_of(error: Mapping[str, Any]) -> str:
    """Return what would fit."""
    if error["type"] == "json_invalid":
        return f"Det som skickades är inte JSON. Läsningen stannade vid tecken {error['loc'][-1]}."
    worded = _WORDS.get(error["type"])
    return worded(error.get("ctx", {})) if worded else f"Värdet passar inte schemat ({error['type']})."


def _one_of(expected: str) -> str:
    """Word pydantic's `'a', 'b' or 'c'`."""
    return f"Skriv något av: {', '.join(_QUOTED.findall(expected))}."
