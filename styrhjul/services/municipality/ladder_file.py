"""Reading a municipality's ladders from TOML: a fault names its file and key, and a faulty file gives nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from styrhjul.domain.override import RungOverride, WrongLadder, effective
from styrhjul.domain.rung import Anchor, Audience, Unit
from styrhjul.services.foundation.toml_fault import toml_fault
from workflows import LIFECYCLES

#: The table that holds what is laid over one document only.
_OF_POLICIES = "policy"
#: What an override's fields are called in the file.
KEY_OF = {
    "days": "days",
    "unit": "unit",
    "anchor": "anchor",
    "audience": "to",
    "cap": "cap",
    "every": "every",
    "email": "mail",
}
_FIELD_OF = {key: field for field, key in KEY_OF.items()}
_CHOICES: Mapping[str, type[StrEnum]] = {"unit": Unit, "anchor": Anchor, "to": Audience}
_NUMBERS = frozenset({"days", "cap", "every"})


@dataclass(frozen=True, slots=True)
class LadderFile:
    """A file by the name that people know it by, and its text."""

    name: str
    text: str


class FaultyLadder(ValueError):
    """A file of ladders cannot be used; `faults` has one line per fault, each with its file and key."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def read_ladders(file: LadderFile, policies: Mapping[str, str]) -> tuple[RungOverride, ...]:
    """Return what a file lays over the declared ladders, checked whole; `policies` gives ids by short name.

    What the file says of the whole municipality and equals the declaration is left out. Raises FaultyLadder.
    """
    try:
        told = tomllib.loads(file.text)
    except tomllib.TOMLDecodeError as error:
        raise FaultyLadder([toml_fault(file.name, error)]) from None
    reader = _Reader(file.name, policies)
    rows = tuple(reader.rows(told))
    faults = reader.faults or list(faults_of_ladders(rows, file.name, policies))
    if faults:
        raise FaultyLadder(faults)
    return tuple(row for row in map(_without_declared, rows) if row is not None)


class _Reader:
    """Goes through the tables, and remembers what is wrong in them."""

    def __init__(self, file: str, policies: Mapping[str, str]) -> None:
        self.faults: list[str] = []
        self._file = file
        self._policies = policies

    def rows(self, told: Mapping[str, Any]) -> Iterator[RungOverride]:
        """Yield the municipality's rows, then those of each document."""
        yield from self._lifecycles({key: value for key, value in told.items() if key != _OF_POLICIES}, "", None)
        for slug, table in self._tables(told.get(_OF_POLICIES, {}), _OF_POLICIES):
            place = f'{_OF_POLICIES}."{slug}"'
            if slug in self._policies:
                yield from self._lifecycles(table, f"{place}.", self._policies[slug])
            else:
                self._fault(place, f"Dokumentet finns inte. De som finns är {_listed(self._policies)}.")

    def _lifecycles(self, told: Mapping[str, Any], place: str, policy_id: str | None) -> Iterator[RungOverride]:
        for key, rungs in self._tables(told, place.rstrip(".")):
            if key not in LIFECYCLES:
                self._fault(f"{place}{key}", f"Det finns ingen sådan runda. De som finns är {_listed(LIFECYCLES)}.")
                continue
            for rung, values in self._tables(rungs, f"{place}{key}"):
                yield RungOverride(
                    lifecycle=key, policy_id=policy_id, rung=rung, **self._values(values, f"{place}{key}.{rung}")
                )

    def _tables(self, told: object, place: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield the tables in a table; what is none is a fault."""
        for key, value in told.items() if isinstance(told, dict) else ():
            if isinstance(value, dict):
                yield key, value
            else:
                self._fault(
                    ".".join(filter(None, (place, key))), "Här ska det stå en tabell, som [follow_up.reminder]."
                )
        if not isinstance(told, dict):
            self._fault(place, "Här ska det stå en tabell, som [follow_up.reminder].")

    def _values(self, told: Mapping[str, Any], place: str) -> dict[str, Any]:
        found = {}
        for key, value in told.items():
            if key not in _FIELD_OF:
                self._fault(f"{place}.{key}", f"Nyckeln finns inte. De som finns är {_listed(_FIELD_OF)}.")
            elif (fault := _value_fault(key, value)) is not None:
                self._fault(f"{place}.{key}", fault)
            else:
                found[_FIELD_OF[key]] = _CHOICES[key](value) if key in _CHOICES else value
        return found

    def _fault(self, place: str, sentence: str) -> None:
        self.faults.append(f"{self._file}, {place}: {sentence}")


def _value_fault(key: str, value: object) -> str | None:
    if key in _NUMBERS:
        return None if type(value) is int else "Skriv ett heltal utan citattecken."
    if not isinstance(value, str):
        return "Skriv en text inom citattecken."
    if key in _CHOICES and value not in set(_CHOICES[key]):
        return f"”{value}” finns inte. Skriv {_listed(_CHOICES[key])}."
    return None


def faults_of_ladders(rows: tuple[RungOverride, ...], name: str, policies: Mapping[str, str]) -> Iterator[str]:
    """Yield the first fault of every ladder that the rows make; what all documents share is not told for each.

    `name` is where the rows come from, `policies` gives ids by short name. A lifecycle that is gone has no ladder.
    """
    slugs = {policy_id: slug for slug, policy_id in policies.items()}
    faulty: set[str] = set()
    for policy_id, key in sorted({(row.policy_id or "", row.lifecycle) for row in rows if row.lifecycle in LIFECYCLES}):
        try:
            if key not in faulty:
                effective(LIFECYCLES[key], rows, policy_id=policy_id or None)
        except WrongLadder as wrong:
            place = f'{_OF_POLICIES}."{slugs[policy_id]}".{key}' if policy_id else key
            faulty |= {key} if not policy_id else set()
            field = KEY_OF.get(wrong.field, wrong.field)
            yield f"{name}, {'.'.join(filter(None, (place, wrong.rung, field)))}: {wrong.sentence}"


def _without_declared(row: RungOverride) -> RungOverride | None:
    """Return the row with only what it changes; a document's row may set the declared value back, and keeps it."""
    if row.policy_id is not None:
        return row
    rung = LIFECYCLES[row.lifecycle].rung(row.rung)
    declared = {
        "anchor": rung.at.anchor,
        "days": rung.at.days,
        "unit": rung.at.unit,
        "audience": rung.to,
        "email": rung.email,
        "cap": 1,
    }
    kept: dict[str, Any] = {
        field: value for field in KEY_OF if (value := getattr(row, field)) is not None and value != declared.get(field)
    }
    return RungOverride(lifecycle=row.lifecycle, rung=row.rung, **kept) if kept else None


def _listed(words: Mapping[str, object] | type[StrEnum]) -> str:
    return ", ".join(words) or "inga"
