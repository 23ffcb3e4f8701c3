"""An auditor's pack as pages: the numbers first, then text by text, duty by duty, case by case, and the journal."""

from __future__ import annotations

from collections.abc import Iterator

from styrhjul.domain.journal import PLANNER
from styrhjul.reports import chapter_words
from styrhjul.reports.audit import AuditedAnswer, AuditedCase, AuditedDuty, AuditedNotice, AuditedText, AuditPack
from styrhjul.reports.audit_words import UNSTATED, arrived, local, summary, told, verified
from styrhjul.reports.block import Block, Document, Heading, Table, Text

_SEAL_SHOWN = 16


def audit_document(pack: AuditPack) -> Document:
    """Return the pages of a pack."""
    return Document(
        title=f"Granskning: {pack.title}",
        subtitle=f"Så här stod det {local(pack.made_at)}",
        municipality=pack.municipality,
        blocks=tuple(_blocks(pack)),
    )


def _blocks(pack: AuditPack) -> Iterator[Block]:
    yield Heading(1, "I korthet")
    yield Text(verified(pack.verification))
    yield Table(caption="I korthet", columns=("Vad", "Antal"), rows=summary(pack), shares=(5, 1))
    yield Heading(1, "Beslutade texter")
    yield _texts(pack)
    yield Heading(1, "Skyldigheter")
    yield from _or_none(_duties(pack), pack.duties, "Ingen skyldighet finns i texten som gäller.")
    yield Heading(1, "Ärenden")
    if not pack.cases:
        yield Text("Inget ärende har öppnat.")
    for case in pack.cases:
        yield from _case(case)
    yield Heading(1, "Journal")
    yield from _journal(pack)
    for number, text in enumerate(pack.texts, 1):
        yield Heading(1, f"Text {number}, ord för ord")
        yield Text(_decision(text))
        yield from (Text(line.strip()) for line in text.text.splitlines() if line.strip())


def _or_none(table: Table, rows: tuple[object, ...], none: str) -> Iterator[Block]:
    yield table if rows else Text(none)


def _texts(pack: AuditPack) -> Table:
    return Table(
        caption="Beslutade texter",
        columns=("Nr", "Beslut", "Diarienummer", "Inläst", "Gäller", "SHA-256"),
        rows=tuple(
            (
                str(number),
                _decision(text),
                text.diary_number or UNSTATED,
                local(text.imported_at),
                f"till {text.superseded_on}" if text.superseded_on else "ja",
                text.sha256[:_SEAL_SHOWN],
            )
            for number, text in enumerate(pack.texts, 1)
        ),
        shares=(1, 5, 3, 3, 3, 4),
    )


def _decision(text: AuditedText) -> str:
    on = text.adopted_on.isoformat() if text.adopted_on else f"dag {UNSTATED}"
    paragraph = f"§ {text.paragraph}" if text.paragraph else f"paragraf {UNSTATED}"
    return f"{text.adopted_by or f'beslutare {UNSTATED}'}, {on}, {paragraph}"


def _duties(pack: AuditPack) -> Table:
    return Table(
        caption="Skyldigheter",
        columns=("Nr", "Mening", "Vem", "När", "Läge"),
        rows=tuple(
            (
                str(duty.number),
                f"{duty.modality}: ”{' '.join(duty.quote.split())}”",
                "\n".join(filter(None, (duty.actor or UNSTATED, ", ".join(duty.bodies)))),
                "\n".join(filter(None, (duty.recurrence or UNSTATED, duty.deadline))),
                _stands(duty),
            )
            for duty in pack.duties
        ),
        shares=(1, 6, 5, 3, 4),
    )


def _stands(duty: AuditedDuty) -> str:
    by = f"av {duty.decided_by}" if duty.decided_by else ""
    return "\n".join(filter(None, (duty.status, by, local(duty.decided_at) if duty.decided_at else "")))


def _case(case: AuditedCase) -> Iterator[Block]:
    yield Heading(2, f"Ärende {case.number}: {case.name}, {case.body}")
    kind = "" if case.is_binding else " Frågan är frivillig att svara på."
    yield Text(
        f"Läge: {case.state}. Öppnade {case.opens_on}, frist {case.due_on}: {case.due_source.rstrip('.')}.{kind}"
    )
    if case.notices:
        yield Table(
            caption=f"Vem som fick veta vad: {case.name}, {case.body}",
            columns=("Planerad", "Vad", "Till", "Kom fram"),
            rows=tuple(
                (
                    notice.planned_on.isoformat(),
                    _rung(notice),
                    told(notice),
                    arrived(notice),
                )
                for notice in case.notices
            ),
            shares=(2, 3, 6, 4),
        )
    for answer in case.answers:
        yield from _answer(answer)
    if said := _missing(case):
        yield Text(said)
    if case.decisions:
        yield Text(f"Beslutat: {chapter_words.sentence(*map(chapter_words.decided, case.decisions))}")


def _rung(notice: AuditedNotice) -> str:
    """Return what a step is called, and that it went up where its name does not say so."""
    is_told = not notice.is_above or "upp" in notice.rung.casefold()
    return notice.rung if is_told else f"{notice.rung}, uppåt"


def _missing(case: AuditedCase) -> str:
    """Return what there is none of."""
    if not case.is_asked:
        return "Frågan bevakades inte här vid den tiden. Ingen har frågats."
    told = "" if case.notices else "Ingen har fått något besked"
    return chapter_words.sentence(told, "" if case.answers else "Svar saknas")


def _answer(answer: AuditedAnswer) -> Iterator[Block]:
    on = answer.decided_on
    decision = f"Beslut {chapter_words.decision(on, answer.paragraph)}" if on else ""
    yield Text(
        chapter_words.sentence(
            f"Svar {local(answer.submitted_at)}, version {answer.version}, {_by(answer)}",
            decision,
        )
    )
    yield from (Text(line) for line in answer.lines)


def _by(answer: AuditedAnswer) -> str:
    """Return who handed it in: a person, or a program with the name that it gave."""
    if answer.program is None:
        return f"av {answer.signed_by}, {answer.office}"
    return f"genom {answer.program}, för {answer.office}; programmet angav namnet {answer.signed_by}"


def _person(by: str) -> str:
    return "Styrhjul, av sig självt" if by == PLANNER else by


def _journal(pack: AuditPack) -> Iterator[Block]:
    yield Text(verified(pack.verification))
    yield Text(
        f"Sista sigillet i kommunens journal: {pack.verification.last_seal}. "
        "Sigillen nedan är avkortade. Hela rader med hela sigill ligger i journal.jsonl."
    )
    yield Text(
        f"Av dokumentets {pack.counts.journal_lines} rader säger {pack.counts.routine_lines} bara att en påminnelse "
        "planerades eller att ett mejl skrevs och togs emot. De ligger i journal.jsonl. "
        "Vem som fick veta vad står under ärendena."
    )
    for number, fault in pack.verification.broken:
        yield Text(f"Rad {number}: {fault}.")
    yield from (Text(f"{each}.") for each in pack.verification.differs)
    yield from map(Text, pack.verification.uncompared)
    yield Table(
        caption="Journalens rader om dokumentet",
        columns=("Rad", "När", "Gäller", "Vad", "Av", "Sigill"),
        rows=tuple(
            (
                str(line.number),
                local(line.at),
                line.about,
                line.what,
                _person(line.by),
                line.seal[:_SEAL_SHOWN],
            )
            for line in pack.journal
            if not line.is_routine
        ),
        shares=(5, 10, 19, 27, 17, 22),
    )
