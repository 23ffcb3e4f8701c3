"""Invented policies with their labels, in the format of the label files: the same text for the same seed, each time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from bench._policy_block import draw_pairs, later_decision, other_dates, write_block, write_body, write_date
from bench._policy_duties import Duty, Passage, draw_duty
from bench._policy_facts import TYPES, Facts, draw_facts
from bench._policy_noise import draw_filler, draw_trap

_DEFINITE = {
    "policy": "Policyn",
    "plan": "Planen",
    "program": "Programmet",
    "strategi": "Strategin",
    "riktlinje": "Riktlinjerna",
    "regler": "Reglerna",
    "rutin": "Rutinen",
    "reglemente": "Reglementet",
    "taxa": "Taxan",
}
_SECTIONS = (
    ("Inledning", ()),
    ("Syfte", ()),
    ("Mål", ("set_goals",)),
    ("Ansvar", ("other_duty", "action_plan")),
    ("Genomförande", ("other_duty", "action_plan")),
    ("Uppföljning", ("follow_up", "report")),
    ("Revidering", ("revise",)),
)
_LADDER = (
    "Strategi Program Plan Policy Riktlinjer Regler",
    "strategi modell plan policy program regel riktlinje rutin taxa",
    "POLICY  PROGRAM  PLAN  RIKTLINJE  RUTIN",
)
_RULES = (
    ("revise", "Revideras", "Varje mandatperiod", "mandate_period", None),
    ("revise", "Revideringsintervall", "Vart fjärde år", "every_n_years:4", None),
    ("revise", "Uppdateras", "Vartannat år", "every_n_years:2", None),
    ("revise", "Tidpunkt för aktualitetsprövning", "Årligen", "annual", None),
    ("follow_up", "Följas upp", "Årligen", "annual", None),
)
_NOT_LETTERS = re.compile(r"-\n|\s")


@dataclass(frozen=True)
class Policy:
    """One invented document. `data` is the text as a file has it."""

    name: str
    text: str
    data: bytes
    label: dict[str, Any]


def policies(count: int, seed: int = 1) -> Iterator[Policy]:
    """Yield invented policies; each has a chance of its own, so the tenth is the same of ten and of a thousand."""
    for number in range(count):
        yield policy(f"{seed:02}_{number:04}")


def policy(name: str) -> Policy:
    """Return the policy of a name."""
    rng = Random(name)
    facts = draw_facts(rng)
    own = _DEFINITE[facts.document_type]
    head, foot, label, layout = _frame(rng, facts)
    passages = _body(rng, facts, own)
    passages, rule = _rule_field(rng, passages)
    text = _text(rng, facts, (head + rule, foot), passages)
    label |= {"duties": [], "distractors": []}
    for _, passage in passages:
        label["duties"] += [_as_written(text, duty) for duty in passage.duties]
        label["distractors"] += [{"quote": quote} for quote in passage.distractors]
    label["_label"]["layout"] = layout
    return Policy(name, text, _encoded(rng, text), label)


def _frame(rng: Random, facts: Facts) -> tuple[list[str], list[str], dict[str, Any], str]:
    """Return what stands above the text, what stands below, the metadata's label, and the layout."""
    label: Duty = {name: _plain(value) for name, value in vars(facts).items() if name != "name"}
    alternatives: dict[str, list[str | None]] = {}
    if rng.random() < 0.12 and facts.adopted_by and facts.adopted_on:
        block, layout = [_prose(rng, facts)], "prose"
        for name in ("diary_number", "version", "valid_from", "valid_until", "last_revised_on", "document_owner"):
            label[name] = None
        label["replaces"] = None
    else:
        pairs = draw_pairs(rng, facts)
        if later := later_decision(rng, facts):
            pairs.append(later[0])
            label["_conflicts"] = {"adopted_on": [str(facts.adopted_on), str(later[1])]}
            alternatives["adopted_on"] = [str(later[1]), None]
        block, layout = write_block(rng, pairs)
    title = _title_lines(rng, facts)
    if facts.document_type != "reglemente" and rng.random() < 0.1:
        block = [f"Dokumenttyp: {_printed_type(facts.document_type)}", *block]
    extra = other_dates(rng, facts)
    place = rng.choice(("above", "below", "below", "end", "doubled"))
    foot = [*extra, *block] if place in {"end", "doubled"} else []
    parts = {"above": [*block, *extra, "", *title], "below": [*title, "", *block, *extra]}
    head = parts.get(place, [*title, "", *block] if place == "doubled" else title)
    label["_label"] = {
        "origin": "invented by chance",
        "acceptable_alternatives": alternatives,
        "conflicts": label.pop("_conflicts", {}),
    }
    return head, foot, label, f"{layout}, {place}"


def _plain(value: object) -> str | None:
    return None if value is None else str(value)


def _printed_type(kind: str) -> str:
    return next(before for name, before, _ in reversed(TYPES) if name == kind)


def _title_lines(rng: Random, facts: Facts) -> list[str]:
    above = []
    if rng.random() < 0.15:
        above.append(rng.choice(_LADDER))
    if facts.municipality not in facts.title or rng.random() < 0.5:
        above.append(rng.choice((facts.municipality, facts.municipality.upper())))
    if rng.random() < 0.2:
        above.append(_printed_type(facts.document_type).upper())
    title = [f"# {facts.title}"] if rng.random() < 0.05 else [facts.title]
    if " i " in facts.title and rng.random() < 0.2:  # over two lines, the second in small letters
        first, rest = facts.title.rsplit(" i ", 1)
        title = [first, f"i {rest}"]
    return [*above, *([""] if rng.random() < 0.5 else []), *title]


def _prose(rng: Random, facts: Facts) -> str:
    assert facts.adopted_by
    assert facts.adopted_on
    body, day = write_body(rng, facts.adopted_by), write_date(rng, facts.adopted_on)
    body = body if body.isupper() else body[0].lower() + body[1:]
    number = f"{rng.choice((' ', ', '))}§ {facts.paragraph}" if facts.paragraph else ""
    own = _DEFINITE[facts.document_type]
    return rng.choice(
        (
            f"Antagen av {body} {day}{number}",
            f"Fastställd av {body} {day}{number}",
            f"Antagen av {body} {day}{number}.",
            f"{own} antogs av {body} {day}{number}.",
            f"Beslutad i {body} {day}{number}",
            f"(Antagen av {body} {day}{number})",
        )
    )


def _body(rng: Random, facts: Facts, own: str) -> list[tuple[str, Passage]]:
    """Return the passages with their headings; a kind of duty may be missing, background never is."""
    subject = facts.title.rsplit(" för ", 1)[-1].split(" i ")[0].lower() if " för " in facts.title else "området"
    passages = [("Inledning", Passage([f"{facts.municipality} har beslutat om detta dokument."]))]
    said: set[str] = set()
    for heading, kinds in _SECTIONS:
        if kinds and rng.random() < 0.15:
            continue
        here = [draw_filler(rng, own, facts.name, subject) for _ in range(rng.randint(0, 2))]
        here += [draw_trap(rng, own, facts.name, subject) for _ in range(rng.randint(0, 1 if kinds else 2))]
        here += [draw_duty(rng, kind, own) for kind in kinds if rng.random() < 0.7]
        rng.shuffle(here)
        for passage in here:
            sentences = _sentences(passage)
            if not any(new in old or old in new for new in sentences for old in said):
                passages.append((heading, passage))
                said |= sentences
    return passages


def _sentences(passage: Passage) -> set[str]:
    """What a passage says, once: a label's quote must tell which sentence it means."""
    return {duty["quote"].strip(" ,.").removesuffix(" samt") for duty in passage.duties} or set(passage.lines)


def _rule_field(rng: Random, passages: list[tuple[str, Passage]]) -> tuple[list[tuple[str, Passage]], list[str]]:
    """Put a rule into the block where no sentence says the same."""
    stated = {duty["action_kind"] for _, passage in passages for duty in passage.duties}
    kind, label, value, recurrence, deadline = rng.choice(_RULES)
    if kind in stated or rng.random() < 0.5:
        return passages, []
    line = f"{label}: {value}"
    duty: Duty = {"quote": line, "actor": None, "modality": "must", "action_kind": kind}
    duty |= {"recurrence": recurrence, "deadline": deadline, "passive": True}
    return [*passages, ("", Passage([], [duty]))], [line]


def _text(rng: Random, facts: Facts, frame: tuple[list[str], list[str]], passages: list[tuple[str, Passage]]) -> str:
    width = rng.choice((None, None, None, 78, 66))
    numbered, glued = rng.random() < 0.3, rng.random() < 0.5
    header = rng.choice((None, None, None, facts.title, f"{facts.municipality}  {facts.title}", "Policy"))
    lines, now, number = [*frame[0], ""], None, 0
    for heading, passage in passages:
        if heading and heading != now:
            number += 1
            if header and number % 3 == 0:
                lines += ["", header, f"{number // 3 + 1} ({len(passages) // 3 + 1})"]
            lines += ["", f"{number}. {heading}" if numbered else heading, *([] if numbered else [""])]
            now = heading
        elif glued and len(passage.lines) == 1 and lines[-1].endswith(".") and not lines[-1].startswith(tuple("♦•-–*")):
            lines[-1] += f" {passage.lines[0]}"
            continue
        lines += passage.lines if glued or not lines[-1] else ["", *passage.lines]
        if len(passage.lines) > 1:
            lines.append("")
    lines += ["", *frame[1]] if frame[1] else []
    framed = {*frame[0], *frame[1]}
    wrapped = "\n".join(_wrapped(rng, line, width) if width and line not in framed else line for line in lines)
    return f"{wrapped}\n"


def _wrapped(rng: Random, line: str, width: int) -> str:
    """Break a long line, now and then inside a word."""
    rows, row = [], ""
    for word in line.split(" ") if len(line) > width and not re.search(r"\s{2}|\t|: ", line) else [line]:
        if row and len(row) + len(word) >= width:
            cut = 5 if len(word) > 9 and word.isalpha() and rng.random() < 0.3 else 0
            rows.append(f"{row} {word[:cut]}-" if cut else row)
            row = word[cut:]
        else:
            row = f"{row} {word}" if row else word
    return "\n".join([*rows, row])


def _as_written(text: str, duty: Duty) -> Duty:
    """Give a duty its quote as it stands in the finished text, broken lines and all."""
    offsets = [at for at, letter in enumerate(text) if not letter.isspace() and text[at : at + 2] != "-\n"]
    letters = "".join(text[at] for at in offsets)
    at = letters.index(_NOT_LETTERS.sub("", duty["quote"]))
    end = at + len(_NOT_LETTERS.sub("", duty["quote"])) - 1
    return duty | {"quote": text[offsets[at] : offsets[end] + 1]}


def _encoded(rng: Random, text: str) -> bytes:
    encoding = rng.choice(("utf-8", "utf-8", "utf-8-sig", "cp1252"))
    ends = text.replace("\n", "\r\n") if rng.random() < 0.3 else text
    try:
        return ends.encode(encoding)
    except UnicodeEncodeError:  # ♦ has no place in the old alphabet
        return ends.encode("utf-8")
