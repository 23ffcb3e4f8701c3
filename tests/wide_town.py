"""A municipality as wide as they come: so many policies, each asking so many committees, with a year behind it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from styrhjul.db.case_model import Answer, Case, CaseDuty, Notice, SubjectKind, Wake
from styrhjul.db.model import Base, Duty, DutyBody, DutyStatus, Edition, Policy, new_id
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.lifecycle import Holder, State
from styrhjul.domain.vocabulary import ActionKind, Confidence, DueBasis, Modality
from tests.servers import past_every_session
from tests.town import FOLLOWED_FROM, SENTENCE, Town, build_town

if TYPE_CHECKING:
    from styrhjul.db.session import Database

RELEASED = datetime(2026, 10, 1, tzinfo=UTC)
NAMES = ("socialnämnden", "byggnämnden", "kulturnämnden", "skolnämnden", "miljönämnden", "tekniska nämnden",
         "vårdnämnden", "valnämnden", "fritidsnämnden", "räddningsnämnden")  # fmt: skip
#: Lifecycle, action, period, opening, due day: a follow-up that most have answered, goals that nobody has yet.
ROUNDS = (
    ("follow_up", ActionKind.FOLLOW_UP, "2026", date(2027, 1, 7), date(2027, 2, 26)),
    ("goal_setting", ActionKind.SET_GOALS, "2027", date(2027, 1, 7), date(2027, 3, 31)),
)
_SILENT_EVERY = 10


def build_wide_town(database: Database, policies: int, committees: int = len(NAMES)) -> Town:
    """Return the town on 10 March 2027: of the follow-ups every tenth is late."""
    names = NAMES[:committees]
    town = build_town(database, "vidby", committees=names)
    rows: dict[type[Base], list[dict[str, Any]]] = {
        table: [] for table in (Policy, Edition, Duty, DutyBody, Case, CaseDuty, Wake, Notice, Answer)
    }
    for number in range(policies - 1):
        policy_id = new_id()
        rows[Policy].append(_policy(town, number, policy_id))
        rows[Edition].append(_edition(policy_id))
        for place, (lifecycle, kind, period, opens_on, due_on) in enumerate(ROUNDS):
            duty = _duty(policy_id, lifecycle, kind)
            rows[Duty].append(duty)
            for at, name in enumerate(names):
                case = {"lifecycle": lifecycle, "period": period, "opens_on": opens_on, "due_on": due_on}
                is_answered = not place and (number + at) % _SILENT_EVERY
                _add_case(town, rows, {**case, "policy_id": policy_id}, (duty["id"], name, bool(is_answered)))
    with past_every_session(database) as connection:
        for table, lines in rows.items():
            mine = [{"municipality_id": town.municipality_id, **line} for line in lines]
            if mine:
                connection.execute(insert(table), mine)
    return town


def _add_case(
    town: Town, rows: dict[type[Base], list[dict[str, Any]]], case: dict[str, Any], owed: tuple[str, str, bool]
) -> None:
    duty_id, name, is_answered = owed
    case_id, body_id = new_id(), town.bodies[name]
    rows[DutyBody].append({"id": new_id(), "duty_id": duty_id, "body_id": body_id})
    rows[Case].append(
        {
            **case,
            "id": case_id,
            "body_id": body_id,
            "holder": Holder.BODY,
            "state": State.SUBMITTED if is_answered else State.OPEN,
            "aimed_from_on": case["opens_on"],
            "due_source": "Kommunens standard.",
            "due_basis": DueBasis.DEFAULT,
            "lapses_on": date(2028, 9, 1),
            "is_binding": True,
            "version": 1,
        }
    )
    rows[CaseDuty].append({"id": new_id(), "case_id": case_id, "duty_id": duty_id})
    wakes = {"lifecycle": case["lifecycle"], "subject_id": case_id, "subject_kind": SubjectKind.CASE}
    rows[Wake].append({**wakes, "wake_on": date(2027, 3, 17) if not is_answered else case["due_on"].replace(year=2028)})
    rows[Notice] += [_notice(case_id, case, post_id) for post_id in _posts(town)[name]]
    if is_answered:
        rows[Answer].append(_answer(case_id, _posts(town)[name][0]))


def _posts(town: Town) -> dict[str, list[str]]:
    """The first two posts of each body, asked for once."""
    if "_posts" not in town.__dict__:
        from sqlalchemy import select  # noqa: PLC0415

        from styrhjul.db.model import Post  # noqa: PLC0415

        with town.database.reading(town.municipality_id) as session:
            found = session.execute(select(Post.body_id, Post.id).order_by(Post.title)).all()
        by_body = {name: [post for body, post in found if body == body_id][:2] for name, body_id in town.bodies.items()}
        town.__dict__["_posts"] = by_body
    posts: dict[str, list[str]] = town.__dict__["_posts"]
    return posts


def _policy(town: Town, number: int, policy_id: str) -> dict[str, Any]:
    return {
        "id": policy_id,
        "slug": f"program-{number}",
        "title": f"Program nummer {number}",
        "document_type": "program",
        "adopted_by_id": town.bodies["fullmäktige"],
        "starts_on": FOLLOWED_FROM,
        "released_at": RELEASED,
    }


def _edition(policy_id: str) -> dict[str, Any]:
    return {
        "id": policy_id,
        "policy_id": policy_id,
        "text": SENTENCE * 200,
        "sha256": "0" * 64,
        "adopted_by": "Kommunfullmäktige",
        "adopted_on": date(2015, 9, 7),
        "paragraph": "82",
        "imported_at": RELEASED,
    }


def _duty(policy_id: str, lifecycle: str, kind: ActionKind) -> dict[str, Any]:
    return {
        "id": new_id(),
        "policy_id": policy_id,
        "edition_id": policy_id,
        "quote": SENTENCE,
        "start": 0,
        "end": len(SENTENCE),
        "actor": "Varje nämnd",
        "modality": Modality.MUST,
        "action_kind": kind,
        "lifecycle": lifecycle,
        "addressees": [],
        "confidence": Confidence.HIGH,
        "reason": "ska + ta fram mål",
        "status": DutyStatus.CONFIRMED,
        "holder": Holder.BODY,
        "of_plans": False,
    }


def _notice(case_id: str, case: dict[str, Any], post_id: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "case_id": case_id,
        "due_on": case["due_on"],
        "rung": "opened",
        "post_id": post_id,
        "turn": 1,
        "status": NoticeStatus.DELIVERED,
        "planned_on": case["opens_on"],
        "not_before_at": datetime(2027, 1, 7, 8, tzinfo=UTC),
        "delivered_on": case["opens_on"],
    }


def _answer(case_id: str, post_id: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "case_id": case_id,
        "version": 1,
        "form_id": new_id(),
        "post_id": post_id,
        "submitted_at": datetime(2027, 2, 20, 9, tzinfo=UTC),
        "signed_by": "Anna Exempel",
        "decided_on": date(2027, 2, 17),
        "paragraph": "31",
    }
