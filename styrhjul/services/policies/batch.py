"""Many documents at once: each is looked at, told about in a row, and nothing is stored until somebody has seen it.

What can be brought in as it is, is brought in whole or not at all. What a person has to judge first is named and left:
a text that nearly is one that is here, a title that is taken, a file that cannot be read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select

from styrhjul.db.model import Edition, Policy
from styrhjul.db.session import Database
from styrhjul.documents import UnreadableDocument
from styrhjul.domain.likeness import ALMOST_THE_SAME, likeness, words_of
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.services.municipality.directory import municipality_named
from styrhjul.services.policies.file import ReadFile
from styrhjul.services.policies.intake import ImportReport, NoOrganisation, PolicyText, import_policies, organisation_of
from styrhjul.services.policies.proposal import (
    Organisation,
    Proposal,
    UnknownAdopter,
    bind_proposal,
    mismatch,
    propose,
    waiting_for,
)
from styrhjul.services.policies.store import Signed


class RowState(StrEnum):
    """What can become of a file."""

    READY = "ready"  # it can be brought in as it is
    KNOWN = "known"  # the same words are here: there is nothing to do
    SIMILAR = "similar"  # almost the same words are here, or it has no title: a person reads it first
    TAKEN = "taken"  # another text has its title: likely its new edition
    REFUSED = "refused"  # it cannot be read, or not be placed


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """The text that one is the same as, or almost: a title that is here, or a file before it."""

    name: str
    ratio: float
    slug: str | None = None

    @property
    def in_words(self) -> str:
        """What is said of it."""
        percent = int(self.ratio * 100)
        return f"samma som {self.name}" if self.ratio == 1 else f"nästan samma som {self.name} ({percent} %)"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """One file. `why` tells in Swedish what to do about one that is not ready; `to_confirm` counts what waits.

    `edition_of` is the short name of the policy that has its title. `elsewhere` warns of a document that is another
    municipality's, by its own words. `proposal` is what its text proposes, so that it is not read again; it is not
    kept with an order.
    """

    name: str
    state: RowState
    why: str = ""
    file: ReadFile | None = None
    municipality_id: str | None = None
    title: str | None = None
    adopted_on: date | None = None
    kinds: Mapping[ActionKind, int] = field(default_factory=dict)
    to_confirm: int = 0
    warnings: tuple[str, ...] = ()
    alike: Alike | None = None
    edition_of: str | None = None
    elsewhere: str = ""
    proposal: Proposal | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class _Known:
    """A text that is here, or that stood earlier in the batch."""

    name: str
    title: str | None
    words: tuple[str, ...]
    slug: str | None = None


@dataclass(slots=True)
class _Home:
    """A municipality as far as looking needs it."""

    organisation: Organisation
    known: list[_Known]


def look_through(
    database: Database,
    files: Iterable[tuple[str, Callable[[], ReadFile]]],
    municipality_id: str | None,
    *,
    now: datetime,
) -> Iterator[BatchRow]:
    """Yield a row for each file, in their order; a file is read when its turn has come.

    Without a municipality a document belongs to the one that it names. Stores nothing, and refuses nobody: what cannot
    be brought in says why.
    """
    homes: dict[str, _Home | NoOrganisation] = {}
    for name, read in files:
        try:
            file = read()
        except UnreadableDocument as fault:
            yield BatchRow(name=name, state=RowState.REFUSED, why=fault.why)
            continue
        yield _look(database, file, municipality_id, homes, now)


def store_batch(
    database: Database, rows: Sequence[BatchRow], signed: Signed, lifecycles: Iterable[str]
) -> list[ImportReport]:
    """Bring in these rows, all or none; return a report each. Raises RefusedDocument, then nothing is stored."""
    documents = [
        PolicyText(municipality_id=row.municipality_id or "", file=row.file, proposal=row.proposal)
        for row in rows
        if row.file is not None
    ]
    return import_policies(database, documents, signed, lifecycles)


def _look(
    database: Database,
    file: ReadFile,
    municipality_id: str | None,
    homes: dict[str, _Home | NoOrganisation],
    now: datetime,
) -> BatchRow:
    unbound = propose(file.text)
    found = municipality_id or municipality_named(database, unbound.reading.metadata.municipality or "")
    home = _home(database, found, homes, now) if found else None
    why, proposal = "", None
    if home is None:
        why = "kommunen går inte att läsa ut. Ange den med --municipality."
    elif isinstance(home, NoOrganisation):
        why = str(home)
    else:
        try:
            proposal = bind_proposal(unbound, home.organisation)
        except UnknownAdopter as fault:
            why = str(fault)
    row = _told(file, proposal or unbound, found)
    if not isinstance(home, _Home) or proposal is None:
        return replace(row, why=why)
    elsewhere = " ".join(mismatch(proposal.reading.metadata, home.organisation))
    return _among(replace(row, elsewhere=elsewhere), home.known)


def _told(file: ReadFile, proposal: Proposal, municipality_id: str | None) -> BatchRow:
    metadata = proposal.reading.metadata
    return BatchRow(
        name=file.name,
        state=RowState.REFUSED,
        file=file,
        municipality_id=municipality_id,
        title=metadata.title,
        adopted_on=metadata.adopted_on,
        kinds=Counter(duty.action_kind for duty in proposal.duties),
        to_confirm=_waiting(proposal) if proposal.bindings else len(proposal.duties),
        warnings=(*file.warnings, *proposal.warnings),
        proposal=proposal,
    )


def _home(
    database: Database, municipality_id: str, homes: dict[str, _Home | NoOrganisation], now: datetime
) -> _Home | NoOrganisation:
    if municipality_id not in homes:
        try:
            organisation = organisation_of(database, municipality_id, now)
            homes[municipality_id] = _Home(organisation, _known(database, municipality_id))
        except NoOrganisation as fault:
            homes[municipality_id] = fault
    return homes[municipality_id]


def _known(database: Database, municipality_id: str) -> list[_Known]:
    """Return every text that is here, those that are followed first."""
    query = (
        select(Policy.title, Policy.slug, Edition.text)
        .join(Edition, (Edition.municipality_id == Policy.municipality_id) & (Edition.policy_id == Policy.id))
        .order_by(Edition.superseded_on.is_not(None), Policy.title, Edition.id)
    )
    with database.reading(municipality_id) as session:
        return [_Known(title, title, words_of(text), slug) for title, slug, text in session.execute(query)]


def _waiting(proposal: Proposal) -> int:
    return sum(
        waiting_for(duty, binding) is not None for duty, binding in zip(proposal.duties, proposal.bindings, strict=True)
    )


def _among(row: BatchRow, known: list[_Known]) -> BatchRow:
    """Tell what a text is among those that are known, and let it be known to those after it."""
    words = words_of(row.file.text if row.file else "")
    alike = _nearest(words, known)
    same_title = next((each for each in known if row.title is not None and each.title == row.title), None)
    known.append(_Known(row.name, row.title, words))
    row = replace(row, alike=alike)
    if alike is not None and alike.ratio == 1:
        return replace(row, state=RowState.KNOWN, why="den är redan inläst." if alike.slug else "den läses in en gång.")
    if same_title is not None:
        return replace(row, state=RowState.TAKEN, why=_taken(same_title), edition_of=same_title.slug)
    if alike is not None:
        return replace(
            row, state=RowState.SIMILAR, why="är det ett annat dokument läser du in det för sig, annars som ny utgåva."
        )
    if row.title is None:
        return replace(row, state=RowState.SIMILAR, why="dokumentet anger ingen titel. Läs in det för sig.")
    return replace(row, state=RowState.READY)


def _nearest(words: tuple[str, ...], known: Sequence[_Known]) -> Alike | None:
    best: Alike | None = None
    for each in known:
        ratio = likeness(words, each.words, max(ALMOST_THE_SAME, best.ratio if best else 0))
        if ratio and (best is None or ratio > best.ratio):
            best = Alike(name=each.name, ratio=ratio, slug=each.slug)
        if ratio == 1:
            break
    return best


def _taken(known: _Known) -> str:
    if known.slug is None:
        return f"samma titel som {known.name}, men en annan text. Läs in den av dem som gäller."
    return "titeln finns redan. Är det en ny utgåva läser du in den för sig, som ny utgåva."
