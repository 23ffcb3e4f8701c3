"""What was put back because the mail it stood in changed never leaves below a rung that already has."""

from __future__ import annotations

from datetime import date

from styrhjul.db.session import Database
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.office import PostRole
from styrhjul.mail.outcome import Accepted, TryLater
from styrhjul.services.cases.decision import CaseAt, Decision, waive
from tests.services.people import appoint, leave
from tests.town import Town, build_town, nine

LAST_REMINDER, WARNING = date(2027, 3, 24), date(2027, 3, 30)
BODIES = ("socialnämnden", "byggnämnden")


def one_chair_of_both(town: Town) -> None:
    """One person chairs two committees and reads one mailbox."""
    for body in BODIES:
        leave(town, body, PostRole.CHAIR, date(2026, 1, 1))
        appoint(town, body, PostRole.CHAIR, "ordforande@lillby.example.org", since=date(2026, 1, 2))


def test_a_reminder_whose_mail_was_written_anew_does_not_leave_after_the_warning(database: Database) -> None:
    town = build_town(database, committees=BODIES)
    one_chair_of_both(town)
    for day in (date(2027, 1, 7), date(2027, 3, 15)):
        town.live(day)
    town.transport.reply = lambda _: TryLater("451")
    town.live(LAST_REMINDER)
    [waived] = [case for case in town.cases() if case.body_id == town.bodies["byggnämnden"]]
    at = CaseAt(town.municipality_id, waived.id)
    waive(database, at, Decision(by="kansliet", reason="gäller inte"), nine(date(2027, 3, 29)))
    town.sweep(WARNING)
    town.compose(WARNING)
    town.transport.reply = lambda _: Accepted("250")
    town.deliver(WARNING)
    town.live_through(date(2027, 3, 31), date(2027, 4, 1))
    left = [notice for notice in town.notices() if notice.case_id != waived.id and notice.delivered_on is not None]
    reminded = {notice.delivered_on for notice in left if notice.rung == "last_reminder"}
    assert reminded <= {LAST_REMINDER, WARNING}
    assert any(notice.status is NoticeStatus.SUPERSEDED for notice in town.notices())


def test_mails_that_waited_out_a_mail_server_leave_as_one_with_the_highest_rung(database: Database) -> None:
    """An outage of theirs collapses as one of ours does: the lower rungs are recorded, not sent."""
    town = build_town(database, committees=("socialnämnden",))
    for day in (date(2027, 1, 7), date(2027, 3, 15)):
        town.live(day)
    before = len(town.transport.taken)
    town.transport.reply = lambda _: TryLater("451")
    town.live(LAST_REMINDER)
    town.sweep(WARNING)
    town.compose(WARNING)
    town.transport.reply = lambda _: Accepted("250")
    town.deliver(WARNING)
    town.deliver(date(2027, 3, 31))
    sent = [to for to, _ in town.transport.taken[before:]]
    assert len(sent) == len(set(sent)) == 2
    rungs = {notice.rung: notice.status for notice in town.notices() if notice.rung in ("last_reminder", "warning")}
    assert rungs == {"last_reminder": NoticeStatus.SUPERSEDED, "warning": NoticeStatus.DELIVERED}
