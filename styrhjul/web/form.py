"""The three forms: what a browser posts becomes an answer, and an answer becomes a filled form again.

WTForms binds the fields; what is wrong with them is said by `domain.answer`, in one place for every way in.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from starlette.datastructures import FormData, MultiDict
from wtforms import FieldList, Form, FormField, HiddenField, StringField, TextAreaField

from styrhjul.domain.answer import (
    MOST_GOALS,
    Answer,
    Asked,
    Attainment,
    FieldError,
    FollowUpAnswer,
    GoalsAnswer,
    GoalText,
    Judgement,
    Outcome,
    RevisionAnswer,
    Signed,
    validate,
)
from styrhjul.domain.written import paragraph_number, tidy
from styrhjul.services.answer import Question

#: More than anybody can be asked for, so that too many are refused with words and not dropped in silence.
_MOST_POSTED = MOST_GOALS + 8
#: Fieldsets a form offers where the text sets no upper bound.
_OFFERED = 4
_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
_FORM_ID = re.compile(r"[0-9a-f]{32}")
_Choice = TypeVar("_Choice", bound=StrEnum)


class _Decision(Form):
    """What every form ends with, and what it carries unseen."""

    decided_on = StringField()
    paragraph = StringField()
    form_id = HiddenField()
    seen = HiddenField()


class _Goal(Form):
    text = TextAreaField()
    indicator = StringField()
    baseline = StringField()
    target = StringField()
    responsible = StringField()


class _Judgement(Form):
    goal_id = HiddenField()
    attainment = StringField()
    analysis = TextAreaField()
    next_step = TextAreaField()


class GoalsForm(_Decision):
    """Goals, in order."""

    goals = FieldList(FormField(_Goal), max_entries=_MOST_POSTED)


class FollowUpForm(_Decision):
    """One judgement per goal, or one for the year."""

    judgements = FieldList(FormField(_Judgement), max_entries=_MOST_POSTED)


class RevisionForm(_Decision):
    """What becomes of the document."""

    outcome = StringField()
    comment = TextAreaField()


AnswerForm = GoalsForm | FollowUpForm | RevisionForm
_FORMS: Mapping[Asked, type[GoalsForm | FollowUpForm | RevisionForm]] = {
    Asked.GOALS: GoalsForm,
    Asked.FOLLOW_UP: FollowUpForm,
    Asked.REVISION: RevisionForm,
}


def fresh_form(question: Question) -> AnswerForm:
    """Return the form as it opens: texts of an earlier answer stand there to be changed, choices never do."""
    form = _FORMS[question.asked](data={**_earlier(question), "form_id": secrets.token_hex(16)})
    form.seen.data = str(question.seen_version)
    return _with_room(form, question)


def posted_form(question: Question, fields: FormData | Iterable[tuple[str, str]]) -> AnswerForm:
    """Return the form with what was typed in it, nothing dropped."""
    pairs = fields.multi_items() if isinstance(fields, FormData) else list(fields)
    typed = MultiDict([(name, value) for name, value in pairs if isinstance(value, str)])
    form = _FORMS[question.asked](formdata=typed)
    if not _FORM_ID.fullmatch(form.form_id.data or ""):
        form.form_id.data = secrets.token_hex(16)
    return _with_room(form, question)


def fields_of(form: AnswerForm) -> list[tuple[str, str]]:
    """Return everything typed, to be signed for the review and posted again."""
    return [(name, value) for name, value in _flat("", form.data) if value]


def read_answer(form: AnswerForm, question: Question, signed_by: str = "") -> tuple[Answer, tuple[FieldError, ...]]:
    """Return the answer and what is wrong with it, in the order of the form."""
    decided_on, unreadable = _day(tidy(form.decided_on.data or ""))
    signed = Signed(
        signed_by=tidy(signed_by), decided_on=decided_on, paragraph=paragraph_number(form.paragraph.data or "")
    )
    answer = _answer(form, signed)
    found = validate(answer, question.demand, question.today)
    if not unreadable:
        return answer, found
    others = tuple(error for error in found if error.field != "decided_on")
    return answer, (*others[:-1], unreadable, *others[-1:]) if others else (unreadable,)


def seen_version(form: AnswerForm) -> int:
    """Return the version of the answer the form was opened on."""
    seen = form.seen.data or ""
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 6 else 0


def _answer(form: AnswerForm, signed: Signed) -> Answer:
    by, on, paragraph = signed.signed_by, signed.decided_on, signed.paragraph
    if isinstance(form, GoalsForm):
        goals = tuple(GoalText(**{name: tidy(value or "") for name, value in goal.items()}) for goal in form.goals.data)
        return GoalsAnswer(goals=goals, signed_by=by, decided_on=on, paragraph=paragraph)
    if isinstance(form, FollowUpForm):
        judgements = tuple(_judgement(each) for each in form.judgements.data)
        return FollowUpAnswer(judgements=judgements, signed_by=by, decided_on=on, paragraph=paragraph)
    return RevisionAnswer(
        outcome=_chosen(Outcome, form.outcome.data),
        comment=tidy(form.comment.data or ""),
        signed_by=by,
        decided_on=on,
        paragraph=paragraph,
    )


def _judgement(typed: Mapping[str, str | None]) -> Judgement:
    return Judgement(
        goal_id=typed["goal_id"] or None,
        attainment=_chosen(Attainment, typed["attainment"]),
        analysis=tidy(typed["analysis"] or ""),
        next_step=tidy(typed["next_step"] or ""),
    )


def _chosen(kind: type[_Choice], value: str | None) -> _Choice | None:
    return kind(value) if value in set(kind) else None


def _day(text: str) -> tuple[date | None, FieldError | None]:
    if not text:
        return None, None
    found = _DATE.fullmatch(text)
    try:
        return date(*(int(part) for part in found.groups())) if found else None, None if found else _unreadable()
    except ValueError:
        return None, _unreadable()


def _unreadable() -> FieldError:
    return FieldError("decided_on", "Skriv datumet som 2027-03-24")


def _earlier(question: Question) -> dict[str, Any]:
    last = question.last
    if last is None:
        return {}
    typed: dict[str, Any] = {
        "decided_on": last.decided_on.isoformat() if last.decided_on else "",
        "paragraph": last.paragraph or "",
    }
    if question.asked is Asked.GOALS:
        names = ("text", "indicator", "baseline", "target", "responsible")
        typed["goals"] = [{name: getattr(goal, name) for name in names} for goal in last.goals]
    elif question.asked is Asked.FOLLOW_UP:
        typed["judgements"] = [
            {"goal_id": each.goal_id, "analysis": each.analysis, "next_step": each.next_step}
            for each in last.judgements
            if each.goal_id in (question.demand.goal_ids or (None,))
        ]
    else:
        typed["comment"] = last.comment or ""
    return typed


def _with_room(form: AnswerForm, question: Question) -> AnswerForm:
    """Give the form the fieldsets the question asks for."""
    demand = question.demand
    if isinstance(form, GoalsForm):
        offered = max(demand.goal_min, min(demand.goal_max, _OFFERED), _filled(form))
        while len(form.goals) < min(offered, _MOST_POSTED):
            form.goals.append_entry()
    elif isinstance(form, FollowUpForm):
        for goal_id in (demand.goal_ids or (None,))[len(form.judgements) :]:
            form.judgements.append_entry({"goal_id": goal_id})
    return form


def _filled(form: GoalsForm) -> int:
    return sum(any(goal.values()) for goal in form.goals.data)


def _flat(prefix: str, value: object) -> Iterable[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(f"{prefix}-{name}" if prefix else name, inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _flat(f"{prefix}-{number}", inner)
    elif isinstance(value, str):
        yield prefix, value


def unsigned(errors: Iterable[FieldError]) -> tuple[FieldError, ...]:
    """Return the errors that do not concern the signature, which is asked for at the review."""
    return tuple(error for error in errors if error.field != "signed_by")


def signed_only(errors: Iterable[FieldError]) -> tuple[FieldError, ...]:
    """Return the errors of the signature alone."""
    return tuple(error for error in errors if error.field == "signed_by")
