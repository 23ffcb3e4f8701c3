"""A program hands in a body's answer: what it is asked, for which post, and the same taking in as for a link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from styrhjul.db.asked_query import AskedCase, LinkFacts, load_asked_case
from styrhjul.db.model import new_id
from styrhjul.db.organisation_query import Organisation, load_organisation
from styrhjul.db.session import Database
from styrhjul.domain.answer import Answer
from styrhjul.domain.moment import local_date
from styrhjul.domain.office import holder_of
from styrhjul.domain.rung import Audience
from styrhjul.services.answering.answer import Submission, take_in
from styrhjul.services.answering.opened_link import opened_question
from styrhjul.services.answering.question import Question
from styrhjul.services.api.call import Call, Content, Outcome, once
from styrhjul.services.foundation.mailroom import Mailroom
from styrhjul.services.municipality.directory import NotHere


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An answer as a program gives it, for a post that may answer; None = the one that is usual.

    `kind` is the lifecycle that it answers, `seen_version` the version of the answer that it builds on.
    """

    case_id: str
    kind: str
    answer: Answer
    seen_version: int
    post_id: str | None = None


class AnswersAnother(ValueError):
    """The answer is of another kind than the case asks for."""


class NobodyAnswers(ValueError):
    """Nobody holds a post that may answer, or the one that was named may not."""


def question_of(database: Database, municipality_id: str, case_id: str, now: datetime) -> Question:
    """Return what a case asks today. Changes nothing. Raises NotHere, NobodyAnswers, LinkGone for a closed case."""
    with database.reading(municipality_id) as session:
        organisation = load_organisation(session)
        link = _as_link(session, municipality_id, case_id, None, organisation, local_date(now))
        return opened_question(session, link, organisation, now)


def answer_case(database: Database, mailroom: Mailroom, call: Call, given: Given, *, now: datetime) -> Outcome:
    """Take in a program's answer once, as `answering.answer.submit` does a person's; the journal names both.

    Raises NotHere, AnswersAnother, NobodyAnswers, KeyReused, and what `take_in` does. An answer that is refused is kept
    nowhere: the program still has it.
    """

    def change(session: Session) -> Content:
        return _taken_in(session, mailroom, call, given, now)

    return once(database, call, change, status=201, now=now)


def _taken_in(session: Session, mailroom: Mailroom, call: Call, given: Given, now: datetime) -> Content:
    organisation, municipality_id = load_organisation(session), call.program.municipality_id
    link = _as_link(session, municipality_id, given.case_id, given.post_id, organisation, local_date(now))
    if load_asked_case(session, given.case_id).lifecycle != given.kind:
        raise AnswersAnother(given.kind)
    submission = Submission(token="", answer=given.answer, form_id=new_id(), seen_version=given.seen_version)
    receipt = take_in(session, mailroom, link, submission, now, through=call.program.by)
    return {
        "answer_id": receipt.answer_id,
        "case_id": receipt.case_id,
        "version": receipt.version,
        "post_id": link.post_id,
        "submitted_at": receipt.submitted_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),  # as reading gives it
    }


def _as_link(  # noqa: PLR0913, PLR0917 - whose case, for which post, and when
    session: Session,
    municipality_id: str,
    case_id: str,
    post_id: str | None,
    organisation: Organisation,
    today: date,
) -> LinkFacts:
    """Return what a link would be that was sent to the post that answers: to its holder, who is named in no answer."""
    try:
        case = load_asked_case(session, case_id)
    except NoResultFound:
        raise NotHere from None
    for candidate in _answering(organisation, case):
        held = organisation.appointments_by_post.get(candidate, ())
        holder = holder_of(candidate, held, today)
        if holder is not None and post_id in (None, candidate):
            return LinkFacts(
                municipality_id=municipality_id,
                link_id="",
                case_id=case_id,
                post_id=candidate,
                appointment_id=holder.appointment_id,
                revoked_at=None,
            )
    raise NobodyAnswers(case_id)


def _answering(organisation: Organisation, case: AskedCase) -> list[str]:
    """Return the posts that may answer; a body's secretary first, who hands in what it has decided."""
    stake = organisation.stake(case.holder, case.body_id, case.owner_post_id, case.assigned_post_id)
    posts = organisation.posts_of(stake)
    return sorted(posts[Audience.HOLDER], key=lambda post_id: post_id not in posts[Audience.SECRETARY])
