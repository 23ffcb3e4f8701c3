"""The verbs of the lifecycles in every inflection, the older ones too: "följes upp", "skola upptagas"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

from styrhjul.documents.language.conjugation import Form, active_forms, passive_forms, read_verb
from styrhjul.domain.vocabulary import ActionKind


class Deed(Enum):
    """What a verb does that names an act only together with what it acts on: goals, a plan, a report, how it goes."""

    MAKE = 1
    LIGHT = 2  #: "gör", "genomför": the noun says what
    GIVE = 3
    HAND = 4
    GET = 5
    CHECK = 6
    READ = 7
    INCLUDE = 8  #: where a yearly paper takes something in: "vägs in i verksamhetsberättelsen"
    ANSWER = 9  #: "ansvarar för": for what the noun names
    STATE = 10  #: tells only how things are, and ends the reach of the verb before


#: What a verb does: an act of a lifecycle by itself, or a deed that its object makes one.
What = ActionKind | Deed
Verb = tuple[What, Form, str]

#: What these bring is a revision where it is a new version.
BRINGS: frozenset[What] = frozenset({Deed.MAKE, Deed.LIGHT, Deed.GIVE, Deed.HAND, ActionKind.REPORT})

#: Who else takes part, set off by commas: "tar, tillsammans med socialnämnden, fram".
_ASIDE = r",\s(?:tillsammans|gemensamt|i\s(?:nära\s)?(?:samråd|samverkan|samarbete|dialog))\smed\s[^.;:]{3,160}?,"
_GAP = rf"(?:\s[\w-]{{1,40}}){{0,5}}?(?:{_ASIDE})?\s"
#: As `conjugation` writes verbs; a particle may stand some words away.
CONJUGATED: dict[What, str] = {
    ActionKind.FOLLOW_UP: (
        "följ.er+upp uppfölj.er utvärder.ar stämm.er+av(?!\\s(?:med|mot\\s\\w*budget\\w*)) avstämm.er efterfölj.er"
    ),
    ActionKind.REVISE: (
        "revider.ar uppdater.ar se.r+över överse.r aktualitetspröv.ar aktualitetsförklar.ar ompröv.ar aktualiser.ar "
        "förny.ar omarbet.ar arbet.ar+om anta.r+på\\snytt fastställ.er+på\\snytt beslut.ar+på\\snytt pröv.ar+på\\snytt "
        "upprätt.ar+på\\snytt rull.ar+fram rull.ar+framåt rull.ar+vidare lägg.er+om läs.er+om skriv.er+på\\snytt "
        "gå.r+igenom\\spå\\snytt"
    ),
    ActionKind.REPORT: (
        "redovis.ar rapporter.ar återrapporter.ar avrapporter.ar sammanställ.er informer.ar anmäl.er presenter.ar "
        "återkoppl.ar berätt.ar redogör. sammanfatt.ar summer.ar underställ.er tillställ.er förelägg.er "
        "föredra.r föredrag.er "
        "återredovis.ar delge.r delgiv.er yttr.ar+sig "
        "ställ.er+samman"
    ),
    Deed.MAKE: (
        "ingiv.er inge.r lägg.er+fram lämn.ar avge.r "
        "ta.r+fram tag.er+fram framtag.er formuler.ar koppl.ar sätt.er sätt.er+upp uppsätt.er fastställ.er fastlägg.er "
        "lägg.er+fast fastslå.r anta.r antag.er identifier.ar knyt.er bestämm.er pek.ar+ut utform.ar utarbet.ar "
        "upprätt.ar uppgör. uppställ.er ställ.er+upp arbet.ar+fram välj.er välj.er+ut definier.ar "
        "preciser.ar konkretiser.ar "
        "prioriter.ar föreslå.r gör. gör.+upp överlämn.ar skap.ar utveckl.ar planer.ar "
        "bryt.er+ned bryt.er+ner nedbryt.er skriv.er "
        "lägg.er+upp komm.er+överens\\som"
    ),
    Deed.LIGHT: (
        "gör. genomför. utför. företa.r företag.er verkställ.er initier.ar inled.er påbörj.ar underkast.ar "
        "stå.r+för håll.er+i sköt.er ombesörj.er ta.r+initiativ\\still"
    ),
    Deed.GIVE: "upprätt.ar ta.r+fram skriv.er gör. gör.+upp sammanställ.er uppgör. utarbet.ar",
    Deed.HAND: (
        "komm.er+med inkomm.er+med komm.er+in\\smed inkomm.er lämn.ar återkomm.er+med avlämn.ar inlämn.ar "
        "överlämn.ar framlägg.er "
        "lägg.er+fram ge.r giv.er inge.r ingiv.er avge.r avgiv.er skick.ar sänd.er insänd.er översänd.er presenter.ar "
        "delge.r publicer.ar kommunicer.ar förmedl.ar"
    ),
    Deed.CHECK: (
        "mät.er gransk.ar analyser.ar kontroller.ar pröv.ar bedöm.er undersök.er kartlägg.er bevak.ar övervak.ar "
        "studer.ar räkn.ar+ut koll.ar följ.er titt.ar+på se.r+på gå.r+igenom se.r+efter läs.er+av avläs.er "
        "jämför. värder.ar "
        "håll.er+koll\\spå"
    ),
    Deed.READ: (
        "gransk.ar titt.ar+över gå.r+igenom genomgå.r tag.er+ställning\\still ta.r+ställning\\still omförhandl.ar"
    ),
}

#: Whether the document still holds: "pröva om programmet behöver ändras", "ta ställning till strategins aktualitet".
_NEEDED = (
    r"(?:\s[\w-]{1,40}){0,6}?\s(?:revider\w{1,6}|aktuell\w{0,2}|aktualitet\w{0,2}|ändamålsenlig\w*|uppdater\w{1,6}|"
    r"(?:behöver|bör|måste)\s(?:ändras|göras\som|skrivas\som|förnyas|ersättas)|(?:ska|skall)\s(?:ändras|gälla))"
)
#: Whether a document is kept, and what it leads to: "efterlevnaden av policyn skall årligen prövas".
KEPT = (
    r"(?:efterlevnad|tillämpning|måluppfyllelse|genomförande|effekt)(?:en|erna|et)?(?:\s[\w-]{1,40}){0,6}?\s"
    r"(?:prövas|kontrolleras|mäts|mätas|bedöms|bedömas|ses\söver)"
)
_TO_REVISION = (
    r"till\s(?:förnyad\s|ny\s)?(?:omprövning|översyn|prövning|revidering|aktualitetsprövning|bedömning|behandling)"
)
_ABOUT = r"(?:(?:,?\s(?!\w*(?:mål|plan)\w*\b)[\w-]{1,40}){0,8}?,?\som)?"
_DOWN_TO = r"(?:(?:\s[\w-]{1,40}){1,6}?\s(?:till|i))?"
#: "gör en samlad bedömning av om processen fungerar".
_JUDGES = (
    r"(?:\s[\w-]{1,40}){0,9}?\sbedömning(?:en)?\sav\s(?:om|hur|i\svilken|"
    r"(?:mål|resultat|effekt|efterlev|läge|utveckling)\w*)"
)
_IMPROVE = r"att\s(?:utveckla|förbättra|prioritera|bli\sbättre|satsa|arbeta\smed)"
_INTO = r"(?:\s[\w-]{1,40}){0,6}?\s(?:till|i)"
#: "låter en extern part göra": whoever has it done answers for it.
_HAVE = r"(?:\s[\w-]{1,40}){0,6}?\s"
_DO = r"(?:göra|genomföra|utföra)"
_MAKE_IT = r"(?:ta\sfram|upprätta|utarbeta)"
_REVIEW_IT = r"(?:utvärdera|granska|följa\supp)"
#: "Arbetet med en ny plan inleds": what comes after this document is begun.
_SUCCESSOR = (
    r"(?:arbete(?:t)?|framtagande(?:t)?|processen)\s(?:med|av|för)(?:\satt\sta\sfram)?\s(?:en\s|ett\s|den\s|det\s)?(?:ny|nya|nytt|nästa)\s"
    r"\w*(?:plan|program|policy|strategi|riktlinjer)(?:en|n|met|na)?(?:\s[\w-]{1,20}){0,3}?\s"
)
_BY_NEW = r"\s(?:[\w-]{1,20}\s){0,2}?av\s(?:en\sny|ett\snytt|nya)\b"
#: "Granskning av efterlevnaden utförs årligen".
_CHECK_OF = (
    r"(?:granskning|kontroll)(?:en)?\sav\s(?:efterlevnad|tillämpning|måluppfyllelse|genomförande|hur)(?:en|et)?\s"
    r"(?:[\w-]{1,40}\s){0,5}?"
)
_ANEW = (
    r"(?:ett\s|nytt\s)?beslut\som\s(?:\w+\s)?"
    r"(?:en\sny|ett\snytt|nya\sriktlinjer|fortsatt|förlängning|förnyelse|revidering|förlängd)"
)
_KEEP = r"(?:\s[\w-]{1,40}){1,3}?\s(?:aktuell|uppdaterad|levande\soch\saktuell|i\saktuellt\sskick|à\sjour)(?:a|e|t)?"
#: "Två gånger om året får kommunstyrelsen en rapport": the one who is given it stands between.
BODY_NEXT = (
    r"\s(?:[\w-]{1,40}\s){0,2}?[\w-]{0,40}(?:nämnd|styrelse|fullmäktige|utskott|direktör|chef|grupp|råd|ledning|"
    r"presidi|beredning|konsulent|samordnare|strateg|förvaltning|bolag)\w{0,5}"
)
_INFINITIVE = (
    r"(?!(?:första|andra|alla|samma|denna|dessa|övriga|egna)\b|[\w-]*nas\b)"
    r"(?:[\w-]+[^\W\d_]a|[\w-]+[ae]s|[\w-]*(?:slå|stå|gå|få|se|ge|ta|dra|be|bli|ske))\b"
)
#: "får två gånger per år, vid boksluten, en redovisning": no verb before what is given, so nobody has leave.
GETS = rf"(?:,?\s(?!{_INFINITIVE})[\w§.–-]{{1,40}}){{0,14}}?,?\s(?:(?:en|ett)\s(?!gång)|del\sav\s)"
_PHRASES: tuple[Verb, ...] = (
    (ActionKind.FOLLOW_UP, Form.INFINITIVE, rf"ha\s(?:följt{_GAP}upp|utvärderat)"),
    (ActionKind.FOLLOW_UP, Form.PASSIVE, KEPT),
    (ActionKind.REVISE, Form.PASSIVE_INFINITIVE, r"(?:göras|skrivas)\som"),
    (ActionKind.REVISE, Form.PASSIVE_PRESENT, r"(?:görs|skrivs)\som"),
    (ActionKind.FOLLOW_UP, Form.INFINITIVE, f"göra{_JUDGES}"),
    (ActionKind.FOLLOW_UP, Form.PRESENT, f"gör{_JUDGES}"),
    (ActionKind.FOLLOW_UP, Form.PASSIVE_INFINITIVE, f"göras{_JUDGES}"),
    (ActionKind.FOLLOW_UP, Form.PASSIVE_PRESENT, f"görs{_JUDGES}"),
    (ActionKind.FOLLOW_UP, Form.PRESENT, rf"låter{_HAVE}{_REVIEW_IT}"),
    (ActionKind.FOLLOW_UP, Form.INFINITIVE, rf"låta{_HAVE}{_REVIEW_IT}"),
    (ActionKind.FOLLOW_UP, Form.PASSIVE_INFINITIVE, r"(?:ha\sföljts\supp|vara\suppfölj(?:d|t|da))"),
    (ActionKind.REVISE, Form.PASSIVE_INFINITIVE, rf"(?:ersättas|avlösas|efterträdas){_BY_NEW}"),
    (ActionKind.REVISE, Form.PASSIVE_PRESENT, rf"(?:ersätts|ersättes|avlöses|efterträds){_BY_NEW}"),
    (ActionKind.FOLLOW_UP, Form.PASSIVE, rf"{_CHECK_OF}(?:utförs|utföras|görs|göras|genomförs|genomföras|sker|ske)"),
    (ActionKind.REVISE, Form.INFINITIVE, rf"(?:fatta|ta|ha\sfattat|ha\stagit)\s{_ANEW}"),
    (ActionKind.REVISE, Form.PRESENT, rf"(?:fattar|tar)\s{_ANEW}"),
    (ActionKind.REVISE, Form.PASSIVE_INFINITIVE, rf"(?:fattas|tas)\s{_ANEW}"),
    (Deed.LIGHT, Form.PRESENT, rf"låter{_HAVE}{_DO}"),
    (Deed.LIGHT, Form.INFINITIVE, rf"låta{_HAVE}{_DO}"),
    (Deed.MAKE, Form.PRESENT, rf"låter{_HAVE}{_MAKE_IT}"),
    (Deed.MAKE, Form.INFINITIVE, rf"låta{_HAVE}{_MAKE_IT}"),
    (ActionKind.REVISE, Form.PASSIVE_PRESENT, rf"{_SUCCESSOR}(?:inleds|påbörjas|startar|startas|börjar)"),
    (
        ActionKind.REVISE,
        Form.PASSIVE_INFINITIVE,
        rf"{_SUCCESSOR}(?:inledas|påbörjas|starta|startas|börja|vara\spåbörjat)",
    ),
    (ActionKind.REVISE, Form.PRESENT, r"tar\sställning\still\s(?:en\sny|ett\snytt|nya)\s\w+"),
    (ActionKind.REVISE, Form.INFINITIVE, r"ta\sställning\still\s(?:en\sny|ett\snytt|nya)\s\w+"),
    (Deed.HAND, Form.INFINITIVE, r"(?:ha\s)?lagt\sfram"),
    (ActionKind.REVISE, Form.INFINITIVE, rf"ha\s(?:reviderat|uppdaterat|sett{_GAP}över)|hålla{_KEEP}"),
    (ActionKind.REVISE, Form.PRESENT, rf"håller{_KEEP}"),
    (
        ActionKind.REVISE,
        Form.PASSIVE,
        r"(?:hållas|hålls|hålles)\s(?:[\w-]{1,20}\s){0,2}(?:aktuell|uppdaterad|à\sjour)(?:a|t)?",
    ),
    (
        ActionKind.REVISE,
        Form.INFINITIVE,
        rf"(?:ta\sställning\still|besluta\som|bestämma\som|pröva|bedöma|avgöra|kontrollera|överväga\som){_NEEDED}",
    ),
    (
        ActionKind.REVISE,
        Form.PRESENT,
        (
            rf"(?:tar\sställning\still|beslutar\som|bestämmer\som|prövar|bedömer|avgör|kontrollerar|kollar|"
            rf"ser\sefter|undersöker){_NEEDED}"
        ),
    ),
    (ActionKind.REVISE, Form.INFINITIVE, rf"(?:upp)?ta(?:ga)?{_GAP}{_TO_REVISION}"),
    (ActionKind.REVISE, Form.PRESENT, rf"(?:upp)?ta(?:ge)?r{_GAP}{_TO_REVISION}"),
    (ActionKind.REVISE, Form.PASSIVE, rf"(?:upp)?ta(?:ga|ge)?s{_GAP}{_TO_REVISION}"),
    (
        ActionKind.REVISE,
        Form.PASSIVE,
        (
            r"prövas|(?:(?:aktualitet|ändamålsenlighet|giltighet)(?:en)?|behov(?:et)?\sav\s(?:revidering|översyn|uppdatering))(?:\s[\w-]{1,40}){0,2}?\s"
            r"(?:prövas|bedöms|ses\söver)"
        ),
    ),
    (
        ActionKind.REPORT,
        Form.PASSIVE_INFINITIVE,
        r"hållas(?:\s[\w-]{1,40}){0,3}?\s(?:informera|underrätta|uppdatera)(?:d|t|de)(?=\s(?:om|kring))",
    ),
    (
        ActionKind.REPORT,
        Form.PASSIVE_PRESENT,
        r"hålls(?:\s[\w-]{1,40}){0,3}?\s(?:informera|underrätta|uppdatera)(?:d|t|de)(?=\s(?:om|kring))",
    ),
    (
        ActionKind.REPORT,
        Form.PRESENT,
        r"håller(?:\s[\w-]{1,40}){1,5}?\s(?:informera|underrätta|uppdatera)(?:d|t|de)(?=\s(?:om|kring))",
    ),
    (
        ActionKind.REPORT,
        Form.INFINITIVE,
        r"hålla(?:\s[\w-]{1,40}){1,5}?\s(?:informera|underrätta|uppdatera)(?:d|t|de)(?=\s(?:om|kring))",
    ),
    (
        ActionKind.REPORT,
        Form.PASSIVE_INFINITIVE,
        r"vara\s(?:(?:klar|färdig)\soch\s)?(?:framlagd|redovisad|överlämnad|inlämnad|avrapporterad|presenterad|framlagt|redovisat)",
    ),
    (ActionKind.REPORT, Form.INFINITIVE, r"ha\s(?:redovisat|rapporterat|återrapporterat)|göra\sanmälan(?=\still\s)"),
    (
        Deed.MAKE,
        Form.INFINITIVE,
        (
            rf"besluta{_ABOUT}|bryta{_GAP}?(?:ned|ner){_DOWN_TO}|"
            rf"ha\s(?:tagit{_GAP}?fram|upprättat|utarbetat|formulerat|beslutat(?:\som)?|antagit)|ha"
        ),
    ),
    (Deed.MAKE, Form.PRESENT, rf"beslutar{_ABOUT}|bryter{_GAP}?(?:ned|ner){_DOWN_TO}"),
    (Deed.MAKE, Form.INFINITIVE, "ange"),
    (Deed.MAKE, Form.PRESENT, "anger"),
    (Deed.MAKE, Form.PASSIVE, r"(?<!annat\s)anges"),
    (Deed.MAKE, Form.PASSIVE, rf"beslutas|konkretiseras{_INTO}"),
    (Deed.MAKE, Form.INFINITIVE, rf"(?:konkretisera|omsätta|översätta|bryta|[\w-]+a\ssamman){_INTO}"),
    (Deed.MAKE, Form.PRESENT, rf"(?:konkretiserar|omsätter|översätter|[\w-]+(?:ar|er)\ssamman){_INTO}"),
    (Deed.MAKE, Form.PASSIVE_INFINITIVE, rf"(?:omsättas|översättas){_INTO}"),
    (Deed.MAKE, Form.PASSIVE_PRESENT, rf"(?:omsätts|översätts){_INTO}"),
    (
        Deed.MAKE,
        Form.PASSIVE_INFINITIVE,
        r"vara\s(?:framtag|upprättad|antag|beslutad|fastställd|formulerad|färdig|klar)(?:en|et|t|a|na)?|finnas|föreligga",
    ),
    (Deed.MAKE, Form.STATE, r"finns|föreligger"),
    (
        ActionKind.SET_GOALS,
        Form.INFINITIVE,
        rf"(?:välja|peka){_GAP}{_IMPROVE}",
    ),
    (ActionKind.SET_GOALS, Form.PRESENT, rf"(?:väljer|pekar){_GAP}{_IMPROVE}"),
    (Deed.LIGHT, Form.INFINITIVE, r"svara\sför"),
    (
        Deed.LIGHT,
        Form.PASSIVE_INFINITIVE,
        r"ske|äga\srum|gör(?:as|es)\still\sföremål\sför|(?:bli|vara)\s(?:föremål\sför|gjord|genomförd|klar|avslutad)|undergå|komma\still\sstånd|föreligga",
    ),
    (
        Deed.LIGHT,
        Form.PASSIVE_PRESENT,
        r"sker|äger\srum|gör(?:s|es)\still\sföremål\sför|(?:blir|är)\sföremål\sför|undergår|kommer\still\sstånd|påbörjas|inleds",
    ),
    (Deed.LIGHT, Form.PASSIVE_INFINITIVE, r"inledas"),
    (Deed.HAND, Form.INFINITIVE, r"ha\slämnat"),
    (Deed.GIVE, Form.PASSIVE, r"ske|sker|redovisas|ingå|ingår|föreligga|föreligger"),
    (
        Deed.GET,
        Form.PASSIVE_PRESENT,
        rf"får(?!\s\w+vis\b)(?={GETS})",
    ),  # "Nämnden får en lägesrapport": somebody gives it
)


def _inflect(written: str) -> Iterator[tuple[Form, str]]:
    """Yield each form of a verb with its particle, as a pattern."""
    stem, ending, particle = read_verb(written)
    after = rf"{_GAP}?{particle}" if particle in {"fram", "ned", "ner"} else rf"{_GAP}{particle}" if particle else ""
    yield from ((form, f"{word}{after}") for form, word in active_forms(stem, ending))
    if ending == "ar":
        yield Form.INFINITIVE, rf"ha\s(?:[\w-]{{1,20}}\s){{0,2}}?{stem}at{after}"
        yield Form.PASSIVE_INFINITIVE, rf"(?:ha\s{stem}ats|vara\s{stem}a(?:d|t|de)){after}"
    for form, words in passive_forms(stem, ending):
        either = f"(?:{'|'.join(words)})" if len(words) > 1 else words[0]
        yield form, f"{either}{after}"


def _verbs() -> Iterator[Verb]:
    for what, verbs in CONJUGATED.items():
        forms: dict[Form, list[str]] = {}
        for verb in verbs.split():
            for form, pattern in _inflect(verb):
                forms.setdefault(form, []).append(pattern)
        # The longer first: "sätter upp" before "sätter".
        yield from ((what, form, "|".join(sorted(each, key=len, reverse=True))) for form, each in forms.items())
    yield from _PHRASES


VERBS = tuple((what, form, re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])")) for what, form, pattern in _verbs())
