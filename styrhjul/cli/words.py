"""The words that only the command line needs. Those it shares with the pages stand in `styrhjul.services.words`."""

from __future__ import annotations

#: What `doctor` looked at.
CHECK_WORDS = {
    "interpreter": "Python",
    "settings": "inställningar",
    "keys": "nyckel",
    "disk": "disk",
    "database": "databas",
    "migrations": "tabeller",
    "clock": "klocka",
    "broker": "kö",
    "smtp": "mejlserver",
    "pulse": "puls",
    "reach": "mottagare",
}
#: What `sweep` and `deliver` counted.
COUNT_WORDS = {
    "woken": "väckta ärenden",
    "opened": "öppnade ärenden",
    "notices": "nya aviseringar",
    "quarantined": "ärenden satta åt sidan",
    "stuck": "kommuner där inget gick att göra",
    "composed": "skrivna mejl",
    "sent": "skickade",
    "deferred": "försöks igen senare",
    "failed": "kom inte fram",
    "cancelled": "inställda",
    "uncertain": "osäkra",
}
#: How a rung still ahead stands; for those behind see NOTICE_WORDS.
AHEAD_WORDS = {"coming": "Kommande", "waits_for_warning": "Väntar på förvarningen"}
#: What people decide about a case. A draft referred is told with the bodies that were asked, as "referral_sent".
DECISION_WORDS = {
    "due_moved": "Ny frist",
    "case_reassigned": "Lämnat till en annan befattning",
    "case_noted": "Anteckning",
    "referral_sent": "Skickat på remiss",
    "return": "Svaret skickat tillbaka",
    "approve": "Godkänt",
    "waive": "Avslutat utan svar",
    "prepare": "Berett",
}
CONFIDENCE_WORDS = {"high": "säker", "low": "osäker"}


def counted(count: int, one: str, several: str) -> str:
    """Return "1 mejl skickat" or "3 mejl skickade"."""
    return f"{count} {one if count == 1 else several}"
