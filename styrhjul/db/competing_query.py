"""Answers that came second, as they were handed in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from styrhjul.db.answer_query import GivenAnswer, GivenGoal, GivenJudgement, GivenPlan, GivenProject
from styrhjul.db.attachment_query import GivenAttachment
from styrhjul.db.case_model import Answer
from styrhjul.db.competing_model import CompetingAnswer
from styrhjul.db.prepared import Reading
from styrhjul.db.session import municipality_of
from styrhjul.db.upsert import insert_new

#: Columns of their own; the rest of an answer is in its content.
_COLUMNS = frozenset({"answer_id", "case_id", "version", "form_id", "post_id", "submitted_at", "signed_by"})


def load_competing(session: Session, case_id: str) -> tuple[GivenAnswer, ...]:
    """Return a case's answers that came second, the first one first; `version` is the one that stood then.

    One whose writer went on, so that the same form became an answer after all, is left out.
    """
    return tuple(map(_given, _OF_CASE.rows(session, case_id=case_id)))


_OF_CASE = Reading(
    select(
        CompetingAnswer.id,
        CompetingAnswer.case_id,
        CompetingAnswer.beside_version,
        CompetingAnswer.form_id,
        CompetingAnswer.post_id,
        CompetingAnswer.submitted_at,
        CompetingAnswer.signed_by,
        CompetingAnswer.content,
    )
    .where(
        CompetingAnswer.case_id == bindparam("case_id"),
        ~select(Answer.id)
        .where(Answer.municipality_id == CompetingAnswer.municipality_id, Answer.form_id == CompetingAnswer.form_id)
        .exists(),
    )
    .order_by(CompetingAnswer.submitted_at, CompetingAnswer.id)
)


def keep_competing(session: Session, answer: GivenAnswer) -> bool:
    """Keep an answer that came second; return False where the same press has been kept already."""
    content = {name: value for name, value in asdict(answer).items() if name not in _COLUMNS}
    row = {
        "municipality_id": municipality_of(session),
        "id": answer.answer_id,
        "case_id": answer.case_id,
        "post_id": answer.post_id,
        "form_id": answer.form_id,
        "beside_version": answer.version,
        "submitted_at": answer.submitted_at,
        "signed_by": answer.signed_by,
        "content": json.loads(json.dumps(content, default=date.isoformat)),
    }
    return bool(insert_new(session, CompetingAnswer, [row], CompetingAnswer.id))


def _given(row: Any) -> GivenAnswer:  # noqa: ANN401 - a row of the reading above
    content: Mapping[str, Any] = row.content
    at: datetime = row.submitted_at
    alone = {name: value for name, value in content.items() if not isinstance(value, list)}
    return GivenAnswer(
        answer_id=row.id,
        case_id=row.case_id,
        version=row.beside_version,
        form_id=row.form_id,
        post_id=row.post_id,
        submitted_at=at,
        signed_by=row.signed_by,
        **_dated(alone),
        goals=tuple(GivenGoal(**each) for each in _listed(content, "goals")),
        judgements=tuple(GivenJudgement(**each) for each in _listed(content, "judgements")),
        plans=tuple(GivenPlan(**_dated(each)) for each in _listed(content, "plans")),
        projects=tuple(GivenProject(**each) for each in _listed(content, "projects")),
        attachments=tuple(GivenAttachment(**each) for each in _listed(content, "attachments")),
    )


def _listed(content: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = content.get(name, ())
    return found


def _dated(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: date.fromisoformat(value) if name.endswith("_on") and value else value for name, value in values.items()
    }
