"""A small municipality in which one question has been asked: the rows behind an answer link, and nothing more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import text

from styrhjul.db.case_model import APPEND_ONLY, Case, CaseDuty, Notice, SubjectKind, Wake
from styrhjul.db.journal import Line, write_down
from styrhjul.db.model import (
    Appointment,
    Base,
    Body,
    Duty,
    DutyBody,
    DutyStatus,
    Edition,
    Municipality,
    Person,
    Policy,
    Post,
    new_id,
)
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import Holder, State
from styrhjul.domain.office import AppointmentFacts, PostRole
from styrhjul.domain.vocabulary import ActionKind, BodyKind, Confidence, Modality
from styrhjul.services.link import make_link

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from styrhjul.db.session import Database

NOW = datetime(2027, 3, 10, 9, 0, tzinfo=UTC)
TODAY = date(2027, 3, 10)
QUOTES = {
    "goal_setting": "Varje nämnd ska för sin verksamhet ta fram 1-2 mål.",
    "follow_up": "Uppföljningen sker årligen.",
    "revision": "Policyn ska revideras vid varje ny mandatperiod.",
}
KINDS = {
    "goal_setting": ActionKind.SET_GOALS,
    "follow_up": ActionKind.FOLLOW_UP,
    "revision": ActionKind.REVISE,
}
PERIODS = {"goal_setting": "2027", "follow_up": "2026", "revision": "2026-10-15"}
DUE = {"goal_setting": date(2027, 3, 31), "follow_up": date(2027, 2, 26), "revision": date(2027, 12, 30)}


@dataclass(frozen=True)
class World:
    """Ids and tokens; `tokens` by role of the post."""

    municipality_id: str
    case_id: str
    posts: dict[PostRole, str]
    tokens: dict[PostRole, str]

    @property
    def chair(self) -> str:
        return self.tokens[PostRole.CHAIR]


def create_tables(database: Database) -> None:
    with database.engine.begin() as connection:
        Base.metadata.create_all(connection)
        for statement in APPEND_ONLY[database.engine.dialect.name]:
            connection.execute(text(statement))


def ask(database: Database, lifecycle: str = "goal_setting", slug: str = "herrljunga") -> World:
    """Insert the municipality with one open case, mailed to chair, secretary and head."""
    municipality_id = new_id()
    with database.system() as session:
        session.add(
            Municipality(
                id=municipality_id,
                slug=slug,
                name=f"{slug.capitalize()} kommun",
                starts_on=date(2026, 10, 15),
                sender_address=f"styrhjul@{slug}.example.org",
                reply_to=f"registrator@{slug}.example.org",
                released_at=NOW,
            )
        )
    with database.municipality(municipality_id) as session:
        board = _add(session, Body(slug="ks", name="Kommunstyrelsen", kind=BodyKind.EXECUTIVE_BOARD))
        body = _add(session, Body(slug="social", name="Socialnämnden", kind=BodyKind.COMMITTEE))
        posts = _posts(session, body, board)
        case_id = _case(session, lifecycle, body, board)
        tokens = {role: _told(session, case_id, lifecycle, post_id) for role, post_id in posts.items()}
        session.add(Wake(lifecycle=lifecycle, subject_id=case_id, subject_kind=SubjectKind.CASE, wake_on=TODAY))
    return World(municipality_id, case_id, posts, tokens)


def _add(session: Session, row: Base) -> str:
    row.id = new_id()  # type: ignore[attr-defined]
    session.add(row)
    session.flush()
    return str(row.id)  # type: ignore[attr-defined]


def _posts(session: Session, body_id: str, board_id: str) -> dict[PostRole, str]:
    wanted = {
        PostRole.CHAIR: (body_id, "Ordförande"),
        PostRole.SECRETARY: (body_id, "Nämndsekreterare"),
        PostRole.HEAD_OF_ADMINISTRATION: (body_id, "Förvaltningschef"),
        PostRole.CHIEF_EXECUTIVE: (board_id, "Kommunchef"),
    }
    found = {}
    for role, (at, title) in wanted.items():
        found[role] = _add(session, Post(body_id=at, role=role, title=title))
        appoint(session, found[role], title)
    return found


def appoint(session: Session, post_id: str, key: str, since: date = date(2027, 1, 1)) -> str:
    """Let somebody new hold a post from a day on; return the appointment's id."""
    address = f"{key.lower().replace('ö', 'o').replace('ä', 'a')}@example.org"
    person = _add(session, Person(key=key, name=key, address=address))
    return _add(session, Appointment(post_id=post_id, person_id=person, starts_on=since))


def _case(session: Session, lifecycle: str, body_id: str, board_id: str) -> str:
    adopter = board_id
    policy = _add(
        session,
        Policy(slug="integration", title="Integrationspolicy", adopted_by_id=adopter, starts_on=date(2026, 10, 15)),
    )
    quote = QUOTES[lifecycle]
    edition = _add(
        session,
        Edition(
            policy_id=policy,
            text=f"Mål\n{quote}\nSlut",
            sha256="0" * 64,
            adopted_by="Kommunfullmäktige",
            adopted_on=date(2017, 11, 14),
            diary_number="KS-2016-284",
            imported_at=NOW,
        ),
    )
    duty = _add(session, _duty(lifecycle, policy, edition))
    session.add(DutyBody(duty_id=duty, body_id=body_id))
    source = "Kommunens standard det år nya nämnder tillträder."
    case = _add(
        session,
        Case(
            policy_id=policy,
            lifecycle=lifecycle,
            body_id=body_id,
            period=PERIODS[lifecycle],
            holder=Holder.BODY,
            state=State.OPEN,
            opens_on=date(2027, 1, 7),
            due_on=DUE[lifecycle],
            due_source=source,
        ),
    )
    session.add(CaseDuty(case_id=case, duty_id=duty))
    opened = {"due_on": DUE[lifecycle].isoformat(), "due_source": source}
    write_down(session, [Line(kind=EntryKind.CASE_OPENED, by="styrhjul", case_id=case, data=opened)], NOW)
    return case


def _duty(lifecycle: str, policy: str, edition: str) -> Duty:
    return Duty(
        policy_id=policy,
        edition_id=edition,
        quote=QUOTES[lifecycle],
        start=4,
        end=4 + len(QUOTES[lifecycle]),
        actor="Varje nämnd",
        modality=Modality.MUST,
        action_kind=KINDS[lifecycle],
        goal_min=1 if lifecycle == "goal_setting" else None,
        goal_max=2 if lifecycle == "goal_setting" else None,
        addressees=[],
        confidence=Confidence.HIGH,
        reason="test",
        status=DutyStatus.CONFIRMED,
        holder=Holder.BODY,
    )


def _told(session: Session, case_id: str, lifecycle: str, post_id: str) -> str:
    session.add(
        Notice(
            case_id=case_id,
            due_on=DUE[lifecycle],
            rung="opened",
            post_id=post_id,
            status=NoticeStatus.DELIVERED,
            planned_on=date(2027, 1, 7),
            not_before_at=NOW,
        )
    )
    appointment = session.query(Appointment).where(Appointment.post_id == post_id).one()
    holder = AppointmentFacts(
        appointment_id=appointment.id,
        post_id=post_id,
        person_id=appointment.person_id,
        name="",
        address=None,
        language="sv",
        starts_on=appointment.starts_on,
        ends_on=None,
    )
    return make_link(session, case_id=case_id, holder=holder, mail_id=new_id(), now=datetime(2027, 1, 7, tzinfo=UTC))
