"""Alarms, plots and runbooks speak of the same figures, and each alarm rings for its trouble and for nothing else."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.clock import wall_time
from config.settings import load_settings
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.operations.backup import note_backup
from styrhjul.services.operations.figures import Figures
from styrhjul.services.operations.pulse import pulse_all
from styrhjul.services.operations.pulse_record import STEPS, record_pulse
from styrhjul.services.records.journal import JournalReport, note_check
from tests.programs import promtool_program
from tests.servers import RedisServer

ROOT = Path(__file__).resolve().parent.parent
OBSERVE = ROOT / "config/observe"
RULES: list[dict[str, Any]] = yaml.safe_load((OBSERVE / "alerts.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
BOARD: dict[str, Any] = json.loads((OBSERVE / "grafana/styrhjul.json").read_text(encoding="utf-8"))
PLOTTED = [target["expr"] for panel in BOARD["panels"] for target in panel["targets"]]
#: What Prometheus says itself.
ITS_OWN = {"up"}

DONE = 'styrhjul_step_done_total{step="%s",what="%s"}'
#: For each alarm, by minute, what it rings for.
TROUBLES = {
    "FiguresGone": {'up{job="styrhjul"}': "0x120"},
    "DatabaseGone": {"styrhjul_database_up": "0x120"},
    "PulseLate": {"styrhjul_pulse_age_seconds": "301x120"},
    "WorkLeftLying": {'styrhjul_due_subjects{lifecycle="revision"}': "1x120"},
    "StepFails": {'styrhjul_step_failures_total{step="mail.deliver"}': "0+1x120"},
    "MunicipalityStuck": {DONE % ("mail.compose", "stuck"): "0+1x120"},
    "MailsWait": {"styrhjul_mails_ready_oldest_seconds": "3601x120"},
    "MailLate": {"styrhjul_mails_waiting_oldest_seconds": "86401x120"},
    "MailUncertain": {"styrhjul_mails_uncertain_oldest_seconds": "3601x120"},
    "MailsRefused": {'styrhjul_mails_troubled{status="bounced"}': "0+1x120"},
    "SetAside": {"styrhjul_quarantined": "1x120"},
    "WayOutClosed": {"styrhjul_way_out_failing": "1x120"},
    "SenderRefused": {"styrhjul_senders_failing": "1x120"},
    "Held": {"styrhjul_held": "1x120"},
    "MailboxUnreadable": {DONE % ("mail.inbound", "unreachable"): "0+2x120"},
    "InboundNotKept": {DONE % ("mail.inbound", "failed"): "0x90 1x30"},
    "OrdersWait": {"styrhjul_orders_waiting_oldest_seconds": "3601x120"},
    "OrderFailed": {DONE % ("order.make", "failed"): "0x90 1x30"},
    "WebhooksAil": {'styrhjul_webhooks_ailing{state="paused"}': "1x120"},
    "JournalBroken": {"styrhjul_journal_broken": "1x120"},
    "JournalUnchecked": {"styrhjul_journal_check_age_seconds": "700000x120"},
    "BackupOld": {"styrhjul_backup_age_seconds": "180001x120"},
    "BackupMissing": {"styrhjul_backup_age_seconds": " ".join(["Inf"] * 1700)},
    "SigningKeyBroken": {"styrhjul_signing_keys_broken": "1x120"},
    "BrokerGone": {"styrhjul_broker_up": "0x120"},
    "PulsesPileUp": {"styrhjul_broker_messages_waiting": "101x120"},
    "DiskLow": {"styrhjul_disk_free_bytes": "1e9x120"},
}
#: What takes longer than the hundred minutes after which the others are looked at.
LATER = {"BackupMissing": "1600m"}
#: What is no trouble yet, or another alarm's.
QUIET = (
    {"styrhjul_mails_ready_oldest_seconds": "3599x120"},
    {'styrhjul_due_subjects{lifecycle="revision"}': " ".join(["5x9 0"] * 11)},
    {'styrhjul_step_failures_total{step="mail.deliver"}': "0x80 3x40"},
    {"styrhjul_broker_up": "1x90 0x3 1x30"},
    {"styrhjul_backup_age_seconds": "179999x120"},
    {"styrhjul_backup_age_seconds": " ".join(["Inf"] * 120)},  # an installation of today
)


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory, redis_server: RedisServer) -> dict[str, str]:
    """What Prometheus reads of an installation in which all is well, series by series."""
    here = Installation.open(load_settings(data_dir=tmp_path_factory.mktemp("healthy"), broker_url=redis_server.url))
    here.migrate()
    record_pulse(here.database, "self", wall_time(), pulse_all(here, wall_time()))
    note_check(here.database, JournalReport(entries=0, broken=()), wall_time())
    note_backup(here.database, 1, wall_time())
    samples = [sample for family in Figures(here).collect() for sample in family.samples]
    here.close()
    series = {_series(sample.name, sample.labels): f"{sample.value}x120" for sample in samples}
    return {**series, 'up{job="styrhjul"}': "1x120"}


def _series(name: str, labels: dict[str, str]) -> str:
    inner = ",".join(f'{label}="{value}"' for label, value in labels.items())
    return f"{name}{{{inner}}}" if inner else name


def selectors(expression: str) -> Iterator[tuple[str, str]]:
    """Yield each figure that an expression names, with what stands in its braces."""
    yield from re.findall(r"\b(up|styrhjul_[a-z_]+)(?:\{([^}]*)\})?", expression)


def promtool(*words: object, folder: Path) -> str:
    """Return what it says: faults and all, with its exit code first."""
    program = promtool_program()
    assert program is not None
    done = subprocess.run([program, *map(str, words)], cwd=folder, capture_output=True, text=True, check=False)
    return f"{done.returncode} {done.stdout}{done.stderr}"


@pytest.mark.parametrize("expression", [*(rule["expr"] for rule in RULES), *PLOTTED])
def test_what_is_asked_for_is_there(expression: str, healthy: dict[str, str]) -> None:
    """No dead panel, no alarm on a figure that has another name, or on a label that nothing has."""
    asked = list(selectors(expression))
    assert asked
    for name, braces in asked:
        for label, how, value in re.findall(r'(\w+)(=~?)"([^"]*)"', braces):
            fits = re.compile(rf'{label}="(?:{value if how == "=~" else re.escape(value)})"')
            assert [each for each in healthy if each.startswith(name + "{") and fits.search(each)], (name, label, value)
        assert [each for each in healthy if each.partition("{")[0] == name], name


def test_every_alarm_has_its_runbook_and_every_runbook_its_alarm() -> None:
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    chapter = page.partition("\n## Alarms\n")[2].partition("\n## ")[0]
    named = [rule["alert"] for rule in RULES]
    assert re.findall(r"^### (\w+)$", chapter, re.MULTILINE) == named
    assert all(rule["annotations"]["runbook"] == f"docs/operations.md#{rule['alert'].lower()}" for rule in RULES)
    assert all(rule["labels"]["severity"] in ("critical", "warning") for rule in RULES)


def test_every_alarm_has_a_trouble_to_ring_for() -> None:
    assert list(TROUBLES) == [rule["alert"] for rule in RULES]


@pytest.mark.needs("promtool")
def test_each_alarm_rings_for_its_trouble_alone_and_none_when_all_is_well(
    healthy: dict[str, str], tmp_path: Path
) -> None:
    cases = [({}, []), *((quiet, []) for quiet in QUIET), *((trouble, [name]) for name, trouble in TROUBLES.items())]
    written = {
        "rule_files": [str(OBSERVE / "alerts.yml")],
        "evaluation_interval": "1m",
        "tests": [_case(healthy | changed, rings) for changed, rings in cases],
    }
    (tmp_path / "cases.yml").write_text(yaml.safe_dump(written), encoding="utf-8")
    said = promtool("test", "rules", "cases.yml", folder=tmp_path)
    assert said.startswith("0 "), said


def _case(series: dict[str, str], rings: list[str]) -> dict[str, Any]:
    expected = [{"labels": f'{{alertname="{name}"}}', "value": 1} for name in rings]
    asked = 'group by (alertname) (ALERTS{alertstate="firing"})'
    at = next((LATER[name] for name in rings if name in LATER), "100m")
    if at != "100m":
        series = {name: values.replace("x120", "x1700") for name, values in series.items()}
    return {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "promql_expr_test": [{"expr": asked, "eval_time": at, "exp_samples": expected}],
    }


@pytest.mark.needs("promtool")
def test_prometheus_takes_its_files_and_understands_what_is_plotted(tmp_path: Path) -> None:
    assert "rules found" in promtool("check", "config", "prometheus.yml", folder=OBSERVE)
    rules = [{"record": f"plotted:{number}", "expr": each} for number, each in enumerate(PLOTTED)]
    (tmp_path / "plotted.yml").write_text(yaml.safe_dump({"groups": [{"name": "plotted", "rules": rules}]}))
    assert f"{len(PLOTTED)} rules found" in promtool("check", "rules", "plotted.yml", folder=tmp_path)


def test_the_page_of_plots_reaches_nobody_and_nothing_on_it_lies_over_another() -> None:
    text = (OBSERVE / "grafana/styrhjul.json").read_text(encoding="utf-8")
    sources = yaml.safe_load((OBSERVE / "grafana/datasource.yml").read_text(encoding="utf-8"))["datasources"]
    assert "://" not in text
    assert set(re.findall(r'"uid": "(\w+)"', text)) == {BOARD["uid"], sources[0]["uid"]}
    places = [panel["gridPos"] for panel in BOARD["panels"]]
    cells = [
        (x, y) for at in places for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])


def test_grafana_asks_the_containers_that_are_there_on_the_ports_they_listen_on() -> None:
    sources = yaml.safe_load((OBSERVE / "grafana/datasource.yml").read_text(encoding="utf-8"))["datasources"]
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    for source in sources:
        host, port = source["url"].removeprefix("http://").split(":")
        assert f"127.0.0.1:{port}:{port}" in services[host]["ports"], source["name"]
        assert services[host]["profiles"] == ["observe"]
    assert services["worker"]["environment"]["STYRHJUL_OTLP_ENDPOINT"] == "${STYRHJUL_OTLP_ENDPOINT:-}"


def test_every_count_of_every_step_is_plotted_or_rings(healthy: dict[str, str]) -> None:
    """A step that is new has to be looked at: its figures match a selector of the page or of an alarm."""
    found = [braces for each in PLOTTED for name, braces in selectors(each) if name == "styrhjul_step_done_total"]
    patterns = [re.compile(value) for braces in found for value in re.findall(r'step=~?"([^"]*)"', braces)]
    assert [step for step in STEPS if not any(pattern.fullmatch(step) for pattern in patterns)] == []
