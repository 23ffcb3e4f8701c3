"""From a notice and its case to what a mail says about it."""

from __future__ import annotations

from datetime import date

from styrhjul.db.case_model import Notice
from styrhjul.db.compose_query import CaseText
from styrhjul.db.facts_query import Organisation, case_facts
from styrhjul.db.model import Duty, Edition
from styrhjul.domain.answer import goal_bounds
from styrhjul.domain.calendar import add_working_days
from styrhjul.domain.ladder import goes_up
from styrhjul.domain.lifecycle import Audience, Holder, Lifecycle, State
from styrhjul.domain.term import term_of
from styrhjul.mail.context import Item, Quote
from styrhjul.mail.swedish import definite
from workflows import LIFECYCLES


def item_of(notice: Notice, text: CaseText, *, organisation: Organisation, url: str, today: date) -> Item:
    """Return the item; the days it goes up are those the planner will use."""
    case, lifecycle = text.case, LIFECYCLES[text.case.lifecycle]
    rung = lifecycle.rung(notice.rung)
    posts = case_facts(case, organisation, text.policy.owner_post_id).posts
    titles = {post.post_id: post.title for post in organisation.posts}
    ups = _goes_up(lifecycle, notice, text, today)
    holders, head = posts[Audience.HOLDER], posts[Audience.HEAD_OF_ADMINISTRATION]
    fewest, most = goal_bounds((duty.goal_min, duty.goal_max) for duty in text.duties)
    return Item(
        lifecycle=lifecycle.key,
        rung=rung.key,
        email=rung.email,
        case_ref=case.id[:8],
        body_name=_answering(text, titles[holders[0]] if holders else None),
        period=period_label(text),
        policy_title=text.policy.title,
        url=url,
        opens_on=case.opens_on,
        due_on=case.due_on,
        meeting_on=case.meeting_on,
        agenda_on=case.agenda_on,
        due_source=case.due_source,
        interval_unstated=all(duty.recurrence is None for duty in text.duties),
        goal_min=fewest,
        goal_max=most,
        under_way=case.state is State.UNDER_WAY,
        quotes=tuple(_quote(duty, text.edition, text.policy.title) for duty in _distinct(text.duties)),
        head_on=ups.get(Audience.HEAD_OF_ADMINISTRATION) if head else None,
        head_title=titles[head[0]] if head else None,
        chief_executive_on=ups.get(Audience.CHIEF_EXECUTIVE) if posts[Audience.CHIEF_EXECUTIVE] else None,
        reminded_on=tuple(sorted({on for key, on in text.delivered if _is_reminder(lifecycle, key)})),
        warned_on=min((on for key, on in text.delivered if key in _warnings(lifecycle)), default=None),
        other_recipients=tuple(titles[post] for post in posts[rung.to] if post != notice.post_id),
        document_owner=text.edition.document_owner,
        last_stop=_last_stop(text),
        today=today,
    )


def period_label(text: CaseText) -> str:
    """Return the year, or the term of office the way people write it."""
    if len(text.case.period) == 4:
        return text.case.period
    return f"mandatperioden {term_of(text.adopter_kind, date.fromisoformat(text.case.period)).label}"


def _goes_up(lifecycle: Lifecycle, notice: Notice, text: CaseText, today: date) -> dict[Audience, date]:
    """Return the days it goes up, counted from the warning: this one, the one that left, or the one that will."""
    days = {}
    for rung in lifecycle.ladder:
        if rung.after is None:
            continue
        coming = add_working_days(text.case.due_on, lifecycle.rung(rung.after).at.working_days)
        usual = today if notice.rung == rung.after else coming
        left = min((on for key, on in text.delivered if key == rung.after), default=usual)
        days[rung.to] = goes_up(rung, text.case.due_on, left).on
    return days


def _answering(text: CaseText, holder_title: str | None) -> str:
    """Return who answers: the body, or the chief executive where the text names that office."""
    if text.case.holder is Holder.CHIEF_EXECUTIVE and holder_title:
        return definite(holder_title)
    return text.body.name


def _last_stop(text: CaseText) -> str | None:
    """Return who gets it last where that is not the chief executive, who cannot be reported to themselves."""
    return "kommunstyrelsen" if text.case.holder is Holder.CHIEF_EXECUTIVE else None


def _warnings(lifecycle: Lifecycle) -> set[str | None]:
    return {rung.after for rung in lifecycle.ladder if rung.after}


def _is_reminder(lifecycle: Lifecycle, key: str) -> bool:
    return lifecycle.rung(key).to is Audience.HOLDER and key not in _warnings(lifecycle)


def _distinct(duties: tuple[Duty, ...]) -> list[Duty]:
    """One sentence that holds two duties is quoted once."""
    seen: dict[tuple[int, int], Duty] = {}
    for duty in duties:
        seen.setdefault((duty.start, duty.end), duty)
    return list(seen.values())


def _quote(duty: Duty, edition: Edition, title: str) -> Quote:
    return Quote(
        text=duty.quote,
        document_title=title,
        adopted_by=edition.adopted_by,
        adopted_on=edition.adopted_on,
        paragraph=edition.paragraph,
        diary_number=edition.diary_number,
    )
