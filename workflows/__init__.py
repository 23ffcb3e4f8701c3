"""What must happen: one declaration a file. This page lists them; their keys are permanent."""

from __future__ import annotations

from styrhjul.domain.lifecycle import Lifecycle
from workflows.action_planning import ACTION_PLANNING
from workflows.annual_report import ANNUAL_REPORT
from workflows.currency_review import CURRENCY_REVIEW
from workflows.follow_up import FOLLOW_UP
from workflows.goal_setting import GOAL_SETTING
from workflows.handover import HANDOVER
from workflows.project_follow_up import PROJECT_FOLLOW_UP
from workflows.referral import REFERRAL
from workflows.revision import REVISION

LIFECYCLES: dict[str, Lifecycle] = {
    lifecycle.key: lifecycle
    for lifecycle in (
        GOAL_SETTING,
        ACTION_PLANNING,
        FOLLOW_UP,
        PROJECT_FOLLOW_UP,
        ANNUAL_REPORT,
        REVISION,
        REFERRAL,
        CURRENCY_REVIEW,
        HANDOVER,
    )
}
