"""An auditor's pack about one policy, as the file that the command line writes."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from styrhjul.services.audit import audit_pack
from styrhjul.services.audit_file import audit_file
from styrhjul.web.download import download
from styrhjul.web.home import home_of

router = APIRouter()


@router.get("/{municipality}/policy/{policy}/pack")
def pack(request: Request, municipality: str, policy: str) -> Response:
    """Give all about a policy in one zip; another municipality's is not here at all."""
    home = home_of(request)
    made = audit_pack(home.database, municipality, policy, home.clock.now())
    return download(audit_file(made))
