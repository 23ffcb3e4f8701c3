"""What a heading says of its section: reasons, history, what others have decided, how the document is kept."""

from __future__ import annotations

import re

#: Sections that tell what others have decided or what words mean.
_OF_OTHERS = re.compile(
    r"\b(?:lagstöd|europeisk\w*|eu|eu:s|fn|fn:s|nationell\w*(?!\sminoritet)|agenda 2030|globala mål\w*|"
    r"lagstiftning\w*|lagrum|"
    r"lagar\w*|lagens?|rättslig\w*|"
    r"lagkrav|konvention\w*|\w*konventionen\w*|"
    r"vad är|vad menas|vad innebär|"
    r"författning\w*|definition\w*|begrepp\w*|ordlista|ordförklaring\w*|källor|källförteckning|referenser|"
    r"litteratur|(?:relaterade|styrande|angränsande|närliggande|andra|övriga)\s(?:styr)?dokument|"
    r"innehåll\w*|omvärld\w*|kommunens styrdokument|"
    r"disposition\w*|läsanvisning\w*|upplägg)\b",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(
    r"\b(?:bakgrund|inledning|vision|syfte\w*|nuläge|läget|historik|värdegrund|grundsyn|utgångspunkt\w*|ändamål)\b",
    re.IGNORECASE,
)
_HISTORY = re.compile(
    r"\b(?:historik|lärdomar|erfarenheter|tillbakablick|versionshistorik|revideringshistorik|"
    r"ändringshistorik|tidigare (?:beslut|regler|bestämmelser|lydelse)|gäller inte längre|upphört att gälla)\b",
    re.IGNORECASE,
)
_TOPICAL = re.compile(
    r"uppfölj|följer\s(?:\w+\s)?upp|följs\s(?:\w+\s)?upp|utvärder|redovis|rapport|revider|översyn|aktuell|aktualitet|giltighet|kontroll|granskning|tillsyn|mätning|kvalitetsarbete|"
    r"genomför|handlingsplan|ansvar|\bså\s(?:jobbar|arbetar|gör)|\bhur\s(?:går|vet|gör|följer|ser)|håller\s(?:vi\s)?(?:koll|policyn|planen)|"
    r"\bvem\sgör|uppgift|årshjul|\bvad\shänder",
    re.IGNORECASE,
)
_PURPOSE = re.compile(r"\b(?:syfte\w*|ändamål\w*|avsikt)\b", re.IGNORECASE)
_GOALS = re.compile(
    r"\b(?:målbild\w*|(?:inriktnings|effekt|övergripande\s|lång\w+\s|våra\s)?mål(?:en)?)\Z", re.IGNORECASE
)


def tells_of_others(title: str) -> bool:
    """Tell whether a section speaks of what others have decided, or of what words mean."""
    return _OF_OTHERS.search(title) is not None


def is_background(title: str) -> bool:
    """Tell whether a section gives reasons rather than rules."""
    return _BACKGROUND.search(title) is not None


def is_history(title: str) -> bool:
    """Tell whether a section tells what has been decided and changed before."""
    return _HISTORY.search(title) is not None


def is_topical(title: str) -> bool:
    """Tell whether a section is about how the document is carried out, followed up or kept."""
    return _TOPICAL.search(title) is not None


def is_purpose(title: str) -> bool:
    """Tell whether a section says what the document is for."""
    return _PURPOSE.search(title) is not None


def is_goals(title: str) -> bool:
    """Tell whether a section lists the goals themselves: what shall be so, which nobody is told to do."""
    return _GOALS.search(title) is not None
