"""One installation: what every entry point starts from. Opening it connects to nothing yet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

import structlog
from sqlalchemy import make_url, select

from config.clock import Clock
from config.settings import Settings
from styrhjul.db import migrate
from styrhjul.db.model import Municipality
from styrhjul.db.pace import Pace
from styrhjul.db.role_check import Freedom, freedoms
from styrhjul.db.session import Database
from styrhjul.mail.imap import ImapMailbox, mailbox_from_url, token_from
from styrhjul.mail.seal import Sealer
from styrhjul.mail.transport import transport_from_url
from styrhjul.mail.verp import ReturnPaths
from styrhjul.services.foundation.mailroom import Mailroom
from styrhjul.services.foundation.memory import Memory
from styrhjul.services.foundation.outlet import Outlet
from styrhjul.services.foundation.outward import Reach
from styrhjul.services.foundation.secret import SignInKey
from styrhjul.services.foundation.tracing import UNTRACED, Tracing

log = structlog.get_logger()


class DatabaseBehind(RuntimeError):
    """The database does not have the tables this program needs."""

    def __init__(self, current: str | None) -> None:
        super().__init__(
            f"Databasen är uppdaterad till {current}, men programmet behöver {migrate.head()}. Kör: styrhjul migrate"
            if current
            else "Databasen har inga tabeller än. Kör: styrhjul migrate"
        )


class NoDatabase(RuntimeError):
    """There is nothing to look at where we looked."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"{where[0].upper()}{where[1:]} har inga tabeller. Har kommandot samma inställningar som tjänsten "
            "(STYRHJUL_DATABASE_URL, STYRHJUL_DATA_DIR)? En ny installation får sina med: styrhjul migrate"
        )


_FREEDOMS = {
    Freedom.SUPERUSER: "är superanvändare",
    Freedom.BYPASSES: "har BYPASSRLS",
    Freedom.MAKES_USERS: "har CREATEROLE",
    Freedom.OWNS: "äger tabellerna",
    Freedom.UNGUARDED: "möter tabeller utan radskydd",
}


class NothingHoldsApart(RuntimeError):
    """The database would show every municipality's rows to the user that the program runs as."""

    def __init__(self, user: str, found: frozenset[Freedom]) -> None:
        why = " och ".join(words for freedom, words in _FREEDOMS.items() if freedom in found)
        super().__init__(
            f"Databasanvändaren {user} {why}, så databasen håller inte kommunerna isär. Låt "
            "STYRHJUL_MIGRATE_DATABASE_URL vara den som äger tabellerna, ange en annan användare i "
            "STYRHJUL_DATABASE_URL, och kör: styrhjul migrate"
        )


class OneUserForAll(RuntimeError):
    """Whoever owns the tables would also be who the program runs as."""

    def __init__(self) -> None:
        super().__init__(
            "STYRHJUL_MIGRATE_DATABASE_URL saknas, eller har samma användare som STYRHJUL_DATABASE_URL. I PostgreSQL "
            "äger en användare tabellerna, och programmet kör som en annan. Den andra skapas av migrate om den saknas."
        )


@dataclass(frozen=True)
class Installation:
    """Settings, clock, database and mailroom. One per process; a forked child opens its own."""

    settings: Settings
    clock: Clock

    @classmethod
    def open(cls, settings: Settings, clock: Clock | None = None) -> Self:
        """Return the installation of these settings, on its own clock unless another is given."""
        return cls(settings, clock or Clock(settings.data_dir))

    @cached_property
    def database(self) -> Database:
        """The database; an embedded one gets its folder."""
        database = Database(self.settings.effective_database_url, relaxed_marks=self.settings.mark_relaxed)
        if database.is_sqlite and database.url.database:
            Path(database.url.database).parent.mkdir(parents=True, exist_ok=True)
        return database

    @cached_property
    def mailroom(self) -> Mailroom:
        """The way out for mail, and the key that seals it until then."""
        settings = self.settings
        secret, domain = settings.effective_secret_key(), settings.bounce_domain
        return Mailroom(
            base_url=settings.base_url,
            sealer=Sealer(secret),
            open_transport=lambda: transport_from_url(
                settings.smtp_url, settings.data_dir / "mail", ca_file=settings.smtp_ca_file
            ),
            return_paths=ReturnPaths.under(secret, domain) if domain else None,
            idempotency_header=settings.idempotency_header or None,
            pace=Pace(
                domain_per_minute=settings.mails_per_minute_to_domain,
                municipality_per_minute=settings.mails_per_minute_from_municipality,
                domain_at_once=settings.mails_at_once_to_domain,
                lines=settings.mail_lines,
            ),
            tracing=self.tracing,
        )

    @cached_property
    def tracing(self) -> Tracing:
        """What notes spans: nothing at all without a collector, or without the packages that speak to one."""
        endpoint = self.settings.otlp_endpoint
        if not endpoint:
            return UNTRACED
        try:
            from styrhjul.services.foundation.tracing_export import ToCollector  # noqa: PLC0415 - most installations trace nothing
        except ModuleNotFoundError as missing:
            log.warning("traces_cannot_leave", missing=missing.name)
            return UNTRACED
        return Tracing(ToCollector(endpoint))

    @cached_property
    def sign_in_reach(self) -> Reach:
        """Where municipalities' sign-in services may lie."""
        return Reach(
            this_machine=self.settings.is_embedded,
            own_network=self.settings.oidc_own_network,
            setting="STYRHJUL_OIDC_OWN_NETWORK",
        )

    @cached_property
    def outlet(self) -> Outlet:
        """The way out for webhooks."""
        settings = self.settings
        reach = Reach(
            this_machine=settings.webhook_this_machine,
            own_network=settings.webhook_own_network,
            setting="STYRHJUL_WEBHOOK_OWN_NETWORK",
            this_machine_setting="STYRHJUL_WEBHOOK_THIS_MACHINE",
        )
        return Outlet(base_url=settings.base_url, reach=reach, sealer=self.mailroom.sealer, present=self.clock.present)

    @cached_property
    def sign_in_key(self) -> SignInKey:
        """The key of codes by mail, and of what signing in counts."""
        return SignInKey(self.settings.effective_secret_key())

    @cached_property
    def mailbox(self) -> ImapMailbox | None:
        """The mailbox that is read for reports and replies. Raises MailboxRefused.

        None where none is named, and on a clock that is played: what comes in comes today.
        """
        settings = self.settings
        if not (settings.imap_url and self.clock.is_wall):
            return None
        return mailbox_from_url(
            settings.imap_url,
            done_folder=settings.imap_done_folder,
            limit_bytes=settings.inbound_limit_mb * 1024 * 1024,
            token=token_from(file=settings.imap_token_file, command=settings.imap_token_command),
        )

    @property
    def memory(self) -> Memory:
        """What this machine knows of its own work, whatever becomes of the database."""
        return Memory(self.settings.data_dir / "last-step")

    def prepare(self) -> None:
        """Bring an embedded database up to date, and refuse a mail server that cannot be used.

        Raises DatabaseBehind for a database that somebody else looks after, NothingHoldsApart, UnknownTransport,
        MailboxRefused.
        """
        self.mailbox  # noqa: B018 - refuses a wrong URL
        self.mailroom.open_transport()
        current = self.revision()
        if not migrate.is_behind(current):
            self.refuse_free_user()
            return
        if self.settings.database_url:
            raise DatabaseBehind(current)
        self.migrate()

    def make_ready(self) -> None:
        """Bring the database up to date where these settings may, and prepare.

        Whoever serves need not know who owns the tables of PostgreSQL: then one that is behind is refused. Raises what
        `migrate` and `prepare` raise.
        """
        if self.database.is_sqlite or self.settings.migrate_database_url:
            self.migrate()
        self.prepare()

    def refuse_missing(self) -> None:
        """Raise NoDatabase where there are no tables at all: whoever only looks makes none. Changes nothing."""
        if self.revision() is None:
            raise NoDatabase(self.where)

    def revision(self) -> str | None:
        """Return where the database's tables are; None without any. Makes no file."""
        return migrate.current(self.settings.effective_database_url) if self.may_have_database() else None

    @property
    def where(self) -> str:
        """Which database this is, for people: its file or its server."""
        url = self.database.url
        if self.database.is_sqlite:
            return f"databasen {url.database}"
        return f"databasen {url.database} på {url.host or 'en lokal socket'}"

    def refuse_behind(self) -> None:
        """Raise DatabaseBehind for a database that lacks what this program needs. Changes nothing."""
        current = self.revision()
        if migrate.is_behind(current):
            raise DatabaseBehind(current)

    def migrate(self) -> str | None:
        """Bring the database up to date, whichever it is, and return the revision it is at then.

        Safe to repeat; two at once wait for each other. One that a newer program has upgraded is left alone. Raises
        OneUserForAll for PostgreSQL with one user only, UpgradeBlocked.
        """
        program, owner = self.settings.effective_database_url, self.settings.migrate_database_url
        if self.database.is_sqlite:
            return migrate.upgrade(program)
        if not owner or make_url(owner).username == self.database.url.username or not self.database.url.username:
            raise OneUserForAll
        return migrate.upgrade(owner, program=program)

    def refuse_free_user(self) -> None:
        """Raise NothingHoldsApart unless PostgreSQL keeps the program within one municipality at a time."""
        if self.database.is_sqlite:
            return
        with self.database.system(read_only=True) as session:
            found = freedoms(session)
        if found:
            raise NothingHoldsApart(str(self.database.url.username), found)

    def municipality_ids(self) -> list[str]:
        """Return every municipality, in the order of their short names."""
        with self.database.system(read_only=True) as session:
            return list(session.scalars(select(Municipality.id).order_by(Municipality.slug)))

    def close(self) -> None:
        """Let go of every connection. Safe to repeat."""
        self.database.dispose()
        if "tracing" in self.__dict__:
            self.tracing.close()

    def may_have_database(self) -> bool:
        """False for a file that is not there: to connect would make it."""
        database = self.database
        return not database.is_sqlite or Path(database.url.database or "").exists()
