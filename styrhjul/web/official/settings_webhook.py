"""Other systems that are told what happens: register, try, let go on, remove. A secret is shown once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from styrhjul.db.overview_query import MunicipalityLine
from styrhjul.domain.field_fault import FieldError
from styrhjul.domain.webhook import HookEvent
from styrhjul.domain.written import tidy
from styrhjul.services.api.webhook import (
    WAITS_IN_DEMO,
    MessageLine,
    NewWebhook,
    NoSuchWebhook,
    WebhookLine,
    WebhookRefused,
    add_webhook,
    messages_of,
    queue_test,
    remove_webhook,
    resume_webhook,
    webhooks_of,
)
from styrhjul.services.municipality.directory import NotHere, municipality_by
from styrhjul.web.actor import actor_of
from styrhjul.web.home import home_of
from styrhjul.web.official.frame import framed, shown
from styrhjul.web.official.settings_review import FormPage, fields_of, saved
from styrhjul.web.official.settings_words import HOOK_EVENTS, HOOK_STATUS
from styrhjul.web.permission import posted

router = APIRouter()

_ALL = "/{municipality}/settings/webhooks"
_ONE = "/{municipality}/settings/webhooks/{webhook_id}"
_FIELDS = ("url", "events")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookPage(FormPage):
    """The endpoints, what they were last told, and the form for one more.

    `new` is the one just registered, `waits` why nothing but tests leaves.
    """

    hooks: tuple[WebhookLine, ...]
    messages: tuple[MessageLine, ...]
    new: NewWebhook | None
    waits: str | None
    events: Mapping[HookEvent, tuple[str, str]] = field(default_factory=lambda: HOOK_EVENTS)
    statuses: Mapping[str, str] = field(default_factory=lambda: HOOK_STATUS)

    def event(self, event: HookEvent) -> str:
        """What an event is called."""
        return self.events[event][0] if event in self.events else "Prov"

    def url_of(self, message: MessageLine) -> str:
        """Where a message goes."""
        return next(hook.url for hook in self.hooks if hook.webhook_id == message.webhook_id)


@router.get(_ALL)
def webhooks(request: Request, municipality: str) -> Response:
    """Show who is told what, and how it goes."""
    line = municipality_by(home_of(request).database, municipality)
    return _page(request, line, {"url": [""], "events": [event.value for event in HOOK_EVENTS]})


@router.post(_ALL)
def add(request: Request, municipality: str, fields: Annotated[FormData, Depends(posted)]) -> Response:
    """Register an endpoint, and show its secret once."""
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    typed = fields_of(fields, _FIELDS)
    try:
        new = add_webhook(
            *(home.database, home.outlet, line.municipality_id),
            url=tidy(str(fields.get("url", ""))),
            events=[event for event in HOOK_EVENTS if event.value in typed["events"]],
            by=actor_of(request).name,
            now=home.clock.now(),
        )
    except WebhookRefused as refused:
        return _page(request, line, typed, error=FieldError(refused.field, str(refused)))
    return _page(request, line, {"url": [""], "events": typed["events"]}, new=new)


@router.post(f"{_ONE}/test")
def send_test(request: Request, municipality: str, webhook_id: str) -> Response:
    """Queue a test; the next pulse sends it."""

    def queue(line: MunicipalityLine, by: str, now: datetime) -> None:
        del by
        queue_test(home_of(request).database, line.municipality_id, webhook_id, now)

    return _done(
        request, municipality, queue, "Ett provmeddelande skickas inom en minut. Ladda om sidan för att se svaret."
    )


@router.post(f"{_ONE}/resume")
def resume(request: Request, municipality: str, webhook_id: str) -> Response:
    """Let a paused endpoint go on."""

    def let_go_on(line: MunicipalityLine, by: str, now: datetime) -> None:
        resume_webhook(home_of(request).database, line.municipality_id, webhook_id, by=by, now=now)

    return _done(request, municipality, let_go_on, "Mottagaren får meddelanden igen, också de som har väntat.")


@router.post(f"{_ONE}/remove")
def remove(request: Request, municipality: str, webhook_id: str) -> Response:
    """Tell an endpoint nothing more."""

    def drop(line: MunicipalityLine, by: str, now: datetime) -> None:
        remove_webhook(home_of(request).database, line.municipality_id, webhook_id, by=by, now=now)

    return _done(request, municipality, drop, "Mottagaren är borttagen. Det som väntade på den skickas inte.")


def _done(
    request: Request, municipality: str, what: Callable[[MunicipalityLine, str, datetime], None], sentence: str
) -> Response:
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    try:
        what(line, actor_of(request).name, home.clock.now())
    except NoSuchWebhook:
        raise NotHere from None
    return saved(request, f"/{line.slug}/settings/webhooks", sentence)


def _page(
    request: Request,
    line: MunicipalityLine,
    typed: dict[str, list[str]],
    *,
    error: FieldError | None = None,
    new: NewWebhook | None = None,
) -> Response:
    home = home_of(request)
    database = home.database
    page = WebhookPage(
        frame=framed(request, line, "settings"),
        typed=typed,
        errors=(error,) if error else (),
        hooks=tuple(webhooks_of(database, line.municipality_id)),
        messages=tuple(messages_of(database, line.municipality_id)),
        new=new,
        waits=None if home.clock.is_wall else WAITS_IN_DEMO,
    )
    return shown(request, "settings_webhooks.html", page, status=422 if error else 200)
