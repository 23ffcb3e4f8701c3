"""What an auditor is given about one policy, made of what the database holds at one moment. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from styrhjul.db.answer_query import load_versions
from styrhjul.db.audit_query import TextRow, load_last_seal, load_lines, load_mails, load_texts
from styrhjul.db.chapter_query import Register, load_register
from styrhjul.db.decision_query import changes_of
from styrhjul.db.explain_query import LedgerLine, load_ledger
from styrhjul.db.journal_query import Progress, check_chain
from styrhjul.db.model import DutyStatus
from styrhjul.db.overview_query import CaseLine, cases_about, load_cases, load_policies
from styrhjul.db.policy_page_query import PageDuty, load_duties
from styrhjul.db.session import Database
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import Entry, EntryKind
from styrhjul.domain.ladder import is_upward
from styrhjul.domain.lifecycle import State
from styrhjul.reports.audit import (
    AuditedAnswer,
    AuditedCase,
    AuditedDuty,
    AuditedLine,
    AuditedNotice,
    AuditedText,
    AuditPack,
    Verification,
)
from styrhjul.services.answering.content import content_hash, content_of
from styrhjul.services.answering.words import handed_in
from styrhjul.services.api.token import PROGRAM
from styrhjul.services.municipality.directory import NotHere, municipality_by
from styrhjul.services.records.file import file_name
from styrhjul.services.reports.audit_check import Held, compare
from styrhjul.services.reports.audit_line import Teller
from styrhjul.services.reports.chapter import decided_in
from styrhjul.services.words import (
    ACTION_WORDS,
    MODALITY_WORDS,
    NOTICE_WORDS,
    STATE_WORDS,
    recurrence,
    round_name,
    rung_word,
)
from workflows import LIFECYCLES

_DUTY_WORDS = {
    DutyStatus.PROPOSED: "inte bekräftad",
    DutyStatus.CONFIRMED: "bekräftad",
    DutyStatus.REJECTED: "avvisad",
}


def audit_pack(
    database: Database, slug: str, policy_slug: str, now: datetime, progress: Progress = lambda *_: None
) -> AuditPack:
    """Return all about one policy as it stands. Raises NotHere. Checking the whole journal is what takes time."""
    municipality = municipality_by(database, slug)
    with database.reading(municipality.municipality_id) as session:
        found = load_policies(session, policy_slug)
        if not found:
            raise NotHere(policy_slug)
        policy = found[0]
        duties = load_duties(session, policy.policy_id)
        case_ids = cases_about(session, policy.policy_id)
        lines = load_lines(session, policy.policy_id, case_ids)
        cases, register = _in_order(session, case_ids), load_register(session)
        teller = _teller(cases, duties, register)
        texts, ledger = load_texts(session, policy.policy_id), load_ledger(session, case_ids)
        shown = tuple(_cases(session, cases, ledger, register, _programs(lines)))
        held = Held(texts=texts, cases=cases, shown=shown, ledger=ledger, mails=load_mails(session, case_ids))
        return AuditPack(
            municipality=municipality.name,
            slug=municipality.slug,
            policy_slug=policy.slug,
            title=policy.title,
            made_at=now,
            confirmed=sum(duty.status is DutyStatus.CONFIRMED for duty in duties),
            texts=tuple(_texts(texts, policy.title)),
            duties=tuple(map(_duty, duties)),
            cases=shown,
            journal=tuple(_journal(lines, teller)),
            verification=_verified(session, held, [entry for entry, _ in lines], progress),
        )


def _journal(lines: Iterable[tuple[Entry, str]], teller: Teller) -> Iterator[AuditedLine]:
    for entry, sealed in lines:
        yield AuditedLine(
            number=entry.number,
            at=entry.at,
            kind=entry.kind,
            about=teller.about(entry),
            what=teller.what(entry),
            by=entry.by,
            case_id=entry.case_id,
            data=dict(entry.data),
            seal=sealed,
        )


def _verified(session: Session, held: Held, lines: Sequence[Entry], progress: Progress) -> Verification:
    entries, broken = check_chain(session, progress)
    found = compare(held, lines)
    return Verification(
        lines=entries,
        last_seal=load_last_seal(session),
        broken=tuple((each.number, each.fault) for each in broken),
        compared=found.compared,
        differs=found.differs,
        uncompared=found.uncompared,
    )


def _teller(cases: Sequence[CaseLine], duties: Sequence[PageDuty], register: Register) -> Teller:
    return Teller(
        cases={case.case_id: case for case in cases},
        numbers={case.case_id: number for number, case in enumerate(cases, 1)},
        names={case.case_id: f"{_name(case)}, {case.body_name}" for case in cases},
        duties={duty.duty_id: duty for duty in duties},
        register=register,
    )


def _texts(rows: Sequence[TextRow], title: str) -> Iterator[AuditedText]:
    for number, row in enumerate(rows, 1):
        name = file_name(row.adopted_on or row.imported_at.date(), title, "")
        yield AuditedText(file=f"text/{number}-{name}.txt", **row._asdict())


def _duty(duty: PageDuty) -> AuditedDuty:
    return AuditedDuty(
        number=duty.number,
        quote=duty.quote,
        modality=MODALITY_WORDS[duty.modality],
        action=ACTION_WORDS[duty.action_kind],
        actor=duty.actor,
        bodies=duty.bodies,
        recurrence=recurrence(duty.recurrence),
        deadline=duty.deadline,
        status=_DUTY_WORDS[duty.status],
        decided_by=duty.confirmed_by,
        decided_at=duty.confirmed_at,
    )


def _in_order(session: Session, case_ids: Sequence[str]) -> list[CaseLine]:
    """Return the cases by due day, then body, then opening."""
    return sorted(
        load_cases(session, case_ids), key=lambda each: (each.due_on, each.body_name, each.opens_on, each.case_id)
    )


def _name(case: CaseLine) -> str:
    return round_name(case.lifecycle, case.period_words)


def _programs(lines: Iterable[tuple[Entry, str]]) -> Mapping[str, str]:
    """Return which key handed in an answer, by the answer's id; those that a person handed in are not among them."""
    found = {}
    for entry, _ in lines:
        if entry.kind is EntryKind.CASE_MOVED and entry.by.startswith(PROGRAM):
            found[str(entry.data.get("answer"))] = entry.by.partition(", för ")[0]
    return found


def _cases(
    session: Session,
    cases: Sequence[CaseLine],
    lines: Iterable[LedgerLine],
    register: Register,
    programs: Mapping[str, str],
) -> Iterator[AuditedCase]:
    ledger: dict[str, list[LedgerLine]] = defaultdict(list)
    for line in lines:
        ledger[line.notice.case_id].append(line)
    changes = changes_of(session, [case.case_id for case in cases])
    for number, case in enumerate(cases, 1):
        yield AuditedCase(
            number=number,
            case_id=case.case_id,
            name=_name(case),
            body=case.body_name,
            state=STATE_WORDS[case.state],
            is_binding=case.is_binding,
            is_asked=case.state is not State.NOT_FOLLOWED,
            is_answered=case.answered_at is not None,
            opens_on=case.opens_on,
            due_on=case.due_on,
            due_source=case.due_source,
            notices=tuple(_notice(line, case, register) for line in ledger[case.case_id]),
            answers=tuple(_answers(session, case.case_id, register.offices, programs)),
            decisions=decided_in(changes[case.case_id], register),
        )


def _notice(line: LedgerLine, case: CaseLine, register: Register) -> AuditedNotice:
    notice = line.notice
    return AuditedNotice(
        planned_on=notice.planned_on,
        delivered_on=notice.delivered_on if notice.status is NoticeStatus.DELIVERED else None,
        rung=rung_word(notice.rung),
        office=register.offices[notice.post_id],
        reader=line.reader,
        is_above=is_upward(LIFECYCLES[case.lifecycle].ladder, notice.rung),
        status=NOTICE_WORDS[notice.status],
        reason=notice.reason,
        message_id=line.message_id,
    )


def _answers(
    session: Session, case_id: str, offices: Mapping[str, str], programs: Mapping[str, str]
) -> Iterator[AuditedAnswer]:
    for given in load_versions(session, case_id):
        content = content_of(given)
        yield AuditedAnswer(
            version=given.version,
            submitted_at=given.submitted_at,
            signed_by=given.signed_by,
            office=offices[given.post_id],
            program=programs.get(given.answer_id),
            decided_on=given.decided_on,
            paragraph=given.paragraph,
            sha256=content_hash(content),
            lines=tuple(handed_in(given)),
            content=content,
        )
