"""The first year of each example, kept as text: every case, every rung and every mail when nobody answers.

The files are read by people against what the three documents say. `STYRHJUL_UPDATE_GOLDEN=1` writes them anew.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from email import message_from_bytes
from email.policy import default
from itertools import groupby
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.clock import at_nine
from styrhjul.db.case_model import Case, Notice
from styrhjul.db.compose_query import load_case_texts
from styrhjul.db.mail_model import Mail, MailItem
from styrhjul.db.model import Body, Municipality, Policy, Post
from styrhjul.domain.lifecycle import Holder
from styrhjul.domain.moment import local_date
from styrhjul.domain.vocabulary import DueBasis
from styrhjul.services.simulation.beat import Beat, FairWeather
from styrhjul.services.simulation.chance import Chance
from styrhjul.services.simulation.clock import VirtualClock
from styrhjul.services.simulation.life import Future, Life
from styrhjul.services.simulation.world import Span, World, examples, new_world
from workflows import LIFECYCLES

GOLDEN = Path(__file__).parent / "golden_years"
#: Read before the settings of the environment are put aside for the tests.
UPDATE = bool(os.environ.get("STYRHJUL_UPDATE_GOLDEN"))
SPAN = Span(first=date(2026, 10, 15), last=date(2027, 12, 31))
BASIS = {
    DueBasis.TEXT: "dokumentets text",
    DueBasis.CORRECTION: "kommunens rättelse",
    DueBasis.DEFAULT: "kommunens standard, inte dokumentets text",
    DueBasis.LAW: "lag",
    DueBasis.DECISION: "beslut",
}
HOLDERS = {
    Holder.BODY: "organet",
    Holder.DOCUMENT_OWNER: "dokumentets ägare, med organets sekreterare",
    Holder.CHIEF_EXECUTIVE: "kommunchefen",
    Holder.COORDINATOR: "samordnaren",
}
WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")


def an_unanswered_year(slug: str) -> World:
    """Live the span through the real services; nobody answers and nothing goes wrong."""
    clock = VirtualClock(at_nine(SPAN.first))
    world = new_world(slug, SPAN, Chance(slug), clock, trouble=False)
    Life(world=world, beat=Beat(world, FairWeather()), future=Future(), actors=[]).run()
    return world


def told(world: World) -> str:
    """Return the year as text: the cases with their rungs, then the mails day by day."""
    with world.database.reading(world.municipality_id) as session:
        name = session.scalars(select(Municipality.name).where(Municipality.id == world.municipality_id)).one()
        head = f"{name}, {SPAN.first} till {SPAN.last}, när ingen svarar"
        return "\n".join([head, "", "ÄRENDEN", *_cases(session), "", "MEJL", *_mails(session, world)]) + "\n"


def _cases(session: Session) -> Iterator[str]:
    posts = dict(session.execute(select(Post.id, Post.title)).all())
    policies = dict(session.execute(select(Policy.id, Policy.title)).all())
    order = list(LIFECYCLES)
    rows = session.execute(select(Case, Body).join(Body, Body.id == Case.body_id)).all()
    texts = load_case_texts(session, [case.id for case, _ in rows])
    for case, body in sorted(
        rows, key=lambda row: (order.index(row[0].lifecycle), row[0].opens_on, row[1].name, row[0].period)
    ):
        yield ""
        yield f"{case.lifecycle}, {texts[case.id].period_words}: {body.name}"
        yield f"  {policies.get(case.policy_id or '', 'kommunallagen')}; svarar: {HOLDERS[case.holder]}"
        opens = _day(case.opens_on, case.opening_deferred_from)
        yield f"  öppnas {opens}, senast {case.due_on} ({BASIS[case.due_basis]})"
        if case.meeting_on:
            papers = f", handlingar {case.agenda_on}" if case.agenda_on else ""
            decides = f", beslut {case.decides_on}" if case.decides_on else ""
            yield f"  sammanträde {case.meeting_on}{papers}{decides}"
        binding = "" if case.is_binding else "; frivilligt: går aldrig upp"
        ended = f" {case.closed_on}" if case.closed_on else ""
        yield f"  {case.state}{ended}, avslutas senast {case.lapses_on}{binding}"
        yield from _rungs(session, case, posts)


def _rungs(session: Session, case: Case, posts: dict[str, str]) -> Iterator[str]:
    heights = LIFECYCLES[case.lifecycle]
    notices = session.scalars(select(Notice).where(Notice.case_id == case.id)).all()
    for notice in sorted(
        notices, key=lambda each: (each.planned_on, heights.height(each.rung), posts[each.post_id], each.post_id)
    ):
        fate = f"{notice.status}" if notice.status != "delivered" else f"{notice.delivered_on}"
        yield f"    {_day(notice.planned_on, notice.deferred_from)}  {notice.rung:<16} {posts[notice.post_id]}: {fate}"


def _mails(session: Session, world: World) -> Iterator[str]:
    offices = {
        post_id: f"{title}, {body}"
        for post_id, title, body in session.execute(
            select(Post.id, Post.title, Body.name).join(Body, Body.id == Post.body_id)
        )
    }
    mails = session.scalars(select(Mail)).all()
    by_day = sorted(mails, key=lambda mail: (local_date(mail.composed_at), offices[str(mail.post_id)], mail.address))
    for day, of_day in groupby(by_day, key=lambda mail: local_date(mail.composed_at)):
        yield ""
        yield f"{day} {WEEKDAYS[day.weekday()]}"
        for mail in of_day:
            letter = message_from_bytes(world.server.letters[mail.message_id], policy=default)
            yield f"  {offices[str(mail.post_id)]}"
            yield f"    {letter['Subject']}"
            yield from _items(session, mail)


def _items(session: Session, mail: Mail) -> Iterator[str]:
    rows = session.execute(
        select(Case.lifecycle, Case.id, Body.name, Notice.rung)
        .join(MailItem, MailItem.case_id == Case.id)
        .join(Body, Body.id == Case.body_id)
        .join(Notice, Notice.id == MailItem.notice_id)
        .where(MailItem.mail_id == mail.id)
    ).all()
    texts = load_case_texts(session, {row.id for row in rows})
    said = [(lifecycle, texts[case_id].period_words, body, rung) for lifecycle, case_id, body, rung in rows]
    for lifecycle, period, body, rung in sorted(said):
        yield f"      {rung}: {lifecycle}, {period}: {body}"


def _day(day: date, deferred_from: date | None) -> str:
    return f"{day}" if deferred_from is None else f"{day} (i stället för {deferred_from})"


@pytest.mark.parametrize("slug", examples())
def test_a_year_in_which_nobody_answers_is_the_one_that_was_reviewed(slug: str) -> None:
    lived = told(an_unanswered_year(slug))
    golden = GOLDEN / f"{slug}.txt"
    if UPDATE:
        golden.write_text(lived, encoding="utf-8")
    assert lived == golden.read_text(encoding="utf-8")
