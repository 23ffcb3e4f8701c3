"""One change of who holds what, without a list: a new holder, the end of an appointment, a corrected address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from styrhjul.db.journal import Line, write_down
from styrhjul.db.model import Appointment, Person, Post
from styrhjul.db.officials_query import revoke_links_of_past_holders
from styrhjul.db.organisation_query import Organisation, load_organisation
from styrhjul.db.people_query import HeldLine, load_register
from styrhjul.db.session import Database
from styrhjul.domain.journal import EntryKind, Value
from styrhjul.domain.moment import local_date
from styrhjul.services.foundation.address import address_fault
from styrhjul.services.municipality.directory import NotHere
from styrhjul.services.organisation.office_seen import ChangeRefused, Hand, person_seen, post_seen, refuse_stale
from styrhjul.services.organisation.officials_follow import try_new_addresses, wake_all
from styrhjul.services.organisation.officials_sheet import cell_fault

_ONE_DAY = timedelta(days=1)
_NOT_IN_A_KEY = re.compile(r"[^a-z0-9]+")
#: Nobody is entered as having held a post longer back, or as taking it further ahead.
_MOST_DAYS = 366 * 5


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHolder:
    """Somebody who takes a post. `ends_on` None: until further notice. `seen` is what `post_seen` said."""

    name: str
    address: str
    starts_on: date
    ends_on: date | None = None
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What followed a change, in counts."""

    links_revoked: int = 0
    notices_replanned: int = 0


def appoint(database: Database, municipality_id: str, post_id: str, new: NewHolder, hand: Hand) -> Changed:
    """Let somebody take a post from a day; whoever sits there leaves it the day before.

    Somebody of the same name and address is the person who is known already. Raises NotHere, Stale and ChangeRefused.
    """
    with database.register(municipality_id) as session:
        post = _living_post(session, post_id)
        held = [one for one in load_register(session).held if one.post_id == post_id]
        refuse_stale(new.seen, post_seen(held, post_id))
        _refuse_faulty(new, local_date(hand.now))
        before = load_organisation(session)
        _make_room(session, held, new)
        person = _person(session, new.name.strip(), new.address.strip())
        same = (Appointment.post_id == post.id, Appointment.person_id == person.id)
        stored = session.scalar(select(Appointment).where(*same, Appointment.starts_on == new.starts_on))
        if stored is None:
            stored = Appointment(post_id=post.id, person_id=person.id, starts_on=new.starts_on)
            session.add(stored)
        stored.ends_on = new.ends_on
        data: dict[str, Value] = {
            "what": "appointed",
            "post": post.id,
            "person": person.id,
            "on": new.starts_on.isoformat(),
        }
        return _settle(session, before, data, hand)


def end_appointment(  # noqa: PLR0913 - what was seen, what is wanted, and who stands behind it
    database: Database, municipality_id: str, appointment_id: str, *, last_on: date, seen: str, hand: Hand
) -> Changed:
    """Let an appointment end with a day, which is its last. Raises NotHere, Stale and ChangeRefused."""
    with database.register(municipality_id) as session:
        stored = session.scalar(select(Appointment).where(Appointment.id == appointment_id))
        if stored is None:
            raise NotHere(appointment_id)
        refuse_stale(seen, post_seen(load_register(session).held, stored.post_id))
        if last_on < stored.starts_on:
            raise ChangeRefused(
                f"Uppdraget började {stored.starts_on.isoformat()}. Skriv den dagen eller en senare.", "last_on"
            )
        if stored.ends_on is not None and last_on > stored.ends_on:
            raise ChangeRefused(
                f"Uppdraget slutar redan {stored.ends_on.isoformat()}. Skriv den dagen eller en tidigare.", "last_on"
            )
        before = load_organisation(session)
        stored.ends_on = last_on
        return _settle(session, before, _told("ended", stored, last_on), hand)


def withdraw_appointment(
    database: Database, municipality_id: str, appointment_id: str, *, seen: str, hand: Hand
) -> Changed:
    """Take back an appointment that has not begun; whoever sat before it keeps the last day they have.

    Raises NotHere, Stale and ChangeRefused.
    """
    with database.register(municipality_id) as session:
        stored = session.scalar(select(Appointment).where(Appointment.id == appointment_id))
        if stored is None:
            raise NotHere(appointment_id)
        refuse_stale(seen, post_seen(load_register(session).held, stored.post_id))
        if stored.starts_on <= local_date(hand.now):
            raise ChangeRefused(f"Uppdraget började {stored.starts_on.isoformat()}. Avsluta det i stället.", "last_on")
        before = load_organisation(session)
        data = _told("withdrawn", stored, stored.starts_on)
        session.delete(stored)
        return _settle(session, before, data, hand)


def correct_address(  # noqa: PLR0913 - as above
    database: Database, municipality_id: str, person_id: str, *, address: str, seen: str, hand: Hand
) -> Changed:
    """Give a person another address, or try the same one again; either way it is no longer blocked.

    What failed where nobody could be warned is tried at another address. Raises NotHere, Stale and ChangeRefused.
    """
    with database.register(municipality_id) as session:
        person = session.scalar(select(Person).where(Person.id == person_id))
        if person is None:
            raise NotHere(person_id)
        refuse_stale(seen, person_seen(person.id, person.address, person.address_blocked_at))
        written = address.strip()
        _refuse_address(written)
        if written == person.address and person.address_blocked_at is None:
            raise ChangeRefused("Det är den adress som redan står där.", "address")
        before = load_organisation(session)
        person.address, person.address_blocked_at = written, None
        return _settle(session, before, {"what": "address", "person": person.id}, hand)


def _living_post(session: Session, post_id: str) -> Post:
    post = session.scalar(select(Post).where(Post.id == post_id))
    if post is None:
        raise NotHere(post_id)
    if post.ended_on is not None:
        raise ChangeRefused("Posten finns inte längre. Lägg till den i listan och läs in den.")
    return post


def _refuse_faulty(new: NewHolder, today: date) -> None:
    name = new.name.strip()
    if not name:
        raise ChangeRefused("Skriv namnet som det ska stå i ett mejl.", "name")
    if fault := cell_fault(new.name):
        raise ChangeRefused(fault.replace("Cellen", "Namnet"), "name")
    _refuse_address(new.address.strip())
    if abs((new.starts_on - today).days) > _MOST_DAYS:
        raise ChangeRefused("Skriv en första dag som ligger högst fem år bort.", "starts_on")
    if new.ends_on is not None and new.ends_on < new.starts_on:
        raise ChangeRefused("Sista dagen ligger före den första. Rätta ett av datumen.", "ends_on")


def _refuse_address(address: str) -> None:
    if not address:
        raise ChangeRefused("Skriv e-postadressen i tjänsten.", "address")
    if fault := address_fault(address):
        raise ChangeRefused(fault, "address")


def _make_room(session: Session, held: list[HeldLine], new: NewHolder) -> None:
    """End whoever sits the day before. Raises ChangeRefused where somebody is entered for a day that is asked for."""
    for one in held:
        ends_before = one.ends_on is not None and one.ends_on < new.starts_on
        begins_after = new.ends_on is not None and new.ends_on < one.starts_on
        if ends_before or begins_after:
            continue
        if one.starts_on >= new.starts_on:
            raise ChangeRefused(
                f"{one.name} är redan inskriven från {one.starts_on.isoformat()}. Ta tillbaka det uppdraget först, "
                "eller skriv en sista dag före det.",
                "starts_on",
            )
        stored = session.scalars(select(Appointment).where(Appointment.id == one.appointment_id)).one()
        stored.ends_on = new.starts_on - _ONE_DAY


def _person(session: Session, name: str, address: str) -> Person:
    known = session.scalars(select(Person).where(func.lower(Person.address) == address.lower()).order_by(Person.id))
    for person in known:
        if person.name.casefold() == name.casefold():
            person.address_blocked_at = None  # whoever writes it again means that it works
            return person
    person = Person(key=_free_key(session, address), name=name, address=address)
    session.add(person)
    session.flush()
    return person


def _free_key(session: Session, address: str) -> str:
    """Return a key that no list uses yet, from the address."""
    wanted = _NOT_IN_A_KEY.sub("-", address.casefold()).strip("-")
    taken = set(session.scalars(select(Person.key).where(Person.key.startswith(wanted, autoescape=True))))
    return next(key for n in range(1, len(taken) + 2) if (key := wanted if n == 1 else f"{wanted}-{n}") not in taken)


def _told(what: str, held: Appointment, on: date) -> dict[str, Value]:
    return {"what": what, "post": held.post_id, "person": held.person_id, "on": on.isoformat()}


def _settle(session: Session, before: Organisation, data: dict[str, Value], hand: Hand) -> Changed:
    now = hand.now
    session.flush()
    revoked = revoke_links_of_past_holders(session, local_date(now), now)
    replanned = try_new_addresses(session, load_organisation(session), now)
    wake_all(session, before, now)
    counts: dict[str, Value] = {"links_revoked": revoked, "notices_replanned": replanned}
    write_down(session, [Line(kind=EntryKind.OFFICE_CHANGED, by=hand.by, data=data | counts)], now)
    return Changed(links_revoked=revoked, notices_replanned=replanned)
