"""What a page says in its reader's language, where it does not stand in a template: known words, names, the question.

Each but `in_language` is a filter; in Swedish they leave what they are given as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from markupsafe import Markup

from styrhjul.mail import retold
from styrhjul.mail.catalogue import SOURCE, catalogue, message
from styrhjul.mail.layout import quotations
from styrhjul.services.answering.question import Question
from styrhjul.web import words

#: What the register names in Swedish among what can be chosen.
CHOSEN = (message("En tjänsteperson"),)


def said(text: str, *, language: str) -> str:
    """Return words of our own, marked with `message` where they are written, in the language."""
    return catalogue(language).get(text, text)


def both(choices: Iterable[tuple[str, str]], *, language: str) -> tuple[tuple[str, str], ...]:
    """Return choices that decisions and the law name, with the Swedish word in brackets: "Met (uppfyllt)"."""
    if language == SOURCE:
        return tuple(choices)
    return tuple((value, f"{said(word, language=language)} ({word[:1].lower()}{word[1:]})") for value, word in choices)


def named(name: str, *, language: str) -> str:
    """Return a document's title, or what somebody wrote, marked as Swedish on a page in another language."""
    return name if language == SOURCE else Markup('<span lang="{}">{}</span>').format(SOURCE, name)


def rule(due_source: str, *, language: str) -> str:
    """Return the rule behind a day, as `words.rule` has it; what a person wrote in it is marked as Swedish."""
    if language == SOURCE:
        return words.rule(due_source)
    return quotations(words.rule(due_source, standard=said(words.STANDARD, language=language)))


def period(text: str, *, language: str) -> str:
    """Return what a case concerns."""
    return text if language == SOURCE else retold.period(text, language)


def in_language(question: Question, language: str) -> Question:
    """Return the question with what it holds of the register in a language."""
    if language == SOURCE:
        return replace(question, language=language)
    case = replace(
        question.case,
        period_words=retold.period(question.case.period_words, language),
        due_source=retold.retold(question.case.due_source, language),
    )
    return replace(question, language=language, case=case)
