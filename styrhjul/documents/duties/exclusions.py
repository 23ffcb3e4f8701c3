"""What is no duty although it sounds like one: values, quotations, definitions, one person's plan, daily work."""

from __future__ import annotations

import re

from styrhjul.documents.language.actors import Subject, SubjectKind
from styrhjul.documents.language.lexicon import GOES_ON_ABOUT, MODAL_WORD

_WHERE = re.compile(
    r"(?:(?:i|av)\s(?:kapitel|avsnitt|bilaga|tabell|figur|följande|nästa|detta|denna)|nedan|ovan)(?!\w)", re.IGNORECASE
)
_TELLS_WHERE = re.compile(
    r"\b(?:redovisas|presenteras|anges|beskrivs|sammanfattas|återfinns|finns)\s(?:[\w-]+\s){0,3}?"
    r"i\s(?:bilaga|kapitel|avsnitt|tabell|figur|det\sföljande|nästa\savsnitt|rapporten\s(?=[”\"A-ZÅÄÖ]))\w*",
    re.IGNORECASE,
)
#: "Mål 2: Matsvinnet ska halveras": the goal itself, which nobody is told to set.
_NUMBERED_GOAL = re.compile(r"\A(?:[\w-]{2,20})?mål\s\d{1,2}(?:\.\d{1,2})?\s?[:.–-]\s", re.IGNORECASE)
#: "Där framgår att nämnderna årligen ska …": what the document named before says.
_STANDS_THERE = re.compile(
    r"\A(?:där|därav|av (?:den|det|dessa))\s(?:framgår|sägs|anges|står)\s(?:det\s)?att\s", re.IGNORECASE
)
#: What happens at present, and what is only meant.
_NOW = re.compile(
    r"\A(?:(?:år|till)\s20\d\d\s(?:är|har)|i\s?dag|för närvarande|hittills|under senare år)\s", re.IGNORECASE
)
_CAME_TO = re.compile(r"\bkom\s(?:(?:aldrig|inte|sedan|senare|därefter)\s)?att\s[\w-]+", re.IGNORECASE)
_MEANT = re.compile(r"\A(?:avsikten|syftet|tanken|ambitionen|ändamålet)\s.{0,80}?\bär\s(?:\w+\s)?att\s", re.IGNORECASE)
#: For whom the text is written: "Riktlinjen vänder sig till dig som ska följa upp …".
_AIMED = re.compile(
    r"\A(?:(?!som\b|ska\b|skall\b)[\w-]+\s){1,4}(?:vänder|riktar)\ssig\s(?:främst\s)?(?:till|mot)\b", re.IGNORECASE
)
_SAME_AGAIN = re.compile(
    rf"(?:{GOES_ON_ABOUT}|planen|insatsen|beslutet|uppföljningen|utredningen|dokumentationen|bedömningen)\b",
    re.IGNORECASE,
)
#: "Informationsägare: den som ansvarar för att …": what a word means.
_DEFINED = re.compile(
    r"\A[A-ZÅÄÖ][\w-]{2,40}(?:\s[\w-]{1,30}){0,2}(?::|\s[–-])\s(?:den|det|de|en|ett|någon|något)\s(?:[\w-]{1,30}\s){0,2}?som\s"
)
_DAILY = re.compile(
    r"\b(?:dagligen|varje (?:arbetsdag|dag|timme|kvart|vecka)|i timmen|veckovis|"
    r"en gång (?:i veckan|per vecka|om dagen|per dag)|"
    r"per dygn|om dygnet|gånger om dagen|"
    r"var (?:fjortonde dag|annan vecka)|"
    r"vid varje (?:måltid|besök|tillfälle|pass))\b",
    re.IGNORECASE,
)
_AT_ONCE = re.compile(r"\b(?:ofördröjligen|omedelbart|omgående|genast|skyndsamt|utan dröjsmål)\b", re.IGNORECASE)
#: "brister som inte kan åtgärdas genast": how soon something can be done is not when it is to be.
_ABLE = re.compile(r"\b(?:som|vilka|vad)\s(?:inte\s)?kan\s[\w-]{2,40}\s[\w-]{2,40}", re.IGNORECASE)
_ONE_PERSONS_PLAN = re.compile(
    r"\b(?:genomförandeplan\w*|individuell\w*\s\w*plan\w*|vårdplan\w*(?!\sför\s(?!(?:den|varje|en)\b))|sip|omsorgsplan\w*|elevens|barnets(?!\s(?:bästa|rätt))|"
    r"brukarens|patientens|klientens|"
    r"den enskildes|individens|rehabiliteringsplan\w*|journal(?:en|er)?|"
    r"beslutet om insats\w*|utvecklingssamtal\w*|medarbetarsamtal\w*|lönesamtal\w*|"
    r"skriftliga omdömen|anpassad studiegång|ansök(?:an|ningar))\b"
    r"|\bför\senskilda\s(?:elever|barn|brukare|klienter|patienter|medarbetare|anställda|individer|personer)\b"
    r"|\bför\s(?:varje|var\soch\sen|den|en)\s(?:enskild\w?\s)?(?:elev|barn|brukare|klient|patient|medarbetare|"
    r"anställd|individ|boende|sökande|person)(?:en|et|n)?\b|\bindividuella mål\b"
    r"|plan(?:en)?\sför\s(?:eleven|barnet|brukaren|klienten|patienten|medarbetaren|individen|den\senskilde|den\sboende)\b"
    r"|\b(?:tillsammans\smed|i\ssamråd\smed|med)\s(?:den\senskilde|eleven|barnet|brukaren|klienten|patienten|vårdnadshavar\w*)\b",
    re.IGNORECASE,
)
#: The plan by which a piece of the work is carried out bears the name of a client's.
_PLAN_OF_WORK = re.compile(
    r"(?<=område\s)(?:[\w-]{1,30}\s){1,6}?(?:en\s)?genomförandeplan\b|"
    r"genomförandeplan(?:en)?\sför\s(?:[\w-]{1,30}\s){0,2}?(?:området|mål\w*|\w*program\w*|\w*strateg\w*|\w*åtgärd\w*)",
    re.IGNORECASE,
)
#: Of many such plans a few are looked at: that is about the work, not about one person.
_SAMPLED = re.compile(
    r"\b(?:ett\surval\sav|en\sandel\sav|stickprov\s(?:av|på|bland|i))\s(?:[\w-]{1,30}\s)?[\w-]{3,40}", re.IGNORECASE
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
    r"\s?(?:mötas|bemötas|behandlas)\sav\b|\s?dela\s(?:[\w-]+\s){0,2}(?:värderingar|grundsyn|synsätt)\b|"
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


def is_no_norm(text: str) -> bool:
    """Tell whether a whole sentence is a question, a quotation, or tells where something stands in the document."""
    if _NUMBERED_GOAL.match(text) or _STANDS_THERE.match(text):
        return True
    if (_WHERE.match(text) or _TELLS_WHERE.search(text)) and not MODAL_WORD.search(text):
        return True
    if (
        _DEFINED.match(text)
        or _AIMED.match(text)
        or _MEANT.match(text)
        or ((_NOW.match(text) or _CAME_TO.search(text)) and not MODAL_WORD.search(text))
    ):
        return True
    return text.endswith("?") or (text[:1] in '”"“»' and text.rstrip(".!")[-1:] in '”"“»«' and len(text) > 2)


def goes_on(text: str) -> bool:
    """Tell whether a sentence goes on about what the one before named: "Den följs upp …", "Planen …"."""
    return _SAME_AGAIN.match(text) is not None


def is_daily_work(text: str) -> bool:
    """Tell whether a rhythm is one of daily work, which no committee follows up."""
    return _DAILY.search(_ABLE.sub("", text)) is not None


def is_at_once(text: str) -> bool:
    """Tell whether something is done as soon as it happens, so that no round asks for it."""
    return _AT_ONCE.search(_ABLE.sub("", text)) is not None


def is_value(subject: Subject, after: str) -> bool:
    """Tell whether a clause says how things shall be rather than what somebody shall do."""
    if subject.kind is SubjectKind.ACTOR:
        return _IS.match(after) is not None
    if subject.words.lower() in {"ingen", "inga", "alla"}:  # "Ingen ska lämnas utanför"
        return True
    return subject.kind is SubjectKind.PERSON or subject.kind is SubjectKind.DOCUMENT or _VALUE.match(after) is not None


def merely_happens(after: str) -> bool:
    """Tell whether what follows "kan" is an event and no act."""
    return _HAPPENS.match(after) is not None


def concerns_one_person(text: str) -> bool:
    """Tell whether a sentence is about the plan of one pupil, client or employee."""
    return _ONE_PERSONS_PLAN.search(_SAMPLED.sub("", _PLAN_OF_WORK.sub("", text))) is not None
