"""The labels that municipalities write in front of what a document says about itself, and what each stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Label(StrEnum):
    """What a label stands for. The last four bound other values or carry rules; they are no metadata of their own."""

    DIARY_NUMBER = "diary_number"
    ADOPTED_BY = "adopted_by"
    ADOPTED_ON = "adopted_on"
    DRAWN_UP_ON = "drawn_up_on"
    PARAGRAPH = "paragraph"
    VERSION = "version"
    VALID_FROM = "valid_from"
    VALID_UNTIL = "valid_until"
    LAST_REVISED_ON = "last_revised_on"
    OWNER = "owner"
    REPLACES = "replaces"
    DOCUMENT_TYPE = "document_type"
    TITLE = "title"
    MUNICIPALITY = "municipality"
    REVISED_BY = "revised_by"
    FOLLOWED_UP_BY = "followed_up_by"
    REVISION_RULE = "revision_rule"
    FOLLOW_UP_RULE = "follow_up_rule"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Field:
    """A label with its value, empty where the label stands alone. Offsets in the clean text cover both."""

    label: Label
    word: str
    value: str
    start: int
    end: int


#: Where two labels begin alike, the longer one is meant.
_WORDS: dict[Label, str] = {
    Label.DIARY_NUMBER: (
        "diarienummer|diarienr\\.|dnr\\.|änr\\.|diarienr|diarie-nr|diarie nr|diarie|dnr|d-nr|ärendenummer|"
        "ärendenr|änr|antagande dnr|"
        "diariebeteckning|diarieförd|"
        "ärende|ärendebeteckning|dokumentets diarienummer|diarienummer/ärendenummer|ärende-id"
    ),
    Label.ADOPTED_BY: (
        "antagen av|antaget av|antagna av|antas av|fastställd av|fastställt av|fastställda av|fastställts av|"
        "beslutad av|beslutat av|beslutade av|beslutades av|beslutande organ|beslutande instans|beslutsinstans|"
        "beslutsorgan|beslutande|beslutande myndighet|beslutande nämnd|beslutsfattare|beslutad i|antagen i|antaget i|"
        "policyn är antagen av|planen är antagen av|strategin är antagen av|riktlinjen är antagen av|"
        "riktlinjerna är antagna av|programmet är antaget av|reglementet är antaget av|"
        "dokumentet är beslutat av|dokumentet är antaget av|dokumentet är fastställt av|utfärdad av|utfärdat av|"
        "godkänd av|fastställare|godkännare|beslutsnivå|antagande instans|antagandeinstans|antagande organ|"
        "beslutad av/datum|antagen av/datum|fastställd av/datum|beslutat av/datum|beslutsinstans och datum|"
        "antagen av och datum|beslutad av och datum|fastställd av och datum|antagen av, datum|beslutad av, datum"
    ),
    Label.ADOPTED_ON: (
        "antagen|antaget|antagna|fastst\\.|utfärdad|utfärdat|utfärdad den|"
        "antagen den|antaget den|fastställd|fastställt|fastställda|fastställd den|"
        "fastställd datum|beslutad|beslutat|beslutandedatum|beslutsdatum|datum för beslut|för beslut|"
        "dokumentet beslutades den|"
        "dokumentet beslutades|dokumentet antogs|dokumentet fastställdes|antagande|"
        "antagandedatum|antagningsdatum|beslutad den|datum för antagande|"
        "datum för fastställande|fastställandedatum|fastställelsedatum|fastställelse|beslut|datum fastställd|"
        "datum antagen|fastställd/upprättad|upprättad/fastställd|beslutad datum|beslutsdatum/paragraf|"
        "beslutsdatum och paragraf|datum och paragraf|datum, paragraf|datum/paragraf|datum/§|beslutsdatum/§|"
        "antagen datum|antagen/fastställd|antagen, datum och paragraf|datum för beslut och paragraf|"
        "när|när beslutades den|beslutades|beslutades den|antogs|antogs den"
    ),
    Label.DRAWN_UP_ON: (
        "datum|dokumentdatum|upprättad|upprättad den|upprättat|upprättad datum|skapad|skapad den|ursprungsdatum|"
        "datum upprättad"
    ),
    Label.PARAGRAPH: "paragraf|beslutsparagraf|paragrafnummer|paragrafnr|beslutsparagraf nr|protokollsparagraf|§",
    Label.VERSION: "version|ver\\.|versionsnummer|versionsnr|version nr|utgåva|utgåva nr|rev\\.",
    Label.VALID_FROM: (
        "giltig från|giltigt från|giltig från och med|giltig fr\\.o\\.m\\.|giltig fr o m|giltig fr\\.o\\.m|gäller från|"
        "gäller från och med|gäller fr\\.o\\.m\\.|gäller fr\\.o\\.m|gäller fr o m|gäller fr\\. o\\. m\\.|"
        "giltighetstid fr\\. o\\. m\\.|giltighetstid fr\\.o\\.m\\.|giltighetstid fr o m|giltighetstid från|"
        "giltighetstid från och med|att gälla från|att gälla från och med|träder i kraft|ikraftträdande|"
        "gällande från|gällande från och med|börjar gälla|dokumentet gäller från|dokumentet gäller från och med"
    ),
    Label.VALID_UNTIL: (
        "giltig till|giltigt till|giltiga till och med|"
        "giltiga till|giltiga t\\.o\\.m\\.|giltigt till och med|giltigt t\\.o\\.m\\.|"
        "giltig till och med|giltig t\\.o\\.m\\.|giltig t\\.o\\.m|giltig t o m|giltighetstid|"
        "giltighet|giltighetsperiod|gäller till|gäller till och med|gäller t\\.o\\.m\\.|gäller t\\.o\\.m|"
        "gäller t\\. o\\. m\\.|gäller t o m|giltighetstid t\\. o\\. m\\.|giltighetstid t\\.o\\.m\\.|"
        "dokumentet gäller till den|dokumentet gäller till och med|dokumentet gäller till|gällande till|"
        "gäller längst till|gäller längst t o m|gäller längst t\\.o\\.m\\.|slutdatum|upphör att gälla|gäller|"
        "gäller under|gäller för perioden|gäller perioden|gäller åren"
    ),
    Label.LAST_REVISED_ON: (
        "senast reviderad|senast reviderat|senast reviderade|senaste revidering|senast reviderad den|reviderad datum|"
        "reviderad|reviderat|reviderade|reviderad den|revideringsdatum|reviderat datum|datum för revidering|"
        "datum för senaste revidering|rev|senast uppdaterad|uppdaterad|uppdaterat|dokumentet uppdaterat den|"
        "dokumentet uppdaterades den|dokumentet reviderades den|dokumentet reviderat den|senast ändrad|ändrad|"
        "revisionsdatum|senaste ändring|senast reviderad av/datum|datum för senaste ändring|reviderad senast"
    ),
    Label.OWNER: (
        "dokumentansvarig|"
        "dokumentet ägs av|dokumentansvarig funktion|dokumentansvar|dokumentägare|dokumentansvarig är|ansvarig|"
        "ansvarig tjänsteman|ansvarig tjänsteperson|ansvarig verksamhet|ansvarig för dokumentet|"
        "dokumentansvarig i förvaltningen|dokumentansvarig enhet|dokumentansvarig på politisk nivå|"
        "dokumentansvarig på tjänstemannanivå|dokumentansvarig på tjänstepersonsnivå|dokumentansvarig nämnd|"
        "dokumentansvarig förvaltning|dokumentansvarig tjänsteman|dokumentansvarig tjänsteperson|ansvarig nämnd|"
        "ansvarig förvaltning|ansvarig funktion|ansvarig enhet|ansvarig avdelning|ansvarigt kontor|ägare|"
        "dokumentets ägare|ansvarig chef|ansvarig för policyn|ansvarig för planen|ansvarig för riktlinjen|"
        "ansvarig för styrdokumentet|ansvarig på politisk nivå|ansvarig på tjänstemannanivå|"
        "ansvarig på tjänstepersonsnivå|innehållsansvarig|processägare|författare/dokumentansvarig|"
        "dokumentansvarig/författare|ansvarig/dokumentägare|ansvarig utgivare"
    ),
    Label.REPLACES: (
        "ersätter|dokumentet ersätter|ersätter tidigare versioner|ersätter tidigare version|"
        "ersätter tidigare dokument|ersätter dokument|ersätter styrdokument|ersätter beslut|tidigare version|"
        "tidigare versioner|upphäver|policyn ersätter|planen ersätter"
    ),
    Label.DOCUMENT_TYPE: (
        "dokumenttyp|typ av dokument|typ av styrdokument|styrdokumentstyp|dokumentkategori|typ|styrdokument|"
        "styrdokumenttyp"
    ),
    Label.TITLE: (
        "namn på dokumentet|dokumentnamn|dokumentets namn|titel|dokumenttitel|rubrik|namn|styrdokumentets namn|"
        "dokumentets titel"
    ),
    Label.MUNICIPALITY: "kommun|organisation",
    Label.REVISED_BY: (
        "revideringsansvarig|ansvarig för revidering|för revidering ansvarar|för revidering av dokumentet ansvarar|"
        "för revideringen ansvarar|revidering ansvarar|ansvarig för uppdatering|ansvar för revidering|"
        "revisionsansvarig|ansvarig för revideringen|ansvarar för revidering"
    ),
    Label.FOLLOWED_UP_BY: (
        "uppföljningsansvarig|ansvarig för uppföljning|för uppföljning ansvarar|"
        "för uppföljning av dokumentet ansvarar|för uppföljning av planen ansvarar|ansvar för uppföljning|"
        "för uppföljningen ansvarar|ansvarig för uppföljningen"
    ),
    Label.REVISION_RULE: (
        "revideras|revideringsintervall|tidpunkt för aktualitetsprövning|uppdateras|aktualitetsprövas|"
        "aktualitetsprövning|ses över|revidering|revideras senast|översyn|revideringsfrekvens|nästa revidering|"
        "nästa revision|ska revideras|uppdateringsintervall|tidpunkt för revidering|revisionsintervall|"
        "aktualitetsprövas senast|dokumentet revideras|ska revideras senast|nästa översyn"
    ),
    Label.FOLLOW_UP_RULE: (
        "följas upp|följs upp|ska följas upp|uppföljning|uppföljningsintervall|tidpunkt för uppföljning|utvärderas|"
        "uppföljning sker|uppföljningsfrekvens"
    ),
    Label.OTHER: (
        "gäller för|dokumentet gäller för|gäller för målgruppen|gäller för målgrupp|detta dokument gäller för|"
        "målgrupp|målgrupper|omfattning|omfattar|"
        "relaterade styrdokument|relaterade dokument|se även|kontakt|kontaktperson|telefon|e-post|webbplats|sida|"
        "sidan|sid|författningssamling|kommunal författningssamling|adress|postadress|besöksadress|org\\.nr|"
        "upprättad av|författare|framtagen av|publicerad|publicering|fastställs av|diarieplan|säkerhetsklass|"
        "status|bilagor|bilaga|lagstöd|uppdragsgivare|handlingstyp|process|sekretess|kommentar|skapad av|"
        "reviderad av|uppdaterad av|beslutsunderlag|handläggare|ansvarig handläggare|utbytt den|sign|flik|kapitel|"
        "dokumentinformation|informationsklass|sökord|nyckelord|förvaras|arkiveras|distribution|remissinstanser|"
        "samråd|upplaga|kommunikation|bakomliggande lagstiftning|lagrum|publiceras"
    ),
}

#: Words that begin ordinary lines and headings too: a colon makes them labels, or a value that could be no other's.
_COLON_WORDS = frozenset(
    "beslut|beslutande|revidering|översyn|ägare|typ|namn|kommun|rubrik|titel|aktualitetsprövning|giltighet|"
    "antagande|omfattning|ansvarig|ändrad|rev|process|status|bilaga|bilagor|kontakt|målgrupp|målgrupper|lagstöd|"
    "kommentar|omfattar|adress|ses över|uppdateras|revideras|träder i kraft|uppdaterad|uppdaterat|tidigare version|"
    "ärende|"
    "publicering|sekretess|upphäver|aktualitetsprövas|gäller|gäller under|styrdokument|organisation|fastställelse|"
    "diarie|antagna|reviderade|fastställda|utbytt den|sign|flik|kapitel|samråd|kommunikation|upplaga|se även|"
    "dokumentet revideras|publiceras|distribution|antagen|antaget|fastställd|fastställt|beslutad|beslutat|upprättad|"
    "upprättat|skapad|policyn ersätter|planen ersätter|lagrum|sid|ikraftträdande|nästa översyn|reviderad|reviderat|"
    "ska följas upp|ska revideras|utfärdad|utfärdat|när|beslutades|antogs".split("|")
)
_ONLY_WITH_COLON = frozenset({Label.TITLE, Label.MUNICIPALITY, Label.FOLLOW_UP_RULE})
_ALONE = frozenset({"dokumentnamn", "namn på dokumentet", "dokumentets namn", "dokumenttitel", "dokumentets titel"})
_ALL = sorted(
    ((word, label) for label, words in _WORDS.items() for word in words.split("|")), key=lambda pair: -len(pair[0])
)
_MEANING = {word.replace("\\", ""): label for word, label in _ALL}
_SPACED = "|".join(word.replace(" ", r"\s{1,3}") for word, _ in _ALL)

LABEL = re.compile(
    rf"(?:(?<=^)|(?<=[\s|*(]))(?P<word>{_SPACED})(?P<mark>\s{{0,2}}\*{{0,2}}[:;]\*{{0,2}}|(?=[\s|*]|$))", re.IGNORECASE
)


#: Letters in which a label is looked for.
_LONGEST_LABEL = 400


def meaning(word: str) -> Label:
    """Return what a label stands for, or seems to."""
    known = _MEANING.get(" ".join(word.lower().split()))
    return known if known is not None else guess(word)


#: What an unknown label before a colon is about: "Politiskt beslutad:", "Policyansvarig:". The first that fits.
_ABOUT = (
    (
        Label.OTHER,
        (
            r"tidigare beslut|ursprunglig|förslag|bered|remiss|nästa|intervall|frekvens|relatera|sekretess|"
            r"handlägg|kontakt|upprätta"
        ),
    ),
    (Label.DIARY_NUMBER, r"diarie|\bdnr\b|ärende\w* ?(?:nr|nummer|id)\b"),
    (Label.PARAGRAPH, r"^(?:protokolls?|besluts?)?paragraf|§$"),
    (Label.REPLACES, r"\bersätter\b"),
    (
        Label.LAST_REVISED_ON,
        r"(?:senast|datum).*(?:revider|uppdater|ändr)|(?:revider|uppdater|ändra)\w*.*(?:datum|den\b)",
    ),
    (Label.VALID_FROM, r"(?:gäller|giltig|gällande)\b.*\b(?:från|fr)\b"),
    (Label.VALID_UNTIL, r"(?:gäller|giltig|gällande)\b.*\b(?:till|t|längst)\b"),
    (
        Label.OWNER,
        (
            r"(?:dokument|policy|plan|riktlinje|program|innehålls)\w{0,3}ansvarig|dokumentägar|"
            r"^för (?:policyn|planen|programmet|strategin|riktlinjen|riktlinjerna|dokumentet|reglementet|taxan) "
            r"(?:an)?svarar"
        ),
    ),
    (Label.OWNER, r"(?:förvaltas|ägs) av$"),
    (Label.VALID_UNTIL, r"\bgäller$"),
    (Label.ADOPTED_ON, r"(?:beslut|antag|fastställ|utfärda)\w*.*(?:datum|den\b)|datum.*(?:beslut|antag|fastställ)"),
    (Label.ADOPTED_BY, r"beslut|anta(?:g|s)|fastställ|utfärda"),
    (Label.VERSION, r"\bversion"),
)
UNKNOWN = re.compile(r"(?P<word>[A-ZÅÄÖ][\w/()§ -]{2,45}?)(?P<mark>\s?:)(?=\s|$)")


def guess(word: str) -> Label:
    """Return what an unknown label is about, by the words in it."""
    return next((label for label, words in _ABOUT if re.search(words, word, re.IGNORECASE)), Label.OTHER)


def is_weak(word: str) -> bool:
    """Tell whether a word begins ordinary lines too, so that without a colon its value has to prove it a label."""
    bare = " ".join(word.lower().split())
    who = meaning(word) in {Label.FOLLOWED_UP_BY, Label.REVISED_BY} and bare.startswith("ansvar")  # a heading as well
    return (
        who
        or bare not in _MEANING
        or bare in _COLON_WORDS
        or (meaning(word) in _ONLY_WITH_COLON and bare not in _ALONE)
    )


def is_bare_label(text: str) -> bool:
    """Tell whether a text is a label and nothing else: "Antagen av", "Dnr:"."""
    match = LABEL.match(text.strip()[:_LONGEST_LABEL])
    if match is None or text.strip()[match.end() :]:
        return False
    return bool(match["mark"].strip()) or (match["word"][0].isupper() and not is_weak(match["word"]))
