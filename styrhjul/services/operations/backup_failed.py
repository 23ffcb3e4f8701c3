"""What a backup and a restore say when they cannot be made."""

from __future__ import annotations


class BackupFailed(RuntimeError):
    """A backup cannot be made or put back; the message says why and what to do. Nothing is left half done."""
