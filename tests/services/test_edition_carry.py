"""A new edition in life: what somebody has decided is carried over, and so is each case still asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from styrhjul.db.case_model import Case, CaseDuty
from styrhjul.db.duty_query import bodies_of
from styrhjul.db.journal import entries
from styrhjul.db.model import Body, Duty, DutyStatus, Edition, Policy
from styrhjul.db.session import Database
from styrhjul.domain.journal import Entry, EntryKind
from styrhjul.domain.lifecycle import State
from styrhjul.domain.vocabulary import ActionKind, Modality
from styrhjul.services.cases.decision import Decision
from styrhjul.services.organisation.officials import import_officials
from styrhjul.services.policies.duty_decide import DutyAt, confirm_duty, correct_duty, reject_duty, terms_of
from styrhjul.services.policies.duty_terms import DutyRefused
from styrhjul.services.policies.edition_diff import Fate
from styrhjul.services.policies.file import ReadFile
from styrhjul.services.policies.intake import ImportReport, PolicyText, import_edition, import_policy, rehearse_edition
from styrhjul.services.policies.release import release_municipality
from styrhjul.services.policies.store import Signed
from tests.services.officials_files import write_officials
from tests.services.test_policy_import import TEXT
from tests.town import Town, nine
from workflows import LIFECYCLES

SLUG = "miljopolicy-for-vinterby-kommun"
OPENED = date(2027, 1, 11)
LATER = nine(date(2027, 1, 18))
BECAUSE = Decision(by="kanslichefen", reason="Så menade fullmäktige.")
GOALS = "Varje nämnd ska årligen besluta om 1-3 mål för sitt miljöarbete."
WORDED = GOALS.replace("miljöarbete", "miljö- och klimatarbete")


@dataclass(frozen=True)
class Place:
    """The municipality, its policy and what can be done with it."""

    database: Database
    municipality_id: str
    town: Town

    def renew(self, *changes: tuple[str, str], confirm: bool = False, rehearse: bool = False) -> ImportReport:
        text = TEXT.replace("2024-05-13 § 41", "2027-01-14 § 3")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        document = PolicyText(municipality_id=self.municipality_id, file=ReadFile(name="ny.txt", text=text))
        act = rehearse_edition if rehearse else import_edition
        return act(self.database, document, SLUG, Signed(by="samordnaren", now=LATER, confirm=confirm), LIFECYCLES)

    def duty(self, kind: ActionKind = ActionKind.SET_GOALS) -> tuple[Duty, tuple[str, ...]]:
        with self.database.reading(self.municipality_id) as session:
            present = select(Edition.id).where(Edition.superseded_on.is_(None))
            duty = session.scalars(select(Duty).where(Duty.edition_id.in_(present), Duty.action_kind == kind)).one()
            return duty, tuple(bodies_of(session, [duty.id])[duty.id])

    def at(self, kind: ActionKind = ActionKind.SET_GOALS) -> DutyAt:
        return DutyAt(municipality_id=self.municipality_id, duty_id=self.duty(kind)[0].id)

    def of(self, duty_id: str) -> DutyAt:
        return DutyAt(municipality_id=self.municipality_id, duty_id=duty_id)

    def waiting(self) -> list[str]:
        """The goals that wait for a person, in the order of the text."""
        with self.database.reading(self.municipality_id) as session:
            query = select(Duty.id).where(Duty.status == DutyStatus.PROPOSED, Duty.action_kind == ActionKind.SET_GOALS)
            return list(session.scalars(query.order_by(Duty.start)))

    def correct(self, **changed: Any) -> None:  # noqa: ANN401 - any term
        terms = replace(terms_of(*self.duty()), **changed)
        correct_duty(self.database, self.at(), terms, decision=BECAUSE, now=nine(date(2026, 11, 2)))

    def cases(self, lifecycle: str = "goal_setting") -> list[Case]:
        found = [case for case in self.town.cases() if case.lifecycle == lifecycle and case.policy_id]
        return [case for case in found if case.state is not State.NOT_FOLLOWED]

    def quotes(self, case: Case) -> list[str]:
        with self.database.reading(self.municipality_id) as session:
            query = select(Duty.quote).join(CaseDuty, CaseDuty.duty_id == Duty.id).where(CaseDuty.case_id == case.id)
            return list(session.scalars(query.order_by(Duty.start)))

    def journalled(self, kind: EntryKind) -> list[Entry]:
        with self.database.reading(self.municipality_id) as session:
            return [entry for entry, _ in entries(session) if entry.kind is kind]


@pytest.fixture
def place(database: Database, municipality_id: str, tmp_path: Path, now: datetime) -> Place:
    """A policy whose goal rounds have opened with the new year."""
    assert import_officials(database, municipality_id, write_officials(tmp_path / "officials"), now).errors == ()
    import_policy(database, municipality_id, TEXT, confirm=True, by="samordnaren", now=now, lifecycles=LIFECYCLES)
    release_municipality(database, municipality_id, now)
    return Place(database, municipality_id, Town(database, "vinterby", municipality_id=municipality_id))


# -- what was decided ----------------------------------------------------------------------------------------------


def test_what_stands_as_it_stood_stays_confirmed_by_whoever_did(place: Place) -> None:
    before = place.duty()[0]
    report = place.renew(("Kommunchefen ansvarar", "Kommundirektören ansvarar"))
    after = place.duty()[0]
    assert (after.status, after.confirmed_by, after.confirmed_at) == (
        before.status,
        before.confirmed_by,
        before.confirmed_at,
    )
    assert (before.status, after.id != before.id) == (DutyStatus.CONFIRMED, True)
    assert report.change is not None
    assert {each.kind for each in report.change.of(Fate.KEPT)} >= {ActionKind.SET_GOALS, ActionKind.REVISE}


def test_what_was_put_right_by_hand_is_carried_through_two_editions(place: Place) -> None:
    place.correct(deadline="senast 31 mars", body_ids=(place.duty()[1][0],))
    place.renew((GOALS, WORDED))
    first, bodies = place.duty()
    assert (first.quote, first.deadline, len(bodies), first.status) == (
        WORDED,
        "senast 31 mars",
        1,
        DutyStatus.CONFIRMED,
    )
    place.renew((GOALS, WORDED.replace("1-3", "1-2")), ("2027-01-14", "2027-01-15"), confirm=True)
    second, bodies = place.duty()
    assert (second.deadline, len(bodies), second.goal_max) == ("senast 31 mars", 1, 2)
    assert second.status is DutyStatus.PROPOSED


def test_where_the_text_itself_has_changed_its_word_beats_the_correction(place: Place) -> None:
    place.correct(modality=Modality.SHOULD)
    place.renew(("ska årligen besluta", "ska en gång per mandatperiod besluta"))
    assert place.duty()[0].modality is Modality.SHOULD
    place.renew(("ska årligen besluta", "ska en gång per mandatperiod nu besluta"), ("2027-01-14", "2027-01-15"))
    assert (place.duty()[0].modality, place.duty()[0].status) == (Modality.SHOULD, DutyStatus.PROPOSED)
    place.renew(("ska årligen besluta", "kan en gång per mandatperiod besluta"), ("2027-01-14", "2027-01-16"))
    assert place.duty()[0].modality is Modality.MAY


def test_a_rejection_holds_for_the_very_words(place: Place) -> None:
    reject_duty(place.database, place.at(), decision=BECAUSE, now=nine(date(2026, 11, 2)))
    place.renew(("Kommunchefen ansvarar", "Kommundirektören ansvarar"), confirm=True)
    assert (place.duty()[0].status, place.duty()[0].confirmed_by) == (DutyStatus.REJECTED, "kanslichefen")
    place.renew((GOALS, WORDED), ("2027-01-14", "2027-01-15"), confirm=True)
    assert place.duty()[0].status is DutyStatus.PROPOSED
    assert "avvisades av kanslichefen" in place.duty()[0].reason


def test_a_rehearsal_tells_the_same_and_stores_nothing(place: Place) -> None:
    place.town.sweep(OPENED)
    told = place.renew((GOALS, WORDED), rehearse=True)
    assert place.duty()[0].quote == GOALS
    assert told.change == place.renew((GOALS, WORDED)).change
    assert place.duty()[0].quote == WORDED


def test_line_breaks_make_no_new_edition(place: Place) -> None:
    document = PolicyText(
        municipality_id=place.municipality_id, file=ReadFile(name="ny.txt", text=TEXT.replace("\n\n", "\n \n\n"))
    )
    signed = Signed(by="samordnaren", now=LATER, confirm=True)
    report = import_edition(place.database, document, SLUG, signed, LIFECYCLES)
    assert (report.duplicate, report.warnings[0][:25]) == (True, "Texten har samma ord som ")


def test_an_earlier_edition_again_is_known_as_that(place: Place) -> None:
    place.renew((GOALS, WORDED))
    document = PolicyText(municipality_id=place.municipality_id, file=ReadFile(name="gammal.txt", text=TEXT))
    report = import_edition(place.database, document, SLUG, Signed(by="x", now=LATER, confirm=True), LIFECYCLES)
    assert report.warnings == ("Texten är en tidigare utgåva, ersatt 2027-01-14. Inget har ändrats.",)


# -- what is open --------------------------------------------------------------------------------------------------


def test_an_open_case_quotes_the_new_words_and_keeps_its_days(place: Place) -> None:
    place.town.sweep(OPENED)
    before = place.cases()
    report = place.renew((GOALS, WORDED))
    after = place.cases()
    assert [case.due_on for case in after] == [case.due_on for case in before] != []
    assert {quote for case in after for quote in place.quotes(case)} == {WORDED}
    assert report.change is not None
    assert {change.fate for change in report.change.cases if change.lifecycle == "goal_setting"} == {Fate.CHANGED}
    lines = place.journalled(EntryKind.CASE_CARRIED)
    assert {line.case_id for line in lines} == {case.id for case in after}
    assert (lines[0].data["before"], lines[0].data["after"]) == ([GOALS], [WORDED])


def test_a_case_whose_words_are_the_same_says_nothing_and_rests_on_the_new_text(place: Place) -> None:
    place.town.sweep(OPENED)
    place.renew(("Policyn ska revideras varje mandatperiod.\n", "Policyn ska revideras vart tredje år.\n"))
    with place.database.reading(place.municipality_id) as session:
        resting = select(Duty.edition_id).join(CaseDuty, CaseDuty.duty_id == Duty.id)
        goals = session.scalars(resting.where(CaseDuty.case_id == place.cases()[0].id)).one()
        assert goals == session.scalars(select(Edition.id).where(Edition.superseded_on.is_(None))).one()
    assert place.cases()[0].id not in {line.case_id for line in place.journalled(EntryKind.CASE_CARRIED)}


def test_a_case_that_nothing_asks_for_ends_with_the_reason(place: Place) -> None:
    place.town.live(OPENED)
    mailed = len(place.town.mails())
    place.renew((f"{GOALS}\n\n", ""))
    assert {case.state for case in place.cases()} == {State.WAIVED}
    moved = [line for line in place.journalled(EntryKind.CASE_MOVED) if line.case_id == place.cases()[0].id]
    assert "En ny utgåva av styrdokumentet, antagen 2027-01-14" in str(moved[-1].data["reason"])
    place.town.live(date(2027, 1, 19))
    told = [mail.key for mail in place.town.mails()[mailed:] if "goals" in mail.key]
    assert told == []


def test_no_round_is_lost_while_a_new_sentence_waits_to_be_read(place: Place) -> None:
    place.town.sweep(OPENED)
    place.renew(("ska årligen besluta om 1-3 mål", "ska årligen besluta om två mål"))
    assert place.duty()[0].status is DutyStatus.PROPOSED
    assert {case.closed_on for case in place.cases()} == {None}
    confirm_duty(place.database, place.at(), by="kanslichefen", now=LATER)
    assert {case.closed_on for case in place.cases()} == {None}


def test_a_waiting_sentence_that_is_rejected_takes_its_cases_with_it(place: Place) -> None:
    place.town.sweep(OPENED)
    place.renew(("ska årligen besluta om 1-3 mål", "ska årligen besluta om två mål"))
    assert reject_duty(place.database, place.at(), decision=BECAUSE, now=LATER) == len(place.cases()) > 0


def test_nothing_binds_harder_before_somebody_has_read_it(place: Place) -> None:
    place.town.sweep(OPENED)
    place.renew(("nämnd ska årligen", "nämnd bör årligen"), confirm=True)
    assert {case.is_binding for case in place.cases()} == {False}
    place.renew(("2027-01-14", "2027-01-15"))
    assert (place.duty()[0].modality, place.duty()[0].status) == (Modality.MUST, DutyStatus.PROPOSED)
    assert {case.is_binding for case in place.cases()} == {False}
    confirm_duty(place.database, place.at(), by="kanslichefen", now=LATER)
    assert {case.is_binding for case in place.cases()} == {True}


def test_one_of_two_waiting_sentences_that_is_rejected_ends_nothing(place: Place) -> None:
    place.town.sweep(OPENED)
    two = "Varje nämnd ska årligen besluta om två mål för sitt miljöarbete.\n\nVarje nämnd ska sätta mål för klimatet."
    place.renew((GOALS, two))
    first, second = place.waiting()
    assert reject_duty(place.database, place.of(first), decision=BECAUSE, now=LATER) == 0
    assert {case.closed_on for case in place.cases()} == {None}
    assert reject_duty(place.database, place.of(second), decision=BECAUSE, now=LATER) == len(place.cases())


def test_nothing_is_asked_twice(place: Place) -> None:
    place.town.live(OPENED)
    asked = {notice.id for notice in place.town.notices() if notice.rung == "opened"}
    cases = {case.id for case in place.town.cases()}
    place.renew((GOALS, WORDED))
    place.town.live(date(2027, 1, 19))
    assert {case.id for case in place.town.cases()} == cases
    assert {notice.id for notice in place.town.notices() if notice.rung == "opened"} == asked


def test_a_body_that_the_new_text_leaves_out_is_asked_no_longer(place: Place) -> None:
    place.town.sweep(OPENED)
    place.renew(("Varje nämnd ska årligen", "Kommunstyrelsen ska årligen"), confirm=True)
    with place.database.reading(place.municipality_id) as session:
        board = session.scalars(select(Body.id).where(Body.slug == "ks")).one()
    assert [case.body_id for case in place.cases() if case.closed_on is None] == [board]


def test_an_answer_that_is_handed_in_stands_by_the_text_it_was_given_on(place: Place) -> None:
    place.town.sweep(OPENED)
    with place.database.municipality(place.municipality_id) as session:
        session.execute(update(Case).where(Case.lifecycle == "goal_setting").values(state=State.SUBMITTED))
    place.renew((GOALS, WORDED))
    assert {case.state for case in place.cases()} == {State.SUBMITTED}
    assert {quote for case in place.cases() for quote in place.quotes(case)} == {GOALS}


@pytest.mark.parametrize("ended", [State.DONE, State.WAIVED, State.LAPSED])
def test_a_case_that_has_ended_stands_as_it_ended_by_the_text_it_ended_on(place: Place, ended: State) -> None:
    place.town.sweep(OPENED)
    of_goals = update(Case).where(Case.lifecycle == "goal_setting")
    with place.database.municipality(place.municipality_id) as session:
        session.execute(of_goals.values(state=ended, closed_on=OPENED))
    place.renew((GOALS, WORDED))
    assert {(case.state, case.closed_on) for case in place.cases()} == {(ended, OPENED)}
    assert {quote for case in place.cases() for quote in place.quotes(case)} == {GOALS}


def test_nobody_decides_about_a_duty_of_an_edition_that_is_superseded(place: Place) -> None:
    before, body_ids = place.duty()
    place.renew((GOALS, WORDED))
    where, terms = place.of(before.id), replace(terms_of(before, body_ids), deadline="senast den 1 mars")
    for decide in (
        lambda: confirm_duty(place.database, where, by="kanslichefen", now=LATER),
        lambda: correct_duty(place.database, where, terms, decision=BECAUSE, now=LATER),
        lambda: reject_duty(place.database, where, decision=BECAUSE, now=LATER),
    ):
        with pytest.raises(DutyRefused, match="utgåva som är ersatt"):
            decide()


def test_a_new_edition_takes_no_other_documents_title(
    place: Place, database: Database, municipality_id: str, now: datetime
) -> None:
    other = TEXT.replace("Miljöpolicy", "Klimatpolicy")
    import_policy(database, municipality_id, other, confirm=False, by="x", now=now, lifecycles=LIFECYCLES)
    place.renew(("Miljöpolicy", "Klimatpolicy"))
    with database.reading(municipality_id) as session:
        assert sorted(session.scalars(select(Policy.title))) == [
            "Klimatpolicy för Vinterby kommun",
            "Miljöpolicy för Vinterby kommun",
        ]


def test_a_document_whose_adopter_is_no_more_gets_a_new_edition(
    place: Place, database: Database, municipality_id: str
) -> None:
    with database.municipality(municipality_id) as session:
        session.execute(update(Edition).values(text=TEXT.replace("Kommunfullmäktige", "Trafiknämnden")))
    assert not place.renew((GOALS, WORDED)).duplicate
