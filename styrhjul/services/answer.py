"""Answering: what a link asks, and taking in the answer.

One transaction moves the case, keeps the answer and stops the ladder.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from styrhjul.db.answer_query import (
    AskedCase,
    GivenAnswer,
    LinkFacts,
    QuotedDuty,
    count_links_since,
    find_link,
    load_answer_of_form,
    load_answer_of_round,
    load_asked_case,
    load_last_answer,
    load_post_title,
    load_quotes,
)
from styrhjul.db.answer_write import Stamp, keep_answer, move_case, silence
from styrhjul.db.facts_query import load_appointments, load_organisation
from styrhjul.db.journal import Line
from styrhjul.db.session import Database
from styrhjul.domain.answer import (
    MOST_GOALS,
    Answer,
    Asked,
    Demand,
    FieldError,
    change_until,
    event_of,
    goal_bounds,
    validate,
)
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import FINAL_STATES, Audience, Event, Holder, State, step
from styrhjul.domain.moment import local_date
from styrhjul.domain.office import holder_of, posts_by_audience
from styrhjul.domain.vocabulary import ActionKind, BodyKind
from styrhjul.mail.swedish import definite
from styrhjul.services.crashpoint import crashpoint
from styrhjul.services.link import token_hash
from styrhjul.services.mailroom import Mailroom
from styrhjul.services.receipt import queue_fresh_link, queue_receipt
from workflows import LIFECYCLES

#: Fresh links per case and hour.
MOST_FRESH_LINKS = 3

_BODY_WORDS = {
    BodyKind.COUNCIL: "fullmäktige",
    BodyKind.EXECUTIVE_BOARD: "kommunstyrelsen",
    BodyKind.COMMITTEE: "nämnden",
    BodyKind.SUBCOMMITTEE: "utskottet",
    BodyKind.ADMINISTRATION: "förvaltningen",
    BodyKind.UNIT: "enheten",
    BodyKind.COMPANY: "bolaget",
    BodyKind.JOINT_AUTHORITY: "förbundet",
}


class Gone(StrEnum):
    """Why a link no longer answers."""

    UNKNOWN = "unknown"
    REVOKED = "revoked"
    HOLDER_CHANGED = "holder_changed"
    CLOSED = "closed"


class LinkGone(Exception):
    """The link cannot be used. Of an unknown token nothing is revealed: it has neither `case` nor `link_id`."""

    def __init__(self, reason: Gone, case: AskedCase | None = None, link_id: str | None = None) -> None:
        super().__init__(f"the link is {reason}")
        self.reason = reason
        self.case = case
        self.link_id = link_id


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
class Question:
    """Everything a form shows.

    `last` is the newest answer; `goals_from` holds the goals to judge or, in a goal round, last year's, with `judged`
    as what became of them. An answer may be changed to the end of `change_until`. `is_theirs` is False for those above
    the body, who only see how it stands.
    """

    link_id: str
    case: AskedCase
    post_title: str
    demand: Demand
    quotes: tuple[QuotedDuty, ...]
    last: GivenAnswer | None
    goals_from: GivenAnswer | None
    judged: GivenAnswer | None
    change_until: date
    is_theirs: bool
    may_answer: bool
    today: date

    @property
    def asked(self) -> Asked:
        """What kind of answer is wanted."""
        return self.demand.asked

    @property
    def answering(self) -> str:
        """Who answers, by name: the body, or the chief executive where the text names that office."""
        if self.case.holder is Holder.CHIEF_EXECUTIVE:
            return definite(self.case.chief_executive_title).capitalize()
        return self.case.body_name

    @property
    def seen_version(self) -> int:
        """The version of the answer a form opened now builds on; 0 = none yet."""
        return self.last.version if self.last else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A form handed in. `form_id` is random per form; `seen_version` is the question's when the form was opened."""

    token: str
    answer: Answer
    form_id: str
    seen_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """An answer that is safe on disk."""

    answer_id: str
    case_id: str
    version: int
    submitted_at: datetime


def question_for(database: Database, token: str, now: datetime) -> Question:
    """Return what the link asks today. Changes nothing. Raises LinkGone."""
    link = _find(database, token)
    with database.reading(link.municipality_id) as session:
        return _question(session, link, now)


def submit(database: Database, mailroom: Mailroom, submission: Submission, *, now: datetime) -> Receipt:
    """Take in an answer; the same form again gives the same receipt and does nothing twice.

    1. the link is checked against the post's present holder and the case as it stands;
    2. the case moves by its lifecycle, compare-and-set on its version;
    3. the answer is kept, what was still to be sent is cancelled, the case falls asleep;
    4. a receipt is queued.

    Raises LinkGone, NotTheirs, NotComplete, TooLateToChange or AnsweredMeanwhile.
    """
    link = _find(database, submission.token)
    try:
        receipt = _submit_once(database, mailroom, link, submission, now)
    except (StaleDataError, IntegrityError):  # another answer was committed between our reading and our writing
        receipt = _submit_once(database, mailroom, link, submission, now)
    crashpoint("after_answer_commit")
    return receipt


def send_fresh_link(database: Database, mailroom: Mailroom, token: str, *, now: datetime) -> None:
    """Queue a new link to whoever holds the post today, at the office's own address.

    Does nothing, and says nothing, when the token is unknown, the case is closed, the post has nobody to write to or
    three links were made in the last hour.
    """
    try:
        link = _find(database, token)
    except LinkGone:
        return
    with database.municipality(link.municipality_id) as session:
        case = load_asked_case(session, link.case_id)
        holder = holder_of(link.post_id, load_appointments(session, [link.post_id]), local_date(now))
        if case.state in FINAL_STATES or holder is None or holder.address is None:
            return
        if count_links_since(session, link.case_id, now - timedelta(hours=1)) >= MOST_FRESH_LINKS:
            return
        queue_fresh_link(session, mailroom, case_id=link.case_id, post_id=link.post_id, now=now)


def _find(database: Database, token: str) -> LinkFacts:
    if not token.isascii():  # ours are; and what cannot be encoded cannot be hashed
        raise LinkGone(Gone.UNKNOWN)
    with database.system(read_only=True) as session:
        link = find_link(session, token_hash(token))
    if link is None:
        raise LinkGone(Gone.UNKNOWN)
    return link


def _question(session: Session, link: LinkFacts, now: datetime) -> Question:
    today = local_date(now)
    case = load_asked_case(session, link.case_id)
    _refuse_if_gone(session, link, case, today)
    quotes = load_quotes(session, case.case_id)
    last = load_last_answer(session, case.case_id)
    goals_from, judged = _goals_to_show(session, case)
    until = change_until(case.due_on, local_date(last.submitted_at)) if last else case.due_on
    return Question(
        link_id=link.link_id,
        case=case,
        post_title=load_post_title(session, link.post_id),
        demand=_demand(case, quotes, goals_from),
        quotes=quotes,
        last=last,
        goals_from=goals_from,
        judged=judged,
        change_until=until,
        is_theirs=_is_theirs(session, link, case),
        may_answer=case.state is not State.SUBMITTED or today <= until or _lacks_its_decision(last),
        today=today,
    )


def _lacks_its_decision(last: GivenAnswer | None) -> bool:
    """Day and § of the decision may follow for as long as the case is open."""
    return last is not None and (last.decided_on is None or last.paragraph is None)


def _refuse_if_gone(session: Session, link: LinkFacts, case: AskedCase, today: date) -> None:
    if case.state in FINAL_STATES:
        raise LinkGone(Gone.CLOSED, case, link.link_id)
    if link.revoked_at is not None:
        raise LinkGone(Gone.REVOKED, case, link.link_id)
    holder = holder_of(link.post_id, load_appointments(session, [link.post_id]), today)
    if holder is None or holder.appointment_id != link.appointment_id:
        raise LinkGone(Gone.HOLDER_CHANGED, case, link.link_id)


def _is_theirs(session: Session, link: LinkFacts, case: AskedCase) -> bool:
    organisation = load_organisation(session)
    posts = posts_by_audience(
        case.holder,
        body_id=case.body_id,
        board_id=organisation.board_id,
        owner_post_id=case.owner_post_id,
        posts=organisation.posts,
    )
    return link.post_id in posts[Audience.HOLDER]


def _goals_to_show(session: Session, case: AskedCase) -> tuple[GivenAnswer | None, GivenAnswer | None]:
    """Return the goals to judge (follow-up) or last year's with their judgement (goals)."""
    if case.lifecycle == Asked.FOLLOW_UP:
        return load_answer_of_round(session, case, lifecycle=Asked.GOALS, period=case.period), None
    if case.lifecycle == Asked.GOALS:
        year = str(int(case.period) - 1)
        goals = load_answer_of_round(session, case, lifecycle=Asked.GOALS, period=year)
        return goals, load_answer_of_round(session, case, lifecycle=Asked.FOLLOW_UP, period=year)
    return None, None


def _demand(case: AskedCase, quotes: tuple[QuotedDuty, ...], goals_from: GivenAnswer | None) -> Demand:
    fewest, most = goal_bounds((q.goal_min, q.goal_max) for q in quotes if q.action_kind is ActionKind.SET_GOALS)
    asked = Asked(case.lifecycle)
    return Demand(
        asked=asked,
        body=_BODY_WORDS[case.body_kind],
        goal_min=fewest or 1,
        goal_max=most or MOST_GOALS,
        goal_ids=tuple(goal.goal_id for goal in goals_from.goals) if asked is Asked.FOLLOW_UP and goals_from else (),
        may_begin=(case.state, Event.BEGIN) in LIFECYCLES[case.lifecycle].transitions,
    )


def _submit_once(
    database: Database, mailroom: Mailroom, link: LinkFacts, submission: Submission, now: datetime
) -> Receipt:
    with database.municipality(link.municipality_id) as session:
        earlier = load_answer_of_form(session, submission.form_id)
        if earlier is not None and earlier.case_id == link.case_id:
            return _receipt(earlier.answer_id, link.case_id, earlier.version, earlier.submitted_at)
        question = _question(session, link, now)
        _refuse_unless_complete(question, submission)
        version = question.seen_version + 1
        event = event_of(submission.answer)
        stamp = Stamp(version=version, form_id=submission.form_id, at=now)
        answer_id = keep_answer(session, link, submission.answer, stamp)
        line = Line(
            kind=EntryKind.CASE_MOVED,
            by=f"{question.post_title}, {question.case.body_name}",
            case_id=link.case_id,
            data={"event": event.value, "answer": answer_id, "version": version},
        )
        move_case(session, link.case_id, to=_after(question.case, event), line=line, at=now)
        silence(session, link.case_id, question.case.lifecycle, event=event, at=now)
        queue_receipt(session, mailroom, answer_id=answer_id, now=now)
        crashpoint("before_answer_commit")
    return _receipt(answer_id, link.case_id, version, now)


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
