"""What was typed on the pages about people, and what is wrong with it, ready to be shown again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from starlette.datastructures import FormData

from styrhjul.domain.given_day import day_fault
from styrhjul.services.organisation.office_seen import ChangeRefused

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LONGEST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something to put right; `field` is the id it leads to."""

    field: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A form as it was sent. Empty when nothing was sent yet."""

    values: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    @property
    def messages(self) -> Mapping[str, str]:
        """What is wrong, by the field."""
        return {fault.field: fault.message for fault in self.faults}

    def value(self, name: str, otherwise: str = "") -> str:
        """Return what was typed, or something else where nothing was sent."""
        return self.values.get(name, otherwise)


def typed(fields: FormData, error: ChangeRefused | None = None, *, lead_to: str = "main") -> Typed:
    """Return what was typed, with what was refused. A refusal that belongs to no field leads to `lead_to`."""
    faults = (Fault(field=error.field or lead_to, message=str(error)),) if error else ()
    return Typed(values={name: text(fields, name) for name in fields}, faults=faults)


def text(fields: FormData, name: str) -> str:
    """Return a field's text, no longer than any of ours may be."""
    value = fields.get(name, "")
    return value[: _LONGEST + 1] if isinstance(value, str) else ""


def refuse_unconfirmed(fields: FormData, lead_to: str) -> None:
    """Raise ChangeRefused unless it is ticked that an appointment is to be taken back."""
    if text(fields, "confirmed") != "yes":
        raise ChangeRefused("Kryssa i att uppdraget ska tas tillbaka.", lead_to)


def day_in(fields: FormData, name: str) -> date:
    """Return a day. Raises ChangeRefused."""
    found = optional_day_in(fields, name)
    if found is None:
        raise ChangeRefused("Skriv en dag, som 2027-03-24.", name)
    return found


def optional_day_in(fields: FormData, name: str) -> date | None:
    """Return a day, None for an empty field. Raises ChangeRefused."""
    written = text(fields, name).strip()
    if not written:
        return None
    try:
        found = date.fromisoformat(written) if _DAY.fullmatch(written) and written.isascii() else None
    except ValueError:
        found = None
    if found is None:
        raise ChangeRefused("Skriv datumet som 2027-03-24.", name)
    if fault := day_fault(found):
        raise ChangeRefused(f"{fault}.", name)
    return found
