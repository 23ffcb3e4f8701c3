"""`styrhjul policy review`: what waits in a document, one duty at a time, each decision stored as it is made."""

from __future__ import annotations

import dataclasses
import sys
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from styrhjul.cli.context import (
    AsJson,
    CommandFailed,
    MunicipalitySlug,
    OnDay,
    open_installation,
    policy_meant,
    print_json,
    say,
)
from styrhjul.cli.policy_duty import By, body_ids, policy_shown
from styrhjul.cli.words import CONFIDENCE_WORDS, counted

if TYPE_CHECKING:
    from styrhjul.db.policy_page_query import PageDuty
    from styrhjul.services.foundation.installation import Installation
    from styrhjul.services.policies.duty_decide import DutyAt
    from styrhjul.services.policies.duty_terms import Terms
    from styrhjul.services.policies.view import PolicyView

_KEYS = "j bekräftar, ä ändrar, n avvisar, h hoppar över, s slutar"
_STOP = "s"


class _Walk(NamedTuple):
    """Who walks through what."""

    home: Installation
    municipality: str
    policy: str
    by: str


def review(
    policy: Annotated[str, typer.Argument(metavar="KORTNAMN", help="Dokumentets kortnamn.")],
    by: By,
    municipality: MunicipalitySlug,
    confirm_sure: Annotated[
        bool, typer.Option("--confirm-sure", help="Bekräfta först alla som är säkra, utan att fråga om var och en.")
    ] = False,
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Ask about each duty that waits; stop with s or the end of input, and go on another day where it ended."""
    from styrhjul.services.policies.duty_decide import confirm_plain_duties

    home = open_installation(on)
    policy = policy_meant(home, municipality, policy)
    walk = _Walk(home, municipality, policy, by)
    view = policy_shown(walk.home, municipality, policy)
    if confirm_sure:
        municipality_id = view.municipality.municipality_id
        count = confirm_plain_duties(walk.home.database, municipality_id, policy, by=by, now=walk.home.clock.now())
        say(f"{counted(count, 'säker skyldighet är bekräftad', 'säkra skyldigheter är bekräftade')}.")
        view = policy_shown(walk.home, municipality, policy)
    if as_json:
        print_json([_as_line(view, duty) for _, duty in view.proposed])
        return
    decided = _walk_through(walk, view)
    left = len(policy_shown(walk.home, municipality, policy).proposed)
    say(f"{counted(decided, 'avgjord', 'avgjorda')}, {left} väntar.")


def _walk_through(walk: _Walk, view: PolicyView) -> int:
    """Ask about each in turn; return how many were decided about."""
    decided, waiting = 0, view.proposed
    for place, (number, duty) in enumerate(waiting, 1):
        _show(view, number, duty, f"{place} av {len(waiting)}")
        answer = _decide(walk, view, duty)
        if answer == _STOP:
            break
        decided += answer != "h"
    return decided


def _as_line(view: PolicyView, duty: PageDuty) -> dict[str, Any]:
    from styrhjul.services.policies.duty_context import context_of

    return {**dataclasses.asdict(duty), "context": dataclasses.asdict(context_of(view.policy, duty))}


def _show(view: PolicyView, number: int, duty: PageDuty, place: str) -> None:
    from styrhjul.cli.duty_text import asks, when, whom
    from styrhjul.services.policies.duty_context import context_of
    from styrhjul.services.words import followed_as

    context = context_of(view.policy, duty)
    print(f"\n── {place} · skyldighet {number}, {context.place} · {CONFIDENCE_WORDS[duty.confidence]} ──")
    print("\n".join(filter(None, (context.before, f"»{context.quote}«", context.after))))
    print(f"  {asks(duty)} → {whom(duty, duty.bodies)}")
    print(f"  {when(duty)}. {followed_as(duty.lifecycle, duty.modality)}")
    print(f"  {duty.reason}", flush=True)


def _decide(walk: _Walk, view: PolicyView, duty: PageDuty) -> str:
    """Ask until something has been decided; return the key, `s` also at the end of input."""
    from styrhjul.services.policies.duty_decide import DutyAt, NoSuchDuty
    from styrhjul.services.policies.duty_terms import DutyRefused

    at = DutyAt(municipality_id=view.municipality.municipality_id, duty_id=duty.duty_id, version=duty.version)
    while True:
        key = _read(f"  {_KEYS}:")
        if key is None or key.lower() == _STOP:
            return _STOP
        try:
            if _act(walk, at, duty, key.lower()):
                return key.lower()
        except (DutyRefused, NoSuchDuty, CommandFailed) as refused:
            say(f"  {refused}")


def _act(walk: _Walk, at: DutyAt, duty: PageDuty, key: str) -> bool:
    """Do what a key says; False for a key that says nothing."""
    from styrhjul.services.cases.decision import Decision
    from styrhjul.services.policies.duty_decide import confirm_duty, correct_duty, reject_duty

    database, now = walk.home.database, walk.home.clock.now()
    match key:
        case "j":
            confirm_duty(database, at, by=walk.by, now=now)
        case "ä":
            terms = _terms(walk, duty)
            said = Decision(
                by=walk.by,
                reason=_read("  Skäl, om det blir en annan styrka än textens, ett annat slag eller mildare:") or "",
            )
            correct_duty(database, at, terms, decision=said, now=now)
        case "n":
            said = Decision(by=walk.by, reason=_read("  Varför är meningen ingen skyldighet?") or "")
            ended = reject_duty(database, at, decision=said, now=now)
            say(f"  Avvisad. {counted(ended, 'ärende avslutat', 'ärenden avslutade')}.")
        case "h":
            pass
        case _:
            say(f"  ”{key}” är inget val: {_KEYS}." if key else f"  Välj: {_KEYS}.")
            return False
    return True


def _terms(walk: _Walk, duty: PageDuty) -> Terms:
    """Ask for each term; an empty line keeps what stands, a dash empties it. Raises CommandFailed for a wrong one."""
    from styrhjul.cli.duty_text import recurrence_meant
    from styrhjul.services.policies.duty_decide import terms_of
    from styrhjul.services.words import ACTION_WORDS, MODALITY_WORDS, recurrence

    terms = terms_of(duty, duty.body_ids)
    changed: dict[str, Any] = {}
    if (word := _ask("Styrka", MODALITY_WORDS[terms.modality], ", ".join(MODALITY_WORDS.values()))) is not None:
        changed["modality"] = _one_of({each: modality for modality, each in MODALITY_WORDS.items()}, word)
    if (word := _ask("Slag", ACTION_WORDS[terms.action_kind], ", ".join(ACTION_WORDS.values()))) is not None:
        changed["action_kind"] = _one_of({each.lower(): kind for kind, each in ACTION_WORDS.items()}, word)
    if (word := _ask("Vem den gäller", ", ".join(duty.bodies) or "ingen", "organ, med komma emellan")) is not None:
        names = [name.strip() for name in word.split(",") if name.strip("- ")]
        changed["body_ids"] = body_ids(walk.home, walk.municipality, walk.policy, names)
    stands = recurrence(terms.recurrence) or "ej angivet"
    if (word := _ask("Hur ofta", stands, "som varje år, vart tredje år; - för ej angivet")) is not None:
        changed["recurrence"] = None if word == "-" else recurrence_meant(word)
    for field, label in (("deadline", "Senast"), ("actor", "Textens ord för vem")):
        if (word := _ask(label, getattr(terms, field) or "ej angivet", "- för ej angivet")) is not None:
            changed[field] = None if word == "-" else word
    return dataclasses.replace(terms, **changed)


def _one_of(known: dict[str, Any], word: str) -> Any:  # noqa: ANN401 - a member of either enumeration
    if word.lower() not in known:
        raise CommandFailed(f"”{word}” går inte att välja. Skriv något av {', '.join(known)}.")
    return known[word.lower()]


def _ask(label: str, stands: str, choices: str) -> str | None:
    return _read(f"  {label} [{stands}] ({choices}):") or None


def _read(prompt: str) -> str | None:
    """Return what is typed, None at the end of input."""
    print(prompt, end=" ", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    return line.strip() if line else None
