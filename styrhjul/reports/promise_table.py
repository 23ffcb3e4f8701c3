"""The tables of open data, column by column: the CSV files, their CSVW description and the documentation all say this.

A column is never renamed and never means something else; one may be added last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from styrhjul.reports.promise import Publication

#: Between several things in one cell.
SEPARATOR = ";"


@dataclass(frozen=True, slots=True)
class Column:
    """`datatype` is XML Schema's, by its CSVW name; `points_at` names the table and column that a value is found in."""

    name: str
    title: str
    description: str
    datatype: str = "string"
    is_list: bool = False
    is_required: bool = False
    points_at: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class DataTable:
    """A file of rows; its first column is the key."""

    name: str
    title: str
    columns: tuple[Column, ...]

    def rows(self, publication: Publication) -> Sequence[object]:
        """Return what stands in it."""
        found: Sequence[object] = getattr(publication, self.name)
        return found


def _id(name: str, title: str, description: str) -> Column:
    return Column(name, title, description, is_required=True)


_POLICY = Column(
    *("policy", "Styrdokument", "Dokumentets kortnamn."), is_required=True, points_at=("policies", "policy")
)
_ROUND = Column(
    *("round_id", "Fråga", "Frågan som det är svar på."), is_required=True, points_at=("rounds", "round_id")
)
_BODY = Column("body", "Organ", "Nämnden, styrelsen eller bolaget.", is_required=True)
_PERIOD = Column(
    *("period", "Period", "Året (2027), en del av ett (2027-H1, 2027-T2, 2027-Q3), eller periodens första dag."),
    is_required=True,
)
_DECIDED = Column("decided_on", "Beslutat", "Dagen då organet beslutade.", "date")
_PARAGRAPH = Column("paragraph", "Paragraf", "Paragrafen i protokollet.")
_GOAL = "Texten är organets egen."

POLICIES = DataTable(
    "policies",
    "Styrdokument som gäller",
    (
        _id("policy", "Kortnamn", "Dokumentets kortnamn i kommunen."),
        Column("title", "Titel", "Som den står i dokumentet.", is_required=True),
        Column("adopted_by", "Antaget av", "Organet som antog det; tomt där texten inte säger."),
        Column("adopted_on", "Antaget den", "Dagen det antogs; tomt där texten inte säger.", "date"),
        Column("paragraph", "Paragraf", "Paragrafen i beslutet; tom där texten inte säger."),
        Column("diary_number", "Diarienummer", "Ärendets nummer; tomt där texten inte säger."),
    ),
)
PROMISES = DataTable(
    "promises",
    "Vad som har lovats",
    (
        _id("promise_id", "Id", "Samma så länge dokumentets lydelse gäller."),
        _POLICY,
        Column("quote", "Lydelse", "Meningen ord för ord.", is_required=True),
        Column(
            "modality", "Styrka", "must (ska), should (bör), may (kan) eller must_not (får inte).", is_required=True
        ),
        Column(
            *("action_kind", "Vad den begär", "set_goals, action_plan, follow_up, report, revise eller other_duty."),
            is_required=True,
        ),
        Column("recurrence", "Hur ofta", "annual, mandate_period, every_n_years:N med flera; tomt: texten säger inte."),
        Column("deadline", "När", "Dagen eller tiden så som texten säger den; tomt: texten säger inte."),
        Column("bodies", "Vilka den gäller", "Organens namn; tomt där det är kommunens ledning.", is_list=True),
    ),
)
ROUNDS = DataTable(
    "rounds",
    "Vem som har tillfrågats, och hur långt det har kommit",
    (
        _id("round_id", "Id", "En fråga till ett organ om en period; byts aldrig."),
        _POLICY,
        Column(
            *("promises", "Löften", "De löften som frågan vilar på, så som de lyder nu."),
            is_list=True,
            points_at=("promises", "promise_id"),
        ),
        _BODY,
        Column(
            "lifecycle",
            "Slag",
            "goal_setting, follow_up, action_planning, project_follow_up, annual_report eller revision.",
            is_required=True,
        ),
        Column("name", "Namn", "Som den kallas: ”Uppföljning 2027”.", is_required=True),
        _PERIOD,
        Column("due_on", "Sista dag", "Dagen då svaret skulle ha lämnats.", "date", is_required=True),
        Column(
            "standing",
            "Läge",
            "answered (svaret är offentligt), handed_in (lämnat, inte beslutat eller godkänt än), awaited (dagen har "
            "inte passerat), missing (svar saknas), no_answer (frivilligt, inget svar) eller waived (avslutat utan "
            "svar genom beslut).",
            is_required=True,
        ),
        _DECIDED,
        _PARAGRAPH,
        Column("outcome", "Val", "Vad som valdes: vid en revidering unchanged, revise eller repeal."),
    ),
)
GOALS = DataTable(
    "goals",
    "Mål som har beslutats",
    (
        _id("goal_id", "Id", "Byts när organet beslutar om målet på nytt."),
        _ROUND,
        _POLICY,
        _BODY,
        _PERIOD,
        Column("goal", "Mål", _GOAL, is_required=True),
        Column("indicator", "Mäts genom", _GOAL),
        Column("baseline", "Utgångsläge", _GOAL),
        Column("target", "Målvärde", _GOAL),
        Column("decided_on", "Beslutat", "Dagen då organet beslutade.", "date", is_required=True),
        _PARAGRAPH,
    ),
)
ASSESSMENTS = DataTable(
    "assessments",
    "Hur det gick",
    (
        _id("assessment_id", "Id", "Frågans id och målets, eller ”period” där hela perioden bedöms."),
        _ROUND,
        Column("goal_id", "Mål", "Målet som bedöms; tomt: perioden som helhet."),
        _POLICY,
        _BODY,
        _PERIOD,
        Column("goal", "Målets text", "Som den lydde när det bedömdes."),
        Column("attainment", "Bedömning", "met, partly_met, not_met eller not_assessed.", is_required=True),
        Column("result", "Utfall", "Vad som mättes, med organets egna ord."),
        Column("trend", "Trend", "rising, unchanged, falling eller missing; tomt: inte angiven."),
        Column("analysis", "Analys", _GOAL),
        Column("next_step", "Nästa steg", _GOAL),
        _DECIDED,
        _PARAGRAPH,
    ),
)
TABLES = (POLICIES, PROMISES, ROUNDS, GOALS, ASSESSMENTS)


def documented(table: DataTable) -> str:
    """Return a table's columns as docs/open-data.md tells of them, in Markdown."""
    lines = [f"### `{table.name}`: {table.title}", "", "| column | titel | typ | vad det är |", "|---|---|---|---|"]
    for column in table.columns:
        kind = f"{column.datatype}, flera" if column.is_list else column.datatype
        must = ", alltid" if column.is_required else ""
        at = f" Finns i `{'.'.join(column.points_at)}`." if column.points_at else ""
        lines.append(f"| `{column.name}` | {column.title} | {kind}{must} | {column.description}{at} |")
    return "\n".join([*lines, ""])
