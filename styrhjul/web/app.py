"""The web application: routes in the order they are matched, one permission for all, own pages for every error."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

from styrhjul.mail.catalogue import message
from styrhjul.services.answering.answer import LinkGone
from styrhjul.services.foundation.limit import TooOften
from styrhjul.services.municipality.directory import NotHere
from styrhjul.services.records.record import NotARecord
from styrhjul.services.reports.word_content import TemplateRefused
from styrhjul.services.sign_in.operator import OpeningGone
from styrhjul.services.sign_in.provider import Providers
from styrhjul.web import calendar, health, promises, public
from styrhjul.web.answering import answer, attachment, delegate, draft
from styrhjul.web.api import document
from styrhjul.web.api.problem import Wrong, problem_of
from styrhjul.web.error import ErrorPage, error_page, language_of, too_much_page, wait_page
from styrhjul.web.official import (
    case,
    case_act,
    cases,
    decisions,
    demo,
    handover,
    inbox,
    ledger,
    mail_page,
    meetings,
    orders,
    overview,
    people,
    people_import,
    policy,
    policy_batch,
    policy_confirm,
    policy_duty,
    policy_import,
    policy_release,
    popolo,
    preview,
    record,
    report,
    results,
    revision_paper,
    settings,
    settings_api,
    settings_calendar,
    settings_free_days,
    settings_ladder,
    settings_practice,
    settings_promises,
    settings_retention,
    settings_template,
    settings_trial,
    settings_webhook,
    settings_wording,
    users,
)
from styrhjul.web.page import STATIC, show
from styrhjul.web.permission import ForeignForm, NotOpened, NotYourRole, OfficialsOnly, most_bytes, permitted
from styrhjul.web.program import NoKey, NotInScope, is_api
from styrhjul.web.rate import StopGuessing, Tally, TooFast
from styrhjul.web.security import Guard, MaskTokens, headers_for
from styrhjul.web.session import Signer
from styrhjul.web.sign_in import code, oidc, operator, outside

if TYPE_CHECKING:
    from styrhjul.services.foundation.installation import Installation

log = structlog.get_logger()
Page = Callable[[Request, Exception], Response | Awaitable[Response]]
#: In the order they are matched: the municipalities' own addresses come last.
ROOMS = (
    *(health, answer, attachment, delegate, draft, calendar, promises, public, code, oidc, operator, inbox, demo),
    *(document, *document.ROOMS),
    *(settings_practice, settings_ladder, settings_wording, settings_trial, settings_retention),
    *(settings_calendar, settings_free_days, settings_promises, settings_template, settings_api, settings_webhook),
    *(settings, users, record, preview, ledger, mail_page),
    *(people, people_import, popolo, meetings, handover),
    *(policy, policy_batch, policy_confirm, policy_duty, policy_import, policy_release),
    *(case, case_act, cases, decisions, report, results, revision_paper, orders),
    overview,
)


#: FastAPI would tell whoever the environment names (OTEL_…) each path that is asked for: a link's token is in it.
_UNTOLD = TelemetryConfig(tracing=False, metrics=False, logs=False, auto_configure=False)


def create_app(installation: Installation) -> FastAPI:
    """Return the application of one installation. Connects to nothing; the database must be migrated already."""
    app = FastAPI(
        title="Styrhjul",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(permitted)],
        telemetry=_UNTOLD,
    )
    app.state.installation = installation
    app.state.tally = Tally()
    app.state.signer = Signer(installation.settings)
    app.state.providers = Providers(installation.sign_in_reach)
    app.add_api_route("/favicon.ico", _icon, methods=["GET"])
    for room in ROOMS:
        app.include_router(room.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(StopGuessing)
    is_https = urlsplit(installation.settings.base_url).scheme == "https"
    app.add_middleware(Guard, is_https=is_https, most_bytes=most_bytes, refused=_refused)
    _answer_errors(app)
    for logger in ("uvicorn.access", "uvicorn.error"):
        logging.getLogger(logger).addFilter(MaskTokens())
    return app


def _answer_errors(app: FastAPI) -> None:
    """People get a page, programs a problem."""
    for programs in (Wrong, NoKey, NotInScope):
        app.add_exception_handler(programs, _problem)
    pages: dict[type[Exception], Page] = {
        LinkGone: answer.gone_page,
        NotHere: _not_here,
        NotARecord: record.not_a_record,
        NotOpened: _not_opened,
        OfficialsOnly: outside.officials_only,
        TooOften: outside.too_often,
        TooFast: _too_fast,
        OpeningGone: outside.opening_gone,
        NotYourRole: _not_your_role,
        ForeignForm: _foreign_form,
        TemplateRefused: _template_refused,
        RequestValidationError: _not_here,
        HTTPException: _http_error,
    }
    for kind, page in pages.items():
        app.add_exception_handler(kind, _for_whom_it_is(page))
    app.add_exception_handler(Exception, _own_fault)


def _for_whom_it_is(page: Page) -> Page:
    async def told(request: Request, error: Exception) -> Response:
        if is_api(request):
            return problem_of(request, error)
        found = page(request, error)
        return found if isinstance(found, Response) else await found

    return told


def _refused(request: Request, status: int) -> Response:
    """What is refused before any route is looked for."""
    return problem_of(request, HTTPException(status)) if is_api(request) else error_page(status)


async def _problem(request: Request, error: Exception) -> Response:
    return problem_of(request, error)


async def _icon() -> Response:
    return FileResponse(STATIC / "icon.svg", media_type="image/svg+xml")


async def _not_here(request: Request, error: Exception) -> Response:
    del error
    return error_page(404, language=language_of(request))


async def _not_opened(request: Request, error: Exception) -> Response:
    del error
    page = ErrorPage(
        heading=message("Öppna länken i mejlet igen"),
        text=message("Sidan visas bara för den som har öppnat länken i sitt mejl. Den hålls öppen i åtta timmar."),
    )
    return show("error.html", page, status=403, language=language_of(request))


async def _not_your_role(request: Request, error: Exception) -> Response:
    del request, error
    page = ErrorPage(
        heading="Det här får du inte göra",
        text="Din roll räcker inte till för den sidan. Inget har ändrats. "
        "Den som administrerar Styrhjul hos er kan ge dig en annan roll.",
    )
    return show("error.html", page, status=403)


async def _too_fast(request: Request, error: Exception) -> Response:
    page = ErrorPage(
        heading=message("Det går för fort"),
        text=message("Inget har ändrats. Vänta en minut, gå tillbaka och försök igen."),
    )
    wait = error.wait if isinstance(error, TooFast) else timedelta(minutes=1)
    return wait_page(page, wait, language_of(request))


async def _foreign_form(request: Request, error: Exception) -> Response:
    del error
    page = ErrorPage(
        heading=message("Formuläret har blivit för gammalt"),
        text=message("Inget har ändrats. Gå tillbaka, ladda om sidan och försök igen."),
    )
    return show("error.html", page, status=403, language=language_of(request))


async def _template_refused(request: Request, error: Exception) -> Response:
    del request
    page = ErrorPage(
        heading="Filen kunde inte skrivas i kommunens Word-mall",
        text=f"{error} Mallen står under Inställningar, Word-mall. Utan den skrivs filen i Styrhjuls utseende.",
    )
    return show("error.html", page, status=409)


async def _http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    told = too_much_page(status, request.url.path)
    return told or error_page(status, language=language_of(request))


async def _own_fault(request: Request, error: Exception) -> Response:
    request_id = getattr(request.state, "request_id", "")
    log.error(
        "unexpected",
        request=request_id,
        path=request.scope["route"].path if "route" in request.scope else "",
        exc_info=error,
    )
    is_page = not is_api(request)
    response = error_page(500, request_id, language_of(request)) if is_page else problem_of(request, error)
    response.headers.update(headers_for(request.url.path))  # this page is made outside the layer that sets them
    response.headers["X-Request-ID"] = request_id
    return response
