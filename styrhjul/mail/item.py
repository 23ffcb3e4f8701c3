"""The parts that mails are filled with: plain frozen values, already resolved, with nothing left to look up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from styrhjul.domain.lifecycle import State
from styrhjul.domain.rung import ABOVE, UNREACHABLE, Audience
from styrhjul.domain.vocabulary import DueBasis


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
class Owed:
    """Something a body answers for: a matter that is open, or a round that opens within the year.

    `lifecycle`, `period`, `policy_title` and `quotes` mean what they do in `Item`.
    """

    lifecycle: str
    period: str
    policy_title: str
    due_on: date
    #: The day the round opens; None = the matter is open now.
    opens_on: date | None = None
    is_binding: bool = True
    #: Whether the due day is the municipality's default and not the document's.
    is_usual_day: bool = False
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreached:
    """An office that a warning did not reach, and why, in Swedish; the office is None where there is none at all."""

    office: str | None
    reason: str


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
    #: Empty where law or the municipality's practice asks, and no sentence of a document.
    quotes: tuple[Quote, ...]
    #: Whom the document names as its owner; None = it names nobody.
    document_owner: str | None
    meeting_on: date | None = None
    agenda_on: date | None = None
    #: The meeting of the body that adopted the document, where the one that is asked only prepares it.
    decides_on: date | None = None
    due_basis: DueBasis = DueBasis.DEFAULT
    #: False for *bör* and *kan*: asked and reminded, never reported.
    is_binding: bool = True
    state: State = State.OPEN
    #: Whom the rung speaks to, and how far up its ladder it stands.
    audience: Audience = Audience.HOLDER
    height: int = 0
    #: The text states no interval, so the municipality's default is used, and said so.
    interval_unstated: bool = False
    goal_min: int | None = None
    goal_max: int | None = None
    #: The days it goes up if nobody answers, where they are known. A warning must name them.
    head_on: date | None = None
    head_title: str | None = None
    chief_executive_on: date | None = None
    #: The day the chief executive was told of the present due day; None = not yet.
    chief_executive_since: date | None = None
    #: Who gets it last, where that is not the chief executive: "kommunstyrelsen".
    last_stop: str | None = None
    #: The days earlier notices of this case were delivered, in any order; a day may stand twice.
    reminded_on: tuple[date, ...] = ()
    warned_on: date | None = None
    #: Offices that got the same matter: "sekreterare, socialnämnden".
    other_recipients: tuple[str, ...] = ()
    #: All that the body answers for: told to whoever takes office, the open ones first.
    owed: tuple[Owed, ...] = ()
    #: Who gave the matter to the post that reads, and why; None = it has stood there from the start.
    handed_over_by: str | None = None
    handed_over_because: str = ""
    #: The body is no more, so the matter was given over; whoever has it for now is to say who takes it over.
    body_has_ended: bool = False
    awaits_taker: bool = False
    #: The office that was given the matter, for those above: "ordförande, socialnämnden".
    held_by: str | None = None
    #: Whom the warnings did not reach: told to the coordinator.
    unreached: tuple[Unreached, ...] = ()
    #: The same question about other bodies, drawn together with this one; each keeps its own link.
    alike: tuple[Item, ...] = ()

    @property
    def each(self) -> tuple[Item, ...]:
        """It and those drawn together with it."""
        return (self, *self.alike)

    @property
    def is_late(self) -> bool:
        """Whether the due day has passed."""
        return self.due_on < self.today

    @property
    def has_gone_up(self) -> bool:
        """Whether it speaks to somebody above those who answer."""
        return self.audience in ABOVE

    @property
    def is_at_the_top(self) -> bool:
        """Whether it speaks to the last who can be told."""
        return self.audience in (Audience.CHIEF_EXECUTIVE, Audience.EXECUTIVE_BOARD)

    @property
    def is_welcome(self) -> bool:
        """Whether it tells a new office holder what the body answers for; it asks for nothing."""
        return self.rung == "welcome"

    @property
    def is_unreachable(self) -> bool:
        """Whether it tells the coordinator that nobody could be warned."""
        return self.rung == UNREACHABLE.key

    @property
    def rests_on_silence(self) -> bool:
        """Whether the day is the municipality's default beside a text that states none."""
        return self.due_basis is DueBasis.DEFAULT and bool(self.quotes)

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
    """The office that reads: "ordförande, socialnämnden", and the language it reads in."""

    office: str
    body_name: str
    language: str = "sv"
    #: The vacant office that the reader stands in for: "ordförande, socialnämnden".
    instead_of: str | None = None

    @property
    def is_mailbox(self) -> bool:
        """Whether it is the mailbox of an office and not somebody who holds one."""
        return self.office.endswith("brevlåda")
