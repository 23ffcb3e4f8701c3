"""Looking at what a setting changes before it is saved: what was typed goes out signed and comes back so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData
from starlette.responses import Response

from styrhjul.db.overview_query import MunicipalityLine
from styrhjul.domain.field_fault import FieldError
from styrhjul.services.overview.forecast_diff import Diff
from styrhjul.web.official import settings_words
from styrhjul.web.official.frame import OfficialPage, framed, shown
from styrhjul.web.session import set_flash, signer_of

#: What a form held, by field; several values where several boxes were ticked.
Typed = Mapping[str, list[str]]
#: So many changes are shown; the sentence above counts all.
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsPage(OfficialPage):
    """A page of settings. `words` are their own."""

    words: Any = settings_words


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage(SettingsPage):
    """A form: what is typed, by field, and what is wrong with it."""

    typed: Typed
    errors: tuple[FieldError, ...] = ()

    def value(self, name: str) -> str:
        """Return what one field holds."""
        return next(iter(self.typed.get(name, ())), "")

    @property
    def beside(self) -> dict[str, str]:
        """What is wrong, by field."""
        return {error.field: error.message for error in self.errors}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage(SettingsPage):
    """What would change. `signed` holds what was typed, `path` is where it is saved; `is_late`: too late for that."""

    diff: Diff
    signed: str
    path: str
    is_late: bool = False

    @property
    def most(self) -> int:
        """How many changes the table shows."""
        return MOST_SHOWN


def fields_of(form: FormData, names: Iterable[str]) -> dict[str, list[str]]:
    """Return what a form holds in fields of these names."""
    return {name: [str(value) for value in form.getlist(name)] for name in names}


def sealed(request: Request, municipality_id: str, what: str, version: str, typed: Typed) -> str:
    """Return what was typed, and for which version of the register, signed for one municipality's one form."""
    content = {"version": version, "typed": {name: [*values] for name, values in typed.items()}}
    return signer_of(request).sign(f"settings {municipality_id} {what}", content)


def unsealed(request: Request, municipality_id: str, what: str, form: FormData) -> tuple[str, Typed] | None:
    """Return version and fields of what `sealed` gave; None for anything else."""
    content = signer_of(request).unsign(f"settings {municipality_id} {what}", str(form.get("signed", "")))
    return (str(content["version"]), content["typed"]) if content else None


def review(
    request: Request, line: MunicipalityLine, what: str, typed: Typed, diff: Diff, *, path: str, is_late: bool = False
) -> Response:
    """Show what would change; 409 where something else has changed since it was looked at."""
    page = ReviewPage(
        frame=framed(request, line, "settings"),
        diff=diff,
        signed=sealed(request, line.municipality_id, what, diff.version, typed),
        path=path,
        is_late=is_late,
    )
    return shown(request, "settings_review.html", page, status=409 if is_late else 200)


def saved(request: Request, path: str, sentence: str) -> Response:
    """Go on to a page that says what was done."""
    response = RedirectResponse(path, status_code=303)
    set_flash(request, response, sentence)
    return response
