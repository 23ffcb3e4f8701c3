"""A mail in a reader's own language: nothing of another is left in it but names and what is quoted."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from styrhjul.domain.vocabulary import DueBasis
from styrhjul.mail import sample
from styrhjul.mail.catalogue import SOURCE
from styrhjul.mail.context import CONTEXTS, Digest, EmailContext, Item, Receipt, context_for, sample_in
from styrhjul.mail.language import LANGUAGES
from styrhjul.mail.layout import COLUMNS, SUBJECT_LIMIT, SUBJECT_WISHED
from styrhjul.mail.render import TEMPLATES, render

KEYS = sorted(CONTEXTS)
ASKING_NOTHING = {"late_mails", "sign_in_code", "break_glass_opened", "accessibility_feedback"}
ROOT = TEMPLATES.parent / "styrhjul"
#: Words that no Swedish text does without, and no English one has.
FUNCTION_WORDS = re.compile(
    r"\b(och|inte|senast|är|att|för|av|till|som|den|det|en|ett|har|med|när|eller|om|på|ska|bör|kan|från|din|ditt|du|"
    r"ärende\w*|dagen|kommunens|svar\w*|mejl\w*|nämnd|mål|sedan|över|under året)\b",
    re.IGNORECASE,
)
#: Names of bodies and documents, and the Swedish title of an office in its brackets.
NAMES = re.compile(
    r"Integrationspolicy för Exempelby kommun|INTEGRATIONSPOLICY FÖR EXEMPELBY KOMMUN|Exempelby kommun|"
    r"\([a-zåäö ]+\)|Kultur- och fritidsnämnden|Kommunallagen \(2017:725\)"
)


def test_the_languages_are_listed_in_one_place() -> None:
    """Whoever registers one has no other list to know of; a language's own grammar may name it."""
    code = [path for room in ("mail", "services", "cli", "web") for path in (ROOT / room).rglob("*.py")]
    named = re.compile(f"""["'](?:{"|".join(set(LANGUAGES) - {SOURCE})})["']""")
    found = {path.relative_to(ROOT).as_posix() for path in code if named.search(path.read_text(encoding="utf-8"))}
    grammars = {f"mail/{str(getattr(each, '__name__')).rpartition('.')[2]}.py" for each in LANGUAGES.values()}  # noqa: B009
    assert found - grammars - {"services/records/words.py"} == {"mail/language.py"}


def english(context: EmailContext) -> EmailContext:
    return replace(context, recipient=replace(context.recipient, language="en"))


def told(key: str, **changes: Any) -> str:  # noqa: ANN401 - any field
    """The text of a sample in English, changed, on one line with its subject before it."""
    items = [replace(sample.item(key), **changes)]
    context = context_for(items, sample.recipient(items[0]), sample.SENDER, items[0].today)
    rendered = render(english(context))
    return " ".join(f"{rendered.subject} | {rendered.text}".split())


class Unquoted(HTMLParser):
    """What a page says outside what is marked as Swedish, attributes included."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self._open: list[str | None] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br"):
            self._open.append(dict(attrs).get("lang"))
        self.words += [value for name, value in attrs if name in ("alt", "title", "aria-label") and value]

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("meta", "br"):
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if "sv" not in self._open:
            self.words.append(data)


def left_over(text: str) -> list[str]:
    return FUNCTION_WORDS.findall(NAMES.sub("", text))


@pytest.mark.parametrize("key", KEYS)
def test_no_swedish_is_left_in_an_english_page_outside_quotes_and_names(key: str) -> None:
    rendered = render(sample_in(key, "en"))
    assert '<html lang="en">' in rendered.html
    assert left_over(" ".join(Unquoted(rendered.html).words)) == []


@pytest.mark.parametrize("key", KEYS)
def test_no_swedish_is_left_in_an_english_text_outside_quotes_and_names(key: str) -> None:
    context = sample_in(key, "en")
    rendered = render(context)
    text = " ".join(f"{rendered.subject} {rendered.text}".split())
    for line in context.handed_in if isinstance(context, Receipt) else ():
        text = text.replace(line, "")
    for line in (getattr(context, "note", ""), getattr(context, "written", "")):
        text = text.replace(line, "")
    assert left_over(re.sub(r'"[^"]*"', "", text)) == []


@pytest.mark.parametrize("key", KEYS)
def test_the_subject_in_english_is_one_short_line(key: str) -> None:
    subject = render(sample_in(key, "en")).subject
    assert subject == " ".join(subject.split())
    assert 0 < len(subject) <= SUBJECT_WISHED


@pytest.mark.parametrize("key", KEYS)
def test_an_english_mail_has_the_lines_and_the_links_of_the_swedish_one(key: str) -> None:
    swedish, other = render(CONTEXTS[key].sample()), render(sample_in(key, "en"))
    assert re.findall(r"https?://\S+", swedish.text) == re.findall(r"https?://\S+", other.text)
    tag = re.compile(r"<(?!/?span)[^>]*>")
    bare = [re.sub(r' lang="\w+"', "", found) for found in tag.findall(other.html)]
    assert bare == [re.sub(r' lang="\w+"', "", found) for found in tag.findall(swedish.html)]
    assert all(len(line) <= COLUMNS for line in other.text.splitlines() if "https://" not in line)


@pytest.mark.parametrize("key", KEYS)
def test_an_english_mail_says_what_each_mail_must_say(key: str) -> None:
    text = " ".join(render(sample_in(key, "en")).text.split())
    for must in ("WHY YOU RECEIVE THIS", "the registrar", "000-00 00 00"):
        assert must in text
    told = any(words in text for words in ("You do not need to sign in.", "You can read without signing in."))
    assert told is (key not in {"late_mails", "sign_in_code", "break_glass_opened", "accessibility_feedback"})


@pytest.mark.parametrize("key", KEYS)
def test_what_is_quoted_stays_as_it_was_decided(key: str) -> None:
    values = CONTEXTS[key].sample().values()
    html = render(sample_in(key, "en")).html
    items = values.get("items", ())
    for item in (values["item"],) if "item" in values else items:
        for quote in item.quotes:
            assert re.search(rf'<td class="quote"[^>]* lang="sv"[^>]*>.*?{re.escape(quote.text)}', html)


def test_a_warning_names_both_days_it_goes_up() -> None:
    assert (
        "Without an answer, the case goes to the head of administration on 5 April and to the municipal chief "
        "executive on 14 April."
    ) in told("goals_warning")


def test_a_wide_register_is_told_in_english_to_the_last_word() -> None:
    cases: list[dict[str, Any]] = [
        {"due_source": "Mer tid enligt beslut av kommunchefen 2027-03-01: Skäl.", "due_basis": DueBasis.DECISION},
        {"handed_over_by": "kommunchefen", "handed_over_because": "Skäl."},
        {"period": "första halvåret 2027"},
        {"head_title": None, "last_stop": "kommunstyrelsen"},
        {"body_has_ended": True, "awaits_taker": True, "handed_over_by": "Styrhjul"},
        {"document_owner": None, "is_binding": False},
    ]
    for changes in cases:
        for key in ("goals_opened", "follow_up_warning", "revision_last_reminder", "referral_escalation"):
            text = re.sub(r'"[^"]*"|“[^”]*”', "", told(key, **changes))
            assert left_over(text) == []


def test_why_a_matter_was_handed_over_is_quoted_as_it_was_written() -> None:
    item = replace(sample.item("goals_opened"), handed_over_by="kommunchefen", handed_over_because="Nämnden är ny.")
    rendered = render(english(context_for([item], sample.recipient(item), sample.SENDER, item.today)))
    said = "The case was handed to you by the municipal chief executive: “Nämnden är ny”."
    assert said in " ".join(rendered.text.split())
    assert '<span lang="sv">“Nämnden är ny”</span>' in rendered.html


def test_markup_in_a_quoted_reason_is_text() -> None:
    item = replace(sample.item("goals_opened"), handed_over_by="x", handed_over_because="<b>&")
    html = render(english(context_for([item], sample.recipient(item), sample.SENDER, item.today))).html
    assert "“&lt;b&gt;&amp;”" in html
    assert "<b>" not in html


def test_a_long_english_subject_keeps_within_the_limit() -> None:
    item = replace(sample.item("goals_opened"), body_name="Nämnden för arbete, välfärd och integration" * 2)
    subject = render(english(context_for([item], sample.recipient(item), sample.SENDER, item.today))).subject
    assert len(subject) <= SUBJECT_LIMIT


def test_a_digest_of_nine_counts_the_rest_in_english() -> None:
    base = Digest.sample()
    items: tuple[Item, ...] = tuple(
        replace(base.items[0], policy_title=f"Klimatprogram {number}", url=sample.url(number)) for number in range(9)
    )
    text = render(english(replace(base, items=items))).text
    assert "AND TWO MORE" in text
    assert left_over(re.sub(r'"[^"]*"', "", " ".join(text.split()))) == []
