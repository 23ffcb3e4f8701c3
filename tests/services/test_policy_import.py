"""Policies in: what is stored, what is confirmed, and what waits for a person."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from styrhjul.db.case_model import Wake
from styrhjul.db.journal import entries
from styrhjul.db.model import Base, Body, Duty, DutyBody, DutyStatus, Edition, Policy, Post
from styrhjul.db.session import Database
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import Holder, State
from styrhjul.domain.vocabulary import ActionKind, Confidence
from styrhjul.services.organisation.officials import import_officials
from styrhjul.services.policies.duty_decide import confirm_plain_duties
from styrhjul.services.policies.intake import ImportReport, NoOrganisation, import_policy, organisation_of
from styrhjul.services.policies.proposal import UnknownAdopter, propose
from styrhjul.services.policies.release import release_municipality
from styrhjul.services.policies.store import TitleTaken
from tests.services.officials_files import FILES, write_officials
from tests.town import Town
from workflows import LIFECYCLES

TEXT = """\
Policy

Antagen av: Kommunfullmäktige
Datum: 2024-05-13 § 41
Dokumentansvarig: Kanslisamordnare

Miljöpolicy för Vinterby kommun

Ansvar

Varje nämnd ska årligen besluta om 1-3 mål för sitt miljöarbete.

Kommunchefen ansvarar för att de upprättade handlingsplanerna följs upp.

Målen följs upp årligen och redovisas i årsredovisningen.

Policyn ska revideras varje mandatperiod.
"""


@pytest.fixture(autouse=True)
def organisation(database: Database, municipality_id: str, tmp_path: Path, now: datetime) -> None:
    assert import_officials(database, municipality_id, write_officials(tmp_path / "officials"), now).errors == ()


def bring_in(
    database: Database, municipality_id: str, now: datetime, text: str = TEXT, *, confirm: bool = True
) -> ImportReport:
    return import_policy(
        database, municipality_id, text, confirm=confirm, by="Kanslisamordnare", now=now, lifecycles=LIFECYCLES
    )


def duties(database: Database, municipality_id: str) -> list[Duty]:
    with database.reading(municipality_id) as session:
        return list(session.scalars(select(Duty).order_by(Duty.start, Duty.action_kind)))


def rows(database: Database, municipality_id: str, table: type[Base]) -> int:
    with database.reading(municipality_id) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_proposal_stores_nothing(database: Database, municipality_id: str, now: datetime) -> None:
    proposal = propose(TEXT, organisation_of(database, municipality_id, now))
    assert len(proposal.bindings) == len(proposal.reading.duties) > 0
    assert rows(database, municipality_id, Policy) == 0


def test_a_proposal_without_an_organisation_binds_nobody() -> None:
    assert propose(TEXT).bindings == ()


def test_the_text_is_kept_word_for_word(database: Database, municipality_id: str, now: datetime) -> None:
    bring_in(database, municipality_id, now)
    with database.reading(municipality_id) as session:
        edition = session.scalars(select(Edition)).one()
        quotes = [(duty.quote, edition.text[duty.start : duty.end]) for duty in session.scalars(select(Duty))]
    assert (edition.text, edition.adopted_on, edition.paragraph) == (TEXT, date(2024, 5, 13), "41")
    assert all(quote == found for quote, found in quotes)


def test_adopter_and_owner_are_the_municipalitys_own(database: Database, municipality_id: str, now: datetime) -> None:
    bring_in(database, municipality_id, now)
    with database.reading(municipality_id) as session:
        policy = session.scalars(select(Policy)).one()
        adopter = session.scalars(select(Body.slug).where(Body.id == policy.adopted_by_id)).one()
        owner = session.scalars(select(Post.title).where(Post.id == policy.owner_post_id)).one()
    assert (adopter, owner, policy.starts_on) == ("kf", "Kanslisamordnare", date(2026, 10, 15))
    assert policy.slug == "miljopolicy-for-vinterby-kommun"


def test_a_policy_adopted_later_than_the_municipality_began_is_followed_from_then(
    database: Database, municipality_id: str, now: datetime
) -> None:
    bring_in(database, municipality_id, now, TEXT.replace("2024-05-13", "2027-02-22"))
    with database.reading(municipality_id) as session:
        assert session.scalars(select(Policy.starts_on)).one() == date(2027, 2, 22)


def test_a_policy_imported_late_is_not_chased_for_what_was_due_before(database: Database, municipality_id: str) -> None:
    imported_at = datetime(2028, 4, 20, 7, 0, tzinfo=UTC)
    bring_in(database, municipality_id, imported_at)
    town = Town(database, "vinterby", municipality_id=municipality_id)
    release_municipality(database, municipality_id, imported_at)
    town.live(date(2028, 4, 20))
    with database.reading(municipality_id) as session:
        assert session.scalars(select(Policy.starts_on)).one() == date(2028, 4, 20)
    assert [(case.lifecycle, case.state, case.due_on) for case in town.cases()] == [
        ("revision", State.NOT_FOLLOWED, date(2027, 12, 30))
    ]
    assert (town.notices(), town.mails()) == ([], [])


def test_a_policy_imported_late_is_followed_from_the_next_round(database: Database, municipality_id: str) -> None:
    bring_in(database, municipality_id, datetime(2028, 4, 20, 7, 0, tzinfo=UTC))
    town = Town(database, "vinterby", municipality_id=municipality_id)
    town.live(date(2028, 4, 20))
    town.live(date(2028, 9, 1))
    goals = [case for case in town.cases() if case.lifecycle == "goal_setting"]
    assert {(case.period, case.state) for case in goals} == {("2029", State.OPEN)}


def test_sure_duties_are_confirmed_in_the_name_of_whoever_imports(
    database: Database, municipality_id: str, now: datetime
) -> None:
    report = bring_in(database, municipality_id, now)
    confirmed = [duty for duty in duties(database, municipality_id) if duty.status is DutyStatus.CONFIRMED]
    assert report.confirmed == len(confirmed)
    assert {duty.confirmed_by for duty in confirmed} == {"Kanslisamordnare"}
    kinds = {duty.action_kind for duty in confirmed}
    assert {ActionKind.SET_GOALS, ActionKind.FOLLOW_UP, ActionKind.REPORT, ActionKind.REVISE} <= kinds


def test_a_duty_about_the_plans_that_exist_is_held_by_the_chief_executive(
    database: Database, municipality_id: str, now: datetime
) -> None:
    bring_in(database, municipality_id, now)
    (conditional,) = [duty for duty in duties(database, municipality_id) if duty.condition]
    assert (conditional.status, conditional.of_plans) == (DutyStatus.CONFIRMED, True)
    assert (conditional.lifecycle, conditional.holder) == ("follow_up", Holder.CHIEF_EXECUTIVE)


def test_what_the_reading_is_unsure_of_waits(database: Database, municipality_id: str, now: datetime) -> None:
    bring_in(database, municipality_id, now, TEXT + "\nResurserna ska fördelas så att miljön skyddas.\n")
    unsure = [duty for duty in duties(database, municipality_id) if duty.confidence is Confidence.LOW]
    assert unsure
    assert {duty.status for duty in unsure} == {DutyStatus.PROPOSED}


def test_what_may_be_done_is_asked_about(database: Database, municipality_id: str, now: datetime) -> None:
    bring_in(database, municipality_id, now, TEXT.replace("ska årligen besluta", "kan årligen besluta"))
    goals = [duty for duty in duties(database, municipality_id) if duty.action_kind is ActionKind.SET_GOALS]
    assert [(duty.status, duty.lifecycle) for duty in goals] == [(DutyStatus.CONFIRMED, "goal_setting")]


def test_a_duty_of_a_body_that_is_not_here_waits(database: Database, municipality_id: str, now: datetime) -> None:
    bring_in(database, municipality_id, now, TEXT.replace("Varje nämnd", "Byggnadsnämnden"))
    goals = [duty for duty in duties(database, municipality_id) if duty.action_kind is ActionKind.SET_GOALS]
    assert [duty.status for duty in goals] == [DutyStatus.PROPOSED]
    assert "Ingen nämnd heter ”byggnadsnämnden”" in goals[0].reason


def test_a_committee_that_is_not_here_is_not_dropped_beside_one_that_is(
    database: Database, municipality_id: str, now: datetime
) -> None:
    text = TEXT.replace("Varje nämnd", "Kommunstyrelsen och byggnadsnämnden")
    report = bring_in(database, municipality_id, now, text)
    confirm_plain_duties(database, municipality_id, report.slug, by="Mira Almström", now=now)
    goals = [duty for duty in duties(database, municipality_id) if duty.action_kind is ActionKind.SET_GOALS]
    assert [duty.status for duty in goals] == [DutyStatus.PROPOSED]


def test_a_plan_each_term_waits_for_a_person_since_nothing_would_ask_for_it(
    database: Database, municipality_id: str, now: datetime
) -> None:
    text = TEXT + "\nVarje nämnd ska upprätta en handlingsplan en gång per mandatperiod.\n"
    bring_in(database, municipality_id, now, text)
    plan = next(duty for duty in duties(database, municipality_id) if duty.action_kind is ActionKind.ACTION_PLAN)
    assert plan.lifecycle is None
    assert plan.status is DutyStatus.PROPOSED
    assert "en tid som Styrhjul inte kan följa" in plan.reason


def test_days_of_each_tertial_are_sure_and_a_day_counted_from_an_event_is_not(
    database: Database, municipality_id: str, now: datetime
) -> None:
    each = "Varje nämnd ska rapportera till kommunstyrelsen per den 30 april, den 31 augusti och den 31 december."
    bring_in(database, municipality_id, now, f"{TEXT}\n{each}\n\nKommunstyrelsen ska följa upp policyn efter tre år.\n")
    found = {duty.deadline: duty.status for duty in duties(database, municipality_id) if duty.deadline}
    assert found["per den 30 april, den 31 augusti och den 31 december"] is DutyStatus.CONFIRMED
    assert found["efter tre år"] is DutyStatus.PROPOSED


def test_whom_a_duty_falls_to_where_the_text_names_nobody_is_said_once(
    database: Database, municipality_id: str, now: datetime
) -> None:
    bring_in(database, municipality_id, now)
    unnamed = [duty.reason for duty in duties(database, municipality_id) if "Aktör:" not in duty.reason]
    assert len(unnamed) == 3
    for reason in unnamed:
        assert reason.count("Texten nämner ingen.") == 1
        assert "aktör" not in reason


def test_without_confirm_everything_waits(database: Database, municipality_id: str, now: datetime) -> None:
    report = bring_in(database, municipality_id, now, confirm=False)
    assert report.confirmed == 0
    assert {duty.status for duty in duties(database, municipality_id)} == {DutyStatus.PROPOSED}


def test_each_committee_is_bound_and_the_executive_board_is_one(
    database: Database, municipality_id: str, now: datetime
) -> None:
    bring_in(database, municipality_id, now)
    with database.reading(municipality_id) as session:
        bound = session.scalars(
            select(Body.slug)
            .join(DutyBody, DutyBody.body_id == Body.id)
            .join(Duty, Duty.id == DutyBody.duty_id)
            .where(Duty.action_kind == ActionKind.SET_GOALS)
        )
        assert set(bound) == {"ks", "soc"}


def test_the_same_text_again_changes_nothing_and_says_so(
    database: Database, municipality_id: str, now: datetime
) -> None:
    first = bring_in(database, municipality_id, now)
    again = bring_in(database, municipality_id, now)
    assert (again.policy_id, again.duplicate) == (first.policy_id, True)
    assert again.warnings == ("Dokumentet är redan inläst. Inget har ändrats.",)
    assert rows(database, municipality_id, Policy) == rows(database, municipality_id, Edition) == 1


def test_the_import_and_each_confirmation_are_journalled(
    database: Database, municipality_id: str, now: datetime
) -> None:
    report = bring_in(database, municipality_id, now)
    with database.reading(municipality_id) as session:
        kinds = [entry.kind for entry, _ in entries(session)]
    assert kinds[2:] == [EntryKind.POLICY_IMPORTED, *[EntryKind.DUTY_CONFIRMED] * report.confirmed]


def test_the_policy_wakes_today_for_every_lifecycle(database: Database, municipality_id: str, now: datetime) -> None:
    report = bring_in(database, municipality_id, now)
    with database.reading(municipality_id) as session:
        wakes = session.execute(select(Wake.subject_id, Wake.lifecycle, Wake.wake_on)).all()
    asked = {(report.policy_id, key, date(2026, 10, 15)) for key in LIFECYCLES}
    assert {tuple(wake) for wake in wakes} == {*asked, (municipality_id, "handover", date(2026, 10, 15))}


def test_a_text_of_another_municipality_is_warned_about(
    database: Database, municipality_id: str, now: datetime
) -> None:
    report = bring_in(database, municipality_id, now, TEXT.replace("Vinterby", "Sommarby"))
    assert any("Texten gäller Sommarby kommun" in warning for warning in report.warnings)


def test_an_adopter_that_is_not_here_stops_the_import(database: Database, municipality_id: str, now: datetime) -> None:
    with pytest.raises(UnknownAdopter, match="Lägg till organet med styrhjul officials import"):
        bring_in(database, municipality_id, now, TEXT.replace("Kommunfullmäktige", "Byggnadsnämnden"))
    assert rows(database, municipality_id, Policy) == 0


def test_an_unnamed_adopter_is_taken_to_be_the_council_and_said_so(
    database: Database, municipality_id: str, now: datetime
) -> None:
    report = bring_in(database, municipality_id, now, TEXT.replace("Antagen av: Kommunfullmäktige\n", ""))
    assert any("Här antas Kommunfullmäktige" in warning for warning in report.warnings)


def test_another_text_with_the_same_title_is_refused(database: Database, municipality_id: str, now: datetime) -> None:
    bring_in(database, municipality_id, now)
    with pytest.raises(TitleTaken):
        bring_in(database, municipality_id, now, TEXT + "\nEtt tillägg.\n")
    assert rows(database, municipality_id, Edition) == 1


def test_a_municipality_without_an_executive_board_is_told_to_enter_it_first(
    database: Database, municipality_id: str, now: datetime
) -> None:
    with database.municipality(municipality_id) as session:
        session.scalars(select(Body).where(Body.slug == "ks")).one().dissolved_on = date(2026, 1, 1)
    with pytest.raises(NoOrganisation, match="styrhjul officials import"):
        bring_in(database, municipality_id, now)
    assert "ks" in FILES["bodies"]


def test_time_that_counts_from_an_event_waits_for_a_person_to_choose_a_day(
    database: Database, municipality_id: str, now: datetime
) -> None:
    within = TEXT.replace("Målen följs upp årligen", "Varje nämnd ska följa upp målen inom två månader från beslutet")
    bring_in(database, municipality_id, now, within)
    [duty] = [each for each in duties(database, municipality_id) if each.deadline and "inom" in each.deadline]
    assert duty.status is DutyStatus.PROPOSED
    assert duty.reason.endswith("Texten räknar från en händelse. Välj en dag och bekräfta.")


@pytest.mark.parametrize("by_when", ["senast den 30 februari", "senast den 31 april"])
def test_a_day_that_no_year_has_waits_for_a_person(
    database: Database, municipality_id: str, now: datetime, by_when: str
) -> None:
    dated = TEXT.replace("Målen följs upp årligen", f"Varje nämnd ska följa upp målen {by_when}")
    bring_in(database, municipality_id, now, dated)
    [duty] = [each for each in duties(database, municipality_id) if each.deadline == by_when]
    assert duty.status is DutyStatus.PROPOSED
    assert duty.reason.endswith("Styrhjul kan inte räkna ut dagen. Välj en dag och bekräfta.")
