"""A small municipality in a real database, for tests of services: one board, two committees, one policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, Notice
from styrhjul.db.mail_model import Mail
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
from styrhjul.db.session import Database
from styrhjul.db.wake import touch_policies
from styrhjul.domain.lifecycle import Holder
from styrhjul.domain.moment import local_moment
from styrhjul.domain.office import PostRole
from styrhjul.domain.vocabulary import ActionKind, BodyKind, Confidence, Modality
from styrhjul.mail.outcome import Accepted, Connection, Reply
from styrhjul.mail.seal import Sealer
from styrhjul.services.cases.sweep import SweepReport, run_sweep
from styrhjul.services.delivery.compose import ComposeReport, compose_mails
from styrhjul.services.delivery.deliver import DeliverReport, deliver
from styrhjul.services.foundation.mailroom import Mailroom
from workflows import LIFECYCLES

FOLLOWED_FROM = date(2026, 10, 15)
SEALER = Sealer("a secret key for tests, long enough")
ROLES = (PostRole.CHAIR, PostRole.SECRETARY, PostRole.HEAD_OF_ADMINISTRATION)
BOARD_ROLES = (*ROLES, PostRole.CHIEF_EXECUTIVE, PostRole.COORDINATOR, PostRole.REGISTRAR, PostRole.FUNCTION_MAILBOX)
SENTENCE = "Varje nämnd ska ta fram 1-2 mål."


def nine(day: date) -> datetime:
    """Nine o'clock in Stockholm: the day's mails may leave."""
    return local_moment(day) + timedelta(hours=1)


@dataclass
class RememberingTransport:
    """A way out that keeps what leaves; `reply` decides what the server answers."""

    taken: list[tuple[str, bytes]] = field(default_factory=list)
    reply: Callable[[str], Reply] = field(default=lambda _: Accepted("250 ok"))

    @contextmanager
    def open(self) -> Iterator[Connection]:
        yield self

    def send(self, return_path: str, to: str, raw: bytes) -> Reply:
        """Take one mail."""
        del return_path
        answer = self.reply(to)
        if isinstance(answer, Accepted):
            self.taken.append((to, raw))
        return answer


@dataclass
class Town:
    """A municipality and the clockwork around it."""

    database: Database
    slug: str = "lillby"
    transport: RememberingTransport = field(default_factory=RememberingTransport)
    municipality_id: str = field(default_factory=new_id)
    bodies: dict[str, str] = field(default_factory=dict)
    policy_id: str = field(default_factory=new_id)

    @property
    def mailroom(self) -> Mailroom:
        """The mailroom of this town."""
        return Mailroom(base_url="https://lillby.example.org", sealer=SEALER, open_transport=lambda: self.transport)

    def sweep(self, day: date, *, at: datetime | None = None) -> SweepReport:
        """Sweep every lifecycle at nine."""
        reports = [run_sweep(self.database, lifecycle, at or nine(day)) for lifecycle in LIFECYCLES.values()]
        return sum(reports[1:], reports[0])

    def compose(self, day: date) -> ComposeReport:
        """Write the mails of a day."""
        return compose_mails(self.database, self.mailroom, nine(day))

    def deliver(self, day: date) -> DeliverReport:
        """Send what may leave."""
        return deliver(self.database, self.mailroom, lambda: nine(day))

    def live(self, day: date) -> DeliverReport:
        """One whole day: sweep, compose, deliver."""
        self.sweep(day)
        self.compose(day)
        return self.deliver(day)

    def live_through(self, start: date, until: date) -> None:
        """Every day from `start` to `until`, both included."""
        for offset in range((until - start).days + 1):
            self.live(start + timedelta(offset))

    def cases(self) -> list[Case]:
        """Every case."""
        with self.database.reading(self.municipality_id) as session:
            return list(session.scalars(select(Case).order_by(Case.lifecycle, Case.body_id)))

    def notices(self) -> list[Notice]:
        """The whole ledger, oldest first."""
        with self.database.reading(self.municipality_id) as session:
            return list(session.scalars(select(Notice).order_by(Notice.planned_on, Notice.rung, Notice.post_id)))

    def mails(self) -> list[Mail]:
        """The whole outbox, oldest first."""
        with self.database.reading(self.municipality_id) as session:
            return list(session.scalars(select(Mail).order_by(Mail.composed_at, Mail.address)))


def build_town(
    database: Database,
    slug: str = "lillby",
    *,
    kinds: tuple[ActionKind, ...] = (ActionKind.SET_GOALS,),
    committees: tuple[str, ...] = ("socialnämnden", "byggnämnden"),
) -> Town:
    """A released municipality whose one policy, adopted in 2015, binds every committee."""
    town = Town(database, slug)
    with database.municipality(town.municipality_id) as session:
        session.add(
            Municipality(
                id=town.municipality_id,
                slug=slug,
                name=f"{slug.capitalize()} kommun",
                starts_on=FOLLOWED_FROM,
                sender_address=f"styrhjul@{slug}.example.org",
                reply_to=f"registrator@{slug}.example.org",
                released_at=datetime(2026, 10, 1, tzinfo=UTC),
            )
        )
    with database.municipality(town.municipality_id) as session:
        _store(session, _organisation(town, committees))
        _store(session, _policy(town))
        for kind in kinds:
            _store(session, _duty(town, kind, committees))
        touch_policies(session, [town.policy_id], LIFECYCLES, FOLLOWED_FROM)
    return town


def town_with_mail(database: Database, on: date) -> Town:
    """Return a town with four mails in the outbox: a chair and a secretary in each of two committees."""
    town = build_town(database)
    town.sweep(on)
    town.compose(on)
    return town


def _store(session: Session, rows: list[Base]) -> None:
    """Add the rows table by table, in the order their foreign keys allow."""
    for table in Base.metadata.sorted_tables:
        session.add_all(row for row in rows if row.__tablename__ == table.name)
        session.flush()


def _organisation(town: Town, committees: tuple[str, ...]) -> list[Base]:
    rows: list[Base] = []
    for name, kind in (
        ("fullmäktige", BodyKind.COUNCIL),
        ("kommunstyrelsen", BodyKind.EXECUTIVE_BOARD),
        *((committee, BodyKind.COMMITTEE) for committee in committees),
    ):
        body_id = town.bodies[name] = new_id()
        rows.append(
            Body(municipality_id=town.municipality_id, id=body_id, slug=name, name=name.capitalize(), kind=kind)
        )
        for role in BOARD_ROLES if kind is BodyKind.EXECUTIVE_BOARD else ROLES:
            rows += _post(town, name, body_id, role)
    return rows


def _post(town: Town, body: str, body_id: str, role: PostRole) -> list[Base]:
    post_id, person_id, title = new_id(), new_id(), f"{role}, {body}"
    address = f"{role}.{body.replace('ä', 'a').replace('å', 'a')}@{town.slug}.example.org"
    mine = {"municipality_id": town.municipality_id}
    return [
        Post(**mine, id=post_id, body_id=body_id, role=role, title=title),
        Person(**mine, id=person_id, key=title, name=title.capitalize(), address=address, language="sv"),
        Appointment(**mine, post_id=post_id, person_id=person_id, starts_on=date(2023, 1, 1), ends_on=None),
    ]


def _policy(town: Town) -> list[Base]:
    return [
        Policy(
            id=town.policy_id,
            slug="policy",
            title="Integrationspolicy",
            document_type="policy",
            adopted_by_id=town.bodies["fullmäktige"],
            starts_on=FOLLOWED_FROM,
            released_at=datetime(2026, 10, 1, tzinfo=UTC),
        ),
        Edition(
            id=town.policy_id,
            policy_id=town.policy_id,
            text=SENTENCE,
            sha256="0" * 64,
            adopted_by="Kommunfullmäktige",
            adopted_on=date(2015, 9, 7),
            paragraph="82",
            imported_at=datetime(2026, 10, 1, tzinfo=UTC),
        ),
    ]


def _duty(town: Town, kind: ActionKind, committees: tuple[str, ...]) -> list[Base]:
    duty_id = new_id()
    revises = kind is ActionKind.REVISE
    bound = ("kommunstyrelsen",) if revises else committees
    duty = Duty(
        id=duty_id,
        policy_id=town.policy_id,
        edition_id=town.policy_id,
        quote=SENTENCE,
        start=0,
        end=len(SENTENCE),
        actor="Varje nämnd",
        modality=Modality.MUST,
        action_kind=kind,
        recurrence="mandate_period" if revises else None,
        goal_min=1,
        goal_max=2,
        addressees=[],
        confidence=Confidence.HIGH,
        reason="ska + ta fram mål",
        status=DutyStatus.CONFIRMED,
        holder=Holder.DOCUMENT_OWNER if revises else Holder.BODY,
        lifecycle=next(key for key, each in LIFECYCLES.items() if kind in each.action_kinds),
    )
    return [duty, *(DutyBody(duty_id=duty_id, body_id=town.bodies[name]) for name in bound)]
