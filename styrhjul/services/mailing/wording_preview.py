"""A mail's sample with words that are not saved, beside the words that leave now; rendered in the limited child."""

from __future__ import annotations

from dataclasses import dataclass, replace

from styrhjul.db.municipality_query import municipality_row
from styrhjul.db.session import Database
from styrhjul.mail.context import CONTEXTS, EmailContext, sample_in
from styrhjul.mail.render import Rendered, render
from styrhjul.mail.wording_names import EVERY, values_of
from styrhjul.mail.wordsmith import Wordsmith
from styrhjul.services.mailing.outbox import sender_of
from styrhjul.services.municipality.wording import Place, check_wording, words_of


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingPreview:
    """The same sample twice: with the built-in words in the part, and with the proposed ones. `tried` samples held."""

    key: str
    built_in: Rendered
    proposed: Rendered
    tried: int


def preview_wording(
    database: Database, municipality_id: str, place: Place, text: str, *, base_url: str
) -> WordingPreview:
    """Return what a part's words would look like. Writes nothing. Raises WrongWording, also for one sample of many.

    Words for every mail are shown in the first mail there is.
    """
    check_wording(place, text, base_url=base_url)
    key = next(iter(CONTEXTS)) if place.key == EVERY else place.key
    with database.reading(municipality_id) as session:
        sender = sender_of(municipality_row(session))
    context = replace(sample_in(key, place.language), sender=sender)
    own = words_of(database, municipality_id, context, base_url)
    others = {part: said for part, said in own.items() if part != place.part}
    with Wordsmith() as wordsmith:
        said = wordsmith.say(text, language=place.language, values=values_of(context))
    return WordingPreview(
        key=key,
        built_in=render(context, others),
        proposed=render(context, others | {place.part: said}),
        tried=len(CONTEXTS) if place.key == EVERY else 1,
    )


def built_in_words(key: str, language: str) -> Rendered:
    """Return a mail's sample with no words of anybody's own. Raises KeyError for a mail there is none of."""
    context: EmailContext = sample_in(next(iter(CONTEXTS)) if key == EVERY else key, language)
    return render(context, {})
