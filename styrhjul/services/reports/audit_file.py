"""An auditor's pack as one zip: the same state and moment give the same bytes."""

from __future__ import annotations

import hashlib

from styrhjul.reports.audit import AuditPack
from styrhjul.reports.audit_document import audit_document
from styrhjul.reports.audit_json import audit_json, journal_lines
from styrhjul.reports.audit_words import read_me
from styrhjul.reports.document_pdf import document_pdf
from styrhjul.reports.zipped import zipped
from styrhjul.services.foundation.leaving_file import LeavingFile, leaving


def audit_file(pack: AuditPack) -> LeavingFile:
    """Return "lillby-granskning-integration.zip"."""
    files = {
        "LÄS-MIG.txt": read_me(pack).encode(),
        "granskning.pdf": document_pdf(audit_document(pack), at=pack.made_at),
        "granskning.json": audit_json(pack),
        "journal.jsonl": journal_lines(pack),
        **{text.file: text.text.encode() for text in pack.texts},
    }
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items())
    content = zipped({**files, "SHA256SUMS": sums.encode()})
    return leaving(f"{pack.slug}-granskning-{pack.policy_slug}.zip", content)
