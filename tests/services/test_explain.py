"""Why a mail left, and why one did not: the chain from the decided sentence to the reader, with every reason named."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select, update

from styrhjul.db.case_model import Answer, Case, Notice
from styrhjul.db.model import Appointment, Municipality, Person
from styrhjul.db.quarantine_write import quarantine
from styrhjul.db.session import Database
from styrhjul.domain.lifecycle import Holder, State
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.services.cases.explain import Explanation, NothingToExplain, explain_case, explain_mail
from styrhjul.services.cases.not_sent import NoSuchBody, NotSent, Silent, explain_silence
from styrhjul.services.municipality.ladder import import_ladders
from styrhjul.services.municipality.ladder_file import LadderFile
from tests.town import Town, build_town, nine

OPENS, REMINDER = date(2027, 1, 7), date(2027, 2, 12)


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database, kinds=(ActionKind.FOLLOW_UP,), committees=("socialnämnden",))


def follow_up(town: Town) -> str:
    return next(case.id for case in town.cases() if case.lifecycle == "follow_up")


def told(town: Town, today: date, case_id: str | None = None) -> Explanation:
    return explain_case(town.database, town.municipality_id, case_id or follow_up(town), today)


def silent(town: Town, day: date, body: str | None = "socialnämnden") -> Silent:
    return explain_silence(town.database, town.municipality_id, nine(day), body=body)


def unsent(town: Town, day: date) -> dict[tuple[str, str], NotSent]:
    lines = silent(town, day).lines
    return {(line.rung, line.kind): line for line in lines if line.lifecycle == "follow_up"}


def answered(town: Town, on: date) -> None:
    case_id = follow_up(town)
    with town.database.municipality(town.municipality_id) as session:
        post_id = session.scalars(select(Notice.post_id).where(Notice.case_id == case_id).limit(1)).one()
        session.execute(update(Case).where(Case.id == case_id).values(state=State.SUBMITTED))
        session.add(
            Answer(
                municipality_id=town.municipality_id,
                case_id=case_id,
                version=1,
                form_id="form",
                post_id=post_id,
                submitted_at=datetime(on.year, on.month, on.day, 12, tzinfo=UTC),
                signed_by="Kim Exempel",
                decided_on=on,
                paragraph="12",
            )
        )


def vacate(town: Town, role: str) -> None:
    with town.database.municipality(town.municipality_id) as session:
        person = session.scalars(select(Person.id).where(Person.address.startswith(f"{role}.socialnamnden"))).one()
        session.execute(update(Appointment).where(Appointment.person_id == person).values(ends_on=date(2026, 12, 31)))


# -- a case --------------------------------------------------------------------------------------------------------


def test_a_case_tells_where_its_due_day_comes_from(town: Town) -> None:
    town.sweep(OPENS)
    case = told(town, OPENS)
    assert (case.due_on, case.due_basis) == (date(2027, 2, 26), "default")
    assert case.due_basis_said == "kommunens standard, inte dokumentets text"


def test_a_case_tells_what_is_behind_and_what_is_ahead(town: Town) -> None:
    town.live(OPENS)
    steps = {(step.rung, step.status) for step in told(town, OPENS).steps}
    assert ("opened", "delivered") in steps
    assert ("reminder", "coming") in steps
    assert ("chief_executive", "waits_for_warning") in steps


def test_a_case_is_told_by_the_municipality_s_own_ladder(town: Town) -> None:
    town.sweep(OPENS)
    file = LadderFile("ladder.toml", "[follow_up.reminder]\ndays = -15\ncap = 2\nevery = 5")
    import_ladders(town.database, town.municipality_id, file, nine(OPENS))
    coming = {step.rung: step.on for step in told(town, OPENS).steps if step.status == "coming"}
    assert (coming["reminder"], coming["reminder_2"]) == (date(2027, 2, 5), REMINDER)


def test_the_answer_is_part_of_the_chain(town: Town) -> None:
    town.sweep(OPENS)
    answered(town, date(2027, 2, 1))
    case = told(town, date(2027, 2, 2))
    assert [(a.version, a.signed_by, a.decided_on, a.paragraph) for a in case.answers] == [
        (1, "Kim Exempel", date(2027, 2, 1), "12")
    ]
    assert case.said == "Inget mer skickas: ärendet är besvarat."


def test_a_handover_rests_on_the_law_and_no_document(town: Town) -> None:
    town.sweep(OPENS)
    with town.database.municipality(town.municipality_id) as session:
        session.add(_handover(town))
    handed_over = next(case.id for case in town.cases() if case.policy_id is None)
    case = told(town, OPENS, handed_over)
    assert case.policy.startswith("Kommunallagen")
    assert case.quotes == ()


def _handover(town: Town) -> Case:
    return Case(
        municipality_id=town.municipality_id,
        policy_id=None,
        lifecycle="handover",
        body_id=town.bodies["socialnämnden"],
        period="2030-01-01",
        holder=Holder.COORDINATOR,
        state=State.OPEN,
        opens_on=OPENS,
        aimed_from_on=OPENS,
        due_on=date(2027, 2, 4),
        due_source="Kommunens standard.",
        lapses_on=date(2031, 1, 1),
    )


def test_a_mail_is_explained_by_its_message_id(town: Town) -> None:
    town.live(OPENS)
    (case,) = explain_mail(town.database, town.mails()[-1].message_id, OPENS)[:1]
    assert case.lifecycle in {"follow_up", "handover"}
    with pytest.raises(NothingToExplain):
        explain_mail(town.database, "<no@example.org>", OPENS)


# -- what did not leave --------------------------------------------------------------------------------------------


def test_a_day_on_which_all_has_left_has_nothing_to_tell(town: Town) -> None:
    town.live(OPENS)
    assert unsent(town, OPENS) == {}


def test_a_notice_not_written_yet_waits_for_the_next_pulse(town: Town) -> None:
    town.sweep(OPENS)
    line = unsent(town, OPENS)["opened", "planned"]
    assert "nästa puls" in line.why
    assert line.office in {"chair, socialnämnden", "secretary, socialnämnden"}


def test_a_municipality_that_is_not_released_says_so(town: Town) -> None:
    town.sweep(OPENS)
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Municipality).values(released_at=None))
    assert ("opened", "not_released") in unsent(town, OPENS)
    assert not silent(town, OPENS).is_released


def test_a_reminder_of_an_answered_case_says_when_it_was_answered(town: Town) -> None:
    town.live(OPENS)
    answered(town, date(2027, 2, 1))
    assert unsent(town, REMINDER)["reminder", "answered"].why == "Ärendet är besvarat 2027-02-01."


def test_a_vacant_post_is_named(town: Town) -> None:
    vacate(town, "chair")
    town.live(OPENS)
    line = unsent(town, OPENS)["opened", "vacant"]
    assert (line.office, line.holder) == ("chair, socialnämnden", None)
    assert line.until == date(2027, 1, 8)


def test_what_goes_up_waits_for_a_warning(town: Town) -> None:
    town.sweep(OPENS)
    lines = unsent(town, date(2027, 3, 12))
    assert "förvarning" in lines["chief_executive", "waits_for_warning"].why


def test_what_does_not_bind_is_not_reported(town: Town) -> None:
    town.sweep(OPENS)
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Case).values(is_binding=False))
    assert "bör eller kan" in unsent(town, date(2027, 3, 12))["head", "not_binding"].why


def test_steps_passed_while_nobody_looked_are_superseded(town: Town) -> None:
    town.sweep(OPENS)
    late = date(2027, 2, 24)
    town.sweep(late)
    assert ("reminder", "superseded") in unsent(town, late)


def test_a_free_day_is_called_by_its_name(town: Town) -> None:
    assert silent(town, date(2027, 3, 27)).day_is == "påskafton"
    assert silent(town, OPENS).day_is is None


def test_an_unknown_body_is_refused_with_those_there_are(town: Town) -> None:
    with pytest.raises(NoSuchBody, match="De som finns är"):
        silent(town, OPENS, "nope")


def test_a_subject_set_aside_tells_its_error(town: Town) -> None:
    town.sweep(OPENS)
    with town.database.municipality(town.municipality_id) as session:
        quarantine(session, "follow_up", follow_up(town), "ValueError: fel", nine(OPENS))
    assert "ValueError: fel" in unsent(town, OPENS)["", "quarantined"].why


def test_outside_office_hours_the_mail_waits_for_the_office(town: Town) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Municipality).values(office_opens=time(10)))
    town.sweep(OPENS)
    assert unsent(town, OPENS)["opened", "planned"].why == "Skrivs när kontoret öppnar kl. 10:00."


def test_nothing_is_said_to_come_on_a_day_that_has_been(town: Town) -> None:
    town.live(OPENS)
    day = REMINDER + timedelta(days=1)
    ahead = {step.rung: step.on for step in told(town, day).steps if step.status == "coming"}
    assert "reminder" not in ahead
    assert ahead
    assert all(on is not None and on >= day for on in ahead.values())
