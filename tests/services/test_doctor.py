"""The doctor looks, says what to do, changes nothing and never falls over."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from config.clock import wall_time
from config.settings import load_settings
from styrhjul.db.course_model import LadderOverride
from styrhjul.db.mail_model import Mail
from styrhjul.db.outbox_query import WAY_OUT, close_channel
from styrhjul.domain.rung import Audience
from styrhjul.mail.signature import Algorithm
from styrhjul.services.delivery.compose import ComposeReport
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.mailing.signing import activate_key, make_key
from styrhjul.services.operations.backup import note_backup
from styrhjul.services.operations.doctor import Check, examine
from styrhjul.services.operations.hold import begin_hold
from styrhjul.services.operations.pulse_record import record_pulse
from tests.smtp_sink import SmtpSink
from tests.town import build_town

KEY = "k" * 40


def findings(installation: Installation) -> dict[str, Check]:
    return findings_at(installation, wall_time())


def findings_at(installation: Installation, now: datetime) -> dict[str, Check]:
    try:
        return {check.check: check for check in examine(installation, now)}
    finally:
        installation.close()


def at(tmp_path: Path, **given: str) -> Installation:
    return Installation.open(load_settings(data_dir=tmp_path, **given))


def test_a_running_installation_is_in_order(tmp_path: Path) -> None:
    installation = at(tmp_path)
    installation.migrate()
    record_pulse(installation.database, "mail.compose", wall_time(), ComposeReport())
    assert [check for check in findings(installation).values() if not check.ok] == []


def test_a_database_without_tables_is_told_how_to_get_them(tmp_path: Path) -> None:
    found = findings(at(tmp_path))
    assert not found["migrations"].ok
    assert "styrhjul migrate" in found["migrations"].detail


def test_what_reads_tables_waits_for_them_and_only_one_line_says_what_to_do(tmp_path: Path) -> None:
    found = findings(at(tmp_path))
    assert found["migrations"].detail == "databasen har inga tabeller än. Kör: styrhjul migrate"
    waits = [check.check for check in found.values() if check.detail == "väntar på databasen"]
    assert waits == [
        "clock",
        "signing",
        "pulse",
        "backup",
        "hold",
        "aside",
        "ladders",
        "reach",
        "mail",
        "inbound",
        "wording",
        "trials",
        "webhooks",
    ]
    assert not any("no such table" in check.detail for check in found.values())


def test_a_database_that_does_not_answer_says_so_once(tmp_path: Path) -> None:
    found = findings(at(tmp_path, database_url="postgresql://u@127.0.0.1:1/d", secret_key=KEY))
    assert not found["database"].ok
    assert found["pulse"].detail == found["trials"].detail == "väntar på databasen"
    broken = [check.check for check in found.values() if not check.ok and not check.waits]
    assert broken == ["database"]


def test_pages_that_open_without_signing_in_are_warned_of(tmp_path: Path) -> None:
    assert "öppna utan inloggning" in findings(at(tmp_path))["sign_in"].detail
    elsewhere = at(tmp_path, base_url="https://styrhjul.example.org", secret_key=KEY)
    assert findings(elsewhere)["sign_in"].detail == "alla loggar in"


def test_silence_is_noticed(tmp_path: Path) -> None:
    installation = at(tmp_path)
    installation.migrate()
    record_pulse(installation.database, "mail.compose", wall_time() - timedelta(hours=1), ComposeReport())
    assert not findings(installation)["pulse"].ok


@pytest.mark.parametrize(("hours", "ok", "said"), [(49, True, "den senaste togs"), (51, False, "styrhjul backup FIL")])
def test_a_backup_that_is_two_nights_old_is_not_in_order(tmp_path: Path, hours: int, *, ok: bool, said: str) -> None:
    installation = at(tmp_path)
    installation.migrate()
    assert findings(installation)["backup"].detail.startswith("varning: ingen säkerhetskopia")
    note_backup(installation.database, 1, wall_time() - timedelta(hours=hours))
    found = findings(installation)["backup"]
    assert (found.ok, said in found.detail) == (ok, True)


def test_servers_that_do_not_answer_are_named(tmp_path: Path) -> None:
    found = findings(at(tmp_path, broker_url="redis://127.0.0.1:1/0", smtp_url="smtp://127.0.0.1:1", secret_key=KEY))
    assert not found["broker"].ok
    assert not found["smtp"].ok


def test_a_mail_server_that_answers_is_in_order(tmp_path: Path, smtp_sink: SmtpSink) -> None:
    found = findings(at(tmp_path, smtp_url=smtp_sink.url, secret_key=KEY))
    assert found["smtp"].ok
    assert smtp_sink.messages == []


def test_a_real_redis_is_asked_whether_it_throws_anything_away(tmp_path: Path, redis_url: str) -> None:
    found = findings(at(tmp_path, broker_url=redis_url))
    assert found["broker"].ok
    assert "kastar inget bort" in found["broker"].detail


def test_a_key_that_others_can_read_is_not_in_order(tmp_path: Path) -> None:
    installation = at(tmp_path)
    installation.settings.effective_secret_key()
    (tmp_path / "secret-key").chmod(0o644)
    assert not findings(installation)["keys"].ok


def test_whoever_signs_is_named_and_a_key_that_does_not_open_is_not_in_order(tmp_path: Path) -> None:
    installation = at(tmp_path, base_url="https://styrhjul.example.org", secret_key=KEY)
    installation.migrate()
    town = build_town(installation.database)
    sealer, now = installation.mailroom.sealer, wall_time()
    make_key(installation.database, sealer, town.municipality_id, ("v27", Algorithm.RSA), now)
    assert findings(installation)["signing"].detail == "ingen kommun signerar sina mejl"
    activate_key(installation.database, sealer, town.municipality_id, "v27", now)
    assert findings(installation)["signing"].detail == "lillby (v27, lillby.example.org)"
    other = findings(at(tmp_path, base_url="https://styrhjul.example.org", secret_key=KEY[::-1] + "2"))["signing"]
    assert not other.ok
    assert "lillby" in other.detail


def test_a_misspelt_setting_is_warned_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STYRHJUL_DATABSE_URL", "postgresql://h/d")
    assert "STYRHJUL_DATABSE_URL" in findings(at(tmp_path))["settings"].detail


def test_no_password_is_shown(tmp_path: Path) -> None:
    found = findings(at(tmp_path, database_url="postgresql://u:hunter2@127.0.0.1:1/d"))
    assert not found["database"].ok
    assert all("hunter2" not in check.detail for check in found.values())


def test_ladders_that_an_upgrade_has_made_unfit_are_named(tmp_path: Path) -> None:
    installation = at(tmp_path)
    installation.migrate()
    town = build_town(installation.database)
    with town.database.municipality(town.municipality_id) as session:
        session.add(LadderOverride(lifecycle="goal_setting", rung="head", audience=Audience.CHAIR))
    found = findings(installation)["ladders"]
    assert not found.ok
    assert "lillby, goal_setting.head.to: Steget går upp." in found.detail


def test_mail_that_no_server_has_taken_for_a_day_is_not_in_order_whoever_it_is_for(tmp_path: Path) -> None:
    """Where the coordinator's own mail does not leave either, this page is what tells."""
    installation = at(tmp_path)
    installation.migrate()
    town = build_town(installation.database)
    town.sweep(date(2026, 10, 15))
    town.sweep(date(2027, 1, 7))
    town.compose(date(2027, 1, 7))
    with installation.database.system() as session:
        session.execute(update(Mail).values(composed_at=wall_time() - timedelta(hours=24)))
    found = findings(installation)["mail"]
    assert not found.ok
    assert "Lillby kommun (4)" in found.detail


@pytest.mark.parametrize(("way", "ok", "warns"), [(WAY_OUT, False, False), ("sender:lillby.example.org", True, True)])
def test_a_way_out_that_is_closed_is_told_while_mail_waits_for_it(
    tmp_path: Path, way: str, *, ok: bool, warns: bool
) -> None:
    """Also between two tries; and no longer when nothing waits and nobody tries."""
    installation = at(tmp_path)
    installation.migrate()
    town = build_town(installation.database)
    town.sweep(date(2027, 1, 7))
    with installation.database.system() as session:
        close_channel(session, way, "550 Nej", wall_time() - timedelta(hours=1))
    assert findings(installation)["mail"].ok
    assert not findings(installation)["mail"].warns
    town.compose(date(2027, 1, 7))
    with installation.database.system() as session:
        session.execute(update(Mail).values(composed_at=wall_time() - timedelta(hours=1)))
    found = findings(installation)["mail"]
    assert (found.ok, found.warns) == (ok, warns)
    assert way in found.detail


def test_what_people_read_is_swedish_time_to_the_minute(tmp_path: Path) -> None:
    installation = at(tmp_path)
    installation.migrate()
    note_backup(installation.database, 1, datetime(2027, 1, 7, 8, 0, 59, tzinfo=UTC))
    assert (
        "är från 2027-01-07 09.00." in findings_at(installation, datetime(2027, 1, 12, 8, tzinfo=UTC))["backup"].detail
    )


def test_a_reason_without_a_full_stop_gets_one(tmp_path: Path) -> None:
    installation = at(tmp_path)
    installation.migrate()
    begin_hold(installation.database, reason="övning", by="driften", now=wall_time())
    assert "övning. Stäm av med" in findings(installation)["hold"].detail
