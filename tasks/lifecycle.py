"""One pulse per lifecycle: look whether a case is to open, to climb or to be left alone."""

from __future__ import annotations

from styrhjul.services.sweep import run_sweep
from tasks.app import app
from tasks.step import run_step
from workflows import LIFECYCLES


@app.task(name="lifecycle.goal_setting", acks_late=True, ignore_result=True)
def goal_setting() -> None:
    """Wake what goal setting owes today."""
    _sweep("goal_setting")


@app.task(name="lifecycle.follow_up", acks_late=True, ignore_result=True)
def follow_up() -> None:
    """Wake what follow-up owes today."""
    _sweep("follow_up")


@app.task(name="lifecycle.revision", acks_late=True, ignore_result=True)
def revision() -> None:
    """Wake what revision owes today."""
    _sweep("revision")


def _sweep(key: str) -> None:
    run_step(f"lifecycle.{key}", lambda here, now: run_sweep(here.database, LIFECYCLES[key], now))
