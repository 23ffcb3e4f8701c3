"""A municipality's own words stand in every mail, in text and HTML, and nothing they hold becomes markup."""

from __future__ import annotations

from dataclasses import replace

import pytest

from styrhjul.mail.context import CONTEXTS, sample_in
from styrhjul.mail.render import render
from styrhjul.mail.wording_names import EVERY, explained, names_of, values_of

OWN = {
    "lead": "Svara i tid <b>nu</b>.",
    "extra": "Kansliet hjälper dig & svarar.",
    "contact": "Ring <oss>, 000-00 00 00.",
}
SHOWN = ("Svara i tid &lt;b&gt;nu&lt;/b&gt;.", "Kansliet hjälper dig &amp; svarar.", "Ring &lt;oss&gt;, 000-00 00 00.")


@pytest.mark.parametrize("key", CONTEXTS)
def test_every_part_stands_once_in_every_mail_and_is_escaped_in_the_html(key: str) -> None:
    own = render(CONTEXTS[key].sample(), OWN)
    assert [own.text.count(words) for words in OWN.values()] == [1, 1, 1]
    assert [own.html.count(words) for words in SHOWN] == [1, 1, 1]
    assert "Har du inte längre uppdraget" not in own.text + own.html


@pytest.mark.parametrize("key", CONTEXTS)
def test_without_own_words_a_mail_is_as_it_was_and_the_subject_always_is(key: str) -> None:
    built_in, own = render(CONTEXTS[key].sample()), render(CONTEXTS[key].sample(), OWN)
    assert render(CONTEXTS[key].sample(), {}) == built_in
    assert own.subject == built_in.subject


@pytest.mark.parametrize("part", OWN)
def test_each_part_can_be_worded_alone(part: str) -> None:
    own, built_in = (render(CONTEXTS["goals_warning"].sample(), each) for each in ({part: OWN[part]}, None))
    assert set(own.text.splitlines()) - set(built_in.text.splitlines()) == {OWN[part]}
    lost = set(built_in.text.splitlines()) - set(own.text.splitlines())
    assert bool(lost) == (part != "extra")


def test_an_empty_extra_paragraph_leaves_no_gap() -> None:
    assert render(CONTEXTS["goals_warning"].sample(), {"extra": "  "}) == render(CONTEXTS["goals_warning"].sample())


def test_own_words_stand_whatever_the_built_in_ones_would_have_quoted() -> None:
    context = sample_in("goals_warning", "en")
    quoting = replace(context, sender=replace(context.sender, phone="000-00 00 00 (“växeln”)"))
    own = render(quoting, OWN)
    assert [own.html.count(words) for words in SHOWN] == [1, 1, 1]
    assert "växeln" not in own.text + own.html


@pytest.mark.parametrize("key", CONTEXTS)
def test_the_names_that_are_explained_are_those_a_mail_has(key: str) -> None:
    values = values_of(CONTEXTS[key].sample())
    assert set(values) == names_of(key)
    assert set(explained(EVERY)) <= set(values)
    assert all(isinstance(value, str | int) or hasattr(value, "isoformat") for value in values.values())
