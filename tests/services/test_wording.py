"""A municipality's own words: refused with part, line and what to do, saved whole, and never in a mail's way."""

from __future__ import annotations

import json
from datetime import date
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from styrhjul.db.journal import entries
from styrhjul.db.session import Database
from styrhjul.db.wording_model import MailWording
from styrhjul.domain.journal import Entry, EntryKind
from styrhjul.mail.wordsmith import Wordsmith
from styrhjul.services.municipality.wording import (
    NoSuchWording,
    Place,
    WrongWording,
    check_wording,
    list_wordings,
    remove_wording,
    set_aside,
    set_wording,
)
from styrhjul.services.operations.quarantine import list_quarantine, release_quarantine
from styrhjul.services.overview.concern import ConcernKind
from styrhjul.services.overview.pages import overview_of
from tests.mail import make_templates
from tests.town import Town, build_town, nine

CORPUS: dict[str, Any] = json.loads(make_templates.FILE.read_text(encoding="utf-8"))
BASE_URL = "https://styrhjul.example.org"
OPENS = date(2027, 1, 7)
LEAD = Place(key="goals_opened", language="sv", part="lead")
WARNING_LEAD = Place(key="goals_warning", language="sv", part="lead")
BY = "kommunsekreteraren"
#: Goes past every check, as a row written by hand would.
POISON = "{{ office * 99999999 }}"


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database)


def save(town: Town, text: str, place: Place = LEAD) -> bool:
    return set_wording(town.database, town.municipality_id, place, text, base_url=BASE_URL, by=BY, now=nine(OPENS))


def slip_in(town: Town, text: str, *, key: str = "goals_opened", part: str = "lead") -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.add(MailWording(key=key, language="sv", part=part, text=text, changed_by=BY, changed_at=nine(OPENS)))


def leads(town: Town) -> list[str]:
    parsed = [message_from_bytes(raw, policy=default) for _, raw in town.transport.taken]
    bodies = [part.get_content() for mail in parsed if (part := mail.get_body(("plain",)))]
    return [" ".join(body.replace("\r\n", "\n").split("\n\n")[1].split()) for body in bodies]


def journalled(town: Town) -> list[Entry]:
    with town.database.reading(town.municipality_id) as session:
        return [entry for entry, _ in entries(session) if entry.kind is EntryKind.WORDING_CHANGED]


def test_the_corpus_is_what_its_script_writes() -> None:
    assert CORPUS["hostile"] == [{"text": text, "kind": kind} for text, kind in make_templates.hostile()]
    assert len(CORPUS["hostile"]) >= 90


def kinds(text: str, place: Place = WARNING_LEAD) -> list[str]:
    """What a text is refused for; nothing when it may be saved."""
    try:
        check_wording(place, text, base_url=BASE_URL)
    except WrongWording as refused:
        return [fault.kind for fault in refused.faults]
    return []


@pytest.mark.parametrize("case", CORPUS["hostile"], ids=lambda case: case["text"][:40])
def test_a_hostile_text_is_refused_for_what_it_is(case: dict[str, str]) -> None:
    assert kinds(case["text"])[:1] == [case["kind"]]


@pytest.mark.parametrize("text", CORPUS["good"])
def test_a_good_text_passes(text: str) -> None:
    assert kinds(text) == []


MISPLACED = {
    "key": Place(key="goals_nothing", language="sv", part="lead"),
    "language": Place(key="all", language="fi", part="lead"),
    "part": Place(key="all", language="sv", part="subject"),
    "contact": Place(key="all", language="sv", part="contact"),
}


@pytest.mark.parametrize("kind", MISPLACED)
def test_words_for_a_place_they_cannot_stand_in_are_refused(kind: str) -> None:
    assert kinds("Hör av dig.", MISPLACED[kind]) == [kind]


def test_words_for_every_mail_use_only_what_every_mail_has() -> None:
    everywhere = Place(key="all", language="sv", part="extra")
    check_wording(everywhere, "Hälsningar från {{ municipality_name }}.", base_url=BASE_URL)
    with pytest.raises(WrongWording, match="all, sv, extra, rad 2: Namnet due_on finns inte här"):
        check_wording(everywhere, "Hej\n{{ due_on }}", base_url=BASE_URL)


def test_a_wrong_text_names_part_line_and_what_to_do_and_changes_nothing(town: Town) -> None:
    save(town, "Nämnden beslutar om mål.")
    with pytest.raises(WrongWording, match=r"goals_opened, sv, lead, rad 3: .*\nSkriv|rad 3: for går inte att använda"):
        save(town, "Ett\ntvå\n{% for a in office %}{% endfor %}")
    assert [row.text for row in list_wordings(town.database, town.municipality_id)] == ["Nämnden beslutar om mål."]
    assert len(journalled(town)) == 1


def test_what_is_saved_is_journalled_with_who_and_what_it_was_and_once(town: Town) -> None:
    assert [save(town, "Ett."), save(town, "Ett."), save(town, "Två.")] == [True, False, True]
    told = [(entry.by, entry.at, entry.data["before"], entry.data["text"]) for entry in journalled(town)]
    assert told == [(BY, nine(OPENS), None, "Ett."), (BY, nine(OPENS), "Ett.", "Två.")]


def test_removed_words_give_way_to_the_built_in_ones(town: Town) -> None:
    save(town, "Ett.")
    remove_wording(town.database, town.municipality_id, LEAD, by=BY, now=nine(OPENS))
    assert list_wordings(town.database, town.municipality_id) == []
    assert journalled(town)[-1].data["text"] is None
    with pytest.raises(NoSuchWording):
        remove_wording(town.database, town.municipality_id, LEAD, by=BY, now=nine(OPENS))


def test_a_mail_leaves_in_the_municipality_s_own_words_and_another_municipality_s_does_not(town: Town) -> None:
    other = build_town(town.database, "storby")
    save(town, "{{ body_name }} beslutar om mål för {{ period }} senast {{ due_on | day }}.")
    town.live(OPENS)
    other.transport = town.transport
    own = [lead for lead in leads(town) if "beslutar om mål för 2027 senast 31 mars" in lead]
    assert (len(own), len(leads(town))) == (4, 8)


def test_a_mail_s_own_words_come_before_those_for_every_mail(town: Town) -> None:
    save(town, "Till alla.", Place(key="all", language="sv", part="lead"))
    save(town, "Just här.")
    town.live(OPENS)
    assert set(leads(town)) == {"Just här."}


def test_no_child_is_started_where_nobody_has_own_words(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Wordsmith, "_start", lambda _: pytest.fail("a child was started"))
    assert town.live(OPENS).sent == 4


def test_a_poison_costs_three_tries_then_it_is_set_aside_and_every_mail_leaves(town: Town) -> None:
    """F-40."""
    slip_in(town, POISON)
    save(town, "Kansliet hjälper dig.", Place(key="all", language="sv", part="extra"))
    assert town.live(OPENS).sent == 4
    assert {lead.split()[0] for lead in leads(town)} == {"Lämna"}  # as the built-in words begin
    assert all(b"Kansliet hj" in raw for _, raw in town.transport.taken)
    (aside,) = list_quarantine(town.database, town.municipality_id)
    assert aside.what == "egna ord i mejlen"
    assert set_aside(town.database) == ["lillby goals_opened sv lead"]


def test_what_fails_fewer_than_three_times_is_counted_and_forgotten_when_it_works(town: Town) -> None:
    slip_in(town, "{{ nobody }}", key="goals_reminder")
    town.live(OPENS)
    with town.database.municipality(town.municipality_id) as session:
        row = session.scalars(select(MailWording)).one()
        row.failures, row.text, row.key = 2, "Fungerar.", "goals_opened"
    town.live(date(2027, 2, 9))
    assert list_quarantine(town.database, town.municipality_id) == []


def test_the_coordinator_sees_what_is_set_aside_and_lets_it_out(town: Town) -> None:
    slip_in(town, "{{ nobody }}")
    town.live(OPENS)
    (aside,) = list_quarantine(town.database, town.municipality_id)
    concerns = overview_of(town.database, town.slug, nine(OPENS)).concerns
    assert [each.subject for each in concerns if each.kind is ConcernKind.QUARANTINED] == ["wording"]
    release_quarantine(town.database, town.municipality_id, aside.subject_id, by=BY, now=nine(OPENS))
    assert (list_quarantine(town.database, town.municipality_id), set_aside(town.database)) == ([], [])


def test_words_set_anew_are_tried_again(town: Town) -> None:
    slip_in(town, "{{ nobody }}")
    town.live(OPENS)
    assert save(town, "Fungerar nu.")
    assert list_quarantine(town.database, town.municipality_id) == []


def test_a_link_elsewhere_that_only_shows_with_real_values_leaves_with_the_built_in_words(town: Town) -> None:
    save(
        town,
        "Läs {% if municipality_name == 'Lillby kommun' %}{{ 'htt' }}{{ 'ps:' }}{{ '/' }}{{ '/mal' }}{% endif %} mer.",
    )
    town.live(OPENS)
    assert town.live(OPENS).sent == 0
    assert not any(b"ps://mal" in raw or b"mer." in raw for _, raw in town.transport.taken)
    assert set_aside(town.database) == ["lillby goals_opened sv lead"]


def test_the_corpus_lies_beside_its_script() -> None:
    assert Path(make_templates.__file__).with_name("templates.json") == make_templates.FILE
