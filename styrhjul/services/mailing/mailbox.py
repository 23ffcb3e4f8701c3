"""Which notices leave today, and to whom: one reader per post, one item per matter, one digest a week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from sqlalchemy.orm import Session

from styrhjul.db.case_model import Notice
from styrhjul.db.compose_query import CaseText, posts_with_digest
from styrhjul.db.ledger_write import end_notices
from styrhjul.db.municipality_query import MunicipalityRow
from styrhjul.db.organisation_query import Organisation
from styrhjul.db.quarantine_write import quarantine
from styrhjul.db.wake import touch_cases
from styrhjul.domain.facts import CaseFacts, NoticeStatus
from styrhjul.domain.ladder import is_overtaken, place_of
from styrhjul.domain.lifecycle import FINAL_STATES, Lifecycle, State
from styrhjul.domain.moment import local_date
from styrhjul.domain.office import PostRole, Reader
from styrhjul.domain.presence import as_told, goes_up_now
from styrhjul.domain.rung import Audience
from styrhjul.services.foundation.mailroom import Mailroom
from styrhjul.services.mailing.office_hours import next_opening, next_weeks_digest, week_of
from styrhjul.services.mailing.reader import Readers
from styrhjul.services.municipality.procedure import lifecycle_of
from workflows import LIFECYCLES

ANSWERED = "Ärendet är besvarat eller har fått en ny dag."
NOT_WARNED = "Den som nu svarar har inte fått förvarningen i tid."
OTHER_POST = "Ärendet har lämnats till en annan befattning."
VACANT = "Ingen med en fungerande adress har uppdraget."
TOLD_BEFORE = "Den som har uppdraget har redan fått beskedet."
SUPERSEDED = "Ett senare steg hade redan nåtts."
ONE_A_WEEK = "Veckans sammanställning har redan gått."
#: Of these the planner says anew what is owed.
_ANEW = frozenset({NOT_WARNED, TOLD_BEFORE})
_HAS_LEFT = frozenset({NoticeStatus.MAILED, NoticeStatus.DELIVERED})
#: The rungs that are gathered into one mail a week.
DIGEST_RUNGS = frozenset(rung.key for each in LIFECYCLES.values() for rung in each.ladder if rung.at.digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What writing one municipality's mails takes."""

    session: Session
    mailroom: Mailroom
    municipality: MunicipalityRow
    organisation: Organisation
    readers: Readers
    texts: Mapping[str, CaseText]
    now: datetime
    #: The day in Stockholm.
    today: date
    on_trial: bool


@dataclass(slots=True, kw_only=True)
class Waiting:
    """A matter for one mailbox. `also` are notices that would tell the same mailbox the same of the same case."""

    reader: Reader
    notice: Notice
    also: list[Notice] = field(default_factory=list)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Everything that leaves with it."""
        return (self.notice, *self.also)


def by_mailbox(desk: Desk, notices: Iterable[Notice]) -> dict[str, list[Waiting]]:
    """Group what may leave by the address of today's reader; end what may not, and defer a week's second digest."""
    highest = _highest_per_post(desk, (found for notice in notices if (found := _look(desk, notice))))
    told = _told_this_week(desk, highest)
    boxes: dict[str, list[Waiting]] = defaultdict(list)
    for waiting in sorted(highest, key=_rank):
        if waiting.notice.rung in DIGEST_RUNGS and waiting.notice.post_id in told:
            defer(waiting.notice, next_weeks_digest(desk.organisation.practice, desk.today), ONE_A_WEEK)
        else:
            _put(boxes[waiting.reader.appointment.address or ""], waiting)
    return boxes


class Standing(Protocol):
    """A case as far as a notice about it goes."""

    @property
    def state(self) -> State: ...
    @property
    def lifecycle(self) -> str: ...
    @property
    def due_on(self) -> date: ...


class Told(Protocol):
    """A notice as far as its case goes."""

    @property
    def due_on(self) -> date: ...
    @property
    def rung(self) -> str: ...


class Asked(Told, Protocol):
    """A notice as far as its reader goes."""

    @property
    def post_id(self) -> str: ...


def still_holds(case: Standing, notice: Told) -> bool:
    """Whether the notice still says something true: its due day has not moved, and the case is chased.

    What is told anyway holds until the case has ended.
    """
    lifecycle = LIFECYCLES[case.lifecycle]
    is_told = case.state in lifecycle.chased or (
        case.state not in FINAL_STATES and notice.rung in told_anyway(lifecycle)
    )
    return is_told and case.due_on == notice.due_on


def told_anyway(lifecycle: Lifecycle) -> frozenset[str]:
    """Return the rungs whose mail leaves although the question behind them is answered."""
    return frozenset(rung.key for rung in lifecycle.ladder if rung.told_anyway)


def defer(notice: Notice, until: datetime, reason: str) -> None:
    """Let a notice wait, and say why; one that nobody can read keeps that as its reason."""
    if notice.deferred_from is None and local_date(until) > local_date(notice.not_before_at):
        notice.deferred_from = local_date(notice.not_before_at)
    notice.not_before_at = until
    if notice.status is not NoticeStatus.VACANT:
        notice.reason = reason


def _look(desk: Desk, notice: Notice) -> Waiting | None:
    text = desk.texts.get(notice.case_id)
    if text is None:
        quarantine(desk.session, "mail", notice.id, "Dokumentet har ingen gällande utgåva.", desk.now)
        return None
    if why := _why_void(desk, text, notice):
        end_notices(desk.session, [notice], NoticeStatus.CANCELLED, why, desk.now)
        if why in _ANEW:
            touch_cases(desk.session, [(notice.case_id, text.case.lifecycle)], desk.today)
        return None
    reader = desk.readers.of(notice.post_id)
    if reader is None:
        _hold_vacant(desk, text, notice)
        return None
    return Waiting(reader=reader, notice=notice)


def _why_void(desk: Desk, text: CaseText, notice: Notice) -> str | None:
    """Return why a notice leaves no more; None: it may leave."""
    if not still_holds(text.case, notice):
        return ANSWERED
    if not _still_asked(desk, text, notice):
        return OTHER_POST
    if is_unwarned(desk.organisation, text, notice, desk.today):
        return NOT_WARNED
    return TOLD_BEFORE if _is_told(desk, text, notice) else None


def _still_asked(desk: Desk, text: CaseText, notice: Notice) -> bool:
    """Whether the case has not been given to another post since; what a mail had begun to tell of comes back here."""
    lifecycle = lifecycle_of(desk.organisation, text.case.lifecycle, text.case.policy_id)
    if text.case.assigned_post_id is None or not lifecycle.has_rung(notice.rung):
        return True
    held_by = text.facts.posts[Audience.HOLDER]
    return lifecycle.rung(notice.rung).to is not Audience.HOLDER or notice.post_id in held_by


def is_unwarned(organisation: Organisation, text: CaseText, notice: Notice, today: date) -> bool:
    """Whether a notice that waited would go up over somebody who sat down meanwhile; it goes up anew in their time."""
    lifecycle = lifecycle_of(organisation, text.case.lifecycle, text.case.policy_id)
    if not lifecycle.has_rung(notice.rung) or lifecycle.rung(notice.rung).after is None:
        return False
    return not goes_up_now(lifecycle.ladder, text.facts, notice.rung, today)


def _is_told(desk: Desk, text: CaseText, notice: Notice) -> bool:
    """Whether whoever answers today has had this very rung: it waited for somebody who never took over, or not yet."""
    if notice.turn == 1:
        return False
    ladder = lifecycle_of(desk.organisation, text.case.lifecycle, text.case.policy_id).ladder
    return notice.rung in _left_to(as_told(ladder, text.facts, desk.today), notice)


def is_passed(organisation: Organisation, text: CaseText, notice: Asked, today: date) -> bool:
    """Whether a rung above this one stands in a mail to those who answer today, or has left to them.

    What somebody heard who held the post before them counts for nothing: whoever follows would never be told.
    """
    lifecycle = lifecycle_of(organisation, text.case.lifecycle, text.case.policy_id)

    def passes(facts: CaseFacts) -> bool:
        return is_overtaken(LIFECYCLES[text.case.lifecycle].ladder, notice.rung, _left_to(facts, notice))

    # Most cases are answered by those who always did: of what has left `as_told` only takes away.
    return passes(text.facts) and passes(as_told(lifecycle.ladder, text.facts, today))


def _left_to(facts: CaseFacts, notice: Asked) -> list[str]:
    """Return the rungs that have left to a notice's post for its due day."""
    matter = (notice.post_id, notice.due_on)
    return [told.rung for told in facts.notices if (told.post_id, told.due_on) == matter and told.status in _HAS_LEFT]


def _hold_vacant(desk: Desk, text: CaseText, notice: Notice) -> None:
    """Nobody can read it today: say so once, let the planner know, and look again the next ordinary day."""
    notice.not_before_at = next_opening(desk.organisation.practice, desk.today)
    if notice.status is not NoticeStatus.VACANT:
        end_notices(desk.session, [notice], NoticeStatus.VACANT, VACANT, desk.now)
        touch_cases(desk.session, [(notice.case_id, text.case.lifecycle)], desk.today)


def _highest_per_post(desk: Desk, found: Iterator[Waiting]) -> list[Waiting]:
    """Of several for one post about one case only the highest rung leaves; nothing does below one that has left."""
    highest: dict[tuple[str, str], Waiting] = {}
    for waiting in found:
        key = (waiting.notice.case_id, waiting.notice.post_id)
        text = desk.texts[waiting.notice.case_id]
        ladder = LIFECYCLES[text.case.lifecycle].ladder
        if is_passed(desk.organisation, text, waiting.notice, desk.today):
            end_notices(desk.session, [waiting.notice], NoticeStatus.SUPERSEDED, SUPERSEDED, desk.now)
            continue
        rival = highest.get(key, waiting)
        below, ours = sorted((rival, waiting), key=lambda one: place_of(ladder, one.notice.rung))
        highest[key] = ours
        if below is not ours:
            end_notices(desk.session, [below.notice], NoticeStatus.SUPERSEDED, SUPERSEDED, desk.now)
    return list(highest.values())


def _told_this_week(desk: Desk, highest: Iterable[Waiting]) -> set[str]:
    waiting = {each.notice.post_id for each in highest if each.notice.rung in DIGEST_RUNGS}
    return posts_with_digest(desk.session, waiting, DIGEST_RUNGS, week_of(desk.today)) if waiting else set()


def _rank(waiting: Waiting) -> tuple[bool, int, str, str]:
    """A post of the reader's own comes before one they stand in for, the chair before the secretary."""
    post = waiting.reader.in_post
    return (waiting.reader.is_deputy, list(PostRole).index(post.role), post.title, waiting.notice.id)


def _put(box: list[Waiting], waiting: Waiting) -> None:
    """One person may hold several posts of a case: the mailbox gets the matter once."""
    matter = (waiting.notice.case_id, waiting.notice.rung)
    for other in box:
        if (other.notice.case_id, other.notice.rung) == matter:
            other.also += waiting.notices
            return
    box.append(waiting)
