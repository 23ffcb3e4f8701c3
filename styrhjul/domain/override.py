"""A municipality's own ladder laid over the declared one, rung by rung; whatever could not be climbed is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace

from styrhjul.domain.ladder_fault import FaultKind, LadderFault, ladder_faults
from styrhjul.domain.lifecycle import Lifecycle
from styrhjul.domain.rung import ABOVE, Anchor, Audience, Offset, Rung, Unit, repeat_key, repeat_of

#: A rung further than this from its day belongs to another round.
MOST_DAYS = 250
#: A rung sent more often than this is read by nobody.
MOST_TIMES = 12

_WORDS = {
    FaultKind.TWICE: ("cap", "Steget finns redan i trappan. Sänk cap, så att upprepningarna inte tar dess namn."),
    FaultKind.NOT_ASCENDING: ("days", "Steget skulle komma efter {other}. Ändra days så att stegen kommer i ordning."),
    FaultKind.NO_TOP: ("cap", "Trappan måste nå kommunchefen. Låt steget till chief_executive finnas kvar."),
    FaultKind.NOT_AFTER: (
        "cap",
        "Steget {rung} väntar på det här. Ta bort {rung} i stället, eller låt båda vara kvar.",
    ),
    FaultKind.NOT_WARNED: ("audience", "Den som står över får inget mejl förrän någon har varnats. Välj holder."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RungOverride:
    """One rung as a municipality wants it, everywhere or in one policy. None = as below it, in the end as declared.

    `cap` is how many times the rung is sent at most, 0 = never; `every` the days between the times, in its own unit.
    """

    lifecycle: str
    rung: str
    policy_id: str | None = None
    anchor: Anchor | None = None
    days: int | None = None
    unit: Unit | None = None
    audience: Audience | None = None
    email: str | None = None
    cap: int | None = None
    every: int | None = None


class WrongLadder(ValueError):
    """An override cannot be used: in which rung and field, and what to do, in Swedish. `field` is RungOverride's."""

    def __init__(self, rung: str, field: str, sentence: str) -> None:
        super().__init__(f"{rung}.{field}: {sentence}")
        self.rung = rung
        self.field = field
        self.sentence = sentence


#: What an override may change, in the order of its fields.
CHANGEABLE = tuple(field.name for field in fields(RungOverride) if field.name not in {"lifecycle", "rung", "policy_id"})


def effective(lifecycle: Lifecycle, overrides: Iterable[RungOverride], *, policy_id: str | None = None) -> Lifecycle:
    """Return the lifecycle as it is followed in a policy, or in general; the declared one itself if nothing changes it.

    Rows of the policy lie over those of the whole municipality, field by field; rows of other lifecycles and policies
    are left out. Raises WrongLadder.
    """
    mine = [row for row in overrides if row.lifecycle == lifecycle.key and row.policy_id in (None, policy_id)]
    if not mine:
        return lifecycle
    wanted = _laid_over(mine)
    for fault in _row_faults(lifecycle, wanted):
        raise fault
    ladder = tuple(step for rung in lifecycle.ladder for step in _steps(rung, wanted.get(rung.key)))
    for broken in ladder_faults(ladder):
        raise _in_words(lifecycle, broken, wanted)
    return replace(lifecycle, ladder=ladder)


def as_followed(
    lifecycle: Lifecycle, overrides: Iterable[RungOverride], *, policy_id: str | None = None
) -> dict[str, RungOverride]:
    """Return every declared rung by its key with each field stated, as it is followed in a policy or in general.

    `every` is None where no row says it; a rung that is never sent has `cap` 0. Nothing is checked.
    """
    mine = [row for row in overrides if row.lifecycle == lifecycle.key and row.policy_id in (None, policy_id)]
    wanted = _laid_over(mine)
    return {rung.key: _whole(lifecycle.key, rung, policy_id, wanted.get(rung.key)) for rung in lifecycle.ladder}


def _whole(lifecycle: str, rung: Rung, policy_id: str | None, wanted: RungOverride | None) -> RungOverride:
    declared = RungOverride(
        lifecycle=lifecycle,
        rung=rung.key,
        policy_id=policy_id,
        anchor=rung.at.anchor,
        days=rung.at.days,
        unit=rung.at.unit,
        audience=rung.to,
        email=rung.email,
        cap=1,
    )
    stated = {name: value for name in CHANGEABLE if (value := getattr(wanted, name, None)) is not None}
    return replace(declared, **stated)


def _laid_over(rows: list[RungOverride]) -> dict[str, RungOverride]:
    wanted: dict[str, RungOverride] = {}
    for row in sorted(rows, key=lambda row: row.policy_id is not None):
        below = wanted.get(row.rung, row)
        stated = {name: getattr(row, name) for name in CHANGEABLE if getattr(row, name) is not None}
        wanted[row.rung] = replace(below, policy_id=row.policy_id, **stated)
    return wanted


def _steps(rung: Rung, wanted: RungOverride | None) -> Iterator[Rung]:
    """Yield the rung as wanted, so many times as it is sent: none, one, or one under each numbered key."""
    if wanted is None:
        yield rung
        return
    at = Offset(
        anchor=wanted.anchor or rung.at.anchor,
        days=rung.at.days if wanted.days is None else wanted.days,
        unit=wanted.unit or rung.at.unit,
        digest=rung.at.digest,
    )
    first = replace(rung, at=at, to=wanted.audience or rung.to, email=wanted.email or rung.email)
    for time in range(1 if wanted.cap is None else wanted.cap):
        later = replace(at, days=at.days + time * (wanted.every or 0))
        yield replace(first, key=repeat_key(rung.key, time + 1), at=later)


def _row_faults(lifecycle: Lifecycle, wanted: dict[str, RungOverride]) -> Iterator[WrongLadder]:
    rungs = {rung.key: rung for rung in lifecycle.ladder}
    warnings = {rung.after for rung in lifecycle.ladder}
    for row in wanted.values():
        rung = rungs.get(row.rung)
        if rung is None:
            yield WrongLadder(row.rung, "", f"Steget finns inte. De som finns är {', '.join(rungs)}.")
            return
        yield from _count_faults(rung, row)
        yield from _offset_faults(rung, row)
        if row.rung in warnings:
            yield from _warning_faults(lifecycle, row)
        elif row.email not in (None, *(mails := mails_for(lifecycle, rung))):
            yield WrongLadder(
                row.rung, "email", f"Mejlet {row.email} hör inte till det här steget. Skriv {_either(mails)}."
            )
        if rung.after is not None and row.audience not in (None, *ABOVE):
            yield WrongLadder(row.rung, "audience", f"Steget går upp. Skriv {_either(sorted(ABOVE))}.")


def mails_for(lifecycle: Lifecycle, rung: Rung) -> list[str]:
    """Return the mails that say what a step has to say: a reminder's is any reminder's, every other has its own."""
    warnings = {each.after for each in lifecycle.ladder}

    def reminds(each: Rung) -> bool:
        opens = each.at.anchor is Anchor.OPENING and each.at.days == 0
        return each.after is None and each.key not in warnings and not opens

    return sorted({each.email for each in lifecycle.ladder if reminds(each)}) if reminds(rung) else [rung.email]


def _count_faults(rung: Rung, row: RungOverride) -> Iterator[WrongLadder]:
    if row.cap is not None and not 0 <= row.cap <= MOST_TIMES:
        yield WrongLadder(row.rung, "cap", f"Skriv ett tal från 0 (skickas inte) till {MOST_TIMES}.")
    elif row.every is not None and not 1 <= row.every <= MOST_DAYS:
        yield WrongLadder(row.rung, "every", f"Skriv antalet dagar mellan gångerna, 1 till {MOST_DAYS}.")
    elif (row.cap or 0) > 1 and rung.at.digest:
        yield WrongLadder(row.rung, "cap", "Veckobrevet tar redan upp det som är öppet sedan förut. Skriv 1.")
    elif (row.cap or 0) > 1 and row.every is None:
        yield WrongLadder(row.rung, "every", "Steget skickas flera gånger. Skriv hur många dagar det är mellan dem.")


def _offset_faults(rung: Rung, row: RungOverride) -> Iterator[WrongLadder]:
    days = rung.at.days if row.days is None else row.days
    anchor = row.anchor or rung.at.anchor
    if abs(days) > MOST_DAYS:
        yield WrongLadder(row.rung, "days", f"Skriv högst {MOST_DAYS} dagar före (minus) eller efter.")
    elif anchor is Anchor.OPENING and days < 0:
        yield WrongLadder(row.rung, "days", "Ärendet finns inte före öppningen. Skriv 0 eller fler dagar.")
    elif rung.after is not None and anchor is not Anchor.DUE:
        yield WrongLadder(row.rung, "anchor", "Ett steg som går upp räknas från fristen. Skriv due.")
    elif rung.after is not None and days < 1:
        yield WrongLadder(row.rung, "days", "Inget går upp förrän fristen har passerat. Skriv 1 eller fler dagar.")


def _warning_faults(lifecycle: Lifecycle, row: RungOverride) -> Iterator[WrongLadder]:
    """A warning names the days it goes up, to whoever answers: without one nothing may go up."""
    rung = lifecycle.rung(row.rung)
    if row.cap == 0:
        waiting = next(above.key for above in lifecycle.ladder if above.after == row.rung)
        yield WrongLadder(row.rung, "cap", f"Förvarningen kan inte tas bort: {waiting} går upp först efter den.")
    elif row.cap is not None and row.cap > 1:
        yield WrongLadder(row.rung, "cap", "Förvarningen skickas en gång. Lägg upprepningar på en påminnelse.")
    elif row.audience not in (None, rung.to):
        yield WrongLadder(row.rung, "audience", f"Förvarningen går till den som svarar. Skriv {rung.to}.")
    elif row.email not in (None, rung.email):
        yield WrongLadder(row.rung, "email", f"Bara {rung.email} säger vilka dagar det går upp. Skriv det.")
    elif (rung.at.days if row.days is None else row.days) > 0:
        yield WrongLadder(row.rung, "days", "Förvarningen kommer senast på fristens dag. Skriv 0 eller färre, som -1.")
    elif row.anchor is Anchor.OPENING:
        yield WrongLadder(row.rung, "anchor", "Förvarningen räknas från fristen eller handlingarna: due eller papers.")


def _in_words(lifecycle: Lifecycle, fault: LadderFault, wanted: dict[str, RungOverride]) -> WrongLadder:
    """Name the rung that somebody has changed, of those the fault is about."""
    rung, _ = repeat_of(fault.rung)
    other, _ = repeat_of(fault.other)
    field, sentence = _WORDS[fault.kind]
    match fault.kind:
        case FaultKind.NOT_ASCENDING if rung not in wanted:
            return WrongLadder(
                other, field, f"Steget skulle komma före {fault.rung}. Ändra days så att det kommer efter."
            )
        case FaultKind.NOT_ASCENDING if rung != fault.rung:
            field, sentence = "every", "Upprepningarna går förbi {other}. Sänk cap eller every."
        case FaultKind.NO_TOP:
            rung = next(row.key for row in lifecycle.ladder if row.to is Audience.CHIEF_EXECUTIVE)
            field = "cap" if wanted[rung].cap == 0 else "audience"
        case FaultKind.NOT_AFTER:
            rung, other = other, rung
        case FaultKind.NOT_WARNED:
            sentence += f" De som står över är {', '.join(sorted(ABOVE))}."
    return WrongLadder(rung, field, sentence.format(rung=fault.rung, other=fault.other))


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} eller {words[-1]}"
