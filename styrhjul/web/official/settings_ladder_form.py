"""A ladder as fields and back: one group a rung, with only the choices that the rung can have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from styrhjul.domain.field_fault import FieldError
from styrhjul.domain.lifecycle import Lifecycle
from styrhjul.domain.override import RungOverride, WrongLadder, mails_for
from styrhjul.domain.rung import ABOVE, Anchor, Audience, Rung, Unit
from styrhjul.services.municipality.ladder_words import AUDIENCE_WORDS, offset_in_words
from styrhjul.services.words import rung_word
from styrhjul.web.official.settings_review import Typed

#: The fields of a rung; each is named after its rung in the form, as `reminder-days`.
FIELDS = ("sent", "days", "side", "unit", "anchor", "audience", "email", "times", "every")
BEFORE, AFTER = "before", "after"
_NUMBER = re.compile(r"\d{1,4}")
#: Which field a fault of the core is shown beside, where the form calls it something else.
_BESIDE = {"cap": "times", "": "sent"}
#: The keys that the core's sentences name, as the form calls them.
_KEYS = {
    "days": "antalet dagar",
    "cap": "antalet gånger",
    "every": "dagarna mellan gångerna",
    "due": "fristen",
    "papers": "handlingarna",
    **{key.value: word for key, word in AUDIENCE_WORDS.items()},
}
_WORD = re.compile(r"[a-z_]+[a-z]")


@dataclass(frozen=True, slots=True, kw_only=True)
class RungForm:
    """One rung: its name and explanation, how it stands below, and what may be chosen; no choice is not shown."""

    key: str
    name: str
    below: str
    goes_up: bool
    is_warning: bool
    is_digest: bool
    anchors: tuple[tuple[str, str], ...]
    audiences: tuple[tuple[str, str], ...]
    mails: tuple[tuple[str, str], ...]


def rung_forms(lifecycle: Lifecycle, below: Mapping[str, RungOverride]) -> tuple[RungForm, ...]:
    """Return the groups of the form, in the ladder's order."""
    return tuple(_rung_form(lifecycle, rung, below[rung.key]) for rung in lifecycle.ladder)


def in_words(row: RungOverride, *, digest: bool) -> str:
    """Return "10 arbetsdagar före handlingarna, till den som svarar", as a rung is followed."""
    if row.cap == 0:
        return "skickas inte"
    when = offset_in_words(str(row.anchor), row.days or 0, str(row.unit), digest=digest)
    times = f", {row.cap} gånger med {row.every} dagar emellan" if (row.cap or 1) > 1 else ""
    return f"{when}, till {AUDIENCE_WORDS[Audience(str(row.audience))]}{times}"


def field_names(lifecycle: Lifecycle) -> list[str]:
    """Return the name of every field of the form."""
    return [f"{rung.key}-{field}" for rung in lifecycle.ladder for field in FIELDS]


def typed_of(rows: Iterable[RungOverride]) -> dict[str, list[str]]:
    """Return the fields as they stand for a ladder that is followed."""
    typed: dict[str, list[str]] = {}
    for row in rows:
        days = row.days or 0
        values = {
            "sent": "no" if row.cap == 0 else "yes",
            "days": str(abs(days)),
            "side": BEFORE if days < 0 else AFTER,
            "unit": str(row.unit),
            "anchor": str(row.anchor),
            "audience": str(row.audience),
            "email": str(row.email),
            "times": str(row.cap or 1),
            "every": str(row.every or ""),
        }
        typed |= {f"{row.rung}-{field}": [value] for field, value in values.items()}
    return typed


def read_rungs(
    lifecycle: Lifecycle, below: Mapping[str, RungOverride], typed: Typed
) -> tuple[tuple[RungOverride, ...], list[FieldError]]:
    """Return the ladder as it was typed, and what cannot be read; a field that is not shown stays as below."""
    errors: list[FieldError] = []
    rows = tuple(_read(rung, below[rung.key], typed, errors) for rung in lifecycle.ladder)
    return rows, errors


def beside(wrong: WrongLadder, typed: Typed) -> FieldError:
    """Return a fault of the ladder as it stands beside its field, in the form's own words."""
    field = _BESIDE.get(wrong.field, wrong.field)
    if field == "times" and "no" in typed.get(f"{wrong.rung}-sent", ()):
        field = "sent"
    sentence = wrong.sentence.replace("Skriv 0 eller färre, som -1.", "Välj före.")
    return FieldError(f"{wrong.rung}-{field}", _WORD.sub(_retold, sentence))


def _retold(found: re.Match[str]) -> str:
    word = found.group()
    if word in _KEYS:
        return _KEYS[word]
    known = rung_word(word)
    return f"”{known}”" if known != word else word


def _rung_form(lifecycle: Lifecycle, rung: Rung, below: RungOverride) -> RungForm:
    warnings = {each.after for each in lifecycle.ladder}
    mails = mails_for(lifecycle, rung)
    up, warns = rung.after is not None, rung.key in warnings
    return RungForm(
        key=rung.key,
        name=rung_word(rung.key),
        below=in_words(below, digest=rung.at.digest),
        goes_up=up,
        is_warning=warns,
        is_digest=rung.at.digest,
        anchors=() if up else tuple(_anchors(is_warning=warns)),
        audiences=() if warns else tuple((each.value, AUDIENCE_WORDS[each]) for each in _audiences(rung)),
        mails=() if warns or len(mails) < 2 else tuple((key, _told_at(lifecycle, key)) for key in mails),
    )


def _anchors(*, is_warning: bool) -> Iterator[tuple[str, str]]:
    if not is_warning:
        yield Anchor.OPENING.value, "öppningen"
    yield Anchor.PAPERS.value, "handlingarna"
    yield Anchor.DUE.value, "fristen"


def _audiences(rung: Rung) -> Iterable[Audience]:
    return [each for each in Audience if each in ABOVE] if rung.after is not None else list(Audience)


def _told_at(lifecycle: Lifecycle, mail: str) -> str:
    """Name a mail after the step that it was written for."""
    return next(rung_word(rung.key) for rung in lifecycle.ladder if rung.email == mail)


class _RungReader:
    """The fields of one rung; what cannot be read is added to the errors."""

    def __init__(self, rung: str, typed: Typed, errors: list[FieldError]) -> None:
        self._rung = rung
        self._typed = typed
        self._errors = errors

    def text(self, field: str) -> str:
        return next(iter(self._typed.get(f"{self._rung}-{field}", ())), "").strip()

    def number(self, field: str, *, otherwise: int | None = None) -> int | None:
        text = self.text(field)
        if not text and otherwise is not None:
            return otherwise
        if _NUMBER.fullmatch(text):
            return int(text)
        self._errors.append(FieldError(f"{self._rung}-{field}", "Skriv ett heltal, som 10."))
        return None

    def choice(self, field: str, words: type[StrEnum]) -> str | None:
        text = self.text(field)
        if not text or text in set(words):
            return text or None
        self._errors.append(FieldError(f"{self._rung}-{field}", "Välj ett av alternativen."))
        return None


def _read(rung: Rung, below: RungOverride, typed: Typed, errors: list[FieldError]) -> RungOverride:
    form = _RungReader(rung.key, typed, errors)
    days = form.number("days")
    times = 0 if form.text("sent") == "no" else form.number("times", otherwise=1)
    unit, anchor, to = form.choice("unit", Unit), form.choice("anchor", Anchor), form.choice("audience", Audience)
    return replace(
        below,
        days=-days if days and form.text("side") == BEFORE else days,
        unit=Unit(unit) if unit else below.unit,
        anchor=Anchor(anchor) if anchor else below.anchor,
        audience=Audience(to) if to else below.audience,
        email=form.text("email") or below.email,
        cap=times,
        every=form.number("every") if times and times > 1 else None,
    )
