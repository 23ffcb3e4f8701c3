"""Going live: a hundred policies imported in November cause no flood, and nobody is chased for the time before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from styrhjul.db.case_model import Case
from styrhjul.db.journal import entries
from styrhjul.db.model import Policy
from styrhjul.db.release_write import NOT_OPENED_YET, TOO_LATE
from styrhjul.db.session import Database
from styrhjul.db.wake import touch_cases
from styrhjul.domain.calendar import add_working_days, is_working_day
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import EntryKind, Standing, fold
from styrhjul.domain.lifecycle import State
from styrhjul.services.overview.concern import ConcernKind
from styrhjul.services.overview.pages import overview_of
from styrhjul.services.policies.file import ReadFile
from styrhjul.services.policies.intake import PolicyText, RefusedDocument, import_policies
from styrhjul.services.policies.release import (
    NothingToRelease,
    NotLive,
    preview_release,
    release_municipality,
    release_policies,
)
from styrhjul.services.policies.store import Signed
from tests.town import Town, build_town, nine
from workflows import LIFECYCLES

IMPORTED, RELEASED, LAST = date(2026, 11, 10), date(2026, 11, 23), date(2027, 12, 31)
#: What the three examples ask for, one kind of document each.
SENTENCES = (
    "Varje nämnd ska ta fram 1-2 mål. Målen följs upp årligen. Policyn ska revideras varje mandatperiod.",
    "Socialnämnden kan utarbeta handlingsplaner. Kommunchefen ansvarar för att projekten följs upp.",
    "Kommunstyrelsen ska ange mål. Uppföljningen sker årligen och redovisas i årsredovisningen.",
    "Byggnämnden ska följa upp arbetet senast den 15 december varje år.",
)


def a_policy(number: int) -> str:
    adopter = ("Kommunfullmäktige", "Kommunstyrelsen", "Socialnämnden")[number % 3]
    return (
        f"Policy\n\nAntagen av: {adopter}\nDatum: {2012 + number % 14}-05-{1 + number % 28:02} § {number + 1}\n\n"
        f"Policy nummer {number} för Lillby kommun\n\nAnsvar\n\n{SENTENCES[number % 4]}\n"
    )


def bring_in(town: Town, texts: list[str], on: date) -> None:
    documents = [
        PolicyText(municipality_id=town.municipality_id, file=ReadFile(name=f"{number}.txt", text=text))
        for number, text in enumerate(texts)
    ]
    import_policies(town.database, documents, Signed(by="import", now=nine(on), confirm=True), LIFECYCLES)


@pytest.fixture(scope="module")
def flooded(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Town]:
    """A town that imports a hundred policies, lives unreleased for two weeks, is released and lives out the year."""
    path = tmp_path_factory.mktemp("flood") / "styrhjul.db"
    path.write_bytes(sqlite_template.read_bytes())
    town = build_town(Database(f"sqlite:///{path}"), kinds=())
    bring_in(town, [a_policy(number) for number in range(100)], IMPORTED)
    live(town, IMPORTED, RELEASED - timedelta(days=1))
    assert town.mails() == []  # nothing leaves before the release
    release_policies(town.database, town.municipality_id, None, nine(RELEASED))
    live(town, RELEASED, date(2027, 3, 31))
    for offset in range(1, (LAST - date(2027, 3, 31)).days, 7):  # then whenever somebody looks, once a week
        town.live(date(2027, 3, 31) + timedelta(days=offset))
    town.live(LAST)
    yield town
    town.database.dispose()


def live(town: Town, start: date, until: date) -> None:
    for offset in range((until - start).days + 1):
        if is_working_day(day := start + timedelta(days=offset)):
            town.live(day)


def test_no_mailbox_gets_more_than_one_mail_a_day(flooded: Town) -> None:
    per_day = Counter((mail.address, mail.composed_at.date()) for mail in flooded.mails())
    assert set(per_day.values()) == {1}


def test_nothing_goes_up_without_a_full_ladder_from_the_release(flooded: Town) -> None:
    up = [notice for notice in flooded.notices() if notice.rung in ("head", "chief_executive")]
    assert up
    assert min(notice.planned_on for notice in up) > add_working_days(RELEASED, 20)


def test_a_year_later_nobody_has_been_asked_for_a_period_before(flooded: Town) -> None:
    for case in flooded.cases():
        if case.due_on < add_working_days(RELEASED, 20) or case.opens_on < date(2026, 10, 15):
            assert case.state is State.NOT_FOLLOWED
    chased = {case.id for case in flooded.cases() if case.state is not State.NOT_FOLLOWED}
    assert {notice.case_id for notice in flooded.notices() if notice.delivered_on} <= chased


def test_earlier_terms_are_recorded_as_not_followed(flooded: Town) -> None:
    before = [case for case in flooded.cases() if case.lifecycle == "revision" and case.period < "2026-10-15"]
    assert before
    assert {case.state for case in before} == {State.NOT_FOLLOWED}


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database, kinds=())


def test_a_preview_tells_the_load_and_releases_nothing(town: Town) -> None:
    bring_in(town, [a_policy(0), a_policy(1)], IMPORTED)
    town.sweep(IMPORTED)
    told = preview_release(town.database, town.municipality_id, None, nine(RELEASED))
    assert len(told.policies) == 2
    assert {load.body for load in told.load} >= {"Socialnämnden", "Kommunstyrelsen"}
    assert sum(load.notices for load in told.load) > 0
    live(town, IMPORTED, RELEASED)
    assert town.mails() == []


def test_a_release_does_what_its_preview_told(town: Town) -> None:
    bring_in(town, [a_policy(0)], IMPORTED)
    town.sweep(IMPORTED)
    told = preview_release(town.database, town.municipality_id, None, nine(RELEASED))
    assert release_policies(town.database, town.municipality_id, None, nine(RELEASED)) == told


def test_one_policy_can_be_released_before_the_others(town: Town) -> None:
    bring_in(town, [a_policy(0), a_policy(4)], IMPORTED)
    slug = "policy-nummer-4-for-lillby-kommun"
    release_policies(town.database, town.municipality_id, [slug], nine(RELEASED))
    with town.database.reading(town.municipality_id) as session:
        waiting = session.scalars(select(Policy.slug).where(Policy.released_at.is_(None))).all()
        (released,) = session.scalars(select(Policy).where(Policy.slug == slug))
    assert waiting == ["policy-nummer-0-for-lillby-kommun"]
    assert released.starts_on == RELEASED


def test_nothing_to_release_is_told_with_what_waits(town: Town) -> None:
    bring_in(town, [a_policy(0)], IMPORTED)
    with pytest.raises(NothingToRelease, match="policy-nummer-0"):
        release_policies(town.database, town.municipality_id, ["ingen"], nine(RELEASED))


def test_a_policy_of_a_municipality_that_is_not_live_waits_for_it(database: Database, municipality_id: str) -> None:
    with pytest.raises(NotLive, match="Be den som driver Styrhjul"):
        release_policies(database, municipality_id, None, nine(RELEASED))


def test_a_municipalitys_release_takes_the_policies_it_has_and_no_later_ones(town: Town) -> None:
    bring_in(town, [a_policy(0)], IMPORTED)
    release_municipality(town.database, town.municipality_id, nine(RELEASED))  # was released already
    with town.database.reading(town.municipality_id) as session:
        assert session.scalar(select(func.count(Policy.id)).where(Policy.released_at.is_(None))) == 1


def test_whoever_has_not_heard_of_a_case_hears_first_that_it_is_open(town: Town) -> None:
    bring_in(town, [a_policy(2).replace("sker årligen", "sker årligen och lämnas senast den 1 juni")], IMPORTED)
    for day in (IMPORTED, date(2027, 1, 7), date(2027, 3, 2), date(2027, 3, 3)):
        town.sweep(day)
    release_policies(town.database, town.municipality_id, None, nine(date(2027, 3, 3)))
    live(town, date(2027, 3, 3), date(2027, 3, 5))
    asked = {case.id for case in town.cases() if case.policy_id}
    notices = [notice for notice in town.notices() if notice.case_id in asked]
    assert {notice.rung for notice in notices if notice.status is NoticeStatus.DELIVERED} == {"opened"}
    assert {notice.reason for notice in notices if notice.rung == "reminder"} <= {NOT_OPENED_YET, TOO_LATE}


def test_the_reminder_that_gave_way_to_the_opening_does_not_come_back_at_the_next_look(town: Town) -> None:
    """Papers long before the due day, and a list of officials on the day of the release."""
    released = date(2027, 4, 8)
    bring_in(town, [a_policy(2).replace("sker årligen", "sker årligen och lämnas senast den 1 juni")], IMPORTED)
    for day in (IMPORTED, date(2027, 1, 7)):
        town.sweep(day)
    asked = [(case.id, case.lifecycle) for case in town.cases() if case.lifecycle == "follow_up"]
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Case).values(agenda_on=date(2027, 4, 20)))
        touch_cases(session, asked, released)
    town.sweep(released)
    release_policies(town.database, town.municipality_id, None, nine(released))
    with town.database.municipality(town.municipality_id) as session:
        touch_cases(session, asked, released)
    live(town, released, date(2027, 4, 12))
    notices = {(n.rung, n.status, n.turn) for n in town.notices() if n.case_id == asked[0][0]}
    assert notices == {("opened", NoticeStatus.DELIVERED, 1), ("reminder", NoticeStatus.SUPERSEDED, 1)}


def test_a_case_that_lapses_before_its_release_was_never_asked(town: Town) -> None:
    """No answer is missing where nobody got the question."""
    bring_in(town, [a_policy(0)], IMPORTED)
    for day in (IMPORTED, date(2027, 1, 7), date(2027, 9, 1), date(2027, 9, 2)):
        town.sweep(day)
    with town.database.reading(town.municipality_id) as session:
        waiting = set(session.scalars(select(Policy.id).where(Policy.released_at.is_(None))))
        journals = [
            (case, [entry for entry, _ in entries(session, case.id)])
            for case in session.scalars(select(Case).where(Case.policy_id.in_(waiting), Case.period == "2027"))
        ]
    assert journals
    for case, journal in journals:
        assert case.state is State.NOT_FOLLOWED
        assert fold(LIFECYCLES[case.lifecycle], journal) == Standing(state=State.NOT_FOLLOWED, due_on=case.due_on)
        assert journal[0].kind is EntryKind.CASE_OPENED


def test_what_waits_for_its_release_is_said_on_the_overview(town: Town) -> None:
    bring_in(town, [a_policy(0), a_policy(1)], IMPORTED)
    concerns = overview_of(town.database, town.slug, nine(IMPORTED)).concerns
    assert [each.count for each in concerns if each.kind is ConcernKind.UNRELEASED] == [2]


def test_one_faulty_document_among_good_ones_stores_none(town: Town) -> None:
    bad = a_policy(7).replace("Kommunstyrelsen", "Rymdnämnden")
    with pytest.raises(RefusedDocument, match=r"1\.txt"):
        bring_in(town, [a_policy(0), bad], IMPORTED)
    assert titles(town) == ["Integrationspolicy"]


def test_all_or_nothing_holds_across_municipalities(town: Town) -> None:
    other = build_town(town.database, "storby", kinds=())
    bad = a_policy(7).replace("Kommunstyrelsen", "Rymdnämnden")
    documents = [
        PolicyText(municipality_id=town.municipality_id, file=ReadFile(name="a.txt", text=a_policy(0))),
        PolicyText(municipality_id=other.municipality_id, file=ReadFile(name="b.txt", text=bad)),
    ]
    with pytest.raises(RefusedDocument, match=r"b\.txt"):
        import_policies(town.database, documents, Signed(by="t", now=nine(IMPORTED), confirm=True), LIFECYCLES)
    assert titles(town) == ["Integrationspolicy"]


def test_two_documents_without_a_title_are_two(town: Town) -> None:
    bring_in(town, ["Socialnämnden ska ta fram 2 mål.\n", "Byggnämnden ska ta fram 2 mål.\n"], IMPORTED)
    assert titles(town)[:2] == ["Dokument utan titel", "Dokument utan titel 2"]


def titles(town: Town) -> list[str]:
    with town.database.reading(town.municipality_id) as session:
        return list(session.scalars(select(Policy.title).order_by(Policy.title)))
