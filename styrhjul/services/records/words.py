"""The words of a record's page, in the language of the mail it shows; answers are Swedish."""

from __future__ import annotations

from datetime import datetime

from styrhjul.db.mail_model import MailStatus
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.moment import STOCKHOLM
from styrhjul.services.records.mail_record import WHY_THEY_DIFFER

NBSP = "\N{NO-BREAK SPACE}"
SWEDISH, ENGLISH = "sv", "en"
WORDS: dict[str, dict[str, str]] = {
    SWEDISH: {
        "what": "Uppgift",
        "said": "Innehåll",
        "page": "Sida {n} av {of}",
        "mail": "Mejl",
        "mail_to": "Mejl till {office}",
        "municipality": "Kommun",
        "diary_number": "Diarienummer",
        "of_document": "{number} (styrdokumentets)",
        "unstated": "ej angivet",
        "document": "Styrdokument",
        "by_law": "inget, frågan följer av lag",
        "matter": "Ärende",
        "dated": "Skickat",
        "composed": "Skrivet",
        "sender": "Avsändare",
        "receiver": "Mottagare",
        "trial": "Provkörning",
        "trial_for": "skulle ha gått till {office}, {address}",
        "subject": "Ämne",
        "delivery": "Utfall",
        "attempts": "{n} försök",
        "attached": "Bilagor i mejlet",
        "none": "inga",
        "message_id": "Message-ID",
        "sha256_sent": "SHA-256, skickat mejl",
        "sha256_file": "SHA-256, bifogad fil",
        "differ": WHY_THEY_DIFFER,
        "journal": "Rad i journalen",
        "last_line": "Sista rad i journalen",
        "line": "{number}, {kind}",
        "text": "Mejlets text",
        "proof": "Så kan handlingen kontrolleras",
        "inside": "Mejlet ligger som fil i det här dokumentet: {name}. Där finns det också som det ser ut i ett "
        "mejlprogram. Tecken som inte går att skriva ut står här som sitt nummer, till exempel [U+1F600].",
        "footer": "Handling ur Styrhjul. SHA-256 {hash}",
    },
    ENGLISH: {
        "what": "Item",
        "said": "Content",
        "page": "Page {n} of {of}",
        "mail": "E-mail",
        "mail_to": "E-mail to {office}",
        "municipality": "Municipality",
        "diary_number": "Registry number",
        "of_document": "{number} (of the document)",
        "unstated": "not stated",
        "document": "Governing document",
        "by_law": "none, the law asks",
        "matter": "Case",
        "dated": "Sent",
        "composed": "Written",
        "sender": "Sender",
        "receiver": "Recipient",
        "trial": "Trial run",
        "trial_for": "would have gone to {office}, {address}",
        "subject": "Subject",
        "delivery": "Outcome",
        "attempts": "{n} attempts",
        "attached": "Attachments of the e-mail",
        "none": "none",
        "message_id": "Message-ID",
        "sha256_sent": "SHA-256, e-mail as sent",
        "sha256_file": "SHA-256, attached file",
        "differ": "The answer links in the file are replaced by a mark (borttagen) of the same length, so that nobody "
        "can answer with it. The file therefore has another SHA-256 than the e-mail that was sent, and a DKIM "
        "signature in it cannot be checked.",
        "journal": "Line of the journal",
        "last_line": "Last line of the journal",
        "line": "{number}, {kind}",
        "text": "Text of the e-mail",
        "proof": "How the record can be checked",
        "inside": "The e-mail lies as a file within this document: {name}. Characters that cannot be printed stand "
        "here as their number, for example [U+1F600].",
        "footer": "Record from Styrhjul. SHA-256 {hash}",
    },
}
_OUTCOMES = {
    SWEDISH: {
        MailStatus.ACCEPTED: "Mottagarens server har tagit emot mejlet",
        MailStatus.FAILED: "Mejlet kom inte fram",
        MailStatus.NOT_RESENT: "Osäkert om mejlet kom fram; det skickades inte om",
        MailStatus.BOUNCED: "Mejlet kom inte fram; en server längre fram lämnade det tillbaka",
    },
    ENGLISH: {
        MailStatus.ACCEPTED: "The recipient's server has accepted the e-mail",
        MailStatus.FAILED: "The e-mail did not arrive",
        MailStatus.NOT_RESENT: "It is not known whether the e-mail arrived; it was not sent again",
        MailStatus.BOUNCED: "The e-mail did not arrive; a server further on gave it back",
    },
}

#: What a line of the journal tells of a record.
_KINDS = {
    SWEDISH: {
        EntryKind.MAIL_COMPOSED: "mejlet skrivet",
        EntryKind.MAIL_ACCEPTED: "mejlet mottaget",
        EntryKind.MAIL_FAILED: "mejlet kom inte fram",
        EntryKind.MAIL_NOT_RESENT: "mejlet osäkert",
        EntryKind.MAIL_BOUNCED: "mejlet kom i retur",
        EntryKind.MAIL_DELAYED: "mejlet försenat",
        EntryKind.LATE_MAIL_TOLD: "någon fick veta att mejlet inte har kommit fram",
        EntryKind.MAIL_CANCELLED: "mejlet inställt",
        EntryKind.QUARANTINED: "mejlet satt åt sidan",
        EntryKind.QUARANTINE_RELEASED: "mejlet taget i bruk igen",
        EntryKind.REPLY_RECEIVED: "någon svarade på mejlet",
        EntryKind.REPLY_FORWARDED: "svaret skickat vidare till registratorn",
        EntryKind.CASE_MOVED: "svaret lämnat",
        EntryKind.ANSWER_COMPETED: "ett annat svar lämnat samtidigt",
        EntryKind.CASE_DELEGATED: "nämndsekreteraren ombedd att svara",
        EntryKind.PLAN_REGISTERED: "planen registrerad",
        EntryKind.PROJECT_REGISTERED: "projektet registrerat",
    },
    ENGLISH: {
        EntryKind.MAIL_COMPOSED: "e-mail written",
        EntryKind.MAIL_ACCEPTED: "e-mail accepted",
        EntryKind.MAIL_FAILED: "e-mail did not arrive",
        EntryKind.MAIL_NOT_RESENT: "e-mail uncertain",
        EntryKind.MAIL_BOUNCED: "e-mail returned",
        EntryKind.MAIL_DELAYED: "e-mail delayed",
        EntryKind.LATE_MAIL_TOLD: "somebody was told that the e-mail has not arrived",
        EntryKind.MAIL_CANCELLED: "e-mail cancelled",
        EntryKind.QUARANTINED: "e-mail set aside",
        EntryKind.QUARANTINE_RELEASED: "e-mail taken up again",
        EntryKind.REPLY_RECEIVED: "somebody answered the e-mail",
        EntryKind.REPLY_FORWARDED: "reply passed on to the registrar",
        EntryKind.CASE_MOVED: "answer given",
        EntryKind.ANSWER_COMPETED: "another answer handed in at the same time",
        EntryKind.CASE_DELEGATED: "the secretary asked to answer",
        EntryKind.PLAN_REGISTERED: "plan registered",
        EntryKind.PROJECT_REGISTERED: "project registered",
    },
}


def language_of(tag: str | None) -> str:
    """Return the language a page is written in: English for an English mail, else Swedish."""
    return ENGLISH if (tag or "").lower().startswith(ENGLISH) else SWEDISH


def moment(at: datetime) -> str:
    """Return "2027-03-10 kl. 08.00.05 (UTC+01:00)": Swedish time, to the second, with its zone."""
    local = at.astimezone(STOCKHOLM)
    zone = local.isoformat()[-6:]
    return f"{local:%Y-%m-%d} kl.{NBSP}{local:%H.%M.%S} (UTC{zone})"


def moment_in_english(at: datetime) -> str:
    """Return "2027-03-10 08:00:05 (UTC+01:00)", the same in English."""
    local = at.astimezone(STOCKHOLM)
    return f"{local:%Y-%m-%d %H:%M:%S} (UTC{local.isoformat()[-6:]})"


def outcome_words(status: MailStatus, language: str) -> str:
    """Return what became of a mail that has left, in a few words."""
    return _OUTCOMES[language][status]


def kind_words(kind: str, language: str) -> str:
    """Return what a line of the journal that names a mail or an answer tells."""
    return _KINDS[language][EntryKind(kind)]
