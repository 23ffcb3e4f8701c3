"""What a program sends: an answer of the kind that its case asks for. Nothing unknown is taken, nothing is guessed."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

from styrhjul.domain import answer as domain
from styrhjul.domain.answer import (
    Attainment,
    Better,
    Compilation,
    Currency,
    Handover,
    Opinion,
    Outcome,
    Planning,
    Projects,
    Trend,
)
from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.domain.written import LONG, SHORT, paragraph_number, tidy
from styrhjul.web.api.paging import Day
from styrhjul.web.api.shape import Id

Line = Annotated[str, Field(max_length=SHORT)]
Text = Annotated[str, Field(max_length=LONG)]


class Sent(BaseModel):
    """Refuses what it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class GoalSent(Sent):
    """A goal as it was decided."""

    text: Text
    indicator: Line = ""
    better: Annotated[Better | None, Field(description="Which way the indicator should go.")] = None
    baseline: Line = ""
    target: Line = ""
    responsible: Line = ""

    def meant(self) -> domain.GoalText:
        """Return it as the core knows it."""
        return domain.GoalText(
            text=tidy(self.text),
            indicator=tidy(self.indicator),
            better=self.better,
            baseline=tidy(self.baseline),
            target=tidy(self.target),
            responsible=tidy(self.responsible),
        )


class JudgementSent(Sent):
    """How it went, for one goal or, with `goal_id` null, for the whole."""

    goal_id: Annotated[
        Id | None, Field(description="As `goals` of the question has it, and in that order; left out for the whole.")
    ] = None
    attainment: Attainment
    analysis: Text
    next_step: Text = ""
    result: Line = ""
    trend: Trend | None = None

    def meant(self) -> domain.Judgement:
        """Return it as the core knows it."""
        return domain.Judgement(
            goal_id=self.goal_id,
            attainment=self.attainment,
            analysis=tidy(self.analysis),
            next_step=tidy(self.next_step),
            result=tidy(self.result),
            trend=self.trend,
        )


class PlanSent(Sent):
    """An action plan, new or known."""

    title: Line
    decided_on: Day | None = None
    responsible: Line = ""
    known_id: Annotated[Id | None, Field(description="As `plans` of the question has it; null = a new one.")] = None
    holds: Annotated[StrictBool | None, Field(description="Of a known one: whether it still does.")] = None

    def meant(self) -> domain.PlanText:
        """Return it as the core knows it."""
        return domain.PlanText(
            title=tidy(self.title),
            decided_on=self.decided_on,
            responsible=tidy(self.responsible),
            known_id=self.known_id,
            holds=self.holds,
        )


class ProjectSent(Sent):
    """A project or activity, and how it went."""

    title: Line
    responsible: Line = ""
    attainment: Attainment | None = None
    analysis: Text = ""

    def meant(self) -> domain.ProjectText:
        """Return it as the core knows it."""
        return domain.ProjectText(
            title=tidy(self.title),
            responsible=tidy(self.responsible),
            attainment=self.attainment,
            analysis=tidy(self.analysis),
        )


class Signed(Sent):
    """What every answer has."""

    answer_version: Annotated[
        StrictInt, Field(ge=0, le=10_000, description="The case's, as it was read; 0 = none yet.")
    ]
    signed_by: Annotated[Line, Field(description="The name of whoever stands behind it.", examples=["Karin Alm"])]
    decided_on: Annotated[Day | None, Field(description="The day the organization decided.")] = None
    paragraph: Annotated[Line | None, Field(description="Of the minutes.", examples=["82"])] = None
    post_id: Annotated[
        Id | None, Field(description="The post it is handed in for; null = the secretary's, or whoever answers.")
    ] = None

    def signature(self) -> dict[str, Any]:
        """What the core knows of it."""
        paragraph = paragraph_number(self.paragraph or "")
        return {"signed_by": tidy(self.signed_by), "decided_on": self.decided_on, "paragraph": paragraph}


class GoalsSent(Signed):
    """The goals an organization has decided, in order."""

    kind: Literal[LifecycleKey.GOAL_SETTING]
    goals: Annotated[list[GoalSent], Field(max_length=domain.MOST_GOALS)]

    def meant(self) -> domain.Answer:
        """Return it as the core knows it."""
        return domain.GoalsAnswer(goals=tuple(goal.meant() for goal in self.goals), **self.signature())


class FollowUpSent(Signed):
    """How a period went, by the organization's own judgement."""

    kind: Literal[LifecycleKey.FOLLOW_UP]
    judgements: Annotated[list[JudgementSent], Field(max_length=domain.MOST_GOALS)]

    def meant(self) -> domain.Answer:
        """Return it as the core knows it."""
        return domain.FollowUpAnswer(judgements=tuple(each.meant() for each in self.judgements), **self.signature())


class PlansSent(Signed):
    """The action plans there are, or that there is none."""

    kind: Literal[LifecycleKey.ACTION_PLANNING]
    outcome: Planning
    plans: Annotated[list[PlanSent], Field(max_length=domain.MOST_PLANS)] = []
    comment: Text = ""

    def meant(self) -> domain.Answer:
        """Return it as the core knows it."""
        plans = tuple(plan.meant() for plan in self.plans)
        return domain.PlansAnswer(outcome=self.outcome, plans=plans, comment=tidy(self.comment), **self.signature())


class ProjectsSent(Signed):
    """The year's projects, or that there were none and why."""

    kind: Literal[LifecycleKey.PROJECT_FOLLOW_UP]
    outcome: Projects
    projects: Annotated[list[ProjectSent], Field(max_length=domain.MOST_PROJECTS)] = []
    comment: Text = ""

    def meant(self) -> domain.Answer:
        """Return it as the core knows it."""
        projects = tuple(project.meant() for project in self.projects)
        comment = tidy(self.comment)
        return domain.ProjectsAnswer(outcome=self.outcome, projects=projects, comment=comment, **self.signature())


class RevisionSent(Signed):
    """What becomes of the document."""

    kind: Literal[LifecycleKey.REVISION]
    outcome: Outcome
    comment: Text = ""
    decided_by: Annotated[Line | None, Field(description="A key among `deciders` of the question.")] = None
    diary_number: Annotated[Line | None, Field(examples=["KS 2027/123"])] = None
    replaces: Annotated[Text | None, Field(description="One of `editions` of the question.")] = None

    def meant(self) -> domain.Answer:
        """Return it as the core knows it."""
        return domain.RevisionAnswer(
            outcome=self.outcome,
            comment=tidy(self.comment),
            decided_by=self.decided_by or None,
            diary_number=tidy(self.diary_number or "") or None,
            replaces=self.replaces or None,
            **self.signature(),
        )


class ReportSent(Signed):
    """How far the section of the annual report has come."""

    kind: Literal[LifecycleKey.ANNUAL_REPORT]
    outcome: Compilation
    comment: Text = ""

    def meant(self) -> domain.Answer:
        """Return it as the core knows it."""
        return domain.ReportAnswer(outcome=self.outcome, comment=tidy(self.comment), **self.signature())


class ReferralSent(Signed):
    """What an organization thinks of a draft."""

    kind: Literal[LifecycleKey.REFERRAL]
    outcome: Opinion
    comment: Text = ""

    def meant(self) -> domain.Answer:
        """Return it as the core knows it."""
        return domain.ReferralAnswer(outcome=self.outcome, comment=tidy(self.comment), **self.signature())


class CurrencySent(Signed):
    """Whether the document still holds."""

    kind: Literal[LifecycleKey.CURRENCY_REVIEW]
    outcome: Currency
    comment: Text = ""

    def meant(self) -> domain.Answer:
        """Return it as the core knows it."""
        return domain.CurrencyAnswer(outcome=self.outcome, comment=tidy(self.comment), **self.signature())


class HandoverSent(Signed):
    """That the list of who holds the offices is right."""

    kind: Literal[LifecycleKey.HANDOVER]
    outcome: Handover
    comment: Text = ""

    def meant(self) -> domain.Answer:
        """Return it as the core knows it."""
        return domain.HandoverAnswer(outcome=self.outcome, comment=tidy(self.comment), **self.signature())


AnswerSent = Annotated[
    GoalsSent
    | FollowUpSent
    | PlansSent
    | ProjectsSent
    | RevisionSent
    | ReportSent
    | ReferralSent
    | CurrencySent
    | HandoverSent,
    Field(discriminator="kind"),
]
