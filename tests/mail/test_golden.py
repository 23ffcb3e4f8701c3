"""What each mail says, word for word. STYRHJUL_UPDATE_GOLDEN=1 writes the files anew: read the difference."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from styrhjul.mail.context import CONTEXTS
from styrhjul.mail.render import render

GOLDEN = Path(__file__).parent / "golden"
UPDATE = os.environ.get("STYRHJUL_UPDATE_GOLDEN") == "1"


@pytest.mark.parametrize("key", sorted(CONTEXTS))
def test_the_mail_reads_as_agreed(key: str) -> None:
    rendered = render(CONTEXTS[key].sample())
    said = {f"{key}.txt": f"Ämne: {rendered.subject}\n\n{rendered.text}", f"{key}.html": rendered.html}
    for name, content in said.items():
        if UPDATE:
            GOLDEN.mkdir(exist_ok=True)
            (GOLDEN / name).write_text(content, encoding="utf-8")
        assert content == (GOLDEN / name).read_text(encoding="utf-8")


def test_no_agreed_text_is_left_behind() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == set(CONTEXTS)
