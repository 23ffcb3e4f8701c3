"""What stands beside a plain verb that makes it one of a lifecycle: what is wanted, how it goes, to whom it is told."""

from __future__ import annotations

SOME = r"(?:[\w-]{1,40},?\s){0,9}?"
FEW = r"(?:[\w-]{1,40}\s){0,3}?"
BODY = (
    r"(?:kommunfullmäktige|fullmäktige|(?!läns)[\w-]{0,40}(?:nämnd(?:en|erna|er)?|styrelsen|styrelse|"
    r"utskott(?:et)?|beredning(?:en)?|"
    r"chef(?:en|erna)?|direktör(?:en)?|råd(?:et)?|grupp(?:en|erna)?|kansli(?:et)?|förvaltning(?:en)?|avdelning(?:en)?|"
    r"enhet(?:en)?|ledning(?:en)?|samordnare(?:n)?|strateg(?:en)?|presidi(?:et|um)|revisor(?:er|erna)|"
    r"kontor(?:et)?|controller(?:n)?|"
    r"arkivarie(?:n)?|utvecklare(?:n)?|organisationer(?:na)?|bolagsstämma(?:n)?)|ägaren|kommunen|hr)"
)
OF_DEEDS = r"(?:åtgärder|insatser|aktiviteter|steg|moment|uppgifter|arbeten)"
WANTS = (
    rf"\b(?:vad|vilka|vilken|vilket|vart|hur\slångt|åt\svilket\shåll)\s(?!{OF_DEEDS}|en\s|ett\s){SOME}(?:"
    rf"(?:vill|avser\satt|tänker|siktar|ämnar|strävar|hoppas)\b(?!\s(?:göra|vidta|genomföra|säga|veta))"
    rf"|(?:ska|skall|bör|behöver|avses)\s(?:att\s)?{FEW}"
    r"(?:(?:upp)?nås?|(?:upp)?nått|åstadkom\w+|förbättra\w*|främja\w*|utveckla\w*|prioritera\w*|"
    r"eftersträva\w*|bli|vara|ha\s(?:uppnått|nått|klarat|kommit|blivit)|"
    r"klara\w*|minska\w*|öka\w*|styra\w*|gå\sförst|stå\si\sfokus)\b)"
)
STEPS = (
    rf"\b(?:vilka\s{OF_DEEDS}(?!\s(?:som\s)?(?:har|hade|vidtagits|genomförts))|"
    rf"vad\ssom\s(?:[\w-]{{1,20}}\s){{0,2}}?(?:ska|skall|behöver|bör)\s(?:göras|genomföras|åtgärdas|"
    rf"vidtas))\b"
)
HOW_MUCH = r"\bhur\s(?:stor|stora|stort|mycket|många|långt)\s(?:[\w-]{1,40}\s){0,6}?(?:ska|skall|bör|avser|vill)\b"
PICKED = (
    r"\b(?:områden?|områdena|saker|ting|något|punkter|delar|frågor)\b[^.;]{0,60}?\b(?:bättre|"
    r"förbättr\w+|utveckl\w+|styra\w*|prioriter\w+|satsa|lyfta|öka|minska|gå\sförst)\b"
    r"|\b(?:prioriteringar|målvärden|ambitionsnivå(?:n|er)?|förflyttningar|(?:önskade|förväntade|"
    r"eftersträvade)\sresultat|de\sresultat(?=\s(?:den|det|nämnden|de|som)\s(?:ska|skall|vill))|"
    r"resultatmål|målnivåer|delmål)\b"
)
GOALS = (
    r"\b(?:ett|två|tre|fyra|fem|minst|högst|lägst|några|egna?|eget|sina?|sitt|mätbara?|årliga|nya|"
    r"konkreta|tydliga)\s(?:[\w-]{1,30}\s){0,3}?(?!moment)[\w-]{0,20}mål\b"
)
LISTS = (
    r"\b(?:[\w-]{0,20}(?:aktivitets|åtgärds|handlings|insats|arbets)(?:list[ao]r?|plan(?:er)?|program|paket)"
    r"|(?:en|ett)\s(?:[\w-]{1,30}\s){0,2}?(?:plan|lista|program|förteckning)\s(?:för\s(?:hur|att|vad)|"
    r"(?:med|över)\s(?:[\w-]{1,30}\s){0,2}?(?:åtgärder|insatser|aktiviteter))"
    r"|förslag\still\s(?:[\w-]{1,30}\s)?(?:åtgärder|insatser|aktiviteter))\b"
)
PLAN = (
    r"\b(?<!\bi\s)(?:en|ett|sin|varsin|egen|[\w-]+(?:ig|isk|lig|ad|"
    r"års))\s(?:[\w-]{1,30}\s){0,2}?(?!detalj|översikts|genomförande|vård-|tid)[\w-]{2,30}plan\b"
)
NAMED_PLAN = (
    r"\b(?:[\w-]{3,30}-\soch\s)?(?:handlings|åtgärds|aktivitets|utbildnings|övnings|underhålls|"
    r"internkontroll|kontroll|upphandlings|investerings|insats|skötsel|fortbildnings|informations|"
    r"gransknings|tillsyns|aktivitets)(?:plan|list|program)(?:en|an|met)\b"
)
HOW = (
    rf"\b(?:hur\s(?!stor|många|mycket){SOME}(?:tänker|ska|skall|avser|vill|planerar|nås|uppnås|"
    rf"genomförs|arbetar)\b|{STEPS})"
)
IN_A_PAPER = (
    r"\bi\s(?:en|ett|sin|sina|varsin|nämndens|den\segna|"
    r"respektive)\s(?:[\w-]{1,30}\s){0,2}?[\w-]{0,30}(?:plan(?:en|er)?|bilaga|lista|program|internbudget|"
    r"budget)\b"
)
DEEDS = (
    r"\b(?:en|ett|två|tre|minst|egna?|eget|vilka|de)\s(?:[\w-]{1,30}\s){0,3}?(?:insatser|insats|åtgärder|"
    r"åtgärd|aktiviteter|aktivitet)\b"
)
DONE = (
    r"(?:har|nåtts?|nås|uppnåt\w+|uppnås|fungera\w*|gått|gick|går|utvecklat?s|utvecklas|genomfört?s|"
    r"blivit|gjorts?|följs|följts|kommit|betytt|inneburit|åstadkommits?|bidragit|"
    r"efterlevs|efterlevts|räcker|lett|leder|gett|ger|gav|haft|hade|stämmer(?!\s(?:med|"
    r"överens)\s(?:gällande\s)?lag)|framskrider|tillämpa\w+|används|hålls|hållits|fortgår|"
    r"uppfyll\w+|tycker|upplever|fortskrider|ligger|bedrivits|svarar\smot|motsvarar)"
)
EXTENT = (
    r"\b(?:om|hur|huruvida|i\svilken\s(?:mån|grad|utsträckning|ut-\ssträckning|omfattning)|i\svad\smån|att|vad)\s"
    rf"(?:[^.;]{{0,120}}?\s)?{DONE}\b"
)
REVIEW = (
    r"\b[\w-]{0,30}(?:genomlysning|stickprov|enkät|(?<!för)undersökning|översikt|utvärdering|"
    r"uppföljning|avstämning|genomgång|"
    r"helhetsbedömning|helhetsbild|egenkontroll|mätning|lägesbedömning|jämförelse|(?<![\w-])syn|"
    r"nulägesbild|lägesbild|samlad\sbild|bild(?=\sav\s(?:hela|läget|hur)))(?:en|er|erna|ar|arna)?\b"
)
MATTERS = (
    r"\b[\w-]{0,30}(?:åtgärd(?:er|erna)|aktivitet(?:er|erna)|insats(?:er|erna)|(?:del|effekt|"
    r"inriktnings|nämnd)?mål(?:en)?|utfall(?:et)?|resultat(?:et|en)?|"
    r"åtgärdslista(?:n)?|aktivitetslista(?:n)?|åtagande(?:n|na)|indikator(?:er|erna)|nyckeltal(?:en)?|"
    r"statistik(?:en)?|siffror(?:na)?|"
    r"läget|arbetet|system(?:et)?|effekter(?:na)?|efterlevnad(?:en)?|måluppfyllelse(?:n)?|"
    r"[\w-]*trohet(?:en)?|internkontroll(?:en)?|interna\skontrollen|följsamhet(?:en)?|"
    r"utveckling(?:en)?|tillämpning(?:en)?)\b"
)
SUBSTANCE = (
    r"(?:[\w-]{0,40}(?:rapport|sammandrag|besked|redovisning|sammanställning|redogörelse|förteckning|"
    r"lista|bild|uppgift(?:er)?|statistik|siffr(?:or)|svar(?!a)|analys|"
    r"skrivelse|översikt|utfall|resultat|granskning|genomlysning|bedömning|berättelse|underlag|"
    r"uppföljning|utvärdering|slutsats(?:er)?|"
    r"iakttagelser|erfarenheter|avvikelser|läge|läget|siffrorna|svinnsiffr\w+)(?:en|et|er|erna|ar|arna|na|an|or|n|a)?"
    r"|vad|hur|vilka|huruvida|den|dem|dessa|det|denna|detta|detsamma|utfallet)"
)
TO_BODY = (
    rf"\b(?:till|för|inför|hos|åt)\s(?:(?:den|det|de|sin|sitt|närmaste|ansvarig|berörd|kommunens|"
    rf"respektive|båda|en|ett|centrala|politiska)\s){{0,2}}{BODY}s?(?![\w-])"
)
STRONG = (
    r"(?=.*\b[\w-]{0,40}(?:rapport|redovisning|sammanställning|redogörelse|lägesbild|utvärdering|"
    r"uppföljning|sammandrag|resultat|utfall)(?:en|et|er|erna)?\b)"
    r"(?=.*\b(?:till|för|inför|hos)\s(?:[\w-]{1,20}\s)?(?:kommun)?(?:fullmäktige|"
    r"[\w-]{0,30}nämnd(?:en|erna)|styrelsen|utskottet)s?\b)"
)
TELLS_BODY = rf"(?={SOME}{BODY}(?![\w-]))"
REPORTED = rf"(?=.*\b{SUBSTANCE}(?![\w-]))(?=.*{TO_BODY})"
MEETING = r"\b(?:på|vid|till)\s(?:[\w-]{1,40}\s){0,4}?[\w-]{0,30}(?:sammanträde|möte)(?:t|n|na)?\b"
YEARLY = (
    r"[\w-]{0,20}(?:årsredovisning|bokslut|verksamhetsberättelse|delårsrapport|årsrapport|årsberättelse)(?:en|et|er|n)?"
)
TOLD = r"(?:vad|hur|vilka|huruvida|om|varför|vilken)"
DOCUMENT = (
    r"\b(?:(?:denna|detta|dessa|hela)\s)?(?!handlings|åtgärds|aktivitets|verksamhets|genomförande|budget|detalj|vård)"
    r"(?:[\w-]{0,30}(?:policyn?|programmet|strategin?|riktlinjer(?:na)?|riktlinjen|reglementet|"
    r"anvisning(?:en|arna)|direktivet|principerna)"
    r"|planen|reglerna|rutinen|taxan|dokumentet|styrdokumentet|texten|"
    r"bestämmelserna)(?:s\s(?:aktualitet|innehåll|giltighet))?(?![\w-])"
)
IT = r"\A[^,;:]{0,30}?\b(?:den|det|dem|denna|dessa)\b"
CHANGES = (
    r"\b(?<!ingen\s)(?<!inga\s)(?:[\w-]*ändringar|ändring|justeringar|justering|ändringsförslag|"
    r"revideringar|uppdateringar|förbättringar\si\s(?:texten|policyn|planen))\b"
)
NEW_ISSUE = (
    r"\bny(?:a|tt)?\s(?:utgåva|version|upplaga|lydelse|styrdokument|policy|strategi|program|riktlinjer?|"
    r"reglemente|anvisning(?:ar)?)\b"
)
AGAIN = r"\b(?:igen|på\snytt|ånyo|omprövning|aktualitet)\b"
STANDS = (
    rf"\b(?:om|huruvida)\s(?:den|det|de|denna|detta|dessa|"
    rf"{DOCUMENT[2:]})\s(?:[^.;]{{0,60}}?\s)?(?:fortsätta|behållas|stå\skvar|skrivas\som|"
    rf"gälla\soförändra\w+|fortsatt|förlängas|ersättas|aktuell\w*|ändras|"
    r"fortsatt\sgiltighet|revideras|omarbetas|upphävas|förnyas|göras\som|kvarstå)\b"
)
