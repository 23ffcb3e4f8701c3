"""What a lifecycle is called where its own words are not used: a plain verb, and what the same clause says of it.

"pekar ut vilka områden stödet ska styra mot" sets goals; "tar reda på hur det gick" follows up. A row holds a kind, the
verbs as `conjugation` writes them, what else must stand in the clause, and whether it must say how often or by when.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from styrhjul.documents.language.beside import (
    AGAIN,
    BODY,
    CHANGES,
    DEEDS,
    DOCUMENT,
    EXTENT,
    GOALS,
    HOW,
    HOW_MUCH,
    IN_A_PAPER,
    IT,
    LISTS,
    MATTERS,
    MEETING,
    NAMED_PLAN,
    NEW_ISSUE,
    PICKED,
    PLAN,
    REPORTED,
    REVIEW,
    STANDS,
    STEPS,
    STRONG,
    SUBSTANCE,
    TELLS_BODY,
    TO_BODY,
    TOLD,
    WANTS,
    YEARLY,
)
from styrhjul.documents.language.conjugation import Form, active_forms, passive_forms, read_verb
from styrhjul.domain.vocabulary import ActionKind

_DECLARE = (
    "ange.r pek.ar+ut slå.r+fast fastslå.r fastställ.er lägg.er+fast preciser.ar formuler.ar välj.er "
    "bestämm.er beslut.ar "
    "besluta.r beskriv.er skriv.er för.+in enas.r komm.er+överens knyt.er sätt.er prioriter.ar uttryck.er "
    "tydliggör. definier.ar framgå.r läs.er hämt.ar utse.r konkretiser.ar lyft.er+fram ställ.er+upp ta.r+ställning "
    "ta.r+upp antag.er anta.r identifier.ar redovis.ar ring.ar+in gör.+upp teckn.ar uttal.ar klargör."
)
_COMPOSE = (
    "saml.ar planer.ar nedteckn.ar teckn.ar omsätt.er uppvis.ar skriv.er lägg.er ta.r+fram gör.+upp "
    "upprätt.ar kräv.er håll.er sätt.er+samman "
    "formuler.ar fastställ.er anta.r antag.er arbet.ar+fram ställ.er+samman lämn.ar inge.r avge.r "
    "utarbet.ar beslut.ar lägg.er+upp fog.ar bifog.ar sammanställ.er bered.er ställ.er+upp "
    "presenter.ar gör. färdigställ.er"
)
_LOOK = (
    "bedöm.er gransk.ar kontroller.ar undersök.er pröv.ar utred.er ta.r+reda+på se.r+efter gå.r+igenom "
    "håll.er+räkning+på jämför. mät.er läs.er+av behandl.ar väg.er+samman väg.er+ihop analyser.ar fråg.ar "
    "red.er+ut räkn.ar+ihop räkn.ar+fram räkn.ar+samman syn.ar fördjup.ar summer.ar överblick.ar "
    "dra.r+slutsatser håll.er+uppsikt+över följ.er+upp "
    "stämm.er+av värder.ar diskuter.ar besiktig.ar bevak.ar utvärder.ar titt.ar+på se.r+på"
)
_HAND = (
    "lämn.ar ge.r giv.er överlämn.ar inge.r inlämn.ar avge.r delge.r meddel.ar berätt.ar vis.ar lägg.er+fram "
    "framlägg.er tillställ.er skick.ar sänd.er översänd.er insänd.er vidarebefordr.ar underrätt.ar "
    "föredra.r föredrag.er redogör. förmedl.ar "
    "presenter.ar bilägg.er fog.ar underställ.er rapporter.ar avrapporter.ar redovis.ar ta.r+fram "
    "upplys.er anmäl.er lyft.er återge.r framför. dra.r bered.er återkomm.er"
)
_RENEW = "förny.ar rull.ar+fram rull.ar+framåt skriv.er+om arbet.ar+om lägg.er+om gör.+om modernis.ar bearbet.ar"
_TOUCH = (
    "juster.ar ändr.ar anpass.ar läs.er+igenom läs.er titt.ar+på se.r+på gå.r+igenom pröv.ar underhåll.er uppdater.ar "
    "rätt.ar ta.r+upp ta.r+ställning+till fastställ.er anta.r antag.er bedöm.er ta.r"
)
_CHANGE = (
    "gör. för.+in besluta.r beslut.ar föreslå.r återkomm.er lägg.er+fram lämn.ar bered.er vidta.r "
    "vidtag.er ta.r+fram genomför. inarbet.ar anta.r antag.er"
)


@dataclass(frozen=True, slots=True)
class Saying:
    """A kind, the forms of its verbs, and what must stand in the clause; `timed` as a sign beside it."""

    kind: ActionKind
    verbs: tuple[tuple[Form, re.Pattern[str]], ...]
    says: re.Pattern[str]
    timed: bool = False
    after: bool = False  #: what must stand there stands behind the verb
    given: bool = False  #: the subject does nothing: "rapporten når nämnden", "nämnden får höra"


def _forms(verbs: str) -> tuple[tuple[Form, re.Pattern[str]], ...]:
    forms: dict[Form, list[str]] = {}
    for written in verbs.split():
        stem, ending, particle = read_verb(written)
        end = rf"(?=(?:\s[\w-]{{1,40}},?){{0,8}}?\s{particle.replace('+', chr(92) + 's')}(?![\w-]))" if particle else ""
        for form, word in _written(stem, ending):
            forms.setdefault(form, []).append(f"{word}(?![\\w-]){end}")
    return tuple((form, re.compile(rf"(?<![\w-])(?:{'|'.join(each)})", re.IGNORECASE)) for form, each in forms.items())


def _written(stem: str, ending: str) -> Iterator[tuple[Form, str]]:
    yield from active_forms(stem, ending)
    if ending == "ar":
        yield Form.INFINITIVE, rf"ha\s(?:[\w-]{{1,20}}\s){{0,2}}?{stem}at"
    for form, words in passive_forms(stem, ending):
        yield from ((form, word) for word in words)


def _saying(kind: ActionKind, verbs: str, says: str, *, timed: bool = False, after: bool = False) -> Saying:
    if says.startswith(("(?=.*", "(?!.*")):  # what is ahead of the first place is ahead of all
        says = rf"\A{says}"
    return Saying(kind, _forms(verbs), re.compile(says, re.IGNORECASE), timed, after)


def _given(verbs: str, says: str, *, after: bool = False) -> Saying:
    """Return the report that somebody gets: "nämnden får höra", "rapporten når nämnden"."""
    return replace(_saying(ActionKind.REPORT, verbs, says, timed=True, after=after), given=True)


_GOAL, _ACT, _FOLLOW, _REPORT, _REVISE = (
    ActionKind.SET_GOALS,
    ActionKind.ACTION_PLAN,
    ActionKind.FOLLOW_UP,
    ActionKind.REPORT,
    ActionKind.REVISE,
)
SAYINGS = (
    _saying(_REVISE, _RENEW, DOCUMENT, timed=True),
    _saying(_REVISE, _TOUCH, rf"(?=.*{DOCUMENT})(?=.*{AGAIN})"),
    _saying(
        _REVISE, "titt.ar+på läs.er+igenom gå.r+igenom se.r+på rätt.ar skriv.er+om ändr.ar", IT, timed=True, after=True
    ),
    _saying(_REVISE, "läs.er+igenom juster.ar ändr.ar anpass.ar underhåll.er", DOCUMENT),
    _saying(
        _REVISE,
        "rull.ar+fram rull.ar+framåt förny.ar skriv.er+om lägg.er+om",
        r"\b[\w-]{3,40}(?:planen|programmet|strategin)\b",
        timed=True,
    ),
    _saying(_REVISE, "rätt.ar puts.ar bättr.ar+på", DOCUMENT),
    _saying(
        _REVISE,
        "ta.r+upp upptag.er",
        rf"(?=.*{DOCUMENT})(?=.*\b(?:i\sförtid|tidigare|åter|till\sny|ny\sbehandling|under\somprövning)\b)",
    ),
    _saying(
        _REVISE,
        "gör. genomför. företa.r",
        rf"\b(?:genomgång|översyn|genomlysning)(?:en|ar)?\sav\s(?!vad|hur)(?:[\w-]{{1,30}}\s)?{DOCUMENT[2:]}",
    ),
    _saying(_REVISE, "ersätt.er byt.er+ut avlös.er", rf"(?=.*(?:{DOCUMENT}|\bden\b))(?=.*\b(?:ny|nya|nytt)\b)"),
    _saying(
        _REVISE,
        "bevak.ar kontroller.ar se.r+till säkerställ.er",
        (
            rf"(?=.*(?:{DOCUMENT}|\bden\b))(?=.*\b(?:stämmer|är\saktuell\w*|motsvarar|"
            rf"överensstämmer)\b.*\b(?:lag\w*|gällande|regler|verkligheten|förhållanden\w*|aktuell\w*)\b)"
        ),
    ),
    _saying(_REVISE, "läs.er", rf"(?=.*{DOCUMENT})(?=.*\b(?:nya\sögon|igenom|om)\b)", timed=True),
    _saying(_REVISE, _CHANGE, rf"{NEW_ISSUE}", timed=True),
    _saying(_REVISE, _CHANGE, rf"(?=.*{CHANGES})(?=.*(?:{DOCUMENT}|\bdessförinnan\b|\b(?:den|det)\b))"),
    _saying(_REVISE, f"avgör. {_LOOK} ta.r+ställning+till besluta.r beslut.ar överväg.er", STANDS),
    _saying(
        _REVISE,
        f"{_LOOK} ta.r+upp",
        r"\b(?:policyns|planens|programmets|strategins|riktlinjernas|riktlinjens|reglementets|"
        r"dokumentets|styrdokumentets|anvisningens|direktivets|reglernas|dess)\s"
        r"(?:fortsatta\s)?(?:aktualitet|innehåll|giltighet|ändamålsenlighet|relevans)\b",
    ),
    _saying(
        _REVISE,
        "börj.ar påbörj.ar inled.er start.ar",
        (
            rf"\barbetet\smed\s(?:att\s(?:förnya|revidera|uppdatera|arbeta\som|skriva\som|"
            rf"ta\sfram\s(?:en\sny|ett\snytt|nya))|(?:en|ett)?\s?{NEW_ISSUE[2:]}|(?:en|ett|"
            rf"den)?\s?nästa\s)"
        ),
    ),
    _saying(
        _REVISE,
        "gör. ske.r genomför. företa.r",
        r"\b(?:ny|förnyad)\s(?:genomgång|prövning|bedömning|behandling|översyn)\b",
        timed=True,
    ),
    _saying(_GOAL, _DECLARE, rf"(?:{WANTS}|{HOW_MUCH})(?!.*\bi\s[\w-]*(?:policyn|strategin|visionen)\b)"),
    _saying(
        _GOAL,
        _DECLARE,
        (
            r"\b(?:bolagets|nämndens|styrelsens|förvaltningens|verksamhetens|sina|"
            r"våra)\segna\s(?:[\w-]{1,30}\s)?[\w-]{0,20}mål\b"
        ),
    ),
    _saying(_GOAL, _DECLARE, PICKED, timed=True),
    _saying(_GOAL, _DECLARE, GOALS, timed=True),
    _saying(_ACT, _COMPOSE, rf"\A(?!.*(?:justering|ändring|synpunkt))(?=.*{LISTS})"),
    _saying(_ACT, _COMPOSE, PLAN, timed=True, after=True),
    _saying(_ACT, "beslut.ar fastställ.er anta.r antag.er sätt.er+samman upprätt.ar", NAMED_PLAN, timed=True),
    _saying(_ACT, _DECLARE, rf"(?=.*{HOW})(?=.*{IN_A_PAPER})"),
    _saying(_ACT, f"{_DECLARE} {_COMPOSE}", STEPS),
    _saying(_ACT, "planer.ar", r"\bplanerar?\s.*\b(?:hur|arbetet|året|åtgärder|insatser)\b", timed=True),
    _saying(_ACT, "välj.er bestämm.er planer.ar beslut.ar pek.ar+ut", rf"\A.*{DEEDS}", timed=True, after=True),
    _saying(_FOLLOW, _LOOK, EXTENT, timed=True, after=True),
    _saying(
        _FOLLOW,
        _LOOK,
        (
            r"\b(?:om|hur|huruvida|i\svilken\s\w+|i\svad\smån)\s[^.;]{0,80}\b(?:effekt|nått|nåtts|"
            r"uppnåtts|måluppfyllelse|efterlevs|resultat)\b"
        ),
        after=True,
    ),
    _saying(
        _FOLLOW,
        "ställ.er mät.er jämför. väg.er håll.er",
        r"\bmot\s(?:[\w-]{1,30}\s)?(?:målen|planen|målvärden\w*|fullmäktiges\smål|[\w-]*mål)\b",
        timed=True,
    ),
    _saying(_FOLLOW, "anlit.ar upphandl.ar", r"\b(?:utvärder\w+|utvärdering)\b"),
    _saying(_FOLLOW, _LOOK.replace("pröv.ar ", ""), MATTERS, timed=True),
    _saying(
        _FOLLOW,
        (
            "väg.er+samman väg.er+ihop saml.ar gör. genomför. företa.r företag.er skick.ar upprätt.ar "
            "utför. ske.r håll.er ordn.ar låt.er lät.er"
        ),
        REVIEW,
        timed=True,
    ),
    _saying(_REPORT, _HAND, REPORTED, timed=True),
    _saying(
        _REPORT,
        "håll.er",
        r"\bhåll\w{0,2}(?!\ssig)(?:\s[\w-]{1,30}){0,5}?\s(?:(?:underrätta|informera)(?:d|t|de)|à\sjour)\b",
    ),
    _saying(
        _REPORT,
        "delge.r meddel.ar underställ.er tillställ.er",
        rf"(?!.*(?:anvisning|föreskrift|riktlinj))(?=.*\b(?:vad|att\s|resultat|utfall|detta|hur)).*{BODY}(?![\w-])",
    ),
    _saying(
        _REPORT,
        "avge.r lämn.ar inge.r",
        r"\A\s(?:[\w-]{1,30}\s){0,3}?(?:[\w-]{0,20}rapport|redovisning|redogörelse|berättelse)(?:er)?\b",
        timed=True,
        after=True,
    ),
    _saying(
        _REPORT,
        "ge.r lämn.ar",
        r"\b(?:bild|lägesbild|beskrivning)\sav\s(?:läget|hur|arbetet|utvecklingen|det\sgångna|samlingens)",
        timed=True,
    ),
    _saying(
        _REPORT,
        "redogör. berätt.ar redovis.ar uppge.r",
        r"\A\s(?:[\w-]{1,30}\s){0,4}?(?:(?:för|om)\s)?(?:vad|hur|vilka|varför)\s",
        timed=True,
        after=True,
    ),
    _saying(
        _REPORT,
        "saml.ar sammanför. väg.er+samman väg.er+ihop",
        (
            r"\b(?:i|till)\s(?:en|ett)\s(?:[\w-]{1,30}\s){0,2}?[\w-]{0,30}(?:rapport|redovisning|"
            r"redogörelse|sammanställning)\b"
        ),
    ),
    _saying(
        _REPORT,
        "ge.r giv.er tillställ.er delge.r underrätt.ar upplys.er skick.ar",
        rf"{TELLS_BODY}(?=.*\b{SUBSTANCE}(?![\w-]))",
        timed=True,
        after=True,
    ),
    _saying(_REPORT, "få.r erhåll.er", rf"\b{SUBSTANCE}(?![\w-])", timed=True, after=True),
    _given(
        "nå.r hamn.ar komm.er gå.r ställ.er",
        rf"(?=.*{BODY}s?(?![\w-]))(?=.*\b{SUBSTANCE}(?![\w-])).*(?:\bnår?\b|{TO_BODY}|\bpå\s{BODY}s\sbord)",
    ),
    _saying(_REPORT, f"{_HAND} ställ.er", STRONG),
    _given(
        "hör.",
        r"\b(?:hur|om\s(?:[\w-]{1,30}\s)?(?:läget|arbetet\w*|arbetets))\b",
        after=True,
    ),
    _saying(_REPORT, "svar.ar", rf"\A\s(?:in)?för\s(?:[\w-]{{1,30}}\s)?{BODY}\sför\s(?:vad|hur)\b", after=True),
    _saying(
        _REPORT,
        "ta.r+upp behandl.ar föredra.r föredrag.er lägg.er+fram",
        (
            rf"(?!.*(?:sammanställning|rapport|redovisning)en\s(?:tas|"
            rf"behandlas))(?=.*\b{SUBSTANCE}(?![\w-]))(?=.*{MEETING})"
        ),
    ),
    _saying(
        _REPORT,
        (
            "skildr.ar berätt.ar redogör. framgå.r fog.ar bilägg.er bifog.ar ingå.r beskriv.er "
            "behandl.ar ta.r+in ta.r+med ange.r"
        ),
        (
            rf"(?=.*\b{YEARLY}(?![\w-]))(?=.*\b(?:{TOLD}|arbetet?|resultat|utfall\w*|insatser\w*|"
            rf"[\w-]*redogörelse|rapport|sammanställning)(?![\w-]))"
        ),
    ),
)
