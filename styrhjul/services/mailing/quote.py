"""The sentences that a mail quotes, with the decision they stand in."""

from __future__ import annotations

from collections.abc import Iterable

from styrhjul.db.compose_query import DutyText, Source
from styrhjul.mail.item import Quote


def quotes_of(duties: Iterable[DutyText], source: Source) -> tuple[Quote, ...]:
    """Return the sentences in the order of the duties; one that holds two duties is quoted once."""
    seen: dict[tuple[int, int], Quote] = {}
    for duty in duties:
        seen.setdefault((duty.start, duty.end), _quote(duty, source))
    return tuple(seen.values())


def _quote(duty: DutyText, source: Source) -> Quote:
    return Quote(
        text=duty.quote,
        document_title=source.title,
        adopted_by=source.adopted_by,
        adopted_on=source.adopted_on,
        paragraph=source.paragraph,
        diary_number=source.diary_number,
    )
