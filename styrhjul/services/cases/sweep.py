"""The sweep: wake what is due, ask the planner, write what it decides. It costs what is due, not what exists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from styrhjul.db.case_model import SubjectKind
from styrhjul.db.facts_query import load_case_facts
from styrhjul.db.municipality_query import municipality_row
from styrhjul.db.organisation_query import Organisation, load_organisation
from styrhjul.db.plan_write import Entered
from styrhjul.db.policy_facts_query import load_policy_facts
from styrhjul.db.quarantine_write import quarantine
from styrhjul.db.session import Database
from styrhjul.db.wake import Waking, municipalities_waking, waking
from styrhjul.domain.action import Action
from styrhjul.domain.alike import Decisions
from styrhjul.domain.facts import CaseFacts, Facts, PolicyFacts
from styrhjul.domain.lifecycle import Lifecycle
from styrhjul.domain.moment import local_date
from styrhjul.domain.planner import apply, plan, wake_on
from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.services.cases.plan_writing import Broken, Planned, write_all
from styrhjul.services.foundation.crashpoint import crashpoint
from styrhjul.services.foundation.tracing import UNTRACED, Span, Tracing, traced_at
from styrhjul.services.municipality.procedure import lifecycle_of

log = structlog.get_logger()

BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepReport:
    """What one sweep did, in counts.

    `stuck` counts municipalities where nothing could be done at all; they are logged, and looked at at the next pulse.
    `cut_short` is 1 where its time was over before it had looked at everything.
    """

    woken: int = 0
    opened: int = 0
    notices: int = 0
    quarantined: int = 0
    stuck: int = 0
    cut_short: int = 0

    def __add__(self, other: SweepReport) -> SweepReport:
        """Add two reports, count by count."""
        return SweepReport(
            woken=self.woken + other.woken,
            opened=self.opened + other.opened,
            notices=self.notices + other.notices,
            quarantined=self.quarantined + other.quarantined,
            stuck=self.stuck + other.stuck,
            cut_short=self.cut_short + other.cut_short,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sweep:
    """One lifecycle's sweep of every municipality."""

    database: Database
    lifecycle: Lifecycle
    now: datetime
    dry_run: bool
    tracing: Tracing
    is_over: Callable[[], bool]


def run_sweep(  # noqa: PLR0913 - what is swept and when, and how a worker wants it
    database: Database,
    lifecycle: Lifecycle,
    now: datetime,
    *,
    dry_run: bool = False,
    tracing: Tracing = UNTRACED,
    is_over: Callable[[], bool] = lambda: False,
) -> SweepReport:
    """Wake everything one lifecycle owes up to today in Stockholm, all municipalities. Safe to repeat, and to overlap.

    1. find the municipalities where anything wakes, those where the least does first;
    2. batch by batch: lock the waking subjects, load their facts, plan each in memory;
    3. write cases, ledger, journal and the next waking in one transaction per batch.

    A subject that cannot be planned or written about is quarantined and stops nobody; nor does what goes wrong with one
    municipality.
    It ends after the batch in which `is_over` comes true, and says so: what is left still wakes. A municipality that is
    stuck does not count: the next one has its turn.
    A dry run counts and writes nothing; a case that it would open is counted, the notices of that case are not.
    """
    with database.system(read_only=True) as session:
        municipalities = municipalities_waking(session, lifecycle.key, local_date(now))
    sweep = _Sweep(database=database, lifecycle=lifecycle, now=now, dry_run=dry_run, tracing=tracing, is_over=is_over)
    total = SweepReport()
    for municipality_id in municipalities:
        try:
            with tracing.span("sweep", lifecycle=lifecycle.key) as span:
                for report in _sweep_municipality(sweep, municipality_id, span):
                    total += report
        except Exception:
            log.exception("municipality_stuck", lifecycle=lifecycle.key, municipality=municipality_id)
            total += SweepReport(stuck=1)
            continue  # it may come first at every sweep
        if is_over():
            return total + SweepReport(cut_short=1)
    return total


def _sweep_municipality(sweep: _Sweep, municipality_id: str, span: Span | None) -> Iterator[SweepReport]:
    while True:
        report = _sweep_batch(sweep, municipality_id, span)
        yield report
        # A batch that was not full was the last, unless it opened cases: those wake today.
        if sweep.dry_run or (report.woken < BATCH and report.opened == 0) or sweep.is_over():
            return


def _sweep_batch(sweep: _Sweep, municipality_id: str, span: Span | None) -> SweepReport:
    database, lifecycle, now, tracing = sweep.database, sweep.lifecycle, sweep.now, sweep.tracing
    # Closing a revision may end its document, which is a change of the register.
    opened = database.register if lifecycle.key == LifecycleKey.REVISION else database.municipality
    began_ns, slug, report, entered = tracing.now_ns(), "", SweepReport(), list[Entered]()
    with opened(municipality_id) as session:
        subjects = waking(session, lifecycle.key, local_date(now), BATCH)
        if subjects:
            report, entered = _sweep_subjects(session, lifecycle, subjects, now)
        if sweep.dry_run:
            session.rollback()
            return report
        if span:
            slug = municipality_row(session).slug
        crashpoint("before_sweep_commit")
    crashpoint("after_sweep_commit")
    if span:
        span.say(municipality=slug)
        for notice_id, rung in entered:
            place = traced_at(notice_id)
            tracing.note("notice", place, began_ns=began_ns, municipality=slug, lifecycle=lifecycle.key, rung=rung)
    return report


def _sweep_subjects(
    session: Session, lifecycle: Lifecycle, subjects: Sequence[Waking], now: datetime
) -> tuple[SweepReport, list[Entered]]:
    planned, broken = _plan_all(session, lifecycle, subjects, local_date(now))
    crashpoint("before_sweep_write")
    opened, entered = write_all(session, lifecycle.key, planned, broken, now)
    for subject_id, error_text in broken:
        quarantine(session, lifecycle.key, subject_id, error_text, now)
    report = SweepReport(woken=len(subjects), opened=opened, notices=len(entered), quarantined=len(broken))
    return report, entered


def _plan_all(
    session: Session, lifecycle: Lifecycle, subjects: Sequence[Waking], today: date
) -> tuple[list[Planned], list[Broken]]:
    organisation = load_organisation(session)
    planned: list[Planned] = []
    broken: list[Broken] = []
    facts, decisions = _load_in_bulk(session, organisation, lifecycle, subjects, today), Decisions(today)
    for waking_ in subjects:
        subject_id = waking_.subject_id
        try:
            known = facts or _load(session, organisation, lifecycle, [waking_], today)
            subject = known[subject_id]
            own = lifecycle_of(organisation, lifecycle.key, subject.policy_id)
            actions, wake = _decide(own, subject, today, decisions)
        except SQLAlchemyError:
            raise
        except Exception as error:
            log.exception("quarantined", lifecycle=lifecycle.key, subject=subject_id)
            broken.append(Broken(subject_id, f"{type(error).__name__}: {error}"))
        else:
            planned.append(Planned(waking_, actions, wake))
    return planned, broken


def _load_in_bulk(
    session: Session,
    organisation: Organisation,
    lifecycle: Lifecycle,
    subjects: Sequence[Waking],
    today: date,
) -> dict[str, Facts]:
    """Return the facts of all subjects; empty when one of them cannot be read, to be looked for one by one."""
    try:
        return _load(session, organisation, lifecycle, subjects, today)
    except SQLAlchemyError:  # the database's trouble, not a subject's
        raise
    except Exception:
        log.exception("facts_one_by_one", lifecycle=lifecycle.key)
        return {}


def _load(
    session: Session,
    organisation: Organisation,
    lifecycle: Lifecycle,
    subjects: Sequence[Waking],
    today: date,
) -> dict[str, Facts]:
    cases = [subject_id for kind, subject_id, _ in subjects if kind is SubjectKind.CASE]
    policies = [subject_id for kind, subject_id, _ in subjects if kind is SubjectKind.POLICY]
    facts: dict[str, Facts] = {fact.case_id: fact for fact in load_case_facts(session, organisation, cases)}
    facts |= load_policy_facts(session, organisation, lifecycle, policies, today)
    return facts


def _decide(
    lifecycle: Lifecycle, facts: PolicyFacts | CaseFacts, today: date, decisions: Decisions
) -> tuple[list[Action], date | None]:
    if isinstance(facts, CaseFacts):
        return decisions.about(lifecycle, facts)
    actions = plan(lifecycle, facts, today)
    return actions, wake_on(lifecycle, apply(facts, actions, today), today)
