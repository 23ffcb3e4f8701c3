"""A sentence where it stands: the paragraph around it and its place in the file, for whoever judges it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from styrhjul.db.overview_query import PolicyLine
from styrhjul.db.policy_page_query import PageDuty
from styrhjul.services.policies.file import place_in_words

_GAP = re.compile(r"\n[ \t\r]*\n")
_ITEM = re.compile(r"\s*(?:[-–—•●▪■□♦◆►*·]|[a-zåäö0-9]\)|[a-zåäö])")
#: The sign of the item itself, which says nothing on a line of its own.
_SIGN = re.compile(r"(?:\A|\n)[-–—•●▪■□♦◆►*· ]+\Z")
#: So much of a long paragraph is shown on either side of the sentence.
_MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The sentence with what stands before and after it in its paragraph; `place` is a page or a line, in Swedish."""

    before: str
    quote: str
    after: str
    place: str


def context_of(policy: PolicyLine, duty: PageDuty) -> Context:
    """Return a duty of a policy's present text with its paragraph. What is left out is marked with three dots.

    An item of a list that begins its paragraph is shown with the paragraph that leads it in.
    """
    text, start, end = policy.text, duty.start, duty.end
    gaps = [match.span() for match in _GAP.finditer(text)]
    begins = [0, *(gap[1] for gap in gaps if gap[1] <= start)]
    ends = [*(gap[0] for gap in gaps if gap[0] >= end), len(text)]
    first = begins[-1]
    if _ITEM.match(text[first:end]) and len(begins) > 1:
        first = begins[-2]
    before, after = _SIGN.sub("", _plain(text[first:start])), _plain(text[end : ends[0]])
    if len(before) > _MOST:
        before = "… " + before[-_MOST:]
    if len(after) > _MOST:
        after = after[:_MOST] + " …"
    place = place_in_words(text, start, policy.pages)
    return Context(before=before, quote=_plain(text[start:end]), after=after, place=place)


def _plain(text: str) -> str:
    """Return the text with its line breaks, but no more than one between two lines."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)
