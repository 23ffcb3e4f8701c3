"""Why did I get this, and why did nothing leave? The whole chain of one case, from the decided sentence to the mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case
from styrhjul.db.compose_query import CaseText, load_case_texts
from styrhjul.db.decision_query import changes_of, told_by
from styrhjul.db.explain_query import LedgerLine, load_answers, load_ledger, load_receipts
from styrhjul.db.facts_query import load_case_facts
from styrhjul.db.mail_model import Mail, MailItem, MailStatus
from styrhjul.db.office_query import office_names
from styrhjul.db.organisation_query import Organisation, load_organisation
from styrhjul.db.overview_query import CaseLine
from styrhjul.db.pace import why_waiting
from styrhjul.db.session import Database
from styrhjul.domain.decision import MadeDecision, is_answered_by_list
from styrhjul.domain.facts import CaseFacts
from styrhjul.domain.journal import Entry
from styrhjul.domain.ladder import RungDay, ladder_days
from styrhjul.domain.lifecycle import Holder, Lifecycle, State
from styrhjul.domain.office import PostFacts
from styrhjul.domain.planner import plan, wake_on
from styrhjul.domain.presence import as_told
from styrhjul.domain.rung import Audience, Rung
from styrhjul.mail.swedish import inside, start, the_office
from styrhjul.services.mailing.reader import Readers
from styrhjul.services.municipality.ladder_words import BASIS_WORDS
from styrhjul.services.municipality.procedure import lifecycle_of
from styrhjul.services.words import stands

#: How a rung still ahead stands.
COMING, WAITS_FOR_WARNING = "coming", "waits_for_warning"


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
    """One rung for one post: when, what became of it, in which mail, and who reads it.

    `reads_as` is the post in which `holder` reads, where that is a deputy's; `deferred_because` names the day that
    moved it. None for `holder` = the post is vacant.
    """

    rung: str
    office: str
    holder: str | None
    reads_as: str | None
    on: date | None
    deferred_from: date | None
    deferred_because: str | None
    status: str
    reason: str | None
    mail: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerExplained:
    """One version of the answer: when, from which office, and signed by whom."""

    version: int
    at: datetime
    office: str
    signed_by: str
    decided_on: date | None
    paragraph: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptExplained:
    """A mail that followed an answer or a press for a new link: to which office, and what became of it."""

    key: str
    at: datetime
    office: str
    status: str
    mail: str


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
    period_words: str
    state: str
    is_binding: bool
    quotes: tuple[QuoteExplained, ...]
    opens_on: date
    opening_deferred_from: date | None
    opening_deferred_because: str | None
    due_on: date
    due_source: str
    due_basis: str
    due_basis_said: str
    meeting_on: date | None
    agenda_on: date | None
    decides_on: date | None
    lapses_on: date
    steps: tuple[StepExplained, ...]
    answers: tuple[AnswerExplained, ...]
    receipts: tuple[ReceiptExplained, ...]
    decisions: tuple[MadeDecision, ...]
    #: The line that says that the list of officials answered a handover; None = it did not.
    by_list: Entry | None
    wakes_on: date | None
    said: str


def explain_case(database: Database, municipality_id: str, case_id: str, today: date) -> Explanation:
    """Explain a case, given by its id or the start of it. Raises NothingToExplain. Writes nothing."""
    with database.reading(municipality_id) as session:
        found = session.scalars(select(Case.id).where(Case.id.startswith(case_id)).limit(2)).all()
        if len(found) != 1:
            raise NothingToExplain(f"Det finns inget ärende som börjar med {case_id}.")
        return _explain(session, found[0], today)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What is still to come of a case: its steps, the days it wakes and ends, and all in one Swedish sentence."""

    steps: tuple[StepExplained, ...]
    wakes_on: date | None
    lapses_on: date
    said: str


def look_ahead(session: Session, organisation: Organisation, line: CaseLine, today: date) -> Ahead:
    """Return what is still to come of a case, by the code that explains it."""
    [facts] = load_case_facts(session, organisation, [line.case_id])
    sight = _Sight(
        facts=facts,
        lifecycle=lifecycle_of(organisation, line.lifecycle, line.policy_id),
        posts={post.post_id: post for post in organisation.posts},
        readers=Readers(organisation, today),
        body_name=line.body_name,
        dissolved_on=line.dissolved_on,
    )
    wakes = wake_on(sight.lifecycle, facts, today)
    said = _said(sight, wakes, today)
    return Ahead(steps=tuple(_coming(sight, today)), wakes_on=wakes, lapses_on=facts.lapses_on, said=said)


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


def why_it_waits(database: Database, message_id: str, now: datetime) -> str | None:
    """Return in Swedish why a mail that may leave has not left; None when it has, or nothing keeps it."""
    with database.system(read_only=True) as session:
        mail = session.scalars(select(Mail).where(Mail.message_id == f"<{message_id.strip('<>')}>")).one_or_none()
        if mail is None or mail.status is not MailStatus.QUEUED or mail.next_attempt_at > now:
            return None
        return why_waiting(session, mail.municipality_id, mail.goes_to, now)


@dataclass(frozen=True, slots=True)
class _Sight:
    """One case as everything below sees it."""

    facts: CaseFacts
    lifecycle: Lifecycle
    posts: dict[str, PostFacts]
    readers: Readers
    body_name: str
    dissolved_on: date | None

    def why(self, day: date | None) -> str | None:
        """Return what kind of day it was that something was moved from."""
        return self.facts.practice.why_not_ordinary(day) if day else None

    def title(self, post_id: str) -> str:
        """Return what a post is called."""
        return self.posts[post_id].title


def _explain(session: Session, case_id: str, today: date) -> Explanation:
    sight, text = _look(session, load_organisation(session), case_id, today)
    case, source = text.case, text.source
    wakes = wake_on(sight.lifecycle, sight.facts, today)
    changes = changes_of(session, [case_id])[case_id]
    return Explanation(
        case_id=case_id,
        policy=source.title,
        adopted_by=source.adopted_by,
        adopted_on=source.adopted_on,
        paragraph=source.paragraph,
        diary_number=source.diary_number,
        body=_answering(session, sight, text),
        lifecycle=case.lifecycle,
        period=case.period,
        period_words=text.period_words,
        state=case.state,
        is_binding=case.is_binding,
        quotes=_quotes(text),
        opens_on=case.opens_on,
        opening_deferred_from=case.opening_deferred_from,
        opening_deferred_because=sight.why(case.opening_deferred_from),
        due_on=case.due_on,
        due_source=case.due_source,
        due_basis=case.due_basis,
        due_basis_said=BASIS_WORDS[case.due_basis],
        meeting_on=case.meeting_on,
        agenda_on=case.agenda_on,
        decides_on=case.decides_on,
        lapses_on=case.lapses_on,
        steps=(*(_taken(sight, line) for line in load_ledger(session, [case_id])), *_coming(sight, today)),
        answers=tuple(_answers(session, sight)),
        receipts=tuple(_receipts(session, sight)),
        decisions=tuple(told_by(session, changes)),
        by_list=next(filter(is_answered_by_list, changes), None),
        wakes_on=wakes,
        said=_said(sight, wakes, today),
    )


def _look(session: Session, organisation: Organisation, case_id: str, today: date) -> tuple[_Sight, CaseText]:
    texts = load_case_texts(session, [case_id])
    if case_id not in texts:
        raise NothingToExplain(f"Ärendet {case_id} vilar på ett dokument utan gällande utgåva.")
    [facts] = load_case_facts(session, organisation, [case_id])
    case = texts[case_id].case
    sight = _Sight(
        facts=facts,
        lifecycle=lifecycle_of(organisation, case.lifecycle, case.policy_id),
        posts={post.post_id: post for post in organisation.posts},
        readers=Readers(organisation, today),
        body_name=texts[case_id].body_name,
        dissolved_on=organisation.by_id[case.body_id].dissolved_on,
    )
    return sight, texts[case_id]


def _answering(session: Session, sight: _Sight, text: CaseText) -> str:
    """Return who answers: the body, or the office where the text names one or the case was given to one."""
    holders = sight.facts.posts[Audience.HOLDER]
    given = text.case.assigned_post_id
    if given is not None:
        return f"{start(the_office(office_names(session, [given])[given]))}, i stället för {inside(sight.body_name)}"
    if text.case.holder is not Holder.BODY and holders:
        return f"{sight.title(holders[0])}, {sight.body_name}"
    return sight.body_name


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


def _taken(sight: _Sight, line: LedgerLine) -> StepExplained:
    """Tell of a notice: who read it where it stood in a mail, who would read it today otherwise."""
    notice = line.notice
    reader, reads_as = line.reader, line.reader_post_id
    if reader is None:
        reader, reads_as = _reader(sight, notice.post_id)
    return StepExplained(
        rung=notice.rung,
        office=sight.title(notice.post_id),
        holder=reader,
        reads_as=sight.title(reads_as) if reads_as and reads_as != notice.post_id else None,
        on=notice.delivered_on or notice.planned_on,
        deferred_from=notice.deferred_from,
        deferred_because=sight.why(notice.deferred_from),
        status=notice.status,
        reason=notice.reason,
        mail=line.message_id,
    )


def _reader(sight: _Sight, post_id: str) -> tuple[str | None, str | None]:
    found = sight.readers.of(post_id)
    return (found.appointment.name, found.appointment.post_id) if found else (None, None)


def _coming(sight: _Sight, today: date) -> Iterator[StepExplained]:
    """Yield the rungs still ahead: none in the past, and none at all of a case that nobody chases."""
    if sight.facts.state not in sight.lifecycle.chased:
        return
    facts = as_told(sight.lifecycle.ladder, sight.facts, today)
    known = {(notice.rung, notice.post_id) for notice in facts.notices if notice.due_on == facts.due_on}
    days = {step.rung.key: step for step in ladder_days(sight.lifecycle.ladder, facts)}
    gone = {key for key, step in days.items() if step.on < today}
    for rung in sight.lifecycle.ladder:
        if rung.key in gone:
            continue
        waits = rung.after is not None and sight.facts.is_binding
        for post_id in sight.facts.posts[rung.to]:
            if (rung.key, post_id) not in known and (rung.key in days or waits):
                yield _ahead(sight, rung, post_id, days.get(rung.key))


def _ahead(sight: _Sight, rung: Rung, post_id: str, day: RungDay | None) -> StepExplained:
    reader, reads_as = _reader(sight, post_id)
    return StepExplained(
        rung=rung.key,
        office=sight.title(post_id),
        holder=reader,
        reads_as=sight.title(reads_as) if reads_as and reads_as != post_id else None,
        on=day.on if day else None,
        deferred_from=day.deferred_from if day else None,
        deferred_because=sight.why(day.deferred_from) if day else None,
        status=COMING if day else WAITS_FOR_WARNING,
        reason=None if day else "Går upp först när en varning har kommit fram.",
        mail=None,
    )


def _answers(session: Session, sight: _Sight) -> Iterator[AnswerExplained]:
    for answer in load_answers(session, sight.facts.case_id):
        yield AnswerExplained(
            version=answer.version,
            at=answer.submitted_at,
            office=sight.title(answer.post_id),
            signed_by=answer.signed_by,
            decided_on=answer.decided_on,
            paragraph=answer.paragraph,
        )


def _receipts(session: Session, sight: _Sight) -> Iterator[ReceiptExplained]:
    for mail in load_receipts(session, sight.facts.case_id):
        yield ReceiptExplained(
            key=mail.key,
            at=mail.composed_at,
            office=sight.title(mail.post_id),
            status=mail.status,
            mail=mail.message_id,
        )


def _said(sight: _Sight, wakes: date | None, today: date) -> str:
    """Say in one Swedish sentence what happens next, or why nothing does."""
    facts = sight.facts
    if facts.state not in sight.lifecycle.chased:
        return f"Inget mer skickas: ärendet {stands(facts.state)}{_for_want_of_a_body(sight, today)}."
    if plan(sight.lifecycle, facts, today):
        return "Något ska skickas i dag; nästa puls skriver det."
    if facts.unreachable_on:
        return f"Ingen kunde varnas ({facts.unreachable_on.isoformat()}), därför går inget upp. En människa behövs."
    if wakes == facts.lapses_on:
        return f"Inget mer skickas innan nästa omgång tar över {wakes.isoformat()}."
    if wakes:
        return f"Nästa gång något kan skickas är {wakes.isoformat()}."
    return "Inget mer finns i trappan, eller så väntar den på att en varning kommer fram."


def _for_want_of_a_body(sight: _Sight, today: date) -> str:
    """Say that the body is no more, where a case ended without an answer."""
    has_ended = sight.dissolved_on is not None and sight.dissolved_on <= today
    return f", och {inside(sight.body_name)} har upphört" if has_ended and sight.facts.state is State.LAPSED else ""
