"""Reports of deliveries in the shapes of the servers that municipalities meet."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator

from tests.mail.inbound_shape import OUR_ID, PLACEHOLDER, TO, Case, Report, mail, report

_M365 = {
    "sender": "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@lillby.example.org>",
    "mta": "AM0PR01MB1234.eurprd01.prod.outlook.example.org",
    "head": "X-MS-Exchange-Message-Is-Ndr:\nAuto-Submitted: auto-replied",
}
_EXCHANGE = {"sender": "postmaster@lillby.example.org", "mta": "ex01.lillby.example.org"}
_GMAIL = {
    "sender": "Mail Delivery Subsystem <mailer-daemon@googlemail.example.org>",
    "subject": "Delivery Status Notification (Failure)",
    "mta": "googlemail.example.org",
    "head": f"X-Failed-Recipients: {TO}\nAuto-Submitted: auto-replied",
}
_PROOFPOINT = {
    "sender": "Mail Delivery Subsystem <MAILER-DAEMON@pphosted.example.org>",
    "mta": "mx07.pphosted.example.org",
}
_BARRACUDA = {
    "sender": "MAILER-DAEMON@ess.barracuda.example.org",
    "subject": "**Message you sent blocked by our filter**",
}


def cases() -> Iterator[Case]:
    """Every report."""
    yield from _postfix()
    yield from _exim()
    yield from _microsoft()
    yield from _gmail()
    yield from _qmail()
    yield from _gateways()
    yield from _others()
    yield from _odd()


def _postfix() -> Iterator[Case]:
    queued = "X-Postfix-Queue-ID: 4B1\n"
    yield report("postfix-unknown", "failed")
    yield report("postfix-full", "failed", status="5.2.2", diagnosis="smtp; 552 5.2.2 Mailbox full", more=queued)
    yield report("postfix-policy", "failed", status="5.7.1", diagnosis="smtp; 554 5.7.1 Rejected by policy")
    yield report("postfix-expired", "failed", status="4.4.1", diagnosis="X-Postfix; connect to mx: timed out")
    yield report("postfix-no-host", "failed", status="5.4.4", diagnosis="X-Postfix; Host or domain name not found")
    yield report("postfix-disabled", "failed", status="5.2.1", diagnosis="smtp; 550 5.2.1 Mailbox disabled")
    yield report("postfix-headers-only", "failed", carries="text/rfc822-headers")
    yield report("postfix-original-left-out", "failed", carries="")
    trying = {"subject": "Delayed Mail (still being retried)", "text": "YOU DO NOT NEED TO RESEND YOUR MESSAGE."}
    yield report(
        "postfix-delayed", "delayed", action="delayed", status="4.4.1", diagnosis="X-Postfix; timeout", **trying
    )
    kept = {"subject": "Successful Mail Delivery Report", "text": "Your message was successfully delivered."}
    yield report("postfix-relayed", "relayed", action="relayed", status="2.1.5", diagnosis="smtp; 250 ok", **kept)
    yield report("postfix-expanded", "expanded", action="expanded", status="2.1.5", diagnosis="", **kept)
    yield report("postfix-delivered", "delivered", action="delivered", status="2.1.5", diagnosis="", **kept)


def _exim() -> Iterator[Case]:
    exim = {"sender": "Mail Delivery System <Mailer-Daemon@exim.example.org>", "subject": "Mail delivery failed"}
    code = "smtp; 550 5.1.1 <chair>: Recipient address rejected: User unknown"
    yield report("exim-unknown", "failed", "5.1.1", status="5.0.0", diagnosis=code, **exim)
    warning = exim | {"subject": "Warning: message 1abc delayed 24 hours"}
    yield report("exim-delayed", "delayed", action="delayed", status="4.0.0", diagnosis="", **warning)
    said = "A message that you sent could not be delivered to one or more of its recipients. This is a permanent error."
    yield _daemon(
        "exim-old",
        "failed",
        "Mail delivery failed: returning message to sender",
        f"""
        This message was created automatically by mail delivery software.

        {said} The following address(es) failed:

          {TO}
            SMTP error from remote mail server after RCPT TO: 550 5.1.1 unknown user

        ------ This is a copy of the message, including all the headers. ------
        """,
        more=f"X-Failed-Recipients: {TO}",
        status="5.1.1",
    )
    yield _daemon(
        "exim-old-delayed",
        "delayed",
        "Warning: message 1abc delayed 24 hours",
        f"""
        This message was created automatically by mail delivery software.
        A message that you sent has not yet been delivered to one or more of its recipients after more than 24 hours.

        The message has not yet been delivered to the following addresses:

          {TO}
            Delay reason: connection timed out

        No action is required on your part. Delivery attempts will continue for some time.
        """,
    )


def _microsoft() -> Iterator[Case]:
    gone = "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"
    swedish = {
        "subject": "Olevererbart: Nämndens mål",
        "text": "Det gick inte att leverera meddelandet till mottagaren.",
    }
    finnish = {"subject": "Ei voitu toimittaa: Nämndens mål", "text": "Viestin toimittaminen epäonnistui."}
    yield report("m365-unknown", "failed", status="5.1.10", diagnosis=gone, **_M365)
    yield report("m365-unknown-swedish", "failed", status="5.1.10", diagnosis=gone, **_M365 | swedish)
    yield report("m365-unknown-finnish", "failed", status="5.1.10", diagnosis=gone, **_M365 | finnish)
    edge = "smtp;550 5.4.1 Recipient address rejected: Access denied. AS(201806281)"
    yield report("m365-edge-block", "failed", status="5.4.1", diagnosis=edge, **_M365)
    yield report("m365-full", "failed", status="5.2.2", diagnosis="smtp;554 5.2.2 mailbox full", **_M365 | swedish)
    yield report("m365-policy", "failed", status="5.7.509", diagnosis="smtp;550 5.7.509 Access denied", **_M365)
    yield report("m365-expired", "failed", status="4.4.7", diagnosis="smtp;550 4.4.7 QUEUE.Expired", **_M365 | swedish)
    yield report("m365-sender-limit", "failed", status="5.1.90", diagnosis="smtp;550 5.1.90 Daily limit", **_M365)
    late = {"subject": "Leveransen är fördröjd: Nämndens mål", "text": "Leveransen är försenad. Servern försöker igen."}
    yield report("m365-delayed-swedish", "delayed", action="delayed", status="4.4.7", diagnosis="", **_M365 | late)
    slow = {"subject": "Toimitus viivästyy: Nämndens mål", "text": "Viestin toimitus viivästyy."}
    yield report("m365-delayed-finnish", "delayed", action="delayed", status="4.4.7", diagnosis="", **_M365 | slow)
    passed = {"subject": "Vidarebefordrat: Nämndens mål", "text": "Leveransen är klar, men servern bekräftar den inte."}
    yield report("m365-relayed", "relayed", action="relayed", status="2.0.0", diagnosis="", **_M365 | passed)
    group = {"subject": "Utökat: Nämndens mål", "text": "Meddelandet har levererats till gruppen."}
    yield report("m365-expanded", "expanded", action="expanded", status="2.0.0", diagnosis="", **_M365 | group)
    yield report("exchange-unknown", "failed", diagnosis="smtp;550 5.1.1 RESOLVER.ADR.RecipNotFound", **_EXCHANGE)
    yield report("exchange-full-swedish", "failed", status="5.2.2", diagnosis="", **_EXCHANGE | swedish)


def _gmail() -> Iterator[Case]:
    known = "smtp; 550-5.1.1 The email account that you tried to reach does not exist. 550 5.1.1 NoSuchUser"
    yield report("gmail-unknown", "failed", diagnosis=known, **_GMAIL)
    yield report("gmail-full", "failed", status="5.2.2", diagnosis="smtp; 552-5.2.2 over quota", **_GMAIL)
    late = _GMAIL | {"subject": "Delivery Status Notification (Delay)"}
    yield report("gmail-delayed", "delayed", action="delayed", status="4.4.1", diagnosis="smtp; timed out", **late)
    yield report(
        "gmail-gave-up", "failed", status="4.4.1", diagnosis="smtp; The recipient server did not respond", **_GMAIL
    )


def _qmail() -> Iterator[Case]:
    opening = "Hi. This is the qmail-send program at mx.example.org.\n"
    opening += "I'm afraid I wasn't able to deliver your message to the following addresses.\n"
    opening += "This is a permanent error; I've given up. Sorry it didn't work out.\n\n"
    for name, said, status in (
        ("qmail-unknown", "Sorry, no mailbox here by that name. (#5.1.1)", "5.1.1"),
        ("qmail-no-host", "Sorry, I couldn't find any host named lillby. (#5.1.2)", "5.1.2"),
        ("qmail-full", "The user has exceeded the quota. (#5.2.2)", "5.2.2"),
        ("qmail-too-long", "I'm not going to try again; this message has been in the queue too long.", ""),
    ):
        body = f"{opening}<{TO}>:\n{said}\n\n--- Below this line is a copy of the message.\n"
        yield _daemon(name, "failed", "failure notice", body, status=status)


def _gateways() -> Iterator[Case]:
    yield report("proofpoint-unknown", "failed", diagnosis="smtp; 550 5.1.1 User Unknown", **_PROOFPOINT)
    yield report(
        "proofpoint-policy", "failed", status="5.7.0", diagnosis="smtp; 550 5.7.0 Local Policy Violation", **_PROOFPOINT
    )
    late = _PROOFPOINT | {"subject": "Warning: could not send message for past 4 hours"}
    yield report("proofpoint-delayed", "delayed", action="delayed", status="4.2.0", diagnosis="", **late)
    yield _daemon(
        "proofpoint-text",
        "failed",
        "Returned mail: see transcript for details",
        f"""
        The original message was received at Thu, 7 Jan 2027 09:12:00 +0100

           ----- The following addresses had permanent fatal errors -----
        <{TO}>
            (reason: 550 5.1.1 User Unknown)

           ----- Transcript of session follows -----
        ... while talking to mx.lillby.example.org.:
        """,
        status="5.1.1",
    )
    yield report(
        "barracuda-blocked", "failed", status="5.7.1", diagnosis="smtp; 554 5.7.1 rejected due to content", **_BARRACUDA
    )
    yield _daemon(
        "barracuda-text",
        "failed",
        "Undeliverable: Nämndens mål",
        f"""
        Your message to:
        {TO}
        was not delivered. The recipient's server said: 550 5.1.1 No such recipient.
        """,
        status="5.1.1",
    )


def _others() -> Iterator[Case]:
    sendmail = {"sender": "Mail Delivery Subsystem <MAILER-DAEMON@sendmail.example.org>"}
    late = {"subject": "Warning: could not send message for past 4 hours"}
    yield report("sendmail-delayed", "delayed", action="delayed", status="4.4.7", diagnosis="", **sendmail | late)
    done = {"subject": "Return receipt"}
    yield report("sendmail-relayed", "relayed", action="relayed", status="2.0.0", diagnosis="", **sendmail | done)
    notes = {"sender": "Mail Router <postmaster@domino.example.org>", "subject": "DELIVERY FAILURE: User not listed"}
    yield report("domino-unknown", "failed", status="5.0.0", diagnosis="X-Notes; User not listed in directory", **notes)


def _odd() -> Iterator[Case]:
    yield report("odd-no-report-type", "failed", kind_of_report="")
    yield report("odd-capitals", "failed", action="FAILED (delivery)", status="5.1.1 (bad destination mailbox address)")
    yield report("odd-folded", "failed", diagnosis="smtp; 550\n 5.1.1\n unknown user")
    yield report("odd-no-action", "failed", action="")
    yield report("odd-other-recipient", "failed", final="rfc822; private@elsewhere.example.org")
    two = (
        f"\nFinal-Recipient: rfc822; b@example.org\nAction: delivered\nStatus: 2.0.0\n\nFinal-Recipient: rfc822; {TO}\n"
    )
    two += "Action: failed\nStatus: 5.1.1\n"
    yield report("odd-two-recipients", "failed", fields=f"Reporting-MTA: dns; mx.example.org\n{two}")
    fields = f"Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; {TO}\nAction: failed\nStatus: 5.1.1\n"
    coded = f"Content-Transfer-Encoding: base64\r\n\r\n{b64encode(fields.encode()).decode()}"
    bare = Report(fields="FIELDS").raw().replace(b"\r\nFIELDS", coded.encode())
    yield Case(name="odd-status-in-base64", kind="failed", raw=bare, status="5.1.1")
    yield report("odd-global", "failed", status_type="message/global-delivery-status", final=f"utf-8; {TO}")
    lines = Report(subject="Bare line feeds").raw().replace(b"\r\n", b"\n")
    yield Case(name="odd-bare-line-feeds", kind="failed", raw=lines, status="5.1.1")
    loud = Report().raw().replace(PLACEHOLDER.encode(), PLACEHOLDER.upper().encode())
    yield Case(name="odd-shouted-address", kind="failed", raw=loud, status="5.1.1")
    mute = Report(fields="Reporting-MTA: dns; mx.example.org", text="Something happened.", subject="Report").raw()
    yield Case(name="odd-names-nobody", kind="automatic", raw=mute)


def _daemon(name: str, kind: str, subject: str, body: str, *, more: str = "X-Loop: daemon", status: str = "") -> Case:
    """A report in plain words."""
    head = f"""
        Return-Path: <>
        Delivered-To: {PLACEHOLDER}
        {more}
        From: Mail Delivery System <MAILER-DAEMON@mx.example.org>
        To: {PLACEHOLDER}
        Subject: {subject}
        Content-Type: text/plain; charset=utf-8
        """
    raw = mail(head, body) + f"\r\nReturn-Path: <x>\r\nMessage-ID: {OUR_ID}\r\n".encode()
    return Case(name=name, kind=kind, raw=raw, status=status)
