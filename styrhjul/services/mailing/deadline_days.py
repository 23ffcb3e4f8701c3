"""Which days a mail puts into its reader's calendar, under which sequence, and when they are taken back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from styrhjul.db.calendar_query import Key, Told, keep_told, load_told
from styrhjul.db.municipality_query import MunicipalityRow
from styrhjul.mail.calendar_words import calendar_words
from styrhjul.mail.catalogue import SOURCE
from styrhjul.mail.deadline_calendar import Method, Publisher, WholeDay, calendar_of
from styrhjul.mail.item import Item, Sender
from styrhjul.mail.message import CalendarPart
from workflows import LIFECYCLES


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A case as a mail tells a post of it."""

    case_id: str
    post_id: str
    item: Item
    #: What its reader is written to in.
    language: str = SOURCE

    @property
    def key(self) -> Key:
        """What a calendar knows it by."""
        return self.case_id, self.post_id

    @property
    def asks(self) -> bool:
        """Whether something is to be done by a day that is still ahead, by the reader."""
        item = self.item
        return not (item.is_late or item.has_gone_up or item.is_unreachable or item.is_welcome)


class Calendars:
    """What the calendars of some mails' readers have been told, and are told now: written together with the mails."""

    def __init__(self, session: Session, matters: Iterable[Matter]) -> None:
        self._session = session
        self._told = load_told(session, {matter.case_id for matter in matters})
        self._now: dict[Key, Told] = {}

    def part(
        self, matters: Iterable[Matter], municipality: MunicipalityRow, sender: Sender, *, base_url: str, now: datetime
    ) -> CalendarPart | None:
        """Return the calendar that goes with a mail; None where there is nothing to put into one, or to take back.

        A case may come once for each post that its reader holds: it is put into the calendar once.
        """
        days: list[WholeDay] = []
        seen: set[str] = set()
        for matter in sorted(matters, key=lambda each: each.key not in self._told):
            told = tell(self._told.get(matter.key), matter)
            if told is not None and (matter.key in self._told or matter.case_id not in seen):
                seen.add(matter.case_id)
                self._now[matter.key] = told
                days += days_of(matter, told, sender, case_page(base_url, municipality, matter.case_id))
        if not days:
            return None
        method = Method.CANCEL if all(day.is_cancelled for day in days) else Method.PUBLISH
        return CalendarPart(method=method, content=calendar_of(days, publisher_of(municipality), now, method=method))

    def keep(self, now: datetime) -> None:
        """Write down what the mails tell."""
        keep_told(self._session, self._now, now)


def tell(before: Told | None, matter: Matter) -> Told | None:
    """Return what a mail tells a calendar of a matter; None where it tells nothing."""
    item = matter.item
    if item.state not in LIFECYCLES[item.lifecycle].chased:
        return taken_back(before)
    return renewed(before, item) if matter.asks else None


def taken_back(before: Told | None) -> Told | None:
    """Return what calendars are told of a case that nobody asks for any more; None where they know nothing of it."""
    return replace(before, is_ended=True, sequence=before.sequence + (not before.is_ended)) if before else None


def renewed(before: Told | None, item: Item) -> Told:
    """Return what calendars are told of a case that stands.

    The sequence grows when the due day, the papers' day or the meeting has moved, and when it is asked about again.
    """
    told = Told(
        sequence=before.sequence if before else 0,
        due_on=item.due_on,
        papers_on=item.agenda_on or (before.papers_on if before else None),
        has_papers=item.agenda_on is not None,
        meeting_on=item.meeting_on,
    )
    return told if before in (None, told) else replace(told, sequence=told.sequence + 1)


def days_of(matter: Matter, told: Told, sender: Sender, url: str) -> Iterator[WholeDay]:
    """Yield the due day, and the papers' day: while it is ahead, and to take back one that was told of."""
    words = calendar_words(matter.item, sender, matter.language)
    due = WholeDay(
        uid=_uid(matter, "due"),
        sequence=told.sequence,
        on=told.due_on,
        summary=words.due,
        description=words.note,
        url=url,
        is_cancelled=told.is_ended,
    )
    yield due
    gone = told.is_ended or not told.has_papers
    if told.papers_on is not None and (gone or told.papers_on >= matter.item.today):
        yield replace(due, uid=_uid(matter, "papers"), on=told.papers_on, summary=words.papers, is_cancelled=gone)


def publisher_of(municipality: MunicipalityRow) -> Publisher:
    """Return who a municipality's calendars come from: the sender of its mails."""
    return Publisher(name=municipality.name, address=municipality.sender_address)


def case_page(base_url: str, municipality: MunicipalityRow, case_id: str) -> str:
    """Return the case's own page, which is shown to whoever may see it."""
    return f"{base_url}/{municipality.slug}/case/{case_id}"


def _uid(matter: Matter, day: str) -> str:
    """Ids are 128 random bits: nothing has to be added to make it the only one in the world."""
    return f"{matter.case_id}-{matter.post_id}-{day}"
