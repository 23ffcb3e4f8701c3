"""While a text is read nobody waits for it: no transaction that writes is open; on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest
from sqlalchemy import func, select

from styrhjul.db.model import Policy
from styrhjul.db.session import Database, try_lock_register
from styrhjul.documents import PolicyReading, read_policy
from styrhjul.services.policies import proposal
from styrhjul.services.policies.batch import look_through, store_batch
from styrhjul.services.policies.file import ReadFile
from styrhjul.services.policies.intake import (
    PolicyText,
    import_edition,
    import_policies,
    import_policy,
    import_shown,
    rehearse_edition,
)
from styrhjul.services.policies.store import Signed
from tests.town import Town, build_town
from workflows import LIFECYCLES

NOW = datetime(2027, 3, 10, 8, tzinfo=UTC)
SIGNED = Signed(by="Samordnaren", now=NOW, confirm=True)
TEXT = """\
Antagen av: Kommunfullmäktige
Datum: 2024-05-13 § 41

Policy om sak {} för Lillby kommun

Varje nämnd ska årligen besluta om 1-3 mål för sitt arbete med sak {}.
"""
#: More than the rules remember.
MANY = 20


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database, committees=("socialnämnden",))


@pytest.fixture
def reads(town: Town, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were read; each let somebody else write meanwhile."""
    seen: list[str] = []

    def read(text: str) -> PolicyReading:
        with town.database.municipality(town.municipality_id) as session:
            assert try_lock_register(session), "whoever reads holds up everybody who writes"
        seen.append(text)
        return read_policy(text)

    monkeypatch.setattr(proposal, "read_policy", read)
    return seen


def text_of(number: int) -> str:
    return TEXT.format(number, number)


def document(town: Town, text: str) -> PolicyText:
    return PolicyText(municipality_id=town.municipality_id, file=ReadFile(name="fil.txt", text=text))


def bring_in(town: Town, text: str) -> str:
    return import_policy(
        town.database, town.municipality_id, text, confirm=True, by="t", now=NOW, lifecycles=LIFECYCLES
    ).slug


def policies(town: Town) -> int:
    with town.database.reading(town.municipality_id) as session:
        return session.scalar(select(func.count(Policy.id)).where(Policy.id != town.policy_id)) or 0


def test_somebody_else_writes_while_a_policy_is_read(town: Town, reads: list[str]) -> None:
    bring_in(town, text_of(1))
    assert reads == [text_of(1)]


def test_somebody_else_writes_while_many_are_read(town: Town, reads: list[str]) -> None:
    documents = [document(town, text_of(number)) for number in range(MANY)]
    import_policies(town.database, documents, SIGNED, LIFECYCLES)
    assert len(reads) == MANY
    assert policies(town) == MANY


def test_what_was_looked_through_is_stored_without_being_read_again(town: Town, reads: list[str]) -> None:
    files = [(f"{number}.txt", partial(ReadFile, name="", text=text_of(number))) for number in range(MANY)]
    rows = list(look_through(town.database, files, town.municipality_id, now=NOW))
    reads.clear()
    store_batch(town.database, rows, SIGNED, LIFECYCLES)
    assert reads == []
    assert policies(town) == MANY


@pytest.mark.parametrize("act", [import_edition, rehearse_edition])
def test_somebody_else_writes_while_an_edition_and_the_one_before_it_are_read(
    town: Town, reads: list[str], act: Callable[..., object]
) -> None:
    slug = bring_in(town, text_of(1))
    new = text_of(1).replace("2024-05-13 § 41", "2026-10-12 § 90")
    reads.clear()
    act(town.database, document(town, new), slug, SIGNED, LIFECYCLES)
    assert sorted(reads) == sorted([new, text_of(1)])


@pytest.mark.parametrize("number", [1, 2])
def test_somebody_else_writes_while_what_was_shown_is_read(town: Town, reads: list[str], number: int) -> None:
    slug = bring_in(town, text_of(1))
    text = text_of(number).replace("2024-05-13", "2024-06-10")
    reads.clear()
    import_shown(town.database, document(town, text), slug if number == 1 else "", SIGNED, lambda *_: True)
    assert len(reads) == 3 - number
