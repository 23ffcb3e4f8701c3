"""How text is set: one line or seventy-five columns, no break after "§", and styles written into the tags."""

from __future__ import annotations

import re
from functools import cache

import css_inline
from jinja2 import Environment
from jinja2.ext import Extension
from markupsafe import Markup, escape

from styrhjul.mail.catalogue import SOURCE

COLUMNS = 75
NBSP = "\u00a0"
STYLESHEET = "emails/_mail.css"

#: Subjects are wished this short; beyond the limit they lose their first part.
SUBJECT_WISHED = 60
SUBJECT_LIMIT = 78

_SPACE = re.compile(r"[^\S\u00a0]+")
_BEFORE_SIGN = re.compile(r" (?=§|kap\.)|(?<=§) (?=\d)|(?<=\bdnr) |(?<=\bref\.) ")
_WHOLE = re.compile(r"(\d{4}-\d\d-\d\d|(?<=dnr\xa0)[\w/-]+|(?<=ref\.\xa0)[\w/-]+)")
#: What is quoted in a language that is not Swedish stands in its quotation marks.
_QUOTED = re.compile("“[^”]*”")
_TAG = re.compile(r'<(\w+) class="([\w -]+)"')
_STYLE = re.compile(r'style="([^"]*)"')


def flat(text: str) -> str:
    """Return the text on one line; non-breaking spaces stay."""
    if NBSP in text:
        return _SPACE.sub(" ", text).strip()
    return " ".join(text.split())


def signs(text: str) -> str:
    """Return the text with "§", "kap." and "dnr" bound to their numbers."""
    has_signs = "§" in text or "kap." in text or "dnr " in text or "ref. " in text  # most have none: asked the fast way
    return _BEFORE_SIGN.sub(NBSP, text) if has_signs else text


def pieces(text: str) -> list[str]:
    """Return the text cut in pieces; every second one, from the second, is a date or number to keep on one line."""
    return _WHOLE.split(text)


def quotations(text: str) -> Markup:
    """Return the text for HTML, with what it quotes between “ and ” marked as Swedish."""
    return Markup(_QUOTED.sub(lambda found: f'<span lang="{SOURCE}">{found[0]}</span>', str(escape(text))))  # noqa: S704 - escaped first


def wrap(text: str, indent: int = 0, first: str = "") -> str:
    """Return the text in lines of at most 75 columns, indented; `first` stands in the first line's margin.

    A word longer than a line, an address, stays whole.
    """
    margin = " " * indent
    words, lines, start = flat(text), list[str](), first.ljust(indent)
    while len(start) + len(words) > COLUMNS:
        cut = words.rfind(" ", 0, COLUMNS - len(start) + 1)
        if cut < 0 and start.strip():
            lines.append(start.rstrip(" "))
        else:
            cut = cut if cut >= 0 else words.find(" ")
            if cut < 0:
                break
            lines.append(start + words[:cut])
            words = words[cut + 1 :]
        start = margin
    return "\n".join([*lines, (start + words).rstrip(" ")])


def subject_line(who: str, what: str, diary_number: str | None = None) -> str:
    """Return "who: what (diary number)" on one line of at most 78 characters.

    The diary number goes first when it gets long, then the who, which the mail's first line repeats.
    """
    who, what = flat(who), flat(what)
    line = f"{who}: {what}"
    if diary_number and len(line) + len(diary_number) + 3 <= SUBJECT_WISHED:
        return f"{line} ({flat(diary_number)})"
    if len(line) <= SUBJECT_LIMIT:
        return line
    line = what[:1].upper() + what[1:]
    return line if len(line) <= SUBJECT_LIMIT else line[: SUBJECT_LIMIT - 1].rstrip() + "…"


class InlineStyles(Extension):
    """Writes the stylesheet into the style attribute of every tag, once, when a template is read."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002 - Jinja's
        """Return the source with a style after each class; the class must be the tag's first attribute."""
        if name is None or not name.endswith(".html"):
            return source
        return _TAG.sub(lambda tag: tag[0] + _style(_stylesheet(self.environment), tag[1], tag[2]), source)


def _stylesheet(environment: Environment) -> str:
    if environment.loader is None:
        raise RuntimeError("the mail templates have no loader")
    return environment.loader.get_source(environment, STYLESHEET)[0]


@cache
def _style(stylesheet: str, tag: str, classes: str) -> str:
    """Return ` style="…"` for such a tag; empty where no rule meets it."""
    cell = f'<{tag} class="{classes}"></{tag}>'
    inside = cell if tag != "td" else f"<table><tr>{cell}</tr></table>"
    inliner = css_inline.CSSInliner(extra_css=stylesheet, load_remote_stylesheets=False)
    style = _STYLE.search(inliner.inline(f"<html><head></head><body>{inside}</body></html>"))
    return f' style="{style[1]}"' if style else ""
