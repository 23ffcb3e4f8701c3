"""Recording a pulse, what the steps have done in all, and who asked for one; for system sessions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import case, delete, select
from sqlalchemy.orm import Session

from styrhjul.db.pulse_model import Pulse, StepCount, StepRequest
from styrhjul.db.upsert import insert_into


class Counted(NamedTuple):
    """So many more of what a step counts."""

    step: str
    what: str
    more: int


def write_pulse(session: Session, name: str, at: datetime, *, report: str, seconds: float) -> None:
    """Note that a step ran to its end, the report of this time and the seconds added; `at` never goes back."""
    statement = insert_into(session, Pulse).values(name=name, at=at, report=report, runs=1, seconds=seconds)
    new = statement.excluded
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["name"],
            set_={
                "at": case((new.at > Pulse.at, new.at), else_=Pulse.at),
                "report": new.report,
                "runs": Pulse.runs + new.runs,
                "seconds": Pulse.seconds + new.seconds,
            },
        )
    )


def add_up(session: Session, counted: Iterable[Counted]) -> None:
    """Add to what the steps have done in all, in one order, so that two who add wait and never block each other."""
    rows = [{"step": step, "what": what, "total": more} for step, what, more in sorted(counted)]
    if rows:
        statement = insert_into(session, StepCount)
        total = StepCount.total + statement.excluded.total
        added = statement.on_conflict_do_update(index_elements=["step", "what"], set_={"total": total})
        session.execute(added, rows)


def delete_pulses_after(session: Session, moment: datetime) -> int:
    """Delete every pulse after a moment; return how many."""
    later = list(session.scalars(select(Pulse).where(Pulse.at > moment)))
    for pulse in later:
        session.delete(pulse)
    return len(later)


def write_request(session: Session, step: str, at: datetime, *, void_until: datetime) -> bool:
    """Note that a step is asked for; False where somebody did after `void_until`, whose asking stays as it is."""
    statement = insert_into(session, StepRequest).values(step=step, at=at)
    asked = statement.on_conflict_do_update(
        index_elements=["step"], set_={"at": at}, where=StepRequest.at <= void_until
    )
    return bool(session.scalars(asked.returning(StepRequest.step)).all())


def delete_request(session: Session, step: str) -> None:
    """Nobody waits for the step any more."""
    session.execute(delete(StepRequest).where(StepRequest.step == step))
