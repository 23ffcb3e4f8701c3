"""What a document says that its own words mean: "nämnder, förvaltningar och bolag (nedan kallade verksamheterna)"."""

from __future__ import annotations

import re

from styrhjul.documents.language.actors import is_actor, split_list

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


def defined_terms(text: str) -> dict[str, tuple[str, ...]]:
    """Return, by term in small letters, whom it stands for; terms for anything but actors are left out."""
    terms: dict[str, tuple[str, ...]] = {}
    for pattern in (_DEFINED, _MEANT):
        for match in pattern.finditer(text):
            members = split_list(" ".join(match["list"].split()))
            if any(is_actor(member.split()[-1]) for member in members):
                named = match["term"] or match.groupdict()["bare"]
                terms[" ".join(named.split()).lower()] = members
    return terms
