"""Which duties of a new edition are those of the one before: paired by rules that can be read, and by nothing else.

1. The same words and the same kind of duty are the same duty, wherever they stand now.
2. The same words are the same duty, whatever kind they are read as.
3. What somebody added by hand is the same where its words still stand.
4. Of what is left, the same kind of the same actor with the closest wording: at least `FLOOR` of the words.
5. What no rule reads as a duty any longer, though its words still stand, is not gone: a person has to judge it.

Both texts are read by the rules of today, so that better rules are not taken for another text. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from styrhjul.db.policy_page_query import PageDuty
from styrhjul.documents import FoundDuty
from styrhjul.domain.likeness import likeness, words_of
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.services.policies.binding import Binding
from styrhjul.services.policies.duty_place import places_of

#: As much of the wording has to be the same for a duty to be the one before in other words.
FLOOR = 0.55
_SENSE = ("modality", "actor", "recurrence", "deadline", "goal_min", "goal_max", "condition", "addressees")


class Fate(StrEnum):
    """What became of a duty with the new edition."""

    KEPT = "kept"  # the same words that ask for the same
    CHANGED = "changed"  # other words, or the same words that ask for something else
    NEW = "new"
    GONE = "gone"


FATE_WORDS = {
    Fate.KEPT: "Oförändrade",
    Fate.CHANGED: "Ändrade",
    Fate.NEW: "Nya",
    Fate.GONE: "Borta",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A duty as the rules of today read it, and whom it would bind; no binding where nobody could tell."""

    duty: FoundDuty
    binding: Binding | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A duty before and after. `start` and `end` are its place now, also where no rule reads it there.

    `differs` names what it asks for now and did not before, by the fields of a duty and `body_ids`.
    """

    fate: Fate
    stored: PageDuty | None = None
    was: Read | None = None
    now: Read | None = None
    start: int = 0
    end: int = 0
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Before:
    stored: PageDuty
    read: Read | None

    @property
    def kind(self) -> ActionKind:
        return self.read.duty.action_kind if self.read else self.stored.action_kind

    @property
    def actor(self) -> tuple[str, ...]:
        return _words((self.read.duty.actor if self.read else self.stored.actor) or "")


def compare_editions(
    stored: Sequence[PageDuty], was: Sequence[Read], now: Sequence[Read], text: str
) -> tuple[Pair, ...]:
    """Pair the stored duties of an edition, read as `was`, with what is read in a new `text`.

    In the order of the new text; what is gone comes last, in the order of the old one.
    """
    before = [_Before(duty, read) for duty, read in zip(stored, _readings(stored, was), strict=True)]
    pairs: list[Pair] = []
    left, free = list(before), list(now)
    for same in (_same_words_and_kind, _same_words):
        for each in list(left):
            if found := next((read for read in free if same(each, read)), None):
                pairs.append(_paired(each, found))
                left.remove(each)
                free.remove(found)
    pairs += _still_standing([each for each in left if each.read is None], left, text)
    for _, each, found in sorted(_close(left, free), key=lambda close: -close[0]):
        if each in left and found in free:
            pairs.append(_paired(each, found))
            left.remove(each)
            free.remove(found)
    pairs += _still_standing(list(left), left, text)
    pairs += [Pair(fate=Fate.NEW, now=read, start=read.duty.start, end=read.duty.end) for read in free]
    gone = [Pair(fate=Fate.GONE, stored=each.stored, was=each.read) for each in left]
    return (*sorted(pairs, key=lambda pair: (pair.start, pair.end)), *gone)


def _readings(stored: Sequence[PageDuty], was: Sequence[Read]) -> list[Read | None]:
    """Return how each stored duty is read today: by its place and kind, or else by its place; None by neither."""
    found: dict[int, Read] = {}
    free = list(was)
    for is_strict in (True, False):
        for number, duty in enumerate(stored):
            if number in found:
                continue
            here = [read for read in free if (read.duty.start, read.duty.end) == (duty.start, duty.end)]
            fitting = [read for read in here if not is_strict or read.duty.action_kind is duty.action_kind]
            if fitting:
                found[number] = fitting[0]
                free.remove(fitting[0])
    return [found.get(number) for number in range(len(stored))]


def _same_words(before: _Before, read: Read) -> bool:
    return _words(before.stored.quote) == _words(read.duty.quote)


def _same_words_and_kind(before: _Before, read: Read) -> bool:
    return before.kind is read.duty.action_kind and _same_words(before, read)


def _still_standing(among: Sequence[_Before], left: list[_Before], text: str) -> Iterator[Pair]:
    """Yield, and take from `left`, what no rule reads now and still stands there; its surroundings may have changed."""
    for each in among:
        place = next(iter(places_of(text, each.stored.quote)), None)
        if place is None:
            continue
        left.remove(each)
        fate = Fate.KEPT if each.read is None else Fate.CHANGED
        differs = () if each.read is None else ("context",)
        yield Pair(fate=fate, stored=each.stored, was=each.read, start=place.start, end=place.end, differs=differs)


def _close(left: Sequence[_Before], free: Sequence[Read]) -> Iterator[tuple[float, _Before, Read]]:
    for each in left:
        words = _words(each.stored.quote)
        for read in free:
            if each.kind is read.duty.action_kind and each.actor == _words(read.duty.actor or ""):
                ratio = likeness(words, _words(read.duty.quote), FLOOR)
                if ratio:
                    yield ratio, each, read


def _paired(before: _Before, read: Read) -> Pair:
    differs = tuple(_differing(before, read))
    is_kept = _same_words(before, read) and not differs
    return Pair(
        fate=Fate.KEPT if is_kept else Fate.CHANGED,
        stored=before.stored,
        was=before.read,
        now=read,
        start=read.duty.start,
        end=read.duty.end,
        differs=differs,
    )


def _differing(before: _Before, read: Read) -> Iterator[str]:
    """Yield what the text asks for now and did not before; nothing for a duty that no rule read before."""
    was, now = before.read, read
    if was is None:
        return
    if was.duty.action_kind is not now.duty.action_kind:
        yield "action_kind"
    for field in _SENSE:
        if _plain(getattr(was.duty, field)) != _plain(getattr(now.duty, field)):
            yield field
    if was.binding and now.binding:
        if set(was.binding.body_ids) != set(now.binding.body_ids):
            yield "body_ids"
        if was.binding.holder is not now.binding.holder:
            yield "holder"


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    """Remembered, for each sentence is compared with many."""
    return words_of(text)


def _plain(value: object) -> object:
    return _words(value) if isinstance(value, str) else value
