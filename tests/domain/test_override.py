"""A municipality's own ladder: laid over the declared one field by field, and refused where it could not be climbed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from styrhjul.domain.ladder import ladder_days
from styrhjul.domain.lifecycle import Lifecycle
from styrhjul.domain.override import RungOverride, WrongLadder, effective
from styrhjul.domain.rung import ABOVE, Anchor, Audience, Unit
from tests.domain.given import a_case
from workflows import LIFECYCLES

FOLLOW_UP = LIFECYCLES["follow_up"]
HERE = "policy"


def row(rung: str = "reminder", *, policy_id: str | None = None, **values: Any) -> RungOverride:  # noqa: ANN401 - fields
    return RungOverride(lifecycle="follow_up", rung=rung, policy_id=policy_id, **values)


def keys(lifecycle: Lifecycle) -> list[str]:
    return [rung.key for rung in lifecycle.ladder]


def refused(*rows: RungOverride) -> WrongLadder:
    with pytest.raises(WrongLadder) as refusal:
        effective(FOLLOW_UP, rows, policy_id=HERE)
    return refusal.value


def test_without_overrides_the_declared_lifecycle_is_followed() -> None:
    others = [RungOverride(lifecycle="revision", rung="reminder", days=-20), row(policy_id="another", days=-20)]
    assert effective(FOLLOW_UP, others, policy_id=HERE) is FOLLOW_UP


def test_what_an_override_does_not_say_stays_as_declared() -> None:
    changed = effective(FOLLOW_UP, [row(days=-15, unit=Unit.CALENDAR)]).rung("reminder")
    declared = FOLLOW_UP.rung("reminder")
    assert (changed.at.days, changed.at.unit, changed.at.anchor) == (-15, Unit.CALENDAR, declared.at.anchor)
    assert (changed.to, changed.email) == (declared.to, declared.email)


def test_the_digest_stays_a_digest() -> None:
    changed = effective(FOLLOW_UP, [row("chief_executive", days=20)]).rung("chief_executive")
    assert (changed.at.days, changed.at.digest, changed.after) == (20, True, "warning")


@pytest.mark.parametrize("order", [1, -1])
def test_a_document_s_row_lies_over_the_municipality_s_field_by_field(order: int) -> None:
    rows = [row(days=-15, audience=Audience.SECRETARY), row(policy_id=HERE, days=-20)][::order]
    here, elsewhere = (effective(FOLLOW_UP, rows, policy_id=policy).rung("reminder") for policy in (HERE, "another"))
    assert (here.at.days, here.to) == (-20, Audience.SECRETARY)
    assert (elsewhere.at.days, elsewhere.to) == (-15, Audience.SECRETARY)


def test_a_cap_of_none_takes_the_rung_away_and_a_document_may_take_it_back() -> None:
    rows = [row(cap=0), row(policy_id=HERE, cap=1)]
    assert "reminder" not in keys(effective(FOLLOW_UP, rows))
    assert keys(effective(FOLLOW_UP, rows, policy_id=HERE)) == keys(FOLLOW_UP)


def test_a_repeated_rung_gets_numbered_keys_and_the_same_mail() -> None:
    steps = effective(FOLLOW_UP, [row(days=-20, cap=3, every=5)]).ladder[1:4]
    assert [(step.key, step.at.days) for step in steps] == [("reminder", -20), ("reminder_2", -15), ("reminder_3", -10)]
    assert {step.email for step in steps} == {"follow_up_reminder"}


def test_a_repeated_rung_has_its_own_days_in_the_ladder() -> None:
    case = a_case(date(2027, 1, 7), date(2027, 2, 26))
    ladder = effective(FOLLOW_UP, [row(anchor=Anchor.DUE, days=-20, cap=2, every=5)]).ladder
    days = {step.rung.key: step.on for step in ladder_days(ladder, case)}
    assert (days["reminder"], days["reminder_2"]) == (date(2027, 1, 29), date(2027, 2, 5))


def test_the_municipality_may_add_a_body_s_chair_alone_as_reader() -> None:
    assert effective(FOLLOW_UP, [row(audience=Audience.CHAIR)]).rung("reminder").to is Audience.CHAIR


WRONG: dict[str, tuple[RungOverride, str, str, str]] = {
    "unknown rung": (row("remindr", days=-9), "remindr", "", "Steget finns inte"),
    "unknown mail": (row(email="goals_reminder"), "reminder", "email", "hör inte till det här steget"),
    "after the next": (row(days=-2), "reminder", "days", "efter last_reminder"),
    "before the one below": (row("last_reminder", days=-12), "last_reminder", "days", "före reminder"),
    "repeats pass the next": (row(cap=3, every=4), "reminder", "every", "förbi last_reminder"),
    "repeats without a distance": (row(cap=2), "reminder", "every", "hur många dagar"),
    "too often": (row(cap=13, every=1), "reminder", "cap", "0 (skickas inte) till 12"),
    "no distance": (row(cap=2, every=0), "reminder", "every", "1 till"),
    "too far": (row(days=-400), "reminder", "days", "högst"),
    "before it opens": (row("opened", days=-1), "opened", "days", "före öppningen"),
    "no warning": (row("warning", cap=0), "warning", "cap", "kan inte tas bort"),
    "a repeated warning": (row("warning", cap=2, every=1), "warning", "cap", "en gång"),
    "a warning to another": (row("warning", audience=Audience.COORDINATOR), "warning", "audience", "den som svarar"),
    "a warning without days": (row("warning", email="follow_up_reminder"), "warning", "email", "vilka dagar"),
    "a warning at the opening": (row("warning", anchor=Anchor.OPENING, days=0), "warning", "anchor", "från fristen"),
    "a warning after the due day": (row("warning", days=1), "warning", "days", "Skriv 0 eller färre"),
    "the mail of another step": (
        row("chief_executive", email="follow_up_opened"),
        "chief_executive",
        "email",
        "Skriv follow_up_escalation.",
    ),
    "a reminder that opens": (
        row(email="follow_up_opened"),
        "reminder",
        "email",
        "Skriv follow_up_last_reminder eller follow_up_reminder.",
    ),
    "an opening that warns": (row("opened", email="follow_up_warning"), "opened", "email", "Skriv follow_up_opened."),
    "up to the body itself": (
        row("head", audience=Audience.CHAIR),
        "head",
        "audience",
        "Skriv chief_executive, executive_board eller head_of_administration.",
    ),
    "no top": (row("chief_executive", cap=0), "chief_executive", "cap", "nå kommunchefen"),
    "another top": (
        row("chief_executive", audience=Audience.EXECUTIVE_BOARD),
        "chief_executive",
        "audience",
        "nå kommunchefen",
    ),
    "a repeated digest": (row("chief_executive", cap=2, every=5), "chief_executive", "cap", "Veckobrevet"),
    "up unwarned": (row(audience=Audience.HEAD_OF_ADMINISTRATION), "reminder", "audience", "någon har varnats"),
    "up before the due day": (row("head", days=0), "head", "days", "fristen har passerat"),
    "up from the papers": (row("head", anchor=Anchor.PAPERS), "head", "anchor", "Skriv due"),
}


@pytest.mark.parametrize(("wrong", "rung", "field", "words"), WRONG.values(), ids=WRONG)
def test_a_ladder_that_could_not_be_climbed_is_refused(wrong: RungOverride, rung: str, field: str, words: str) -> None:
    refusal = refused(wrong)
    assert (refusal.rung, refusal.field) == (rung, field)
    assert words in refusal.sentence
    assert refusal.sentence.endswith(".")


def test_one_reminder_may_have_the_mail_of_another() -> None:
    assert effective(FOLLOW_UP, [row(email="follow_up_last_reminder")]).rung("reminder").email == (
        "follow_up_last_reminder"
    )


def test_a_warning_may_come_on_the_due_day_and_the_head_s_step_go_to_the_board() -> None:
    rows = [row("warning", days=0), row("head", audience=Audience.EXECUTIVE_BOARD)]
    changed = effective(FOLLOW_UP, rows)
    assert (changed.rung("warning").at.days, changed.rung("head").to) == (0, Audience.EXECUTIVE_BOARD)


overrides = st.builds(
    RungOverride,
    lifecycle=st.just("follow_up"),
    rung=st.sampled_from(keys(FOLLOW_UP)),
    policy_id=st.sampled_from([None, HERE]),
    anchor=st.none() | st.sampled_from(Anchor),
    days=st.none() | st.integers(-30, 30),
    unit=st.none() | st.sampled_from(Unit),
    audience=st.none() | st.sampled_from(Audience),
    cap=st.none() | st.integers(0, 4),
    every=st.none() | st.integers(1, 10),
)


@given(st.lists(overrides, max_size=4))
def test_whatever_is_laid_over_a_ladder_it_is_refused_or_sound(rows: list[RungOverride]) -> None:
    try:
        changed = effective(FOLLOW_UP, rows, policy_id=HERE)
    except WrongLadder as refusal:
        assert refusal.rung in keys(FOLLOW_UP)  # noqa: PT017 - either way is right
        return
    assert len(set(keys(changed))) == len(changed.ladder)
    assert changed.rung("warning").to is Audience.HOLDER
    assert changed.rung("warning").at.days <= 0
    assert all(rung.to in ABOVE for rung in changed.ladder if rung.after)
    assert any(rung.to is Audience.CHIEF_EXECUTIVE for rung in changed.ladder)
