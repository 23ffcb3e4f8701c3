"""One pulse for other systems: tell them what has happened."""

from __future__ import annotations

from styrhjul.services.operations.pulse import tell_others
from tasks.app import app
from tasks.step import run_step


@app.task(name="webhook.deliver", acks_late=True, ignore_result=True)
def send() -> None:
    """Send what waits to be told."""
    run_step("webhook.deliver", lambda here, _: tell_others(here))
