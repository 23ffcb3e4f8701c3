"""What the doctor looks at of mail: the way out, what waits for it, and the way in.

Each check returns what it saw, a warning with its word first, and raises NotInOrder.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from styrhjul.db.health_query import late_mails
from styrhjul.db.outbox_query import WAY_OUT, failing_channels
from styrhjul.db.waiting_query import count_waiting
from styrhjul.domain.moment import swedish_time
from styrhjul.mail.imap import ImapFailed, ImapMailbox, MailboxRefused
from styrhjul.mail.transport import SmtpTransport
from styrhjul.services.delivery.inbound import count_to_look_at
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.mailing.signing import signing_municipalities
from styrhjul.services.municipality.trial import trials
from styrhjul.services.municipality.wording import set_aside
from styrhjul.services.operations.doctor_finding import WARNING, NotInOrder
from styrhjul.services.operations.pulse_record import INBOUND_STEP, last_pulse
from styrhjul.services.overview.concern import LATE, UNCLEAR_FOR

_UNREAD = timedelta(hours=1)
_SHOW_WAITING = "Se styrhjul mail waiting."


def mail_server(installation: Installation) -> str:
    transport = installation.mailroom.open_transport()
    if not isinstance(transport, SmtpTransport):
        return f"mejlen sparas i {installation.settings.data_dir / 'mail'}"
    transport.connect().quit()
    return f"{transport.host} svarar och släpper in oss"


def signing(installation: Installation) -> str:
    """A key that cannot be opened lets its municipality's mail wait: unsigned it might be refused for good."""
    keys = signing_municipalities(installation.database, installation.mailroom.sealer)
    if broken := [key.municipality for key in keys if not key.opens]:
        raise NotInOrder(
            f"Signeringsnyckeln går inte att öppna för {', '.join(broken)}, så deras mejl väntar. "
            "Ange den hemliga nyckel som den gjordes med, eller kör: styrhjul municipality dkim KORTNAMN --off"
        )
    if not keys:
        return "ingen kommun signerar sina mejl"
    return ", ".join(f"{key.municipality} ({key.selector}, {key.domain})" for key in keys)


def mail_on_its_way(installation: Installation, now: datetime) -> str:
    """What is not taken within a day is tried on, and somebody has to know; the coordinator's own may be part of it."""
    with installation.database.system(read_only=True) as session:
        late = late_mails(session, now - LATE)
        is_waited = count_waiting(session) > 0  # whatever was tried last: nobody tries a way that nothing waits for
        ways = failing_channels(session).items()
        closed = [name for name, until in ways if is_waited or (until and until > now)]
    why = f" Stängt just nu: {', '.join(sorted(closed))}." if closed else ""
    if late:
        listed = ", ".join(f"{name} ({count})" for name, count in late)
        raise NotInOrder(f"Mejl har inte kommit fram på ett dygn: {listed}.{why} De försöks vidare. {_SHOW_WAITING}")
    if WAY_OUT in closed:
        raise NotInOrder(
            f"Mejlservern tar inte emot något mejl.{why} Mejlen väntar och försöks vidare. {_SHOW_WAITING}"
        )
    if closed:
        return f"{WARNING}en avsändares mejl tas inte emot.{why} {_SHOW_WAITING}"
    return "inget mejl har väntat ett dygn"


def incoming(installation: Installation, now: datetime) -> str:
    """A mailbox nobody reads hides every bounce: what never arrived would count as delivered."""
    mailbox = installation.mailbox
    if mailbox is not None:
        _mailbox_is_read(installation, mailbox, now)
    unclear, strays = count_to_look_at(installation.database, now - UNCLEAR_FOR)
    where = "ingen postlåda läses" if mailbox is None else f"{mailbox.user} på {mailbox.host} läses"
    if not unclear and not strays:
        return where
    return (
        f"{WARNING}{where}; på 30 dagar har {unclear} mejl kommit in som inte går att tolka, och {strays} som inte hör "
        "till någon kommun. Läs dem med styrhjul inbound list."
    )


def _mailbox_is_read(installation: Installation, mailbox: ImapMailbox, now: datetime) -> None:
    name = f"Postlådan {mailbox.user} på {mailbox.host}"
    try:
        mailbox.check()
    except (*ImapFailed, MailboxRefused) as failure:
        raise NotInOrder(f"{name} går inte att läsa: {failure}") from None
    last = last_pulse(installation.database, INBOUND_STEP)
    if last is None:
        raise NotInOrder(f"{name} har inte lästs än. Kör någon worker?")
    at, report = last
    if at < now - _UNREAD:
        raise NotInOrder(f"{name} lästes senast {swedish_time(at)}. Kör någon worker?")
    if report.get("unreachable"):
        raise NotInOrder(
            f"{name} svarar här, men gick inte att läsa för den som läser den. Se loggen för mail.inbound."
        )


def own_wording(installation: Installation) -> str:
    if aside := set_aside(installation.database):
        raise NotInOrder(
            f"Egna ord är satta åt sidan, och mejlen skickas med de inbyggda: {', '.join(aside)}. "
            "Rätta dem med styrhjul wording set."
        )
    return "alla egna ord går att skriva ut"


def trial_runs(installation: Installation) -> str:
    if found := trials(installation.database):
        listed = ", ".join(f"{each.slug} till {each.to_address}" for each in found)
        return f"{WARNING}provkörs, ingen annan får mejl: {listed}"
    return "ingen kommun provkörs"
