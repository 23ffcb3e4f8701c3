"""A draft of the tjänsteskrivelse for a revision, in the parts that Swedish municipalities write it in.

It says what is known and from where. What nobody has decided or written is marked, and left to whoever prepares it.
"""

from __future__ import annotations

from collections.abc import Iterator

from styrhjul.domain.answer import Outcome
from styrhjul.domain.lifecycle import State
from styrhjul.reports import chapter_words as words
from styrhjul.reports.block import Block, Document, Heading, Table, Text
from styrhjul.reports.chapter_facts import KnownCase, Standing
from styrhjul.reports.revision_facts import RevisionFacts
from styrhjul.reports.revision_words import decided, duties_table, fill, open_revision, opinions, revisions

_SUBJECTS = {
    Outcome.UNCHANGED: "{title} fortsätter att gälla utan ändringar",
    Outcome.REVISE: "{title} revideras",
    Outcome.REPEAL: "{title} upphävs",
}
_WHY = {
    Outcome.UNCHANGED: "varför dokumentet fortfarande är aktuellt, och vad som prövades",
    Outcome.REVISE: "vad som ändras i texten, och varför",
    Outcome.REPEAL: "varför dokumentet inte behövs, och vad som gäller i stället",
}


def memorandum(facts: RevisionFacts, outcome: Outcome) -> Document:
    """Return the draft for one of the three outcomes."""
    return Document(
        title="Tjänsteskrivelse",
        subtitle=f"{_SUBJECTS[outcome].format(title=facts.title)}. Utkast den {words.long_day(facts.on)}.",
        municipality=facts.municipality,
        blocks=(
            *_head(facts),
            *_proposal(facts, outcome),
            *_summary(facts, outcome),
            *_background(facts),
            *_considerations(facts, outcome),
            *_rest(facts, outcome),
            *_sources(facts),
        ),
    )


def _head(facts: RevisionFacts) -> Iterator[Block]:
    to = facts.prepared_by or facts.adopter
    yield Text(
        f"Till: {to}\nDatum: {fill('skrivelsens datum')}\nDiarienummer: {fill('ärendets diarienummer')}\n"
        f"Handläggare: {fill('namn och funktion')}\nFörvaltning: {fill('förvaltning')}"
    )


def _proposal(facts: RevisionFacts, outcome: Outcome) -> Iterator[Block]:
    yield Heading(1, "Förslag till beslut")
    decides = f"{facts.adopter} beslutar"
    yield Text(f"{facts.prepared_by} föreslår att {_inside(decides)}" if facts.prepared_by else decides)
    for number, point in enumerate(_points(facts, outcome), 1):
        yield Text(f"{number}. {point}")


def _inside(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _points(facts: RevisionFacts, outcome: Outcome) -> Iterator[str]:
    named = f"{facts.title} ({decided(facts.edition)})"
    if outcome is Outcome.UNCHANGED:
        yield f"att {named} fortsätter att gälla utan ändringar."
    elif outcome is Outcome.REVISE:
        yield f"att anta en reviderad text av {facts.title}, enligt bilaga {fill('bilagans nummer och datum')}."
        before = f"ersätter den tidigare ({decided(facts.edition)})"
        yield f"att den reviderade texten gäller från och med {fill('dag')} och {before}."
    else:
        yield f"att {named} upphör att gälla från och med {fill('dag')}."


def _summary(facts: RevisionFacts, outcome: Outcome) -> Iterator[Block]:
    yield Heading(1, "Sammanfattning")
    waiting = open_revision(facts)
    known = words.sentence(
        f"{facts.title} antogs av {decided(facts.edition)}",
        f"Ärendet är {_inside(waiting.name)}, {_was_due(waiting, facts)}" if waiting else "",
        f"Förslaget är att {_SHORT[outcome]}",
    )
    yield Text(f"{known} {fill('det viktigaste skälet i en mening')}")


def _was_due(case: KnownCase, facts: RevisionFacts) -> str:
    return f"som {'ska' if facts.on <= case.due_on else 'skulle'} vara beslutad senast {case.due_on}"


_SHORT = {
    Outcome.UNCHANGED: "dokumentet ska fortsätta att gälla utan ändringar",
    Outcome.REVISE: "dokumentet ska revideras",
    Outcome.REPEAL: "dokumentet ska upphävas",
}


def _background(facts: RevisionFacts) -> Iterator[Block]:
    yield Heading(1, "Bakgrund")
    yield Heading(2, "Beslut om dokumentet")
    yield _editions(facts)
    yield from _titled("Tidigare prövningar", _earlier(facts))
    yield Heading(2, "Vad texten kräver")
    if facts.duties:
        yield Text(f"{len(facts.duties)} skyldigheter i texten är bekräftade." if len(facts.duties) > 1 else _ONE_DUTY)
        yield duties_table(facts)
    else:
        yield Text("Ingen skyldighet i texten är bekräftad.")
    yield Heading(2, "Vad uppföljningarna har sagt")
    yield Text(_followed(facts))
    yield from _if_rows(_judged(facts))
    yield Heading(2, "Vad som har gått upp")
    gone = words.counted(len(facts.went_up), "Inget ärende har gått upp.", "1 ärende har gått upp.", _MANY_UP)
    yield Text(f"{gone} {words.WENT_UP}")
    yield from _if_rows(_up(facts))


_ONE_DUTY = "1 skyldighet i texten är bekräftad."
_MANY_UP = "{} ärenden har gått upp."


def _titled(heading: str, each: Table) -> Iterator[Block]:
    if each.rows:
        yield Heading(2, heading)
        yield each


def _if_rows(each: Table) -> Iterator[Block]:
    if each.rows:
        yield each


def _editions(facts: RevisionFacts) -> Table:
    return Table(
        caption="Beslut om dokumentet",
        columns=("Utgåva", "Antagen av", "Diarienummer", "Ersatt"),
        rows=tuple(
            (
                words.stated_decision(each.adopted_on, each.paragraph),
                each.adopted_by or words.UNSTATED,
                each.diary_number or words.UNSTATED,
                str(each.superseded_on) if each.superseded_on else "gäller",
            )
            for each in facts.editions
        ),
        shares=(28, 30, 24, 18),
    )


def _earlier(facts: RevisionFacts) -> Table:
    waiting = open_revision(facts)
    return Table(
        caption="Tidigare prövningar",
        columns=("Prövning", "Skulle beslutas", "Utfall", "Beslut"),
        rows=tuple(
            (case.name, str(case.due_on), _came_of(case), _decision(case))
            for case in revisions(facts)
            if case != waiting
        ),
        shares=(28, 20, 30, 22),
    )


def _came_of(case: KnownCase) -> str:
    if case.state is State.NOT_FOLLOWED:
        return "följdes inte i Styrhjul"
    if case.answer:
        return words.sentence(case.answer.outcome or "", case.answer.comment)
    return words.STANDING_WORDS[Standing.WAIVED if case.state is State.WAIVED else Standing.MISSING]


def _decision(case: KnownCase) -> str:
    answer = case.answer
    return words.decision(answer.decided_on, answer.paragraph) if answer and answer.decided_on else ""


def _followed(facts: RevisionFacts) -> str:
    first, last = facts.years.years[0], facts.years.years[-1]
    told = [
        f"{year}: {words.counted_standings(_counts(facts, place))}"
        for place, year in enumerate(facts.years.years)
        if _counts(facts, place)
    ]
    counted = words.sentence(*told) or f"Ingen uppföljning av {first}–{last} har frågats efter."
    return " ".join((counted, *facts.answered))


def _counts(facts: RevisionFacts, place: int) -> dict[Standing, int]:
    rows = [row.counts[place] for row in facts.years.rows if not row.is_goal]
    return {each: number for each in Standing if (number := sum(row.get(each, 0) for row in rows))}


def _judged(facts: RevisionFacts) -> Table:
    return Table(
        caption="Uppföljningar, den senaste först",
        columns=("År", "Organ", "Mål", "Bedömning", "Analys", "Beslut"),
        rows=tuple(
            (
                *(str(year), row.body, row.goal or words.WHOLE_PERIOD, words.STANDING_WORDS[row.standing]),
                words.sentence(row.analysis, row.next_step and f"Nästa steg: {row.next_step}"),
                words.decision(row.decided_on, row.paragraph) if row.decided_on else "",
            )
            for year, row in facts.judged
        ),
        shares=(8, 19, 23, 13, 22, 15),
    )


def _up(facts: RevisionFacts) -> Table:
    return Table(
        caption="Ärenden som har gått upp, de senaste först",
        columns=("Organ", "Gäller", "Gick upp till", "Beslutades"),
        rows=tuple(
            (
                *(each.body, each.about, "\n".join(words.told(each.told, each.body))),
                "\n".join(map(words.decided, each.decisions)) or "inget beslut",
            )
            for each in facts.went_up
        ),
        shares=(22, 20, 30, 28),
    )


def _considerations(facts: RevisionFacts, outcome: Outcome) -> Iterator[Block]:
    yield Heading(1, "Överväganden")
    yield Text(fill(_WHY[outcome]))
    asked = opinions(facts)
    if not asked:
        yield Text("Inget remissvar finns i underlaget.")
        return
    yield Table(
        caption="Remissvar",
        columns=("Organ", "Svar", "Yttrande", "Beslut"),
        rows=tuple(
            (
                case.body,
                (case.answer.outcome or "") if case.answer else words.STANDING_WORDS[_silence(case, facts)],
                case.answer.comment if case.answer else "",
                _decision(case),
            )
            for case in asked
        ),
        shares=(24, 20, 36, 20),
    )
    yield Text(fill("hur remissvaren har påverkat förslaget"))


def _silence(case: KnownCase, facts: RevisionFacts) -> Standing:
    if case.state is State.WAIVED:
        return Standing.WAIVED
    return Standing.MISSING if case.due_on < facts.on else Standing.AWAITED


def _rest(facts: RevisionFacts, outcome: Outcome) -> Iterator[Block]:
    yield Heading(1, "Ekonomiska konsekvenser")
    yield Text(fill("vad beslutet kostar eller sparar, eller att det inte får några ekonomiska konsekvenser"))
    yield Heading(1, "Beslutsunderlag")
    papers = [
        f"Tjänsteskrivelse, daterad {fill('datum')}",
        f"{facts.title} ({decided(facts.edition)})",
        *([f"Förslag till reviderad text av {facts.title}, {fill('datum')}"] if outcome is Outcome.REVISE else []),
        *(f"Remissvar från {case.body}, {_decision(case)}" for case in opinions(facts) if _decision(case)),
    ]
    yield Text("\n".join(f"– {paper}" for paper in papers))
    yield Heading(1, "Beslutet skickas till")
    yield Text("\n".join(f"– {each}" for each in (*facts.asked, fill("förvaltningar, bolag och andra som berörs"))))
    yield Text(f"{fill('namn')}\n{fill('befattning')}")


def _sources(facts: RevisionFacts) -> Iterator[Block]:
    yield Heading(1, "Varifrån uppgifterna kommer")
    yield Text(
        f"Det här utkastet är sammanställt av Styrhjul den {words.long_day(facts.on)}. "
        "Det som står inom hakparentes vet Styrhjul inte. Ta bort det här avsnittet innan skrivelsen lämnas."
    )
    yield Table(
        caption="Varifrån uppgifterna kommer",
        columns=("Uppgift", "Källa"),
        rows=(
            ("Antagande, paragraf, diarienummer", "dokumentets egen text, som den är inlagd"),
            ("Skyldigheter", "meningar i texten som en person har bekräftat"),
            ("Uppföljningar och mål", "organens svar, med dag och paragraf som de har angett"),
            ("Det som gick upp, och vad som beslutades", "journalen och mejlen som har kommit fram"),
            ("Remissvar", "organens svar på remissen"),
        ),
        shares=(40, 60),
    )
