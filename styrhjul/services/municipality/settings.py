"""What a municipality has set, and since when and by whom: everything the page of settings shows, in one reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from styrhjul.db.municipality_query import municipality_row
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.session import Database
from styrhjul.db.settings_query import SettingChange, setting_changes
from styrhjul.db.wording_query import every_wording
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.override import RungOverride
from styrhjul.domain.practice import Practice
from styrhjul.services.municipality.ladder import policies_by_slug
from styrhjul.services.municipality.practice import OwnPractice, changed_names, own_practice

#: What a municipality that has said nothing does.
STANDARD = OwnPractice(practice=Practice(), chief_executive_title="kommunchef")
_KINDS = (EntryKind.PRACTICE_CHANGED, EntryKind.LADDER_CHANGED, EntryKind.WORDING_CHANGED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """Who last changed something, and when."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRungs:
    """How many rungs of a lifecycle differ from the declared ones; `policies` are the documents' short names."""

    general: int
    policies: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsView:
    """How the municipality works now. `own` names the practices that differ from the standard.

    `since` has a practice by its name and a ladder by its lifecycle; what nobody has changed is not in it.
    """

    practice: OwnPractice
    own: frozenset[str]
    since: Mapping[str, Since]
    ladders: Mapping[str, OwnRungs]
    wordings: int
    wordings_aside: int


def settings_view(database: Database, municipality_id: str) -> SettingsView:
    """Return everything that is set. Writes nothing."""
    with database.reading(municipality_id) as session:
        practice = own_practice(session, municipality_row(session))
        overrides = load_organisation(session).overrides
        own = any(row.policy_id for row in overrides)
        slugs = {policy_id: slug for slug, policy_id in policies_by_slug(session).items()} if own else {}
        words = every_wording(session)
        changes = setting_changes(session, _KINDS)
    return SettingsView(
        practice=practice,
        own=frozenset(changed_names(STANDARD, practice)),
        since=_since(changes),
        ladders={key: _own_rungs(key, overrides, slugs) for key in {row.lifecycle for row in overrides}},
        wordings=len(words),
        wordings_aside=sum(aside for _, aside in words),
    )


def ladders_since(database: Database, municipality_id: str) -> Mapping[str, Since]:
    """Return who last changed each ladder, by its lifecycle."""
    with database.reading(municipality_id) as session:
        return _since(setting_changes(session, [EntryKind.LADDER_CHANGED]))


def _since(changes: list[SettingChange]) -> dict[str, Since]:
    found: dict[str, Since] = {}
    for change in changes:
        named = change.data.get("lifecycles", []) if change.kind is EntryKind.LADDER_CHANGED else change.data
        for name in named:
            found.setdefault(name, Since(by=change.by, at=change.at))
    return found


def _own_rungs(lifecycle: str, overrides: tuple[RungOverride, ...], slugs: Mapping[str, str]) -> OwnRungs:
    mine = [row for row in overrides if row.lifecycle == lifecycle]
    return OwnRungs(
        general=sum(row.policy_id is None for row in mine),
        policies=tuple(sorted({slugs[row.policy_id] for row in mine if row.policy_id})),
    )
