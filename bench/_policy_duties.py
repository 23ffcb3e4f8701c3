"""A grammar of duties, written from the domain's language rules and not from the reader's word lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

#: As in a label file; `passive` says that the text may leave the actor to the sentence before.
Duty = dict[str, Any]


@dataclass
class Passage:
    """Lines of text that belong together, with the duties they hold. Sentences of one paragraph are one line."""

    lines: list[str]
    duties: list[Duty] = field(default_factory=list)
    distractors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Action:
    """One thing to do: as an infinitive, and as a subject with its passive."""

    kind: str
    active: str
    subject: str
    passive: str
    goals: tuple[int | None, int | None] | None = None


BODIES = (
    "Kommunstyrelsen",
    "Socialnämnden",
    "Varje nämnd",
    "Respektive nämnd",
    "Samtliga nämnder",
    "Alla nämnder och bolag",
    "Nämnderna",
    "De kommunala bolagen",
    "Varje nämnd och bolagsstyrelse",
    "Berörda nämnder",
    "Tekniska nämnden",
    "Varje förvaltning",
    "Kommunledningskontoret",
    "Kommunens verksamheter",
)
OFFICIALS = (
    "Kommundirektören",
    "Kommunchefen",
    "Förvaltningschefen",
    "Respektive förvaltningschef",
    "Folkhälsostrategen",
    "HR-chefen",
    "Säkerhetssamordnaren",
    "Ekonomichefen",
    "Miljöstrategen",
)
ACTIONS = (
    Action("set_goals", "ta fram egna mål", "Egna mål", "tas fram"),
    Action("set_goals", "formulera minst två mål för arbetet", "Minst två mål för arbetet", "formuleras", (2, None)),
    Action("set_goals", "besluta om nämndsmål", "Nämndsmål", "beslutas"),
    Action("set_goals", "sätta upp mätbara mål", "Mätbara mål", "sätts upp"),
    Action("set_goals", "ange åtaganden i verksamhetsplanen", "Åtaganden", "anges i verksamhetsplanen"),
    Action("set_goals", "formulera 2–3 utvecklingsområden", "2–3 utvecklingsområden", "formuleras", (2, 3)),
    Action("action_plan", "upprätta en handlingsplan", "En handlingsplan", "upprättas"),
    Action("action_plan", "utarbeta en åtgärdsplan", "En åtgärdsplan", "utarbetas"),
    Action("action_plan", "ta fram lokala handlingsplaner", "Lokala handlingsplaner", "tas fram"),
    Action("action_plan", "upprätta en plan med aktiviteter", "En plan med aktiviteter", "upprättas"),
    Action("follow_up", "följa upp {own}", "{Own}", "följs upp"),
    Action("follow_up", "följa upp målen", "Målen", "följs upp"),
    Action("follow_up", "utvärdera arbetet", "Arbetet", "utvärderas"),
    Action("follow_up", "göra en uppföljning av {own}", "Uppföljning av {own}", "görs"),
    Action("report", "redovisa resultatet till kommunfullmäktige", "Resultatet", "redovisas till kommunfullmäktige"),
    Action("report", "rapportera läget till kommunstyrelsen", "Läget", "rapporteras till kommunstyrelsen"),
    Action("report", "lämna en skriftlig redovisning", "En skriftlig redovisning", "lämnas"),
    Action("report", "återrapportera arbetet till fullmäktige", "Arbetet", "återrapporteras till fullmäktige"),
    Action("report", "sammanställa nämndernas redovisningar", "Nämndernas redovisningar", "sammanställs"),
    Action("revise", "revidera {own}", "{Own}", "revideras"),
    Action("revise", "se över {own}", "{Own}", "ses över"),
    Action("revise", "aktualitetspröva {own}", "{Own}", "aktualitetsprövas"),
    Action("revise", "uppdatera {own}", "{Own}", "uppdateras"),
)
OTHER = (
    "erbjuda utbildning till nya chefer",
    "utse en kontaktperson",
    "samverka med föreningslivet",
    "väga in barnets bästa vid större beslut",
    "avsätta medel för arbetet",
    "sprida kunskap om frågorna i verksamheten",
)
MODALS = (
    ("must", "ska"),
    ("must", "ska"),
    ("must", "ska"),
    ("must", "skall"),
    ("must", "måste"),
    ("should", "bör"),
    ("may", "kan"),
    ("may", "får"),
)
WORDED = (
    ("must", "{Who} ansvarar för att {what}."),
    ("must", "{Who} har ansvaret för att {what}."),
    ("must", "{Who} svarar för att {what}."),
    ("must", "{Who} har till uppgift att {what}."),
    ("must", "{Who} ges i uppdrag att {what}."),
    ("must", "{Who} är skyldig att {what}."),
    ("must", "Det åligger {who} att {what}."),
    ("must", "Det ankommer på {who} att {what}."),
    ("should", "{Who} rekommenderas att {what}."),
    ("should", "Det är önskvärt att {who} tar initiativ till att {what}."),
    ("may", "{Who} har möjlighet att {what}."),
    ("may", "Det står {who} fritt att {what}."),
)
#: How often, its normal form in a label file, and what a label file then has as deadline.
RHYTHMS = (
    ("årligen", "annual", None),
    ("varje år", "annual", None),
    ("en gång per år", "annual", None),
    ("1 gång per år", "annual", None),
    ("två gånger per år", "semiannual", None),
    ("halvårsvis", "semiannual", None),
    ("vartannat år", "every_n_years:2", None),
    ("vart fjärde år", "every_n_years:4", None),
    ("minst vart tredje år", "every_n_years:3", None),
    ("varje mandatperiod", "mandate_period", None),
    ("en gång per mandatperiod", "mandate_period", None),
    ("minst en gång per mandatperiod", "mandate_period", None),
    ("tertialvis", "none", "tertialvis"),
    ("per tertial", "none", "per tertial"),
    ("kvartalsvis", "none", "kvartalsvis"),
    ("varje kvartal", "none", "varje kvartal"),
    ("månadsvis", "none", "månadsvis"),
    ("vid behov", "none", "vid behov"),
    ("regelbundet", "none", "regelbundet"),
    ("löpande", "none", "löpande"),
)
_WORDS = frozenset(words for words, _, _ in RHYTHMS)
DEADLINES = (
    ("senast den 31 mars varje år", "annual"),
    ("senast den 30 november", "none"),
    ("senast sista februari varje år", "annual"),
    ("före april månads utgång", "none"),
    ("senast i september 2027", "once"),
    ("i samband med delårsrapporten", "annual"),
    ("i samband med årsredovisningen", "annual"),
    ("inom sex månader från beslutet", "none"),
)


def _fill(text: str, own: str) -> str:
    return text.replace("{own}", own.lower()).replace("{Own}", own)


def _duty(
    kind: str, modality: str, actor: str | None, *, recurrence: str = "none", deadline: str | None = None
) -> Duty:
    duty: Duty = {
        "quote": "",
        "actor": actor,
        "modality": modality,
        "action_kind": kind,
        "recurrence": recurrence,
        "deadline": deadline,
    }
    if deadline is None and recurrence == "none":
        duty["acceptable_recurrence"] = ["annual"] if kind == "set_goals" else []
    elif deadline and deadline not in _WORDS:
        duty["acceptable_recurrence"] = ["annual", "once", "none"]  # a day without a year may come each year
    return duty


def _quoted(sentence: str, *duties: Duty) -> Passage:
    for duty in duties:
        duty["quote"] = sentence
    return Passage([sentence], list(duties))


def _low(name: str) -> str:
    return name if name.split("-", maxsplit=1)[0].isupper() else name[0].lower() + name[1:]


def _action(rng: Random, kind: str) -> Action:
    return rng.choice([action for action in ACTIONS if action.kind == kind])


def _when(rng: Random) -> tuple[str, str, str | None]:
    """Return words with a space before them, or nothing; the recurrence; the deadline."""
    if rng.random() < 0.45:
        words, recurrence, deadline = rng.choice(RHYTHMS)
        return f" {words}", recurrence, deadline
    if rng.random() < 0.35:
        words, recurrence = rng.choice(DEADLINES)
        return f" {words}", recurrence, words
    return "", "none", None


def _goals(duty: Duty, action: Action) -> Duty:
    if action.goals:
        duty["goal_count"] = {"min": action.goals[0], "max": action.goals[1]}
    return duty


def active(rng: Random, kind: str, own: str) -> Passage:
    """Varje nämnd ska årligen ta fram egna mål."""
    action, actor = _action(rng, kind), rng.choice(BODIES + OFFICIALS)
    modality, modal = rng.choice(MODALS)
    when, recurrence, deadline = _when(rng)
    duty = _goals(_duty(kind, modality, actor, recurrence=recurrence, deadline=deadline), action)
    what = _fill(action.active, own)
    ways = [f"{actor} {modal}{when} {what}.", f"{actor} {modal} {what}{when}."]
    if when:
        ways.append(f"{when.strip().capitalize()} {modal} {_low(actor)} {what}.")
    return _quoted(rng.choice(ways), duty)


def worded(rng: Random, kind: str, own: str) -> Passage:
    """Det åligger kommunstyrelsen att följa upp policyn."""
    action, actor = _action(rng, kind), rng.choice(("Kommunstyrelsen", "Varje nämnd", "Socialnämnden", *OFFICIALS))
    modality, frame = rng.choice(WORDED)
    when, recurrence, deadline = _when(rng)
    what = _fill(f"{action.active}{when}", own)
    if frame.startswith("{Who}") and "för att" in frame:
        what = f"{_low(_fill(action.subject, own))} {_fill(action.passive, own)}{when}"
    duty = _goals(_duty(kind, modality, actor, recurrence=recurrence, deadline=deadline), action)
    return _quoted(frame.format(Who=actor, who=_low(actor), what=what), duty)


def passive(rng: Random, kind: str, own: str) -> Passage:
    """Policyn ska följas upp årligen av kommunstyrelsen."""
    action, actor = _action(rng, kind), rng.choice((None, None, *BODIES[:2], *OFFICIALS))
    modality, modal = rng.choice((("must", "ska"), ("must", "ska"), ("should", "bör"), ("must", ""), ("must", "")))
    when, recurrence, deadline = _when(rng)
    verb, *rest = _fill(action.passive, own).split()
    if modal:
        verb = f"{modal} {_infinitive(verb)}"
    agent = f" av {_low(actor)}" if actor else ""
    tail = "".join(f" {word}" for word in rest)
    if action.passive in {"följs upp", "ses över", "tas fram", "sätts upp"}:
        verb, tail = f"{verb}{tail}", ""
    duty = _goals(_duty(kind, modality, actor, recurrence=recurrence, deadline=deadline), action)
    duty["passive"] = True
    return _quoted(f"{_fill(action.subject, own)} {verb}{when}{agent}{tail}.", duty)


def _infinitive(passive_verb: str) -> str:
    irregular = {
        "följs": "följas",
        "tas": "tas",
        "ses": "ses",
        "görs": "göras",
        "sätts": "sättas",
        "sammanställs": "sammanställas",
    }
    return irregular.get(passive_verb, f"{passive_verb[:-2]}as" if passive_verb.endswith("as") else passive_verb)


def nominal(rng: Random, kind: str, own: str) -> Passage:
    """Uppföljning av policyn sker varje år."""
    noun = {"follow_up": ("Uppföljning", "Utvärdering"), "revise": ("Revidering", "Översyn")}[kind]
    word = rng.choice(noun)
    rhythm, recurrence, deadline = rng.choice(RHYTHMS)
    modality, verb = rng.choice((("must", "sker"), ("must", "ska ske"), ("must", "genomförs"), ("should", "bör göras")))
    duty = _duty(kind, modality, None, recurrence=recurrence, deadline=deadline)
    duty["passive"] = True
    return _quoted(f"{word} av {own.lower()} {verb} {rhythm}.", duty)


def responsible(rng: Random, kind: str, own: str) -> Passage:
    """Kommunstyrelsen ansvarar för uppföljning av policyn."""
    noun = {"follow_up": "uppföljning", "revise": "revidering"}[kind]
    actor = rng.choice(("Kommunstyrelsen", *OFFICIALS))
    verb = rng.choice(("ansvarar för", "har ansvaret för", "svarar för", "har det övergripande ansvaret för"))
    return _quoted(f"{actor} {verb} {noun} av {own.lower()}.", _duty(kind, "must", actor))


def two_in_one(rng: Random, kind: str, own: str) -> Passage:
    """Policyn ska följas upp årligen och revideras varje mandatperiod."""
    actor = rng.choice(("Kommunstyrelsen", "Varje nämnd", *OFFICIALS))
    once, often = rng.choice(RHYTHMS[:4]), rng.choice(RHYTHMS[6:12])
    first = _duty("follow_up", "must", None, recurrence=once[1])
    if kind == "revise":
        first["passive"] = True
        second = _duty("revise", "must", None, recurrence=often[1]) | {"passive": True}
        verb, other = rng.choice(
            (("ska följas upp", "revideras"), ("följs upp", "revideras"), ("följs upp", "ses över"))
        )
        return _quoted(f"{own} {verb} {once[0]} och {other} {often[0]}.", first, second)
    first["actor"] = actor
    second = _duty("report", "must", actor, recurrence=once[1]) | {"acceptable_recurrence": [once[1], "none"]}
    sentence = f"{actor} ska {once[0]} följa upp {own.lower()} och redovisa resultatet för kommunfullmäktige."
    return _quoted(sentence, first, second)


def if_so(rng: Random, kind: str, own: str) -> Passage:
    """Om målen inte nås ska nämnden upprätta en åtgärdsplan."""
    action, actor = _action(rng, kind), rng.choice(("Kommunstyrelsen", "Socialnämnden", *OFFICIALS))
    case = rng.choice(("Om målen inte nås", "Om förutsättningarna ändras väsentligt", "När behov uppstår"))
    modality, modal = rng.choice((("must", "ska"), ("should", "bör")))
    duty = _goals(_duty(kind, modality, actor), action)
    duty["acceptable_deadline"] = [case.lower()]
    return _quoted(f"{case} {modal} {_low(actor)} {_fill(action.active, own)}.", duty)


def listed(rng: Random, kind: str, own: str) -> Passage:
    """Varje nämnd ska, and then bullets; one of them may have a modal verb of its own."""
    actor = rng.choice(("Varje nämnd", "Respektive nämnd och bolagsstyrelse", "Kommunstyrelsen", "Nämnderna"))
    modality, modal = rng.choice((("must", "ska"), ("must", "ska"), ("should", "bör")))
    bullet = rng.choice("♦•-–*")
    first = _action(rng, kind)
    items: list[tuple[str, str, str, Action | None]] = [(kind, modality, _fill(first.active, own), first)]
    items += [("other_duty", modality, what, None) for what in rng.sample(OTHER, rng.randint(1, 3))]
    if rng.random() < 0.3:
        items.append(("other_duty", "may", "kan utse ett ombud", None))
    rng.shuffle(items)
    lines, duties = [f"{actor} {modal}{rng.choice(('', ':'))}"], []
    for number, (item_kind, strength, what, does) in enumerate(items):
        last, next_to_last = number == len(items) - 1, number == len(items) - 2
        text = what + ("." if last else " samt" if next_to_last else ",")
        duty = _duty(item_kind, strength, actor) | {"quote": text}
        duties.append(_goals(duty, does) if does else duty)
        lines.append(f"{bullet} {text}")
    return Passage(lines, duties)


def other(rng: Random, _kind: str, _own: str) -> Passage:
    """Socialnämnden ska utse en kontaktperson."""
    actor, what = rng.choice(BODIES + OFFICIALS), rng.choice(OTHER)
    if rng.random() < 0.1:
        sentence = f"{actor} får inte {what.replace('utse en kontaktperson', 'lämna ut uppgifter till företag')}."
        return _quoted(sentence, _duty("other_duty", "must", actor) | {"acceptable_modality": ["must_not"]})
    modality, modal = rng.choice(MODALS)
    return _quoted(f"{actor} {modal} {what}.", _duty("other_duty", modality, actor))


def defined(rng: Random, kind: str, own: str) -> Passage:
    """A term that the text defines, and a duty on those it stands for."""
    action = _action(rng, kind)
    meaning = f"{own} gäller nämnder, förvaltningar och bolag (i fortsättningen ”verksamheterna”)."
    sentence = f"Verksamheterna ska {_fill(action.active, own)}."
    passage = _quoted(sentence, _goals(_duty(kind, "must", "Verksamheterna"), action))
    return Passage([f"{meaning} {sentence}"], passage.duties)


Production = Callable[[Random, str, str], Passage]
PRODUCTIONS: dict[str, tuple[Production, ...]] = {
    "set_goals": (active, active, worded, passive, listed, defined),
    "action_plan": (active, active, worded, passive, listed, if_so),
    "follow_up": (active, active, worded, passive, passive, nominal, responsible, two_in_one, listed),
    "report": (active, active, worded, passive, listed, if_so),
    "revise": (active, passive, passive, nominal, responsible, two_in_one, worded),
    "other_duty": (other,),
}


def draw_duty(rng: Random, kind: str, own: str) -> Passage:
    """Return a passage that holds a duty of a kind; `own` is how the text names itself: "Policyn"."""
    return rng.choice(PRODUCTIONS[kind])(rng, kind, own)
