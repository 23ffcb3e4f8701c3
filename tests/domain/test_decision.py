"""A case's journal folds to what people have decided about it: each decision once, whatever it is told by."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from styrhjul.domain.act import Act
from styrhjul.domain.decision import decisions_in, told_in
from styrhjul.domain.journal import PLANNER, Entry, EntryKind, Value

NOW = datetime(2027, 3, 10, 9, tzinfo=UTC)
CHIEF = "kommunchefen"
NEW_DAY = date(2027, 5, 31)


def line(number: int, kind: EntryKind, **data: Value) -> Entry:
    return Entry(municipality_id="m", number=number, at=NOW, kind=kind, by=CHIEF, case_id="c", data=data)


def moved(number: int, event: str) -> Entry:
    return line(number, EntryKind.CASE_MOVED, event=event, reason="Skäl")


def new_day(number: int) -> Entry:
    return line(number, EntryKind.DUE_MOVED, due_on=NEW_DAY.isoformat(), reason="Skäl")


@pytest.mark.parametrize(
    ("entry", "act"),
    [
        (new_day(1), Act.EXTEND),
        (line(1, EntryKind.CASE_REASSIGNED, post="p", reason="Skäl"), Act.REASSIGN),
        (line(1, EntryKind.CASE_NOTED, note="Skäl"), Act.NOTE),
        *((moved(1, act.value), act) for act in (Act.APPROVE, Act.RETURN, Act.REFER, Act.PREPARE, Act.WAIVE)),
    ],
)
def test_each_thing_that_may_be_decided_is_told_by_its_own_word(entry: Entry, act: Act) -> None:
    (made,) = decisions_in([entry])
    assert (made.act, made.by, made.reason) == (act, CHIEF, "Skäl")


@pytest.mark.parametrize("event", ["submit", "begin", "close"])
def test_answers_and_ends_of_rounds_are_nobodys_decisions(event: str) -> None:
    assert decisions_in([moved(1, event)]) == []


def test_the_day_that_an_answer_is_sent_back_with_is_part_of_sending_it_back() -> None:
    (made,) = decisions_in([moved(1, "return"), new_day(2)])
    assert (made.act, made.until, made.numbers) == (Act.RETURN, NEW_DAY, (1, 2))


@pytest.mark.parametrize("other", [{"at": NOW + timedelta(seconds=1)}, {"by": "kansliet"}, {"case_id": "another"}])
def test_more_time_that_somebody_gives_besides_is_its_own_decision(other: dict[str, object]) -> None:
    later = replace(new_day(2), **other)  # type: ignore[arg-type]
    assert [made.act for made in decisions_in([moved(1, "return"), later])] == [Act.RETURN, Act.EXTEND]


def test_only_one_day_is_part_of_it() -> None:
    assert [made.act for made in decisions_in([moved(1, "return"), new_day(2), new_day(3)])] == [Act.RETURN, Act.EXTEND]


def test_a_referral_is_told_with_those_it_went_to() -> None:
    sent = line(2, EntryKind.REFERRAL_SENT, bodies=["a", "b"], due_on=NEW_DAY.isoformat(), reason="Skäl")
    (made,) = decisions_in([moved(1, "refer"), sent])
    assert (made.act, made.given_to, made.until) == (Act.REFER, ("a", "b"), NEW_DAY)
    assert made.named({"b": "Byggnämnden"}).to == ("Byggnämnden",)


def test_what_the_calendar_did_is_no_decision_though_its_handing_over_is_told() -> None:
    given = line(1, EntryKind.CASE_REASSIGNED, post="p", reason="Organet har upphört.")
    entries = [replace(each, by=PLANNER) for each in (given, new_day(2), moved(3, "waive"))]
    assert decisions_in(entries) == []
    assert [made.act for made in told_in(entries)] == [Act.REASSIGN]
