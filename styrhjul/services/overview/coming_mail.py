"""The mails of the next days: when, to whom, about what, and why a day was moved. The planner asked, nothing written.

The forecast asks it about everything there is; a page asks it about what wakes soon, and about so much of that as it
has room for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from sqlalchemy.orm import Session

from styrhjul.db.case_model import SubjectKind
from styrhjul.db.compose_query import WAITING
from styrhjul.db.facts_query import load_case_facts
from styrhjul.db.outline_query import CaseOutline, Waking, load_recorded, load_waking, owner_posts
from styrhjul.db.policy_facts_query import load_policy_facts, promised_facts
from styrhjul.domain.action import OpenCase
from styrhjul.domain.facts import CaseFacts, PolicyFacts
from styrhjul.domain.forecast import CaseRef, Expected, Outlook, expected_notices
from styrhjul.domain.office import reader_of
from styrhjul.domain.period import period_in_words
from styrhjul.domain.rung import Audience
from styrhjul.domain.vocabulary import DueBasis, LifecycleKey
from styrhjul.services.municipality.procedure import lifecycle_of
from styrhjul.services.overview.wheel import Year
from styrhjul.services.words import round_name, rung_word
from workflows import LIFECYCLES

DAYS_AHEAD = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingMail:
    """One mail that would leave: a post gets at most one a day. `about` is what it says first, `items` how much.

    `policy` is the document's title without what follows a dash.
    """

    on: date
    to: str
    about: str
    policy: str
    items: int
    #: The day it would have left, and what that day is.
    moved_from: date | None
    why_moved: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingMails:
    """The mails in the order they would leave. From `unsure_from` on there are more than were reckoned."""

    mails: tuple[ComingMail, ...]
    until: date
    unsure_from: date | None


def coming_mails(session: Session, year: Year, *, most: int) -> ComingMails:
    """Return the mails of the next 30 days, if nobody answers; of at most so many cases and documents.

    It starts from how things stand, in `year.outlines` among others.
    """
    until = year.today + timedelta(days=DAYS_AHEAD)
    waking = load_waking(session, until, most + 1)
    unsure_from = waking[most].wake_on if len(waking) > most else None
    outlook = _outlook(session, year, waking[:most])
    found = expected_notices(outlook, start=year.today, until=until)
    return ComingMails(mails=tuple(_together(year, found)), until=until, unsure_from=unsure_from)


def _outlook(session: Session, year: Year, waking: list[Waking]) -> Outlook:
    organisation = year.organisation
    owners = owner_posts(session, organisation)

    def posts_of(action: OpenCase) -> Mapping[Audience, tuple[str, ...]]:
        owner = owners.get(action.policy_id or "")
        return organisation.posts_of(organisation.stake(action.holder, action.body_id, owner))

    return Outlook(
        policies=tuple(_policies(session, year, [each for each in waking if each.kind is SubjectKind.POLICY])),
        cases=tuple(_cases(session, year, {each.subject_id for each in waking if each.kind is SubjectKind.CASE})),
        lifecycle_of=lambda key, policy_id: lifecycle_of(organisation, key, policy_id),
        posts_of=posts_of,
        sitting=cache(
            lambda post_id, on: reader_of(post_id, organisation.posts, organisation.appointments, on) is not None
        ),
        seats=organisation.seats,
    )


def _policies(session: Session, year: Year, waking: list[Waking]) -> Iterator[tuple[str, PolicyFacts]]:
    own = year.municipality.municipality_id
    ids = {each.subject_id for each in waking} - {own}
    recorded = load_recorded(session, ids) if ids else {}
    for key in sorted({each.lifecycle for each in waking}):
        asked = [each.subject_id for each in waking if each.lifecycle == key]
        if key == LifecycleKey.HANDOVER and own in asked:
            found = load_policy_facts(session, year.organisation, LIFECYCLES[key], [own], year.today)
            yield from ((key, facts) for facts in found.values())
        for policy_id, facts in promised_facts(session, year.organisation, LIFECYCLES[key], asked, year.today).items():
            yield key, replace(facts, recorded=frozenset(recorded.get((key, policy_id), ())))


def _cases(session: Session, year: Year, ids: set[str]) -> Iterator[tuple[CaseRef, CaseFacts]]:
    outlines = {each.case_id: each for each in year.outlines if each.case_id in ids}
    for facts in load_case_facts(session, year.organisation, outlines):
        outline = outlines[facts.case_id]
        lifecycle = lifecycle_of(year.organisation, outline.lifecycle, outline.policy_id)
        still = [each for each in facts.notices if each.status not in WAITING or lifecycle.has_rung(each.rung)]
        yield _ref(outline), replace(facts, notices=tuple(still))


def _ref(outline: CaseOutline) -> CaseRef:
    return CaseRef(
        policy_id=outline.policy_id,
        lifecycle=outline.lifecycle,
        body_id=outline.body_id,
        period=outline.period,
        opens_on=outline.opens_on,
        duty_ids=(),
        due_source="",
        due_basis=DueBasis.DEFAULT,
    )


def _together(year: Year, found: Iterable[Expected]) -> Iterator[ComingMail]:
    """Yield what one post gets on one day as one mail, named by what is due first."""
    mails: dict[tuple[date, str], list[Expected]] = {}
    for each in found:
        mails.setdefault((each.on, each.post_id), []).append(each)
    titles = {line.policy_id: line.title for line in year.policies}
    posts = {post.post_id: post for post in year.organisation.posts}
    for (on, post_id), expected in mails.items():
        first = min(expected, key=lambda each: each.due_on)
        post = posts[post_id]
        body = year.names[post.body_id].name
        yield ComingMail(
            on=on,
            to=post.title if body.casefold() in post.title.casefold() else f"{post.title}, {body}",
            about=f"{rung_word(first.rung)}: {_round(year, first.case)}",
            policy=titles.get(first.case.policy_id or "", "").partition(" – ")[0],
            items=len(expected),
            moved_from=first.deferred_from,
            why_moved=year.organisation.practice.why_not_ordinary(first.deferred_from) if first.deferred_from else None,
        )


def _round(year: Year, case: CaseRef) -> str:
    body = year.organisation.by_id[case.body_id]
    adopter = next((line.adopter for line in year.policies if line.policy_id == case.policy_id), body)
    words = period_in_words(case.lifecycle, case.period, opens_on=case.opens_on, adopter=adopter, body=body)
    name = round_name(case.lifecycle, words)
    return name[:1].lower() + name[1:]
