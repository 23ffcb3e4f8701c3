"""The journal: what is written down, how one entry seals the one before it, how a case folds to its row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum

from styrhjul.domain.lifecycle import Event, Lifecycle, State, step

#: Who is named for what the calendar did.
PLANNER = "styrhjul"
#: What the first entry of a municipality seals.
GENESIS = "0" * 64

Value = str | int | bool | None | list[str]


class EntryKind(StrEnum):
    """What happened. Keys are permanent."""

    CASE_OPENED = "case_opened"
    CASE_NOT_FOLLOWED = "case_not_followed"
    CASE_MOVED = "case_moved"  # an event of the lifecycle: data.event
    ANSWER_COMPETED = "answer_competed"  # data.competing came when data.version already stood; kept, moves nothing
    DUE_MOVED = "due_moved"  # more time, or another meeting: data.due_on, data.meeting_on, data.agenda_on, data.reason
    CASE_REASSIGNED = "case_reassigned"  # another post answers: data.post, data.reason
    CASE_DELEGATED = "case_delegated"  # a chair asked data.post to answer: data.note, data.mail, data.form
    CASE_CARRIED = "case_carried"  # it rests on a new edition's words: data.before, data.after
    CASE_NOTED = "case_noted"  # the chief executive has seen it: data.note
    MEETING_MOVED = "meeting_moved"  # the papers' day follows: data.meeting_on, data.agenda_on
    REFERRAL_SENT = "referral_sent"
    PLAN_REGISTERED = "plan_registered"
    PROJECT_REGISTERED = "project_registered"
    NOTICE_PLANNED = "notice_planned"
    NOTICE_SUPERSEDED = "notice_superseded"
    NOTICE_CANCELLED = "notice_cancelled"
    NOTICE_VACANT = "notice_vacant"
    COULD_NOT_BE_REACHED = "could_not_be_reached"
    MAIL_COMPOSED = "mail_composed"
    MAIL_ACCEPTED = "mail_accepted"
    MAIL_FAILED = "mail_failed"
    MAIL_BOUNCED = "mail_bounced"  # given up by a server behind our relay
    MAIL_DELAYED = "mail_delayed"  # a server behind our relay is still trying; changes nothing
    LATE_MAIL_TOLD = "late_mail_told"  # a person was told that data.mail has not arrived, in the mail data.told_in
    MAIL_CANCELLED = "mail_cancelled"
    MAIL_NOT_RESENT = "mail_not_resent"  # uncertain, and what it said no longer holds
    REPLY_RECEIVED = "reply_received"  # data.inbound: the mail a person wrote back
    REPLY_FORWARDED = "reply_forwarded"  # to the registrar: data.inbound, data.mail
    POLICY_IMPORTED = "policy_imported"
    POLICY_OWNER_CHANGED = "policy_owner_changed"  # data.post answers for the document from now on
    DUTY_CONFIRMED = "duty_confirmed"
    DUTY_CORRECTED = "duty_corrected"  # data.changed, data.before and data.after go together, field by field
    DUTY_REJECTED = "duty_rejected"
    DUTY_ADDED = "duty_added"  # by hand
    DUTY_CARRIED = "duty_carried"  # to a new edition: data.was, data.fate; data.by_hand are terms a person decided
    OFFICIALS_IMPORTED = "officials_imported"
    OFFICE_CHANGED = "office_changed"  # one thing, by a person: data.what, data.post or data.person, data.on
    MEETINGS_CHANGED = "meetings_changed"  # one meeting, by a person: data.what, data.body, data.on, data.was_on
    MUNICIPALITY_ADDED = "municipality_added"
    MUNICIPALITY_RELEASED = "municipality_released"
    POLICY_RELEASED = "policy_released"
    PRACTICE_CHANGED = "practice_changed"
    LADDER_CHANGED = "ladder_changed"
    WORDING_CHANGED = "wording_changed"
    TEMPLATE_CHANGED = "template_changed"  # of Word files: data.name, data.sha256; None = they look as ours do
    TRIAL_BEGUN = "trial_begun"
    TRIAL_ENDED = "trial_ended"
    RETENTION_CHANGED = "retention_changed"  # data.kept, data.years, data.decision; years None = kept for ever
    TEXTS_DISPOSED_OF = "texts_disposed_of"  # data.kept, data.count, by data.decision
    USER_ADDED = "user_added"
    USER_ROLES_CHANGED = "user_roles_changed"  # data.user, data.roles; whoever was signed in is signed out
    USER_REMOVED = "user_removed"
    SIGN_IN_CODE_SENT = "sign_in_code_sent"  # data.user, data.mail; never the code
    USER_SIGNED_IN = "user_signed_in"  # data.user, data.way: code or oidc
    USER_SIGNED_OUT = "user_signed_out"
    OIDC_CHANGED = "oidc_changed"  # data.issuer, data.client_id; None = users sign in by code
    BREAK_GLASS_OPENED = "break_glass_opened"  # data.opening, data.reason, data.minutes
    BREAK_GLASS_USED = "break_glass_used"  # data.opening: its address was used, once
    FEEDBACK_RECEIVED = "feedback_received"  # about accessibility, sent on in data.mail; never what it said
    SIGNING_KEY_MADE = "signing_key_made"
    SIGNING_CHANGED = "signing_changed"  # data.selector signs from now on; None = mails leave unsigned
    CALENDAR_LINK_MADE = "calendar_link_made"  # data.post or data.policy; the links it had before end
    CALENDAR_LINK_REVOKED = "calendar_link_revoked"
    WEBHOOK_ADDED = "webhook_added"  # data.webhook, data.host, data.events; never the secret
    WEBHOOK_PAUSED = "webhook_paused"  # it takes nothing: data.webhook, data.host
    WEBHOOK_RESUMED = "webhook_resumed"
    WEBHOOK_REMOVED = "webhook_removed"
    API_TOKEN_MADE = "api_token_made"  # noqa: S105 - data.token is its id; data.name, data.scopes
    API_TOKEN_REVOKED = "api_token_revoked"  # noqa: S105 - data.token, data.name
    PROMISES_PUBLISHED = "promises_published"  # anybody may read them: data.sha256 is what was shown before it
    PROMISES_WITHDRAWN = "promises_withdrawn"
    ORDER_PLACED = (
        "order_placed"  # a file was ordered, or files held to be read: data.order, data.kind, what was wanted
    )
    ORDER_FETCHED = "order_fetched"  # somebody took its file: data.sha256
    ORDER_REMOVED = "order_removed"  # by a person; what is cleared away on its day is not told
    SENDING_HELD = "sending_held"  # nothing leaves by itself, in the whole installation: data.since, data.reason
    SENDING_RESUMED = "sending_resumed"  # data.since, data.reason: of the hold that ended
    QUARANTINED = "quarantined"
    QUARANTINE_RELEASED = "quarantine_released"  # by an official, or by the planner that now could


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the journal. `number` counts from 1 within a municipality; `by` is an office or a system part."""

    municipality_id: str
    number: int
    at: datetime
    kind: EntryKind
    by: str
    case_id: str | None
    data: Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the journal says a case's row must hold."""

    state: State
    due_on: date


def seal(previous: str, entry: Entry) -> str:
    """Return the SHA-256 (hex) of an entry and the seal before it, over canonical JSON. `at` must be aware.

    Canonical: keys in the order of their letters, no spaces, and nothing escaped that need not be.
    """
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    canonical = (
        f'{{"at":"{at}","by":{_json(entry.by)},"case":{_json(entry.case_id)},"data":{_json(dict(entry.data))},'
        f'"kind":{_json(entry.kind)},"municipality":{_json(entry.municipality_id)},"number":{entry.number},'
        f'"previous":{_json(previous)}}}'
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def fold(lifecycle: Lifecycle, entries: Iterable[Entry]) -> Standing | None:
    """Return how a case stands after its entries, in order; None before it opens. Raises NotAllowed on a false step."""
    standing: Standing | None = None
    for entry in entries:
        standing = _fold_one(lifecycle, standing, entry)
    return standing


def _fold_one(lifecycle: Lifecycle, standing: Standing | None, entry: Entry) -> Standing | None:
    match entry.kind:
        case EntryKind.CASE_OPENED | EntryKind.CASE_NOT_FOLLOWED:
            opened = entry.kind is EntryKind.CASE_OPENED
            return Standing(state=State.OPEN if opened else State.NOT_FOLLOWED, due_on=_day(entry, "due_on"))
        case EntryKind.CASE_MOVED if standing is not None:
            return replace(standing, state=step(lifecycle, standing.state, Event(str(entry.data["event"]))))
        case EntryKind.DUE_MOVED if standing is not None:
            return replace(standing, due_on=_day(entry, "due_on"))
        case _:
            return standing


def _day(entry: Entry, key: str) -> date:
    return date.fromisoformat(str(entry.data[key]))
