"""The Swedish of the annual report's chapter: every word in it that nobody in the municipality has written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from styrhjul.domain.act import Act
from styrhjul.domain.answer import Attainment, Better, Trend, goes_well
from styrhjul.domain.vocabulary import BodyKind, LifecycleKey
from styrhjul.reports.chapter_facts import Decision, Standing, Told

UNSTATED = "ej angivet"
WHOLE_PERIOD = "Perioden som helhet"
#: One rule for every file that counts them.
WENT_UP = "Ett ärende har gått upp när ett mejl om det har kommit fram till någon ovanför den som ska svara."
NBSP = "\N{NO-BREAK SPACE}"

#: The same words as an answer's form has.
ATTAINMENT_WORDS: dict[Attainment, str] = {
    Attainment.MET: "uppfyllt",
    Attainment.PARTLY_MET: "delvis uppfyllt",
    Attainment.NOT_MET: "ej uppfyllt",
    Attainment.NOT_ASSESSED: "ej bedömt",
}
STANDING_WORDS: dict[Standing, str] = {
    **{Standing(attainment.value): word for attainment, word in ATTAINMENT_WORDS.items()},
    Standing.MISSING: "svar saknas",
    Standing.NO_ANSWER: "inget svar (frivilligt)",
    Standing.AWAITED: "svar väntas",
    Standing.WAIVED: "avslutat utan svar",
    Standing.NOT_ASKED: "ingen uppföljning begärd",
}
_TRENDS: dict[Trend, str] = {
    Trend.RISING: "ökar",
    Trend.UNCHANGED: "oförändrad",
    Trend.FALLING: "minskar",
    Trend.MISSING: "saknas",
}
_WAYS = {True: ", åt rätt håll", False: ", åt fel håll", None: ""}
_QUESTIONS: dict[LifecycleKey, str] = {
    LifecycleKey.GOAL_SETTING: "målen för",
    LifecycleKey.FOLLOW_UP: "uppföljningen av",
    LifecycleKey.PROJECT_FOLLOW_UP: "uppföljningen av projekt",
    LifecycleKey.ACTION_PLANNING: "handlingsplanerna för",
    LifecycleKey.REVISION: "revideringen under",
}
ACTS: dict[Act, str] = {
    Act.EXTEND: "mer tid",
    Act.REASSIGN: "en annan svarar",
    Act.APPROVE: "svaret godkändes",
    Act.RETURN: "svaret skickades tillbaka",
    Act.REFER: "förslaget skickades på remiss",
    Act.PREPARE: "det beredda förslaget skickades till beslut",
    Act.NOTE: "noterat",
    Act.WAIVE: "ärendet avslutades utan svar",
}
_UNTIL = {Act.RETURN: ", att komplettera senast", Act.REFER: ", svar senast"}
#: Bodies that people call a nämnd; the executive board is one in the law's sense.
_COMMITTEES = frozenset({BodyKind.COMMITTEE, BodyKind.EXECUTIVE_BOARD})
MONTHS = "januari februari mars april maj juni juli augusti september oktober november december".split()  # noqa: SIM905


def noun(kinds: Iterable[BodyKind], count: int) -> str:
    """Return what so many bodies of these kinds are called: "nämnder", or "organ" where others are among them."""
    if not set(kinds) <= _COMMITTEES:
        return "organ"
    return "nämnd" if count == 1 else "nämnder"


def counted_standings(counts: Mapping[Standing, int]) -> str:
    """Return "2 uppfyllt, 1 svar saknas"; empty for nothing."""
    there = ((standing, counts.get(standing, 0)) for standing in Standing)
    return ", ".join(f"{number} {STANDING_WORDS[standing]}" for standing, number in there if number)


def question(lifecycle: LifecycleKey, year: int) -> str:
    """Return "uppföljningen av 2027", to follow "har svarat på"."""
    return f"{_QUESTIONS[lifecycle]} {year}"


def trend(value: Trend | None, better: Better | None) -> str:
    """Return "ökar, åt fel håll"; empty where nothing is told."""
    return f"{_TRENDS[value]}{_WAYS[goes_well(value, better)]}" if value else ""


def decision(on: date | None, paragraph: str | None) -> str:
    """Return "2028-02-10, § 12"; what has not been told yet is said to be missing."""
    number = f"§{NBSP}{paragraph}" if paragraph else "paragraf saknas"
    return f"{on}, {number}" if on else "beslutets datum saknas"


def stated_decision(on: date | None, paragraph: str | None) -> str:
    """Return the same of a document, whose text may not say."""
    return f"{on or f'dag {UNSTATED}'}, {f'§{NBSP}{paragraph}' if paragraph else f'paragraf {UNSTATED}'}"


def inside(body: str) -> str:
    """Return a body's name as it stands within a sentence: "kommunfullmäktige"."""
    return body[:1].lower() + body[1:] if body[1:2].islower() else body


def decided(each: Decision) -> str:
    """Return "2028-03-06: mer tid till 2028-03-20, av kommunchefen. Nämnden sammanträder först då"."""
    until = f"{_UNTIL.get(each.act, ' till')} {each.until}" if each.until else ""
    to = f": {', '.join(each.to)}" if each.to else ""
    paragraph = f" (§{NBSP}{each.paragraph})" if each.paragraph else ""
    reason = f". {each.reason}" if each.reason else ""
    return f"{each.on}: {ACTS[each.act]}{to}{until}{paragraph}, av {each.by}{reason}"


def told(each: Iterable[Told], body: str) -> Iterator[str]:
    """Yield "2028-01-10: Ordförande, Nämndsekreterare", a line a day; the body that was asked need not be named."""
    by_day: dict[date, list[str]] = {}
    for one in each:
        by_day.setdefault(one.on, []).append(one.office.removesuffix(f", {body}"))
    yield from (f"{on}: {', '.join(sorted(set(offices)))}" for on, offices in by_day.items())


def counted(count: int, none: str, one: str, many: str) -> str:
    """Return the sentence for so many; `many` has a place for the number."""
    return {0: none, 1: one}.get(count) or many.format(count)


def long_day(on: date) -> str:
    """Return "31 mars 2028"."""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def sentence(*parts: str) -> str:
    """Return the parts that say something, each as a sentence of its own."""
    said = (part.strip() for part in parts if part.strip())
    return " ".join(part if part.endswith((".", "!", "?", "…")) else f"{part}." for part in said)
