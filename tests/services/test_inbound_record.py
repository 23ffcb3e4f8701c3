"""What came in about a mail is told in its record, and saved beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from styrhjul.db.mail_model import MailStatus
from styrhjul.services.mail_page import mail_pdf
from styrhjul.services.record_export import mail_record_of
from tests.mail.inbound_shape import Report
from tests.reports.pdf_parts import letters
from tests.services.inbound_world import PostalTown, postal_town

if TYPE_CHECKING:
    from styrhjul.db.session import Database

#: A report whose diagnosis has a letter that stands nowhere else in a record.
GONE = Report().raw().replace(b"User unknown", b"User unknown ^")


@pytest.fixture
def town(database: Database) -> PostalTown:
    return postal_town(database)


def test_a_mail_that_came_back_is_a_record_of_that(town: PostalTown) -> None:
    town.take(town.about(town.mail_to(), GONE))
    record = mail_record_of(town.database, town.municipality_id, town.mail_to().id)
    told = record.metadata
    assert told.status is MailStatus.BOUNCED
    assert told.accepted_at is not None
    assert told.journal[-1].kind == "mail_bounced"
    assert set("Mejlet kom inte fram i retur^") <= letters(mail_pdf(record))
