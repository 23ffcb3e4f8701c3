"""A small municipality in which one question has been asked: the rows behind an answer link, and nothing more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select, text

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
from styrhjul.db.register_trigger import renewing
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import Holder, State
from styrhjul.domain.office import AppointmentFacts, PostRole
from styrhjul.domain.vocabulary import ActionKind, BodyKind, Confidence, DueBasis, Modality
from styrhjul.services.mailing.link import make_link
from tests.servers import past_every_session

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from styrhjul.db.session import Database

NOW = datetime(2027, 3, 10, 9, 0, tzinfo=UTC)
TODAY = date(2027, 3, 10)
QUOTES = {
    "goal_setting": "Varje nämnd ska för sin verksamhet ta fram 1-2 mål.",
    "action_planning": "De verksamheter som berörs kan utarbeta handlingsplaner.",
    "follow_up": "Uppföljningen sker årligen.",
    "project_follow_up": "Projekt och aktiviteter ska följas upp.",
    "annual_report": "Uppföljningen redovisas i årsredovisningen.",
    "revision": "Policyn ska revideras vid varje ny mandatperiod.",
    "currency_review": "Policyn ska aktualitetsprövas.",
}
KINDS = {
    "goal_setting": ActionKind.SET_GOALS,
    "action_planning": ActionKind.ACTION_PLAN,
    "follow_up": ActionKind.FOLLOW_UP,
    "project_follow_up": ActionKind.FOLLOW_UP,
    "annual_report": ActionKind.REPORT,
    "revision": ActionKind.REVISE,
    "currency_review": ActionKind.REVISE,
}
PERIODS = {
    "goal_setting": "2027",
    "action_planning": "2027",
    "follow_up": "2026",
    "project_follow_up": "2026",
    "annual_report": "2026",
    "revision": "2026-10-15",
    "referral": "2027-03-01",
    "currency_review": "2027",
    "handover": "2027-01-01",
}
DUE = {
    "goal_setting": date(2027, 3, 31),
    "action_planning": date(2027, 3, 31),
    "follow_up": date(2027, 2, 26),
    "project_follow_up": date(2027, 2, 26),
    "annual_report": date(2027, 3, 25),
    "revision": date(2027, 12, 30),
    "referral": date(2027, 4, 30),
    "currency_review": date(2027, 11, 15),
    "handover": date(2027, 3, 12),
}
LAPSES = date(2028, 9, 1)
HOLDERS = {
    "project_follow_up": (Holder.CHIEF_EXECUTIVE, PostRole.CHIEF_EXECUTIVE),
    "annual_report": (Holder.COORDINATOR, PostRole.COORDINATOR),
    "currency_review": (Holder.DOCUMENT_OWNER, PostRole.COORDINATOR),
    "handover": (Holder.COORDINATOR, PostRole.COORDINATOR),
}
#: The only one whose sentence says *kan*.
OPTIONAL = "action_planning"


@dataclass(frozen=True)
class World:
    """Ids and tokens; `tokens` by role of the post."""

    municipality_id: str
    case_id: str
    lifecycle: str
    bodies: dict[str, str]
    posts: dict[PostRole, str]
    tokens: dict[PostRole, str]

    @property
    def chair(self) -> str:
        return self.tokens[PostRole.CHAIR]

    @property
    def holder(self) -> str:
        """The token of somebody who may answer."""
        return self.tokens[HOLDERS.get(self.lifecycle, (None, PostRole.CHAIR))[1]]


def create_tables(database: Database) -> None:
    with past_every_session(database) as connection:
        Base.metadata.create_all(connection)
        dialect = database.engine.dialect.name
        for statement in (*APPEND_ONLY[dialect], *renewing(dialect)):
            connection.execute(text(statement))


def ask(
    database: Database, lifecycle: str = "goal_setting", slug: str = "herrljunga", *, period: str | None = None
) -> World:
    """Insert the municipality with one open case, mailed to everybody there is."""
    municipality_id = new_id()
    with database.municipality(municipality_id) as session:
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
        bodies = {
            "kf": _add(session, Body(slug="kf", name="Kommunfullmäktige", kind=BodyKind.COUNCIL)),
            "ks": _add(session, Body(slug="ks", name="Kommunstyrelsen", kind=BodyKind.EXECUTIVE_BOARD)),
            "social": _add(session, Body(slug="social", name="Socialnämnden", kind=BodyKind.COMMITTEE)),
        }
        posts = _posts(session, bodies["social"], bodies["ks"])
        policy, duty = _policy(session, lifecycle, bodies)
        case_id = add_case(session, lifecycle, policy, bodies["social"], duty=duty, period=period)
        tokens = {role: told(session, case_id, lifecycle, post_id) for role, post_id in posts.items()}
        session.add(Wake(lifecycle=lifecycle, subject_id=case_id, subject_kind=SubjectKind.CASE, wake_on=TODAY))
    return World(municipality_id, case_id, lifecycle, bodies, posts, tokens)


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
        PostRole.COORDINATOR: (board_id, "Kanslisamordnare"),
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


def _policy(session: Session, lifecycle: str, bodies: dict[str, str]) -> tuple[str, str | None]:
    policy = _add(
        session,
        Policy(
            slug="integration",
            title="Integrationspolicy",
            adopted_by_id=bodies["kf"],
            starts_on=date(2026, 10, 15),
            released_at=NOW,
        ),
    )
    quote = QUOTES.get(lifecycle, QUOTES["goal_setting"])
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
    if lifecycle not in QUOTES:
        return policy, None
    duty = _add(session, _duty(lifecycle, policy, edition))
    session.add(DutyBody(duty_id=duty, body_id=bodies["social"]))
    return policy, duty


def add_case(
    session: Session,
    lifecycle: str,
    policy: str,
    body_id: str,
    *,
    duty: str | None = None,
    period: str | None = None,
    state: State = State.OPEN,
) -> str:
    """Insert an open case; return its id. A handover is of no policy."""
    source = "Kommunens standard det år nya nämnder tillträder."
    case = _add(
        session,
        Case(
            policy_id=None if lifecycle == "handover" else policy,
            lifecycle=lifecycle,
            body_id=body_id,
            period=period or PERIODS[lifecycle],
            holder=HOLDERS.get(lifecycle, (Holder.BODY, None))[0],
            state=state,
            opens_on=date(2027, 1, 7),
            aimed_from_on=date(2027, 1, 7),
            due_on=DUE[lifecycle],
            due_source=source,
            due_basis=DueBasis.DEFAULT,
            lapses_on=LAPSES,
            is_binding=lifecycle != OPTIONAL,
        ),
    )
    if duty:
        session.add(CaseDuty(case_id=case, duty_id=duty))
    opened = {"due_on": DUE[lifecycle].isoformat(), "due_source": source}
    write_down(session, [Line(kind=EntryKind.CASE_OPENED, by="styrhjul", case_id=case, data=opened)], NOW)
    return case


def policy_of(session: Session) -> str:
    """The only policy there is."""
    return session.scalars(select(Policy.id)).one()


def _duty(lifecycle: str, policy: str, edition: str) -> Duty:
    return Duty(
        policy_id=policy,
        edition_id=edition,
        quote=QUOTES[lifecycle],
        start=4,
        end=4 + len(QUOTES[lifecycle]),
        actor="Varje nämnd",
        modality=Modality.MAY if lifecycle == OPTIONAL else Modality.MUST,
        action_kind=KINDS[lifecycle],
        goal_min=1 if lifecycle == "goal_setting" else None,
        goal_max=2 if lifecycle == "goal_setting" else None,
        addressees=[],
        confidence=Confidence.HIGH,
        reason="test",
        status=DutyStatus.CONFIRMED,
        holder=HOLDERS.get(lifecycle, (Holder.BODY, None))[0],
        lifecycle=lifecycle,
    )


def told(
    session: Session,
    case_id: str,
    lifecycle: str,
    post_id: str,
    *,
    deputy_post_id: str | None = None,
    rung: str = "opened",
) -> str:
    """Enter a delivered notice to a post with a link for its holder, or for its deputy's; return the token."""
    session.add(
        Notice(
            case_id=case_id,
            due_on=DUE[lifecycle],
            rung=rung,
            post_id=post_id,
            status=NoticeStatus.DELIVERED,
            planned_on=date(2027, 1, 7),
            not_before_at=NOW,
        )
    )
    held = deputy_post_id or post_id
    appointment = session.query(Appointment).where(Appointment.post_id == held).one()
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
