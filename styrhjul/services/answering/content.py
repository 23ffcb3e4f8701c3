"""What was handed in with an answer, as JSON has it, and the hash it is known by: in the journal and in its record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256

from styrhjul.db.answer_query import GivenAnswer
from styrhjul.db.attachment_query import GivenAttachment

#: The program's own handles in an answer; they say nothing about it.
_HANDLES = frozenset({"answer_id", "case_id", "form_id", "post_id"})
#: What goals and judgements came to hold after the first records were made.
_LATER = frozenset({"better", "result", "trend"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedFile:
    """A file of an answer. `sha256` is of its bytes, in hex; the file is given out on the case's page."""

    name: str
    media_type: str
    size_bytes: int
    sha256: str


def content_of(answer: GivenAnswer) -> dict[str, object]:
    """Return what was handed in, as JSON has it, without the program's own handles.

    What came to be asked for later is left out where nothing was given: a record from before keeps its hash.
    """
    kept = {name: value for name, value in asdict(answer).items() if name not in _HANDLES}
    kept |= {"attachments": [asdict(attached(file)) for file in answer.attachments]}
    for part in (*kept["goals"], *kept["judgements"]):
        for name in _LATER & {name for name, value in part.items() if not value}:
            del part[name]
    if not answer.attachments:
        del kept["attachments"]
    content: dict[str, object] = json.loads(json.dumps(kept, default=lambda day: day.isoformat()))
    return content


def attached(file: GivenAttachment) -> AttachedFile:
    """Return what is told of a file, without its bytes."""
    return AttachedFile(name=file.name, media_type=file.media_type, size_bytes=file.size_bytes, sha256=file.sha256)


def content_hash(content: Mapping[str, object]) -> str:
    """Return the SHA-256 (hex) of an answer's content."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()
