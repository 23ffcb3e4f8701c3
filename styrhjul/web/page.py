"""Rendering a page: one template environment, typed pages, strict about undefined names."""

from __future__ import annotations

import hashlib
from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.mail.catalogue import SOURCE, TranslatedLoader, catalogue
from styrhjul.mail.language import LANGUAGES
from styrhjul.services.records.mail_record import is_record
from styrhjul.services.words import ACTION_WORDS, rung_word
from styrhjul.web import dial, retelling, timeline, words
from styrhjul.web.official import overview_words

TEMPLATES = Path(__file__).parents[2] / "templates" / "web"
STATIC = Path(__file__).parent / "static"
#: What a page offers to be read in, each in its own words.
LANGUAGE_NAMES = {code: grammar.IN_ITSELF for code, grammar in LANGUAGES.items()}
_GRAMMAR = ("inside", "office", "number", "listed", "start", "document", "unchanged", "definite")


def show(template: str, page: object, *, status: int = 200, language: str = SOURCE) -> HTMLResponse:
    """Render a page. Its template sees one name, `page`: a frozen value, never a row."""
    return HTMLResponse(environment(language).get_template(template).render(page=page), status_code=status)


@cache
def environment(language: str = SOURCE) -> Environment:
    """Return a language's environment; templates are compiled once per process."""
    env = Environment(
        loader=TranslatedLoader(FileSystemLoader(TEMPLATES), catalogue(language)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals |= {
        "stylesheet": _versioned("styrhjul.css"),
        "script": _versioned("vendor/htmx.min.js"),
        "LifecycleKey": LifecycleKey,
        "words": words,
        "overview_words": overview_words,
        "dial": partial(dial.dial, language=language),
        "goals": LANGUAGES[language].goals,
        "language": language,
        "languages": LANGUAGE_NAMES,
        "quoted_in": "" if language == SOURCE else Markup(' lang="{}"').format(SOURCE),
        "timeline": timeline.timeline,
    }
    env.tests["saved"] = is_record
    env.filters |= {
        **{each.__name__: partial(each, language=language) for each in (words.day, words.weekday, words.moment)},
        **{
            each.__name__: partial(each, language=language)
            for each in (retelling.said, retelling.both, retelling.named)
        },
        **{each.__name__: partial(each, language=language) for each in (retelling.rule, retelling.period)},
        "round_of": words.round_of,
        "rung_word": rung_word,
        "action_word": ACTION_WORDS.__getitem__,
        "recurrence": words.recurrence,
        "with_headings": words.with_headings,
        "source_line": words.source_line,
        **{name: getattr(LANGUAGES[language], name) for name in _GRAMMAR},
    }
    return env


def _versioned(name: str) -> str:
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"
