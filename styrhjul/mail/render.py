"""A context becomes a subject, a text and an HTML page. One environment a language for the life of the process."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from inspect import isfunction
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape
from markupsafe import Markup, escape

from styrhjul.domain.written import straight
from styrhjul.mail import layout, urgency
from styrhjul.mail.catalogue import SOURCE, TranslatedLoader, catalogue
from styrhjul.mail.context import EmailContext
from styrhjul.mail.item import Item, Sender
from styrhjul.mail.language import LANGUAGES, spoken
from styrhjul.mail.matter import OneMatter
from styrhjul.mail.phrase import remembered, remembering
from styrhjul.mail.plain_code import PlainCode
from styrhjul.mail.retold import in_language

TEMPLATES = Path(__file__).parents[2] / "templates"

#: One file a lifecycle: what the mails call its matter, its task and its answer; `_usual.txt` is what most of them say.
OF_LIFECYCLES = "emails/words"

#: Stands between the parts of a text template: subject, preheader, heading, lead, the text itself.
CUT = "\x1e"
#: Where one reader's own words are to stand in a page that several read: no words are made of such signs.
_MARKS = {"from_line": "\x01", "link": "\x02", "readers": "\x03"}
#: What the HTML takes from its text template, so that nothing is worded twice.
SAID = ("subject", "preheader", "heading", "lead")
_LINE_ENDS = re.compile(" +\n")
_EMPTY_LINES = re.compile("\n{4,}")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail before it has an address. No sign in it turns the direction of what is read."""

    subject: str
    text: str
    html: str

    def __post_init__(self) -> None:
        """Straighten what a name or a quote brought along."""
        for part in ("subject", "text", "html"):
            object.__setattr__(self, part, straight(getattr(self, part)))


class Wording(NamedTuple):
    """A municipality's own words by part, as `wording.PARTS` has them; empty where it says nothing of its own."""

    lead: str = ""
    extra: str = ""
    contact: str = ""


class _Frame(NamedTuple):
    """What a mail is set in, whatever it tells of and whoever reads it."""

    key: str
    language: str
    sender: Sender
    wording: Wording
    trial_for: str


class _Page(NamedTuple):
    """The parts of a mail; in one that several are to read, with a mark wherever each reader's own words stand."""

    subject: str
    text: str
    html: str


class NotRendered(ValueError):
    """A template does not have the parts of a mail, or what it was given cannot stand in one."""


def render(context: EmailContext, own: Mapping[str, str] | None = None, *, trial_for: str = "") -> Rendered:
    """Return the mail's words, in the recipient's language. The subject is one line, the text is wrapped.

    `own` are the municipality's own words by part, written out already; `trial_for` is whom a mail on trial would
    have gone to, said above everything else. Raises jinja2.UndefinedError for a name the
    context does not have.
    """
    language = spoken(context.recipient.language)
    values = in_language(context.values(), language)
    wording = Wording(**{part: layout.signs(layout.flat(text)) for part, text in (own or {}).items()})
    frame = _Frame(context.key, language, context.sender, wording, trial_for)
    with remembering(values):
        reader = _of_one_reader(values, language)
        if isinstance(context, OneMatter):
            return _filled(_page_for_all(values["item"], frame), reader, language)
        return Rendered(*_page(frame, values | reader))


def _of_one_reader(values: Mapping[str, Any], language: str) -> dict[str, str]:
    """Return what a mail says to its reader alone: who writes to whom, where to answer, and who else is told."""
    words: Any = environment(language).globals["words"]
    recipient = values["recipient"]
    own = {"from_line": words.from_line(values["sender"], recipient)}
    if item := values.get("item"):
        readers = (words.reader(recipient), words.also_to(item.other_recipients), words.case_ref(item))
        own |= {"link": item.url, "readers": " ".join(readers)}
    return own


@remembered
def _page_for_all(item: Item, frame: _Frame) -> _Page:
    """Return what all who are told of a matter read. It knows no reader: a template that asks for one fails."""
    return _page(frame, {"item": item, **_MARKS})


def _filled(page: _Page, own: Mapping[str, str], language: str) -> Rendered:
    """Return a page with a reader's own words in the places of the marks, set as what stands around them."""
    in_text = {name: words if name == "link" else layout.wrap(words) for name, words in own.items()}
    in_html = dict(own, readers=environment(language).filters["quotations"](own["readers"]))
    text, html = page.text, page.html
    for name, mark in _MARKS.items():
        text, html = text.replace(mark, in_text[name]), html.replace(mark, escape(in_html[name]))
    return Rendered(page.subject, text, html)


def _page(frame: _Frame, values: Mapping[str, Any]) -> _Page:
    templates, name = environment(frame.language), f"emails/{frame.key}"
    given = {**values, "sender": frame.sender, "wording": frame.wording, "trial_for": frame.trial_for}
    parts = _written(templates, f"{name}.txt", given).split(CUT)
    if len(parts) != len(SAID) + 1:
        raise NotRendered(f"{name}.txt gave {len(parts)} parts, not {len(SAID) + 1}")
    said = {name: layout.flat(part) for name, part in zip(SAID, parts, strict=False)}
    said["subject"] = said["subject"].replace(layout.NBSP, " ")
    html = _written(templates, f"{name}.html", given | said)
    return _Page(said["subject"], _tidy(parts[-1]), html.strip() + "\n")


def _written(templates: Environment, name: str, values: Mapping[str, Any]) -> str:
    """Write a template out past `Template.render`, which puts its globals together anew for each mail."""
    template = templates.get_template(name)
    own = _globals(template) | dict(values)
    return templates.concat(template.root_render_func(template.new_context(own, shared=True)))


@cache
def _globals(template: Template) -> dict[str, Any]:
    """Whatever every mail of a template is given; the environment keeps its templates for good."""
    return dict(template.globals)


@cache
def environment(language: str = SOURCE) -> Environment:
    """Return a language's one environment; words and styles are written into its templates at first use."""
    grammar = LANGUAGES[language]
    templates = Environment(
        loader=TranslatedLoader(FileSystemLoader(TEMPLATES), catalogue(language)),
        extensions=[layout.InlineStyles],
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"], default=False, default_for_string=False),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    templates.code_generator_class = PlainCode
    filters = (
        *(grammar.day, grammar.weekday, grammar.days, grammar.listed, grammar.number, grammar.start, grammar.inside),
        *(grammar.office, grammar.the_office, grammar.definite, grammar.document),
        *(
            layout.flat,
            layout.signs,
            layout.pieces,
            layout.wrap,
            urgency.by_policy,
            urgency.one_per_rule,
            urgency.by_source,
        ),
    )
    templates.filters.update({function.__name__: function for function in filters})
    templates.filters["quotations"] = str if language == SOURCE else layout.quotations
    templates.globals.update(
        cut=CUT,
        goals=grammar.goals,
        short_title=grammar.short_title,
        unchanged=grammar.unchanged,
        current=grammar.current,
        language=language,
        quoted_in="" if language == SOURCE else Markup(' lang="sv"'),
        subject_line=layout.subject_line,
        in_full=urgency.TOLD_IN_FULL,
    )
    words, own, lines, rows = SimpleNamespace(), dict[str, SimpleNamespace](), SimpleNamespace(), SimpleNamespace()
    templates.globals.update(words=words, own=own, lines=lines, rows=rows)  # filled below: they speak of one another
    words.__dict__.update(_macros(templates, "emails/_words.txt"))
    usual = _macros(templates, f"{OF_LIFECYCLES}/_usual.txt")
    for path in sorted((TEMPLATES / OF_LIFECYCLES).glob("[!_]*.txt")):
        own[path.stem] = SimpleNamespace(**usual | _macros(templates, f"{OF_LIFECYCLES}/{path.name}"))
    lines.__dict__.update(_rows(templates, "emails/_item.txt"))
    rows.__dict__.update(_rows(templates, "emails/_item.html"))
    return templates


#: The rows that tell of a matter without any reader's link; where bodies are drawn together, `matter` holds links.
_LINKLESS = ("tag", "alone", "why")


#: What is said of sender and reader alone, in text and HTML alike.
_MATTERLESS = {"from_line", "reader", "contact", "example", "also_to"}


def _rows(templates: Environment, name: str) -> dict[str, Callable[..., str]]:
    """Return a template's macros as they are. What a decision says is the same for all who are told of it."""
    rows = _functions(templates, name)
    told = {key: remembered(rows[key]) for key in _LINKLESS}
    return rows | told | {"quoted": lru_cache(maxsize=512)(rows["quoted"])}


def _macros(templates: Environment, name: str) -> dict[str, Callable[..., str]]:
    """Return a template's macros as functions that give plain text on one line.

    Called as macros from HTML they would pass as safe markup; as functions their text is escaped there.
    """
    said = {key: _plain(macro) for key, macro in _functions(templates, name).items()}
    return said | {key: lru_cache(maxsize=512)(said[key]) for key in _MATTERLESS & said.keys()}


def _functions(templates: Environment, name: str) -> dict[str, Callable[..., str]]:
    return {key: macro for key, macro in vars(templates.get_template(name).module).items() if isfunction(macro)}


def _plain(macro: Callable[..., str]) -> Callable[..., str]:
    def said(*arguments: object) -> str:
        return layout.signs(layout.flat(macro(*arguments)))

    return remembered(said)


def _tidy(text: str) -> str:
    """Return the text without trailing spaces and with at most two empty lines in a row."""
    return _EMPTY_LINES.sub("\n\n\n", _LINE_ENDS.sub("\n", text).rstrip(" ")).strip("\n") + "\n"
