"""A draft of the letter that refers a policy to the nämnder: what is asked, by when, of whom, with the whole text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from styrhjul.reports import chapter_words as words
from styrhjul.reports.block import Block, Document, Heading, Text
from styrhjul.reports.revision_facts import RevisionFacts
from styrhjul.reports.revision_words import decided, duties_table, fill, opinions

_QUESTIONS = (
    "Ska dokumentet fortsätta att gälla utan ändringar, revideras eller upphävas?",
    "Om det ska revideras: vilka delar av texten, och hur ska de lyda?",
    "Vilka av skyldigheterna har varit svåra att uppfylla i er verksamhet, och varför?",
    "Vad kostar förslagen, och finns det medel inom er ram?",
)


def referral_letter(facts: RevisionFacts) -> Document:
    """Return the letter, to the bodies that were asked or would be."""
    return Document(
        title="Remiss",
        subtitle=f"Revidering av {facts.title}. Utkast den {words.long_day(facts.on)}.",
        municipality=facts.municipality,
        blocks=(*_head(facts), *_asks(facts), *_background(facts), *_answering(), *_text(facts)),
    )


def _due_on(facts: RevisionFacts) -> date | None:
    """Return the day that was set when the draft was sent."""
    waiting = [case.due_on for case in opinions(facts) if not case.answer]
    return max(waiting, default=None)


def _by(facts: RevisionFacts) -> str:
    on = _due_on(facts)
    return words.long_day(on) if on else fill(f"svarsdag, en arbetsdag tidigast {facts.earliest_on}")


def _head(facts: RevisionFacts) -> Iterator[Block]:
    to = ", ".join(facts.asked) or fill("vilka nämnder som ska svara")
    yield Text(
        f"Till: {to}\nFrån: {facts.prepared_by or facts.adopter}\nDatum: {fill('brevets datum')}\n"
        f"Diarienummer: {fill('ärendets diarienummer')}\nSvar senast: {_by(facts)}"
    )


def _asks(facts: RevisionFacts) -> Iterator[Block]:
    yield Heading(1, "Det här ber vi er svara på")
    yield Text(
        f"{facts.adopter} ska ta ställning till {facts.title}. Ni får texten på remiss, och vi ber om nämndens "
        f"yttrande senast {_by(facts)}."
    )
    yield Text("\n".join(f"{number}. {question}" for number, question in enumerate(_QUESTIONS, 1)))
    yield Text(fill("frågor som bara gäller det här dokumentet, eller ta bort raden"))


def _background(facts: RevisionFacts) -> Iterator[Block]:
    yield Heading(1, "Bakgrund")
    yield Text(f"{facts.title} antogs av {decided(facts.edition)}.")
    if facts.duties:
        yield Heading(2, "Vad texten kräver")
        yield duties_table(facts)


def _answering() -> Iterator[Block]:
    yield Heading(1, "Så svarar ni")
    yield Text(
        "Nämnden beslutar om sitt yttrande vid ett sammanträde. Lämna svaret genom länken i mejlet om remissen: välj "
        "tillstyrker, tillstyrker med synpunkter, avstyrker eller avstår, och skriv beslutets datum och paragraf. "
        "Går länken inte att använda, skicka svaret till "
        f"{fill('registratorns adress')} med ärendets diarienummer."
    )
    yield Text(f"Frågor om remissen: {fill('namn, telefon och e-post')}")


def _text(facts: RevisionFacts) -> Iterator[Block]:
    """Yield the whole text, a paragraph for each of its own; nothing in it is shortened."""
    yield Heading(1, f"Bilaga: {facts.title}")
    yield Text(f"Texten som gäller ({decided(facts.edition)}).")
    paragraphs = (each.strip() for each in facts.text.replace("\r\n", "\n").split("\n\n"))
    yield from (Text(each) for each in paragraphs if each)
