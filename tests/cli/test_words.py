"""Everything that is counted or checked has its Swedish word."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from config.clock import wall_time
from config.settings import load_settings
from styrhjul.cli.words import CHECK_WORDS, CONFIDENCE_WORDS, COUNT_WORDS, counted
from styrhjul.domain.vocabulary import Confidence
from styrhjul.services.cases.sweep import SweepReport
from styrhjul.services.delivery.deliver import DeliverReport
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.operations.doctor import examine


def test_every_count_has_a_word() -> None:
    reported = [*fields(SweepReport), *fields(DeliverReport)]
    assert {field.name for field in reported} | {"composed"} == set(COUNT_WORDS)


def test_every_check_of_the_doctor_has_a_word(tmp_path: Path) -> None:
    installation = Installation.open(load_settings(data_dir=tmp_path))
    assert [check.check for check in examine(installation, wall_time())] == list(CHECK_WORDS)
    installation.close()


def test_every_confidence_has_a_word() -> None:
    assert set(CONFIDENCE_WORDS) == set(Confidence)


@pytest.mark.parametrize(("count", "said"), [(0, "0 rader"), (1, "1 rad"), (2, "2 rader")])
def test_one_is_not_several(count: int, said: str) -> None:
    assert counted(count, "rad", "rader") == said
