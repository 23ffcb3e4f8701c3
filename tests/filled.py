"""A database that is filled once and copied: what takes seconds to live through need not be lived by each test."""

from __future__ import annotations

import copy
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from tests import servers

if TYPE_CHECKING:
    from collections.abc import Callable

    from styrhjul.db.session import Database

T = TypeVar("T")


@dataclass
class Filled:
    """What was filled in this process, by the function that did it and the kind of database.

    A fill takes the database alone. What it returns may hold that database: each copy holds its own in its place.
    """

    folder: Path
    server: Callable[[], servers.PostgresServer]
    kept: dict[tuple[Callable[..., Any], bool], tuple[str, Database, Any]] = field(default_factory=dict)

    def __call__(self, database: Database, fill: Callable[[Database], T]) -> T:
        """Let an empty, migrated database hold what `fill` writes into one; return what it returned."""
        key, own = (fill, database.is_sqlite), str(database.url.database)
        if key in self.kept:
            database.dispose()
            self._copy(self.kept[key][0], own, is_sqlite=database.is_sqlite)
        else:
            self.kept[key] = self._template(database), database, fill(database)
            database.dispose()
            self._copy(own, self.kept[key][0], is_sqlite=database.is_sqlite)
        _, first, told = self.kept[key]
        again: T = copy.deepcopy(told, {id(first): database})
        return again

    def _template(self, database: Database) -> str:
        name = f"styrhjul_filled_{os.getpid()}_{len(self.kept)}"
        return str(self.folder / name) if database.is_sqlite else name

    def _copy(self, source: str, target: str, *, is_sqlite: bool) -> None:
        if is_sqlite:
            assert not Path(f"{source}-wal").exists(), "somebody still has it open"
            shutil.copy(source, target)
            return
        servers.drop_database(self.server(), target)
        servers.clone_database(self.server(), source, target)

    def on_postgresql(self) -> list[str]:
        """Return the names of what lies on the server, which may outlive the tests."""
        return [template for (_, is_sqlite), (template, *_) in self.kept.items() if not is_sqlite]
