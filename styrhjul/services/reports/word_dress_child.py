"""The limited child that opens a municipality's Word template: the template and our file in, one Word file out.

It may use ten seconds and 500 MB, opens no file, and knows nothing but the two. When a limit ends it there is no
answer.
"""

from __future__ import annotations

import base64
import codecs
import json
import sys

from styrhjul.confined.limits import Limits, confine
from styrhjul.services.reports.word_content import TemplateRefused
from styrhjul.services.reports.word_dress import dress

LIMITS = Limits(cpu_seconds=10, memory_bytes=500 * 1024 * 1024)
#: Loaded before the door is locked: the names in a packed file may be in it.
codecs.lookup("cp437")
#: What an answer begins with: a file, or why there is none.
DRESSED, REFUSED = b"+", b"-"


def answer(job: str) -> bytes:
    """Dress one file; what goes wrong is in the answer."""
    given = {name: base64.b64decode(content) for name, content in json.loads(job).items()}
    try:
        return DRESSED + dress(given["template"], given["ours"])
    except TemplateRefused as refused:
        return REFUSED + str(refused).encode()
    except Exception:  # noqa: BLE001 - a stranger's file may be broken in any way
        return REFUSED + str(TemplateRefused()).encode()


def main() -> None:
    """Answer once."""
    confine(LIMITS)
    sys.stdout.buffer.write(answer(sys.stdin.read()))


if __name__ == "__main__":
    main()
