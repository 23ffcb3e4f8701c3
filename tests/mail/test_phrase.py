"""What is said of a matter is worked out once, and is what it would be if it were worked out each time."""

from __future__ import annotations

from dataclasses import fields, replace
from inspect import signature
from itertools import pairwise

import pytest

from styrhjul.mail import phrase
from styrhjul.mail.context import CONTEXTS, EmailContext, sample_in
from styrhjul.mail.item import Item
from styrhjul.mail.matter import OneMatter
from styrhjul.mail.phrase import remembered, remembering
from styrhjul.mail.render import _MATTERLESS, Rendered, environment, render

ONE_MATTER = [key for key, context in CONTEXTS.items() if issubclass(context, OneMatter)]


def anew(context: EmailContext) -> Rendered:
    phrase._told_of.cache_clear()
    return render(context)


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("key", ONE_MATTER)
def test_a_second_reader_of_a_case_gets_the_words_they_would_get_alone(key: str, language: str) -> None:
    first = sample_in(key, language)
    assert isinstance(first, OneMatter)
    theirs = replace(first.item, url="https://example.org/a/theirs", other_recipients=("ordförande, socialnämnden",))
    second = replace(first, item=theirs, recipient=replace(first.recipient, office="sekreterare, kulturnämnden"))
    alone = anew(second)
    anew(first)
    assert render(second) == alone


def test_a_case_that_differs_in_anything_is_not_told_of_in_anothers_words() -> None:
    items = [replace(CONTEXTS[key].sample(), sender=CONTEXTS["goals_warning"].sample().sender) for key in ONE_MATTER]
    alone = [anew(context) for context in items]
    assert [render(context) for context in items] == alone
    assert all(one.subject != other.subject or one.text != other.text for one, other in pairwise(alone))


def test_only_the_link_and_who_else_is_told_may_differ_between_those_who_are_told_alike() -> None:
    item = sample_in("goals_reminder", "sv").values()["item"]
    same = {
        field.name
        for field in fields(Item)
        if phrase._same_for_all(replace(item, **{field.name: "annat"})) == phrase._same_for_all(item)
    }
    assert same == {"url", "other_recipients"}


class Asked:
    """A macro that counts how often it is asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, *arguments: object) -> str:
        self.times += 1
        return f"{len(arguments)} {self.times}"


def test_a_macro_is_asked_once_for_a_matter_and_again_for_other_arguments() -> None:
    macro = remembered(Asked())
    item = sample_in("goals_reminder", "sv").values()["item"]
    with remembering({"item": item}):
        assert [macro(item), macro(item), macro(item, "a"), macro(item)] == ["1 1", "1 1", "2 2", "1 1"]


def test_outside_a_mail_nothing_is_remembered() -> None:
    macro = remembered(Asked())
    item = sample_in("goals_reminder", "sv").values()["item"]
    assert (macro(item), macro(item)) == ("1 1", "1 2")


def test_what_is_remembered_is_said_without_anybodys_link() -> None:
    link = remembered(lambda item: item.url)
    item = sample_in("goals_reminder", "sv").values()["item"]
    with remembering({"item": item}):
        assert (item.url, link(item)) == (item.url, "")


def test_what_is_remembered_beyond_a_mail_is_told_of_no_matter() -> None:
    words = environment("sv").get_template("emails/_words.txt").module
    given = {each for name in _MATTERLESS for each in signature(getattr(words, name)).parameters}
    assert given == {"l_1_sender", "l_1_recipient", "l_1_offices"}


@pytest.mark.parametrize("key", ONE_MATTER)
def test_what_the_readers_of_a_case_share_holds_no_link(key: str) -> None:
    context = sample_in(key, "sv")
    assert isinstance(context, OneMatter)
    link = context.item.url
    assert link in anew(context).html
    told = phrase._told(context.item)
    assert told.phrases
    assert not any(link in str(said) for said in told.phrases.values())
