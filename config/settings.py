"""Every setting, one line each: type, default, unit and one sentence. `docs/settings.md` is generated from here.

They come from the environment as STYRHJUL_<NAME>; a secret may lie in a file that STYRHJUL_<NAME>_FILE names.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from config.secret import kept_key

PREFIX = "STYRHJUL_"
#: Settings that may hold a password, and so may come from a file.
SECRETS = ("database_url", "migrate_database_url", "broker_url", "smtp_url", "imap_url", "secret_key")
SHORTEST_KEY = 32
CATCH = "catch:"
_SMTP_SCHEMES = ("smtp", "smtp+starttls", "smtps")
_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
#: What to write instead, by pydantic's name for the fault.
_BOUNDS = {
    "int_parsing": "skriv ett heltal",
    "greater_than_equal": "skriv {ge} eller mer",
    "less_than_equal": "skriv {le} eller mindre",
    "string_pattern_mismatch": "skriv bara a–z, A–Z, 0–9, _ och -",
}


class SettingsRefused(ValueError):
    """A setting cannot be used; the message names it and says what to write instead."""


#: Labels of letters, digits and dashes (RFC 1123), two at least; a return path's own part takes 62 of 254.
_DOMAIN = re.compile(
    r"(?=.{1,180}$)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]"
)


def _setting(default: Any, unit: str, sentence: str, **bounds: Any) -> Any:  # noqa: ANN401 - any default
    return Field(default, title=unit, description=sentence, **bounds)


def _absolute(path: Path) -> Path:
    return Path.cwd() / path.expanduser()


def _database(url: str) -> str:
    scheme, _, rest = url.partition("://")
    if url and scheme not in ("sqlite", "postgresql", "postgres", "postgresql+psycopg"):
        raise ValueError("skriv sqlite:///FIL eller postgresql://ANVÄNDARE:LÖSENORD@SERVER/NAMN")
    return f"postgresql+psycopg://{rest}" if scheme.startswith("postgres") else url


def _broker(url: str) -> str:
    if url and "://" not in url:
        raise ValueError("skriv köns URL, till exempel redis://SERVER:6379/0")
    return url


def _smtp(url: str) -> str:
    parts = urlsplit(url)
    if url != CATCH and not (parts.scheme in _SMTP_SCHEMES and parts.hostname):
        raise ValueError(
            "skriv catch:, smtp://SERVER:25, smtp+starttls://ANVÄNDARE:LÖSENORD@SERVER:587 eller smtps://SERVER:465"
        )
    return url


def _domain(name: str) -> str:
    if name and not _DOMAIN.fullmatch(name):
        raise ValueError("skriv bara domänen, som studs.example.org, utan @ och utan å, ä och ö (xn--…)")
    return name.lower()


def _imap(url: str) -> str:
    parts = urlsplit(url)
    if url and (parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username):
        raise ValueError("skriv imaps://ANVÄNDARE:LÖSENORD@SERVER/MAPP, eller utan lösenord med en token")
    return url


def _readable(path: Path | None) -> Path | None:
    if path is not None and not path.is_file():
        raise ValueError("filen finns inte")
    return path


def _http(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("skriv adressen som människor ser, till exempel https://styrhjul.example.org")
    return url.rstrip("/")


def _http_or_none(url: str) -> str:
    return _http(url) if url else ""


def _collector(url: str) -> str:
    if urlsplit(url).username or urlsplit(url).password:
        raise ValueError("skriv adressen utan användare och lösenord")
    return _http_or_none(url)


def _level(name: str) -> str:
    if name.upper() not in _LOG_LEVELS:
        raise ValueError(f"skriv {', '.join(_LOG_LEVELS[:-1])} eller {_LOG_LEVELS[-1]}")
    return name.upper()


class _SecretFiles(PydanticBaseSettingsSource):
    """The `<NAME>_FILE` variables; one beside the variable itself is refused as two truths."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:  # noqa: ANN401 - pydantic's
        del field
        name = f"{PREFIX}{field_name.upper()}"
        file = os.environ.get(f"{name}_FILE")
        if field_name not in SECRETS or not file:
            return None, field_name, False
        if os.environ.get(name):
            raise SettingsRefused(f"Både {name} och {name}_FILE är satta. Behåll en av dem.")
        try:
            return Path(file).read_text(encoding="utf-8").strip(), field_name, False
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsRefused(f"{name}_FILE: {file} går inte att läsa ({type(error).__name__})") from None

    def __call__(self) -> dict[str, Any]:
        found = {name: self.get_field_value(None, name)[0] for name in SECRETS}
        return {name: value for name, value in found.items() if value is not None}


class Settings(BaseSettings):
    """The settings of one installation. Read them with `load_settings`, which words the refusals."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", env_ignore_empty=True)

    # fmt: off
    data_dir: Annotated[Path, AfterValidator(_absolute)] = _setting(Path("var"), "folder", "Everything the program writes.", validate_default=True)
    database_url: Annotated[str, AfterValidator(_database)] = _setting("", "URL", "SQLAlchemy URL; empty is SQLite in the data folder, PostgreSQL 15 or newer serves more than one host.")
    migrate_database_url: Annotated[str, AfterValidator(_database)] = _setting("", "URL", "The same PostgreSQL as whoever owns the tables, for `migrate` alone; the program's own user owns none. SQLite needs none.")
    broker_url: Annotated[str, AfterValidator(_broker)] = _setting("", "URL", "Celery broker, redis:// in production; empty is the one `up` starts and no server of your own.")
    broker_prefix: str = _setting("styrhjul", "text", "Begins every key in the broker; equal in web, beat and workers of one installation.", pattern=r"^[A-Za-z0-9_-]+$")
    smtp_url: Annotated[str, AfterValidator(_smtp)] = _setting(CATCH, "URL", "Where mail leaves; catch: keeps it in the data folder and shows it on /inbox.")
    smtp_ca_file: Annotated[Path | None, AfterValidator(_readable)] = _setting(None, "file", "Who vouches for the mail server's certificate, in PEM; empty is whom the machine trusts.")
    mail_lines: int = _setting(5, "connections", "To the mail server at once, by all workers together; 0 is no limit.", ge=0, le=1000)
    mails_per_minute_to_domain: int = _setting(60, "mails", "To one recipient domain a minute, with as many saved up from a quiet minute; 0 is no limit.", ge=0, le=100_000)
    mails_per_minute_from_municipality: int = _setting(600, "mails", "From one municipality a minute, saved up likewise; 0 is no limit.", ge=0, le=100_000)
    mails_at_once_to_domain: int = _setting(60, "mails", "To one recipient domain taken out for sending at once, so that a slow one holds up few; 0 is no limit.", ge=0, le=100_000)
    idempotency_header: str = _setting("", "header", "Named by a relay that sends a mail only once, such as Resend-Idempotency-Key; empty is none.", pattern=r"^([A-Za-z][A-Za-z0-9-]{0,60})?$")
    mark_relaxed: bool = _setting(default=False, unit="yes or no", sentence="On PostgreSQL, let the marks of the last second be lost in a power cut; those mails would leave twice.")
    bounce_domain: Annotated[str, AfterValidator(_domain)] = _setting("", "domain", "Where failure reports go; empty is each municipality's own sender address.")
    lmtp_port: int = _setting(0, "port", "Where a mail server of yours hands over failure reports and replies (LMTP); 0 is nowhere.", ge=0, le=65535)
    lmtp_host: str = _setting("127.0.0.1", "address", "What that port listens on.")
    imap_url: Annotated[str, AfterValidator(_imap)] = _setting("", "URL", "Mailbox that failure reports and replies come to, imaps://user:password@host/folder, without the password where a token is used; empty is none.")
    imap_token_file: Path | None = _setting(None, "file", "Holds the XOAUTH2 token of the mailbox; somebody else keeps it fresh.")
    imap_token_command: str = _setting("", "command", "Prints the XOAUTH2 token of the mailbox, asked at every reading.")
    imap_done_folder: str = _setting("Styrhjul", "folder", "Where mail is moved in the mailbox once it is kept.")
    inbound_limit_mb: int = _setting(25, "MB", "The largest mail that is taken in.", ge=1, le=100)
    oidc_own_network: bool = _setting(default=False, unit="yes or no", sentence="Let a municipality's sign-in service (OpenID Connect) lie on the house's own network; otherwise only on the open internet.")
    webhook_own_network: bool = _setting(default=False, unit="yes or no", sentence="Let webhooks call systems on the house's own network; otherwise only on the open internet.")
    webhook_this_machine: bool = _setting(default=False, unit="yes or no", sentence="Let webhooks call this very machine, also without TLS; for trying out an endpoint.")
    metrics_port: int = _setting(0, "port", "Where Prometheus reads the figures of the whole installation; 0 is nowhere.", ge=0, le=65535)
    metrics_host: str = _setting("127.0.0.1", "address", "What that port listens on; it asks nobody who they are.")
    otlp_endpoint: Annotated[str, AfterValidator(_collector)] = _setting("", "URL", "Collector of traces (OpenTelemetry, OTLP over HTTP), http://host:4318; empty is none. Needs the extra `traces`.")
    base_url: Annotated[str, AfterValidator(_http)] = _setting("http://127.0.0.1:8000", "URL", "Where links in mails point.")
    source_url: Annotated[str, AfterValidator(_http_or_none)] = _setting("", "URL", "Where the source code of what you run is fetched: /about links to it (EUPL-1.2 article 5); empty says to ask you for it.")
    secret_key: SecretStr = _setting(SecretStr(""), "text", "Signs sessions and links and seals waiting mail, 32 characters or more; empty is made and kept in the data folder of the embedded default.")
    pulse_seconds: int = _setting(30, "seconds", "Between two pulses of beat.", ge=1, le=60)
    silent_after_seconds: int = _setting(90, "seconds", "Without a pulse, after which a worker pulses itself; at least twice pulse_seconds.", ge=2, le=600)
    give_up_after_seconds: int = _setting(180, "seconds", "Without a completed pulse, after which a worker ends so that it is started anew.", ge=4, le=3600)
    log_level: Annotated[str, AfterValidator(_level)] = _setting("INFO", "level", "The least serious lines that are logged: DEBUG, INFO, WARNING or ERROR.")
    # fmt: on

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, _SecretFiles(settings_cls)

    @model_validator(mode="after")
    def _hold_together(self) -> Self:
        length = len(self.secret_key.get_secret_value())
        if length < SHORTEST_KEY and (length or not self.is_embedded):
            raise SettingsRefused(
                f"{PREFIX}SECRET_KEY {f'har bara {length} tecken' if length else 'saknas'}. Skriv minst"
                f" {SHORTEST_KEY} slumpade tecken, till exempel från: python -c 'import secrets;"
                " print(secrets.token_urlsafe(48))'"
            )
        if not 2 * self.pulse_seconds <= self.silent_after_seconds < self.give_up_after_seconds:
            raise SettingsRefused(
                f"{PREFIX}SILENT_AFTER_SECONDS ska vara minst dubbelt så stor som {PREFIX}PULSE_SECONDS"
                f" och mindre än {PREFIX}GIVE_UP_AFTER_SECONDS"
            )
        return self

    @property
    def is_embedded(self) -> bool:
        """Whether this is the embedded default: mail is caught and links point to this machine."""
        return self.smtp_url == CATCH and is_loopback(urlsplit(self.base_url).hostname or "")

    @property
    def effective_database_url(self) -> str:
        """The database's URL, the embedded one spelled out."""
        return self.database_url or f"sqlite:///{self.data_dir / 'styrhjul.db'}"

    def effective_secret_key(self) -> str:
        """Return the key; the embedded default's is made and kept in the data folder the first time."""
        return self.secret_key.get_secret_value() or kept_key(self.data_dir / "secret-key")


def load_settings(**given: Any) -> Settings:  # noqa: ANN401 - one value per setting
    """Read the settings. Raises SettingsRefused with one line that names the variable, never a secret's value."""
    try:
        return Settings(**given)
    except ValidationError as refused:
        first = refused.errors()[0]
        cause = first.get("ctx", {}).get("error")
        if isinstance(cause, SettingsRefused):
            raise cause from None
        name = str(first["loc"][0]) if first["loc"] else "settings"
        said = str(cause) if cause else _BOUNDS.get(first["type"], first["msg"]).format(**first.get("ctx", {}))
        raise SettingsRefused(f"{PREFIX}{name.upper()}{_shown(name, first.get('input'))}: {said}") from None


def describe_settings() -> list[Mapping[str, str]]:
    """Return one row per setting, in the order of life: variable, default, unit and sentence."""
    return [
        {
            "variable": f"{PREFIX}{name.upper()}",
            "default": "" if isinstance(field.default, SecretStr) else str(field.default),
            "unit": field.title or "",
            "sentence": field.description or "",
            "file": "yes" if name in SECRETS else "",
        }
        for name, field in Settings.model_fields.items()
    ]


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine itself."""
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _shown(name: str, value: object) -> str:
    return "" if name in SECRETS else f" är {str(value)!r}"
