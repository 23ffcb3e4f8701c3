"""What is asked of a person before anybody else is asked, duty by duty."""

from __future__ import annotations

from dataclasses import replace

import pytest

from styrhjul.documents import FoundDuty, read_policy
from styrhjul.domain.lifecycle import Holder
from styrhjul.services.policies.binding import Binding
from styrhjul.services.policies.proposal import waiting_for

BOUND = Binding(body_ids=("n",), holder=Holder.BODY, why="”Varje nämnd” är här socialnämnden.")
NOBODY = replace(BOUND, body_ids=())


@pytest.fixture
def duty() -> FoundDuty:
    """A duty that nobody need look at."""
    text = "Policy för mångfald\n\nVarje nämnd ska årligen följa upp målen senast den 31 mars.\n"
    [found] = [each for each in read_policy(text).duties if each.recurrence == "annual"]
    assert waiting_for(found, BOUND) is None
    return found


def test_a_duty_on_a_condition_waits_until_somebody_says_that_it_is_met(duty: FoundDuty) -> None:
    told = waiting_for(replace(duty, condition="om medel anslås"), BOUND)
    assert told == "Gäller bara på ett villkor. Bekräfta när villkoret är uppfyllt."


def test_a_duty_that_binds_nobody_waits_for_whoever_chooses_whom(duty: FoundDuty) -> None:
    told = waiting_for(duty, NOBODY)
    assert told == "Texten pekar inte ut något organ. Välj vem det gäller och bekräfta."
