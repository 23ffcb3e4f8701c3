"""When beat is silent the worker pulses itself; when nothing comes to an end any more it gives up."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from config.clock import wall_time
from config.settings import load_settings
from styrhjul.db.order_model import OrderKind, OrderStatus
from styrhjul.db.pulse_model import Pulse
from styrhjul.services.delivery.compose import ComposeReport
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.foundation.order import Wish, order_of, place_order
from styrhjul.services.operations.pulse_record import record_pulse
from tasks.self_pulse import SelfPulse
from tests.town import build_town


class Timer:
    """A monotonic clock turned by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def timer() -> Timer:
    return Timer()


def has_pulsed_itself(here: Installation) -> bool:
    with here.database.system(read_only=True) as session:
        return "self" in set(session.scalars(select(Pulse.name)))


@pytest.mark.parametrize(("age", "expected"), [(60, False), (95, True)])
def test_it_pulses_only_when_nobody_has_for_ninety_seconds(here: Installation, age: int, expected: bool) -> None:
    record_pulse(here.database, "mail.compose", wall_time() - timedelta(seconds=age), ComposeReport())
    SelfPulse(here).look()
    assert has_pulsed_itself(here) is expected


def test_it_pulses_when_nobody_ever_has(here: Installation) -> None:
    SelfPulse(here).look()
    assert has_pulsed_itself(here)


def test_what_is_ordered_is_made_while_redis_is_gone(here: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STYRHJUL_BROKER_URL", "redis://127.0.0.1:1/0")
    without = Installation.open(load_settings())
    municipality_id = build_town(without.database).municipality_id
    wish = Wish(kind=OrderKind.EXPORT, title="Allt", wanted={})
    order_id = place_order(without.database, municipality_id, wish, by="samordnaren", now=wall_time())
    SelfPulse(without).look()
    assert order_of(without.database, municipality_id, order_id).status is OrderStatus.DONE
    without.close()


def test_a_database_that_is_gone_is_survived_until_the_worker_gives_up(tmp_path: Path, timer: Timer) -> None:
    gone = Installation.open(load_settings(database_url=f"sqlite:///{tmp_path}"))  # a folder is no database
    pulse = SelfPulse(gone, timer)
    for _ in range(2):
        timer.seconds += 90
        pulse.look()
    assert not pulse.has_failed()
    timer.seconds += 1
    assert pulse.has_failed()


def test_one_good_look_is_enough_to_go_on(here: Installation, timer: Timer) -> None:
    pulse = SelfPulse(here, timer)
    timer.seconds += 170
    pulse.look()
    timer.seconds += 170
    assert not pulse.has_failed()


def test_a_look_that_waits_for_a_mail_server_gets_its_time(here: Installation, timer: Timer) -> None:
    """Giving up between taken and told would send a mail twice."""
    pulse = SelfPulse(here, timer)
    pulse._working_since = 0.0
    timer.seconds = 700
    assert not pulse.has_failed()
    timer.seconds = 781
    assert pulse.has_failed()
