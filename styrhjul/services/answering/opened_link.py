"""A link that somebody opened: whether it still answers, and what it asks then. Reads only."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from styrhjul.db.asked_query import AskedCase, LinkFacts, find_link, load_asked_case, load_language, load_office
from styrhjul.db.organisation_query import Organisation
from styrhjul.db.session import Database
from styrhjul.domain.lifecycle import FINAL_STATES
from styrhjul.domain.moment import local_date
from styrhjul.mail.catalogue import SOURCE
from styrhjul.mail.language import spoken
from styrhjul.services.answering.question import Question, ask
from styrhjul.services.mailing.link import token_hash
from styrhjul.services.mailing.reader import acting_in, may_read


class Gone(StrEnum):
    """Why a link no longer answers."""

    UNKNOWN = "unknown"
    REVOKED = "revoked"
    HOLDER_CHANGED = "holder_changed"
    CLOSED = "closed"


class LinkGone(Exception):
    """The link cannot be used. Of an unknown token nothing is revealed: it has neither `case` nor `link_id`.

    `language` is that of whoever it was sent to. Where another holds the office now, `office` is what it is called and
    `successor` who reads its mail today; None = nobody does.
    """

    office: str | None = None
    successor: str | None = None

    def __init__(
        self, reason: Gone, case: AskedCase | None = None, link_id: str | None = None, language: str = SOURCE
    ) -> None:
        super().__init__(f"the link is {reason}")
        self.reason = reason
        self.case = case
        self.link_id = link_id
        self.language = language


def find_opened(database: Database, token: str) -> LinkFacts:
    """Return the link whose token this is, dead or alive. Raises LinkGone."""
    if not token.isascii():  # ours are; and what cannot be encoded cannot be hashed
        raise LinkGone(Gone.UNKNOWN)
    with database.system(read_only=True) as session:
        link = find_link(session, token_hash(token))
    if link is None:
        raise LinkGone(Gone.UNKNOWN)
    return link


def opened_question(session: Session, link: LinkFacts, organisation: Organisation, now: datetime) -> Question:
    """Return what the link asks today. Raises LinkGone."""
    today = local_date(now)
    case = load_asked_case(session, link.case_id)
    _refuse_if_gone(session, link, case, today)
    return ask(session, link, case, organisation, today)


def _refuse_if_gone(session: Session, link: LinkFacts, case: AskedCase, today: date) -> None:
    reason = None
    if case.state in FINAL_STATES:
        reason = Gone.CLOSED
    elif link.revoked_at is not None:
        reason = Gone.REVOKED
    elif not may_read(session, link.post_id, link.appointment_id, today):
        reason = Gone.HOLDER_CHANGED
    if reason:
        language = spoken(load_language(session, link.appointment_id))
        gone = LinkGone(reason, case, link.link_id, language)
        if reason is Gone.HOLDER_CHANGED:
            acting = acting_in(session, [link.post_id], today)[link.post_id]
            gone.office = load_office(session, link.post_id)[0]
            gone.successor = acting.name if acting else None
        raise gone
