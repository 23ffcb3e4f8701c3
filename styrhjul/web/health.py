"""Three questions of an operator: does the process live, can it serve, does the work go on. Nothing personal."""

from __future__ import annotations

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from styrhjul.db import migrate
from styrhjul.db.health_query import load_work_health
from styrhjul.domain.moment import local_date
from styrhjul.web.home import home_of

log = structlog.get_logger()
router = APIRouter()


@router.get("/health/live")
def live() -> JSONResponse:
    """Say that the process answers."""
    return JSONResponse({"ok": True})


@router.get("/health/ready")
def ready(request: Request) -> JSONResponse:
    """Say whether the database answers and has the tables of this program; 503 when not.

    One that a newer program has upgraded has them: else every page would be gone until the newer program has started.
    """
    home = home_of(request)
    try:
        revision = migrate.current(home.settings.effective_database_url)
    except SQLAlchemyError:
        log.exception("database does not answer", request=request.state.request_id)
        return JSONResponse({"ok": False, "database": False, "migrated": False}, status_code=503)
    migrated = not migrate.is_behind(revision)
    return JSONResponse({"ok": migrated, "database": True, "migrated": migrated}, status_code=200 if migrated else 503)


@router.get("/health/work")
def work(request: Request) -> JSONResponse:
    """Give the figures alarms stand on. Ages are in whole seconds or days; null = there is no such thing.

    503 when the database does not answer, or has no tables.
    """
    home = home_of(request)
    now = home.clock.now()
    try:
        with home.database.system(read_only=True) as session:
            health = load_work_health(session, now)
    except SQLAlchemyError:
        log.exception("database does not answer", request=request.state.request_id)
        return JSONResponse({"ok": False, "database": False}, status_code=503)
    pulse, uncertain, due = health.last_pulse_at, health.oldest_uncertain_at, health.oldest_wake_on
    return JSONResponse(
        {
            "last_pulse_age_seconds": int((now - pulse).total_seconds()) if pulse else None,
            "oldest_due_age_days": max((local_date(now) - due).days, 0) if due else None,
            "oldest_uncertain_age_seconds": int((now - uncertain).total_seconds()) if uncertain else None,
            "mails_queued": health.mails_queued,
            "quarantined": health.quarantined,
        }
    )
