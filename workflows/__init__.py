"""What must happen: one declaration a file. This page lists them; their keys are permanent."""

from __future__ import annotations

from styrhjul.domain.lifecycle import Lifecycle
from workflows.follow_up import FOLLOW_UP
from workflows.goal_setting import GOAL_SETTING
from workflows.revision import REVISION

LIFECYCLES: dict[str, Lifecycle] = {lifecycle.key: lifecycle for lifecycle in (GOAL_SETTING, FOLLOW_UP, REVISION)}
