"""The lifecycle that a policy follows here: as declared, with the municipality's own ladder laid over it."""

from __future__ import annotations

from functools import lru_cache

from styrhjul.db.organisation_query import Organisation
from styrhjul.domain.lifecycle import Lifecycle
from styrhjul.domain.override import RungOverride, effective
from styrhjul.domain.rung import Rung, repeat_of
from workflows import LIFECYCLES


def lifecycle_of(organisation: Organisation, key: str, policy_id: str | None) -> Lifecycle:
    """Return the effective lifecycle, the same object for the same overrides; KeyError for a key no workflow has.

    Raises WrongLadder for rows that a newer declaration no longer fits.
    """
    return _effective(key, organisation.overrides_of(key, policy_id), policy_id)


def rung_told(lifecycle: Lifecycle, key: str) -> Rung:
    """Return the rung somebody was told on, `lifecycle` being the one that is followed here.

    One that was taken from the ladder since is told of as it was declared; KeyError for a key no ladder has had.
    """
    return lifecycle.rung(key) if lifecycle.has_rung(key) else LIFECYCLES[lifecycle.key].rung(repeat_of(key)[0])


@lru_cache(maxsize=1024)
def _effective(key: str, overrides: tuple[RungOverride, ...], policy_id: str | None) -> Lifecycle:
    return effective(LIFECYCLES[key], overrides, policy_id=policy_id)
