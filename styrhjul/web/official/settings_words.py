"""The words of the settings: what each is called, what it does, and its value in Swedish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from styrhjul.domain.months import MONTHS
from styrhjul.domain.practice import FirstYearGoals
from styrhjul.domain.retention import Kept
from styrhjul.domain.rung import Audience
from styrhjul.domain.webhook import HookEvent
from styrhjul.services.municipality.ladder import LadderLine
from styrhjul.services.municipality.ladder_words import AUDIENCE_WORDS, offset_in_words
from styrhjul.services.municipality.practice import OwnPractice
from styrhjul.services.municipality.settings import Since
from styrhjul.services.overview.forecast import Change, ForecastChange
from styrhjul.services.overview.forecast_diff import Diff
from styrhjul.services.words import LIFECYCLE_WORDS, round_name, rung_word
from styrhjul.web.words import day, moment

WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag")
#: Each practice with its name and the sentence that explains it, in the order of the form.
PRACTICES: Mapping[str, tuple[str, str]] = {
    "digest_weekday": (
        "Veckobrevet om det som gått upp",
        "Det som går upp sist samlas till den här dagen. Är dagen ledig går det senare samma vecka.",
    ),
    "rest_months": (
        "Månader utan utskick",
        "Då öppnar inga rundor och inga mejl skickas. Välj högst tre månader.",
    ),
    "free_days": (
        "Egna lediga dagar",
        "Vardagar som kommunen har gett ledigt. De räknas inte som arbetsdagar, och ändras under Kalender.",
    ),
    "office_opens": ("Mejl skickas från", "Svensk tid, på arbetsdagar."),
    "office_closes": ("Mejl skickas till", "Det som blir klart senare väntar till nästa arbetsdag."),
    "first_year_goals": (
        "Mål för mandatperiodens första år",
        "Vem som sätter målen för det första året: nämnden som ska nå dem, eller den före.",
    ),
    "currency_review": (
        "Årlig aktualitetsprövning",
        "En gång om året får varje dokuments ägare frågan om dokumentet fortfarande är aktuellt.",
    ),
    "chief_executive_title": ("Kommunchefen kallas", "Ordet som mejl och sidor använder, till exempel kommundirektör."),
    "phone": ("Telefon i mejlen", "Numret som mejlen hänvisar frågor till, vid sidan av registratorns adress."),
}
FIRST_YEAR = (
    (FirstYearGoals.NEW_COMMITTEE, "Den nya nämnden"),
    (FirstYearGoals.OUTGOING, "Den avgående nämnden"),
)
FIRST_YEAR_HINTS = {
    FirstYearGoals.NEW_COMMITTEE: "Frågan öppnar efter trettonhelgen, med frist 31 mars.",
    FirstYearGoals.OUTGOING: "Frågan öppnar 1 september året innan, med frist 30 november.",
}
PART_NAMES = {"lead": "Inledningen", "extra": "Ett eget stycke", "contact": "Avslutningen"}
KEPT = {
    Kept.MAIL_TEXT: (
        "Text i mejl som har skickats",
        "Mejlet som det lämnade, utan länkar som går att öppna. Ämne, mottagare och tid står kvar.",
    ),
    Kept.INBOUND_TEXT: (
        "Text i mejl som har kommit in",
        "Det som någon har svarat på ett mejl. Avsändare, ämne och tid står kvar.",
    ),
}
HOOK_EVENTS = {
    HookEvent.CASE_OPENED: ("Ett ärende öppnar", "Någon får en fråga som ska besvaras."),
    HookEvent.CASE_ANSWERED: ("Ett ärende besvaras", "Också när ett svar ändras."),
    HookEvent.CASE_ESCALATED: ("Ett ärende går upp", "Någon över den som svarar har fått veta att svaret är sent."),
    HookEvent.CASE_DECIDED: (
        "Något beslutas i ett ärende",
        "Mer tid, annan ansvarig, godkänt, återsänt eller avslutat.",
    ),
}
HOOK_STATUS = {
    "queued": "Väntar",
    "sending": "Skickas",
    "delivered": "Framme",
    "given_up": "Uppgivet",
}
CHANGE_WORDS = {Change.MOVED: "Flyttas", Change.REMOVED: "Faller bort", Change.ADDED: "Kommer till"}
_SYSTEM = {"practice set": "kommandoraden", "ladder import": "kommandoraden"}


def practice_value(own: OwnPractice, name: str) -> str:
    """Return the value of a practice in words."""
    practice = own.practice
    values = {
        "digest_weekday": WEEKDAYS[practice.digest_weekday],
        "rest_months": ", ".join(MONTHS[month - 1] for month in sorted(practice.rest_months)) or "inga",
        "free_days": ", ".join(f"{day(each.on)} ({each.name})" for each in practice.free_days) or "inga",
        "office_opens": f"kl. {practice.office_opens:%H.%M}",
        "office_closes": f"kl. {practice.office_closes:%H.%M}",
        "first_year_goals": dict(FIRST_YEAR)[practice.first_year_goals].lower(),
        "currency_review": "ja" if practice.currency_review else "nej",
        "chief_executive_title": own.chief_executive_title,
        "phone": own.phone or "inget nummer",
    }
    return values[name]


def since(found: Since | None, today: date) -> str:
    """Return "Ändrat 3 mars kl. 09.12 av kansliet", or that nobody has changed it."""
    if found is None:
        return "Inte ändrat."
    return f"Ändrat {moment(found.at, today)} av {_SYSTEM.get(found.by, found.by)}."


def diff_lead(diff: Diff) -> str:
    """Return "12 mejl flyttas, 3 faller bort och 2 kommer till." or that no mail changes."""
    counts = [
        (diff.count(change), word)
        for change, word in ((Change.MOVED, "flyttas"), (Change.REMOVED, "faller bort"), (Change.ADDED, "kommer till"))
    ]
    said = [f"{count} {word}" for count, word in counts if count]
    if not said:
        return f"Inga mejl ändras till och med {day(diff.until)}."
    said[0] = said[0].replace(" ", " mejl ", 1)
    listed = said[0] if len(said) == 1 else f"{', '.join(said[:-1])} och {said[-1]}"
    return f"{listed} till och med {day(diff.until)}."


def change_day(change: ForecastChange) -> str:
    """Return "2027-03-01 → 2027-03-08" for what moves, or the one day there is."""
    if change.change is Change.MOVED and change.was_on is not None:
        return f"{change.was_on.isoformat()} → {change.line.on.isoformat()}"
    return change.line.on.isoformat()


def change_round(change: ForecastChange) -> str:
    """Return "Uppföljning 2026"."""
    return round_name(change.line.lifecycle, change.line.period_words)


def change_step(change: ForecastChange) -> str:
    """Return "Påminnelse"."""
    return rung_word(change.line.rung)


def listed(words: Sequence[str]) -> str:
    """Return "a, b och c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} och {words[-1]}"


def changed(diff: Diff) -> str:
    """Return what is changed, by name."""
    names = [PRACTICES[name][0] if name in PRACTICES else f"Trappan för {_small(name)}" for name in diff.names]
    return listed([names[0], *(_lower(name) for name in names[1:])])


def _small(lifecycle: str) -> str:
    return _lower(LIFECYCLE_WORDS[lifecycle])


def _lower(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"


def when(line: LadderLine) -> str:
    """Return "10 arbetsdagar före handlingarna"."""
    return offset_in_words(line.anchor, line.days, line.unit, digest=line.digest)


def audience(line: LadderLine) -> str:
    """Return "den som svarar"."""
    return AUDIENCE_WORDS[Audience(line.to)]
