"""Lists of officials and meetings: looked at with `dry_run`, or imported. Each list is the whole truth of its kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Body, Header, Query, Request
from pydantic import Field
from starlette.responses import JSONResponse, Response

from styrhjul.domain.office import PostRole
from styrhjul.domain.vocabulary import BodyKind
from styrhjul.services.api.call import KeyReused
from styrhjul.services.api.officials import FaultyLists, Lists, MustBeSure, Wanted, bring, counted, look_at
from styrhjul.services.organisation.officials_columns import Kind
from styrhjul.services.organisation.officials_sheet import SheetError
from styrhjul.services.organisation.officials_upload import RegisterChanged
from styrhjul.web.api.answers import KEY_PATTERN, called, replied, reused
from styrhjul.web.api.given import Sent
from styrhjul.web.api.paging import Day, Truth
from styrhjul.web.api.problem import Fault, Wrong, no_idempotency_key
from styrhjul.web.api.shape import Told
from styrhjul.web.home import home_of
from styrhjul.web.program import program_of

router = APIRouter(prefix="/api/v1", tags=["imports"])

MOST_ROWS = 5_000
#: So many changes are told by name; the numbers count all.
MOST_NAMED = 200
KeyUnlessDry = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=KEY_PATTERN,
        description="Needed unless `dry_run` is true. New for each change, such as a UUID.",
    ),
]
Cell = Annotated[str, Field(min_length=1, max_length=500)]
Key = Annotated[str, Field(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100, examples=["socialnamnden"])]


class BodyRow(Sent):
    """An organization."""

    key: Key
    name: Cell
    kind: BodyKind
    answers_through: Annotated[Key | None, Field(description="Of an administration: who answers for it.")] = None
    bound_by: Annotated[Cell | None, Field(description="Of a company: the decision that binds it.")] = None
    dissolved_on: Day | None = None


class PostRow(Sent):
    """A post in an organization."""

    body: Key
    role: PostRole
    title: Cell


class PersonRow(Sent):
    """Somebody who holds posts. Never a personnummer."""

    key: Cell
    name: Cell
    address: Annotated[Cell | None, Field(description="E-mail at work.", examples=["karin.alm@example.org"])] = None
    language: Annotated[Cell | None, Field(examples=["sv"])] = None


class AppointmentRow(Sent):
    """A person in a post, both days included."""

    body: Key
    role: PostRole
    title: Annotated[Cell | None, Field(description="Where the organization has several of the role.")] = None
    person: Cell
    starts_on: Day
    ends_on: Day | None = None


class MeetingRow(Sent):
    """A day on which an organization meets."""

    body: Key
    meets_on: Day


class TermRow(Sent):
    """A first day of a term that the municipality has decided."""

    body: Key
    starts_on: Day


Rows = Field(min_length=1, max_length=MOST_ROWS)


class ListsSent(Sent):
    """What the register should hold; a list that is left out stays as it is. What a list no longer has, ends."""

    bodies: Annotated[list[BodyRow] | None, Rows] = None
    posts: Annotated[list[PostRow] | None, Rows] = None
    persons: Annotated[list[PersonRow] | None, Rows] = None
    appointments: Annotated[list[AppointmentRow] | None, Rows] = None
    meetings: Annotated[list[MeetingRow] | None, Rows] = None
    terms: Annotated[list[TermRow] | None, Rows] = None

    def cells(self) -> Lists:
        """Return them as rows of cells."""
        found = {kind: getattr(self, kind.value) for kind in Kind}
        return {kind: [_cells(row) for row in rows] for kind, rows in found.items() if rows is not None}


class Named(Told):
    """A row of the register that would be another: how it stands, and how it would stand, in Swedish."""

    kind: Kind
    name: str
    before: str
    after: str


class Imported(Told):
    """What an import does: everything by numbers, what it takes away by name, and on a dry run each change."""

    dry_run: bool
    register_version: Annotated[str, Field(description="Send the dry run's as `seen` to import what was looked at.")]
    added: int
    changed: int
    ended: int
    cases_moved: int
    organizations_ceased: list[str]
    meetings_lost: list[str]
    posts_vacant: list[str]
    handovers_confirmed: list[str]
    changes: Annotated[list[Named], Field(description=f"On a dry run, at most {MOST_NAMED}.")]
    mails: Annotated[int, Field(description="On a dry run: so many mails more leave within thirty days.")]


_EXAMPLE = {"meetings": [{"body": "socialnamnden", "meets_on": "2027-03-24"}]}


@router.post(
    "/imports",
    operation_id="import_officials",
    summary="Import officials and meetings",
    response_model=Imported,
)
def import_officials(
    request: Request,
    key: KeyUnlessDry = "",
    *,
    sent: Annotated[ListsSent, Body(examples=[_EXAMPLE])],
    dry_run: Annotated[Truth, Query(description="Only tell what would change. Changes nothing.")] = False,
    seen: Annotated[
        str | None, Query(max_length=64, description="The register the lists were looked at against; else 409.")
    ] = None,
    sure: Annotated[Truth, Query(description="What the lists take away is meant; else 409.")] = False,
) -> Response:
    """Make the register equal to the lists, all or nothing. Look first with `dry_run=true`."""
    home, lists = home_of(request), sent.cells()
    try:
        if dry_run:
            return _looked_at(request, lists)
        if not key:
            raise no_idempotency_key()
        asked = {"import": sent.model_dump(mode="json", exclude_none=True), "seen": seen, "sure": sure}
        wanted = Wanted(lists=lists, seen=seen, is_sure=sure)
        outcome = bring(home.database, called(request, key, asked), wanted, now=home.clock.now())
    except (FaultyLists, MustBeSure, RegisterChanged, KeyReused) as no:
        raise _refused(no) from None
    return replied(outcome)


def _looked_at(request: Request, lists: Lists) -> Response:
    home, program = home_of(request), program_of(request)
    found = look_at(home.database, program.municipality_id, lists, home.clock.now(), by=program.by)
    changes = [Named.model_validate(each) for each in (*found.added, *found.changed, *found.ended)]
    told = Imported(
        dry_run=True,
        register_version=found.version,
        **counted(found.report),
        changes=changes[:MOST_NAMED],
        mails=len(found.mails),
    )
    return JSONResponse(told.model_dump(mode="json"))


def _cells(row: Sent) -> dict[str, str]:
    return {name: str(value) for name, value in row.model_dump(mode="json", exclude_none=True).items()}


def _refused(error: Exception) -> Wrong:
    if isinstance(error, KeyReused):
        return reused()
    if isinstance(error, FaultyLists):
        detail = "Listorna har fel. Inget har ändrats."
        return Wrong(422, "faulty_lists", detail, errors=_faults(error.errors))
    if isinstance(error, MustBeSure):
        effect = error.report.effect
        gone = [*(each.body for each in effect.bodies_ceased), *(each.body for each in effect.meetings_lost)]
        lost = f"Listorna tar bort organ eller alla deras möten: {', '.join(gone)}."
        detail = f"{lost} Är det meningen, skicka sure=true. Inget har ändrats."
        return Wrong(409, "must_be_sure", detail)
    detail = "Organisationen har ändrats sedan listorna granskades. Granska dem igen med dry_run=true."
    return Wrong(409, "register_changed", detail)


def _faults(errors: Sequence[SheetError]) -> list[Fault]:
    """Name the first two hundred, each by its place in what was sent."""
    return [
        Fault(field=f"/{each.file}/{each.line - 1}{f'/{each.column}' if each.column else ''}", message=each.message)
        for each in errors[:MOST_NAMED]
    ]
