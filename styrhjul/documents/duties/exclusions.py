"""What is no duty although it sounds like one: values, purposes, quotations, one person's plan, daily work."""

from __future__ import annotations

import re

from styrhjul.documents.language.actors import Subject, SubjectKind, actor_after
from styrhjul.documents.language.lexicon import EVERYBODY, MODAL_WORD
from styrhjul.domain.vocabulary import ActionKind

_WHERE = re.compile(
    r"(?:(?:i|av)\s(?:kapitel|avsnitt|bilaga|tabell|figur|följande|nästa|detta|denna)|nedan|ovan)(?!\w)", re.IGNORECASE
)
_TELLS_WHERE = re.compile(
    r"\b(?:redovisas|presenteras|anges|beskrivs|sammanfattas|återfinns|finns)\s(?:[\w-]+\s){0,3}?"
    r"i\s(?:bilaga|kapitel|avsnitt|tabell|figur|det\sföljande|nästa\savsnitt|rapporten\s(?=[”\"A-ZÅÄÖ]))\w*",
    re.IGNORECASE,
)
#: What happens at present, and what is only meant.
_NOW = re.compile(
    r"\A(?:(?:år|till)\s20\d\d\s(?:är|har)|i\s?dag|för närvarande|hittills|under senare år)\s", re.IGNORECASE
)
_MEANT = re.compile(r"\A(?:avsikten|syftet|tanken|ambitionen|ändamålet)\s.{0,80}?\bär\s(?:\w+\s)?att\s", re.IGNORECASE)
#: For whom the text is written: "Riktlinjen vänder sig till dig som ska följa upp …".
_AIMED = re.compile(
    r"\A(?:(?!som\b|ska\b|skall\b)[\w-]+\s){1,4}(?:vänder|riktar)\ssig\s(?:främst\s)?(?:till|mot)\b", re.IGNORECASE
)
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
    r"ändringshistorik|tidigare beslut)\b",
    re.IGNORECASE,
)
_TOPICAL = re.compile(
    r"uppfölj|följer\s(?:\w+\s)?upp|följs\s(?:\w+\s)?upp|utvärder|redovis|rapport|revider|översyn|aktuell|aktualitet|giltighet|"
    r"genomför|handlingsplan|ansvar|\bså\s(?:jobbar|arbetar|gör)|\bhur\s(?:går|vet|gör|följer|ser)|håller\s(?:vi\s)?(?:koll|policyn|planen)|"
    r"\bvem\sgör|uppgift|årshjul|\bvad\shänder",
    re.IGNORECASE,
)
_PURPOSE = re.compile(r"\b(?:syfte\w*|ändamål\w*|avsikt)\b", re.IGNORECASE)
_SAME_AGAIN = re.compile(
    r"(?:(?:den|det|de|dessa)\s(?:ska|skall|bör|måste|kan|får|[\w-]+(?:s|ar|er))|planen|insatsen|beslutet|uppföljningen|utredningen|dokumentationen|bedömningen)\b",
    re.IGNORECASE,
)
#: "Informationsägare: den som ansvarar för att …": what a word means.
_DEFINED = re.compile(
    r"\A[A-ZÅÄÖ][\w-]{2,40}(?:\s[\w-]{1,30}){0,2}(?::|\s[–-])\s(?:den|det|de|en|ett|någon|något)\s(?:[\w-]{1,30}\s){0,2}?som\s"
)
_GOALS = re.compile(
    r"\b(?:målbild\w*|(?:inriktnings|effekt|övergripande\s|lång\w+\s|våra\s)?mål(?:en)?)\Z", re.IGNORECASE
)
_DAILY = re.compile(
    r"\b(?:dagligen|varje (?:arbetsdag|dag|timme|kvart|vecka)|i timmen|veckovis|"
    r"en gång (?:i veckan|per vecka|om dagen|per dag)|"
    r"per dygn|om dygnet|gånger om dagen|ofördröjligen|omedelbart|omgående|genast|skyndsamt|utan dröjsmål|"
    r"var (?:fjortonde dag|annan vecka|tredje månad|sjätte månad)|"
    r"vid varje (?:måltid|besök|tillfälle|pass))\b",
    re.IGNORECASE,
)
#: What comes in one by one is followed up as work, not as a policy.
_SINGLE_MATTERS = re.compile(
    r"\s?(?:alla\s|inkomna\s)?(?:klagomål|synpunkter|avvikelser|tillbud|incidenter|frånvaro|kränkningar|anmälningar|olyckor)\w*\b",
    re.IGNORECASE,
)
#: "följer upp sjukfrånvaron med medarbetaren".
_WITH_ONE = re.compile(r"\b(?:sjukfrånvaron|frånvaron|insatsen|ärendet|samtalet)\smed\s\w+", re.IGNORECASE)
#: Parties outside the municipality: what they report is a term of a contract or a grant.
_OUTSIDE = re.compile(
    r"\b(?:leverantör\w*|entreprenör\w*|sökande\w*|(?:\w*)förening(?:en|ar|arna)?|hyresgäst\w*|bidragsmottagare\w*|"
    r"konsult\w*|anbudsgivare\w*|\w*utförare\w*|avtalspart\w*|vårdnadshavare\w*|fastighetsägare\w*)\b",
    re.IGNORECASE,
)
_ONE_PERSONS_PLAN = re.compile(
    r"\b(?:genomförandeplan\w*|individuell\w*\s\w*plan\w*|vårdplan\w*(?!\sför\s(?!(?:den|varje|en)\b))|sip|omsorgsplan\w*|elevens|barnets(?!\s(?:bästa|rätt))|"
    r"brukarens|patientens|klientens|"
    r"den enskildes|individens|rehabiliteringsplan\w*|journal(?:en|er)?|"
    r"beslutet om insats\w*|utvecklingssamtal\w*|medarbetarsamtal\w*|lönesamtal\w*|"
    r"skriftliga omdömen|anpassad studiegång|ansök(?:an|ningar))\b"
    r"|\bför\s(?:varje|var\soch\sen|den|en)\s(?:enskild\w?\s)?(?:elev|barn|brukare|klient|patient|medarbetare|"
    r"anställd|individ|boende|sökande|person)(?:en|et|n)?\b|\bindividuella mål\b"
    r"|plan(?:en)?\sför\s(?:eleven|barnet|brukaren|klienten|patienten|medarbetaren|individen|den\senskilde|den\sboende)\b"
    r"|\b(?:tillsammans\smed|i\ssamråd\smed|med)\s(?:den\senskilde|eleven|barnet|brukaren|klienten|patienten|vårdnadshavar\w*)\b",
    re.IGNORECASE,
)
_VALUE = re.compile(
    r"\A(?:\s?(?:alltid|också|även|fortsatt|i\s\w+|därför|aktivt|så långt som möjligt))*\s?"
    r"(?:ha\s(?:samma|lika|rätt|möjlighet|tillgång|god|goda|en\sgod|ett\sgott|likvärdig\w*|inflytande)|"
    r"vara\s(?:en|ett|den|det|lika|fri|fria|trygg\w*|välkom\w*)|"
    r"känna|uppleva|kunna|finnas|bli|leda\still|bidra\still|innebära|syfta|handla\som|kännetecknas|präglas|"
    r"genomsyra\w*|ses\ssom|betraktas|"
    r"möta|mötas|behandlas|bemötas|respekteras|garanteras|främja|tydliggöra|beskriva|ange|säkerställa|"
    r"förtydliga|utgöra|klargöra|bygga\spå|utgå\sfrån)(?!\w)",
    re.IGNORECASE,
)
#: What a body shall be, not what it shall do.
_IS = re.compile(
    r"\s?(?:\w+\s){0,2}?(?:känna|trivas|uppleva|må\sbra|vara\sstolt)\b|\s?(?:\w+\s){0,2}?vara\s(?:en|ett|bäst|först|ledande|attraktiv\w*|trygg\w*|öppe[nt]|hållbar\w*|klimatneutral\w*|"
    r"fossilfri\w*|välkomnande)(?!\w)",
    re.IGNORECASE,
)
#: What a body may do is told in texts of power; what merely can happen is no duty.
_HAPPENS = re.compile(
    r"\A\s?(?:\w+\s){0,2}?(?:vara|bli|ha|leda|innebära|påverka|bero|uppstå|ske|komma|finnas|få|bidra|förekomma|"
    r"upplevas|handla|skapa|ses|medföra|göra\satt)(?!\w)",
    re.IGNORECASE,
)
_RECIPIENT = re.compile(
    r"\b(?:till|för|inför|hos)\s(?:(?:den|de|det|berörd|politiska|högsta|ansvarig|kommunens|respektive|närmaste|en|ett|samtliga|"
    r"varje)\s){0,2}"
    r"(?:kommun)?(?:fullmäktige|[\w-]{0,40}(?:nämnd(?:en|er|erna)?|styrelsen?s?|utskott(?:et)?|chef(?:en)?|"
    r"direktör(?:en)?|beredning(?:en)?|"
    r"råd(?:et)?|ledning(?:en)?|förvaltning(?:en)?|presidiet|revisor(?:er|erna)|gruppen|samordnare(?:n)?|strateg(?:en)?|controller(?:n)?)|kf|ks)(?!\w)",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"\b(?:informera|informerar|delge[rs]?|tillställ\w{1,3}|förelägg\w{1,3})\s(?:[\w-]{1,40}\s){0,3}?[\w-]{0,40}(?:fullmäktige|nämnd(?:en|erna)?|"
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
    r"\b(?:resultat\w*|(?:\w*upp)?följning\w*|redovisning\w*|\w*rapport\w{0,7}|vad\s(?!(?:vi|du|man)\b)\w+|\w*effekt\w*|läget|\w*arbetet|sitt\s[\w-]*arbete|hur|måluppfyllelse\w*|"
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
    r"\b(?:informera|underrätta|uppdatera)r?\ssig\b"
    r"|\bredovisas\s(?:på|under)\s(?:verksamhet|konto|ansvar|projekt|respektive)\b"
    r"|\b(?:rapportering|anmälan|återkoppling)(?:en|ar)?\s(?:sker|görs|lämnas)\s(?:via|genom|på|i)\s(?:[\w-]{1,30}\s){0,3}?"
    r"(?:web\w*|\w*tjänst\w*|\w*formulär\w*|telefon|e-post|\w*system\w*|app\w*|blankett\w*|länk\w*)\b",
    re.IGNORECASE,
)
_DENIED_REVISION = re.compile(
    r"\b(?:[\w-]*mål(?:en|et)?|indikator\w*|[\w-]*handlingsplan\w*|verksamhetsplan\w*|rutiner\w*|checklist\w*|avtal\w*|delegationsordning\w*|"
    r"budget\w*|lokal\w*|avgift\w*|"
    r"register\w*|förteckning\w*|webb\w*|system\w*|uppgifter\w*|information\w*|åtgärdsplan\w*)\b",
    re.IGNORECASE,
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


def is_no_norm(text: str) -> bool:
    """Tell whether a whole sentence is a question, a quotation, or tells where something stands in the document."""
    if (_WHERE.match(text) or _TELLS_WHERE.search(text)) and not MODAL_WORD.search(text):
        return True
    if (
        _DEFINED.match(text)
        or _AIMED.match(text)
        or _MEANT.match(text)
        or (_NOW.match(text) and not MODAL_WORD.search(text))
    ):
        return True
    return text.endswith("?") or (text[:1] in '”"“»' and text.rstrip(".!")[-1:] in '”"“»«' and len(text) > 2)


def is_goals(title: str) -> bool:
    """Tell whether a section lists the goals themselves: what shall be so, which nobody is told to do."""
    return _GOALS.search(title) is not None


def goes_on(text: str) -> bool:
    """Tell whether a sentence goes on about what the one before named: "Den följs upp …", "Planen …"."""
    return _SAME_AGAIN.match(text) is not None


def is_daily_work(text: str) -> bool:
    """Tell whether a rhythm is one of daily work, which no committee follows up."""
    return _DAILY.search(text) is not None


def is_value(subject: Subject, after: str) -> bool:
    """Tell whether a clause says how things shall be rather than what somebody shall do."""
    if subject.kind is SubjectKind.ACTOR:
        return _IS.match(after) is not None
    return subject.kind is SubjectKind.PERSON or subject.kind is SubjectKind.DOCUMENT or _VALUE.match(after) is not None


def merely_happens(after: str) -> bool:
    """Tell whether what follows "kan" is an event and no act."""
    return _HAPPENS.match(after) is not None


def concerns_one_person(text: str) -> bool:
    """Tell whether a sentence is about the plan of one pupil, client or employee."""
    return _ONE_PERSONS_PLAN.search(text) is not None


def fits_kind(kind: ActionKind, *, part: str, actor: str | None, dated: bool) -> bool:
    """Tell whether a verb of a lifecycle is used for it here: incidents are reported too."""
    if actor is not None and _OUTSIDE.search(actor):
        return False
    if kind is ActionKind.FOLLOW_UP:
        return _SINGLE_MATTERS.match(part) is None and _WITH_ONE.search(part) is None
    if kind is not ActionKind.REPORT:
        return True
    if (actor is not None and EVERYBODY.search(actor)) or _NO_REPORT.search(part):
        return False
    if _names_recipient(part) or (actor is not None and dated and _REPORTS.search(part)):
        return True
    return _SUBSTANCE.search(part) is not None and not _TO_EVERYBODY.search(part)


def _names_recipient(part: str) -> bool:
    told = actor_after(part, "till|för|inför")
    named = (told is not None and not EVERYBODY.search(told)) or _IS_TOLD.search(part) is not None
    return named or _RECIPIENT.search(part) is not None or _TOLD.search(part) is not None


def checks_document(part: str, *, acts: bool, timed: bool) -> bool:
    """Tell whether what is measured or gone through is the document's own matter: somebody's, or done in time."""
    if _CHECKED_OTHERWISE.search(part):
        return False
    return acts or timed


def revises_something_else(target: str) -> bool:
    """Tell whether what is revised is plainly not this document."""
    return _DENIED_REVISION.search(target) is not None
