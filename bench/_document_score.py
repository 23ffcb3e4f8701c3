"""How well a reading agrees with a label file: each metadata field, each duty, and what was reported that is none."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from styrhjul.documents import FoundDuty, Metadata, PolicyReading
from styrhjul.domain.vocabulary import ActionKind, Confidence, Modality

Label = dict[str, Any]

METADATA = tuple(each.name for each in fields(Metadata) if each.name != "first_adopted")
LIFECYCLE = tuple(kind for kind in ActionKind if kind is not ActionKind.OTHER_DUTY)
#: Label files write "none" for these and put the word in `deadline`.
_WRITTEN_AS_NONE = {None, "as_needed", "tertial", "quarterly", "monthly"}
_STRENGTH = {Modality.MAY: 0, Modality.SHOULD: 1, Modality.MUST: 2, Modality.MUST_NOT: 2}
_BREAKS = re.compile(r"-\r?\n\s*|\s+")


@dataclass
class Tally:
    """Counts of one thing: `right` of `read` were right, `right` of `wanted` were found."""

    right: int = 0
    read: int = 0
    wanted: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.read if self.read else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def add(self, other: Tally) -> None:
        self.right, self.read, self.wanted = (
            self.right + other.right,
            self.read + other.read,
            self.wanted + other.wanted,
        )


@dataclass
class Score:
    """Everything counted over the documents seen so far; `mistakes` names each in one line."""

    documents: int = 0
    fields: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in METADATA})
    as_labelled: Counter[str] = field(default_factory=Counter)
    kinds: dict[str, Tally] = field(default_factory=lambda: {kind: Tally() for kind in ActionKind})
    modalities: dict[str, Tally] = field(default_factory=lambda: {modality: Tally() for modality in Modality})
    properties: dict[str, Tally] = field(
        default_factory=lambda: {name: Tally() for name in ("actor", "recurrence", "deadline", "goals")}
    )
    confidence: dict[str, Tally] = field(default_factory=lambda: {level: Tally() for level in Confidence})
    weaker: int = 0
    distractors: Tally = field(default_factory=Tally)
    conflicts: Tally = field(default_factory=Tally)
    mistakes: list[str] = field(default_factory=list)

    @property
    def accuracy(self) -> float:
        """The share of metadata fields that are as labelled, null where null is right."""
        return sum(self.as_labelled.values()) / (self.documents * len(METADATA)) if self.documents else 1.0

    @property
    def lifecycle(self) -> Tally:
        total = Tally()
        for kind in LIFECYCLE:
            total.add(self.kinds[kind])
        return total

    def note(self, name: str, label: Label, reading: PolicyReading) -> None:
        """Count one document."""
        self.documents += 1
        self._note_metadata(name, label, reading)
        self._note_conflicts(name, label, reading)
        pairs = _pairs(label["duties"], reading.duties)
        self._note_duties(name, label["duties"], reading.duties, pairs)
        self._note_modality(name, label["duties"], reading.duties)
        for distractor in label.get("distractors", []):
            self.distractors.wanted += 1
            if told := [duty for duty in reading.duties if _touch(distractor["quote"], duty.quote)]:
                self.distractors.read += 1
                self.mistakes.append(f"{name}: distractor read as {told[0].action_kind}: {_one_line(told[0].quote)}")

    def _note_metadata(self, name: str, label: Label, reading: PolicyReading) -> None:
        accepted = label.get("_label", {}).get("acceptable_alternatives", {})
        for one in METADATA:
            value = getattr(reading.metadata, one)
            read, wanted = None if value is None else str(value), label.get(one)
            right = read in {wanted, *accepted.get(one, [])}
            self.as_labelled[one] += right
            stated = read if right else wanted  # an accepted alternative is as good as the label's own
            self.fields[one].add(Tally(int(right and read is not None), int(read is not None), int(stated is not None)))
            if not right:
                self.mistakes.append(f"{name}: {one} is {wanted!r}, read {read!r}")

    def _note_conflicts(self, name: str, label: Label, reading: PolicyReading) -> None:
        wanted = label.get("_label", {}).get("conflicts", {})
        told = {one.name: {value for _, value in one.values} for one in reading.conflicts}
        self.conflicts.add(
            Tally(sum(told.get(one) == set(days) for one, days in wanted.items()), len(told), len(wanted))
        )
        self.mistakes += [
            f"{name}: conflict not told: {one} {days}" for one, days in wanted.items() if told.get(one) != set(days)
        ]
        self.mistakes += [f"{name}: conflict invented: {one} {told[one]}" for one in told.keys() - wanted.keys()]

    def _note_duties(
        self, name: str, labels: Sequence[Label], duties: Sequence[FoundDuty], pairs: list[tuple[int, int]]
    ) -> None:
        met, taken = {number for number, _ in pairs}, {number for _, number in pairs}
        for at, wanted in enumerate(labels):
            if at not in met and not wanted.get("acceptable_absent"):
                self.kinds[wanted["action_kind"]].wanted += 1
                self.mistakes.append(f"{name}: missed {wanted['action_kind']}: {_one_line(wanted['quote'])}")
        for at, duty in enumerate(duties):
            self.confidence[duty.confidence].read += 1
            if at not in taken:
                self.kinds[duty.action_kind].read += 1
                self.mistakes.append(f"{name}: invented {duty.action_kind}: {_one_line(duty.quote)}")
        for at, number in pairs:
            self._note_pair(name, labels[at], duties[number])

    def _note_pair(self, name: str, wanted: Label, duty: FoundDuty) -> None:
        self.kinds[wanted["action_kind"]].add(Tally(1, 1, 1))
        self.confidence[duty.confidence].right += duty.modality in _accepted(wanted, "modality")
        if wanted["action_kind"] == ActionKind.OTHER_DUTY:
            return
        for one, (read, fine) in _compared(wanted, duty).items():
            right = read in fine
            self.properties[one].add(Tally(int(right), 1, 1))
            if not right:
                self.mistakes.append(f"{name}: {one} is {fine[0]!r}, read {read!r}: {_one_line(duty.quote)}")

    def _note_modality(self, name: str, labels: Sequence[Label], duties: Sequence[FoundDuty]) -> None:
        for wanted in labels:
            fine = _accepted(wanted, "modality")
            told = [duty for duty in duties if _touch(wanted["quote"], duty.quote)]
            if not told:
                continue
            kind = [duty for duty in told if duty.action_kind in _accepted(wanted, "action_kind")]
            duty = _same_actor(wanted, kind or told)
            self.modalities[wanted["modality"]].wanted += 1
            right = duty.modality in fine
            self.modalities[wanted["modality"] if right else duty.modality].read += 1
            self.modalities[wanted["modality"]].right += right
            if _STRENGTH[duty.modality] < min(_STRENGTH[Modality(one)] for one in fine):
                self.weaker += 1
                self.mistakes.append(f"{name}: weaker, {fine[0]} read as {duty.modality}: {_one_line(duty.quote)}")


def _same_actor(wanted: Label, told: Sequence[FoundDuty]) -> FoundDuty:
    """Return the duty of the labelled actor among those with its quote, or the first."""
    actors = [_lower(actor) for actor in _accepted(wanted, "actor")]
    return next((duty for duty in told if _lower(duty.actor) in actors), told[0])


def labelled_texts(folder: Path) -> Iterator[tuple[str, Path, Label]]:
    """Yield name, path of the text and label for each label file that has a text of the same name beside it."""
    for path in sorted(folder.rglob("*.json")):
        for beside in sorted(path.parent.glob(f"{path.stem}.*")):
            if beside.suffix != ".json":
                yield path.stem, beside, json.loads(path.read_text(encoding="utf-8"))


def _accepted(wanted: Label, name: str) -> list[Any]:
    also = "kind" if name == "action_kind" else name
    return [wanted[name], *wanted.get(f"acceptable_{also}", [])]


def _pairs(labels: Sequence[Label], duties: Sequence[FoundDuty]) -> list[tuple[int, int]]:
    """Pair each label with one duty of an accepted kind about the same words.

    An equal quote comes first, then a label that must be met, then the kind that it names first.
    """
    possible = [
        (
            _letters(wanted["quote"]) != _letters(duty.quote),
            bool(wanted.get("acceptable_absent")),
            duty.action_kind != wanted["action_kind"],
            at,
            number,
        )
        for at, wanted in enumerate(labels)
        for number, duty in enumerate(duties)
        if duty.action_kind in _accepted(wanted, "action_kind") and _touch(wanted["quote"], duty.quote)
    ]
    pairs: list[tuple[int, int]] = []
    for *_, at, number in sorted(possible):
        if all(at != left and number != right for left, right in pairs):
            pairs.append((at, number))
    return pairs


def _compared(wanted: Label, duty: FoundDuty) -> dict[str, tuple[Any, list[Any]]]:
    recurrence = "none" if duty.recurrence in _WRITTEN_AS_NONE else duty.recurrence
    goals = wanted.get("goal_count") or {"min": None, "max": None}
    actors = [_lower(actor) for actor in _accepted(wanted, "actor")]
    own = duty.actor if not wanted.get("passive") else None  # who a passive means, the sentence before may tell
    return {
        "actor": (_lower(own if wanted["actor"] is None else duty.actor), actors),
        "recurrence": (recurrence, _accepted(wanted, "recurrence")),
        "deadline": (_lower(duty.deadline), [_lower(one) for one in _accepted(wanted, "deadline")]),
        "goals": ((duty.goal_min, duty.goal_max), [(goals["min"], goals["max"])]),
    }


def _touch(one: str, other: str) -> bool:
    left, right = _letters(one), _letters(other)
    return left in right or right in left


def _letters(text: str) -> str:
    return _BREAKS.sub("", text).rstrip(".,;")


def _lower(text: str | None) -> str | None:
    return text.lower() if text else text


def _one_line(text: str) -> str:
    return " ".join(text.split())[:140]
