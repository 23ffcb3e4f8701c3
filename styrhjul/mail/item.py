"""The parts that mails are filled with: plain frozen values, already resolved, with nothing left to look up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A sentence as it was adopted, and where it stands. None = the document does not say."""

    text: str
    document_title: str
    adopted_by: str | None
    adopted_on: date | None
    paragraph: str | None
    diary_number: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One case as one rung tells of it.

    `period` is what follows "för": "2027" or "mandatperioden 2026–2030". Titles of officials may be given in either
    form, "förvaltningschef" or "förvaltningschefen".
    """

    email: str
    lifecycle: str
    rung: str
    case_ref: str
    body_name: str
    period: str
    policy_title: str
    url: str
    today: date
    opens_on: date
    due_on: date
    #: The Swedish sentence that says which rule gave `due_on`, and whose rule it is.
    due_source: str
    #: At least one.
    quotes: tuple[Quote, ...]
    #: Whom the document names as its owner; None = it names nobody.
    document_owner: str | None
    meeting_on: date | None = None
    agenda_on: date | None = None
    #: The text states no interval, so the municipality's default is used, and said so.
    interval_unstated: bool = False
    goal_min: int | None = None
    goal_max: int | None = None
    #: A revision has begun, and what was promised is not adopted yet.
    under_way: bool = False
    #: The days it goes up if nobody answers, where they are known. A warning must name them.
    head_on: date | None = None
    head_title: str | None = None
    chief_executive_on: date | None = None
    #: Who gets it last, where that is not the chief executive: "kommunstyrelsen".
    last_stop: str | None = None
    #: The days earlier notices of this case were delivered, in any order; a day may stand twice.
    reminded_on: tuple[date, ...] = ()
    warned_on: date | None = None
    #: Offices that got the same matter: "sekreterare, socialnämnden".
    other_recipients: tuple[str, ...] = ()

    @property
    def is_late(self) -> bool:
        """Whether the due day has passed."""
        return self.due_on < self.today

    @property
    def has_gone_up(self) -> bool:
        """Whether it speaks to somebody above those who answer."""
        return self.rung in ("head", "chief_executive")

    @property
    def papers_on(self) -> date | None:
        """The day the papers for the meeting must be in, if it has not passed."""
        return self.agenda_on if self.agenda_on and self.agenda_on >= self.today else None

    @property
    def diary_number(self) -> str | None:
        """The first diary number among the quoted decisions."""
        return next((quote.diary_number for quote in self.quotes if quote.diary_number), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """The municipality that writes; replies reach its registrar. `is_example`: a demonstration, not really it."""

    municipality_name: str
    chief_executive_title: str
    reply_to: str
    phone: str | None = None
    is_example: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """The office that reads: "ordförande, socialnämnden". Mails are Swedish so far, whatever the language."""

    office: str
    body_name: str
    language: str = "sv"
