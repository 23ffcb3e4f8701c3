"""What the page of one case says: how it stands, what it rests on, what was answered, and who was told. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime

from sqlalchemy.orm import Session

from styrhjul.db.answer_query import GivenAnswer, QuotedDuty, load_versions
from styrhjul.db.competing_query import load_competing
from styrhjul.db.decision_query import is_change, told_by
from styrhjul.db.ground_query import Grounds, load_grounds
from styrhjul.db.inbound_query import texts_of
from styrhjul.db.journal import entries
from styrhjul.db.mail_ledger_query import NoticeLine, load_notices
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.overview_query import CaseLine, MunicipalityLine, load_cases
from styrhjul.db.record_query import MailLink, links_of_case
from styrhjul.db.session import Database
from styrhjul.domain.act import Act, allowed_acts
from styrhjul.domain.answer import is_sent_back
from styrhjul.domain.decision import MadeDecision
from styrhjul.domain.journal import Entry, EntryKind
from styrhjul.domain.lifecycle import Lifecycle
from styrhjul.domain.moment import local_date
from styrhjul.domain.status import Status
from styrhjul.services.cases.explain import Ahead, look_ahead
from styrhjul.services.municipality.directory import NotHere, municipality_by
from styrhjul.services.municipality.procedure import lifecycle_of
from styrhjul.services.overview.case_status import case_status


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseHead:
    """One case as whoever decides about it needs it, with the lifecycle it follows here.

    `acts` is what may be decided about it as it stands.
    """

    municipality: MunicipalityLine
    today: date
    case: CaseLine
    status: Status
    lifecycle: Lifecycle
    journal: tuple[Entry, ...]
    decisions: tuple[MadeDecision, ...]
    acts: tuple[Act, ...]

    @property
    def seen(self) -> int:
        """The number of the last entry that a decision about the case rests on; 0 where there is none."""
        return max((entry.number for entry in self.journal if is_change(entry)), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView(CaseHead):
    """One case, whole. `policy` is None where the law asks and no document does.

    `versions` are those of the answer, the first one first; `competing` are answers that came when another had just
    been handed in.
    """

    policy: Grounds | None
    versions: tuple[GivenAnswer, ...]
    competing: tuple[GivenAnswer, ...]
    notices: tuple[NoticeLine, ...]
    mails: tuple[MailLink, ...]
    ahead: Ahead
    #: What people wrote back: sender and text, by the id that the journal names.
    replies: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def quotes(self) -> tuple[QuotedDuty, ...]:
        """The sentences it rests on, in the order of the text."""
        return tuple(sentence.duty for sentence in self.policy.sentences) if self.policy else ()

    @property
    def answer(self) -> GivenAnswer | None:
        """The latest version of the answer."""
        return self.versions[-1] if self.versions else None

    @property
    def is_sent_back(self) -> bool:
        """Whether that version was sent back and counts no more."""
        last = self.answer
        return last is not None and is_sent_back(self.case.state, last.outcome, last.decided_on)


def case_head(database: Database, slug: str, case_id: str, now: datetime) -> CaseHead:
    """Return one case. Raises NotHere, for another municipality's case as for none at all."""
    municipality = municipality_by(database, slug)
    with database.reading(municipality.municipality_id) as session:
        return _head(session, municipality, case_id, local_date(now))


def case_view(database: Database, slug: str, case_id: str, now: datetime) -> CaseView:
    """Return one case, whole. Raises NotHere as `case_head` does."""
    municipality = municipality_by(database, slug)
    today = local_date(now)
    with database.reading(municipality.municipality_id) as session:
        head = _head(session, municipality, case_id, today)
        inbound = [str(each.data["inbound"]) for each in head.journal if "inbound" in each.data]
        has_competed = any(each.kind is EntryKind.ANSWER_COMPETED for each in head.journal)
        return CaseView(
            **{each.name: getattr(head, each.name) for each in fields(CaseHead)},
            policy=load_grounds(session, case_id),
            versions=tuple(load_versions(session, case_id)) if head.case.versions else (),
            competing=load_competing(session, case_id) if has_competed else (),
            notices=tuple(load_notices(session, case_id)),
            mails=tuple(links_of_case(session, case_id)),
            ahead=look_ahead(session, load_organisation(session), head.case, today),
            replies=texts_of(session, inbound) if inbound else {},
        )


def _head(session: Session, municipality: MunicipalityLine, case_id: str, today: date) -> CaseHead:
    found = load_cases(session, [case_id])
    if not found:
        raise NotHere(case_id)
    case = found[0]
    lifecycle = lifecycle_of(load_organisation(session), case.lifecycle, case.policy_id)
    journal = tuple(entry for entry, _ in entries(session, case_id))
    return CaseHead(
        municipality=municipality,
        today=today,
        case=case,
        status=case_status(case, lifecycle, today),
        lifecycle=lifecycle,
        journal=journal,
        decisions=tuple(told_by(session, journal)),
        acts=allowed_acts(lifecycle, case.state),
    )
