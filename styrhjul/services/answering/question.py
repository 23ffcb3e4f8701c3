"""What a link asks, whole: the case, what a complete answer must hold, and what the reader needs beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy.orm import Session

from styrhjul.db.answer_query import (
    GivenAnswer,
    GivenJudgement,
    GivenPlan,
    QuotedDuty,
    load_last_answers,
    load_quotes,
    load_rounds,
)
from styrhjul.db.asked_query import AskedCase, LinkFacts
from styrhjul.db.competing_query import load_competing
from styrhjul.db.office_query import body_names
from styrhjul.db.organisation_query import Organisation
from styrhjul.db.question_query import (
    FollowUpLine,
    OfficeLine,
    load_deciders,
    load_editions,
    load_follow_ups,
    load_offices,
    load_open_plans,
)
from styrhjul.domain.answer import DECIDED, MOST_GOALS, Answer, Decider, Demand, change_until, goal_bounds
from styrhjul.domain.lifecycle import Event, Holder, State
from styrhjul.domain.meeting import is_off_calendar
from styrhjul.domain.moment import local_date
from styrhjul.domain.recurrence import period_before
from styrhjul.domain.rung import Audience
from styrhjul.domain.vocabulary import ActionKind, BodyKind, DueBasis, LifecycleKey
from styrhjul.mail.catalogue import SOURCE, message, say
from styrhjul.mail.item import Owed
from styrhjul.mail.language import LANGUAGES, spoken
from styrhjul.services.mailing.owed import owed_by
from styrhjul.services.words import ROUND_WORDS
from workflows import LIFECYCLES

_BODY_WORDS = {
    BodyKind.COUNCIL: message("fullmäktige"),
    BodyKind.EXECUTIVE_BOARD: message("kommunstyrelsen"),
    BodyKind.COMMITTEE: message("nämnden"),
    BodyKind.SUBCOMMITTEE: message("utskottet"),
    BodyKind.ADMINISTRATION: message("förvaltningen"),
    BodyKind.UNIT: message("enheten"),
    BodyKind.COMPANY: message("bolaget"),
    BodyKind.JOINT_AUTHORITY: message("förbundet"),
}
_BEGUN = frozenset({State.UNDER_WAY, State.REFERRED, State.PREPARED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What one kind of question shows and the others do not.

    `earlier` is what the form builds on: the goals to judge, or last year's goals or projects; `judged` is what became
    of the goals of the round before. `plans` are those in force now.
    """

    earlier: GivenAnswer | None = None
    judged: GivenAnswer | None = None
    plans: tuple[GivenPlan, ...] = ()
    offices: tuple[OfficeLine, ...] = ()
    owed: tuple[Owed, ...] = ()
    follow_ups: tuple[FollowUpLine, ...] = ()
    deciders: tuple[Decider, ...] = ()
    editions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Everything a form shows.

    `last` is the newest answer, which may be changed to the end of `change_until`. `is_theirs` is False for those
    above the body, who only see how it stands; `decides` is True for those of them who can end it or give more time.
    """

    link: LinkFacts
    case: AskedCase
    post_title: str
    #: The body that post belongs to: another than the case's, where the case was given to it.
    post_body: str
    #: The body that owes the answer is no more.
    body_has_ended: bool
    demand: Demand
    quotes: tuple[QuotedDuty, ...]
    last: GivenAnswer | None
    change_until: date
    is_theirs: bool
    decides: bool
    #: Whether it tells the body's own chair or secretary what the body answers for, and asks the coordinator.
    is_welcome: bool
    may_answer: bool
    #: Whether it is the chair who reads, and a secretary may answer instead.
    may_delegate: bool
    today: date
    #: The reader's own language, and the one that the page is in.
    readers_language: str = SOURCE
    language: str = SOURCE
    beside: Beside = field(default_factory=Beside)
    #: The meetings that are entered, by body, ascending.
    meetings: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    #: Answers that were handed in when another had just come, the first one first.
    competing: tuple[GivenAnswer, ...] = ()

    @property
    def link_id(self) -> str:
        """The link that asks."""
        return self.link.link_id

    @property
    def asked(self) -> LifecycleKey:
        """What kind of answer is wanted."""
        return self.demand.asked

    @property
    def answering(self) -> str:
        """Who answers, by name: the body, or the office that holds the case."""
        match self.case.holder:
            case Holder.CHIEF_EXECUTIVE:
                grammar = LANGUAGES[self.language]
                return grammar.start(grammar.definite(self.case.chief_executive_title).lower())
            case Holder.COORDINATOR:
                return say(self.language, message("Samordnaren"))
            case Holder.DOCUMENT_OWNER:
                return say(self.language, message("Den dokumentansvariga"))
            case Holder.BODY:
                return self.case.body_name

    @property
    def round_words(self) -> str:
        """The round as people call it: "uppföljning 2026"."""
        word, words = say(self.language, ROUND_WORDS[self.case.lifecycle]), self.case.period_words
        return f"{word}{' ' if words[:1].isdigit() else ', '}{words}"

    @property
    def is_begun(self) -> bool:
        """Whether work is noted but not finished: the question stands until it is."""
        return self.case.state in _BEGUN

    @property
    def goals_from(self) -> GivenAnswer | None:
        """The goals to judge or, in a goal round, last year's."""
        return self.beside.earlier

    @property
    def judged(self) -> GivenAnswer | None:
        """What became of the goals of the round before."""
        return self.beside.judged

    def judged_before(self, goal_id: str | None) -> GivenJudgement | None:
        """Return what was told of the same goal, by its words, or of the whole, in the follow-up before this one."""
        goals = {goal.goal_id: goal.text for goal in self.goals_from.goals} if self.goals_from else {}
        told = self.judged.judgements if self.judged else ()
        return next((each for each in told if _is_same(each.goal, goals.get(goal_id or ""))), None)

    @property
    def judged_apart(self) -> tuple[GivenJudgement, ...]:
        """What the follow-up before this one told of goals that are no longer there."""
        beside = {id(self.judged_before(goal_id)) for goal_id in self.demand.goal_ids or (None,)}
        return tuple(each for each in (self.judged.judgements if self.judged else ()) if id(each) not in beside)

    @property
    def seen_version(self) -> int:
        """The version of the answer a form opened now builds on; 0 = none yet."""
        return self.last.version if self.last else 0

    @property
    def is_decided_at_meeting(self) -> bool:
        """Whether day and § of a decision belong to the answer."""
        return self.asked in DECIDED

    def is_off_calendar(self, answer: Answer) -> bool:
        """Whether the answer's decision is dated on a day between meetings of the body that took it."""
        decided_by = getattr(answer, "decided_by", None) or self.case.body_id
        day = answer.decided_on if self.is_decided_at_meeting else None
        return day is not None and is_off_calendar(self.meetings.get(decided_by, ()), day)

    @property
    def is_usual_day(self) -> bool:
        """Whether the due day is the municipality's own and not the document's."""
        return self.case.due_basis is DueBasis.DEFAULT

    @property
    def is_usual_interval(self) -> bool:
        """Whether no sentence behind the case says how often."""
        return bool(self.quotes) and all(quote.recurrence is None for quote in self.quotes)


def _is_same(before: str | None, now: str | None) -> bool:
    """Whether two goals say the same; None, the whole, is the same as itself alone."""
    return before is now is None or (before or "").casefold().split() == (now or "").casefold().split()


def ask(session: Session, link: LinkFacts, case: AskedCase, organisation: Organisation, today: date) -> Question:
    """Return what a link that still answers asks on a day."""
    quotes = load_quotes(session, case.case_id)
    last, beside = _answers(session, case)
    beside = _with_lists(session, case, beside, organisation, today)
    if case.lifecycle == LifecycleKey.FOLLOW_UP and any(quote.of_plans for quote in quotes):
        beside = replace(beside, plans=load_open_plans(session, case.policy_id, case.body_id))
    post = organisation.post_by_id[link.post_id]
    ended_on = organisation.by_id[case.body_id].dissolved_on
    posts = _posts(organisation, case)
    near = frozenset(audience for audience, found in posts.items() if link.post_id in found)
    is_theirs = Audience.HOLDER in near
    is_welcome = Audience.BODY in near and not is_theirs and case.lifecycle == LifecycleKey.HANDOVER
    if is_welcome:
        beside = replace(beside, owed=owed_by(session, organisation, case.body_id, today))
    language = spoken(organisation.languages[link.appointment_id])
    until = change_until(case.due_on, local_date(last.submitted_at)) if last else case.due_on
    return Question(
        link=link,
        case=case,
        post_title=post.title,
        post_body=body_names(session, organisation)[post.body_id].name,
        body_has_ended=case.holder is Holder.BODY and ended_on is not None and ended_on <= today,
        demand=_demand(case, quotes, beside),
        quotes=quotes,
        last=last,
        change_until=until,
        is_theirs=is_theirs,
        decides=not _DECIDERS.isdisjoint(near),
        is_welcome=is_welcome,
        may_answer=case.state is not State.SUBMITTED or today <= until or _lacks_its_decision(case, last),
        may_delegate=is_theirs
        and Audience.CHAIR in near
        and set(posts[Audience.SECRETARY]) <= set(posts[Audience.HOLDER]),
        today=today,
        readers_language=language,
        language=language,
        beside=beside,
        meetings={body.body_id: body.meetings for body in organisation.bodies},
        competing=load_competing(session, case.case_id),
    )


def _lacks_its_decision(case: AskedCase, last: GivenAnswer | None) -> bool:
    """Day and § of the decision, and a revision's number, may follow for as long as the case is open."""
    if last is None or case.lifecycle not in DECIDED:
        return False
    lacks_number = case.lifecycle == LifecycleKey.REVISION and last.diary_number is None
    return last.decided_on is None or last.paragraph is None or lacks_number


#: Who can give more time, give the case to somebody else, end it or note that it stands open.
_DECIDERS = frozenset({Audience.CHIEF_EXECUTIVE, Audience.EXECUTIVE_BOARD})


def _posts(organisation: Organisation, case: AskedCase) -> Mapping[Audience, tuple[str, ...]]:
    """Return the posts that each audience stands for in the case."""
    return organisation.posts_of(
        organisation.stake(case.holder, case.body_id, case.owner_post_id, case.assigned_post_id)
    )


def _answers(session: Session, case: AskedCase) -> tuple[GivenAnswer | None, Beside]:
    """Return the case's latest answer, and beside it those that its form builds on: all read together."""
    on = _builds_on(case)
    rounds = load_rounds(session, case, on)
    found = load_last_answers(session, [case.case_id, *rounds.values()])
    earlier, judged, *_ = (*(found.get(rounds.get(each, "")) for each in on), None, None)
    return found.get(case.case_id), Beside(earlier=earlier, judged=judged)


def _builds_on(case: AskedCase) -> tuple[tuple[str, str], ...]:
    """Return the rounds that a form builds on: what it starts from, then the follow-up before it."""
    goals, follow_up, projects = LifecycleKey.GOAL_SETTING, LifecycleKey.FOLLOW_UP, LifecycleKey.PROJECT_FOLLOW_UP
    match LifecycleKey(case.lifecycle):
        case LifecycleKey.GOAL_SETTING:
            year = str(int(case.period[:4]) - 1)
            return ((goals, year), (follow_up, year))
        case LifecycleKey.FOLLOW_UP:
            return ((goals, case.period[:4]), (follow_up, period_before(case.period)))
        case LifecycleKey.PROJECT_FOLLOW_UP:
            return ((projects, period_before(case.period)),)
        case _:
            return ()


def _with_lists(session: Session, case: AskedCase, beside: Beside, organisation: Organisation, today: date) -> Beside:
    """Return what stands beside a question with the lists that its kind shows."""
    match LifecycleKey(case.lifecycle):
        case LifecycleKey.ACTION_PLANNING:
            return replace(beside, plans=load_open_plans(session, case.policy_id, case.body_id))
        case LifecycleKey.ANNUAL_REPORT:
            return replace(beside, follow_ups=load_follow_ups(session, case))
        case LifecycleKey.HANDOVER:
            return replace(beside, offices=load_offices(organisation, case, today))
        case LifecycleKey.REVISION:
            deciders, editions = load_deciders(session, case), load_editions(session, case.policy_id)
            return replace(beside, deciders=deciders, editions=editions)
        case _:
            return beside


def _demand(case: AskedCase, quotes: tuple[QuotedDuty, ...], beside: Beside) -> Demand:
    fewest, most = goal_bounds((q.goal_min, q.goal_max) for q in quotes if q.action_kind is ActionKind.SET_GOALS)
    asked = LifecycleKey(case.lifecycle)
    to_judge = beside.earlier.goals if asked is LifecycleKey.FOLLOW_UP and beside.earlier else ()
    return Demand(
        asked=asked,
        body=_BODY_WORDS[case.body_kind],
        goal_min=fewest or 1,
        goal_max=most or MOST_GOALS,
        goal_ids=tuple(goal.goal_id for goal in to_judge),
        may_begin=(case.state, Event.BEGIN) in LIFECYCLES[case.lifecycle].transitions,
        may_decline=not case.is_binding,
        plan_ids=tuple(plan.plan_id for plan in beside.plans) if asked is LifecycleKey.ACTION_PLANNING else (),
        deciders=beside.deciders,
        editions=beside.editions,
        vacant=_vacant(beside.offices),
    )


def _vacant(offices: tuple[OfficeLine, ...]) -> tuple[str, ...]:
    """Return the offices that could answer for the body, when nobody holds any of them."""
    answering = [office for office in offices if office.answers]
    if any(office.name for office in answering):
        return ()
    return tuple(office.title[:1].lower() + office.title[1:] for office in answering)
