"""What a clause says where no noun does: what somebody wants to reach, how they will, and how it went.

"anger vad de vill uppnå" sets goals, "beskriver hur målen ska nås" makes a plan, "bedömer om åtgärderna har gett
effekt" follows up, and "meddelar nämnden hur det gick" reports.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from styrhjul.documents.language.actors import is_actor
from styrhjul.documents.language.lexicon import DOCUMENT_WORD
from styrhjul.documents.language.verbs import Deed, What
from styrhjul.domain.vocabulary import ActionKind

#: So far before or after its verb a clause belongs to it.
_REACH = 170
_SOME = r"(?:\s[\w,–§-]{1,40})"
#: "vad de vill uppnå", "vilka resultat den vill se av stödet", "vad de ska ha uppnått vid årets slut".
_AIM = re.compile(
    rf"\b(?:vad|vilk(?:a|en|et)(?:\s[\w-]{{2,40}}){{1,3}}|vart){_SOME}{{1,12}}?\s(?:vill|avser(?:\satt)?|ska|skall|tänker|önskar|hoppas)"
    rf"{_SOME}{{0,3}}?\s(?:uppnå|nå|åstadkomma|se|förbättra|uppnått|nått|åstadkommit|förbättras|förändra|uppnås)(?!\w)"
    r"|\b(?:något|någonting|saker|det|områden?)\s(?:[\w-]{1,20}\s){0,4}?(?:bli|blir)\sbättre\s(?:på|inom)"
    r"|\bvilka\s(?:[\w-]{1,30}\s){1,8}?(?:prioriteras|särskilt\s(?:ska|skall)|ska\sprioriteras)",
    re.IGNORECASE,
)
#: "hur målen ska nås", "hur enheten ska bidra", "hur nämnden tänker gå till väga".
_MEANS = re.compile(
    rf"\bhur{_SOME}{{1,8}}?\s(?:ska|skall|tänker|avser(?:\satt)?|kommer\satt){_SOME}{{0,4}}?\s"
    r"(?:nås|nå|uppnås?|bidra|bidrar|genomföras?|gå\still\sväga|minskas?|åtgärdas?|förverkligas?|arbeta|stärkas?|förbättras?|"
    r"uppfyllas?|omsättas?|leva\supp)(?!\w)",
    re.IGNORECASE,
)
_WENT = (
    r"hur(?!\softa)"
    rf"{_SOME}{{0,9}}?\s(?:gick|gått|går|fungera(?:r|t|de)|utvecklat?s|utvecklas|nåtts|nåddes|nått|nås|uppnåtts?|uppnås|följts?|följs|"
    r"lyckats|lyckas|genomförts?|fallit\sut|framskrid(?:er|it)|tillämpa(?:s|ts)|efterlev(?:s|ts)|påverkat?s?|bidragit|kommit|"
    r"använts|används|sköts|skötts|ligger\still|gått\still|förändrats)(?!\w)"
    rf"|i\s(?:vilken|vad)\s(?:mån|grad|utsträck-?\s?ning|omfattning)"
    rf"|(?:om|huruvida){_SOME}{{1,8}}?\s(?:gett|givit|haft|fått|nåtts?|uppnåtts?|lett|räcker|följts?|följs|stämmer|fungera(?:r|t)|blivit\sgjort|genomförts|"
    r"bedrivits|efterlevs|efterlevts|hållits|infriats)(?!\w)"
    rf"|vad{_SOME}{{0,8}}?\s(?:betytt|betyder|lett\still|åstadkommits?|uppnåtts?|blivit|gett|givit|gjorts?|hänt|kommit\sfram|framkommit|visa[rt]|"
    r"återstår|är\sgjort)(?!\w)|hur\slångt|hur\sväl"
    rf"|att{_SOME}{{1,8}}?\s(?:blivit\sgjort|genomförts|följts|efterlevs|vidtagits|uppfyllts)(?!\w)"
)
_HOW_IT_WENT = re.compile(rf"\b(?:{_WENT})", re.IGNORECASE)
_RESULTS = re.compile(
    r"\b(?:[\w-]{0,30}(?:resultat|utfall|måluppfyllelse|redogörelse|rapport|sammanställning|redovisning|statistik|analys|"
    r"lägesbild|helhetsbild|översikt|utvärdering|uppföljning|genomlysning|iakttagelse|erfarenhet|förteckning|nyckeltal|siffr|svar)"
    r"(?:en|et|er|erna|ar|arna|na|or|orna|n)?|bild\sav|uppgift(?:er)?\som|uppgifter(?:na)?)(?!\w)",
    re.IGNORECASE,
)
#: "gör en helhetsbild, som kommunstyrelsen lägger fram för fullmäktige", "en rapport som båda nämnderna får i mars".
_HANDED_ON = re.compile(
    r"\b([\w-]{0,30}(?:rapport|sammanställning|redogörelse|redovisning|bild|uppföljning|analys|översikt|utvärdering)(?:en|er)?),?\s"
    r"(?:som|vilken|vilket)\s(?:[\w-]{1,30}\s){0,6}?[\w-]{0,40}(?:nämnd|styrelse|fullmäktige|utskott|ledningsgrupp)",
    re.IGNORECASE,
)
_GATHERS = frozenset({"väg", "saml", "sammanställ", "sammanför", "lägg", "foga", "fog", "ställ", "sammanfatt"})
_INTO = re.compile(
    r"\b(?:i|till)\s(?:en|ett)\s(?:[\w-]{2,20}\s){0,2}?(?:(?P<review>(?:uppföljning|utvärdering))|[\w-]{0,30}(?:rapport|redogörelse|sammanställning|"
    r"redovisning|bild))(?!\w)",
    re.IGNORECASE,
)
_YEARLY_PAPER = re.compile(
    r"\b(?:årsredovisning|verksamhetsberättelse|årsrapport|årsbokslut|bokslut|årsberättelse)(?:en|et|n)(?!\w)",
    re.IGNORECASE,
)
_TELLS_WHAT = re.compile(r"\A(?:\s[\w-]{1,20}){0,2}?\s(?:vilka|vilken|vilket|vad|hur|om|huruvida)\s", re.IGNORECASE)
#: "prövas strategins aktualitet", "Planens innehåll prövas".
_WORTH = re.compile(
    r"(?:policyns|strategins|planens|programmets|riktlinjens|riktlinjernas|reglementets|dokumentets|dess|deras)\s"
    r"(?:aktualitet|giltighet|ändamålsenlighet|innehåll|relevans)(?!\w)",
    re.IGNORECASE,
)
#: Told, though no noun is: they do so only to somebody, or of how it went.
_TELLS = frozenset(
    {"meddel", "visa", "vis", "berätt", "uppvis", "hamn", "nå", "bilägg", "fog", "insänd", "vidarebefordr"}
)
_STATES = frozenset({"beskriv", "framgå", "ange", "preciser", "redovis", "läs"})
#: Who is reported to inside a municipality.
_INSIDE = re.compile(
    r"(?:kommun)?fullmäktige|[\w-]{0,40}(?:nämnd|styrelse|utskott|direktör|chef|ledning|presidi|beredning|kansli|avdelning|"
    r"förvaltning|samordnare|strateg|controller|ledningsgrupp|rådet|råd)(?:en|et|er|erna|n|na|s)?|"
    r"[\w-]{0,40}(?:ledningsgrupp|styrgrupp)(?:en)?",
    re.IGNORECASE,
)
_TO = frozenset({"till", "för", "inför", "hos"})
_ITSELF = re.compile(
    r"\b(?:den|det|dem|(?:hela\s)?(?:[\w-]{0,60}(?:policyn|strategin|riktlinjen|riktlinjerna|programmet|planen|reglementet|"
    r"dokumentet|anvisningen|reglerna|principerna|direktivet)))(?!\w)",
    re.IGNORECASE,
)
_ANEW = re.compile(
    r"\b(?:på\snytt|igen|under\s(?:om|förnyad\s)prövning|till\s(?:om|förnyad\s)prövning|till\sförnyad\s\w+)(?!\w)",
    re.IGNORECASE,
)
_STILL_HOLDS = re.compile(
    rf"\b(?:om|huruvida){_SOME}{{1,6}}?\s(?:kan\sstå\skvar|behöver\s(?:skrivas|göras)\som|alltjämt|fortfarande\s(?:är|gäller)|är\s(?:tidsenlig|ändamålsenlig)\w{{0,2}}|"
    r"(?:ska|skall|bör)\s(?:gälla|ändras|förlängas|förnyas|skrivas\som))",
    re.IGNORECASE,
)
_SUCCESSOR = re.compile(
    r"\b(?:(?:arbetet|arbete)\smed\satt\s(?:förnya|revidera|uppdatera|skriva\som|ersätta)|förslag\still\s(?:en\s|ett\s)?(?:nästa|ny\sutgåva|förnyad)|ändringsförslag|"
    r"de\sändringar\ssom\sbehövs|nästa\s[\w-]*(?:plan|program|policy|strategi)(?!\w)|"
    r"(?:ett\snytt|en\sny)\s(?:styrdokument|dokument|anvisning|instruktion|reglemente))",
    re.IGNORECASE,
)
_TRIES_AGAIN = frozenset({"ta", "läs", "titt", "se", "gå", "pröv", "behandl", "överväg", "rull", "skriv"})
_BRINGS_NEW = frozenset(
    {"påbörj", "inled", "lägg", "anta", "återkomm", "föreslå", "ta", "bered", "upprätt", "lämn", "start", "fastställ"}
)


@dataclass(frozen=True, slots=True)
class Telling:
    """A verb in its sentence: what it does, and the text before and behind it."""

    stem: str
    particle: str
    groups: frozenset[What]
    passive: bool
    before: str
    behind: str
    timed: bool  #: its own words tell how often, or by when


def clause_meanings(one: Telling) -> Iterator[tuple[ActionKind, str]]:
    """Yield each kind that a verb has with the clauses around it, with the words that say so."""
    about = one.behind[:_REACH] if not one.passive else f"{one.before[-_REACH:]} \0 {one.behind[:_REACH]}"
    yield from _of_goals(one, about)
    if Deed.CHECK in one.groups and (went := _HOW_IT_WENT.search(about)):
        yield ActionKind.FOLLOW_UP, went[0].split()[0]
    yield from _told(one, about)
    yield from _of_document(one)


def _of_goals(one: Telling, about: str) -> Iterator[tuple[ActionKind, str]]:
    if one.groups & {Deed.MAKE, Deed.INCLUDE} or one.stem in _STATES:
        if aim := _AIM.search(about):
            yield ActionKind.SET_GOALS, aim[0].split()[0]
        elif means := _MEANS.search(about):
            yield ActionKind.ACTION_PLAN, means[0].split()[0]


def _told(one: Telling, about: str) -> Iterator[tuple[ActionKind, str]]:
    """Yield the report that is somebody being told inside the municipality: of results, or how it went."""
    if handed := _HANDED_ON.search(one.behind[:_REACH]):
        yield ActionKind.REPORT, handed[1]
    if one.stem in _GATHERS and (into := _INTO.search(one.behind[:_REACH])):
        yield (ActionKind.FOLLOW_UP if into["review"] else ActionKind.REPORT), into[0]
    if Deed.INCLUDE in one.groups and (paper := _YEARLY_PAPER.search(one.before)) and _TELLS_WHAT.search(one.behind):
        yield ActionKind.REPORT, paper[0]
    if not (one.groups & {Deed.HAND, Deed.GIVE} or one.stem in _TELLS):
        return
    told = _recipient(one)
    went = _HOW_IT_WENT.search(about) or _RESULTS.search(f"{one.before[-60:] if one.passive else ''} {about}")
    if told and went:
        yield ActionKind.REPORT, went[0].split()[0]


def _recipient(one: Telling) -> str | None:
    """Return who is told: after "till" or "för", or the first after a verb that needs no preposition."""
    words = [word.strip(",.;:()") for word in f"{one.behind[:_REACH]} \0 {one.before[-80:]}".split()]
    for number, word in enumerate(words):
        if word.lower() in _TO:
            near = next((each for each in words[number + 1 : number + 4] if _INSIDE.fullmatch(each)), None)
            if near is not None and is_actor(near):
                return near
    direct = words[:3]
    return next((word for word in direct if _INSIDE.fullmatch(word) and is_actor(word)), None)


def _of_document(one: Telling) -> Iterator[tuple[ActionKind, str]]:
    """Yield the revision that reading the document again is, or making what comes after it."""
    around = f"{one.before[-80:]} {one.behind[:_REACH]}"
    if one.stem in _TRIES_AGAIN and _ITSELF.search(around) and (anew := _ANEW.search(one.behind[:80])):
        yield ActionKind.REVISE, anew[0]
    elif _STILL_HOLDS.search(one.behind[:_REACH]) and (Deed.CHECK in one.groups or one.stem in {"avgör", "låt", "ta"}):
        yield ActionKind.REVISE, "om"
    elif one.stem in {"pröv", "bedöm", "gransk"} and (
        worth := _WORTH.search(f"{one.before[-60:]} \0 {one.behind[:60]}")
    ):
        yield ActionKind.REVISE, worth[0]
    elif one.stem in _BRINGS_NEW and (new := _SUCCESSOR.search(around)):
        yield ActionKind.REVISE, new[0]
    elif one.stem in {"läs", "gå"} and one.particle == "igenom" and one.timed and (own := _own_document(one)):
        yield ActionKind.REVISE, own


def _own_document(one: Telling) -> str | None:
    words = [word.strip(",.;:") for word in one.behind.split()[:6]]
    return next((word for word in words if DOCUMENT_WORD.fullmatch(word) and word.endswith(("n", "t", "na"))), None)
