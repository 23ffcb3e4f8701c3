"""What the pages behind a link share: the question behind the cookie."""

from __future__ import annotations

from fastapi import Request

from styrhjul.services.answering.answer import Gone, LinkGone, Question, question_for
from styrhjul.web.home import home_of
from styrhjul.web.retelling import in_language


def question_of(request: Request) -> Question:
    """Return the question behind the cookie, if it is the one the address names. Raises LinkGone."""
    home = home_of(request)
    question = question_for(home.database, request.state.token, home.clock.now())
    if question.link_id != request.path_params["link_id"]:
        raise LinkGone(Gone.UNKNOWN)
    return in_language(question, request.state.language)
