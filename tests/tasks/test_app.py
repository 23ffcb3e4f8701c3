"""Celery's configuration is the one that was tried against killed workers, flushed brokers and stopped clocks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import tasks.app
from config.settings import load_settings
from tasks.app import app, configuration
from tasks.patience import SHIPPED, Patience, PatienceBroken, check_patience

SHIPPED_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 10,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 10,
    "retry_on_timeout": False,
    "global_keyprefix": "styrhjul:",
}
SHIPPED_SETTINGS = {
    "task_ignore_result": True,
    "result_backend": None,
    "task_serializer": "json",
    "accept_content": ["json"],
    "task_acks_late": True,
    "task_reject_on_worker_lost": False,
    "worker_prefetch_multiplier": 1,
    "worker_max_tasks_per_child": 500,
    "worker_pool": "prefork",
    "task_soft_time_limit": 720,
    "task_time_limit": 780,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "worker_cancel_long_running_tasks_on_connection_loss": False,
    "task_publish_retry": False,
    "enable_utc": True,
    "timezone": "UTC",
    "beat_max_loop_interval": 10,
}


def test_the_settings_are_those_that_were_tried(tmp_path: Path) -> None:
    configured = configuration(load_settings(data_dir=tmp_path, broker_url="redis://127.0.0.1/0"))
    assert configured["broker_transport_options"] == SHIPPED_OPTIONS
    assert {name: configured[name] for name in SHIPPED_SETTINGS} == SHIPPED_SETTINGS


def test_celery_takes_every_one_of_them(tmp_path: Path) -> None:
    """A misspelt name would be kept and never read."""
    assert set(configuration(load_settings(data_dir=tmp_path))) <= set(app.conf.keys())


def test_two_installations_may_share_a_redis(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path, broker_url="redis://127.0.0.1/0", broker_prefix="other")
    assert configuration(settings)["broker_transport_options"]["global_keyprefix"] == "other:"


def test_without_a_broker_messages_are_files_in_the_data_folder(tmp_path: Path) -> None:
    configured = configuration(load_settings(data_dir=tmp_path))
    assert configured["broker_url"] == "filesystem://"
    assert configured["broker_transport_options"]["data_folder_in"] == str(tmp_path / "broker/queue")
    assert list(tmp_path.iterdir()) == []


def test_every_task_is_acknowledged_late_and_leaves_no_result() -> None:
    app.loader.import_default_modules()
    ours = [task for name, task in app.tasks.items() if not name.startswith("celery.")]
    assert all(task.acks_late and task.ignore_result for task in ours)


def test_the_shipped_waits_outlast_each_other() -> None:
    check_patience(SHIPPED)
    assert Patience(smtp_reply=600, soft_limit=720, hard_limit=780, lease=900, visibility=3600) == SHIPPED


@pytest.mark.parametrize(
    "broken",
    [
        Patience(smtp_reply=720, soft_limit=720, hard_limit=780, lease=900, visibility=3600),
        Patience(smtp_reply=600, soft_limit=790, hard_limit=780, lease=900, visibility=3600),
        Patience(smtp_reply=600, soft_limit=720, hard_limit=780, lease=300, visibility=3600),
        Patience(smtp_reply=600, soft_limit=720, hard_limit=780, lease=900, visibility=60),
    ],
)
def test_a_wait_that_ends_too_early_is_refused_at_start(broken: Patience) -> None:
    with pytest.raises(PatienceBroken, match="must hold, in seconds: SMTP reply"):
        check_patience(broken)


def test_nothing_starts_with_waits_that_do_not_fit_into_one_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks.app, "SHIPPED", replace(SHIPPED, lease=SHIPPED.hard_limit))
    with pytest.raises(PatienceBroken):
        configuration(load_settings(data_dir=tmp_path))
