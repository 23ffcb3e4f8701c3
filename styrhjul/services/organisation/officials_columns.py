"""The kinds of rows an officials import takes and their columns: what the template shows and what a file may hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from styrhjul.domain.office import PostRole
from styrhjul.domain.vocabulary import BodyKind
from styrhjul.mail.language import LANGUAGES


class Kind(StrEnum):
    """A kind of row: the name of its CSV file and of its sheet. In the order they depend on each other."""

    BODIES = "bodies"
    POSTS = "posts"
    PERSONS = "persons"
    APPOINTMENTS = "appointments"
    MEETINGS = "meetings"
    TERMS = "terms"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header, what to write in it (Swedish), and the only values it takes, if there is such a list."""

    name: str
    advice: str
    required: bool = True
    choices: tuple[str, ...] = ()


_BODY = Column("body", "Organets nyckel, som i bladet bodies.")
_ROLE = Column("role", "Postens roll.", choices=tuple(PostRole))
_DAY = "som 2027-03-24"

#: What each kind is about, in one Swedish sentence: the first line of its sheet.
ABOUT = {
    Kind.BODIES: "Fullmäktige, styrelse, nämnder, förvaltningar, enheter och bolag. Ett organ per rad.",
    Kind.POSTS: "Posterna i varje organ. En post finns kvar när personen som har den slutar.",
    Kind.PERSONS: "De som har poster. Bara namn, tjänsteadress och språk; aldrig personnummer.",
    Kind.APPOINTMENTS: "Vem som har vilken post och när. Rader som tas bort avslutas i går.",
    Kind.MEETINGS: "Sammanträdesdagar. En dag per rad.",
    Kind.TERMS: (
        "Bara om kommunen har beslutat en annan första dag för mandatperioden än den vanliga, eller efter ett omval. "
        "Ett extra val fyller mandatperioden ut och börjar ingen ny."
    ),
}

COLUMNS: dict[Kind, tuple[Column, ...]] = {
    Kind.BODIES: (
        Column("key", "Kort nyckel med a–z, 0–9 och bindestreck, till exempel socialnamnden. Ändra den aldrig."),
        Column("name", "Organets namn, till exempel Socialnämnden."),
        Column("kind", "Organets slag.", choices=tuple(BodyKind)),
        Column(
            "answers_through",
            "För förvaltning och enhet: nyckeln för den nämnd som svarar för den.",
            required=False,
        ),
        Column(
            "bound_by",
            "För bolag: beslutet som gör att kommunens styrdokument gäller där. Utan beslut får bolaget inga frågor.",
            required=False,
        ),
        Column("dissolved_on", f"Dagen organet upphörde, {_DAY}. Lämna tomt för organ som finns.", required=False),
    ),
    Kind.POSTS: (_BODY, _ROLE, Column("title", "Postens titel, till exempel Nämndsekreterare.")),
    Kind.PERSONS: (
        Column("key", "Kommunens egen nyckel för personen, till exempel användarnamnet. Aldrig personnummer."),
        Column("name", "Namn som det ska stå i ett mejl."),
        Column("address", "E-postadress i tjänsten. Utan adress går inga mejl till personen.", required=False),
        Column("language", "Språk för mejlen. Lämna tomt för svenska.", required=False, choices=tuple(LANGUAGES)),
    ),
    Kind.APPOINTMENTS: (
        _BODY,
        _ROLE,
        Column("title", "Postens titel. Behövs bara om organet har flera poster med samma roll.", required=False),
        Column("person", "Personens nyckel, som i bladet persons."),
        Column("starts_on", f"Första dagen, {_DAY}."),
        Column("ends_on", f"Sista dagen, {_DAY}. Lämna tomt för tills vidare.", required=False),
    ),
    Kind.MEETINGS: (_BODY, Column("meets_on", f"Sammanträdesdag, {_DAY}.")),
    Kind.TERMS: (_BODY, Column("starts_on", f"Mandatperiodens första dag, {_DAY}.")),
}


@cache
def columns_by_name(kind: Kind) -> Mapping[str, Column]:
    """Return the columns of a kind by their header, in the template's order."""
    return {column.name: column for column in COLUMNS[kind]}
