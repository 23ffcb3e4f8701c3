"""What somebody has typed to decide about a case, read into what the service takes, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from starlette.datastructures import FormData

from styrhjul.domain.act import Act
from styrhjul.domain.field_fault import FieldError, required
from styrhjul.domain.given_day import day_fault
from styrhjul.services.cases.act import Wanted
from styrhjul.services.cases.choice import DATED

_WITH_DAY = (*DATED, Act.PREPARE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The fields as they were typed."""

    act: str = ""
    until: str = ""
    to: str = ""
    bodies: tuple[str, ...] = ()
    paragraph: str = ""
    reason: str = ""
    seen: int = 0


def typed_in(fields: FormData, act: str | None = None) -> Typed:
    """Return what was typed; `act` where the address and not a field says it."""
    seen = _one(fields, "seen")
    return Typed(
        act=act or _one(fields, "act"),
        until=_one(fields, "until"),
        to=_one(fields, "to"),
        bodies=tuple(each for each in fields.getlist("bodies") if isinstance(each, str)),
        paragraph=_one(fields, "paragraph"),
        reason=_one(fields, "reason"),
        seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0,
    )


def wanted_of(typed: Typed) -> tuple[Wanted | None, tuple[FieldError, ...]]:
    """Return what is wanted, or None with every fault of the form, in its order."""
    faults = tuple(_faults(typed))
    if faults:
        return None, faults
    act = Act(typed.act)
    wanted = Wanted(
        act=act,
        until=_date(typed.until) if act in _WITH_DAY else None,
        to=typed.to if act is Act.REASSIGN else "",
        bodies=typed.bodies if act is Act.REFER else (),
        paragraph=typed.paragraph if act is Act.PREPARE else "",
    )
    return wanted, ()


def refused_field(act: Act, why: str) -> str:
    """Return the field that a refusal of the service is about."""
    if act is Act.PREPARE and "paragraf" in why:
        return "paragraph"
    return {Act.REASSIGN: "to"}.get(act, "until" if act in _WITH_DAY else "reason")


def _faults(typed: Typed) -> Iterator[FieldError]:
    if typed.act not in set(Act):
        yield FieldError("act", "Välj vad som ska hända")
    if typed.act in _WITH_DAY:
        until = _date(typed.until)
        if fault := day_fault(until) if until else "Skriv datumet som 2027-03-24":
            yield FieldError("until", fault)
    if typed.act == Act.REASSIGN and not typed.to:
        yield FieldError("to", "Välj vem som ska svara")
    if typed.act == Act.PREPARE and not typed.paragraph:
        yield FieldError("paragraph", "Skriv paragrafen som 41")
    yield from required("reason", typed.reason, "Skriv varför. Skälet står kvar i journalen")


def _one(fields: FormData, name: str) -> str:
    value = fields.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2027-03-24") else None
    except ValueError:
        return None
