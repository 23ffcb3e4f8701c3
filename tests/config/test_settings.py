"""Settings: what is taken, and what refuses to start with one clear line."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from config.settings import Settings, SettingsRefused, describe_settings, load_settings
from styrhjul.cli.docs import DOCS, PAGES

KEY = "k" * 32


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STYRHJUL_DATA_DIR", str(tmp_path / "var"))


def test_the_embedded_default_needs_no_setting(tmp_path: Path) -> None:
    settings = load_settings()
    assert settings.is_embedded
    assert settings.effective_database_url == f"sqlite:///{tmp_path / 'var' / 'styrhjul.db'}"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DATABASE_URL", "mysql://h/d"),
        ("BROKER_URL", "localhost"),
        ("BROKER_PREFIX", "two words"),
        ("SMTP_URL", "mail.example.org"),
        ("SMTP_URL", "smtp://"),
        ("BOUNCE_DOMAIN", "bounce@example.org"),
        ("BOUNCE_DOMAIN", "studs"),
        ("BOUNCE_DOMAIN", "växjö.example.org"),
        ("IMAP_URL", "imap.example.org"),
        ("IMAP_URL", "pop3://a:b@example.org"),
        ("BASE_URL", "styrhjul.example.org"),
        ("BASE_URL", "https://styrhjul.example.org/?a=b"),
        ("PULSE_SECONDS", "half a minute"),
        ("PULSE_SECONDS", "0"),
        ("SILENT_AFTER_SECONDS", "40"),
        ("GIVE_UP_AFTER_SECONDS", "90"),
        ("LOG_LEVEL", "CHATTY"),
        ("SECRET_KEY", "too short"),
    ],
)
def test_a_wrong_value_is_refused_in_one_line_that_names_it(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(f"STYRHJUL_{variable}", value)
    with pytest.raises(SettingsRefused) as refused:
        load_settings()
    assert "\n" not in str(refused.value)
    assert "STYRHJUL_" in str(refused.value)


def test_a_refusal_never_shows_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STYRHJUL_DATABASE_URL", "mysql://u:hunter2@h/d")
    with pytest.raises(SettingsRefused) as refused:
        load_settings()
    assert "hunter2" not in str(refused.value)


def test_a_key_is_required_as_soon_as_mail_really_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STYRHJUL_SMTP_URL", "smtp://mail.example.org")
    with pytest.raises(SettingsRefused, match="STYRHJUL_SECRET_KEY saknas"):
        load_settings()


def test_a_key_is_required_as_soon_as_links_point_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STYRHJUL_BASE_URL", "https://styrhjul.example.org")
    with pytest.raises(SettingsRefused, match="STYRHJUL_SECRET_KEY"):
        load_settings()


def test_the_embedded_key_is_made_once_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    first, second = load_settings().effective_secret_key(), load_settings().effective_secret_key()
    assert first == second
    assert len(first) >= 32
    assert stat.S_IMODE((tmp_path / "var/secret-key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret-key"]


def test_a_secret_may_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_text(f"{KEY}\n")
    monkeypatch.setenv("STYRHJUL_SECRET_KEY_FILE", str(tmp_path / "key"))
    assert load_settings().effective_secret_key() == KEY


def test_a_secret_file_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STYRHJUL_SMTP_URL_FILE", "/nonexistent/smtp")
    with pytest.raises(SettingsRefused, match="STYRHJUL_SMTP_URL_FILE"):
        load_settings()


def test_a_secret_given_twice_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STYRHJUL_SECRET_KEY", KEY)
    monkeypatch.setenv("STYRHJUL_SECRET_KEY_FILE", "/nonexistent/key")
    with pytest.raises(SettingsRefused, match="Behåll en"):
        load_settings()


def test_only_secrets_may_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "level").write_text("DEBUG")
    monkeypatch.setenv("STYRHJUL_LOG_LEVEL_FILE", str(tmp_path / "level"))
    assert load_settings().log_level == "INFO"


def test_the_usual_spelling_of_a_postgresql_url_is_understood() -> None:
    assert load_settings(database_url="postgresql://u@h/d").database_url == "postgresql+psycopg://u@h/d"


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().log_level = "DEBUG"


def test_every_setting_has_a_unit_and_a_sentence() -> None:
    described = describe_settings()
    assert len(described) == len(Settings.model_fields)
    assert all(each["unit"] and each["sentence"].endswith(".") for each in described)


@pytest.mark.parametrize("name", PAGES)
def test_the_generated_page_is_in_step(name: str) -> None:
    """`./run docs` writes it anew."""
    assert (DOCS / f"{name}.md").read_text(encoding="utf-8") == PAGES[name]()
