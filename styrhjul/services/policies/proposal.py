"""What a policy text proposes: its duties, whom each would bind, and which of them a person has to judge first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from styrhjul.documents import FoundDuty, Metadata, PolicyReading, read_policy
from styrhjul.domain.adopter import is_official
from styrhjul.domain.deadline import counts_from_event, names_no_one_day
from styrhjul.domain.recurrence import RecurrenceKind
from styrhjul.domain.vocabulary import BodyKind, Confidence, Modality
from styrhjul.services.policies.binding import Binding, BodyRef, Setting, adopter_of, bind_all, is_unmatched
from styrhjul.services.policies.expiry import expiry_of
from styrhjul.services.policies.following import following


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A municipality as far as reading a policy needs it; dissolved bodies are left out."""

    name: str
    bodies: tuple[BodyRef, ...]


class UnknownAdopter(ValueError):
    """The text names an adopter that the municipality's organisation does not have."""

    def __init__(self, adopted_by: str, bodies: Iterable[BodyRef]) -> None:
        listed = ", ".join(body.name for body in bodies) or "inga än"
        super().__init__(
            f"Texten säger att ”{adopted_by}” har antagit dokumentet, men kommunen har inget sådant organ. "
            f"Organen är {listed}. Lägg till organet med styrhjul officials import och läs in dokumentet igen."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a text says and, duty by duty, whom it would bind; without an organisation nobody.

    `expiry` is what follows from the last day the document states: a duty that no sentence of its own spells out.
    """

    reading: PolicyReading
    bindings: tuple[Binding, ...]
    warnings: tuple[str, ...]
    expiry: FoundDuty | None = None

    @property
    def duties(self) -> tuple[FoundDuty, ...]:
        """The duties in the order of the bindings: as they were read, that of the last day after them."""
        return (*self.reading.duties, *((self.expiry,) if self.expiry else ()))

    @property
    def seems_adopted(self) -> bool:
        """Whether the text tells of a decision or of a duty; one that does neither is hardly a governing document."""
        told = self.reading.metadata
        return bool(self.duties or told.adopted_by or told.adopted_on)


def propose(text: str, organisation: Organisation | None = None) -> Proposal:
    """Read a text and tell whom each duty would bind. Stores nothing. Raises UnknownAdopter.

    A long text takes seconds: it is read before a transaction that writes, and bound within (`bind_proposal`).
    """
    reading = read_policy(text)
    unbound = Proposal(reading=reading, bindings=(), warnings=reading.warnings, expiry=expiry_of(text, reading))
    return unbound if organisation is None else bind_proposal(unbound, organisation)


def bind_proposal(unbound: Proposal, organisation: Organisation) -> Proposal:
    """Tell whom each duty of a text that is read would bind; no text is read. Raises UnknownAdopter."""
    reading = unbound.reading
    adopted_by, assumed = adopter(reading.metadata, organisation)
    setting = Setting(
        bodies=organisation.bodies,
        adopter_id=adopted_by.body_id,
        terms=reading.defined_terms,
        owner=reading.metadata.document_owner,
    )
    warnings = (*reading.warnings, *assumed, *mismatch(reading.metadata, organisation))
    return replace(unbound, bindings=tuple(bind_all(unbound.duties, setting)), warnings=warnings)


_IN_PARTS = frozenset({RecurrenceKind.SEMIANNUAL, RecurrenceKind.TERTIAL, RecurrenceKind.QUARTERLY})


def waiting_for(duty: FoundDuty, binding: Binding) -> str | None:
    """Tell in Swedish why a person has to judge a duty before anybody is asked; None when it can be confirmed.

    What a text recommends or allows is confirmed too: it is asked about, and never reported to anybody above.
    """
    if duty.confidence is not Confidence.HIGH:
        return "Bekräfta eller avvisa."
    if is_unmatched(binding.why):
        return "Bekräfta när du har valt, eller avvisa."
    followed = following(duty)
    if duty.condition is not None and not followed.of_plans:
        return "Gäller bara på ett villkor. Bekräfta när villkoret är uppfyllt."
    if followed.lifecycle is None:
        return "Bekräfta om den bara ska visas." if followed.is_timed else None
    return _left_to_choose(duty, binding)


def _left_to_choose(duty: FoundDuty, binding: Binding) -> str | None:
    if counts_from_event(duty.deadline or ""):
        return "Texten räknar från en händelse. Välj en dag och bekräfta."
    if names_no_one_day(duty.deadline or "") and duty.recurrence not in _IN_PARTS:  # the days of its parts
        return "Styrhjul kan inte räkna ut dagen. Välj en dag och bekräfta."
    if duty.modality is Modality.MUST_NOT:
        return "Texten förbjuder något. Bekräfta om det ska följas upp."
    return None if binding.body_ids else "Texten pekar inte ut något organ. Välj vem det gäller och bekräfta."


def adopter(metadata: Metadata, organisation: Organisation) -> tuple[BodyRef, tuple[str, ...]]:
    """Return who adopted the document, and a warning where the text does not say. Raises UnknownAdopter."""
    if metadata.adopted_by is None:
        council = next(body for body in organisation.bodies if body.kind is BodyKind.COUNCIL)
        return council, (
            f"Texten säger inte vem som har antagit dokumentet. Här antas {council.name}; kontrollera det.",
        )
    found = adopter_of(metadata.adopted_by, organisation.bodies)
    if found is None:
        raise UnknownAdopter(metadata.adopted_by, organisation.bodies)
    if is_official(metadata.adopted_by):
        return found, (
            (
                f"Texten säger att {metadata.adopted_by} har antagit dokumentet. En tjänsteperson har ingen "
                f"mandatperiod: säger texten varje mandatperiod räknas den från {found.name}."
            ),
        )
    return found, ()


def mismatch(metadata: Metadata, organisation: Organisation) -> tuple[str, ...]:
    """Return a warning, in Swedish, where a document says that it is another municipality's; else nothing."""
    told = metadata.municipality
    if told is None or _place(told) == _place(organisation.name):
        return ()
    return (f"Texten gäller {told}, men läses in för {organisation.name}. Kontrollera att det är rätt dokument.",)


def _place(name: str) -> str:
    """Olofströms kommun and Olofström are one place."""
    return re.sub(r"\b(kommun|stad)\b", "", name.casefold()).strip().removesuffix("s")
