"""What is wrong with an address or a key that somebody has written, in Swedish."""

from __future__ import annotations

import re

from styrhjul.mail.message import MessageRefused, ascii_address

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ADDRESS = re.compile(r"[\x21-\x7e]+")
_LONGEST_ADDRESS = 254
_NEVER_IN_AN_ADDRESS = frozenset(',;:<>()[]\\"')
_NO_ADDRESS = (
    "Det här är ingen e-postadress. Skriv den som namn@kommun.se, utan punkt eller bindestreck först eller sist."
)


def address_fault(address: str) -> str | None:
    """Tell in Swedish what is wrong with an e-mail address; None when nothing is, and mail can be sent to it."""
    if len(address) > _LONGEST_ADDRESS:
        return f"Adressen är längre än {_LONGEST_ADDRESS} tecken. Skriv en kortare adress."
    if not _ADDRESS.fullmatch(address) or _NEVER_IN_AN_ADDRESS & set(address):
        return "Adressen har mellanslag eller andra tecken som inte får stå där. Skriv en adress, utan å, ä och ö."
    return None if "." in address.partition("@")[2] and _can_be_mailed(address) else _NO_ADDRESS


def _can_be_mailed(address: str) -> bool:
    try:
        ascii_address(address)
    except MessageRefused:
        return False
    return True


def key_fault(key: str) -> str | None:
    """Tell in Swedish what is wrong with a key that will stand in addresses of pages; None when nothing is."""
    return None if _KEY.fullmatch(key) else "Nyckeln får bara ha a–z, 0–9 och bindestreck, till exempel socialnamnden."
