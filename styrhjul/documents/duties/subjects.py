"""Who acts in a clause: its subject, the one its form points at, the one a verb before it named."""

from __future__ import annotations

import re
from dataclasses import replace

from styrhjul.documents.duties.clauses import Binding, Clauses, Lead
from styrhjul.documents.language.actions import Hit, find_actions
from styrhjul.documents.language.actors import Subject, SubjectKind, actor_after, actor_at, is_actor, read_subject
from styrhjul.documents.language.lexicon import CONTINUING
from styrhjul.documents.language.modality import Governor, Governs, cleft_of, is_fronted

_JOINT = re.compile(r",\s(?:och|samt|men)\s|;\s|\s(?:och|samt|men)\s|,\s", re.IGNORECASE)
_WHOSE = re.compile(r"är\s(.{2,120})s\s(?:ansvar|uppgift|sak|skyldighet)\satt\Z", re.IGNORECASE)
#: "Därför ansvarar nämnderna för att …": the one who answers stands inside the words that bind.
_INSIDE = re.compile(
    r"(?:ansvarar|svarar|ges|ger|får|fått|har|ser)\s(.{2,120}?)\s(?:för|till|(?:i|till)\suppdrag|att)(?:\satt)?\Z",
    re.IGNORECASE,
)
#: "ges tillfälle att": the subject of these passives is the one who acts.
_GIVEN = re.compile(
    r"\A\s?(?:alltid\s|även\s)?(?:ges|beredas|erbjudas|få)\s(?:tillfälle|möjlighet|i\suppdrag)", re.IGNORECASE
)
_PASSIVE = re.compile(
    r"\A\s?(?:[\w-]+\s){0,3}?[\w-]+(?:as|tas|ges|ses|ras|kas|las|nas|gas|das|pas|vas|jas)(?![\w-])", re.IGNORECASE
)
_ACTIVE = re.compile(r"\A\s?(?:[\w-]+\s){0,2}?[\w-]{2,}(?:a|å|ge|se|ske|te|le|ha)(?![\w-])", re.IGNORECASE)
#: "och årligen lämnar": the subject of the verb before is this one's too.
_GOES_ON = re.compile(
    r"\s(?:och|samt|men)\s(?:(?:årligen|därefter|sedan|då|även|också|dessutom|löpande)\s)*\Z", re.IGNORECASE
)
_ADDRESSED = re.compile(r"(?:vi|du|ni|man)\s")
#: "…samordnaren, som årligen redovisar": the one named before the comma acts.
_THE_ONE_WHO = re.compile(r"([\w-]{3,40}),\s(?:som|vilken|vilka)\s([^,;:]{0,60})\Z")
#: "en utvärdering som gatuchefen redovisar": who acts stands inside the clause.
_WITHIN = re.compile(r"\bsom\s((?:[\w-]{2,40}\s){1,3})\Z")
_JOINED = re.compile(r"(?:,|\b(?:och|samt|men))\s(?:[\w-]{1,20}\s){0,2}\Z", re.IGNORECASE)
_VERB_NEXT = re.compile(r"\s(?:[\w-]{1,30}[rs]|ska|skall|måste|kan)\s", re.IGNORECASE)
#: "Det innebär att socialchefen …": what is said begins after "att".
_SAID_THAT = re.compile(
    r"\A.{0,200}\b(?:innebär|(?:inleds|börjar|avslutas)\smed|bygger\spå|går\sut\spå|sker\sgenom|framgår|beslutat|beslutar|gäller)\satt\s",
    re.IGNORECASE,
)
_BEGINS_WITH_VERB = re.compile(r"[A-ZÅÄÖ]?[\w-]{2,}r\s.*\b(?:och|samt)\s(?:[\w-]{1,20}\s)?\Z", re.DOTALL)
#: "Därefter gör kommunledningsförvaltningen en samlad bedömning, som" + "presenteras".
_DOES = re.compile(r"\A[\w-]{2,20}\s[\w-]{2,20}r\s(.{3,200})\Z", re.DOTALL)


def subject_of(clauses: Clauses, governor: Governor, earlier: Subject | None = None) -> Subject:
    """Return who or what stands before a binding word, or after it where the clause is inverted."""
    if pointed_out := _pointed_out(clauses, governor):
        return pointed_out
    before = clauses.text[: governor.start]
    if (named := _THE_ONE_WHO.search(before)) and is_actor(named[1]) and not any(map(is_actor, named[2].split())):
        return read_subject(named[1])  # "… kommunstyrelsen, som ska …"
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
        return inverted if inverted.words or clauses.lead is None else lead_subject(clauses.lead)
    if subject.kind is SubjectKind.PRONOUN and clauses.before and clauses.before.actor:
        return Subject(SubjectKind.ACTOR, clauses.before.actor)
    return subject


def acts(subject: Subject, after: str) -> str | None:
    """Return the actor of a clause from its subject and what follows; None for a passive without one."""
    if subject.kind is not SubjectKind.ACTOR:
        return actor_after(after, "av") if _is_passive(after) else None
    if _is_passive(after) and not _GIVEN.match(after):
        return actor_after(after, "av")
    return subject.words


def present_subject(clauses: Clauses, hit: Hit, found: list[Binding]) -> Subject:
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
        candidates.append(lead_subject(clauses.lead))
    if (named := _THE_ONE_WHO.search(before)) and is_actor(named[1]):
        candidates.append(last or Subject(SubjectKind.ACTOR, named[1]))
    if subject.kind is SubjectKind.PRONOUN and clauses.before and clauses.before.actor:
        candidates.append(Subject(SubjectKind.ACTOR, clauses.before.actor))
    return next((one for one in [*candidates, last] if one and one.kind is SubjectKind.ACTOR), last or subject)


def passive_actor(clauses: Clauses, hit: Hit, found: list[Binding]) -> str | None:
    """Return the one after "av", else the one this sentence or, where it plainly goes on, the one before named."""
    tail = clauses.text[hit.end :]
    joint = _JOINT.search(tail)
    own = actor_after(tail, "av") or actor_after(tail, "genom")
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


def lead_subject(lead: Lead) -> Subject:
    return Subject(SubjectKind.ACTOR, lead.actor, lead.examples) if lead.actor else Subject(SubjectKind.MISSING)


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
    return lead_subject(clauses.lead) if clauses.lead is not None and not before.strip() else None


def _is_passive(after: str) -> bool:
    passive, active = _PASSIVE.match(after), _ACTIVE.match(after)
    return passive is not None and (active is None or passive.end() <= active.end())


def _actor_subject(after: str) -> Subject:
    words = after[:300].split()
    if words and words[0].lower() == "det":
        words = words[1:]
    actor = actor_at(words)
    return Subject(SubjectKind.ACTOR, actor) if actor else Subject(SubjectKind.MISSING)


def _last_clause(before: str) -> str:
    return _JOINT.split(before[-300:])[-1]


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
