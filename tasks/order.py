"""One pulse for what people have ordered: make it."""

from __future__ import annotations

from styrhjul.services.operations.order_making import make_orders
from tasks.app import app
from tasks.step import run_step


@app.task(name="order.make", acks_late=True, ignore_result=True)
def make() -> None:
    """Make what has been ordered."""
    run_step("order.make", lambda here, _: make_orders(here))
