"""What the lint says, rule by rule, in Swedish: what is unclear, and what the one who revises can write instead."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """A rule of the lint, by its permanent key."""

    NO_OWNER = "no_owner"
    NO_FOLLOW_UP = "no_follow_up"
    NO_REVISION_RULE = "no_revision_rule"
    NO_DEADLINE = "no_deadline"
    NO_ACTOR = "no_actor"
    NO_NUMBER = "no_number"
    NO_TITLE = "no_title"
    TOLD_TWICE = "told_twice"
    ONLY_AS_NEEDED = "only_as_needed"
    MIXED_STRENGTH = "mixed_strength"
    PAST_TERM = "past_term"
    REVISION_LATE = "revision_late"
    REVISION_DAY_PASSED = "revision_day_passed"
    ENDS_BEFORE_IT_BEGINS = "ends_before_it_begins"
    REVISED_BEFORE_ADOPTED = "revised_before_adopted"
    ADOPTED_LATER_THAN_TODAY = "adopted_later_than_today"
    REPLACED_IN_FORCE = "replaced_in_force"
    REPLACED_IN_REGISTER = "replaced_in_register"
    UNFILLED_TEMPLATE = "unfilled_template"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One thing to look at. `start` and `end` are offsets in the text; None where it is about the whole document."""

    rule: Rule
    says: str
    instead: str
    start: int | None = None
    end: int | None = None


_WORDS: dict[Rule, tuple[str, str]] = {
    Rule.NO_TITLE: (
        "Dokumentet säger inte vad det heter.",
        "Skriv titeln som rubrik överst på första sidan, med dokumentets typ, till exempel ”Policy för resor”.",
    ),
    Rule.TOLD_TWICE: (
        "Dokumentet anger {what} på flera sätt: {values}.",
        "Låt ett av dem stå. Kontrollera mot protokollet.",
    ),
    Rule.NO_OWNER: (
        "Dokumentet säger inte vem som är dokumentansvarig.",
        (
            "Skriv raden ”Dokumentansvarig:” med en befattning, till exempel kanslichef. En befattning håller "
            "längre än ett namn."
        ),
    ),
    Rule.NO_FOLLOW_UP: (
        "Ingen mening säger att dokumentet ska följas upp eller redovisas.",
        (
            "Skriv vem som följer upp, när och för vem, till exempel: ”Kommunstyrelsen ska varje år, senast den 31 "
            "mars, följa upp policyn och redovisa resultatet för kommunfullmäktige.”"
        ),
    ),
    Rule.NO_REVISION_RULE: (
        "Dokumentet säger inte när det ska revideras och har ingen sista dag.{age}",
        "Skriv till exempel: ”Kommunstyrelsen ska se över dokumentet en gång per mandatperiod.”",
    ),
    Rule.NO_DEADLINE: (
        "Meningen säger inte när eller hur ofta det ska göras.",
        "Lägg till en tid, till exempel ”varje år, senast den 28 februari”. Annars gäller kommunens standard.",
    ),
    Rule.NO_ACTOR: (
        "Meningen säger inte vem som ska göra det.",
        "Skriv den som ska göra det först i meningen: ”{active} …” i stället för ”… {passive}”.",
    ),
    Rule.NO_NUMBER: (
        "Meningen säger inte hur många mål det ska vara.",
        "Skriv ett antal, till exempel ”ett till två mål” eller ”minst ett mål”.",
    ),
    Rule.ONLY_AS_NEEDED: (
        "Den enda tiden är ”{words}”. Då kan ingen säga när det är försenat.",
        "Behåll orden och lägg till ett längsta intervall: ”{words}, dock minst en gång per mandatperiod”.",
    ),
    Rule.MIXED_STRENGTH: (
        "Samma mening innehåller både det som ska göras och det som bör göras.",
        "Dela meningen i två: en med ”ska” för det bindande och en med ”bör” för det som rekommenderas.",
    ),
    Rule.PAST_TERM: (
        "Dokumentet gällde till och med {day}. Den dagen är passerad.",
        "Besluta om en ny version, om en förlängning eller om att dokumentet upphävs. Skriv den nya sista dagen.",
    ),
    Rule.REVISION_LATE: (
        "Texten kräver revidering {rhythm}. Dokumentet är från {base}, och {since}.",
        "Revidera dokumentet, eller besluta att det gäller oförändrat. Skriv dagen efter ”Senast reviderad”.",
    ),
    Rule.REVISION_DAY_PASSED: (
        "Texten säger att dokumentet ska revideras {by}. Den dagen är passerad.",
        "Revidera dokumentet, eller besluta att det gäller oförändrat. Skriv nästa dag då det ska revideras.",
    ),
    Rule.ENDS_BEFORE_IT_BEGINS: (
        "Dokumentet gäller från {first} men bara till {last}, som är tidigare.",
        "Rätta den dag som är fel. Kontrollera mot protokollet.",
    ),
    Rule.REVISED_BEFORE_ADOPTED: (
        "Dokumentet anges vara senast reviderat {revised}, före beslutet {adopted}.",
        "Skriv beslutsdagen för den version som gäller, och den dag då den senast reviderades.",
    ),
    Rule.ADOPTED_LATER_THAN_TODAY: (
        "Beslutsdagen {adopted} har inte varit än.",
        "Kontrollera dagen mot protokollet. Är texten ett förslag, skriv det.",
    ),
    Rule.REPLACED_IN_FORCE: (
        "Texten säger att dokumentet är ersatt eller upphävt, men anger ingen sista dag.",
        "Skriv när det upphörde att gälla och vilket dokument som gäller i stället.",
    ),
    Rule.REPLACED_IN_REGISTER: (
        "Dokumentet ”{other}” säger att det ersätter det här, men båda står som gällande.",
        "Upphäv det som inte längre ska gälla, eller rätta raden ”Ersätter” i det andra.",
    ),
    Rule.UNFILLED_TEMPLATE: (
        "”{found}” ser ut som text från mallen.",
        "Fyll i uppgiften eller ta bort raden.",
    ),
}


def remark(rule: Rule, place: tuple[int, int] | None = None, **words: str) -> Remark:
    """Make a remark of a rule's words, filled in."""
    says, instead = (text.format(**{"age": "", **words}) for text in _WORDS[rule])
    start, end = place or (None, None)
    return Remark(rule=rule, says=says, instead=instead, start=start, end=end)
