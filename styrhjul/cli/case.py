"""What officials decide about a case: more time, another post, approved, sent back, referred, prepared, closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from styrhjul.cli.context import (
    AsJson,
    CommandFailed,
    Day,
    MunicipalitySlug,
    OnDay,
    open_installation,
    open_to_look,
    print_json,
    say,
)
from styrhjul.cli.words import counted

if TYPE_CHECKING:
    from styrhjul.db.session import Database
    from styrhjul.services.cases.decision import CaseAt, Decision

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

CaseId = Annotated[str, typer.Argument(metavar="ÄRENDE", help="Ärendets id, eller början av det.")]
By = Annotated[
    str, typer.Option(metavar="BEFATTNING", help="Vem som bestämde: en befattning, till exempel ”kommunchefen”.")
]
Reason = Annotated[str, typer.Option(metavar="SKÄL", help="Varför. Skälet skrivs i journalen.")]

To = Annotated[str, typer.Option(metavar="BEFATTNING", help="Befattningens titel, ”titel, organ” eller id.")]
Bodies = Annotated[
    list[str] | None,
    typer.Option("--to", metavar="ORGAN", help="Organets namn eller kortnamn. Kan anges flera gånger."),
]
Paragraph = Annotated[str, typer.Option(metavar="PARAGRAF", help="Beredningsbeslutets paragraf, till exempel 41.")]


@app.command("list", help="Visa öppna ärenden med det id som de andra kommandona tar, den närmaste dagen först.")
def list_(municipality: MunicipalitySlug, on: OnDay = None, as_json: AsJson = False) -> None:
    """Show the open cases, the nearest day first."""
    from config.clock import today
    from styrhjul.services.cases.listing import open_cases_of
    from styrhjul.services.municipality.directory import municipality_by

    installation = open_to_look(on)
    municipality_id = municipality_by(installation.database, municipality).municipality_id
    lines = open_cases_of(installation.database, municipality_id, today(installation.clock.now()))
    if as_json:
        print_json(lines)
        return
    for line in lines:
        late = ", försenat" if line.is_late else ""
        print(f"{line.case_id[:8]}  {line.due_on}  {line.body} · {line.round} · {line.state}{late}")
    say(f"{counted(len(lines), 'öppet ärende', 'öppna ärenden')}.")


@app.command(help="Ge mer tid, till en vanlig arbetsdag.")
def extend(case: CaseId, until: Day, by: By, reason: Reason, municipality: MunicipalitySlug, on: OnDay = None) -> None:
    """Give more time, until an ordinary day."""
    from styrhjul.services.cases.decision import grant_extension

    _decide(
        (municipality, case),
        on,
        lambda base, at, now: grant_extension(base, at, until.date(), _decision(by, reason), now),
    )


@app.command(name="return", help="Skicka tillbaka ett svar, att komplettera till en viss dag.")
def send_back(
    case: CaseId, until: Day, by: By, reason: Reason, municipality: MunicipalitySlug, on: OnDay = None
) -> None:
    """Send an answer back, to be completed by a day."""
    from styrhjul.services.cases.decision import return_answer

    _decide(
        (municipality, case),
        on,
        lambda base, at, now: return_answer(base, at, until.date(), _decision(by, reason), now),
    )


@app.command(help="Godkänn ett svar som fullständigt.")
def approve(case: CaseId, by: By, reason: Reason, municipality: MunicipalitySlug, on: OnDay = None) -> None:
    """Take an answer as complete."""
    from styrhjul.services.cases import decision as service

    _decide((municipality, case), on, lambda base, at, now: service.approve(base, at, _decision(by, reason), now))


@app.command(help="Avsluta ett ärende utan svar.")
def waive(case: CaseId, by: By, reason: Reason, municipality: MunicipalitySlug, on: OnDay = None) -> None:
    """Close a case without an answer."""
    from styrhjul.services.cases import decision as service

    _decide((municipality, case), on, lambda base, at, now: service.waive(base, at, _decision(by, reason), now))


@app.command(help="Lämna ärendet till en annan befattning, som får det steg som har nåtts.")
def reassign(case: CaseId, to: To, by: By, reason: Reason, municipality: MunicipalitySlug, on: OnDay = None) -> None:
    """Give the case to another post."""
    from styrhjul.services.cases.reassign import reassign as give

    _decide((municipality, case), on, lambda base, at, now: give(base, at, to, _decision(by, reason), now))


@app.command(help="Anteckna att ärendet har uppmärksammats. Inget annat ändras.")
def note(case: CaseId, by: By, reason: Reason, municipality: MunicipalitySlug, on: OnDay = None) -> None:
    """Write a note in the journal."""
    from styrhjul.services.cases import decision as service

    _decide((municipality, case), on, lambda base, at, now: service.note(base, at, _decision(by, reason), now))


@app.command(help="Skicka ett utkast på remiss. Utan --to får alla nämnder som dokumentet binder frågan.")
def refer(
    case: CaseId,
    due: Day,
    by: By,
    reason: Reason,
    municipality: MunicipalitySlug,
    to: Bodies = None,
    on: OnDay = None,
) -> None:
    """Refer a draft to the committees."""
    from styrhjul.services.cases.revise import Request
    from styrhjul.services.cases.revise import refer as send

    request = Request(due_on=due.date(), to=tuple(to or ()))
    _decide((municipality, case), on, lambda base, at, now: send(base, at, request, _decision(by, reason), now))


@app.command(help="Anteckna att utkastet är berett, med sammanträdets dag och paragraf.")
def prepare(
    case: CaseId,
    meeting: Day,
    paragraph: Paragraph,
    by: By,
    reason: Reason,
    municipality: MunicipalitySlug,
    on: OnDay = None,
) -> None:
    """Note that the draft is prepared."""
    from styrhjul.services.cases.revise import Preparation
    from styrhjul.services.cases.revise import prepare as note_prepared

    done = Preparation(meeting_on=meeting.date(), paragraph=paragraph)
    _decide((municipality, case), on, lambda base, at, now: note_prepared(base, at, done, _decision(by, reason), now))


def _decide(what: tuple[str, str], on: datetime | None, act: Callable[[Database, CaseAt, datetime], object]) -> None:
    from styrhjul.services.cases.decision import CaseAt, DecisionRefused, NoSuchCase
    from styrhjul.services.municipality.directory import municipality_by

    installation = open_installation(on)
    slug, case_id = what
    at = CaseAt(municipality_by(installation.database, slug).municipality_id, case_id)
    try:
        act(installation.database, at, installation.clock.now())
    except (DecisionRefused, NoSuchCase) as refusal:
        raise CommandFailed(str(refusal)) from None
    say(f"Beslutet är infört. {_how_it_stands(installation.database, at, installation.clock.now())}")


def _how_it_stands(database: Database, at: CaseAt, now: datetime) -> str:
    """Which case it was, and what happens next: whoever decided must not have to look it up."""
    from config.clock import today
    from styrhjul.services.cases.explain import explain_case
    from styrhjul.services.words import round_name

    told = explain_case(database, at.municipality_id, at.case_id, today(now))
    return f"{told.body} · {round_name(told.lifecycle, told.period_words)} · frist {told.due_on}. {told.said}"


def _decision(by: str, reason: str) -> Decision:
    from styrhjul.services.cases.decision import Decision

    return Decision(by=by, reason=reason)
