"""A record names what became of a mail, and each line of the journal, in words and never by a key."""

from __future__ import annotations

import pytest

from styrhjul.db.mail_model import MailStatus
from styrhjul.domain.journal import EntryKind
from styrhjul.services.records.mail_record import is_record
from styrhjul.services.records.words import ENGLISH, SWEDISH, WORDS, kind_words, outcome_words

LANGUAGES = (SWEDISH, ENGLISH)
#: Lines that tell of a case or the register and name no mail, no answer and no reply. A new kind is decided here.
NAMES_NO_RECORD = frozenset(
    {
        EntryKind.CASE_OPENED,
        EntryKind.CASE_NOT_FOLLOWED,
        EntryKind.DUE_MOVED,
        EntryKind.CASE_REASSIGNED,
        EntryKind.CASE_NOTED,
        EntryKind.MEETING_MOVED,
        EntryKind.REFERRAL_SENT,
        EntryKind.NOTICE_PLANNED,
        EntryKind.NOTICE_SUPERSEDED,
        EntryKind.NOTICE_CANCELLED,
        EntryKind.NOTICE_VACANT,
        EntryKind.COULD_NOT_BE_REACHED,
        EntryKind.POLICY_IMPORTED,
        EntryKind.POLICY_OWNER_CHANGED,
        EntryKind.DUTY_CONFIRMED,
        EntryKind.DUTY_CORRECTED,
        EntryKind.DUTY_REJECTED,
        EntryKind.DUTY_ADDED,
        EntryKind.DUTY_CARRIED,
        EntryKind.CASE_CARRIED,
        EntryKind.OFFICIALS_IMPORTED,
        EntryKind.OFFICE_CHANGED,
        EntryKind.MEETINGS_CHANGED,
        EntryKind.MUNICIPALITY_ADDED,
        EntryKind.MUNICIPALITY_RELEASED,
        EntryKind.POLICY_RELEASED,
        EntryKind.PRACTICE_CHANGED,
        EntryKind.LADDER_CHANGED,
        EntryKind.WORDING_CHANGED,
        EntryKind.TEMPLATE_CHANGED,
        EntryKind.TRIAL_BEGUN,
        EntryKind.TRIAL_ENDED,
        EntryKind.USER_ADDED,
        EntryKind.SIGNING_KEY_MADE,
        EntryKind.SIGNING_CHANGED,
        EntryKind.CALENDAR_LINK_MADE,
        EntryKind.CALENDAR_LINK_REVOKED,
        EntryKind.ORDER_PLACED,
        EntryKind.ORDER_FETCHED,
        EntryKind.ORDER_REMOVED,
        EntryKind.API_TOKEN_MADE,
        EntryKind.API_TOKEN_REVOKED,
        EntryKind.PROMISES_PUBLISHED,
        EntryKind.PROMISES_WITHDRAWN,
        EntryKind.RETENTION_CHANGED,
        EntryKind.TEXTS_DISPOSED_OF,
        EntryKind.USER_REMOVED,
        EntryKind.USER_ROLES_CHANGED,
        EntryKind.USER_SIGNED_IN,
        EntryKind.USER_SIGNED_OUT,
        EntryKind.SIGN_IN_CODE_SENT,
        EntryKind.OIDC_CHANGED,
        EntryKind.BREAK_GLASS_OPENED,
        EntryKind.BREAK_GLASS_USED,
        EntryKind.FEEDBACK_RECEIVED,
        EntryKind.WEBHOOK_ADDED,
        EntryKind.WEBHOOK_PAUSED,
        EntryKind.WEBHOOK_RESUMED,
        EntryKind.WEBHOOK_REMOVED,
        EntryKind.SENDING_HELD,
        EntryKind.SENDING_RESUMED,
    }
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", [each for each in MailStatus if is_record(each)])
def test_what_became_of_a_mail_is_said_in_words(status: MailStatus, language: str) -> None:
    assert " " in outcome_words(status, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(set(EntryKind) - NAMES_NO_RECORD))
def test_a_line_that_may_name_a_record_is_told_in_words(kind: EntryKind, language: str) -> None:
    said = kind_words(kind.value, language)
    assert " " in said
    assert "_" not in said


def test_both_languages_have_the_same_words() -> None:
    assert WORDS[SWEDISH].keys() == WORDS[ENGLISH].keys()
