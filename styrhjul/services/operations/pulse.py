"""A whole pulse: everything that is due, all at once, where no beat sends for the steps one by one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from styrhjul.db.webhook_query import waiting_tests
from styrhjul.services.api.webhook_deliver import WebhookReport, deliver_webhooks
from styrhjul.services.cases.sweep import SweepReport, run_sweep
from styrhjul.services.delivery.compose import ComposeReport, compose_mails
from styrhjul.services.delivery.deliver import DeliverReport, deliver
from styrhjul.services.delivery.mailbox_reading import InboundReport, read_mailbox
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.operations.order_making import OrderReport, make_orders
from workflows import LIFECYCLES

#: How long mails are sent where everything is done in one place, and nothing comes again at once.
LONGEST_ALONE = timedelta(minutes=1)
#: A whole pulse of a worker's own, as it is recorded.
WHOLE = "self"


@dataclass(frozen=True, slots=True, kw_only=True)
class PulseReport:
    """What one whole pulse did."""

    sweep: SweepReport
    compose: ComposeReport
    deliver: DeliverReport
    inbound: InboundReport = field(default_factory=InboundReport)
    webhooks: WebhookReport = field(default_factory=WebhookReport)
    orders: OrderReport = field(default_factory=OrderReport)


def pulse_all(installation: Installation, now: datetime) -> PulseReport:
    """Do everything that is due: sweep each lifecycle, compose, deliver, take in, tell, make what is ordered.

    Safe to repeat, and to overlap.

    `now` holds for what is decided; delivery reads the installation's clock for each mail. Nothing is recorded.
    """
    database, mailroom = installation.database, installation.mailroom
    tracing, swept = installation.tracing, SweepReport()
    with tracing.span("pulse", is_kept=False, step=WHOLE):
        for lifecycle in LIFECYCLES.values():
            swept += run_sweep(database, lifecycle, now, tracing=tracing)
        composed = compose_mails(database, mailroom, now)
        delivered = deliver(database, mailroom, installation.clock.now, longest=LONGEST_ALONE)
    taken = read_mailbox(database, mailroom, installation.mailbox, installation.clock.now)
    told = tell_others(installation)
    made = make_orders(installation)
    return PulseReport(sweep=swept, compose=composed, deliver=delivered, inbound=taken, webhooks=told, orders=made)


def tell_others(installation: Installation) -> WebhookReport:
    """Send what other systems wait to be told; on a clock that is played nothing but the tests somebody asked for.

    A played year would reach a real system as if it had happened, within minutes and with days between its tries.
    """
    database, outlet, now = installation.database, installation.outlet, installation.clock.now
    if installation.clock.is_wall:
        return deliver_webhooks(database, outlet, now)
    with database.system(read_only=True) as session:
        tests = waiting_tests(session)
    return deliver_webhooks(database, outlet, now, only=tests) if tests else WebhookReport()
