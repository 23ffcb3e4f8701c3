"""What sentences say of the document itself: its owner, its case, its term, what it replaces, when it was revised.

A sentence counts where the document is what it speaks of: "Policyn ersätter", "Denna plan", or nothing before the verb.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from styrhjul.documents.language.dates import DATE, find_date
from styrhjul.documents.language.lexicon import ACTOR_WORD
from styrhjul.documents.metadata.proof import DIARY

THIS = r"(?:denna|detta|dessa|föreliggande|den\shär|det\shär|de\shär)\s(?:nya\s)?[\w-]{3,40}"
#: The document in its own words.
OWN = (
    r"(?:policyn|planen|programmet|strategin|riktlinjen|riktlinjerna|dokumentet|styrdokumentet|reglementet|reglerna|"
    r"taxan|rutinen|rutinerna|föreskrifterna|anvisningen|anvisningarna|instruktionen|ägardirektivet|visionen|"
    r"(?:arbets|delegations|bolags)ordningen|"
    rf"{THIS})"
)
_ITSELF = re.compile(rf"(?:{OWN}|(?-i:De[nt]?)\b)", re.IGNORECASE)
_ALONE = re.compile(rf"{OWN}", re.IGNORECASE)
_SENTENCE_ENDS = re.compile(r"(?<=[^\W_]{2})[.!?»”]\s|\n\s*\n|\A")
_DEPENDS = re.compile(r"\b(?:när|om|att|där|medan|eftersom|inte|ska|bör|kan)\b", re.IGNORECASE)
_AND = frozenset({"och", "samt", "därmed", "härmed"})
_WHAT = r"(?:[^.\n]|\n(?!\n)|\.(?=\d))"
_INSTEAD = r"ersätter|har\sersatt|avlöser|efterträder|(?:träder|kommer|gäller|har\strätt)\si\sstället\sför"
_REPLACES = re.compile(rf"\b(?:{_INSTEAD})\s(?!inte\b|varandra\b)(?P<what>{_WHAT}{{5,200}})", re.IGNORECASE)
_REPEALS = re.compile(rf"\bupphäv(?:s|es|er)\s(?P<what>{_WHAT}{{5,200}})", re.IGNORECASE)
_ENDS = re.compile(
    r"\bupphör\s(?:(?:därmed|samtidigt|därvid|då|därigenom)\satt\sgälla|"
    rf"(?P<after>{_WHAT}{{5,150}}?)\satt\sgälla)|"
    rf"\b(?:då|varvid|varmed|samtidigt\ssom)\s(?P<before>{_WHAT}{{5,150}}?)\supphör\satt\sgälla",
    re.IGNORECASE,
)
_BY_THIS = re.compile(
    rf"\b(?:genom|med|i\soch\smed|samtidigt|därmed|härmed|därvid|träder\si\skraft)\b|{OWN}", re.IGNORECASE
)
_WHO = r"[A-ZÅÄÖ][\w-]{1,40}(?:\s(?:[A-ZÅÄÖ][\w-]{1,40}|(?:och|för|på|vid|i)\s[\w-]{2,40})){0,4}"
_OWNERS = (
    re.compile(
        rf"(?:^|(?<=[.!?]\s))(?P<who>{_WHO})\s(?i:är)\s(?:dokument(?:ansvarig|ägare)|ansvarig\sför\s(?:detta\s)?"
        r"(?:styr)?dokument)\w{0,4}\b",
        re.MULTILINE,
    ),
    re.compile(
        r"\b(?i:dokument(?:ansvarig|ägare)|ansvarig\stjänste(?:man|person)|ansvarig\sför\s(?:det(?:ta|\shär)\s)?(?:styr)?dokument(?:et)?)"
        r"(?:\s(?:är|heter)\s|\s?:\s)(?P<who>[\w-]{3,50}(?:\s(?:[A-ZÅÄÖ][\w-]{1,40}|(?:för|på|vid)\s[\w-]{2,40})){0,4})",
    ),
    re.compile(rf"\b(?i:för\s{OWN}\s(?:an)?svarar):?\s(?P<who>[\w-]{{3,50}}(?:\s[A-ZÅÄÖ][\w-]{{1,40}}){{0,2}})"),
)
_CASE = re.compile(
    rf"\b(?P<word>dnr|d-nr|diarienummer|diarienumret(?:\sär)?|diarienummer\sär|diarienr|ärende|ärendenummer|ärendenr)\b\.?:?\s{{1,2}}(?P<number>{DIARY.pattern})",
    re.IGNORECASE,
)
_OF_ANOTHER = re.compile(
    r"\b(?:ersätt\w*|relatera\w*|upphäv\w*|tidigare|enligt|se|även|förslag\w*|i\sstället\sför)\b", re.IGNORECASE
)
_ENDED_ON = re.compile(
    rf"\b(?:gäller|är\sgiltig[at]?)\s(?P<span>{_WHAT}{{4,80}})",
    re.IGNORECASE,
)
_LAST_YEAR = re.compile(
    r"(?:till\soch\smed|t\.?\s?o\.?\s?m\.?|längst\still|fram\still|till|till\sutgången\sav)\s(?:år\s|den\s)?"
    r"(?P<year>(?:19|20)\d\d)(?![\d-])",
    re.IGNORECASE,
)
_SPAN_OF_YEARS = re.compile(
    r"(?:under\s|för\s|mellan\s|från\s)?(?:åren\s|perioden\s|tiden\s|tidsperioden\s)?"
    r"(?P<first>(?:19|20)\d\d)\s?(?:[-–—]|till|t\.?o\.?m\.?|och)\s?(?P<last>(?:19|20)\d\d)(?![\d-])",
    re.IGNORECASE,
)
_REVISED = re.compile(
    r"\b(?:(?:senast\s)?(?:revidera|ändra|uppdatera)(?:d|de|des|t|ts)|(?:senaste\s)?(?:ändring|revidering))"
    r"\s(?:senast\s)?(?:den\s(?=av\s))?(?:(?:av|i|genom|enligt)\s)?(?:(?!den\s)[\w-]{2,40}\s){0,4}?(?:den\s)?"
    r"(?P<when>(?:§\s?\d{1,4},?\s)?\d[^.\n]{6,30})",
    re.IGNORECASE,
)
_FIRST_WORD = re.compile(r"[A-ZÅÄÖ][\w-]{4,60}")
_TITLE_WORD = re.compile(r"[\w-]{4,60}")
_DEFINITE = ("n", "en", "et", "met", "na", "t")
_FAR = 50_000
_TOP = 2_500
_END = 1_500


def head_of(text: str, at: int) -> str:
    """Return what stands before an offset in the same sentence."""
    before = text[max(0, at - 300) : at]
    ends = [match.end() for match in _SENTENCE_ENDS.finditer(before)]
    return before[ends[-1] :].strip(" \n(»”\"'*")


def replaced(text: str, title: str = "") -> Iterator[tuple[int, str]]:
    """Yield where the text tells what this document, of this title, replaces, and what that is."""
    for match in _REPLACES.finditer(text[:_FAR]):
        head = head_of(text, match.start())
        named = match["what"][0].isupper() and text[match.start("what") - 1] == " "
        if is_own_verb(head, title) if head else named:
            yield match.start(), _one_line(match["what"])
    for match in _REPEALS.finditer(text[:_FAR]):
        if _BY_THIS.search(head_of(text, match.start())) and not _ALONE.fullmatch(match["what"].strip()):
            yield match.start(), _one_line(match["what"])
    for match in _ENDS.finditer(text[:_FAR]):
        head = head_of(text, match.start())
        what = match["after"] or match["before"] or head
        if what and not _ALONE.fullmatch(what) and (what == head or _BY_THIS.search(head)):
            yield match.start(), _one_line(what)


def is_own_verb(head: str, title: str = "") -> bool:
    """Tell whether the document is what a verb speaks of: "Planen" right before it, or "Planen gäller … och"."""
    for line in re.finditer(r"^(?:\d{1,2}(?:\.\d{1,2})*\.?\s)?", head, re.MULTILINE):
        if own := _ITSELF.match(head, line.end()) or _titled(head, line.end(), title):
            rest = head[own.end() :].split()
            if not rest or (rest[-1].lower() in _AND and not _DEPENDS.search(" ".join(rest))):
                return True
    return False


def _titled(head: str, at: int, title: str) -> re.Match[str] | None:
    """Return the document named by its title's own word, made definite: "Kulturpolicyn" of "Kulturpolicy"."""
    match = _FIRST_WORD.match(head, at)
    bases = {match[0].lower().removesuffix(end) for end in _DEFINITE} if match else set()
    return match if bases & {word.lower() for word in _TITLE_WORD.findall(title)} else None


def owners(text: str) -> Iterator[tuple[int, str]]:
    """Yield where the text says who is responsible for the document, and who: "Kanslichefen är dokumentansvarig."."""
    for pattern in _OWNERS:
        for match in pattern.finditer(text[:_FAR]):
            if any(ACTOR_WORD.fullmatch(word) for word in match["who"].split()):
                yield match.start("who"), _one_line(match["who"])


def cases(text: str) -> Iterator[tuple[int, str]]:
    """Yield where a diary number follows its word, and the number, unless another document's."""
    for match in _CASE.finditer(text[: 4 * _FAR]):
        named = match["word"].lower() != "ärende" or match["number"][0].isalpha()
        if named and not _OF_ANOTHER.search(head_of(text, match.start())):
            yield match.start("number"), match["number"]


def years(text: str) -> tuple[int, date | None, date] | None:
    """Return where the text tells in years how long it is valid, with the first day, if any, and the last."""
    for match in _ENDED_ON.finditer(text[:_FAR]):
        if not is_own_verb(head_of(text, match.start())):
            continue
        if span := _SPAN_OF_YEARS.match(match["span"]):
            return match.start(), date(int(span["first"]), 1, 1), date(int(span["last"]), 12, 31)
        if (last := _LAST_YEAR.search(match["span"])) and not DATE.search(match["span"]):
            return match.start(), None, date(int(last["year"]), 12, 31)
    return None


def revisions(text: str) -> Iterator[tuple[int, date]]:
    """Yield where the text tells of a revision near its top or its end, and the day."""
    for start, part in ((0, text[:_TOP]), (max(_TOP, len(text) - _END), text[max(_TOP, len(text) - _END) :])):
        for match in _REVISED.finditer(part):
            head = head_of(part, match.start())
            if (day := find_date(match["when"])) and (not head or _ITSELF.match(head) or start == 0):
                yield start + match.start(), day


def _one_line(text: str) -> str:
    return " ".join(text.split()).strip(" ,")
