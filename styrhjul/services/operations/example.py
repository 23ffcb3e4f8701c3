"""Loading an example: a municipality with its officials and its policies, confirmed and released."""

from __future__ import annotations

import contextlib
import tomllib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from styrhjul.db.session import Database
from styrhjul.documents import read_document
from styrhjul.services.foundation.toml_fault import toml_fault
from styrhjul.services.municipality.directory import (
    NewMunicipality,
    UnknownMunicipality,
    add_municipality,
    municipality_by,
)
from styrhjul.services.organisation.officials import import_officials
from styrhjul.services.policies.intake import import_policy
from styrhjul.services.policies.release import NothingToRelease, release_municipality, release_policies

_BY_EXAMPLE = "exempel"


class FaultyExample(ValueError):
    """An example folder cannot be loaded."""


def load_example(database: Database, folder: Path, now: datetime, lifecycles: Iterable[str]) -> str:
    """Load a folder of `examples/organisations` with its policies, confirmed and released; return the id.

    Safe to repeat: what is there already stays as it is. Raises FaultyExample, naming the file.
    """
    file = folder / "municipality.toml"
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        new = NewMunicipality(
            slug=told["slug"],
            name=told["name"],
            starts_on=told["starts_on"],
            sender_address=told["sender_address"],
            reply_to=told["reply_to"],
            chief_executive_title=told["chief_executive_title"],
            is_example=told["example"],
        )
        policies = [folder / name for name in told["policies"]]
    except tomllib.TOMLDecodeError as error:
        raise FaultyExample(toml_fault(str(file), error)) from error
    except (OSError, KeyError) as error:
        raise FaultyExample(f"{file}: {error}") from error
    municipality_id = _existing(database, new.slug) or add_municipality(database, new, now, by=_BY_EXAMPLE)
    _import_officials(database, municipality_id, folder, now)
    keys = tuple(lifecycles)
    for policy in policies:
        text = read_document(policy.read_bytes(), policy.name).text
        import_policy(database, municipality_id, text, confirm=True, by=_BY_EXAMPLE, now=now, lifecycles=keys)
    release_municipality(database, municipality_id, now, by=_BY_EXAMPLE)
    with contextlib.suppress(NothingToRelease):  # a policy added to the folder since it was loaded
        release_policies(database, municipality_id, None, now, by=_BY_EXAMPLE)
    return municipality_id


def _existing(database: Database, slug: str) -> str | None:
    try:
        return municipality_by(database, slug).municipality_id
    except UnknownMunicipality:
        return None


def _import_officials(database: Database, municipality_id: str, folder: Path, now: datetime) -> None:
    report = import_officials(database, municipality_id, folder, now, by=_BY_EXAMPLE, confirm=True)
    for error in report.errors:
        raise FaultyExample(f"{folder / error.file}, rad {error.line}, {error.column}: {error.message}")
