"""Which verb a single word is a form of, wherever its particle stands: "tar" of "tar varje år, i oktober, fram"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from styrhjul.documents.language.conjugation import Form, active_forms, passive_forms, read_verb
from styrhjul.documents.language.verbs import CONJUGATED, Deed, What
from styrhjul.domain.vocabulary import ActionKind

#: Verbs beside those of `verbs`, written alike, by what they do with a goal, a plan, a review or a report.
_WIDER: dict[What, str] = {
    ActionKind.REPORT: (
        "få.r+del+av redovis.ar+ut slutredovis.ar delredovis.ar underrätt.ar återge.r redogör. lägg.er+fram bericht.ar"
    ),
    ActionKind.REVISE: (
        "skriv.er+om gör.+om anpass.ar uppjuster.ar juster.ar modernis.ar omförhandl.ar översyn.ar aktualitetsgransk.ar"
        " underhåll.er ändr.ar aktualitetsbedöm.er aktualitetssäkr.ar aktualitetskontroller.ar"
    ),
    Deed.MAKE: (
        "fatt.ar enas.+om komm.er+överens mejsl.ar+ut dra.r+upp ring.ar+in list.ar sätt.er "
        "härled.er skriv.er+in för.+in arbet.ar+in inarbet.ar infog.ar införliv.ar omsätt.er översätt.er "
        "konkretiser.ar ta.r+in lägg.er beslut.ar godkänn.er ha.r utse.r enas. mynn.ar+ut utmynn.ar "
        "resulter.ar ställ.er+samman sammanställ.er uttryck.er inrätt.ar producer.ar slå.r+fast ange.r "
        "bered.er vidareutveckl.ar utgå.r+med komplettera.r stak.ar+ut skriv.er+ned skriv.er+ner skriv.er+ihop "
        "lämn.ar+in uppvis.ar sätt.er+samman sammanför. fog.ar håll.er framställ.er sätt.er+ihop hämt.ar "
        "ta.r+upp"
    ),
    Deed.LIGHT: (
        "utöv.ar anordn.ar ordn.ar håll.er start.ar beställ.er begär. ansvar.ar svar.ar äg.er+rum lägg.er+upp "
        "ta.r+fatt ta.r sätt.er+igång upphandl.ar initier.ar uppdr.ar planer.ar fatt.ar avslut.ar slutför. "
        "fullgör. fullfölj.er besörj.er upprätt.ar ske.r"
    ),
    Deed.GIVE: (
        "lämn.ar ge.r få.r ta.r+emot ta.r+del motta.r erhåll.er avlägg.er skick.ar sänd.er överlämn.ar "
        "presenter.ar bifog.ar inlämn.ar avge.r lägg.er+fram framlägg.er föredra.r avlämn.ar tillställ.er "
        "delge.r komm.er+in inkomm.er producer.ar ske.r ställ.er+samman sammanfatt.ar ha.r publicer.ar "
        "avrund.ar behandl.ar"
    ),
    Deed.GET: ("få.r ta.r+emot ta.r+del motta.r erhåll.er"),
    Deed.HAND: (
        "återkomm.er vidarebefordr.ar bifog.ar meddel.ar hamn.ar nå.r uppvis.ar visa.r fog.ar bilägg.er lämn.ar+in "
        "lämn.ar+över lämn.ar+vidare skick.ar+in sänd.er+in ta.r+med redogör. upplys.er orienter.ar"
    ),
    Deed.CHECK: (
        "ta.r+reda+på ta.r+tempen+på fråg.ar läs.er+igenom gå.r+över räkn.ar+fram "
        "sammanställ.er ställ.er+samman håll.er+räkning+på jämställ.er väg.er+samman väg.er+ihop få.r+fram "
        "syna.r diskuter.ar behandl.ar dryft.ar ta.r+upp håll.er+koll+på belys.er reflekter.ar sammanfatt.ar redovis.ar"
    ),
    Deed.INCLUDE: (
        "för.+in väv.er+in bygg.er+in "
        "ingå.r framgå.r ta.r+in ta.r+med ta.r+upp infog.ar inarbet.ar arbet.ar+in skriv.er+in syn.as "
        "väg.er+in integrer.ar införliv.ar finn.as+med spegl.ar återspegl.ar kommenter.ar beskriv.er belys.er"
    ),
    Deed.STATE: (
        "upprep.ar återkomm.er "
        "innehåll.er omfatt.ar gäll.er avse.r vis.ar innebär. syft.ar bestå.r bygg.er utgå.r ligg.er stå.r "
        "handl.ar bidra.r främj.ar stödj.er säkerställ.er underlätt.ar möjliggör. kräv.er behöv.er styr. "
        "vägled.er påverk.ar berör. utgör. verk.ar arbet.ar använd.er utnyttj.ar känn.er delta.r träff.ar "
        "möt.er saml.ar medverk.ar hanter.ar bedriv.er samverk.ar stött.ar lär. förklar.ar utbild.ar "
        "införskaff.ar utse.r tillsätt.er registrer.ar diarieför. arkiver.ar betal.ar samordn.ar led.er "
        "driv.er organiser.ar sammanträd.er sammankall.ar kall.ar"
    ),
}
_SUPINES = {
    "följ": "följt", "ställ": "ställt", "ta": "tagit", "gör": "gjort", "lägg": "lagt", "se": "sett", "sätt": "satt",
    "skriv": "skrivit", "ge": "gett", "anta": "antagit", "fastställ": "fastställt", "sammanställ": "sammanställt",
    "genomför": "genomfört", "bryt": "brutit", "stämm": "stämt", "inkomm": "inkommit", "avge": "avgett",
    "utför": "utfört",
}  # fmt: skip


#: Forms that are other words more often: "för", "led".
_OTHER_WORDS = frozenset({"för", "led", "lär"})


@dataclass(frozen=True, slots=True)
class VerbForm:
    """A form of the verb that `stem` names. `perfect` forms ("följts") say what shall have been done."""

    stem: str
    form: Form
    perfect: bool = False


def _inflected(stem: str, ending: str) -> Iterator[tuple[str, Form, bool]]:
    """Yield each form as a word, with whether it is a perfect one."""
    yield from ((word, form, False) for form, word in active_forms(stem, ending))
    yield from ((word, form, False) for form, words in passive_forms(stem, ending) for word in words)
    supine = f"{stem}at" if ending == "ar" else _SUPINES.get(stem)
    if supine:
        yield supine, Form.INFINITIVE, True
        yield f"{supine}s", Form.PASSIVE_INFINITIVE, True
        for participle in _participles(supine):
            yield participle, Form.PASSIVE_INFINITIVE, True


def _participles(supine: str) -> Iterator[str]:
    """Yield what "vara" stands with: "reviderad", "genomförd", "framtagen"."""
    stem, ending = supine[:-2], supine[-2:]
    yield from (f"{stem}{end}" for end in {"at": ("ad", "ade"), "it": ("en", "na")}.get(ending, ()))
    if ending not in {"at", "it"}:
        yield from (f"{supine[:-1]}d", f"{supine[:-1]}da")


def _read() -> tuple[dict[str, VerbForm], dict[str, dict[str, frozenset[What]]]]:
    forms: dict[str, VerbForm] = {}
    groups: dict[str, dict[str, set[What]]] = {}
    for table in (CONJUGATED, _WIDER):
        for what, verbs in table.items():
            for verb in verbs.split():
                stem, ending, particle = read_verb(verb)
                particle = re.sub(r"\(.*", "", particle).replace("\\s", " ").replace("+", " ")
                groups.setdefault(stem, {}).setdefault(particle, set()).add(what)
                for written, form, perfect in _inflected(stem, ending):
                    if written not in _OTHER_WORDS:
                        forms.setdefault(written, VerbForm(stem, form, perfect))
    return forms, {stem: {one: frozenset(what) for one, what in each.items()} for stem, each in groups.items()}


#: Written form to verb, and verb to what it is with each particle ("" for none).
FORMS, GROUPS = _read()
#: What a sentence that tells its reader what to do begins with: "Följ upp", "Skriv", "Ta fram".
IMPERATIVES = {
    stem[:-1] if stem.endswith(("mm", "nn")) else stem: VerbForm(stem, Form.INFINITIVE)
    for stem in GROUPS
    if (stem not in _OTHER_WORDS and f"{stem}er" in FORMS) or stem in {"ta", "se", "ge", "gör"}
}
#: "slutredovisas", "årsrapporteras": what a verb is made of says what it does.
_COMPOUND = re.compile(
    r"[\w-]{2,20}?(?P<verb>(?:redovis|rapporter|utvärder|revider|uppdater|sammanställ)(?:a|ar|er|as|s|at|ats))"
)


def verb_of(word: str) -> VerbForm | None:
    """Return the verb that a word is a form of, also one made with a word before it; None for other words."""
    if (known := FORMS.get(word)) is not None:
        return known
    compound = _COMPOUND.fullmatch(word)
    return FORMS.get(compound["verb"]) if compound else None
