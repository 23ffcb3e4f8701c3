"""The nouns that verbs of a lifecycle act on: goals, plans, reviews, reports, revisions, and how it goes."""

from __future__ import annotations

import re

from styrhjul.documents.language.lexicon import DOCUMENT_WORD
from styrhjul.documents.language.verbs import Deed
from styrhjul.domain.vocabulary import ActionKind

_NO_GOAL = r"(?!(?:ända|före|moders|teckenspråks|jämna|ögon)mål)"
_GOAL = (
    rf"{_NO_GOAL}[\w-]{{0,30}}(?:mål(?:et|en)?|målsättning(?:en|ar|arna)?|åtagande(?:t|n|na)?|(?:avkastnings|resultat|effektiviserings)krav(?:et|en)?|"
    rf"(?:utvecklings|förbättrings|fokus|prioriterings)område(?:t|n|na)?|målbild(?:er)?|"
    r"mål(?:värde|nivå|tal)(?:t|n|na|en|er|erna)?)"
)
_PLAN = (
    r"(?:[\w-]{0,30}handlingsplan|åtgärdsplan|aktivitetsplan|åtgärdsprogram|handlingsprogram|arbetsplan)(?:en|er|erna)?|(?:åtgärds|aktivitets)list(?:a|an|or|orna)|"
    r"(?!(?:detalj|översikts|genomförande|studie|betalnings|gallrings|dokumenthanterings|tids?)plan)"
    r"[\w-]{0,30}plan(?:er)?|"  # "planen" is the document itself
    r"(?:åtgärds|handlings|vård|skötsel|aktivitets|underhålls)program(?:met)?|(?:förbättrings|utvecklings)?(?:aktivitet|åtgärd)(?:er|erna)|handlingslist(?:a|an|or)|åtgärdspaket(?:et|en)?"
)
_FOLLOW = (
    r"(?:[\w-]{0,30}(?:uppföljning|utvärdering|avstämning)|(?:nuläges|läges|måluppfyllelse|resultat)analys|mätning|"
    r"(?:kvalitets|resultat|års)?genomgång|genomlysning|djupdykning|kontrollräkning)(?:en|ar|arna|er|erna)?"
)
_REVISION = (
    r"[\w-]{0,20}revidering(?:en|ar|arna)?|(?:revidering|revision)sarbete(?:t)?|revision|\w{0,20}översyn(?:en)?|(?:aktualitets|om)?prövning(?:en)?|uppdatering(?:en|ar|arna)?|"
    r"aktualisering(?:en)?|aktualitetsgranskning(?:en)?|omarbetning(?:en|ar|arna)?"
)
#: "lägga fram förslag till reviderade riktlinjer", "ta fram en ny strategi", "Sedan gör vi en ny."
NEW_VERSION = re.compile(
    r"\b(?:(?:ny|nytt|nya)\s(?:policy|strategi|reglemente|program|riktlinjer)(?=\Z|\s(?:antas|tas|beslutas|varje|inför|till|senast|och)\b)|"
    r"(?:en\sny|ett\snytt|den\snya|det\snya)(?:\Z|\s(?:version|utgåva|policy|strategi|program|riktlinje|vision|styrdokument|dokument|anvisning|instruktion)\w*|\splan(?!\w)(?!\sför))|"
    r"(?:reviderad|uppdaterad|omarbetad|reviderat|uppdaterat|omarbetat)e?(?!\w)(?!\s(?:\w+\s)?(?:handlings|åtgärds|aktivitets)plan)|"
    r"(?:revidering|uppdatering|omarbetning)(?:en|ar)?(?!\w)|nytt\sförslag(?:\Z|\still\s(?:en\s|ett\s)?(?:policy|strategi|program|riktlinje)\w*)|"
    r"förslag\still\s(?:en\s|ett\s)?ny(?:a|tt)?\s(?:policy|strategi|program|riktlinje|(?!handlings|åtgärds|aktivitets|verksamhets)[\w-]*plan(?!\w))\w*|"
    r"förslag\still\s(?:\w+\s)?ändring(?:ar)?(?!\w)|(?:nödvändiga|behövliga|eventuella)\s(?:ändringar|justeringar|uppdateringar|revideringar)|underlag\sför\s(?:översyn|omprövning))",
    re.IGNORECASE,
)
_REPORT = (
    r"(?:[\w-]{0,30}(?:redovisning|rapport|rapportering|sammanställning|sammanfattning|redogörelse|återkoppling|"
    r"berättelse|bokslut|lägesbild|helhetsbild|lägesbeskrivning|översikt)|underlag)(?:en|er|erna|ar|arna|et)?"
)
#: What is handed to somebody that nobody would call a report, were it not handed over.
_HANDED = (
    rf"{_REPORT}|(?:yttrande|utlåtande|slutsats|"
    r"[\w-]{0,30}(?:analys|resultat|bedömning|skrivelse|statistik))(?:en|et|er|erna)?"
)
#: How it goes: what is looked at when a document is followed up.
_STATE = (
    r"(?:[\w-]{0,30}(?:resultat|effekt|utfall|måluppfyllelse|framdrift|framsteg|genomförande|verkställighet|insats|"
    r"efterlevnad|tillämpning|utveckling|åtagande|nuläge|indikator|nyckeltal|enkätsvar))(?:en|et|n|er|erna|arna|ar)?|läget|mål|målen|arbetet|"
    r"handlingsplan(?:en|er|erna)?|hur|följs|följes|följts|efterlevs|efterleves|efterlevts|hålls|hålles|fungerar|tillämpas"
)
#: By what is done, the nouns that make it an act of a kind.
OBJECTS: dict[Deed, tuple[tuple[ActionKind, re.Pattern[str]], ...]] = {
    what: tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in objects)
    for what, objects in {
        Deed.MAKE: ((ActionKind.SET_GOALS, _GOAL), (ActionKind.ACTION_PLAN, _PLAN)),
        Deed.LIGHT: ((ActionKind.FOLLOW_UP, _FOLLOW), (ActionKind.REVISE, _REVISION)),
        Deed.GIVE: ((ActionKind.REPORT, _REPORT),),
        Deed.HAND: ((ActionKind.REPORT, f"{_HANDED}|{_FOLLOW}|den|det|dem|dessa"),),
        Deed.GET: ((ActionKind.REPORT, f"{_REPORT}|{_FOLLOW}"),),
        Deed.CHECK: ((ActionKind.FOLLOW_UP, _STATE),),
        Deed.READ: ((ActionKind.REVISE, DOCUMENT_WORD.pattern),),
        Deed.ANSWER: ((ActionKind.FOLLOW_UP, _FOLLOW), (ActionKind.REVISE, _REVISION), (ActionKind.REPORT, _REPORT)),
    }.items()
}
