"""From blocks of text to duties: each sentence is read with what its list, paragraph and section lend it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from styrhjul.documents.duties.clauses import Clauses, Lead, Said, read_clauses
from styrhjul.documents.duties.contrasts import demanded_after
from styrhjul.documents.duties.exclusions import concerns_one_person, goes_on, is_no_norm
from styrhjul.documents.duties.laws import follows_from_law, is_anybody
from styrhjul.documents.duties.one_sentence import propose
from styrhjul.documents.duties.placing import Duties
from styrhjul.documents.duties.proposals import Proposal, Surroundings
from styrhjul.documents.duties.reasons import reason_for_answerable, reason_for_purpose
from styrhjul.documents.duties.rows import kind_of_topic, read_row
from styrhjul.documents.duties.short_lines import propose_row, read_event, read_fragment
from styrhjul.documents.duties.subjects import subject_of
from styrhjul.documents.duties.topics import is_background, is_history, is_purpose, is_topical, tells_of_others
from styrhjul.documents.language.actions import find_actions, noun_kind
from styrhjul.documents.language.actors import SubjectKind, actor_after, actor_at, is_actor, read_subject
from styrhjul.documents.language.conjugation import Form
from styrhjul.documents.language.modality import Governs
from styrhjul.documents.language.recurrence import find_deadline, find_frequency
from styrhjul.documents.sections import Block, BlockKind, without_numbering
from styrhjul.documents.sentences import LONGEST_SENTENCE, Sentence, split_sentences
from styrhjul.documents.text import CELL, CleanText
from styrhjul.domain.vocabulary import ActionKind, Confidence, Modality

_ANSWERABLE = re.compile(
    r"\A(?:att|för|(?:ytterst\s)?ansvarig(?:a|t)?\sför|(?:det\s(?:\w{1,20}\s)?)?ansvar(?:et)?\sför)\s(?P<what>.{3,150}?)\s"
    r"(?:ansvarar|svarar|är|har|ligger\s(?:på|hos)|vilar\spå|åligger|innehas\sav)\s(?P<who>.{2,200})\Z",
    re.IGNORECASE,
)
_ITS_OWN_VERB = re.compile(
    r"\A\s?(?:[\w-]+\s){0,3}?(?:följande|nedanstående)|\A\s?[\w-]{3,}(?:a|as)\s(?!för\satt)", re.IGNORECASE
)
#: "Enhetschefens uppgifter", "Ansvar för nämnderna".
_WHOSE_TASKS = re.compile(
    r"(?:(?P<who>.{2,60}?)s?\s(?:uppgifter?|uppdrag|ansvar|roll|åtaganden?|arbete|del))", re.IGNORECASE
)
_BELONGS_TO = re.compile(r"s\s(?:ansvar|uppgift|sak)\.?\Z", re.IGNORECASE)
#: "4.1 Årlig uppföljning", "2. Uppföljning av avfallsplan 2017–2022": headings, though a time stands in them.
_NUMBERED_HEADING = re.compile(r"\d{1,2}\.\d|\d{1,2}\.?\s[^|]{3,80}\b(?:19|20)\d\d\s?[–-]\s?(?:19|20)\d\d\Z")
_FRONTED_PURPOSE = re.compile(r"\A(?:för att|i syfte att)\b", re.IGNORECASE)
#: A heading of more words than this says something about a body; it is not its name.
_LONGEST_NAME = 5


def read_duties(blocks: list[Block], duties: Duties) -> None:
    """Read every paragraph and item; headings only lend their words."""
    above = {block.lead_in.start: block.lead_in for block in blocks if block.lead_in is not None}
    leads = {start: _read_lead(duties.clean, block) for start, block in above.items()}
    for block in blocks:
        if is_history(block.title):
            continue
        lead = leads[block.lead_in.start] if block.lead_in is not None else None
        around = Surroundings(
            section=block.section,
            title=block.title,
            own_words=duties.own_words,
            terms=duties.terms,
            background=is_background(block.title) or tells_of_others(block.title),
            of_others=tells_of_others(block.title),
            leads_in=block.start in leads,
        )
        if block.kind in {BlockKind.HEADING, BlockKind.ROW}:
            _read_line(duties, block, around)
        else:
            _read_block(duties, block, around, lead)


def _read_line(duties: Duties, block: Block, around: Surroundings) -> None:
    """Read a line that stands alone: a row of a table, or what looks like a heading and says who does what when."""
    text = duties.clean.text[block.start : block.end]
    line = Sentence(" ".join(text.split()), block.start, block.end)
    if _read_row(duties, block, line, around, None) or block.kind is BlockKind.ROW or is_no_norm(line.text):
        return
    if find_frequency(line.text) or find_deadline(line.text):
        numbered = without_numbering(line.text)
        proposals = [one for one in propose(read_clauses(numbered, None, None), around) if one.actor]
        for proposal in proposals:
            if proposal.kind is not ActionKind.OTHER_DUTY:
                duties.add(block.section, block.start, block.end, proposal)


def _on_one_line(text: str) -> str:
    """Join lines; what stands between the words of one, as between cells, is kept."""
    return " ".join(stripped for part in text.split("\n") if (stripped := part.strip()))


def _read_row(duties: Duties, block: Block, line: Sentence, around: Surroundings, lead: Lead | None) -> bool:
    """Read a line that is no sentence; False where it is one, or says nothing of a lifecycle."""
    text = _on_one_line(duties.clean.text[line.start : line.end])
    row = read_row(text if CELL in text else without_numbering(text), listed=block.kind is BlockKind.ITEM)
    numbered = _NUMBERED_HEADING.match(text) is not None
    if (
        row is None
        or (numbered and CELL not in text and not row.who)
        or ((around.of_others or around.background) and not row.who)
    ):
        return False
    proposals = list(propose_row(row, lead, around))
    for proposal in proposals:
        duties.add(block.section, line.start, line.end, proposal)
    return bool(proposals)


def _read_block(duties: Duties, block: Block, around: Surroundings, lead: Lead | None) -> None:
    said: Said | None = None
    titled, topical = _lead_of_title(block), is_topical(block.title)
    title_kind, topic_before = kind_of_topic(block.title), None
    after_law = after_one = False
    for number, sentence in enumerate(split_sentences(duties.clean, block.start, block.end)):
        around = replace(around, after_law=after_law, after_one=after_one)
        after_law = follows_from_law(sentence.text) or (after_law and not _names_body(sentence.text))
        after_one = concerns_one_person(sentence.text) or (after_one and goes_on(sentence.text))
        if len(sentence.text) > LONGEST_SENTENCE:
            duties.too_long += 1
        elif " " in sentence.text and not is_no_norm(sentence.text) and not _read_answerable(duties, block, sentence):
            inherited = lead if number == 0 and lead is not None else titled
            if _read_row(duties, block, sentence, around, inherited):
                continue
            inherited = inherited if inherited is lead or _begins_with_verb(sentence.text) else None
            clauses = read_clauses(_without_att(sentence.text, inherited), inherited, said, topical=topical)
            here = replace(around, leads_in=around.leads_in and sentence.end == block.end)
            found = len(duties.placed)
            said = _read_sentence(duties, sentence, clauses, here) or said
            if len(duties.placed) == found and (topic := topic_before or title_kind):
                _read_event(duties, block, sentence, topic, here)
            topic_before = kind_of_topic(sentence.text)


def _names_body(text: str) -> bool:
    """Tell whether a sentence begins with a body of its own, so that a law told before no longer speaks."""
    return not is_anybody(actor_at(text.split()))


def _read_event(duties: Duties, block: Block, sentence: Sentence, kind: ActionKind, around: Surroundings) -> None:
    """Read "Sker årligen" and "Den görs av nämnden", where the heading or the sentence before says what."""
    if around.background or around.of_others or kind_of_topic(sentence.text) not in {None, kind}:
        return
    if (event := read_event(sentence.text, kind) or read_fragment(sentence.text, kind, around)) is not None:
        duties.add(block.section, sentence.start, sentence.end, event)


def _read_sentence(duties: Duties, sentence: Sentence, clauses: Clauses, around: Surroundings) -> Said | None:
    proposals = propose(clauses, around) or (list(_purposes(sentence.text)) if is_purpose(around.title) else [])
    proposals += demanded_after(sentence.text, proposals, around)
    start = _quote_start(duties.clean, sentence, clauses)
    for proposal in proposals:
        if proposal.names_who and proposal.actor and duties.give_actor(around.section, proposal.kind, proposal.actor):
            continue
        duties.add(around.section, start, sentence.end, proposal)
    main = clauses.main
    if actor := next((one.actor for one in proposals if one.actor), None):
        return Said(actor, main is not None and main.governs is Governs.CLAUSE)
    named = actor_at(sentence.text.split()) if not proposals else None  # whom "de" in the next sentence means
    return Said(named, answers=False) if named else None


def _without_att(text: str, lead: Lead | None) -> str:
    return text[4:] if lead is not None and text[:4].lower() == "att " else text


def _quote_start(clean: CleanText, sentence: Sentence, clauses: Clauses) -> int:
    """Return where the quote begins: after a fronted purpose with a binding word of its own, which would mislead."""
    main = clauses.main
    if main is None or not _FRONTED_PURPOSE.match(sentence.text) or clauses.governors[0] is main:
        return sentence.start
    return sentence.place(clean.text, main.start)


def _lead_of_title(block: Block) -> Lead | None:
    """Return what a heading that is the name of a body gives the sentences under it: "Nämnderna" + "Tar fram …"."""
    title = without_numbering(block.title).rstrip(" :")
    whose = _WHOSE_TASKS.fullmatch(title)
    subject = read_subject(whose["who"] if whose else title)
    named = subject.kind is SubjectKind.ACTOR and len(title.split()) <= _LONGEST_NAME
    return Lead(subject.words, None, title, subject.examples, tasks=True) if named else None


def _begins_with_verb(text: str) -> bool:
    first = text.split(maxsplit=1)[0].lower()
    return (
        first.endswith(("r", "a", "ge", "se", "ta"))
        and not is_actor(first)
        and any(hit.start == 0 or hit.form.finite for hit in find_actions(text))
    )


def _read_lead(clean: CleanText, block: Block) -> Lead | None:
    sentences = list(split_sentences(clean, block.start, block.end))
    text = sentences[-1].text if sentences else ""
    if not text or len(text) > LONGEST_SENTENCE:
        return None
    bare = text.rstrip(" :–-,")
    before = actor_at(sentences[-2].text.split()) if len(sentences) > 1 else None
    clauses = read_clauses(bare, None, Said(before, answers=False) if before else None)
    main = clauses.main
    if main is None:
        whose = _WHOSE_TASKS.fullmatch(bare)
        subject = read_subject(whose["who"] if whose else bare)
        named = subject.kind is SubjectKind.ACTOR
        return Lead(subject.words, None, text, subject.examples, tasks=True) if named else None
    if main.governs is not Governs.CLAUSE and _ITS_OWN_VERB.match(bare[main.end :]):
        return None
    subject = subject_of(clauses, main)
    actor = subject.words if subject.kind is SubjectKind.ACTOR else None
    return Lead(actor, main, text, subject.examples)


def _read_answerable(duties: Duties, block: Block, sentence: Sentence) -> bool:
    """Read "Ansvarig för prövningen är kommunstyrelsen": it names the actor of a duty nearby, or is one itself."""
    match = _ANSWERABLE.match(sentence.text)
    actor = actor_at(_BELONGS_TO.sub("", match["who"]).split()) if match else None
    if match is None or actor is None:
        return False
    words = [word.strip(" ,.;:") for word in match["what"].split()]
    kinds = {kind: word for word in reversed(words) if (kind := noun_kind(word))}
    kinds |= {hit.kind: hit.words for hit in find_actions(match["what"]) if hit.form is not Form.PRESENT}
    for kind, word in kinds.items():
        if not duties.give_actor(block.section, kind, actor):
            reason = reason_for_answerable(kind, word)
            duties.add(block.section, sentence.start, sentence.end, Proposal(kind, Modality.MUST, actor, reason))
    return bool(kinds)


def _purposes(text: str) -> Iterator[Proposal]:
    """Yield what a purpose without a binding word speaks of: "Att nå … uppföljning av … hos förvaltningarna"."""
    if not text.startswith(("Att ", "att ")) or read_clauses(text, None, None).main is not None:
        return
    found = [(hit.kind, hit.words) for hit in find_actions(text) if not hit.form.finite]
    found += [
        (kind, word) for raw in text.split() if (kind := noun_kind(word := raw.strip(" ,.;:"))) is ActionKind.FOLLOW_UP
    ]
    for kind, words in found[:1]:
        reason = reason_for_purpose(kind, words)
        yield Proposal(kind, Modality.MUST, actor_after(text, "hos"), reason, Confidence.LOW)
