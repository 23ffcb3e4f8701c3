"""What an invented policy is: its municipality, its decision, its dates. By chance from a seed, the same each time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TypeVar

T = TypeVar("T")

_FIRST = [
    "Sund",
    "Björk",
    "Ler",
    "Sten",
    "Gran",
    "Tall",
    "Eke",
    "Lind",
    "Rönn",
    "Kvarn",
    "Älg",
    "Ös",
    "Ås",
    "Hög",
    "Lång",
    "Säter",
    "Myr",
    "Al",
    "Hassel",
    "Näver",
]
_LAST = [
    "vik",
    "torp",
    "fors",
    "näs",
    "hult",
    "lunda",
    "sjö",
    "mark",
    "holm",
    "dal",
    "berga",
    "åker",
    "strand",
    "moren",
]
_SIDES = ("Norra", "Södra", "Västra", "Nya")

SUBJECTS = (
    ("mångfald", "mångfalds"),
    ("folkhälsa", "folkhälso"),
    ("upphandling", "upphandlings"),
    ("arbetsmiljö", "arbetsmiljö"),
    ("barns rättigheter", "barnrätts"),
    ("kultur", "kultur"),
    ("miljö och klimat", "miljö"),
    ("jämställdhet", "jämställdhets"),
    ("kommunikation", "kommunikations"),
    ("trafiksäkerhet", "trafik"),
    ("digitalisering", "digitaliserings"),
    ("suicidprevention", "säkerhets"),
    ("landsbygdsutveckling", "landsbygds"),
    ("måltider", "kost"),
    ("krisberedskap", "beredskaps"),
)
#: Type, how it stands before "för", how it ends a compound word (None: it does not).
TYPES = (
    ("policy", "Policy", "policy"),
    ("policy", "Policy", "policy"),
    ("plan", "Plan", "plan"),
    ("program", "Program", "program"),
    ("strategi", "Strategi", "strategi"),
    ("riktlinje", "Riktlinjer", "riktlinjer"),
    ("riktlinje", "Riktlinje", "riktlinje"),
    ("regler", "Regler", "regler"),
    ("rutin", "Rutin", "rutin"),
    ("reglemente", "Reglemente", None),
    ("taxa", "Taxa", "taxa"),
)
COUNCIL, BOARD = "Kommunfullmäktige", "Kommunstyrelsen"
COMMITTEES = (
    "Socialnämnden",
    "Barn- och utbildningsnämnden",
    "Kultur- och fritidsnämnden",
    "Miljö- och byggnadsnämnden",
    "Vård- och omsorgsnämnden",
    "Tekniska nämnden",
)
OWNERS = (
    "Folkhälsostrateg",
    "HR-chef",
    "Kanslichef",
    "Kommundirektör",
    "Miljöstrateg",
    "Säkerhetssamordnare",
    "Förvaltningschef",
    "Ekonomichef",
    "Kommunledningskontoret",
    "Socialförvaltningen",
    "Kvalitetsutvecklare",
    "Enhetschef för kommunikation",
)
_DIARY = (
    "{unit}-{year}-{n}",
    "{unit}/{year}:{n}",
    "{unit}/{short}:{n}",
    "{unit}/{year}:{n:05}",
    "{unit} {year}:{n:05}",
    "{unit} {year}/{n:05}",
    "{unit}{year}-{n:04}",
    "{low} {n}/{year}",
    "{year}/{n:04} {unit}-1",
    "{unit} {n}/{short}",
    "{unit} {year}/{n}",
    "{unit}/{year}-{n:04}",
)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the text states. None means that it does not."""

    municipality: str
    name: str
    title: str
    document_type: str
    adopted_by: str | None
    adopted_on: date | None
    paragraph: str | None
    diary_number: str | None
    version: str | None
    valid_from: date | None
    valid_until: date | None
    last_revised_on: date | None
    document_owner: str | None
    replaces: str | None


def draw_facts(rng: Random) -> Facts:
    """Return one invented policy; each fact but the name and the title is missing now and then."""
    name, municipality = _municipality(rng)
    title, kind = _title(rng, municipality)
    adopted = date(2009, 1, 7) + timedelta(days=rng.randrange(6_000))
    starts = _maybe(rng, 0.2, adopted + timedelta(days=rng.randrange(1, 120)))
    ends = _maybe(rng, 0.2, date(adopted.year + rng.randint(2, 8), rng.choice((6, 12)), 30))
    return Facts(
        municipality=municipality,
        name=name,
        title=title,
        document_type=kind,
        adopted_by=_maybe(rng, 0.92, rng.choice((COUNCIL, COUNCIL, COUNCIL, BOARD, BOARD, *COMMITTEES))),
        adopted_on=_maybe(rng, 0.92, adopted),
        paragraph=_maybe(rng, 0.65, str(rng.randint(2, 290))),
        diary_number=_maybe(rng, 0.6, draw_diary_number(rng, adopted.year)),
        version=_maybe(rng, 0.25, rng.choice(("1", "2", "3", "1.0", "1.2", "2.1", "4"))),
        valid_from=starts,
        valid_until=ends,
        last_revised_on=_maybe(rng, 0.2, adopted + timedelta(days=rng.randrange(200, 1_500))),
        document_owner=_maybe(rng, 0.55, rng.choice(OWNERS)),
        replaces=_maybe(rng, 0.25, _replaced(rng, kind, adopted.year)),
    )


def draw_diary_number(rng: Random, year: int) -> str:
    """Return a diary number in one of the forms that municipalities write."""
    unit = rng.choice(("KS", "KS", "KS", "KF", "SN", "UF", "VON", "KLK", "BUN"))
    form = rng.choice(_DIARY)
    return form.format(unit=unit, low=unit.capitalize(), year=year, short=f"{year % 100:02}", n=rng.randint(10, 999))


def _municipality(rng: Random) -> tuple[str, str]:
    name = rng.choice(_FIRST) + rng.choice(_LAST)
    if rng.random() < 0.1:
        name = f"{rng.choice(_SIDES)} {name}"
    genitive = name if name.endswith(("s", "a")) or rng.random() < 0.3 else f"{name}s"
    return name, f"{genitive} {'stad' if rng.random() < 0.04 else 'kommun'}"


def _title(rng: Random, municipality: str) -> tuple[str, str]:
    subject, stem = rng.choice(SUBJECTS)
    kind, before, ending = rng.choice(TYPES)
    forms = [f"{before} för {subject}", f"{before} för {subject} i {municipality}"]
    if ending:
        forms += [f"{stem}{ending}".capitalize(), f"{stem}{ending} för {municipality}"]
    title = rng.choice(forms)
    return title[0].upper() + title[1:], kind


def _replaced(rng: Random, kind: str, year: int) -> str:
    subject, stem = rng.choice(SUBJECTS)
    old = f"{stem.capitalize()}{kind if kind in {'policy', 'plan', 'program', 'strategi'} else 'policy'}"
    before = date(year - rng.randint(3, 7), rng.randint(1, 12), rng.randint(1, 28))
    return rng.choice(
        (
            old,
            f"{old} {before.year}",
            f"{old} antagen av kommunfullmäktige {before} § {rng.randint(3, 150)}",
            f"{old}, KS {before.year}/{rng.randint(10, 999)}",
            f"Policy för {subject}, KF § {rng.randint(3, 150)} {before.year}",
        )
    )


def _maybe(rng: Random, share: float, value: T) -> T | None:
    return value if rng.random() < share else None
