"""Bodies, posts and persons: who sits where, whom no mail reaches, and one change at a time."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData
from starlette.responses import Response

from styrhjul.db.overview_query import MunicipalityLine
from styrhjul.services.municipality.directory import NotHere, municipality_by
from styrhjul.services.organisation.office_change import (
    Changed,
    NewHolder,
    appoint,
    correct_address,
    end_appointment,
    withdraw_appointment,
)
from styrhjul.services.organisation.office_seen import ChangeRefused, Hand, meetings_seen, person_seen, post_seen
from styrhjul.services.organisation.people import (
    BodyView,
    PeopleView,
    PersonView,
    PostView,
    body_view,
    people_view,
    person_view,
    post_view,
)
from styrhjul.web.actor import actor_of
from styrhjul.web.home import home_of
from styrhjul.web.official import people_words
from styrhjul.web.official.frame import OfficialPage, framed, shown
from styrhjul.web.official.people_form import Typed, day_in, optional_day_in, refuse_unconfirmed, text, typed
from styrhjul.web.permission import posted
from styrhjul.web.session import set_flash

router = APIRouter()
CURRENT = "people"
Posted = Annotated[FormData, Depends(posted)]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordedPage(OfficialPage):
    """A page about people. `say` holds its words."""

    say: ModuleType = people_words


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage(WordedPage):
    """Every body with its posts."""

    view: PeopleView


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyPage(WordedPage):
    """One body, and the form to add a meeting."""

    view: BodyView
    typed: Typed
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPage(WordedPage):
    """One post, and the forms to change who holds it. `form` is the one that was refused."""

    view: PostView
    typed: Typed
    form: str
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage(WordedPage):
    """One person, and the form to correct the address."""

    view: PersonView
    typed: Typed
    seen: str


@router.get("/{municipality}/people")
def people(request: Request, municipality: str) -> Response:
    """Show who holds what, vacancies first."""
    home = home_of(request)
    view = people_view(home.database, municipality, home.clock.now())
    return shown(request, "people.html", PeoplePage(frame=framed(request, view.municipality, CURRENT), view=view))


@router.get("/{municipality}/body/{body}")
def body(request: Request, municipality: str, body: str) -> Response:
    """Show one body."""
    return body_page(request, municipality, body, Typed())


def body_page(request: Request, municipality: str, body: str, typed: Typed) -> Response:
    """Show one body with its form as it was typed."""
    home = home_of(request)
    view = body_view(home.database, municipality, body, home.clock.now())
    page = BodyPage(
        frame=framed(request, view.municipality, CURRENT),
        view=view,
        typed=typed,
        seen=meetings_seen(view.body.body_id, view.days),
    )
    return shown(request, "people_body.html", page, status=422 if typed.faults else 200)


@router.get("/{municipality}/post/{post_id}")
def post(request: Request, municipality: str, post_id: str) -> Response:
    """Show one post."""
    return _post_page(request, municipality, post_id, Typed())


@router.post("/{municipality}/post/{post_id}/holder")
def new_holder(request: Request, municipality: str, post_id: str, fields: Posted) -> Response:
    """Let somebody take the post."""
    home, found = home_of(request), _municipality(request, municipality)
    try:
        new = NewHolder(
            name=text(fields, "name"),
            address=text(fields, "address"),
            starts_on=day_in(fields, "starts_on"),
            ends_on=optional_day_in(fields, "ends_on"),
            seen=text(fields, "seen"),
        )
        changed = appoint(home.database, found.municipality_id, post_id, new, hand_of(request))
    except ChangeRefused as refused:
        return _post_page(request, municipality, post_id, typed(fields, refused, lead_to="name"), form="holder")
    told = f"{new.name.strip()} är inskriven från {new.starts_on.isoformat()}."
    return _back(request, f"/{found.slug}/post/{post_id}", told, changed)


@router.post("/{municipality}/post/{post_id}/end/{appointment_id}")
def end(request: Request, municipality: str, post_id: str, appointment_id: str, fields: Posted) -> Response:
    """End an appointment in the post."""
    home, found = home_of(request), _municipality(request, municipality)
    try:
        last_on = day_in(fields, "last_on")
        changed = end_appointment(
            home.database,
            found.municipality_id,
            appointment_id,
            last_on=last_on,
            seen=text(fields, "seen"),
            hand=hand_of(request),
        )
    except ChangeRefused as refused:
        return _post_page(request, municipality, post_id, typed(fields, refused, lead_to="last_on"), form="end")
    return _back(request, f"/{found.slug}/post/{post_id}", f"Uppdraget slutar {last_on.isoformat()}.", changed)


@router.post("/{municipality}/post/{post_id}/withdraw/{appointment_id}")
def withdraw(request: Request, municipality: str, post_id: str, appointment_id: str, fields: Posted) -> Response:
    """Take back an appointment that has not begun, once it is said that this is meant."""
    home, found = home_of(request), _municipality(request, municipality)
    confirmed = f"confirmed-{appointment_id[:8]}"
    held = post_view(home.database, municipality, post_id, home.clock.now()).held
    if not any((line.appointment_id, line.post_id) == (appointment_id, post_id) for line in held):
        raise NotHere(appointment_id)
    try:
        refuse_unconfirmed(fields, confirmed)
        seen = text(fields, "seen")
        changed = withdraw_appointment(
            home.database, found.municipality_id, appointment_id, seen=seen, hand=hand_of(request)
        )
    except ChangeRefused as refused:
        return _post_page(request, municipality, post_id, typed(fields, refused, lead_to=confirmed), form="withdraw")
    return _back(request, f"/{found.slug}/post/{post_id}", "Det planerade uppdraget är tillbakataget.", changed)


@router.get("/{municipality}/person/{person_id}")
def person(request: Request, municipality: str, person_id: str) -> Response:
    """Show one person."""
    return _person_page(request, municipality, person_id, Typed())


@router.post("/{municipality}/person/{person_id}/address")
def address(request: Request, municipality: str, person_id: str, fields: Posted) -> Response:
    """Correct the address."""
    home, found = home_of(request), _municipality(request, municipality)
    try:
        changed = correct_address(
            home.database,
            found.municipality_id,
            person_id,
            address=text(fields, "address"),
            seen=text(fields, "seen"),
            hand=hand_of(request),
        )
    except ChangeRefused as refused:
        return _person_page(request, municipality, person_id, typed(fields, refused, lead_to="address"))
    return _back(request, f"/{found.slug}/person/{person_id}", "Adressen är sparad.", changed)


def hand_of(request: Request, *, rehearse: bool = False) -> Hand:
    """Return who changes something, and when."""
    return Hand(by=actor_of(request).name, now=home_of(request).clock.now(), rehearse=rehearse)


def _municipality(request: Request, slug: str) -> MunicipalityLine:
    return municipality_by(home_of(request).database, slug)


def _post_page(request: Request, municipality: str, post_id: str, typed: Typed, form: str = "") -> Response:
    home = home_of(request)
    view = post_view(home.database, municipality, post_id, home.clock.now())
    page = PostPage(
        frame=framed(request, view.municipality, CURRENT),
        view=view,
        typed=typed,
        form=form,
        seen=post_seen(view.held, post_id),
    )
    return shown(request, "people_post.html", page, status=422 if typed.faults else 200)


def _person_page(request: Request, municipality: str, person_id: str, typed: Typed) -> Response:
    home = home_of(request)
    view = person_view(home.database, municipality, person_id, home.clock.now())
    page = PersonPage(
        frame=framed(request, view.municipality, CURRENT),
        view=view,
        typed=typed,
        seen=person_seen(person_id, view.person.address, view.person.blocked_at),
    )
    return shown(request, "people_person.html", page, status=422 if typed.faults else 200)


def _back(request: Request, path: str, told: str, changed: Changed) -> Response:
    response = RedirectResponse(path, status_code=303)
    set_flash(request, response, f"{told} {_followed(changed)}".strip())
    return response


def _followed(changed: Changed) -> str:
    links, notices = changed.links_revoked, changed.notices_replanned
    said = []
    if links:
        said.append(f"{people_words.counted(links, 'en länk', 'länkar')} till den förra innehavaren slutade gälla.")
    if notices:
        said.append(f"{people_words.counted(notices, 'ett mejl', 'mejl')} som inte kom fram skickas på nytt.")
    return " ".join(f"{each[:1].upper()}{each[1:]}" for each in said)
