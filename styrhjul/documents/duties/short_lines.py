"""What lines propose that are no whole sentences: a row of a table, and "Sker årligen" under a heading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from styrhjul.documents.duties.clauses import Lead, read_clauses
from styrhjul.documents.duties.one_sentence import propose
from styrhjul.documents.duties.proposals import Proposal, Surroundings
from styrhjul.documents.duties.reasons import reason_for, reason_for_row
from styrhjul.documents.duties.rows import Row, read_answer
from styrhjul.documents.language.actors import SubjectKind, actor_after, read_subject
from styrhjul.documents.language.recurrence import deadline_or_rhythm, find_deadline, find_frequency, recurrence_of
from styrhjul.domain.vocabulary import ActionKind, Confidence, Modality

_EVENT = re.compile(
    r"(?:(?:den|det|detta|denna|de|dessa|så|arbetet)\s)?(?:(?P<modal>ska|skall|måste|bör)\s)?(?:\w+\s){0,2}?"
    r"(?:sker|ske|görs|göras|genomförs|genomföras|utförs|utföras|äger\srum|äga\srum|företas|inleds|inledas)(?!\w)",
    re.IGNORECASE,
)

#: "HR-chefen gör det varje år", after a question.
_DOES_IT = re.compile(
    r"(?P<who>.{2,60}?)\s(?P<verb>gör|sköter|genomför|ansvarar\sför|svarar\sför|håller\si)\s(?:det|detta|den|arbetet|uppföljningen)\b",
    re.IGNORECASE,
)


def propose_row(row: Row, lead: Lead | None, around: Surroundings) -> Iterator[Proposal]:
    """Yield what a line that is no sentence proposes: what its verbs say, or else what its noun names."""
    frequency = find_frequency(row.when)
    rhythm, deadline = recurrence_of(frequency, row.deadline), deadline_or_rhythm(row.deadline, frequency)
    actor = row.who or (lead.actor if lead else None)
    said = [
        one
        for one in propose(read_clauses(row.what, Lead(actor, None, "", tasks=True), None), around)
        if one.kind is not ActionKind.OTHER_DUTY
    ]
    for one in said:
        yield replace(
            one, recurrence=one.recurrence or rhythm, deadline=one.deadline or deadline, confidence=Confidence.MEDIUM
        )
    if not said and row.kind is not None:
        reason = reason_for_row(row.kind)
        yield Proposal(row.kind, Modality.MUST, actor, reason, Confidence.MEDIUM, rhythm, deadline)


def read_fragment(text: str, kind: ActionKind, around: Surroundings) -> Proposal | None:
    """Return the duty of a heading that a fragment answers: "Hur ofta följer vi upp?" + "Två gånger per år."."""
    row = read_answer(text, kind)
    return next(propose_row(row, None, around), None) if row is not None else None


def read_event(text: str, kind: ActionKind) -> Proposal | None:
    """Return the duty of a sentence that says only when or by whom, about what was named before: "Den sker årligen"."""
    match = _EVENT.match(text)
    done = _DOES_IT.match(text) if match is None else None
    doer = read_subject(done["who"]) if done else None
    if match is None and (doer is None or doer.kind is not SubjectKind.ACTOR):
        return None
    frequency, deadline = find_frequency(text), find_deadline(text)
    actor = doer.words if doer else actor_after(text, "av")
    if frequency is None and deadline is None and actor is None:
        return None
    modal = (match["modal"] or "") if match else ""
    modality = Modality.SHOULD if modal.lower() == "bör" else Modality.MUST
    words = match[0] if match else done["verb"] if done else ""
    return Proposal(
        kind=kind,
        modality=modality,
        actor=actor,
        reason=reason_for(kind, modality, modal, words),
        confidence=Confidence.MEDIUM,
        recurrence=recurrence_of(frequency, deadline),
        deadline=deadline_or_rhythm(deadline, frequency),
    )
