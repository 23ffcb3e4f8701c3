"""The Helm chart: linted and rendered by helm itself, judged by Kubernetes' own schemas, and held to our rules."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from config.settings import SECRETS, Settings
from tasks.patience import SHIPPED
from tests.programs import HELM

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
CHART = ROOT / "deploy/helm/styrhjul"
#: What works as whoever owns the tables.
OWNERS = {"migrate", "backup"}
RETAINING = ("--set", "retention.municipalities={lillby,storby}")
EVERYTHING = ("--set", "web.ingress.enabled=true", "--set", "worker.autoscaling.enabled=true", *RETAINING)

pytestmark = pytest.mark.needs("helm")


def helm(*words: str) -> str:
    return subprocess.run([HELM, *words], capture_output=True, text=True, check=True).stdout


def rendered(*words: str) -> list[dict[str, Any]]:
    return [part for part in yaml.safe_load_all(helm("template", "lillby", str(CHART), *words)) if part]


def pods(parts: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what every pod of the chart is, by the name of its container."""
    for part in parts:
        inner = part["spec"].get("jobTemplate", part)["spec"] if "spec" in part else {}
        if "template" in inner:
            spec = inner["template"]["spec"]
            yield spec["containers"][0]["name"], spec


def faults(parts: list[dict[str, Any]]) -> Iterator[str]:
    """What would show a secret, may do more than it needs, or would lose a mail."""
    for name, spec in pods(parts):
        yield from (f"{name}: {fault}" for fault in _rights_faults(spec))
        yield from (f"{name}: {fault}" for fault in _setting_faults(name, spec["containers"][0]["env"]))
        if name == "worker" and spec.get("terminationGracePeriodSeconds", 30) <= SHIPPED.hard_limit:
            yield "worker: is killed before its task has ended"


def _rights_faults(spec: dict[str, Any]) -> Iterator[str]:
    [container] = spec["containers"]
    shut = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
    if container["securityContext"] != shut or not spec["securityContext"]["runAsNonRoot"]:
        yield "may do more than it needs"
    if spec["automountServiceAccountToken"]:
        yield "may speak to the cluster"
    if "memory" not in container["resources"]["limits"]:
        yield "may take all memory"


def _setting_faults(name: str, environment: list[dict[str, str]]) -> Iterator[str]:
    names = [each["name"] for each in environment]
    for each in names:
        setting = each.removeprefix("STYRHJUL_").removesuffix("_FILE").lower()
        if setting not in Settings.model_fields:
            yield f"{each} is no setting"
        if setting in SECRETS and not each.endswith("_FILE"):
            yield f"{each} shows a secret"
    if ("STYRHJUL_MIGRATE_DATABASE_URL_FILE" in names) != (name in OWNERS):
        yield "has the tables' owner's password, or lacks it"


def test_helm_finds_nothing_to_say() -> None:
    assert "[ERROR]" not in helm("lint", "--strict", str(CHART))


@pytest.mark.parametrize("words", [(), EVERYTHING], ids=["as shipped", "with all of it"])
def test_kubernetes_would_take_every_part(words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "chart.yaml").write_text(helm("template", "lillby", str(CHART), *words), encoding="utf-8")
    judge = Path(sys.executable).parent / "kubernetes-validate"
    done = subprocess.run([judge, "--strict", tmp_path / "chart.yaml"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr.count("passed for resource") + done.stdout.count("passed for resource") >= 8


def test_the_chart_keeps_our_rules() -> None:
    parts = rendered(*EVERYTHING)
    shipped = {"migrate", "web", "worker", "beat", "backup", "metrics", "journal"}
    assert {name for name, _ in pods(parts)} == shipped | {"retention"}
    assert {name for name, _ in pods(rendered())} == shipped
    assert list(faults(parts)) == []


BREACHES = {
    "may do more": lambda spec: spec["containers"][0]["securityContext"].update(readOnlyRootFilesystem=False),
    "may speak to the cluster": lambda spec: spec.update(automountServiceAccountToken=True),
    "may take all memory": lambda spec: spec["containers"][0]["resources"].update(limits={}),
    "is no setting": lambda spec: spec["containers"][0]["env"].append({"name": "STYRHJUL_COLOUR"}),
    "shows a secret": lambda spec: spec["containers"][0]["env"].append({"name": "STYRHJUL_SECRET_KEY"}),
    "owner's password": lambda spec: spec["containers"][0]["env"].append(
        {"name": "STYRHJUL_MIGRATE_DATABASE_URL_FILE"}
    ),
    "is killed before": lambda spec: spec.update(terminationGracePeriodSeconds=30),
}


@pytest.mark.parametrize("fault", BREACHES)
def test_a_planted_fault_in_the_chart_is_found(fault: str) -> None:
    parts = rendered()
    BREACHES[fault](dict(pods(parts))["worker"])
    assert [found for found in faults(parts) if fault in found]


def test_each_municipality_s_retention_is_run_and_one_that_fails_stops_no_other(tmp_path: Path) -> None:
    [container] = dict(pods(rendered(*RETAINING)))["retention"]["containers"]
    program = tmp_path / "python"
    program.write_text('#!/bin/sh\necho "$@"\n[ "$6" != lillby ]\n', encoding="utf-8")
    program.chmod(0o700)
    words = [*container["command"], *container["args"]]
    done = subprocess.run(words, env={"PATH": f"{tmp_path}:/bin"}, capture_output=True, text=True, check=False)
    run = "-m styrhjul retention run --municipality"
    assert done.stdout.splitlines() == [f"{run} lillby --by driften", f"{run} storby --by driften"]
    assert done.returncode == 1


def test_chart_program_and_image_are_of_one_version() -> None:
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text(encoding="utf-8"))
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    assert compose["services"]["web"]["image"] == f"styrhjul:{chart['appVersion']}"


def test_the_figures_have_a_door_of_their_own_that_prometheus_finds() -> None:
    parts = rendered(*EVERYTHING)
    named = {(part["kind"], part["metadata"]["name"]): part for part in parts}
    service = named["Service", "lillby-metrics"]
    pod = named["Deployment", "lillby-metrics"]["spec"]["template"]
    assert service["spec"]["selector"].items() <= pod["metadata"]["labels"].items()
    [container] = pod["spec"]["containers"]
    environment = {each["name"]: each["value"] for each in container["env"]}
    [door] = container["ports"]
    assert (environment["STYRHJUL_METRICS_HOST"], environment["STYRHJUL_METRICS_PORT"]) == ("0.0.0.0", "9464")  # noqa: S104 - as the pod listens
    assert (door["name"], door["containerPort"]) == (service["spec"]["ports"][0]["targetPort"], 9464)
    assert service["metadata"]["annotations"]["prometheus.io/port"] == "9464"
    assert ("NetworkPolicy", "lillby-metrics") in named


def test_a_migration_runs_before_anything_of_the_new_version() -> None:
    [job] = [part for part in rendered() if part["kind"] == "Job"]
    assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
