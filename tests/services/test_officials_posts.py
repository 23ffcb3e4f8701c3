"""Posts that are renamed: the old one rests, the new one is written to, and what was written keeps its title."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from styrhjul.db.mail_ledger_query import load_posts
from styrhjul.db.mail_model import Mail
from styrhjul.db.model import Post
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.session import Database
from styrhjul.services.organisation.officials import OfficialsReport, import_officials
from styrhjul.services.organisation.officials_effect import VacantPost
from styrhjul.services.policies.intake import import_policy
from styrhjul.services.policies.release import release_municipality
from tests.services.officials_files import FILES, write_officials
from tests.town import Town, nine
from workflows import LIFECYCLES

OPENING = date(2027, 1, 7)
RENAMED_ON = date(2027, 1, 20)
RENAMED = FILES["posts"].replace("soc;chair;Ordförande", "soc;chair;Nämndens ordförande")
TEXT = """\
Miljöpolicy

Antagen av: Kommunfullmäktige
Datum: 2024-05-13 § 41

Varje nämnd ska årligen besluta om 1-3 mål för sitt miljöarbete.
"""


@pytest.fixture
def town(database: Database, municipality_id: str, tmp_path: Path, now: datetime) -> Town:
    """Vinterby, where the chair of socialnämnden has been written to once."""
    import_officials(database, municipality_id, write_officials(tmp_path / "officials"), now)
    import_policy(database, municipality_id, TEXT, confirm=True, by="Kanslisamordnare", now=now, lifecycles=LIFECYCLES)
    release_municipality(database, municipality_id, now)
    town = Town(database, "vinterby", municipality_id=municipality_id)
    town.live(OPENING)
    return town


def rename(town: Town, tmp_path: Path, posts: str = RENAMED) -> OfficialsReport:
    source = write_officials(tmp_path / "officials", posts=posts)
    return import_officials(town.database, town.municipality_id, source, nine(RENAMED_ON))


def offices_written_to(town: Town) -> list[str]:
    with town.database.reading(town.municipality_id) as session:
        titles = dict(session.execute(select(Post.id, Post.title)).all())
        return [titles[str(post_id)] for post_id in session.scalars(select(Mail.post_id).order_by(Mail.composed_at))]


def test_a_retitled_chair_is_written_to_and_the_old_post_no_more(town: Town, tmp_path: Path) -> None:
    assert offices_written_to(town) == ["Ordförande"]
    assert rename(town, tmp_path).errors == ()
    town.live_through(RENAMED_ON, date(2027, 1, 22))
    town.live(date(2027, 3, 24))
    old, *new = offices_written_to(town)
    assert old == "Ordförande"
    assert set(new) == {"Nämndens ordförande"}


def test_an_ended_post_keeps_its_title_and_is_not_told_as_vacant(town: Town, tmp_path: Path) -> None:
    rename(town, tmp_path)
    with town.database.reading(town.municipality_id) as session:
        ended = [post.title for post in load_organisation(session).posts if post.ended]
        listed = {post.title for post in load_posts(session, RENAMED_ON)}
    assert ended == ["Ordförande"]
    assert listed == {"Kanslisamordnare", "Nämndens ordförande", "Nämndsekreterare"}


def test_a_post_that_is_listed_again_is_live_again(town: Town, tmp_path: Path) -> None:
    rename(town, tmp_path)
    rename(town, tmp_path, FILES["posts"])
    with town.database.reading(town.municipality_id) as session:
        ended = dict(session.execute(select(Post.title, Post.ended_on).where(Post.role == "chair")).all())
    assert ended == {"Ordförande": None, "Nämndens ordförande": RENAMED_ON}


def test_a_renamed_post_without_its_appointments_is_vacant_and_its_old_holder_is_not_written_to(
    town: Town, tmp_path: Path
) -> None:
    alone = tmp_path / "posts.csv"
    alone.write_text(RENAMED, encoding="utf-8")
    report = import_officials(town.database, town.municipality_id, alone, nine(RENAMED_ON))
    assert (report.added, report.ended) == (1, 1)
    assert report.effect.posts_vacant == (VacantPost(body="Socialnämnden", title="Nämndens ordförande"),)
    town.live_through(RENAMED_ON, date(2027, 1, 22))
    assert offices_written_to(town) == ["Ordförande"]
