"""Which verbs of a sentence bind somebody, how strongly, and whom."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from styrhjul.documents.actions import Hit, find_actions, responsibilities
from styrhjul.documents.actors import (
    Subject,
    SubjectKind,
    actor_after,
    actor_at,
    addressed,
    is_actor,
    may_act,
    read_subject,
)
from styrhjul.documents.lexicon import CONTINUING, DOCUMENT_WORD
from styrhjul.documents.modality import (
    Governor,
    Governs,
    cleft_of,
    find_governors,
    follows_fronted_clause,
    is_fronted,
    is_subordinate,
)
from styrhjul.documents.recurrence import find_deadline, find_frequency
from styrhjul.documents.verbs import Form
from styrhjul.domain.vocabulary import Modality

_PURPOSE = re.compile(
    r"\b(?:för|genom|utan|syfte|så|möjlighet|möjligheter|förutsättningar|tillfälle|rätt)\satt\b", re.IGNORECASE
)
_JOINT = re.compile(r",\s(?:och|samt|men)\s|;\s|\s(?:och|samt|men)\s|,\s", re.IGNORECASE)
_WHOSE = re.compile(r"är\s(.{2,120})s\s(?:ansvar|uppgift|sak|skyldighet)\satt\Z", re.IGNORECASE)
#: "Därför ansvarar nämnderna för att …": the one who answers stands inside the words that bind.
_INSIDE = re.compile(r"(?:ansvarar|svarar)\s(.{2,120}?)\sför(?:\satt)?\Z", re.IGNORECASE)
#: "ges tillfälle att": the subject of these passives is the one who acts.
_GIVEN = re.compile(
    r"\A\s?(?:alltid\s|även\s)?(?:ges|beredas|erbjudas|få)\s(?:tillfälle|möjlighet|i\suppdrag)", re.IGNORECASE
)
_PASSIVE = re.compile(
    r"\A\s?(?:[\w-]+\s){0,3}?[\w-]+(?:as|tas|ges|ses|ras|kas|las|nas|gas|das|pas|vas|jas)(?![\w-])", re.IGNORECASE
)
_ACTIVE = re.compile(r"\A\s?(?:[\w-]+\s){0,2}?[\w-]{2,}(?:a|å|ge|se|ske|te|le|ha)(?![\w-])", re.IGNORECASE)

#: "en samlad analys som delges kommunstyrelsen": what is new is made in order to be told.
_NEW_THING = re.compile(r"\b(?:en|ett)\s(?:[\w-]{1,40}\s){1,3}som\s(?P<who>(?:[\w-]{2,40}\s){0,2})\Z", re.IGNORECASE)
#: "och årligen lämnar": the subject of the verb before is this one's too.
_GOES_ON = re.compile(
    r"\s(?:och|samt|men)\s(?:(?:årligen|därefter|sedan|då|även|också|dessutom|löpande)\s)*\Z", re.IGNORECASE
)
_TASK = re.compile(r"(?:årligen\s|löpande\s|att\s)?(?:[\w-]{2,}a|se|ge|ta|avge|delge)\s", re.IGNORECASE)
_ADDRESSED = re.compile(r"(?:vi|du|ni|man)\s")
#: "…samordnaren, som årligen redovisar": the one named before the comma acts.
_THE_ONE_WHO = re.compile(r"([\w-]{3,40}),\s(?:som|vilken|vilka)\s[^,;:]{0,60}\Z")
#: "handlingsplaner som tas fram av respektive sektor".
_PLANS_THAT = re.compile(r"planer\ssom\s\Z", re.IGNORECASE)
#: "en utvärdering som gatuchefen redovisar": who acts stands inside the clause.
_WITHIN = re.compile(r"\bsom\s((?:[\w-]{2,40}\s){1,3})\Z")
_WAS_MEANT = re.compile(r"\bskulle\b", re.IGNORECASE)
_JOINED = re.compile(r"(?:,|\b(?:och|samt|men))\s(?:[\w-]{1,20}\s){0,2}\Z", re.IGNORECASE)
_VERB_NEXT = re.compile(r"\s(?:[\w-]{1,30}[rs]|ska|skall|måste|kan)\s", re.IGNORECASE)
#: "Det innebär att socialchefen …": what is said begins after "att".
_SAID_THAT = re.compile(
    r"\A.{0,200}\b(?:innebär|(?:inleds|börjar|avslutas)\smed|bygger\spå|går\sut\spå|sker\sgenom|framgår|beslutat|beslutar|gäller)\satt\s",
    re.IGNORECASE,
)
#: "Någon särskild uppföljning görs inte": the present tense binds nobody to what it denies.
_DENIED = re.compile(r"\A(?:\s[\w-]{1,40}){0,2}?\s(?:inte|ej|aldrig)(?!\w)", re.IGNORECASE)
#: "ansvarar för att … och för att verksamheten årligen bryter ned …".
_AND_TO = re.compile(r"\s(?:och|samt)\sför\satt\s", re.IGNORECASE)
_BEGINS_WITH_VERB = re.compile(r"[A-ZÅÄÖ]?[\w-]{2,}r\s.*\b(?:och|samt)\s(?:[\w-]{1,20}\s)?\Z", re.DOTALL)
#: "Därefter gör kommunledningsförvaltningen en samlad bedömning, som" + "presenteras".
_DOES = re.compile(r"\A[\w-]{2,20}\s[\w-]{2,20}r\s(.{3,200})\Z", re.DOTALL)
#: "trots att den skulle göras varje år": what was meant once.
_ONCE_MEANT = re.compile(r"\bskulle\s(?:[\w-]{1,20}\s){0,3}\Z", re.IGNORECASE)
#: "Nämnderna bör" + "se till att …": the line above says how strongly.
_ENSURES = ("se till", "tillse", "säkerställa", "sörja", "verka")


@dataclass(frozen=True, slots=True)
class Lead:
    """What the unfinished line above a list gives each item: actor, binding word, and the words it stands in."""

    actor: str | None
    governor: Governor | None
    text: str
    examples: tuple[str, ...] = ()
    tasks: bool = False  #: what follows is somebody's tasks, in whatever form: "Följa upp målen"


@dataclass(frozen=True, slots=True)
class Said:
    """Who acted in the sentence before, for "de" and for a passive that goes on about the same."""

    actor: str | None
    answers: bool


@dataclass(frozen=True, slots=True)
class Binding:
    """A verb that binds, with the word that does it ("" where the present tense alone does)."""

    hit: Hit
    modality: Modality
    words: str
    actor: str | None
    subject: Subject
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clauses:
    """A sentence with its binding words, and what stands around it."""

    text: str
    governors: list[Governor]
    lead: Lead | None
    before: Said | None
    topical: bool = False  #: the section is about how the document is carried out, followed up or kept

    @property
    def main(self) -> Governor | None:
        return next((one for one in self.governors if not one.subordinate), None)


def read_clauses(text: str, lead: Lead | None, before: Said | None, *, topical: bool = False) -> Clauses:
    """Find the binding words of a sentence."""
    governors = find_governors(text)
    if lead is not None and lead.governor is not None and governors and governors[0].words.lower().startswith(_ENSURES):
        governors[0] = replace(governors[0], modality=lead.governor.modality)
    return Clauses(text, governors, lead, before, topical)


def bindings(clauses: Clauses) -> list[Binding]:
    """Return the lifecycle verbs that bind, in order, one for each verb."""
    found: list[Binding] = []
    hits = [*find_actions(clauses.text)]
    for governor in clauses.governors:
        if governor.governs is Governs.CLAUSE and not governor.subordinate and governor.words.lower().endswith("för"):
            hits += responsibilities(clauses.text, governor.end)
    for hit in sorted(hits, key=lambda one: one.start):
        binding = _bind(clauses, hit, found)
        if binding is not None:
            found.append(binding)
    return found


def subject_of(clauses: Clauses, governor: Governor, earlier: Subject | None = None) -> Subject:
    """Return who or what stands before a binding word, or after it where the clause is inverted."""
    if pointed_out := _pointed_out(clauses, governor):
        return pointed_out
    before = clauses.text[: governor.start]
    said = (hit.form.finite and hit.end <= governor.start for hit in find_actions(clauses.text))
    holds_a_verb = earlier is not None or any(one.end <= governor.start for one in clauses.governors) or any(said)
    subject = read_subject(_last_clause(before) if holds_a_verb else before)
    if holds_a_verb and subject.kind is not SubjectKind.ACTOR:
        subject = read_subject(before) if earlier is None else subject
    if subject.kind is SubjectKind.OTHER and (first := _first_of_joined(before)) is not None:
        return first
    if earlier is not None and subject.kind is not SubjectKind.ACTOR:
        subject = earlier
    if subject.kind is SubjectKind.MISSING:
        inverted = _actor_subject(clauses.text[governor.end :])
        return inverted if inverted.words or clauses.lead is None else _lead_subject(clauses.lead)
    if subject.kind is SubjectKind.PRONOUN and clauses.before and clauses.before.actor:
        return Subject(SubjectKind.ACTOR, clauses.before.actor)
    return subject


def _first_of_joined(before: str) -> Subject | None:
    """Return whom a sentence begins with, where another verb comes first: "Rådet sammanträder … och följer upp"."""
    actor = actor_at(before[:200].split()) if _JOINED.search(before[-40:]) else None
    return Subject(SubjectKind.ACTOR, actor) if actor is not None and _VERB_NEXT.match(before[len(actor) :]) else None


def _pointed_out(clauses: Clauses, governor: Governor) -> Subject | None:
    """Return the one that the form of the clause itself points at: "det är X som", "är X:s ansvar att", "åligger X"."""
    before = clauses.text[: governor.start]
    if whose := _WHOSE.match(governor.words):
        return read_subject(whose[1])
    if (inside := _INSIDE.match(governor.words)) and (actor := actor_at(inside[1].split())):
        return Subject(SubjectKind.ACTOR, actor)
    if governor.cleft and (lifted_out := cleft_of(before)):
        return read_subject(lifted_out)
    if governor.governs is Governs.AFTER_ACTOR and clauses.text.startswith(" att ", governor.end):
        return read_subject(before)  # "Styrelsen åligger att …"
    if governor.governs is Governs.AFTER_ACTOR:
        return _actor_subject(clauses.text[governor.end :])
    return _lead_subject(clauses.lead) if clauses.lead is not None and not before.strip() else None


def acts(subject: Subject, after: str) -> str | None:
    """Return the actor of a clause from its subject and what follows; None for a passive without one."""
    if subject.kind is not SubjectKind.ACTOR:
        return actor_after(after, "av") if _is_passive(after) else None
    if _is_passive(after) and not _GIVEN.match(after):
        return actor_after(after, "av")
    return subject.words


def _is_passive(after: str) -> bool:
    passive, active = _PASSIVE.match(after), _ACTIVE.match(after)
    return passive is not None and (active is None or passive.end() <= active.end())


def _actor_subject(after: str) -> Subject:
    words = after[:300].split()
    if words and words[0].lower() == "det":
        words = words[1:]
    actor = actor_at(words)
    return Subject(SubjectKind.ACTOR, actor) if actor else Subject(SubjectKind.MISSING)


def _lead_subject(lead: Lead) -> Subject:
    return Subject(SubjectKind.ACTOR, lead.actor, lead.examples) if lead.actor else Subject(SubjectKind.MISSING)


def _last_clause(before: str) -> str:
    return _JOINT.split(before[-300:])[-1]


def _bind(clauses: Clauses, hit: Hit, found: list[Binding]) -> Binding | None:
    governor = _governor_of(clauses, hit)
    between = clauses.text[governor.end if governor else 0 : hit.start]
    led = clauses.lead is not None and clauses.lead.governor is not None
    if hit.form is Form.PASSIVE_INFINITIVE and governor is None and not led:  # "som skulle göras", "anges"
        return None
    if hit.form.finite or (hit.form.passive and governor is None and not led):
        return _bind_finite(clauses, hit, governor, found)
    if _PURPOSE.search(_AND_TO.sub(" ", between)[-200:]) or (hit.form.passive and is_subordinate(between)):
        return None
    if governor is not None:
        return None if governor.subordinate else _bound(clauses, hit, governor, found)
    lead = clauses.lead
    if lead is not None and (lead.governor is not None or (lead.tasks and _begins_task(clauses.text))):
        return _bound_by_lead(lead, hit)
    return None


def _begins_task(text: str) -> bool:
    return _TASK.match(text) is not None


def _governor_of(clauses: Clauses, hit: Hit) -> Governor | None:
    """Return the nearest binding word before a verb; one inside a clause that a comma has closed is passed over."""
    before = [one for one in clauses.governors if one.end <= hit.start]
    open_ = [one for one in before if not (one.subordinate and "," in clauses.text[one.end : hit.start])]
    return next(reversed(open_ or before), None)


def _bound(clauses: Clauses, hit: Hit, governor: Governor, found: list[Binding]) -> Binding | None:
    main = clauses.main
    earlier = None
    if main is not None and governor is not main:
        earlier = found[-1].subject if found else subject_of(clauses, main)
    subject = subject_of(clauses, governor, earlier)
    if (
        not hit.form.passive
        and subject.kind in {SubjectKind.DOCUMENT, SubjectKind.PERSON}
        and not _we_promise(clauses, subject)
    ):
        return None
    actor = None if subject.kind is SubjectKind.PERSON else subject.words or None
    if hit.form.passive and governor.governs is not Governs.CLAUSE:
        actor = _passive_actor(clauses, hit, found)
    return Binding(hit, governor.modality, governor.words, actor, subject, subject.examples)


def _bound_by_lead(lead: Lead, hit: Hit) -> Binding:
    governor = lead.governor
    modality = governor.modality if governor else Modality.MUST
    return Binding(hit, modality, governor.words if governor else "", lead.actor, _lead_subject(lead), lead.examples)


def _bind_finite(clauses: Clauses, hit: Hit, governor: Governor | None, found: list[Binding]) -> Binding | None:
    between = _AND_TO.sub(" ", clauses.text[governor.end if governor else 0 : hit.start])
    if _DENIED.match(clauses.text[hit.end :]) or _only_tells(hit, between, clauses.text):
        return None
    if governor is not None and not governor.subordinate and governor.governs is Governs.CLAUSE:
        return _bound(clauses, hit, governor, found)
    lead = clauses.lead
    if lead is not None and lead.governor is not None and lead.governor.governs is Governs.CLAUSE:
        return _bound_by_lead(lead, hit)
    if hit.form is Form.STATE:
        return None
    return _bind_present(clauses, hit, found)


def _bind_present(clauses: Clauses, hit: Hit, found: list[Binding]) -> Binding | None:
    """Bind a verb that nothing but its present tense makes binding."""
    if hit.form.passive:
        actor = _passive_actor(clauses, hit, found)
        return Binding(hit, Modality.MUST, "", actor, read_subject(clauses.text[: hit.start]))
    subject = _present_subject(clauses, hit, found)
    if subject.kind is SubjectKind.ACTOR or may_act(subject):
        return Binding(hit, Modality.MUST, "", subject.words, subject, subject.examples)
    return Binding(hit, Modality.MUST, "", None, subject) if _we_promise(clauses, subject) else None


def _we_promise(clauses: Clauses, subject: Subject) -> bool:
    """Tell whether "vi" says when it acts or on which document; without either it tells what people are like."""
    if subject.kind is not SubjectKind.PERSON or not addressed(subject.words):
        return False
    if clauses.topical:
        return True
    rhythm = find_frequency(clauses.text)
    if (rhythm is not None and rhythm.recurrence != "as_needed") or find_deadline(clauses.text) is not None:
        return True
    return any(DOCUMENT_WORD.fullmatch(word.strip(" ,.;:()”")) for word in clauses.text.split())


def _only_tells(hit: Hit, between: str, text: str) -> bool:
    """Tell whether a present verb stands in a clause that binds nobody: "som följer upp", "för att redovisas"."""
    if _ONCE_MEANT.search(text[: hit.start]):
        return True
    if follows_fronted_clause(text, text[hit.start :], passive=hit.form.passive):
        return False
    if _WAS_MEANT.search(between[-60:]):
        return True
    named = _NEW_THING.search(between)
    new = (named and (not named["who"] or actor_at(named["who"].split()))) or (
        _PLANS_THAT.search(between) and actor_after(text[hit.end :], "av")
    )
    return (is_subordinate(between) and not new) or bool(_PURPOSE.search(between[-60:]))


def _present_subject(clauses: Clauses, hit: Hit, found: list[Binding]) -> Subject:
    """Return the subject of a present verb: before it, inside or after it, or the one of the verb before."""
    before = _SAID_THAT.sub("", clauses.text[: hit.start])
    verb, _, following = clauses.text[hit.start :].partition(" ")
    if not verb.endswith(",") and (us := _ADDRESSED.match(following)):
        return Subject(SubjectKind.PERSON, us[0].strip())
    subject = read_subject(before)
    last = _last_acting(found)
    if last is not None and _GOES_ON.search(before):
        return last
    if (within := _WITHIN.search(before)) and (actor := actor_at(within[1].split())):
        return Subject(SubjectKind.ACTOR, actor)
    candidates = [subject, read_subject(_last_clause(before)), _first_of_joined(before) or subject]
    if subject.kind is SubjectKind.MISSING:
        candidates.append(_actor_subject(following))
    if clauses.lead is not None and _is_led(clauses.lead, subject, before):
        candidates.append(_lead_subject(clauses.lead))
    if (named := _THE_ONE_WHO.search(before)) and is_actor(named[1]):
        candidates.append(last or Subject(SubjectKind.ACTOR, named[1]))
    if subject.kind is SubjectKind.PRONOUN and clauses.before and clauses.before.actor:
        candidates.append(Subject(SubjectKind.ACTOR, clauses.before.actor))
    return next((one for one in [*candidates, last] if one and one.kind is SubjectKind.ACTOR), last or subject)


def _is_led(lead: Lead, subject: Subject, before: str) -> bool:
    """Tell whether the line above says who acts: nothing stands before the verb, or another verb of the same."""
    if subject.kind is SubjectKind.MISSING and not before.strip():
        return True
    return lead.tasks and _BEGINS_WITH_VERB.match(before) is not None  # "Leder arbetet och följer upp …"


def _last_acting(found: list[Binding]) -> Subject | None:
    """Return who acts in the verb before: an actor, or "vi"."""
    if not found:
        return None
    if found[-1].actor:
        return replace(found[-1].subject, kind=SubjectKind.ACTOR, words=found[-1].actor)
    return found[-1].subject if found[-1].subject.kind is SubjectKind.PERSON else None


def _passive_actor(clauses: Clauses, hit: Hit, found: list[Binding]) -> str | None:
    """Return the one after "av", else the one this sentence or, where it plainly goes on, the one before named."""
    tail = clauses.text[hit.end :]
    joint = _JOINT.search(tail)
    own = actor_after(tail, "av")
    if own is not None:
        return own
    if joint is None and (before := actor_after(clauses.text[max(0, hit.start - 80) : hit.start], "av")):
        return before if " ska " not in clauses.text[: hit.start] else None
    if found and found[-1].actor:
        return found[-1].actor
    does = _DOES.match(clauses.text[: hit.start]) if is_fronted(clauses.text) else None
    if does and (named := actor_at(does[1].split())):
        return named
    said = clauses.before
    if said is None or said.actor is None:
        return None
    first = clauses.text.split(maxsplit=1)[0].strip(",").lower()
    return said.actor if said.answers or first in CONTINUING else None
