"""What the document's owner decides about a duty: that it holds, that it says something else, or that it is none.

Each is one transaction: the duty, the journal, the cases that rested on it, and the next look at the document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from styrhjul.db.duty_query import bodies_of, bodies_that_answer, duty_version
from styrhjul.db.journal import Line, write_down
from styrhjul.db.model import Duty, DutyBody, DutyStatus, Edition, Policy, new_id
from styrhjul.db.policy_page_query import PageDuty
from styrhjul.db.session import Database
from styrhjul.domain.journal import EntryKind, Value
from styrhjul.domain.moment import local_date
from styrhjul.domain.vocabulary import ActionKind, Confidence, Modality
from styrhjul.domain.written import LONG, faults_in
from styrhjul.services.cases.decision import Decision
from styrhjul.services.policies.binding import is_unmatched
from styrhjul.services.policies.duty_effect import look_again, settle_cases
from styrhjul.services.policies.duty_place import place_of
from styrhjul.services.policies.duty_softening import softened
from styrhjul.services.policies.duty_terms import DutyRefused, Terms, TermsFault, faults_of, followed, needs_reason

_REPORT = "årsredovisning"


class NoSuchDuty(LookupError):
    """There is no such duty in the municipality, or more than one begins so."""

    def __init__(self) -> None:
        super().__init__("Ingen skyldighet börjar så, eller flera. Se styrhjul policy duty list.")


class NoSuchPolicy(LookupError):
    """There is no such policy in the municipality."""

    def __init__(self) -> None:
        super().__init__("Kommunen har inget styrdokument med det kortnamnet.")


class DutyChanged(DutyRefused):
    """Somebody else decided about the duty after the page was opened."""

    def __init__(self, by: str | None) -> None:
        who = f" av {by}" if by else ""
        super().__init__(f"Skyldigheten har ändrats{who} sedan du öppnade sidan. Läs den igen och bestäm sedan.")


class TermsRefused(DutyRefused):
    """Something in what was said of the duty has to be mended; `faults` say what, field by field."""

    def __init__(self, faults: Iterable[TermsFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(" ".join(fault.message for fault in self.faults), self.faults[0].field)


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyAt:
    """Which duty, by its id or the beginning of it, as it was when somebody read it; None = as it stands."""

    municipality_id: str
    duty_id: str
    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A sentence that the reading did not see: its words, and where it begins if it stands in several places."""

    policy_slug: str
    quote: str
    start: int | None = None


def terms_of(duty: Duty | PageDuty, body_ids: Iterable[str]) -> Terms:
    """Return what a duty asks for, as it is stored or as a page shows it."""
    return Terms(
        modality=duty.modality,
        action_kind=duty.action_kind,
        actor=duty.actor,
        body_ids=tuple(sorted(body_ids)),
        holder=duty.holder,
        recurrence=duty.recurrence,
        deadline=duty.deadline,
        goal_min=duty.goal_min,
        goal_max=duty.goal_max,
        condition=duty.condition,
    )


def confirm_duty(database: Database, at: DutyAt, *, by: str, now: datetime) -> None:
    """Stand behind a duty as it is. Raises DutyRefused, for one that is confirmed already too; NoSuchDuty."""
    with database.register(at.municipality_id) as session:
        duty, before = _found(session, at)
        _confirm(session, duty, before, by, now)
        look_again(session, duty.policy_id, by, now)


def confirm_plain_duties(  # noqa: PLR0913 - of which document, who, when, and what they read
    database: Database,
    municipality_id: str,
    policy_slug: str,
    *,
    by: str,
    now: datetime,
    read: Mapping[str, str] | None = None,
) -> int:
    """Stand behind every proposed duty of a document that nothing is missing for; return how many.

    What the reading was unsure of, what holds on a condition and what names nobody stays proposed. `read` are the
    versions, by id, that somebody has read: only those are confirmed, as long as they still stand so. Raises
    NoSuchPolicy.
    """
    with database.register(municipality_id) as session:
        edition = _present_edition(session, policy_slug)
        proposed = select(Duty).where(Duty.edition_id == edition.id, Duty.status == DutyStatus.PROPOSED)
        duties = session.scalars(proposed.order_by(Duty.start, Duty.id)).all()
        bound = bodies_of(session, [duty.id for duty in duties])
        among = [duty for duty in duties if read is None or read.get(duty.id) == duty_version(duty, bound[duty.id])]
        plain = [duty for duty in among if is_plain(duty, terms_of(duty, bound[duty.id]))]
        for duty in plain:
            _confirm(session, duty, terms_of(duty, bound[duty.id]), by, now)
        if plain:
            look_again(session, edition.policy_id, by, now)
        return len(plain)


def is_plain(duty: Duty | PageDuty, terms: Terms) -> bool:
    """Whether nothing about a proposed duty asks for a judgement of its own."""
    follows = followed(duty.quote, terms, duty.artefact)
    is_sure = duty.confidence is Confidence.HIGH and (duty.condition is None or follows.of_plans)
    is_sure = is_sure and not is_unmatched(duty.reason) and not follows.is_timed
    is_asked = follows.lifecycle is None or duty.modality is not Modality.MUST_NOT
    return is_sure and is_asked and not faults_of(terms, follows, terms)


def correct_duty(database: Database, at: DutyAt, terms: Terms, *, decision: Decision, now: datetime) -> None:
    """Let a duty ask for something else, and stand behind it. What is due already keeps its day.

    A case that it no longer asks for ends with the reason. What softens it needs one: see `softened`. Raises
    DutyRefused and its kinds, and NoSuchDuty. Safe to repeat: the second time nothing is left to change, and it is
    refused.
    """
    with database.register(at.municipality_id) as session:
        duty, before = _found(session, at)
        changed = [field for field in Terms.__slots__ if getattr(before, field) != getattr(terms, field)]
        if not changed and duty.status is DutyStatus.CONFIRMED:
            raise DutyRefused("Inget är ändrat.")
        _refuse_faults(session, duty, terms, before, decision.reason, now)
        _set(session, duty, terms)
        _stand_behind(duty, decision.by, now)
        session.flush()
        data = _correction(changed, before, terms) | {"policy": duty.policy_id, "duty": duty.id}
        data |= {"quote": duty.quote, "reason": decision.reason}
        write_down(session, [Line(kind=EntryKind.DUTY_CORRECTED, by=decision.by, data=data)], now)
        reason = decision.reason or "Skyldigheten som ärendet vilade på har rättats."
        settle_cases(session, duty, replace(decision, reason=reason), now)
        look_again(session, duty.policy_id, decision.by, now)


def reject_duty(database: Database, at: DutyAt, *, decision: Decision, now: datetime) -> int:
    """Say that a sentence asks for nothing; end the cases that rested on it alone, and return how many.

    Raises DutyRefused without a reason, and for one that is rejected already; DutyChanged; NoSuchDuty.
    """
    with database.register(at.municipality_id) as session:
        duty, _ = _found(session, at)
        if duty.status is DutyStatus.REJECTED:
            raise DutyRefused("Skyldigheten är redan avvisad.")
        _refuse_bad_reason(decision.reason, "Skriv varför meningen inte är någon skyldighet.")
        duty.status, duty.confirmed_by, duty.confirmed_at = DutyStatus.REJECTED, decision.by, now
        session.flush()
        data = _told(duty) | {"reason": decision.reason}
        write_down(session, [Line(kind=EntryKind.DUTY_REJECTED, by=decision.by, data=data)], now)
        reason = f"Skyldigheten som ärendet vilade på är avvisad: {decision.reason}"
        ended = settle_cases(session, duty, replace(decision, reason=reason), now)
        look_again(session, duty.policy_id, decision.by, now)
        return ended


def add_duty(  # noqa: PLR0913 - where, what, who, why and when
    database: Database, municipality_id: str, addition: Addition, terms: Terms, *, decision: Decision, now: datetime
) -> str:
    """Add a duty that the reading did not see, confirmed; return its id.

    The quote has to stand in the present edition. Raises NotInText, StandsTwice, DutyRefused, TermsRefused and
    NoSuchPolicy.
    """
    with database.register(municipality_id) as session:
        edition = _present_edition(session, addition.policy_slug)
        place = place_of(edition.text, addition.quote, addition.start)
        duty = _new_duty(edition, terms, decision.by)
        duty.quote, duty.start, duty.end = edition.text[place.start : place.end], place.start, place.end
        duty.artefact = _REPORT if _is_report(duty) else None
        _refuse_twin(session, duty)
        _refuse_faults(session, duty, terms, None, decision.reason, now)
        _stand_behind(duty, decision.by, now)
        session.add(duty)
        session.flush()
        _set(session, duty, terms)
        data = _told(duty) | {"reason": decision.reason, "bodies": list(terms.body_ids)}
        write_down(session, [Line(kind=EntryKind.DUTY_ADDED, by=decision.by, data=data)], now)
        look_again(session, duty.policy_id, decision.by, now)
        return duty.id


def policy_of_duty(database: Database, at: DutyAt) -> str:
    """Return the short name of the document that a duty stands in. Raises NoSuchDuty, and DutyRefused as the rest."""
    with database.reading(at.municipality_id) as session:
        duty, _ = _found(session, at)
        return session.scalars(select(Policy.slug).where(Policy.id == duty.policy_id)).one()


# -- finding ---------------------------------------------------------------------------------------------------------


def _found(session: Session, at: DutyAt) -> tuple[Duty, Terms]:
    query = select(Duty).where(Duty.id.startswith(at.duty_id, autoescape=True)).limit(2)
    found = session.scalars(query).all()
    if len(found) != 1 or not at.duty_id:
        raise NoSuchDuty
    duty = found[0]
    edition = session.scalars(select(Edition).where(Edition.id == duty.edition_id)).one()
    body_ids = bodies_of(session, [duty.id])[duty.id]
    if at.version is not None and at.version != duty_version(duty, body_ids):
        raise DutyChanged(duty.confirmed_by)
    if edition.superseded_on is not None:
        raise DutyRefused("Skyldigheten hör till en utgåva som är ersatt.")
    return duty, terms_of(duty, body_ids)


def _present_edition(session: Session, policy_slug: str) -> Edition:
    query = (
        select(Edition)
        .join(Policy, (Policy.municipality_id == Edition.municipality_id) & (Policy.id == Edition.policy_id))
        .where(Policy.slug == policy_slug, Edition.superseded_on.is_(None))
    )
    edition = session.scalars(query).one_or_none()
    if edition is None:
        raise NoSuchPolicy
    return edition


# -- refusing --------------------------------------------------------------------------------------------------------


def _refuse_faults(  # noqa: PLR0913, PLR0917 - what is said, of what, and what stood there
    session: Session, duty: Duty, terms: Terms, before: Terms | None, reason: str, now: datetime
) -> None:
    faults = faults_of(terms, followed(duty.quote, terms, duty.artefact), before)
    known = {body.id for body in bodies_that_answer(session, local_date(now))} | set(before.body_ids if before else ())
    if not set(terms.body_ids) <= known:
        faults.append(TermsFault("bodies", "Välj bland de organ som kan svara."))
    asked = needs_reason(duty.quote, terms.modality, before.modality if before else None)
    if before and not faults:
        asked = asked or softened(duty.quote, duty.artefact, before, terms)
    if asked and not reason.strip():
        faults.append(TermsFault("reason", asked))
    faults += [TermsFault("reason", f"{fault}.") for fault in faults_in(reason, LONG)]
    if faults:
        raise TermsRefused(faults)


def _refuse_bad_reason(reason: str, missing: str) -> None:
    if not reason.strip():
        raise DutyRefused(missing, "reason")
    for fault in faults_in(reason, LONG):
        raise DutyRefused(f"{fault}.", "reason")


def _refuse_twin(session: Session, duty: Duty) -> None:
    """One sentence may hold several duties, but not the same one twice."""
    twin = select(Duty.id).where(
        Duty.edition_id == duty.edition_id,
        Duty.start == duty.start,
        Duty.end == duty.end,
        Duty.action_kind == duty.action_kind,
        Duty.status != DutyStatus.REJECTED,
    )
    if session.scalar(twin.limit(1)):
        raise DutyRefused("Meningen finns redan som en sådan skyldighet. Rätta den i stället.", "quote")


# -- writing ---------------------------------------------------------------------------------------------------------


def _new_duty(edition: Edition, terms: Terms, by: str) -> Duty:
    return Duty(
        id=new_id(),
        policy_id=edition.policy_id,
        edition_id=edition.id,
        modality=terms.modality,
        action_kind=terms.action_kind,
        holder=terms.holder,
        addressees=[],
        confidence=Confidence.HIGH,
        reason=f"Tillagd för hand av {by}.",
        of_plans=False,
    )


def _is_report(duty: Duty) -> bool:
    return duty.action_kind is ActionKind.REPORT and _REPORT in duty.quote.casefold()


def _confirm(session: Session, duty: Duty, terms: Terms, by: str, now: datetime) -> None:
    if duty.status is DutyStatus.CONFIRMED:
        raise DutyRefused("Skyldigheten är redan bekräftad.")
    if faults := faults_of(terms, followed(duty.quote, terms, duty.artefact), terms):
        raise TermsRefused(faults)
    _stand_behind(duty, by, now)
    session.flush()
    data = _told(duty) | {"bodies": list(terms.body_ids)}
    write_down(session, [Line(kind=EntryKind.DUTY_CONFIRMED, by=by, data=data)], now)
    # What an edition before had opened may rest on it already, and binds as it does from now on.
    settle_cases(session, duty, Decision(by=by, reason="Skyldigheten som ärendet vilade på gäller andra."), now)


def _stand_behind(duty: Duty, by: str, now: datetime) -> None:
    duty.status, duty.confirmed_by, duty.confirmed_at = DutyStatus.CONFIRMED, by, now


def _set(session: Session, duty: Duty, terms: Terms) -> None:
    for field in Terms.__slots__:
        if field != "body_ids":
            setattr(duty, field, getattr(terms, field))
    follows = followed(duty.quote, terms, duty.artefact)
    duty.lifecycle, duty.of_plans = follows.lifecycle, follows.of_plans
    session.execute(delete(DutyBody).where(DutyBody.duty_id == duty.id))
    session.add_all(DutyBody(duty_id=duty.id, body_id=body_id) for body_id in terms.body_ids)
    session.flush()


def _told(duty: Duty) -> dict[str, Value]:
    return {"policy": duty.policy_id, "duty": duty.id, "quote": duty.quote}


def _correction(changed: list[str], before: Terms, after: Terms) -> dict[str, Value]:
    return {
        "changed": changed,
        "before": [_as_text(getattr(before, field)) for field in changed],
        "after": [_as_text(getattr(after, field)) for field in changed],
    }


def _as_text(value: object) -> str:
    if value is None:
        return ""
    return " ".join(value) if isinstance(value, tuple) else str(value)
