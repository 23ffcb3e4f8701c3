"""What a law, an authority or another text asks, and this one only retells."""

from __future__ import annotations

import re

from styrhjul.documents.language.actors import Subject, SubjectKind
from styrhjul.documents.language.lexicon import DOCUMENT_WORD, GOES_ON_ABOUT
from styrhjul.documents.language.recurrence import find_frequency

_FOREIGN_ACTOR = re.compile(
    r"\b(?:smhi|msb|mcf|scb|ivo|skr|jo|imy|digg|mfd|folkhälsomyndigheten|jämställdhetsmyndigheten|myndigheten\sför|kungliga\sbiblioteket|riksarkivet|regionbibliotek\w*|staten|regeringen|riksdagen|läns\w+|regionens?|region\s(?-i:[A-ZÅÄÖ])[\w-]+|\w+verkets?|vattenmyndighet\w*|\w*inspektion(?:en|ens)|polis(?:en|myndigheten)s?|\w*socialstyrelsen|medlemsstater\w*|"
    r"(?:barn|justitie|diskriminerings)ombudsmannen|certifierings(?:organ|bolag|företag)(?:et)?|"
    r"lagen|\w+(?<!bo)(?<!arbets)(?<!ämnes)(?<!lärar)(?<!skol)lagen|"
    r"förordningen|konventionen|\w+konventionen|kommuner|varje kommun|alla kommuner|myndigheter|sverige|"
    r"konventionsstaterna)\b",
    re.IGNORECASE,
)
_OURS = r"(?:kommunen|kommunstyrelsen|\w*nämnd(?:en|erna)?|\w*(?:förvaltningen|chefen|direktören|kontoret))\b"
_AND = r",?\s(?:och|samt|tillsammans\smed|i\ssamverkan\smed)\s(?:[\w-]{1,30}\s){0,2}?"
#: "Regionen och kommunen", "Nämnden och polisen": what both shall do is the municipality's too.
_BOTH = re.compile(rf"{_FOREIGN_ACTOR.pattern}{_AND}{_OURS}|\b{_OURS}{_AND}{_FOREIGN_ACTOR.pattern}", re.IGNORECASE)
_BY_OTHERS = re.compile(rf"\s(?:årligen\s|löpande\s)?av\s{_FOREIGN_ACTOR.pattern}", re.IGNORECASE)
_LAW_SAYS = re.compile(
    r"[^,;]{0,80}(?:föreskrifter|lagen|förordningen|läroplanen)\b.{0,40}?\b(?:anger|säger|kräver|föreskriver|ställer)\b",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    r"\b(?:huvudm[aä]n\w*|\w*arbetsgivare\w*|vårdgivare\w*|verksamhetsutövare\w*|varje kommun|kommuner)\b",
    re.IGNORECASE,
)
_BY_LAW = re.compile(
    r"(?:enligt|i|av|utifrån)\s(?:[\w§.:()-]{1,30}\s){0,6}?\w*(?:(?<!bo)lagen|lagstiftningen|förordningen|konventionen|läroplanen|föreskrifter(?:na)?|allmänna\sråd)\b"
    r"|enligt\s(?:[\w§.:()-]{1,30}\s){0,3}?(?:eu|fn|sverige)\w*:?s?\s(?:[\w-]{1,30}\s)?\w*(?:förordning|direktiv|konvention)\b",
    re.IGNORECASE,
)
#: "Konsulten rekommenderade då att": advice is nobody's duty, whoever gave it.
_ADVISED = re.compile(
    r"\A[^,;]{2,90}?\s(?:rekommenderar|rekommenderade|har\srekommenderat|förordar|förordade|efterlyste|påpekade)"
    r"\s(?:[\w-]{1,20}\s){0,2}?att\s",
    re.IGNORECASE,
)
#: "Av programmet framgår att", "Socialstyrelsens föreskrifter anger att": another text is retold.
_RETOLD = re.compile(
    r"\A(?:(?:av|i|enligt)\s(?P<from>[^,;]{2,90}?)\s(?:framgår|följer|anges|stadgas|föreskrivs|sägs|står)(?:\sdet)?\satt"
    r"|(?P<text>[^,;]{2,90}?)\s(?:anger|säger|stadgar|föreskriver|slår\sfast|kräver|ställer\skrav\spå)\satt)\s",
    re.IGNORECASE,
)
_LAW = re.compile(
    r"\b\w*(?:(?<!bo)(?<!arbets)lagens?|lagstiftningens?|förordningens?|konventionens?|direktivet|balkens?|föreskrifter(?:na)?|"
    r"allmänna\sråd)\b|\b(?:hslf|sfs|sosfs|afs)\b",
    re.IGNORECASE,
)
#: "utvärderas enligt skollagens bestämmelser".
_AS_LAW_SAYS = re.compile(
    r"\benligt\s(?:[\w§.:()-]{1,30}\s){0,4}?\w*(?:lagens|förordningens|balkens)\s(?:bestämmelser|regler|krav)"
    r"|\benligt\s(?:[\w§.:()-]{1,30}\s){0,4}?\w*(?:(?<!bo)(?<!arbets)lagen|förordningen|balken)[.,]?\Z",
    re.IGNORECASE,
)
_NEXT_LAW = re.compile(
    r"\s(?:[\w-]{1,20}\s)?enligt\s(?:[\w§.:()-]{1,30}\s){0,3}?\w*(?:(?<!bo)(?<!arbets)lagen|förordningen|balken)\b",
    re.IGNORECASE,
)
_ANY_ONE = re.compile(r"(?:en\s|varje\s)?kommun(?:en|er|erna)?|de|huvudmannen|arbetsgivaren|vårdgivaren", re.IGNORECASE)
_LAW_AGAIN = re.compile(
    rf"{GOES_ON_ABOUT}\b|kommun(?:en|er|erna)\b|i\s(?:den|det|ett|en|planen|programmet|programmen|riktlinjerna)\b",
    re.IGNORECASE,
)
_THE_SAME = re.compile(
    r"\b(?:enligt|framgår\sav)\s(?:samma|nämnda|ovan\snämnda|den\snämnda)\s(?:lag|lagrum|förordning|bestämmelse|paragraf|kapitel|stycke)\w*|\bframgår\sav\slagen\b|"
    r"\Aenligt\s(?:ägardirektiv|bolagsordning)(?:et|en)\b",
    re.IGNORECASE,
)
_ANY_MUNICIPALITY = re.compile(r"\b(?:(?:varje|alla|en)\skommun|kommuner(?:na)?)\b", re.IGNORECASE)


def follows_from_law(text: str) -> bool:
    """Tell whether a sentence retells a law: "Enligt skollagen ska …". Then the law binds, and the text perhaps."""
    return _BY_LAW.match(text) is not None or _LAW_SAYS.match(text) is not None


def retells_law(text: str, subject: Subject) -> bool:
    """Tell whether a law is retold that binds whoever runs a school, employs anybody, or is a municipality at all."""
    told_of = subject.words if subject.kind is SubjectKind.ACTOR else text
    generic = _GENERIC.search(told_of) is not None or _ANY_MUNICIPALITY.search(text) is not None
    return follows_from_law(text) and (generic or _ANY_ONE.fullmatch(told_of) is not None)


def cites_the_same(text: str) -> bool:
    """Tell whether a sentence goes on about a law just named, or cites what the owner has directed."""
    return _THE_SAME.search(text) is not None


def retells_another(text: str, own_words: frozenset[str]) -> bool:
    """Tell whether what another text says is retold: a law, an authority's rules, a document that is not this one."""
    if _ADVISED.match(text):
        return True
    match = _RETOLD.match(text)
    if match is None:
        return False
    source = match["from"] or match["text"]
    if _LAW.search(source) or _FOREIGN_ACTOR.search(source):
        return True
    named = [word.lower() for word in source.split() if DOCUMENT_WORD.fullmatch(word)]
    return bool(named) and not any(word in own_words for word in named)


def left_to_law(text: str, actor: str | None) -> bool:
    """Tell whether an act without actor or rhythm is left to a law: "utvärderas enligt skollagens bestämmelser"."""
    if actor is not None or not (_AS_LAW_SAYS.search(text) or follows_from_law(text)):
        return False
    rhythm = find_frequency(text)
    return rhythm is None or rhythm.recurrence in {"none", "as_needed"}


def names_law_next(after: str) -> bool:
    """Tell whether a verb is followed by the law that tells how: "rapporterar enligt dataskyddsförordningen"."""
    return _NEXT_LAW.match(after) is not None


def is_anybody(actor: str | None) -> bool:
    """Tell whether an actor is whoever a law binds: nobody named, or municipalities."""
    return actor is None or _ANY_ONE.fullmatch(actor) is not None


def goes_on_with_law(text: str) -> bool:
    """Tell whether a sentence may go on with a law just retold: "Kommunen ska …", "I programmen ska …"."""
    return _LAW_AGAIN.match(text) is not None


def is_others_act(actor: str | None, after: str) -> bool:
    """Tell whether an act is done by somebody outside the municipality: "följs upp av länsstyrelsen"."""
    is_theirs = actor is not None and _FOREIGN_ACTOR.match(actor) is not None and _BOTH.match(actor) is None
    return is_theirs or _BY_OTHERS.match(after) is not None


def binds_others(subject: Subject) -> bool:
    """Tell whether a subject is outside the municipality and it alone: the state, a law, municipalities in general."""
    return _FOREIGN_ACTOR.search(subject.words) is not None and _BOTH.search(subject.words) is None
