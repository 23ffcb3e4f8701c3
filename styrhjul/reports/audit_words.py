"""The Swedish of an auditor's pack: what each line of the journal is, and the words around the numbers."""

from __future__ import annotations

from datetime import datetime

from styrhjul.domain.journal import EntryKind
from styrhjul.domain.moment import STOCKHOLM
from styrhjul.reports.audit import AuditedNotice, AuditPack, Verification

UNSTATED = "ej angivet"
KIND_WORDS: dict[str, str] = {
    EntryKind.CASE_OPENED: "Ärendet öppnade",
    EntryKind.CASE_NOT_FOLLOWED: "Ärendet bevakades inte här",
    EntryKind.CASE_MOVED: "Ärendet ändrade läge",
    EntryKind.ANSWER_COMPETED: "Ett svar till kom in bredvid",
    EntryKind.DUE_MOVED: "Fristen flyttades",
    EntryKind.CASE_REASSIGNED: "Ett annat uppdrag svarar",
    EntryKind.CASE_DELEGATED: "Ordföranden bad någon annan svara",
    EntryKind.CASE_CARRIED: "Ärendet vilar på en ny utgåva",
    EntryKind.CASE_NOTED: "Ärendet noterades",
    EntryKind.MEETING_MOVED: "Sammanträdet flyttades",
    EntryKind.REFERRAL_SENT: "Remiss skickades",
    EntryKind.PLAN_REGISTERED: "En handlingsplan registrerades",
    EntryKind.PROJECT_REGISTERED: "Ett projekt registrerades",
    EntryKind.NOTICE_PLANNED: "En påminnelse planerades",
    EntryKind.NOTICE_SUPERSEDED: "En påminnelse ersattes av en senare",
    EntryKind.NOTICE_CANCELLED: "En påminnelse ställdes in",
    EntryKind.NOTICE_VACANT: "Uppdraget var vakant",
    EntryKind.COULD_NOT_BE_REACHED: "Ingen kunde förvarnas",
    EntryKind.MAIL_COMPOSED: "Ett mejl skrevs",
    EntryKind.MAIL_ACCEPTED: "Ett mejl togs emot av mejlservern",
    EntryKind.MAIL_FAILED: "Ett mejl kom inte fram",
    EntryKind.MAIL_BOUNCED: "Ett mejl studsade",
    EntryKind.MAIL_DELAYED: "Ett mejl är fördröjt",
    EntryKind.LATE_MAIL_TOLD: "En person fick veta att ett mejl är sent",
    EntryKind.MAIL_CANCELLED: "Ett mejl ställdes in",
    EntryKind.MAIL_NOT_RESENT: "Ett osäkert mejl skickades inte om",
    EntryKind.REPLY_RECEIVED: "Ett svar kom som mejl",
    EntryKind.REPLY_FORWARDED: "Svaret gick vidare till registratorn",
    EntryKind.POLICY_IMPORTED: "Texten lästes in",
    EntryKind.POLICY_OWNER_CHANGED: "Dokumentansvarig byttes",
    EntryKind.POLICY_RELEASED: "Mejlen släpptes",
    EntryKind.DUTY_CONFIRMED: "En skyldighet bekräftades",
    EntryKind.DUTY_CORRECTED: "En skyldighet rättades",
    EntryKind.DUTY_REJECTED: "En skyldighet avvisades",
    EntryKind.DUTY_ADDED: "En skyldighet lades till för hand",
    EntryKind.DUTY_CARRIED: "En skyldighet följde med till ny utgåva",
    EntryKind.QUARANTINED: "Ställdes åt sidan av ett fel",
    EntryKind.QUARANTINE_RELEASED: "Släpptes fram igen",
}


def local(at: datetime) -> str:
    """Return "2027-03-10 08.00", Swedish time."""
    return f"{at.astimezone(STOCKHOLM):%Y-%m-%d %H.%M}"


def told(notice: AuditedNotice) -> str:
    """Return the office, and what the mail called whoever held it: that names the office once more, and its term."""
    return notice.reader or notice.office


def arrived(notice: AuditedNotice) -> str:
    """Return the day it arrived, or what became of it and why."""
    if notice.delivered_on:
        return notice.delivered_on.isoformat()
    return ". ".join(filter(None, (notice.status, notice.reason)))


def verified(check: Verification) -> str:
    """Return the sentences that say whether the journal holds, and whether the rest is as it says."""
    if check.broken:
        journal = f"Journalen håller inte: {len(check.broken)} fel i {check.lines} kontrollerade rader."
    else:
        journal = f"Journalen håller: {check.lines} rader kontrollerade, varje rad är som den skrevs."
    return f"{journal} {_compared(check)}"


def _compared(check: Verification) -> str:
    of = f"{check.compared} texter, svar, påminnelser och ärenden jämförda med journalen"
    if check.differs:
        return f"Underlaget stämmer inte: {of}, {len(check.differs)} skiljer sig. De räknas upp under Journal."
    return f"Underlaget stämmer: {of}, ingenting skiljer sig."


def summary(pack: AuditPack) -> tuple[tuple[str, str], ...]:
    """Return each number with what it counts."""
    counts = pack.counts
    return (
        ("Texter (utgåvor)", str(counts.texts)),
        ("Skyldigheter i texten som gäller", str(counts.duties)),
        ("Av dem bekräftade av en person", str(counts.confirmed)),
        ("Ärenden", str(counts.cases)),
        ("Ärenden som bevakats här", str(counts.asked)),
        ("Av dem med svar", str(counts.answered)),
        ("Av dem utan svar", str(counts.unanswered)),
        ("Påminnelser och andra besked som kom fram", str(counts.delivered)),
        ("Som inte kom fram eller inte behövdes", str(counts.undelivered)),
        ("Ärenden som har gått upp: ett mejl kom fram till någon ovanför den som ska svara", str(counts.went_up)),
        ("Beslut i ärenden", str(counts.decisions)),
        ("Rader i journalen om dokumentet", str(counts.journal_lines)),
    )


def read_me(pack: AuditPack) -> str:
    """Return what the pack's files are and how they are checked."""
    return _READ_ME.format(title=pack.title, municipality=pack.municipality, at=local(pack.made_at))


_READ_ME = """Granskningsunderlag: {title}
{municipality}, som det stod {at} svensk tid

  granskning.pdf     allt, att läsa
  granskning.json    samma uppgifter som värden
  journal.jsonl      journalens rader om dokumentet, en rad per händelse, med sigill
  text/              texterna ord för ord, en fil per utgåva
  SHA256SUMS         filernas kontrollsummor; pröva med: sha256sum --check SHA256SUMS

Varje sigill i journalen är SHA-256 av raden och sigillet före. Kedjan går genom kommunens hela journal, även rader om
andra dokument. Därför är det hela journalen som är kontrollerad, och resultatet står i granskning.pdf och .json. Den
som driver Styrhjul kontrollerar den igen med: styrhjul journal verify
"""
