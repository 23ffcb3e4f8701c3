"""The papers that a revision is prepared with, as drafts: the tjänsteskrivelse and the remiss. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple, Self

from sqlalchemy.orm import Session

from styrhjul.db.model import DutyStatus
from styrhjul.db.office_query import body_names
from styrhjul.db.organisation_query import Organisation, load_organisation
from styrhjul.db.overview_query import MunicipalityLine, PolicyLine, in_swedish_order, load_policies
from styrhjul.db.policy_page_query import PageDuty, load_duties
from styrhjul.db.referral_query import committees
from styrhjul.db.session import Database
from styrhjul.domain.answer import Outcome
from styrhjul.domain.moment import local_date
from styrhjul.domain.vocabulary import BodyKind, LifecycleKey
from styrhjul.reports.block import Document
from styrhjul.reports.chapter_facts import KnownPolicy, Standing
from styrhjul.reports.chapter_making import risen, year_in_brief
from styrhjul.reports.document_pdf import document_pdf
from styrhjul.reports.document_word import document_word
from styrhjul.reports.memorandum import memorandum
from styrhjul.reports.referral_letter import referral_letter
from styrhjul.reports.revision_facts import KnownDuty, RevisionFacts
from styrhjul.reports.years import span, years_of
from styrhjul.services.cases.revise import SHORTEST_REFERRAL_WORKING_DAYS
from styrhjul.services.foundation.leaving_file import LeavingFile, leaving
from styrhjul.services.municipality.directory import NotHere, municipality_by
from styrhjul.services.reports.chapter import policy_in_full
from styrhjul.services.reports.own_template import in_template
from styrhjul.services.words import ACTION_WORDS


class Paper(StrEnum):
    """Which draft; the value stands in addresses and commands."""

    UNCHANGED = "memorandum-unchanged"
    REVISE = "memorandum-revise"
    REPEAL = "memorandum-repeal"
    REFERRAL = "referral-letter"


class PaperFormat(StrEnum):
    """What a draft is saved as: the end of the file's name, and what makes it."""

    content: Callable[[Document, datetime], bytes]

    def __new__(cls, ending: str, content: Callable[[Document, datetime], bytes]) -> Self:
        made = str.__new__(cls, ending)
        made._value_, made.content = ending, content
        return made

    DOCX = "docx", lambda document, at: document_word(document, at=at)
    PDF = "pdf", lambda document, at: document_pdf(document, at=at)


class PaperView(NamedTuple):
    """A draft with what it is of."""

    municipality: MunicipalityLine
    policy: str
    paper: Paper
    document: Document


_WRITERS: Mapping[Paper, Callable[[RevisionFacts], Document]] = {
    Paper.UNCHANGED: lambda facts: memorandum(facts, Outcome.UNCHANGED),
    Paper.REVISE: lambda facts: memorandum(facts, Outcome.REVISE),
    Paper.REPEAL: lambda facts: memorandum(facts, Outcome.REPEAL),
    Paper.REFERRAL: referral_letter,
}
_FILES = {
    Paper.UNCHANGED: "tjansteskrivelse-oforandrad",
    Paper.REVISE: "tjansteskrivelse-revideras",
    Paper.REPEAL: "tjansteskrivelse-upphavs",
    Paper.REFERRAL: "remiss",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A policy as it was read for its papers."""

    line: PolicyLine
    duties: Sequence[PageDuty]
    known: KnownPolicy
    organisation: Organisation
    names: Mapping[str, str]
    asked: tuple[str, ...]


def paper_of(database: Database, slug: str, policy: str, paper: Paper, now: datetime) -> PaperView:
    """Return a draft as things stand on a day. Raises NotHere."""
    municipality = municipality_by(database, slug)
    facts = revision_facts(database, municipality, policy, now)
    return PaperView(municipality, policy, paper, _WRITERS[paper](facts))


def paper_file(
    database: Database, view: PaperView, kind: PaperFormat, at: datetime, template: bytes | None = None
) -> LeavingFile:
    """Return the draft as a file; the same draft and moment give the same content. `at` is aware.

    A Word file is in `template`, else in the municipality's own. Raises TemplateRefused.
    """
    made = leaving(f"{_FILES[view.paper]}-{view.policy}.{kind}", kind.content(view.document, at))
    return in_template(database, view.municipality.municipality_id, made, template)


def revision_facts(database: Database, municipality: MunicipalityLine, policy: str, now: datetime) -> RevisionFacts:
    """Return what is known of a policy for its papers. Raises NotHere."""
    today = local_date(now)
    with database.reading(municipality.municipality_id) as session:
        read = _read(session, policy, today)
    seen = {year: year_in_brief(read.known, year, today) for year in span(today.year)}
    latest_first = sorted(seen.items(), reverse=True)
    line, organisation = read.line, read.organisation
    by_council = line.adopter.kind is BodyKind.COUNCIL
    return RevisionFacts(
        municipality=municipality.name,
        policy_slug=line.slug,
        title=line.title,
        on=today,
        adopter=line.adopter_name,
        prepared_by=_board(organisation, read.names, today) if by_council else None,
        editions=read.known.editions,
        duties=tuple(
            KnownDuty(
                quote=each.quote,
                actor=each.actor,
                bodies=each.bodies,
                action=ACTION_WORDS[each.action_kind],
                modality=each.modality,
            )
            for each in read.duties
            if each.status is DutyStatus.CONFIRMED
        ),
        years=years_of({year: own.goals for year, own in seen.items()}),
        judged=tuple((year, row) for year, own in latest_first for row in own.goals if row.standing in _JUDGED),
        answered=tuple(dict.fromkeys(count.line for _, own in latest_first for count in own.counts)),
        went_up=tuple(sorted(risen(read.known.cases), key=lambda each: each.told[0].on, reverse=True)),
        cases=tuple(case for case in read.known.cases if case.lifecycle in _ON_REVISION),
        asked=read.asked,
        earliest_on=organisation.practice.ordinary_after(
            organisation.practice.add_working_days(today, SHORTEST_REFERRAL_WORKING_DAYS - 1)
        ),
        text=line.text,
    )


_JUDGED = (Standing.MET, Standing.PARTLY_MET, Standing.NOT_MET, Standing.NOT_ASSESSED)
_ON_REVISION = (LifecycleKey.REVISION, LifecycleKey.CURRENCY_REVIEW, LifecycleKey.REFERRAL)


def _read(session: Session, policy: str, today: date) -> _Read:
    lines = load_policies(session, policy)
    known = policy_in_full(session, policy)
    if not lines or known is None:
        raise NotHere(policy)
    organisation = load_organisation(session)
    names = {body_id: each.name for body_id, each in body_names(session, organisation).items()}
    return _Read(
        line=lines[0],
        duties=load_duties(session, lines[0].policy_id),
        known=known,
        organisation=organisation,
        names=names,
        asked=_asked(session, lines[0], known, today),
    )


def _asked(session: Session, line: PolicyLine, known: KnownPolicy, today: date) -> tuple[str, ...]:
    """Return whom the draft was sent to, or as `refer` would choose them: the bound committees, else all of them."""
    sent = {case.body for case in known.cases if case.lifecycle is LifecycleKey.REFERRAL}
    if sent:
        return tuple(sorted(sent, key=in_swedish_order))
    usual = [body for body in committees(session, line.policy_id, today) if body.is_committee]
    chosen = [body.name for body in usual if body.is_bound] or [body.name for body in usual]
    return tuple(sorted((name for name in chosen if name != line.adopter_name), key=in_swedish_order))


def _board(organisation: Organisation, names: Mapping[str, str], today: date) -> str | None:
    """Return the executive board, which prepares whatever the council decides (KL 5:26)."""
    boards = [
        names[body.body_id]
        for body in organisation.bodies
        if body.kind is BodyKind.EXECUTIVE_BOARD and (body.dissolved_on is None or body.dissolved_on > today)
    ]
    return boards[0] if boards else None
