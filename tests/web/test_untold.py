"""What people ask for is told to nobody: FastAPI's own telemetry stays off, whatever the environment says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry import trace

from styrhjul.services.foundation.installation import Installation
from styrhjul.web.app import create_app
from tests.web.conftest import here

if TYPE_CHECKING:
    import pytest


class Listening(trace.TracerProvider):
    """Somebody that other software of the house has made the one all spans go to."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def get_tracer(self, instrumenting_module_name: str, *_: Any, **__: Any) -> trace.Tracer:  # noqa: ANN401 - theirs
        self.asked.append(instrumenting_module_name)
        return trace.NoOpTracer()


def test_no_path_is_told_to_whoever_listens(home: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    listening = Listening()
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: listening)
    with here(home) as client:
        client.get(f"/a/{'t' * 43}")
    assert listening.asked == []


def test_the_environment_switches_nothing_on(home: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    assert create_app(home)._telemetry["auto_configure"] is False
