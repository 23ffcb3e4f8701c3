"""A municipality's own words in a mail: which parts, what may stand in them, and what every one is checked for.

They are plain text over flat values. Markup is escaped where they are placed, and anything beyond names, dates and a
choice is refused before it is saved.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, TemplateSyntaxError, nodes

from styrhjul.mail.wording_names import FILTERS, names_of

#: What may be worded anew. The subject, the button and the reason stay the product's: they say what and why.
PARTS = {
    "lead": "Inledningen: den första meningen, som säger vad som ska göras.",
    "extra": "Ett eget stycke efter inledningen, före knappen. Tomt från början.",
    "contact": "Avslutningen: hur man når en människa.",
}
MOST_CHARACTERS = 1_000
MOST_SHOWN = 1_500
_DEEPEST = 20

_ALLOWED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.If, nodes.CondExpr),
    *(nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Filter),
)
_TAGS = (nodes.Stmt,)
_SENTENCES = {
    "part": "Delen finns inte. Skriv {0}.",
    "language": "Språket finns inte. Skriv {0}.",
    "key": "Mejlet finns inte. Skriv all för alla mejl, eller {0}.",
    "length": f"Texten är längre än {MOST_CHARACTERS} tecken. Korta den.",
    "empty": "Texten är tom. Skriv något, eller ta bort den med styrhjul wording remove.",
    "character": "Ett styrtecken står i texten. Ta bort det.",
    "syntax": "Texten går inte att läsa: {0}. Kontrollera klamrarna.",
    "depth": "Uttrycken är för många i varandra. Skriv enklare.",
    "tag": "{0} går inte att använda. Bara if, elif, else och endif finns.",
    "name": "Namnet {0} finns inte här. Se styrhjul wording names.",
    "filter": "Filtret {0} finns inte här. De som finns är {1}.",
    "attribute": "Punkt och hakparentes går inte att använda. Skriv bara namnet.",
    "operator": "Räkning går inte att använda. Skriv texten som den ska stå.",
    "expression": "{0} går inte att använda. Skriv bara namn, if och filter.",
    "markup": "Skriv ren text, utan taggar. Utseendet sköter mejlet.",
    "link": "Länkar får bara gå till {0}. Ta bort {1}.",
    "contact": "Skriv hur man når en människa: en adress eller ett telefonnummer.",
    "output": f"Texten blir längre än {MOST_SHOWN} tecken. Korta den.",
    "render": "Texten går inte att skriva ut: {0}.",
    "limit": "Texten tar för mycket tid eller minne. Skriv enklare.",
}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_MARKUP = re.compile(r"<\s*[A-Za-z/!?]")
#: What a mail program makes a link of: a scheme, www, or a host's name that is no part of an address.
_LINK = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*:/?/[^\s]*|(?i:(?:javascript|data|mailto|vbscript|tel):|www\.)[^\s]*|//[^\s]+"
    r"|(?<![@\w.+-])(?:[A-Za-z0-9åäöÅÄÖ-]{3,}\.)+(?:[a-z]{2,}|[A-Z]{2,})\b(?![@\w-])[^\s]*"
)
_OPERATORS = (nodes.BinExpr, nodes.UnaryExpr, nodes.Concat)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a part: `kind` is permanent, `sentence` Swedish, lines count from 1; 0 = all of it."""

    kind: str
    line: int
    sentence: str


def fault(kind: str, line: int, *said: str) -> Fault:
    """Return a fault of a kind, with what its sentence names."""
    return Fault(kind, line, _SENTENCES[kind].format(*said))


def faults_of(text: str, *, key: str, base_url: str) -> list[Fault]:
    """Return what is wrong with a text before anybody renders it; the first line first, each fault once."""
    if len(text) > MOST_CHARACTERS:
        return [fault("length", 0)]
    if not text.strip():
        return [fault("empty", 0)]
    if found := _CONTROL.search(text.replace("\r\n", "\n")):
        return [fault("character", text.count("\n", 0, found.start()) + 1)]
    try:
        tree = _grammar().parse(text.replace("\r\n", "\n"))
    except TemplateSyntaxError as error:
        return [fault("syntax", error.lineno, str(error.message or "okänt fel").rstrip("."))]
    except RecursionError:
        return [fault("depth", 1)]
    found_all = _faults_in(tree, names_of(key), base_url, 0)
    return sorted(dict.fromkeys(found_all), key=lambda each: each.line)


def faults_of_said(said: str, *, part: str, base_url: str) -> list[Fault]:
    """Return what is wrong with a part as it would stand in a mail."""
    if len(said) > MOST_SHOWN:
        return [fault("output", 0)]
    if _CONTROL.search(said.replace("\r\n", "\n")):
        return [fault("character", 0)]
    if part != "extra" and not said.strip():
        return [fault("empty", 0)]
    if part == "contact" and not re.search(r"[@\d]", said):
        return [fault("contact", 0)]
    return [fault("link", 0, base_url, link) for link in foreign_links(said, base_url)]


def foreign_links(text: str, base_url: str) -> list[str]:
    """Return what in a text a mail program would make a link of that leads away from the installation."""
    found = (match.group().rstrip(".,;:)!?”") for match in _LINK.finditer(text))
    return [link for link in found if link != base_url and not link.startswith((f"{base_url}/", f"{base_url}?"))]


@cache
def _grammar() -> Environment:
    return Environment()  # noqa: S701 - it parses only, and renders nothing


def _faults_in(node: nodes.Node, names: set[str], base_url: str, depth: int) -> Iterator[Fault]:
    if depth > _DEEPEST:
        yield fault("depth", node.lineno)
        return
    if not isinstance(node, _ALLOWED):
        yield _not_allowed(node)
        return
    yield from _faults_at(node, names, base_url)
    for child in node.iter_child_nodes():
        yield from _faults_in(child, names, base_url, depth + 1)


def _faults_at(node: nodes.Node, names: set[str], base_url: str) -> Iterator[Fault]:
    match node:
        case nodes.Name(name=name) if name not in names:
            yield fault("name", node.lineno, name)
        case nodes.Filter(name=name) if name not in FILTERS or node.args or node.kwargs:
            yield fault("filter", node.lineno, name, ", ".join(FILTERS))
        case nodes.TemplateData(data=data):
            yield from _faults_in_words(data, node.lineno, base_url)
        case nodes.Const(value=str(value)):
            yield from _faults_in_words(value, node.lineno, base_url)
        case _:
            return


def _faults_in_words(words: str, line: int, base_url: str) -> Iterator[Fault]:
    for offset, one in enumerate(words.split("\n")):
        if _MARKUP.search(one):
            yield fault("markup", line + offset)
        for link in foreign_links(one, base_url):
            yield fault("link", line + offset, base_url, link)


def _not_allowed(node: nodes.Node) -> Fault:
    name = type(node).__name__
    if isinstance(node, nodes.Getattr | nodes.Getitem):
        return fault("attribute", node.lineno)
    if isinstance(node, _OPERATORS):
        return fault("operator", node.lineno)
    if isinstance(node, _TAGS):
        return fault("tag", node.lineno, name.lower())
    return fault("expression", node.lineno, name.lower())
