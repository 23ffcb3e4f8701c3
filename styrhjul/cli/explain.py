"""Why a mail was sent, or why nothing was: the whole chain, from the decided sentence to the recipient."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Annotated

import typer

from styrhjul.cli.context import AsJson, CommandFailed, OnDay, open_installation, print_json
from styrhjul.cli.words import AHEAD_WORDS

if TYPE_CHECKING:
    from styrhjul.services.explain import Explanation
    from styrhjul.services.installation import Installation


def explain(
    case: Annotated[str | None, typer.Argument(metavar="ÄRENDE", help="Ärendets id, eller början av det.")] = None,
    mail: Annotated[str | None, typer.Option("--mail", metavar="MESSAGE_ID", help="Ett mejls Message-ID.")] = None,
    as_json: AsJson = False,
    on: OnDay = None,
) -> None:
    """Why a mail was sent, or why nothing was."""
    from config.clock import today
    from styrhjul.services.explain import explain_mail

    if (case is None) == (mail is None):
        raise typer.BadParameter("skriv antingen ett ärende eller ett mejl (--mail MESSAGE_ID)")
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
    raise CommandFailed(f"Inget ärende, eller flera, börjar med {case_id}. Skriv hela id:t.")


def _print(told: Explanation) -> None:
    from styrhjul.domain.lifecycle import State
    from styrhjul.services.words import STATE_WORDS, round_name, rung_word

    state = STATE_WORDS[State(told.state)]
    print(f"{told.body} · {round_name(told.lifecycle, told.period)} · {state} · {told.case_id}")
    for quote in told.quotes:
        print(f"  ”{quote.quote}”\n    {quote.read_as}")
    decided = [told.adopted_by, told.adopted_on, told.paragraph, told.diary_number]
    print(f"  {told.policy} ({', '.join(str(part) for part in decided if part)})")
    moved = f" (flyttad från {told.opening_deferred_from})" if told.opening_deferred_from else ""
    print(f"  Öppnar {told.opens_on}{moved}. Frist {told.due_on}. {told.due_source}")
    if told.meeting_on:
        print(f"  Möte {told.meeting_on}. Handlingarna ska vara klara {told.agenda_on}.")
    for step in told.steps:
        when = str(step.on or "–")
        why = f" ({step.reason})" if step.reason else ""
        who = f"{step.office}: {step.holder or 'vakant'}"
        print(f"  {when:<10}  {rung_word(step.rung):<17}  {who} · {_status(step.status)}{why}")
    print(f"  {told.said}\n")


def _status(status: str) -> str:
    from styrhjul.domain.facts import NoticeStatus
    from styrhjul.services.words import NOTICE_WORDS

    return AHEAD_WORDS.get(status) or NOTICE_WORDS[NoticeStatus(status)]
