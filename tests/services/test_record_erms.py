"""The XML beside saved records keeps to CITS ERMS 2.1.2: its order, its lists, and a file for every appendix."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from lxml import etree
from sqlalchemy import select, update

from styrhjul.db.attachment_query import attach_files, keep_file
from styrhjul.db.case_model import Answer, Case, Notice
from styrhjul.db.mail_model import Mail
from styrhjul.db.model import new_id
from styrhjul.domain.lifecycle import State
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.services.records.erms import NAMESPACE
from styrhjul.services.records.saving import Source, save_case, save_span
from tests.town import Town, build_town

if TYPE_CHECKING:
    from pathlib import Path

    from styrhjul.db.session import Database

OPENS = date(2027, 1, 7)
AT = datetime(2027, 2, 1, 9, tzinfo=UTC)
ERMS = {"e": NAMESPACE}
#: The schema's sequences, as far as they are used.
ORDER = {
    "erms": "control aggregations",
    "control": "identification maintenanceInformation",
    "maintenanceInformation": "maintenanceStatus maintenanceAgency maintenanceHistory",
    "maintenanceEvent": "eventType eventDateTime agent",
    "aggregation": "objectId extraId title subject status agents dates action record",
    "record": "objectId extraId title status relation direction agents dates notes additionalInformation",
    "action": "actionText dates",
}
DATES = {"opened", "decision_deadline", "decision_date", "sent", "received"}


@pytest.fixture
def town(database: Database) -> Town:
    town = build_town(database, kinds=(ActionKind.FOLLOW_UP,), committees=("socialnämnden",))
    town.live(OPENS)
    return town


def answered(town: Town) -> str:
    """The case's id, with an answer and a file in it."""
    [case] = town.cases()
    with town.database.municipality(town.municipality_id) as session:
        post = session.scalars(select(Notice.post_id).where(Notice.case_id == case.id).limit(1)).one()
        form = {"case_id": case.id, "post_id": post, "form_id": "f" * 32}
        answer = Answer(**form, version=1, submitted_at=AT, signed_by="Kim", decided_on=AT.date(), paragraph="12")
        session.add(answer)
        session.execute(update(Case).where(Case.id == case.id).values(state=State.SUBMITTED))
        session.flush()
        file = {"id": new_id(), "sha256": "0" * 64, "size_bytes": 4, "media_type": "text/plain", "name": "Å \x01.TXT"}
        keep_file(session, {**form, **file, "content": b"text", "sent_at": AT, "received_at": AT})
        own = {"id": new_id(), "municipality_id": town.municipality_id, "answer_id": answer.id}
        attach_files(session, answer.id, [{**own, "attachment_id": file["id"], "position": 1}])
    return case.id


def saved(town: Town, out: Path, case_id: str = "") -> etree._Element:
    source = Source(database=town.database, sealer=town.mailroom.sealer, now=AT)
    if case_id:
        save_case(source, case_id, out)
    else:
        save_span(source, town.municipality_id, (OPENS, AT.date()), out)
    return etree.fromstring((out / "erms.xml").read_bytes())


def name(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def test_every_element_stands_in_the_schemas_order(town: Town, tmp_path: Path) -> None:
    root = saved(town, tmp_path / "out", answered(town))
    seen = set()
    for element in root.iter():
        if name(element) in ORDER:
            order = ORDER[name(element)].split()
            places = [order.index(name(child)) for child in element]
            assert places == sorted(places)
            seen.add(name(element))
    assert seen == set(ORDER)
    assert {each.get("dateType") for each in root.iter("{*}date", "{*}actionDate")} <= DATES


def test_every_appendix_is_a_file_of_the_folder_and_the_other_way_round(town: Town, tmp_path: Path) -> None:
    root = saved(town, tmp_path / "out", answered(town))
    named = [each.get("path", "").removeprefix("file:///") for each in root.iter("{*}appendix")]
    here = {path.name for path in (tmp_path / "out").iterdir()}
    assert sorted(named) == sorted(here - {"erms.xml", "index.json", "index.csv"})
    [file] = [each for each in named if "-bilaga-1.txt" in each]
    assert (tmp_path / "out" / file).read_bytes() == b"text"


def test_a_case_is_an_aggregation_with_its_days_and_its_decision(town: Town, tmp_path: Path) -> None:
    case_id = answered(town)
    root = saved(town, tmp_path / "out", case_id)
    [akt] = root.findall("e:aggregations/e:aggregation", ERMS)
    assert (akt.get("systemIdentifier"), akt.get("aggregationType")) == (str(UUID(hex=case_id)), "caseFile")
    assert akt.findtext("e:title", namespaces=ERMS) == "Uppföljning 2026, Socialnämnden"
    assert akt.findtext("e:action/e:actionText", namespaces=ERMS) == "Beslut § 12"
    assert [each.get("recordType") for each in akt.findall("e:record", ERMS)] == ["mail", "mail", "answer"]
    ways = [each.get("directionDefinition") for each in root.iter("{*}direction")]
    assert ways == ["outgoing", "outgoing", "incoming"]


def test_the_same_records_give_the_same_document(town: Town, tmp_path: Path) -> None:
    saved(town, tmp_path / "a")
    saved(town, tmp_path / "b")
    assert (tmp_path / "a/erms.xml").read_bytes() == (tmp_path / "b/erms.xml").read_bytes()
    ids = [each.get("systemIdentifier") for each in saved(town, tmp_path / "c").iter() if each.get("systemIdentifier")]
    assert len(ids) == len(set(ids)) >= 3


def test_what_xml_cannot_hold_breaks_nothing(town: Town, tmp_path: Path) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Mail).values(subject="<b> & \x08 \uffff"))
    root = saved(town, tmp_path / "out")
    assert root.findtext(".//e:record/e:title", namespaces=ERMS) == "<b> & \ufffd \ufffd"


def test_nothing_saved_is_no_document(town: Town, tmp_path: Path) -> None:
    source = Source(database=town.database, sealer=town.mailroom.sealer, now=AT)
    later = AT.date() + timedelta(days=400)
    save_span(source, town.municipality_id, (later, later), tmp_path / "out")
    assert not (tmp_path / "out/erms.xml").exists()
