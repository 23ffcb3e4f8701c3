"""Writes the inbound corpus: 120 mails in `inbound/` and what each is in `inbound/index.json`. Safe to repeat."""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path

from tests.mail import inbound_machines, inbound_people, inbound_reports
from tests.mail.inbound_shape import Case

CORPUS = Path(__file__).parent / "inbound"
SIZE = 120


def corpus() -> list[Case]:
    """Every case, by name. Raises ValueError when there are not `SIZE`, or two of a name."""
    found = list(chain(inbound_reports.cases(), inbound_machines.cases(), inbound_people.cases()))
    if len({case.name for case in found}) != SIZE or len(found) != SIZE:
        raise ValueError(f"{len(found)} cases, {len({case.name for case in found})} names: not {SIZE}")
    return sorted(found, key=lambda case: case.name)


def index(cases: list[Case]) -> str:
    """The index as text: by file, its class and the code it gives."""
    rows = {f"{case.name}.eml": {"kind": case.kind, "status": case.status} for case in cases}
    return json.dumps(rows, indent=1, sort_keys=True) + "\n"


def main() -> None:
    """Write the files anew, and leave no others."""
    CORPUS.mkdir(exist_ok=True)
    for old in CORPUS.iterdir():
        old.unlink()
    cases = corpus()
    for case in cases:
        (CORPUS / f"{case.name}.eml").write_bytes(case.raw)
    (CORPUS / "index.json").write_text(index(cases), encoding="utf-8")


if __name__ == "__main__":
    main()
