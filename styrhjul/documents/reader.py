"""Reads a policy from end to end: clean text, fields, metadata, sections, duties. Odd text warns, never fails."""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType

from styrhjul.documents.duties.placing import Duties
from styrhjul.documents.duties.proposals import Proposal
from styrhjul.documents.duties.reader import read_duties
from styrhjul.documents.duties.reasons import reason_for_field
from styrhjul.documents.language.actions import find_actions
from styrhjul.documents.language.actors import is_actor, split_list
from styrhjul.documents.language.lexicon import DOCUMENT_TYPES
from styrhjul.documents.language.recurrence import deadline_or_rhythm, find_deadline, find_frequency, recurrence_of
from styrhjul.documents.metadata.fields import read_fields
from styrhjul.documents.metadata.labels import Field, Label
from styrhjul.documents.metadata.reader import MetadataReader
from styrhjul.documents.reading import FoundDuty, Metadata, PolicyReading
from styrhjul.documents.sections import read_blocks, read_lines
from styrhjul.documents.text import CELL, clean
from styrhjul.domain.vocabulary import ActionKind, Modality
from styrhjul.domain.written import straight

_DEFINED = re.compile(
    r"(?P<list>(?:[\w/-]{1,40},\s){0,12}[\w/-]{1,40}\s(?:och|samt)\s[\w/-]{1,40}(?:\s[\w/-]{1,40})?)\s?"
    r"\((?:i\s(?:det\s)?(?:fortsättningen|följande|fortsatta)|nedan|härefter|fortsättningsvis|hädanefter|här|"
    r"gemensamt)[^()”\"“]{0,40}?"
    r"(?:[”\"“](?P<term>[^()”\"“]{2,60})[”\"“]|(?:kallad|kallas|benämnd|benämns)\w?\s(?P<bare>[^()”\"“]{2,60}))\)",
    re.IGNORECASE,
)
_MEANT = re.compile(
    r"\bmed\s(?:begreppet\s|ordet\s)?[”\"“]?(?P<term>[\w -]{3,40}?)[”\"“]?\s(?:avses|menas)(?:\si\s(?:denna|"
    r"detta)\s[\w-]{3,30})?\s"
    r"(?:kommunens\s)?(?P<list>(?:[\w/-]{1,40},\s){1,12}[\w/-]{1,40}\s(?:och|samt)\s(?:[\w/-]{1,40}\s)?[\w/-]{1,40})",
    re.IGNORECASE,
)
_RULES = {
    Label.REVISION_RULE: (ActionKind.REVISE, Label.REVISED_BY),
    Label.FOLLOW_UP_RULE: (ActionKind.FOLLOW_UP, Label.FOLLOWED_UP_BY),
}

#: A word that holds a Greek or Cyrillic letter.
_FOREIGN_WORD = re.compile(r"\b[^\W\u0370-\u03ff\u0400-\u052f]*[\u0370-\u03ff\u0400-\u052f]\w*")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")


@lru_cache(maxsize=16)
def read_policy(text: str) -> PolicyReading:
    """Read metadata and duties from the text of a policy. Offsets are those of `text`; nothing is ever raised.

    The last few are remembered: a preview, its rehearsal, its lint and what is then stored ask for the same text.
    """
    source = clean(text)
    lines = read_lines(source.text)
    fields, used = read_fields(lines)
    plain = source.text.replace(CELL, " ")
    reader = MetadataReader(plain, lines, fields)
    metadata = reader.read()
    terms = _defined_terms(plain)
    running = frozenset(name.lower() for name in (metadata.title, metadata.municipality) if name)
    duties = Duties(source, _own_words(metadata), terms)
    read_duties(read_blocks(lines, used, running), duties)
    _read_rule_fields(duties, fields)
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


def _defined_terms(text: str) -> dict[str, tuple[str, ...]]:
    terms: dict[str, tuple[str, ...]] = {}
    for pattern in (_DEFINED, _MEANT):
        for match in pattern.finditer(text):
            members = split_list(" ".join(match["list"].split()))
            if any(is_actor(member.split()[-1]) for member in members):
                named = match["term"] or match.groupdict()["bare"]
                terms[" ".join(named.split()).lower()] = members
    return terms


def _read_rule_fields(duties: Duties, fields: list[Field]) -> None:
    """A field such as "Revideringsintervall: Varje mandatperiod" is a duty, unless a sentence already says the same."""
    stated = {(one.proposal.kind, one.proposal.recurrence) for one in duties.placed}
    for one in fields:
        if one.label not in _RULES or not one.value:
            continue
        kind, answers = _RULES[one.label]
        frequency, deadline = find_frequency(one.value), find_deadline(f"{one.word} {one.value}")
        recurrence = recurrence_of(frequency, deadline)
        said = any(hit.form.finite for hit in find_actions(one.value)) and kind in {each for each, _ in stated}
        if said or (kind, recurrence) in stated or (frequency is None and deadline is None):
            continue
        actor = next((field.value for field in fields if field.label is answers and field.value), None)
        duties.add(
            0,
            one.start,
            one.end,
            Proposal(
                kind=kind,
                modality=Modality.MUST,
                actor=actor,
                reason=reason_for_field(kind, one.word),
                recurrence=recurrence,
                deadline=deadline_or_rhythm(deadline, frequency),
            ),
        )


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
