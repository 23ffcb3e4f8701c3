"""The figures that alarms stand on: true after each thing that happens, cheap, and about nobody."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from kombu import Connection
from sqlalchemy import event, update

from config.clock import StoppedClock
from config.settings import load_settings
from styrhjul.db.case_model import Wake
from styrhjul.db.health_query import load_work_health
from styrhjul.db.mail_model import Mail, MailStatus
from styrhjul.db.outbox_query import WAY_OUT, close_channel
from styrhjul.db.session import Database
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.municipality.directory import NewMunicipality, add_municipality
from styrhjul.services.operations.backup import note_backup
from styrhjul.services.operations.figures import Figures
from styrhjul.services.operations.hold import begin_hold
from styrhjul.services.operations.pulse import pulse_all
from styrhjul.services.operations.pulse_record import record_failure, record_pulse
from styrhjul.services.records.journal import JournalReport, note_check, verify_journals
from tests.town import Town, build_town, nine

OPENING = date(2027, 1, 7)  # a Thursday
NOW = nine(OPENING)
HOUR = timedelta(hours=1)
FAILED: dict[str, object] = {"status": MailStatus.FAILED}
BOUNCED: dict[str, object] = {"status": MailStatus.BOUNCED}


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database)


@pytest.fixture
def here(database: Database, tmp_path: Path) -> Iterator[Installation]:
    installation = at(database, tmp_path)
    yield installation
    installation.close()


def at(database: Database, folder: Path, now: datetime = NOW, **given: str) -> Installation:
    url = database.url.render_as_string(hide_password=False)
    return Installation.open(load_settings(data_dir=folder, database_url=url, **given), StoppedClock(now))


def read(here: Installation) -> dict[str, float]:
    """Every figure by its name, with the values of its labels after it."""
    samples = [sample for family in Figures(here).collect() for sample in family.samples]
    return {" ".join((sample.name, *sample.labels.values())): sample.value for sample in samples}


def uncertain_since(here: Installation) -> datetime | None:
    """What the health page says, which is to be the same."""
    with here.database.system(read_only=True) as session:
        return load_work_health(session, NOW).oldest_uncertain_at


def pulse(here: Installation, now: datetime = NOW) -> None:
    record_pulse(here.database, "self", now, pulse_all(here, now), seconds=1.5)


def change_mails(town: Town, *changes: dict[str, object]) -> None:
    """Give the first mails these values, one each."""
    with town.database.municipality(town.municipality_id) as session:
        for mail, values in zip(town.mails(), changes, strict=False):
            session.execute(update(Mail).where(Mail.id == mail.id).values(**values))


def test_a_real_pulse_moves_what_it_did(town: Town, here: Installation) -> None:
    before = read(here)
    pulse(here)
    after = read(here)
    assert before["styrhjul_pulse_age_seconds"] == math.inf
    assert before["styrhjul_due_subjects goal_setting"] == 1
    assert before["styrhjul_due_oldest_days goal_setting"] == 84, "since 15 October"
    assert {before[f"styrhjul_step_done_total {each}"] for each in ("mail.deliver sent", "sweep woken")} == {0}
    assert after["styrhjul_pulse_age_seconds"] == after["styrhjul_due_subjects goal_setting"] == 0
    assert after["styrhjul_step_done_total mail.compose composed"] == len(town.mails()) == 4
    assert after["styrhjul_step_done_total mail.deliver sent"] == 4
    assert after["styrhjul_step_done_total sweep woken"] > 0
    assert (after["styrhjul_step_runs_total self"], after["styrhjul_step_seconds_total self"]) == (1, 1.5)


def test_what_steps_have_done_is_added_up(town: Town, here: Installation) -> None:
    pulse(here)
    once = read(here)
    pulse(here)
    record_failure(here.database, "mail.deliver")
    record_failure(here.database, "mail.deliver")
    twice = read(here)
    assert twice["styrhjul_step_done_total mail.deliver sent"] == once["styrhjul_step_done_total mail.deliver sent"]
    assert (twice["styrhjul_step_runs_total self"], twice["styrhjul_step_seconds_total self"]) == (2, 3)
    assert once["styrhjul_step_failures_total mail.deliver"] == 0
    assert twice["styrhjul_step_failures_total mail.deliver"] == 2


def test_a_pulse_grows_older_by_the_step(town: Town, here: Installation, tmp_path: Path) -> None:
    pulse(here, NOW - HOUR)
    found = read(here)
    assert found["styrhjul_pulse_age_seconds"] == found["styrhjul_step_age_seconds self"] == 3600


def test_mail_that_waits_is_told_from_mail_that_may_leave(town: Town, here: Installation) -> None:
    town.sweep(OPENING)
    town.compose(OPENING)
    held = {"status": MailStatus.SENDING, "lease_until": NOW + HOUR, "data_started_at": NOW}
    change_mails(town, held, {"next_attempt_at": NOW + HOUR}, {"next_attempt_at": NOW - HOUR})
    found = read(here)
    assert (found["styrhjul_mails_waiting"], found["styrhjul_mails_ready"]) == (4, 2)
    assert found["styrhjul_mails_ready_oldest_seconds"] == 3600
    assert found["styrhjul_mails_uncertain"] == 0, "whoever sends it will say how it went"
    assert uncertain_since(here) is None


def test_uncertain_mail_has_its_age(town: Town, here: Installation) -> None:
    town.sweep(OPENING)
    town.compose(OPENING)
    dead = {"status": MailStatus.SENDING, "lease_until": NOW - HOUR, "data_started_at": NOW - 2 * HOUR}
    change_mails(town, dead, {"data_started_at": NOW - HOUR})
    found = read(here)
    assert (found["styrhjul_mails_uncertain"], found["styrhjul_mails_uncertain_oldest_seconds"]) == (2, 7200)
    assert uncertain_since(here) == NOW - 2 * HOUR


def test_troubled_mail_is_counted_by_its_kind(town: Town, here: Installation) -> None:
    town.sweep(OPENING)
    town.compose(OPENING)
    change_mails(town, FAILED, BOUNCED, BOUNCED, {"status": MailStatus.ACCEPTED})
    found = read(here)
    kinds = ("failed", "bounced", "not_resent", "quarantined")
    assert [found[f"styrhjul_mails_troubled {kind}"] for kind in kinds] == [1, 2, 0, 0]
    assert found["styrhjul_mails_waiting"] == 0


def test_a_server_that_refuses_us_is_told_from_one_that_refuses_a_sender(here: Installation) -> None:
    with here.database.system() as session:
        close_channel(session, WAY_OUT, "connection refused", NOW)
        close_channel(session, "sender:lillby.example.org", "550 5.7.1", NOW)
    found = read(here)
    assert (found["styrhjul_way_out_failing"], found["styrhjul_senders_failing"]) == (1, 1)


def test_an_installation_that_is_held_says_so(here: Installation) -> None:
    before = read(here)["styrhjul_held"]
    begin_hold(here.database, reason="put back", by="drift", now=NOW)
    assert (before, read(here)["styrhjul_held"]) == (0, 1)


def test_municipalities_are_counted_and_never_named(town: Town, here: Installation, now: datetime) -> None:
    new = NewMunicipality(
        slug="vinterby",
        name="Vinterby kommun",
        starts_on=OPENING,
        sender_address="styrhjul@vinterby.example.org",
        reply_to="registrator@vinterby.example.org",
    )
    other = add_municipality(here.database, new, now)
    pulse(here)
    told = repr([family.samples for family in Figures(here).collect()]).casefold()
    assert read(here)["styrhjul_municipalities released"] == read(here)["styrhjul_municipalities unreleased"] == 1
    assert [each for each in ("lillby", "vinterby", "@", other, town.municipality_id) if each in told] == []


def test_the_journal_says_when_it_was_looked_through_and_what_was_found(town: Town, here: Installation) -> None:
    never = read(here)
    report = verify_journals(here.database)
    note_check(here.database, report, NOW - HOUR)
    once = read(here)
    note_check(here.database, JournalReport(entries=0, broken=()), NOW)
    again = read(here)
    age, broken = "styrhjul_journal_check_age_seconds", "styrhjul_journal_broken"
    assert (never[age], never[broken]) == (math.inf, 0)
    assert (once[age], once[broken]) == (3600, len(report.broken)) == (3600, 1), "a town made by hand has no chain"
    assert (again[age], again[broken]) == (0, 0)


def test_the_newest_backup_has_its_age(here: Installation) -> None:
    ages = [read(here)["styrhjul_backup_age_seconds"]]
    for made_at in (NOW - HOUR, NOW - 2 * HOUR):
        note_backup(here.database, 1, made_at)
        ages.append(read(here)["styrhjul_backup_age_seconds"])
    assert ages == [math.inf, 3600, 3600]


def test_a_look_asks_as_little_however_much_there_is(town: Town, here: Installation) -> None:
    asked: list[str] = []
    event.listen(here.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    read(here)
    few, asked[:] = len(asked), []
    build_town(here.database, "storby", committees=tuple(f"nämnd{number}" for number in range(12)))
    town.live(OPENING)
    pulse(here)
    asked.clear()
    read(here)
    assert len(asked) == few <= 20


def test_what_is_due_is_found_by_its_index(town: Town, here: Installation) -> None:
    """Of five million wakes only those that are due are read."""
    if not here.database.is_sqlite:
        return
    asked: list[tuple[str, object]] = []
    event.listen(here.database.engine, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))
    read(here)
    [(statement, values)] = [each for each in asked if Wake.__tablename__ in each[0]]
    with here.database.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()  # type: ignore[arg-type]
    assert "ix_wake_lifecycle_wake_on (lifecycle=? AND wake_on<?)" in str(plan)


def test_a_database_that_does_not_answer_is_a_figure_too(tmp_path: Path) -> None:
    here = Installation.open(load_settings(data_dir=tmp_path), StoppedClock(NOW))
    found = read(here)
    assert found["styrhjul_database_up"] == 0
    assert found["styrhjul_disk_free_bytes"] > 0
    assert not [name for name in found if name.startswith("styrhjul_mails")]


def test_a_broker_says_how_many_pulses_nobody_has_taken(
    sqlite_database_url: str, tmp_path: Path, redis_url: str
) -> None:
    here = Installation.open(load_settings(data_dir=tmp_path, broker_url=redis_url), StoppedClock(NOW))
    with Connection(redis_url, transport_options={"global_keyprefix": "styrhjul:"}) as connection:
        connection.SimpleQueue("celery").put({"a": "pulse"})
    found = read(here)
    assert (found["styrhjul_broker_up"], found["styrhjul_broker_messages_waiting"]) == (1, 1)


def test_a_broker_that_is_gone_is_seen_and_stops_no_other_figure(sqlite_database_url: str, tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path, broker_url="redis://127.0.0.1:9/0", database_url=sqlite_database_url)
    found = read(Installation.open(settings, StoppedClock(NOW)))
    assert (found["styrhjul_broker_up"], found["styrhjul_database_up"]) == (0, 1)
    assert "styrhjul_broker_messages_waiting" not in found
