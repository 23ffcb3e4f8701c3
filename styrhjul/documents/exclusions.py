"""What is no duty although it sounds like one: values, purposes, quotations, others' principles, one person's plan."""

from __future__ import annotations

import re

from styrhjul.documents.actors import Subject, SubjectKind, actor_after
from styrhjul.documents.lexicon import DOCUMENT_WORD, EVERYBODY, MODAL_WORD
from styrhjul.documents.recurrence import find_frequency
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
_NOW = re.compile(r"\A(?:(?:år|till)\s20\d\d\s(?:är|har)|i\s?dag|för närvarande|hittills|under senare år)\s", re.IGNORECASE)
_MEANT = re.compile(r"\A(?:avsikten|syftet|tanken|ambitionen|ändamålet)\s.{0,80}?\bär\s(?:\w+\s)?att\s", re.IGNORECASE)
#: For whom the text is written: "Riktlinjen vänder sig till dig som ska följa upp …".
_AIMED = re.compile(
    r"\A(?:(?!som\b|ska\b|skall\b)[\w-]+\s){1,4}(?:vänder|riktar)\ssig\s(?:främst\s)?(?:till|mot)\b", re.IGNORECASE
)
#: Sections that tell what others have decided or what words mean.
_OF_OTHERS = re.compile(
    r"\b(?:europeisk\w*|eu|eu:s|fn|fn:s|nationell\w*(?!\sminoritet)|agenda 2030|globala mål\w*|lagstiftning\w*|lagrum|"
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
_FOREIGN_ACTOR = re.compile(
    r"\b(?:smhi|msb|mcf|scb|ivo|skr|jo|imy|digg|mfd|folkhälsomyndigheten|jämställdhetsmyndigheten|myndigheten\sför|kungliga\sbiblioteket|regionbibliotek\w*|staten|regeringen|riksdagen|läns\w+|regionens?|\w+verkets?|vattenmyndighet\w*|\w*inspektion(?:en|ens)|polis(?:en|myndigheten)s?|\w*socialstyrelsen|medlemsstater\w*|"
    r"lagen|\w+(?<!bo)(?<!arbets)(?<!ämnes)(?<!lärar)(?<!skol)lagen|"
    r"förordningen|konventionen|\w+konventionen|kommuner|varje kommun|alla kommuner|myndigheter|sverige|"
    r"konventionsstaterna)\b",
    re.IGNORECASE,
)
_BY_OTHERS = re.compile(rf"\s(?:årligen\s|löpande\s)?av\s{_FOREIGN_ACTOR.pattern}", re.IGNORECASE)
_LAW_SAYS = re.compile(
    r"[^,;]{0,80}(?:föreskrifter|lagen|förordningen|läroplanen)\b.{0,40}?\b(?:anger|säger|kräver|föreskriver|ställer)\b",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    r"\b(?:huvudm[aä]n\w*|\w*arbetsgivare\w*|vårdgivare\w*|verksamhetsutövare\w*|varje kommun|kommuner)\b",
    re.IGNORECASE,
)
_BY_LAW = re.compile(
    r"(?:enligt|i|av|utifrån)\s(?:[\w§.:()-]{1,30}\s){0,6}?\w*(?:(?<!bo)lagen|lagstiftningen|förordningen|konventionen|läroplanen|föreskrifter(?:na)?|allmänna\sråd)\b",
    re.IGNORECASE,
)
#: "Av programmet framgår att", "Socialstyrelsens föreskrifter anger att": another text is retold.
_RETOLD = re.compile(
    r"\A(?:(?:av|i|enligt)\s(?P<from>[^,;]{2,90}?)\s(?:framgår|följer|anges|stadgas|föreskrivs|sägs|står)(?:\sdet)?\satt"
    r"|(?P<text>[^,;]{2,90}?)\s(?:anger|säger|stadgar|föreskriver|slår\sfast|kräver|ställer\skrav\spå)\satt)\s",
    re.IGNORECASE,
)
_LAW = re.compile(
    r"\b\w*(?:(?<!bo)(?<!arbets)lagens?|lagstiftningens?|förordningens?|konventionens?|direktivet|balkens?|föreskrifter(?:na)?|"
    r"allmänna\sråd)\b|\b(?:hslf|sfs|sosfs|afs)\b",
    re.IGNORECASE,
)
#: "utvärderas enligt skollagens bestämmelser".
_AS_LAW_SAYS = re.compile(
    r"\benligt\s(?:[\w§.:()-]{1,30}\s){0,4}?\w*(?:lagens|förordningens|balkens)\s(?:bestämmelser|regler|krav)"
    r"|\benligt\s(?:[\w§.:()-]{1,30}\s){0,4}?\w*(?:(?<!bo)(?<!arbets)lagen|förordningen|balken)[.,]?\Z",
    re.IGNORECASE,
)
_THE_SAME = re.compile(
    r"\b(?:enligt|framgår\sav)\s(?:samma|nämnda|ovan\snämnda|den\snämnda)\s(?:lag|lagrum|förordning|bestämmelse)\w*|\bframgår\sav\slagen\b|"
    r"\Aenligt\s(?:ägardirektiv|bolagsordning)(?:et|en)\b",
    re.IGNORECASE,
)
#: "Informationsägare: den som ansvarar för att …": what a word means.
_DEFINED = re.compile(
    r"\A[A-ZÅÄÖ][\w-]{2,40}(?:\s[\w-]{1,30}){0,2}(?::|\s[–-])\s(?:den|det|de|en|ett|någon|något)\s(?:[\w-]{1,30}\s){0,2}?som\s"
)
#: "Rapportering sker via den webbaserade tjänsten": how one reaches somebody, no round.
_CHANNEL = re.compile(
    r"\b(?:rapportering|anmälan|återkoppling)(?:en|ar)?\s(?:sker|görs|lämnas)\s(?:via|genom|på|i)\s(?:[\w-]{1,30}\s){0,3}?"
    r"(?:web\w*|\w*tjänst\w*|\w*formulär\w*|telefon|e-post|\w*system\w*|app\w*|blankett\w*|länk\w*)\b",
    re.IGNORECASE,
)
_GOALS = re.compile(
    r"\b(?:målbild\w*|(?:inriktnings|effekt|övergripande\s|lång\w+\s|våra\s)?mål(?:en)?)\Z", re.IGNORECASE
)
_ANY_MUNICIPALITY = re.compile(r"\b(?:(?:varje|alla|en)\skommun|kommuner(?:na)?)\b", re.IGNORECASE)
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
    r"\b(?:genomförandeplan\w*|individuell\w*\s\w*plan\w*|vårdplan\w*|sip|omsorgsplan\w*|elevens|barnets(?!\s(?:bästa|rätt))|"
    r"brukarens|patientens|klientens|"
    r"den enskildes|individens|rehabiliteringsplan\w*|journal(?:en|er)?|"
    r"beslutet om insats\w*|utvecklingssamtal\w*|medarbetarsamtal\w*|lönesamtal\w*|"
    r"skriftliga omdömen|anpassad studiegång|ansök(?:an|ningar))\b"
    r"|\bför\s(?:varje|var\soch\sen|den|en)\s(?:enskild\w?\s)?(?:elev|barn|brukare|klient|patient|medarbetare|"
    r"anställd|individ|boende|sökande|person)(?:en|et|n)?\b|\bindividuella mål\b"
    r"|plan(?:en)?\sför\s(?:eleven|barnet|brukaren|klienten|patienten|medarbetaren|individen|den\senskilde|den\sboende)\b"
    r"|\b(?:tillsammans\smed|i\ssamråd\smed)\s(?:den\senskilde|eleven|barnet|brukaren|klienten|patienten|vårdnadshavar\w*)\b",
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
    r"|\b(?:på|vid)\s(?:arbetsplatsträff\w*|apt|introduktion\w*|anställning\w*)",
    re.IGNORECASE,
)
_REPORTS = re.compile(r"\b(?:(?:åter|av)?(?:redovisa|rapportera)|sammanställ)", re.IGNORECASE)
_BOOKED = re.compile(r"\bredovisas\s(?:på|under)\s(?:verksamhet|konto|ansvar|projekt|respektive)\b", re.IGNORECASE)
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


def follows_from_law(text: str) -> bool:
    """Tell whether a sentence retells a law: "Enligt skollagen ska …". Then the law binds, and the text perhaps."""
    return _BY_LAW.match(text) is not None or _LAW_SAYS.match(text) is not None


def retells_law(text: str, subject: Subject) -> bool:
    """Tell whether a law is retold that binds whoever runs a school or employs anybody."""
    told_of = subject.words if subject.kind is SubjectKind.ACTOR else text
    generic = _GENERIC.search(told_of) is not None or _ANY_MUNICIPALITY.search(text) is not None
    return follows_from_law(text) and generic


def cites_the_same(text: str) -> bool:
    """Tell whether a sentence goes on about a law just named, or cites what the owner has directed."""
    return _THE_SAME.search(text) is not None


def is_goals(title: str) -> bool:
    """Tell whether a section lists the goals themselves: what shall be so, which nobody is told to do."""
    return _GOALS.search(title) is not None


def retells_another(text: str, own_words: frozenset[str]) -> bool:
    """Tell whether what another text says is retold: a law, an authority's rules, a document that is not this one."""
    match = _RETOLD.match(text)
    if match is None:
        return False
    source = match["from"] or match["text"]
    if _LAW.search(source) or _FOREIGN_ACTOR.search(source):
        return True
    named = [word.lower() for word in source.split() if DOCUMENT_WORD.fullmatch(word)]
    return bool(named) and not any(word in own_words for word in named) and _ANY_MUNICIPALITY.search(text) is not None


def left_to_law(text: str, actor: str | None) -> bool:
    """Tell whether an act without actor or rhythm is left to a law: "utvärderas enligt skollagens bestämmelser"."""
    if actor is not None or not (_AS_LAW_SAYS.search(text) or follows_from_law(text)):
        return False
    rhythm = find_frequency(text)
    return rhythm is None or rhythm.recurrence in {"none", "as_needed"}


def is_daily_work(text: str) -> bool:
    """Tell whether a rhythm is one of daily work, which no committee follows up."""
    return _DAILY.search(text) is not None


def is_others_act(actor: str | None, after: str) -> bool:
    """Tell whether an act is done by somebody outside the municipality: "följs upp av länsstyrelsen"."""
    return (actor is not None and _FOREIGN_ACTOR.match(actor) is not None) or _BY_OTHERS.match(after) is not None


def binds_others(subject: Subject) -> bool:
    """Tell whether a subject is outside the municipality: the state, a law, municipalities in general."""
    return _FOREIGN_ACTOR.search(subject.words) is not None


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
    if (actor is not None and EVERYBODY.search(actor)) or _BOOKED.search(part) or _CHANNEL.search(part):
        return False
    if _names_recipient(part) or (actor is not None and dated and _REPORTS.search(part)):
        return True
    return _SUBSTANCE.search(part) is not None and not _TO_EVERYBODY.search(part)


def _names_recipient(part: str) -> bool:
    told = actor_after(part, "till|för|inför")
    named = told is not None and not EVERYBODY.search(told)
    return named or _RECIPIENT.search(part) is not None or _TOLD.search(part) is not None


def checks_document(part: str, *, acts: bool, timed: bool) -> bool:
    """Tell whether what is measured or gone through is the document's own matter: somebody's, or done in time."""
    if _CHECKED_OTHERWISE.search(part):
        return False
    return acts or timed


def revises_something_else(target: str) -> bool:
    """Tell whether what is revised is plainly not this document."""
    return _DENIED_REVISION.search(target) is not None
