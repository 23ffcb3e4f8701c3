"""A municipality's own ladders: read in from a file, all or nothing, and shown beside the declared ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.journal import Line, write_down
from styrhjul.db.ladder_query import load_overrides
from styrhjul.db.ladder_write import cancel_lost_rungs, replace_overrides, wake_open_cases
from styrhjul.db.model import Municipality, Policy
from styrhjul.db.organisation_query import Organisation, load_organisation
from styrhjul.db.session import Database
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.override import CHANGEABLE, RungOverride
from styrhjul.domain.rung import Rung, repeat_of
from styrhjul.services.municipality.ladder_file import KEY_OF, LadderFile, faults_of_ladders, read_ladders
from styrhjul.services.municipality.procedure import lifecycle_of
from workflows import LIFECYCLES


class NoSuchPolicy(LookupError):
    """No document of the municipality has this short name."""

    def __init__(self, slug: str, known: Iterable[str]) -> None:
        super().__init__(f"Det finns inget dokument {slug}. De som finns är {', '.join(known) or 'inga'}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderReport:
    """What a file brought: how many rungs are the municipality's own now, which lifecycles changed, the cases woken."""

    rungs: int
    changed: tuple[str, ...]
    woken: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderLine:
    """One rung as it is climbed. `own` names the file's keys that the municipality has changed.

    `sent` is False for a rung that the municipality has taken away: it is shown as it was declared.
    """

    lifecycle: str
    rung: str
    anchor: str
    days: int
    unit: str
    digest: bool
    to: str
    mail: str
    after: str | None
    sent: bool
    own: tuple[str, ...]


def import_ladders(
    database: Database, municipality_id: str, file: LadderFile, now: datetime, *, by: str = "ladder import"
) -> LadderReport:
    """Let the ladders of a TOML file be the municipality's own, in place of those it had. Raises FaultyLadder.

    Every open case of a lifecycle whose ladder changes is planned anew today. All or nothing; safe to repeat: what is
    there already is neither written nor journalled again.
    """
    with database.register(municipality_id) as session:
        return lay_over(session, read_ladders(file, policies_by_slug(session)), now, by=by)


def lay_over(session: Session, new: tuple[RungOverride, ...], now: datetime, *, by: str) -> LadderReport:
    """Let these checked rows be the municipality's own ladders and no others, journalled. Safe to repeat."""
    old = load_overrides(session)
    changed = sorted({row.lifecycle for row in set(new) ^ set(old)})
    if not changed:
        return LadderReport(rungs=len(new), changed=(), woken=0)
    replace_overrides(session, new)
    _end_what_is_lost(session, now, by=by)
    woken = wake_open_cases(session, changed, now)
    data = {"lifecycles": [*changed], "rungs": [*map(_in_short, new)], "before": [*map(_in_short, old)]}
    write_down(session, [Line(kind=EntryKind.LADDER_CHANGED, by=by, data=data)], now)
    return LadderReport(rungs=len(new), changed=tuple(changed), woken=woken)


def show_ladders(database: Database, municipality_id: str, policy: str | None = None) -> list[LadderLine]:
    """Return every ladder as it is climbed here, or in one document, given by its short name. Raises NoSuchPolicy."""
    with database.reading(municipality_id) as session:
        policies = policies_by_slug(session)
        if policy is not None and policy not in policies:
            raise NoSuchPolicy(policy, policies)
        organisation = load_organisation(session)
    return [line for key in LIFECYCLES for line in _lines(organisation, key, policies[policy] if policy else None)]


def unfit_ladders(database: Database) -> list[str]:
    """Return what is wrong with ladders that are stored, each with its municipality and key; none when all fit.

    A newer declaration may not fit rows that an older one let in: every case they concern would then be set aside.
    Writes nothing.
    """
    with database.system(read_only=True) as session:
        municipalities = session.execute(select(Municipality.id, Municipality.slug).order_by(Municipality.slug)).all()
    found: list[str] = []
    for municipality_id, slug in municipalities:
        with database.reading(municipality_id) as session:
            try:
                found += faults_of_ladders(load_overrides(session), slug, policies_by_slug(session))
            except LookupError as unknown:  # a word that an enumeration no longer has
                found.append(f"{slug}: {unknown}")
    return found


def policies_by_slug(session: Session) -> dict[str, str]:
    """Return the ids of the municipality's policies by their short names, in that order."""
    return dict(session.execute(select(Policy.slug, Policy.id).order_by(Policy.slug)).all())


def _end_what_is_lost(session: Session, now: datetime, *, by: str) -> None:
    organisation = load_organisation(session)

    def has_rung(key: str, policy_id: str | None, rung: str) -> bool:
        return lifecycle_of(organisation, key, policy_id).has_rung(rung)

    cancel_lost_rungs(session, has_rung, now, by=by)


def _lines(organisation: Organisation, key: str, policy_id: str | None) -> Iterator[LadderLine]:
    """Yield the effective rungs in order; one that is not sent stands where it was declared."""
    climbed = lifecycle_of(organisation, key, policy_id).ladder
    for declared in LIFECYCLES[key].ladder:
        steps = [rung for rung in climbed if repeat_of(rung.key)[0] == declared.key]
        if not steps:
            yield _line(key, declared, sent=False, own=("cap",))
        for rung in steps:
            yield _line(key, rung, sent=True, own=_own(declared, rung))


def _own(declared: Rung, rung: Rung) -> tuple[str, ...]:
    compared = {
        "days": (declared.at.days, rung.at.days),
        "unit": (declared.at.unit, rung.at.unit),
        "anchor": (declared.at.anchor, rung.at.anchor),
        "to": (declared.to, rung.to),
        "mail": (declared.email, rung.email),
        "cap": (declared.key, rung.key),
    }
    return tuple(key for key, (one, other) in compared.items() if one != other)


def _line(key: str, rung: Rung, *, sent: bool, own: tuple[str, ...]) -> LadderLine:
    return LadderLine(
        lifecycle=key,
        rung=rung.key,
        anchor=rung.at.anchor,
        days=rung.at.days,
        unit=rung.at.unit,
        digest=rung.at.digest,
        to=rung.to,
        mail=rung.email,
        after=rung.after,
        sent=sent,
        own=own,
    )


def _in_short(row: RungOverride) -> str:
    """Return an override on one line, as the journal keeps it."""
    stated = [f"{KEY_OF[name]}={getattr(row, name)}" for name in CHANGEABLE if getattr(row, name) is not None]
    place = f"{row.policy_id}.{row.lifecycle}" if row.policy_id else row.lifecycle
    return f"{place}.{row.rung} {' '.join(stated)}"
