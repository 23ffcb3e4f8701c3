"""Files that take longer to make than a page may: ordered here, followed, fetched, taken away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData
from starlette.responses import Response

from styrhjul.db.order_model import OrderKind, OrderStatus
from styrhjul.db.overview_query import MunicipalityLine
from styrhjul.domain.field_fault import FieldError
from styrhjul.domain.given_day import day_fault
from styrhjul.domain.written import tidy
from styrhjul.services.foundation.leaving_file import format_named
from styrhjul.services.foundation.order import (
    NoSuchOrder,
    OrderLine,
    TooManyOrders,
    Wish,
    fetch_order,
    order_of,
    orders_of,
    place_order,
    remove_order,
)
from styrhjul.services.municipality.directory import NotHere, municipality_by
from styrhjul.services.reports.chapter import policy_names
from styrhjul.services.reports.chapter_file import ChapterFormat
from styrhjul.web.actor import actor_of
from styrhjul.web.download import download
from styrhjul.web.error import ErrorPage
from styrhjul.web.home import home_of
from styrhjul.web.official import policy_batch
from styrhjul.web.official.frame import framed, shown
from styrhjul.web.official.order_words import STATUS_CHIPS, removed, told
from styrhjul.web.official.report import year_in
from styrhjul.web.official.settings_review import FormPage, Typed, fields_of, saved
from styrhjul.web.page import show
from styrhjul.web.permission import may, posted
from styrhjul.web.words import Chip

router = APIRouter()
Fields = Annotated[FormData, Depends(posted)]

_ALL = "/{municipality}/orders"
_ONE = "/{municipality}/orders/{order_id}"
#: Where each kind is ordered. Whoever may order it may see, fetch and take away what others have ordered of it.
PLACES: Mapping[OrderKind, str] = {
    OrderKind.CHAPTER: f"{_ALL}/chapter",
    OrderKind.AUDIT_PACK: f"{_ALL}/audit-pack",
    OrderKind.RECORDS: f"{_ALL}/records",
    OrderKind.EXPORT: f"{_ALL}/export",
    OrderKind.POLICY_BATCH: "/{municipality}/policies/import",
}
#: So many days of records fit in what one order may take.
MOST_DAYS = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersPage(FormPage):
    """What is ordered, and what can be."""

    orders: tuple[OrderLine, ...]
    places: Mapping[OrderKind, str] = field(default_factory=lambda: PLACES)
    chips: Mapping[OrderStatus, Chip] = field(default_factory=lambda: STATUS_CHIPS)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPage(FormPage):
    """One order. `told` is how it stands; `seen` changes when that does."""

    order: OrderLine
    told: str
    seen: str


@router.get(_ALL)
def orders(request: Request, municipality: str) -> Response:
    """Show what is ordered."""
    return _list(request, municipality_by(home_of(request).database, municipality), {})


@router.post(PLACES[OrderKind.CHAPTER])
def order_chapter(request: Request, municipality: str, fields: Fields) -> Response:
    """Order the chapter of a year, of all documents."""
    kind, year = format_named(ChapterFormat, str(fields.get("format", ""))), year_in(str(fields.get("year", "")))
    if kind is None:
        raise NotHere("format")
    wish = {"year": str(year), "format": kind.value}
    return _placed(request, municipality, OrderKind.CHAPTER, f"Styrdokument {year}, {kind.words}", wish)


@router.post(PLACES[OrderKind.AUDIT_PACK])
def order_audit_pack(request: Request, municipality: str, fields: Fields) -> Response:
    """Order an auditor's pack about a policy."""
    database = home_of(request).database
    line, policy = municipality_by(database, municipality), str(fields.get("policy", ""))
    title = dict(policy_names(database, line.municipality_id)).get(policy)
    if title is None:
        raise NotHere(policy)
    return _placed(request, municipality, OrderKind.AUDIT_PACK, f"Granskningsunderlag: {title}", {"policy": policy})


@router.post(PLACES[OrderKind.RECORDS])
def order_records(request: Request, municipality: str, fields: Fields) -> Response:
    """Order the records of some days, both included."""
    typed = fields_of(fields, ("first", "last"))
    days, errors = _days(typed)
    if days is None:
        return _list(request, municipality_by(home_of(request).database, municipality), typed, errors)
    first, last = days
    wish = {"first": first.isoformat(), "last": last.isoformat()}
    return _placed(request, municipality, OrderKind.RECORDS, f"Handlingar från {first} till {last}", wish)


@router.post(PLACES[OrderKind.EXPORT])
def order_export(request: Request, municipality: str, fields: Fields) -> Response:
    """Order all that the municipality has here."""
    del fields
    return _placed(request, municipality, OrderKind.EXPORT, "Allt som kommunen har i Styrhjul", {})


@router.get(_ONE)
def order(request: Request, municipality: str, order_id: str, seen: str = "") -> Response:
    """Show how far an order has come. The page's own script is told when there is nothing new, and when to reload."""
    line = municipality_by(home_of(request).database, municipality)
    found = _found(request, line, order_id)
    is_batch = found.kind is OrderKind.POLICY_BATCH
    page = OrderPage(
        frame=framed(request, line, "policy" if is_batch else "settings"),
        typed={},
        order=found,
        told=told(found),
        seen=f"{found.status.value}-{found.percent // 10}",
    )
    if not request.headers.get("hx-request"):
        table = policy_batch.table(request, line, found) if is_batch and not found.is_open else None
        return table or shown(request, "order.html", page)
    if seen == page.seen:
        return Response(status_code=204)
    if not found.is_open:
        return Response(headers={"HX-Refresh": "true"})
    return shown(request, "order.html", page)


@router.post(f"{_ONE}/file")
def fetch(request: Request, municipality: str, order_id: str, fields: Fields) -> Response:
    """Give the file, and note who took it."""
    del fields
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    _found(request, line, order_id)
    by = actor_of(request).name
    try:
        file = fetch_order(home.database, line.municipality_id, order_id, by=by, now=home.clock.now())
    except NoSuchOrder:
        raise NotHere(order_id) from None
    return download(file)


@router.post(f"{_ONE}/remove")
def remove(request: Request, municipality: str, order_id: str, fields: Fields) -> Response:
    """Take an order away, made or not."""
    del fields
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    _found(request, line, order_id)
    by = actor_of(request).name
    try:
        was = remove_order(home.database, line.municipality_id, order_id, by=by, now=home.clock.now())
    except NoSuchOrder:
        raise NotHere(order_id) from None
    return saved(request, f"/{line.slug}/orders", removed(was))


def _placed(request: Request, slug: str, kind: OrderKind, title: str, wanted: Mapping[str, str]) -> Response:
    home = home_of(request)
    line = municipality_by(home.database, slug)
    wish, by = Wish(kind=kind, title=title, wanted=wanted), actor_of(request).name
    try:
        order_id = place_order(home.database, line.municipality_id, wish, by=by, now=home.clock.now())
    except TooManyOrders as too_many:
        back = f"/{line.slug}/orders"
        error = ErrorPage(heading="Filen går inte att beställa än", text=str(too_many), back=back)
        return show("error.html", error, status=409)
    return RedirectResponse(f"/{line.slug}/orders/{order_id}", status_code=303)


def _list(request: Request, line: MunicipalityLine, typed: Typed, errors: tuple[FieldError, ...] = ()) -> Response:
    found = orders_of(home_of(request).database, line.municipality_id)
    page = OrdersPage(
        frame=framed(request, line, "settings"),
        typed=typed,
        errors=errors,
        orders=tuple(each for each in found if _may_have(request, each.kind)),
    )
    return shown(request, "orders.html", page, status=422 if errors else 200)


def _found(request: Request, line: MunicipalityLine, order_id: str) -> OrderLine:
    """Return an order that the caller may have; one that they may not is not there."""
    try:
        found = order_of(home_of(request).database, line.municipality_id, order_id)
    except NoSuchOrder:
        raise NotHere(order_id) from None
    if not _may_have(request, found.kind):
        raise NotHere(order_id)
    return found


def _may_have(request: Request, kind: OrderKind) -> bool:
    return may(actor_of(request), "POST", PLACES[kind])


def _days(typed: Typed) -> tuple[tuple[date, date] | None, tuple[FieldError, ...]]:
    days: dict[str, date] = {}
    errors = list[FieldError]()
    for name in ("first", "last"):
        try:
            days[name] = date.fromisoformat(tidy(next(iter(typed.get(name, ())), "")))
        except ValueError:
            errors.append(FieldError(name, "Skriv datumet som 2027-03-24."))
    errors += [FieldError(name, f"{fault}.") for name, day in days.items() if (fault := day_fault(day))]
    if errors:
        return None, tuple(errors)
    first, last = days["first"], days["last"]
    if last < first:
        return None, (FieldError("last", "Sista dagen ligger före den första. Skriv en senare dag."),)
    if last - first >= timedelta(days=MOST_DAYS):
        return None, (FieldError("last", "Det är mer än ett år. Beställ ett år åt gången."),)
    return (first, last), ()
