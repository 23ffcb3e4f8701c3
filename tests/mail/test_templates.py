"""Every template pair has its context and the other way round, and no mail says what a mail must not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from html.parser import HTMLParser
from typing import Any

import pytest
from jinja2 import UndefinedError, meta, nodes

from styrhjul.domain.rung import UNREACHABLE
from styrhjul.domain.written import DIRECTION
from styrhjul.mail.context import CONTEXTS, EmailContext, Item, Quote, Receipt, Sender
from styrhjul.mail.delegation import CaseDelegated
from styrhjul.mail.feedback import AccessibilityFeedback
from styrhjul.mail.late import LateMails
from styrhjul.mail.layout import COLUMNS, NBSP, SUBJECT_LIMIT, SUBJECT_WISHED
from styrhjul.mail.matter import GoalsWarning, OneMatter
from styrhjul.mail.phrase import OF_ONE_READER
from styrhjul.mail.render import SAID, TEMPLATES, NotRendered, environment, render
from styrhjul.mail.sign_in import BreakGlassOpened, SignInCode
from workflows import LIFECYCLES

EMAILS = TEMPLATES / "emails"
KEYS = sorted(CONTEXTS)
#: Asks for nothing that is answered in it, and rests on no decision.
WITHOUT_LINKS = {"late_mails", "sign_in_code", "break_glass_opened", "accessibility_feedback"}
#: Seen by whoever chooses the context (email), through a property (agenda_on, due_basis, audience), by the order of the
#: matters (height) or through a filter (the others).
NOT_FOR_TEMPLATES = {"email", "agenda_on", "quotes", "text", "other_recipients", "due_basis", "audience", "height"}


def sample(key: str) -> EmailContext:
    return CONTEXTS[key].sample()


def tree(name: str) -> nodes.Template:
    loader = environment().loader
    assert loader is not None
    return environment().parse(loader.get_source(environment(), name)[0])


def family(name: str) -> Iterator[nodes.Template]:
    """Yield a template's tree and those of all it extends or imports."""
    parsed = tree(name)
    yield parsed
    for other in meta.find_referenced_templates(parsed):
        assert other is not None
        yield from family(other)


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_every_pair_has_a_context_and_every_context_a_pair() -> None:
    for ending in ("txt", "html"):
        assert {path.stem for path in EMAILS.glob(f"*.{ending}") if not path.stem.startswith("_")} == set(CONTEXTS)


def test_every_rung_has_a_mail() -> None:
    assert {rung.email for lifecycle in LIFECYCLES.values() for rung in (*lifecycle.ladder, UNREACHABLE)} <= set(
        CONTEXTS
    )


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("ending", ["txt", "html"])
def test_a_pair_uses_the_fields_its_context_declares(key: str, ending: str) -> None:
    used = set[str]().union(*map(meta.find_undeclared_variables, family(f"emails/{key}.{ending}")))
    declared = {field.name for field in fields(CONTEXTS[key])}
    said = set(SAID) if ending == "html" else set()
    used -= {"matters"}  # a block inside the loop over policies
    used -= {"wording", "trial_for"}  # what any mail is given beside its context
    used -= {"from_line", "link", "readers"}  # what it says to its reader
    in_text_only = {"change_until", "paragraph_missing", "ends_on", "ends_time"} if ending == "html" else set()
    if (key, ending) in {("sign_in_code", "html"), ("break_glass_opened", "html"), ("accessibility_feedback", "html")}:
        in_text_only |= {"minutes", "today"} - used
    by_reader = {"recipient"}
    assert used - set(environment().globals) - said - by_reader == declared - in_text_only - by_reader


@pytest.mark.parametrize("key", [key for key in KEYS if issubclass(CONTEXTS[key], OneMatter)])
@pytest.mark.parametrize("ending", ["txt", "html"])
def test_what_all_who_are_told_of_a_matter_read_asks_nothing_of_its_reader(key: str, ending: str) -> None:
    every = set[str]().union(*map(meta.find_undeclared_variables, family(f"emails/{key}.{ending}")))
    assert "recipient" not in every
    said = {node.attr for parsed in family(f"emails/{key}.{ending}") for node in parsed.find_all(nodes.Getattr)}
    assert said.isdisjoint(OF_ONE_READER)


@pytest.mark.parametrize("part", [Item, Quote, Sender])
def test_what_a_mail_is_filled_with_is_said_somewhere(part: type[Item | Quote | Sender]) -> None:
    trees = [tree(str(path.relative_to(TEMPLATES))) for path in EMAILS.rglob("*.*") if path.suffix != ".css"]
    said = {node.attr for parsed in trees for node in parsed.find_all(nodes.Getattr)}
    assert {field.name for field in fields(part)} - NOT_FOR_TEMPLATES <= said


def test_an_unknown_name_is_an_error_and_not_a_gap() -> None:
    template = environment().from_string("{{ itme.period }}")
    with pytest.raises(UndefinedError, match="itme"):
        template.render(sample("goals_opened").values())


@pytest.mark.parametrize("key", KEYS)
def test_the_subject_is_one_short_line(key: str) -> None:
    subject = render(sample(key)).subject
    assert subject == " ".join(subject.split())
    assert 0 < len(subject) <= SUBJECT_WISHED


@pytest.mark.parametrize("key", KEYS)
def test_a_long_name_and_a_line_break_stay_within_the_subject_line(key: str) -> None:
    subject = render(
        poisoned(key, "Nämnden för arbete, välfärd och integration\r\nBcc: all@example.org\u2028" * 3)
    ).subject
    assert subject.isprintable()
    assert 0 < len(subject) <= SUBJECT_LIMIT


@pytest.mark.parametrize("key", KEYS)
def test_markup_in_a_name_is_text_in_the_html(key: str) -> None:
    rendered = render(poisoned(key, '<b onclick="x">&'))
    assert "<b onclick" not in rendered.html
    assert "&lt;b onclick=&#34;x&#34;&gt;&amp;" in rendered.html
    assert "&amp;" not in rendered.text


@pytest.mark.parametrize("key", KEYS)
def test_nothing_in_a_mail_turns_the_direction_of_its_words(key: str) -> None:
    rendered = render(poisoned(key, f"Nämnden {DIRECTION} för"))
    assert not set(DIRECTION) & {*rendered.subject, *rendered.text, *rendered.html}


def poisoned(key: str, name: str) -> EmailContext:
    """A sample in which everything that came from outside is this name."""
    context = sample(key)
    values = context.values()
    recipient = replace(context.recipient, office=name, body_name=name)
    if isinstance(context, LateMails):
        late = [
            replace(
                mail, subject=name, office=name, address=name, said=name, items=tuple(map(dirtied, mail.items, [name]))
            )
            for mail in context.mails
        ]
        return replace(context, recipient=recipient, mails=tuple(late))
    if isinstance(context, SignInCode):
        return replace(context, recipient=recipient, code=name, sender=replace(context.sender, municipality_name=name))
    if isinstance(context, BreakGlassOpened):
        return replace(context, recipient=recipient, why=name, ends_time=name)
    if isinstance(context, AccessibilityFeedback):
        return replace(context, recipient=recipient, written=name, reply_to=name)
    if "items" in values:
        return replace(context, recipient=recipient, items=tuple(map(dirtied, values["items"], [name] * 9)))  # type: ignore[call-arg]
    if isinstance(context, CaseDelegated):
        context = replace(context, asked_by=name, asked_office=name, note=name)
    changed = replace(context, recipient=recipient, item=dirtied(values["item"], name))  # type: ignore[call-arg]
    return (
        replace(changed, handed_in=(name,), handed_in_by=name, sent_to=(name,))
        if isinstance(changed, Receipt)
        else changed
    )


def dirtied(item: Item, name: str) -> Item:
    quotes = (
        Quote(text=name, document_title=name, adopted_by=name, adopted_on=None, paragraph=name, diary_number=name),
    )
    return replace(
        item, body_name=name, policy_title=name, quotes=quotes, due_source=name, head_title=name, case_ref=name,
        document_owner=name, other_recipients=(name,), last_stop=name, period=name,
    )  # fmt: skip


def test_a_part_too_many_is_refused() -> None:
    context = sample("receipt")
    with pytest.raises(NotRendered, match="receipt"):
        render(replace(context, item=replace(context.values()["item"], url="a\x1eb")))  # type: ignore[call-arg]


@pytest.mark.parametrize("key", KEYS)
def test_the_text_keeps_to_seventy_five_columns_and_addresses_have_their_own_line(key: str) -> None:
    lines = render(sample(key)).text.splitlines()
    addresses = [line for line in lines if "https://" in line]
    assert bool(addresses) is (key not in WITHOUT_LINKS)
    assert all(line.strip().startswith("https://") for line in addresses)
    assert max(map(len, lines)) <= COLUMNS + 4  # an indented address
    assert all(len(line) <= COLUMNS for line in lines if line not in addresses)


@pytest.mark.parametrize("key", KEYS)
def test_text_and_html_lead_to_the_same_places_and_nowhere_else(key: str) -> None:
    rendered = render(sample(key))
    page = Page(rendered.html)
    links = [attributes["href"] for _, attributes in page.tags if "href" in attributes]
    values = sample(key).values()
    linked = (*values.get("items", ()), *values.get("still_open", ()))
    if "item" in values:
        linked = (values["item"],)
    assert set(links) == {item.url for item in linked}
    assert set(re.findall(r"https?://\S+", rendered.text)) == set(links)
    assert len(re.findall(r"https?://", rendered.html)) == len(links)


@pytest.mark.parametrize("key", KEYS)
def test_the_html_loads_nothing_and_every_class_has_its_style(key: str) -> None:
    page = Page(render(sample(key)).html)
    assert not {"img", "script", "link", "iframe", "form"} & {tag for tag, _ in page.tags}
    assert not [attributes for _, attributes in page.tags if "src" in attributes or "background" in attributes]
    without = [
        attributes["class"] for _, attributes in page.tags if "class" in attributes and "style" not in attributes
    ]
    assert set(without) <= {"btn-t"}  # has a meaning on phones only


@pytest.mark.parametrize("key", KEYS)
def test_a_mail_says_what_each_mail_must_say(key: str) -> None:
    text = render(sample(key)).text
    for must in ("VARFÖR DU FÅR DET HÄR", "registratorn", "000-00 00 00"):
        assert must in " ".join(text.split())
    told = any(words in " ".join(text.split()) for words in ("inte logga in", "utan att logga in"))
    assert told is (key not in WITHOUT_LINKS)


@pytest.mark.parametrize("key", sorted(set(KEYS) - WITHOUT_LINKS))
def test_a_mail_says_what_it_rests_on_and_whose_rule_the_day_is(key: str) -> None:
    values = sample(key).values()
    text = " ".join(render(sample(key)).text.split())
    for item in values.get("items") or [values["item"]]:
        assert "kommunfullmäktige" in text or not item.quotes
        assert item.due_source in text.replace(NBSP, " ") or item.is_welcome
        assert "Dagen är kommunens standard, inte dokumentets text." in text or not item.rests_on_silence


@pytest.mark.parametrize("path", sorted(EMAILS.rglob("*.txt")), ids=lambda path: path.name)
def test_the_words_are_plain_and_calm(path: object) -> None:
    words = re.sub(r"\{[#%].*?[#%]\}", "", str(getattr(path, "read_text")())).lower()  # noqa: B009 - a Path
    for unwanted in ("!", "vänligen", "påminnelse:", "eskaler", "systemet", "klicka", "—", "none"):
        assert unwanted not in words


@pytest.mark.parametrize("key", KEYS)
def test_our_own_words_never_say_must_should_or_may_for_the_policy(key: str) -> None:
    text = render(sample(key)).text
    ours = re.sub(r'"[^"]*"', "", text)
    assert not re.search(r"\b(ska|skall|bör|måste)\b", ours)


def test_an_example_says_that_it_is_one() -> None:
    context = GoalsWarning.sample()
    real = replace(context, sender=replace(context.sender, is_example=False))
    assert "exempel." in render(context).text
    assert "exempel" not in render(real).text.replace(context.item.url, "").replace("example", "")


def test_every_lifecycle_has_its_words_and_they_answer_the_same_questions() -> None:
    own: Any = environment().globals["own"]
    assert set(own) == set(LIFECYCLES)
    asked = set[str]()
    for path in (*EMAILS.glob("*.txt"), *EMAILS.rglob("words/*.txt")):
        asked |= set(re.findall(r"(?:own\[\w+\.lifecycle\]|\bits)\.(\w+)\(", path.read_text(encoding="utf-8")))
    assert {key: asked - set(vars(words)) for key, words in own.items() if asked - set(vars(words))} == {}
