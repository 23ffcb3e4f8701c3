"""The Swedish of orders: how one stands, and how far it has come."""

from __future__ import annotations

from collections.abc import Mapping

from styrhjul.db.order_model import OrderStatus
from styrhjul.services.order import OrderLine
from styrhjul.web.words import Chip

STATUS_CHIPS: Mapping[OrderStatus, Chip] = {
    OrderStatus.QUEUED: Chip("Väntar", "i-coming", "is-coming"),
    OrderStatus.MAKING: Chip("Görs", "i-open", "is-open"),
    OrderStatus.DONE: Chip("Klar", "i-done", "is-done"),
    OrderStatus.FAILED: Chip("Gick inte", "i-late", "is-late"),
}


def told(order: OrderLine) -> str:
    """Return how an order stands, in a sentence that changes ten times at most: a screen reader reads each aloud."""
    if order.status is OrderStatus.QUEUED:
        return "Filen väntar på sin tur. Den börjar göras inom någon minut."
    if order.status is OrderStatus.MAKING:
        tens = order.percent // 10 * 10
        return f"Filen görs. Ungefär {tens} procent är klart." if tens else "Filen görs."
    return order.fault or "Filen är klar."
