"""Databases of any size for the benches: two municipalities opened by the real sweep, then copied inside the database.

Copying is one INSERT … SELECT per table, the same on SQLite and PostgreSQL. Ids differ between the copies, so that the
statistics and the keys are those of a real database; only the seals of the copied journals are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Insert,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    create_engine,
    func,
    insert,
    literal,
    select,
    update,
)

from styrhjul.db.case_model import CaseDuty, JournalEntry, Notice, SubjectKind, Wake
from styrhjul.db.migrate import METADATA
from styrhjul.db.model import ID_LENGTH, Duty, DutyBody, Edition, Meeting, Municipality, Person, Policy, new_id
from styrhjul.db.session import Database
from styrhjul.db.wake import touch_policies
from styrhjul.domain.calendar import add_working_days
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.lifecycle import Holder
from styrhjul.domain.vocabulary import ActionKind, Confidence, Modality
from tests.town import FOLLOWED_FROM, SENTENCE, Town, build_town
from workflows.goal_setting import GOAL_SETTING

COMMITTEES = (
    "barnnämnden",
    "byggnämnden",
    "kulturnämnden",
    "miljönämnden",
    "omsorgsnämnden",
    "socialnämnden",
    "tekniska nämnden",
    "utbildningsnämnden",
)
#: The goal round of 2027 opens here.
OPENING = date(2027, 1, 7)
_MEETING_MONTHS = (1, 2, 3, 4, 5, 6, 8, 9, 10, 11)
#: A sweep neither reads nor writes it for a case that is open.
_LEFT_OUT = (CaseDuty.__tablename__,)
_HALF = ID_LENGTH // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How a database is laid out: `policies` per municipality, each asking every committee; `awake` municipalities.

    In an awake municipality each committee meets on a day of its own, so that its cases, one per policy, are due on a
    day of their own. In the others nothing is due while we measure.
    """

    policies: int
    awake: int

    @property
    def cases(self) -> int:
        """Cases per municipality."""
        return self.policies * len(COMMITTEES)

    @property
    def due(self) -> int:
        """Cases due on each measured day, whatever the size of the database."""
        return self.policies * self.awake

    def municipalities(self, cases: int) -> int:
        """Return how many municipalities make about so many cases."""
        return max(round(cases / self.cases), self.awake + 1)


def open_templates(database: Database, shape: Shape) -> tuple[str, str]:
    """Build one awake and one quiet municipality in a migrated database; return their ids in that order."""
    awake, quiet = (_town(database, slug, shape) for slug in ("vaken", "stilla"))
    _add_meetings(awake)
    opened = awake.sweep(OPENING).opened
    if opened != 2 * shape.cases:
        raise LookupError(f"{opened} cases were opened, not {2 * shape.cases}")
    for town in (awake, quiet):
        _deliver_everything(town)
    return awake.municipality_id, quiet.municipality_id


def waking_days(database: Database, municipality_id: str, shape: Shape) -> list[date]:
    """Return the days on which exactly one committee's cases wake, before any case wakes for a second time."""
    query = select(Wake.wake_on, func.count()).where(Wake.subject_kind == SubjectKind.CASE).group_by(Wake.wake_on)
    with database.reading(municipality_id) as session:
        days = sorted(day for day, count in session.execute(query) if count == shape.policies)
    second = add_working_days(days[0], 7)  # the last reminder stands seven working days after the first
    return [day for day in days if day < second]


def copy_municipality(url: str, source: str, copies: int) -> None:
    """Add so many copies of a municipality: everything in it, but of the journal every third line."""
    ids = sorted(new_id() for _ in range(copies))
    rows = [{"target": target, "slug": target} for target in ids]
    if not rows:
        return
    engine = create_engine(url)
    with engine.connect() as connection:
        _leave_checks_out(connection)
        for table in METADATA.sorted_tables:
            if table.name == Municipality.__tablename__ or (
                "municipality_id" in table.c and table.name not in _LEFT_OUT
            ):
                connection.execute(_copy_of(table, source), rows)
        connection.commit()
    engine.dispose()


def give_each_its_domain(url: str, slug: str) -> None:
    """Give the copies of a town addresses under their own ids: municipalities have mail domains of their own."""
    own = literal("@").concat(Person.municipality_id).concat(".")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(update(Person).values(address=func.replace(Person.address, f"@{slug}.", own)))
    engine.dispose()


def tidy(database: Database) -> None:
    """Do what PostgreSQL's autovacuum would have done by the next day; SQLite has no such thing."""
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
            connection.exec_driver_sql("CHECKPOINT")


def _town(database: Database, slug: str, shape: Shape) -> Town:
    town = build_town(database, slug, committees=COMMITTEES)
    ids = [new_id() for _ in range(shape.policies - 1)]
    with database.municipality(town.municipality_id) as session:
        for table, rows in (
            (Policy, [_policy(town, policy_id) for policy_id in ids]),
            (Edition, [_edition(policy_id) for policy_id in ids]),
            (Duty, [_duty(policy_id) for policy_id in ids]),
            (
                DutyBody,
                [
                    {"id": new_id(), "duty_id": policy_id, "body_id": town.bodies[name]}
                    for policy_id in ids
                    for name in COMMITTEES
                ],
            ),
        ):
            session.add_all(table(**row) for row in rows)
            session.flush()
        touch_policies(session, ids, [GOAL_SETTING.key], FOLLOWED_FROM)
    return town


def _policy(town: Town, policy_id: str) -> dict[str, object]:
    return {
        "id": policy_id,
        "slug": f"policy-{policy_id}",
        "title": "Policy",
        "document_type": "policy",
        "adopted_by_id": town.bodies["fullmäktige"],
        "starts_on": FOLLOWED_FROM,
        "released_at": datetime(2026, 10, 1, tzinfo=UTC),
    }


def _edition(policy_id: str) -> dict[str, object]:
    return {
        "id": policy_id,
        "policy_id": policy_id,
        "text": SENTENCE,
        "sha256": "0" * 64,
        "adopted_by": "Kommunfullmäktige",
        "adopted_on": date(2015, 9, 7),
        "imported_at": datetime(2026, 10, 1, tzinfo=UTC),
    }


def _duty(policy_id: str) -> dict[str, object]:
    return {
        "id": policy_id,
        "policy_id": policy_id,
        "edition_id": policy_id,
        "quote": SENTENCE,
        "start": 0,
        "end": len(SENTENCE),
        "actor": "Varje nämnd",
        "modality": Modality.MUST,
        "action_kind": ActionKind.SET_GOALS,
        "lifecycle": GOAL_SETTING.key,
        "addressees": [],
        "confidence": Confidence.HIGH,
        "reason": "ska + ta fram mål",
        "status": "confirmed",
        "holder": Holder.BODY,
    }


def _add_meetings(town: Town) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.add_all(
            Meeting(id=new_id(), body_id=town.bodies[name], meets_on=add_working_days(date(year, month, 1), number))
            for number, name in enumerate(COMMITTEES)
            for year in (2027, 2028)
            for month in _MEETING_MONTHS
        )


def _deliver_everything(town: Town) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Notice).values(status=NoticeStatus.DELIVERED, delivered_on=OPENING))


def _leave_checks_out(connection: Connection) -> None:
    """Copies of rows that hold need no second check; a plain SQLite connection makes none."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET session_replication_role = replica")
        return
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-200000"):
        connection.exec_driver_sql(f"PRAGMA {pragma}")


def _copy_of(table: Table, source: str) -> Insert:
    target = bindparam("target", type_=String())
    is_municipality = table.name == Municipality.__tablename__
    query = select(*(_copied(column, target) for column in table.c))
    query = query.where((table.c.id if is_municipality else table.c.municipality_id) == source)
    if table.name == JournalEntry.__tablename__:
        query = query.where(table.c.number % 3 == 0)
    return insert(table).from_select(list(table.c.keys()), query)


def _copied(column: Column[Any], target: ColumnElement[str]) -> ColumnElement[Any]:
    of_municipality = column.table is Municipality.__table__
    if column.name == "municipality_id" or (of_municipality and column.name in ("id", "slug")):
        return target
    if isinstance(column.type, String) and (column.type.length == ID_LENGTH or _stands_alone(column)):
        return func.substr(target, 1, _HALF).concat(func.substr(column, _HALF + 1))
    return column


def _stands_alone(column: Column[Any]) -> bool:
    """Whether no two rows of the table, whosever they are, may have the same."""
    keys = [each for each in column.table.constraints if isinstance(each, UniqueConstraint)]
    return any([part.name for part in key.columns] == [column.name] for key in keys)
