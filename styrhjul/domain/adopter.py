"""Who has adopted a document, as its text words it."""

from __future__ import annotations

import re

_OFFICIAL = re.compile(r"chef|direktör|tjänsteman|tjänsteperson", re.IGNORECASE)


def is_official(adopted_by: str) -> bool:
    """Whether the words for an adopter name an official, who sits for no term of office."""
    return bool(_OFFICIAL.search(adopted_by))
