"""The Swedish of the pages: statuses with their symbols, names of rounds, days and lead sentences. Each is a filter."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup

from styrhjul.db.answer_query import QuotedDuty
from styrhjul.db.asked_query import AskedCase
from styrhjul.db.mail_ledger_query import MailLine
from styrhjul.db.mail_model import MailStatus
from styrhjul.db.overview_query import CaseLine
from styrhjul.domain.answer import DECIDED, Attainment, Better, Trend, goes_well
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.lifecycle import Holder, State
from styrhjul.domain.moment import STOCKHOLM, local_date
from styrhjul.domain.status import ANSWERED, Status
from styrhjul.domain.vocabulary import DueBasis, LifecycleKey
from styrhjul.mail.catalogue import SOURCE, message, say
from styrhjul.mail.language import LANGUAGES
from styrhjul.mail.swedish import definite, inside, listed, number, start
from styrhjul.services.answering.words import (
    BETTER_WORDS,
    OUTCOME_WORDS,
    TREND_WORDS,
    comment_label,
    decision_label,
    trend_word,
)
from styrhjul.services.cases.view import CaseView
from styrhjul.services.overview.case_status import Cell, papers_are_overdue
from styrhjul.services.overview.concern import LEFT_BEHIND, Concern, has_expired, is_asked_by_default
from styrhjul.services.overview.pages import Overview, RoundLine, Suggestion
from styrhjul.services.words import (
    MODALITY_WORDS,
    NOT_THE_TEXT,
    NOTICE_WORDS,
    RECURRENCE_WORDS,
    followed_as,
    recurrence,
    round_name,
)
from styrhjul.web.answering.owing import OWED_WORDS, owed, who_answers, who_takes_over

__all__ = [  # what templates take from here
    "MODALITY_WORDS",
    "NOT_THE_TEXT",
    "OWED_WORDS",
    "RECURRENCE_WORDS",
    "comment_label",
    "decision_label",
    "followed_as",
    "has_expired",
    "is_asked_by_default",
    "owed",
    "recurrence",
    "who_answers",
    "who_takes_over",
]

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
    Status.LAPSED: Chip("Svar saknas", "i-late", "is-late"),
    Status.NOT_FOLLOWED: Chip("Bevakades inte här", "i-none", "is-none"),
}
#: What a text recommends or allows is never late.
_UNANSWERED = Chip("Inget svar", "i-none", "is-none")
#: A revision on its way says how far it has come.
_STATE_CHIPS = {
    State.REFERRED: Chip("På remiss", "i-open", "is-open"),
    State.PREPARED: Chip("Berett", "i-open", "is-open"),
}
MAIL_CHIPS = {
    MailStatus.QUEUED: Chip("Väntar", "i-coming", "is-coming"),
    MailStatus.SENDING: Chip("Skickas", "i-open", "is-open"),
    MailStatus.ACCEPTED: Chip("Levererat", "i-done", "is-done"),
    MailStatus.FAILED: Chip("Kom inte fram", "i-mail", "is-human"),
    MailStatus.CANCELLED: Chip("Inställt", "i-none", "is-none"),
    MailStatus.NOT_RESENT: Chip("Osäkert", "i-ask", "is-warn"),
    MailStatus.QUARANTINED: Chip("Satt åt sidan", "i-warn", "is-human"),
    MailStatus.BOUNCED: Chip("Studsade", "i-mail", "is-human"),
}
_NOTICE_LOOKS = {
    NoticeStatus.PLANNED: ("i-coming", "is-coming"),
    NoticeStatus.MAILED: ("i-mail", "is-open"),
    NoticeStatus.DELIVERED: ("i-done", "is-done"),
    NoticeStatus.TRIAL: ("i-mail", "is-none"),
    NoticeStatus.FAILED: ("i-mail", "is-human"),
    NoticeStatus.SUPERSEDED: ("i-none", "is-none"),
    NoticeStatus.CANCELLED: ("i-none", "is-none"),
    NoticeStatus.VACANT: ("i-vacant", "is-human"),
}
NOTICE_CHIPS = {each: Chip(NOTICE_WORDS[each], *look) for each, look in _NOTICE_LOOKS.items()}
ATTAINMENT_CHIPS = {
    Attainment.MET: Chip(message("Uppfyllt"), "i-done", "is-done"),
    Attainment.PARTLY_MET: Chip(message("Delvis uppfyllt"), "i-open", "is-warn"),
    Attainment.NOT_MET: Chip(message("Ej uppfyllt"), "i-late", "is-late"),
    Attainment.NOT_ASSESSED: Chip(message("Ej bedömt"), "i-ask", "is-none"),
}
_TREND_SYMBOLS = {Trend.RISING: "i-up", Trend.UNCHANGED: "i-flat", Trend.FALLING: "i-down", Trend.MISSING: "i-ask"}
_WELL_TONES = {None: "is-none", True: "is-done", False: "is-late"}
#: What can be chosen of a trend: value, an arrow that a list can show, words.
TRENDS = tuple((each.value, arrow, TREND_WORDS[each][0]) for each, arrow in zip(Trend, "↑→↓?", strict=True))
#: Which way is good: value and words.
BETTERS = tuple(BETTER_WORDS.items())
#: The choice of a judgement: value and words, in the order they stand.
ATTAINMENTS = tuple((each.value, chip.word) for each, chip in ATTAINMENT_CHIPS.items())
ANSWERED_CHIP = Chip(message("Svar finns"), "i-done", "is-done")
MISSING_CHIP = Chip(message("Svar saknas"), "i-late", "is-late")
VACANT_CHIP = Chip(message("Vakant"), "i-vacant", "is-human")
NO_ADDRESS_CHIP = Chip(message("Ingen adress"), "i-mail", "is-human")
STANDARD = message("Kommunens standard")
_AT_THE_TOP = (Status.WITH_CHIEF_EXECUTIVE, Status.WITH_EXECUTIVE_BOARD)
#: How the text of a Word file, or of one in Markdown, marks a heading. A stretch may end behind the mark.
_HEADING = re.compile(r"^#{1,6}[ ](.*)$", re.MULTILINE)
_BREAKS = re.compile(r"(?<=\w{3})(?=(?:nämnd|styrels|förvaltning|bolag)\w*$)")
NO_GROUND = message("Ingen mening i dokumentet ligger bakom frågan.")
#: Why a case is there that no sentence of a document asks for.
GROUNDS: dict[str, str] = {
    LifecycleKey.HANDOVER: message(
        "Kommunallagen ger organet en ny mandatperiod (5 kap. 9\u00a0§, 6 kap. 18 och 19\u00a0§§). "
        "Samordnaren anger vem som har vilket uppdrag, så att det som organet ska göra når rätt person."
    ),
    LifecycleKey.CURRENCY_REVIEW: message(
        "Kommunen har bestämt att varje styrdokument aktualitetsprövas en gång om året."
    ),
    LifecycleKey.REFERRAL: message("Förslaget till reviderat dokument är skickat på remiss."),
}


def day(on: date, today: date | None = None, *, language: str = SOURCE) -> str:
    """Return "31 mars", with the year where it is another than today's, far away or compared with no day."""
    return LANGUAGES[language].day(on, today or date.min).replace(" ", NBSP, 1)


def weekday(on: date, today: date | None = None, *, language: str = SOURCE) -> str:
    """Return "onsdag 31 mars"; the year as in `day`."""
    name = LANGUAGES[language].weekday(on, on).partition(" ")[0]
    return f"{name} {day(on, today, language=language)}"


def moment(at: datetime, today: date | None = None, *, language: str = SOURCE) -> str:
    """Return "10 mars kl. 08.00", Swedish time."""
    local = at.astimezone(STOCKHOLM)
    on = day(local.date(), today, language=language)
    words = message("{day} kl.\u00a0{hour}.{minute}")
    return say(language, words, day=on, hour=f"{local:%H}", minute=f"{local:%M}")


def with_headings(text: str) -> Markup:
    """Return a policy's text, or a stretch of it, with the headings that "##" marks set apart without the marks."""
    shown, at = Markup(), 0
    for heading in _HEADING.finditer(text):
        words = Markup("<b>{}</b>").format(heading[1]) if heading[1] else Markup()
        shown, at = shown + text[at : heading.start()] + words, heading.end()
    return shown + text[at:]


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
    if status in _AT_THE_TOP:
        return Chip(f"Hos {_top(case, status, title)}", "i-up", "is-up")
    if not case.is_binding and status in (Status.LATE, Status.LAPSED):
        return _UNANSWERED
    if status in (Status.UNDER_WAY, Status.DUE_SOON) and case.state in _STATE_CHIPS:
        return _STATE_CHIPS[case.state]
    return STATUS_CHIPS[status]


def cell_word(chip: Chip) -> str:
    """Return a chip's word where there is room for one only: "Kommunchef" for "Hos kommunchef"."""
    return start(chip.word.removeprefix("Hos "))


def went_up_to(case: CaseLine, status: Status, title: str) -> str:
    """Return "kommunchefen", or "kommunstyrelsen" where it went there or is the chief executive's own case."""
    return _top(case, status, definite(title))


def period_of(case: CaseLine) -> str:
    """Return the period a case concerns, a term of office by the clock of the body whose term it is."""
    return case.period_words


def round_of(case: CaseLine) -> str:
    """Return "Uppföljning 2026" or "Revidering, mandatperioden 2026–2030"."""
    return round_name(case.lifecycle, case.period_words)


def name_of(line: RoundLine) -> str:
    """Return the name of a round, from any of its cases."""
    return round_of(next(cell.case for cell in line.cells if cell))


def soft(name: str) -> str:
    """Return a body's name with a place to break it: narrow columns would cut it."""
    return _BREAKS.sub("\N{SOFT HYPHEN}", name)


def _top(case: CaseLine, status: Status, title: str) -> str:
    is_boards = status is Status.WITH_EXECUTIVE_BOARD or case.holder is Holder.CHIEF_EXECUTIVE
    return "kommunstyrelsen" if is_boards else title


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
    return f"Nästa frist är {day(case.due_on, today)}: {_small(round_of(case))}, {who}."


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


def trend_chip(trend: str, better: str | None) -> Chip:
    """Return the chip of a trend, good or bad where the goal says which way is good."""
    well = goes_well(Trend(trend), Better(better) if better else None)
    return Chip(trend_word(trend, better), _TREND_SYMBOLS[Trend(trend)], _WELL_TONES[well])


def outcome_word(value: str) -> str:
    """Return the words of what was chosen."""
    return OUTCOME_WORDS[value]


def is_default_day(case: CaseLine | AskedCase) -> bool:
    """Whether the municipality itself has set the case's day."""
    return case.due_basis is DueBasis.DEFAULT


def rule(due_source: str, standard: str = STANDARD) -> str:
    """Return the rule behind a day, without the words that the mark beside it says already."""
    return start(due_source.removeprefix(f"{standard}: "))


def line_due(line: RoundLine) -> str:
    """Return "frist 2027-03-31", or the first and the last day of bodies that have different ones."""
    days = sorted({cell.case.due_on for cell in line.cells if cell})
    first, last = days[0].isoformat(), days[-1].isoformat()
    return f"frist {first}" if first == last else f"olika frister, {first} till {last}"


def line_standard(line: RoundLine) -> str | None:
    """Return what in a round the municipality has set itself: "" all of it; None = nothing."""
    cases = [cell.case for cell in line.cells if cell]
    if all(is_default_day(case) for case in cases):
        return ""
    if any(is_default_day(case) for case in cases):
        return "gäller en del organ"
    return "varje år" if any(case.interval_unstated for case in cases) else None


def due_was(concern: Concern, today: date) -> str:
    """Return when the due day of one case was, or between which days those of several were."""
    if concern.on is None:
        return ""
    if concern.until is None or concern.until == concern.on:
        return f"Fristen var {day(concern.on, today)}."
    return f"Fristerna var olika, från {day(concern.on, today)} till {day(concern.until, today)}."


def suggested(suggestion: Suggestion) -> str:
    """Return why a document may be looked at again, though nothing obliges anybody to."""
    whose = _genitive(inside(suggestion.adopter_name))
    return (
        f"Texten kräver ingen revidering, men den beslutades före {whose} mandatperiod {suggestion.term}. "
        "Kommunen kan se över den."
    )


def _genitive(name: str) -> str:
    """Return "fullmäktiges" of kommunfullmäktige, "socialnämndens" of socialnämnden."""
    short = "fullmäktige" if name.casefold().endswith("fullmäktige") else name
    return short if short.endswith("s") else f"{short}s"


def case_lead(view: CaseView) -> str:
    """Return one or two sentences about how a case stands."""
    case, today, title = view.case, view.today, view.municipality.chief_executive_title
    who, top = who_answers(case, title), went_up_to(case, view.status, title)
    due = f"Fristen {'var' if case.due_on < today else 'är'} {day(case.due_on, today)}."
    if case.body_has_ended(today) and view.status in LEFT_BEHIND:
        return f"{case.body_name} har upphört. {who_takes_over(case)} {due}"
    if case.answered_at and view.status in ANSWERED:
        return f"{who} svarade {day(local_date(case.answered_at), today)}. {_decided(case, today)}".rstrip()
    if papers_are_overdue(Cell(case=case, status=view.status), today):
        return f"{who} har inte svarat än. {due} {short_of_papers(case.agenda_on, today)}"
    return {
        Status.NOT_FOLLOWED: f"Ingen har fått frågan: perioden var innan mejlen om dokumentet släpptes. {due}",
        Status.WAIVED: "Ärendet är avslutat utan svar.",
        Status.LAPSED: f"Svar saknas. {due} Nästa omgång har börjat, så ärendet är avslutat.",
        Status.UNDER_WAY: f"Arbetet har börjat men är inte beslutat. {due}",
        Status.WITH_HEAD: f"{who} har inte svarat. {due} Ärendet har gått upp till närmaste chef.",
        Status.WITH_CHIEF_EXECUTIVE: f"{who} har inte svarat. {due} Ärendet har gått upp till {top}.",
        Status.WITH_EXECUTIVE_BOARD: f"{who} har inte svarat. {due} Ärendet har gått upp till {top}.",
        Status.UNREACHABLE: f"Ingen har kunnat förvarnas, så ärendet går inte upp. {due}",
        Status.COMING: f"Rundan öppnar {day(case.opens_on, today)}. {due}",
    }.get(view.status, f"{who} har inte svarat{' än' if case.due_on >= today else ''}. {due}")


def short_of_papers(agenda_on: date | None, today: date, count: int = 1) -> str:
    """Return what it means that the day for a meeting's papers has passed; of several cases, the first such day."""
    if agenda_on is None:
        return ""
    on = day(agenda_on, today)
    if count > 1:
        return f"De första handlingarna skulle ha varit inne {on}. Är de inte det hinner ärendena inte beslutas i tid."
    return (
        f"Handlingarna till sammanträdet skulle ha varit inne {on}. Är de inte det hinner ärendet inte beslutas i tid."
    )


def _decided(case: CaseLine, today: date) -> str:
    if case.lifecycle not in DECIDED:
        return ""
    if case.decided_on is None:
        return "Beslutets dag saknas."
    paragraph = f" §{NBSP}{case.paragraph}" if case.paragraph else ". Paragrafen saknas"
    return f"Beslut {day(case.decided_on, today)}{paragraph}."
