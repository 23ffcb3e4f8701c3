"""Templates of mails are compiled to the Python they say, and say what they said before."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined, TemplateAssertionError, UndefinedError

from styrhjul.mail.plain_code import PlainCode

GIVEN: dict[str, Any] = {
    "it": SimpleNamespace(name="Å & Ö", days={"first": "i dag"}, often=lambda word, times: word * times),
    "words": ["a", "<b>"],
}
TEXT = """{% macro row(text) %}<li>{{ text }}</li>{% endmacro %}
{% block list %}{% for word in words %}{{ loop.index }}{{ row(word) }}{% endfor %}{% endblock %}
{{ it.name }} {{ it.days["first"] }} {{ it.often(it.name, times=2) | upper }} {{ row(row(it.name)) ~ it.name }}
"""


def environment(source: str, **more: Any) -> Environment:  # noqa: ANN401 - Jinja's
    return Environment(loader=DictLoader({"it": source}), undefined=StrictUndefined, **more)  # noqa: S701 - both ways


def plain(source: str, **more: Any) -> Environment:  # noqa: ANN401 - Jinja's
    templates = environment(source, **more)
    templates.code_generator_class = PlainCode
    return templates


@pytest.mark.parametrize("is_html", [True, False])
def test_it_says_what_jinja_says(is_html: bool) -> None:
    said = plain(TEXT, autoescape=is_html).get_template("it").render(GIVEN)
    assert said == environment(TEXT, autoescape=is_html).get_template("it").render(GIVEN)
    assert ("<li>&lt;b&gt;</li>" in said) is is_html


def test_a_macro_is_a_function_and_what_it_gives_in_html_is_not_escaped_again() -> None:
    row = plain(TEXT, autoescape=True).get_template("it").make_module(GIVEN).row  # type: ignore[attr-defined]
    assert (row("<b>"), row(row("b"))) == ("<li>&lt;b&gt;</li>", "<li><li>b</li></li>")


@pytest.mark.parametrize(
    "source",
    [
        "{% macro row(text, often=2) %}{{ text }}{% endmacro %}",
        "{% macro row() %}{{ kwargs }}{% endmacro %}",
        "{% macro row() %}{{ caller() }}{% endmacro %}",
        "{% macro row() %}{% endmacro %}{% call row() %}ord{% endcall %}",
        "{{ it.often(*words) }}",
    ],
)
def test_what_needs_more_than_a_function_is_refused(source: str) -> None:
    with pytest.raises(TemplateAssertionError, match="each of its arguments in its place"):
        plain(source).get_template("it")


def test_what_is_missing_is_an_error() -> None:
    for source, missing in (("{{ that.name }}", UndefinedError), ("{{ it.days.first }}", AttributeError)):
        with pytest.raises(missing):
            plain(source).get_template("it").render(GIVEN)
