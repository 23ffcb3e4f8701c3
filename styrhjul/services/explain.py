"""Why did I get this, and why did nothing leave? The whole chain of one case, from the decided sentence to the mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, Notice
from styrhjul.db.compose_query import CaseText, load_case_texts
from styrhjul.db.facts_query import load_appointments, load_case_facts, load_organisation
from styrhjul.db.mail_model import Mail, MailItem
from styrhjul.db.session import Database
from styrhjul.domain.facts import CaseFacts
from styrhjul.domain.ladder import ladder_days
from styrhjul.domain.lifecycle import Audience, Holder, Lifecycle
from styrhjul.domain.office import AppointmentFacts, PostFacts, holder_of
from styrhjul.domain.planner import plan, wake_on
from styrhjul.services.words import STATE_WORDS
from workflows import LIFECYCLES


class NothingToExplain(LookupError):
    """There is no such case or mail here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteExplained:
    """The sentence a case rests on. None = the text does not state it."""

    quote: str
    actor: str | None
    modality: str
    recurrence: str | None
    read_as: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepExplained:
    """One rung for one post: when, what became of it, in which mail, and who holds the post."""

    rung: str
    office: str
    holder: str | None
    on: date | None
    deferred_from: date | None
    status: str
    reason: str | None
    mail: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The chain of one case, from the sentence to the mails. `wakes_on` None = only an event can move it."""

    case_id: str
    policy: str
    adopted_by: str | None
    adopted_on: date | None
    paragraph: str | None
    diary_number: str | None
    body: str
    lifecycle: str
    period: str
    state: str
    quotes: tuple[QuoteExplained, ...]
    opens_on: date
    opening_deferred_from: date | None
    due_on: date
    due_source: str
    meeting_on: date | None
    agenda_on: date | None
    steps: tuple[StepExplained, ...]
    wakes_on: date | None
    said: str


def explain_case(database: Database, municipality_id: str, case_id: str, today: date) -> Explanation:
    """Explain a case, given by its id or the start of it. Raises NothingToExplain. Writes nothing."""
    with database.reading(municipality_id) as session:
        found = session.scalars(select(Case.id).where(Case.id.startswith(case_id)).limit(2)).all()
        if len(found) != 1:
            raise NothingToExplain(f"Det finns inget ärende som börjar med {case_id}.")
        return _explain(session, found[0], today)


def explain_mail(database: Database, message_id: str, today: date) -> list[Explanation]:
    """Explain every case a mail speaks of, by its Message-ID, with or without brackets. Raises NothingToExplain."""
    wanted = f"<{message_id.strip('<>')}>"
    with database.system(read_only=True) as session:
        row = session.execute(select(Mail.municipality_id, Mail.id).where(Mail.message_id == wanted)).one_or_none()
    if row is None:
        raise NothingToExplain(f"Det finns inget mejl med Message-ID {wanted}.")
    with database.reading(row.municipality_id) as session:
        cases = session.scalars(select(MailItem.case_id).where(MailItem.mail_id == row.id).order_by(MailItem.case_id))
        return [_explain(session, case_id, today) for case_id in dict.fromkeys(cases)]


def _explain(session: Session, case_id: str, today: date) -> Explanation:
    text = load_case_texts(session, [case_id])[case_id]
    organisation = load_organisation(session)
    [facts] = load_case_facts(session, organisation, [case_id])
    lifecycle = LIFECYCLES[text.case.lifecycle]
    wakes = wake_on(lifecycle, facts, today)
    posts = {post.post_id: post for post in organisation.posts}
    return Explanation(
        case_id=case_id,
        policy=text.policy.title,
        adopted_by=text.edition.adopted_by,
        adopted_on=text.edition.adopted_on,
        paragraph=text.edition.paragraph,
        diary_number=text.edition.diary_number,
        body=_answering(text, facts, posts),
        lifecycle=lifecycle.key,
        period=text.case.period,
        state=text.case.state,
        quotes=_quotes(text),
        opens_on=text.case.opens_on,
        opening_deferred_from=text.case.opening_deferred_from,
        due_on=text.case.due_on,
        due_source=text.case.due_source,
        meeting_on=text.case.meeting_on,
        agenda_on=text.case.agenda_on,
        steps=(*_taken(session, case_id, posts, today), *_coming(session, lifecycle, facts, posts, today)),
        wakes_on=wakes,
        said=_said(lifecycle, facts, wakes, today),
    )


def _answering(text: CaseText, facts: CaseFacts, posts: dict[str, PostFacts]) -> str:
    """Return who answers: the body, or the chief executive where the text names that office."""
    if text.case.holder is Holder.CHIEF_EXECUTIVE and facts.posts[Audience.HOLDER]:
        return f"{posts[facts.posts[Audience.HOLDER][0]].title}, {text.body.name}"
    return text.body.name


def _quotes(text: CaseText) -> tuple[QuoteExplained, ...]:
    return tuple(
        QuoteExplained(
            quote=duty.quote,
            actor=duty.actor,
            modality=duty.modality,
            recurrence=duty.recurrence,
            read_as=duty.reason,
        )
        for duty in text.duties
    )


def _taken(session: Session, case_id: str, posts: dict[str, PostFacts], today: date) -> list[StepExplained]:
    appointments = load_appointments(session)
    rows = session.execute(
        select(Notice, Mail.message_id)
        .outerjoin(MailItem, (MailItem.municipality_id == Notice.municipality_id) & (MailItem.notice_id == Notice.id))
        .outerjoin(Mail, (Mail.municipality_id == MailItem.municipality_id) & (Mail.id == MailItem.mail_id))
        .where(Notice.case_id == case_id)
        .order_by(Notice.planned_on, Notice.rung, Notice.id, Mail.composed_at)
    )
    latest: dict[str, tuple[Notice, str | None]] = {notice.id: (notice, message_id) for notice, message_id in rows}
    return [
        StepExplained(
            rung=notice.rung,
            office=posts[notice.post_id].title,
            holder=_name(holder_of(notice.post_id, appointments, today)),
            on=notice.delivered_on or notice.planned_on,
            deferred_from=notice.deferred_from,
            status=notice.status,
            reason=notice.reason,
            mail=message_id,
        )
        for notice, message_id in latest.values()
    ]


def _coming(
    session: Session, lifecycle: Lifecycle, facts: CaseFacts, posts: dict[str, PostFacts], today: date
) -> list[StepExplained]:
    """The rungs still ahead; nothing is ahead of a case that nobody chases."""
    if facts.state not in lifecycle.chased:
        return []
    appointments = load_appointments(session)
    known = {(notice.rung, notice.post_id) for notice in facts.notices}
    days = {step.rung.key: step for step in ladder_days(lifecycle.ladder, facts)}
    return [
        StepExplained(
            rung=rung.key,
            office=posts[post_id].title,
            holder=_name(holder_of(post_id, appointments, today)),
            on=days[rung.key].on if rung.key in days else None,
            deferred_from=days[rung.key].deferred_from if rung.key in days else None,
            status="coming" if rung.key in days else "waits_for_warning",
            reason=None if rung.key in days or rung.after is None else "Går upp först när en varning har kommit fram.",
            mail=None,
        )
        for rung in lifecycle.ladder
        for post_id in facts.posts[rung.to]
        if (rung.key, post_id) not in known and (rung.key in days or rung.after is not None)
    ]


def _said(lifecycle: Lifecycle, facts: CaseFacts, wakes: date | None, today: date) -> str:
    """Say in one Swedish sentence what happens next, or why nothing does."""
    if facts.state not in lifecycle.chased:
        return f"Inget mer skickas: ärendet är {STATE_WORDS[facts.state]}."
    if plan(lifecycle, facts, today):
        return "Något ska skickas i dag; nästa puls skriver det."
    if facts.unreachable_on:
        return f"Ingen kunde varnas ({facts.unreachable_on.isoformat()}), därför går inget upp. En människa behövs."
    if wakes:
        return f"Nästa gång något kan skickas är {wakes.isoformat()}."
    return "Inget mer finns i trappan, eller så väntar den på att en varning kommer fram."


def _name(holder: AppointmentFacts | None) -> str | None:
    return holder.name if holder else None
