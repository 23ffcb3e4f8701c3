"""Why a mail was sent, or why nothing was: the whole chain, from the decided sentence to the recipient."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Annotated

import typer

from styrhjul.cli.context import AsJson, CommandFailed, OnDay, open_to_look, print_json
from styrhjul.cli.words import AHEAD_WORDS

if TYPE_CHECKING:
    from styrhjul.services.cases.explain import Explanation, StepExplained
    from styrhjul.services.cases.not_sent import Silent
    from styrhjul.services.foundation.installation import Installation


def explain(
    case: Annotated[str | None, typer.Argument(metavar="ÄRENDE", help="Ärendets id, eller början av det.")] = None,
    mail: Annotated[str | None, typer.Option("--mail", metavar="MESSAGE_ID", help="Ett mejls Message-ID.")] = None,
    not_sent: Annotated[
        bool, typer.Option("--not-sent", help="Det som inte skickades dagen --on, och varför. Kräver --municipality.")
    ] = False,
    municipality: Annotated[
        str | None, typer.Option("--municipality", metavar="KORTNAMN", help="Kommunens kortnamn, till --not-sent.")
    ] = None,
    body: Annotated[
        str | None, typer.Option("--body", metavar="ORGAN", help="Bara det här organet, till --not-sent.")
    ] = None,
    as_json: AsJson = False,
    on: OnDay = None,
) -> None:
    """Why a mail was sent, or why nothing was."""
    if sum((case is not None, mail is not None, not_sent)) != 1:
        raise typer.BadParameter("skriv ett ärende, ett mejl (--mail MESSAGE_ID) eller --not-sent")
    if not_sent and municipality is None:
        raise typer.BadParameter("--not-sent gäller en kommun: skriv --municipality KORTNAMN")
    installation = open_to_look(on)
    if not_sent:
        _explain_silence(installation, str(municipality), body, as_json=as_json)
        return
    explanations = _explain_mail(installation, mail) if mail is not None else [_explain_case(installation, str(case))]
    if as_json:
        print_json(explanations if mail is not None else explanations[0])
        return
    for explanation in explanations:
        _print(explanation)
    if mail is not None and (why := _why_it_waits(installation, mail)):
        print(f"Mejlet väntar: {why}")


def _why_it_waits(installation: Installation, message_id: str) -> str | None:
    from styrhjul.services.cases.explain import why_it_waits

    return why_it_waits(installation.database, message_id, installation.clock.now())


def _explain_mail(installation: Installation, message_id: str) -> list[Explanation]:
    from config.clock import today
    from styrhjul.services.cases.explain import explain_mail

    return explain_mail(installation.database, message_id, today(installation.clock.now()))


def _explain_case(installation: Installation, case_id: str) -> Explanation:
    from config.clock import today
    from styrhjul.services.cases.explain import NothingToExplain, explain_case

    now = today(installation.clock.now())
    for municipality_id in installation.municipality_ids():
        with contextlib.suppress(NothingToExplain):
            return explain_case(installation.database, municipality_id, case_id, now)
    raise CommandFailed(f"Inget ärende, eller flera, börjar med {case_id}. Skriv hela id:t.")


def _explain_silence(installation: Installation, slug: str, body: str | None, *, as_json: bool) -> None:
    from styrhjul.services.cases.not_sent import explain_silence
    from styrhjul.services.municipality.directory import municipality_by

    municipality_id = municipality_by(installation.database, slug).municipality_id
    silent = explain_silence(installation.database, municipality_id, installation.clock.now(), body=body)
    if as_json:
        print_json(silent)
    else:
        _print_silence(silent)


def _print_silence(silent: Silent) -> None:
    from styrhjul.services.words import round_name, rung_word

    if silent.day_is:
        print(f"{silent.on} är {silent.day_is}: inga mejl skrivs.")
    if not silent.is_released:
        print("Kommunens mejl är inte släppta av samordnaren än.")
    for line in silent.lines:
        called = round_name(line.lifecycle, line.period_words)
        what = f"{called} · {rung_word(line.rung)}" if line.period else line.lifecycle
        who = f" · {line.office}: {line.holder or 'vakant'}" if line.office else ""
        until = f" Går i stället {line.until}." if line.until else ""
        print(f"{line.body or line.policy} · {what}{who}\n  {line.why}{until}")
    if not silent.lines:
        print(f"Inget uteblev {silent.on}: det som skulle skickas har gått.")


def _print(told: Explanation) -> None:
    from styrhjul.domain.lifecycle import State
    from styrhjul.services.words import STATE_WORDS, round_name

    state = STATE_WORDS.get(State(told.state), told.state)
    print(f"{told.body} · {round_name(told.lifecycle, told.period_words)} · {state} · {told.case_id}")
    for quote in told.quotes:
        print(f"  ”{quote.quote}”\n    {quote.read_as}")
    decided = ", ".join(
        str(part) for part in (told.adopted_by, told.adopted_on, told.paragraph, told.diary_number) if part
    )
    print(f"  {told.policy} ({decided})" if decided else f"  {told.policy}")
    moved = f" (flyttad från {told.opening_deferred_from}, {told.opening_deferred_because})"
    print(f"  Öppnar {told.opens_on}{moved if told.opening_deferred_from else ''}. Frist {told.due_on}.")
    print(f"  {told.due_source} Fristen kommer från {told.due_basis_said}.")
    if told.meeting_on:
        papers = f" Handlingarna ska vara klara {told.agenda_on}." if told.agenda_on else ""
        decides = f" Beslutet fattas på ett möte {told.decides_on}." if told.decides_on else ""
        print(f"  Möte {told.meeting_on}.{papers}{decides}")
    if not told.is_binding:
        print("  Texten säger bör eller kan: organet påminns, men inget går upp.")
    for step in told.steps:
        _print_step(step)
    _print_answers(told)
    _print_decisions(told)
    print(f"  {told.said}\n")


def _print_step(step: StepExplained) -> None:
    from styrhjul.services.words import rung_word

    why = f" ({step.reason})" if step.reason else ""
    stands_in = f", som {step.reads_as}" if step.reads_as else ""
    moved = f" Flyttat från {step.deferred_from}" if step.deferred_from else ""
    because = f", {step.deferred_because}." if step.deferred_because else "." if moved else ""
    who = f"{step.office}: {step.holder or 'vakant'}{stands_in}"
    print(f"  {step.on or '–'!s:<10}  {rung_word(step.rung):<17}  {who} · {_status(step.status)}{why}{moved}{because}")


def _print_answers(told: Explanation) -> None:
    from config.clock import today

    for answer in told.answers:
        decision = f" Beslutat {answer.decided_on}" if answer.decided_on else ""
        paragraph = f", § {answer.paragraph}." if answer.paragraph else "." if decision else ""
        print(f"  {today(answer.at)}  Svar {answer.version}: {answer.signed_by}, {answer.office}.{decision}{paragraph}")
    for receipt in told.receipts:
        print(f"  {today(receipt.at)}  Mejl om svaret till {receipt.office}: {_mail_status(receipt.status)}")


def _print_decisions(told: Explanation) -> None:
    from config.clock import today
    from styrhjul.services.decision_words import decider, decision_heading

    if listed := told.by_list:
        print(f"  {today(listed.at)}  Besvarat: {decider(listed.by)}. {listed.data['reason']}")
    for made in told.decisions:
        paragraph = f" § {made.paragraph}." if made.paragraph else ""
        print(f"  {today(made.at)}  {decision_heading(made)}: {decider(made.by)}.{paragraph} {made.reason}")


def _status(status: str) -> str:
    from styrhjul.domain.facts import NoticeStatus
    from styrhjul.services.words import NOTICE_WORDS

    return AHEAD_WORDS.get(status) or NOTICE_WORDS[NoticeStatus(status)]


def _mail_status(status: str) -> str:
    return {"accepted": "levererat", "failed": "kom inte fram", "queued": "väntar", "sending": "väntar"}.get(
        status, "inte skickat"
    )
