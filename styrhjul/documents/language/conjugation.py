"""How the tables write a verb, and its forms: stem, a point, the ending of its present, and a particle behind a plus.

`redovis.ar` `följ.er+upp` `gör.` `ge.r`
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum


class Form(Enum):
    """How a verb stands. An infinitive needs a binding word; PASSIVE may be either infinitive or present."""

    INFINITIVE = 1
    PRESENT = 2
    PASSIVE_INFINITIVE = 3
    PASSIVE_PRESENT = 4
    PASSIVE = 5
    STATE = 6  #: "finns": binds only inside what somebody sees to

    @property
    def passive(self) -> bool:
        return self in {Form.PASSIVE_INFINITIVE, Form.PASSIVE_PRESENT, Form.PASSIVE, Form.STATE}

    @property
    def finite(self) -> bool:
        return self in {Form.PRESENT, Form.PASSIVE_PRESENT, Form.STATE}


def read_verb(written: str) -> tuple[str, str, str]:
    """Return stem, ending and particle, "" where the verb has none."""
    word, _, particle = written.partition("+")
    stem, ending = word.split(".")
    return stem, ending, particle


def active_forms(stem: str, ending: str) -> Iterator[tuple[Form, str]]:
    """Yield infinitive and present; none of a verb that is a passive in form alone: "synas"."""
    if ending != "as":
        yield Form.INFINITIVE, f"{stem}{'' if ending == 'r' else 'a'}"
        yield Form.PRESENT, f"{stem}{ending}"


def passive_forms(stem: str, ending: str) -> Iterator[tuple[Form, tuple[str, ...]]]:
    """Yield the passives, each with its spellings, the older ones too."""
    if ending in {"ar", "r"}:
        yield Form.PASSIVE, (f"{stem}{'' if ending == 'r' else 'a'}s",)
        return
    yield Form.PASSIVE_INFINITIVE, (f"{stem}as",)
    short = stem[:-1] if stem.endswith(("mm", "nn")) else stem
    yield Form.PASSIVE_PRESENT, (f"{stem}s",) if ending == "as" else (f"{short}s", f"{stem}es")
