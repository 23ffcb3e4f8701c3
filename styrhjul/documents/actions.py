"""What a sentence asks for: verbs of the lifecycles, alone ("följs upp") or with their object ("ta fram … mål")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from styrhjul.documents.dates import MONTH
from styrhjul.documents.lexicon import PREPOSITIONS
from styrhjul.domain.vocabulary import ActionKind


class Form(Enum):
    """How a verb stands. An infinitive needs a binding word; PASSIVE may be either infinitive or present."""

    INFINITIVE = 1
    PRESENT = 2
    PASSIVE_INFINITIVE = 3
    PASSIVE_PRESENT = 4
    PASSIVE = 5

    @property
    def passive(self) -> bool:
        return self in {Form.PASSIVE_INFINITIVE, Form.PASSIVE_PRESENT, Form.PASSIVE}

    @property
    def finite(self) -> bool:
        return self in {Form.PRESENT, Form.PASSIVE_PRESENT}


@dataclass(frozen=True, slots=True)
class Hit:
    """A lifecycle verb in a sentence. `words` is what a person is shown as the reason."""

    kind: ActionKind
    form: Form
    start: int
    end: int
    words: str


_GAP = r"(?:\s[\w-]{1,40}){0,5}?\s"
#: Whether the document still holds: "pröva om programmet behöver ändras", "ta ställning till strategins aktualitet".
_NEEDED = (
    r"(?:\s[\w-]{1,40}){0,6}?\s(?:revider\w{1,6}|aktuell\w{0,2}|aktualitet\w{0,2}|uppdater\w{1,6}|behöver\sändras|"
    r"(?:ska|skall)\s(?:ändras|gälla))"
)
#: Whether a document is kept, and what it leads to: "efterlevnaden av policyn skall årligen prövas".
KEPT = (
    r"(?:efterlevnad|tillämpning|måluppfyllelse|genomförande|effekt)(?:en|erna|et)?(?:\s[\w-]{1,40}){0,6}?\s"
    r"(?:prövas|kontrolleras|mäts|mätas|bedöms|bedömas|ses\söver)"
)
_MAKE = "make"
_TO_REVISION = r"till\s(?:förnyad\s|ny\s)?(?:omprövning|översyn|prövning|revidering|aktualitetsprövning)"
_LIGHT = "light"
_GIVE = "give"
_GET = "get"
_VERBS: tuple[tuple[str, Form, str], ...] = (
    (
        ActionKind.FOLLOW_UP,
        Form.INFINITIVE,
        rf"följa{_GAP}upp|utvärdera|stämma{_GAP}?av|ha\s(?:följt{_GAP}upp|utvärderat)",
    ),
    (ActionKind.FOLLOW_UP, Form.PASSIVE_INFINITIVE, rf"följas{_GAP}upp|stämmas{_GAP}?av"),
    (ActionKind.FOLLOW_UP, Form.PASSIVE_PRESENT, rf"följs{_GAP}upp|stäms{_GAP}?av"),
    (ActionKind.FOLLOW_UP, Form.PRESENT, rf"följer{_GAP}upp|utvärderar|stämmer{_GAP}?av"),
    (ActionKind.FOLLOW_UP, Form.PASSIVE, rf"utvärderas|{KEPT}"),
    (
        ActionKind.REVISE,
        Form.INFINITIVE,
        (
            rf"revidera|uppdatera|se{_GAP}över|aktualitetspröva|aktualitetsförklara|ompröva|aktualisera|förnya|"
            rf"omarbeta|anta{_GAP}på\snytt|ha\s(?:reviderat|uppdaterat|sett{_GAP}över)"
        ),
    ),
    (
        ActionKind.REVISE,
        Form.INFINITIVE,
        (rf"(?:ta\sställning\still|besluta\som|pröva|bedöma|avgöra|kontrollera){_NEEDED}"),
    ),
    (
        ActionKind.REVISE,
        Form.PRESENT,
        (rf"(?:tar\sställning\still|beslutar\som|prövar|bedömer|kontrollerar){_NEEDED}"),
    ),
    (ActionKind.REVISE, Form.PASSIVE, rf"ses{_GAP}över"),
    (ActionKind.REVISE, Form.INFINITIVE, rf"(?:upp)?ta(?:ga)?{_GAP}{_TO_REVISION}"),
    (ActionKind.REVISE, Form.PRESENT, rf"(?:upp)?tar{_GAP}{_TO_REVISION}"),
    (ActionKind.REVISE, Form.PASSIVE, rf"(?:upp)?ta(?:ga)?s{_GAP}{_TO_REVISION}"),
    (
        ActionKind.REVISE,
        Form.PASSIVE,
        (
            r"revideras|uppdateras|aktualitetsprövas|aktualitetsförklaras|omprövas|aktualiseras|(?:antas|fastställs|fastställas|beslutas|prövas)\spå\snytt|"
            r"prövas|omarbetas|förnyas|"
            r"(?:aktualitet(?:en)?|behov(?:et)?\sav\s(?:revidering|översyn|uppdatering))(?:\s[\w-]{1,40}){0,2}?\s"
            r"(?:prövas|bedöms|ses\söver)"
        ),
    ),
    (
        ActionKind.REVISE,
        Form.PRESENT,
        rf"reviderar|uppdaterar|ser{_GAP}över|aktualitetsprövar|omprövar|förnyar|antar{_GAP}på\snytt",
    ),
    (
        ActionKind.REPORT,
        Form.INFINITIVE,
        (
            r"redovisa|rapportera|återrapportera|avrapportera|sammanställa|informera|anmäla|presentera|återkoppla|"
            r"delge|berätta|redogöra|sammanfatta|underställa|tillställa|förelägga|ha\s(?:redovisat|rapporterat|återrapporterat)"
        ),
    ),
    (
        ActionKind.REPORT,
        Form.PASSIVE,
        (
            r"redovisas|rapporteras|återrapporteras|avrapporteras|sammanställas|presenteras|återkopplas|delges|"
            r"anmälas|informeras|tillställas|föreläggas|sammanfattas|underställas"
        ),
    ),
    (ActionKind.REPORT, Form.PASSIVE_PRESENT, r"sammanställs|anmäls|tillställs|föreläggs"),
    (
        ActionKind.REPORT,
        Form.PRESENT,
        (
            r"redovisar|rapporterar|återrapporterar|avrapporterar|sammanställer|informerar|anmäler|presenterar|"
            r"återkopplar|berättar|delger|redogör|sammanfattar|underställer|tillställer|förelägger"
        ),
    ),
    (
        _MAKE,
        Form.INFINITIVE,
        (
            rf"ta{_GAP}?fram|formulera|ange|besluta(?:(?:\s[\w-]{{1,40}}){{0,3}}?\som)?|sätta{_GAP}?upp|sätta|fastställa|anta|identifiera|"
            rf"bryta{_GAP}?(?:ned|ner)(?:(?:\s[\w-]{{1,40}}){{1,6}}?\s(?:till|i))?|knyta|bestämma|peka\sut|utforma|"
            r"utarbeta|upprätta|arbeta\sfram|välja(?:\sut)?|definiera|precisera|konkretisera|prioritera|föreslå|ha|"
            rf"göra|skapa|utveckla|planera|ha\s(?:tagit{_GAP}?fram|upprättat|utarbetat|formulerat|beslutat(?:\som)?|antagit)"
        ),
    ),
    (ActionKind.SET_GOALS, Form.INFINITIVE, rf"(?:välja|peka){_GAP}områden?\satt\s(?:utveckla|förbättra|prioritera)"),
    (ActionKind.SET_GOALS, Form.PRESENT, rf"(?:väljer|pekar){_GAP}områden?\satt\s(?:utveckla|förbättra|prioritera)"),
    (
        _MAKE,
        Form.PASSIVE_INFINITIVE,
        r"vara\s(?:framtag|upprättad|antag|beslutad|fastställd|formulerad|färdig|klar)(?:en|et|t|a|na)?|tas\sfram|anges|sättas(?:\supp)?|fastställas|brytas\s(?:ned|ner)|väljas|göras|finnas|arbetas\sfram",
    ),
    (
        _MAKE,
        Form.PASSIVE,
        (
            r"formuleras|beslutas|antas|identifieras|utformas|utarbetas|definieras|preciseras|konkretiseras|"
            r"prioriteras|skapas|planeras|upprättas"
        ),
    ),
    (_MAKE, Form.PASSIVE_PRESENT, rf"tas{_GAP}?fram|sätts(?:{_GAP}?upp)?|fastställs|bryts{_GAP}?(?:ned|ner)|väljs"),
    (
        _MAKE,
        Form.PRESENT,
        (
            rf"tar{_GAP}?fram|arbetar{_GAP}fram|formulerar|anger|beslutar(?:(?:\s[\w-]{{1,40}}){{0,3}}?\som)?|sätter(?:{_GAP}?upp)?|fastställer|antar|identifierar|"
            rf"bryter{_GAP}?(?:ned|ner)(?:(?:\s[\w-]{{1,40}}){{1,6}}?\s(?:till|i))?|knyter|bestämmer|väljer(?:\sut)?|"
            r"utformar|utarbetar|upprättar|arbetar\sfram|definierar|konkretiserar|uppställer|preciserar|prioriterar|gör"
        ),
    ),
    (_LIGHT, Form.INFINITIVE, r"göra|genomföra|utföra|svara\sför|initiera"),
    (_LIGHT, Form.PASSIVE_INFINITIVE, r"ske|göras|genomföras|äga\srum|påbörjas|inledas|(?:bli|vara)\sföremål\sför"),
    (_LIGHT, Form.PASSIVE_PRESENT, r"sker|görs|genomförs|äger\srum|inleds|(?:blir|är)\sföremål\sför"),
    (_LIGHT, Form.PRESENT, r"gör|genomför|utför"),
    (
        _GIVE,
        Form.INFINITIVE,
        r"(?:in)?komma(?:\sin)?\smed|ha\slämnat|(?:av)?lämna(?:\sin)?|överlämna|ge|avge|upprätta|ta\sfram|skriva|göra|sammanställa|skicka(?:\sin)?|presentera",
    ),
    (
        _GIVE,
        Form.PASSIVE,
        (
            r"(?:av)?lämnas(?:\sin)?|överlämnas|upprättas|presenteras|skickas(?:\sin)?|redovisas|ske|ges|avges|görs|göras|"
            r"sker|tas\sfram"
        ),
    ),
    (
        _GIVE,
        Form.PRESENT,
        (
            r"(?:in)?kommer(?:\sin)?\smed|(?:av)?lämnar(?:\sin)?|överlämnar|ger|avger|upprättar|skriver|"
            r"sammanställer|gör|tar\sfram|skickar(?:\sin)?"
        ),
    ),
)
#: "Nämnden får en lägesrapport": somebody gives it.
_RECEIVES = (_GET, Form.PASSIVE_PRESENT, r"får(?=\s(?:en|ett)\s(?!gång))")
_VERB = tuple(
    (what, form, re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])")) for what, form, pattern in (*_VERBS, _RECEIVES)
)

_NO_GOAL = r"(?!(?:ända|före|moders|teckenspråks|jämna|ögon)mål)"
_GOAL = (
    rf"{_NO_GOAL}[\w-]{{0,30}}(?:mål(?:et|en)?|målsättning(?:en|ar|arna)?|åtagande(?:t|n|na)?|"
    rf"(?:utvecklings|förbättrings|fokus)område(?:t|n|na)?|målbild(?:er)?)"
)
_PLAN = (
    r"(?:[\w-]{0,30}handlingsplan|åtgärdsplan|aktivitetsplan|åtgärdsprogram|handlingsprogram|arbetsplan)(?:en|er|erna)?|åtgärdslist(?:a|an|or)|"
    r"(?!(?:detalj|översikts|genomförande|vård|studie|betalnings|gallrings|dokumenthanterings|tids?)plan)"
    r"[\w-]{0,30}plan(?:er)?|"  # "planen" is the document itself
    r"åtgärdsprogram(?:met)?|handlingsprogram(?:met)?|aktivitet(?:er|erna)|åtgärd(?:er|erna)"
)
_FOLLOW = r"[\w-]{0,30}uppföljning(?:en|ar|arna)?|avstämning(?:en|ar)?|[\w-]{0,30}utvärdering(?:en|ar|arna)?"
_REVISION = (
    r"revidering(?:en|ar)?|översyn(?:en)?|aktualitetsprövning(?:en)?|uppdatering(?:en|ar)?|omprövning(?:en)?|"
    r"prövning(?:en)?"
)
_REPORT = (
    r"(?:[\w-]{0,30}(?:redovisning|rapport|rapportering|sammanställning|sammanfattning|redogörelse|återkoppling|berättelse|bokslut)|underlag)"
    r"(?:en|er|erna|ar|arna|et)?"
)
_OBJECTS: dict[str, tuple[tuple[ActionKind, re.Pattern[str]], ...]] = {
    what: tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in objects)
    for what, objects in {
        _MAKE: ((ActionKind.SET_GOALS, _GOAL), (ActionKind.ACTION_PLAN, _PLAN)),
        _LIGHT: ((ActionKind.FOLLOW_UP, _FOLLOW), (ActionKind.REVISE, _REVISION)),
        _GIVE: ((ActionKind.REPORT, _REPORT),),
        _GET: ((ActionKind.REPORT, f"{_REPORT}|{_FOLLOW}"),),
        "answer": ((ActionKind.FOLLOW_UP, _FOLLOW), (ActionKind.REVISE, _REVISION), (ActionKind.REPORT, _REPORT)),
    }.items()
}
#: Between a verb and its object: "utarbetar tillsammans med socialförvaltningen en handlingsplan".
_TOGETHER = re.compile(
    r"\A\s(?:tillsammans|gemensamt|i\ssamråd|i\ssamverkan|i\sdialog)\smed\s(?:[\w-]{1,40}\s){1,4}?(?=(?:en|ett|egna|sina|sin|sitt|minst|årliga|gemensamma|mätbara|konkreta|nya|\d)\s)",
    re.IGNORECASE,
)
#: "avlämnar varje år före mars månads utgång en berättelse".
_MEANWHILE = re.compile(
    rf"\A(?:\s(?:årligen|varje\s(?:år|höst|vår|halvår|kvartal|mandatperiod)|(?:två|tre|fyra|en)\sgång(?:er)?\sper\sår|vid\sbehov|"
    rf"(?:senast|före|i|under|inför)\s(?:den\s)?(?:\d{{1,2}}\s|sista\s)?{MONTH}(?:\smånads?\s(?:utgång|slut))?))+"
    rf"(?=\s(?:en|ett|sin|sitt|sina|egna|minst|nya)\s)"
    r"|\A\s(?:vid|inför|under|efter|före|i\ssamband\smed)\s(?:[\w-]{1,40}\s){0,5}?[\w-]{1,40}"
    r"(?=\s(?:en|ett|sin|sitt|sina|egna|minst|nya|[\w-]{0,20}mål)\s)",
    re.IGNORECASE,
)
_REACH = 7
_FAR = 300


@lru_cache(maxsize=64)
def find_actions(text: str) -> tuple[Hit, ...]:
    """Return every lifecycle verb of a sentence in order, whatever its place; `duties` tells which of them bind."""
    small = text.lower()
    if len(small) != len(text):  # a letter that has no small form of its own: offsets would no longer agree
        small = text
    hits = [
        hit
        for what, form, pattern in _VERB
        for match in pattern.finditer(small)
        for hit in _hits(text, what, form, match.span())
    ]
    return tuple(sorted(hits, key=lambda hit: (hit.start, -hit.end)))


def responsibilities(text: str, at: int) -> list[Hit]:
    """Return what somebody answers for, named by nouns: "ansvarar för uppföljning och revidering av policyn"."""
    return [
        Hit(kind, Form.INFINITIVE, at, at + len(word), word)
        for word in _object_words(text[at:], joined=True)
        for kind, pattern in _OBJECTS["answer"]
        if pattern.fullmatch(word)
    ]


def noun_kind(word: str) -> ActionKind | None:
    """Return the kind a noun names: "prövningen" is a revision."""
    return next((kind for kind, pattern in _OBJECTS["answer"] if pattern.fullmatch(word)), None)


def _hits(text: str, what: str, form: Form, span: tuple[int, int]) -> list[Hit]:
    start, end = span
    verb = text[start:end]
    if isinstance(what, ActionKind):
        return [Hit(what, form, start, end, verb)]
    after = _object_words(_TOGETHER.sub("", _MEANWHILE.sub("", text[end : end + _FAR])), joined=False)
    before = _subject_words(text[:start]) if form.passive else []
    hits: list[Hit] = []
    for kind, pattern in _OBJECTS[what]:
        word = next((word for word in (*before, *after) if pattern.fullmatch(word)), None)
        if word is not None and not (
            hits and "plan" not in word and "program" not in word
        ):  # "mål och aktiviteter" are goals
            words = f"{word} {verb}" if word in before else f"{verb} … {word}"
            hits.append(Hit(kind, form, start, end, words))
    return hits


def _object_words(after: str, *, joined: bool) -> list[str]:
    """Return the words that can be the object: those before the first preposition or the end of the clause."""
    words: list[str] = []
    for word in after[:_FAR].split()[: _REACH + 2 * joined]:
        bare = word.strip('”"“().,;:')
        range_word = bare in {"till", "av"} and bool(words) and words[-1] in {"ett", "en", "två", "tre", "1", "2", "3"}
        if bare.lower() in PREPOSITIONS and not range_word and not (joined and bare == "för"):
            break
        words.append(bare)
        if word.endswith((".", ";", ":")):
            break
    return words


def _subject_words(before: str) -> list[str]:
    """Return the words before a passive verb that no preposition governs, nearest clause only."""
    clause = re.split(r"[,;:]\s(?:(?:som|att)\s)?|\s(?:som|att)\s", before[-300:])[-1]
    words = clause.split()
    free: list[str] = []
    governed = False
    for word in words:
        bare = word.strip('”"“().,;:')
        if bare.lower() in PREPOSITIONS:
            governed = True
        elif not governed:
            free.append(bare)
        if bare.lower() in {"ska", "skall", "bör", "kan", "och", "samt"}:
            governed = False
    return free
