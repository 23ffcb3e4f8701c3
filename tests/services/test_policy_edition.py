"""A new edition takes the place of the one before: what is asked from then on, and what stays as it was."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from styrhjul.db.journal import entries
from styrhjul.db.model import Duty, Edition, Policy
from styrhjul.db.session import Database
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.services.organisation.officials import import_officials
from styrhjul.services.policies.file import ReadFile
from styrhjul.services.policies.intake import ImportReport, PolicyText, import_edition, import_policy
from styrhjul.services.policies.store import EditionRefused, Signed
from tests.services.officials_files import write_officials
from tests.services.test_policy_import import TEXT
from tests.town import Town
from workflows import LIFECYCLES

SLUG = "miljopolicy-for-vinterby-kommun"
NEW = TEXT.replace("2024-05-13 § 41", "2026-10-12 § 90").replace("årligen besluta om 1-3 mål", "besluta om två mål")

IN_FORCE = NEW.replace("2026-10-12 § 90", "2024-06-10 § 50\nSenast reviderad: 2026-05-04")


@pytest.fixture(autouse=True)
def first(database: Database, municipality_id: str, tmp_path: Path, now: datetime) -> None:
    assert import_officials(database, municipality_id, write_officials(tmp_path / "officials"), now).errors == ()
    import_policy(database, municipality_id, TEXT, confirm=True, by="samordnaren", now=now, lifecycles=LIFECYCLES)


def renew(database: Database, municipality_id: str, now: datetime, text: str = NEW, slug: str = SLUG) -> ImportReport:
    document = PolicyText(municipality_id=municipality_id, file=ReadFile(name="ny.txt", text=text))
    return import_edition(database, document, slug, Signed(by="samordnaren", now=now, confirm=True), LIFECYCLES)


def test_the_edition_before_is_superseded_the_day_the_new_one_was_adopted(
    database: Database, municipality_id: str, now: datetime
) -> None:
    renew(database, municipality_id, now)
    with database.reading(municipality_id) as session:
        editions = session.scalars(select(Edition).order_by(Edition.adopted_on)).all()
        policy = session.scalars(select(Policy)).one()
        imported = [entry for entry, _ in entries(session) if entry.kind is EntryKind.POLICY_IMPORTED]
    assert [each.superseded_on for each in editions] == [date(2026, 10, 12), None]
    assert {each.policy_id for each in editions} == {policy.id}
    assert imported[1].data["supersedes"] == editions[0].sha256


def test_only_the_new_editions_duties_open_rounds(database: Database, municipality_id: str, now: datetime) -> None:
    town = Town(database, "vinterby", municipality_id=municipality_id)
    report = renew(database, municipality_id, now)
    town.sweep(date(2027, 1, 11))
    with database.reading(municipality_id) as session:
        goals = session.scalars(select(Duty).where(Duty.action_kind == ActionKind.SET_GOALS)).all()
        present = session.scalars(select(Edition.id).where(Edition.superseded_on.is_(None))).one()
    assert len(goals) == 2
    assert report.confirmed == len([1 for each in present_duties(database, municipality_id) if each.confirmed_at])
    assert {case.policy_id for case in town.cases() if case.policy_id} == {report.policy_id}
    assert present in {duty.edition_id for duty in goals}


def present_duties(database: Database, municipality_id: str) -> list[Duty]:
    with database.reading(municipality_id) as session:
        present = session.scalars(select(Edition.id).where(Edition.superseded_on.is_(None))).one()
        return list(session.scalars(select(Duty).where(Duty.edition_id == present)))


def test_the_same_edition_again_changes_nothing(database: Database, municipality_id: str, now: datetime) -> None:
    renew(database, municipality_id, now)
    assert renew(database, municipality_id, now).duplicate


@pytest.mark.parametrize(
    ("text", "slug", "why"),
    [
        (NEW.replace("2026-10-12", "2026-12-14"), SLUG, "Utgåvan gäller från 2026-12-14"),
        (NEW.replace("2026-10-12", "2020-02-03"), SLUG, "före den som gäller"),
        (NEW, "annan", "inget styrdokument"),
    ],
)
def test_what_cannot_take_its_place_is_refused(
    database: Database, municipality_id: str, now: datetime, *, text: str, slug: str, why: str
) -> None:
    with pytest.raises(EditionRefused, match=why):
        renew(database, municipality_id, now, text, slug)
    with database.reading(municipality_id) as session:
        assert session.scalars(select(Edition.superseded_on)).all() == [None]


def test_a_text_that_does_not_say_when_it_was_adopted_is_taken_with_a_warning(
    database: Database, municipality_id: str, now: datetime
) -> None:
    report = renew(database, municipality_id, now, NEW.replace(" 2026-10-12 § 90", ""))
    assert [each for each in report.warnings if "antogs 2024-05-13" in each] != []
    assert not any("antogs 2024" in each for each in renew(database, municipality_id, now).warnings)


def test_a_repealed_document_gets_no_new_edition(database: Database, municipality_id: str, now: datetime) -> None:
    with database.municipality(municipality_id) as session:
        session.execute(update(Policy).values(repealed_on=date(2026, 10, 1)))
    with pytest.raises(EditionRefused, match="är upphävt"):
        renew(database, municipality_id, now)


def test_of_two_texts_that_were_adopted_the_same_day_the_one_revised_earlier_is_refused(
    database: Database, municipality_id: str, now: datetime
) -> None:
    renew(
        database, municipality_id, now, NEW.replace("2026-10-12 § 90", "2024-06-10 § 50\nSenast reviderad: 2026-05-04")
    )
    older = NEW.replace("2026-10-12 § 90", "2024-06-10 § 50\nSenast reviderad: 2025-05-05").replace("två", "tre")
    with pytest.raises(EditionRefused, match="reviderades 2025-05-05, före den som gäller"):
        renew(database, municipality_id, now, older)
    unsaid = renew(database, municipality_id, now, older.replace("\nSenast reviderad: 2025-05-05", ""))
    assert any("inte när den reviderades" in warning for warning in unsaid.warnings)


def test_a_text_adopted_after_the_last_revision_is_newer_whatever_it_says_of_older_ones(
    database: Database, municipality_id: str, now: datetime
) -> None:
    renew(
        database, municipality_id, now, NEW.replace("2026-10-12 § 90", "2024-06-10 § 50\nSenast reviderad: 2026-05-04")
    )
    newer = NEW.replace("2026-10-12 § 90", "2026-10-12 § 90\nSenast reviderad: 2025-05-05").replace("två", "tre")
    assert not [each for each in renew(database, municipality_id, now, newer).warnings if "reviderades" in each]
