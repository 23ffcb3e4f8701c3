"""What is set aside stays there until it is released, or can be planned again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from styrhjul.db.case_model import Quarantine, Wake
from styrhjul.db.journal import entries
from styrhjul.db.ledger_write import PLANNER
from styrhjul.db.mail_model import Mail, MailStatus
from styrhjul.db.model import Duty, Person
from styrhjul.db.outbox_query import LEASE
from styrhjul.db.quarantine_write import quarantine
from styrhjul.db.wake import touch_policies
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import EntryKind
from styrhjul.services.delivery.deliver import deliver
from styrhjul.services.operations.quarantine import NotQuarantined, list_quarantine, release_quarantine
from tests.town import Town, build_town, nine

if TYPE_CHECKING:
    from styrhjul.db.session import Database

OPENING = date(2027, 1, 7)
NINE = nine(OPENING)
CHAIR = "chair.socialnamnden@lillby.example.org"
BY = "kommunsekreteraren"


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database)


def released(town: Town, prefix: str) -> str:
    return release_quarantine(town.database, town.municipality_id, prefix, by=BY, now=NINE)


def aside(town: Town) -> list[str]:
    return [row.what for row in list_quarantine(town.database, town.municipality_id)]


def journalled(town: Town) -> list[str]:
    """Who let something out, in order."""
    with town.database.reading(town.municipality_id) as session:
        return [entry.by for entry, _ in entries(session) if entry.kind is EntryKind.QUARANTINE_RELEASED]


def break_policy(town: Town, recurrence: str | None) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Duty).values(recurrence=recurrence))


def set_aside(town: Town, lifecycle: str, subject_id: str) -> None:
    with town.database.municipality(town.municipality_id) as session:
        quarantine(session, lifecycle, subject_id, "KeyError: x", NINE)


def test_a_quarantined_notice_is_not_mailed_before_it_is_released(town: Town) -> None:
    town.sweep(OPENING)
    notice = town.notices()[0]
    set_aside(town, "mail", notice.id)
    assert (town.compose(OPENING).composed, aside(town)) == (3, ["avisering"])
    assert {each.id for each in town.notices() if each.status is NoticeStatus.PLANNED} == {notice.id}
    assert released(town, notice.id[:10]) == notice.id
    assert (town.compose(OPENING).composed, aside(town), journalled(town)) == (1, [], [BY])


def test_a_released_policy_is_planned_at_the_next_sweep(town: Town) -> None:
    break_policy(town, "every blue moon")
    town.sweep(OPENING)
    assert aside(town)[0].startswith("styrdokument, ")
    break_policy(town, None)
    assert town.sweep(OPENING).opened == 0
    assert released(town, town.policy_id) == town.policy_id
    assert (town.sweep(OPENING).opened, aside(town)) == (2, [])


def test_a_released_case_wakes_in_its_own_lifecycle(town: Town) -> None:
    town.sweep(OPENING)
    case = town.cases()[0]
    set_aside(town, case.lifecycle, case.id)
    assert aside(town) == ["ärende, mål"]
    released(town, case.id)
    with town.database.reading(town.municipality_id) as session:
        woken = session.scalars(select(Wake).where(Wake.subject_id == case.id)).one()
        assert (woken.subject_kind, woken.lifecycle, woken.wake_on) == ("case", case.lifecycle, OPENING)


def test_the_same_fault_sets_it_aside_again(town: Town) -> None:
    break_policy(town, "every blue moon")
    town.sweep(OPENING)
    before = aside(town)
    released(town, town.policy_id)
    town.sweep(OPENING)
    assert aside(town) == before


def test_what_can_be_planned_again_leaves_quarantine_by_itself(town: Town) -> None:
    break_policy(town, "every blue moon")
    town.sweep(OPENING)
    break_policy(town, None)
    with town.database.municipality(town.municipality_id) as session:
        lifecycles = session.scalars(select(Quarantine.lifecycle)).all()
        touch_policies(session, [town.policy_id], lifecycles, OPENING)
    assert town.sweep(OPENING).opened == 2
    assert (aside(town), journalled(town)) == ([], [PLANNER] * len(lifecycles))


def set_mail_aside(town: Town) -> tuple[Mail, bytes]:
    """One mail that has failed by our own fault as often as may be, and the bytes it should have had."""
    town.sweep(OPENING)
    town.compose(OPENING)
    [mail] = [mail for mail in town.mails() if mail.address == CHAIR]
    store(town, mail, b"broken")
    for tries in range(5):
        moment = NINE + tries * LEASE
        deliver(town.database, town.mailroom, lambda: moment)  # noqa: B023 - called at once
    assert aside(town) == ["mejl"]
    return mail, mail.sealed_bytes or b""


def store(town: Town, mail: Mail, sealed: bytes) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Mail).where(Mail.id == mail.id).values(sealed_bytes=sealed))


def test_a_released_mail_leaves_at_the_next_pulse_and_its_notices_are_delivered(town: Town) -> None:
    mail, sealed = set_mail_aside(town)
    store(town, mail, sealed)
    assert released(town, mail.id[:12]) == mail.id
    [queued] = [each for each in town.mails() if each.id == mail.id]
    assert (queued.status, queued.attempts, queued.next_attempt_at) == (MailStatus.QUEUED, 0, NINE)
    assert deliver(town.database, town.mailroom, lambda: NINE).sent == 1
    assert {notice.status for notice in town.notices()} == {NoticeStatus.DELIVERED}
    assert (aside(town), set(journalled(town))) == ([], {BY})


def test_a_released_mail_to_somebody_who_has_left_is_not_sent(town: Town) -> None:
    mail, sealed = set_mail_aside(town)
    store(town, mail, sealed)
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Person).where(Person.address == CHAIR).values(address="ny@lillby.example.org"))
    released(town, mail.id)
    assert deliver(town.database, town.mailroom, lambda: NINE + timedelta(minutes=1)).cancelled == 1
    assert CHAIR not in {to for to, _ in town.transport.taken}


@pytest.mark.parametrize("prefix", ["", "%", "zz"])
def test_what_is_not_set_aside_cannot_be_released(town: Town, prefix: str) -> None:
    set_aside(town, "goal_setting", town.policy_id)
    with pytest.raises(NotQuarantined):
        released(town, prefix)
    assert journalled(town) == []


def test_a_second_release_and_another_municipalitys_are_refused(town: Town) -> None:
    set_aside(town, "goal_setting", town.policy_id)
    other = build_town(town.database, "storby")
    with pytest.raises(NotQuarantined):
        released(other, town.policy_id)
    released(town, town.policy_id)
    with pytest.raises(NotQuarantined):
        released(town, town.policy_id)
