"""The Celery app. A message is only a wake-up: one lost or doubled changes nothing but how soon something is done."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from functools import cache
from pathlib import Path
from typing import Any

import structlog
from celery import Celery, signals
from sqlalchemy.exc import SQLAlchemyError

from config.logging import configure_logging
from config.settings import Settings, load_settings
from styrhjul.services.foundation.installation import DatabaseBehind, Installation
from tasks.patience import SHIPPED, check_patience
from tasks.schedule import beat_schedule
from tasks.self_pulse import SelfPulseStep

log = structlog.get_logger()


def configuration(settings: Settings) -> dict[str, Any]:
    """Return Celery's configuration; equal in web, beat and workers. Raises PatienceBroken."""
    check_patience(SHIPPED)
    return {
        "broker_url": settings.broker_url or "filesystem://",
        "broker_transport_options": _transport_options(settings),
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,  # the default gives up after 100
        "include": ["tasks.lifecycle", "tasks.mail", "tasks.order", "tasks.webhook"],
        "task_ignore_result": True,
        "result_backend": None,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_acks_late": True,
        "task_reject_on_worker_lost": False,  # a poisonous message would come back for ever; the next pulse replaces it
        "task_publish_retry": False,
        "task_soft_time_limit": SHIPPED.soft_limit,
        "task_time_limit": SHIPPED.hard_limit,
        "worker_pool": "prefork",
        "worker_prefetch_multiplier": 1,
        "worker_max_tasks_per_child": 500,
        "worker_cancel_long_running_tasks_on_connection_loss": False,  # would kill a send between taken and told
        "worker_hijack_root_logger": False,
        "enable_utc": True,
        "timezone": "UTC",
        "beat_schedule": beat_schedule(settings.pulse_seconds),
        "beat_max_loop_interval": min(10, settings.pulse_seconds),
        "beat_scheduler": "tasks.beat:Metronome",
        "beat_schedule_filename": str(settings.data_dir / "beat-schedule"),
        "result_expires": None,  # else beat would clean up results that do not exist
    }


def _transport_options(settings: Settings) -> dict[str, Any]:
    if not settings.broker_url:
        return _folders(settings)
    if not settings.broker_url.startswith(("redis", "rediss")):
        return {}
    return {
        "visibility_timeout": SHIPPED.visibility,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_timeout": 10,
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
        "health_check_interval": 10,
        "retry_on_timeout": False,
        "global_keyprefix": f"{settings.broker_prefix}:",
    }


def _folders(settings: Settings) -> dict[str, Any]:
    """Where no server runs, messages are files."""
    queue, control = (str(settings.data_dir / "broker" / name) for name in ("queue", "control"))
    return {"data_folder_in": queue, "data_folder_out": queue, "control_folder": control, "polling_interval": 0.5}


#: What a forked child must not close: the connections belong to its parent.
_inherited: list[Installation] = []


@cache
def installation() -> Installation:
    """Return this process's installation."""
    return Installation.open(load_settings())


#: The worker that forks the children: this module is read before any of them is born.
_WORKER = os.getpid()
_PR_SET_PDEATHSIG = 1


@signals.worker_process_init.connect
def die_with_the_worker(**_: object) -> None:
    """Let a forked child end when its worker is gone; one born as the worker died would wait for ever."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != _WORKER:
            os._exit(1)


@signals.worker_process_init.connect
def open_anew(**_: object) -> None:
    """Let a forked child open connections of its own."""
    if installation.cache_info().currsize:
        _inherited.append(installation())
        installation.cache_clear()


@signals.worker_process_shutdown.connect
def let_go(**_: object) -> None:
    """Let a child that has done its share pass on what is left of its traces."""
    if installation.cache_info().currsize:
        installation().close()


@signals.celeryd_init.connect
@signals.beat_init.connect
def make_folders(**_: object) -> None:
    """Make what the file broker writes to, when there is no other."""
    settings = load_settings()
    if not settings.broker_url:
        for folder in ("data_folder_in", "control_folder"):
            Path(_folders(settings)[folder]).mkdir(parents=True, exist_ok=True)


@signals.celeryd_init.connect
def refuse_behind(**_: object) -> None:
    """End before any work on tables that are older than the program; whoever supervises it starts it again."""
    here = Installation.open(load_settings())
    try:
        here.refuse_behind()
    except DatabaseBehind as behind:
        raise SystemExit(f"styrhjul: {behind}") from None
    except SQLAlchemyError:
        log.warning("database_does_not_answer", exc_info=True)  # it is waited for, see self_pulse


@signals.setup_logging.connect
def log_as_json(**_: object) -> None:
    """Write Celery's lines as our own."""
    configure_logging(load_settings().log_level)


app = Celery("styrhjul")
app.add_defaults(lambda: configuration(load_settings()))
app.steps["worker"].add(SelfPulseStep)
