"""What other machines read: compose file, Dockerfile, publiccode.yml, LICENSE. Checked by schema, without an engine."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tasks.patience import SHIPPED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
PUBLICCODE: dict[str, Any] = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
OBSERVING = {"metrics", "prometheus", "grafana", "jaeger", "flower"}
#: What works as whoever owns the tables.
OWNERS = {"migrate", "backup"}
SERVICES = {"postgres", "redis", "migrate", "web", "worker", "beat", "backup", "mail", *OBSERVING}


def faults(compose: dict[str, Any]) -> Iterator[str]:
    """What would not start, or would not come back, or would lose something."""
    services = compose["services"]
    if set(services) != SERVICES:
        yield f"services differ: {sorted(set(services) ^ SERVICES)}"
    for name, service in services.items():
        yield from (f"{name}: {fault}" for fault in _service_faults(name, service, compose))
    redis = [str(word) for word in services["redis"].get("command", [])]
    for setting in ("--appendonly yes", "--maxmemory-policy noeviction"):
        if setting not in " ".join(redis):
            yield f"redis: runs without {setting}"
    if _seconds(services["worker"].get("stop_grace_period", "10s")) <= SHIPPED.hard_limit:
        yield "worker: is killed before its task has ended"


def _service_faults(name: str, service: dict[str, Any], compose: dict[str, Any]) -> Iterator[str]:
    once = name == "migrate"
    if service.get("profiles", []) != (["observe"] if name in OBSERVING else []):
        yield "is started where nobody asked for it, or not where somebody did"
    if "build" not in service and ":" not in str(service.get("image")):
        yield "takes whatever version is newest"
    if not {"image", "build"} & set(service):
        yield "has neither image nor build"
    if service.get("restart") != ("no" if once else "always"):
        yield "does not come back by itself"
    if not once and not {"test", "interval", "timeout"} <= set(service.get("healthcheck", {})):
        yield "says nothing of its health"
    for needed, how in service.get("depends_on", {}).items():
        good = "service_completed_successfully" if needed == "migrate" else "service_healthy"
        if needed not in compose["services"] or how.get("condition") != good:
            yield f"does not wait for {needed}"
    yield from _exposure_faults(service, compose)
    yield from _rights_faults(name, service)


def _rights_faults(name: str, service: dict[str, Any]) -> Iterator[str]:
    if "no-new-privileges:true" not in service.get("security_opt", []):
        yield "may gain rights"
    if not str(service.get("image")).startswith("styrhjul:"):
        return
    if not service.get("read_only") or service.get("cap_drop") != ["ALL"] or "mem_limit" not in service:
        yield "may do more than it needs"
    written = [*service.get("tmpfs", []), *service.get("volumes", [])]
    if not all(any(folder in each for each in written) for folder in ("/tmp:", "/var/lib/styrhjul")):
        yield "has nowhere to write"
    if name == "worker" and "worker:/var/lib/styrhjul" not in service.get("volumes", []):
        yield "forgets its work with the container"
    if ("migrate_database_url" in service["secrets"]) != (name in OWNERS):
        yield "has the tables' owner's password, or lacks it"


def _exposure_faults(service: dict[str, Any], compose: dict[str, Any]) -> Iterator[str]:
    for secret in set(service.get("secrets", [])) - set(compose["secrets"]):
        yield f"secret {secret} is not declared"
    for variable, value in service.get("environment", {}).items():
        secret = re.search("PASSWORD|SECRET|DATABASE_URL", variable)
        if secret and not (variable.endswith("_FILE") and str(value).startswith("/run/secrets/")):
            yield f"{variable} shows a secret"
    for port in service.get("ports", []):
        if not str(port).startswith("127.0.0.1:"):
            yield f"port {port} is open to the network"
    yield from _volume_faults(service, compose)


def _volume_faults(service: dict[str, Any], compose: dict[str, Any]) -> Iterator[str]:
    for volume in service.get("volumes", []):
        source, *rest = volume.split(":")
        if source.startswith("./"):
            if not (ROOT / source).is_file() or rest[1:] != ["ro"]:
                yield f"file {source} is not here, or may be written"
        elif source not in compose["volumes"]:
            yield f"volume {volume} is not declared"


def _seconds(duration: str) -> int:
    return int(duration.removesuffix("s"))


def test_compose_is_sound() -> None:
    assert list(faults(COMPOSE)) == []


BREACHES: dict[str, Callable[[dict[str, Any]], object]] = {
    "services differ": lambda services: services.pop("beat"),
    "neither image nor build": lambda services: services["mail"].pop("image"),
    "does not come back": lambda services: services["web"].pop("restart"),
    "nothing of its health": lambda services: services["postgres"].pop("healthcheck"),
    "does not wait for": lambda services: services["web"]["depends_on"].update(
        postgres={"condition": "service_started"}
    ),
    "is not declared": lambda services: services["web"].update(secrets=["forgotten"]),
    "where nobody asked": lambda services: services["grafana"].pop("profiles"),
    "not where somebody did": lambda services: services["backup"].update(profiles=["backup"]),
    "whatever version": lambda services: services["flower"].update(image="mher/flower"),
    "may be written": lambda services: services["flower"].update(volumes=["./README.md:/readme.md"]),
    "shows a secret": lambda services: services["web"]["environment"].update(STYRHJUL_SECRET_KEY="abc"),
    "open to the network": lambda services: services["web"].update(ports=["8000:8000"]),
    "may gain rights": lambda services: services["redis"].pop("security_opt"),
    "may do more than": lambda services: services["web"].update(cap_drop=[]),
    "nowhere to write": lambda services: services["beat"].update(tmpfs=["/tmp:size=1m"]),
    "forgets its work": lambda services: services["worker"].update(volumes=["redis:/var/lib/styrhjul"]),
    "owner's password": lambda services: services["web"]["secrets"].append("migrate_database_url"),
    "--appendonly": lambda services: services["redis"].update(command=["redis-server"]),
    "is killed before": lambda services: services["worker"].update(stop_grace_period="30s"),
}


@pytest.mark.parametrize("fault", BREACHES)
def test_a_planted_fault_in_compose_is_found(fault: str) -> None:
    broken = copy.deepcopy(COMPOSE)
    BREACHES[fault](broken["services"])
    assert [found for found in faults(broken) if fault in found]


def test_a_restore_in_compose_stops_whatever_works_and_starts_nothing_that_fills_the_database_first() -> None:
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    ours = {name for name, service in COMPOSE["services"].items() if str(service["image"]).startswith("styrhjul:")}
    [stop] = re.findall(r"^ +docker compose --profile observe stop (.+)$", page, re.MULTILINE)
    assert set(stop.split()) == ours - {"migrate"}
    [restore] = re.findall(r"^ +docker compose run (.+ restore .+)$", page, re.MULTILINE)
    assert "migrate" in COMPOSE["services"]["backup"]["depends_on"]
    assert "--no-deps" in restore.split()


@pytest.mark.parametrize("name", ["web", "worker"])
def test_what_reads_strangers_files_has_as_much_memory_in_the_chart_as_in_compose(name: str) -> None:
    """A child that reads a document or a mail may take 600 MB and more, beside its parent's own."""
    values = yaml.safe_load((ROOT / "deploy/helm/styrhjul/values.yaml").read_text(encoding="utf-8"))
    limit = values[name]["resources"]["limits"]["memory"]
    assert limit.lower().rstrip("i") == COMPOSE["services"][name]["mem_limit"]


def test_the_image_holds_every_room_the_program_imports() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    allowed = (ROOT / ".dockerignore").read_text(encoding="utf-8")
    for room in ("config", "styrhjul", "tasks", "templates", "workflows", "requirements-traces.lock"):
        assert re.search(rf"^COPY {re.escape(room)} ", dockerfile, re.MULTILINE)
        assert f"!{room}\n" in allowed


def test_the_image_can_back_up_the_server_it_comes_with() -> None:
    """pg_dump refuses a server newer than itself, and an older server what a newer pg_restore writes."""
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    [client] = re.findall(r"postgresql-client-(\d+)", dockerfile)
    assert COMPOSE["services"]["postgres"]["image"] == f"postgres:{client}"
    assert re.search(r"^FROM python:[\d.]+-slim-[a-z]+$", dockerfile, re.MULTILINE)


def test_the_image_installs_by_hash_and_runs_as_nobody_special() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "--require-hashes" in dockerfile
    assert re.findall(r"^USER (\S+)", dockerfile, re.MULTILINE) == ["styrhjul"]


def test_the_lock_with_traces_is_the_programs_own_and_the_packages_of_the_extra() -> None:
    plain, traces, extra = (
        set(re.findall(r"^([\w.-]+==\S+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))
        for lock in ("requirements.lock", "requirements-traces.lock", "requirements-dev.lock")
    )
    assert plain < traces <= extra
    names = {each.partition("=")[0] for each in traces - plain}
    assert {"opentelemetry-sdk", "opentelemetry-exporter-otlp-proto-http"} <= names


def test_publiccode_has_what_version_0_4_asks_for() -> None:
    needed = {"publiccodeYmlVersion", "name", "url", "platforms", "categories", "developmentStatus", "softwareType"}
    assert needed | {"description", "legal", "maintenance", "localisation"} <= set(PUBLICCODE)
    assert PUBLICCODE["publiccodeYmlVersion"] == "0.4"
    assert PUBLICCODE["legal"]["license"] == "EUPL-1.2"
    assert PUBLICCODE["maintenance"]["contacts"]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_publiccode_describes_itself_within_its_bounds(language: str) -> None:
    described = PUBLICCODE["description"][language]
    assert len(described["shortDescription"]) <= 150
    assert 150 <= len(described["longDescription"]) <= 10_000
    assert described["features"]


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")
    assert [int(n) for n in re.findall(r"^(\d{1,2})\. ?[A-Z]", text, re.MULTILINE)] == list(range(1, 16))
    assert "Compatible Licences" in text
