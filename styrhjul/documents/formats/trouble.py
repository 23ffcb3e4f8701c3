"""What can be wrong with a file, by keys that a child can say; the words are the parent's."""

from __future__ import annotations

from enum import StrEnum


class Trouble(StrEnum):
    """Why there is no text."""

    BROKEN = "broken"
    EMPTY = "empty"
    LOCKED = "locked"
    NO_TEXT_LAYER = "no_text_layer"
    NOT_WHAT_IT_SAYS = "not_what_it_says"
    OVERRAN = "overran"
    TOO_LARGE = "too_large"
    UNSAFE = "unsafe"


class Notice(StrEnum):
    """What a reader of the text should know."""

    FIELDS_IN_HEADER = "fields_in_header"
    PARTS_ELSEWHERE = "parts_elsewhere"
    PICTURES_OF_TEXT = "pictures_of_text"
    READ_BY_OCR = "read_by_ocr"
    STRUCK_OUT = "struck_out"
    TRACKED_CHANGES = "tracked_changes"


class CannotRead(Exception):
    """The file gives no text; `trouble` says why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble
