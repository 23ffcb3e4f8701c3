"""`styrhjul policy duty`: what a document's sentences ask for, confirmed, corrected, rejected or added by hand."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Annotated, Any

import typer

from styrhjul.cli.context import (
    AsJson,
    CommandFailed,
    MunicipalitySlug,
    OnDay,
    open_installation,
    open_to_look,
    policy_meant,
    print_json,
    say,
)
from styrhjul.cli.words import counted
from styrhjul.domain.lifecycle import Holder
from styrhjul.domain.vocabulary import ActionKind, Modality

if TYPE_CHECKING:
    from styrhjul.db.policy_page_query import PageDuty
    from styrhjul.services.foundation.installation import Installation
    from styrhjul.services.policies.view import PolicyView

#: By the stored word, so that showing help reads no database code.
_STATUS_WORDS = {"confirmed": "bekräftad", "proposed": "obekräftad", "rejected": "avvisad"}

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

PolicySlug = Annotated[str, typer.Option("--policy", metavar="KORTNAMN", help="Dokumentets kortnamn.")]
DutyId = Annotated[str, typer.Argument(metavar="SKYLDIGHET", help="Skyldighetens id, eller början av det.")]
By = Annotated[str, typer.Option(metavar="BEFATTNING", help="Vem som bestämde: en befattning.")]
Reason = Annotated[str, typer.Option(metavar="SKÄL", help="Varför. Skälet skrivs i journalen.")]


def _modality(said: str) -> Modality:
    """Return the strength that somebody wrote, in the text's word or the stored one. Raises typer.BadParameter."""
    try:
        return _MODALITIES.get(said.casefold()) or Modality(said)
    except ValueError:
        raise typer.BadParameter("skriv ska, bör, kan eller ”får inte” (must, should, may, must_not)") from None


_MODALITIES = {"ska": Modality.MUST, "bör": Modality.SHOULD, "kan": Modality.MAY, "får inte": Modality.MUST_NOT}
_MODALITY = typer.Option(
    "--modality", parser=_modality, metavar="STYRKA", help="Styrka: ska, bör, kan eller ”får inte” (eller must …)."
)
_KIND = typer.Option("--kind", help=f"Vad meningen kräver: {', '.join(ActionKind)}.", metavar="SLAG")
_HOLDER = typer.Option("--holder", help=f"Vem som svarar: {', '.join(Holder)}.", metavar="VEM")
SetModality = Annotated[Modality | None, _MODALITY]
SetKind = Annotated[ActionKind | None, _KIND]
SetHolder = Annotated[Holder | None, _HOLDER]
SetBodies = Annotated[
    list[str] | None, typer.Option("--body", metavar="ORGAN", help="Organets namn. Kan anges flera gånger.")
]
SetActor = Annotated[str | None, typer.Option("--actor", metavar="ORD", help="Textens ord för vem; tomt = ej angivet.")]
SetRecurrence = Annotated[
    str | None,
    typer.Option("--recurrence", metavar="INTERVALL", help="Som ”varje år”, ”vartannat år”; tomt = ej angivet."),
]
SetDeadline = Annotated[
    str | None, typer.Option("--deadline", metavar="ORD", help="Som ”senast 31 mars”; tomt = ej angivet.")
]


@app.command("list", help="Visa ett dokuments skyldigheter med det id som de andra kommandona tar.")
def list_(municipality: MunicipalitySlug, policy: PolicySlug, on: OnDay = None, as_json: AsJson = False) -> None:
    """Show the duties in the order of the text, rejected ones last."""
    from styrhjul.cli.duty_text import asks, when, whom
    from styrhjul.services.words import followed_as

    view = policy_shown(open_to_look(on), municipality, policy)
    found = (*view.duties, *view.rejected)
    if as_json:
        print_json([dataclasses.asdict(duty) for duty in found])
        return
    for duty in found:
        print(f"{duty.duty_id[:8]}  {_STATUS_WORDS[duty.status.value]}  {asks(duty)} → {whom(duty, duty.bodies)}")
        print(f"    {when(duty)}. {followed_as(duty.lifecycle, duty.modality)}")
        print(f"    {' '.join(duty.quote.split())}")
    say(f"{counted(len(view.proposed), 'skyldighet väntar', 'skyldigheter väntar')} på att bekräftas.")


@app.command(help="Bekräfta en skyldighet som den står.")
def confirm(duty: DutyId, by: By, municipality: MunicipalitySlug, on: OnDay = None) -> None:
    """Stand behind a duty as it is."""
    from styrhjul.services.municipality.directory import municipality_by
    from styrhjul.services.policies.duty_decide import DutyAt, confirm_duty

    home = open_installation(on)
    at = DutyAt(municipality_id=municipality_by(home.database, municipality).municipality_id, duty_id=duty)
    confirm_duty(home.database, at, by=by, now=home.clock.now())
    say("Bekräftad.")


@app.command(help="Rätta en skyldighet och bekräfta den. Det som inte anges står kvar.")
def correct(
    duty: DutyId,
    by: By,
    municipality: MunicipalitySlug,
    policy: Annotated[
        str | None, typer.Option("--policy", metavar="KORTNAMN", help="Dokumentets kortnamn. Behövs inte.")
    ] = None,
    reason: Reason = "",
    modality: SetModality = None,
    kind: SetKind = None,
    holder: SetHolder = None,
    body: SetBodies = None,
    actor: SetActor = None,
    recurrence: SetRecurrence = None,
    deadline: SetDeadline = None,
    on: OnDay = None,
) -> None:
    """Let a duty ask for something else."""
    from styrhjul.cli.duty_text import recurrence_meant
    from styrhjul.services.cases.decision import Decision
    from styrhjul.services.municipality.directory import municipality_by
    from styrhjul.services.policies.duty_decide import DutyAt, correct_duty, policy_of_duty, terms_of

    home = open_installation(on)
    if policy is None:
        at = DutyAt(municipality_id=municipality_by(home.database, municipality).municipality_id, duty_id=duty)
        policy = policy_of_duty(home.database, at)
    view = policy_shown(home, municipality, policy)
    found = _only(view, duty)
    often = None if recurrence is None else recurrence_meant(recurrence) or ""
    texts = {"actor": actor, "recurrence": often, "deadline": deadline}
    chosen: dict[str, Any] = {"modality": modality, "action_kind": kind, "holder": holder}
    changed = {name: value for name, value in chosen.items() if value is not None}
    changed |= {name: text or None for name, text in texts.items() if text is not None}
    if body:
        changed["body_ids"] = body_ids(home, municipality, policy, body)
    terms = dataclasses.replace(terms_of(found, found.body_ids), **changed)
    at = DutyAt(municipality_id=view.municipality.municipality_id, duty_id=found.duty_id, version=found.version)
    correct_duty(home.database, at, terms, decision=Decision(by=by, reason=reason), now=home.clock.now())
    say("Rättad och bekräftad.")


@app.command(help="Avvisa en skyldighet. Ärenden som bara vilar på den avslutas.")
def reject(duty: DutyId, by: By, reason: Reason, municipality: MunicipalitySlug, on: OnDay = None) -> None:
    """Say that a sentence asks for nothing."""
    from styrhjul.services.cases.decision import Decision
    from styrhjul.services.municipality.directory import municipality_by
    from styrhjul.services.policies.duty_decide import DutyAt, reject_duty

    home = open_installation(on)
    at = DutyAt(municipality_id=municipality_by(home.database, municipality).municipality_id, duty_id=duty)
    ended = reject_duty(home.database, at, decision=Decision(by=by, reason=reason), now=home.clock.now())
    say(f"Avvisad. {counted(ended, 'ärende avslutat', 'ärenden avslutade')}.")


@app.command(help="Lägg till en skyldighet för hand, med meningen ord för ord som den står i dokumentet.")
def add(
    quote: Annotated[str, typer.Argument(metavar="MENING", help="Meningen, ord för ord.")],
    by: By,
    municipality: MunicipalitySlug,
    policy: PolicySlug,
    modality: Annotated[Modality, _MODALITY],
    kind: Annotated[ActionKind, _KIND],
    body: SetBodies = None,
    holder: Annotated[Holder, _HOLDER] = Holder.BODY,
    actor: SetActor = None,
    recurrence: SetRecurrence = None,
    deadline: SetDeadline = None,
    reason: Reason = "",
    start: Annotated[
        int | None, typer.Option("--at", metavar="PLATS", help="Var meningen börjar, om den står flera gånger.")
    ] = None,
    on: OnDay = None,
) -> None:
    """Add a duty that the reading did not see; print its id."""
    from styrhjul.cli.duty_text import recurrence_meant
    from styrhjul.services.cases.decision import Decision
    from styrhjul.services.municipality.directory import municipality_by
    from styrhjul.services.policies.duty_decide import Addition, add_duty
    from styrhjul.services.policies.duty_place import StandsTwice
    from styrhjul.services.policies.duty_terms import Terms

    home = open_installation(on)
    policy = policy_meant(home, municipality, policy)
    terms = Terms(
        modality=modality,
        action_kind=kind,
        holder=holder,
        actor=actor or None,
        body_ids=body_ids(home, municipality, policy, body or []),
        recurrence=recurrence_meant(recurrence or ""),
        deadline=deadline or None,
    )
    addition = Addition(policy_slug=policy, quote=quote, start=start)
    decision, now = Decision(by=by, reason=reason), home.clock.now()
    municipality_id = municipality_by(home.database, municipality).municipality_id
    try:
        print(add_duty(home.database, municipality_id, addition, terms, decision=decision, now=now))
    except StandsTwice as twice:
        places = "; ".join(f"--at {each.start}: … {each.before} [meningen] {each.after} …" for each in twice.places)
        raise CommandFailed(f"{twice} {places}") from twice


def policy_shown(home: Installation, municipality: str, policy: str) -> PolicyView:
    """Return a document as its page shows it. Raises what `policy_meant` does."""
    from styrhjul.services.policies.view import policy_view

    return policy_view(home.database, municipality, policy_meant(home, municipality, policy), home.clock.now())


def _only(view: PolicyView, start: str) -> PageDuty:
    found = [duty for duty in (*view.duties, *view.rejected) if start and duty.duty_id.startswith(start)]
    if len(found) != 1:
        raise CommandFailed("Ingen skyldighet börjar så, eller flera. Se styrhjul policy duty list.")
    return found[0]


def body_ids(home: Installation, municipality: str, policy: str, names: list[str]) -> tuple[str, ...]:
    """Return the ids of bodies by their names. Raises CommandFailed, naming those that can answer."""
    from styrhjul.services.policies.view import duty_view

    slug = policy_meant(home, municipality, policy)
    known = duty_view(home.database, municipality, slug, None, home.clock.now()).bodies
    by_name = {name.casefold(): body_id for body_id, name in known}
    unknown = [name for name in names if name.casefold() not in by_name]
    if unknown:
        listed = ", ".join(name for _, name in known)
        raise CommandFailed(f"Inget organ som kan svara heter {', '.join(unknown)}. De som kan är {listed}.")
    return tuple(sorted({by_name[name.casefold()] for name in names}))
