"""Whoever holds a mail's id finds its trace, from the pulse that planned it to the server's reply, and no secret."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from config.clock import StoppedClock
from config.settings import SettingsRefused, load_settings
from styrhjul.db.mail_model import Mail
from styrhjul.db.model import Person, new_id
from styrhjul.db.session import Database
from styrhjul.services.cases.sweep import SweepReport
from styrhjul.services.delivery import deliver as deliver_module
from styrhjul.services.foundation import tracing
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.foundation.tracing import Tracing, codes_of, traced_at
from styrhjul.services.foundation.tracing_export import ToCollector
from styrhjul.services.operations.around import after_work
from styrhjul.services.operations.doctor import examine
from styrhjul.services.operations.figures import Figures
from tasks import lifecycle as lifecycle_tasks
from tasks import mail as mail_tasks
from tests.otlp_receiver import Collector, SeenSpan, collecting
from tests.smtp_sink import SmtpSink, Stage
from tests.town import Town, build_town, nine
from workflows import LIFECYCLES

OPENING = date(2027, 1, 7)
KEY = "a-key-of-thirty-two-characters-or-more"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as opened:
        yield opened


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database)


@pytest.fixture
def small_town(sqlite_database_url: str) -> Iterator[Town]:
    """Where it does not matter which database it is."""
    database = Database(sqlite_database_url)
    yield build_town(database)
    database.dispose()


def installation(town: Town, folder: Path, on: date = OPENING, **given: Any) -> Installation:  # noqa: ANN401 - settings
    url = town.database.url.render_as_string(hide_password=False)
    settings = load_settings(data_dir=folder, database_url=url, secret_key=KEY, **given)
    return Installation.open(settings, StoppedClock(nine(on)))


def beat(here: Installation, monkeypatch: pytest.MonkeyPatch, *, sweeps: bool = True) -> None:
    """Do what a worker does at one beat of some pulses, as one process."""
    monkeypatch.setattr("tasks.step.installation", lambda: here)
    monkeypatch.setattr("tasks.step.app.send_task", lambda name, **_: None)  # what would be woken is done below
    for key in LIFECYCLES if sweeps else ():
        getattr(lifecycle_tasks, key)()
    mail_tasks.compose()
    mail_tasks.send()
    here.close()


def trace_of(collector: Collector, mail: Mail) -> dict[str, SeenSpan]:
    return {span.name: span for span in collector.spans if span.trace == mail.id}


def way_back(places: dict[tuple[str, str], SeenSpan], compose: SeenSpan) -> tuple[SeenSpan, ...]:
    """The pulse a mail was written at; the notice in it, the sweep that planned that, and the pulse of the sweep."""
    composing, notice = sorted((places[link] for link in compose.links), key=lambda span: span.name, reverse=True)
    [sweep] = [places[link] for link in notice.links]
    return composing, notice, sweep, places[sweep.trace, sweep.parent]


def test_a_mail_is_one_trace_from_its_writing_to_the_reply_and_leads_back_to_the_pulse_that_planned_it(
    town: Town, tmp_path: Path, collector: Collector, smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    beat(installation(town, tmp_path, smtp_url=smtp_sink.url, otlp_endpoint=collector.url), monkeypatch)
    mails, places = town.mails(), {span.place: span for span in collector.spans}
    assert len(mails) == len(smtp_sink.messages) == 4
    for mail in mails:
        found = trace_of(collector, mail)
        compose, deliver, smtp = found["compose"], found["deliver"], found["smtp"]
        assert set(found) == {"compose", "deliver", "smtp"}
        assert (compose.parent, deliver.parent, smtp.parent) == ("", mail.id[16:], deliver.span)
        assert smtp.said == {"styrhjul.smtp_code": 250}
        assert deliver.said == {
            "styrhjul.municipality": "lillby",
            "styrhjul.attempt": 1,
            "styrhjul.lifecycle": ["goal_setting"],
            "styrhjul.rung": compose.said["styrhjul.rung"],
            "styrhjul.outcome": "Accepted",
        }
        assert compose.began_ns <= compose.ended_ns <= deliver.began_ns <= smtp.began_ns <= smtp.ended_ns
        composing, notice, sweep, pulse = way_back(places, compose)
        assert (composing.said, notice.name) == ({"styrhjul.step": "mail.compose"}, "notice")
        assert (sweep.name, sweep.said["styrhjul.municipality"]) == ("sweep", "lillby")
        assert pulse.said == {"styrhjul.step": "lifecycle.goal_setting"}
    assert {span.trace for span in collector.named("notice")} == {notice.id for notice in town.notices()}


def test_another_process_on_another_day_goes_on_with_the_same_trace(
    town: Town, tmp_path: Path, collector: Collector, smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    smtp_sink.reply_with(*(["451 4.7.1 later"] * 4))
    for day in (OPENING, OPENING + timedelta(days=1)):
        here = installation(town, tmp_path, day, smtp_url=smtp_sink.url, otlp_endpoint=collector.url)
        beat(here, monkeypatch, sweeps=day == OPENING)
    mail = town.mails()[0]
    tries = [span for span in collector.spans if span.trace == mail.id and span.name == "deliver"]
    assert [(span.said["styrhjul.attempt"], span.said["styrhjul.outcome"]) for span in tries] == [
        (1, "TryLater"),
        (2, "Accepted"),
    ]
    assert {span.parent for span in tries} == {mail.id[16:]}


def test_a_mail_that_is_refused_tells_the_codes_and_not_the_words(
    town: Town, tmp_path: Path, collector: Collector, smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    smtp_sink.reply_with("550 5.1.1 anna.ek@example.org is unknown to us", at=Stage.RCPT)
    beat(installation(town, tmp_path, smtp_url=smtp_sink.url, otlp_endpoint=collector.url), monkeypatch)
    [refused] = [span for span in collector.named("smtp") if span.said["styrhjul.smtp_code"] != 250]
    assert refused.said == {"styrhjul.smtp_code": 550, "styrhjul.smtp_enhanced": "5.1.1"}
    assert [span.said["styrhjul.outcome"] for span in collector.spans if span.span == refused.parent] == ["Refused"]
    assert b"unknown" not in b"".join(collector.bodies)


def test_a_fault_of_ours_is_told_by_its_class_alone(
    small_town: Town, tmp_path: Path, collector: Collector, smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall(*_: object) -> None:
        raise LookupError("anna.ek@example.org")

    monkeypatch.setattr(deliver_module._Run, "mark", fall)
    beat(installation(small_town, tmp_path, smtp_url=smtp_sink.url, otlp_endpoint=collector.url), monkeypatch)
    failed = collector.named("deliver")
    assert {span.said["error.type"] for span in failed} == {"LookupError"}
    assert all(span.failed and span.events == 0 for span in failed)
    assert b"anna.ek" not in b"".join(collector.bodies)


def test_no_byte_that_leaves_says_anything_of_anybody(
    town: Town, tmp_path: Path, collector: Collector, smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    beat(installation(town, tmp_path, smtp_url=smtp_sink.url, otlp_endpoint=collector.url), monkeypatch)
    with town.database.reading(town.municipality_id) as session:
        names = session.scalars(select(Person.name)).all()
    bodies = [mail.message.get_body(("plain",)) for mail in smtp_sink.messages]
    tokens = {token for body in bodies if body for token in re.findall(r"/a/([\w-]{20,})", body.get_content())}
    secrets = [KEY, *names, *tokens]
    for mail in town.mails():
        secrets += [mail.address, mail.return_path, mail.subject, mail.message_id]
    left = b"".join(collector.bodies)
    assert len(tokens) == 4
    assert town.mails()[0].id in [span.trace for span in collector.spans]
    assert [each for each in secrets if each.encode() in left] == []
    assert not any("@" in str(said) for span in collector.spans for said in span.said.values())
    assert {key for span in collector.spans for key in span.said} <= {
        f"styrhjul.{name}"
        for name in ["step", "lifecycle", "municipality", "rung", "attempt", "outcome", "smtp_code", "smtp_enhanced"]
    }


def test_a_pulse_that_does_nothing_leaves_no_trace(
    small_town: Town, tmp_path: Path, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    beat(installation(small_town, tmp_path), monkeypatch)
    beat(installation(small_town, tmp_path, otlp_endpoint=collector.url), monkeypatch)
    assert collector.bodies == []


def test_without_a_collector_no_span_is_made_and_nothing_is_asked_for_one(
    small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []
    for module, name in ((tracing, "Span"), (deliver_module, "traced_at"), (deliver_module, "municipality_row")):
        monkeypatch.setattr(module, name, lambda *given, **named: made.append((given, named)))
    assert small_town.live(OPENING).sent == 4
    assert made == []


UNTRACED_PULSE = """
import sys
from pathlib import Path
from config.clock import wall_time
from config.settings import load_settings
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.operations.pulse import pulse_all
import tasks.app
here = Installation.open(load_settings(data_dir=Path(sys.argv[1])))
pulse_all(here, wall_time())
print([name for name in sys.modules if name.startswith(("opentelemetry.sdk", "opentelemetry.exporter", "google."))])
"""


def test_without_a_collector_none_of_the_packages_is_loaded(sqlite_database_url: str, tmp_path: Path) -> None:
    assert sqlite_database_url.endswith(f"{tmp_path}/styrhjul.db")
    done = subprocess.run(
        [sys.executable, "-c", UNTRACED_PULSE, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_without_the_packages_mail_leaves_and_the_doctor_says_what_is_missing(
    small_town: Town, tmp_path: Path, collector: Collector, smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "styrhjul.services.foundation.tracing_export")
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    here = installation(small_town, tmp_path, smtp_url=smtp_sink.url, otlp_endpoint=collector.url)
    [check] = [check for check in examine(here, nine(OPENING)) if check.check == "traces"]
    assert (check.ok, "requirements-traces.lock" in check.detail) == (False, True)
    beat(here, monkeypatch)
    assert (len(smtp_sink.messages), collector.bodies) == (4, [])


def test_a_collector_that_never_answers_holds_up_nothing_and_what_is_lost_is_a_figure(
    small_town: Town, tmp_path: Path, collector: Collector
) -> None:
    collector.answers.clear()
    way = ToCollector(collector.url, most_waiting=4)
    here = installation(small_town, tmp_path)
    traced = Tracing(way)
    here.__dict__["tracing"] = traced
    for _ in range(10):
        traced.note("compose", traced_at(new_id()), began_ns=traced.now_ns())
    after_work(here, "mail.compose", SweepReport())
    figures = {each.name: each.value for family in Figures(here).collect() for each in family.samples}
    assert (figures["styrhjul_spans_lost_total"], collector.bodies) == (6, [])
    collector.answers.set()
    here.close()
    assert len(collector.spans) == 4


def test_a_collector_that_is_not_there_loses_spans_and_no_mail(
    small_town: Town, tmp_path: Path, smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    with collecting() as gone:
        pass
    here = installation(small_town, tmp_path, smtp_url=smtp_sink.url, otlp_endpoint=gone.url)
    beat(here, monkeypatch)
    assert len(smtp_sink.messages) == 4


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("250 2.0.0 Ok: queued as 4F", {"smtp_code": 250, "smtp_enhanced": "2.0.0"}),
        ("550-5.7.1 no", {"smtp_code": 550, "smtp_enhanced": "5.7.1"}),
        ("451 5.x anna@example.org", {"smtp_code": 451}),
        ("no reply after the mail: timed out", {}),
        ("250", {"smtp_code": 250}),
    ],
)
def test_of_a_reply_nothing_but_its_codes_is_said(reply: str, said: dict[str, object]) -> None:
    assert codes_of(reply) == said


@pytest.mark.parametrize("url", ["http://user:word@collector:4318", "collector:4318"])
def test_an_address_with_a_password_or_without_a_scheme_is_refused(url: str) -> None:
    with pytest.raises(SettingsRefused, match="STYRHJUL_OTLP_ENDPOINT"):
        load_settings(otlp_endpoint=url)


def test_an_untraced_block_is_the_same_object_each_time() -> None:
    assert tracing.UNTRACED.span("pulse") is tracing.UNTRACED.span("sweep")
