"""Decisions about duties: what they change, what ends with them, and what they may never do in silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from styrhjul.db.case_model import Case, Quarantine, Wake
from styrhjul.db.duty_query import bodies_of, duty_version
from styrhjul.db.journal import entries
from styrhjul.db.model import Duty, DutyStatus, Edition, Municipality
from styrhjul.db.quarantine_write import quarantine
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import Entry, EntryKind
from styrhjul.domain.lifecycle import State
from styrhjul.domain.vocabulary import ActionKind, Confidence, Modality
from styrhjul.services.cases.decision import Decision
from styrhjul.services.policies import duty_decide
from styrhjul.services.policies.duty_decide import (
    Addition,
    DutyAt,
    DutyChanged,
    NoSuchDuty,
    NoSuchPolicy,
    TermsRefused,
    add_duty,
    confirm_duty,
    confirm_plain_duties,
    correct_duty,
    reject_duty,
    terms_of,
)
from styrhjul.services.policies.duty_place import NotInText, StandsTwice
from styrhjul.services.policies.duty_terms import DutyRefused, Terms, own_word
from tests.town import SENTENCE, Town, build_town, nine

if TYPE_CHECKING:
    from styrhjul.db.session import Database

OPENING = date(2027, 1, 7)
NOW = nine(OPENING)
BY = "dokumentansvarig"
BECAUSE = Decision(by=BY, reason="Meningen gäller inte oss.")
SILENT = Decision(by=BY, reason="")
TWICE = "Varje nämnd ska följa upp målen.\nSamma igen.\nVarje nämnd ska följa upp\nmålen. Slut."


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database)


def duty_of(town: Town, kind: ActionKind = ActionKind.SET_GOALS) -> tuple[Duty, Terms, str]:
    with town.database.reading(town.municipality_id) as session:
        duty = session.scalars(select(Duty).where(Duty.action_kind == kind)).one()
        body_ids = bodies_of(session, [duty.id])[duty.id]
        return duty, terms_of(duty, body_ids), duty_version(duty, body_ids)


def asked(town: Town) -> list[Case]:
    """The cases that the policy asks for."""
    return [case for case in town.cases() if case.policy_id]


def at(town: Town, *, version: str | None = None) -> DutyAt:
    return DutyAt(municipality_id=town.municipality_id, duty_id=duty_of(town)[0].id, version=version)


def set_duty(town: Town, **values: object) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Duty).values(**values))


def correct(town: Town, decision: Decision = BECAUSE, **changed: object) -> None:
    correct_duty(town.database, at(town), replace(duty_of(town)[1], **changed), decision=decision, now=NOW)  # type: ignore[arg-type]


def add(town: Town, quote: str, decision: Decision = SILENT, *, start: int | None = None, **terms: object) -> str:
    said = {"modality": Modality.MUST, "action_kind": ActionKind.FOLLOW_UP, "body_ids": (town.bodies["socialnämnden"],)}
    addition = Addition(policy_slug="policy", quote=quote, start=start)
    given = Terms(**{**said, **terms})  # type: ignore[arg-type]
    return add_duty(town.database, town.municipality_id, addition, given, decision=decision, now=NOW)


def journalled(town: Town, kind: EntryKind) -> list[Entry]:
    with town.database.reading(town.municipality_id) as session:
        return [entry for entry, _ in entries(session) if entry.kind is kind]


def write_text(town: Town, text: str) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Edition).values(text=text))


# -- confirm -----------------------------------------------------------------------------------------------------------


def test_a_proposed_duty_opens_cases_once_it_is_confirmed(town: Town) -> None:
    set_duty(town, status=DutyStatus.PROPOSED)
    town.sweep(OPENING)
    assert asked(town) == []
    confirm_duty(town.database, at(town), by=BY, now=NOW)
    town.sweep(OPENING)
    assert len(asked(town)) == 2
    [entry] = journalled(town, EntryKind.DUTY_CONFIRMED)
    assert (entry.by, entry.data["quote"]) == (BY, SENTENCE)


def test_a_confirmed_duty_is_not_confirmed_again(town: Town) -> None:
    with pytest.raises(DutyRefused, match="redan bekräftad"):
        confirm_duty(town.database, at(town), by=BY, now=NOW)


def test_a_duty_that_names_nobody_asks_whom_it_binds_first(town: Town) -> None:
    set_duty(town, status=DutyStatus.PROPOSED)
    correct(town, action_kind=ActionKind.OTHER_DUTY, body_ids=())
    set_duty(town, status=DutyStatus.PROPOSED, action_kind=ActionKind.SET_GOALS)
    with pytest.raises(TermsRefused, match="Välj vem det gäller"):
        confirm_duty(town.database, at(town), by=BY, now=NOW)


def test_the_second_of_two_people_is_told_that_it_has_changed(town: Town) -> None:
    set_duty(town, status=DutyStatus.PROPOSED)
    seen = duty_of(town)[2]
    confirm_duty(town.database, at(town, version=seen), by=BY, now=NOW)
    with pytest.raises(DutyChanged, match="har ändrats av dokumentansvarig"):
        reject_duty(town.database, at(town, version=seen), decision=BECAUSE, now=NOW)
    assert duty_of(town)[0].status is DutyStatus.CONFIRMED


def test_nobody_is_asked_about_the_time_before_a_duty_was_confirmed(town: Town) -> None:
    late = date(2027, 3, 25)
    set_duty(town, status=DutyStatus.PROPOSED)
    confirm_duty(town.database, at(town), by=BY, now=nine(late))
    town.live(late)
    assert [case.period for case in asked(town) if case.due_on.year == 2027 and case.due_on.month < 5] == []


def test_what_is_plain_is_confirmed_at_once_and_the_rest_waits(town: Town) -> None:
    set_duty(town, status=DutyStatus.PROPOSED)
    assert confirm_plain_duties(town.database, town.municipality_id, "policy", by=BY, now=NOW) == 1
    set_duty(town, status=DutyStatus.PROPOSED, confidence=Confidence.LOW)
    assert confirm_plain_duties(town.database, town.municipality_id, "policy", by=BY, now=NOW) == 0
    set_duty(town, confidence=Confidence.HIGH, action_kind=ActionKind.ACTION_PLAN, recurrence="mandate_period")
    assert confirm_plain_duties(town.database, town.municipality_id, "policy", by=BY, now=NOW) == 0, "no such round"
    with pytest.raises(NoSuchPolicy):
        confirm_plain_duties(town.database, town.municipality_id, "annan", by=BY, now=NOW)


def test_what_is_asked_on_a_condition_waits_however_sure_the_reading_is(town: Town) -> None:
    set_duty(town, status=DutyStatus.PROPOSED, confidence=Confidence.HIGH, condition="vid behov")
    assert confirm_plain_duties(town.database, town.municipality_id, "policy", by=BY, now=NOW) == 0


def test_what_is_plain_is_confirmed_only_as_it_was_read(town: Town) -> None:
    set_duty(town, status=DutyStatus.PROPOSED)
    duty, _, version = duty_of(town)
    read = {duty.id: version}
    set_duty(town, deadline="senast den 1 mars")
    assert confirm_plain_duties(town.database, town.municipality_id, "policy", by=BY, now=NOW, read=read) == 0
    assert duty_of(town)[0].status is DutyStatus.PROPOSED
    read = {duty.id: duty_of(town)[2]}
    assert confirm_plain_duties(town.database, town.municipality_id, "policy", by=BY, now=NOW, read=read) == 1


@pytest.mark.parametrize("beginning", ["", "%", "_"])
def test_no_beginning_names_the_only_duty(town: Town, beginning: str) -> None:
    with pytest.raises(NoSuchDuty):
        reject_duty(town.database, replace(at(town), duty_id=beginning), decision=BECAUSE, now=NOW)


def test_a_beginning_that_two_duties_have_names_neither(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, kind in enumerate((ActionKind.FOLLOW_UP, ActionKind.REPORT)):
        monkeypatch.setattr(duty_decide, "new_id", lambda number=number: f"0{number}".ljust(32, "0"))
        add(town, SENTENCE, action_kind=kind)
    with pytest.raises(NoSuchDuty):
        reject_duty(town.database, replace(at(town), duty_id="0"), decision=BECAUSE, now=NOW)
    reject_duty(town.database, replace(at(town), duty_id="01"), decision=BECAUSE, now=NOW)


def test_what_our_own_fault_set_aside_is_tried_anew(town: Town) -> None:
    set_duty(town, status=DutyStatus.PROPOSED)
    with town.database.municipality(town.municipality_id) as session:
        quarantine(session, "goal_setting", town.policy_id, "KeyError: x", NOW)
    confirm_duty(town.database, at(town), by=BY, now=NOW)
    with town.database.reading(town.municipality_id) as session:
        assert session.scalars(select(Quarantine)).all() == []
        wakes = session.scalars(select(Wake.lifecycle).where(Wake.subject_id == town.policy_id)).all()
    assert "goal_setting" in wakes
    assert [entry.by for entry in journalled(town, EntryKind.QUARANTINE_RELEASED)] == [BY]


def test_a_decision_renews_the_register(town: Town) -> None:
    def version() -> str:
        with town.database.system(read_only=True) as session:
            return session.scalars(select(Municipality.register_version)).one()

    before = version()
    correct(town, actor="Nämnderna")
    assert version() != before


# -- correct -----------------------------------------------------------------------------------------------------------


def test_another_strength_than_the_texts_own_needs_a_reason(town: Town) -> None:
    with pytest.raises(TermsRefused, match="Texten säger ”ska”") as refused:
        correct(town, SILENT, modality=Modality.SHOULD)
    assert refused.value.field == "reason"
    assert duty_of(town)[0].modality is Modality.MUST
    correct(town, BECAUSE, modality=Modality.SHOULD)
    [entry] = journalled(town, EntryKind.DUTY_CORRECTED)
    assert (entry.data["changed"], entry.data["before"], entry.data["after"]) == (["modality"], ["must"], ["should"])
    assert entry.data["reason"] == BECAUSE.reason


def test_a_weaker_duty_lets_its_open_cases_bind_less(town: Town) -> None:
    town.sweep(OPENING)
    assert {case.is_binding for case in asked(town)} == {True}
    correct(town, modality=Modality.SHOULD)
    assert {case.is_binding for case in asked(town)} == {False}


def test_a_correction_without_another_strength_needs_no_reason(town: Town) -> None:
    correct(town, SILENT, recurrence="annual", deadline="senast 15 februari")
    duty = duty_of(town)[0]
    assert (duty.recurrence, duty.deadline, duty.confirmed_by) == ("annual", "senast 15 februari", BY)


def test_a_body_that_is_taken_out_is_asked_no_longer(town: Town) -> None:
    town.sweep(OPENING)
    correct(town, body_ids=(town.bodies["socialnämnden"],))
    open_now = [case.body_id for case in asked(town) if case.closed_on is None]
    assert open_now == [town.bodies["socialnämnden"]]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"recurrence": "ibland"}, "recurrence"),
        ({"deadline": "inom två månader från beslutet"}, "deadline"),
        ({"deadline": "när det passar"}, "deadline"),
        ({"goal_min": 3, "goal_max": 2}, "goal_min"),
        ({"goal_min": 0}, "goal_min"),
        ({"body_ids": ()}, "bodies"),
        ({"body_ids": ("f" * 32,)}, "bodies"),
        ({"actor": "x" * 301}, "actor"),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field(town: Town, changed: dict[str, object], field: str) -> None:
    with pytest.raises(TermsRefused) as refused:
        correct(town, BECAUSE, **changed)
    assert refused.value.field == field


def test_a_correction_that_changes_nothing_is_refused(town: Town) -> None:
    with pytest.raises(DutyRefused, match="Inget är ändrat"):
        correct(town)


@pytest.mark.parametrize(
    ("quote", "word"),
    [
        ("Nämnden ska följa upp målen.", Modality.MUST),
        ("Nämnden bör följa upp målen.", Modality.SHOULD),
        ("Nämnden kan ta fram en plan.", Modality.MAY),
        ("Nämnden får inte sälja marken.", Modality.MUST_NOT),
        ("Uppföljningen sker årligen.", None),
    ],
)
def test_a_sentence_has_its_own_word(quote: str, word: Modality | None) -> None:
    assert own_word(quote) is word


# -- reject ------------------------------------------------------------------------------------------------------------


def test_a_rejected_duty_ends_the_cases_that_rested_on_it(town: Town) -> None:
    town.sweep(OPENING)
    assert reject_duty(town.database, at(town), decision=BECAUSE, now=NOW) == 2
    assert {case.state for case in asked(town)} == {State.WAIVED}
    moved = journalled(town, EntryKind.CASE_MOVED)
    assert {entry.data["reason"] for entry in moved} == {
        "Skyldigheten som ärendet vilade på är avvisad: Meningen gäller inte oss."
    }
    assert {notice.status for notice in town.notices()} <= {NoticeStatus.CANCELLED}


def test_a_case_that_another_sentence_asks_for_stays_open(town: Town) -> None:
    town.sweep(OPENING)
    write_text(town, f"{SENTENCE}\nNämnderna ska även sätta egna mål.")
    both = (town.bodies["socialnämnden"], town.bodies["byggnämnden"])
    first = at(town)
    add(town, "Nämnderna ska även sätta egna mål.", action_kind=ActionKind.SET_GOALS, body_ids=both)
    assert reject_duty(town.database, first, decision=BECAUSE, now=NOW) == 0
    assert {case.closed_on for case in asked(town)} == {None}


def test_a_rejection_says_why(town: Town) -> None:
    with pytest.raises(DutyRefused, match="Skriv varför"):
        reject_duty(town.database, at(town), decision=SILENT, now=NOW)


def test_the_journal_tells_what_was_rejected_and_why(town: Town) -> None:
    reject_duty(town.database, at(town), decision=BECAUSE, now=NOW)
    [entry] = journalled(town, EntryKind.DUTY_REJECTED)
    assert (entry.by, entry.data["duty"], entry.data["reason"]) == (BY, duty_of(town)[0].id, BECAUSE.reason)


def test_a_rejected_duty_can_be_confirmed_after_all(town: Town) -> None:
    reject_duty(town.database, at(town), decision=BECAUSE, now=NOW)
    with pytest.raises(DutyRefused, match="redan avvisad"):
        reject_duty(town.database, at(town), decision=BECAUSE, now=NOW)
    confirm_duty(town.database, at(town), by=BY, now=NOW)
    assert duty_of(town)[0].status is DutyStatus.CONFIRMED


# -- add ---------------------------------------------------------------------------------------------------------------


def test_a_duty_added_by_hand_keeps_its_quote_word_for_word(town: Town) -> None:
    write_text(town, TWICE)
    add(town, "Samma igen.", action_kind=ActionKind.OTHER_DUTY)
    duty = duty_of(town, ActionKind.OTHER_DUTY)[0]
    assert (duty.quote, TWICE[duty.start : duty.end]) == ("Samma igen.", "Samma igen.")
    assert duty.reason == "Tillagd för hand av dokumentansvarig."
    assert len(journalled(town, EntryKind.DUTY_ADDED)) == 1


def test_a_quote_that_stands_twice_asks_which(town: Town) -> None:
    write_text(town, TWICE)
    with pytest.raises(StandsTwice) as twice:
        add(town, "Varje nämnd ska följa upp målen.")
    second = twice.value.places[1]
    assert (len(twice.value.places), second.after) == (2, "Slut.")
    add(town, "Varje nämnd ska följa upp målen.", start=second.start)
    assert duty_of(town, ActionKind.FOLLOW_UP)[0].quote == "Varje nämnd ska följa upp\nmålen."


def test_a_quote_that_does_not_stand_in_the_text_is_refused(town: Town) -> None:
    for quote in ("Varje nämnd bör ta fram 1-2 mål.", "", "varje nämnd ska"):
        with pytest.raises(NotInText):
            add(town, quote)


def test_the_same_duty_is_not_added_twice(town: Town) -> None:
    with pytest.raises(DutyRefused, match="finns redan"):
        add(town, SENTENCE, action_kind=ActionKind.SET_GOALS)


def test_another_municipalitys_duty_is_not_here(town: Town, database: Database) -> None:
    other = build_town(database, "storby")
    foreign = DutyAt(municipality_id=other.municipality_id, duty_id=duty_of(town)[0].id)
    with pytest.raises(NoSuchDuty):
        confirm_duty(database, foreign, by=BY, now=NOW)
