"""What each mail says, word for word. STYRHJUL_UPDATE_GOLDEN=1 writes the files anew: read the difference."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from styrhjul.mail.catalogue import SOURCE
from styrhjul.mail.context import CONTEXTS, sample_in
from styrhjul.mail.language import LANGUAGES
from styrhjul.mail.render import render

GOLDEN = Path(__file__).parent / "golden"
UPDATE = os.environ.get("STYRHJUL_UPDATE_GOLDEN") == "1"
FOLDERS = {language: GOLDEN if language == SOURCE else GOLDEN / language for language in LANGUAGES}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("key", sorted(CONTEXTS))
def test_the_mail_reads_as_agreed(key: str, language: str) -> None:
    rendered = render(sample_in(key, language))
    subject = {"sv": "Ämne", "en": "Subject"}[language]
    said = {f"{key}.txt": f"{subject}: {rendered.subject}\n\n{rendered.text}", f"{key}.html": rendered.html}
    for name, content in said.items():
        if UPDATE:
            FOLDERS[language].mkdir(exist_ok=True)
            (FOLDERS[language] / name).write_text(content, encoding="utf-8")
        assert content == (FOLDERS[language] / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_no_agreed_text_is_left_behind(language: str) -> None:
    assert {path.stem for path in FOLDERS[language].iterdir() if path.is_file()} == set(CONTEXTS)
