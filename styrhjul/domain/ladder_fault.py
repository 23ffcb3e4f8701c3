"""What makes a ladder impossible to climb: looked for when a declaration is read and when an override is laid on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from styrhjul.domain.rung import ABOVE, Anchor, Audience, Rung, Unit


class FaultKind(StrEnum):
    """What is wrong, worded for developers; `{rung}` is at fault and `{other}` is what it stands against."""

    TWICE = "rung key {rung} stands twice"
    NOT_ASCENDING = "the ladder does not ascend: {rung} stands before {other}"
    NO_TOP = "the ladder does not reach the chief executive"
    NOT_AFTER = "rung {rung} comes after {other}, which does not stand before it"
    NOT_WARNED = "rung {rung} goes up without a warning (after=)"


@dataclass(frozen=True, slots=True)
class LadderFault:
    """One fault. `rung` is empty where the whole ladder is at fault."""

    kind: FaultKind
    rung: str = ""
    other: str = ""

    def __str__(self) -> str:
        """Return the fault as a developer reads it."""
        return self.kind.value.format(rung=self.rung, other=self.other)


def ladder_faults(ladder: Sequence[Rung]) -> Iterator[LadderFault]:
    """Yield what makes a ladder impossible to climb, the most basic first; nothing when it is sound."""
    keys = [rung.key for rung in ladder]
    yield from (LadderFault(FaultKind.TWICE, key) for key in sorted({key for key in keys if keys.count(key) > 1}))
    for below, above in pairwise(ladder):
        if _height(below) > _height(above):
            yield LadderFault(FaultKind.NOT_ASCENDING, below.key, above.key)
    if not any(rung.to is Audience.CHIEF_EXECUTIVE for rung in ladder):
        yield LadderFault(FaultKind.NO_TOP)
    for position, rung in enumerate(ladder):
        if rung.after is not None and rung.after not in keys[:position]:
            yield LadderFault(FaultKind.NOT_AFTER, rung.key, rung.after)
        if rung.to in ABOVE and rung.after is None:
            yield LadderFault(FaultKind.NOT_WARNED, rung.key)


def _height(rung: Rung) -> tuple[bool, float]:
    """Where a rung belongs: calendar days count as working days, seven to five, so that the units compare."""
    days = rung.at.days if rung.at.unit is Unit.WORKING else rung.at.days * 5 / 7
    return rung.at.anchor is not Anchor.OPENING, days
