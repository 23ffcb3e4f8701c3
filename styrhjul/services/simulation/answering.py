"""How a complete answer to any question is made, and how a reader finds the link in the mail they got."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TypeVar

from styrhjul.domain.answer import (
    Answer,
    Attainment,
    Compilation,
    Currency,
    CurrencyAnswer,
    FollowUpAnswer,
    GoalsAnswer,
    GoalText,
    Handover,
    HandoverAnswer,
    Judgement,
    Opinion,
    Outcome,
    Planning,
    PlansAnswer,
    PlanText,
    Projects,
    ProjectsAnswer,
    ProjectText,
    ReferralAnswer,
    ReportAnswer,
    RevisionAnswer,
)
from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.services.answering.answer import Question
from styrhjul.services.mailing.link import token_hash
from styrhjul.services.simulation.chance import Chance

T = TypeVar("T", GoalsAnswer, FollowUpAnswer)
_TOKEN = re.compile(rb"/a/([A-Za-z0-9_-]{43})")


def token_in(raw: bytes, token_sha256: str) -> str | None:
    """Return the token in a mail that has this hash."""
    for found in _TOKEN.findall(raw.replace(b"=\r\n", b"")):
        token: str = found.decode()
        if token_hash(token) == token_sha256:
            return token
    return None


def answer_to(question: Question, chance: Chance, name: str) -> Answer:
    """Return a complete answer, the same for the same draw."""
    draft = _Draft(question, chance, name)
    match question.asked:
        case LifecycleKey.GOAL_SETTING:
            return draft.goals()
        case LifecycleKey.FOLLOW_UP:
            return draft.follow_up()
        case LifecycleKey.ACTION_PLANNING:
            return draft.plans()
        case LifecycleKey.PROJECT_FOLLOW_UP:
            return draft.projects()
        case LifecycleKey.REVISION:
            return draft.revision()
        case _:
            return draft.choice()


_SIGNED = "Alva Ek"
_SAID = "Det gick som vi tänkt."


@dataclass(frozen=True, slots=True)
class _Draft:
    """What somebody writes into one form."""

    question: Question
    chance: Chance
    name: str

    def happens(self, probability: float, what: str) -> bool:
        return self.chance.happens(probability, what, self.name)

    def goals(self) -> GoalsAnswer:
        number = max(1, self.question.demand.goal_min)
        goals = tuple(GoalText(text=f"Mål {n} för {self.question.case.period}.") for n in range(1, number + 1))
        return self._decided(GoalsAnswer(goals=goals, signed_by=_SIGNED))

    def follow_up(self) -> FollowUpAnswer:
        judgements = tuple(
            Judgement(goal_id=goal_id, attainment=Attainment.MET, analysis=_SAID)
            for goal_id in self.question.demand.goal_ids or (None,)
        )
        return self._decided(FollowUpAnswer(judgements=judgements, signed_by=_SIGNED))

    def plans(self) -> PlansAnswer:
        demand = self.question.demand
        if demand.may_decline and not demand.plan_ids and self.happens(0.5, "no plan"):
            return PlansAnswer(outcome=Planning.NO_PLAN, comment=_SAID, signed_by=_SIGNED)
        known = tuple(
            PlanText(title="Plan", responsible="Förvaltningschef", known_id=plan_id, holds=True)
            for plan_id in demand.plan_ids
        )
        new = PlanText(title="Handlingsplan", decided_on=self.question.today, responsible="Förvaltningschef")
        return PlansAnswer(outcome=Planning.PLANS, plans=known or (new,), signed_by=_SIGNED)

    def projects(self) -> ProjectsAnswer:
        if self.happens(0.5, "no project"):
            return ProjectsAnswer(outcome=Projects.NO_PROJECTS, comment=_SAID, signed_by=_SIGNED)
        project = ProjectText(title="Projekt", responsible="Samordnare", attainment=Attainment.MET, analysis=_SAID)
        return ProjectsAnswer(outcome=Projects.PROJECTS, projects=(project,), signed_by=_SIGNED)

    def revision(self) -> RevisionAnswer:
        demand, today = self.question.demand, self.question.today
        outcome = self.chance.pick(
            [Outcome.UNCHANGED, Outcome.REVISE, Outcome.REVISE, Outcome.REPEAL], "outcome", self.name
        )
        if outcome is Outcome.REVISE and (demand.may_begin or not demand.editions):
            return RevisionAnswer(outcome=outcome, comment=_SAID, signed_by=_SIGNED)
        decider = demand.adopter or max(demand.deciders, key=lambda each: each.rank)
        replaces = demand.editions[0] if outcome is Outcome.REVISE else None
        return RevisionAnswer(
            outcome=outcome,
            comment=_SAID,
            decided_by=decider.key,
            replaces=replaces,
            signed_by=_SIGNED,
            decided_on=today,
        )

    def choice(self) -> ReportAnswer | ReferralAnswer | CurrencyAnswer | HandoverAnswer:
        match self.question.asked:
            case LifecycleKey.ANNUAL_REPORT:
                today = self.question.today
                return ReportAnswer(outcome=Compilation.HANDED_OVER, decided_on=today, signed_by=_SIGNED)
            case LifecycleKey.REFERRAL:
                return ReferralAnswer(outcome=Opinion.SUPPORTS, comment=_SAID, signed_by=_SIGNED)
            case LifecycleKey.CURRENCY_REVIEW:
                return CurrencyAnswer(outcome=Currency.CURRENT, signed_by=_SIGNED)
            case _:
                return HandoverAnswer(outcome=Handover.CONFIRMED, signed_by=_SIGNED)

    def _decided(self, answer: T) -> T:
        """Day and § of the decision, as far as they are known today."""
        if not self.happens(0.7, "decided"):
            return answer
        paragraph = str(self.chance.between(1, 140, "paragraph", self.name)) if self.happens(0.6, "§ known") else None
        return replace(answer, decided_on=self.question.today, paragraph=paragraph)
