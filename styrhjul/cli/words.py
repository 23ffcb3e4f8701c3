"""The words that only the command line needs. Those it shares with the pages stand in `styrhjul.services.words`."""

from __future__ import annotations

import errno

#: What `doctor` looked at.
CHECK_WORDS = {
    "interpreter": "Python",
    "settings": "inställningar",
    "sign_in": "inloggning",
    "keys": "nyckel",
    "disk": "disk",
    "database": "databas",
    "migrations": "tabeller",
    "isolation": "åtskillnad",
    "clock": "klocka",
    "broker": "kö",
    "smtp": "mejlserver",
    "signing": "signering",
    "pulse": "puls",
    "backup": "säkerhetskopia",
    "hold": "utskick",
    "aside": "åt sidan",
    "ladders": "trappor",
    "reach": "mottagare",
    "mail": "mejl på väg",
    "inbound": "mejl som kommer in",
    "wording": "egna ord",
    "trials": "provkörning",
    "webhooks": "andra system",
    "traces": "spår",
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
    "cut_short": "hann inte klart",
}
#: How a rung still ahead stands; for those behind see NOTICE_WORDS.
AHEAD_WORDS = {"coming": "Kommande", "waits_for_warning": "Väntar på förvarningen"}
#: How another system that is told is doing.
STANDING_WORDS = {
    "paused": "pausad",
    "failing": "svarade inte senast",
    "untried": "inte prövad",
    "working": "fungerar",
}
#: Why the system could not do what it was asked to.
_REFUSALS = {
    errno.ENOENT: "finns inte",
    errno.EACCES: "får inte läsas eller skrivas av dig",
    errno.EPERM: "får inte ändras av dig",
    errno.EISDIR: "är en mapp",
    errno.ENOTDIR: "är ingen mapp",
    errno.EEXIST: "finns redan",
    errno.ENOSPC: "disken är full",
    errno.EROFS: "går inte att skriva på",
    errno.EADDRINUSE: "används redan",
    errno.EADDRNOTAVAIL: "finns inte på den här maskinen",
    errno.ECONNREFUSED: "ingen svarar där",
}
CONFIDENCE_WORDS = {"high": "säker", "medium": "ganska säker", "low": "osäker"}


def why_not(error: OSError) -> str:
    """Return why a file or address could not be used: "finns inte"; a reason without a word keeps its code."""
    code = error.errno or 0
    return _REFUSALS.get(code, f"felkod {errno.errorcode.get(code, code)}")


def counted(count: int, one: str, several: str) -> str:
    """Return "1 mejl skickat" or "3 mejl skickade"."""
    return f"{count} {one if count == 1 else several}"
