"""Why a mail was sent, or why nothing was: the whole chain, from the decided sentence to the recipient."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Annotated

import typer

from styrhjul.cli.context import AsJson, CommandFailed, OnDay, open_installation, print_json

if TYPE_CHECKING:
    from styrhjul.services.explain import Explanation
    from styrhjul.services.installation import Installation


def explain(
    case: Annotated[str | None, typer.Argument(metavar="CASE", help="A case's id, or the beginning of it.")] = None,
    mail: Annotated[str | None, typer.Option("--mail", metavar="MESSAGE_ID", help="A mail's Message-ID.")] = None,
    as_json: AsJson = False,
    on: OnDay = None,
) -> None:
    """Why a mail was sent, or why nothing was."""
    from config.clock import today
    from styrhjul.services.explain import explain_mail

    if (case is None) == (mail is None):
        raise typer.BadParameter("name either a case or a mail (--mail MESSAGE_ID)")
    installation = open_installation(on)
    now = today(installation.clock.now())
    if mail is not None:
        explanations = explain_mail(installation.database, mail, now)
    else:
        explanations = [_explain_case(installation, str(case))]
    if as_json:
        print_json(explanations if mail is not None else explanations[0])
        return
    for explanation in explanations:
        _print(explanation)


def _explain_case(installation: Installation, case_id: str) -> Explanation:
    from config.clock import today
    from styrhjul.services.explain import NothingToExplain, explain_case

    now = today(installation.clock.now())
    for municipality_id in installation.municipality_ids():
        with contextlib.suppress(NothingToExplain):
            return explain_case(installation.database, municipality_id, case_id, now)
    raise CommandFailed(f"no case, or more than one, begins with {case_id}")


def _print(told: Explanation) -> None:
    print(f"{told.body} · {told.lifecycle} {told.period} · {told.state} · {told.case_id}")
    for quote in told.quotes:
        print(f"  ”{quote.quote}”\n    {quote.read_as}")
    decided = [told.adopted_by, told.adopted_on, told.paragraph, told.diary_number]
    print(f"  {told.policy} ({', '.join(str(part) for part in decided if part)})")
    moved = f", moved from {told.opening_deferred_from}" if told.opening_deferred_from else ""
    print(f"  opens {told.opens_on}{moved}; due {told.due_on}. {told.due_source}")
    if told.meeting_on:
        print(f"  meeting {told.meeting_on}, papers {told.agenda_on}")
    for step in told.steps:
        when = step.on or "–"
        why = f" ({step.reason})" if step.reason else ""
        print(f"  {when}  {step.rung:<16} {step.office}: {step.holder or 'vakant'} · {step.status}{why}")
    print(f"  {told.said}\n")
