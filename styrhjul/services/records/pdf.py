"""The parts of a record's page, as `templates/records/record.typ` takes them: plain values, nothing of how it looks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from styrhjul.db.record_query import JournalLine
from styrhjul.services.records.record import Matter, Party
from styrhjul.services.records.words import WORDS, kind_words

Node = dict[str, object]


def said(*texts: str) -> list[Node]:
    """Return the values of a row."""
    return [{"text": text, "as": "plain"} for text in texts]


def code(*texts: str) -> list[Node]:
    """Return values that are hashes or identifiers."""
    return [{"text": text, "as": "code"} for text in texts]


def decided(text: str) -> list[Node]:
    """Return a value that somebody has decided, and that is set as decided words are."""
    return [{"text": text, "as": "decided"}]


def stated(text: str | None, language: str) -> list[Node]:
    """Return the value, or that it is not stated."""
    return said(text) if text else [{"text": WORDS[language]["unstated"], "as": "missing"}]


def row(label: str, values: Sequence[Node]) -> Node:
    """Return a row of facts."""
    return {"label": label, "values": list(values)}


def facts(rows: Iterable[Node]) -> Node:
    """Return a list of facts within a section."""
    return {"kind": "facts", "rows": list(rows)}


def heading(text: str) -> Node:
    """Return a heading within a section."""
    return {"kind": "heading", "text": text}


def quote(text: str) -> Node:
    """Return decided words."""
    return {"kind": "quote", "text": text}


def text(*lines: tuple[int, str]) -> Node:
    """Return lines that stand together, each with how far it is indented."""
    return {"kind": "text", "lines": [{"indent": indent, "text": line} for indent, line in lines]}


def section(title: str, blocks: Iterable[Node]) -> Node:
    """Return a section."""
    return {"heading": title, "blocks": list(blocks)}


def of_party(party: Party) -> list[Node]:
    """Return who it is: the office, the body or municipality where the office does not name it, and the address."""
    names = [party.office or party.name]
    if party.office and party.name.casefold() not in party.office.casefold():
        names.append(party.name)
    return said(*names, *filter(None, [party.address]))


def of_matters(matters: Sequence[Matter], language: str) -> list[Node]:
    """Return the rows that say what a record is about; a document that several matters rest on stands once.

    A mail may be about no case, and has then no such rows.
    """
    if not matters:
        return []
    words = WORDS[language]
    documents = list(dict.fromkeys(matter.document or words["by_law"] for matter in matters))
    cases = [f"{matter.round}, {matter.body}" for matter in matters]
    return [row(words["document"], said(*documents)), row(words["matter"], said(*cases))]


def of_journal(lines: Sequence[JournalLine], label: str, language: str) -> list[Node]:
    """Return the row of the journal's lines, each with the seal by which it can be checked; none without lines."""
    values = [node for line in lines for node in (*said(_line(line, language)), *code(line.seal))]
    return [row(label, values)] if values else []


def _line(line: JournalLine, language: str) -> str:
    return WORDS[language]["line"].format(number=line.number, kind=kind_words(line.kind, language))
