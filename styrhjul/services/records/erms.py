"""What saved records are, for the e-archive: XML as CITS ERMS 2.1.2 has it, Riksarkivet's FGS Ärendehantering 2.0.

One aggregation (ärendeakt) a case, one record (handling) each with its files. Elements stand in the schema's order, and
only values of its lists are used. What Riksarkivet asks beyond the schema of those who deliver to it is not here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from uuid import UUID, uuid5
from xml.etree import ElementTree as ET

from styrhjul.db.overview_query import CaseLine
from styrhjul.domain.lifecycle import FINAL_STATES
from styrhjul.domain.moment import STOCKHOLM
from styrhjul.services.records.index import IndexRow
from styrhjul.services.records.record import NoSuchRecord, Shelf

NAMESPACE = "https://DILCIS.eu/XML/ERMS"
#: Ids of what has none of its own are made from this one, the same each time.
_OURS = UUID("6e0e6f0c-5f0f-4c52-9c1e-3b0f4f7a2d10")
_DECLARED = '<?xml version="1.0" encoding="UTF-8"?>\n'
_OUTGOING = frozenset({"mail"})
_NOT_XML = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
_FORMATS = {"eml": "message/rfc822", "json": "application/json", "pdf": "application/pdf"}


def erms_xml(shelf: Shelf, rows: Sequence[IndexRow], made_at: datetime) -> bytes:
    """Return the document about the saved ones among the rows; at least one is. `made_at` is aware."""
    root = ET.Element("erms", {"xmlns": NAMESPACE})
    _control(ET.SubElement(root, "control"), shelf, made_at)
    by_case: dict[str, list[IndexRow]] = defaultdict(list)
    for row in rows:
        if row.files:
            by_case[row.case_ids.partition(" ")[0]].append(row)
    aggregations = ET.SubElement(root, "aggregations")
    for case_id, own in sorted(by_case.items()):
        _aggregation(aggregations, shelf, case_id, own)
    ET.indent(root)
    return f"{_DECLARED}{ET.tostring(root, encoding='unicode')}\n".encode()


def _control(control: ET.Element, shelf: Shelf, made_at: datetime) -> None:
    _said(control, "identification", shelf.municipality.slug, identificationType="Kommunens kortnamn i Styrhjul")
    kept = ET.SubElement(control, "maintenanceInformation")
    ET.SubElement(kept, "maintenanceStatus", {"value": "new"})
    _said(ET.SubElement(kept, "maintenanceAgency"), "agencyName", shelf.municipality.name)
    event = ET.SubElement(ET.SubElement(kept, "maintenanceHistory"), "maintenanceEvent")
    ET.SubElement(event, "eventType", {"value": "created"})
    _said(event, "eventDateTime", made_at.astimezone(STOCKHOLM).isoformat(timespec="seconds"))
    _said(ET.SubElement(event, "agent", {"agentType": "deliverer"}), "name", "Styrhjul")


def _aggregation(parent: ET.Element, shelf: Shelf, case_id: str, rows: Iterable[IndexRow]) -> None:
    case = _case(shelf, case_id)
    kind = (
        {"aggregationType": "caseFile"}
        if case
        else {
            "aggregationType": "own_aggregation_definition",
            "otherAggregationType": "Handlingar utan ärende",
        }
    )
    identity = UUID(hex=case_id) if case else uuid5(_OURS, f"{shelf.municipality.id} loose")
    akt = ET.SubElement(parent, "aggregation", {"systemIdentifier": str(identity), **kind})
    _said(akt, "objectId", case_id or "utan ärende")
    if case:
        _of_case(akt, shelf, case)
    else:
        _said(akt, "title", "Handlingar utan ärende")
    for row in rows:
        _record(akt, row)


def _of_case(akt: ET.Element, shelf: Shelf, case: CaseLine) -> None:
    matter = shelf.matter(case.case_id)
    if matter.document_diary_number:
        _said(akt, "extraId", matter.document_diary_number, extraIdType="Styrdokumentets diarienummer")
    _said(akt, "title", f"{matter.round}, {matter.body}")
    if matter.document:
        _said(akt, "subject", matter.document)
    ET.SubElement(akt, "status", {"value": "closed" if case.state in FINAL_STATES else "open"})
    agents = ET.SubElement(akt, "agents")
    _agent(agents, "creator", shelf.municipality.name)
    _agent(agents, "responsible_person", matter.body)
    _dates(akt, {"opened": case.opens_on, "decision_deadline": case.due_on})
    if case.decided_on:
        action = ET.SubElement(akt, "action")
        _said(action, "actionText", f"Beslut § {case.paragraph}" if case.paragraph else "Beslut")
        decided = _said(ET.SubElement(action, "dates"), "actionDate", _moment(case.decided_on))
        decided.set("dateType", "decision_date")


def _record(akt: ET.Element, row: IndexRow) -> None:
    identity = uuid5(_OURS, f"{row.kind} {row.identity} {row.case_ids} {row.dated_at}")
    record = ET.SubElement(akt, "record", {"systemIdentifier": str(identity), "recordType": row.kind})
    is_outgoing = row.kind in _OUTGOING
    _said(record, "objectId", row.identity)
    if row.diary_number:
        _said(record, "extraId", row.diary_number, extraIdType="Diarienummer")
    _said(record, "title", row.subject or row.kind)
    ET.SubElement(record, "status", {"value": "expedited" if is_outgoing else "received"})
    for other in row.case_ids.split()[1:]:
        _said(record, "relation", str(UUID(hex=other)), relationType="reference")
    ET.SubElement(record, "direction", {"directionDefinition": "outgoing" if is_outgoing else "incoming"})
    agents = ET.SubElement(record, "agents")
    _agent(agents, "sender", row.sender)
    _agent(agents, "receiver", row.receiver)
    dates = ET.SubElement(record, "dates")
    _said(dates, "date", row.dated_at, dateType="sent" if is_outgoing else "received")
    _notes(record, row)
    more = ET.SubElement(record, "additionalInformation")
    for name in row.files.split():
        about = {"name": name, "fileFormat": _format(name), "path": f"file:///{name}"}
        ET.SubElement(more, "appendix", about)


def _notes(record: ET.Element, row: IndexRow) -> None:
    told = {"Läge": row.status, "SHA-256 som det kom eller gick": row.sha256_sent, "SHA-256 för filen": row.sha256_file}
    if row.trial_for:
        told["Provkörning, skrivet till"] = row.trial_for
    notes = ET.SubElement(record, "notes")
    for kind, text in told.items():
        if text:
            _said(notes, "note", text, noteType=kind)


def _agent(agents: ET.Element, kind: str, name: str) -> None:
    _said(ET.SubElement(agents, "agent", {"agentType": kind}), "name", name)


def _dates(parent: ET.Element, days: Mapping[str, date]) -> None:
    dates = ET.SubElement(parent, "dates")
    for kind, on in days.items():
        _said(dates, "date", _moment(on), dateType=kind)


def _moment(on: date) -> str:
    """Return the day as the schema wants one: with a time, the day's first."""
    return datetime.combine(on, time(), tzinfo=STOCKHOLM).isoformat()


def _said(parent: ET.Element, tag: str, text: str, **attributes: str) -> ET.Element:
    """Add an element with a text; a sign that XML cannot hold becomes a replacement character."""
    element = ET.SubElement(parent, tag, attributes)
    element.text = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
    return element


def _case(shelf: Shelf, case_id: str) -> CaseLine | None:
    try:
        return shelf.case(case_id) if case_id else None
    except NoSuchRecord:
        return None


def _format(name: str) -> str:
    return _FORMATS.get(name.rpartition(".")[2], "application/octet-stream")
