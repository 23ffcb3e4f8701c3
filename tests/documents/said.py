"""Sentences with their duties, written apart from the rules: each is put into a small policy, read and compared."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from styrhjul.documents import FoundDuty, read_policy
from styrhjul.domain.vocabulary import ActionKind, Confidence, Modality

HERE = Path(__file__).parent / "sentences"
LETTER = """{title}

Almunds kommun
Antagen av: Kommunfullmäktige
Datum: 2022-11-28 § 133
Diarienummer: KS 2022/309
Dokumentansvarig: Kanslichef

{heading}

{text}
"""
#: A rhythm that no year is divided by may stand as the deadline too, in its own words.
SPOKEN = {"as_needed", "tertial", "quarterly", "monthly", "semiannual", "mandate_period"}
#: How much a text asks; the reading may never ask less.
STRENGTH = {Modality.MAY: 0, Modality.SHOULD: 1, Modality.MUST: 2, Modality.MUST_NOT: 2}


@dataclass(frozen=True)
class Said:
    """One case of a table, the whole text it stands in, and what was found in its own lines."""

    table: str
    case: dict[str, Any]
    text: str
    found: tuple[FoundDuty, ...]

    @property
    def wanted(self) -> list[dict[str, Any]]:
        return self.case.get("duty", [])  # type: ignore[no-any-return]

    @property
    def lifecycle(self) -> list[FoundDuty]:
        return [duty for duty in self.found if duty.action_kind is not ActionKind.OTHER_DUTY]


def _say(table: str, case: dict[str, Any]) -> Said:
    parts = {"title": "Program för hållbar utveckling", "heading": "Genomförande"} | case
    text = LETTER.format(title=parts["title"], heading=parts["heading"], text=parts["text"].strip("\n"))
    begins = text.index(parts["text"].strip("\n"))
    return Said(table, case, text, tuple(duty for duty in read_policy(text).duties if duty.start >= begins))


def load() -> list[Said]:
    """Return every case of every table, read."""
    tables = sorted(HERE.glob("*.toml"))
    return [_say(one.stem, case) for one in tables for case in tomllib.loads(one.read_text("utf-8"))["case"]]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def answers(wanted: dict[str, Any], duty: FoundDuty) -> bool:
    """Tell if the found duty is of the wanted kind, in the wanted quote."""
    if duty.action_kind not in (wanted["kind"], *wanted.get("kind_or", [])):
        return False
    return _one_line(wanted.get("quote", "")) in _one_line(duty.quote)


def pair(said: Said) -> list[tuple[dict[str, Any], FoundDuty | None]]:
    """Return each wanted duty with the first found one that answers it, each found one used once."""
    left = list(said.found)
    pairs = []
    for wanted in said.wanted:
        duty = next((one for one in left if answers(wanted, one)), None)
        if duty is not None:
            left.remove(duty)
        pairs.append((wanted, duty))
    return pairs


def differences(wanted: dict[str, Any], duty: FoundDuty) -> dict[str, tuple[Any, Any]]:
    """Return property: (wanted, read) for each property that is not as the table says."""
    goals = [duty.goal_min or 0, duty.goal_max or 0]
    compared = {
        "actor": (wanted.get("actor"), duty.actor),
        "modality": (wanted["modality"], duty.modality),
        "recurrence": (wanted.get("recurrence", "none"), duty.recurrence or "none"),
        "deadline": (wanted.get("deadline"), duty.deadline),
        "goals": (wanted.get("goals", [0, 0]), goals),
        "condition": (wanted.get("condition", False), duty.condition is not None),
        "addressees": (wanted.get("addressees", []), list(duty.addressees)),
    }
    if duty.recurrence in SPOKEN and "deadline" not in wanted:
        del compared["deadline"]
    return {
        name: (want, read)
        for name, (want, read) in compared.items()
        if want not in (read, "any") and read not in wanted.get(f"{name}_or", [])
    }


def weaker(wanted: dict[str, Any], duty: FoundDuty) -> bool:
    """Tell if the reading asks less than the text."""
    accepted = [wanted["modality"], *wanted.get("modality_or", [])]
    return STRENGTH[duty.modality] < min(STRENGTH[Modality(one)] for one in accepted)


@dataclass
class Score:
    """What was right, missed and invented over all cases, with the places to look."""

    right: int = 0
    missed: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)
    softened: list[str] = field(default_factory=list)
    distractors: list[str] = field(default_factory=list)
    properties: Counter[str] = field(default_factory=Counter)
    judged: Counter[tuple[str, bool]] = field(default_factory=Counter)

    @property
    def precision(self) -> float:
        return self.right / (self.right + len(self.invented))

    @property
    def recall(self) -> float:
        return self.right / (self.right + len(self.missed))


def score(cases: list[Said]) -> Score:
    """Count lifecycle duties, softened modality, reported distractors and wrong properties."""
    total = Score()
    for said in cases:
        pairs = pair(said)
        known = [duty for _, duty in pairs if duty is not None]
        for wanted, duty in pairs:
            _count(total, wanted, duty, _one_line(said.case["text"]))
        for duty in said.found:
            if duty not in known:
                _blame(total, said, duty)
    return total


def _count(total: Score, wanted: dict[str, Any], duty: FoundDuty | None, text: str) -> None:
    lifecycle = wanted["kind"] != ActionKind.OTHER_DUTY
    if duty is None:
        if lifecycle and not wanted.get("optional"):
            total.missed.append(f"{wanted['kind']}: {text}")
        return
    if weaker(wanted, duty):
        total.softened.append(text)
    wrong = differences(wanted, duty)
    if lifecycle:
        total.right += 1
        total.properties.update(wrong.keys())
        total.judged[duty.confidence, "modality" not in wrong and "recurrence" not in wrong] += 1


def _blame(total: Score, said: Said, duty: FoundDuty) -> None:
    lifecycle = duty.action_kind is not ActionKind.OTHER_DUTY
    none = said.case.get("none")
    line = f"{duty.action_kind}/{duty.confidence}: {_one_line(duty.quote)}"
    if lifecycle and not (none == "lifecycle_high" and duty.confidence is Confidence.LOW):
        total.invented.append(line)
        total.judged[duty.confidence, False] += 1
    if none == "all":
        total.distractors.append(line)
