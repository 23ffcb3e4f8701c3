"""An auditor's pack as values: JSON, and the journal a line at a time."""

from __future__ import annotations

import json
from dataclasses import asdict

from styrhjul.reports.audit import AuditPack
from styrhjul.reports.json_document import iso_day, json_document

#: Raised when a name is taken away or means something else; added names leave it as it is.
FORMAT = "styrhjul.audit/2"


def audit_json(pack: AuditPack) -> bytes:
    """Return the document in UTF-8, indented, names as in `AuditPack`; the journal is among it."""
    content = {"format": FORMAT, "counts": asdict(pack.counts), **asdict(pack)}
    return json_document(content)


def journal_lines(pack: AuditPack) -> bytes:
    """Return the journal's lines about the policy, one JSON object each."""
    told = (json.dumps(asdict(line), ensure_ascii=False, default=iso_day) for line in pack.journal)
    return "".join(f"{line}\n" for line in told).encode()
