"""What is said of a matter is said again: in the text and in the HTML, to the chair and to the secretary.

The words of a case are the same for all who are told of it on one rung. They are worked out once, and looked up by
everything they can depend on: the whole item but for the reader's own link and for who else is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields
from functools import lru_cache
from operator import attrgetter
from typing import Any, TypeVar

from styrhjul.mail.item import Item

#: What differs between those who are told of the same case. No macro that is remembered may speak of it.
OF_ONE_READER = ("url", "other_recipients")
_same_for_all = attrgetter(*(field.name for field in fields(Item) if field.name not in OF_ONE_READER))

T = TypeVar("T")
_Phrases = dict[tuple[object, ...], Any]
#: What has been said of the matters of the mail that is being written, by the matter's id().
_SAID: ContextVar[Mapping[int, _Phrases]] = ContextVar("phrases", default={})  # noqa: B039 - never written to


@contextmanager
def remembering(values: Mapping[str, Any]) -> Iterator[None]:
    """Let macros be remembered for the matters of a mail, given by its values."""
    items: Iterable[Item] = (
        *values.get("items", ()),
        *values.get("still_open", ()),
        *filter(None, [values.get("item")]),
    )
    token = _SAID.set({id(item): _phrases(_same_for_all(item)) for item in items})
    try:
        yield
    finally:
        _SAID.reset(token)


def remembered(macro: Callable[..., T]) -> Callable[..., T]:
    """Return a macro whose first argument is a matter so that it is worked out once for each matter and the rest."""

    def said(*arguments: object) -> T:
        phrases = _SAID.get().get(id(arguments[0])) if arguments else None
        if phrases is None:
            return macro(*arguments)
        key = (macro, *arguments[1:], *map(type, arguments[1:]))  # a type of its own: what is markup is not escaped
        if key not in phrases:
            phrases[key] = macro(*arguments)
        return phrases[key]  # type: ignore[no-any-return] # what the same macro gave

    return said


@lru_cache(maxsize=512)  # a municipality's mails are written by address: its chairs may stand before its secretaries
def _phrases(matter: tuple[object, ...]) -> _Phrases:  # noqa: ARG001 - what it is remembered by
    return {}
