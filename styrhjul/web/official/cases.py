"""All cases, by how they stand, whose they are, what they are about and when they are due."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from styrhjul.services.cases.search import Found, Search, Sought, search_cases
from styrhjul.web.home import home_of
from styrhjul.web.official.frame import OfficialPage, framed, shown
from styrhjul.web.official.overview import number_in

router = APIRouter()
_FIRST_YEAR, _LAST_YEAR = 1990, 2190
#: What the first choice of the filter says.
STATES = (
    (Sought.OPEN, "Utan svar"),
    (Sought.LATE, "Utan svar, fristen har gått"),
    (Sought.ANSWERED, "Besvarade"),
    (Sought.CLOSED, "Avslutade utan svar"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesPage(OfficialPage):
    """A page of the cases that were looked for."""

    found: Found
    search: Search
    states: tuple[tuple[Sought, str], ...] = STATES

    def to(self, page: int) -> str:
        """Return another page of the same search."""
        search = self.search
        chosen = {
            "state": search.state,
            "body": search.body,
            "policy": search.policy,
            "year": search.year or "",
            "page": page if page > 1 else "",
        }
        return "?" + urlencode({name: value for name, value in chosen.items() if value})

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was chosen."""
        return bool(self.search.state or self.search.body or self.search.policy or self.search.year)


@router.get("/{municipality}/cases")
def cases(  # noqa: PLR0917 - each field of the form is a parameter
    request: Request,
    municipality: str,
    state: str = "",
    body: str = "",
    policy: str = "",
    year: str = "",
    page: str = "",
) -> Response:
    """List the cases that are looked for."""
    home = home_of(request)
    number = number_in(year, 0)
    search = Search(
        state=state[:20],
        body=body[:200],
        policy=policy[:200],
        year=number if _FIRST_YEAR < number < _LAST_YEAR else None,
        page=number_in(page, 1),
    )
    found = search_cases(home.database, municipality, search, home.clock.now())
    listed = CasesPage(frame=framed(request, found.municipality, "case"), found=found, search=search)
    return shown(request, "cases.html", listed)
