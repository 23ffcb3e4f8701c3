"""The figures that alarms and plots stand on, in Prometheus' words, read when they are asked for.

None of them names a municipality, a person or an address: what is to be done begins with knowing that something is.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, datetime

import redis
import structlog
from kombu import Connection
from kombu.exceptions import KombuError
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from sqlalchemy.exc import SQLAlchemyError

from config.settings import Settings
from styrhjul.db.figures_query import TROUBLED_MAIL, Queue, WorkFigures, load_figures
from styrhjul.domain.moment import local_date
from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.mailing.signing import signing_municipalities
from styrhjul.services.operations.pulse import WHOLE
from styrhjul.services.operations.pulse_record import FAILURES, LOST, STEPS, TRACES

log = structlog.get_logger()

_PREFIX = "styrhjul_"
#: Where Celery puts what nobody has taken yet.
_QUEUE = "celery"
_PATIENCE_SECONDS = 2


class Figures:
    """A collector of prometheus-client's: whoever registers it and asks has the figures as they stand then."""

    def __init__(self, here: Installation) -> None:
        self._here = here

    def collect(self) -> Iterator[Metric]:
        """Yield every figure. A database or a broker that does not answer is one itself."""
        settings = self._here.settings
        yield _gauge("disk_free_bytes", "Free where the data folder lies.", shutil.disk_usage(settings.data_dir).free)
        yield from _of_broker(settings)
        try:
            found = list(self._of_database())
        except SQLAlchemyError as error:
            log.warning("database_does_not_answer", reason=type(error).__name__)
            found = []
        yield _gauge("database_up", "1 when the database answers and has the tables it should.", int(bool(found)))
        yield from found

    def _of_database(self) -> Iterator[Metric]:
        now = self._here.clock.now()
        with self._here.database.system(read_only=True) as session:
            work = load_figures(session, now)
        keys = signing_municipalities(self._here.database, self._here.mailroom.sealer)
        yield from _of_pulse(work, now)
        yield from _of_steps(work)
        yield from _of_due(work, local_date(now))
        yield from _of_mail(work, now)
        yield from _of_others(work, now)
        yield from _of_municipalities(work)
        yield from _of_journal(work, now)
        yield _of_backup(work, now)
        yield _gauge("signing_keys_broken", "Signing keys that cannot be opened.", sum(not key.opens for key in keys))
        yield _gauge("quarantined", "Subjects and notices set aside by a fault of ours.", work.quarantined)
        yield _gauge("database_bytes", "What the database takes up.", work.database_bytes)


def _of_broker(settings: Settings) -> Iterator[Metric]:
    """Only of a broker that is a server: where none is, messages are files."""
    is_up, waiting = Metric(_PREFIX + "broker_up", "1 when the broker answers.", "gauge"), None
    if settings.broker_url.startswith("redis"):
        waiting = _waiting_messages(settings)
        is_up.add_sample(is_up.name, {}, int(waiting is not None))
    yield is_up
    name, help_text = _PREFIX + "broker_messages_waiting", "Pulses that no worker has taken yet."
    yield GaugeMetricFamily(name, help_text, value=waiting)


def _waiting_messages(settings: Settings) -> int | None:
    """How many, or None for a broker that does not answer."""
    patience = {"socket_timeout": _PATIENCE_SECONDS, "socket_connect_timeout": _PATIENCE_SECONDS}
    try:
        with Connection(settings.broker_url, transport_options=patience) as connection:
            client = connection.default_channel.client  # type: ignore[attr-defined] # Redis only
            return int(client.llen(f"{settings.broker_prefix}:{_QUEUE}"))
    except (redis.RedisError, KombuError, OSError) as error:
        log.warning("broker_does_not_answer", reason=type(error).__name__)
        return None


def _of_pulse(work: WorkFigures, now: datetime) -> Iterator[Metric]:
    ours = [each for each in work.steps if each.step in STEPS or each.step == WHOLE]
    newest = max((each.last_at for each in ours), default=None)
    age = math.inf if newest is None else _age(newest, now)
    yield _gauge("pulse_age_seconds", "Since any step last ran to its end; infinite before the first time.", age)
    steps = GaugeMetricFamily(_PREFIX + "step_age_seconds", "Since a step last ran to its end.", labels=["step"])
    for each in ours:
        steps.add_metric([each.step], _age(each.last_at, now))
    yield steps


def _of_steps(work: WorkFigures) -> Iterator[Metric]:
    """Every count there can be is named from the beginning: a first failure would be no increase otherwise."""
    by_step = {each.step: each for each in work.steps}
    runs = CounterMetricFamily(_PREFIX + "step_runs", "How often a step ran to its end.", labels=["step"])
    seconds = CounterMetricFamily(_PREFIX + "step_seconds", "How long its runs took in all.", labels=["step"])
    for step in (*STEPS, WHOLE):
        known = by_step.get(step)
        runs.add_metric([step], known.runs if known else 0)
        seconds.add_metric([step], known.seconds if known else 0)
    failures = CounterMetricFamily(_PREFIX + "step_failures", "How often a step came to no good end.", labels=["step"])
    done = CounterMetricFamily(_PREFIX + "step_done", "What a step has done, as it reports.", labels=["step", "what"])
    for step, report in STEPS.items():
        failures.add_metric([step], work.counts.get((step, FAILURES), 0))
        for field in fields(report):
            done.add_metric([step, field.name], work.counts.get((step, field.name), 0))
    yield from (runs, seconds, failures, done)
    lost = work.counts.get((TRACES, LOST), 0)
    yield CounterMetricFamily(_PREFIX + "spans_lost", "Spans of traces that no collector took.", value=lost)


def _of_due(work: WorkFigures, today: date) -> Iterator[Metric]:
    subjects = GaugeMetricFamily(_PREFIX + "due_subjects", "Waiting for a sweep.", labels=["lifecycle"])
    oldest = GaugeMetricFamily(_PREFIX + "due_oldest_days", "Since the oldest was due.", labels=["lifecycle"])
    for key in LifecycleKey:
        found = work.due.get(key)
        subjects.add_metric([key], found.subjects if found else 0)
        oldest.add_metric([key], (today - found.oldest_on).days if found else 0)
    yield from (subjects, oldest)


def _of_mail(work: WorkFigures, now: datetime) -> Iterator[Metric]:
    mail = work.open_mail
    waiting, ready = Queue(mail.waiting, mail.oldest_composed_at), Queue(mail.ready, mail.oldest_ready_at)
    uncertain = Queue(mail.uncertain, mail.oldest_uncertain_at)
    yield from _queue(
        "mails_waiting", "Mails that no server has taken; the age is since they were written.", waiting, now
    )
    yield from _queue("mails_ready", "Mails that may leave now; the age is since they might have.", ready, now)
    yield from _queue("mails_uncertain", "Mails that a server may have taken without our knowing.", uncertain, now)
    troubled = GaugeMetricFamily(_PREFIX + "mails_troubled", "Mails that did not simply arrive.", labels=["status"])
    for status in TROUBLED_MAIL:
        troubled.add_metric([status], work.troubled_mail.get(status, 0))
    yield troubled
    yield _gauge("held", "1 while nothing leaves by itself, since a database was put back.", int(work.is_held))
    yield _gauge("way_out_failing", "1 while the mail server refuses us altogether.", int(work.way_out_failing))
    yield _gauge("senders_failing", "Senders that the mail server refuses.", work.senders_failing)


def _of_others(work: WorkFigures, now: datetime) -> Iterator[Metric]:
    yield from _queue("orders_waiting", "Files that people have ordered and wait for.", work.orders, now)
    yield _gauge("orders_failed", "Orders that gave no file, and stand on their pages.", work.orders_failed)
    yield from _queue("webhook_messages_waiting", "What other systems have not been told.", work.messages, now)
    webhooks = GaugeMetricFamily(_PREFIX + "webhooks_ailing", "Endpoints of other systems.", labels=["state"])
    webhooks.add_metric(["paused"], work.webhooks_paused)
    webhooks.add_metric(["failing"], work.webhooks_failing)
    yield webhooks


def _of_municipalities(work: WorkFigures) -> Iterator[Metric]:
    municipalities = GaugeMetricFamily(_PREFIX + "municipalities", "By whether their mail is let go.", labels=["state"])
    municipalities.add_metric(["released"], work.released)
    municipalities.add_metric(["unreleased"], work.municipalities - work.released)
    municipalities.add_metric(["on_trial"], work.on_trial)
    yield municipalities


def _of_journal(work: WorkFigures, now: datetime) -> Iterator[Metric]:
    age = math.inf if work.journal_checked_at is None else _age(work.journal_checked_at, now)
    yield _gauge("journal_check_age_seconds", "Since the journal was looked through; infinite if never.", age)
    yield _gauge("journal_broken", "Places where a chain did not hold when it last was.", work.journal_broken)


def _of_backup(work: WorkFigures, now: datetime) -> Metric:
    age = math.inf if work.backed_up_at is None else _age(work.backed_up_at, now)
    return _gauge("backup_age_seconds", "Since the database was last backed up; infinite if never.", age)


def _queue(name: str, help_text: str, queue: Queue, now: datetime) -> Iterator[Metric]:
    """Say how many wait, and how old the oldest is; 0 when none does."""
    yield _gauge(name, help_text, queue.waiting)
    yield _gauge(f"{name}_oldest_seconds", f"Age of the oldest. {help_text}", _age(queue.oldest_at or now, now))


def _gauge(name: str, help_text: str, value: float) -> Metric:
    return GaugeMetricFamily(_PREFIX + name, help_text, value=value)


def _age(then: datetime, now: datetime) -> float:
    return max((now - then).total_seconds(), 0.0)
