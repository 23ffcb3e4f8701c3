"""What is asked about several bodies at once is one matter of the mail, and each body keeps its link."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from styrhjul.mail import sample
from styrhjul.mail.context import Item, context_for
from styrhjul.mail.render import render

BODIES = ("Byggnämnden", "Socialnämnden", "Valnämnden")


def told(items: list[Item]) -> str:
    rendered = render(context_for(items, sample.recipient(items[0]), sample.SENDER, items[0].today))
    return " ".join(f"{rendered.subject} | {rendered.text}".split())


def handovers(key: str = "handover_reminder", **changes: Any) -> list[Item]:  # noqa: ANN401 - any field
    one = replace(sample.item(key), **changes)
    return [replace(one, body_name=body, url=sample.url(number)) for number, body in enumerate(BODIES)]


def test_the_same_question_about_several_bodies_is_one_matter_with_a_link_each() -> None:
    text = told(handovers())
    assert text.startswith("Byggnämnden: kontrollera uppdragen i tre organ senast 2 februari | ")
    assert text.count("Vilka har uppdragen") == 1
    assert [text.count(f" - {body} {sample.url(number)}") for number, body in enumerate(BODIES)] == [1, 1, 1]


def test_beside_other_matters_it_counts_as_one() -> None:
    report = replace(sample.item("annual_report_opened"), today=handovers()[0].today, url=sample.url(9))
    text = told([*handovers(), report])
    assert "två saker att göra" in text
    assert "Vilka har uppdragen i tre organ?" in text


def test_bodies_with_days_of_their_own_are_told_apart() -> None:
    first, *others = handovers()
    text = told([replace(first, due_on=date(2027, 1, 29)), *others])
    assert "Vilka har uppdragen i byggnämnden?" in text
    assert "Vilka har uppdragen i två organ?" in text


def test_above_each_body_is_a_matter_of_its_own() -> None:
    assert told(handovers("handover_escalation")).startswith("Tre ärenden väntar på dig")
