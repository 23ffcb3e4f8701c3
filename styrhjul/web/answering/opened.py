"""What the pages behind a link share: the installation, and the question behind the cookie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import Request

from styrhjul.services.answer import Gone, LinkGone, Question, question_for
from styrhjul.web.retelling import in_language

if TYPE_CHECKING:
    from styrhjul.services.installation import Installation


def home_of(request: Request) -> Installation:
    """Return the installation."""
    home: Installation = request.app.state.installation
    return home


def question_of(request: Request) -> Question:
    """Return the question behind the cookie, if it is the one the address names. Raises LinkGone."""
    home = home_of(request)
    question = question_for(home.database, request.state.token, home.clock.now())
    if question.link_id != request.path_params["link_id"]:
        raise LinkGone(Gone.UNKNOWN)
    return in_language(question, request.state.language)
