"""A municipality's own words: checked against every sample before they are saved, shown, and taken away."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from styrhjul.db.journal import Line, write_down
from styrhjul.db.model import Municipality, new_id
from styrhjul.db.session import Database
from styrhjul.db.wording_model import MailWording
from styrhjul.db.wording_query import every_wording, take_back, the_wording, wordings_in_use
from styrhjul.domain.journal import EntryKind
from styrhjul.mail.context import CONTEXTS, EmailContext
from styrhjul.mail.language import LANGUAGES, spoken
from styrhjul.mail.wording import PARTS, Fault, fault, faults_of, faults_of_said
from styrhjul.mail.wording_names import EVERY, values_of
from styrhjul.mail.wordsmith import NotSaid, Wordsmith


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which words: of which mail (or `all`), in which language, which part."""

    key: str
    language: str
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One part as it is stored. `is_set_aside`: the built-in words leave instead."""

    key: str
    language: str
    part: str
    text: str
    changed_by: str
    changed_at: datetime
    is_set_aside: bool


class WrongWording(ValueError):
    """The words cannot be used, and nothing was changed; `faults` says where and why."""

    def __init__(self, place: Place, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(f"{_named(place, each.line)}: {each.sentence}" for each in faults))


class NoSuchWording(LookupError):
    """Kommunen har inga egna ord där. Se `styrhjul wording list`."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


def set_wording(  # noqa: PLR0913 - where, what, for which links, by whom and when
    database: Database, municipality_id: str, place: Place, text: str, *, base_url: str, by: str, now: datetime
) -> bool:
    """Save a part's words, once they are checked against every sample; return whether anything changed.

    All or nothing, journalled. What was set aside is tried again. Raises WrongWording.
    """
    check_wording(place, text, base_url=base_url)
    with database.municipality(municipality_id) as session:
        row = the_wording(session, place.key, place.language, place.part)
        before = row.text if row else None
        if row is None:
            row = MailWording(id=new_id(), key=place.key, language=place.language, part=place.part)
            session.add(row)
        elif row.text == text and not row.failures:
            return False
        row.text, row.changed_by, row.changed_at, row.failures = text, by, now, 0
        take_back(session, row.id)
        write_down(session, [_line(place, by, text=text, before=before)], now)
    return True


def remove_wording(database: Database, municipality_id: str, place: Place, *, by: str, now: datetime) -> None:
    """Let the built-in words stand there again, journalled. Raises NoSuchWording."""
    with database.municipality(municipality_id) as session:
        row = the_wording(session, place.key, place.language, place.part)
        if row is None:
            raise NoSuchWording
        take_back(session, row.id)
        write_down(session, [_line(place, by, text=None, before=row.text)], now)
        session.delete(row)


def list_wordings(database: Database, municipality_id: str) -> list[Wording]:
    """Return a municipality's own words by mail, language and part. Writes nothing."""
    with database.reading(municipality_id) as session:
        return [
            Wording(
                key=row.key,
                language=row.language,
                part=row.part,
                text=row.text,
                changed_by=row.changed_by,
                changed_at=row.changed_at,
                is_set_aside=aside,
            )
            for row, aside in every_wording(session)
        ]


def set_aside(database: Database) -> list[str]:
    """Return what is set aside anywhere, as municipality, mail, language and part. Writes nothing."""
    with database.system(read_only=True) as session:
        municipalities = session.execute(select(Municipality.id, Municipality.slug).order_by(Municipality.slug)).all()
    return [
        f"{slug} {row.key} {row.language} {row.part}"
        for municipality_id, slug in municipalities
        for row in list_wordings(database, municipality_id)
        if row.is_set_aside
    ]


def words_of(database: Database, municipality_id: str, context: EmailContext, base_url: str) -> dict[str, str]:
    """Return the municipality's own words for one mail by part, as they leave: what fails is left out."""
    found = {}
    with database.reading(municipality_id) as session, Wordsmith() as wordsmith:
        for part, row in chosen(wordings_in_use(session), context).items():
            with contextlib.suppress(NotSaid):
                found[part] = written_out(wordsmith, row, context, base_url)
    return found


def chosen(rows: Sequence[MailWording], context: EmailContext) -> dict[str, MailWording]:
    """Return which of the municipality's words stand in one mail, by part; the rows have those for every mail first.

    A mail's own words come before those for every mail, also when they fail.
    """
    language = spoken(context.recipient.language)
    return {row.part: row for row in rows if row.language == language and row.key in (EVERY, context.key)}


def check_wording(place: Place, text: str, *, base_url: str) -> None:
    """Refuse words that are not fit to be saved: read first, then written out for every sample. Raises WrongWording."""
    if faults := list(_misplaced(place)):
        raise WrongWording(place, faults)
    if faults := faults_of(text, key=place.key, base_url=base_url):
        raise WrongWording(place, faults)
    with Wordsmith() as wordsmith:
        for key, context in CONTEXTS.items():
            if place.key in (EVERY, key):
                _try(wordsmith, place, text, context.sample(), base_url)


def _try(wordsmith: Wordsmith, place: Place, text: str, context: EmailContext, base_url: str) -> None:
    try:
        said = wordsmith.say(text, language=place.language, values=values_of(context))
    except NotSaid as failed:
        kind = "limit" if failed.is_limit else "render"
        raise WrongWording(place, [fault(kind, 0, str(failed))]) from None
    if faults := faults_of_said(said, part=place.part, base_url=base_url):
        raise WrongWording(place, faults)


def written_out(wordsmith: Wordsmith, row: MailWording, context: EmailContext, base_url: str) -> str:
    """Return a part as it stands in one mail. Raises NotSaid, also for what must not stand in any."""
    said = wordsmith.say(row.text, language=row.language, values=values_of(context))
    if faults := faults_of_said(said, part=row.part, base_url=base_url):
        raise NotSaid(faults[0].sentence)
    return said


def _misplaced(place: Place) -> Iterator[Fault]:
    if place.key != EVERY and place.key not in CONTEXTS:
        yield fault("key", 0, ", ".join(CONTEXTS))
    if place.language not in LANGUAGES:
        yield fault("language", 0, ", ".join(LANGUAGES))
    if place.part not in PARTS:
        yield fault("part", 0, ", ".join(PARTS))


def _named(place: Place, line: int) -> str:
    where = f"{place.key}, {place.language}, {place.part}"
    return f"{where}, rad {line}" if line else where


def _line(place: Place, by: str, *, text: str | None, before: str | None) -> Line:
    data = {"key": place.key, "language": place.language, "part": place.part, "text": text, "before": before}
    return Line(kind=EntryKind.WORDING_CHANGED, by=by, data=data)
