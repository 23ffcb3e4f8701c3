"""The Swedish of signing in: what is wrong, what a role is called, and whom a code was sent to."""

from __future__ import annotations

from collections.abc import Iterable

from styrhjul.db.model import UserRole
from styrhjul.mail.swedish import number
from styrhjul.services.foundation.secret import CODE_DIGITS

ROLE_WORDS = {
    UserRole.COORDINATOR: "samordnare",
    UserRole.DOCUMENT_OWNER: "dokumentansvarig",
    UserRole.CHIEF_EXECUTIVE: "kommunchef",
    UserRole.AUDITOR: "granskare",
    UserRole.ADMINISTRATOR: "administratör",
    UserRole.OPERATOR: "drift",
}
#: What each role may do, as the page for users says it.
ROLE_EXPLAINED = {
    UserRole.COORDINATOR: "Sköter ärenden, personer, möten och mejl.",
    UserRole.DOCUMENT_OWNER: "Säger vad styrdokumenten kräver.",
    UserRole.CHIEF_EXECUTIVE: "Beslutar om det som har gått upp.",
    UserRole.AUDITOR: "Ser allt och ändrar inget.",
    UserRole.ADMINISTRATOR: "Lägger till och tar bort användare.",
}
DIGITS = CODE_DIGITS
NO_MUNICIPALITY = "Välj din kommun"
NO_ADDRESS = "Skriv din adress i arbetet"
OWN_ACCOUNT = "Kommunen loggar in med sitt eget konto. Använd knappen under."
NO_CODE = "Skriv de sex siffrorna i det senaste mejlet från oss"
GONE_CODE = "Koden gäller inte längre. Skicka en ny."
SIGNED_OUT = "Du är utloggad."


def wrong_code(tries_left: int) -> str:
    """Return what is told of a code that does not fit, and how many tries are left."""
    if not tries_left:
        return GONE_CODE
    return f"Koden stämmer inte. Du har {number(tries_left)} försök kvar."


def masked(address: str) -> str:
    """Return "k…@example.org": enough to see which mailbox to open, on a screen that others see too."""
    local, _, domain = address.partition("@")
    return f"{local[:1]}…@{domain}"


def roles_listed(roles: Iterable[UserRole]) -> str:
    """Return the roles in their own order: "samordnare, administratör"."""
    held = set(roles)
    return ", ".join(word for role, word in ROLE_WORDS.items() if role in held)
