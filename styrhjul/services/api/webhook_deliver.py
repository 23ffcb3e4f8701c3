"""Telling other systems: lease a batch, hand over what each endpoint waits for, write how it went.

Endpoints are served side by side and each for itself: one that is dead costs itself five seconds, and then rests. The
only moment in which a crash can double a message lies between its answer and our mark; the double has the same id.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

import structlog

from styrhjul.db.hold_query import held_since
from styrhjul.db.journal import Line, write_down
from styrhjul.db.session import Database
from styrhjul.db.webhook_model import Webhook
from styrhjul.db.webhook_query import (
    ClaimedMessage,
    Endpoint,
    claim_messages,
    endpoints_of,
    note_delivered,
    note_failed,
    release_messages,
    tidy_messages,
)
from styrhjul.domain.journal import PLANNER, EntryKind
from styrhjul.domain.webhook import PAUSED_AFTER
from styrhjul.mail.seal import SealBroken
from styrhjul.services.api.webhook import host_of, secret_purpose
from styrhjul.services.api.webhook_post import PostOutcome, body_of, headers_of, post
from styrhjul.services.foundation.crashpoint import crashpoint
from styrhjul.services.foundation.outlet import Outlet

log = structlog.get_logger()

BATCH = 200
#: Endpoints served at once.
SIDE_BY_SIDE = 8
#: No new message is begun after this; what is left is released for the next pulse.
LONGEST_RUN = timedelta(seconds=10)
#: A name server may be slow beyond anything we can bound: nobody waits for it longer than this.
_GIVES_UP_WAITING_SECONDS = 20.0


@dataclass(slots=True, kw_only=True)
class WebhookReport:
    """What became of the messages of one run, in counts. `paused` counts endpoints."""

    delivered: int = 0
    deferred: int = 0
    given_up: int = 0
    paused: int = 0


def deliver_webhooks(
    database: Database, outlet: Outlet, clock: Callable[[], datetime], *, only: Sequence[str] | None = None
) -> WebhookReport:
    """Send what other systems wait to be told. Safe to repeat, to overlap, and to kill at any point.

    1. give up what has waited too long; lease a batch, a turn for each endpoint that does not rest;
    2. endpoint by endpoint, several at once: hand over one message after another, and mark each;
    3. after the first that fails release the rest unblamed, and let the endpoint rest; pause one that has taken nothing
       for days.

    `only` names the messages that are meant: they go even while their endpoint rests or the installation is held, and
    nothing else does.
    """
    run = _Run(database, outlet, clock)
    run.claim(only)
    run.serve()
    return run.report


class _Run:
    """One call: what it works with, and what it has counted so far."""

    def __init__(self, database: Database, outlet: Outlet, clock: Callable[[], datetime]) -> None:
        self.database, self.outlet, self.clock = database, outlet, clock
        self.report = WebhookReport()
        self._work: list[tuple[Endpoint, list[ClaimedMessage]]] = []
        self._lock = Lock()
        self._ends_at = time.monotonic() + LONGEST_RUN.total_seconds()

    def claim(self, only: Sequence[str] | None) -> None:
        now = self.clock()
        with self.database.system() as session:
            if only is None and held_since(session):
                return
            self.report.given_up = tidy_messages(session, now)
            claimed = claim_messages(session, now, BATCH, only)
            self._work = endpoints_of(session, claimed)
            crashpoint("before_webhook_claim_commit")
        crashpoint("after_webhook_claim_commit")

    def serve(self) -> None:
        if not self._work:
            return
        crew = ThreadPoolExecutor(max_workers=min(SIDE_BY_SIDE, len(self._work)), thread_name_prefix="webhook")
        served = {crew.submit(self._serve_one, *each): each for each in self._work}
        ended = wait(served, timeout=_GIVES_UP_WAITING_SECONDS)
        crew.shutdown(wait=False, cancel_futures=True)
        for each in ended.done:
            if (failure := each.exception()) is not None:
                log.error("webhook_not_served", webhook=served[each][0].webhook_id, exc_info=failure)

    def _serve_one(self, endpoint: Endpoint, messages: Sequence[ClaimedMessage]) -> None:
        """Hand over an endpoint's messages, the oldest first, until one fails or the time is over."""
        left = list(messages)
        try:
            secret = self._secret(endpoint)
            while left and time.monotonic() < self._ends_at:
                message = left.pop(0)
                outcome = self._hand_over(endpoint, secret, message)
                if not outcome.is_delivered:
                    break
        finally:
            self._release(left)

    def _secret(self, endpoint: Endpoint) -> str | None:
        """The endpoint's secret; None when the key it was sealed with is not ours: that is a failure of each try."""
        purpose = secret_purpose(endpoint.municipality_id, endpoint.webhook_id)
        try:
            return self.outlet.sealer.open(endpoint.sealed_secret, purpose).decode()
        except SealBroken:
            return None

    def _hand_over(self, endpoint: Endpoint, secret: str | None, message: ClaimedMessage) -> PostOutcome:
        crashpoint("before_webhook_post")
        if secret is None:
            outcome = PostOutcome(is_delivered=False, words="Hemligheten går inte att öppna.")
        else:
            body = body_of(message, self.outlet.base_url)
            headers = headers_of(message, body, secret, self.outlet.present())
            outcome = post(self.outlet.reach, endpoint.url, body, headers)
        crashpoint("after_webhook_post")
        self._mark(endpoint, message, outcome)
        return outcome

    def _mark(self, endpoint: Endpoint, message: ClaimedMessage, outcome: PostOutcome) -> None:
        now, is_given_up, is_paused = self.clock(), False, False
        with self.database.municipality(endpoint.municipality_id) as session:
            if outcome.is_delivered:
                note_delivered(session, message, outcome.words, now)
            else:
                is_given_up, hook = note_failed(session, message, outcome.words, now)
                if hook is not None and _must_pause(hook, outcome, now):
                    is_paused, hook.paused_at = True, now
                    data = {"webhook": hook.id, "host": host_of(hook.url)}
                    write_down(session, [Line(kind=EntryKind.WEBHOOK_PAUSED, by=PLANNER, data=data)], now)
        if is_paused:
            log.warning("webhook_paused", webhook=endpoint.webhook_id)
        self._count(outcome, is_given_up=is_given_up, is_paused=is_paused)

    def _count(self, outcome: PostOutcome, *, is_given_up: bool, is_paused: bool) -> None:
        with self._lock:
            self.report.delivered += outcome.is_delivered
            self.report.given_up += is_given_up
            self.report.deferred += not (outcome.is_delivered or is_given_up)
            self.report.paused += is_paused

    def _release(self, messages: Iterable[ClaimedMessage]) -> None:
        untried = list(messages)
        if not untried:
            return
        with self.database.system() as session:
            release_messages(session, untried)
        with self._lock:
            self.report.deferred += len(untried)


def _must_pause(hook: Webhook, outcome: PostOutcome, now: datetime) -> bool:
    if hook.paused_at is not None or hook.failing_since_at is None:
        return False
    return outcome.is_gone or now - hook.failing_since_at >= PAUSED_AFTER
