"""The forms of an answer: what a browser posts is bound to fields, and an earlier answer fills them again.

`web.reading` makes the answer of them; what is wrong is said by `domain.completeness`, in one place for every way in.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from starlette.datastructures import FormData, MultiDict
from wtforms import FieldList, Form, FormField, HiddenField, StringField, TextAreaField

from styrhjul.db.answer_query import GivenAnswer
from styrhjul.domain.answer import MOST_GOALS, MOST_PLANS, MOST_PROJECTS
from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.services.answering.attachment import MOST_FILES
from styrhjul.services.answering.question import Question

#: More than anybody can be asked for, so that too many are refused with words and not dropped in silence.
_SPARE = 8
#: Fieldsets a form offers where the text sets no upper bound.
_OFFERED = 4
_FORM_ID = re.compile(r"[0-9a-f]{32}")
_GOAL = ("text", "indicator", "better", "baseline", "target", "responsible")
_JUDGEMENT = ("goal_id", "result", "trend", "analysis", "next_step")


class _Decision(Form):
    """What every form ends with, and what it carries unseen."""

    decided_on = StringField()
    paragraph = StringField()
    #: The ids of the files that go with it.
    attachments = FieldList(HiddenField(), max_entries=MOST_FILES + _SPARE)
    form_id = HiddenField()
    seen = HiddenField()


class _Goal(Form):
    text = TextAreaField()
    indicator = StringField()
    better = StringField()
    baseline = StringField()
    target = StringField()
    responsible = StringField()


class _Judgement(Form):
    goal_id = HiddenField()
    attainment = StringField()
    result = StringField()
    trend = StringField()
    analysis = TextAreaField()
    next_step = TextAreaField()


class _Plan(Form):
    known_id = HiddenField()
    holds = StringField()
    title = StringField()
    decided_on = StringField()
    responsible = StringField()


class _Project(Form):
    title = StringField()
    responsible = StringField()
    attainment = StringField()
    analysis = TextAreaField()


class GoalsForm(_Decision):
    """Goals, in order."""

    goals = FieldList(FormField(_Goal), max_entries=MOST_GOALS + _SPARE)


class FollowUpForm(_Decision):
    """One judgement per goal, or one for the period."""

    judgements = FieldList(FormField(_Judgement), max_entries=MOST_GOALS + _SPARE)


class ChoiceForm(_Decision):
    """One choice and a text: all that several questions ask."""

    outcome = StringField()
    comment = TextAreaField()


class PlansForm(ChoiceForm):
    """Whether there are action plans, and which."""

    plans = FieldList(FormField(_Plan), max_entries=MOST_PLANS * 2 + _SPARE)


class ProjectsForm(ChoiceForm):
    """Whether there were projects, and how each went."""

    projects = FieldList(FormField(_Project), max_entries=MOST_PROJECTS + _SPARE)


class RevisionForm(ChoiceForm):
    """What becomes of the document, and the decision about it."""

    decided_by = StringField()
    diary_number = StringField()
    replaces = StringField()


AnswerForm = GoalsForm | FollowUpForm | ChoiceForm
_FORMS: Mapping[LifecycleKey, type[GoalsForm | FollowUpForm | ChoiceForm]] = {
    LifecycleKey.GOAL_SETTING: GoalsForm,
    LifecycleKey.FOLLOW_UP: FollowUpForm,
    LifecycleKey.ACTION_PLANNING: PlansForm,
    LifecycleKey.PROJECT_FOLLOW_UP: ProjectsForm,
    LifecycleKey.REVISION: RevisionForm,
}


def fresh_form(question: Question) -> AnswerForm:
    """Return the form as it opens: what an earlier answer told stands there to be changed, its judgement never does."""
    form = _form_of(question)(data={**_earlier(question), "form_id": secrets.token_hex(16)})
    form.seen.data = str(question.seen_version)
    return _with_room(form, question)


def posted_form(question: Question, fields: FormData | Iterable[tuple[str, str]]) -> AnswerForm:
    """Return the form with what was typed in it, nothing dropped."""
    pairs = fields.multi_items() if isinstance(fields, FormData) else list(fields)
    typed = MultiDict([(name, value) for name, value in pairs if isinstance(value, str)])
    form = _form_of(question)(formdata=typed)
    if not _FORM_ID.fullmatch(form.form_id.data or ""):
        form.form_id.data = secrets.token_hex(16)
    return _with_room(form, question)


def fields_of(form: AnswerForm) -> list[tuple[str, str]]:
    """Return everything typed, to be signed for the review and posted again."""
    return [(name, value) for name, value in _flat("", form.data) if value]


def files_of(form: AnswerForm) -> list[str]:
    """Return the ids of the files that the form carries."""
    return [each for each in dict.fromkeys(form.attachments.data) if each and _FORM_ID.fullmatch(each)]


def seen_version(form: AnswerForm) -> int:
    """Return the version of the answer the form was opened on."""
    seen = form.seen.data or ""
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 6 else 0


def _form_of(question: Question) -> type[GoalsForm | FollowUpForm | ChoiceForm]:
    return _FORMS.get(question.asked, ChoiceForm)


def _earlier(question: Question) -> dict[str, Any]:
    last = question.last
    typed: dict[str, Any] = {}
    if last is not None:
        typed = {
            "decided_on": last.decided_on.isoformat() if last.decided_on else "",
            "paragraph": last.paragraph or "",
            "comment": last.comment or "",
            "diary_number": last.diary_number or "",
            "attachments": [file.attachment_id for file in last.attachments],
        }
    return typed | _earlier_list(question, last)


def _earlier_list(question: Question, last: GivenAnswer | None) -> dict[str, Any]:
    match question.asked:
        case LifecycleKey.GOAL_SETTING if last:
            return {"goals": [{name: getattr(goal, name) for name in _GOAL} for goal in last.goals]}
        case LifecycleKey.FOLLOW_UP if last:
            return {
                "judgements": [
                    {name: getattr(each, name) for name in _JUDGEMENT}
                    for each in last.judgements
                    if each.goal_id in (question.demand.goal_ids or (None,))
                ]
            }
        case LifecycleKey.ACTION_PLANNING:
            return {"plans": _known_plans(question)}
        case LifecycleKey.PROJECT_FOLLOW_UP:
            return {"projects": _known_projects(question, last)}
        case _:
            return {}


def _known_plans(question: Question) -> list[dict[str, str]]:
    """The plans in force, whoever entered them: does each still hold?"""
    return [
        {
            "known_id": plan.plan_id,
            "title": plan.title,
            "decided_on": plan.decided_on.isoformat() if plan.decided_on else "",
            "responsible": plan.responsible,
        }
        for plan in question.beside.plans
    ]


def _known_projects(question: Question, last: GivenAnswer | None) -> list[dict[str, str]]:
    """This year's projects as they were told of, or last year's by name: how they went is for each year to say."""
    if last is not None:
        return [
            {"title": each.title, "responsible": each.responsible, "analysis": each.analysis} for each in last.projects
        ]
    earlier = question.beside.earlier
    return [{"title": each.title, "responsible": each.responsible} for each in earlier.projects] if earlier else []


def _with_room(form: AnswerForm, question: Question) -> AnswerForm:
    """Give the form the fieldsets the question asks for."""
    demand = question.demand
    match form:
        case GoalsForm():
            _pad(form.goals, max(demand.goal_min, min(demand.goal_max, _OFFERED), _filled(form.goals.data)))
        case FollowUpForm():
            for goal_id in (demand.goal_ids or (None,))[len(form.judgements) :]:
                form.judgements.append_entry({"goal_id": goal_id})
        case PlansForm():
            _pad(form.plans, _filled(form.plans.data) + _OFFERED)
        case ProjectsForm():
            _pad(form.projects, _filled(form.projects.data) + _OFFERED)
    return form


def _pad(entries: FieldList, count: int) -> None:  # type: ignore[type-arg]
    while len(entries) < min(count, entries.max_entries or count):
        entries.append_entry()


def _filled(entries: Sequence[Mapping[str, object]]) -> int:
    return sum(any(entry.values()) for entry in entries)


def _flat(prefix: str, value: object) -> Iterable[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(f"{prefix}-{name}" if prefix else name, inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _flat(f"{prefix}-{number}", inner)
    elif isinstance(value, str):
        yield prefix, value
