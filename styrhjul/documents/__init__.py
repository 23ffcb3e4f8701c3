"""The reader of policies: a document in, metadata and duties out, by rules that can be read. Knows no database."""

from styrhjul.documents.document import Document, Place, UnreadableDocument
from styrhjul.documents.language.recurrence import recurrence_said
from styrhjul.documents.lint import lint
from styrhjul.documents.lint_words import Remark
from styrhjul.documents.opening import MOST_BYTES, read_document
from styrhjul.documents.plain import decode
from styrhjul.documents.reader import read_policy
from styrhjul.documents.reading import ONLY_EXISTING_PLANS, FoundDuty, Metadata, PolicyReading

__all__ = [
    "MOST_BYTES",
    "ONLY_EXISTING_PLANS",
    "Document",
    "FoundDuty",
    "Metadata",
    "Place",
    "PolicyReading",
    "Remark",
    "UnreadableDocument",
    "decode",
    "lint",
    "read_document",
    "read_policy",
    "recurrence_said",
]
