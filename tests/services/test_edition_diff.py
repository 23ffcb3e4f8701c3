"""Duties of two texts are paired by rules that can be read: the same words, or close words of one actor."""

from __future__ import annotations

from dataclasses import replace

import pytest

from styrhjul.db.model import DutyStatus
from styrhjul.db.policy_page_query import PageDuty
from styrhjul.documents import FoundDuty, read_policy
from styrhjul.domain.lifecycle import Holder
from styrhjul.services.policies.edition_diff import Fate, Pair, Read, compare_editions

HEAD = "Miljöpolicy för Vinterby kommun\n\nAnsvar\n\n"
GOALS = "Varje nämnd ska årligen besluta om 1-3 mål för sitt miljöarbete."
FOLLOW = "Varje nämnd ska följa upp målen årligen."
REVISE = "Policyn ska revideras varje mandatperiod."


def stored(duty: FoundDuty, number: int = 0) -> PageDuty:
    """What was stored of a duty when it was read, confirmed."""
    said = {field: getattr(duty, field) for field in FoundDuty.__slots__ if field != "addressees"}
    decided = {"status": DutyStatus.CONFIRMED, "confirmed_by": "kanslichefen", "confirmed_at": None}
    bound = {"holder": Holder.BODY, "lifecycle": None, "of_plans": False, "body_ids": (), "bodies": ()}
    return PageDuty(**said, **decided, **bound, duty_id=f"d{number}", version="")  # type: ignore[arg-type]


def reads(text: str) -> list[Read]:
    return [Read(duty=duty, binding=None) for duty in read_policy(text).duties]


def compare(before: str, after: str, *, by_hand: tuple[PageDuty, ...] = ()) -> tuple[Pair, ...]:
    was = reads(HEAD + before)
    there = [stored(read.duty, number) for number, read in enumerate(was)]
    return compare_editions([*there, *by_hand], was, reads(HEAD + after), HEAD + after)


def fates(pairs: tuple[Pair, ...]) -> list[tuple[Fate, str]]:
    return [(pair.fate, (pair.now.duty if pair.now else pair.stored).quote) for pair in pairs]  # type: ignore[union-attr]


def text(*sentences: str) -> str:
    return "\n\n".join(sentences) + "\n"


def test_the_same_text_keeps_every_duty() -> None:
    pairs = compare(text(GOALS, FOLLOW, REVISE), text(GOALS, FOLLOW, REVISE))
    assert [fate for fate, _ in fates(pairs)] == [Fate.KEPT] * 3


def test_line_breaks_and_spaces_change_nothing() -> None:
    pairs = compare(
        text(GOALS, FOLLOW), text(GOALS.replace("om 1-3", "om  1-3"), FOLLOW.replace("följa upp", "följa\nupp"))
    )
    assert [fate for fate, _ in fates(pairs)] == [Fate.KEPT] * 2


def test_another_order_keeps_every_duty_at_its_new_place() -> None:
    pairs = compare(text(GOALS, FOLLOW, REVISE), text(REVISE, FOLLOW, GOALS))
    assert fates(pairs) == [(Fate.KEPT, REVISE), (Fate.KEPT, FOLLOW), (Fate.KEPT, GOALS)]
    assert all(pair.now is not None and pair.start == pair.now.duty.start for pair in pairs)


def test_other_words_that_ask_for_the_same_are_the_same_duty() -> None:
    other = "Varje nämnd ska årligen besluta om 1-3 mål för sitt miljö- och klimatarbete."
    [pair] = compare(text(GOALS), text(other))
    assert (pair.fate, pair.differs) == (Fate.CHANGED, ())


@pytest.mark.parametrize(
    ("now", "differs"),
    [
        (GOALS.replace("1-3", "1-2"), ("goal_max",)),
        (GOALS.replace("ska", "bör"), ("modality",)),
        (GOALS.replace("årligen", "varje mandatperiod"), ("recurrence",)),
    ],
)
def test_what_the_text_asks_otherwise_is_named(now: str, differs: tuple[str, ...]) -> None:
    [pair] = compare(text(GOALS), text(now))
    assert (pair.fate, pair.differs) == (Fate.CHANGED, differs)


def test_the_same_words_under_another_lead_in_have_changed() -> None:
    before = "Varje nämnd ska\n\n- besluta om mål för sitt arbete,\n- följa upp målen årligen.\n"
    pairs = compare(before, before.replace("ska", "kan"))
    assert {(pair.fate, pair.differs) for pair in pairs} == {(Fate.CHANGED, ("modality",))}


def test_another_kind_is_another_duty() -> None:
    pairs = compare(text(FOLLOW), text("Varje nämnd ska redovisa målen årligen i årsredovisningen."))
    assert sorted(fate for fate, _ in fates(pairs)) == [Fate.GONE, Fate.NEW]


def test_another_actor_is_another_duty() -> None:
    pairs = compare(text(GOALS), text(GOALS.replace("Varje nämnd", "Kommunstyrelsen")))
    assert sorted(fate for fate, _ in fates(pairs)) == [Fate.GONE, Fate.NEW]


def test_a_duty_split_in_two_lives_on_in_both() -> None:
    one = "Varje nämnd ska årligen besluta om mål för sitt miljöarbete och följa upp målen."
    pairs = compare(text(one), text("Varje nämnd ska årligen besluta om mål för sitt miljöarbete.", FOLLOW))
    assert Fate.CHANGED in {pair.fate for pair in pairs if pair.now and pair.now.duty.action_kind == "set_goals"}
    assert all(pair.now is not None for pair in pairs if pair.stored and pair.stored.action_kind == "set_goals")


def test_the_closest_wording_wins() -> None:
    close, far = (
        GOALS.replace("miljöarbete", "miljöarbete och klimat"),
        "Varje nämnd ska årligen besluta om två mål för allt.",
    )
    pairs = compare(text(GOALS), text(far, close))
    assert [(pair.fate, pair.stored is not None) for pair in pairs] == [(Fate.NEW, False), (Fate.CHANGED, True)]


def test_what_was_added_by_hand_is_kept_where_its_words_still_stand() -> None:
    added = replace(stored(read_policy(HEAD + text(GOALS)).duties[0], 9), quote="Ansvar", start=0, end=6)
    [kept] = [pair for pair in compare(text(GOALS), text(FOLLOW), by_hand=(added,)) if pair.stored is added]
    assert (kept.fate, kept.now, (HEAD + text(FOLLOW))[kept.start : kept.end]) == (Fate.KEPT, None, "Ansvar")


def test_what_is_read_no_longer_though_it_stands_is_not_gone() -> None:
    quoted = f"Bakgrund\n\nI den gamla policyn stod: ”{GOALS}”\n"
    [pair] = [pair for pair in compare(text(GOALS), quoted) if pair.stored]
    assert pair.fate is not Fate.GONE
