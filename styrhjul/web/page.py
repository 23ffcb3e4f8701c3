"""Rendering a page: one template environment, typed pages, strict about undefined names."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.mail import swedish
from styrhjul.services.mail_record import is_record
from styrhjul.services.words import ACTION_WORDS, rung_word
from styrhjul.web import dial, timeline, words

TEMPLATES = Path(__file__).parents[2] / "templates" / "web"
STATIC = Path(__file__).parent / "static"


def show(template: str, page: object, *, status: int = 200) -> HTMLResponse:
    """Render a page. Its template sees one name, `page`: a frozen value, never a row."""
    return HTMLResponse(environment().get_template(template).render(page=page), status_code=status)


@cache
def environment() -> Environment:
    """Return the environment; templates are compiled once per process."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals |= {
        "stylesheet": f"/static/styrhjul.css?v={_version()}",
        "LifecycleKey": LifecycleKey,
        "words": words,
        "dial": dial.dial,
        "timeline": timeline.timeline,
    }
    env.tests["saved"] = is_record
    env.filters |= {
        "day": words.day,
        "weekday": words.weekday,
        "moment": words.moment,
        "round_of": words.round_of,
        "rung_word": rung_word,
        "action_word": ACTION_WORDS.__getitem__,
        "recurrence": words.recurrence,
        "source_line": words.source_line,
        "inside": swedish.inside,
        "office": swedish.office,
        "number": swedish.number,
        "listed": swedish.listed,
        "start": swedish.start,
        "document": swedish.document,
        "unchanged": swedish.unchanged,
        "definite": swedish.definite,
    }
    return env


def _version() -> str:
    return hashlib.sha256((STATIC / "styrhjul.css").read_bytes()).hexdigest()[:12]
