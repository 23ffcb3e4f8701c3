"""A municipality's own words as its mails are written: tried three times, then set aside; no mail waits for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from styrhjul.db.quarantine_write import quarantine
from styrhjul.db.wording_model import MailWording
from styrhjul.db.wording_query import WORDING, wordings_in_use
from styrhjul.mail.context import EmailContext
from styrhjul.mail.wordsmith import NotSaid, Wordsmith
from styrhjul.services.municipality.wording import chosen, written_out

log = structlog.get_logger()

TRIES = 3


class OwnWords:
    """The words of the session's municipality for the mails of one run. Without any it costs one question."""

    def __init__(self, session: Session, wordsmith: Wordsmith, *, base_url: str, now: datetime) -> None:
        self._session = session
        self._wordsmith = wordsmith
        self._base_url = base_url
        self._now = now
        self._rows: Sequence[MailWording] = wordings_in_use(session)

    def of(self, context: EmailContext) -> dict[str, str]:
        """Return the words for one mail by part; where one cannot be written out the built-in ones stand."""
        said = {part: self._said(row, context) for part, row in chosen(self._rows, context).items()}
        return {part: text for part, text in said.items() if text is not None}

    def _said(self, row: MailWording, context: EmailContext) -> str | None:
        if self._failed(row) >= TRIES:
            return None
        try:
            said = written_out(self._wordsmith, row, context, self._base_url)
        except NotSaid as error:
            self._note(row, str(error))
            return None
        if row.failures:
            row.failures = 0
        return said

    def _failed(self, row: MailWording) -> int:
        """Count what an undone transaction has forgotten too: a poison costs its limit three times a run at most."""
        return max(row.failures, self._wordsmith.failures[row.id])

    def _note(self, row: MailWording, error: str) -> None:
        row.failures = self._failed(row) + 1
        self._wordsmith.failures[row.id] = row.failures
        log.warning("wording_failed", key=row.key, part=row.part, failures=row.failures, error=error)
        if row.failures >= TRIES:
            quarantine(self._session, WORDING, row.id, f"{row.key}, {row.language}, {row.part}: {error}", self._now)
