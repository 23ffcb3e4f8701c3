"""The tables of the pulse: when each step last ran, what it has done in all, and whether somebody asked for it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from styrhjul.db.model import Base


class Pulse(Base):
    """When each step last ran to its end. The newest `at` is the high-water mark of the clock."""

    __tablename__ = "pulse"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    report: Mapped[str]
    #: Since the row was made: how often the step ran to its end, and how long that took in all.
    runs: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    seconds: Mapped[float] = mapped_column(default=0.0, server_default="0")


class StepRequest(Base):
    """A step that was asked for between two pulses and has not begun: nobody need ask for it again."""

    __tablename__ = "step_request"

    step: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class StepCount(Base):
    """What a step has done in all, count by count, as its reports tell; only what plots and alarms stand on."""

    __tablename__ = "step_count"

    step: Mapped[str] = mapped_column(primary_key=True)
    #: A name in the step's report, or `FAILURES`.
    what: Mapped[str] = mapped_column(primary_key=True)
    total: Mapped[int] = mapped_column(BigInteger)
