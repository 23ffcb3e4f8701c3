"""A municipality's own Word template is tried before it is kept, journalled, and put around the files that leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from styrhjul.db.journal import entries
from styrhjul.domain.journal import EntryKind
from styrhjul.services.foundation.leaving_file import leaving
from styrhjul.services.reports.own_template import (
    SentTemplate,
    in_template,
    keep_template,
    own_template,
    remove_template,
    template_file,
)
from styrhjul.services.reports.word_content import TemplateRefused
from tests.services.test_word_template import OURS, parts_of, template
from tests.town import build_town

if TYPE_CHECKING:
    from datetime import datetime

    from styrhjul.db.session import Database

LETTERHEAD = SentTemplate("brevmall.docx", template())
PLAIN = leaving("avsnitt.docx", OURS)
BY = "Samordnaren"


def keep(database: Database, municipality_id: str, now: datetime, sent: SentTemplate = LETTERHEAD) -> bool:
    return keep_template(database, municipality_id, sent, now, by=BY)


def journalled(database: Database, municipality_id: str) -> list[object]:
    with database.reading(municipality_id) as session:
        lines = [entry for entry, _ in entries(session)]
    return [entry.data["name"] for entry in lines if entry.kind is EntryKind.TEMPLATE_CHANGED]


def test_a_file_is_dressed_in_the_template_that_is_kept(
    database: Database, municipality_id: str, now: datetime
) -> None:
    assert in_template(database, municipality_id, PLAIN) == PLAIN
    assert keep(database, municipality_id, now)
    made = in_template(database, municipality_id, PLAIN)
    assert b"Rubrik1" in parts_of(made.content)["word/document.xml"]
    kept = own_template(database, municipality_id)
    assert kept is not None
    assert (kept.name, kept.changed_by, kept.changed_at) == ("brevmall.docx", BY, now)


def test_each_change_is_journalled_and_the_same_file_again_is_none(
    database: Database, municipality_id: str, now: datetime
) -> None:
    assert keep(database, municipality_id, now)
    assert not keep(database, municipality_id, now)
    assert remove_template(database, municipality_id, now, by=BY)
    assert not remove_template(database, municipality_id, now, by=BY)
    assert journalled(database, municipality_id) == ["brevmall.docx", None]
    assert in_template(database, municipality_id, PLAIN) == PLAIN


def test_a_template_with_macros_is_refused_and_the_one_before_stays(
    database: Database, municipality_id: str, now: datetime
) -> None:
    keep(database, municipality_id, now)
    with pytest.raises(TemplateRefused):
        keep(database, municipality_id, now, SentTemplate("ny.docx", template(word__vbaProject=b"x")))
    assert template_file(database, municipality_id) == LETTERHEAD
    assert journalled(database, municipality_id) == ["brevmall.docx"]


def test_a_template_dresses_no_other_municipality(database: Database, municipality_id: str, now: datetime) -> None:
    other = build_town(database, "storby").municipality_id
    keep(database, other, now)
    assert own_template(database, municipality_id) is None
    assert not remove_template(database, municipality_id, now, by=BY)
    assert template_file(database, other) == LETTERHEAD
