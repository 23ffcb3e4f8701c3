"""A trial run: every mail to one address, nothing counted, and nobody half warned when it ends."""

from __future__ import annotations

from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from sqlalchemy import func, select, update

from styrhjul.db.journal import entries
from styrhjul.db.mail_model import AnswerLink, MailStatus
from styrhjul.db.model import Municipality, Person, Policy
from styrhjul.db.session import Database
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import EntryKind
from styrhjul.mail.outcome import Refused
from styrhjul.services.municipality.trial import NoTrial, begin_trial, end_trial, trials
from styrhjul.services.policies.release import StillOnTrial, release_municipality
from tests.town import FOLLOWED_FROM, Town, build_town, nine

OPENS = date(2027, 1, 7)
TO = "prov@lillby.example.org"
BY = "samordnaren"


@pytest.fixture
def town(database: Database) -> Town:
    """A town that is not released."""
    town = build_town(database)
    with database.register(town.municipality_id) as session:
        session.execute(update(Municipality).values(released_at=None))
        session.execute(update(Policy).values(released_at=None))
    return town


def begin(town: Town, to: str = TO) -> bool:
    return begin_trial(town.database, town.municipality_id, to_address=to, by=BY, now=nine(FOLLOWED_FROM))


def end(town: Town, on: date) -> int:
    return end_trial(town.database, town.municipality_id, by=BY, now=nine(on))


def parsed(town: Town) -> list[EmailMessage]:
    return [message_from_bytes(raw, policy=default) for _, raw in town.transport.taken]


def statuses(town: Town) -> set[NoticeStatus]:
    return {notice.status for notice in town.notices()}


def test_every_mail_leaves_to_the_one_address_and_says_whom_it_would_have_gone_to(town: Town) -> None:
    begin(town)
    town.live(OPENS)
    assert {to for to, _ in town.transport.taken} == {TO}
    real = {mail["X-Styrhjul-Trial-For"] for mail in parsed(town)}
    assert len(real) == len(town.transport.taken) == 4
    assert TO not in real
    for mail in parsed(town):
        text, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
        assert text is not None
        assert html is not None
        assert mail["X-Styrhjul-Trial-For"] in " ".join(text.get_content()[:400].split())
        assert text.get_content().startswith("PROVKÖRNING.")
        assert html.get_content().index("PROVKÖRNING") < html.get_content().index("<table")


def test_one_mailbox_a_day_still_means_the_real_mailbox(town: Town) -> None:
    begin(town)
    town.live(OPENS)
    assert len({mail.address for mail in town.mails()}) == len(town.mails()) == 4


def test_nothing_counts_as_delivered_and_no_link_opens(town: Town) -> None:
    begin(town)
    town.live(OPENS)
    assert statuses(town) == {NoticeStatus.TRIAL}
    with town.database.reading(town.municipality_id) as session:
        assert session.scalar(select(func.count()).select_from(AnswerLink)) == 0


def test_the_ladder_runs_to_its_top_so_that_all_of_it_can_be_read(town: Town) -> None:
    begin(town)
    town.live_through(OPENS, date(2027, 4, 30))
    told = {notice.rung for notice in town.notices() if notice.status is NoticeStatus.TRIAL}
    assert {"opened", "reminder", "warning", "head", "chief_executive"} <= told
    assert NoticeStatus.DELIVERED not in statuses(town)


def test_when_it_ends_everything_is_owed_still_and_nobody_is_half_warned(town: Town) -> None:
    begin(town)
    town.live(OPENS)
    assert end(town, OPENS) == 4
    town.transport.taken.clear()
    town.live(OPENS)
    assert (town.transport.taken, {notice.delivered_on for notice in town.notices()}) == ([], {None})
    release_municipality(town.database, town.municipality_id, nine(OPENS))
    assert town.live(OPENS).sent == 4
    left = [notice for notice in town.notices() if notice.status is NoticeStatus.DELIVERED]
    assert {(notice.rung, notice.delivered_on) for notice in left} == {("opened", OPENS)}
    assert TO not in {to for to, _ in town.transport.taken}


def test_after_a_trial_through_the_deadline_nobody_is_chased_for_what_nobody_was_told(town: Town) -> None:
    begin(town)
    town.live_through(OPENS, date(2027, 4, 9))
    end(town, date(2027, 4, 9))
    release_municipality(town.database, town.municipality_id, nine(date(2027, 4, 9)))
    town.transport.taken.clear()
    town.live_through(date(2027, 4, 12), date(2027, 4, 30))
    assert town.transport.taken == []


def test_a_mail_still_on_its_way_when_it_ends_never_leaves(town: Town) -> None:
    begin(town)
    town.sweep(OPENS)
    town.compose(OPENS)
    end(town, OPENS)
    town.deliver(OPENS)
    assert town.transport.taken == []
    assert {mail.status for mail in town.mails()} == {MailStatus.CANCELLED}


def test_a_trial_address_that_is_refused_blocks_nobody(town: Town) -> None:
    begin(town)
    town.transport.reply = lambda _: Refused("550 5.1.1", about_address=True)
    town.live(OPENS)
    with town.database.reading(town.municipality_id) as session:
        assert session.scalars(select(Person).where(Person.address_blocked_at.is_not(None))).all() == []


def test_a_released_municipality_is_not_tried(database: Database) -> None:
    town = build_town(database)
    with pytest.raises(NoTrial, match="Provkör före municipality release"):
        begin(town)
    assert town.live(OPENS).sent == 4


def test_nothing_is_released_while_the_trial_lasts(town: Town) -> None:
    begin(town)
    with pytest.raises(StillOnTrial, match="--end"):
        release_municipality(town.database, town.municipality_id, nine(OPENS))


@pytest.mark.parametrize("to", ["", "not an address", "a@example.org, b@example.org", "a@example.org\r\nBcc: b"])
def test_an_address_that_is_none_is_refused(town: Town, to: str) -> None:
    with pytest.raises(NoTrial, match=r"^to: "):
        begin(town, to)
    assert trials(town.database) == []


def test_beginning_and_ending_are_journalled_once_each_with_who(town: Town) -> None:
    assert [begin(town), begin(town)] == [True, False]
    assert [(each.slug, each.to_address) for each in trials(town.database)] == [("lillby", TO)]
    end(town, OPENS)
    with pytest.raises(NoTrial, match="provkörs inte"):
        end(town, OPENS)
    with town.database.reading(town.municipality_id) as session:
        told = [(entry.kind, entry.by) for entry, _ in entries(session)][-2:]
    assert told == [(EntryKind.TRIAL_BEGUN, BY), (EntryKind.TRIAL_ENDED, BY)]


def test_another_municipality_s_mail_is_not_redirected(town: Town) -> None:
    other = build_town(town.database, "storby")
    begin(town)
    other.live(OPENS)
    own = [raw for to, raw in other.transport.taken if to.endswith("@storby.example.org")]
    assert len(own) == 4
    assert not any(b"PROVK" in raw or b"Trial-For" in raw for raw in own)
