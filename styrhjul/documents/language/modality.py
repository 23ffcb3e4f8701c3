"""The words that bind: ska, bör, kan and their longer cousins, and whether they stand in the main clause."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum

from styrhjul.documents.language.actors import actor_at, is_actor, opens_inverted
from styrhjul.documents.language.lexicon import DOCUMENT_WORD
from styrhjul.documents.language.verbs import BODY_NEXT, GETS
from styrhjul.domain.vocabulary import Modality


class Governs(Enum):
    """What form of verb follows: "ska redovisa", "ansvarar för att … redovisas", "uppdras åt nämnden att redovisa"."""

    INFINITIVE = 1
    CLAUSE = 2
    AFTER_ACTOR = 3


@dataclass(frozen=True, slots=True)
class Governor:
    """A binding word at its place in a sentence. In a subordinate clause it binds nobody."""

    start: int
    end: int
    words: str
    modality: Modality
    governs: Governs
    subordinate: bool
    cleft: bool = False  #: "det är kommunstyrelsen som har ansvaret"


#: "Senast i mars har nämnden att …": whom it falls to stands inside.
_BODY_HAS = (
    r"\s(?:[\w-]{1,40}\s){0,2}?[\w-]{0,40}(?:nämnd(?:en|erna)|styrelsen|utskottet|beredningen|chef(?:en|"
    r"erna)|rådet|bolaget|konsulenten|samordnaren|förvaltningen)"
)
_ADVERBS = (
    r"(?:\s(?:också|även|därför|alltid|särskilt|dessutom|vidare|då|ytterst|gemensamt|tillsammans|"
    r"sedan|årligen|därutöver|"
    r"därtill|därvid|likaså|jämväl|härutöver)){0,2}"
)
_RESPONSIBLE = (
    rf"(?:(?:ska|skall|skola|måste)\s)?(?:ansvarar?|svarar?){_ADVERBS}\s(?:gemensamt\s)?för(?:\satt)?"
    rf"|(?:har|bär|tar){_ADVERBS}\s(?:(?:ett|det|sitt|"
    rf"samma)\s)?(?:[\w-]{{1,30}}\s){{0,2}}ansvar(?:et)?\s(?:för(?:\satt)?|att)"
    rf"|(?:är|ska\svara|skall\svara){_ADVERBS}\s(?:\w{{1,20}}\s)?ansvarig(?:a|t)?\sför(?:\satt)?"
)
#: "I enhetschefens uppdrag ingår att", "Nämndens uppgift är att".
_TASK = (
    r"(?:uppgift|uppgifter|uppdrag|ansvar|roll)(?:\s[\w-]{1,20}){0,2}?\s(?:är|ingår|består\si|blir)"
    r"(?:\s(?:också|även|bland\sannat|därför|dels|det)){0,2}\satt"
)
_OLD_PLURAL = r"(?<!varje\s)(?<!en\s)skola(?=\s(?:[\w-]{1,20}\s){0,3}?[\w-]{3,}(?:as|es)\b)"
_GENITIVE = r"är\s(?:[\w-]{1,40}\s){0,2}[\w-]{2,40}s\s(?:ansvar|uppgift|sak|skyldighet)\satt"
_ENSURE = (
    r"(?:(?:se\still|tillses?|ses\still|säkerställa|sörja\sför|verka\sför),?\satt|"
    r"ta\sinitiativ\still\satt(?!\s(?:[\w-]+a|se|ge|få)\b))"
)
_PATTERNS: tuple[tuple[Modality, Governs, str], ...] = (
    (Modality.MUST, Governs.INFINITIVE, r"(?:ska|skall|får)\s(?:endast|bara|enbart)"),
    (
        Modality.MUST_NOT,
        Governs.INFINITIVE,
        (
            r"(?:ska|skall|får|kan)(?:\s[\w-]{1,40}){0,3}?\s(?:inte|ej|icke|aldrig|"
            r"under\singa\somständigheter)(?!\s(?:bara|enbart|endast))"
        ),
    ),
    (Modality.MUST_NOT, Governs.INFINITIVE, r"\A(?:inga|ingen|inget)\s(?:[\w-]{1,40}\s){1,5}(?:får|ska|skall|kan)"),
    (Modality.SHOULD, Governs.INFINITIVE, r"bör\s(?:inte|ej|aldrig)"),
    (
        Modality.MUST,
        Governs.CLAUSE,
        (
            rf"(?:ska|skall|måste)(?:\s\w{{1,20}})?\s{_ENSURE}|(?:ser\still|tillser|säkerställer|"
            rf"tar\sinitiativ\still(?=\satt\s(?!(?:[\w-]+a|se|ge|få)\b)))\satt|\A{_ENSURE}"
        ),
    ),
    (Modality.MUST, Governs.CLAUSE, r"ser(?:\s[\w-]{1,40}){1,3}?\still\satt"),
    (Modality.SHOULD, Governs.CLAUSE, rf"bör(?:\s\w{{1,20}})?\s{_ENSURE}"),
    (Modality.MUST, Governs.CLAUSE, _RESPONSIBLE),
    (Modality.MUST, Governs.CLAUSE, _GENITIVE),
    (Modality.SHOULD, Governs.CLAUSE, r"bör\s(?:ansvara|svara)\sför(?:\satt)?"),
    (
        Modality.MUST,
        Governs.INFINITIVE,
        r"får(?=\s(?:[\w-]{1,30}\s){0,4}?(?:höra|veta)\b)",
    ),  # is told, and has no leave
    (Modality.MUST, Governs.INFINITIVE, _TASK),
    (
        Modality.MUST,
        Governs.INFINITIVE,
        r"\Ai\s(?:detta|det|uppdraget|ansvaret|uppgiften)\singår(?:\s[\w-]{1,20}){0,3}?\satt",
    ),
    (Modality.MUST_NOT, Governs.INFINITIVE, r"äger\s(?:inte|ej|icke)(?:\srätt)?\satt"),
    (Modality.MAY, Governs.INFINITIVE, r"äger\srätt(?:\satt)?"),
    (Modality.MUST, Governs.INFINITIVE, r"äger(?:\satt|(?=\s[\w-]{2,}a\b))"),
    (Modality.MUST, Governs.CLAUSE, r"det\s(?:krävs|är\s(?:ett\skrav|obligatoriskt|nödvändigt))\satt"),
    (
        Modality.MUST,
        Governs.INFINITIVE,
        (
            rf"har{_ADVERBS}\s(?:(?:till|som|i)\suppgift|i\suppdrag)\satt|har{_ADVERBS}\satt|har{BODY_NEXT}\satt|"
            rf"har{_BODY_HAS}\satt|har(?:\s[\w-]{{1,40}}){{0,3}}\s(?:uppdrag|uppgift)(?:et|en)?\satt|"
            rf"har(?:\s\w{{1,20}})?\sfått\s(?:i|till)\s(?:uppdrag|uppgift)\satt|"
            rf"har\s(?:en\s)?skyldighet\satt|"
            rf"(?:får|ges|har\sfått){_ADVERBS}\s(?:(?:i|till)\s(?:uppdrag|uppgift)|ansvar(?:et)?\sför)\satt|"
            r"kommer\satt|behöver(?!\s(?:inte|ej))|förväntas|(?:förbinder|åtar)\ssig\satt|lovar(?:\satt)?"
        ),
    ),
    (
        Modality.MUST,
        Governs.INFINITIVE,
        (
            rf"är{_ADVERBS}\s(?:skyldig|skyldiga|skyldigt|ålagd|ålagda)\satt|(?:åläggs|ålägges|"
            rf"åläggas){_ADVERBS}\satt|uppdras\satt|föreslår(?:\s[\w-]{{1,40}})?\satt"
        ),
    ),
    (Modality.MAY, Governs.AFTER_ACTOR, r"(?:är|står)\sfritt\sför|står(?=(?:\s[\w-]{1,40}){1,4}\sfritt\satt)"),
    (Modality.MUST, Governs.CLAUSE, r"(?:ansvarar|svarar)(?!\s(?:inte|ej))(?:\s[\w-]{1,40}){1,6}?\sför(?:\satt)?"),
    (
        Modality.MUST,
        Governs.AFTER_ACTOR,
        (
            r"uppdras\såt|uppdrages\såt|uppdrar\s(?:åt|till)|åligger|åvilar|ankommer(?:\spå)?|tillkommer|tillhör|"
            r"ger\si\suppdrag\såt"
        ),
    ),
    (
        Modality.MUST,
        Governs.INFINITIVE,
        r"(?:ger|ges|får|fått|lämnas)(?:\s[\w-]{1,40}){1,5}?\s(?:i|till)\suppdrag(?:\satt)?",
    ),
    (
        Modality.SHOULD,
        Governs.INFINITIVE,
        (
            r"(?:rekommenderas|uppmanas|uppmuntras)(?:\satt)?|strävar\sefter\satt|(?:ska|skall)\s(?:sträva|"
            r"eftersträva)\s?(?:efter\s)?(?:att)?"
        ),
    ),
    (Modality.SHOULD, Governs.CLAUSE, r"(?:[\w-]{2,40}\s)?rekommenderar\satt"),
    (
        Modality.SHOULD,
        Governs.CLAUSE,
        r"(?:det\s(?:är|anses)|(?:är|anses)\sdet)\s(?:\w{1,20}\s)?(?:viktigt|önskvärt|angeläget|lämpligt)\satt",
    ),
    (Modality.MUST, Governs.INFINITIVE, rf"ska|skall|måste|{_OLD_PLURAL}"),
    (Modality.SHOULD, Governs.INFINITIVE, r"bör"),
    (
        Modality.MAY,
        Governs.INFINITIVE,
        (
            rf"kan|får(?!\s(?:den|det|dem|detta|dessa)\s(?:för|senast|i|till|från|av|vid|på|samtidigt|skriftligen)\b)"
            rf"(?!{GETS})(?!{BODY_NEXT}\s(?:en|ett)\s(?!gång))"
            rf"(?!\s(?:[\w-]{{1,30}}\s){{1,3}}?(?:för\skännedom|till\sdel)(?!\w))|må|har\smöjlighet\satt|"
            r"är\sfri(?:tt|a)?\satt"
        ),
    ),
)
_GOVERNOR = re.compile(
    r"\b(?:"
    + "|".join(f"(?P<p{number}>{pattern})" for number, (_, _, pattern) in enumerate(_PATTERNS))
    + r")(?![\w-])",
    re.IGNORECASE,
)
#: A subordinate clause opened at most this many words before the verb still holds it.
_REACH = 5
#: A relative clause that has its own verb is over: "Den nämnd som bedriver verksamhet ska …".
_OWN_VERB = re.compile(
    r"(?:inte|också|även|redan)|(?:har|är|kan|ska|bör|får|tar|ger|gör|ser|bor|går|står|når|sker)|"
    r"\w{2,}(?:[eydt]r|[aå]r|[dlrvmp]er|(?!\w*(?:ens|ets|nas)\Z)[aegdrvsnl]s)"
)
#: "som fått påpekanden", "som inte lämnat in": a perfect without its "har".
_SUPINE = re.compile(
    r"fått|haft|gått|gjort|tagit|(?!\w*(?:lig|isk|tiv)t\Z)\w{2,}(?:[^aeiou]at|[bdfglmnprstvk]it|[kpstj]t)"
)
_OPENS_CLAUSE = frozenset(
    "som att hur vad vilka vilken vilket där om när då innan eftersom medan därför varför huruvida vars vem "
    "ifall såvida".split()
)
#: "har beslutat att varje nämnd ska": what was decided binds. "ansvarar för att … och att …" goes on.
_DECIDES_THAT = frozenset(
    "beslutar beslutat beslutade beslutas innebär framgår gäller kräver följer anger förutsätter krävs uppdrag ansvar "
    "och samt säkerställa säkerställer tillse tillser".split()
)
#: "se till att" binds to what follows; "bidra till att" only hopes for it.
_GOES_ON = frozenset(
    [f"{verb} till" for verb in ("se", "ser", "tillse", "sett")]
    + [f"{verb} med" for verb in ("inleds", "börjar", "avslutas", "slutar")]  # "Arbetet inleds med att nämnden …"
)
#: A passive just before a verb closes the clause: "Hur väl policyn efterlevs ska utvärderas".
_CLOSES = re.compile(r"(?!\w*(?:ens|ets)\Z)\w{3,}[advrtlnkgp]s|framkommit|framgått|visat|skett|hänt|inträffat|gått")
#: "I programmet ska anges hur fullmäktiges mål och riktlinjer" + "ska följas upp": what the text holds is told.
_TOLD_WHERE = re.compile(
    r"\b(?:ange[rs]?|anges|framgå[rs]?|beskriva?s?|beskriver|regleras?|reglerar|visar|innehåll\w*)\s(?:också\s|även\s)?"
    r"(?:hur|vad|vem|vilka|vilken|när)\s(?:[\w-]{1,40}\s){0,7}\Z",
    re.IGNORECASE,
)
#: "om inget annat anges", "om så behövs": no one speaks *about* these.
_CONDITIONAL = frozenset("inget ingenting inte annat så behov skäl särskilda".split())
_DETERMINER = re.compile(
    r"de|den|det|dessa|denna|detta|varje|samtliga|alla|respektive|närmaste|ansvarig|berörda?|kommunens?|en|ett",
    re.IGNORECASE,
)
#: So many words of time may stand between a passive verb and what is new: "görs varje år en analys".
_ADVERBIAL = 5
_CLEFT = re.compile(r"\b(?:är det|det är)\s((?:[\w/-]{1,40}\s){1,5})som\Z", re.IGNORECASE)
#: "ska anges hur målen och riktlinjerna ska följas upp": the second binds nobody.
_TELLS_HOW = re.compile(
    r"\b(?:ange|anger|anges|framgå|framgår|beskriva|beskrivs|beskrivas)\shur\b[^,;.]*\Z", re.IGNORECASE
)
#: "håller ett råd, där föreningar får lämna synpunkter": what somebody may within it makes what is held no weaker.
_WITHIN = re.compile(r"\w,\s(?:där|som|varvid|vid\svilke[nt]|vilka|vilken|vilket)\s[^,;.]*\Z", re.IGNORECASE)
#: "ska (inte bör)", "ska så långt den kan": a weaker word set beside the one that binds.
_ASIDE = re.compile(
    r"\([^()]*\Z|\b(?:ska|skall|måste),?\s(?:inte|ej|icke)\s(?:bara\s)?\Z"
    r"|\b(?:ska|skall|måste)\b[^.;]*\s(?:så\s(?:långt|mycket)(?:\ssom)?|i\sden\s(?:mån|utsträckning|omfattning)|i\sde\sfall|när|om|"
    r"vilket)\s(?:det|den|de|man|vi)\s\Z",
    re.IGNORECASE,
)
_EITHER = re.compile(r"\s?/\s?|\seller\s", re.IGNORECASE)
_STRENGTH = (Modality.MAY, Modality.SHOULD, Modality.MUST)
_QUOTED = re.compile(r"[”\"“»«]")


def find_governors(text: str) -> list[Governor]:
    """Return the binding words of a sentence in order, each told apart as main or subordinate."""
    found = []
    for match in _GOVERNOR.finditer(text):
        modality, governs, _ = _PATTERNS[int(str(match.lastgroup)[1:])]
        cleft = cleft_of(text[: match.start()]) is not None
        before = text[: match.start()]
        told = _TELLS_HOW.search(before[-200:]) is not None
        within = modality is Modality.MAY and _WITHIN.search(before[-200:]) is not None
        aside = modality in {Modality.MAY, Modality.SHOULD} and _ASIDE.search(before[-200:]) is not None
        subordinate = not cleft and (
            told or within or aside or is_subordinate(before) or _is_quoted(text, match.start())
        )
        found.append(Governor(match.start(), match.end(), match[0], modality, governs, subordinate, cleft))
    return _without_fronted_clause(text, _joined(text, found))


def _joined(text: str, found: list[Governor]) -> list[Governor]:
    """Take "ska/bör" and "ska eller bör" for one word as strong as the strongest of them."""
    joined: list[Governor] = []
    for one in found:
        last = joined[-1] if joined else None
        if last and {last.modality, one.modality} <= {*_STRENGTH} and _EITHER.fullmatch(text[last.end : one.start]):
            strongest = max(last.modality, one.modality, key=_STRENGTH.index)
            words = text[last.start : one.end]
            joined[-1] = replace(last, end=one.end, words=words, modality=strongest, governs=one.governs)
        else:
            joined.append(one)
    return joined


def is_subordinate(before: str) -> bool:
    """Tell whether the words just before a verb open a clause that the verb then belongs to."""
    if _TOLD_WHERE.search(before[-200:]):
        return True
    words = before[-200:].lower().split()
    near = words[-_REACH:]
    if near and _CLOSES.fullmatch(near[-1]) and not is_actor(near[-1]):
        return False
    for back, word in enumerate(reversed(near)):
        if word.endswith((",", ";", ":")) or (word in {"och", "samt"} and back > 0):
            return False
        if word == "där" and words[: len(words) - back][-2:-1] == ["och"]:  # "och där utvärderas programmet"
            return False
        if word in _OPENS_CLAUSE and not (back == 0 and len(words) == 1):  # "Då ska du …" opens with an adverb
            return _holds(word, words[: len(words) - back - 1], near[len(near) - back :])
    return False


def _holds(opener: str, before: list[str], after: list[str]) -> bool:
    """Tell whether a clause that an opener begins is still open after some words."""
    previous = before[-1] if before else ""
    if opener == "som" and not before:  # "Som underlag för årsredovisningen ska …"
        return False
    closed = (opener == "som" and len(after) > 1 and _is_own_verb(after[0])) or (
        opener == "vars" and any(_is_own_verb(word) for word in after[1:-1])  # "Skolor vars frånvaro överstiger …"
    )
    if closed:  # what holds then is the clause around: "Vi vill att det som byggs i dag" + "ska uppskattas"
        return before[-2:-1] == ["att"] and _holds("att", before[:-2], [*before[-1:], opener, *after])
    if opener == "att":
        if previous.endswith(","):  # "ansvarar för att …, att …"
            return False
        pair = " ".join(before[-2:])
        return pair not in _GOES_ON if previous in {"till", "med"} else previous not in _DECIDES_THAT
    if opener in {"som", "vilket", "vilka", "vilken"} and previous.endswith(","):  # ", som redovisas i …" goes on
        return False
    about = opener == "om" and previous and not previous.endswith(",")
    return not about or (bool(after) and after[0] in _CONDITIONAL)


def _is_own_verb(word: str) -> bool:
    return not is_actor(word) and bool(_OWN_VERB.fullmatch(word) or _SUPINE.fullmatch(word))


def follows_fronted_clause(text: str, verb: str, *, passive: bool) -> bool:
    """Tell whether a present verb with its subject after it is the main: "När perioden löper ut lämnar nämnden …"."""
    following = verb[:200].split()[1:]
    if not is_fronted(text) or not following:
        return False
    something_new = passive and not {"en", "ett"}.isdisjoint(following[:_ADVERBIAL])
    return following[0] in {"vi", "du", "ni", "man"} or actor_at(following) is not None or something_new


def cleft_of(before: str) -> str | None:
    """Return X where a verb follows "det är X som", which lifts the actor out instead of opening a clause."""
    match = _CLEFT.search(before[-200:].rstrip())
    return match[1] if match else None


def _is_quoted(text: str, at: int) -> bool:
    return len(_QUOTED.findall(text, 0, at)) % 2 == 1


def _without_fronted_clause(text: str, found: list[Governor]) -> list[Governor]:
    """After "Om …" or "För att …" the binding word that a subject follows is the main one, not those before."""
    main = next((one for one in found if _inverted(text, one)), None) if is_fronted(text) else None
    if main is None:
        return found
    return [replace(one, subordinate=one.subordinate if one.start > main.start else one is not main) for one in found]


def is_fronted(text: str) -> bool:
    """Tell whether a sentence begins with anything but its subject."""
    return bool(text) and opens_inverted(text.split(maxsplit=1)[0].strip(","))


def _inverted(text: str, governor: Governor) -> bool:
    """Tell whether a subject, not a verb, follows: "ska de kommunala verksamheterna …"."""
    if any(is_actor(word) for word in governor.words.split()):  # "ges samordnaren i uppdrag att"
        return True
    following = text[governor.end : governor.end + 60].split()
    first = following[0].strip(",.") if following else ""
    return is_actor(first) or any(kind.fullmatch(first) for kind in (_DETERMINER, DOCUMENT_WORD))
