"""How a check of the doctor's tells what it found."""

from __future__ import annotations

#: Begins what is in order, and to be known all the same.
WARNING = "varning: "


class NotInOrder(RuntimeError):
    """Something is not in order; the message says what to do."""
