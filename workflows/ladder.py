"""The ladder that most lifecycles climb: four mails to whoever answers, then two steps up."""

from __future__ import annotations

from styrhjul.domain.rung import Audience, Rung, after_due, before_due, before_papers, digest_after_due, opening


def usual_ladder(mails: str) -> tuple[Rung, ...]:
    """Return the usual rungs; `mails` is the beginning of the keys of the six mails that tell of them."""
    return (
        Rung(key="opened", at=opening(), to=Audience.HOLDER, email=f"{mails}_opened"),
        Rung(key="reminder", at=before_papers(10), to=Audience.HOLDER, email=f"{mails}_reminder"),
        Rung(key="last_reminder", at=before_papers(3), to=Audience.HOLDER, email=f"{mails}_last_reminder"),
        Rung(key="warning", at=before_due(1), to=Audience.HOLDER, email=f"{mails}_warning"),  # names the days
        Rung(
            key="head",  # answers for the content: KL 7:3, 7:6
            at=after_due(3),
            to=Audience.HEAD_OF_ADMINISTRATION,
            email=f"{mails}_overdue",
            after="warning",
        ),
        Rung(
            key="chief_executive",  # KL 7:1, and the executive board's oversight, KL 6:1
            at=digest_after_due(8),
            to=Audience.CHIEF_EXECUTIVE,
            email=f"{mails}_escalation",
            after="warning",
        ),
    )


def officials_ladder(mails: str, *, up_after: int = 8) -> tuple[Rung, ...]:
    """Return the rungs for what an official does alone: no meeting, no head of administration in between.

    It goes up with the first digest at least `up_after` working days past the due day.
    """
    return (
        Rung(key="opened", at=opening(), to=Audience.HOLDER, email=f"{mails}_opened"),
        Rung(key="reminder", at=before_due(10), to=Audience.HOLDER, email=f"{mails}_reminder"),
        Rung(key="warning", at=before_due(1), to=Audience.HOLDER, email=f"{mails}_warning"),  # names the day
        Rung(
            key="chief_executive",  # the board's own mailbox where the chief executive holds the duty: KL 6:1
            at=digest_after_due(up_after),
            to=Audience.CHIEF_EXECUTIVE,
            email=f"{mails}_escalation",
            after="warning",
        ),
    )
