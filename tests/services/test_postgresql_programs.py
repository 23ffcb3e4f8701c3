"""PostgreSQL's own programs: they connect as we do, and what one gives another is kept whole or not at all."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, make_url, text

from styrhjul.services.operations.backup_failed import BackupFailed
from styrhjul.services.operations.postgresql_programs import environment_of, pour
from tests.programs import with_postgresql


def test_what_was_given_before_a_program_failed_is_not_kept(
    postgres_owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the end of what it is given `psql` would keep it."""
    monkeypatch.setenv("PATH", with_postgresql())
    half = ["sh", "-c", "echo 'CREATE TABLE public.half ();'; echo avbröts här >&2; exit 1"]
    with pytest.raises(BackupFailed, match="sh: avbröts här"):
        pour(half, ["psql", "--quiet", "--single-transaction", "--file=-"], "", make_url(postgres_owner_url))
    engine = create_engine(postgres_owner_url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT to_regclass('public.half')")) is None
    engine.dispose()


class TestHowPostgresqlsProgramsConnect:
    """As the program itself does."""

    def test_is_all_that_the_url_says(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PGSSLCERT", "/etc/from-the-environment.crt")
        monkeypatch.setenv("PGSSLMODE", "disable")
        url = "postgresql+psycopg://owner:hemligt@/styrhjul?host=db.example.org:5444&sslmode=verify-full"
        found = environment_of(make_url(f"{url}&sslrootcert=/etc/ca.pem&keepalives=1&options=-c%20role%3Downer"))
        wanted = {
            "PGUSER": "owner",
            "PGPASSWORD": "hemligt",
            "PGHOST": "db.example.org",
            "PGPORT": "5444",
            "PGDATABASE": "styrhjul",
            "PGSSLMODE": "verify-full",
            "PGSSLROOTCERT": "/etc/ca.pem",
            "PGSSLCERT": "/etc/from-the-environment.crt",
            "PGOPTIONS": "-c role=owner -c styrhjul.municipality=migration",
        }
        assert {name: found[name] for name in wanted} == wanted

    def test_is_refused_where_they_cannot(self) -> None:
        with pytest.raises(BackupFailed, match="sslpassword"):
            environment_of(make_url("postgresql+psycopg://owner@db/styrhjul?sslpassword=hemligt"))
