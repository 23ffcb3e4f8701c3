"""The Swedish of orders: how one stands, and how far it has come."""

from __future__ import annotations

from collections.abc import Mapping

from styrhjul.db.order_model import OrderKind, OrderStatus
from styrhjul.services.foundation.order import OrderLine
from styrhjul.web.words import Chip

STATUS_CHIPS: Mapping[OrderStatus, Chip] = {
    OrderStatus.QUEUED: Chip("Väntar", "i-coming", "is-coming"),
    OrderStatus.MAKING: Chip("Görs", "i-open", "is-open"),
    OrderStatus.DONE: Chip("Klar", "i-done", "is-done"),
    OrderStatus.FAILED: Chip("Gick inte", "i-late", "is-late"),
}


def told(order: OrderLine) -> str:
    """Return how an order stands, in a sentence that changes ten times at most: a screen reader reads each aloud."""
    if order.kind is OrderKind.POLICY_BATCH:
        return _told_of_batch(order)
    if order.status is OrderStatus.QUEUED:
        return "Filen väntar på sin tur. Den börjar göras inom någon minut."
    if order.status is OrderStatus.MAKING:
        tens = order.percent // 10 * 10
        return f"Filen görs. Ungefär {tens} procent är klart." if tens else "Filen görs."
    return order.fault or "Filen är klar."


def removed(order: OrderLine) -> str:
    """Return what taking an order away has done."""
    if order.kind is OrderKind.POLICY_BATCH:
        return "Inläsningen är avbruten och filerna är borttagna." if order.is_open else "Filerna är borttagna."
    return "Beställningen är avbruten." if order.is_open else "Filen är borttagen."


def _told_of_batch(order: OrderLine) -> str:
    files, is_picked = int(order.wanted["files"]), "pick" in order.wanted
    if order.status is OrderStatus.QUEUED:
        what = "Det du kryssade för väntar på att läsas in." if is_picked else "Filerna väntar på att läsas."
        return f"{what} Det börjar inom någon minut."
    if order.status is OrderStatus.MAKING:
        tens = order.percent // 10 * 10
        done = f" Ungefär {tens * files // 100} av {files} filer är lästa." if tens * files >= 100 else ""
        return f"Dokumenten läses in.{done}" if is_picked else f"Filerna läses.{done}"
    return order.fault or "Filerna är lästa."
