"""Chance from a seed. Each draw is named, so that one more draw somewhere moves no other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """The same seed and the same name give the same draw, on every machine."""

    def __init__(self, seed: str) -> None:
        self.seed = seed

    def share(self, *name: object) -> float:
        """Return a number from 0 up to, not including, 1."""
        told = "|".join([self.seed, *map(str, name)])
        return int.from_bytes(blake2b(told.encode(), digest_size=7).digest(), "big") / 2**56

    def happens(self, probability: float, *name: object) -> bool:
        """Tell whether something of this probability happens."""
        return self.share(*name) < probability

    def between(self, lowest: int, highest: int, *name: object) -> int:
        """Return a whole number within the bounds, both included."""
        return lowest + int(self.share(*name) * (highest - lowest + 1))

    def pick(self, options: Sequence[T], *name: object) -> T:
        """Return one of the options, which must not be empty."""
        return options[int(self.share(*name) * len(options))]

    def weighted(self, options: Sequence[tuple[T, int]], *name: object) -> T:
        """Return one of the options, each as often as its weight says."""
        drawn = self.share(*name) * sum(weight for _, weight in options)
        for option, weight in options:
            drawn -= weight
            if drawn < 0:
                return option
        return options[-1][0]


def numbered_ids(seed: str, now: Callable[[], datetime]) -> Callable[[], str]:
    """Return a source of ids that look like any others and are the same at every run.

    They are numbered anew at each moment, so that one drawn in vain changes none of a later one.
    """
    moment, number = now(), 0
    named = f"{seed}|id|{moment.isoformat()}|"

    def draw() -> str:
        nonlocal moment, number, named
        if (present := now()) == moment:
            number += 1
        else:
            moment, number, named = present, 0, f"{seed}|id|{present.isoformat()}|"
        return blake2b(f"{named}{number}".encode(), digest_size=16).hexdigest()

    return draw


def form_id(name: str) -> str:
    """Return the id of a form somebody fills in."""
    return blake2b(name.encode(), digest_size=16).hexdigest()
