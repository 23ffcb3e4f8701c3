"""What a machine knows of its own work outside the database, whatever becomes of that."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Memory:
    """A file outside the database that knows when this machine last finished a step: it is never put back with it."""

    path: Path

    def remember(self, at: datetime) -> None:
        """Note that a step is recorded in the database; a reader sees the old note or the new."""
        beside = self.path.with_name(f"{self.path.name}.{secrets.token_hex(4)}")  # a worker's processes share the file
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(at.isoformat(), encoding="ascii")
        beside.replace(self.path)

    def forget(self) -> None:
        """Know nothing any more: another database, or a clock that ran ahead."""
        self.path.unlink(missing_ok=True)

    def read(self) -> datetime | None:
        """Return the last note; None before the first, and for a file that says no time."""
        try:
            return datetime.fromisoformat(self.path.read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return None
