"""A mail on trial says at its top whom it would have gone to, as every word of a mail is said."""

from __future__ import annotations

import re

import pytest

from styrhjul.mail.catalogue import SOURCE
from styrhjul.mail.context import CONTEXTS, sample_in
from styrhjul.mail.language import LANGUAGES
from styrhjul.mail.render import render

WHOM = "Åsa <asa@lillby.example.org>, ordförande & mer"
SHOWN = "Åsa &lt;asa@lillby.example.org&gt;, ordförande &amp; mer"


@pytest.mark.parametrize("key", CONTEXTS)
def test_the_line_stands_above_everything_else_once_and_escaped(key: str) -> None:
    rendered = render(CONTEXTS[key].sample(), trial_for=WHOM)
    assert rendered.text.startswith("PROVKÖRNING. Mejlet skulle ha gått till Åsa")
    assert rendered.html.count(SHOWN) == 1
    assert rendered.html.index(SHOWN) < rendered.html.index("<table")
    assert "PROVKÖRNING" not in render(CONTEXTS[key].sample()).html


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_said_in_every_language_that_mails_are_written_in(language: str) -> None:
    text = render(sample_in("goals_warning", language), trial_for=WHOM).text
    assert ("PROVKÖRNING" in text) == (language == SOURCE)
    assert WHOM in " ".join(text[:200].split())


def test_it_has_the_style_of_the_mails_and_their_dark_colours() -> None:
    html = render(CONTEXTS["goals_warning"].sample(), trial_for=WHOM).html
    line = re.search(r'<div class="late trial" style="([^"]*)">', html)
    assert line is not None
    assert "background-color: #FBE5E0" in line[1].replace(":#", ": #")
    assert ".late { background-color: #451B15 !important" in html
