"""A task reads the clock, calls one service and records that it ran to its end."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from types import ModuleType
from typing import NamedTuple

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from kombu.exceptions import OperationalError
from sqlalchemy import select

from config.clock import wall_time
from styrhjul.db.pulse_model import Pulse, StepCount
from styrhjul.services.cases import sweep
from styrhjul.services.cases.sweep import SweepReport
from styrhjul.services.delivery.compose import ComposeReport
from styrhjul.services.delivery.deliver import DeliverReport
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.operations import around
from styrhjul.services.operations.clock_guard import ClockBehind
from styrhjul.services.operations.pulse_record import FAILURES, STEPS, record_pulse
from tasks import lifecycle, mail, order, webhook
from tasks.app import app
from tasks.schedule import PULSES
from tasks.step import run_step, wake
from workflows import LIFECYCLES

TASKS = (
    *(getattr(lifecycle, key) for key in LIFECYCLES),
    *(mail.compose, mail.send, mail.take_in, webhook.send, order.make),
)


def pulses(here: Installation) -> set[str]:
    with here.database.system(read_only=True) as session:
        return set(session.scalars(select(Pulse.name)))


def test_every_task_records_its_pulse_under_its_own_name(here: Installation) -> None:
    for task in TASKS:
        task()
    assert pulses(here) == set(PULSES)


def test_a_task_may_run_twice(here: Installation) -> None:
    mail.compose()
    mail.compose()
    assert pulses(here) == {"mail.compose"}


def test_a_clock_behind_the_last_pulse_is_not_believed(here: Installation) -> None:
    record_pulse(here.database, "mail.compose", wall_time() + timedelta(hours=1), ComposeReport())
    with pytest.raises(ClockBehind):
        lifecycle.revision()
    assert pulses(here) == {"mail.compose"}


def test_every_step_has_a_place_among_the_figures() -> None:
    assert set(STEPS) == {*PULSES, "sweep"}


def test_a_step_that_fails_is_counted_and_still_fails(here: Installation) -> None:
    def fail(*_: object) -> ComposeReport:
        raise ArithmeticError("ours")

    with pytest.raises(ArithmeticError):
        run_step("mail.compose", fail)
    with here.database.system(read_only=True) as session:
        assert session.get_one(StepCount, ("mail.compose", FAILURES)).total == 1
    assert pulses(here) == set()


def test_a_database_that_is_gone_hides_no_fault(here: Installation) -> None:
    """It cannot be told of a failure either: what is raised is what went wrong first."""

    def fail(*_: object) -> ComposeReport:
        with here.database.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE step_count")
        raise ArithmeticError("ours")

    with pytest.raises(ArithmeticError):
        run_step("mail.compose", fail)


class Baton(NamedTuple):
    """A step that leaves something to the next one: its task, what does its work, and what that may report."""

    task: Callable[[], None]
    module: ModuleType
    service: str
    nothing: SweepReport | ComposeReport
    something: SweepReport | ComposeReport
    next_step: str


BATONS = (
    Baton(lifecycle.goal_setting, lifecycle, "run_sweep", SweepReport(), SweepReport(woken=1), "mail.compose"),
    Baton(mail.compose, mail, "compose_mails", ComposeReport(), ComposeReport(composed=1), "mail.deliver"),
)


@pytest.mark.parametrize("baton", BATONS)
def test_a_sweep_and_a_writing_of_mails_are_told_when_their_time_is_over(
    here: Installation, monkeypatch: pytest.MonkeyPatch, baton: Baton
) -> None:
    told = list[bool]()
    began = time.monotonic()

    def ask(*_: object, is_over: Callable[[], bool], **__: object) -> SweepReport | ComposeReport:
        told.append(is_over())
        monkeypatch.setattr(time, "monotonic", lambda: began + 3600)
        told.append(is_over())
        monkeypatch.undo()
        return baton.nothing

    monkeypatch.setattr(baton.module, baton.service, ask)
    baton.task()
    assert told == [False, True]


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The steps that were asked for meanwhile."""
    names: list[str] = []
    monkeypatch.setattr(app, "send_task", lambda name, **_: names.append(name))
    return names


@pytest.mark.parametrize("baton", BATONS)
def test_a_step_that_leaves_something_to_the_next_one_wakes_it(
    here: Installation, monkeypatch: pytest.MonkeyPatch, woken: list[str], baton: Baton
) -> None:
    for report, expected in ((baton.nothing, []), (baton.something, [baton.next_step])):
        monkeypatch.setattr(baton.module, baton.service, lambda *_, report=report, **__: report)
        baton.task()
        assert woken == expected


class Cut(NamedTuple):
    """A step whose time was over: its task, what does its work, what that reports, and the step's name."""

    task: Callable[[], None]
    module: ModuleType
    service: str
    report: SweepReport | ComposeReport | DeliverReport
    name: str


CUTS = (
    Cut(lifecycle.revision, lifecycle, "run_sweep", SweepReport(cut_short=1), "lifecycle.revision"),
    Cut(mail.compose, mail, "compose_mails", ComposeReport(cut_short=1), "mail.compose"),
    Cut(mail.send, mail, "deliver", DeliverReport(cut_short=1), "mail.deliver"),
)


@pytest.mark.parametrize("cut", CUTS)
def test_a_step_whose_time_was_over_asks_for_itself_again(
    here: Installation, monkeypatch: pytest.MonkeyPatch, woken: list[str], cut: Cut
) -> None:
    monkeypatch.setattr(cut.module, cut.service, lambda *_, **__: cut.report)
    cut.task()
    assert woken == [cut.name]


def test_a_step_that_was_asked_for_and_has_not_begun_is_not_asked_for_again(
    here: Installation, woken: list[str]
) -> None:
    wake("mail.compose")
    wake("mail.compose")
    wake("mail.deliver")
    assert woken == ["mail.compose", "mail.deliver"]
    mail.compose()
    wake("mail.compose")
    assert woken == ["mail.compose", "mail.deliver", "mail.compose"]


def test_what_the_machine_remembers_is_never_newer_than_the_database(
    here: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a step that could not note its end would pass for a database that was put back."""
    mail.compose()
    remembered = here.memory.read()

    def fail(*_: object, **__: object) -> None:
        raise OSError("the database is gone")

    monkeypatch.setattr(around, "record_pulse", fail)
    with pytest.raises(OSError, match="gone"):
        mail.compose()
    assert here.memory.read() == remembered


def test_a_broker_that_is_gone_stops_no_step(here: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    def lose(*_: object, **__: object) -> None:
        raise OperationalError

    monkeypatch.setattr(app, "send_task", lose)
    monkeypatch.setattr(mail, "compose_mails", lambda *_, **__: ComposeReport(composed=1))
    mail.compose()
    assert pulses(here) == {"mail.compose"}


def test_a_step_that_runs_out_of_time_ends_and_blames_no_case(
    here: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = list[str]()

    def be_told_of_the_limit(_: object, municipality_id: str, *__: object) -> list[object]:
        looked_at.append(municipality_id)
        os.kill(os.getpid(), signal.SIGUSR1)
        return []

    monkeypatch.setattr(sweep, "municipalities_waking", lambda *_: ["first", "second"])
    monkeypatch.setattr(sweep, "_sweep_municipality", be_told_of_the_limit)
    before = signal.signal(signal.SIGUSR1, as_celery_does)
    try:
        with pytest.raises(SoftTimeLimitExceeded):
            lifecycle.goal_setting()
        assert signal.getsignal(signal.SIGUSR1) is as_celery_does
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert looked_at == ["first"]
    assert "lifecycle.goal_setting" not in pulses(here)


def as_celery_does(*_: object) -> None:
    raise SoftTimeLimitExceeded
