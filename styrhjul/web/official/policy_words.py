"""The Swedish of the pages about policies: how a duty stands, what is asked of whom, what the journal says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from styrhjul.db.model import DutyStatus
from styrhjul.db.policy_page_query import ListedPolicy, PageDuty, PolicyEntry
from styrhjul.domain.journal import EntryKind, Value
from styrhjul.domain.lifecycle import Holder
from styrhjul.domain.recurrence import every_so_many_years
from styrhjul.domain.vocabulary import ActionKind, LifecycleKey, Modality
from styrhjul.mail.swedish import number, start
from styrhjul.services.policies.batch import BatchRow, RowState
from styrhjul.services.policies.batch_order import Stored
from styrhjul.services.policies.edition_diff import FATE_WORDS, Fate
from styrhjul.services.policies.edition_effect import EditionChange
from styrhjul.services.policies.view import PolicyView
from styrhjul.services.words import ACTION_WORDS, LIFECYCLE_WORDS, followed_as
from styrhjul.web.words import MODALITY_WORDS, RECURRENCE_WORDS, Chip, day, is_asked_by_default, recurrence

DUTY_CHIPS = {
    DutyStatus.CONFIRMED: Chip("Bekräftad", "i-done", "is-done"),
    DutyStatus.PROPOSED: Chip("Obekräftad", "i-ask", "is-warn"),
    DutyStatus.REJECTED: Chip("Avvisad", "i-none", "is-none"),
}
ROW_CHIPS = {
    RowState.READY: Chip("Kan läsas in", "i-done", "is-done"),
    RowState.KNOWN: Chip("Finns redan", "i-none", "is-none"),
    RowState.SIMILAR: Chip("Läs först", "i-ask", "is-warn"),
    RowState.TAKEN: Chip("Titeln finns", "i-ask", "is-warn"),
    RowState.REFUSED: Chip("Går inte", "i-late", "is-late"),
}
_ELSEWHERE = Chip("Annan kommun", "i-warn", "is-warn")
#: What became of duties and cases with a new edition; what is kept is told last.
FATES = tuple((fate, FATE_WORDS[fate]) for fate in (Fate.CHANGED, Fate.NEW, Fate.GONE, Fate.KEPT))
_FATES_INSIDE = {
    Fate.KEPT: ("oförändrad", "oförändrade"),
    Fate.CHANGED: ("ändrad", "ändrade"),
    Fate.NEW: ("ny", "nya"),
    Fate.GONE: ("borta", "borta"),
}
CASE_FATES = {
    Fate.KEPT: Chip("Fortsätter", "i-done", "is-none"),
    Fate.CHANGED: Chip("Fortsätter med de nya orden", "i-open", "is-open"),
    Fate.GONE: Chip("Avslutas", "i-none", "is-none"),
}
#: The colour of a duty where it stands in the text.
KINDS = {ActionKind.FOLLOW_UP: "follow", ActionKind.REPORT: "follow", ActionKind.REVISE: "revise"}
HOLDERS = {
    Holder.BODY: "Organet: ordförande och sekreterare",
    Holder.DOCUMENT_OWNER: "Dokumentansvarig",
    Holder.COORDINATOR: "Samordnaren",
    Holder.CHIEF_EXECUTIVE: "Kommunens högsta tjänsteperson",
}
MODALITIES = tuple((each.value, MODALITY_WORDS[each]) for each in Modality)
ACTIONS = tuple((each.value, ACTION_WORDS[each]) for each in ActionKind)
_YEARS = tuple((f"every_n_years:{years}", every_so_many_years(years)) for years in range(2, 7))
RECURRENCES = (("", "texten säger inte"), *RECURRENCE_WORDS.items(), *_YEARS)
FIELDS = {
    "modality": "styrka",
    "action_kind": "slag",
    "actor": "textens ord för vem",
    "body_ids": "vem det gäller",
    "holder": "vem som svarar",
    "recurrence": "hur ofta",
    "deadline": "senast",
    "goal_min": "minst antal mål",
    "goal_max": "högst antal mål",
    "condition": "villkor",
}
#: What somebody did with the document itself: words, symbol and tone.
_DEEDS = {
    EntryKind.POLICY_IMPORTED: ("läste in dokumentet", "i-done", "done"),
    EntryKind.POLICY_RELEASED: ("släppte mejlen", "i-mail", "done"),
    EntryKind.POLICY_OWNER_CHANGED: ("", "i-cal", ""),
    EntryKind.DUTY_CONFIRMED: ("bekräftade en skyldighet", "i-done", "done"),
    EntryKind.DUTY_CORRECTED: ("", "i-cal", ""),
    EntryKind.DUTY_REJECTED: ("avvisade en skyldighet", "i-none", ""),
    EntryKind.DUTY_ADDED: ("lade till en skyldighet för hand", "i-done", "done"),
}
_EVENTS = {
    "submit": ("svaret lämnades in", "i-done", "done"),
    "approve": ("godkändes", "i-done", "done"),
    "waive": ("avslutades utan svar", "i-none", ""),
    "return": ("skickades tillbaka", "i-warn", ""),
    "close": ("avslutades", "i-none", ""),
    "begin": ("arbetet har börjat", "i-open", ""),
    "refer": ("skickades på remiss", "i-mail", ""),
    "prepare": ("bereddes", "i-open", ""),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A line of a policy's history."""

    at: datetime
    what: str
    why: str = ""
    symbol: str = "i-cal"
    tone: str = ""
    case_id: str | None = None


def row_chip(row: BatchRow) -> Chip:
    """Return what can become of a file; one of another municipality's is not said to be ready."""
    return _ELSEWHERE if row.elsewhere and row.state is RowState.READY else ROW_CHIPS[row.state]


def recurrences_with(present: str | None) -> tuple[tuple[str, str], ...]:
    """Return the intervals to choose among; a present one that is none of them too."""
    known = {value for value, _ in RECURRENCES}
    return RECURRENCES if (present or "") in known else (*RECURRENCES, (present or "", recurrence(present) or ""))


def waits(policy: ListedPolicy, today: date) -> tuple[Chip, ...]:
    """Return what waits for a person in a policy of the list; none where nothing does."""
    chips = []
    if policy.repealed_on is not None:
        return (Chip("Upphävt", "i-none", "is-none"),)
    if policy.proposed:
        chips.append(Chip(f"{policy.proposed} att bekräfta", "i-ask", "is-warn"))
    if not policy.is_released:
        chips.append(Chip("Inte släppt", "i-mail", "is-warn"))
    if policy.valid_until is not None and policy.valid_until < today:
        chips.append(Chip("Utgånget", "i-late", "is-late"))
    if policy.owner is None:
        chips.append(Chip("Ingen ansvarig", "i-vacant", "is-human"))
    return tuple(chips)


def lead(view: PolicyView) -> str:
    """Return the answer in one or two sentences: since when it holds, what it asks for, what waits."""
    policy, count, waiting = view.policy, len(view.duties), len(view.proposed)
    since = f"Gäller sedan {day(policy.adopted_on)}." if policy.adopted_on else "Texten anger inte när den antogs."
    if policy.repealed_on is not None and policy.repealed_on <= view.today:
        since = f"Upphävt {day(policy.repealed_on)}."
    duties = "en skyldighet" if count == 1 else f"{number(count)} skyldigheter" if count else "inga skyldigheter"
    if not waiting:
        return f"{since} {start(duties)}."
    some = number(waiting) if waiting > 1 else "varav en"
    wait = "den" if count == waiting == 1 else "alla" if count == waiting else some
    return f"{since} {start(duties)}, {wait} väntar på att någon bekräftar."


def list_lead(policies: tuple[ListedPolicy, ...]) -> str:
    """Return how many policies there are and what waits in them."""
    if not policies:
        return "Inga styrdokument är inlästa än."
    count = "Ett styrdokument" if len(policies) == 1 else f"{start(number(len(policies)))} styrdokument"
    waiting = sum(policy.proposed for policy in policies)
    if not waiting:
        return f"{count}. Ingen skyldighet väntar på att bekräftas."
    return f"{count}. {start('en skyldighet' if waiting == 1 else f'{number(waiting)} skyldigheter')} väntar på dig."


def change_lead(change: EditionChange) -> str:
    """Return what a new edition changes, in one or two sentences."""
    counts = {fate: len(change.of(fate)) for fate in Fate}
    if not any(counts[fate] for fate in (Fate.CHANGED, Fate.NEW, Fate.GONE)):
        return "Alla skyldigheter står kvar som de var, och det som är bestämt om dem gäller."
    return f"Skyldigheterna: {_counted(counts)}. Det som är bestämt om dem gäller där texten säger samma sak."


def has_open_revision(change: EditionChange) -> bool:
    """Whether a revision of the document is asked for that the new edition may be the answer to."""
    return any(case.lifecycle == LifecycleKey.REVISION and case.fate is not Fate.GONE for case in change.cases)


def told(each: PolicyEntry) -> Told:
    """Return a line of the journal as people read it."""
    entry, data = each.entry, each.entry.data
    if entry.kind not in _DEEDS:
        return _of_case(each)
    words, symbol, tone = _DEEDS[entry.kind]
    if entry.kind is EntryKind.POLICY_IMPORTED and "supersedes" in data:
        words = f"läste in en ny utgåva{_carried(data)}"
    if entry.kind is EntryKind.POLICY_OWNER_CHANGED:
        words = f"valde dokumentansvarig: {data['office']}"
    if entry.kind is EntryKind.DUTY_CORRECTED:
        words = f"rättade {_changed(each)}"
    why = " ".join(filter(None, (_quoted(str(data.get("quote") or "")), str(data.get("reason") or ""))))
    return Told(at=entry.at, what=f"{start(entry.by)} {words}.", why=why, symbol=symbol, tone=tone)


def _carried(data: Mapping[str, Value]) -> str:
    """Return what became of the duties; nothing for an edition of before that was counted."""
    said = _counted({fate: int(str(data.get(fate.value) or 0)) for fate in Fate})
    return f": {said}" if said else ""


def _counted(counts: Mapping[Fate, int]) -> str:
    words = {fate: _FATES_INSIDE[fate][count != 1] for fate, count in counts.items()}
    return ", ".join(f"{count} {words[fate]}" for fate, count in counts.items() if count)


def _of_case(each: PolicyEntry) -> Told:
    entry = each.entry
    subject = f"{LIFECYCLE_WORDS.get(each.lifecycle or '', 'Ärendet')}, {each.body_name}"
    reason = str(entry.data.get("reason") or "")
    if entry.kind is EntryKind.CASE_OPENED:
        return Told(at=entry.at, what=f"{subject}: ärendet öppnade.", case_id=each.case_id)
    if entry.kind is EntryKind.CASE_CARRIED:
        return Told(at=entry.at, what=f"{subject}: vilar på den nya utgåvan.", why=reason, case_id=each.case_id)
    words, symbol, tone = _EVENTS.get(str(entry.data.get("event")), ("ändrades", "i-cal", ""))
    return Told(at=entry.at, what=f"{subject}: {words}.", why=reason, symbol=symbol, tone=tone, case_id=each.case_id)


def _changed(each: PolicyEntry) -> str:
    data = each.entry.data
    fields, before, after = (list(data.get(key) or []) for key in ("changed", "before", "after"))  # type: ignore[arg-type]
    if not fields:
        return "och bekräftade en skyldighet"
    said = [
        f"{FIELDS.get(field, field)} från ”{_value(field, old)}” till ”{_value(field, new)}”"
        if field != "body_ids"
        else FIELDS[field]
        for field, old, new in zip(fields, before, after, strict=True)
    ]
    return ", ".join(said)


def _value(field: str, value: str) -> str:
    known: dict[str, str] = {
        "modality": dict(MODALITIES),
        "action_kind": dict(ACTIONS),
        "holder": {each.value: word for each, word in HOLDERS.items()},
    }.get(field, {})
    if field == "recurrence" and value:
        return recurrence(value) or value
    return known.get(value, value) or "ej angivet"


def _quoted(quote: str) -> str:
    return f"”{' '.join(quote.split())}”" if quote else ""


def what_follows(duty: PageDuty) -> str:
    """Say what a duty leads to if it is confirmed as it stands: who is asked about what and how often, or nobody."""
    if duty.lifecycle is None:
        chosen = "" if duty.bodies else " Inget organ är valt: välj ett under Rätta den, om den gäller någon särskild."
        return f"Bekräftar du den visas den bara. Ingen får någon fråga.{chosen}"
    if not duty.bodies and not duty.of_plans:
        return "Inget organ är valt. Välj vem det gäller under Rätta den, innan du bekräftar."
    whom = "de som har en handlingsplan" if duty.of_plans else ", ".join(duty.bodies)
    yearly = "varje år, " if is_asked_by_default(duty.lifecycle) else ""
    often = recurrence(duty.recurrence) if duty.recurrence else f"{yearly}kommunens standard, texten säger inget"
    when = f", {duty.deadline}" if duty.deadline else ""
    asked = followed_as(duty.lifecycle, duty.modality)
    return f"Bekräftar du den får {whom} frågan ({asked}). Hur ofta: {often}{when}."


def stored(result: Stored) -> str:
    """Say what of that which was picked came in, and what was here already."""
    came = "Ett dokument är inläst." if result.documents == 1 else f"{result.documents} dokument är inlästa."
    known = "Ett fanns redan." if result.known == 1 else f"{result.known} fanns redan."
    return " ".join(([came] if result.documents else []) + ([known] if result.known else []))


def waiting(duties: int) -> str:
    """Say how many duties a person has to confirm."""
    what = "En skyldighet" if duties == 1 else f"{duties or 'Inga'} skyldigheter"
    return f"{what} väntar på att bekräftas."
