"""The lint of a policy in the register, which knows what else is in force."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from styrhjul.db.model import Policy
from styrhjul.db.session import Database
from styrhjul.services.municipality.directory import NotHere
from styrhjul.services.organisation.officials import import_officials
from styrhjul.services.policies.intake import import_policy
from styrhjul.services.policies.lint import lint_policy, lint_text
from tests.services.officials_files import write_officials
from tests.services.test_policy_import import TEXT
from workflows import LIFECYCLES

OLD, NEW = "miljopolicy-for-vinterby-kommun", "klimatprogram-for-vinterby-kommun"
SUCCESSOR = TEXT.replace("Miljöpolicy", "Klimatprogram").replace(
    "Datum:", "Ersätter: Miljöpolicy för Vinterby kommun\nDatum:"
)


@pytest.fixture(autouse=True)
def two_policies(database: Database, municipality_id: str, tmp_path: Path, now: datetime) -> None:
    assert import_officials(database, municipality_id, write_officials(tmp_path / "officials"), now).errors == ()
    for text in (TEXT, SUCCESSOR):
        import_policy(database, municipality_id, text, confirm=True, by="import", now=now, lifecycles=LIFECYCLES)


def rules(database: Database, slug: str, now: datetime) -> list[str]:
    return [line.rule for line in lint_policy(database, "vinterby", slug, now)]


def test_a_policy_that_another_one_replaces_is_told_so_while_both_are_in_force(
    database: Database, municipality_id: str, now: datetime
) -> None:
    assert "replaced_in_register" in rules(database, OLD, now)
    assert "replaced_in_register" not in rules(database, NEW, now)
    with database.municipality(municipality_id) as session:
        session.execute(update(Policy).where(Policy.slug == OLD).values(repealed_on=now.date()))
    assert "replaced_in_register" not in rules(database, OLD, now)


def test_a_remark_has_its_place_and_its_words_on_one_line(database: Database, now: datetime) -> None:
    (line,) = [one for one in lint_policy(database, "vinterby", OLD, now) if one.rule == "no_deadline"]
    assert line.place == "rad 13"
    assert line.quote == "Kommunchefen ansvarar för att de upprättade handlingsplanerna följs upp."


def test_an_unknown_policy_is_not_here(database: Database, now: datetime) -> None:
    with pytest.raises(NotHere):
        lint_policy(database, "vinterby", "annan", now)


def test_what_stands_in_a_file_with_pages_is_found_by_its_page() -> None:
    text = "Reseplan\n\nNämnden ska ta fram mål."
    (page,) = {line.place for line in lint_text(text, date(2026, 11, 22), (0, 10)) if line.quote}
    assert page == "sida 2"
