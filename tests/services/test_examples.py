"""The three examples: real policies, made-up office holders."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from styrhjul.db.model import Base, Body, Duty, DutyBody, DutyStatus, Meeting, Municipality, Person, Policy, Post
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.session import Database
from styrhjul.domain.calendar import JULY, is_working_day
from styrhjul.domain.lifecycle import Holder
from styrhjul.domain.office import PostRole, holder_of
from styrhjul.domain.vocabulary import ActionKind, BodyKind, Modality
from styrhjul.services.operations.example import load_example
from workflows import LIFECYCLES

EXAMPLES = Path(__file__).parents[2] / "examples"
SLUGS = ("grums", "herrljunga", "olofstrom")
FOLLOWED = {ActionKind.SET_GOALS, ActionKind.FOLLOW_UP, ActionKind.REPORT, ActionKind.REVISE}


@pytest.fixture(params=SLUGS)
def slug(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def load(database: Database, slug: str, now: datetime) -> str:
    return load_example(database, EXAMPLES / "organisations" / slug, now, LIFECYCLES)


def bound(database: Database, municipality_id: str, kind: ActionKind) -> list[tuple[set[str], Duty]]:
    """Return the confirmed duties of a kind, each with the names of the bodies it binds."""
    with database.reading(municipality_id) as session:
        found = session.scalars(select(Duty).where(Duty.action_kind == kind, Duty.status == DutyStatus.CONFIRMED))
        return [
            (
                set(
                    session.scalars(
                        select(Body.name).join(DutyBody, DutyBody.body_id == Body.id).where(DutyBody.duty_id == duty.id)
                    )
                ),
                duty,
            )
            for duty in found
        ]


def names(database: Database, municipality_id: str, *kinds: BodyKind) -> set[str]:
    with database.reading(municipality_id) as session:
        return set(session.scalars(select(Body.name).where(Body.kind.in_(kinds))))


def test_an_example_loads_and_is_released(database: Database, slug: str, now: datetime) -> None:
    municipality_id = load(database, slug, now)
    with database.reading(municipality_id) as session:
        municipality = session.get_one(Municipality, municipality_id)
        assert (municipality.slug, municipality.is_example, municipality.released_at) == (slug, True, now)
        assert session.scalar(select(func.count()).select_from(Policy)) == 1


def test_loading_an_example_again_changes_nothing(database: Database, slug: str, now: datetime) -> None:
    tables: list[type[Base]] = [Body, Person, Meeting, Policy, Duty]

    def counted() -> list[int | None]:
        with database.reading(municipality_id) as session:
            return [session.scalar(select(func.count()).select_from(table)) for table in tables]

    municipality_id = load(database, slug, now)
    before = counted()
    assert load(database, slug, now) == municipality_id
    assert counted() == before


def test_every_address_ends_in_example_org(database: Database, slug: str, now: datetime) -> None:
    with database.reading(load(database, slug, now)) as session:
        addresses = [address or "" for address in session.scalars(select(Person.address))]
    assert addresses
    assert all(address.endswith(f"@{slug}.example.org") for address in addresses)


def test_every_post_has_a_holder_with_an_address_every_month(database: Database, slug: str, now: datetime) -> None:
    months = [date(year, month, 15) for year in (2026, 2027) for month in range(1, 13)][9:]
    with database.reading(load(database, slug, now)) as session:
        appointments = load_organisation(session).appointments
        posts = session.scalars(select(Post.id)).all()
    holders = [holder_of(post_id, appointments, on) for post_id in posts for on in months]
    assert holders
    assert all(holder and holder.address for holder in holders)


def test_chairs_change_at_new_year_and_officials_stay(database: Database, slug: str, now: datetime) -> None:
    changed: Counter[PostRole] = Counter()
    with database.reading(load(database, slug, now)) as session:
        appointments = load_organisation(session).appointments
        for post in session.scalars(
            select(Post).join(Body, Body.id == Post.body_id).where(Body.kind == BodyKind.COMMITTEE)
        ):
            before, after = (holder_of(post.id, appointments, day) for day in (date(2026, 12, 31), date(2027, 1, 1)))
            assert before
            assert after
            changed[post.role] += before.person_id != after.person_id
    assert changed[PostRole.CHAIR] == changed[PostRole.VICE_CHAIR] > 0
    assert changed[PostRole.SECRETARY] == changed[PostRole.HEAD_OF_ADMINISTRATION] == 0


def test_bodies_meet_on_working_days_and_rest_in_july(database: Database, slug: str, now: datetime) -> None:
    with database.reading(load(database, slug, now)) as session:
        meetings = session.execute(select(Body.kind, Meeting.meets_on).join(Meeting, Meeting.body_id == Body.id)).all()
    days = [day for _, day in meetings]
    assert all(is_working_day(day) and day.month not in JULY for day in days)
    assert (min(days).isoformat()[:7], max(days).isoformat()[:7]) == ("2026-10", "2027-12")
    assert {kind for kind, _ in meetings} == {BodyKind.COUNCIL, BodyKind.EXECUTIVE_BOARD, BodyKind.COMMITTEE}


def test_the_policy_is_the_one_its_municipality_adopted(slug: str) -> None:
    told = tomllib.loads((EXAMPLES / "organisations" / slug / "municipality.toml").read_text(encoding="utf-8"))
    (policy,) = told["policies"]
    assert told["name"] in (EXAMPLES / "organisations" / slug / policy).read_text(encoding="utf-8").title().replace(
        "Kommun", "kommun"
    )


def test_olofstroms_goals_bind_every_committee_and_only_the_bound_company(database: Database, now: datetime) -> None:
    olofstrom = load(database, "olofstrom", now)
    expected = names(database, olofstrom, BodyKind.EXECUTIVE_BOARD, BodyKind.COMMITTEE) | {"Bostadsbolaget"}
    goals = bound(database, olofstrom, ActionKind.SET_GOALS)
    assert len(goals) == 3
    assert all(bodies == expected for bodies, _ in goals)
    assert "Näringslivsbolaget" in names(database, olofstrom, BodyKind.COMPANY)


def test_olofstroms_follow_up_is_yearly_and_binds_those_who_set_goals(database: Database, now: datetime) -> None:
    olofstrom = load(database, "olofstrom", now)
    goals = bound(database, olofstrom, ActionKind.SET_GOALS)[0][0]
    ((bodies, duty),) = bound(database, olofstrom, ActionKind.FOLLOW_UP)
    assert (bodies, duty.recurrence, duty.lifecycle) == (goals, "annual", "follow_up")


def test_what_olofstrom_puts_in_its_annual_report_is_compiled_centrally(database: Database, now: datetime) -> None:
    olofstrom = load(database, "olofstrom", now)
    ((bodies, duty),) = bound(database, olofstrom, ActionKind.REPORT)
    assert (bodies, duty.holder, duty.lifecycle) == ({"Kommunstyrelsen"}, Holder.COORDINATOR, "annual_report")


def test_olofstroms_revision_is_prepared_by_the_executive_board(database: Database, now: datetime) -> None:
    olofstrom = load(database, "olofstrom", now)
    ((bodies, duty),) = bound(database, olofstrom, ActionKind.REVISE)
    assert bodies == {"Kommunstyrelsen"}
    assert (duty.recurrence, duty.holder, duty.quote) == (
        "mandate_period",
        Holder.DOCUMENT_OWNER,
        "Policyn ska revideras vid varje ny mandatperiod.",
    )


def test_herrljunga_asks_each_committee_for_one_or_two_goals_only(database: Database, now: datetime) -> None:
    herrljunga = load(database, "herrljunga", now)
    ((bodies, duty),) = bound(database, herrljunga, ActionKind.SET_GOALS)
    assert bodies == names(database, herrljunga, BodyKind.EXECUTIVE_BOARD, BodyKind.COMMITTEE)
    assert (duty.goal_min, duty.goal_max, duty.recurrence) == (1, 2, None)
    assert not any(bound(database, herrljunga, kind) for kind in FOLLOWED - {ActionKind.SET_GOALS})


def test_herrljungas_policy_is_owned_by_its_document_owner(database: Database, now: datetime) -> None:
    with database.reading(load(database, "herrljunga", now)) as session:
        owner = session.scalars(select(Post).join(Policy, Policy.owner_post_id == Post.id)).one()
    assert (owner.title, owner.role) == ("Folkhälsoutvecklare", PostRole.DOCUMENT_OWNER)


def test_grums_gets_nothing_it_did_not_decide(database: Database, now: datetime) -> None:
    grums = load(database, "grums", now)
    followed = {kind: found for kind in FOLLOWED if (found := bound(database, grums, kind))}
    assert list(followed) == [ActionKind.FOLLOW_UP]
    by_lifecycle = {duty.lifecycle: (bodies, duty) for bodies, duty in followed[ActionKind.FOLLOW_UP]}
    assert {each.holder for _, each in by_lifecycle.values()} == {Holder.CHIEF_EXECUTIVE}
    assert by_lifecycle["project_follow_up"][1].quote.startswith("Vidare ska de projekt och aktiviteter")
    assert by_lifecycle["follow_up"][1].of_plans


def test_grums_asks_its_four_functions_themselves_for_plans_they_may_make(database: Database, now: datetime) -> None:
    grums = load(database, "grums", now)
    ((bodies, duty),) = bound(database, grums, ActionKind.ACTION_PLAN)
    assert bodies == names(database, grums, BodyKind.UNIT)
    assert (duty.modality, duty.lifecycle) == (Modality.MAY, "action_planning")


def test_grums_four_functions_answer_through_committees(database: Database, now: datetime) -> None:
    with database.reading(load(database, "grums", now)) as session:
        kinds = {body.id: body.kind for body in session.scalars(select(Body))}
        units = session.scalars(select(Body).where(Body.kind == BodyKind.UNIT)).all()
    assert len(units) == 4
    assert {kinds[unit.answers_through_id or ""] for unit in units} == {BodyKind.COMMITTEE}
