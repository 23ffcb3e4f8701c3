"""The limited child that reads one document: bytes in, lines or a trouble out, as plain JSON.

It may use five seconds of processor time and 600 MB, opens no file and no socket, starts no program, and knows nothing
but the document.
"""

from __future__ import annotations

import codecs
import importlib
import json
import sys
from collections.abc import Callable

from styrhjul.confined.limits import Limits, confine
from styrhjul.documents.formats.flow import TextLine
from styrhjul.documents.formats.sample import sample_of
from styrhjul.documents.formats.trouble import CannotRead, Notice, Trouble

LIMITS = Limits(cpu_seconds=5, memory_bytes=600 * 1024 * 1024)
#: By the ending of the file: the module, and its reader.
READERS = {
    ".docx": ("word", "read_word"),
    ".odt": ("opendocument", "read_opendocument"),
    ".pdf": ("pdf", "read_pdf"),
    ".html": ("page", "read_page"),
    ".htm": ("page", "read_page"),
}

Reader = Callable[[bytes], tuple[list[TextLine], list[Notice]]]


def answer(read: Reader, data: bytes) -> str:
    """Read; what goes wrong is in the answer."""
    try:
        lines, notices = read(data)
        return json.dumps({"lines": lines, "notices": notices})
    except CannotRead as error:
        return json.dumps({"trouble": error.trouble})
    except MemoryError:
        return json.dumps({"trouble": Trouble.OVERRAN})
    except Exception:  # noqa: BLE001 - a stranger's file may be broken in any way
        return json.dumps({"trouble": Trouble.BROKEN})


def main() -> None:
    """Answer once."""
    module, name = READERS[sys.argv[1]]
    read: Reader = getattr(importlib.import_module(f"styrhjul.documents.formats.{module}"), name)
    read(sample_of(sys.argv[1]))  # loads what is loaded late: afterwards no file can be opened
    for kind in (
        "utf-16-le",
        "utf-16-be",
        "utf-32-le",
        "utf-32-be",
        "cp1252",
        "iso-8859-15",
        "mac_roman",
        "cp850",
        "cp865",
    ):
        codecs.lookup(kind)
    confine(LIMITS)
    sys.stdout.write(answer(read, sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
