"""The officials who decide about cases: more time, sent back, approved, closed, given to another; and drafts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from styrhjul.domain.calendar import next_ordinary_day
from styrhjul.domain.moment import local_date
from styrhjul.services.cases.decision import (
    CaseAt,
    Decision,
    DecisionRefused,
    approve,
    grant_extension,
    note,
    return_answer,
    waive,
)
from styrhjul.services.cases.reassign import reassign
from styrhjul.services.cases.revise import Preparation, Request, prepare, refer
from styrhjul.services.simulation.world import World

_DECISION = Decision(by="Kanslisamordnaren", reason="Simulerat beslut.")
#: A referral is answered after this many days at the earliest, and at the latest; too few now and then.
_REFERRED_DAYS = (25, 75)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """A case as its people see it. `name` is the same at every run."""

    case_id: str
    name: str
    lifecycle: str
    opens_on: date
    due_on: date


class OfficialsDecide:
    """Every decision there is, through the real services. What is refused is told, and changes nothing."""

    def __init__(self, world: World) -> None:
        self._world = world

    def extend(self, case: OpenCase) -> None:
        """Give more time."""
        until = self._later(case)
        self._decide(
            case,
            "extended",
            lambda at: grant_extension(self._world.database, at, until, _DECISION, self._world.clock.now()),
        )

    def send_back(self, case: OpenCase) -> None:
        """Let an answer be completed."""
        until = self._later(case)
        self._decide(
            case,
            "returned",
            lambda at: return_answer(self._world.database, at, until, _DECISION, self._world.clock.now()),
        )

    def approve(self, case: OpenCase) -> None:
        """Take an answer as complete."""
        self._decide(case, "approved", lambda at: approve(self._world.database, at, _DECISION, self._world.clock.now()))

    def waive(self, case: OpenCase) -> None:
        """Close a case without an answer."""
        self._decide(case, "waived", lambda at: waive(self._world.database, at, _DECISION, self._world.clock.now()))

    def note(self, case: OpenCase) -> None:
        """Write down that the case has been seen."""
        self._decide(case, "noted", lambda at: note(self._world.database, at, _DECISION, self._world.clock.now()))

    def reassign(self, case: OpenCase) -> None:
        """Give the case to some other post."""
        posts = [post_id for (post_id,) in self._world.database.ask(_POSTS)]
        to = self._world.chance.pick(posts, "reassigned to", case.name)
        self._decide(
            case, "reassigned", lambda at: reassign(self._world.database, at, to, _DECISION, self._world.clock.now())
        )

    def refer(self, case: OpenCase) -> None:
        """Send a draft to the committees."""
        days = self._world.chance.between(*_REFERRED_DAYS, "referred for", case.name)
        request = Request(due_on=next_ordinary_day(local_date(self._world.clock.now()) + timedelta(days)))
        self._decide(
            case, "referred", lambda at: refer(self._world.database, at, request, _DECISION, self._world.clock.now())
        )

    def prepare(self, case: OpenCase) -> None:
        """Note that the preparing body has sent a draft on."""
        done = Preparation(meeting_on=local_date(self._world.clock.now()), paragraph="41")
        self._decide(
            case, "prepared", lambda at: prepare(self._world.database, at, done, _DECISION, self._world.clock.now())
        )

    def _decide(self, case: OpenCase, word: str, decide: Callable[[CaseAt], object]) -> None:
        try:
            decide(CaseAt(self._world.municipality_id, case.case_id))
        except DecisionRefused as refused:
            self._world.tell(f"{word} refused {case.name}: {refused}")
        else:
            self._world.tell(f"{word} {case.name}")

    def _later(self, case: OpenCase) -> date:
        since = max(case.due_on, local_date(self._world.clock.now()))
        return next_ordinary_day(since + timedelta(self._world.chance.between(5, 50, "until", case.name)))


_POSTS = """
SELECT post.id FROM post JOIN body ON body.id = body_id WHERE ended_on IS NULL ORDER BY body.slug, role, post.id
"""
