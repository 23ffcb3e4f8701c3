"""The journal folds to the row, and every kind of tampering breaks a seal."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from styrhjul.domain.journal import GENESIS, Entry, EntryKind, Standing, Value, fold, seal
from styrhjul.domain.lifecycle import Event, NotAllowed, State
from workflows import LIFECYCLES

GOALS = LIFECYCLES["goal_setting"]
AT = datetime(2027, 1, 7, 8, 0, tzinfo=UTC)


def entry(kind: EntryKind, number: int = 1, **data: Value) -> Entry:
    """One line about one case."""
    return Entry(municipality_id="m", number=number, at=AT, kind=kind, by="styrhjul", case_id="c", data=data)


OPENED = entry(EntryKind.CASE_OPENED, due_on="2027-03-31")


def test_a_case_folds_to_open_with_its_due_day() -> None:
    assert fold(GOALS, [OPENED]) == Standing(state=State.OPEN, due_on=date(2027, 3, 31))


def test_an_answer_and_more_time_fold_in_order() -> None:
    lines = [
        OPENED,
        entry(EntryKind.DUE_MOVED, due_on="2027-04-30"),
        entry(EntryKind.NOTICE_PLANNED, rung="reminder"),
        entry(EntryKind.CASE_MOVED, event=Event.SUBMIT.value),
    ]
    assert fold(GOALS, lines) == Standing(state=State.SUBMITTED, due_on=date(2027, 4, 30))


def test_a_journal_that_tells_of_an_impossible_step_is_refused() -> None:
    with pytest.raises(NotAllowed):
        fold(GOALS, [OPENED, entry(EntryKind.CASE_MOVED, event=Event.APPROVE.value)])


def test_nothing_is_known_of_a_case_that_never_opened() -> None:
    assert fold(GOALS, [entry(EntryKind.NOTICE_PLANNED)]) is None


def test_the_seal_is_the_same_in_every_time_zone() -> None:
    there = AT.astimezone(timezone(timedelta(hours=2)))
    moved = Entry(
        municipality_id="m", number=1, at=there, kind=OPENED.kind, by="styrhjul", case_id="c", data=OPENED.data
    )
    assert seal(GENESIS, OPENED) == seal(GENESIS, moved)


CHANGES: dict[str, object] = {
    "municipality_id": "another",
    "number": 2,
    "at": AT + timedelta(microseconds=1),
    "kind": EntryKind.CASE_NOT_FOLLOWED,
    "by": "kansliet",
    "case_id": None,
    "data": {"due_on": "2027-04-01"},
}


@pytest.mark.parametrize("field", CHANGES)
def test_changing_anything_changes_the_seal(field: str) -> None:
    changed = replace(OPENED, **{field: CHANGES[field]})  # type: ignore[arg-type]
    assert seal(GENESIS, changed) != seal(GENESIS, OPENED)


def test_a_seal_covers_the_one_before_it() -> None:
    assert seal("1" + GENESIS[1:], OPENED) != seal(GENESIS, OPENED)


SAID = st.one_of(st.text(), st.integers(), st.booleans(), st.none(), st.lists(st.text()))


@given(by=st.text(), case_id=st.none() | st.text(), number=st.integers(1), data=st.dictionaries(st.text(), SAID))
def test_what_is_sealed_is_canonical_json(by: str, case_id: str | None, number: int, data: dict[str, Value]) -> None:
    line = replace(OPENED, by=by, case_id=case_id, number=number, data=data)
    content = {
        "previous": GENESIS,
        "municipality": "m",
        "number": number,
        "at": "2027-01-07T08:00:00.000000+00:00",
        "kind": "case_opened",
        "by": by,
        "case": case_id,
        "data": data,
    }
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert seal(GENESIS, line) == hashlib.sha256(canonical.encode()).hexdigest()
