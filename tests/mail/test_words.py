"""What the mails say where it is not obvious: late, moved, unknown, unstated."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from styrhjul.domain.lifecycle import State
from styrhjul.domain.vocabulary import DueBasis
from styrhjul.mail import sample
from styrhjul.mail.context import CONTEXTS, Digest, Item, Receipt, context_for
from styrhjul.mail.matter import FollowUpEscalation, GoalsOverdue, RevisionReminder
from styrhjul.mail.render import render


def said(key: str, **changes: Any) -> str:  # noqa: ANN401 - any field
    """The text of a sample, changed, on one line with its subject before it."""
    return told([replace(sample.item(key), **changes)])


def told(items: list[Item]) -> str:
    rendered = render(context_for(items, sample.recipient(items[0]), sample.SENDER, items[0].today))
    return " ".join(f"{rendered.subject} | {rendered.text}".split())


def test_a_warning_names_both_days_it_goes_up() -> None:
    assert "Utan svar går ärendet till förvaltningschefen 5 april och till kommunchefen 14 april." in said(
        "goals_warning"
    )


def test_a_warning_without_a_head_names_the_chief_executives_day() -> None:
    text = said("goals_warning", head_on=None, head_title=None)
    assert "Utan svar går ärendet till kommunchefen 14 april." in text


def test_where_somebody_else_is_the_last_stop_they_are_named() -> None:
    text = said("goals_warning", head_on=None, head_title=None, last_stop="kommunstyrelsen")
    assert "Utan svar går ärendet till kommunstyrelsen 14 april." in text
    assert "kommunchefen" not in text


def test_a_reminder_promises_a_warning_when_the_days_are_not_known() -> None:
    assert "Innan dess får du en varning som anger dagarna." in said("goals_reminder")


def test_a_reminder_aims_at_the_papers() -> None:
    text = said("goals_reminder")
    assert "handlingar senast 23 februari" in text
    assert "hinner med i handlingarna, senast tisdag 23 februari" in text


@pytest.mark.parametrize("key", [key for key in CONTEXTS if key.endswith("_reminder")])
def test_before_the_last_day_no_subject_says_that_something_is_missing(key: str) -> None:
    assert "saknas" not in said(key, meeting_on=None, agenda_on=None).partition(" | ")[0]


def test_a_reminder_without_a_meeting_aims_at_the_last_day() -> None:
    text = said("goals_reminder", meeting_on=None, agenda_on=None)
    assert "mål för 2027 senast 31 mars" in text
    assert "Lämna målen senast onsdag 31 mars." in text
    assert "handlingar" not in text


def test_papers_that_have_gone_are_not_asked_for() -> None:
    text = said("goals_last_reminder", today=date(2027, 2, 24))
    assert "handlingar" not in text.lower()
    assert "sammanträdet 16 mars" in text


@pytest.mark.parametrize(
    "key",
    [
        f"{family}_{rung}"
        for family in ("goals", "action_plan", "follow_up", "revision", "referral")
        for rung in ("opened", "reminder", "last_reminder", "warning")
    ],
)
def test_a_mail_that_leaves_late_says_so_and_asks_for_nothing_in_the_past(key: str) -> None:
    case = sample.item(key)
    text = said(key, today=case.due_on + timedelta(days=40), meeting_on=None, agenda_on=None)
    assert "FÖRSENAD sedan" in text
    assert "försenat sedan" in text or "saknas sedan" in text
    assert "senast" not in text.partition("VARFÖR")[0]


@pytest.mark.parametrize(
    ("fewest", "most", "words"),
    [
        (1, 2, "ett eller två mål"),
        (1, 1, "ett mål"),
        (1, None, "minst ett mål"),
        (None, None, "Skriv mål"),
        (2, 5, "två till fem mål"),
        (None, 3, "högst tre mål"),
    ],
)
def test_as_many_goals_are_asked_for_as_the_policy_says(fewest: int | None, most: int | None, words: str) -> None:
    assert words in said("goals_opened", goal_min=fewest, goal_max=most)


def test_an_interval_nobody_stated_is_called_the_municipalitys() -> None:
    assert "Policyn anger inget intervall. En gång om året är kommunens standard." in said("goals_opened")
    assert "intervall" not in said("goals_opened", interval_unstated=False)


def test_a_document_is_called_what_it_is() -> None:
    text = said("revision_opened", policy_title="Kulturprogram 2030")
    assert "behåll programmet oförändrat, revidera eller upphäv" in text
    assert "policyn" not in text.partition("VARFÖR")[0]


def test_a_revision_offers_three_outcomes_and_says_that_nobody_owns_the_document() -> None:
    text = said("revision_opened")
    assert "behåll policyn oförändrad, revidera eller upphäv" in text
    assert "Policyn anger ingen dokumentansvarig." in text
    assert "Dokumentansvarig: kanslichef." in said("revision_opened", document_owner="kanslichef")


def test_a_revision_that_has_begun_is_asked_to_end() -> None:
    text = said("revision_reminder", state=State.UNDER_WAY)
    assert "Slutför revideringen av policyn" in text
    assert "Välj ett av tre" not in text


def test_what_a_decision_does_not_state_is_said_to_be_missing() -> None:
    case = sample.item("goals_opened")
    bare = replace(case.quotes[0], adopted_by=None, adopted_on=None, paragraph=None, diary_number=None)
    text = said("goals_opened", quotes=(bare,))
    assert "beslutande organ ej angivet datum ej angivet, paragraf ej angiven" in text


def test_the_paragraph_is_bound_to_its_sign() -> None:
    rendered = render(FollowUpEscalation.sample())
    assert "2023-11-14\N{NO-BREAK SPACE}§\N{NO-BREAK SPACE}82" in rendered.text
    assert "11\N{NO-BREAK SPACE}kap. 20\N{NO-BREAK SPACE}§" in rendered.text


def test_a_diary_number_stands_in_the_subject_when_there_is_room() -> None:
    case = sample.item("goals_opened")
    text = said("goals_opened", quotes=(replace(case.quotes[0], diary_number="KS 23/4"),))
    assert text.startswith("Socialnämnden: skriv mål för 2027 senast 31 mars (KS 23/4) |")


def test_whoever_it_went_up_to_reads_who_was_told_and_when() -> None:
    text = said("goals_escalation")
    assert "Frågan ställdes 7 januari. Påminnelser 9 och 18 februari. Varning 30 mars." in text
    assert "Förvaltningschefen fick ärendet 5 april." in text
    assert "Frågan ställdes" not in said("goals_warning")


def test_each_reader_hears_of_the_others() -> None:
    text = said("goals_opened", other_recipients=("sekreterare, socialnämnden", "VD, Exempelbyhus AB"))
    assert "Samma ärende går också till sekreteraren i socialnämnden och VD:n för Exempelbyhus AB." in text


def test_a_company_is_spelt_as_it_spells_itself() -> None:
    assert "Ingen uppföljning har kommit in från Exempelbyhus AB än." in said("follow_up_reminder")


def test_without_a_telephone_the_reply_is_the_way() -> None:
    context = GoalsOverdue.sample()
    text = render(replace(context, sender=replace(context.sender, phone=None))).text
    assert "ring" not in text.partition("Frågor?")[2].partition(".")[0]


def test_a_digest_with_a_late_matter_says_so_in_the_subject() -> None:
    late = replace(sample.item("goals_overdue"), case_ref="1")
    assert told([late, replace(late, case_ref="2")]).startswith(
        "Socialnämnden: två saker att göra, den första försenad |"
    )


def test_a_digest_tells_seven_in_full_and_gives_every_matter_its_link() -> None:
    items = [
        replace(sample.item("goals_opened"), case_ref=f"{n:02}", url=f"https://example.org/{n:02}") for n in range(11)
    ]
    text = told(items)
    assert "OCH FYRA TILL" in text
    assert text.count("Skriv ett eller två mål för 2027") == 7
    assert all(item.url in text for item in items)


def test_a_digest_for_several_bodies_says_whose_matter_it_is() -> None:
    mine = sample.item("goals_opened")
    assert "Byggnadsnämnden: skriv ett eller två mål för 2027" in told(
        [mine, replace(mine, body_name="Byggnadsnämnden", case_ref="9")]
    )


def test_a_digest_quotes_each_sentence_once() -> None:
    quotes = [quote for item in Digest.sample().items for quote in item.quotes]
    text = render(Digest.sample()).text
    assert all(
        " ".join(text.split()).count(quote.text) == len({q.document_title for q in quotes if q.text == quote.text})
        for quote in quotes
    )


def test_a_receipt_says_how_long_the_answer_may_be_changed() -> None:
    receipt = Receipt.sample()
    assert "Du kan ändra svaret till och med onsdag 31 mars." in render(receipt).text
    assert "tills ärendet har avslutats" in render(replace(receipt, change_until=None)).text


def test_a_receipt_asks_for_the_paragraph_only_when_it_is_missing() -> None:
    receipt = Receipt.sample()
    assert "Paragrafen saknas" in render(receipt).text
    assert "Paragrafen saknas" not in render(replace(receipt, paragraph_missing=False)).text


def test_a_matter_given_over_says_by_whom_and_why_and_threatens_no_day_that_has_been() -> None:
    given = {"handed_over_by": "kommunchefen", "handed_over_because": "Du leder utredningen."}
    text = said("goals_warning", chief_executive_since=date(2027, 3, 12), **given)
    assert "Ärendet har lämnats till dig av kommunchefen: Du leder utredningen." in text
    assert "Kommunchefen har ärendet sedan 12 mars." in text
    assert "Utan svar går ärendet" not in text


def test_a_welcome_shows_the_offices_and_says_whose_rule_its_days_are() -> None:
    text = said("handover_welcome", owed=sample.item("handover_welcome").owed[1:])
    assert "Visa uppdragen" in text
    assert "Öppna ärendet" not in text
    assert "svar senast 31 mars (kommunens standard)" in text
    assert "svar senast 30 april." in text


@pytest.mark.parametrize(
    ("key", "words", "untrue"),
    [
        ("revision_reminder", "arbetet har börjat", "beslut om policyn har kommit in"),
        ("annual_report_reminder", "avsnittet är sammanställt, inte överlämnat", "till årsredovisningen 2026 har"),
    ],
)
def test_a_receipt_of_work_begun_says_that_nothing_is_handed_in(key: str, words: str, untrue: str) -> None:
    item = replace(sample.item(key), state=State.UNDER_WAY)
    receipt = replace(
        Receipt.sample(), item=item, has_begun=True, decided_on=None, paragraph_missing=False, handed_in=("Ja.",)
    )
    mail = render(receipt)
    assert words in mail.subject
    assert "Frågan står kvar." in " ".join(mail.text.split())
    for said_in in (mail.subject, mail.text, mail.html):
        assert untrue not in said_in
        assert "Beslutet följer" not in said_in


@pytest.mark.parametrize("key", ["handover_opened", "currency_review_opened", "action_plan_opened", "projects_opened"])
def test_a_receipt_waits_for_no_decision_where_none_is_taken(key: str) -> None:
    receipt = replace(Receipt.sample(), item=sample.item(key), decided_on=None, paragraph_missing=False)
    assert "Beslutet följer" not in render(receipt).text
    assert "Beslutet följer" not in render(receipt).html


def test_the_html_says_what_the_text_says() -> None:
    rendered = render(RevisionReminder.sample())
    for sentence in ("Policyn anger ingen dokumentansvarig.", "Policyn ska revideras vid varje ny mandatperiod."):
        assert sentence in rendered.text.replace("\n", " ")
        assert sentence in rendered.html


def test_a_voluntary_plan_is_asked_for_and_no_is_enough() -> None:
    for key in ("action_plan_opened", "action_plan_reminder", "action_plan_last_reminder"):
        text = said(key, is_binding=False)
        assert "Har ni eller planerar ni en handlingsplan? Nej är ett fullgott svar." in text
        assert "Svarar du inte går frågan inte vidare till någon annan." in text
        assert "förvaltningschefen" not in text
        assert "kommunchefen" not in text


def test_a_plan_that_the_text_demands_is_asked_for_itself() -> None:
    text = said("action_plan_opened", is_binding=True)
    assert "Lämna handlingsplanen" in text
    assert "Nej är ett fullgott svar" not in text


def test_what_binds_nobody_is_not_said_to_go_up_in_a_digest() -> None:
    plan, goals = sample.item("action_plan_opened"), sample.item("goals_opened")
    text = told([plan, replace(plan, case_ref="2", url="https://example.org/2")])
    assert text.count("Svarar du inte går frågan inte vidare till någon annan.") == 2
    assert "högre upp" not in text
    assert "högre upp, om inte annat står vid den" in told([plan, goals])


@pytest.mark.parametrize("basis", DueBasis)
def test_only_a_default_is_called_the_municipalitys_own(basis: DueBasis) -> None:
    marked = "Dagen är kommunens standard, inte dokumentets text." in said("goals_opened", due_basis=basis)
    assert marked is (basis is DueBasis.DEFAULT)


def test_projects_go_up_to_the_board_and_the_board_decides() -> None:
    assert "Utan svar går ärendet till kommunstyrelsen 10 mars." in said("projects_warning")
    assert "Kommunstyrelsen kan ge mer tid, ge ärendet till någon annan, avsluta det med skäl" in said(
        "projects_escalation"
    )


def test_whoever_is_at_the_top_reads_what_can_be_decided_and_how() -> None:
    text = said("goals_escalation")
    for choice in ("ge mer tid", "ge ärendet till någon annan", "avsluta det med skäl", "notera att det står öppet"):
        assert choice in text
    assert "Svara på mejlet med vad du har bestämt och varför, så för kansliet in det." in text


def test_a_review_by_practice_quotes_nothing_and_says_whose_rule_it_is() -> None:
    text = said("currency_review_opened")
    assert "är fortfarande aktuell, behöver revideras eller behöver upphävas" in text
    assert "Kommunens standard, inte dokumentets text." in text
    assert '"' not in text.partition("VARFÖR")[2]
    stated = said("currency_review_opened", quotes=sample.item("goals_opened").quotes)
    assert "Frågan ställs om alla kommunens styrdokument" not in stated


def test_the_handover_rests_on_the_law_and_quotes_no_policy() -> None:
    text = said("handover_opened")
    assert "Ange vem som är ordförande, vice ordförande och sekreterare i socialnämnden." in text
    assert "följer av kommunallagen" in text


def test_a_new_chair_reads_what_is_open_what_comes_and_the_words_behind_it() -> None:
    text = said("handover_welcome")
    assert "Ett ärende är öppet nu. Fyra frågor kommer under det närmaste året." in text
    assert "Uppföljning för tredje kvartalet 2026 (Klimatprogram), sista dag var 30 oktober 2026." in text
    assert "Mål för 2028: frågan kommer 1 september, svar senast 30 november 2027 (kommunens standard)." in text
    assert "Den är frivillig." in text
    assert "Nämnderna ska varje kvartal redovisa" in text
    assert "Utan svar" not in text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.UNDER_WAY, "ett förslag arbetas fram"),
        (State.REFERRED, "förslaget är ute på remiss"),
        (State.PREPARED, "Förslaget är berett och väntar på beslut."),
    ],
)
def test_a_revision_is_chased_by_how_far_it_has_come(state: State, words: str) -> None:
    text = said("revision_reminder", state=state)
    assert words in text
    assert "Välj ett av tre" not in text


def test_a_revision_at_an_interval_does_not_speak_of_a_term() -> None:
    text = said("revision_opened", period="2027-09-07")
    assert "Det är dags att ta ställning till policyn." in text
    assert "har börjat" not in text


def test_abstaining_is_an_answer_to_a_referral() -> None:
    assert "Att avstå är också ett svar." in said("referral_opened")


def test_the_coordinator_reads_who_was_not_reached_why_and_what_to_do() -> None:
    text = said("unreachable")
    assert "Ordförande i socialnämnden: ingen med en fungerande adress har uppdraget." in text
    for step in ("Kontrollera adressen", "ange vem som har uppdraget", "styrhjul explain M-2027-014"):
        assert step in text


def test_a_deputy_reads_whom_they_stand_in_for() -> None:
    item = sample.item("goals_opened")
    to = replace(
        sample.recipient(item), office="vice ordförande, socialnämnden", instead_of="ordförande, socialnämnden"
    )
    text = " ".join(render(context_for([item], to, sample.SENDER, item.today)).text.split())
    assert "som vice ordförande i socialnämnden, i stället för ordföranden i socialnämnden" in text


def test_what_is_new_comes_first_and_what_is_still_open_gets_a_line_and_its_link() -> None:
    new, old = sample.item("goals_escalation"), replace(sample.item("follow_up_escalation"), url=sample.url(8))
    rendered = render(context_for([new], sample.recipient(new), sample.SENDER, new.today, still_open=[old]))
    assert rendered.subject == "Ett nytt ärende väntar på dig, försenat sedan 31 mars"
    first, _, rest = rendered.text.partition("FORTFARANDE ÖPPET SEDAN TIDIGARE")
    assert new.url in first
    assert old.url in rest
    assert old.url not in first


def test_parts_of_a_year_are_written_out() -> None:
    text = said("follow_up_opened", period="första halvåret 2026")
    assert "skriv uppföljning för första halvåret 2026" in text
    assert "årsredovisningen" not in text.partition("VARFÖR")[0]
