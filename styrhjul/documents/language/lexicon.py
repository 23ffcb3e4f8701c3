"""The words rules know: bodies and officials, persons, document types, prepositions. Lists, no logic."""

from __future__ import annotations

import re

#: Written form in a title to the type it names. Longer words first where one ends with another.
DOCUMENT_TYPES = {
    "policy": "policy",
    "policyer": "policy",
    "policyn": "policy",
    "program": "program",
    "programmet": "program",
    "strategi": "strategi",
    "strategin": "strategi",
    "riktlinjer": "riktlinje",
    "riktlinje": "riktlinje",
    "riktlinjerna": "riktlinje",
    "regler": "regler",
    "regel": "regler",
    "regelverk": "regler",
    "reglemente": "reglemente",
    "rutin": "rutin",
    "rutiner": "rutin",
    "plan": "plan",
    "planen": "plan",
    "vision": "vision",
    "taxa": "taxa",
    "taxor": "taxa",
    "arbetsordning": "arbetsordning",
    "delegationsordning": "delegationsordning",
    "delegationsordningen": "delegationsordning",
    "bolagsordning": "bolagsordning",
    "ägardirektiv": "ägardirektiv",
    "föreskrift": "föreskrift",
    "föreskrifter": "föreskrift",
    "anvisning": "anvisning",
    "anvisningar": "anvisning",
    "instruktion": "instruktion",
    "modell": "modell",
    "principer": "principer",
    "styrdokument": "styrdokument",
    "dokument": "dokument",
}
#: Types that are a kind of word, not of document, when a title names something better.
VAGUE_TYPES = frozenset({"modell", "principer", "styrdokument", "dokument"})

MODAL_WORD = re.compile(r"\b(?:ska|skall|bör|måste|kan|får|ansvarar|svarar|åligger)\b", re.IGNORECASE)

ABBREVIATED_BODIES = {
    "kf": "Kommunfullmäktige",
    "ks": "Kommunstyrelsen",
    "kommunfullmäktige": "Kommunfullmäktige",
    "fullmäktige": "Kommunfullmäktige",
    "kommunstyrelse": "Kommunstyrelsen",
    "kommunstyrelsen": "Kommunstyrelsen",
    "ksau": "Kommunstyrelsens arbetsutskott",
}

_BODIES = (
    r"fullmäktige|nämnd(?:en|er|erna)?|styrelse(?:n|r|rna)?|utskott(?:et|en)?|beredning(?:en|ar|arna)?|"
    r"presidi(?:et|um|er)|"
    r"förvaltning(?:en|ar|arna)?|kontor(?:et|en)?|sektor(?:n|er|erna)?|avdelning(?:en|ar|arna)?|enhet(?:en|er|erna)?|"
    r"verksamhet(?:en|er|erna)?|verksamhetsområde(?:t|n|na)?|bolag(?:et|en)?|förbund(?:et|en)?|kommun(?:en|er)?|"
    r"koncern(?:en)?|"
    r"organisation(?:en)?|råd(?:et|en)?|(?<!mål)(?<!ålders)(?<!yrkes)(?<!folk)grupp(?:en|er|erna)?|team(?:et|en)?|kommitté(?:n|er|erna)?|"
    r"forum(?:et)?|nätverk(?:et|en)?|centrum|centret|museum|museet|byrå(?:n|er)?|sekretariat(?:et)?|revisor(?:er|erna)|"
    r"revision(?:en)|"
    r"myndighet(?:en|er|erna)?|(?:för)?skol(?:a|an|or|orna)|räddningstjänst(?:en)?|"
    r"socialtjänst(?:en)?|arbetsplats(?:en|er|erna)?|"
    r"kansli(?:et)?|stab(?:en)?|funktion(?:en|er|erna)|utförare|utförarna|leverantör(?:en|er|erna)|"
    r"stiftelse(?:n|r|rna)?|"
    r"(?:arbets|ämnes|lärar|skol)lag(?:et|en)?|"
    r"bibliotek(?:et|en)?|hemtjänst(?:en)?|elevhälsa(?:n)?|flyktingmottagandet|"
    r"(?:kommun|stads|central|när)arkiv(?:et)?"
)
_OFFICIALS = (
    r"chef(?:en|er|erna)?|direktör(?:en|er|erna)?|samordnare(?:n)?|samordnarna|strateg(?:en|er|erna)?|utvecklare(?:n)?|"
    r"ansvarig(?:e|a)?|handläggare(?:n)?|handläggarna|sekreterare(?:n)?|ombud(?:et|en)?|rektor(?:n|er|erna)?|"
    r"registrator(?:n)?|"
    r"controller(?:n)?|ledare(?:n)?|ledning(?:en)?|medarbetare(?:n)?|medarbetarna|personal(?:en)?|anställd(?:a)?|"
    r"förtroendevald(?:a)?|ägare(?:n)?|arbetsgivare(?:n)?|ordförande(?:n)?|politiker(?:na)?|tjänste(?:man|män|"
    r"männen|person|personer)|"
    r"huvudman(?:nen)?|planerare(?:n)?|koordinator(?:n|er|erna)?|intendent(?:en|er)?|inspektör(?:en|er|erna)?|"
    r"ekonom(?:en|er|erna)?|jurist(?:en|er)?|arkivarie(?:n)?|kommunikatör(?:en|er)?|tillsynsperson|pedagog(?:en|"
    r"er|erna)?|lärare|lärarna|arkitekt(?:en|er|erna)?|ekolog(?:en|er|erna)?|förvaltare(?:n)?|ingenjör(?:en|er|erna)?|konsulent(?:en|er|erna)?|"
    r"antikvarie(?:n|r)?|bibliotekarie(?:n|r)?|administratör(?:en|er|erna)?|assistent(?:en|er|erna)?|sjuksköterska(?:n)?|föreståndare(?:n)?|mästare(?:n)?|kamrer(?:en)?|ledamot(?:en)?|"
    r"ledamöter(?:na)?|\w{4}aren"
)
#: A single word that names who can have a duty; the genitive ("nämndens") does not.
ACTOR_WORD = re.compile(rf"[\w/&-]{{0,40}}(?:{_BODIES}|{_OFFICIALS})|kf|ks|ksau|vd|ab|hr", re.IGNORECASE)
#: Words that end like an actor and are none.
NOT_ACTORS = re.compile(
    r"(?:till|miss|ut|an|av|be|upp|in|om|väg)?ledning(?:en)?|.*(?:utbildning|anledning|inledning|avledning|"
    r"vägledning|tillgänglighet|möjlighet|"
    r"delaktighet|verklighet|trygghet|öppenhet|frihet|säkerhet|enhetlighet|helhet|nyhet|skyldighet|rättighet|nämnda|"
    r"skolgång|tråd|område|bråd|årsråd)(?:en|er|erna)?|kommunikation(?:en)?|.*(?:funktionsnedsättning|livsmedel).*|"
    r".*samverkan|revision(?:en)|"
    r"förråd(?:et)?|.*(?:hälsa)|.*(?:använd|läs|mottag|deltag|besök|betal|invån|medborg|bruk|gran|vår)aren",
    re.IGNORECASE,
)
#: Everybody at work: what they shall report is daily work, not the follow-up of a policy.
EVERYBODY = re.compile(
    r"\b(?:medarbetar\w*|anställd\w*|personal(?:en)?|var och en|alla som|chefer|förtroendevald\w*)\b", re.IGNORECASE
)
PERSON_WORD = re.compile(
    r"\w{0,30}(?:invandrare|människ(?:a|or|an|orna)|individ(?:en|er|erna)?|person(?:en|er|erna)?|barn(?:en|et)?|"
    r"elev(?:en|er|erna)?|"
    r"medborgar(?:e|en|na)|invånar(?:e|en|na)|kvinn(?:a|or|an|orna)|män|flickor|pojkar|ungdom(?:ar|arna)?|unga|"
    r"äldre|brukar(?:e|en|na)|nyanlända|"
    r"föräldrar|vårdnadshavare|familj(?:en|er|erna)?|samhälle(?:t|n)?|besökare|kund(?:en|er)?|patient(?:en|er)?|"
    r"klient(?:en|er)?|hyresgäst(?:en|er|erna)?|minoritet(?:en|er|erna)?)|alla|man|vi|du|den enskilde",
    re.IGNORECASE,
)
DOCUMENT_WORD = re.compile(
    r"(?!.*(?:handlings|åtgärds|verksamhets|aktivitets|genomförande|internkontroll|utvecklings)(?:plan|program))"
    r"(?:[\w-]{0,60}(?:policy(?:n|er|erna)?|strategi(?:n|er|erna)?|riktlinje(?:n|r|rna)?|program(?:met)?|"
    r"styrdokument(?:et|en)?|"
    r"reglemente(?:t|n)?|arbetsordning(?:en)?|föreskrift(?:en|er|erna)?|ägardirektiv(?:et|en)?|bolagsordning(?:en)?)|"
    r"dokument(?:et|en)?|plan(?:en|er|erna)?|regler(?:na)?|vision(?:en)?|taxa(?:n)?|instruktion(?:en)?|"
    r"anvisning(?:en|ar|arna)?|rutin(?:en)?)",
    re.IGNORECASE,
)

#: What a definite noun must not end with, to be somebody unheard of: matters, papers and times act on nobody.
INANIMATE = re.compile(
    r".*(?:ning|else|het|tion|sion|ment|skap|ism|tet|grad|budget|rapport|bilag|kapit|avsnitt|tabell|modell|metod|system|"
    r"process|analys|mål|resultat|indikator|arbet|år|månad|period|text|dokument|lag|avtal|beslut|syn|vision|insats|"
    r"åtgärd|aktivitet|punkt|ord|mät|tal|effekt|projekt|plan|program|policy|strategi|riktlinje|enkät|frågor|svar)"
    r"(?:en|n|et|t|an|erna|orna|arna|na|er|let)?",
    re.IGNORECASE,
)
PREPOSITIONS = frozenset(
    "i på av för med till från ur inom under vid hos genom efter före enligt mot om utifrån utan mellan över kring "
    "gällande avseende "
    "angående rörande inför innan bland per via såsom som att samt".split()
) - {"samt"}
#: A main clause that begins with one of these has its subject after the verb.
FRONTED = frozenset(
    "ur i på av för med till från inom under vid hos genom efter enligt mot om utifrån utan mellan över kring "
    "inför innan före när då "
    "eftersom vidare dessutom därutöver därtill därför därefter sedan här där senast årligen löpande "
    "kontinuerligt regelbundet "
    "minst även också utöver förutom såväl således slutligen därigenom samtidigt kvartalsvis halvårsvis "
    "tertialvis månadsvis "
    "vartannat vart vid ifall såvida utgångspunkten före sist varefter fortlöpande först parallellt dock vanligtvis "
    "normalt bl.a. "
    "bland som t.ex. exempelvis särskilt framförallt framför mitt halvvägs härutöver härvid därvid dels".split()
)
#: "Har riktlinjerna inte ändrats ska …", "Visar uppföljningen att … ska …": a verb first opens a condition.
CONDITION_FIRST = re.compile(
    r"har|är|finns|blir|behöver|visar|uppstår|sker|anser|bedömer|kräver|inträffar|önskar|föreligger|framkommer|"
    r"upphör|skulle|(?:behöv|sakna|begär|kräv|upptäck|konstatera|framgå|bedöm|ändra|förändra|nå|uppfyll)s",
    re.IGNORECASE,
)
TIME_WORDS = frozenset(
    "år året kvartal halvår månad mandatperiod mandatperioden mandatperioder tertial höst vår höstar vecka "
    "december november oktober "
    "september augusti juli juni maj april mars februari januari gång hösten våren årsskiftet budgetår "
    "verksamhetsår".split()
)
#: How a sentence goes on about what the one before named: "Den följs upp", "De ska".
GOES_ON_ABOUT = r"(?:den|det|de|dessa)\s(?:ska|skall|bör|måste|kan|får|[\w-]+(?:s|ar|er))"
CONTINUING = frozenset("vidare dessutom därutöver därtill även också därefter samtidigt".split())
