"""P7, on both databases: whoever works for one municipality neither sees, changes nor makes a row of another.

Every table is in here by itself, with two municipalities that are alike to the last name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Enum, Table, delete, exists, func, insert, literal, select, text, true, union_all, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from styrhjul.db.migrate import METADATA
from styrhjul.db.model import Base, Body, Municipality, OfMunicipality, new_id
from styrhjul.db.session import OWN, Database, ForeignMunicipality, NotScoped
from styrhjul.db.upsert import insert_into
from tests.filled import Filled
from tests.one_of_each import OWNED, Values, insert_both, row_like
from tests.servers import past_every_session

Owned = type[OfMunicipality]
Statement = Any  # SQLAlchemy's have no type in common


@dataclass(frozen=True)
class Two:
    """Two municipalities with one row in every table each; `ours` is the one the session is bound to."""

    database: Database
    ours: dict[str, Values]
    theirs: dict[str, Values]

    @property
    def our_id(self) -> str:
        return str(self.ours["municipality"]["id"])

    @property
    def their_id(self) -> str:
        return str(self.theirs["municipality"]["id"])

    def their_rows(self) -> dict[str, list[Values]]:
        """What the other municipality has, read past every session."""
        with past_every_session(self.database) as connection:
            return {
                table.name: [dict(row) for row in connection.execute(_of(table, self.their_id)).mappings()]
                for table in map(table_of, OWNED)
            }


def _of(table: Table, municipality_id: str) -> Statement:
    return select(table).where(table.c.municipality_id == municipality_id)


def table_of(owned: Owned) -> Table:
    return METADATA.tables[owned.__tablename__]  # type: ignore[attr-defined]


@pytest.fixture
def two(database: Database, filled: Filled) -> Two:
    return Two(database, *filled(database, insert_both))


def test_every_table_with_a_municipality_is_under_test() -> None:
    with_municipality = {table.name for table in METADATA.tables.values() if "municipality_id" in table.columns}
    assert {table_of(owned).name for owned in OWNED} == with_municipality
    assert METADATA.tables.keys() - with_municipality == {
        *("municipality", "channel", "hold", "pulse", "step_count", "step_request", "stray_mail"),
        *("backup", "journal_check", "mail_bucket", "mail_line", "sign_in_tally"),
    }


# -- reading -----------------------------------------------------------------------------------------------------------


def in_a_derived_table(owned: Owned) -> Statement:
    derived = select(owned.municipality_id).subquery()
    return select(derived.c.municipality_id)


def in_a_common_table(owned: Owned) -> Statement:
    common = select(owned.municipality_id).cte()
    return select(common.c.municipality_id)


def joined_with_itself(owned: Owned) -> Statement:
    other = aliased(owned)
    return select(other.municipality_id).select_from(owned).join(other, true())


def as_an_alias_of_a_subquery(owned: Owned) -> Statement:
    return select(aliased(owned, select(owned).subquery()).municipality_id)


def by_correlation(owned: Owned) -> Statement:
    return select(Municipality.id).where(exists().where(owned.municipality_id == Municipality.id))


READINGS: dict[str, Callable[[Owned], Statement]] = {
    "column": lambda owned: select(owned.municipality_id),
    "alias": lambda owned: select(aliased(owned).municipality_id),
    "derived table": in_a_derived_table,
    "common table": in_a_common_table,
    "alias of a subquery": as_an_alias_of_a_subquery,
    "joined with itself": joined_with_itself,
    "joined": lambda owned: (
        select(owned.municipality_id).select_from(Municipality).join(owned, owned.municipality_id == Municipality.id)
    ),
    "outer join": lambda owned: (
        select(owned.municipality_id)
        .select_from(Municipality)
        .outerjoin(owned, owned.municipality_id == Municipality.id)
        .where(owned.municipality_id.is_not(None))
    ),
    "in": lambda owned: select(Municipality.id).where(Municipality.id.in_(select(owned.municipality_id))),
    "exists": by_correlation,
    "scalar": lambda owned: select(select(func.max(owned.municipality_id)).scalar_subquery()).union(
        select(select(func.min(owned.municipality_id)).scalar_subquery())
    ),
    "union": lambda owned: union_all(select(owned.municipality_id), select(owned.municipality_id)),
    "greatest": lambda owned: select(func.max(owned.municipality_id)),
    "least": lambda owned: select(func.min(owned.municipality_id)),
}


@pytest.mark.parametrize("bound", ["writing", "reading"])
def test_whichever_way_a_table_is_read_only_our_own_rows_are_there(two: Two, bound: str) -> None:
    open_session = two.database.municipality if bound == "writing" else two.database.reading
    with open_session(two.our_id) as session:
        leaks = [
            f"{owned.__name__} {name}"
            for owned in OWNED
            for name, reading in READINGS.items()
            if set(session.scalars(reading(owned))) != {two.our_id}
        ]
    assert leaks == []


def test_one_statement_that_both_ask_gives_each_its_own(two: Two) -> None:
    for owned in OWNED:
        for reading in READINGS.values():
            statement = reading(owned)
            for municipality_id in (two.their_id, two.our_id, two.their_id):
                with two.database.municipality(municipality_id) as session:
                    assert set(session.scalars(statement)) == {municipality_id}


def test_no_value_of_a_statement_says_whose_rows_are_seen(two: Two) -> None:
    with two.database.municipality(two.our_id) as session:
        with pytest.raises(ForeignMunicipality):
            session.scalars(select(Body.municipality_id), {OWN: two.their_id})
        assert set(session.scalars(select(Body.municipality_id).params({OWN: two.their_id}))) == {two.our_id}


def test_an_object_is_loaded_again_as_it_now_stands(two: Two) -> None:
    with two.database.municipality(two.our_id) as session:
        body = session.scalars(select(Body)).one()
        name = body.name
        session.expire(body)
        assert body.name == name
        session.refresh(body)
        assert body.name == name


def test_rows_counts_and_keys_are_our_own_too(two: Two) -> None:
    with two.database.municipality(two.our_id) as session:
        for owned in OWNED:
            key = [two.theirs[table_of(owned).name][column.name] for column in table_of(owned).primary_key]
            assert [row.municipality_id for row in session.scalars(select(owned))] == [two.our_id]
            assert [row.municipality_id for row in session.query(owned)] == [two.our_id]
            assert session.scalar(select(func.count()).select_from(owned)) == 1
            assert session.get(owned, key) is None


@pytest.mark.parametrize(
    "unfiltered",
    [
        select,
        lambda table: text(f'SELECT * FROM "{table.name}"'),  # noqa: S608 - a table of ours
        lambda table: update(table).values(municipality_id="x"),
        delete,
    ],
    ids=["table", "text", "update", "delete"],
)
def test_what_cannot_be_filtered_is_refused(two: Two, unfiltered: Callable[[Table], Statement]) -> None:
    for owned in OWNED:
        with pytest.raises(NotScoped), two.database.municipality(two.our_id) as session:
            session.execute(unfiltered(table_of(owned)))


def test_text_dressed_as_rows_is_refused(two: Two) -> None:
    with pytest.raises(NotScoped), two.database.municipality(two.our_id) as session:
        session.scalars(select(Body).from_statement(text("SELECT * FROM body"))).all()


# -- writing -----------------------------------------------------------------------------------------------------------


def another(owned: Owned, two: Two) -> dict[Any, Any]:
    """One column with another value than both municipalities have; the id where a table has nothing else."""
    ours = two.ours[table_of(owned).name]
    for column in table_of(owned).columns:
        match ours[column.name]:
            case date() as day if not column.primary_key:
                return {column.name: day + timedelta(1)}
            case str() if not (isinstance(column.type, Enum) or column.foreign_keys or column.primary_key):
                return {column.name: new_id()}
    return {"id": new_id()}


def moved(session: Session, owned: Owned, two: Two) -> None:
    session.scalars(select(owned)).one().municipality_id = two.their_id


def changed(session: Session, owned: Owned, two: Two) -> None:
    session.execute(update(owned).values(another(owned, two)).execution_options(synchronize_session=False))
    session.query(owned).update(another(owned, two), synchronize_session=False)
    session.execute(update(Municipality).values(name="Ingen kommun").execution_options(synchronize_session=False))


def deleted(session: Session, owned: Owned, two: Two) -> None:
    session.execute(
        delete(owned).where(owned.municipality_id == two.their_id).execution_options(synchronize_session=False)
    )
    session.query(owned).filter(owned.municipality_id == two.their_id).delete(synchronize_session=False)


def like_theirs(owned: Owned, two: Two) -> Values:
    return row_like(two.theirs, table_of(owned))


def selected(owned: Owned, two: Two) -> Statement:
    row, table = like_theirs(owned, two), table_of(owned)
    values = select(*(literal(value, table.c[name].type).label(name) for name, value in row.items()))
    return insert(owned).from_select(list(row), values)


REFUSED: dict[str, Callable[[Session, Owned, Two], object]] = {
    "added": lambda s, owned, two: s.add(owned(**like_theirs(owned, two))),
    "merged": lambda s, owned, two: s.merge(owned(**two.theirs[table_of(owned).name])),
    "moved": moved,
    "inserted": lambda s, owned, two: s.execute(insert(owned), [like_theirs(owned, two)]),
    "inserted by values": lambda s, owned, two: s.execute(insert(owned).values(like_theirs(owned, two))),
    "inserted among ours": lambda s, owned, two: s.execute(
        insert(owned).values([row_like(two.ours, table_of(owned)), like_theirs(owned, two)])
    ),
    "inserted half and half": lambda s, owned, two: s.execute(
        insert(owned).values(municipality_id=two.their_id), [row_like(two.ours, table_of(owned))]
    ),
    "upserted": lambda s, owned, two: s.execute(insert_into(s, owned).values(like_theirs(owned, two))),  # type: ignore[arg-type]
    "updated away": lambda s, owned, two: s.execute(update(owned).values(municipality_id=two.their_id)),
    "updated by key": lambda s, owned, two: s.execute(update(owned), [two.theirs[table_of(owned).name]]),
    "updated by query": lambda s, owned, two: s.query(owned).update({"municipality_id": two.their_id}),
    "selected": lambda s, owned, two: s.execute(selected(owned, two)),
}


@pytest.mark.parametrize("way", REFUSED.values(), ids=REFUSED.keys())
def test_a_row_of_theirs_cannot_be_made_whichever_way(two: Two, way: Callable[[Session, Owned, Two], object]) -> None:
    before = two.their_rows()
    for owned in OWNED:
        with (
            pytest.raises((ForeignMunicipality, NotScoped)),
            two.database.municipality(two.our_id) as session,
        ):
            way(session, owned, two)
    assert two.their_rows() == before


@pytest.mark.parametrize("way", [changed, deleted])
def test_what_changes_every_row_changes_only_ours(two: Two, way: Callable[[Session, Owned, Two], None]) -> None:
    before = two.their_rows()
    for owned in OWNED:
        if table_of(owned).name == "journal_entry":
            continue  # refuses every change, ours too: test_journal.py
        with two.database.municipality(two.our_id) as session:
            way(session, owned, two)
    assert two.their_rows() == before
    with two.database.system(read_only=True) as session:
        assert session.scalar(select(Municipality.name).where(Municipality.id == two.their_id)) == "name"


def test_another_municipality_itself_cannot_be_written_row_by_row(two: Two) -> None:
    with pytest.raises(ForeignMunicipality), two.database.municipality(two.our_id) as session:
        session.get_one(Municipality, two.their_id).name = "Ingen kommun"


# -- pointing across ---------------------------------------------------------------------------------------------------

#: They name a row without a foreign key. A new one must have a reason, or a key.
WITHOUT_A_KEY = {
    "answer_link.mail_id",  # made before its mail, in the same transaction
    "body.answers_through_id",
    "journal_entry.case_id",  # what is written outlives what it speaks of
    "mail.appointment_id",
    "oidc_provider.client_id",  # the service's name for us
    "policy.owner_post_id",
    "quarantine.subject_id",  # a policy, a case or a notice
    "wake.subject_id",  # a policy or a case
}


def test_every_foreign_key_holds_the_municipality() -> None:
    keys = [key for owned in OWNED for key in table_of(owned).foreign_key_constraints]
    assert keys
    assert all("municipality_id" in key.column_keys for key in keys)


#: Numbers of a form in a browser, and the name a mail has for the world.
OUTSIDE = {f"{table}.form_id" for table in ("answer", "attachment", "competing_answer", "draft")} | {"mail.message_id"}


def test_every_column_that_names_a_row_is_a_foreign_key_or_has_a_reason() -> None:
    loose = {
        f"{table_of(owned).name}.{column.name}"
        for owned in OWNED
        for column in table_of(owned).columns
        if column.name.endswith("_id") and not column.foreign_keys and column.name != "message_id"
    }
    assert loose - OUTSIDE == WITHOUT_A_KEY


def test_a_row_of_ours_cannot_point_at_one_of_theirs(two: Two) -> None:
    for owned in OWNED:
        table = table_of(owned)
        for column in table.columns:
            if column.foreign_keys and column.name != "municipality_id":
                theirs = {column.name: two.theirs[table.name][column.name]}
                with pytest.raises(IntegrityError), two.database.municipality(two.our_id) as session:
                    session.execute(insert(owned), [row_like(two.ours, table, **theirs)])


def test_every_class_that_has_a_municipality_is_filtered() -> None:
    for mapper in Base.registry.mappers:
        if "municipality_id" in mapper.columns:
            assert issubclass(mapper.class_, OfMunicipality)
