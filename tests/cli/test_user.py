"""Users, the sign-in service and the operator's way in, by command."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, serving

if TYPE_CHECKING:
    from tests.cli.conftest import Command

LILLBY = (
    *("municipality", "add", "--slug", "lillby", "--name", "Lillby kommun"),
    *("--sender", "styrhjul@lillby.example.org", "--reply-to", "registrator@lillby.example.org"),
)
ANNA = ("--municipality", "lillby", "--address", "anna@example.org")
OF_LILLBY = ("--municipality", "lillby")


@pytest.fixture
def styrhjul(called: Command) -> Command:
    return called


@pytest.fixture
def lillby(styrhjul: Command) -> Command:
    assert styrhjul(*LILLBY).code == 0
    added = styrhjul("user", "add", *ANNA, "--name", "Anna Ek", "--role", "administrator", "--role", "coordinator")
    assert added.code == 0
    return styrhjul


def test_a_user_is_listed_with_every_role(lillby: Command) -> None:
    assert lillby("user", "list", *OF_LILLBY).out == "anna@example.org\tAnna Ek\tcoordinator, administrator\n"


def test_the_last_administrator_stays(lillby: Command) -> None:
    assert "sista administratören" in lillby("user", "remove", *ANNA).err
    assert "sista administratören" in lillby("user", "role", *ANNA, "--role", "auditor").err
    lillby("user", "add", *OF_LILLBY, "--address", "bo@example.org", "--name", "Bo", "--role", "administrator")
    assert lillby("user", "role", *ANNA, "--role", "auditor").code == 0
    assert lillby("user", "remove", *ANNA).code == 0


def test_nobody_is_given_the_operators_role(lillby: Command) -> None:
    refused = lillby("user", "add", *OF_LILLBY, "--address", "x@example.org", "--name", "X", "--role", "operator")
    assert (refused.code, "operator open" in refused.err) == (1, True)


def test_an_opening_prints_its_address_and_nothing_else(lillby: Command) -> None:
    opened = lillby("operator", "open", "lillby", "--reason", "Felsökning, ärende 4711", "--minutes", "5")
    assert opened.out.startswith("http://127.0.0.1:8000/sign-in/operator/")
    assert "registrator" in opened.err


def test_a_sign_in_service_is_asked_before_it_is_kept_and_its_secret_is_never_an_argument(lillby: Command) -> None:
    with serving(datetime.now(UTC)) as provider:
        wanted = ("municipality", "oidc", "lillby", "--issuer", provider.issuer, "--client-id", CLIENT_ID)
        assert "Hemligheten är tom" in lillby(*wanted).err
        kept = lillby(*wanted, oidc_secret=CLIENT_SECRET)
        assert kept.out == "http://127.0.0.1:8000/sign-in/oidc/lillby/callback\n"
        assert CLIENT_SECRET not in kept.err
    assert "svarar inte" in lillby(*wanted, oidc_secret=CLIENT_SECRET).err
    assert lillby("municipality", "oidc", "lillby", "--off").code == 0
    assert lillby("municipality", "oidc", "lillby").code == 2
