"""A municipality's own words as they are stored, those that are set aside left out where mails are written."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Quarantine
from styrhjul.db.prepared import Reading
from styrhjul.db.wording_model import MailWording

#: What a part that could not be written out is set aside under, where a subject has its lifecycle.
WORDING = "wording"
_ANY = Reading(select(MailWording.id).limit(1))
_ASIDE = select(Quarantine.subject_id).where(Quarantine.lifecycle == WORDING).scalar_subquery()


def wordings_in_use(session: Session) -> Sequence[MailWording]:
    """Return what may stand in a mail, those for every mail first."""
    if not _ANY.rows(session):
        return ()
    query = select(MailWording).where(MailWording.id.not_in(_ASIDE))
    return session.scalars(query.order_by(MailWording.key != "all", MailWording.key, MailWording.part)).all()


def every_wording(session: Session) -> list[tuple[MailWording, bool]]:
    """Return all of them by mail, language and part, each with whether it is set aside."""
    aside = set(session.scalars(select(Quarantine.subject_id).where(Quarantine.lifecycle == WORDING)))
    rows = session.scalars(select(MailWording).order_by(MailWording.key, MailWording.language, MailWording.part))
    return [(row, row.id in aside) for row in rows]


def the_wording(session: Session, key: str, language: str, part: str) -> MailWording | None:
    """Return one part's own words, locked."""
    query = select(MailWording).where(
        MailWording.key == key, MailWording.language == language, MailWording.part == part
    )
    return session.scalars(query.with_for_update()).one_or_none()


def take_back(session: Session, wording_id: str) -> None:
    """Let it be tried again: forget that it was set aside."""
    session.execute(delete(Quarantine).where(Quarantine.lifecycle == WORDING, Quarantine.subject_id == wording_id))
