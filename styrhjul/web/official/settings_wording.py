"""The municipality's own words in its mails: a list, a part at a time, and a preview before anything is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import Response

from styrhjul.db.overview_query import MunicipalityLine
from styrhjul.domain.field_fault import FieldError
from styrhjul.domain.written import tidy
from styrhjul.mail.context import CONTEXTS
from styrhjul.mail.language import LANGUAGES
from styrhjul.mail.wording import PARTS, Fault
from styrhjul.mail.wording_names import EVERY, FILTERS, explained
from styrhjul.services.mailing.wording_preview import WordingPreview, built_in_words, preview_wording
from styrhjul.services.municipality.directory import municipality_by
from styrhjul.services.municipality.wording import (
    NoSuchWording,
    Place,
    Wording,
    WrongWording,
    list_wordings,
    remove_wording,
    set_wording,
)
from styrhjul.web.home import home_of
from styrhjul.web.official.frame import framed, shown
from styrhjul.web.official.settings_review import FormPage, SettingsPage, saved
from styrhjul.web.official.settings_words import PART_NAMES
from styrhjul.web.permission import posted

router = APIRouter()

_ALL = "/{municipality}/settings/wording"
_ONE = "/{municipality}/settings/wording/{key}"
#: What the sentences about a fault call a command, and what stands for it here.
_HERE = {
    "ta bort den med styrhjul wording remove": "välj Ta bort de egna orden",
    "Se styrhjul wording names.": "Namnen som finns står längre ned på sidan.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingsPage(SettingsPage):
    """Every mail by key and subject, and what is worded anew in each: languages and parts."""

    subjects: tuple[tuple[str, str], ...]
    own: Mapping[str, tuple[Wording, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingPage(FormPage):
    """One mail in one language: its parts, what they may name, and its sample with the built-in words."""

    key: str
    subject: str
    language_of_mail: str
    languages: Mapping[str, str]
    own: Mapping[str, Wording]
    parts: Mapping[str, str]
    part_names: Mapping[str, str]
    names: Mapping[str, str]
    filters: tuple[str, ...]
    sample: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingReviewPage(SettingsPage):
    """The same sample twice, and the words that would be saved."""

    place: Place
    part_name: str
    text: str
    preview: WordingPreview


@router.get(_ALL)
def wordings(request: Request, municipality: str) -> Response:
    """List every mail, with what is worded anew in it."""
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    every = list_wordings(home.database, line.municipality_id)
    keys = (EVERY, *CONTEXTS)
    page = WordingsPage(
        frame=framed(request, line, "settings"),
        subjects=tuple((key, _subject(key)) for key in keys),
        own={key: tuple(row for row in every if row.key == key) for key in keys},
    )
    return shown(request, "settings_wordings.html", page)


@router.get(_ONE)
def wording(request: Request, municipality: str, key: str, language: str = "sv") -> Response:
    """Show one mail's parts, in fields."""
    line = municipality_by(home_of(request).database, municipality)
    return _form(request, line, Place(key=key, language=language, part="lead"))


@router.post(f"{_ONE}/review")
def review_wording(
    request: Request, municipality: str, key: str, fields: Annotated[FormData, Depends(posted)]
) -> Response:
    """Show one part's words in the mail; with `again`, the form as it was typed."""
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    place, text = _typed(key, fields)
    if "again" in fields:
        return _form(request, line, place, text)
    try:
        preview = preview_wording(home.database, line.municipality_id, place, text, base_url=home.settings.base_url)
    except WrongWording as wrong:
        return _form(request, line, place, text, [_error(place, each) for each in wrong.faults])
    page = WordingReviewPage(
        frame=framed(request, line, "settings"),
        place=place,
        part_name=PART_NAMES[place.part],
        text=text,
        preview=preview,
    )
    return shown(request, "settings_wording_review.html", page)


@router.post(_ONE)
def save_wording(
    request: Request, municipality: str, key: str, fields: Annotated[FormData, Depends(posted)]
) -> Response:
    """Save one part's words; they are tried against every sample once more."""
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    place, text = _typed(key, fields)
    try:
        set_wording(
            home.database,
            line.municipality_id,
            place,
            text,
            base_url=home.settings.base_url,
            by=framed(request, line, "settings").actor.name,
            now=home.clock.now(),
        )
    except WrongWording as wrong:
        return _form(request, line, place, text, [_error(place, each) for each in wrong.faults])
    return saved(request, _path(line, place), "Orden är sparade. De gäller från nästa mejl.")


@router.post(f"{_ONE}/remove")
def remove(request: Request, municipality: str, key: str, fields: Annotated[FormData, Depends(posted)]) -> Response:
    """Let the built-in words stand again."""
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    place, _ = _typed(key, fields)
    by = framed(request, line, "settings").actor.name
    try:
        remove_wording(home.database, line.municipality_id, place, by=by, now=home.clock.now())
    except NoSuchWording:  # somebody else was quicker: it is as wished
        return saved(request, _path(line, place), "De inbyggda orden gäller redan.")
    return saved(request, _path(line, place), "De inbyggda orden gäller igen, från nästa mejl.")


def _form(
    request: Request,
    line: MunicipalityLine,
    place: Place,
    text: str | None = None,
    errors: list[FieldError] | None = None,
) -> Response:
    home = home_of(request)
    _refuse_unknown(place)
    own = {
        row.part: row
        for row in list_wordings(home.database, line.municipality_id)
        if (row.key, row.language) == (place.key, place.language)
    }
    typed = {part: [own[part].text] if part in own else [""] for part in PARTS}
    sample = built_in_words(place.key, place.language)
    page = WordingPage(
        frame=framed(request, line, "settings"),
        typed=typed if text is None else typed | {place.part: [text]},
        errors=tuple(errors or ()),
        key=place.key,
        subject=_subject(place.key),
        language_of_mail=place.language,
        languages={code: grammar.IN_ITSELF for code, grammar in LANGUAGES.items()},
        own=own,
        parts=PARTS,
        part_names=PART_NAMES,
        names=explained(place.key),
        filters=FILTERS,
        sample=sample.text,
    )
    return shown(request, "settings_wording.html", page, status=422 if errors else 200)


def _typed(key: str, fields: FormData) -> tuple[Place, str]:
    place = Place(key=key, language=str(fields.get("language", "")), part=str(fields.get("part", "")))
    _refuse_unknown(place)
    return place, tidy(str(fields.get(place.part, "")))


def _refuse_unknown(place: Place) -> None:
    if place.key not in (EVERY, *CONTEXTS) or place.language not in LANGUAGES or place.part not in PARTS:
        raise HTTPException(404)


def _error(place: Place, fault: Fault) -> FieldError:
    sentence = fault.sentence
    for said, here in _HERE.items():
        sentence = sentence.replace(said, here)
    return FieldError(place.part, f"Rad {fault.line}: {sentence}" if fault.line > 1 else sentence)


def _subject(key: str) -> str:
    return "Alla mejl" if key == EVERY else built_in_words(key, "sv").subject


def _path(line: MunicipalityLine, place: Place) -> str:
    return f"/{line.slug}/settings/wording/{place.key}?language={place.language}"
