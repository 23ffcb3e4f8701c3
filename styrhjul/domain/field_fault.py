"""What is wrong with a field, in Swedish, and the two checks that every text gets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from styrhjul.domain.written import LONG, faults_in


@dataclass(frozen=True, slots=True)
class FieldError:
    """A Swedish sentence about one field, named as the form names it: `goals-0-text`, `decided_on`."""

    field: str
    message: str


def required(field: str, text: str, otherwise: str, *, at_most: int = LONG) -> Iterator[FieldError]:
    """Yield `otherwise` for an empty text, or what is wrong with the one there is."""
    if not text.strip():
        yield FieldError(field, otherwise)
    else:
        yield from fit(field, text, at_most)


def fit(field: str, text: str, at_most: int) -> Iterator[FieldError]:
    """Yield what makes a text impossible to keep; an empty one is sound."""
    yield from (FieldError(field, fault) for fault in faults_in(text, at_most))
