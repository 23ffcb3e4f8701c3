"""The Swedish of the pages: statuses with their symbols, names of rounds, days and lead sentences. Each is a filter."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from styrhjul.db.answer_query import QuotedDuty
from styrhjul.db.mail_model import MailStatus
from styrhjul.db.overview_query import CaseLine, MailLine, PolicyLine
from styrhjul.domain.answer import Attainment, Outcome
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.lifecycle import Holder
from styrhjul.domain.moment import STOCKHOLM, local_date
from styrhjul.domain.status import ANSWERED, Status
from styrhjul.domain.vocabulary import Modality
from styrhjul.mail.swedish import MONTHS, WEEKDAYS, definite, inside, listed, number, start
from styrhjul.services.overview import CaseView, Cell, Overview
from styrhjul.services.words import NOTICE_WORDS, period, round_name

NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Chip:
    """A status as it is shown: a word, a symbol of the sprite, and last of all a class that colours it."""

    word: str
    symbol: str
    tone: str


STATUS_CHIPS = {
    Status.DONE: Chip("Klar", "i-done", "is-done"),
    Status.SUBMITTED: Chip("Inlämnad", "i-done", "is-done"),
    Status.DECISION_MISSING: Chip("Saknar beslut", "i-warn", "is-warn"),
    Status.PARAGRAPH_MISSING: Chip(f"Saknar{NBSP}§", "i-warn", "is-warn"),
    Status.COMING: Chip("Kommande", "i-coming", "is-coming"),
    Status.OPEN: Chip("Öppen", "i-open", "is-open"),
    Status.UNDER_WAY: Chip("Pågår", "i-open", "is-open"),
    Status.DUE_SOON: Chip("Snart frist", "i-open", "is-open"),
    Status.LATE: Chip("Försenad", "i-late", "is-late"),
    Status.WITH_HEAD: Chip("Hos chef", "i-up", "is-late"),
    Status.UNREACHABLE: Chip("Nås inte", "i-mail", "is-human"),
    Status.WAIVED: Chip("Avslutad", "i-none", "is-none"),
    Status.NOT_FOLLOWED: Chip("Följdes inte", "i-none", "is-none"),
}
MAIL_CHIPS = {
    MailStatus.QUEUED: Chip("Väntar", "i-coming", "is-coming"),
    MailStatus.SENDING: Chip("Skickas", "i-open", "is-open"),
    MailStatus.ACCEPTED: Chip("Levererat", "i-done", "is-done"),
    MailStatus.FAILED: Chip("Kom inte fram", "i-mail", "is-human"),
    MailStatus.CANCELLED: Chip("Inställt", "i-none", "is-none"),
    MailStatus.NOT_RESENT: Chip("Osäkert", "i-ask", "is-warn"),
    MailStatus.QUARANTINED: Chip("Satt åt sidan", "i-warn", "is-human"),
}
_NOTICE_LOOKS = {
    NoticeStatus.PLANNED: ("i-coming", "is-coming"),
    NoticeStatus.MAILED: ("i-mail", "is-open"),
    NoticeStatus.DELIVERED: ("i-done", "is-done"),
    NoticeStatus.FAILED: ("i-mail", "is-human"),
    NoticeStatus.SUPERSEDED: ("i-none", "is-none"),
    NoticeStatus.CANCELLED: ("i-none", "is-none"),
    NoticeStatus.VACANT: ("i-vacant", "is-human"),
}
NOTICE_CHIPS = {each: Chip(NOTICE_WORDS[each], *look) for each, look in _NOTICE_LOOKS.items()}
ATTAINMENT_CHIPS = {
    Attainment.MET: Chip("Uppfyllt", "i-done", "is-done"),
    Attainment.PARTLY_MET: Chip("Delvis uppfyllt", "i-open", "is-warn"),
    Attainment.NOT_MET: Chip("Ej uppfyllt", "i-late", "is-late"),
    Attainment.NOT_ASSESSED: Chip("Ej bedömt", "i-ask", "is-none"),
}
OUTCOME_WORDS = {
    Outcome.UNCHANGED: "Gäller oförändrad",
    Outcome.REVISE: "Ska revideras",
    Outcome.REPEAL: "Upphävs",
}
#: The choices of the forms: value and words, in the order they stand.
ATTAINMENTS = tuple((each.value, chip.word) for each, chip in ATTAINMENT_CHIPS.items())
OUTCOMES = tuple((each.value, word) for each, word in OUTCOME_WORDS.items())
MODALITY_WORDS = {
    Modality.MUST: "ska",
    Modality.SHOULD: "bör",
    Modality.MAY: "kan",
    Modality.MUST_NOT: "får inte",
}
RECURRENCE_WORDS = {
    "annual": "varje år",
    "semiannual": "varje halvår",
    "tertial": "varje tertial",
    "quarterly": "varje kvartal",
    "monthly": "varje månad",
    "mandate_period": "varje mandatperiod",
    "once": "en gång",
    "as_needed": "vid behov",
}
_BREAKS = re.compile(r"(?<=\w{3})(?=(?:nämnd|styrels|förvaltning|bolag)\w*$)")
#: What a body has or has not handed in.
OWED_WORDS = {"goal_setting": "mål för", "follow_up": "uppföljningen för", "revision": "revideringen för"}


def day(on: date, today: date | None = None) -> str:
    """Return "31 mars", with the year where it is another than today's or no day is given to compare with."""
    year = "" if today is not None and on.year == today.year else f" {on.year}"
    return f"{on.day}{NBSP}{MONTHS[on.month - 1]}{year}"


def weekday(on: date, today: date | None = None) -> str:
    """Return "onsdag 31 mars"; the year as in `day`."""
    return f"{WEEKDAYS[on.weekday()]} {day(on, today)}"


def moment(at: datetime, today: date | None = None) -> str:
    """Return "10 mars kl. 08.00", Swedish time."""
    local = at.astimezone(STOCKHOLM)
    return f"{day(local.date(), today)} kl.{NBSP}{local:%H.%M}"


def recurrence(key: str | None) -> str | None:
    """Return "varje år" for `annual`; None where the text does not say."""
    if key is None:
        return None
    if key.startswith("every_n_years:"):
        return f"vart {key.partition(':')[2]}:e år"
    return RECURRENCE_WORDS.get(key, key)


def source_line(source: object) -> str:
    """Return "Integrationspolicy, kommunfullmäktige 2015-09-07 § 82, KS-2016-284" of a policy or a quoted duty."""
    title = getattr(source, "policy_title", None) or getattr(source, "title", "")
    body, on = getattr(source, "adopted_by", None), getattr(source, "adopted_on", None)
    paragraph, number_ = getattr(source, "paragraph", None), getattr(source, "diary_number", None)
    section = f"§{NBSP}{paragraph}" if paragraph else None
    words = (inside(body) if body else None, on.isoformat() if on else None, section)
    decided = " ".join(filter(None, words))
    return ", ".join(filter(None, (title, decided, number_)))


def by_source(quoted: Iterable[QuotedDuty]) -> list[tuple[str, list[str]]]:
    """Return each source with its sentences, in the order of the text; a sentence with two duties stands once."""
    sources: dict[str, list[str]] = {}
    for each in quoted:
        sentences = sources.setdefault(source_line(each), [])
        if each.quote not in sentences:
            sentences.append(each.quote)
    return list(sources.items())


def status_chip(case: CaseLine, status: Status, title: str) -> Chip:
    """Return a case's chip; `title` is what the municipality calls its chief executive."""
    if status is Status.WITH_CHIEF_EXECUTIVE:
        return Chip(f"Hos {_top(case, title)}", "i-up", "is-up")
    return STATUS_CHIPS[status]


def cell_word(chip: Chip) -> str:
    """Return a chip's word where there is room for one only: "Kommunchef" for "Hos kommunchef"."""
    return start(chip.word.removeprefix("Hos "))


def went_up_to(case: CaseLine, title: str) -> str:
    """Return "kommunchefen", or "kommunstyrelsen" where it is the chief executive's own case."""
    return _top(case, definite(title))


def who_answers(case: CaseLine, title: str) -> str:
    """Return who owes the answer: the body, or the chief executive."""
    return start(definite(title)) if case.holder is Holder.CHIEF_EXECUTIVE else case.body_name


def owed(case: CaseLine, title: str, count: int = 1) -> str:
    """Return "Socialnämnden har inte lämnat uppföljningen för 2026"; of several, how many."""
    who = who_answers(case, title) if count == 1 else f"{start(number(count))} organ"
    return f"{who} har inte lämnat {OWED_WORDS[case.lifecycle]} {period(case.period)}"


def soft(name: str) -> str:
    """Return a body's name with a place to break it: narrow columns would cut it."""
    return _BREAKS.sub("\N{SOFT HYPHEN}", name)


def _top(case: CaseLine, title: str) -> str:
    return "kommunstyrelsen" if case.holder is Holder.CHIEF_EXECUTIVE else title


def lead(overview: Overview) -> str:
    """Return the answer in one or two sentences: what is late, what needs a person, what comes next."""
    late, people = overview.late, len(overview.concerns)
    parts = []
    if late:
        parts.append("ett ärende är försenat" if late == 1 else f"{number(late)} ärenden är försenade")
    if people:
        parts.append("en sak kräver en människa" if people == 1 else f"{number(people)} saker kräver en människa")
    first = f"{start(listed(parts))}." if parts else "Inget är försenat och inget kräver en människa."
    return f"{first} {_next(overview.nearest, overview.today)}".rstrip()


def _next(nearest: tuple[Cell, ...], today: date) -> str:
    if not nearest:
        return ""
    case = nearest[0].case
    who = inside(case.body_name) if len(nearest) == 1 else f"{number(len(nearest))} organ"
    return f"Nästa frist är {day(case.due_on, today)}: {_small(round_name(case.lifecycle, case.period))}, {who}."


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def to_whom(office: str, body_name: str) -> str:
    """Return "Ordförande, Tekniska nämnden", the body only once."""
    return office if body_name.casefold() in office.casefold() else f"{office}, {inside(body_name)}"


def mail_word(mail: MailLine) -> Chip:
    """Return how a mail stands; one tried before says so."""
    if mail.status is MailStatus.QUEUED and mail.attempts:
        return Chip("Försöker igen", "i-coming", "is-warn")
    return MAIL_CHIPS[mail.status]


def attainment_chip(value: str) -> Chip:
    """Return the chip of a judgement."""
    return ATTAINMENT_CHIPS[Attainment(value)]


def outcome_word(value: str) -> str:
    """Return the words of a revision's outcome."""
    return OUTCOME_WORDS[Outcome(value)]


def unstated_rule(source: str) -> bool:
    """Whether a due day comes from the municipality's default rather than from the text."""
    return source.startswith("Kommunens standard")


def document_word(policy: PolicyLine) -> str:
    """Return the document's type, "Policy", or "Styrdokument" where it states none."""
    return start(policy.document_type) if policy.document_type else "Styrdokument"


def case_lead(view: CaseView) -> str:
    """Return one or two sentences about how a case stands."""
    case, today, title = view.case, view.today, view.municipality.chief_executive_title
    who, top = who_answers(case, title), went_up_to(case, title)
    due = f"Fristen {'var' if case.due_on < today else 'är'} {day(case.due_on, today)}."
    if case.answered_at and view.status in ANSWERED:
        return f"{who} svarade {day(local_date(case.answered_at), today)}. {_decided(case, today)}"
    return {
        Status.NOT_FOLLOWED: f"Perioden var innan Styrhjul togs i bruk här. {due} Inga mejl har skickats.",
        Status.WAIVED: "Ärendet är avslutat utan svar.",
        Status.UNDER_WAY: f"Arbetet har börjat men är inte beslutat. {due}",
        Status.WITH_HEAD: f"{who} har inte svarat. {due} Ärendet har gått upp till närmaste chef.",
        Status.WITH_CHIEF_EXECUTIVE: f"{who} har inte svarat. {due} Ärendet har gått upp till {top}.",
        Status.UNREACHABLE: f"Ingen har kunnat förvarnas, så ärendet går inte upp. {due}",
        Status.COMING: f"Rundan öppnar {day(case.opens_on, today)}. {due}",
    }.get(view.status, f"{who} har inte svarat{' än' if case.due_on >= today else ''}. {due}")


def _decided(case: CaseLine, today: date) -> str:
    if case.decided_on is None:
        return "Beslutets dag saknas."
    paragraph = f" §{NBSP}{case.paragraph}" if case.paragraph else ". Paragrafen saknas"
    return f"Beslut {day(case.decided_on, today)}{paragraph}."
