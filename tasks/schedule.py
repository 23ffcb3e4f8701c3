"""The whole schedule: pulses only. What is due on which day is the planner's answer, never a line in this table."""

from __future__ import annotations

from typing import Any

#: Every task that beat wakes, by its permanent name.
PULSES = (
    "lifecycle.goal_setting",
    "lifecycle.action_planning",
    "lifecycle.follow_up",
    "lifecycle.project_follow_up",
    "lifecycle.annual_report",
    "lifecycle.revision",
    "lifecycle.referral",
    "lifecycle.currency_review",
    "lifecycle.handover",
    "mail.compose",
    "mail.deliver",
    "mail.inbound",
    "webhook.deliver",
    "order.make",
)


def beat_schedule(pulse_seconds: int = 30) -> dict[str, dict[str, Any]]:
    """Return beat's table. A pulse that nobody took is worthless when the next one comes, so it expires before it."""
    return {
        name: {
            "task": name,
            "schedule": float(pulse_seconds),
            "options": {"expires": pulse_seconds * 25 / 30},
        }
        for name in PULSES
    }
