"""An auditor's pack as one zip: the same state and moment give the same bytes."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping

from styrhjul.reports.audit import AuditPack
from styrhjul.reports.audit_document import audit_document
from styrhjul.reports.audit_json import audit_json, journal_lines
from styrhjul.reports.audit_words import read_me
from styrhjul.reports.document_pdf import document_pdf

MIME_TYPE = "application/zip"
#: Every file in the zip has this time: the moment stands in what they say.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def audit_zip(pack: AuditPack) -> bytes:
    """Return the zip."""
    files = {
        "LÄS-MIG.txt": read_me(pack).encode(),
        "granskning.pdf": document_pdf(audit_document(pack), at=pack.made_at),
        "granskning.json": audit_json(pack),
        "journal.jsonl": journal_lines(pack),
        **{text.file: text.text.encode() for text in pack.texts},
    }
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items())
    return _zipped({**files, "SHA256SUMS": sums.encode()})


def file_name_of(pack: AuditPack) -> str:
    """Return what the file is called when it is fetched: "lillby-granskning-integration.zip"."""
    return f"{pack.slug}-granskning-{pack.policy_slug}.zip"


def _zipped(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            place = zipfile.ZipInfo(name, _EPOCH)
            place.compress_type = zipfile.ZIP_DEFLATED
            place.external_attr = 0o644 << 16
            package.writestr(place, content)
    return packed.getvalue()
