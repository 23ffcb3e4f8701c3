"""What is missing or unclear in a policy, for the one who will revise it. Reads only; says what to write instead.

A text is judged as it stands: what a person has corrected or confirmed afterwards is another matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from styrhjul.documents.language.modality import find_governors
from styrhjul.documents.lint_dates import on_dates
from styrhjul.documents.lint_words import Remark, Rule, remark
from styrhjul.documents.reading import ONLY_EXISTING_PLANS, FoundDuty, PolicyReading
from styrhjul.documents.sections import BlockKind, read_blocks
from styrhjul.documents.sentences import LONGEST_SENTENCE, split_sentences
from styrhjul.documents.shape import Shape, shape_of
from styrhjul.domain.vocabulary import ActionKind, Confidence, Modality

#: What a template leaves to be filled in. "[15/1–2017]" is a value in brackets; "[ange datum]" is none.
_UNFILLED = re.compile(
    r"\b20xx\b|\bxx[ /-]?(?:månad|xx|januari|februari|mars|april|maj|juni)\b|(?<!\w)x{3,}(?::x{2,})?(?!\w)|"
    r"\b[A-ZÅÄÖ]{2,3}/xxx\S*|åååå-mm-dd|\bskriv\s(?:in|nummer|text|titel|namn)\b(?:\s(?:här|exempelvis\s\S+))?|"
    r"\bklicka(?:\seller\stryck)?\shär\b|lorem ipsum|\[(?:ange|skriv|fyll|infoga|välj|namn|datum|text)[^\]\n]{0,60}\]|"
    r"<(?:ange|skriv|fyll|infoga|välj|namn|datum)[^>\n]{0,60}>|\bfyll\si\s(?:här|namn|datum|titel)\b",
    re.IGNORECASE,
)
_REPLACED = re.compile(
    r"\b(?:(?:dokumentet|policyn|planen|programmet|strategin|riktlinjen|riktlinjerna|denna\s\w+|detta\s\w+)\s"
    r"(?:är|har)\s(?:ersatts?|ersatta?|upphävts?|upphävd|upphört)\b|ersatt\sav\b|upphävd\s(?:av|genom|den)\b|"
    r"status\s?:?\s(?:upphävd|upphört|ersatt|inaktuell)\b)",
    re.IGNORECASE,
)
_ASKED_WHEN = frozenset({ActionKind.SET_GOALS, ActionKind.ACTION_PLAN, ActionKind.FOLLOW_UP, ActionKind.REPORT})

#: What a duty of each kind says with and without the one who does it.
_ACTIVE = {
    ActionKind.SET_GOALS: ("Varje nämnd ska besluta om mål", "mål beslutas"),
    ActionKind.ACTION_PLAN: ("Varje nämnd ska upprätta en handlingsplan", "en handlingsplan upprättas"),
    ActionKind.FOLLOW_UP: ("Kommunstyrelsen ska följa upp", "följs upp"),
    ActionKind.REPORT: ("Kommunstyrelsen ska redovisa", "redovisas"),
}
#: A field that is told in several ways, inside a sentence.
_TOLD = {
    "adopted_by": "vem som har antagit det",
    "adopted_on": "beslutsdagen",
    "valid_from": "första dagen",
    "valid_until": "sista dagen",
    "last_revised_on": "när det senast reviderades",
    "document_owner": "vem som är dokumentansvarig",
}


def lint(text: str, reading: PolicyReading, today: date, *, replaced_by: str | None = None) -> tuple[Remark, ...]:
    """Return what to look at, the whole document first and then in the order of the text.

    `reading` is of the same text. `replaced_by` is the title of another document in force that says it replaces this.
    """
    remarks = [
        *_on_document(reading, today),
        *on_dates(text, reading, today),
        *_on_replacement(text, reading, today, replaced_by),
        *_on_duties(reading),
        *_on_sentences(shape_of(text)),
        *(remark(Rule.UNFILLED_TEMPLATE, match.span(), found=match[0]) for match in _UNFILLED.finditer(text)),
    ]
    once = dict.fromkeys(remarks)  # two duties of one sentence lack the same thing
    return tuple(sorted(once, key=lambda one: (one.start is not None, one.start or 0)))


def sure_duties(reading: PolicyReading) -> list[FoundDuty]:
    """Return the duties that a text plainly states: a purpose alone gives nobody a task."""
    return [duty for duty in reading.duties if duty.confidence is not Confidence.LOW]


def _on_document(reading: PolicyReading, today: date) -> Iterator[Remark]:
    kinds = {duty.action_kind for duty in sure_duties(reading)}
    if reading.metadata.title is None:
        yield remark(Rule.NO_TITLE)
    for conflict in reading.conflicts:
        values = ", ".join(f"{value} (”{label}”)" for label, value in conflict.values)
        yield remark(Rule.TOLD_TWICE, what=_TOLD.get(conflict.name, "en uppgift"), values=values)
    if reading.metadata.document_owner is None:
        yield remark(Rule.NO_OWNER)
    if not kinds & {ActionKind.FOLLOW_UP, ActionKind.REPORT}:
        yield remark(Rule.NO_FOLLOW_UP)
    if ActionKind.REVISE not in kinds and reading.metadata.valid_until is None:
        last = reading.metadata.last_revised_on or reading.metadata.adopted_on
        age = f" Texten är från {last.year}." if last is not None and last.year < today.year else ""
        yield remark(Rule.NO_REVISION_RULE, age=age)


def _on_replacement(text: str, reading: PolicyReading, today: date, replaced_by: str | None) -> Iterator[Remark]:
    ended = reading.metadata.valid_until is not None and reading.metadata.valid_until < today
    if replaced_by is not None:
        yield remark(Rule.REPLACED_IN_REGISTER, other=replaced_by)
    elif not ended and (match := _REPLACED.search(text)):
        yield remark(Rule.REPLACED_IN_FORCE, match.span())


def _on_duties(reading: PolicyReading) -> Iterator[Remark]:
    unnamed = set[tuple[int, int]]()  # of two duties in one sentence the first shows how it is said
    for duty in sure_duties(reading):
        place = duty.start, duty.end
        if duty.action_kind is ActionKind.OTHER_DUTY or duty.modality in {Modality.MAY, Modality.MUST_NOT}:
            continue
        if duty.recurrence == "as_needed":
            yield remark(Rule.ONLY_AS_NEEDED, place, words=duty.deadline or "vid behov")
        elif duty.action_kind in _ASKED_WHEN and not (duty.recurrence or duty.deadline or _waits(duty)):
            yield remark(Rule.NO_DEADLINE, place)
        if duty.actor is None and duty.action_kind is not ActionKind.REVISE and place not in unnamed:
            unnamed.add(place)
            active, passive = _ACTIVE[duty.action_kind]
            yield remark(Rule.NO_ACTOR, place, active=active, passive=passive)
        if duty.action_kind is ActionKind.SET_GOALS and duty.goal_min is None and duty.goal_max is None:
            yield remark(Rule.NO_NUMBER, place)


def _waits(duty: FoundDuty) -> bool:
    """Tell whether a duty comes with an event, which no calendar foresees."""
    return duty.condition is not None and duty.condition != ONLY_EXISTING_PLANS


def _on_sentences(shape: Shape) -> Iterator[Remark]:
    for block in read_blocks(shape.lines, shape.used, frozenset()):
        if block.kind is BlockKind.HEADING:
            continue
        for sentence in split_sentences(shape.source, block.start, block.end):
            if len(sentence.text) <= LONGEST_SENTENCE and _mixes(sentence.text):
                yield remark(Rule.MIXED_STRENGTH, shape.source.span(sentence.start, sentence.end))


def _mixes(text: str) -> bool:
    """Tell whether one sentence says both ska and bör, each of its own main verb."""
    said = {one.words.split()[0].lower() for one in find_governors(text) if not one.subordinate}
    return "bör" in said and not said.isdisjoint({"ska", "skall", "måste"})
