"""How much of a policy do the rules read right? Metadata and duties against label files, of a folder or invented.

`./run bench documents` reads 500 invented policies, `./run bench documents FOLDER` the texts of a folder that have a
label file beside them. What came out last stands in docs/documents.md.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench._document_score import METADATA, Label, Score, Tally, labelled_texts
from bench._policies import policies
from styrhjul.documents import decode, read_policy

#: What must hold on documents that nobody tuned for.
METADATA_ACCURACY = 0.95
DUTY_PRECISION = DUTY_RECALL = 0.9
TIMED = 1_000
TABLE_WIDTH = 100


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 1 below a target."""
    options = _options(arguments)
    score = Score()
    for name, text, label in _documents(options):
        score.note(name, label, read_policy(text))
    report = _report(score)
    if options.timed:
        report["time"] = _time(options.timed, options.seed)
    if options.json:
        sys.stdout.write(json.dumps(report, indent=2, ensure_ascii=False) + "\n")
    else:
        _print(score, report, Console(width=max(TABLE_WIDTH, Console().width)))
    if options.mistakes:
        sys.stdout.write("".join(f"{line}\n" for line in score.mistakes))
    return 0 if report["within_targets"] else 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench documents", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="texts with label files of the same name beside them")
    parser.add_argument(
        "--count", type=int, default=500, metavar="N", help="invented policies, where no folder is named"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="another number, other policies")
    parser.add_argument("--timed", type=int, default=TIMED, metavar="N", help="texts to take the time of, 0 for none")
    parser.add_argument("--mistakes", action="store_true", help="name each mistake")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser.parse_args(arguments)


def _documents(options: argparse.Namespace) -> Iterator[tuple[str, str, Label]]:
    if options.folder is None:
        for policy in policies(options.count, options.seed):
            yield policy.name, decode(policy.data, f"{policy.name}.txt"), policy.label
        return
    for name, path, label in labelled_texts(options.folder):
        yield name, decode(path.read_bytes(), path.name), label


def _time(count: int, seed: int) -> dict[str, Any]:
    texts = [policy.text for policy in policies(count, seed + 1)]
    started = time.process_time()
    for text in texts:
        read_policy(text)
    taken = time.process_time() - started
    return {"texts": count, "letters": sum(map(len, texts)), "processor_seconds": round(taken, 2)}


def _report(score: Score) -> dict[str, Any]:
    lifecycle = score.lifecycle
    within = (
        score.accuracy >= METADATA_ACCURACY
        and lifecycle.precision >= DUTY_PRECISION
        and lifecycle.recall >= DUTY_RECALL
        and score.weaker == 0
    )
    return {
        "documents": score.documents,
        "metadata_accuracy": round(score.accuracy, 4),
        "fields": {
            name: {"accuracy": _share(score.as_labelled[name], score.documents), **_figures(score.fields[name])}
            for name in METADATA
        },
        "lifecycle_duties": _figures(lifecycle),
        "kinds": {kind: _figures(tally) for kind, tally in score.kinds.items()},
        "modalities": {modality: _figures(tally) for modality, tally in score.modalities.items()},
        "modality_weaker_than_the_text": score.weaker,
        "properties": {name: round(tally.precision, 4) for name, tally in score.properties.items()},
        "confidence": {
            level: {"duties": tally.read, "right": _share(tally.right, tally.read)}
            for level, tally in score.confidence.items()
        },
        "conflicts": _figures(score.conflicts),
        "distractors": {"in_the_texts": score.distractors.wanted, "reported": score.distractors.read},
        "within_targets": within,
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _figures(tally: Tally) -> dict[str, Any]:
    return {
        "precision": round(tally.precision, 4),
        "recall": round(tally.recall, 4),
        "f1": round(tally.f1, 4),
        "labelled": tally.wanted,
        "read": tally.read,
    }


def _print(score: Score, report: dict[str, Any], console: Console) -> None:
    console.print(_table("Metadata", report["fields"], accuracy=True))
    kinds = report["kinds"] | {"lifecycle, together": report["lifecycle_duties"]}
    console.print(_table("Duties by kind", kinds))
    console.print(_table("Duties by modality, where the words were found", report["modalities"]))
    for level, figures in report["confidence"].items():
        console.print(f"confidence {level}: {figures['duties']} duties, {figures['right']} of them right")
    for name, share in report["properties"].items():
        console.print(f"{name} as labelled: {share}")
    console.print(f"conflicts told: {score.conflicts.right} of {score.conflicts.wanted}, {score.conflicts.read} in all")
    console.print(f"distractors reported: {score.distractors.read} of {score.distractors.wanted}")
    console.print(f"modality weaker than the text: {score.weaker}")
    console.print(f"metadata accuracy: {report['metadata_accuracy']} in {score.documents} documents")
    if "time" in report:
        console.print(
            "{processor_seconds} s of processor time for {texts} texts of {letters} letters".format(**report["time"])
        )
    console.print("[green]within the targets[/]" if report["within_targets"] else "[red]below a target[/]")


def _table(title: str, rows: dict[str, dict[str, Any]], *, accuracy: bool = False) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("")
    columns = [*(["accuracy"] if accuracy else []), "precision", "recall", "f1", "labelled", "read"]
    for column in columns:
        table.add_column(column, justify="right")
    for name, figures in rows.items():
        table.add_row(name, *(_cell(figures[column]) for column in columns))
    return table


def _cell(value: float | str) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    sys.exit(main())
