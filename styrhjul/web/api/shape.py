"""What the API gives: one model for each thing, its fields named as in Popolo where Popolo has a name for them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, computed_field

from styrhjul.db.model import DutyStatus
from styrhjul.domain.act import Act
from styrhjul.domain.answer import Attainment, Better, Trend, stands
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.lifecycle import Holder, State
from styrhjul.domain.office import PostRole
from styrhjul.domain.vocabulary import ActionKind, BodyKind, Confidence, DueBasis, LifecycleKey, Modality

Item = TypeVar("Item")
Id = Annotated[str, Field(pattern="^[0-9a-f]{32}$", examples=["0123456789abcdef0123456789abcdef"])]

#: As municipalities write them: no control character, which PostgreSQL would not take.
Key = Annotated[str, Field(pattern=r"^[^\x00-\x1f]{1,200}$", examples=["socialnamnden"])]


class Told(BaseModel):
    """Made of a row, or of a fact, by the names of its columns; what has no field here is not told."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class Listed(Told, Generic[Item]):
    """A page; `next` is the cursor of the page after it, null on the last."""

    items: list[Item]
    next: str | None


class Municipality(Told):
    """The municipality that the key belongs to."""

    id: Id
    slug: Annotated[str, Field(description="Its short name in addresses.", examples=["herrljunga"])]
    name: Annotated[str, Field(examples=["Herrljunga kommun"])]
    starts_on: Annotated[date, Field(description="The first day that is followed.")]
    chief_executive_title: Annotated[str, Field(examples=["kommunchef"])]
    released_at: Annotated[datetime | None, Field(description="When its mails began to leave; null = not yet.")]
    register_version: Annotated[str, Field(description="New whenever anything of the register changes.")]


class Organization(Told):
    """A body: council, board, committee, administration, company (Popolo Organization)."""

    id: Id
    key: Annotated[str, Field(description="As in imports; `body` of a webhook.", examples=["socialnamnden"])]
    name: Annotated[str, Field(examples=["Socialnämnden"])]
    classification: BodyKind
    parent_id: Annotated[Id, Field(description="The committee that answers for it, else the municipality.")]
    bound_by: Annotated[str | None, Field(description="Of a company: the decision that binds it.")]
    dissolution_date: date | None


class Post(Told):
    """A post; it stays when its holder goes (Popolo Post)."""

    id: Id
    label: Annotated[str, Field(examples=["Ordförande"])]
    role: PostRole
    organization_id: Id
    end_date: date | None


class Person(Told):
    """Somebody who holds, or has held, a post (Popolo Person)."""

    id: Id
    key: Annotated[str, Field(description="As in imports.")]
    name: str
    email: Annotated[str | None, Field(description="The address at work.")]
    language: Annotated[str, Field(examples=["sv"])]


class Membership(Told):
    """A person in a post, both days included (Popolo Membership)."""

    id: Id
    person_id: Id
    post_id: Id
    organization_id: Id
    role: PostRole
    label: str
    start_date: date
    end_date: Annotated[date | None, Field(description="null = until further notice.")]


class Meeting(Told):
    """A day on which an organization can decide (Popolo Event)."""

    id: Id
    organization_id: Id
    start_date: date


class Edition(Told):
    """A text of a policy, and what it states about itself; null = the text does not state it."""

    id: Id
    policy_id: Id
    sha256: str
    municipality_name: str | None
    adopted_by: str | None
    adopted_on: date | None
    first_adopted: str | None
    paragraph: str | None
    diary_number: str | None
    version: str | None
    valid_from: date | None
    valid_until: date | None
    last_revised_on: date | None
    document_owner: str | None
    replaces: str | None
    imported_at: datetime
    superseded_on: Annotated[date | None, Field(description="null = the one that is followed.")]


class EditionText(Edition):
    """An edition with its text, word for word; a duty's `quote` is `text[start:end]` in Unicode code points."""

    text: str


class Policy(Told):
    """A governing document through all its editions."""

    id: Id
    key: Annotated[str, Field(description="`policy` of a webhook and of open data.", examples=["integration"])]
    title: Annotated[str, Field(examples=["Integrationspolicy"])]
    document_type: str | None
    adopted_by_id: Annotated[Id, Field(description="The organization whose term of office starts a revision.")]
    owner_post_id: Id | None
    starts_on: date
    released_at: datetime | None
    repealed_on: date | None
    edition_id: Annotated[Id | None, Field(description="The text that is followed.")]


class PolicyWhole(Policy):
    """A policy with all its editions, the text left out."""

    editions: list[Edition]


class Duty(Told):
    """What a sentence of an edition binds somebody to."""

    id: Id
    policy_id: Id
    edition_id: Id
    quote: str
    start: int
    end: int
    actor: str | None
    modality: Modality
    action_kind: ActionKind
    artefact: str | None
    recurrence: Annotated[str | None, Field(description="null = not stated.")]
    deadline: str | None
    goal_min: int | None
    goal_max: int | None
    condition: str | None
    addressees: list[str]
    confidence: Confidence
    status: Annotated[DutyStatus, Field(description="Whether a person stands behind it.")]
    confirmed_by: str | None
    confirmed_at: datetime | None
    holder: Holder
    lifecycle: Annotated[str | None, Field(description="What follows it; null = it is never asked about.")]
    organization_ids: Annotated[list[Id], Field(description="Whom it binds.")]


class Case(Told):
    """One policy, lifecycle, organization and period."""

    id: Id
    policy_id: Annotated[Id | None, Field(description="null where the law asks and no policy does.")]
    lifecycle: LifecycleKey
    organization_id: Id
    period: Annotated[str, Field(examples=["2027"])]
    holder: Holder
    state: State
    opens_on: date
    due_on: date
    meeting_on: date | None
    agenda_on: date | None
    decides_on: date | None
    limit_on: date | None
    lapses_on: date
    closed_on: date | None
    due_source: Annotated[str, Field(description="Where the due day comes from, in Swedish.")]
    due_basis: DueBasis
    is_binding: Annotated[bool, Field(description="false for bör and kan: reminded, never reported.")]
    assigned_post_id: Id | None
    answer_version: Annotated[int, Field(description="Of the last answer; 0 = none. Send it when you answer.")]

    @computed_field(description="Whether that answer stands: false once it was sent back.")  # type: ignore[prop-decorator]
    @property
    def is_answered(self) -> bool:
        """Whether that answer stands."""
        return stands(self.state, has_answer=self.answer_version > 0)


class Goal(Told):
    """A goal that was decided."""

    id: Annotated[Id, Field(validation_alias="goal_id")]
    text: str
    indicator: str
    better: Better | None
    baseline: str
    target: str
    responsible: str


class Judgement(Told):
    """How it went: for one goal, or for the whole where `goal_id` is null."""

    goal_id: Id | None
    goal: str | None
    attainment: Attainment
    result: str
    trend: Trend | None
    analysis: str
    next_step: str


class Plan(Told):
    """An action plan."""

    id: Annotated[Id, Field(validation_alias="plan_id")]
    title: str
    decided_on: date | None
    responsible: str
    registered_on: date


class Project(Told):
    """A project, and how it went."""

    title: str
    responsible: str
    attainment: Attainment
    analysis: str


class Attachment(Told):
    """A file that was handed in; its bytes are read on the case's page."""

    id: Annotated[Id, Field(validation_alias="attachment_id")]
    name: str
    media_type: str
    size_bytes: int
    sha256: str


class Answer(Told):
    """One version of an answer, whole."""

    id: Annotated[Id, Field(validation_alias="answer_id")]
    case_id: Id
    version: int
    post_id: Id
    submitted_at: datetime
    signed_by: str
    outcome: str | None
    comment: str | None
    decided_on: date | None
    paragraph: str | None
    decided_by: str | None
    diary_number: str | None
    replaces: str | None
    goals: list[Goal]
    judgements: list[Judgement]
    plans: list[Plan]
    projects: list[Project]
    attachments: list[Attachment]


class Notice(Told):
    """One thing that one post is told about one case: a row of the ledger."""

    id: Id
    case_id: Id
    post_id: Id
    rung: Annotated[str, Field(examples=["warning"])]
    turn: int
    due_on: date
    status: NoticeStatus
    planned_on: date
    deferred_from: date | None
    not_before_at: datetime
    delivered_on: date | None
    reason: str | None


class Decision(Told):
    """What a person has decided about a case; `case.decided` of a webhook says the same word."""

    number: Annotated[int, Field(description="Of its first line in the journal.")]
    at: datetime
    by: str
    what: Annotated[Act, Field(validation_alias="act")]
    reason: str
    until: Annotated[date | None, Field(description="The day that it sets for the answer.")]
    to: list[str]


class CaseWhole(Case):
    """A case with everything that has been said in it, oldest first."""

    duty_ids: list[Id]
    answers: list[Answer]
    notices: list[Notice]
    decisions: list[Decision]


class JournalEntry(Told):
    """A line of the journal; `seal` is the SHA-256 of it and of the seal before."""

    number: int
    at: datetime
    kind: Annotated[str, Field(examples=["case_opened"])]
    by: str
    case_id: Id | None
    data: dict[str, Any]
    seal: str
