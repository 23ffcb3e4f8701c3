"""What went wrong, as RFC 9457 has it: a type and a code for programs, a Swedish sentence for whoever reads the log."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from styrhjul.services.municipality.directory import NotHere
from styrhjul.web.api.fault_words import place_of, words_of
from styrhjul.web.program import NoKey, NotInScope
from styrhjul.web.rate import TooFast

MEDIA_TYPE = "application/problem+json"
#: Code, title, and what to do, by status.
_USUAL = {
    400: ("bad_request", "Anropet gick inte att förstå."),
    401: ("unauthorized", "Skicka en nyckel som gäller i huvudet Authorization: Bearer."),
    403: ("forbidden", "Nyckeln får inte göra det här. Be administratören om en nyckel med rätt behörighet."),
    404: ("not_found", "Det finns inget sådant i kommunen."),
    405: ("method_not_allowed", "Adressen tar inte den metoden."),
    409: ("conflict", "Något har ändrats sedan det lästes. Läs om det och försök igen."),
    413: ("too_large", "Anropet är för stort."),
    422: ("invalid", "Något i anropet är fel. Inget har ändrats."),
    429: ("too_many_requests", "Det går för fort. Vänta så länge som huvudet Retry-After säger."),
    500: ("internal_error", "Något gick fel hos oss. Inget har ändrats. Försök igen, med samma Idempotency-Key."),
}


class Fault(BaseModel):
    """One thing that is wrong, and where."""

    model_config = ConfigDict(frozen=True)

    field: Annotated[
        str,
        Field(description='Where: a name in the query, or an RFC 6901 pointer into the body, "" for the whole of it.'),
    ]
    message: Annotated[str, Field(description="What to do about it, in Swedish.")]


class Problem(BaseModel):
    """An error as RFC 9457 has it."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:styrhjul:problem:not_found",
                    "title": "not_found",
                    "status": 404,
                    "detail": "Det finns inget sådant i kommunen.",
                    "code": "not_found",
                    "request_id": "0f1e2d3c4b5a6978",
                    "errors": [],
                }
            ]
        },
    )

    type: Annotated[str, Field(description="Stable; begins with urn:styrhjul:problem:.")]
    title: Annotated[str, Field(description="The code, readable.")]
    status: int
    detail: Annotated[str, Field(description="What to do, in Swedish.")]
    code: Annotated[str, Field(description="Stable and short.")]
    request_id: Annotated[str, Field(description="To give to whoever can look.")]
    errors: Annotated[list[Fault], Field(description="Everything that is wrong, in order.")]


class Wrong(Exception):
    """A call that is refused, with the words for it; `code` and `detail` None = the usual ones of the status."""

    def __init__(
        self, status: int, code: str | None = None, detail: str | None = None, *, errors: Sequence[Fault] = ()
    ) -> None:
        usual = _USUAL[status]
        super().__init__(code or usual[0])
        self.status, self.code, self.detail = status, code or usual[0], detail or usual[1]
        self.errors = tuple(errors)


def problem(request: Request, wrong: Wrong) -> Response:
    """Return the answer that says what is wrong."""
    told = Problem(
        type=f"urn:styrhjul:problem:{wrong.code}",
        title=wrong.code.replace("_", " "),
        status=wrong.status,
        detail=wrong.detail,
        code=wrong.code,
        request_id=str(getattr(request.state, "request_id", "")),
        errors=list(wrong.errors),
    )
    headers = {"WWW-Authenticate": 'Bearer realm="styrhjul"'} if wrong.status == 401 else {}
    return Response(told.model_dump_json(), wrong.status, headers, MEDIA_TYPE)


def problem_of(request: Request, error: Exception) -> Response:
    """Return what is told of an error, whichever it is."""
    response = problem(request, _wrong(error))
    if isinstance(error, TooFast):
        response.headers["Retry-After"] = str(max(math.ceil(error.wait.total_seconds()), 1))
    if isinstance(error, HTTPException) and error.headers:
        response.headers.update(error.headers)
    return response


def _wrong(error: Exception) -> Wrong:
    if isinstance(error, Wrong):
        return error
    if isinstance(error, RequestValidationError):
        return _invalid(error)
    if isinstance(error, HTTPException):
        return Wrong(error.status_code if error.status_code in _USUAL else 400)
    return next((Wrong(*told) for kind, told in _TOLD.items() if isinstance(error, kind)), Wrong(500))


_TOLD: Mapping[type[Exception], tuple[int, str]] = {
    NoKey: (401, "unauthorized"),
    NotInScope: (403, "insufficient_scope"),
    NotHere: (404, "not_found"),
    TooFast: (429, "too_many_requests"),
}


def _invalid(error: RequestValidationError) -> Wrong:
    """An id that is none names nothing here; the rest is told field by field, never repeating what was sent."""
    places = [[str(part) for part in each["loc"]] for each in error.errors()]
    if any(place[0] == "path" for place in places):
        return Wrong(404)
    if ["header", "Idempotency-Key"] in places:
        return no_idempotency_key()
    faults = [Fault(field=place_of(each), message=words_of(each)) for each in error.errors()]
    return Wrong(422, errors=faults)


def no_idempotency_key() -> Wrong:
    """Return what is told of a change without a key, or with one that is none."""
    detail = "Skicka huvudet Idempotency-Key: 16 till 100 tecken som är nya för varje ändring, till exempel ett UUID."
    return Wrong(400, "idempotency_key_missing", detail)
