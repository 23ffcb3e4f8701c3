"""A correction that asks for less than what stood there says why, as a rejection does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from styrhjul.domain.journal import EntryKind
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.services.policies.duty_decide import TermsRefused
from tests.services.test_duty_decide import BECAUSE, SILENT, correct, journalled, set_duty
from tests.town import Town, build_town

if TYPE_CHECKING:
    from styrhjul.db.session import Database


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database)


@pytest.mark.parametrize(
    ("stands", "changed", "why"),
    [
        ({}, {"action_kind": ActionKind.OTHER_DUTY}, "annat slag"),
        ({}, {"bodies": "one of two"}, "organ tas bort"),
        ({"recurrence": "annual"}, {"recurrence": None}, "hur ofta tas bort"),
        ({"recurrence": "annual"}, {"recurrence": "every_n_years:6"}, "mer sällan"),
        ({}, {"recurrence": "every_n_years:6"}, "mer sällan"),
        ({"recurrence": "every_n_years:3"}, {"recurrence": "mandate_period"}, "mer sällan"),
        ({}, {"recurrence": "as_needed"}, "följs inte längre"),
        ({"deadline": "senast 31 mars"}, {"deadline": None}, "fristen tas bort"),
        ({"deadline": "senast 31 mars"}, {"deadline": "senast 30 april"}, "fristen blir senare"),
        ({"deadline": "senast 2027-03-31"}, {"deadline": "senast 30 april"}, "fristen blir senare"),
        ({"goal_min": 2, "goal_max": 3}, {"goal_min": 1}, "antalet mål"),
        ({"goal_min": 2, "goal_max": 3}, {"goal_max": None}, "antalet mål"),
        ({}, {"condition": "vid behov"}, "på ett villkor"),
    ],
)
def test_a_correction_that_softens_needs_a_reason(
    town: Town, stands: dict[str, object], changed: dict[str, object], why: str
) -> None:
    set_duty(town, **{"goal_min": None, "goal_max": None, **stands})
    if "bodies" in changed:
        changed = {"body_ids": (town.bodies["socialnämnden"],)}
    with pytest.raises(TermsRefused, match=why) as refused:
        correct(town, SILENT, **changed)
    assert refused.value.field == "reason"
    assert journalled(town, EntryKind.DUTY_CORRECTED) == []
    correct(town, BECAUSE, **changed)
    assert journalled(town, EntryKind.DUTY_CORRECTED)[0].data["reason"] == BECAUSE.reason


@pytest.mark.parametrize(
    ("stands", "changed"),
    [
        ({"recurrence": "every_n_years:6"}, {"recurrence": "every_n_years:3"}),
        ({"recurrence": "mandate_period"}, {"recurrence": "annual"}),
        ({"deadline": "senast 31 mars"}, {"deadline": "senast 28 februari"}),
        ({"deadline": "när det passar"}, {"deadline": "senast 30 april"}),
        ({"goal_min": 1}, {"goal_min": 2}),
        ({"condition": "vid behov"}, {"condition": None}),
        ({}, {"actor": "Nämnderna"}),
    ],
)
def test_a_correction_that_asks_for_as_much_needs_no_reason(
    town: Town, stands: dict[str, object], changed: dict[str, object]
) -> None:
    set_duty(town, **{"goal_min": None, "goal_max": None, **stands})
    correct(town, SILENT, **changed)
    assert len(journalled(town, EntryKind.DUTY_CORRECTED)) == 1
