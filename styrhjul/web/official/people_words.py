"""The Swedish of the pages about people, meetings and handovers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from styrhjul.db.people_query import BodyLine, HeldLine
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.vocabulary import BodyKind
from styrhjul.mail.swedish import listed, number, start
from styrhjul.services.organisation.handover_list import BodyHandover, CheckedPost, HandoverView
from styrhjul.services.organisation.meeting_calendar import YearView
from styrhjul.services.organisation.officials_columns import Kind
from styrhjul.services.organisation.officials_effect import CeasedBody, MovedCase
from styrhjul.services.organisation.people import BodyView, PeopleView, PostStand, PostState
from styrhjul.web.words import NBSP, Chip, day

KINDS = {
    BodyKind.COUNCIL: ("Fullmäktige", "fullmäktige"),
    BodyKind.EXECUTIVE_BOARD: ("Kommunstyrelsen", "styrelse"),
    BodyKind.COMMITTEE: ("Nämnder", "nämnd"),
    BodyKind.SUBCOMMITTEE: ("Utskott", "utskott"),
    BodyKind.ADMINISTRATION: ("Förvaltningar", "förvaltning"),
    BodyKind.UNIT: ("Enheter", "enhet"),
    BodyKind.COMPANY: ("Bolag", "bolag"),
    BodyKind.JOINT_AUTHORITY: ("Kommunalförbund", "kommunalförbund"),
}
STATES = {
    PostState.HELD: Chip("Nås", "i-done", "is-done"),
    PostState.VACANT: Chip("Vakant", "i-vacant", "is-human"),
    PostState.NO_ADDRESS: Chip("Ingen adress", "i-mail", "is-human"),
    PostState.BLOCKED: Chip("Nås inte", "i-mail", "is-human"),
    PostState.ENDED: Chip("Avslutad", "i-none", "is-none"),
}
WELCOMES = {
    NoticeStatus.PLANNED: Chip("Väntar", "i-coming", "is-coming"),
    NoticeStatus.MAILED: Chip("Skickas", "i-open", "is-open"),
    NoticeStatus.DELIVERED: Chip("Skickat", "i-done", "is-done"),
    NoticeStatus.TRIAL: Chip("På prov", "i-mail", "is-none"),
    NoticeStatus.FAILED: Chip("Kom inte fram", "i-mail", "is-human"),
    NoticeStatus.VACANT: Chip("Ingen att skicka till", "i-vacant", "is-human"),
    NoticeStatus.SUPERSEDED: Chip("Behövs inte", "i-none", "is-none"),
    NoticeStatus.CANCELLED: Chip("Behövs inte", "i-none", "is-none"),
}
SHEETS = {
    Kind.BODIES: "Organ",
    Kind.POSTS: "Post",
    Kind.PERSONS: "Person",
    Kind.APPOINTMENTS: "Uppdrag",
    Kind.MEETINGS: "Sammanträde",
    Kind.TERMS: "Mandatperiod",
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "Maj", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dec")


def counted(count: int, one: str, many: str) -> str:
    """Return "ett ärende" or "tre ärenden"; `one` with its article."""
    return one if count == 1 else f"{number(count)} {many}"


def people_lead(view: PeopleView) -> str:
    """Return what needs a person, first of all."""
    if not view.bodies:
        return "Inga organ är inlagda. Läs in en lista över nämnder, uppdrag och personer."
    vacant = view.count(PostState.VACANT)
    silent = view.count(PostState.BLOCKED) + view.count(PostState.NO_ADDRESS)
    parts = []
    if vacant:
        parts.append(counted(vacant, "ett uppdrag är vakant", "uppdrag är vakanta"))
    if silent:
        parts.append(counted(silent, "en innehavare nås inte av mejl", "innehavare nås inte av mejl"))
    return f"{start(listed(parts))}." if parts else "Alla uppdrag har en innehavare som nås av mejl."


def what_to_do(post: PostStand, today: date) -> str:
    """Return what a post needs, in one or two sentences."""
    stops = "Inga mejl går dit." if post.stops_mail else "Inga mejl behöver gå dit."
    if post.state is PostState.VACANT:
        coming = post.coming[0] if post.coming else None
        if coming:
            return f"{coming.name} tar över {day(coming.starts_on, today)}. {stops}"
        return f"{stops} Skriv in vem som har uppdraget."
    if post.state is PostState.BLOCKED and post.holder and post.holder.blocked_at:
        return (
            f"{post.holder.address} finns inte enligt mottagarens server sedan "
            f"{day(post.holder.blocked_at.date(), today)}. Kontrollera stavningen med personen och rätta adressen."
        )
    return "Personen har ingen e-postadress. Skriv in adressen i tjänsten."


def body_lead(view: BodyView) -> str:
    """Return how a body stands: its posts, its next meeting, what it owes."""
    needing = [post for post in view.posts if post.state not in (PostState.HELD, PostState.ENDED)]
    parts = []
    if needing:
        parts.append(start(counted(len(needing), "ett uppdrag kräver en människa.", "uppdrag kräver en människa.")))
    to_come = [line.on for line in view.meetings if line.on >= view.today]
    if to_come:
        parts.append(f"Nästa sammanträde är {day(to_come[0], view.today)}.")
    owes = len(view.owes)
    parts.append(
        start(counted(owes, "ett ärende väntar på svar.", "ärenden väntar på svar."))
        if owes
        else "Inget ärende väntar på svar."
    )
    return " ".join(parts)


def kind_line(body: BodyLine) -> str:
    """Return "förvaltning, svarar genom Socialnämnden"."""
    through = f", svarar genom {body.answers_through}" if body.answers_through else ""
    bound = f", bundet genom {body.bound_by}" if body.bound_by else ""
    return f"{KINDS[body.kind][1]}{through}{bound}"


def span(held: HeldLine) -> str:
    """Return "2023-01-01 – 2026-12-31", or "2027-01-01 – tills vidare"."""
    last = held.ends_on.isoformat() if held.ends_on else "tills vidare"
    return f"{held.starts_on.isoformat()}{NBSP}– {last}"


def year_lead(view: YearView) -> str:
    """Return how many meetings there are, how many decide something, and who has none."""
    count = sum(body.count for body in view.bodies)
    first = start(counted(count, f"ett sammanträde är inlagt {view.year}.", f"sammanträden är inlagda {view.year}."))
    if not count:
        first = f"Inga sammanträden är inlagda {view.year}."
    deciding = len(view.deciding)
    second = "Inget väntar på beslut vid ett sammanträde."
    if deciding:
        second = start(counted(deciding, "ett av dem som kommer avgör ärenden.", "av dem som kommer avgör ärenden."))
    return f"{first} {second}"


def lacking(bodies: Iterable[BodyLine]) -> str:
    """Return which bodies have no meeting to come, and what it means."""
    names = listed([body.name for body in bodies])
    return (
        f"{names} har inget sammanträde framöver. Då utgår påminnelserna från sista dagen i stället för handlingarna."
    )


def moved(case: MovedCase) -> str:
    """Return which days a case gets."""
    days = (("frist", case.due_on_before, case.due_on), ("sammanträde", case.meeting_on_before, case.meeting_on))
    said = [
        f"{name} {after.isoformat() if after else 'saknas'} (var {before.isoformat() if before else 'inget'})"
        for name, before, after in days
        if before != after
    ]
    about = f", {case.policy}" if case.policy else ""
    return f"{case.body}: {case.round}{about}. {start(listed(said) or 'ny dag för handlingarna')}."


def ceased(body: CeasedBody) -> str:
    """Return what becomes of a body's cases."""
    said = [
        text
        for count, text in (
            (body.cases_to_coordinator, f"{body.cases_to_coordinator} öppna ärenden går till samordnaren"),
            (body.cases_ended, f"{body.cases_ended} öppna ärenden avslutas"),
        )
        if count
    ]
    return f"{body.body} från {body.ceases_on.isoformat()}: {listed(said) or 'inga öppna ärenden'}."


def handover_lead(view: HandoverView) -> str:
    """Return how far a handover has come."""
    total, done = len(view.bodies), view.confirmed
    if not total:
        return "Ingen mandatperiod börjar inom fem månader, och inget skifte väntar på att bli kontrollerat."
    vacant = sum(len(body.left) for body in view.bodies)
    right = "kontrollerade" if done > 1 else "kontrollerat"
    first = f"{start(number(done)) if done else 'Inget'} av {number(total)} organ är {right}."
    if done == total:
        first = "Alla organ är kontrollerade."
    second = counted(vacant, "ett uppdrag", "uppdrag")
    return f"{first} {start(second)} saknar någon som nås av mejl." if vacant else first


def left_to_do(body: BodyHandover, today: date) -> str:
    """Return what is left for a body, in words."""
    missing = [post.stand.post.title.casefold() for post in body.left if post.stand.holder is None]
    silent = [post.stand.post.title.casefold() for post in body.left if post.stand.holder is not None]
    parts = []
    if missing:
        parts.append(f"Skriv in vem som är {listed(missing)}.")
    if silent:
        parts.append(f"Rätta adressen till {listed(silent)}.")
    if body.is_confirmed:
        return " ".join(["Kontrollerat.", *parts])
    if body.case_id is None and body.starts_on <= today:
        parts.append("Organet har inga skyldigheter att svara för, så ingen får frågan.")
    elif body.case_id is None:
        parts.append(f"Frågan öppnar {day(body.starts_on, today)}.")
    elif not missing:
        parts.append("Kontrollera att rätt personer står här och bekräfta.")
    if body.due_on:
        parts.append(f"Sista dag {'är' if body.due_on >= today else 'var'} {day(body.due_on, today)}.")
    return " ".join(parts)


def sits(post: CheckedPost) -> str:
    """Return whether whoever sits is new."""
    if post.stand.holder is None:
        return ""
    return "satt även före skiftet" if post.sits_since_before else "ny på uppdraget"
