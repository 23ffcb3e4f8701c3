"""Writes templates.json: ninety hostile or broken texts, each with why it is refused, and good ones that must pass."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

FILE = Path(__file__).with_name("templates.json")
#: Every way up from a harmless value to the interpreter that is known from the field.
_START = ("''", "body_name", "due_on", "today", "1", "[]", "{}", "()", "cycler", "lipsum", "joiner", "namespace")
_WALKS = (".__class__", ".__class__.__mro__[1].__subclasses__()", ".__init__.__globals__", "['__cl' + 'ass__']")
_LOOPS = (
    "{% for a in range(100000) %}x{% endfor %}",
    "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "{% for a in body_name %}{% for b in body_name %}{{ b }}{% endfor %}{% endfor %}",
    "{% for a in 'x' * 100000 recursive %}{{ loop('x') }}{% endfor %}",
    "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    "{% macro f(n) %}x{% endmacro %}",
    "{% set x = 'x' %}{{ body_name }}",
    "{% set x %}y{% endset %}",
    "{% include 'emails/_base.txt' %}",
    "{% include 'emails/_base.txt' ignore missing %}",
    "{% import 'emails/_words.txt' as w %}",
    "{% from 'emails/_words.txt' import lead %}",
    "{% extends 'emails/_base.txt' %}",
    "{% block subject %}x{% endblock %}",
    "{% filter upper %}x{% endfilter %}",
    "{% call f() %}x{% endcall %}",
    "{% with x = 1 %}{{ body_name }}{% endwith %}",
    "{% autoescape false %}x{% endautoescape %}",
)
_OPERATORS = (
    "{{ 9**9**9 }}",
    "{{ 9**9**9**9 }}",
    "{{ 'x' * 200000000 }}",
    "{{ body_name * 99999999 }}",
    "{{ 1 / 0 }}",
    "{{ 2 - 1 }}",
    "{{ body_name ~ body_name }}",
    "{{ '%200000000s' % body_name }}",
    "{{ -1 }}",
)
_SYNTAX = (
    "{{ body_name",
    "{% if due_on %}x",
    "{% endif %}",
    "{{ }}",
    "{% raw %}x",
    "{# x",
    "{{ 'x }}",
    "{% while 1 %}",
)
_FILTERS = ("safe", "attr('__class__')", "format", "xmlattr", "map('upper')", "tojson", "pprint", "upper", "day(1)")
_MARKUP = (
    "<b>Viktigt</b>",
    "<script>alert(1)</script>",
    "Hej <img src='https://mal.example.org/1.gif' width='1'>",
    "{{ '<script>' }}",
    "<!-- dold text -->",
    "</td></tr></table>",
)
_LINKS = (
    "Läs mer på https://mal.example.org/",
    "Läs mer på http://styrhjul.example.org.mal.example.org/",
    "Läs mer på https://styrhjul.example.org@mal.example.org/",
    "Läs mer på www.mal.example.org",
    "Läs mer på mal.example.org/logga-in",
    "javascript:alert(1)",
    "Läs mer på //mal.example.org/x",
    "{{ 'https://mal.example.org' }}",
)
_CHARACTERS = ("Ämne\rBcc: a@example.org", "Hej\x00", "Hej\u2028Bcc: a@example.org", "Hej \u202ekod", "Hej \ud800")
_WRITTEN = {
    "{{ 'htt' }}{{ 'ps:' }}{{ '/' }}{{ '/mal.example.org' }}": "link",
    "{{ policy_title }}" * 50: "output",
    "{{ period > 3 }}": "render",
    "{{ period | day }}": "render",
    "{{ case_ref | number }}": "render",
    "{% if period == 'finns inte' %}x{% endif %}": "empty",
    "x" * 1001: "length",
    " \n": "empty",
    "{{ " + "not " * 60 + "period }}": "depth",
    "{{ " + "(" * 400 + "period" + ")" * 400 + " }}": "depth",
    "{{ okänt_namn }}": "name",
    "{{ self }}": "name",
    "{{ request }}": "name",
    "{{ cycler }}": "name",
    "{{ period is defined }}": "expression",
    "{{ [period] }}": "expression",
    "{{ lipsum(n=100000) }}": "expression",
}
_GOOD = (
    "Nämnden behöver besluta om mål.",
    "{{ body_name }} svarar senast {{ due_on | weekday }}.",
    "{% if papers_on %}Handlingarna lämnas {{ papers_on | day }}.{% else %}Svara i tid.{% endif %}",
    "Fråga {{ reply_to }} om du undrar.",
    "{{ body_name | inside | start }} & § 5 i {{ policy_title }}: mindre än 3 < 5.",
    "Läs mer på https://styrhjul.example.org/hjälp",
    "Kommunen {{ municipality_name }}, t.ex. {{ office }}, bl.a. {{ period }}.",
    "Rad ett\nrad två\n\nrad tre {{ 'ja' if diary_number and not meeting_on else 'nej' }}",
    "{{ opens_on }} – {{ today | day }} – {{ case_ref }} åäö É 🙂",
)


def hostile() -> Iterator[tuple[str, str]]:
    """Yield each text with the kind of its first fault."""
    yield from (
        (f"{{{{ {start}{walk} }}}}", "expression" if walk.endswith("()") else "attribute")
        for start in _START[:3]
        for walk in _WALKS
    )
    yield from ((f"{{{{ {start}{_WALKS[0]} }}}}", "attribute") for start in _START[3:])
    yield from ((text, "tag" if "while" not in text else "syntax") for text in _LOOPS)
    yield from ((text, "operator") for text in _OPERATORS)
    yield from ((text, "syntax") for text in _SYNTAX)
    yield from ((f"{{{{ body_name | {name} }}}}", "filter") for name in _FILTERS)
    yield from ((text, "markup") for text in _MARKUP)
    yield from ((text, "link") for text in _LINKS)
    yield from ((text, "character") for text in _CHARACTERS)
    yield from _WRITTEN.items()


def write() -> None:
    """Write the corpus."""
    found = {"hostile": [{"text": text, "kind": kind} for text, kind in hostile()], "good": list(_GOOD)}
    FILE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
