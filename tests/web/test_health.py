"""Three answers for whoever watches the machine."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from styrhjul.db.pulse_model import Pulse
from styrhjul.services.foundation.installation import Installation
from tests.answer_world import NOW, World
from tests.web.conftest import here

if TYPE_CHECKING:
    from starlette.testclient import TestClient


def test_live_and_ready(client: TestClient) -> None:
    assert client.get("/health/live").json() == {"ok": True}
    assert client.get("/health/ready").json() == {"ok": True, "database": True, "migrated": True}


def test_not_ready_before_the_tables_are_there(home: Installation) -> None:
    home.close()
    (home.settings.data_dir / "styrhjul.db").unlink()
    with here(home) as client:
        response = client.get("/health/ready")
    assert (response.status_code, response.json()["ok"]) == (503, False)


def test_work_without_a_database_is_an_answer_that_a_monitor_reads(home: Installation) -> None:
    home.close()
    (home.settings.data_dir / "styrhjul.db").unlink()
    with here(home) as client:
        response = client.get("/health/work")
    assert (response.status_code, response.json()) == (503, {"ok": False, "database": False})


def test_ready_when_a_newer_program_has_upgraded_the_tables(client: TestClient, home: Installation) -> None:
    """Else every page would be gone from the upgrade until the newer program has started."""
    with home.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '29991201_plant_trees'")
    assert client.get("/health/ready").status_code == 200


def test_work_gives_figures_for_alarms(client: TestClient, home: Installation, world: World) -> None:
    with home.database.system() as session:
        session.add(Pulse(name="sweep", at=NOW - timedelta(seconds=42), report="{}"))
    assert client.get("/health/work").json() == {
        "last_pulse_age_seconds": 42,
        "oldest_due_age_days": 0,
        "oldest_uncertain_age_seconds": None,
        "mails_queued": 0,
        "quarantined": 0,
    }


def test_nothing_yet_is_null_and_not_zero(client: TestClient) -> None:
    work = client.get("/health/work").json()
    assert (work["last_pulse_age_seconds"], work["oldest_due_age_days"]) == (None, None)


def test_health_is_answered_from_afar_and_names_nobody(home: Installation, world: World) -> None:
    with here(home, client=("192.0.2.7", 1), base_url="http://styrhjul.example.org") as client:
        assert client.get("/health/work").status_code == 200
        assert "nämnd" not in client.get("/health/work").text
