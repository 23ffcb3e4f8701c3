"""Answering: what a link asks, and taking in the answer.

One transaction moves the case, keeps the answer and stops the ladder.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from styrhjul.db.answer_query import GivenAnswer, load_answer_of_form
from styrhjul.db.answer_write import Stamp, keep_answer, move_case, silence
from styrhjul.db.asked_query import AskedCase, LinkFacts, load_asked_case
from styrhjul.db.course_write import register
from styrhjul.db.draft_query import drop_draft
from styrhjul.db.journal import Line
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.session import Database, lock_register
from styrhjul.db.wake import touch_policies
from styrhjul.domain.answer import Answer, RevisionAnswer, event_of
from styrhjul.domain.completeness import validate
from styrhjul.domain.field_fault import FieldError
from styrhjul.domain.journal import EntryKind, Value
from styrhjul.domain.lifecycle import FINAL_STATES, Event, State, step
from styrhjul.domain.moment import local_date
from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.mail.catalogue import message
from styrhjul.services.answering.attachment import add_to_answer, handed_in
from styrhjul.services.answering.competing import keep_beside
from styrhjul.services.answering.content import content_hash, content_of
from styrhjul.services.answering.opened_link import Gone, LinkGone, find_opened, opened_question
from styrhjul.services.answering.question import Question
from styrhjul.services.answering.receipt import queue_fresh_link, queue_receipt
from styrhjul.services.cases.ending import end_referrals
from styrhjul.services.foundation.crashpoint import crashpoint
from styrhjul.services.foundation.limit import Limit, refuse_often
from styrhjul.services.foundation.mailroom import Mailroom
from styrhjul.services.foundation.secret import SignInKey
from styrhjul.services.mailing.reader import acting_in
from workflows import LIFECYCLES

__all__ = [
    "AnsweredMeanwhile",
    "Gone",
    "LinkGone",
    "NotComplete",
    "NotTheirs",
    "Question",
    "Receipt",
    "Submission",
    "TooLateToChange",
    "question_for",
    "send_fresh_link",
    "submit",
]

#: Whoever asks for a fourth within the hour looks in the office's mailbox first.
FRESH_LINKS_TO_ADDRESS = Limit("fresh links to address", 3)
#: Of a file that was taken away in another window after the review.
FILE_GONE = message("En bilaga har tagits bort sedan sidan öppnades. Granska listan över bilagor")


class NotComplete(Exception):
    """The answer cannot be handed in as it is."""

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        super().__init__(f"{len(errors)} faults")
        self.errors = errors


class NotTheirs(Exception):
    """The link belongs to somebody the matter went up to: they see how it stands, and the body answers for itself."""


class TooLateToChange(Exception):
    """The answer has been handed in, and the time for changing it is over."""


class AnsweredMeanwhile(Exception):
    """Somebody else answered after this form was opened."""

    def __init__(self, latest: GivenAnswer | None) -> None:
        super().__init__("a newer answer exists")
        self.latest = latest


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A form handed in. `form_id` is random per form; `seen_version` is the question's when the form was opened.

    `files` are the ids of what was sent with it.
    """

    token: str
    answer: Answer
    form_id: str
    seen_version: int
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """An answer that is safe on disk."""

    answer_id: str
    case_id: str
    version: int
    submitted_at: datetime


def question_for(database: Database, token: str, now: datetime) -> Question:
    """Return what the link asks today. Changes nothing. Raises LinkGone."""
    link = find_opened(database, token)
    with database.reading(link.municipality_id) as session:
        return opened_question(session, link, load_organisation(session), now)


def submit(database: Database, mailroom: Mailroom, submission: Submission, *, now: datetime) -> Receipt:
    """Take in an answer; the same form again gives the same receipt and does nothing twice.

    1. the link is checked against the post's present holder, or deputy, and the case as it stands;
    2. the case moves by its lifecycle, compare-and-set on its version;
    3. the answer is kept with what it registers, what was still to be sent is cancelled, the case sleeps until the
       next round takes over;
    4. a receipt is queued.

    Raises LinkGone, NotTheirs, NotComplete, TooLateToChange or AnsweredMeanwhile. An answer that is refused since
    another came first has been kept beside that one.
    """
    link = find_opened(database, submission.token)
    try:
        receipt = _submit_twice(database, mailroom, link, submission, now)
    except (AnsweredMeanwhile, TooLateToChange):
        _keep_beside(database, link, submission, now)
        raise
    crashpoint("after_answer_commit")
    return receipt


def send_fresh_link(database: Database, mailroom: Mailroom, key: SignInKey, token: str, *, now: datetime) -> None:
    """Queue a new link to whoever reads the post's mail today, at the office's own address.

    Does nothing, and says nothing, when the token is unknown, the case is closed or the post has nobody to write to.
    Raises TooOften the fourth time in an hour, whether anything was sent or not.
    """
    try:
        link = find_opened(database, token)
    except LinkGone:
        return
    with database.reading(link.municipality_id) as session:
        acting = acting_in(session, [link.post_id], local_date(now))[link.post_id]
    to = (acting.address if acting else None) or link.post_id
    refuse_often(database, key, FRESH_LINKS_TO_ADDRESS, f"{link.municipality_id} {to}", now)
    with database.municipality(link.municipality_id) as session:
        case = load_asked_case(session, link.case_id)
        if case.state in FINAL_STATES or acting_in(session, [link.post_id], local_date(now))[link.post_id] is None:
            return
        queue_fresh_link(session, mailroom, case_id=link.case_id, post_id=link.post_id, now=now)


def _submit_twice(
    database: Database, mailroom: Mailroom, link: LinkFacts, submission: Submission, now: datetime
) -> Receipt:
    try:
        return _submit_once(database, mailroom, link, submission, now)
    except (StaleDataError, IntegrityError, AnsweredMeanwhile):
        # Another answer was committed since we began: the same form, pressed twice, if it is known now.
        return _submit_once(database, mailroom, link, submission, now)


def _keep_beside(database: Database, link: LinkFacts, submission: Submission, now: datetime) -> None:
    """Keep what came second, in a transaction of its own: the answer's was taken back."""
    with database.municipality(link.municipality_id) as session:
        question = opened_question(session, link, load_organisation(session), now)
        if not validate(submission.answer, question.demand, question.today):
            files = submission.files
            keep_beside(session, link, question, submission.answer, form_id=submission.form_id, files=files, now=now)
        crashpoint("before_competing_commit")
    crashpoint("after_competing_commit")


def _submit_once(
    database: Database, mailroom: Mailroom, link: LinkFacts, submission: Submission, now: datetime
) -> Receipt:
    with database.municipality(link.municipality_id) as session:
        earlier = load_answer_of_form(session, submission.form_id)
        if earlier is not None and earlier.case_id == link.case_id:
            return _receipt(earlier.answer_id, link.case_id, earlier.version, earlier.submitted_at)
        receipt = take_in(session, mailroom, link, submission, now)
        crashpoint("before_answer_commit")
    return receipt


def take_in(  # noqa: PLR0913 - which link, what was handed in, and by whom
    session: Session, mailroom: Mailroom, link: LinkFacts, submission: Submission, now: datetime, *, through: str = ""
) -> Receipt:
    """Take in an answer, in a transaction of the caller's. Raises as `submit`.

    `through` is what handed it in for the post, where no person did.
    """
    organisation = load_organisation(session)
    question = opened_question(session, link, organisation, now)
    _refuse_unless_complete(question, submission)
    if question.case.lifecycle == LifecycleKey.ACTION_PLANNING:  # plans belong to the register
        lock_register(session)
    event = event_of(submission.answer)
    post = f"{question.post_title}, {question.post_body}"
    by = f"{through}, för {post}" if through else post
    stamp = Stamp(version=question.seen_version + 1, form_id=submission.form_id, at=now, by=by)
    answer_id = keep_answer(session, link, _by_name(submission.answer, question), stamp)
    files = _receive(session, link, answer_id, submission, now)
    register(session, question.case, answer_id, submission.answer, stamp)
    _count_anew(session, question.case, submission.answer, now)
    line = Line(
        kind=EntryKind.CASE_MOVED,
        by=by,
        case_id=link.case_id,
        data={
            "event": event.value,
            "answer": answer_id,
            "version": stamp.version,
            "sha256": _sum_of(session, submission.form_id),
            **files,
        },
    )
    move_case(session, question.case, to=_after(question.case, event), line=line, at=now)
    silence(session, question.case, event=event, at=now)
    drop_draft(session, link.case_id, link.post_id, submission.form_id)
    if event is Event.SUBMIT and question.case.lifecycle == LifecycleKey.REVISION:
        end_referrals(session, link.case_id, by=by, now=now)
    queue_receipt(session, mailroom, organisation, case_id=link.case_id, now=now)
    return _receipt(answer_id, link.case_id, stamp.version, now)


def _sum_of(session: Session, form_id: str) -> str | None:
    """Return the SHA-256 of what was handed in, read back: the journal seals it, and an auditor compares."""
    session.flush()
    kept = load_answer_of_form(session, form_id)
    return content_hash(content_of(kept)) if kept else None


def _receive(
    session: Session, link: LinkFacts, answer_id: str, submission: Submission, now: datetime
) -> dict[str, Value]:
    """Make the form's files part of the answer; return what the journal says of them."""
    files = handed_in(session, link, submission.files, submission.form_id, now=now)
    if len(files) < len(submission.files):
        raise NotComplete((FieldError("file", FILE_GONE),))
    add_to_answer(session, answer_id, files)
    return {"attachments": [file.sha256 for file in files]} if files else {}


def _by_name(answer: Answer, question: Question) -> Answer:
    """Return the answer with the deciding body's name: what is kept must not need the organisation of its day."""
    if not isinstance(answer, RevisionAnswer):
        return answer
    names = {decider.key: decider.name for decider in question.demand.deciders}
    return replace(answer, decided_by=names.get(answer.decided_by or ""))


def _count_anew(session: Session, case: AskedCase, answer: Answer, now: datetime) -> None:
    """An interval counts from the decision: one made early brings the next round nearer than the day already known."""
    if isinstance(answer, RevisionAnswer) and answer.decided_on and case.policy_id:
        touch_policies(session, [case.policy_id], [LifecycleKey.REVISION], local_date(now))


def _after(case: AskedCase, event: Event) -> State:
    return step(LIFECYCLES[case.lifecycle], case.state, event)


def _refuse_unless_complete(question: Question, submission: Submission) -> None:
    if not question.is_theirs:
        raise NotTheirs
    if not question.may_answer:
        raise TooLateToChange
    if submission.seen_version != question.seen_version:
        raise AnsweredMeanwhile(question.last)
    errors = validate(submission.answer, question.demand, question.today)
    if errors:
        raise NotComplete(errors)


def _receipt(answer_id: str, case_id: str, version: int, submitted_at: datetime) -> Receipt:
    return Receipt(answer_id=answer_id, case_id=case_id, version=version, submitted_at=submitted_at)
