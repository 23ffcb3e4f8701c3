"""Lines that are no sentences: rows of a table, labels with what belongs to them, nouns with a time beside them."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from styrhjul.documents.language.actions import find_actions, noun_kind, task_kind
from styrhjul.documents.language.actors import actor_at, is_actor
from styrhjul.documents.language.dates import MONTH
from styrhjul.documents.language.lexicon import MODAL_WORD, PREPOSITIONS
from styrhjul.documents.language.recurrence import find_deadline, find_frequency
from styrhjul.documents.language.word_forms import FORMS
from styrhjul.documents.sections import split_cells
from styrhjul.domain.vocabulary import ActionKind

_LABELLED = re.compile(r"(?P<label>[A-ZÅÄÖ\d][^:.;!?]{1,60}):\s(?P<rest>\S.*)", re.DOTALL)
_ASIDE = re.compile(r"\A(?P<what>[^()]{3,120}?)\s?\((?P<when>[^()]{2,60})\)\.?\Z")
_DASHED = re.compile(r"\s[–—-]\s")
#: The head of a table names no body, nor does a column that says whose the row is.
_HEADS = frozenset(
    "ansvarig ansvariga vem vad när hur aktivitet åtgärd uppgift intervall frekvens tidpunkt roll".split()
)
_TO_WHOM = re.compile(r"(?:till|för|av|i samband med|inför)\s", re.IGNORECASE)
_STATES = re.compile(r"\b(?:är|har|var|blir|blev|kan|visar|ligger|ingår|innebär|syftar|utgör|\w+ade)\b", re.IGNORECASE)
#: What may be a verb of a sentence that stands alone; an item of a list is a noun more often.
_VERB_LIKE = re.compile(
    r"\w\s(?:[\w-]+(?:[aoe]r|[trdlngkvpm]s|de|te|as|es)|är|har|kan|ska)\b|\A[\w-]+(?:en|erna|arna|na)\b", re.IGNORECASE
)
_TASKS = frozenset("åtgärd aktivitet uppgift vad insats".split())
_WHOSE = re.compile(r"\A(?:ansvarig(?:a|t)?|ansvar|utförs av|görs av|av|vem)\b:?\s*", re.IGNORECASE)
_TIME = re.compile(rf"(?:{MONTH}|(?:19|20)\d\d|kvartal \d|tertial \d|q\d|årligen|löpande|vid behov)", re.IGNORECASE)
_PAST = re.compile(r"\b(?:senaste|föregående|förra|tidigare|genomförd\w*|\w+(?:rdes|ddes|ades|tes))\b", re.IGNORECASE)
#: "Mål 2019 2022 2030" is the head of a table, "Barnbokslut 2020" the name of a paper.
_NAMES_YEARS = re.compile(
    r"(?:(?:19|20)\d\d\s+)*(?:\w*mål|\w*(?:bokslut|redovisning|rapport|berättelse|plan|program))(?:\s+(?:19|20)\d\d)+\.?",
    re.IGNORECASE,
)
_DATED = re.compile(rf"\b(?:{MONTH}|(?:19|20)\d\d)\b", re.IGNORECASE)
#: The head of a table of figures: "Mål 2019 2022 2030".
_YEARS = re.compile(r"(?:[^\d]*(?:19|20)\d\d[\s|–-]*)+")
_LONGEST_TIME = 10
_LONGEST_NOUN = 12
_TOPIC_WORDS = 4
_LONGEST_LABEL = 2
_FIRST_WORD = len("Minst en gång ")


@dataclass(frozen=True, slots=True)
class Row:
    """What is to be done, by whom and when; `kind` where a noun alone says what."""

    what: str
    who: str | None
    when: str
    kind: ActionKind | None

    @property
    def deadline(self) -> str | None:
        """Return the words that say by when; a month alone is enough in a row."""
        found = find_deadline(self.when)
        return found or (self.when.strip(" .") if _DATED.search(self.when) else None)


def read_row(text: str, *, listed: bool) -> Row | None:
    """Return what a line states, None where it is a sentence; `listed` tells that it is an item of a list."""
    if _NAMES_YEARS.fullmatch(text.strip()):
        return None
    cells = split_cells(text)
    if len(cells) == 1:
        cells = _labelled(text) or _beside(text) or (_nominal(text) if listed or not _VERB_LIKE.search(text) else [])
    return _row(cells) if len(cells) > 1 else None


def kind_of_topic(text: str) -> ActionKind | None:
    """Return what a heading or a sentence is about, where it names one task: "Uppföljning av målen"."""
    kinds = {kind for word in _bare_words(text, _TOPIC_WORDS) if (kind := noun_kind(word))}
    if text.endswith("?"):
        kinds |= {hit.kind for hit in find_actions(text)}
    return kinds.pop() if len(kinds) == 1 else None


def read_answer(text: str, kind: ActionKind) -> Row | None:
    """Return who and when of a fragment that answers a heading: "Hållbarhetssamordnaren, en gång per halvår."."""
    if len(text.split()) > _LONGEST_NOUN or MODAL_WORD.search(text) or _is_said(text) or _PAST.search(text):
        return None
    if any(word.strip(".,").lower() in FORMS for word in text.split()):  # a fragment has no verb
        return None
    cells = re.split(r",\s", text.rstrip("."))
    if _STATES.search(text) or not all(
        _begins_with_time(cell) or _is_body(cell) or _TO_WHOM.match(cell) for cell in cells
    ):
        return None
    when = " ".join(cell for cell in cells if _is_time(cell))
    who = next((actor for cell in cells if (actor := _is_body(cell))), None)
    return Row("", who, when, kind)


def _bare_words(text: str, count: int) -> list[str]:
    return [word.strip(" ,.:;()?") for word in text.split()[:count]]


def _labelled(text: str) -> list[str]:
    match = _LABELLED.fullmatch(text)
    if match is None or MODAL_WORD.search(match["label"]):
        return []
    label = match["label"].strip()
    if _is_time(label) or _is_body(label):
        return [label, match["rest"]]
    if label.lower() in _TASKS:
        return [label, match["rest"]]
    rest = match["rest"]
    if _kind(label) is None and task_kind(label.split()[-1]) is None and (_kind(rest) is None or _is_said(rest)):
        return []
    return [label, rest] if _is_said(rest) else [label, *re.split(r"[,;]\s", rest)]


def _beside(text: str) -> list[str]:
    """Return what and when of "Halvårsavstämning (juni)" and "Revidering – vart fjärde år"."""
    if len(text.split()) > _LONGEST_NOUN or MODAL_WORD.search(text):
        return []
    cells = [aside["what"], aside["when"]] if (aside := _ASIDE.match(text)) else _DASHED.split(text)
    return cells if len(cells) > 1 and any(_is_time(cell) or _is_body(cell) for cell in cells[1:]) else []


def _nominal(text: str) -> list[str]:
    """Return noun and time of "Uppföljning varje år"."""
    if len(text.split()) > _LONGEST_NOUN or MODAL_WORD.search(text):
        return []
    timed = _TIME.search(text) is not None or find_frequency(text) is not None or find_deadline(text) is not None
    names_task = any(task_kind(word.strip(",.")) for word in text.split()[:3])
    stated = _is_said(text) or _STATES.search(text) or _PAST.search(text)
    return [text, text] if timed and names_task and not stated else []


def _is_said(text: str) -> bool:
    return any(hit.form.finite or hit.form.passive for hit in find_actions(text))


def _row(cells: list[str]) -> Row | None:
    when = " ".join(cell for cell in cells if _is_time(cell))
    who = next((actor for cell in cells if (actor := _is_body(cell))), None)
    others = [cell for cell in cells if not _is_body(cell) and (not _is_time(cell) or _kind(cell))]
    what = next((cell for cell in others if find_actions(cell)), None)
    kind = next((found for cell in others if (found := _kind(cell))), None)
    if what is None and (kind is None or not (when or (who and len(cells[0].split()) == 1)) or _PAST.match(cells[0])):
        return None
    if what is None and kind in {ActionKind.SET_GOALS, ActionKind.REPORT} and _YEARS.fullmatch(when):
        return None
    return Row(what or "", who, when, kind)


def _kind(cell: str) -> ActionKind | None:
    """Return what the noun at the head of a cell names: "Årlig uppföljning av målen"."""
    words = list(itertools.takewhile(lambda word: word not in PREPOSITIONS, _bare_words(cell, 3)))
    said = find_actions(cell) if len(words) <= _LONGEST_LABEL else ()  # "Rapporteras:"
    return next((kind for word in words if (kind := task_kind(word))), said[0].kind if said else None)


def _is_time(cell: str) -> bool:
    words = cell.split()
    if not words or len(words) > _LONGEST_TIME:
        return False
    return bool(_TIME.search(cell) or find_frequency(cell) or find_deadline(cell)) and not _is_said(cell)


def _begins_with_time(cell: str) -> bool:
    frequency = find_frequency(cell)
    words = (frequency.words if frequency else None) or find_deadline(cell)
    return _is_time(cell) and words is not None and cell.index(words) <= _FIRST_WORD


def _is_body(cell: str) -> str | None:
    """Return the body that is all a cell holds."""
    bare = _WHOSE.sub("", cell).strip(" .")
    actor = actor_at(bare.split()) if bare and bare.lower() not in _HEADS else None
    if actor is None and is_actor(bare):
        actor = bare
    return actor if actor is not None and len(actor) >= len(bare) - 1 and actor.lower() not in _HEADS else None
