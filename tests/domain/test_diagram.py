"""The page of a lifecycle tells everything that is declared: every move, every round's source, every step."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from styrhjul.cli.docs import DOCS, PAGES
from styrhjul.domain.diagram import About, lifecycle_page
from styrhjul.domain.lifecycle import FINAL_STATES, Lifecycle, State
from styrhjul.domain.round_rule import EventRound
from styrhjul.domain.rung import Anchor, Audience, Offset, Rung, Unit
from workflows import LIFECYCLES

every_lifecycle = pytest.mark.parametrize("lifecycle", LIFECYCLES.values(), ids=LIFECYCLES)
GOALS = LIFECYCLES["goal_setting"]
ABOUT = About(swedish="Mål", told="What it is.")


def page(lifecycle: Lifecycle) -> str:
    """The lifecycle's page."""
    return lifecycle_page(lifecycle, ABOUT)


def drawn(lifecycle: Lifecycle) -> set[tuple[str, str]]:
    """Every arrow between states, those of the box of chased states given to each of them."""
    arrows = re.findall(r"^    (\w+) --> (\w+):", page(lifecycle), re.MULTILINE)
    boxed = {end for start, end in arrows if start == "chased_states"}
    single = {(start, end) for start, end in arrows if start != "chased_states"}
    return single | {(state, end) for state in lifecycle.chased for end in boxed}


@pytest.mark.parametrize("name", sorted(name for name in PAGES if name.startswith("lifecycles/")))
def test_the_pages_in_docs_are_in_step_with_the_declarations(name: str) -> None:
    """Write them anew with `./run docs`."""
    assert (DOCS / f"{name}.md").read_text(encoding="utf-8") == PAGES[name]()


def test_there_is_a_page_for_every_lifecycle_and_no_other() -> None:
    assert {path.stem for path in (DOCS / "lifecycles").glob("*.md")} == {"README", *LIFECYCLES}


def test_the_list_of_lifecycles_leads_to_each_page() -> None:
    listed = PAGES["lifecycles/README"]()
    assert re.findall(r"\]\((\w+)\.md\)", listed) == list(LIFECYCLES)


@every_lifecycle
def test_every_move_is_drawn_and_no_other(lifecycle: Lifecycle) -> None:
    assert drawn(lifecycle) == {(start, end) for (start, _), end in lifecycle.transitions.items()}
    ends = set(re.findall(r"^    (\w+) --> \[\*\]$", page(lifecycle), re.MULTILINE))
    assert ends == {end for end in lifecycle.transitions.values() if end in FINAL_STATES}
    assert f"class {','.join(s for s in State if s in lifecycle.chased)} chased" in page(lifecycle)


@every_lifecycle
def test_every_round_stands_with_the_sentence_it_comes_from(lifecycle: Lifecycle) -> None:
    text = page(lifecycle)
    rules = [rule for rule in (*lifecycle.rounds.values(), lifecycle.first_year) if rule]
    assert all(f'"{rule.source}"' in text for rule in rules if not isinstance(rule, EventRound))
    assert "| by law" not in text


@every_lifecycle
def test_every_step_has_its_row_in_the_order_of_the_ladder(lifecycle: Lifecycle) -> None:
    assert re.findall(r"\| `(\w+)` \|$", page(lifecycle), re.MULTILINE) == [rung.email for rung in lifecycle.ladder]


def test_a_page_is_named_told_and_answered_as_the_declaration_says() -> None:
    text = page(LIFECYCLES["annual_report"])
    assert text.startswith("# Annual report (mål)\n\nWhat it is.\n\nAnswered by the coordinator, without any meeting")
    assert "as long as the case is open or under way." in text
    assert "| the text is silent or every year | 1 March of the year after | 25 March of the year after; by law" in text


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (Offset(Anchor.OPENING), "the day it opens"),
        (Offset(Anchor.OPENING, 5), "5 working days after the opening"),
        (Offset(Anchor.PAPERS, -10), "10 working days before the meeting's papers, or the due day"),
        (Offset(Anchor.DUE, -1), "1 working day before the due day"),
        (Offset(Anchor.DUE, -14, Unit.CALENDAR), "14 days before the due day"),
        (Offset(Anchor.DUE), "the due day"),
    ],
)
def test_a_step_says_its_day_in_words(at: Offset, words: str) -> None:
    step = Rung(key="new_step", at=at, to=Audience.VICE_CHAIR, email="goals_new")
    opening = at.anchor is Anchor.OPENING
    place = 1 if opening else 1 + sum(rung.at.days < at.days for rung in GOALS.ladder[1:])
    text = page(replace(GOALS, ladder=(*GOALS.ladder[:place], step, *GOALS.ladder[place:])))
    assert f"| new step | {words} | the vice chair | `goals_new` |" in text


def test_going_up_stands_out_and_says_what_must_come_first() -> None:
    assert (
        "| chief executive | the first digest day from 8 working days after the due day, once the warning has reached "
        "somebody | **chief executive** | `goals_escalation` |"
    ) in page(GOALS)
