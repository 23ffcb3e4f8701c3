"""The page of an answer on its way: what its templates see, and how it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request
from starlette.responses import Response

from styrhjul.db.attachment_query import GivenAttachment
from styrhjul.domain.answer import Answer, event_of
from styrhjul.domain.field_fault import FieldError
from styrhjul.domain.lifecycle import Event, Holder
from styrhjul.services.answering.attachment import listed
from styrhjul.services.answering.draft import SavedDraft
from styrhjul.services.answering.question import Question
from styrhjul.services.answering.words import NEXT_WORDS, choices
from styrhjul.web.answering.fault import told
from styrhjul.web.answering.form import AnswerForm, files_of
from styrhjul.web.home import home_of
from styrhjul.web.page import show
from styrhjul.web.words import to_whom


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """The draft that a form opens with, if any, and the office's other ones, the one saved last first."""

    shown: SavedDraft | None = None
    others: Sequence[SavedDraft] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """The form, or its review. `errors` in the order of the form; `payload` is what was typed, signed."""

    question: Question
    csrf: str
    form: AnswerForm | None = None
    answer: Answer | None = None
    errors: Sequence[FieldError] = ()
    payload: str = ""
    signed_by: str = ""
    #: What was to be kept, the answer or the draft of it, could not be.
    not_saved: bool = False
    #: The other language that the page can be read in, where nothing has been typed that would be lost.
    other_language: str = ""
    drafts: Drafts = Drafts()
    #: The files that the form carries.
    files: Sequence[GivenAttachment] = ()

    @property
    def messages(self) -> dict[str, str]:
        """The first fault of each field."""
        return {error.field: error.message for error in reversed(self.errors)}

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """What can be chosen, value and words."""
        return choices(self.question.asked)

    @property
    def office(self) -> str:
        """Who the reader answers as: an office of the body, or the one that was given the case."""
        question = self.question
        says_enough = question.case.holder is not Holder.BODY and question.case.assigned_post_id is None
        return question.post_title if says_enough else to_whom(question.post_title, question.post_body)

    @property
    def deciders(self) -> tuple[tuple[str, str], ...]:
        """Who can be said to have decided, key and name."""
        return tuple((decider.key, decider.name) for decider in self.question.demand.deciders)

    @property
    def editions(self) -> tuple[tuple[str, str], ...]:
        """The editions that a new one can replace, each under its own words."""
        return tuple((edition, edition) for edition in self.question.demand.editions)

    @property
    def only_begins(self) -> bool:
        """Whether the reviewed answer notes that work has begun, and the question stands."""
        return self.answer is not None and event_of(self.answer) is Event.BEGIN

    @property
    def is_off_calendar(self) -> bool:
        """Whether the reviewed answer dates the decision on a day on which no meeting is entered."""
        return self.answer is not None and self.question.is_off_calendar(self.answer)

    @property
    def then(self) -> str | None:
        """What the reviewed answer, or the one handed in, leads to."""
        given = self.answer or self.question.last
        return NEXT_WORDS.get(getattr(given, "outcome", None) or "")


def show_page(template: str, page: FormPage, *, status: int = 200) -> Response:
    """Render a page of the link in the language it is read in."""
    return show(template, page, status=status, language=page.question.language)


def files_with(request: Request, form: AnswerForm) -> tuple[GivenAttachment, ...]:
    """Return the files that a form carries, as far as they are still there."""
    return listed(home_of(request).database, request.state.token, files_of(form))


def show_form(
    request: Request,
    question: Question,
    typed: AnswerForm,
    errors: Sequence[FieldError] = (),
    *,
    not_saved: bool = False,
) -> Response:
    """Show the form with everything that was typed, and what is wrong with it first."""
    page = FormPage(
        question=question,
        csrf=request.state.csrf,
        form=typed,
        errors=told(errors, question.language),
        not_saved=not_saved,
        files=files_with(request, typed),
    )
    status = 503 if not_saved else 422 if errors else 200
    return show_page(f"form_{question.asked.value}.html", page, status=status)
