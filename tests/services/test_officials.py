"""Officials in: what an import adds, changes and ends, and what follows from it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from styrhjul.db.case_model import Case, Notice, Wake
from styrhjul.db.journal import entries
from styrhjul.db.mail_model import AnswerLink, Mail, MailStatus
from styrhjul.db.model import Appointment, Base, Body, Meeting, Person, Policy, Post, new_id
from styrhjul.db.session import Database
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import Holder, State
from styrhjul.domain.office import PostRole
from styrhjul.services.organisation.officials import OfficialsReport, import_officials, template
from styrhjul.services.organisation.officials_effect import CeasedBody, Effect, VacantPost
from tests.services.officials_files import FILES, write_officials
from workflows import LIFECYCLES

ROWS = sum(content.count("\n") - 1 for content in FILES.values())
LATER = timedelta(days=30)
#: Nobody has been appointed coordinator yet.
AT_FIRST = Effect(posts_vacant=(VacantPost(body="Kommunstyrelsen", title="Kanslisamordnare"),))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_officials(tmp_path / "officials")


def test_the_first_import_adds_every_row(database: Database, municipality_id: str, folder: Path, now: datetime) -> None:
    assert import_officials(database, municipality_id, folder, now) == OfficialsReport(added=ROWS, effect=AT_FIRST)


def test_the_same_import_again_changes_nothing(
    database: Database, municipality_id: str, folder: Path, now: datetime
) -> None:
    import_officials(database, municipality_id, folder, now)
    assert import_officials(database, municipality_id, folder, now + LATER) == OfficialsReport()
    with database.reading(municipality_id) as session:
        kinds = [entry.kind for entry, _ in entries(session)]
    assert kinds == [EntryKind.MUNICIPALITY_ADDED, EntryKind.OFFICIALS_IMPORTED]


def test_an_appointment_no_longer_listed_ends_the_day_before(
    database: Database, municipality_id: str, folder: Path, now: datetime
) -> None:
    import_officials(database, municipality_id, folder, now)
    write_officials(folder, appointments="body;role;person;starts_on\nsoc;chair;p1;2023-01-01\n")
    report = import_officials(database, municipality_id, folder, now)
    assert (report.changed, report.ended) == (1, 2)
    assert report.effect.posts_vacant == (VacantPost(body="Socialnämnden", title="Nämndsekreterare"),)
    with database.reading(municipality_id) as session:
        ends = session.execute(
            select(Person.key, Appointment.ends_on).join_from(Appointment, Person, Appointment.person_id == Person.id)
        )
        assert dict(ends.all()) == {"p1": None, "p2": date(2026, 10, 14), "p3": date(2026, 10, 14)}


def test_kinds_that_the_source_does_not_hold_are_left_alone(
    database: Database, municipality_id: str, folder: Path, now: datetime
) -> None:
    import_officials(database, municipality_id, folder, now)
    alone = folder / "meetings.csv"
    alone.write_text("body,meets_on\nsoc,2026-11-10\nsoc,2027-01-12\n", encoding="utf-8")
    assert import_officials(database, municipality_id, alone, now) == OfficialsReport(added=1, ended=1)


def test_a_meeting_that_has_been_held_stays(
    database: Database, municipality_id: str, folder: Path, now: datetime
) -> None:
    import_officials(database, municipality_id, folder, now)
    write_officials(folder, meetings="body;meets_on\nsoc;2026-12-08\n")
    assert import_officials(database, municipality_id, folder, now + LATER).ended == 0
    with database.reading(municipality_id) as session:
        assert date(2026, 11, 10) in set(session.scalars(select(Meeting.meets_on)))


def test_a_body_no_longer_listed_is_dissolved_and_comes_back_when_listed(
    database: Database, municipality_id: str, folder: Path, now: datetime
) -> None:
    import_officials(database, municipality_id, folder, now)
    write_officials(folder, bodies=FILES["bodies"].replace("stod;Stödenheten;unit;soc;\n", ""))
    ended = Effect(bodies_ceased=(CeasedBody(body="Stödenheten", ceases_on=date(2026, 10, 14)),))
    report = import_officials(database, municipality_id, folder, now, confirm=True)
    assert report == OfficialsReport(ended=1, effect=ended)
    with database.reading(municipality_id) as session:
        assert session.scalar(select(Body.dissolved_on).where(Body.slug == "stod")) == date(2026, 10, 14)
    write_officials(folder)
    assert import_officials(database, municipality_id, folder, now) == OfficialsReport(changed=1)


def test_a_new_address_is_no_longer_blocked(
    database: Database, municipality_id: str, folder: Path, now: datetime
) -> None:
    import_officials(database, municipality_id, folder, now)
    with database.municipality(municipality_id) as session:
        session.scalars(select(Person).where(Person.key == "p1")).one().address_blocked_at = now
    write_officials(folder, persons=FILES["persons"].replace("ordf@", "ordforande@"))
    assert import_officials(database, municipality_id, folder, now) == OfficialsReport(changed=1)
    with database.reading(municipality_id) as session:
        assert session.scalars(select(Person).where(Person.key == "p1")).one().address_blocked_at is None


def test_one_fault_and_nothing_changes(database: Database, municipality_id: str, folder: Path, now: datetime) -> None:
    write_officials(folder, meetings="body;meets_on\nsoc;2026-11-31\nsoc;9999-12-31\n")
    report = import_officials(database, municipality_id, folder, now)
    far = "Skriv ett år mellan 1900 och 2199, eller lämna tomt om det gäller tills vidare."
    assert [(e.file, e.line, e.column, e.message) for e in report.errors] == [
        ("meetings.csv", 2, "meets_on", "Skriv datumet som 2027-03-24."),
        ("meetings.csv", 3, "meets_on", far),
    ]
    with database.reading(municipality_id) as session:
        assert session.scalars(select(Body)).all() == []


def test_a_workbook_from_the_template_can_be_filled_in_and_read(
    database: Database, municipality_id: str, tmp_path: Path, now: datetime
) -> None:
    template(tmp_path / "mall.xlsx")
    book = load_workbook(tmp_path / "mall.xlsx")
    for kind, content in FILES.items():
        header, *rows = (line.split(";") for line in content.splitlines())
        places = [[cell.value for cell in book[kind][2]].index(name) + 1 for name in header]
        for number, row in enumerate(rows, start=3):
            for place, value in zip(places, row, strict=True):
                book[kind].cell(number, place, date.fromisoformat(value) if value[:2] == "20" else value or None)
    book.save(tmp_path / "ifylld.xlsx")
    assert import_officials(database, municipality_id, tmp_path / "ifylld.xlsx", now) == OfficialsReport(
        added=ROWS, effect=AT_FIRST
    )


def test_an_empty_template_is_refused_sheet_by_sheet(
    database: Database, municipality_id: str, tmp_path: Path, now: datetime
) -> None:
    template(tmp_path / "mall")
    report = import_officials(database, municipality_id, tmp_path / "mall", now)
    assert {error.file for error in report.errors} == {f"{kind}.csv" for kind in FILES}


# -- what follows ----------------------------------------------------------------------------------------------------


@pytest.fixture
def case_id(database: Database, municipality_id: str, folder: Path, now: datetime) -> str:
    """An open case of socialnämnden, with a notice that found no secretary and a link in the chair's mail."""
    import_officials(database, municipality_id, folder, now)
    with database.municipality(municipality_id) as session:
        soc = session.scalars(select(Body).where(Body.slug == "soc")).one()
        posts = {post.role: post.id for post in session.scalars(select(Post).where(Post.body_id == soc.id))}
        chair = session.scalars(
            select(Appointment).join(Person, Person.id == Appointment.person_id).where(Person.key == "p1")
        ).one()
        policy = Policy(id=new_id(), slug="p", title="P", adopted_by_id=soc.id, starts_on=now.date())
        case = _case(policy.id, soc.id)
        mail = _mail(posts[PostRole.CHAIR], chair.id, now)
        link = AnswerLink(
            token_sha256="a" * 64,
            case_id=case.id,
            post_id=posts[PostRole.CHAIR],
            appointment_id=chair.id,
            mail_id=mail.id,
            made_at=now,
        )
        rows: list[Base] = [policy, case, _notice(case, posts[PostRole.SECRETARY], now), mail, link]
        for row in rows:
            session.add(row)
            session.flush()
        return case.id


def test_links_of_holders_who_left_are_revoked(
    database: Database, municipality_id: str, folder: Path, now: datetime, case_id: str
) -> None:
    write_officials(folder, appointments=FILES["appointments"].replace("2026-12-31", "2026-10-31"))
    import_officials(database, municipality_id, folder, now + LATER)
    with database.reading(municipality_id) as session:
        assert session.scalars(select(AnswerLink.revoked_at)).one() == now + LATER


def test_links_of_holders_who_stay_live_on(
    database: Database, municipality_id: str, folder: Path, now: datetime, case_id: str
) -> None:
    write_officials(folder, meetings=FILES["meetings"] + "soc;2027-01-12\n")
    import_officials(database, municipality_id, folder, now + LATER)
    with database.reading(municipality_id) as session:
        assert session.scalars(select(AnswerLink.revoked_at)).one() is None


def test_a_notice_that_found_nobody_is_left_to_compose_which_looks_again_every_ordinary_day(
    database: Database, municipality_id: str, folder: Path, now: datetime, case_id: str
) -> None:
    write_officials(
        folder, persons=FILES["persons"].replace("socialnämnden;;", "socialnämnden;sekr@vinterby.example.org;")
    )
    import_officials(database, municipality_id, folder, now + LATER)
    with database.reading(municipality_id) as session:
        assert session.scalars(select(Notice.status)).one() is NoticeStatus.VACANT


def test_every_policy_and_open_case_wakes_today(
    database: Database, municipality_id: str, folder: Path, now: datetime, case_id: str
) -> None:
    write_officials(folder, meetings=FILES["meetings"] + "soc;2027-01-12\n")
    import_officials(database, municipality_id, folder, now + LATER)
    with database.reading(municipality_id) as session:
        asked = select(Wake.lifecycle, Wake.subject_kind).where(Wake.wake_on == (now + LATER).date())
        wakes = sorted((kind, key) for key, kind in session.execute(asked))
    assert wakes == [("case", "follow_up"), *(("policy", key) for key in sorted(LIFECYCLES))]


def _case(policy_id: str, body_id: str) -> Case:
    return Case(
        id=new_id(),
        policy_id=policy_id,
        lifecycle="follow_up",
        body_id=body_id,
        period="2026",
        holder=Holder.BODY,
        state=State.OPEN,
        opens_on=date(2027, 1, 7),
        aimed_from_on=date(2027, 1, 7),
        due_on=date(2027, 2, 26),
        due_source="Kommunens standard.",
        lapses_on=date(2028, 1, 10),
        unreachable_on=date(2027, 2, 1),
    )


def _notice(case: Case, post_id: str, now: datetime) -> Notice:
    return Notice(
        case_id=case.id,
        due_on=case.due_on,
        rung="opened",
        post_id=post_id,
        status=NoticeStatus.VACANT,
        planned_on=now.date(),
        not_before_at=now,
        reason="Posten saknar adress.",
    )


def _mail(post_id: str, appointment_id: str, now: datetime) -> Mail:
    return Mail(
        id=new_id(),
        key="follow_up_opened",
        post_id=post_id,
        appointment_id=appointment_id,
        address="ordf@vinterby.example.org",
        return_path="b@vinterby.example.org",
        subject="s",
        message_id="<1@vinterby.example.org>",
        composed_at=now,
        sha256="b" * 64,
        status=MailStatus.ACCEPTED,
        next_attempt_at=now,
    )
