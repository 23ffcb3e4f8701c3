"""What follows any change of who holds what and when bodies meet, whether a list or a person in the web made it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from styrhjul.db.officials_query import failed_where_nobody_was_warned, open_cases, policy_ids
from styrhjul.db.organisation_query import Organisation, load_organisation
from styrhjul.db.session import municipality_of
from styrhjul.db.wake import touch_cases, touch_policies
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.moment import local_date
from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.services.cases.meeting import Moved, follow_meetings
from styrhjul.services.mailing.reader import Readers
from workflows import LIFECYCLES


def try_new_addresses(session: Session, organisation: Organisation, now: datetime) -> int:
    """Plan again what failed where nobody could be warned, if the post is now read at another address."""
    failed = failed_where_nobody_was_warned(session)
    readers = Readers(organisation, local_date(now)) if failed else None
    replanned = 0
    for notice, addresses in failed:
        reader = readers.of(notice.post_id) if readers else None
        if reader is not None and reader.appointment.address not in addresses:
            notice.status, notice.reason, notice.not_before_at = NoticeStatus.PLANNED, None, now
            replanned += 1
    session.flush()
    return replanned


def wake_all(session: Session, before: Organisation, now: datetime) -> list[Moved]:
    """Look at every policy and open case anew, and let cases follow meetings that were changed; return those."""
    today, after = local_date(now), load_organisation(session)
    touch_policies(session, policy_ids(session), LIFECYCLES, today)
    touch_policies(session, [municipality_of(session)], [LifecycleKey.HANDOVER], today)
    touch_cases(session, open_cases(session), today)
    return follow_meetings(session, after, with_other_meetings(before, after), now)


def with_other_meetings(before: Organisation, after: Organisation) -> set[str]:
    """Return the bodies whose meetings are not what they were."""
    known = {body.body_id: body.meetings for body in before.bodies}
    return {body.body_id for body in after.bodies if body.meetings != known.get(body.body_id, ())}
