"""The mails about one matter: one class a key, in the order of the lifecycles and of their rungs."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self

from styrhjul.mail import sample
from styrhjul.mail.item import Item, Recipient, Sender


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailContext:
    """What every mail knows. `key` names the template pair and is permanent."""

    key: ClassVar[str]
    recipient: Recipient
    sender: Sender

    def values(self) -> dict[str, Any]:
        """Return the fields by name, as the templates see them."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def sample(cls) -> Self:
        """Return a realistic one, for previews and golden texts."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class OneMatter(EmailContext):
    """One case, as one rung tells of it."""

    item: Item

    @classmethod
    def sample(cls) -> Self:
        """Return the case as this rung would tell of it."""
        item = sample.item(cls.key)
        return cls(item=item, recipient=sample.recipient(item), sender=sample.SENDER)


class GoalsOpened(OneMatter):
    key = "goals_opened"


class GoalsReminder(OneMatter):
    key = "goals_reminder"


class GoalsLastReminder(OneMatter):
    key = "goals_last_reminder"


class GoalsWarning(OneMatter):
    key = "goals_warning"


class GoalsOverdue(OneMatter):
    key = "goals_overdue"


class GoalsEscalation(OneMatter):
    key = "goals_escalation"


class ActionPlanOpened(OneMatter):
    key = "action_plan_opened"


class ActionPlanReminder(OneMatter):
    key = "action_plan_reminder"


class ActionPlanLastReminder(OneMatter):
    key = "action_plan_last_reminder"


class ActionPlanWarning(OneMatter):
    key = "action_plan_warning"


class ActionPlanOverdue(OneMatter):
    key = "action_plan_overdue"


class ActionPlanEscalation(OneMatter):
    key = "action_plan_escalation"


class FollowUpOpened(OneMatter):
    key = "follow_up_opened"


class FollowUpReminder(OneMatter):
    key = "follow_up_reminder"


class FollowUpLastReminder(OneMatter):
    key = "follow_up_last_reminder"


class FollowUpWarning(OneMatter):
    key = "follow_up_warning"


class FollowUpOverdue(OneMatter):
    key = "follow_up_overdue"


class FollowUpEscalation(OneMatter):
    key = "follow_up_escalation"


class ProjectsOpened(OneMatter):
    key = "projects_opened"


class ProjectsReminder(OneMatter):
    key = "projects_reminder"


class ProjectsWarning(OneMatter):
    key = "projects_warning"


class ProjectsEscalation(OneMatter):
    key = "projects_escalation"


class AnnualReportOpened(OneMatter):
    key = "annual_report_opened"


class AnnualReportReminder(OneMatter):
    key = "annual_report_reminder"


class AnnualReportWarning(OneMatter):
    key = "annual_report_warning"


class AnnualReportEscalation(OneMatter):
    key = "annual_report_escalation"


class RevisionOpened(OneMatter):
    key = "revision_opened"


class RevisionReminder(OneMatter):
    key = "revision_reminder"


class RevisionLastReminder(OneMatter):
    key = "revision_last_reminder"


class RevisionWarning(OneMatter):
    key = "revision_warning"


class RevisionOverdue(OneMatter):
    key = "revision_overdue"


class RevisionEscalation(OneMatter):
    key = "revision_escalation"


class ReferralOpened(OneMatter):
    key = "referral_opened"


class ReferralReminder(OneMatter):
    key = "referral_reminder"


class ReferralLastReminder(OneMatter):
    key = "referral_last_reminder"


class ReferralWarning(OneMatter):
    key = "referral_warning"


class ReferralOverdue(OneMatter):
    key = "referral_overdue"


class ReferralEscalation(OneMatter):
    key = "referral_escalation"


class CurrencyReviewOpened(OneMatter):
    key = "currency_review_opened"


class CurrencyReviewReminder(OneMatter):
    key = "currency_review_reminder"


class CurrencyReviewWarning(OneMatter):
    key = "currency_review_warning"


class CurrencyReviewEscalation(OneMatter):
    key = "currency_review_escalation"


class HandoverOpened(OneMatter):
    key = "handover_opened"


class HandoverWelcome(OneMatter):
    key = "handover_welcome"


class HandoverReminder(OneMatter):
    key = "handover_reminder"


class HandoverWarning(OneMatter):
    key = "handover_warning"


class HandoverEscalation(OneMatter):
    key = "handover_escalation"


class Unreachable(OneMatter):
    key = "unreachable"


OF_ONE: dict[str, type[OneMatter]] = {context.key: context for context in OneMatter.__subclasses__()}
