"""A policy comes in: a file or a pasted text is shown with what it would mean, and stored when somebody says so."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from styrhjul.db.overview_query import MunicipalityLine
from styrhjul.documents import FoundDuty, UnreadableDocument
from styrhjul.domain.moment import local_date
from styrhjul.services.municipality.directory import municipality_by
from styrhjul.services.policies.file import ReadFile, page_at, read_pasted
from styrhjul.services.policies.intake import ImportReport, NoOrganisation, NotAsShown, PolicyText
from styrhjul.services.policies.lint import LintLine, lint_text
from styrhjul.services.policies.preview import PolicyPreview, preview_policy, store_previewed
from styrhjul.services.policies.proposal import UnknownAdopter
from styrhjul.services.policies.store import EditionRefused, TitleTaken
from styrhjul.web.actor import actor_of
from styrhjul.web.home import home_of
from styrhjul.web.official import policy_words
from styrhjul.web.official.carried import brought_back, carry, file_of, told
from styrhjul.web.official.frame import OfficialPage, framed, shown
from styrhjul.web.official.policy import Segment, segments
from styrhjul.web.official.policy_batch import keep
from styrhjul.web.permission import posted
from styrhjul.web.policy_upload import take_document
from styrhjul.web.security import MOST_FILES
from styrhjul.web.session import set_flash

router = APIRouter()
Fields = Annotated[FormData, Depends(posted)]
#: The signed given goes back in a form, whose whole body has a cap of its own.
MOST_SIGNED = 900_000
_PURPOSE = "policy preview"
NOTHING_CHOSEN = "Välj en fil eller klistra in texten."
BOTH_GIVEN = (
    "Du valde en fil och klistrade in en text, och bara en av dem kan läsas in. "
    "Töm rutan och välj filen igen, eller visa förslaget för texten."
)
_NEW = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPage(OfficialPage):
    """The form for a file or a pasted text, with what was pasted and what is wrong with it."""

    pasted: str = ""
    errors: dict[str, str]
    most_files: int = MOST_FILES


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A duty that the reading found, with the names of the bodies it would bind and why."""

    duty: FoundDuty
    bodies: tuple[str, ...]
    why: str
    page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPage(OfficialPage):
    """What the text would mean; `given` is the text itself, signed. `chosen` is what it is taken for."""

    view: PolicyPreview
    segments: tuple[Segment, ...]
    duties: tuple[Proposed, ...]
    given: str
    warnings: tuple[str, ...]
    chosen: str
    errors: dict[str, str]
    remarks: tuple[LintLine, ...]
    say: ModuleType = policy_words

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """What the text can be taken for."""
        editions = ((each.slug, f"Ny utgåva av {each.title}") for each in self.view.policies)
        return ((_NEW, "Nytt styrdokument"), *editions)


@router.get("/{municipality}/policies/import")
def start(request: Request, municipality: str) -> Response:
    """Show the form."""
    return _form(request, municipality_by(home_of(request).database, municipality), {})


@router.post("/{municipality}/policies/import")
def preview(request: Request, municipality: str, fields: Fields) -> Response:
    """Show what a text would mean; nothing is stored."""
    line = municipality_by(home_of(request).database, municipality)
    pasted = _pasted(fields)
    uploads = [each for each in fields.getlist("file") if isinstance(each, UploadFile) and each.filename]
    try:
        if not uploads and not pasted.strip():
            return _form(request, line, {"file": NOTHING_CHOSEN})
        if uploads and pasted.strip():
            return _form(request, line, {"text": BOTH_GIVEN}, pasted)
        if len(uploads) > 1:
            return keep(request, line, uploads)
        given = _given(fields)
        return _shown(request, line, given)
    except (UnreadableDocument, NoOrganisation, UnknownAdopter) as refused:
        field = "file" if _is_file(fields.get("file")) else "text"
        return _form(request, line, {field: str(refused)}, pasted)


@router.post("/{municipality}/policies/import/store")
def store(request: Request, municipality: str, fields: Fields) -> Response:
    """Store the text that was shown; every duty waits for somebody to confirm it."""
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    now = home.clock.now()
    signed = brought_back(request, _PURPOSE, line.municipality_id, str(fields.get("given", "")), now)
    if signed is None:
        return _form(request, line, {"text": "Förslaget är för gammalt. Välj dokumentet igen."})
    given = file_of(signed)
    edition_of = str(fields.get("edition_of", signed["edition_of"]))
    if "look" in fields or edition_of != signed["edition_of"]:  # what it would change has not been shown
        return _shown(request, line, given, chosen=edition_of)
    document = PolicyText(municipality_id=line.municipality_id, file=given)
    try:
        report = store_previewed(
            home.database, document, edition_of, str(signed["seal"]), by=actor_of(request).name, now=now
        )
    except (NotAsShown, EditionRefused, TitleTaken) as refused:
        return _shown(request, line, given, chosen=edition_of, fault=str(refused))
    except (NoOrganisation, UnknownAdopter) as refused:
        return _form(request, line, {"text": str(refused)})
    return _stored(request, line, report)


def _stored(request: Request, line: MunicipalityLine, report: ImportReport) -> Response:
    response = RedirectResponse(f"/{line.slug}/policy/{report.slug}", status_code=303)
    waiting = "en skyldighet" if report.proposed == 1 else f"{report.proposed or 'inga'} skyldigheter"
    what = "Utgåvan" if report.change else "Dokumentet"
    said = f"{what} är inläst. {waiting[:1].upper()}{waiting[1:]} väntar på att bekräftas."
    set_flash(request, response, report.warnings[0] if report.duplicate else said)
    return response


def _given(fields: FormData) -> ReadFile:
    """Return the text of the file, or what was pasted. Raises UnreadableDocument."""
    upload = fields.get("file")
    if isinstance(upload, UploadFile) and upload.filename:
        with upload.file as file:
            return take_document(upload.filename, file)
    return read_pasted(_pasted(fields))


def _pasted(fields: FormData) -> str:
    """Return what was pasted; a file that is sent in its place is no text."""
    text = fields.get("text")
    return text if isinstance(text, str) else ""


def _is_file(upload: object) -> bool:
    return isinstance(upload, UploadFile) and bool(upload.filename)


def _form(request: Request, line: MunicipalityLine, errors: dict[str, str], pasted: str = "") -> Response:
    page = ImportPage(frame=framed(request, line, "policy"), pasted=pasted, errors=errors)
    return shown(request, "policy_import.html", page, status=422 if errors else 200)


def _shown(
    request: Request, line: MunicipalityLine, given: ReadFile, *, chosen: str | None = None, fault: str = ""
) -> Response:
    home = home_of(request)
    now = home.clock.now()
    view = preview_policy(home.database, line.slug, given.text, now, edition_of=chosen)
    content = {**told(given), "edition_of": view.edition_of, "seal": view.seal}
    signed = carry(request, _PURPOSE, line.municipality_id, content, now)
    if len(signed) > MOST_SIGNED:
        raise UnreadableDocument(given.name, "texten är för lång. Dela dokumentet, eller ta bort bilagor.")
    fault = fault or view.refused
    page = PreviewPage(
        frame=framed(request, line, "policy"),
        view=view,
        segments=tuple(segments(given.text, view.proposal.duties)),
        duties=tuple(
            Proposed(duty=duty, bodies=names, why=binding.why, page=page_at(given.pages, duty.start))
            for duty, names, binding in zip(view.proposal.duties, view.bodies, view.proposal.bindings, strict=True)
        ),
        given=signed,
        warnings=(*given.warnings, *view.proposal.warnings, *(view.change.warnings if view.change else ())),
        chosen=view.edition_of,
        errors={"edition_of": fault} if fault else {},
        remarks=lint_text(given.text, local_date(now), given.pages),
    )
    return shown(request, "policy_preview.html", page, status=422 if fault else 200)
