"""A text on its way in: shown with what it would mean, and stored only as it was shown."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from styrhjul.db.model import Edition, Policy
from styrhjul.db.overview_query import MunicipalityLine, in_swedish_order
from styrhjul.db.session import Database
from styrhjul.services.municipality.directory import municipality_by
from styrhjul.services.policies.edition_effect import EditionChange
from styrhjul.services.policies.file import ReadFile
from styrhjul.services.policies.intake import ImportReport, PolicyText, import_shown, organisation_of, rehearse_edition
from styrhjul.services.policies.proposal import Proposal, propose
from styrhjul.services.policies.store import EditionRefused, Signed, TitleTaken, sha256_of
from workflows import LIFECYCLES


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyName:
    """A policy that is there already."""

    slug: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPreview:
    """What a text would mean here. `bodies` are the names of those bound, duty by duty.

    `known` is the policy that holds the very same text. `same_title` is the one whose new edition it is likely to be.
    `edition_of` is the short name it is read as an edition of, "" for a new policy: then `change` tells what that would
    change, or `refused` in Swedish why it cannot be. `seal` changes with everything that is shown: what is stored has
    to be what somebody saw.
    """

    municipality: MunicipalityLine
    proposal: Proposal
    bodies: tuple[tuple[str, ...], ...]
    policies: tuple[PolicyName, ...]
    known: PolicyName | None
    same_title: PolicyName | None
    edition_of: str
    change: EditionChange | None
    refused: str
    seal: str


def preview_policy(
    database: Database, slug: str, text: str, now: datetime, *, edition_of: str | None = None
) -> PolicyPreview:
    """Read a text against the municipality as it is. Stores nothing.

    Without a choice it is taken for an edition of the policy with its title, where there is one.
    Raises NoOrganisation, UnknownAdopter and NotHere.
    """
    municipality = municipality_by(database, slug)
    organisation = organisation_of(database, municipality.municipality_id, now)
    proposal = propose(text, organisation)
    names = {body.body_id: body.name for body in organisation.bodies}
    bodies = tuple(tuple(names[body_id] for body_id in binding.body_ids) for binding in proposal.bindings)
    with database.reading(municipality.municipality_id) as session:
        rows = session.execute(select(Policy.id, Policy.slug, Policy.title)).all()
        known_id = session.scalar(select(Edition.policy_id).where(Edition.sha256 == sha256_of(text)))
    by_id = {policy_id: PolicyName(slug=short, title=title) for policy_id, short, title in rows}
    title = proposal.reading.metadata.title
    same_title = next((each for each in by_id.values() if each.title == title), None)
    known = by_id.get(known_id or "")
    chosen = (same_title.slug if same_title else "") if edition_of is None else edition_of
    document = PolicyText(municipality_id=municipality.municipality_id, file=ReadFile(name="", text=text))
    change, refused = _rehearsed(database, document, "" if known else chosen, now)
    if not chosen and same_title and not known:
        refused = str(TitleTaken(same_title.title))
    return PolicyPreview(
        municipality=municipality,
        proposal=proposal,
        bodies=bodies,
        policies=tuple(sorted(by_id.values(), key=lambda each: in_swedish_order(each.title))),
        known=known,
        same_title=same_title,
        edition_of=chosen,
        change=change,
        refused=refused,
        seal=_seal(proposal, change),
    )


def store_previewed(  # noqa: PLR0913 - what, as what, as it was shown, by whom and when
    database: Database, document: PolicyText, edition_of: str, seal: str, *, by: str, now: datetime
) -> ImportReport:
    """Store a text that somebody has seen the proposals of: each of them waits for a person. Safe to repeat.

    `edition_of` is the short name of the policy it is a new edition of, "" for a new policy. Raises what
    `import_shown` raises; then nothing is stored.
    """
    signed = Signed(by=by, now=now, confirm=False)
    return import_shown(
        database, document, edition_of, signed, lambda proposal, change: _seal(proposal, change) == seal
    )


def _rehearsed(
    database: Database, document: PolicyText, edition_of: str, now: datetime
) -> tuple[EditionChange | None, str]:
    """Return what the text would change as a new edition, or why it cannot be one; nothing of either for a new policy.

    What has no new words changes nothing, and is refused with that.
    """
    if not edition_of:
        return None, ""
    signed = Signed(by="", now=now, confirm=False)
    try:
        report = rehearse_edition(database, document, edition_of, signed, LIFECYCLES)
    except EditionRefused as refused:
        return None, str(refused)
    return report.change, report.warnings[0] if report.duplicate else ""


def _seal(proposal: Proposal, change: EditionChange | None) -> str:
    shown = repr((proposal.duties, proposal.bindings, proposal.reading.metadata, proposal.warnings, change))
    return hashlib.sha256(shown.encode()).hexdigest()
