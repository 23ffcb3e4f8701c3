"""The file that a command writes: of the kind its name says, over nothing."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from styrhjul.cli.context import CommandFailed

if TYPE_CHECKING:
    from styrhjul.services.foundation.leaving_file import LeavingFile

Format = TypeVar("Format", bound=StrEnum)


def format_of(out: Path, formats: type[Format]) -> Format:
    """Return the format that the end of a name asks for: before the work, not after it.

    Raises CommandFailed, and FileExists where the name is taken.
    """
    from styrhjul.services.foundation.leaving_file import format_named

    kind = format_named(formats, out.suffix.removeprefix("."))
    if kind is None:
        *most, last = (f".{kind}" for kind in formats)
        raise CommandFailed(f"{out}: namnet ska sluta på {', '.join(most)} eller {last}.")
    refuse_taken(out)
    return kind


def template_of(template: Path | None, kind: StrEnum) -> bytes | None:
    """Return what is in the Word template that was asked for. Raises CommandFailed where the file is no Word file."""
    if template and kind != "docx":
        raise CommandFailed("--template gäller en fil som slutar på .docx.")
    return template.read_bytes() if template else None


def refuse_taken(*paths: Path) -> None:
    """Raises FileExists where one of the names is taken."""
    from styrhjul.services.foundation.new_file import FileExists

    for path in paths:
        if path.exists():
            raise FileExists(path)


def write_out(files: Mapping[Path, LeavingFile]) -> None:
    """Write the files, or none of them where one is there already. Raises FileExists."""
    from styrhjul.services.foundation.new_file import write_new

    refuse_taken(*files)
    for path, file in files.items():
        write_new(path, file.content)
