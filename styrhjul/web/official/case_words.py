"""The Swedish of what is decided about a case: what each act is called, asks for and has done; and what is to come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from styrhjul.domain.act import Act
from styrhjul.domain.ladder import is_upward
from styrhjul.domain.lifecycle import Lifecycle
from styrhjul.domain.rung import Anchor, Rung, Unit
from styrhjul.mail.swedish import WEEKDAYS, definite, listed, number
from styrhjul.services.cases.act import Effect, MovedMail
from styrhjul.services.cases.explain import StepExplained
from styrhjul.services.cases.view import CaseView
from styrhjul.services.words import STATE_WORDS, rung_word
from styrhjul.web.words import day
from workflows import LIFECYCLES

#: On the button that leads to an act, and on the one that does it.
ACTS = {
    Act.EXTEND: "Ge mer tid",
    Act.REASSIGN: "Byt vem som svarar",
    Act.APPROVE: "Godkänn svaret",
    Act.RETURN: "Skicka tillbaka svaret",
    Act.REFER: "Skicka på remiss",
    Act.PREPARE: "Anteckna beredning",
    Act.NOTE: "Skriv en anteckning",
    Act.WAIVE: "Avsluta utan svar",
}
#: Where the municipality's promises are open to all.
PUBLIC_NOW = "Då visas svaret på den öppna sidan, för vem som helst: se efter att inga namn står i texten."
#: What an act means, in a sentence.
MEANINGS = {
    Act.EXTEND: "Fristen flyttas till en ny dag. Påminnelserna räknas om från den.",
    Act.REASSIGN: "En annan befattning svarar i stället. Den som hade ärendet får inga fler mejl om det, "
    "och länkarna i mejlen slutar gälla.",
    Act.APPROVE: "Svaret är fullständigt och ärendet är klart. Det går inte att ångra.",
    Act.RETURN: "Svaret ska kompletteras till en ny dag. Det som redan är skrivet finns kvar i formuläret.",
    Act.REFER: "Förslaget går till nämnderna, som får en egen fråga om yttrande. Svaret vill du ha tidigast om fyra "
    "veckor.",
    Act.PREPARE: "Det beredande organet har skickat förslaget vidare till beslut.",
    Act.NOTE: "Ärendet har uppmärksammats. Inget annat ändras, och det står öppet.",
    Act.WAIVE: "Ingen behöver svara, och inga fler mejl skickas. Det syns att svaret saknas. Det går inte att ångra.",
}
#: The same where the chief executive chooses between them.
OFFERS = {
    Act.EXTEND: ("Ge mer tid", "Påminnelserna räknas om från den nya dagen."),
    Act.REASSIGN: ("Ge ärendet till någon annan", "Den befattningen svarar i stället och får ett mejl."),
    Act.WAIVE: ("Avsluta utan svar", "Det syns att svaret saknas. Det går inte att ångra."),
    Act.NOTE: ("Ta till dig, gör inget mer", "Ärendet står öppet. Skälet blir en anteckning."),
}
_NO_MAILS = "Inga mejl om ärendet är på väg."
#: What a new day is called.
DAYS = {
    Act.EXTEND: "Ny frist",
    Act.RETURN: "Kompletteras senast",
    Act.REFER: "Svar senast",
    Act.PREPARE: "Sammanträdets dag",
}
DONE = {
    Act.EXTEND: "Ärendet har fått mer tid.",
    Act.REASSIGN: "Ärendet har lämnats över.",
    Act.APPROVE: "Svaret är godkänt och ärendet är klart.",
    Act.RETURN: "Svaret är skickat tillbaka.",
    Act.REFER: "Förslaget är skickat på remiss.",
    Act.PREPARE: "Beredningen är antecknad.",
    Act.NOTE: "Anteckningen är sparad.",
    Act.WAIVE: "Ärendet är avslutat utan svar.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A row of what will happen: None for the day where it depends on something else."""

    on: date | None
    what: str
    why: str
    symbol: str = "i-mail"


def coming(view: CaseView) -> list[Coming]:
    """Return what will happen to a case if nobody answers, in the order of the days; nothing once nobody waits."""
    if view.case.state not in view.lifecycle.chased:
        return []
    rows = [*_steps(view), *_days(view)]
    return sorted(rows, key=lambda row: (row.on is None, row.on or date.max))


def _steps(view: CaseView) -> list[Coming]:
    steps: dict[tuple[date | None, str], list[StepExplained]] = {}
    for step in view.ahead.steps:
        steps.setdefault((step.on, step.rung), []).append(step)
    return [_step(view, on, rung, found) for (on, rung), found in steps.items()]


def _step(view: CaseView, on: date | None, rung: str, found: list[StepExplained]) -> Coming:
    whom = listed(dict.fromkeys(definite(step.office) for step in found))
    why = [rule_of(view.lifecycle, rung)]
    if found[0].deferred_because:
        why.append(f"Flyttat från {found[0].deferred_from}, som är {found[0].deferred_because}.")
    if on is None:
        why.append("Dagen bestäms när en förvarning har kommit fram.")
    vacant = [step.office for step in found if step.holder is None]
    if vacant:
        why.append(f"Ingen kan nås som {listed(definite(office) for office in vacant)} i dag.")
    return Coming(
        on=on,
        what=f"{rung_word(rung)}. Mejl till {whom}.",
        why=" ".join(filter(None, why)),
        symbol="i-up" if is_upward(LIFECYCLES[view.case.lifecycle].ladder, rung) else "i-mail",
    )


def _days(view: CaseView) -> list[Coming]:
    case, lapses = view.case, view.ahead.lapses_on
    days = [
        (case.agenda_on, "Handlingarna till sammanträdet ska vara inne.", "", "i-cal"),
        (case.meeting_on, f"{case.body_name} sammanträder.", "", "i-cal"),
        (case.decides_on, "Sammanträdet som beslutar.", "", "i-cal"),
        (case.due_on, "Fristen går ut.", case.due_source, "i-warn"),
        (lapses, "Nästa omgång tar över. Utan svar avslutas ärendet som ”Svar saknas”.", "", "i-none"),
    ]
    return [
        Coming(on=on, what=what, why=why, symbol=symbol) for on, what, why, symbol in days if on and on > view.today
    ]


def rule_of(lifecycle: Lifecycle, key: str) -> str:
    """Return "10 arbetsdagar före fristen." for a step; "" for one that the ladder no longer has."""
    if not lifecycle.has_rung(key):
        return ""
    rung = lifecycle.rung(key)
    return f"{_counted(rung)}{', när den som ska svara har fått en förvarning' if rung.after else ''}."


def _counted(rung: Rung) -> str:
    at = rung.at
    anchor = {
        Anchor.OPENING: "öppnandet",
        Anchor.PAPERS: "handlingarnas dag, eller fristen där inget sammanträde är känt",
        Anchor.DUE: "fristen",
    }[at.anchor]
    if at.days == 0:
        return f"Samma dag som {anchor}"
    many = "arbetsdag" if at.unit is Unit.WORKING else "dag"
    days = f"{abs(at.days)} {many}{'ar' if abs(at.days) > 1 else ''} {'efter' if at.days > 0 else 'före'} {anchor}"
    return f"Första veckobrevet på eller efter {days}" if at.digest else start_of(days)


def start_of(text: str) -> str:
    """Return the text as a sentence begins."""
    return text[:1].upper() + text[1:]


def weekday_of(on: date) -> str:
    """Return "onsdag"."""
    return WEEKDAYS[on.weekday()]


def effects(act: Act, effect: Effect, today: date) -> list[str]:
    """Return what a decision changes beside the mails, sentence by sentence."""
    told = []
    if effect.due_on != effect.due_on_before:
        before = day(effect.due_on_before, today)
        told.append(f"Fristen blir {weekday_of(effect.due_on)} {day(effect.due_on, today)}. Den var {before}.")
        if effect.meeting_on:
            told.append(f"Påminnelserna siktar på sammanträdet {day(effect.meeting_on, today)}.")
    if act is Act.REFER:
        told.append(f"{effect.asked} organ får en egen fråga." if effect.asked > 1 else "Ett organ får en egen fråga.")
    if act is Act.NOTE:
        return [*told, "Ärendet står öppet. Inget mejl skickas, flyttas eller ställs in."]
    if effect.state is not effect.state_before:
        told.append(f"Ärendet blir {STATE_WORDS[effect.state]}.")
    return [*told, *_mails(effect)]


def _mails(effect: Effect) -> list[str]:
    if not effect.mails:
        return [f"{start_of(number(effect.staying))} planerade mejl går som förut." if effect.staying else _NO_MAILS]
    return [f"{start_of(number(effect.staying))} mejl till går som förut."] if effect.staying else []


def mail_rows(mails: Iterable[MovedMail], today: date) -> list[tuple[str, str, str, str]]:
    """Return the day, the step, whom it goes to and what is new of each reminder; those alike in one row."""
    rows: dict[tuple[str, str, str], list[str]] = {}
    for mail in mails:
        on, change = _changed(mail, today)
        rows.setdefault((on, rung_word(mail.rung), change), []).append(definite(mail.recipient))
    return [(on, rung, listed(who), change) for (on, rung, change), who in rows.items()]


def _changed(mail: MovedMail, today: date) -> tuple[str, str]:
    if mail.on is None:
        return "Skickas inte", f"Skulle ha gått {day(mail.was_on, today)}" if mail.was_on else ""
    return day(mail.on, today), f"I stället för {day(mail.was_on, today)}" if mail.was_on else "Nytt"
