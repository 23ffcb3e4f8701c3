"""Is it the document itself that is revised, or something else that the sentence names?"""

from __future__ import annotations

import re

from styrhjul.documents.duties.proposals import Surroundings
from styrhjul.documents.language.actions import Hit
from styrhjul.documents.language.actors import is_actor
from styrhjul.documents.language.lexicon import DOCUMENT_WORD
from styrhjul.documents.language.recurrence import NUMBER, Frequency, to_number
from styrhjul.documents.language.verbs import KEPT

#: "Policyn gäller i fyra år och ska därefter omprövas", "revideras efter fyra år".
_LASTS = re.compile(
    rf"\b(?:efter|(?:gäller|giltigt?)\s(?:i|under))\s(?:högst\s)?(?P<years>{NUMBER})\sår\b(?!\s(?:efter|från|före))"
    rf"|\b(?P<since>{NUMBER})\sår\sefter\s(?:antagande|beslut|fastställande|ikraftträdande)",
    re.IGNORECASE,
)
#: What is tried then is how the document is kept, not the document.
_KEPT = re.compile(rf"\b{KEPT}\Z", re.IGNORECASE)
_ASKS_OF_IT = re.compile(r"\bom\s(?:den|det|denna|detta|dokumentet)\s", re.IGNORECASE)
_AND = re.compile(r"\b(?:och|samt)\b", re.IGNORECASE)
_SOMETHING_ELSE = re.compile(
    r"\b(?:[\w-]*mål(?:en|et)?|indikator\w*|[\w-]*handlingsplan\w*|verksamhetsplan\w*|rutiner\w*|checklist\w*|avtal\w*|delegationsordning\w*|"
    r"budget\w*|lokal\w*|avgift\w*|"
    r"register\w*|förteckning\w*|webb\w*|system\w*|uppgifter\w*|information\w*|åtgärdsplan\w*)\b",
    re.IGNORECASE,
)
_PARTICLES = frozenset({"över", "efter", "dessa", "denna", "eller"})
#: What is revised then is the document, or a list that stands in it.
_OF_ITSELF = tuple(
    "revider översyn giltig aktivitetslist åtgärdslist ändamålsenlig aktualitet aktuell uppdater prövning".split()
)
_REVISION_NOUN = re.compile(r"(?:översyn|revidering|uppdatering|omarbetning|aktualisering|prövning)", re.IGNORECASE)
_REVISION_OF = re.compile(rf"{_REVISION_NOUN.pattern}(?:en|ar|arna)?\sav\s(.{{3,120}})", re.IGNORECASE)
#: "Biblioteksplanen är ett syskon till programmet och" + "revideras": of the subject, not of what stands between.
_TWO_VERBS = re.compile(
    r"\A((?:[\w-]{1,40}\s){1,7}?)(?:är|utgör|kompletterar|hör|ansluter|bygger|ingår)\s[^,;:]{3,120}\soch\s(?:[\w-]{1,20}\s){0,2}\Z",
    re.IGNORECASE,
)
#: "upprätta en dokumenthanteringsplan och" + "se över den".
_MADE_BEFORE = re.compile(
    r"\b(?:en|ett|sin|sina|egna|egen|lokala?)\s(?:[\w-]{1,40}\s){0,2}?[\w-]{2,40}(?:plan|planer|list[ao]r?|rutin(?:er)?|förteckning|register)\b",
    re.IGNORECASE,
)
_MEANT = re.compile(
    r"\A\s(den|det|dem|denna|dessa|detta)(?=\s(?:varje|årligen|vid|efter|inför|minst|senast|en\sgång|vart|var|under|i|när|om|och|"
    r"samt|löpande|på|senast|tidigast)\b|[.,;]|\Z)",
    re.IGNORECASE,
)
#: "hålla sina larmlistor aktuella": what is kept stands inside the words of the verb.
_KEEPS = re.compile(r"håll(?:a|er)\s(.+?)\s(?:levande|i|à|aktuell\w*|uppdatera\w*)", re.IGNORECASE)
_IT = frozenset({"den", "det", "denna", "detta", "dem"})
#: What follows is on what it depends or when it is, not what is revised.
_DEPENDS = re.compile(r"\s(?:om|när|ifall|där|då|eftersom|innan|senast|så\satt)\s")
#: "Ett kontrakt omprövas": any one of many, and not this one. What is applied for is "prövas" too.
_ANY_ONE = re.compile(r"(?:en|ett)\s(?!gång)[\w-]+", re.IGNORECASE)
_OWN = re.compile(r"\A(?:den|denna|detta|dokumentet|det)(?!\s\d)\b", re.IGNORECASE)


def revises_own(text: str, hit: Hit, around: Surroundings) -> bool:
    """Tell whether the document itself is revised: named, meant by "den", or not named at all."""
    if (kept := _KEEPS.match(hit.words)) and not DOCUMENT_WORD.fullmatch(kept[1].split()[-1]):
        return kept[1].split()[-1].lower() in _IT
    tried = hit.form.passive and _KEPT.search(text[: hit.end])
    if tried or (_MEANT.match(text[hit.end :]) and _MADE_BEFORE.search(text[: hit.start])):
        return False
    target = _revised(text, hit)
    words = [word for raw in target.split() if (word := raw.strip(' ,.;:()”"').lower()) not in _PARTICLES]
    named = [word for word in words if DOCUMENT_WORD.fullmatch(word) or word in around.own_words]
    if any(
        word in around.own_words or word.rstrip("n") not in {"rutine", "rutin", "regler"} for word in named
    ) or _OWN.match(target.strip()):
        return True
    if _ASKS_OF_IT.search(hit.words) or _is_first(text, hit):  # "kollar om den behöver göras om"
        return True
    said = _before_condition(text, hit.end + 80) if target else ""
    if hit.words.lower() == "prövas" or _SOMETHING_ELSE.search(said) or _ANY_ONE.fullmatch(target.strip()):
        return False
    nouns = [
        word
        for word in words
        if len(word) > 3 and word.endswith(("en", "et", "er", "erna", "arna", "or", "na", "an")) and not is_actor(word)
    ]
    return not nouns or any(word.startswith(_OF_ITSELF) for word in words)


def lasts(text: str) -> Frequency | None:
    """Return how often a document is revised that says how many years it lasts."""
    match = _LASTS.search(text)
    if match is None:
        return None
    years = to_number(match["years"] or match["since"])
    return Frequency(f"every_n_years:{years}" if years > 1 else "annual", match[0])


def some_years_on(text: str) -> str | None:
    """Return "efter tre år", which says when once, and counts from a day that only a person knows."""
    match = _LASTS.search(text)
    return match[0] if match is not None and match[0].lower().startswith("efter") else None


def _is_first(text: str, hit: Hit) -> bool:
    """Tell whether "se över den" is the first the sentence does, so that it names nothing else: "den" is the text."""
    return _OWN.match(text[hit.end :].strip()) is not None and not _AND.search(text[: hit.start])


def _revised(text: str, hit: Hit) -> str:
    """Return the words that say what is revised: the subject of a passive, what a noun is "av", or the object."""
    if _REVISION_NOUN.search(hit.words):
        of = _REVISION_OF.search(text)
        if of or hit.form.passive:
            return of[1] if of else ""
        return _before_condition(text, hit.start + 120)[hit.start :]
    if hit.form.passive:
        coordinated = _TWO_VERBS.match(text[: hit.start])
        return coordinated[1] if coordinated else text[: hit.start]
    if meant := _MEANT.match(text[hit.end :]):
        return meant[1]
    return text[hit.start : hit.start + 120]


def _before_condition(text: str, end: int) -> str:
    """Return a text up to an offset, or to the "om" or "när" before it, unless that is where the text begins."""
    match = _DEPENDS.search(text, 0, end)
    return text[: match.start() if match else end]
