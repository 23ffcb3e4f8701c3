"""A context becomes a subject, a text and an HTML page. One environment a language for the life of the process."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape
from jinja2.runtime import Context, Macro
from markupsafe import Markup

from styrhjul.domain.written import straight
from styrhjul.mail import layout, urgency
from styrhjul.mail.catalogue import SOURCE, TranslatedLoader, catalogue
from styrhjul.mail.context import EmailContext
from styrhjul.mail.language import LANGUAGES, spoken
from styrhjul.mail.phrase import remembered, remembering
from styrhjul.mail.retold import in_language
from styrhjul.mail.wording import PARTS

TEMPLATES = Path(__file__).parents[2] / "templates"

#: One file a lifecycle: what the mails call its matter, its task and its answer; `_usual.txt` is what most of them say.
OF_LIFECYCLES = "emails/words"

#: Stands between the parts of a text template: subject, preheader, heading, lead, the text itself.
CUT = "\x1e"
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
    wording = {part: layout.signs(layout.flat((own or {}).get(part, ""))) for part in PARTS}
    values |= {"wording": wording, "trial_for": trial_for}
    with remembering(values):
        return _render(context, values, environment(language))


def _render(context: EmailContext, values: dict[str, Any], templates: Environment) -> Rendered:
    parts = _written(templates, f"emails/{context.key}.txt", values).split(CUT)
    if len(parts) != len(SAID) + 1:
        raise NotRendered(f"emails/{context.key}.txt gave {len(parts)} parts, not {len(SAID) + 1}")
    said = {name: layout.flat(part) for name, part in zip(SAID, parts, strict=False)}
    said["subject"] = said["subject"].replace(layout.NBSP, " ")
    html = _written(templates, f"emails/{context.key}.html", values | said)
    return Rendered(subject=said["subject"], text=_tidy(parts[-1]), html=html.strip() + "\n")


def _written(templates: Environment, name: str, values: Mapping[str, Any]) -> str:
    """Write a template out past `Template.render`, which puts its globals together anew for each mail."""
    template = templates.get_template(name)
    own = _globals(template) | dict(values)
    return templates.concat(template.root_render_func(template.new_context(own, shared=True)))


@cache
def _globals(template: Template) -> dict[str, Any]:
    """Whatever every mail of a template is given; the environment keeps its templates for good."""
    return dict(template.globals)


class _Calls(Context):
    """Calls what a template calls as it stands: no function of ours asks for the context it is called in.

    Jinja looks at each before each call, which is a sixth of what a mail takes to render.
    """

    def call(
        self,
        function: Callable[..., Any],
        /,
        *arguments: object,
        _block_vars: object = None,
        _loop_vars: object = None,
        **named: object,
    ) -> Any:  # noqa: ANN401 - Jinja's
        """Call it with what the template gives it; what else Jinja hands over is for functions that ask for it."""
        del _block_vars, _loop_vars
        return function(*arguments, **named)


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
    templates.context_class = _Calls
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
    words, own = SimpleNamespace(), dict[str, SimpleNamespace]()
    templates.globals.update(words=words, own=own)  # filled below: they speak of one another
    words.__dict__.update(_macros(templates, "emails/_words.txt"))
    usual = _macros(templates, f"{OF_LIFECYCLES}/_usual.txt")
    for path in sorted((TEMPLATES / OF_LIFECYCLES).glob("[!_]*.txt")):
        own[path.stem] = SimpleNamespace(**usual | _macros(templates, f"{OF_LIFECYCLES}/{path.name}"))
    templates.globals["lines"] = _rows(templates, "emails/_item.txt")
    templates.globals["rows"] = _rows(templates, "emails/_item.html")
    return templates


#: The rows that tell of a matter without any reader's link; where bodies are drawn together, `matter` holds links.
_LINKLESS = ("tag", "alone", "why")


#: What is said of sender and reader alone, in text and HTML alike.
_MATTERLESS = {"from_line", "reader", "contact", "example", "also_to"}


def _rows(templates: Environment, name: str) -> SimpleNamespace:
    """Return a template's macros as they are."""
    module = templates.get_template(name).module
    rows = {key: _direct(macro) for key, macro in vars(module).items() if isinstance(macro, Macro)}
    return SimpleNamespace(**rows | {key: remembered(rows[key]) for key in _LINKLESS})


def _macros(templates: Environment, name: str) -> dict[str, Callable[..., str]]:
    """Return a template's macros as functions that give plain text on one line.

    Called as macros from HTML they would pass as safe markup; as functions their text is escaped there.
    """
    module = templates.get_template(name).module
    said = {key: _plain(macro) for key, macro in vars(module).items() if isinstance(macro, Macro)}
    return said | {key: lru_cache(maxsize=512)(said[key]) for key in _MATTERLESS & said.keys()}


def _direct(macro: Macro) -> Callable[..., str]:
    """Return a macro as what it is when every argument is given in its place: Jinja finds that out at each call."""
    if macro.catch_kwargs or macro.catch_varargs or macro.caller:
        return macro
    function, given, as_markup = macro._func, len(macro.arguments), macro._default_autoescape  # noqa: SLF001

    def said(*arguments: object) -> str:
        if len(arguments) != given:
            return macro(*arguments)
        text = function(*arguments)
        return Markup(text) if as_markup else text  # noqa: S704 - escaped as it was put together

    return said


def _plain(macro: Macro) -> Callable[..., str]:
    direct = _direct(macro)

    def said(*arguments: object) -> str:
        return layout.signs(layout.flat(str(direct(*arguments))))

    return remembered(said)


def _tidy(text: str) -> str:
    """Return the text without trailing spaces and with at most two empty lines in a row."""
    return _EMPTY_LINES.sub("\n\n\n", _LINE_ENDS.sub("\n", text).rstrip(" ")).strip("\n") + "\n"
