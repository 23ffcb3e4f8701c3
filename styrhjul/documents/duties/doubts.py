"""What a person has to read in a duty that is plainly there: a time it begins or ends, another who acts, an example."""

from __future__ import annotations

import re

from styrhjul.documents.duties.clauses import Binding
from styrhjul.documents.language.actors import actor_at
from styrhjul.documents.language.recurrence import find_deadline

_YEAR = r"(?:den\s)?(?:\d{1,2}\s\w{3,9}\s|\d{1,2}/\d{1,2}[\s-])?(?:år\s)?(?:19|20)\d\d"
#: No calendar here knows when a duty begins or has ended.
_FROM_OR_UNTIL = re.compile(
    rf"\b(?:från\soch\smed|till\soch\smed|fr\.?\s?o\.?\s?m\.?|t\.?\s?o\.?\s?m\.?|med\sbörjan|med\sstart|"
    rf"till\s(?:utgången|slutet)\sav|fram\still)\s(?:i\s)?{_YEAR}(?!\d)",
    re.IGNORECASE,
)
_YEARS = re.compile(
    r"\b(?:under|åren|för)\s(?:åren\s)?(?:19|20)\d\d(?:\s?[-–]\s?|,?\soch\s|\ssamt\s)(?:19|20)?\d\d(?!\d)",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(r"\A(?:till\s)?exempel(?:vis)?\s?:|\A(?:ex|t\.ex)\.?\s?:", re.IGNORECASE)
#: Each of all is no choice: "varje nämnd eller styrelse".
_EACH = re.compile(r"\b(?:varje|alla|samtliga|respektive|var\soch\sen|berörda?|ansvariga?)\b", re.IGNORECASE)
_OR = re.compile(r"\seller\s", re.IGNORECASE)
_BUT = re.compile(r"\b(?:utom|förutom|undantagna|undantaget|med\sundantag)\b", re.IGNORECASE)
_JOINT = re.compile(r"(?:,\s|\s)(?:och|samt|men)\s|,\s|\satt\s", re.IGNORECASE)
#: Between who acts and the verb: "årligen", "varje år".
_MOST_BETWEEN = 3
_DATED = re.compile(r"\bsenast\s(?:den\s)?\d{1,2}[./-]\d", re.IGNORECASE)


def asks_for_a_reader(text: str, binding: Binding) -> bool:
    """Tell whether a sentence says something about a duty, or about who has it, that no field of a duty holds."""
    if _FROM_OR_UNTIL.search(text) or _YEARS.search(text) or _EXAMPLE.match(text):
        return True
    if _DATED.search(text) and find_deadline(text) is None:
        return True
    actor = binding.actor or ""
    if _OR.search(actor) and not _EACH.search(actor):
        return True
    return (_BUT.search(text) is not None and not _BUT.search(actor)) or _another_acts(text, binding)


def _another_acts(text: str, binding: Binding) -> bool:
    """Tell whether somebody else stands just before the verb: "… och fullmäktige revidera den", "att nämnden tar …"."""
    if binding.hit.form.passive or not binding.actor:
        return False
    before = text[: binding.hit.start]
    joints = list(_JOINT.finditer(before))
    words = before[joints[-1].end() :].split() if joints else []
    named = actor_at(words)
    if named is None or len(words) - len(named.split()) > _MOST_BETWEEN:
        return False
    return named.lower() not in binding.actor.lower()
