"""What machines write that is no report: absence, receipts, ticket robots, challenges, lists, and our own come back."""

from __future__ import annotations

from collections.abc import Iterator

from tests.mail.inbound_shape import DAY, OUR_ID, OURS, PLACEHOLDER, TO, Case, mail


def cases() -> Iterator[Case]:
    """Every mail that no person wrote."""
    yield from _absent()
    yield from _on_holiday()
    yield from _receipts()
    yield from _tickets()
    yield from _challenges()
    yield from _lists()
    yield from _loops()


def _absent() -> Iterator[Case]:
    """Out of office, in the six forms that municipalities' and others' servers give it."""
    away = "Jag är inte på plats. Vid brådskande ärenden, ring kontaktcenter."
    exchange = "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\nX-MS-Exchange-Inbox-Rules-Loop: a"
    yield _machine("absent-exchange-swedish", "Automatiskt svar: Nämndens mål", exchange, away)
    yield _machine("absent-outlook-english", "Automatic reply: Nämndens mål", "X-Auto-Response-Suppress: All", away)
    gmail = "Auto-Submitted: auto-replied\nPrecedence: bulk\nX-Autoreply: yes"
    yield _machine("absent-gmail", "Re: Nämndens mål", gmail, away)
    yield _machine("absent-notes", "Frånvaro: Anna är borta t.o.m. måndag", "X-Mailer: Lotus Domino", away)
    sieve = "Auto-Submitted: auto-replied (vacation)"
    yield _machine("absent-sieve", "Auto: Nämndens mål", sieve, away)
    yield _machine(
        "absent-groupwise-finnish", "Automaattinen vastaus: Nämndens mål", "X-Mailer: GroupWise", "Olen poissa."
    )


def _on_holiday() -> Iterator[Case]:
    yield _machine("vacation-bsd", "away from my mail", "Precedence: junk", "I am on vacation.")
    yield _machine(
        "vacation-x-autorespond", "Re: Nämndens mål", "X-Autorespond: Re", "Semester till och med den 2 augusti."
    )
    yield _machine("vacation-null-path", "Re: Nämndens mål", "Return-Path: <>", "Semester.")


def _receipts() -> Iterator[Case]:
    for name, subject, disposition in (
        ("receipt-displayed", "Read: Nämndens mål", "manual-action/MDN-sent-manually; displayed"),
        ("receipt-displayed-swedish", "Läst: Nämndens mål", "automatic-action/MDN-sent-automatically; displayed"),
        ("receipt-deleted", "Inte läst: Nämndens mål", "manual-action/MDN-sent-automatically; deleted"),
    ):
        head = f"""
            From: Ordförande <{TO}>
            To: {OURS}
            Subject: {subject}
            Content-Type: multipart/report; report-type=disposition-notification; boundary="b"
            """
        body = f"""
            --b
            Content-Type: text/plain; charset=utf-8

            Ditt meddelande lästes.
            --b
            Content-Type: message/disposition-notification

            Final-Recipient: rfc822; {TO}
            Original-Message-ID: {OUR_ID}
            Disposition: {disposition}
            --b--
            """
        yield Case(name=name, kind="read_receipt", raw=mail(head, body))


def _tickets() -> Iterator[Case]:
    thanks = "Vi har tagit emot ditt meddelande och återkommer."
    for name, subject, mark in (
        ("ticket-otrs", "[Ticket#2027010712345] Nämndens mål", "X-OTRS-Loop: to"),
        ("ticket-rt", "[lillby #4711] AutoReply: Nämndens mål", "RT-Ticket: lillby #4711"),
        ("ticket-zammad", "Re: Nämndens mål", "X-Zammad-Ticket-Id: 4711"),
        ("ticket-subject-only", "Ärende #202701234 är registrerat", "X-Mailer: helpdesk"),
    ):
        yield _machine(name, subject, mark, thanks)
    raw = mail(f"From: Helpdesk <no-reply@desk.example.org>\nTo: {OURS}\nSubject: Tack", thanks)
    yield Case(name="ticket-no-reply-address", kind="automatic", raw=raw)


def _challenges() -> Iterator[Case]:
    ask = "To complete delivery, please follow the link or reply to this message."
    yield _machine("challenge-tmda", "Please confirm", "X-TMDA-Confirm: pending", ask)
    yield _machine("challenge-boxtrapper", "Your email requires verification", "X-BoxTrapper: abc", ask)
    yield _machine("challenge-swedish", "Bekräfta att du är en människa", "X-Mailer: x", "Svara på det här brevet.")


def _lists() -> Iterator[Case]:
    yield _machine("list-newsletter", "Nytt från regionen", "List-Id: <nytt.example.org>", "Läs mer.")
    yield _machine("list-unsubscribe", "Erbjudande", "List-Unsubscribe: <https://example.org/u>", "Köp nu.")
    calendar = "Content-Type: text/calendar; method=REPLY; charset=utf-8"
    yield _machine(
        "calendar-accepted", "Accepterat: Nämndens mål", calendar, "BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR"
    )
    complaint = 'Content-Type: multipart/report; report-type=feedback-report; boundary="b"'
    yield _machine("complaint-report", "complaint about message", complaint, "--b\n\nspam\n--b--")


def _loops() -> Iterator[Case]:
    ours = f"""
        From: Lillby kommun <{OURS}>
        To: Ordförande <{TO}>
        Subject: Nämndens mål
        Message-ID: {OUR_ID}
        Auto-Submitted: auto-generated
        X-Styrhjul-Mail-Id: {"0" * 32}
        """
    yield Case(name="loop-our-own", kind="loop", raw=mail(ours, "Besluta om målen."))
    redirected = f"Resent-From: {TO}\nResent-To: {OURS}\nDelivered-To: {PLACEHOLDER}\n"
    yield Case(
        name="loop-redirected", kind="loop", raw=mail(redirected + "\n".join(ours.strip().split("\n        ")), "x")
    )
    hops = "\n".join(f"Received: from mx{n}.example.org by mx{n + 1}.example.org; {DAY}" for n in range(31))
    yield Case(name="loop-many-hops", kind="loop", raw=mail(f"{hops}\nFrom: a@example.org\nSubject: Hej", "Hej"))


def _machine(name: str, subject: str, mark: str, body: str) -> Case:
    head = (
        f"{mark}\nFrom: Ordförande <{TO}>\nTo: {OURS}\nSubject: {subject}\nDate: {DAY}\n"
        f"Message-ID: <{name}@lillby.example.org>\nIn-Reply-To: {OUR_ID}\n"
    )
    typed = "" if "Content-Type" in mark else "Content-Type: text/plain; charset=utf-8\n"
    return Case(name=name, kind="automatic", raw=mail(head + typed, body))
