"""What is said of a matter is said again: in the text and in the HTML, to the chair and to the secretary.

The words of a case are the same for all who are told of it on one rung. They are worked out once, from the matter
without the reader's own link and without who else is told: so that no reader's link can stand in another's mail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from operator import attrgetter
from typing import Any, TypeVar

from styrhjul.mail.item import Item

#: What differs between those who are told of the same case: what is said of it is said without them.
OF_ONE_READER: dict[str, Any] = {"url": "", "other_recipients": ()}
_same_for_all = attrgetter(*(each.name for each in fields(Item) if each.name not in OF_ONE_READER))

T = TypeVar("T")


@dataclass(slots=True)
class _Told:
    """What has been said of a matter, by macro and arguments; `item` is the matter without what is one reader's."""

    item: Item | None = None
    phrases: dict[tuple[object, ...], Any] = field(default_factory=dict)


#: The matters of the mail that is being written, by id().
_SAID: ContextVar[Mapping[int, _Told]] = ContextVar("phrases", default={})  # noqa: B039 - never written to


@contextmanager
def remembering(values: Mapping[str, Any]) -> Iterator[None]:
    """Let macros be remembered for the matters of a mail, given by its values."""
    items: Iterable[Item] = (
        *values.get("items", ()),
        *values.get("still_open", ()),
        *filter(None, [values.get("item")]),
    )
    token = _SAID.set({id(item): _told(item) for item in items})
    try:
        yield
    finally:
        _SAID.reset(token)


def remembered(macro: Callable[..., T]) -> Callable[..., T]:
    """Return a macro whose first argument is a matter so that it is worked out once for each matter and the rest."""

    def said(*arguments: object) -> T:
        told = _SAID.get().get(id(arguments[0])) if arguments else None
        if told is None:
            return macro(*arguments)
        rest = arguments[1:]
        key = (macro, *rest, *map(type, rest))  # a type of its own: what is markup is not escaped
        if key not in told.phrases:
            told.phrases[key] = macro(told.item, *arguments[1:])
        return told.phrases[key]  # type: ignore[no-any-return] # what the same macro gave

    return said


def _told(item: Item) -> _Told:
    told = _told_of(_same_for_all(item))
    if told.item is None:
        told.item = replace(item, **OF_ONE_READER)
    return told


@lru_cache(maxsize=512)  # a municipality's mails are written by address: its chairs may stand before its secretaries
def _told_of(matter: tuple[object, ...]) -> _Told:  # noqa: ARG001 - what it is remembered by
    return _Told()
