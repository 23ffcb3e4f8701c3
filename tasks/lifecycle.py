"""One pulse per lifecycle: look whether a case is to open, to climb or to be left alone."""

from __future__ import annotations

from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.services.cases.sweep import run_sweep
from tasks.app import app
from tasks.patience import LONGEST_STEP, over_after
from tasks.step import run_step, wake
from workflows import LIFECYCLES


@app.task(name="lifecycle.goal_setting", acks_late=True, ignore_result=True)
def goal_setting() -> None:
    """Wake what goal setting owes today."""
    _sweep(LifecycleKey.GOAL_SETTING)


@app.task(name="lifecycle.action_planning", acks_late=True, ignore_result=True)
def action_planning() -> None:
    """Wake what action planning owes today."""
    _sweep(LifecycleKey.ACTION_PLANNING)


@app.task(name="lifecycle.follow_up", acks_late=True, ignore_result=True)
def follow_up() -> None:
    """Wake what follow-up owes today."""
    _sweep(LifecycleKey.FOLLOW_UP)


@app.task(name="lifecycle.project_follow_up", acks_late=True, ignore_result=True)
def project_follow_up() -> None:
    """Wake what the follow-up of projects owes today."""
    _sweep(LifecycleKey.PROJECT_FOLLOW_UP)


@app.task(name="lifecycle.annual_report", acks_late=True, ignore_result=True)
def annual_report() -> None:
    """Wake what the annual report owes today."""
    _sweep(LifecycleKey.ANNUAL_REPORT)


@app.task(name="lifecycle.revision", acks_late=True, ignore_result=True)
def revision() -> None:
    """Wake what revision owes today."""
    _sweep(LifecycleKey.REVISION)


@app.task(name="lifecycle.referral", acks_late=True, ignore_result=True)
def referral() -> None:
    """Wake what referrals owe today."""
    _sweep(LifecycleKey.REFERRAL)


@app.task(name="lifecycle.currency_review", acks_late=True, ignore_result=True)
def currency_review() -> None:
    """Wake what the yearly review owes today."""
    _sweep(LifecycleKey.CURRENCY_REVIEW)


@app.task(name="lifecycle.handover", acks_late=True, ignore_result=True)
def handover() -> None:
    """Wake what the handover owes today."""
    _sweep(LifecycleKey.HANDOVER)


def _sweep(key: LifecycleKey) -> None:
    name, is_over = f"lifecycle.{key}", over_after(LONGEST_STEP)
    report = run_step(
        name,
        lambda here, now: run_sweep(here.database, LIFECYCLES[key], now, tracing=here.tracing, is_over=is_over),
    )
    if report.woken:  # also without notices: mails wait until a municipality's sweeps are through
        wake("mail.compose")
    if report.cut_short:
        wake(name)
