"""What a municipality lets anybody read: what it has promised, who was asked, what was decided, and how it went.

Bodies and documents only. No field here can hold who signed, who answers for a goal, or what was written to the office.
"""

from __future__ import annotations

from dataclasses import Field, dataclass, field
from datetime import date
from enum import StrEnum

from styrhjul.domain.answer import Attainment, Trend
from styrhjul.domain.vocabulary import ActionKind, LifecycleKey, Modality
from styrhjul.reports.popolo import Organization, Post

_SAID = "said"


@dataclass(frozen=True, slots=True)
class Said:
    """What open data says of a field beside its name and type.

    `points_at` names the table and column that a value is found in; `may_be_empty` is a text of no letters.
    """

    title: str
    description: str
    points_at: tuple[str, str] | None = None
    may_be_empty: bool = False


def told(
    title: str, description: str, *, points_at: tuple[str, str] | None = None, may_be_empty: bool = False
) -> dict[str, Said]:
    """Return a field's metadata: every field of a row below is a column, and has one."""
    return {_SAID: Said(title, description, points_at, may_be_empty)}


def said_of(field: Field[object]) -> Said:
    """Return what is said of a field. Raises KeyError for one that nobody has decided to publish."""
    said: Said = field.metadata[_SAID]
    return said


class RoundStanding(StrEnum):
    """How far a question to a body has come, as far as anybody may know."""

    ANSWERED = "answered"  # decided, or accepted: what was answered is public
    HANDED_IN = "handed_in"  # answered, and not decided or accepted yet: nothing of it is public
    AWAITED = "awaited"  # asked, and the day has not passed
    MISSING = "missing"  # the day has passed
    NO_ANSWER = "no_answer"  # the same, of what was only recommended or allowed
    WAIVED = "waived"  # somebody decided that it needs no answer


_POLICY = told("Styrdokument", "Dokumentets kortnamn.", points_at=("policies", "policy"))
_ROUND = told("Fråga", "Frågan som det är svar på.", points_at=("rounds", "round_id"))
_BODY = told("Organ", "Nämnden, styrelsen eller bolaget.")
_PERIOD = told("Period", "Året (2027), en del av ett (2027-H1, 2027-T2, 2027-Q3), eller periodens första dag.")
_DECIDED = told("Beslutat", "Dagen då organet beslutade.")
_PARAGRAPH = told("Paragraf", "Paragrafen i protokollet.")
_OWN_WORDS = "Texten är organets egen."


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPolicy:
    """A governing document in force. None = its text does not say."""

    policy: str = field(metadata=told("Kortnamn", "Dokumentets kortnamn i kommunen."))
    title: str = field(metadata=told("Titel", "Som den står i dokumentet."))
    adopted_by: str | None = field(metadata=told("Antaget av", "Organet som antog det; tomt där texten inte säger."))
    adopted_on: date | None = field(metadata=told("Antaget den", "Dagen det antogs; tomt där texten inte säger."))
    paragraph: str | None = field(metadata=told("Paragraf", "Paragrafen i beslutet; tom där texten inte säger."))
    diary_number: str | None = field(metadata=told("Diarienummer", "Ärendets nummer; tomt där texten inte säger."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A sentence of such a document that binds somebody, confirmed by a person."""

    promise_id: str = field(metadata=told("Id", "Samma så länge dokumentets lydelse gäller."))
    policy: str = field(metadata=_POLICY)
    quote: str = field(metadata=told("Lydelse", "Meningen ord för ord."))
    modality: Modality = field(
        metadata=told("Styrka", "must (ska), should (bör), may (kan) eller must_not (får inte).")
    )
    action_kind: ActionKind = field(
        metadata=told("Vad den begär", "set_goals, action_plan, follow_up, report, revise eller other_duty.")
    )
    recurrence: str | None = field(
        metadata=told("Hur ofta", "annual, mandate_period, every_n_years:N med flera; tomt: texten säger inte.")
    )
    deadline: str | None = field(
        metadata=told("När", "Dagen eller tiden så som texten säger den; tomt: texten säger inte.")
    )
    bodies: tuple[str, ...] = field(
        metadata=told("Vilka den gäller", "Organens namn; tomt där det är kommunens ledning.")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicRound:
    """One body asked about one thing. `outcome` is what was chosen, where there was a choice, once it is public."""

    round_id: str = field(metadata=told("Id", "En fråga till ett organ om en period; byts aldrig."))
    policy: str = field(metadata=_POLICY)
    promises: tuple[str, ...] = field(
        metadata=told(
            "Löften", "De löften som frågan vilar på, så som de lyder nu.", points_at=("promises", "promise_id")
        )
    )
    body: str = field(metadata=_BODY)
    lifecycle: LifecycleKey = field(
        metadata=told(
            "Slag", "goal_setting, follow_up, action_planning, project_follow_up, annual_report eller revision."
        )
    )
    name: str = field(metadata=told("Namn", "Som den kallas: ”Uppföljning 2027”."))
    period: str = field(metadata=_PERIOD)
    due_on: date = field(metadata=told("Sista dag", "Dagen då svaret skulle ha lämnats."))
    standing: RoundStanding = field(
        metadata=told(
            "Läge",
            "answered (svaret är offentligt), handed_in (lämnat, inte beslutat eller godkänt än), awaited (dagen har "
            "inte passerat), missing (svar saknas), no_answer (frivilligt, inget svar) eller waived (avslutat utan "
            "svar genom beslut).",
        )
    )
    decided_on: date | None = field(metadata=_DECIDED)
    paragraph: str | None = field(metadata=_PARAGRAPH)
    outcome: str | None = field(
        metadata=told("Val", "Vad som valdes: vid en revidering unchanged, revise eller repeal.")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicGoal:
    """A goal that a body has decided."""

    goal_id: str = field(metadata=told("Id", "Byts när organet beslutar om målet på nytt."))
    round_id: str = field(metadata=_ROUND)
    policy: str = field(metadata=_POLICY)
    body: str = field(metadata=_BODY)
    period: str = field(metadata=_PERIOD)
    goal: str = field(metadata=told("Mål", _OWN_WORDS))
    indicator: str = field(metadata=told("Mäts genom", _OWN_WORDS, may_be_empty=True))
    baseline: str = field(metadata=told("Utgångsläge", _OWN_WORDS, may_be_empty=True))
    target: str = field(metadata=told("Målvärde", _OWN_WORDS, may_be_empty=True))
    decided_on: date = field(metadata=_DECIDED)
    paragraph: str | None = field(metadata=_PARAGRAPH)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicAssessment:
    """How a goal went, or a period as a whole (`goal_id` None), by the body's own judgement."""

    assessment_id: str = field(metadata=told("Id", "Frågans id och målets, eller ”period” där hela perioden bedöms."))
    round_id: str = field(metadata=_ROUND)
    goal_id: str | None = field(metadata=told("Mål", "Målet som bedöms; tomt: perioden som helhet."))
    policy: str = field(metadata=_POLICY)
    body: str = field(metadata=_BODY)
    period: str = field(metadata=_PERIOD)
    goal: str = field(metadata=told("Målets text", "Som den lydde när det bedömdes.", may_be_empty=True))
    attainment: Attainment = field(metadata=told("Bedömning", "met, partly_met, not_met eller not_assessed."))
    result: str = field(metadata=told("Utfall", "Vad som mättes, med organets egna ord.", may_be_empty=True))
    trend: Trend | None = field(metadata=told("Trend", "rising, unchanged, falling eller missing; tomt: inte angiven."))
    analysis: str = field(metadata=told("Analys", _OWN_WORDS, may_be_empty=True))
    next_step: str = field(metadata=told("Nästa steg", _OWN_WORDS, may_be_empty=True))
    decided_on: date | None = field(metadata=_DECIDED)
    paragraph: str | None = field(metadata=_PARAGRAPH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """All of it, as on a day: policies in the order of the Swedish alphabet, promises in that of the text."""

    municipality: str
    slug: str
    made_on: date
    policies: tuple[PublicPolicy, ...]
    promises: tuple[Promise, ...]
    rounds: tuple[PublicRound, ...]
    goals: tuple[PublicGoal, ...]
    assessments: tuple[PublicAssessment, ...]
    #: In Popolo's shape; nobody's name is among them.
    organizations: tuple[Organization, ...] = ()
    posts: tuple[Post, ...] = ()
