"""From a notice and its case to what a mail says about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from styrhjul.db.case_model import Notice
from styrhjul.db.compose_query import CaseText
from styrhjul.db.organisation_query import Organisation
from styrhjul.domain.answer import goal_bounds
from styrhjul.domain.facts import CaseFacts, NoticeStatus
from styrhjul.domain.ladder import goes_up
from styrhjul.domain.lifecycle import Holder, Lifecycle
from styrhjul.domain.practice import Practice
from styrhjul.domain.presence import warned_by
from styrhjul.domain.rung import Audience
from styrhjul.mail.context import Item
from styrhjul.mail.swedish import definite
from styrhjul.services.mailing.quote import quotes_of
from styrhjul.services.municipality.procedure import lifecycle_of, rung_told


def item_of(notice: Notice, text: CaseText, *, organisation: Organisation, url: str, today: date) -> Item:
    """Return the item; the days it goes up are those the planner will use."""
    case = text.case
    lifecycle = lifecycle_of(organisation, case.lifecycle, case.policy_id)
    rung = rung_told(lifecycle, notice.rung)
    posts = text.facts.posts
    titles = organisation.titles
    ups = _days_up(lifecycle, notice, text, organisation.practice, today)
    holders, head = posts[Audience.HOLDER], _head(lifecycle, posts)
    fewest, most = goal_bounds((duty.goal_min, duty.goal_max) for duty in text.duties)
    return Item(
        lifecycle=lifecycle.key,
        rung=rung.key,
        email=rung.email,
        case_ref=case.id[:8],
        body_name=_answering(text, titles[holders[0]] if holders else None),
        period=text.period_words,
        policy_title=text.source.title,
        url=url,
        opens_on=case.opens_on,
        due_on=case.due_on,
        meeting_on=case.meeting_on,
        agenda_on=case.agenda_on,
        decides_on=case.decides_on,
        due_source=case.due_source,
        due_basis=case.due_basis,
        is_binding=case.is_binding,
        state=case.state,
        audience=rung.to,
        height=lifecycle.height(rung.key),
        interval_unstated=bool(text.duties) and all(duty.recurrence is None for duty in text.duties),
        goal_min=fewest,
        goal_max=most,
        quotes=quotes_of(text.duties, text.source),
        head_on=ups.get(Audience.HEAD_OF_ADMINISTRATION) if head else None,
        head_title=titles[head[0]] if head else None,
        chief_executive_on=ups.get(Audience.CHIEF_EXECUTIVE) if posts[Audience.CHIEF_EXECUTIVE] else None,
        chief_executive_since=_with_the_chief_since(lifecycle, text),
        reminded_on=tuple(sorted({on for key, on in text.delivered if _is_reminder(lifecycle, key)})),
        warned_on=min((on for key, on in _told_holder(text) if key in lifecycle.warnings), default=None),
        other_recipients=tuple(titles[post] for post in posts[rung.to] if post != notice.post_id),
        document_owner=text.source.document_owner,
        last_stop=_last_stop(text),
        body_has_ended=_has_ended(text, organisation, today),
        today=today,
    )


def retold_to(item: Item, notice: Notice, text: CaseText, *, organisation: Organisation, url: str) -> Item:
    """Return what another reader is told of the same case on the same rung: with their own link, and the others."""
    others = tuple(organisation.titles[post] for post in text.facts.posts[item.audience] if post != notice.post_id)
    return replace(item, url=url, other_recipients=others)


def named_days(item: Item) -> list[str | None]:
    """Return the days that a mail about the item names, ISO, each in a place of its own; None for one it does not name.

    Its due day; while they are ahead the meeting, the papers' day and the decision's; the days it goes up from here.
    """
    ahead = item.meeting_on is not None and item.meeting_on >= item.today
    days = (
        item.due_on,
        item.meeting_on if ahead else None,
        item.papers_on,
        item.decides_on if ahead else None,
        None if item.has_gone_up else item.head_on,
        None if item.is_at_the_top else item.chief_executive_on,
    )
    return [day.isoformat() if day else None for day in days]


def _days_up(
    lifecycle: Lifecycle, notice: Notice, text: CaseText, practice: Practice, today: date
) -> dict[Audience, date]:
    """Return the days it goes up that a mail written on a day names; none where nothing binds.

    Counted from the warning, as the planner counts: from the one that left, or will, or this one. Whoever follows
    somebody who was warned is warned anew, so that it counts from their own.
    """
    facts = _with_this(text.facts, notice)
    warned: dict[str, date] = {}
    days: dict[Audience, date] = {}
    soonest = practice.next_ordinary(today)  # what should have gone up while everything stood still goes up now
    for rung in lifecycle.ladder if text.case.is_binding else ():
        if rung.after is not None:
            if rung.after not in warned:
                warned[rung.after] = warned_by(lifecycle.ladder, facts, rung.after, today)
            days[rung.to] = max(goes_up(rung, text.case.due_on, warned[rung.after], practice).on, soonest)
    return days


def _with_this(facts: CaseFacts, notice: Notice) -> CaseFacts:
    """A post that was vacant is read by somebody now, as there is a mail to write."""
    this = (notice.rung, notice.post_id, notice.due_on, NoticeStatus.VACANT)
    return replace(
        facts,
        notices=tuple(
            replace(each, status=NoticeStatus.MAILED)
            if (each.rung, each.post_id, each.due_on, each.status) == this
            else each
            for each in facts.notices
        ),
    )


def _told_holder(text: CaseText) -> list[tuple[str, date]]:
    """Return what has arrived since the case came to the post that holds it."""
    given = text.case.assigned_on
    return [(key, on) for key, on in text.delivered if given is None or on >= given]


def _with_the_chief_since(lifecycle: Lifecycle, text: CaseText) -> date | None:
    top = {rung.key for rung in lifecycle.ladder if rung.to is Audience.CHIEF_EXECUTIVE}
    return min((on for key, on in text.delivered if key in top), default=None)


def _head(lifecycle: Lifecycle, posts: Mapping[Audience, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the head's post, where the ladder has a step to it at all."""
    steps = {rung.to for rung in lifecycle.ladder}
    return posts[Audience.HEAD_OF_ADMINISTRATION] if Audience.HEAD_OF_ADMINISTRATION in steps else ()


def _answering(text: CaseText, holder_title: str | None) -> str:
    """Return who answers: the body, or the chief executive where the text names that office."""
    if text.case.holder is Holder.CHIEF_EXECUTIVE and holder_title:
        return definite(holder_title)
    return text.body_name


def _last_stop(text: CaseText) -> str | None:
    """Return who gets it last where that is not the chief executive, who cannot be reported to themselves."""
    return "kommunstyrelsen" if text.case.holder is Holder.CHIEF_EXECUTIVE else None


def _has_ended(text: CaseText, organisation: Organisation, today: date) -> bool:
    """Whether the body that owes the answer is no more; an office that owes it by itself outlives the body."""
    ended_on = organisation.by_id[text.case.body_id].dissolved_on
    return text.case.holder is Holder.BODY and ended_on is not None and ended_on <= today


def _is_reminder(lifecycle: Lifecycle, key: str) -> bool:
    if not lifecycle.has_rung(key):  # taken from the ladder since
        return False
    return lifecycle.rung(key).to is Audience.HOLDER and key not in lifecycle.warnings
