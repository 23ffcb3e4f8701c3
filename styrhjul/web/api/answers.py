"""What a case asks, and handing in the answer: the same taking in as behind the links in the mails."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Request
from pydantic import Field
from starlette.responses import JSONResponse, Response

from styrhjul.domain.answer import change_until
from styrhjul.domain.field_fault import FieldError
from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.services.answering.answer import AnsweredMeanwhile, LinkGone, NotComplete, TooLateToChange
from styrhjul.services.answering.question import Question
from styrhjul.services.api.answer import AnswersAnother, Given, NobodyAnswers, answer_case, question_of
from styrhjul.services.api.call import Call, KeyReused, Outcome
from styrhjul.web.api.fault_words import pointer
from styrhjul.web.api.given import AnswerSent
from styrhjul.web.api.problem import Fault, Wrong
from styrhjul.web.api.register import ThisId
from styrhjul.web.api.shape import Goal, Id, Plan, Told
from styrhjul.web.home import home_of
from styrhjul.web.program import program_of

router = APIRouter(prefix="/api/v1", tags=["cases"])

KEY_PATTERN = '^"?[A-Za-z0-9._:-]{16,100}"?$'
IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=KEY_PATTERN,
        description="New for each change, such as a UUID: the same call again gets the same answer for 30 days.",
    ),
]
_EXAMPLE = {
    "kind": LifecycleKey.GOAL_SETTING.value,
    "answer_version": 0,
    "signed_by": "Karin Alm",
    "decided_on": "2027-02-24",
    "paragraph": "12",
    "goals": [{"text": "Fler unga i arbete", "indicator": "Andel i arbete", "better": "higher", "target": "60 %"}],
}


class DeciderTold(Told):
    """Who can be said to have decided about a document."""

    key: str
    name: str


class QuestionTold(Told):
    """What a complete answer to a case must hold."""

    case_id: Id
    kind: Annotated[LifecycleKey, Field(description="Of the answer.")]
    may_answer: Annotated[bool, Field(description="false = it has been answered, and can be changed no more.")]
    answer_version: Annotated[int, Field(description="Send it with the answer.")]
    due_on: date
    change_until: Annotated[
        date, Field(description="Its last day to be changed; of a case without an answer that of one given today.")
    ]
    goal_min: Annotated[int | None, Field(description="Of a goal_setting; null = no goals are asked for.")]
    goal_max: int | None
    goals: Annotated[list[Goal], Field(description="To judge, in this order; of a goal round last year's.")]
    plans: Annotated[list[Plan], Field(description="In force now.")]
    may_decline: Annotated[bool, Field(description='Whether "no plan" is an answer.')]
    deciders: list[DeciderTold]
    editions: list[str]


class Receipt(Told):
    """An answer that is safe on disk."""

    answer_id: Id
    case_id: Id
    version: int
    post_id: Annotated[Id, Field(description="The post that it was handed in for.")]
    submitted_at: datetime


@router.get("/cases/{case_id}/question", operation_id="get_question", summary="What a case asks")
def question(request: Request, case_id: ThisId) -> QuestionTold:
    """Tell what a complete answer must hold today. A closed case, or one that nobody can answer, is a 409."""
    home, program = home_of(request), program_of(request)
    try:
        return _told(question_of(home.database, program.municipality_id, case_id, home.clock.now()))
    except (LinkGone, NobodyAnswers) as refused:
        raise _refused(refused) from None


@router.post(
    "/cases/{case_id}/answers",
    operation_id="answer_case",
    summary="Hand in an answer",
    status_code=201,
    response_model=Receipt,
)
def answer(
    request: Request,
    case_id: ThisId,
    key: IdempotencyKey,
    sent: Annotated[AnswerSent, Body(examples=[_EXAMPLE])],
) -> Response:
    """Hand in what an organization has decided. It is checked as a person's answer is; the post gets a receipt."""
    home = home_of(request)
    asked = {"answer": case_id, **sent.model_dump(mode="json")}
    given = Given(
        case_id=case_id,
        kind=sent.kind.value,
        answer=sent.meant(),
        seen_version=sent.answer_version,
        post_id=sent.post_id,
    )
    try:
        call = called(request, key, asked)
        return replied(answer_case(home.database, home.mailroom, call, given, now=home.clock.now()))
    except (KeyReused, LinkGone, NobodyAnswers, AnswersAnother, NotComplete, TooLateToChange, AnsweredMeanwhile) as no:
        raise _refused(no) from None


def called(request: Request, key: str, question: dict[str, Any]) -> Call:
    """Return the call as it is remembered; a key in quotes is the same key."""
    return Call(program=program_of(request), key=key.strip('"'), question=question)


def replied(outcome: Outcome) -> Response:
    """Return what a call got, and whether it had got it before."""
    headers = {"Idempotency-Replayed": "true"} if outcome.is_again else {}
    return JSONResponse(outcome.content, outcome.status, headers)


def reused() -> Wrong:
    """Return what is told of a key that stands for another question."""
    detail = "Nyckeln i Idempotency-Key har redan använts till något annat. Skicka en ny. Inget har ändrats."
    return Wrong(422, "idempotency_key_reused", detail)


_CONFLICTS: dict[type[Exception], tuple[str, str]] = {
    LinkGone: ("case_closed", "Ärendet är avslutat och tar inte emot svar."),
    NobodyAnswers: (
        "nobody_answers",
        "Ingen innehar ett uppdrag som får svara i ärendet, eller så är post_id fel.",
    ),
    AnswersAnother: ("wrong_kind", "Ärendet frågar efter ett annat slags svar. Läs frågan på /question."),
    TooLateToChange: ("too_late", "Ärendet är besvarat och svaret går inte längre att ändra."),
    AnsweredMeanwhile: ("answered_meanwhile", "Ett nyare svar har kommit. Läs ärendet och skicka dess answer_version."),
}


def _refused(error: Exception) -> Wrong:
    if isinstance(error, KeyReused):
        return reused()
    if isinstance(error, NotComplete):
        detail = "Svaret är inte fullständigt. Inget har sparats."
        return Wrong(422, "incomplete", detail, errors=[_fault(each) for each in error.errors])
    code, detail = next(told for kind, told in _CONFLICTS.items() if isinstance(error, kind))
    return Wrong(409, code, detail)


def _fault(error: FieldError) -> Fault:
    return Fault(field=pointer(error.field.split("-")), message=f"{error.message}.")


def _told(question: Question) -> QuestionTold:
    demand, goals = question.demand, question.goals_from.goals if question.goals_from else ()
    is_goals = demand.asked == LifecycleKey.GOAL_SETTING
    return QuestionTold(
        case_id=question.case.case_id,
        kind=demand.asked,
        may_answer=question.may_answer,
        answer_version=question.seen_version,
        due_on=question.case.due_on,
        change_until=question.change_until if question.last else change_until(question.case.due_on, question.today),
        goal_min=demand.goal_min if is_goals else None,
        goal_max=demand.goal_max if is_goals else None,
        goals=[Goal.model_validate(goal) for goal in goals],
        plans=[Plan.model_validate(plan) for plan in question.beside.plans],
        may_decline=demand.may_decline,
        deciders=[DeciderTold.model_validate(each) for each in demand.deciders],
        editions=list(demand.editions),
    )
