"""What each line of the journal tells, in a few words: those about a document, and those about the municipality."""

from __future__ import annotations

from collections.abc import Mapping

from styrhjul.domain.journal import EntryKind
from styrhjul.reports.audit_words import KIND_WORDS

JOURNAL_WORDS: Mapping[str, str] = {
    **KIND_WORDS,
    EntryKind.OFFICIALS_IMPORTED: "Listan över uppdrag lästes in",
    EntryKind.OFFICE_CHANGED: "Ett uppdrag ändrades",
    EntryKind.MEETINGS_CHANGED: "Ett sammanträde ändrades",
    EntryKind.MUNICIPALITY_ADDED: "Kommunen lades till",
    EntryKind.MUNICIPALITY_RELEASED: "Kommunens mejl släpptes",
    EntryKind.PRACTICE_CHANGED: "En inställning ändrades",
    EntryKind.LADDER_CHANGED: "En trappa ändrades",
    EntryKind.WORDING_CHANGED: "Kommunens egna ord ändrades",
    EntryKind.TEMPLATE_CHANGED: "Word-mallen ändrades",
    EntryKind.TRIAL_BEGUN: "En provkörning började",
    EntryKind.TRIAL_ENDED: "Provkörningen slutade",
    EntryKind.RETENTION_CHANGED: "Gallringen ändrades",
    EntryKind.TEXTS_DISPOSED_OF: "Texter gallrades",
    EntryKind.USER_ADDED: "En användare lades till",
    EntryKind.USER_ROLES_CHANGED: "En användares roller ändrades",
    EntryKind.USER_REMOVED: "En användare togs bort",
    EntryKind.SIGN_IN_CODE_SENT: "En kod för inloggning skickades",
    EntryKind.USER_SIGNED_IN: "En användare loggade in",
    EntryKind.USER_SIGNED_OUT: "En användare loggade ut",
    EntryKind.OIDC_CHANGED: "Inloggningstjänsten ändrades",
    EntryKind.BREAK_GLASS_OPENED: "Kommunen öppnades för driften",
    EntryKind.BREAK_GLASS_USED: "Driften gick in i kommunen",
    EntryKind.FEEDBACK_RECEIVED: "En synpunkt om tillgänglighet kom in",
    EntryKind.SIGNING_KEY_MADE: "En nyckel för signering gjordes",
    EntryKind.SIGNING_CHANGED: "Signeringen av mejl ändrades",
    EntryKind.CALENDAR_LINK_MADE: "En kalenderlänk gjordes",
    EntryKind.CALENDAR_LINK_REVOKED: "En kalenderlänk stängdes",
    EntryKind.WEBHOOK_ADDED: "Ett annat system lades till",
    EntryKind.WEBHOOK_PAUSED: "Ett annat system pausades",
    EntryKind.WEBHOOK_RESUMED: "Ett annat system får meddelanden igen",
    EntryKind.WEBHOOK_REMOVED: "Ett annat system togs bort",
    EntryKind.API_TOKEN_MADE: "En nyckel till API:et gjordes",
    EntryKind.API_TOKEN_REVOKED: "En nyckel till API:et återkallades",
    EntryKind.ORDER_PLACED: "En fil beställdes, eller filer skickades in för att läsas",
    EntryKind.ORDER_FETCHED: "En beställd fil hämtades",
    EntryKind.ORDER_REMOVED: "En beställd fil, eller filer som skickats in, togs bort",
    EntryKind.SENDING_HELD: "Utskicken hölls tillbaka",
    EntryKind.SENDING_RESUMED: "Utskicken släpptes fram igen",
    EntryKind.PROMISES_PUBLISHED: "Löftena publicerades",
    EntryKind.PROMISES_WITHDRAWN: "Löftena slutade vara publicerade",
}
