"""Records for the registry (diarium): what a mail and an answer are, with what offentlighets- och sekretesslagen asks.

Date, number, sender or receiver, and what it is about (OSL 5 kap. 2 §); beside that what proves it: hashes and lines of
the journal. Reads only.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.answer_query import QuotedDuty, load_quotes
from styrhjul.db.model import Municipality, Policy
from styrhjul.db.overview_query import CaseLine, load_cases
from styrhjul.db.session import municipality_of
from styrhjul.reports.json_document import json_document
from styrhjul.services.words import round_name

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class NoSuchRecord(LookupError):
    """There is no such mail, or no answer to such a case, here."""


class NotARecord(ValueError):
    """A mail that has not left is no record yet; the message says how it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who sent or received: an office, the body or municipality it belongs to, and the address. None = not known."""

    name: str
    office: str | None
    address: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What a record is about: the case, and the document it rests on. None where the law asks, or it is not stated."""

    case_id: str
    round: str
    body: str
    document: str | None
    document_diary_number: str | None


@dataclass(slots=True)
class Shelf:
    """What many records of one municipality share, read once in one session."""

    session: Session
    municipality: Municipality = field(init=False)
    _cases: dict[str, CaseLine] = field(default_factory=dict)
    _quotes: dict[str, tuple[QuotedDuty, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.municipality = self.session.get_one(Municipality, municipality_of(self.session))

    def case(self, case_id: str) -> CaseLine:
        """Return a case. Raises NoSuchRecord."""
        if case_id not in self._cases:
            self._cases |= {case.case_id: case for case in load_cases(self.session, [case_id])}
        if case_id not in self._cases:
            raise NoSuchRecord(f"Det finns inget ärende {case_id} här.")
        return self._cases[case_id]

    def quotes(self, case_id: str) -> tuple[QuotedDuty, ...]:
        """Return the sentences a case rests on."""
        if case_id not in self._quotes:
            self._quotes[case_id] = load_quotes(self.session, case_id)
        return self._quotes[case_id]

    def matter(self, case_id: str) -> Matter:
        """Return what a case is about; a document without a sentence behind the case is named all the same."""
        case = self.case(case_id)
        first = next(iter(self.quotes(case_id)), None)
        return Matter(
            case_id=case_id,
            round=round_name(case.lifecycle, case.period_words),
            body=case.body_name,
            document=first.policy_title if first else self._title(case.policy_id),
            document_diary_number=first.diary_number if first else None,
        )

    def _title(self, policy_id: str | None) -> str | None:
        return self.session.scalars(select(Policy.title).where(Policy.id == policy_id)).one_or_none()


def metadata_json(metadata: DataclassInstance) -> bytes:
    """Return what stands beside a record as a JSON document; the same metadata gives the same bytes."""
    return json_document(asdict(metadata))


def one_number(matters: tuple[Matter, ...]) -> str | None:
    """Return the diary number that all the matters share; None where they have none, or more than one."""
    numbers = {matter.document_diary_number for matter in matters}
    return numbers.pop() if len(numbers) == 1 else None
