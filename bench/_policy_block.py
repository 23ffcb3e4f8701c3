"""The block in which an invented policy says what it is: labels by chance, in every layout that real ones have."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from bench._policy_facts import COUNCIL, Facts, draw_diary_number
from styrhjul.domain.months import MONTHS

Pair = tuple[str, str]
Layout = Callable[[Random, list[Pair]], list[str]]

CONFLICTING = 0.04  #: the share of texts with two days of decision

LABELS: dict[str, tuple[str, ...]] = {
    "diary_number": (
        "Diarienummer",
        "Diarienr",
        "Diarie-nr",
        "Dnr",
        "Dnr.",
        "Ärendenummer",
        "Änr",
        "Antagande dnr",
        "DIARIENUMMER",
    ),
    "adopted_by": (
        "Antagen av",
        "Antaget av",
        "Antagna av",
        "Fastställd av",
        "Beslutad av",
        "Beslutat av",
        "Beslutande organ",
        "Beslutsinstans",
        "Dokumentet är beslutat av",
        "Utfärdad av",
    ),
    "adopted_on": (
        "Datum",
        "Antagen",
        "Antaget",
        "Fastställd",
        "FASTSTÄLLD",
        "Beslutad",
        "Beslutandedatum",
        "Beslutsdatum",
        "Datum för beslut",
        "Dokumentet beslutades den",
        "Antagande",
    ),
    "paragraph": ("Paragraf", "§", "Beslutsparagraf"),
    "version": ("Version", "Utgåva", "Rev."),
    "valid_from": (
        "Giltig från",
        "Gäller från",
        "Gäller från och med",
        "Gäller fr.o.m.",
        "Giltighetstid fr. o. m.",
        "Att gälla från",
        "Träder i kraft",
    ),
    "valid_until": (
        "Giltig till",
        "GILTIG TILL",
        "Giltighetstid",
        "Gäller t.o.m.",
        "Dokumentet gäller till den",
        "Dokumentet gäller till och med",
    ),
    "last_revised_on": (
        "Senast reviderad",
        "SENAST REVIDERAD",
        "Reviderad datum",
        "Reviderad",
        "Dokumentet uppdaterat den",
    ),
    "document_owner": (
        "Dokumentansvarig",
        "DOKUMENTANSVAR",
        "Dokumentägare",
        "Dokumentansvarig är",
        "Ansvarig",
        "Ansvarig tjänsteman",
        "Ansvarig verksamhet",
        "Ansvarig för dokumentet",
        "Dokumentansvarig i förvaltningen",
        "Dokumentansvarig på tjänstemannanivå",
    ),
    "replaces": ("Ersätter", "Dokumentet ersätter", "Ersätter tidigare versioner"),
}
#: What stands where nothing was filled in, or where a note took the place of the value.
_EMPTY = {
    "diary_number": ("", "-", "skriv nummer exempelvis KS/xxx:xx", "[diarienummer]", "Se protokollet"),
    "adopted_by": ("", "-", "[beslutsinstans]", "Välj ett objekt"),
    "adopted_on": ("", "xx månad 20xx", "ÅÅÅÅ-MM-DD", "[datum]", "Klicka här för att ange datum"),
    "paragraph": ("", "-", "§ xx", "§ XX"),
    "version": ("", "-", "Slutlig", "X.X"),
    "valid_from": ("", "-", "Omgående", "åååå-mm-dd"),
    "valid_until": ("-", "tills vidare", "Tillsvidare", "Till beslut om upphörande", "Tills vidare", ""),
    "last_revised_on": ("", "-", "Redaktionella ändringar", "Ej reviderad", "20xx-xx-xx"),
    "document_owner": ("", "-", "[funktion]", "Ange befattning"),
    "replaces": ("", "-", "Nytt", "Nytt dokument"),
}
_OTHERS = (
    ("Gäller för", "Samtliga nämnder och bolag"),
    ("Dokumentet gäller för", "Alla verksamheter"),
    ("Gäller för målgruppen", "Chefer och medarbetare"),
    ("Relaterade styrdokument", "Arbetsmiljöpolicy, Vision 2030"),
    ("Relaterade styrdokument", "Säkerhetspolicy (KS 2012/00071)"),
    ("Kontakt", "registrator@example.org"),
    ("Sida", "1(4)"),
    ("Sida", "1 (12)"),
    ("Författningssamling", "Nr F 16:3"),
    ("Status", "Gällande"),
    ("Handläggare", "Utredare på kansliet"),
    ("Uppföljningsansvarig", "Kanslichef"),
    ("För revidering av dokumentet ansvarar", "Kanslichefen"),
    ("Revideringsansvarig", "Kommundirektören"),
)


def write_date(rng: Random, day: date) -> str:
    """Write a day in one of the forms that municipalities use."""
    words = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    slash = f"{day.day}/{day.month}"
    return rng.choice(
        (str(day), str(day), str(day), f"den {words}", words, f"{slash} {day.year}", f"{slash}–{day.year}")
    )


def write_body(rng: Random, body: str) -> str:
    """Write the adopter in full or as an abbreviation."""
    short = {COUNCIL: "KF", "Kommunstyrelsen": "KS"}.get(body)
    return short if short and rng.random() < 0.25 else body


def draw_pairs(rng: Random, facts: Facts) -> list[Pair]:
    """Return labels with values: what is stated, a few left empty, a few that mean something else, in any order."""
    pairs = _decision(rng, facts)
    for name in ("diary_number", "version", "document_owner", "replaces"):
        pairs += _stated(rng, name, getattr(facts, name))
    for name in ("valid_from", "valid_until", "last_revised_on"):
        day = getattr(facts, name)
        pairs += _stated(rng, name, write_date(rng, day) if day else None)
    pairs += rng.sample(_OTHERS, rng.randint(0, 2))
    if rng.random() < 0.8:
        rng.shuffle(pairs)
    return pairs


def later_decision(rng: Random, facts: Facts) -> tuple[Pair, date] | None:
    """Return a pair that gives another day for the decision, for a text that contradicts itself."""
    if facts.adopted_on is None or rng.random() > CONFLICTING:
        return None
    other = facts.adopted_on + timedelta(days=rng.randrange(20, 900))
    return (rng.choice(("Beslutsdatum", "Antagen", "Fastställd", "Beslutad")), str(other)), other


def _stated(rng: Random, name: str, value: str | None) -> list[Pair]:
    label = rng.choice(LABELS[name])
    if value is not None:
        return [(label, f"[{value}]" if rng.random() < 0.03 else value)]
    return [(label, rng.choice(_EMPTY[name]))] if rng.random() < 0.2 else []


def _decision(rng: Random, facts: Facts) -> list[Pair]:
    """Body, day and paragraph: each with a label of its own, or together behind one."""
    body = write_body(rng, facts.adopted_by) if facts.adopted_by else None
    day = write_date(rng, facts.adopted_on) if facts.adopted_on else None
    number = f"§ {facts.paragraph}" if facts.paragraph else None
    by, on = rng.choice(LABELS["adopted_by"]), rng.choice(LABELS["adopted_on"])
    way = rng.choice(("apart", "apart", "day and number", "number first", "all in one"))
    if way == "apart" or body is None or day is None or number is None:
        bare = facts.paragraph if number and rng.random() < 0.4 else number
        return [
            *_stated(rng, "adopted_by", body),
            *_stated(rng, "adopted_on", day),
            *_stated(rng, "paragraph", bare),
        ]
    if way == "day and number":
        return [(by, body), (on, f"{day} {number}")]
    if way == "number first":
        return [(by, body), (on, f"{number}, {day}")]
    together = (f"{body} {day} {number}", f"{body}, {day}, {number}", f"{body} {day}, {number}")
    bracketed = (f"{body} ({day}, {number})", f"{body} {number}, {day}", f"{body} {day}, {facts.paragraph}")
    return [(by, rng.choice((*together, *together, *bracketed)))]


def same_line(rng: Random, pairs: list[Pair]) -> list[str]:
    """Write "Label: value", one pair on each line."""
    mark = rng.choice((": ", ": ", ": ", ":", "; ", " : ", ":  ", ":\t"))
    return [f"{label}{mark}{value}".rstrip() for label, value in pairs]


def no_colon(rng: Random, pairs: list[Pair]) -> list[str]:
    """Write "Label value"."""
    gap = rng.choice((" ", "   ", "\t"))
    return [f"{label}{gap}{value}".rstrip() for label, value in pairs]


def next_line(rng: Random, pairs: list[Pair]) -> list[str]:
    """Write the value below its label."""
    between = [""] if rng.random() < 0.7 else []
    mark = rng.choice(("", "", ":"))
    if not between:
        pairs = [(label, value) for label, value in pairs if value]
    return [line for label, value in pairs for line in (f"{label}{mark}", *([value] if value else []), *between)]


def several_without_colons(rng: Random, pairs: list[Pair]) -> list[str]:
    """Write "Antaget av Kommunfullmäktige Antaget 2023-09-25 § 117": two or three pairs on a line."""
    return _rows(rng, [f"{label} {value}".strip() for label, value in pairs], " ")


def several_with_colons(rng: Random, pairs: list[Pair]) -> list[str]:
    """Write two or three pairs on a line, with colons."""
    return _rows(
        rng, [f"{label}: {value}".strip() for label, value in pairs], rng.choice(("  ", "   ", "\t", " | ", ", "))
    )


def two_columns(_rng: Random, pairs: list[Pair]) -> list[str]:
    """Write two pairs side by side, the right one aligned."""
    cells = [f"{label}: {value}".strip() for label, value in pairs]
    width = max(len(cell) for cell in cells) + 4
    return ["".join(cell.ljust(width) for cell in cells[at : at + 2]).rstrip() for at in range(0, len(cells), 2)]


def labels_above(_rng: Random, pairs: list[Pair]) -> list[str]:
    """Write a row of labels with their values in the row below, as a table's text comes out."""
    lines = []
    for at in range(0, len(pairs), 3):
        row = pairs[at : at + 3]
        widths = [max(len(label), len(value)) + 4 for label, value in row]
        both = (
            [cell.ljust(width) for cell, width in zip(side, widths, strict=True)] for side in zip(*row, strict=True)
        )
        lines += [*("".join(cells).rstrip() for cells in both), ""]
    return lines


def markdown(_rng: Random, pairs: list[Pair]) -> list[str]:
    """Write bold labels."""
    return [f"**{label}:** {value}".rstrip() + "  " for label, value in pairs]


def table(_rng: Random, pairs: list[Pair]) -> list[str]:
    """Write a table with one pair in each row."""
    return [f"| {label} | {value} |" for label, value in pairs]


def all_in_one(_rng: Random, pairs: list[Pair]) -> list[str]:
    """Write every pair on one long line behind the page number, as a page's text comes out."""
    return [" ".join(["1(6)", *(f"{label}: {value}".strip() for label, value in pairs)])]


def listed(_rng: Random, pairs: list[Pair]) -> list[str]:
    """Write label and value as items of a list, as a web page's text comes out."""
    return [line for label, value in pairs if value for line in (f"- {label}:", f"- {value}")]


LAYOUTS: tuple[tuple[Layout, int], ...] = (
    (same_line, 8),
    (no_colon, 3),
    (next_line, 4),
    (several_without_colons, 3),
    (several_with_colons, 3),
    (two_columns, 3),
    (labels_above, 2),
    (markdown, 1),
    (table, 1),
    (all_in_one, 1),
    (listed, 1),
)


def write_block(rng: Random, pairs: list[Pair]) -> tuple[list[str], str]:
    """Return the lines of the block and the name of its layout."""
    layouts, weights = zip(*LAYOUTS, strict=True)
    layout = rng.choices(layouts, weights)[0]
    if layout is several_without_colons:
        pairs = [(label, value) for label, value in pairs if value]
    return layout(rng, pairs), layout.__name__


def other_dates(rng: Random, facts: Facts) -> list[str]:
    """Return lines that stand near the block and name no date or number of this document."""
    year = (facts.adopted_on or date(2015, 5, 5)).year - 4
    lines = (
        f"Upprättad: {date(year + 4, 1, rng.randint(2, 20))}",
        f"Relaterade styrdokument: Reseriktlinjer {draw_diary_number(rng, year)}",
        f"{facts.name.upper()}S FÖRFATTNINGSSAMLING  Nr F {rng.randint(1, 30)}:{rng.randint(1, 9)}",
    )
    return [rng.choice(lines)] if rng.random() < 0.15 else []


def _rows(rng: Random, cells: list[str], gap: str) -> list[str]:
    rows, at = [], 0
    while at < len(cells):
        size = rng.randint(2, 3)
        rows.append(gap.join(cells[at : at + size]))
        at += size
    return rows
