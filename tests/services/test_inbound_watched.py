"""Whether the mailbox is read, and what came in that only a person can make out: the doctor and the overview say so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from config.clock import wall_time
from config.settings import load_settings
from styrhjul.db.session import Database
from styrhjul.mail.inbound.classify import classify
from styrhjul.services.delivery.inbound import Arrived, count_to_look_at, take_in
from styrhjul.services.delivery.mailbox_reading import InboundReport
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.operations.doctor import Check, examine
from styrhjul.services.operations.pulse_record import INBOUND_STEP, record_pulse
from styrhjul.services.overview.concern import UNCLEAR_FOR, Concern, ConcernKind
from styrhjul.services.overview.pages import overview_of
from tests.imap_server import PASSWORD, USER, ImapServer
from tests.mail.inbound_shape import Report
from tests.services.inbound_world import LATER, PostalTown, postal_town
from tests.town import build_town

UNSIGNED = Report().raw()


@pytest.fixture
def server() -> Iterator[ImapServer]:
    server = ImapServer()
    server.start()
    yield server
    server.stop()


def installed(tmp_path: Path, port: int | None = None) -> Installation:
    url = f"imap://{quote(USER)}:{quote(PASSWORD, safe='')}@127.0.0.1:{port}" if port else ""
    installation = Installation.open(load_settings(data_dir=tmp_path, imap_url=url))
    installation.migrate()
    return installation


def found(installation: Installation, read_at: datetime | None = None, **report: int) -> Check:
    if read_at is not None:
        record_pulse(installation.database, INBOUND_STEP, read_at, InboundReport(**report))
    try:
        return next(check for check in examine(installation, wall_time()) if check.check == "inbound")
    finally:
        installation.close()


def test_without_a_mailbox_it_says_so(tmp_path: Path) -> None:
    check = found(installed(tmp_path))
    assert (check.ok, check.detail) == (True, "ingen postlåda läses")


def test_a_mailbox_that_is_read_is_in_order(tmp_path: Path, server: ImapServer) -> None:
    check = found(installed(tmp_path, server.port), wall_time() - timedelta(minutes=59))
    assert (check.ok, check.detail) == (True, f"{USER} på 127.0.0.1 läses")


def test_a_mailbox_that_cannot_be_read_is_not_and_no_password_is_shown(tmp_path: Path) -> None:
    check = found(installed(tmp_path, 1), wall_time())
    assert (check.ok, "går inte att läsa" in check.detail) == (False, True)
    assert PASSWORD not in check.detail


def test_a_mailbox_not_read_for_an_hour_is_not_in_order(tmp_path: Path, server: ImapServer) -> None:
    check = found(installed(tmp_path, server.port), wall_time() - timedelta(minutes=61))
    assert (check.ok, "lästes senast" in check.detail) == (False, True)


def test_a_mailbox_never_read_or_not_reached_by_its_reader_is_not_in_order(tmp_path: Path, server: ImapServer) -> None:
    assert "har inte lästs än" in found(installed(tmp_path, server.port)).detail
    check = found(installed(tmp_path, server.port), wall_time(), unreachable=1)
    assert (check.ok, "svarar här" in check.detail) == (False, True)


def test_the_doctor_counts_what_is_unclear_and_what_is_nobodys(tmp_path: Path) -> None:
    installation = installed(tmp_path)
    for slug in ("lillby", "storby"):
        build_town(installation.database, slug)
    for raw in (UNSIGNED, UNSIGNED.replace(b"I'm sorry", b"I am sorry"), UNSIGNED + b"styrhjul@lillby.example.org"):
        take_in(installation.database, installation.mailroom, Arrived(raw=raw), wall_time(), read=classify)
    to_lillby = Arrived(raw=UNSIGNED + b"\r\n", recipients=("styrhjul@lillby.example.org",))
    take_in(installation.database, installation.mailroom, to_lillby, wall_time(), read=classify)
    check = found(installation)
    assert check.ok
    assert "varning: ingen postlåda läses; på 30 dagar har 1 mejl" in check.detail
    assert "och 3 som inte hör till någon kommun" in check.detail


def test_what_is_unclear_is_counted_in_every_municipality(database: Database) -> None:
    town = postal_town(database)
    build_town(database, "storby")
    town.take(UNSIGNED, to=(f"styrhjul@{town.slug}.example.org",))
    assert count_to_look_at(database, LATER - UNCLEAR_FOR) == (1, 0)
    assert count_to_look_at(database, LATER + UNCLEAR_FOR) == (0, 0)


def unclear(town: PostalTown, at: datetime) -> list[Concern]:
    concerns = overview_of(town.database, town.slug, at).concerns
    return [each for each in concerns if each.kind is ConcernKind.INBOUND_UNCLEAR]


def test_the_overview_shows_unclear_mail_for_thirty_days(database: Database) -> None:
    town = postal_town(database)
    assert unclear(town, LATER) == []
    for number in range(2):
        town.take(UNSIGNED.replace(b"I'm sorry", f"No. {number}".encode()))
    [shown] = unclear(town, LATER)
    assert (shown.count, shown.on) == (2, LATER.date())
    assert unclear(town, LATER + UNCLEAR_FOR + timedelta(seconds=1)) == []


def test_what_is_understood_needs_nobody(database: Database) -> None:
    town = postal_town(database)
    town.take(town.about(town.mail_to(), UNSIGNED))
    assert unclear(town, LATER) == []
