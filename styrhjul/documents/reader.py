"""Reads a policy from end to end: clean text, fields, metadata, sections, duties. Odd text warns, never fails."""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType

from styrhjul.documents.duties.definitions import defined_terms
from styrhjul.documents.duties.placing import Duties
from styrhjul.documents.duties.reader import read_duties
from styrhjul.documents.language.lexicon import DOCUMENT_TYPES
from styrhjul.documents.metadata.reader import MetadataReader
from styrhjul.documents.reading import FoundDuty, Metadata, PolicyReading
from styrhjul.documents.rule_fields import read_rule_fields
from styrhjul.documents.sections import read_blocks
from styrhjul.documents.shape import shape_of
from styrhjul.documents.text import CELL
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.domain.written import straight

#: A word that holds a Greek or Cyrillic letter.
_FOREIGN_WORD = re.compile(r"\b[^\W\u0370-\u03ff\u0400-\u052f]*[\u0370-\u03ff\u0400-\u052f]\w*")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")


@lru_cache(maxsize=16)
def read_policy(text: str) -> PolicyReading:
    """Read metadata and duties from the text of a policy. Offsets are those of `text`; nothing is ever raised.

    The last few are remembered: a preview, its rehearsal, its lint and what is then stored ask for the same text.
    """
    shape = shape_of(text)
    source = shape.source
    plain = source.text.replace(CELL, " ")
    reader = MetadataReader(plain, shape.lines, shape.fields)
    metadata = reader.read()
    terms = defined_terms(plain)
    running = frozenset(name.lower() for name in (metadata.title, metadata.municipality) if name)
    duties = Duties(source, _own_words(metadata), terms)
    read_duties(read_blocks(shape.lines, shape.used, running), duties)
    read_rule_fields(duties, shape.fields)
    found = duties.found()
    warnings = (*reader.warnings, *_warnings(source.text, metadata, found, duties.too_long), *_deceits(text))
    return PolicyReading(
        metadata=metadata,
        duties=found,
        defined_terms=MappingProxyType(terms),
        warnings=warnings,
        conflicts=tuple(reader.conflicts),
    )


def _deceits(text: str) -> list[str]:
    """Warn of what a person sees otherwise than the rules: letters of two scripts in a word, and what turns words."""
    mixed = next((word[0] for word in _FOREIGN_WORD.finditer(text) if _LATIN.search(word[0])), None)
    if mixed is None and straight(text) == text:
        return []
    where = f", till exempel i ”{straight(mixed)[:40]}”" if mixed else ""
    return [f"Texten innehåller tecken som ser ut som andra, eller som vänder på ord{where}: läs den själv."]


def _own_words(metadata: Metadata) -> frozenset[str]:
    """Return the words of the title, by which the text means itself, in definite form too."""
    words = re.findall(r"[\w-]+", (metadata.title or "").lower())
    words += [kind for kind in DOCUMENT_TYPES for word in words if word.endswith(kind)]
    return frozenset(form for word in words if len(word) > 3 for form in (word, f"{word}n", f"{word}en", f"{word}met"))


def _warnings(text: str, metadata: Metadata, duties: tuple[FoundDuty, ...], too_long: int) -> list[str]:
    if not text.strip():
        return ["Dokumentet innehåller ingen text."]
    missing = {
        "kommunens namn": metadata.municipality,
        "titel": metadata.title,
        "vem som har antagit det": metadata.adopted_by,
        "beslutsdatum": metadata.adopted_on,
    }
    warnings = [f"Dokumentet anger inte {what}." for what, value in missing.items() if value is None]
    if not duties:
        warnings.append("Reglerna hittade inga skyldigheter i texten. Läs dokumentet och lägg in dem för hand.")
    if too_long:
        warnings.append(f"{too_long} stycken saknar meningsgränser och är för långa för att läsa med regler.")
    unnamed = sum(1 for duty in duties if duty.actor is None and duty.action_kind is not ActionKind.OTHER_DUTY)
    if unnamed:
        warnings.append(f"För {unnamed} av skyldigheterna säger texten inte vem som ska göra dem.")
    return warnings
