"""An answer's record as a PDF: what the registry asks for, every version, and the same as JSON inside."""

from __future__ import annotations

from collections.abc import Iterator

from styrhjul.db.answer_query import GivenAnswer, GivenGoal, GivenJudgement, GivenPlan, GivenProject
from styrhjul.domain.answer import Attainment
from styrhjul.mail.swedish import inside
from styrhjul.reports.pdf import Attachment, typeset
from styrhjul.services.answering.content import AttachedFile
from styrhjul.services.answering.words import (
    ATTAINMENT_WORDS,
    BETTER_WORDS,
    OUTCOME_WORDS,
    comment_label,
    decision_label,
    trend_word,
)
from styrhjul.services.records import pdf as page
from styrhjul.services.records.answer_record import AnswerMetadata, AnswerRecord, VersionRecord
from styrhjul.services.records.pdf import Node
from styrhjul.services.records.record import metadata_json
from styrhjul.services.records.words import NBSP, SWEDISH, WORDS, moment

_INSIDE = "svar.json"
_UNSTATED = page.stated(None, SWEDISH)


def answer_pdf(record: AnswerRecord) -> bytes:
    """Return the PDF of an answer's record; the same record gives the same bytes."""
    told, words = record.metadata, WORDS[SWEDISH]
    holds, given = told.versions[-1], record.given[-1]
    earlier = list(zip(told.versions, record.given, strict=True))[:-1]
    content = {
        "lang": SWEDISH,
        "title": f"{told.matter.round}, {inside(told.matter.body)}",
        "subtitle": f"Svar om {told.matter.document}" if told.matter.document else "Svar",
        "municipality": told.municipality,
        "kind": "Svar",
        "columns": [words["what"], words["said"]],
        "page": words["page"],
        "footer": words["footer"].format(hash=holds.sha256),
        "facts": list(_facts(told)),
        "sections": [
            *([page.section("Det som svaret vilar på", _grounds(told))] if told.quotes else []),
            page.section(_heading(holds, told), _version(holds, given)),
            *(page.section(_heading(each, told), _version(each, its)) for each, its in reversed(earlier)),
            page.section(words["proof"], [page.text((0, _HOW_TO_CHECK))]),
        ],
    }
    kept = Attachment(
        name=_INSIDE,
        mime_type="application/json",
        description=told.subject,
        relationship="data",
        content=metadata_json(told),
    )
    return typeset("records/record.typ", content, at=holds.dated_at, attachments=[kept])


_HOW_TO_CHECK = (
    f"Svaret ligger som fil i det här dokumentet: {_INSIDE}. SHA-256 för en version räknas på det som står under "
    "content i filen, som JSON med nycklarna i bokstavsordning, utan blanksteg och i UTF-8. "
    "Journalraderna kontrolleras med styrhjul journal verify."
)


def _facts(told: AnswerMetadata) -> Iterator[Node]:
    words = WORDS[SWEDISH]
    yield page.row(words["municipality"], page.said(told.municipality))
    yield page.row(words["diary_number"], page.stated(_number(told), SWEDISH))
    yield from page.of_matters([told.matter], SWEDISH)
    yield page.row("Inkom", page.said(moment(told.dated_at)))
    yield page.row(words["sender"], page.of_party(told.sender))
    yield page.row(words["receiver"], page.of_party(told.receiver))
    yield page.row(words["subject"], page.said(told.subject))
    yield page.row("Bilagor", page.said(*([*map(_file, told.attachments)] or [words["none"]])))
    yield page.row("SHA-256", page.code(told.versions[-1].sha256))


def _file(file: AttachedFile) -> str:
    return f"{file.name}, {file.size_bytes} byte, SHA-256 {file.sha256}"


def _number(told: AnswerMetadata) -> str | None:
    """Return the number and, where it is not the decision's own, whose it is."""
    own = told.versions[-1].content["diary_number"]
    is_documents = told.diary_number and not own
    return WORDS[SWEDISH]["of_document"].format(number=told.diary_number) if is_documents else told.diary_number


def _grounds(told: AnswerMetadata) -> Iterator[Node]:
    yield from map(page.quote, told.quotes)
    yield page.text((0, told.source or ""))


def _heading(version: VersionRecord, told: AnswerMetadata) -> str:
    if len(told.versions) == 1:
        return "Svaret"
    return f"Version {version.version}, {'gäller' if version == told.versions[-1] else 'ersatt'}"


def _version(version: VersionRecord, given: GivenAnswer) -> Iterator[Node]:
    for number, goal in enumerate(given.goals, 1):
        yield page.heading(f"Mål {number}")
        yield page.facts(_goal(goal, is_decided=given.decided_on is not None))
    for number, judged in enumerate(given.judgements, 1):
        yield page.heading(f"Mål {number}" if judged.goal else "Perioden som helhet")
        yield page.facts(_judgement(judged))
    for number, plan in enumerate(given.plans, 1):
        yield page.heading(f"Plan {number}")
        yield page.facts(_plan(plan))
    for number, project in enumerate(given.projects, 1):
        yield page.heading(f"Projekt {number}")
        yield page.facts(_project(project))
    yield page.heading("Beslutet" if decision_label(given.outcome) else "Lämnat")
    yield page.facts([*_choice(given), *_decision(given), *_handed_in(version)])


def _goal(goal: GivenGoal, *, is_decided: bool) -> Iterator[Node]:
    yield page.row("Mål", page.decided(goal.text) if is_decided else page.said(goal.text))
    fields = {
        "Mäts genom": goal.indicator,
        **({"Måttet ska": BETTER_WORDS[goal.better]} if goal.better else {}),
        "Läget när målet sattes": goal.baseline,
        "Målvärde": goal.target,
        "Ansvarar": goal.responsible,
    }
    yield from (page.row(label, page.stated(value, SWEDISH)) for label, value in fields.items())


def _judgement(judged: GivenJudgement) -> Iterator[Node]:
    if judged.goal:
        yield page.row("Mål", page.decided(judged.goal))
    yield page.row("Bedömning", page.said(ATTAINMENT_WORDS[Attainment(judged.attainment)]))
    if judged.result:
        yield page.row("Utfall", page.said(judged.result))
    if judged.trend:
        yield page.row("Trend", page.said(trend_word(judged.trend, judged.better)))
    yield page.row("Hur det gick", page.stated(judged.analysis, SWEDISH))
    yield page.row("Nästa steg", page.stated(judged.next_step, SWEDISH))


def _plan(plan: GivenPlan) -> Iterator[Node]:
    yield page.row("Plan", page.said(plan.title))
    yield page.row("Beslutad", page.said(plan.decided_on.isoformat()) if plan.decided_on else _UNSTATED)
    yield page.row("Ansvarar", page.stated(plan.responsible, SWEDISH))


def _project(project: GivenProject) -> Iterator[Node]:
    yield page.row("Projekt", page.said(project.title))
    yield page.row("Bedömning", page.said(ATTAINMENT_WORDS[Attainment(project.attainment)]))
    yield page.row("Hur det gick", page.stated(project.analysis, SWEDISH))
    yield page.row("Ansvarar", page.stated(project.responsible, SWEDISH))


def _choice(given: GivenAnswer) -> Iterator[Node]:
    if given.outcome:
        yield page.row("Svar", page.said(OUTCOME_WORDS.get(given.outcome, given.outcome)))
    if given.comment:
        yield page.row(comment_label(given.outcome), page.said(given.comment))


def _decision(given: GivenAnswer) -> Iterator[Node]:
    label = decision_label(given.outcome)
    if label is None:
        return
    yield page.row(label, page.said(given.decided_on.isoformat()) if given.decided_on else _UNSTATED)
    yield page.row("Paragraf", page.said(f"§{NBSP}{given.paragraph}") if given.paragraph else _UNSTATED)
    own = {"Beslutat av": given.decided_by, "Beslutets diarienummer": given.diary_number, "Ersätter": given.replaces}
    yield from (page.row(name, page.said(value)) for name, value in own.items() if value)


def _handed_in(version: VersionRecord) -> Iterator[Node]:
    yield page.row("Lämnat av", page.said(version.signed_by))
    yield page.row("Befattning", page.said(version.office))
    yield page.row("Inkom", page.said(moment(version.submitted_at)))
    yield page.row("SHA-256", page.code(version.sha256))
    yield from page.of_journal(version.journal, WORDS[SWEDISH]["journal"], SWEDISH)
