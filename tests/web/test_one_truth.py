"""What was sent back is told as unanswered by every page, paper and program; what was handed in is kept."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from styrhjul.db.case_model import Notice
from styrhjul.db.course_model import LadderOverride
from styrhjul.db.model import new_id
from styrhjul.db.webhook_model import WebhookMessage
from styrhjul.domain.office import PostRole
from styrhjul.domain.status import Status
from styrhjul.domain.webhook import SUBSCRIBED, HookEvent
from styrhjul.services.api.publication import public_promises
from styrhjul.services.api.webhook import add_webhook
from styrhjul.services.cases.decision import CaseAt, Decision, note, return_answer
from styrhjul.services.cases.listing import open_cases_of
from styrhjul.services.cases.search import Search, Sought, search_cases
from styrhjul.services.cases.view import case_view
from styrhjul.services.records.export import Wish, export_to
from styrhjul.services.records.saving import answer_record_of
from styrhjul.services.reports.audit import audit_pack
from styrhjul.services.reports.audit_file import audit_file
from styrhjul.services.reports.chapter import chapter_of
from styrhjul.services.reports.chapter_file import ChapterFormat, chapter_file
from styrhjul.services.reports.results import results_of
from styrhjul.web.timeline import timeline
from tests.answer_world import NOW
from tests.hook_receiver import OUTLET
from tests.published_world import publish
from tests.reports.pdf_parts import everything
from tests.services.document_text import word_xml
from tests.web.api_world import key, program
from tests.web.conftest import here
from tests.web.test_answer import GOAL, handed_in, later

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.testclient import TestClient

    from styrhjul.services.foundation.installation import Installation
    from tests.answer_world import World

#: The morning after the day that the answer was to be completed by.
READ_AT = datetime(2027, 6, 10, 7, 0, tzinfo=UTC)
DECIDED, NEW_DAY = "2027-03-09", date(2027, 5, 31)
CHIEF = Decision(by="kommunchefen", reason="Målet går inte att mäta.")


@pytest.fixture
def answered(client: TestClient, home: Installation, world: World) -> World:
    """The committee has handed in a goal that it decided the day before."""
    publish(home.database)
    with home.database.municipality(world.municipality_id) as session:
        session.execute(update(Notice).values(delivered_on=date(2027, 1, 7)))
    handed_in(client, world.chair, GOAL, decided_on=DECIDED, paragraph="12")
    return world


def send_back(home: Installation, world: World) -> None:
    return_answer(home.database, CaseAt(world.municipality_id, world.case_id), NEW_DAY, CHIEF, NOW)


def papers(home: Installation) -> dict[str, bool]:
    """Whether the chapter counts the committee as having answered, in each of its files."""
    view = chapter_of(home.database, "herrljunga", 2027, READ_AT)
    (section,) = view.chapter.sections
    files = {kind: chapter_file(home.database, view, kind, READ_AT).content for kind in ChapterFormat}
    book = load_workbook(BytesIO(files[ChapterFormat.XLSX]))
    (told,) = json.loads(files[ChapterFormat.JSON])["sections"]
    texts = {
        "word": "".join(str(text) for text in word_xml(files[ChapterFormat.DOCX]).itertext()),
        "workbook": "\n".join(str(cell.value) for sheet in book for row in sheet for cell in row),
        "chapter": json.dumps(told, ensure_ascii=False),
        "pdf": everything(files[ChapterFormat.PDF]).decode("utf-8", "replace"),
    }
    return {
        "count": section.counts[0].answered == 1,
        "missing": not section.missing,
        **{f"{name}'s goal": GOAL in text for name, text in texts.items()},
        "word's count": "1 av 1 nämnd har svarat" in texts["word"],
        "workbook's day": DECIDED in texts["workbook"],
        "chapter's day": DECIDED in texts["chapter"],
    }


def programs(home: Installation, world: World) -> dict[str, bool]:
    """Whether other programs and anybody on the web are told that it is answered."""
    public = public_promises(home.database, "herrljunga", READ_AT)
    with program(home, key(home, world.municipality_id, name=new_id())) as client:
        case = client.get(f"/api/v1/cases/{world.case_id}").json()
        (listed,) = client.get("/api/v1/cases").json()["items"]
    return {
        "open data": [each.standing for each in public.rounds] == ["answered"],
        "open goals": bool(public.goals),
        "API case": case["is_answered"],
        "API list": listed["is_answered"],
        "API state": case["state"] == "submitted",
    }


def pages(home: Installation, world: World) -> dict[str, bool]:
    """Whether those who work with it see it as answered."""
    with here(later(home, (READ_AT - NOW).days + 1)) as client:
        overview = client.get("/herrljunga").text
        case = client.get(f"/herrljunga/case/{world.case_id}").text
        listed = client.get("/herrljunga/cases").text
    sought = search_cases(home.database, "herrljunga", Search(state=Sought.ANSWERED), READ_AT)
    (line,) = open_cases_of(home.database, world.municipality_id, READ_AT.date())
    (cell,) = re.findall(rf'<a class="cell [^>]*{world.case_id}.*?</a>', overview, re.DOTALL)
    return {
        "overview": DECIDED in cell,
        "list of cases": DECIDED in listed,
        "search": sought.total == 1,
        "page": "har inte svarat" not in case and "skickades tillbaka och gäller inte" not in case,
        "late": not line.is_late,
        "results": bool(results_of(home.database, "herrljunga", 2027, READ_AT).times),
    }


def audit(home: Installation) -> dict[str, bool]:
    """Whether the auditor's pack counts it."""
    pack = audit_pack(home.database, "herrljunga", "integration", READ_AT)
    with ZipFile(BytesIO(audit_file(pack).content)) as package:
        counts = json.loads(package.read("granskning.json"))["counts"]
    return {
        "pack": pack.counts.answered == 1 and pack.counts.unanswered == 0,
        "pack's file": counts["answered"] == 1,
    }


def said(home: Installation, world: World) -> dict[str, bool]:
    """Every way out, and whether it says that there is an answer."""
    return papers(home) | programs(home, world) | pages(home, world) | audit(home)


def kept(home: Installation, world: World, folder: Path) -> dict[str, bool]:
    """What holds all that was handed in, whatever became of it."""
    out = folder / f"{len(list(folder.iterdir()))}.zip"
    export_to(home.database, out, Wish(now=READ_AT, secret="s"))
    with ZipFile(out) as package:
        exported = any(GOAL.encode() in package.read(name) for name in package.namelist())
    pack = audit_pack(home.database, "herrljunga", "integration", READ_AT)
    record = answer_record_of(home.database, world.municipality_id, world.case_id)
    return {
        "export": exported,
        "pack": [answer.version for answer in pack.cases[0].answers] == [1],
        "record": [version.goals[0].text for version in record.given] == [GOAL],
    }


def test_an_answer_is_told_the_same_everywhere_and_so_is_one_sent_back(
    home: Installation, answered: World, tmp_path: Path
) -> None:
    assert {way for way, told in said(home, answered).items() if not told} == set()
    assert all(kept(home, answered, tmp_path).values())
    send_back(home, answered)
    assert {way for way, told in said(home, answered).items() if told} == set()
    assert all(kept(home, answered, tmp_path).values())


@pytest.fixture
def subscribed(home: Installation, answered: World) -> World:
    """Another system wants to know, and the chief executive has been told of the case."""
    own = {"url": "http://127.0.0.1:9/", "events": SUBSCRIBED, "by": "Anna Ek", "now": NOW}
    add_webhook(home.database, OUTLET, answered.municipality_id, **own)  # type: ignore[arg-type]
    with home.database.municipality(answered.municipality_id) as session:
        up = Notice.post_id == answered.posts[PostRole.CHIEF_EXECUTIVE]
        session.execute(update(Notice).where(up).values(rung="chief_executive"))
    return answered


def to_other_systems(home: Installation, world: World) -> list[str]:
    """What webhooks say was decided."""
    with home.database.reading(world.municipality_id) as session:
        told = select(WebhookMessage).where(WebhookMessage.event == HookEvent.CASE_DECIDED)
        return sorted(each.content["decision"] for each in session.scalars(told))


def test_what_people_decided_is_told_in_the_same_words_everywhere(home: Installation, subscribed: World) -> None:
    note(home.database, CaseAt(subscribed.municipality_id, subscribed.case_id), CHIEF, NOW)
    send_back(home, subscribed)
    (section,) = chapter_of(home.database, "herrljunga", 2027, READ_AT).chapter.sections
    pack = audit_pack(home.database, "herrljunga", "integration", READ_AT)
    with program(home, key(home, subscribed.municipality_id)) as client:
        api = client.get(f"/api/v1/cases/{subscribed.case_id}").json()["decisions"]
    told = {
        "chapter": [(each.act, each.until) for each in section.went_up[0].decisions],
        "pack": [(each.act, each.until) for each in pack.cases[0].decisions],
        "API": [(each["what"], each["until"] and date.fromisoformat(each["until"])) for each in api],
    }
    assert [*told.values()] == [[("note", None), ("return", NEW_DAY)]] * len(told)
    assert to_other_systems(home, subscribed) == ["note", "return"]
    assert pack.counts.decisions == 2


@pytest.mark.parametrize("cap", [None, 0], ids=["in the ladder", "taken out of it since"])
def test_what_went_up_is_told_to_have_gone_up_everywhere(home: Installation, world: World, cap: int | None) -> None:
    with home.database.municipality(world.municipality_id) as session:
        up = Notice.post_id == world.posts[PostRole.HEAD_OF_ADMINISTRATION]
        session.execute(update(Notice).where(up).values(rung="head", delivered_on=date(2027, 4, 6)))
        if cap is not None:
            session.add(LadderOverride(lifecycle="goal_setting", rung="head", cap=cap))
    (section,) = chapter_of(home.database, "herrljunga", 2027, READ_AT).chapter.sections
    pack = audit_pack(home.database, "herrljunga", "integration", READ_AT)
    view = case_view(home.database, "herrljunga", world.case_id, READ_AT)
    (row,) = [each for each in timeline(view) if each.symbol == "i-up"]
    assert [each.office for each in section.went_up[0].told] == ["Förvaltningschef, Socialnämnden"]
    assert (pack.counts.went_up, view.status, row.is_mail) == (1, Status.WITH_HEAD, True)
