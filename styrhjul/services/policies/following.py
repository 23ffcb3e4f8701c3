"""Which lifecycle follows a duty: read from its own words, and shown to the person who confirms it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from styrhjul.documents import ONLY_EXISTING_PLANS, FoundDuty
from styrhjul.domain.deadline import deadline_rule
from styrhjul.domain.recurrence import RecurrenceKind, parse_recurrence
from styrhjul.domain.vocabulary import ActionKind, LifecycleKey
from workflows import LIFECYCLES

_CURRENCY = re.compile(r"aktualitets(pröv|förklar)", re.IGNORECASE)
#: Projects are what is followed up, not what it is paid with: no "projektmedel", "projektledare".
_PROJECTS = re.compile(r"\b(?:integrations|utvecklings)?projekt(?:en|et|ens|ets)?\b", re.IGNORECASE)
_ANNUAL_REPORT = re.compile(r"årsredovisning", re.IGNORECASE)
_GIVES_WAY_TO = {
    ActionKind.FOLLOW_UP: LifecycleKey.FOLLOW_UP,
    ActionKind.REPORT: LifecycleKey.FOLLOW_UP,
    ActionKind.REVISE: LifecycleKey.REVISION,
}
_UNKNOWN_TIME = (
    "Texten anger en tid som Styrhjul inte kan följa, så inget ärende öppnar. Välj en tid som går att följa."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """The key of the lifecycle, None for a duty that is shown and never asked about. `of_plans`: of those that exist.

    `unfit` tells in Swedish why nothing follows a duty that something should. `is_timed`: the text does say when, in a
    way that no lifecycle knows, so a person has to choose.
    """

    lifecycle: LifecycleKey | None
    of_plans: bool = False
    unfit: str | None = None
    is_timed: bool = False


def following(duty: FoundDuty) -> Following:
    """Return what follows a duty. What is to stand in the annual report, and names nobody, is compiled centrally.

    A lifecycle that does not know the interval of the text gives way: a report to plain follow-up, which knows the
    most, and a review of the document to its revision. Where that does not either, nothing follows the duty, and it
    says so.
    """
    of_plans = duty.condition == ONLY_EXISTING_PLANS
    chosen = _chosen(duty)
    if chosen is None or _knows(chosen, duty):
        return Following(lifecycle=chosen, of_plans=of_plans and chosen is not None)
    instead = _GIVES_WAY_TO.get(duty.action_kind)
    if instead is not None and _knows(instead, duty):
        return Following(lifecycle=instead, of_plans=of_plans)
    if _says_when(duty):
        return Following(lifecycle=None, unfit=_UNKNOWN_TIME, is_timed=True)
    return Following(lifecycle=None, unfit="Texten anger ingen tid som Styrhjul kan följa, så inget ärende öppnar.")


def _chosen(duty: FoundDuty) -> LifecycleKey | None:
    match duty.action_kind:
        case ActionKind.SET_GOALS:
            return LifecycleKey.GOAL_SETTING
        case ActionKind.ACTION_PLAN:
            return LifecycleKey.ACTION_PLANNING
        case ActionKind.REVISE:
            return LifecycleKey.CURRENCY_REVIEW if _CURRENCY.search(duty.quote) else LifecycleKey.REVISION
        case ActionKind.FOLLOW_UP | ActionKind.REPORT:
            return _followed_up(duty)
        case ActionKind.OTHER_DUTY:
            return None


def _followed_up(duty: FoundDuty) -> LifecycleKey:
    if duty.condition == ONLY_EXISTING_PLANS:
        return LifecycleKey.FOLLOW_UP
    into_the_report = _ANNUAL_REPORT.search(duty.artefact or "") and not duty.actor
    if duty.action_kind is ActionKind.REPORT and into_the_report:
        return LifecycleKey.ANNUAL_REPORT
    if duty.action_kind is ActionKind.FOLLOW_UP and _PROJECTS.search(duty.quote):
        return LifecycleKey.PROJECT_FOLLOW_UP
    return LifecycleKey.FOLLOW_UP


def _says_when(duty: FoundDuty) -> bool:
    recurrence = parse_recurrence(duty.recurrence)
    return duty.deadline is not None or (recurrence is not None and recurrence.kind is not RecurrenceKind.AS_NEEDED)


def _knows(lifecycle: LifecycleKey, duty: FoundDuty) -> bool:
    recurrence = parse_recurrence(duty.recurrence)
    kind = recurrence.kind if recurrence else None
    if kind is RecurrenceKind.ONCE and not isinstance(deadline_rule(duty.deadline or ""), date):
        return False  # once, but on no day that the text names
    return kind in LIFECYCLES[lifecycle].rounds
