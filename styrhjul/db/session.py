"""Opening the database: one engine a process, sessions bound to one municipality, named system sessions beside them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine, Insert, bindparam, create_engine, event, inspect, make_url, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, with_loader_criteria

from styrhjul.db.compiled import Compiled
from styrhjul.db.model import Municipality, OfMunicipality
from styrhjul.db.row_security import SCOPE, SYSTEM
from styrhjul.db.savepoint import say_savepoints_plainly

_BUSY_TIMEOUT_MS = 15_000
#: How long SQLite's write-ahead log grows, 16 MB, before it goes into the file: a mail's row is written four times on
#: its way, and a page that was written again meanwhile goes there once.
_PAGES_AHEAD = 4000
_STATEMENT_TIMEOUT_MS = 60_000
#: A plan that is kept stands until the next ANALYZE: one made while the outbox was empty reads all of it ever after.
_OPTIONS = f"-c timezone=UTC -c statement_timeout={_STATEMENT_TIMEOUT_MS} -c plan_cache_mode=force_custom_plan"
#: A host that has lost its power closes no connection: PostgreSQL would keep what it had locked, and we would wait for
#: a PostgreSQL that is gone, for two hours. Each asks after the other when nothing has come for ten seconds, and lets
#: go after three questions without an answer. A socket on the same machine has none of this.
_IDLE_SECONDS, _BETWEEN_SECONDS, _QUESTIONS = 10, 5, 3
_UNHEARD_MS = 1000 * (_IDLE_SECONDS + _QUESTIONS * _BETWEEN_SECONDS)
_OPTIONS += (
    f" -c tcp_keepalives_idle={_IDLE_SECONDS} -c tcp_keepalives_interval={_BETWEEN_SECONDS}"
    f" -c tcp_keepalives_count={_QUESTIONS} -c tcp_user_timeout={_UNHEARD_MS}"
)
_LINE = {
    "connect_timeout": 10,
    "keepalives_idle": _IDLE_SECONDS,
    "keepalives_interval": _BETWEEN_SECONDS,
    "keepalives_count": _QUESTIONS,
    "tcp_user_timeout": _UNHEARD_MS,
}
_SETTING = sql.Identifier(*SCOPE.split("."))


class BeingFilled(ValueError):
    """Någon annan skriver i databasen just nu. Inget är inläst. Försök igen när den är klar."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class Database:
    """The database behind one URL. Cheap to make, connects on first use, safe to share between threads."""

    def __init__(self, url: str, *, relaxed_marks: bool = False) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._engine = _sqlite_engine(url) if self.is_sqlite else _postgresql_engine(url)
        # A mark per accepted mail must not cost a disk sync: a killed process loses nothing, a power cut at most
        # doubles the last mails. PostgreSQL keeps one durability for all, unless `relaxed_marks` says otherwise.
        self._marking = _marking_engine(url, is_relaxed=self.is_sqlite or relaxed_marks)

    @property
    def engine(self) -> Engine:
        """The engine, for migrations and benchmarks."""
        return self._engine

    @cached_property
    def _reading(self) -> Engine:
        return self._engine.execution_options(styrhjul_read_only=True)

    @cached_property
    def _across(self) -> Engine:
        return self._within(self._engine, SYSTEM)

    @cached_property
    def _reading_across(self) -> Engine:
        return self._within(self._reading, SYSTEM)

    def _within(self, engine: Engine, scope: str) -> Engine:
        """Return the engine whose transactions tell the database whom they are for; SQLite does not ask."""
        return engine if self.is_sqlite else engine.execution_options(styrhjul_scope=scope)

    @contextmanager
    def municipality(self, municipality_id: str) -> Iterator[Session]:
        """Open one transaction that sees and writes one municipality's rows only; committed at the end, or nothing."""
        engine = self._within(self._engine, municipality_id)
        with MunicipalitySession(engine, municipality_id) as session, session.begin():
            yield session

    @contextmanager
    def register(self, municipality_id: str) -> Iterator[Session]:
        """As `municipality`, for what may write the register: one at a time, and none while mails are written.

        The row of the municipality is locked first. Every change of the register ends there (see register_trigger), so
        a transaction that came to it last could wait in a circle.
        """
        with self.municipality(municipality_id) as session:
            lock_register(session)
            yield session

    @contextmanager
    def reading(self, municipality_id: str) -> Iterator[Session]:
        """Open one municipality for reading: takes no write lock, and is rolled back at the end."""
        with MunicipalitySession(self._within(self._reading, municipality_id), municipality_id) as session:
            session.info["only_reads"] = True
            yield session

    @contextmanager
    def system(self, *, read_only: bool = False) -> Iterator[Session]:
        """Open a transaction across municipalities: what `row_security.ACROSS` and the architecture name, no more."""
        engine = self._reading_across if read_only else self._across
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Open all there is as it stands at one moment, for reading; `whole.see` says whose rows are seen from then."""
        with self._reading.connect() as connection, connection.begin():
            if not self.is_sqlite:
                connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield connection

    @contextmanager
    def filling(self) -> Iterator[Connection]:
        """Open one transaction that writes into every table of an empty database; as `snapshot` for whose rows.

        One at a time: nobody else makes a municipality meanwhile. Raises BeingFilled, on PostgreSQL, at once.
        """
        with self._engine.begin() as connection:
            if not self.is_sqlite:  # which has let in one writer alone already
                _lock_for_filling(connection)
            yield connection

    @contextmanager
    def marking(self) -> Iterator[Connection]:
        """Open a line for marks that mails were accepted: past the unit of work, each a transaction of its own."""
        with self._marking.connect() as connection:
            yield connection

    def dispose(self) -> None:
        """Close every pooled connection. Safe to repeat; the next use connects again."""
        self._engine.dispose()
        self._marking.dispose()


def _lock_for_filling(connection: Connection) -> None:
    try:
        connection.exec_driver_sql("LOCK TABLE municipality IN SHARE ROW EXCLUSIVE MODE NOWAIT")
    except OperationalError as error:
        if isinstance(error.orig, psycopg.errors.LockNotAvailable):
            raise BeingFilled from None
        raise


#: The name of the value that a filtered statement is given.
OWN = "own_municipality_id"
#: The filter of statements, the same for every session: SQLAlchemy takes it to pieces once.
WITHIN = with_loader_criteria(
    OfMunicipality,
    lambda row: row.municipality_id == bindparam("own_municipality_id"),
    include_aliases=True,
    propagate_to_loaders=False,  # an object is loaded again by its key, which holds the municipality
)


class MunicipalitySession(Session):
    """A session bound to one municipality: its reads are filtered, its writes refused when they name another."""

    def __init__(self, engine: Engine, municipality_id: str) -> None:
        super().__init__(engine, expire_on_commit=False, info={"municipality_id": municipality_id})


class ForeignMunicipality(RuntimeError):
    """A row of another municipality was about to be written. Nothing was."""


class NotScoped(RuntimeError):
    """A statement that cannot be kept within one municipality; write it with the mapped classes."""


def municipality_of(session: Session) -> str:
    """Return the municipality a session is bound to; KeyError for a system session."""
    return str(session.info["municipality_id"])


def only_reads(session: Session) -> bool:
    """Whether nothing is written in a session: it may go on from what it has seen once."""
    return bool(session.info.get("only_reads"))


def lock_register(session: Session) -> None:
    """Wait until nobody else changes the municipality's register or writes its mails; before any other lock."""
    session.flush()
    _REGISTER.rows(session.connection(), {"own": municipality_of(session)})


def try_lock_register(session: Session) -> bool:
    """As `lock_register`, without waiting: False where somebody else has it."""
    session.flush()
    return bool(_FREE_REGISTER.rows(session.connection(), {"own": municipality_of(session)}))


_OWN = select(Municipality.id).where(Municipality.id == bindparam("own"))
_REGISTER = Compiled(_OWN.with_for_update(key_share=True))
_FREE_REGISTER = Compiled(_OWN.with_for_update(key_share=True, skip_locked=True))


def refuse_foreign(session: Session, municipality_id: str) -> None:
    """Raise ForeignMunicipality unless a row of this municipality may be written here; a system session writes all."""
    if session.info.get("municipality_id", municipality_id) != municipality_id:
        raise ForeignMunicipality(municipality_id)


@event.listens_for(MunicipalitySession, "do_orm_execute")
def _keep_within(state: ORMExecuteState) -> None:
    """Filter what is read and changed; refuse what cannot be filtered."""
    session: Any = state.session
    municipality_id = municipality_of(session)
    statement: Any = state.statement
    if not state.is_orm_statement or state.is_from_statement or (state.is_insert and statement.select is not None):
        raise NotScoped(str(statement))
    if state.is_insert or state.is_update:
        _refuse_foreign_values(state, municipality_id)
    if state.is_update or state.is_delete:
        state.statement = statement.options(
            with_loader_criteria(
                OfMunicipality, lambda row: row.municipality_id == municipality_id, include_aliases=True
            ),
            with_loader_criteria(Municipality, Municipality.id == municipality_id),
        )
    elif not (state.is_insert or state.is_column_load or state.is_relationship_load):
        if isinstance(state.parameters, dict) and OWN in state.parameters:  # it would stand above the session's own
            raise ForeignMunicipality(OWN)
        state.statement = statement.options(WITHIN).params({OWN: municipality_id})


def _refuse_foreign_values(state: ORMExecuteState, municipality_id: str) -> None:
    given: Any = state.parameters or {}
    rows = list(given) if isinstance(given, list | tuple) else [given]
    if any(row.get("municipality_id", municipality_id) != municipality_id for row in rows):
        raise ForeignMunicipality(type(state.statement).__name__)
    if any(value != municipality_id for value in _stated_owners(state.statement)):
        raise ForeignMunicipality(type(state.statement).__name__)


def _stated_owners(statement: Any) -> Iterator[object]:  # noqa: ANN401 - an insert or update of any kind
    """Yield what the statement's own .values() say of municipality_id; SQLAlchemy has no public way to ask."""
    stated: list[Any] = [statement._values or {}]  # noqa: SLF001
    if isinstance(statement, Insert):
        for rows in statement._multi_values:  # noqa: SLF001
            stated += (row if isinstance(row, dict) else dict(zip(statement.table.c, row, strict=True)) for row in rows)
    for row in stated:
        for column, value in row.items():
            if getattr(column, "key", column) == "municipality_id":
                yield getattr(value, "value", value)


@event.listens_for(MunicipalitySession, "before_flush")
def _write_within(session: Session, context: UOWTransaction, instances: object) -> None:
    del context, instances
    municipality_id = municipality_of(session)
    rows: list[object] = [*session.new, *session.dirty, *session.deleted]
    for row in rows:
        if isinstance(row, OfMunicipality):
            if row in session.new and inspect(row).dict.get("municipality_id") is None:
                row.municipality_id = municipality_id
            belongs_to = row.municipality_id
        else:
            belongs_to = row.id if isinstance(row, Municipality) else municipality_id
        if belongs_to != municipality_id:
            raise ForeignMunicipality(type(row).__name__)


def _marking_engine(url: str, *, is_relaxed: bool) -> Engine:
    """Return an engine on which each statement is its own transaction: one round trip a mark, nothing to reset.

    It is not asked first whether the line still stands: a mark that fails is made again, on a new one.
    """
    if make_url(url).get_backend_name() == "sqlite":
        options: dict[str, Any] = {"timeout": _BUSY_TIMEOUT_MS / 1000}
    else:
        relaxed = " -c synchronous_commit=off" if is_relaxed else ""
        options = {"options": f"{_OPTIONS} -c {SCOPE}={SYSTEM}{relaxed}", **_LINE}
    engine = create_engine(url, isolation_level="AUTOCOMMIT", pool_reset_on_return=None, connect_args=options)
    if engine.dialect.name == "sqlite":
        _configure(engine, synchronous="NORMAL" if is_relaxed else "FULL")
    return engine


def _postgresql_engine(url: str) -> Engine:
    engine = create_engine(
        url,
        pool_pre_ping=True,
        isolation_level="AUTOCOMMIT",  # transactions are begun below, by us
        connect_args={"options": _OPTIONS, **_LINE},
    )
    say_savepoints_plainly(engine)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        """Begin, and say whom the transaction is for: one round trip for both, and gone with the transaction."""
        options = connection.get_execution_options()
        if options.get("isolation_level") == "AUTOCOMMIT":
            return  # asked for by whoever holds it: what cannot run in a transaction
        scope = options.get("styrhjul_scope")
        local = sql.SQL("BEGIN; SET LOCAL {} = {}").format(_SETTING, sql.Literal(scope)) if scope else sql.SQL("BEGIN")
        driver: Any = connection.connection.driver_connection
        try:
            driver.execute(local, prepare=False)
        except psycopg.OperationalError as broken:
            connection.invalidate(broken)
            raise OperationalError("BEGIN", None, broken, connection_invalidated=True) from broken

    return engine


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": _BUSY_TIMEOUT_MS / 1000})
    _configure(engine, synchronous="FULL")
    say_savepoints_plainly(engine)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A deferred transaction that turns into a writer fails at once when another one writes; IMMEDIATE waits.
        read_only = connection.get_execution_options().get("styrhjul_read_only")
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def _configure(engine: Engine, *, synchronous: str) -> None:
    """Set up each new connection to SQLite."""

    @event.listens_for(engine, "connect")
    def _set_up(connection: DBAPIConnection, record: object) -> None:
        del record
        setattr(connection, "isolation_level", None)  # noqa: B010 - sqlite3's own; transactions are begun by us
        cursor = connection.cursor()
        own = (f"synchronous={synchronous}", f"wal_autocheckpoint={_PAGES_AHEAD}")
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", *own):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
