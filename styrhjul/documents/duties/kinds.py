"""Whether a verb of a lifecycle is used for it here: incidents are reported too, and auditors look at everything."""

from __future__ import annotations

import re

from styrhjul.documents.language.actors import actor_after, is_actor
from styrhjul.documents.language.lexicon import EVERYBODY
from styrhjul.domain.vocabulary import ActionKind

#: What comes in one by one is followed up as work, not as a policy.
_SINGLE_MATTERS = re.compile(
    r"\s?(?:alla\s|inkomna\s)?(?:klagomål|synpunkter|avvikelser|tillbud|incidenter|frånvaro|kränkningar|anmälningar|olyckor)\w*\b",
    re.IGNORECASE,
)
#: "följer upp sjukfrånvaron med medarbetaren".
_WITH_ONE = re.compile(r"\b(?:sjukfrånvaron|frånvaron|insatsen|ärendet|samtalet)\smed\s\w+", re.IGNORECASE)
#: Parties outside the municipality: what they report is a term of a contract or a grant.
_OUTSIDE = re.compile(
    r"\b(?:leverantör\w*|entreprenör\w*|sökande\w*|(?:\w*)förening(?:en|ar|arna)?|\w{3,}organisation(?:er|erna)|hyresgäst\w*|bidragsmottagare\w*|"
    r"konsult\w*|anbudsgivare\w*|\w*utförare\w*|avtalspart\w*|vårdnadshavare\w*|fastighetsägare\w*)\b",
    re.IGNORECASE,
)
#: Whoever it may be: what one of us notices and tells is work, not the follow-up of a document.
_ONE_OF_US = re.compile(r"(?:den|var\soch\sen)\ssom\s", re.IGNORECASE)
_RECIPIENT = re.compile(
    r"\b(?:till|för|inför|hos|(?:sammanträde|möte)t?\smed)\s(?:(?:den|de|det|berörd|politiska|högsta|ansvarig|kommunens|respektive|närmaste|en|ett|samtliga|"
    r"varje)\s){0,2}"
    r"(?:kommun)?(?:fullmäktige|[\w-]{0,40}(?:nämnd(?:en|er|erna)?|styrelsen?s?|utskott(?:et)?|chef(?:en)?|"
    r"direktör(?:en)?|beredning(?:en)?|"
    r"råd(?:et)?|ledning(?:en)?|förvaltning(?:en)?|presidiet|revisor(?:er|erna)|gruppen|samordnare(?:n)?|strateg(?:en)?|controller(?:n)?)|kf|ks)(?!\w)",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"\b(?:informera[rs]?|underrätta[rs]?|delge[rs]?|tillställ\w{1,3}|förelägg\w{1,3})\s(?:[\w-]{1,40}\s){0,3}?[\w-]{0,40}(?:fullmäktige|nämnd(?:en|erna)?|"
    r"styrelsens?|utskott(?:et)?|chefen|direktören)(?!\w)",
    re.IGNORECASE,
)
#: "Kommunstyrelsen informeras om större förändringar": the subject is the one who is told.
_IS_TOLD = re.compile(
    r"\b(?:fullmäktige|[\w-]{0,40}(?:nämnd(?:en|erna)|styrelsen|utskottet|presidiet|ledningsgruppen|kommun(?:chef|direktör)en))\s"
    r"(?:(?:ska|skall|bör)\s)?(?:[\w-]{1,20}\s){0,2}?(?:informera|underrätta|delge|meddela|hålla|hållas)s?(?!\w)",
    re.IGNORECASE,
)
_TO_EVERYBODY = re.compile(
    r"\b(?:till|för)\s(?:(?:sina|alla|berörda)\s)?(?:medarbetar\w*|personal\w*|anställda|brukar\w*|föräldrar|invånar\w*|"
    r"medborgar\w*|allmänheten|arbetsgruppen)\b",
    re.IGNORECASE,
)
_SUBSTANCE = re.compile(
    r"\b(?:\w*resultat\w*|(?:\w*upp)?följning\w*|redovisning\w*|\w*rapport\w{0,7}|vad\s(?!(?:vi|du|man)\b)\w+|\w*effekt\w*|läget|\w*arbetet|sitt\s[\w-]*arbete|hur|måluppfyllelse\w*|"
    r"\w*målen|mål|utfall\w*|utvärdering\w*|"
    r"sammanställning\w*|policyn|planen|programmet|strategin|redogörelse\w*|handlingsplan\w*|årsredovisning\w*|"
    r"\w*berättelse\w*|svaren|underlag\w*|\w*bokslut\w*|tertial\w*)\b",
    re.IGNORECASE,
)
#: Auditors look at everything, and what is gone through with a group is made known to it.
_CHECKED_OTHERWISE = re.compile(
    r"\brevisorer(?:na)?\b|\b(?:med|för)\s(?:(?:sin|sina|din|dina|våra|alla|nya|nyanställda)\s)?(?:arbetsgrupp\w*|medarbetar\w*|personal\w*|anställda)"
    r"|\b(?:på|vid)\s(?:en\s|ett\s|varje\s)?(?:arbetsplatsträff\w*|apt|introduktion\w*|anställning\w*)",
    re.IGNORECASE,
)
_REPORTS = re.compile(r"\b(?:(?:åter|av)?(?:redovisa|rapportera)|sammanställ)", re.IGNORECASE)
#: To learn, not to tell; what is booked; how one reaches somebody: "Rapportering sker via den webbaserade tjänsten".
_NO_REPORT = re.compile(
    r"\b(?:informera|underrätta|uppdatera)r?\ssig\b|\bpå\sremiss\b"
    r"|\bredovisas\s(?:på|under)\s(?:verksamhet|konto|ansvar|projekt|respektive)\b"
    r"|\b(?:rapportering|anmälan|återkoppling)(?:en|ar)?\s(?:sker|görs|lämnas)\s(?:via|genom|på|i)\s(?:[\w-]{1,30}\s){0,3}?"
    r"(?:web\w*|\w*tjänst\w*|\w*formulär\w*|telefon|e-post|\w*system\w*|app\w*|blankett\w*|länk\w*)\b",
    re.IGNORECASE,
)

_TELLS = re.compile(r"\b(?:informera[rs]?|underrätta[rs]?|delge[rs]?)\s([^.,;:]{3,80})", re.IGNORECASE)
_ENTERS = re.compile(
    r"\banmäl(?:a|er)\s(?:[\w-]{1,20}\s){0,3}?(?:ledam[oö]t\w*|ersättare|ombud\w*|företrädare|ärenden?t?|frågor|det|sig|intresse|"
    r"förhinder|behov|jäv|deltagare)\b",
    re.IGNORECASE,
)


def fits_kind(kind: ActionKind, *, part: str, actor: str | None, dated: bool) -> bool:
    """Tell whether a verb of a lifecycle is used for it here: incidents are reported too."""
    outside = actor is not None and kind is not ActionKind.ACTION_PLAN and _OUTSIDE.search(actor)
    if outside or (actor is not None and not dated and _ONE_OF_US.match(actor)):
        return False
    if kind is ActionKind.FOLLOW_UP:
        return _SINGLE_MATTERS.match(part) is None and _WITH_ONE.search(part) is None
    if kind is not ActionKind.REPORT:
        return True
    if (actor is not None and EVERYBODY.search(actor)) or _NO_REPORT.search(part) or _enters(part):
        return False
    if _names_recipient(part) or (actor is not None and dated and _REPORTS.search(part)):
        return True
    return _SUBSTANCE.search(part) is not None and not _TO_EVERYBODY.search(part)


def fits_plainly(kind: ActionKind, *, part: str, text: str, actor: str | None) -> bool:
    """Tell whether what is told in plain words is about the document: not what an outsider or everybody hands in."""
    if kind is ActionKind.FOLLOW_UP and _CHECKED_OTHERWISE.search(part):
        return False
    if actor is not None and (_OUTSIDE.search(actor) or _ONE_OF_US.match(actor) or EVERYBODY.search(actor)):
        return kind is ActionKind.ACTION_PLAN
    if kind is not ActionKind.REPORT:
        return True
    return not (_NO_REPORT.search(text) or _enters(text) or _TO_EVERYBODY.search(text))


def _names_body(words: str) -> bool:
    """Tell whether a body stands in the first words: whom "underrättar" tells."""
    return any(is_actor(word) and not EVERYBODY.search(word) for word in words.split()[:4])


def _enters(part: str) -> bool:
    """Tell whether somebody or something is entered, as for a list: "anmäler sina ledamöter till kansliet"."""
    return _ENTERS.search(part) is not None and _SUBSTANCE.search(part) is None


def _names_recipient(part: str) -> bool:
    told = actor_after(part, "till|för|inför")
    named = (told is not None and not EVERYBODY.search(told)) or _IS_TOLD.search(part) is not None
    named = named or any(_names_body(match[1]) for match in _TELLS.finditer(part))
    return named or _RECIPIENT.search(part) is not None or _TOLD.search(part) is not None


def checks_document(part: str, *, acts: bool, timed: bool) -> bool:
    """Tell whether what is measured or gone through is the document's own matter: somebody's, or done in time."""
    if _CHECKED_OTHERWISE.search(part):
        return False
    return acts or timed
