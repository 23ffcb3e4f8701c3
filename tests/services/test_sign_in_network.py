"""What sign-in may call: the open internet over TLS, by the address that was looked up, and nothing inside."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from config.clock import StoppedClock
from config.settings import load_settings
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.foundation.limit import caller_name
from styrhjul.services.sign_in.network import AddressRefused, Reach

if TYPE_CHECKING:
    from pathlib import Path

INSIDE = [
    "169.254.169.254",
    "fe80::1",
    "0.0.0.0",  # noqa: S104 - not bound to, refused
    "224.0.0.1",
    "::ffff:169.254.169.254",
    "2002:a9fe:a9fe::1",
    "127.0.0.1",
    "::1",
    "::ffff:127.0.0.1",
    "::127.0.0.1",  # the same, as it was once written
    "64:ff9b::a9fe:a9fe",  # through a translator
    "fec0::1",
    "255.255.255.255",
]
OWN = ["10.0.0.5", "172.16.3.4", "192.168.1.1", "fd00::1"]


def answering(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Let every name be at these addresses, as a hostile DNS would."""

    def looked_up(*asked: object, **more: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (address, 443)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)


@pytest.mark.parametrize("address", [*INSIDE, *OWN, "100.64.0.1"])
def test_a_name_that_leads_inside_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    answering(monkeypatch, address)
    with pytest.raises(AddressRefused):
        Reach().check(httpx2.URL("https://login.example.org/"))


def test_one_address_inside_among_others_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, "93.184.216.34", "10.0.0.5")
    with pytest.raises(AddressRefused):
        Reach().check(httpx2.URL("https://login.example.org/"))


@pytest.mark.parametrize(
    ("setting", "told"), [("STYRHJUL_X", "internt nät. Ska det gå ändå, sätt STYRHJUL_X."), ("", "internt nät.")]
)
def test_who_is_refused_is_told_the_setting_of_this_very_way_out(
    monkeypatch: pytest.MonkeyPatch, setting: str, told: str
) -> None:
    answering(monkeypatch, "10.0.0.5")
    with pytest.raises(AddressRefused) as refused:
        Reach(setting=setting).check(httpx2.URL("https://login.example.org/"))
    assert str(refused.value).endswith(told)


def test_each_way_out_names_its_own_setting(tmp_path: Path) -> None:
    home = Installation.open(load_settings(data_dir=tmp_path), StoppedClock(datetime(2027, 1, 7, 8, tzinfo=UTC)))
    assert home.outlet.reach.setting == "STYRHJUL_WEBHOOK_OWN_NETWORK"
    assert home.sign_in_reach.setting == "STYRHJUL_OIDC_OWN_NETWORK"
    home.close()


@pytest.mark.parametrize("port", [0, 65_536, 99_999])
def test_a_port_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    answering(monkeypatch, "93.184.216.34")
    with pytest.raises(AddressRefused, match="Porten"):
        Reach().check(httpx2.URL(f"https://login.example.org:{port}/"))


@pytest.mark.parametrize("address", OWN)
def test_the_houses_own_network_is_reached_where_that_is_set(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    answering(monkeypatch, address)
    assert Reach(own_network=True).check(httpx2.URL("https://login.example.org/")) == address


@pytest.mark.parametrize("address", INSIDE)
def test_metadata_and_this_machine_are_never_the_houses_network(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    answering(monkeypatch, address)
    with pytest.raises(AddressRefused):
        Reach(own_network=True).check(httpx2.URL("https://login.example.org/"))


def test_without_tls_only_this_machine_is_called_and_only_when_embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, "93.184.216.34")
    with pytest.raises(AddressRefused, match="https"):
        Reach(this_machine=True).check(httpx2.URL("http://login.example.org/"))
    answering(monkeypatch, "127.0.0.1")
    assert Reach(this_machine=True).check(httpx2.URL("http://localhost:1/")) == "127.0.0.1"


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("x", "x"),
    ],
)
def test_a_caller_is_counted_by_what_one_subscriber_has(host: str, counted: str) -> None:
    assert caller_name(host) == counted
