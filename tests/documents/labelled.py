"""The labelled documents, and how a label is compared with a reading: exactly, but for what it accepts itself."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from styrhjul.documents import FoundDuty, Metadata, PolicyReading, decode, read_policy
from styrhjul.domain.vocabulary import ActionKind

HERE = Path(__file__).parent
POLICIES = HERE.parents[1] / "examples" / "policies"
METADATA = [each.name for each in fields(Metadata) if each.name != "first_adopted"]
#: Label files write "none" for these and put the word in `deadline` (rulings, "Vocabulary").
WRITTEN_AS_NONE = {None, "as_needed", "tertial", "quarterly", "monthly"}


@dataclass(frozen=True)
class Labelled:
    """A text with its label file."""

    name: str
    text: str
    label: dict[str, Any]

    @property
    def lifecycle(self) -> list[dict[str, Any]]:
        return [duty for duty in self.label["duties"] if duty["action_kind"] != ActionKind.OTHER_DUTY]

    def read(self) -> PolicyReading:
        return read_policy(self.text)


def _load(text: Path, label: Path) -> Labelled:
    return Labelled(text.stem, decode(text.read_bytes(), text.name), json.loads(label.read_text(encoding="utf-8")))


SEEDS = [_load(path, HERE / "labels" / f"{path.stem}.json") for path in sorted(POLICIES.glob("*.txt"))]
PRACTICE = [_load(path, path.with_suffix(".json")) for path in sorted((HERE / "practice").glob("*.txt"))]
UNSEEN = [_load(path, path.with_suffix(".json")) for path in sorted((HERE / "unseen").glob("*.txt"))]
LATER = [_load(path, path.with_suffix(".json")) for path in sorted((HERE / "later").glob("*.txt"))]

MANNERS = [_load(path, path.with_suffix(".json")) for path in sorted((HERE / "manners").glob("*.txt"))]


def seed(name: str) -> Labelled:
    return next(one for one in SEEDS if one.name == name)


def metadata_differences(labelled: Labelled, reading: PolicyReading) -> dict[str, tuple[Any, Any]]:
    """Return field: (wanted, read) for each field that is not as labelled."""
    accepted = labelled.label["_label"]["acceptable_alternatives"]
    found = {}
    for name in METADATA:
        value = getattr(reading.metadata, name)
        read = None if value is None else str(value)
        if read not in [labelled.label[name], *accepted.get(name, [])]:
            found[name] = (labelled.label[name], read)
    return found


def _one_line(text: str) -> str:
    return " ".join(text.split())


def match(wanted: dict[str, Any], reading: PolicyReading) -> FoundDuty | None:
    """Return the duty of an accepted kind whose quote holds the labelled quote."""
    kinds = [wanted["action_kind"], *wanted.get("acceptable_kind", [])]
    held = [one for one in reading.duties if _one_line(wanted["quote"]) in _one_line(one.quote)]
    return next((one for kind in kinds for one in held if one.action_kind == kind), None)


def duty_differences(wanted: dict[str, Any], duty: FoundDuty) -> dict[str, tuple[Any, Any]]:
    """Return property: (wanted, read) for each property that is not as labelled."""
    recurrence = "none" if duty.recurrence in WRITTEN_AS_NONE else duty.recurrence
    goals = wanted.get("goal_count") or {"min": None, "max": None}
    compared = {
        "quote": (wanted["quote"], duty.quote, ()),
        "actor": (wanted["actor"], duty.actor, wanted.get("acceptable_actor", ())),
        "modality": (wanted["modality"], duty.modality, wanted.get("acceptable_modality", ())),
        "recurrence": (wanted["recurrence"], recurrence, wanted.get("acceptable_recurrence", ())),
        "deadline": (wanted["deadline"], duty.deadline, ()),
        "goals": ((goals["min"], goals["max"]), (duty.goal_min, duty.goal_max), ()),
        "confidence": (wanted.get("confidence", "high"), duty.confidence, ()),
    }
    return {name: (want, read) for name, (want, read, also) in compared.items() if read != want and read not in also}
