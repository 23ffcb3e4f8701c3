"""Reading and writing drafts as they rest: sealed, by case and office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from styrhjul.db.draft_model import Draft
from styrhjul.db.model import new_id
from styrhjul.db.prepared import Change
from styrhjul.db.session import municipality_of
from styrhjul.db.upsert import insert_into


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """A draft as it rests."""

    form_id: str
    sealed_fields: bytes
    saved_at: datetime


def load_drafts(session: Session, case_id: str, post_id: str) -> list[KeptDraft]:
    """Return an office's drafts of one case, the one that was saved last first."""
    rows = session.execute(
        select(Draft.form_id, Draft.sealed_fields, Draft.saved_at)
        .where(Draft.case_id == case_id, Draft.post_id == post_id)
        .order_by(Draft.saved_at.desc(), Draft.form_id)
    )
    return [KeptDraft(*row) for row in rows]


def keep_draft(session: Session, key: Mapping[str, str], sealed_fields: bytes, now: datetime) -> None:
    """Keep a draft under its case, post and form in place of what was kept there before."""
    kept = {"sealed_fields": sealed_fields, "saved_at": now}
    row = {"municipality_id": municipality_of(session), "id": new_id(), **key, **kept}
    columns = ["municipality_id", *sorted(key)]
    session.execute(insert_into(session, Draft).on_conflict_do_update(index_elements=columns, set_=kept), row)


def drop_draft(session: Session, case_id: str, post_id: str, form_id: str) -> None:
    """Forget one form's draft, if there is one."""
    _DROPPED.make(session, {"of_case": case_id, "of_post": post_id, "of_form": form_id})


_DROPPED = Change(
    delete(Draft).where(
        Draft.case_id == bindparam("of_case"),
        Draft.post_id == bindparam("of_post"),
        Draft.form_id == bindparam("of_form"),
    )
)
