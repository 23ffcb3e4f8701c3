"""Every route there is: who may call it, whose it is, how often, and what it leaves in the journal.

A route that does not stand here answers nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from styrhjul.db.api_model import Scope
from styrhjul.db.model import UserRole
from styrhjul.web.rate import Rate
from styrhjul.web.security import MOST_BYTES, MOST_BYTES_WITH_FILE, MOST_FILES


class Permission(StrEnum):
    """What a caller must show."""

    PUBLIC = "public"  # nothing
    ANSWER_LINK = "answer_link"  # the cookie of an opened link, for that link's own form alone
    SIGN_IN = "sign_in"  # nothing yet: whoever is about to sign in, with a form of ours
    READ = "read"  # any official of the municipality, the auditor too
    AUDIT = "audit"  # take away all that is known about a policy, or the records of a time, in one file
    DECIDE = "decide"  # give time, give to another, end a case
    OWN = "own"  # say what a policy asks for
    COORDINATE = "coordinate"  # people, meetings, what leaves and when
    ADMINISTER = "administer"  # users, sign-in, retention
    PUBLISH = "publish"  # let anybody read the promises
    EMBEDDED = "embedded"  # only the embedded default, on this machine
    API_READ = "api_read"  # a program's key with the scope, here and below
    API_ANSWER = "api_answer"
    API_IMPORT = "api_import"


#: Which scope of a key each permission for programs asks for.
SCOPES = {
    Permission.API_READ: Scope.READ,
    Permission.API_ANSWER: Scope.ANSWER,
    Permission.API_IMPORT: Scope.IMPORT,
}


#: Which roles each permission for officials is given to. The auditor reads all and changes nothing.
GRANTED = {
    Permission.READ: frozenset(UserRole),
    Permission.AUDIT: frozenset({UserRole.AUDITOR, UserRole.COORDINATOR}),
    Permission.DECIDE: frozenset({UserRole.CHIEF_EXECUTIVE, UserRole.COORDINATOR}),
    Permission.OWN: frozenset({UserRole.DOCUMENT_OWNER, UserRole.COORDINATOR}),
    Permission.COORDINATE: frozenset({UserRole.COORDINATOR, UserRole.OPERATOR}),
    Permission.ADMINISTER: frozenset({UserRole.ADMINISTRATOR}),
    Permission.PUBLISH: frozenset({UserRole.COORDINATOR, UserRole.ADMINISTRATOR}),
}


class Whose(StrEnum):
    """Where a route learns which municipality it serves."""

    PATH = "path"  # the short name in the address, which must be the caller's own, or have let anybody in
    LINK = "link"  # the link's own
    TOKEN = "token"  # the key's own  # noqa: S105
    NONE = "none"  # it serves none, or each that the caller may see


@dataclass(frozen=True, slots=True)
class Rule:
    """One route. `audit` is the journal's event when it changes something; None = it changes nothing.

    `most_bytes` is how large a form it takes; more than usual only where files are sent, or come back with what was
    shown of them. `most_files` counts where a file may be sent at all.
    """

    method: str
    path: str
    permission: Permission
    whose: Whose
    rate: Rate
    audit: str | None = None
    most_bytes: int = MOST_BYTES
    most_files: int = 1


_LINK = (Permission.ANSWER_LINK, Whose.LINK)
_READ = (Permission.READ, Whose.PATH, Rate.READ)
_DECIDE = (Permission.DECIDE, Whose.PATH)
_EXPORT = (Permission.READ, Whose.PATH, Rate.EXPORT)
_ORDERS = (Permission.READ, Whose.PATH, Rate.WRITE)
_SETS = (Permission.COORDINATE, Whose.PATH, Rate.WRITE)
_LOOKS = (Permission.COORDINATE, Whose.PATH, Rate.READ)
_RULES = (Permission.ADMINISTER, Whose.PATH, Rate.WRITE)
_OWN = (Permission.OWN, Whose.PATH)
_COORDINATE = (Permission.COORDINATE, Whose.PATH)
_PUBLISH = (Permission.PUBLISH, Whose.PATH)
_OPEN = (Permission.PUBLIC, Whose.PATH, Rate.OPEN_DATA)
_HERE = (Permission.EMBEDDED, Whose.NONE)
_IN = (Permission.SIGN_IN, Whose.NONE, Rate.SIGN_IN)
_USERS = (Permission.ADMINISTER, Whose.PATH)
_PROGRAM = (Permission.API_READ, Whose.TOKEN, Rate.API)

RULES = (
    Rule("GET", "/health/live", Permission.PUBLIC, Whose.NONE, Rate.FREE),
    Rule("GET", "/health/ready", Permission.PUBLIC, Whose.NONE, Rate.FREE),
    Rule("GET", "/health/work", Permission.PUBLIC, Whose.NONE, Rate.FREE),
    Rule("GET", "/favicon.ico", Permission.PUBLIC, Whose.NONE, Rate.FREE),
    # The token is the key: it opens, and changes nothing.
    Rule("GET", "/a/{token}", Permission.PUBLIC, Whose.LINK, Rate.LINK),
    # The same: it shows one post's days, or one policy's.
    Rule("GET", "/calendar/{token}.ics", Permission.PUBLIC, Whose.LINK, Rate.LINK),
    Rule("GET", "/answer/{link_id}", *_LINK, Rate.READ),
    Rule("POST", "/answer/{link_id}/review", *_LINK, Rate.WRITE),
    Rule("POST", "/answer/{link_id}/edit", *_LINK, Rate.WRITE),
    Rule("POST", "/answer/{link_id}/draft", *_LINK, Rate.WRITE, audit="the draft itself"),
    Rule(
        *("POST", "/answer/{link_id}/attachment", *_LINK, Rate.UPLOAD),
        audit="the draft itself",
        most_bytes=MOST_BYTES_WITH_FILE,
    ),
    Rule("POST", "/answer/{link_id}/attachment/{attachment_id}/remove", *_LINK, Rate.WRITE, audit="the draft itself"),
    Rule("GET", "/answer/{link_id}/attachment/{attachment_id}", *_LINK, Rate.EXPORT),
    Rule("POST", "/answer/{link_id}", *_LINK, Rate.WRITE, audit="case_moved"),
    Rule("GET", "/answer/{link_id}/receipt", *_LINK, Rate.READ),
    Rule("GET", "/answer/{link_id}/delegate", *_LINK, Rate.READ),
    Rule("POST", "/answer/{link_id}/delegate", *_LINK, Rate.WRITE, audit="case_delegated"),
    Rule("GET", "/answer/{link_id}/delegated", *_LINK, Rate.READ),
    Rule("POST", "/answer/{link_id}/fresh-link", *_LINK, Rate.LINK, audit="mail_composed"),
    Rule("GET", "/accessibility", Permission.PUBLIC, Whose.NONE, Rate.READ),
    # Whoever is shut out cannot be asked to sign in first; counted by caller.
    Rule("POST", "/accessibility", Permission.PUBLIC, Whose.NONE, Rate.SIGN_IN, audit="feedback_received"),
    Rule("GET", "/privacy", Permission.PUBLIC, Whose.NONE, Rate.READ),
    Rule("GET", "/about", Permission.PUBLIC, Whose.NONE, Rate.READ),
    # Only where the municipality has switched it on; elsewhere there is no such page.
    Rule("GET", "/promises/{municipality}", *_OPEN),
    Rule("GET", "/promises/{municipality}/promises.json", *_OPEN),
    Rule("GET", "/promises/{municipality}/popolo.json", *_OPEN),
    Rule("GET", "/promises/{municipality}/dataset.jsonld", *_OPEN),
    Rule("GET", "/promises/{municipality}/csv-metadata.json", *_OPEN),
    Rule("GET", "/promises/{municipality}/{table}.csv", *_OPEN),
    # What people type from memory; they lead to the next line.
    Rule("GET", "/login", Permission.PUBLIC, Whose.NONE, Rate.READ),
    Rule("GET", "/logga-in", Permission.PUBLIC, Whose.NONE, Rate.READ),
    Rule("GET", "/sign-in", Permission.PUBLIC, Whose.NONE, Rate.READ),
    Rule("POST", "/sign-in", *_IN, audit="sign_in_code_sent"),
    Rule("GET", "/sign-in/code", Permission.PUBLIC, Whose.NONE, Rate.READ),
    Rule("POST", "/sign-in/code", *_IN, audit="user_signed_in"),
    Rule("GET", "/sign-in/oidc/{municipality}", Permission.PUBLIC, Whose.NONE, Rate.SIGN_IN),
    # The service sends the browser here with a GET; `state` is its form token.
    Rule("GET", "/sign-in/oidc/{municipality}/callback", Permission.PUBLIC, Whose.NONE, Rate.SIGN_IN, "user_signed_in"),
    Rule("GET", "/sign-in/operator/{token}", Permission.PUBLIC, Whose.NONE, Rate.SIGN_IN),
    Rule("POST", "/sign-in/operator/{token}", *_IN, audit="break_glass_used"),
    Rule("POST", "/sign-out", Permission.READ, Whose.NONE, Rate.WRITE, audit="user_signed_out"),
    Rule("GET", "/", Permission.READ, Whose.NONE, Rate.READ),
    Rule("GET", "/inbox", *_HERE, Rate.READ),
    Rule("GET", "/inbox/{name}", *_HERE, Rate.READ),
    Rule("GET", "/inbox/{name}/html", *_HERE, Rate.READ),
    Rule("POST", "/demo/turn", *_HERE, Rate.WRITE, audit="the entries of the days it plays"),
    # Other programs: the key in the header says whose everything is.
    Rule("GET", "/api/v1/openapi.json", Permission.PUBLIC, Whose.NONE, Rate.READ),
    Rule("GET", "/api/v1/municipality", *_PROGRAM),
    Rule("GET", "/api/v1/organizations", *_PROGRAM),
    Rule("GET", "/api/v1/organizations/{organization_id}", *_PROGRAM),
    Rule("GET", "/api/v1/posts", *_PROGRAM),
    Rule("GET", "/api/v1/posts/{post_id}", *_PROGRAM),
    Rule("GET", "/api/v1/persons", *_PROGRAM),
    Rule("GET", "/api/v1/persons/{person_id}", *_PROGRAM),
    Rule("GET", "/api/v1/memberships", *_PROGRAM),
    Rule("GET", "/api/v1/meetings", *_PROGRAM),
    Rule("GET", "/api/v1/policies", *_PROGRAM),
    Rule("GET", "/api/v1/policies/{policy_id}", *_PROGRAM),
    Rule("GET", "/api/v1/editions", *_PROGRAM),
    Rule("GET", "/api/v1/editions/{edition_id}", *_PROGRAM),
    Rule("GET", "/api/v1/duties", *_PROGRAM),
    Rule("GET", "/api/v1/duties/{duty_id}", *_PROGRAM),
    Rule("GET", "/api/v1/cases", *_PROGRAM),
    Rule("GET", "/api/v1/cases/{case_id}", *_PROGRAM),
    Rule("GET", "/api/v1/journal", *_PROGRAM),
    Rule("GET", "/api/v1/cases/{case_id}/question", Permission.API_ANSWER, Whose.TOKEN, Rate.API),
    Rule(
        *("POST", "/api/v1/cases/{case_id}/answers", Permission.API_ANSWER, Whose.TOKEN, Rate.WRITE),
        audit="case_moved",
    ),
    Rule(
        *("POST", "/api/v1/imports", Permission.API_IMPORT, Whose.TOKEN, Rate.UPLOAD),
        audit="officials_imported",
        most_bytes=MOST_BYTES_WITH_FILE,
        most_files=0,  # JSON
    ),
    Rule("GET", "/{municipality}", *_READ),
    Rule("GET", "/{municipality}/users", *_USERS, Rate.READ),
    Rule("POST", "/{municipality}/users", *_USERS, Rate.WRITE, audit="user_added"),
    Rule("POST", "/{municipality}/users/{user_id}/roles", *_USERS, Rate.WRITE, audit="user_roles_changed"),
    Rule("POST", "/{municipality}/users/{user_id}/remove", *_USERS, Rate.WRITE, audit="user_removed"),
    Rule("GET", "/{municipality}/cases", *_READ),
    Rule("GET", "/{municipality}/mail", *_READ),
    Rule("GET", "/{municipality}/mail/coming", *_READ),
    Rule("GET", "/{municipality}/mail/samples", *_READ),
    Rule("GET", "/{municipality}/mail/samples/{key}", *_READ),
    Rule("GET", "/{municipality}/mail/samples/{key}/html", *_READ),
    Rule("GET", "/{municipality}/policies", *_READ),
    Rule("GET", "/{municipality}/policies/import", *_COORDINATE, Rate.READ),
    # It shows what a text would mean, and stores nothing; several files are held to be read.
    Rule(
        *("POST", "/{municipality}/policies/import", *_COORDINATE, Rate.UPLOAD),
        audit="order_placed",
        most_bytes=MOST_BYTES_WITH_FILE,
        most_files=MOST_FILES,
    ),
    Rule("POST", "/{municipality}/policies/import/store", *_COORDINATE, Rate.WRITE, audit="policy_imported"),
    # Nämnder och personer, sammanträden, mandatskifte.
    Rule("GET", "/{municipality}/people", *_READ),
    Rule("GET", "/{municipality}/people/import", *_COORDINATE, Rate.READ),
    Rule("GET", "/{municipality}/people/template.xlsx", *_EXPORT),
    Rule("GET", "/{municipality}/people/popolo.json", *_EXPORT),
    Rule("POST", "/{municipality}/people/import", *_COORDINATE, Rate.UPLOAD, most_bytes=MOST_BYTES_WITH_FILE),
    Rule("POST", "/{municipality}/people/import/confirm", *_COORDINATE, Rate.WRITE, audit="officials_imported"),
    Rule("GET", "/{municipality}/body/{body}", *_READ),
    Rule("POST", "/{municipality}/body/{body}/meeting", *_COORDINATE, Rate.WRITE, audit="meetings_changed"),
    Rule("GET", "/{municipality}/body/{body}/meeting/{on}", *_READ),
    Rule("POST", "/{municipality}/body/{body}/meeting/{on}/move", *_COORDINATE, Rate.WRITE, audit="meetings_changed"),
    Rule("POST", "/{municipality}/body/{body}/meeting/{on}/cancel", *_COORDINATE, Rate.WRITE, audit="meetings_changed"),
    Rule("GET", "/{municipality}/post/{post_id}", *_READ),
    Rule("POST", "/{municipality}/post/{post_id}/holder", *_COORDINATE, Rate.WRITE, audit="office_changed"),
    Rule(
        "POST", "/{municipality}/post/{post_id}/end/{appointment_id}", *_COORDINATE, Rate.WRITE, audit="office_changed"
    ),
    Rule(
        *("POST", "/{municipality}/post/{post_id}/withdraw/{appointment_id}", *_COORDINATE, Rate.WRITE),
        audit="office_changed",
    ),
    Rule("GET", "/{municipality}/person/{person_id}", *_READ),
    Rule("POST", "/{municipality}/person/{person_id}/address", *_COORDINATE, Rate.WRITE, audit="office_changed"),
    Rule("GET", "/{municipality}/meetings", *_READ),
    Rule("POST", "/{municipality}/meetings/subscribe", *_COORDINATE, Rate.WRITE, audit="calendar_link_made"),
    Rule("GET", "/{municipality}/handover", *_READ),
    Rule("POST", "/{municipality}/handover/{case_id}", *_COORDINATE, Rate.WRITE, audit="case_moved"),
    Rule("GET", "/{municipality}/policy/{policy}", *_READ),
    Rule("GET", "/{municipality}/policy/{policy}/release", *_COORDINATE, Rate.READ),
    Rule("POST", "/{municipality}/policy/{policy}/release", *_COORDINATE, Rate.WRITE, audit="policy_released"),
    # Drafts of what the reader may read: whoever prepares a revision may be any official.
    Rule("GET", "/{municipality}/policy/{policy}/paper/{paper}/{kind}", *_EXPORT),
    Rule("GET", "/{municipality}/policy/{policy}/owner", *_COORDINATE, Rate.READ),
    Rule("POST", "/{municipality}/policy/{policy}/owner", *_COORDINATE, Rate.WRITE, audit="policy_owner_changed"),
    Rule("GET", "/{municipality}/policy/{policy}/confirm", *_OWN, Rate.READ),
    Rule("POST", "/{municipality}/policy/{policy}/confirm", *_OWN, Rate.WRITE, audit="duty_confirmed"),
    Rule("GET", "/{municipality}/policy/{policy}/duty", *_OWN, Rate.READ),
    Rule("POST", "/{municipality}/policy/{policy}/duty", *_OWN, Rate.WRITE, audit="duty_added"),
    Rule("GET", "/{municipality}/policy/{policy}/duty/{duty}", *_OWN, Rate.READ),
    Rule("POST", "/{municipality}/policy/{policy}/duty/{duty}/confirm", *_OWN, Rate.WRITE, audit="duty_confirmed"),
    Rule("POST", "/{municipality}/policy/{policy}/duty/{duty}/correct", *_OWN, Rate.WRITE, audit="duty_corrected"),
    Rule("POST", "/{municipality}/policy/{policy}/duty/{duty}/reject", *_OWN, Rate.WRITE, audit="duty_rejected"),
    Rule("GET", "/{municipality}/results", *_READ),
    Rule("GET", "/{municipality}/report/{year}", *_READ),
    Rule("GET", "/{municipality}/report/{year}/{kind}", *_EXPORT),
    # What takes longer than a page may. Whoever may order a kind may see, fetch and take away what is ordered of it.
    Rule("GET", "/{municipality}/orders", *_READ),
    Rule("POST", "/{municipality}/orders/chapter", *_ORDERS, audit="order_placed"),
    Rule("POST", "/{municipality}/orders/audit-pack", Permission.AUDIT, Whose.PATH, Rate.WRITE, audit="order_placed"),
    Rule("POST", "/{municipality}/orders/records", Permission.AUDIT, Whose.PATH, Rate.WRITE, audit="order_placed"),
    Rule("POST", "/{municipality}/orders/export", *_RULES, audit="order_placed"),
    Rule("GET", "/{municipality}/orders/{order_id}", *_READ),
    Rule("POST", "/{municipality}/orders/{order_id}/file", *_EXPORT, audit="order_fetched"),
    Rule("GET", "/{municipality}/orders/{order_id}/pick", *_COORDINATE, Rate.READ),
    Rule("POST", "/{municipality}/orders/{order_id}/pick", *_COORDINATE, Rate.WRITE, audit="policy_imported"),
    Rule("POST", "/{municipality}/orders/{order_id}/remove", *_ORDERS, audit="order_removed"),
    Rule("GET", "/{municipality}/case/{case_id}", *_READ),
    Rule("GET", "/{municipality}/case/{case_id}/act/{act}", *_DECIDE, Rate.READ),
    Rule("POST", "/{municipality}/case/{case_id}/act/{act}", *_DECIDE, Rate.WRITE),
    Rule("POST", "/{municipality}/case/{case_id}/act/{act}/done", *_DECIDE, Rate.WRITE, audit="what the act leaves"),
    Rule("GET", "/{municipality}/decisions", *_READ),
    Rule("POST", "/{municipality}/decisions/{case_id}", *_DECIDE, Rate.WRITE),
    Rule("GET", "/{municipality}/mail/{mail_id}", *_READ),
    Rule("GET", "/{municipality}/mail/{mail_id}/html", *_READ),
    Rule("GET", "/{municipality}/mail/{mail_id}/eml", *_EXPORT),
    Rule("GET", "/{municipality}/mail/{mail_id}/pdf", *_EXPORT),
    Rule("GET", "/{municipality}/case/{case_id}/answer/pdf", *_EXPORT),
    Rule("GET", "/{municipality}/case/{case_id}/answer/json", *_EXPORT),
    Rule("GET", "/{municipality}/case/{case_id}/attachment/{attachment_id}", *_EXPORT),
    Rule("GET", "/{municipality}/case/{case_id}/mail", *_READ),
    Rule("GET", "/{municipality}/case/{case_id}/mail/html", *_READ),
    # Settings: everybody sees what is set; only a coordinator looks at what a change would do, and makes it.
    Rule("GET", "/{municipality}/settings", *_READ),
    Rule("GET", "/{municipality}/settings/practice", *_LOOKS),
    Rule("POST", "/{municipality}/settings/practice/review", *_SETS),
    Rule("POST", "/{municipality}/settings/practice", *_SETS, audit="practice_changed"),
    Rule("GET", "/{municipality}/settings/ladders", *_READ),
    Rule("GET", "/{municipality}/settings/ladders/{lifecycle}", *_LOOKS),
    Rule("POST", "/{municipality}/settings/ladders/{lifecycle}/review", *_SETS),
    Rule("POST", "/{municipality}/settings/ladders/{lifecycle}", *_SETS, audit="ladder_changed"),
    Rule("GET", "/{municipality}/settings/wording", *_READ),
    Rule("GET", "/{municipality}/settings/wording/{key}", *_LOOKS),
    Rule("POST", "/{municipality}/settings/wording/{key}/review", *_SETS),
    Rule("POST", "/{municipality}/settings/wording/{key}", *_SETS, audit="wording_changed"),
    Rule("POST", "/{municipality}/settings/wording/{key}/remove", *_SETS, audit="wording_changed"),
    Rule("GET", "/{municipality}/settings/word-template", *_READ),
    Rule(
        *("POST", "/{municipality}/settings/word-template", *_COORDINATE, Rate.UPLOAD),
        audit="template_changed",
        most_bytes=MOST_BYTES_WITH_FILE,
    ),
    Rule("GET", "/{municipality}/settings/word-template/file", *_EXPORT),
    Rule("POST", "/{municipality}/settings/word-template/remove", *_SETS, audit="template_changed"),
    Rule("GET", "/{municipality}/settings/calendar", *_READ),
    Rule("POST", "/{municipality}/settings/calendar", *_SETS, audit="calendar_link_made"),
    Rule("POST", "/{municipality}/settings/calendar/policy", *_SETS, audit="calendar_link_made"),
    Rule("GET", "/{municipality}/settings/calendar/free-days", *_LOOKS),
    Rule("POST", "/{municipality}/settings/calendar/free-days/review", *_SETS),
    Rule("POST", "/{municipality}/settings/calendar/free-days", *_SETS, audit="practice_changed"),
    Rule("GET", "/{municipality}/settings/trial", *_READ),
    Rule("POST", "/{municipality}/settings/trial", *_RULES, audit="trial_begun"),
    Rule("POST", "/{municipality}/settings/trial/end", *_RULES, audit="trial_ended"),
    Rule("GET", "/{municipality}/settings/api", Permission.ADMINISTER, Whose.PATH, Rate.READ),
    Rule("POST", "/{municipality}/settings/api", *_RULES, audit="api_token_made"),
    Rule("POST", "/{municipality}/settings/api/{token_id}/revoke", *_RULES, audit="api_token_revoked"),
    # Whoever may switch it on has seen what becomes public; the page shows it to every official.
    Rule("GET", "/{municipality}/settings/promises", *_READ),
    Rule("POST", "/{municipality}/settings/promises", *_PUBLISH, Rate.WRITE, audit="promises_published"),
    Rule("POST", "/{municipality}/settings/promises/close", *_PUBLISH, Rate.WRITE, audit="promises_withdrawn"),
    Rule("GET", "/{municipality}/settings/webhooks", Permission.ADMINISTER, Whose.PATH, Rate.READ),
    Rule("POST", "/{municipality}/settings/webhooks", *_RULES, audit="webhook_added"),
    Rule("POST", "/{municipality}/settings/webhooks/{webhook_id}/test", *_RULES, audit="the message itself"),
    Rule("POST", "/{municipality}/settings/webhooks/{webhook_id}/resume", *_RULES, audit="webhook_resumed"),
    Rule("POST", "/{municipality}/settings/webhooks/{webhook_id}/remove", *_RULES, audit="webhook_removed"),
    Rule("GET", "/{municipality}/settings/retention", *_READ),
    Rule("GET", "/{municipality}/settings/retention/{kept}", Permission.ADMINISTER, Whose.PATH, Rate.READ),
    Rule("POST", "/{municipality}/settings/retention/{kept}", *_RULES, audit="retention_changed"),
    Rule("POST", "/{municipality}/settings/retention/{kept}/keep", *_RULES, audit="retention_changed"),
)
