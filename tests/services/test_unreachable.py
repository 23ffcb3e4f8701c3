"""When nobody can be warned, over a real SMTP server: the coordinator is told once, and nothing goes up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, update

from styrhjul.db.model import Person, Post
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.session import Database
from styrhjul.db.wake import touch_cases
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.office import PostRole
from styrhjul.mail.transport import transport_from_url
from styrhjul.services.foundation.mailroom import Mailroom
from styrhjul.services.organisation.officials import try_new_addresses
from styrhjul.services.organisation.reach import out_of_reach
from styrhjul.services.overview.concern import ConcernKind
from styrhjul.services.overview.forecast import forecast
from styrhjul.services.overview.pages import overview_of
from tests.services.people import leave
from tests.smtp_sink import SmtpSink, Stage
from tests.town import SEALER, Town, build_town, nine

OPENING, WARNED_ON, LONG_AFTER = date(2027, 1, 7), date(2027, 3, 30), date(2027, 4, 30)
BODY = "socialnämnden"
COORDINATOR = "coordinator.kommunstyrelsen@lillby.example.org"
NO_SUCH = "550 5.1.1 no such user"


@dataclass
class WiredTown(Town):
    """A town whose mail goes over the wire."""

    url: str = ""

    @property
    def mailroom(self) -> Mailroom:
        return Mailroom(
            base_url="https://lillby.example.org",
            sealer=SEALER,
            open_transport=lambda: transport_from_url(self.url, Path(), hostname="lillby.example.org"),
        )


@pytest.fixture
def town(database: Database, smtp_sink: SmtpSink) -> Callable[[], WiredTown]:
    """A committee that has had its opening mail, and whose two mailboxes are about to be closed."""

    def build() -> WiredTown:
        plain = build_town(database, committees=(BODY,))
        wired = WiredTown(**{**vars(plain), "url": smtp_sink.url})
        wired.live(OPENING)
        return wired

    return build


def received(sink: SmtpSink) -> list[str]:
    return [to for message in sink.messages for to in message.recipients]


def test_the_coordinator_is_told_once_and_nothing_goes_up(town: Callable[[], WiredTown], smtp_sink: SmtpSink) -> None:
    here = town()
    smtp_sink.reply_with(NO_SUCH, NO_SUCH, at=Stage.RCPT)
    here.live_through(WARNED_ON, LONG_AFTER)
    assert received(smtp_sink)[2:] == [COORDINATOR]
    left = {(n.rung, n.status) for n in here.notices() if n.planned_on >= WARNED_ON}
    assert {(rung, status) for rung, status in left if status is not NoticeStatus.SUPERSEDED} == {
        ("warning", NoticeStatus.FAILED),
        ("unreachable", NoticeStatus.DELIVERED),
    }
    [case] = here.cases()
    assert case.unreachable_on is not None


def test_one_of_two_who_was_warned_is_enough_for_it_to_go_up(
    town: Callable[[], WiredTown], smtp_sink: SmtpSink
) -> None:
    here = town()
    smtp_sink.reply_with(NO_SUCH, at=Stage.RCPT)
    here.live_through(WARNED_ON, LONG_AFTER)
    assert "unreachable" not in {notice.rung for notice in here.notices()}
    assert {"head", "chief_executive"} <= {notice.rung for notice in here.notices()}


def test_where_the_coordinator_is_missing_too_the_chief_executive_is_told(
    town: Callable[[], WiredTown], smtp_sink: SmtpSink
) -> None:
    here = town()
    leave(here, "kommunstyrelsen", PostRole.COORDINATOR, date(2027, 1, 31))
    smtp_sink.reply_with(NO_SUCH, NO_SUCH, at=Stage.RCPT)
    here.live_through(WARNED_ON, LONG_AFTER)
    assert received(smtp_sink)[2:] == ["chief_executive.kommunstyrelsen@lillby.example.org"]
    [lost] = out_of_reach(here.database, nine(LONG_AFTER))
    assert (lost.municipality, lost.cases, lost.is_told) == ("Lillby kommun", 1, True)


def test_where_nobody_is_there_to_be_told_doctor_and_overview_tell(
    town: Callable[[], WiredTown], smtp_sink: SmtpSink
) -> None:
    here = town()
    for role in (PostRole.COORDINATOR, PostRole.CHIEF_EXECUTIVE):
        leave(here, "kommunstyrelsen", role, date(2027, 1, 31))
    smtp_sink.reply_with(NO_SUCH, NO_SUCH, at=Stage.RCPT)
    here.live_through(WARNED_ON, LONG_AFTER)
    assert len(received(smtp_sink)) == 2  # the openings
    [lost] = out_of_reach(here.database, nine(LONG_AFTER))
    assert not lost.is_told
    shown = overview_of(here.database, here.slug, nine(LONG_AFTER)).concerns
    assert ConcernKind.UNREACHABLE in {concern.kind for concern in shown}
    vacant = {concern.detail for concern in shown if concern.kind is ConcernKind.VACANT}
    assert {"coordinator, kommunstyrelsen", "chief_executive, kommunstyrelsen"} <= vacant


def test_who_is_told_where_nobody_is_reached_is_foreseen(database: Database) -> None:
    here = build_town(database, committees=(BODY,))
    for body, role in ((BODY, PostRole.CHAIR), (BODY, PostRole.SECRETARY), ("kommunstyrelsen", PostRole.COORDINATOR)):
        leave(here, body, role, date(2027, 3, 26))
    lines = forecast(here.database, here.municipality_id, start=OPENING, until=LONG_AFTER)
    seen = [(line.on, line.rung, line.recipient) for line in lines if line.policy and line.on >= WARNED_ON]
    assert seen == [(WARNED_ON, "unreachable", "chief_executive, kommunstyrelsen")]


def test_a_municipality_without_a_coordinators_post_tells_the_chief_executive_at_once(
    town: Callable[[], WiredTown], smtp_sink: SmtpSink
) -> None:
    here = town()
    with here.database.municipality(here.municipality_id) as session:
        session.scalars(select(Post).where(Post.role == PostRole.COORDINATOR)).one().ended_on = OPENING
    smtp_sink.reply_with(NO_SUCH, NO_SUCH, at=Stage.RCPT)
    here.live_through(WARNED_ON, LONG_AFTER)
    assert received(smtp_sink)[2:] == ["chief_executive.kommunstyrelsen@lillby.example.org"]


def test_a_new_address_gets_the_warning_after_all_and_only_then_it_goes_up(
    town: Callable[[], WiredTown], smtp_sink: SmtpSink
) -> None:
    here = town()
    smtp_sink.reply_with(NO_SUCH, NO_SUCH, at=Stage.RCPT)
    here.live_through(WARNED_ON, date(2027, 4, 2))
    mend(here, date(2027, 4, 12))
    here.live_through(date(2027, 4, 12), LONG_AFTER)
    assert received(smtp_sink)[2:5] == [COORDINATOR, "ny@lillby.example.org", "head_of_administration." + tail()]
    assert [case.unreachable_on for case in here.cases()] == [None]
    went_up = [n.delivered_on for n in here.notices() if n.rung == "head"]
    assert went_up == [date(2027, 4, 15)]  # three working days after the warning that arrived


def mend(here: WiredTown, day: date) -> None:
    """The chair has got another address, as an import would tell."""
    with here.database.municipality(here.municipality_id) as session:
        chair = select(Person.id).where(Person.address == "chair." + tail()).scalar_subquery()
        session.execute(
            update(Person).where(Person.id == chair).values(address="ny@lillby.example.org", address_blocked_at=None)
        )
        assert try_new_addresses(session, load_organisation(session), nine(day)) == 1
        touch_cases(session, [(case.id, case.lifecycle) for case in here.cases()], day)


def tail() -> str:
    return "socialnamnden@lillby.example.org"
