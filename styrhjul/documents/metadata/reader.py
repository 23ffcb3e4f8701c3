"""What a document says about itself, from its fields first and its prose second. What is not stated stays None."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from styrhjul.documents.language.dates import DATE, MONTH, YEAR, find_date, to_date
from styrhjul.documents.metadata import adoption, prose
from styrhjul.documents.metadata.labels import Field, Label
from styrhjul.documents.metadata.proof import DIARY, NOTHING, TEMPLATE
from styrhjul.documents.metadata.title import in_ordinary_letters, read_municipality, read_title, type_apart, type_of
from styrhjul.documents.reading import Conflict, Metadata
from styrhjul.documents.sections import CELLS, Line

_NEXT_SENTENCE = re.compile(r"[^\W_]{2}\.\s[A-ZÅÄÖ][a-zåäö]{2,}")
_VERSION = re.compile(r"\d{1,3}(?:\.\d{1,3}){0,3}|[A-Z]$")
_VALID = re.compile(
    r"\b(?:(?:gäller|giltig|giltigt|gällande|att\sgälla)\s(?=(?:[\w-]{1,20},?\s){0,3}(?:från|fr\.?\s?o|till|t\.?\s?o|längst|under|"
    r"mellan|perioden|den\s\d|\d))|träder\si\skraft\b)(?P<span>(?:[^.]|\.(?=[a-z]\b)|(?<=[.\s][a-z])\.){0,240})",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"\b(?:till\soch\smed|t\.?\s?o\.?\s?m\.?|längst\still|fram\still|till)\s", re.IGNORECASE)
#: A day that something begins with, in a field on its whole term: "2022-01-01 och tills vidare".
_BEGINS = re.compile(r"\A(?:från\b|fr\.|fr o m)|\d\s?(?:,|och|[-–])?\s?(?:tills\s?vidare|och framåt)", re.IGNORECASE)
#: What is meant as a day and is none: 2019-13-01, 31/12-24, 05/06/2021, 30 februari, 6 maj 21.
_ALMOST = re.compile(
    r"(?<!\d)(?:\d{1,4}\s?[-./]\s?\d{1,2}\s?[-./]\s?\d{1,4}|\d{1,2}\s?/\s?\d{1,2}|"
    rf"\d{{1,2}}(?::?e)?\s{MONTH}|\d[\dOo]{{3}}-[\dOo]{{2}}-[\dOo]{{2}})(?!\d)",
    re.IGNORECASE,
)
_YEARS = re.compile(r"\b((?:19|20)\d\d)\s{0,2}[-–—]\s{0,2}((?:19|20)\d\d)\b(?!-)")
#: Labels that only a decision has; "Ansvarig" far from all of these is somebody else's task.
_OF_A_BLOCK = frozenset(Label) - {Label.OTHER, Label.OWNER, Label.REVISION_RULE, Label.FOLLOW_UP_RULE}
_TYPE_WORDS = 2
_BLOCK = 600
_WIDEST = 120
#: Who answers politically is no contradiction to the official who does.
_POLITICAL = re.compile(r"nämnd|politisk", re.IGNORECASE)
_TOP_LINES = 12
_NEAR = 200
_REVERSED = re.compile(r"\d{4}/\d{3,6} [A-ZÅÄÖ]{2,5}(?:-\d{1,3})?")


class MetadataReader:
    """Gathers the values of one document, with a warning for each that could not be taken as it stands."""

    def __init__(self, text: str, lines: Sequence[Line], fields: Sequence[Field]) -> None:
        self.text = text
        self.lines = lines
        self.fields = fields
        self.warnings: list[str] = []
        self.conflicts: list[Conflict] = []

    def read(self) -> Metadata:
        """Return the metadata; `warnings` is filled meanwhile."""
        municipality = read_municipality(self.text) or self._text(Label.MUNICIPALITY)
        title = self._text(Label.TITLE) or self._title()
        title = in_ordinary_letters(title, self.text, municipality) if title else None
        adopted_by, adopted_on, paragraph = self._adoption()
        valid_from, valid_until = self._validity(title)
        sentence = adoption.told(self.text, self.fields, title or "")
        told = sentence.day if sentence else None
        kind = type_of(self._text(Label.DOCUMENT_TYPE) or "") or type_of(title or "")
        same = sentence is not None and (adopted_on in {None, told} or (told is None and sentence.year is None))
        return Metadata(
            municipality=municipality,
            title=title,
            document_type=kind or type_apart(self.lines),
            adopted_by=adopted_by or (adoption.body_of(sentence.body) if sentence else None),
            adopted_on=adopted_on or told,
            first_adopted=_first_adopted(sentence, adopted_on),
            paragraph=paragraph or (adoption.paragraph_of(sentence.when) if sentence and same else None),
            diary_number=self._diary_number(sentence),
            version=self._version(),
            valid_from=valid_from,
            valid_until=valid_until,
            last_revised_on=self._revision(),
            document_owner=self._owner(),
            replaces=self._replaces(title or ""),
        )

    def _title(self) -> str | None:
        """Return the title at the top, or the one behind the label of a type: "Styrdokument: Policy för mat"."""
        title, typed = read_title(self.lines, self.fields), self._text(Label.DOCUMENT_TYPE) or ""
        if len(typed.split()) > _TYPE_WORDS and type_of(typed) and not type_of(title or ""):
            return typed
        return title

    def _values(self, *labels: Label) -> list[Field]:
        found = [one for one in self.fields if one.label in labels and one.value]
        stated = []
        for one in found:
            if TEMPLATE.search(one.value):
                self._warn(f"Fältet ”{one.word}” innehåller mallens text, inte ett värde: ”{one.value}”.")
            elif not NOTHING.fullmatch(one.value.strip("[] ")):
                stated.append(one)
        return stated

    def _warn(self, warning: str) -> None:
        if warning not in self.warnings:
            self.warnings.append(warning)

    def _text(self, label: Label) -> str | None:
        return next((one.value.strip("[]. ") for one in self._values(label)), None)

    def _date(self, label: Label) -> date | None:
        dated: list[tuple[date, Field]] = []
        for one in self._values(label):
            if day := find_date(one.value):
                dated.append((day, one))
            else:
                self._warn(f"Efter ”{one.word}” står ”{one.value}”, som inte är ett datum.")
        self._note_conflict(label.value, _SWEDISH[label], dated)
        return dated[0][0] if dated else None

    def _note_conflict(self, name: str, swedish: str, dated: Sequence[tuple[date, Field]]) -> None:
        """Keep each day with its label where they are not the same; the first is used and said to be."""
        if len({day for day, _ in dated}) < 2:
            return
        values = tuple(dict.fromkeys((one.word, str(day)) for day, one in dated))
        self.conflicts.append(Conflict(name=name, values=values, used=str(dated[0][0])))
        days = ", ".join(f"{day} (”{word}”)" for word, day in values)
        self._warn(f"Dokumentet anger flera {swedish}: {days}. {dated[0][0]} används. Kontrollera vilket som gäller.")

    def _adoption(self) -> tuple[str | None, date | None, str | None]:
        """Read body, day and paragraph, which may share a field: "Kommunfullmäktige, den 28 februari 2022, § 12"."""
        by, on = self._decided_by(), self._values(Label.ADOPTED_ON)
        plain = [one for one in self._values(Label.DRAWN_UP_ON) if one.word.lower() == "datum"]
        plain += [one for one in self._values(Label.PARAGRAPH) if find_date(one.value)]
        body = next((name for one in (*by, *on) if (name := adoption.body_of(one.value))), None)
        self._note_bodies([*by, *on])
        body = body or next((name for one in on if (name := adoption.body_after(one.value))), None)
        day, source = self._adoption_day([*on, *by], plain)
        numbers = adoption.without_sections(self._values(Label.PARAGRAPH), self.lines)
        own = adoption.paragraph_of(source.value) if source in (*on, *by) and source is not None else None
        paragraph = own or next((found for one in numbers if (found := adoption.bare_paragraph_of(one.value))), None)
        if day is None and (below := adoption.below(by, self.lines)):
            day, paragraph = find_date(below), paragraph or adoption.paragraph_of(below)
        if paragraph is None:
            near = [one for one in (*on, *by, *plain) if source is None or find_date(one.value) in {None, day}]
            paragraph = next((found for one in near if (found := adoption.paragraph_of(one.value))), None)
        if body is None and day is None and (match := adoption.unlabelled(self.lines)):
            paragraph = paragraph or adoption.paragraph_of(match["when"])
            return adoption.body_of(match["body"]), find_date(match["when"]), paragraph
        if body is None and (noted := adoption.noted(self.lines)):
            return adoption.body_of(noted["body"]), day, noted["number"]
        return body or adoption.body_alone(self.lines), day, paragraph

    def _note_bodies(self, decided: Sequence[Field]) -> None:
        """Keep each body with its label where they are not the same; the first is used and said to be."""
        named = tuple(dict.fromkeys((one.word, name) for one in decided if (name := adoption.body_of(one.value))))
        if len({name for _, name in named}) < 2:
            return
        self.conflicts.append(Conflict(name="adopted_by", values=named, used=named[0][1]))
        bodies = ", ".join(f"{name} (”{word}”)" for word, name in named)
        self._warn(f"Dokumentet anger flera som har antagit det: {bodies}. {named[0][1]} används. Kontrollera det.")

    def _decided_by(self) -> list[Field]:
        """Return the fields on who decided; an approval on the way counts only where nobody else is named."""
        named = self._values(Label.ADOPTED_BY)
        named = [one for one in named if not _SHAREHOLDERS.search(one.value)] or named
        firm = [one for one in named if not one.word.lower().startswith("godkän")]
        return firm if any(adoption.body_of(one.value) for one in firm) else named

    def _adoption_day(self, named: list[Field], plain: list[Field]) -> tuple[date | None, Field | None]:
        """Return the day of a label that means a decision, or of a plain "Datum"; one with a paragraph goes first."""
        dated = [*adoption.days_of(named), *adoption.days_of(plain)]
        dated.sort(key=lambda pair: (pair[1] not in named, adoption.paragraph_of(pair[1].value) is None))
        self._note_conflict("adopted_on", "beslutsdatum", dated)
        if not dated and (years := [one for one in named if YEAR.search(one.value) or _ALMOST.search(one.value)]):
            self._warn(f"Efter ”{years[0].word}” står ”{years[0].value}”, som inte är en hel dag.")
        return dated[0] if dated else (None, None)

    def _diary_number(self, sentence: adoption.Prose | None) -> str | None:
        for one in self._values(Label.DIARY_NUMBER):
            if match := DIARY.search(one.value):
                return match[0].strip()
            self._warn(f"Efter ”{one.word}” står ”{one.value}”, som inte ser ut som ett diarienummer.")
        alone = [
            cell.strip()
            for line in self.lines[:_TOP_LINES]
            if len(line.text) < _WIDEST
            for part in CELLS.split(line.text)
            if (cell := part.strip(" |")) and not self._in_field(line.start + line.text.index(cell))
        ]
        number = next((text for text in alone if len(text) < 30 and _is_diary_number(text)), None)
        return number or self._case_told(sentence)

    def _case_told(self, sentence: adoption.Prose | None) -> str | None:
        """Return the number that a sentence at the top, at the end or on the adoption gives as the case's."""
        top = max((line.end for line in self.lines[:_TOP_LINES]), default=0)
        end = min((line.start for line in self.lines[-_TOP_LINES:]), default=0)
        for at, number in prose.cases(self.text):
            near = sentence is not None and sentence.start - _NEAR < at < sentence.end + _NEAR
            if (at < top or at > end or near) and not self._in_field(at):
                return number
        return None

    def _version(self) -> str | None:
        value = self._text(Label.VERSION)
        match = _VERSION.match(value.lstrip("vV ")) if value else None
        return match[0] if match else None

    def _validity(self, title: str | None) -> tuple[date | None, date | None]:
        starts, ends = self._valid_by_fields()
        if starts is None and ends is None:
            starts, ends = self._prose_validity()
        elif ends is None and not any(one.label is Label.VALID_UNTIL and one.value for one in self.fields):
            ends = self._prose_validity(title or "", own=True)[1]
        if ends is None and (told := prose.years(self.text)) and not self._in_field(told[0]):
            starts, ends = starts or told[1], told[2]
            self._warn(f"Giltighetstiden anges bara i år. {ends} används. Kontrollera att det stämmer.")
        if starts is None and ends is None and title and (years := _YEARS.search(title)):
            return self._whole_years(years, "titelns årtal")
        return starts, ends

    def _valid_by_fields(self) -> tuple[date | None, date | None]:
        starts, ends = self._date(Label.VALID_FROM), None
        spans = [one for one in self._values(Label.VALID_FROM) if len(DATE.findall(one.value)) > 1]
        for one in (*self._values(Label.VALID_UNTIL), *spans):
            days = [day for match in DATE.finditer(one.value) if (day := to_date(match))]
            years = _YEARS.search(one.value)
            if len(days) > 1:
                starts, ends = starts or days[0], ends or days[1]
            elif days and _BEGINS.search(one.value):
                starts = starts or days[0]
            elif days:
                ends = ends or days[0]
            elif years:
                starts, ends = self._whole_years(years, f"fältet ”{one.word}”")
            elif _ALMOST.search(one.value):
                self._warn(f"Efter ”{one.word}” står ”{one.value}”, som inte är ett datum.")
            elif ends is None and (last := YEAR.search(one.value)):
                ends = date(int(last[0]), 12, 31)
                self._warn(f"Efter ”{one.word}” står bara ett år. {ends} används. Kontrollera att det stämmer.")
        return starts, ends

    def _whole_years(self, years: re.Match[str], source: str) -> tuple[date, date]:
        self._warn(f"Giltighetstiden är hämtad ur {source}. Kontrollera att den stämmer.")
        return date(int(years[1]), 1, 1), date(int(years[2]), 12, 31)

    def _terms(self) -> Iterator[re.Match[str]]:
        """Yield what sentences outside the fields say of a term; what a field says ends where the field does."""
        at, last = 0, 50_000
        while match := _VALID.search(self.text, at, last):
            at = match.end("span")
            if self._in_field(match.start()):
                at = match.start("span")
            else:
                yield match

    def _prose_validity(self, title: str = "", *, own: bool = False) -> tuple[date | None, date | None]:
        """Return the term that a sentence tells; with `own`, one that has this document for its subject."""
        for match in self._terms():
            if "\n\n" in match["span"][:60]:
                continue
            if own and not prose.is_own_verb(prose.head_of(self.text, match.start()), title):
                continue
            span = match["span"]
            days = [(found.start(), day) for found in DATE.finditer(span) if (day := to_date(found))]
            if days and days[0][0] < 60:
                if _CEASES.search(self.text, max(0, match.start() - _BEFORE), match.start()):
                    return None, days[0][1]
                until = _UNTIL.search(span)
                starts = next((day for at, day in days if until is None or at < until.start()), None)
                ends = next((day for at, day in days if until is not None and at > until.start()), None)
                return starts, ends
        return None, None

    def _revision(self) -> date | None:
        """Return the day in the field, or behind the adoption in its field, or told near the top."""
        if day := self._newest_revision() or self._date(Label.LAST_REVISED_ON):
            return day
        decided = [one.value for one in self._values(Label.ADOPTED_BY, Label.ADOPTED_ON, Label.VERSION)]
        decided += [match.string for match in [adoption.unlabelled(self.lines)] if match]
        if day := next((day for said in decided if (day := adoption.revised(said))), None):
            return day
        return max((day for at, day in prose.revisions(self.text) if not self._in_field(at)), default=None)

    def _newest_revision(self) -> date | None:
        """Return the newest of several days behind the same "Reviderad": a history, not a contradiction."""
        found = self._values(Label.LAST_REVISED_ON)
        words = {one.word.lower() for one in found}
        days = [day for one in found if (day := find_date(one.value))]
        return max(days) if len(days) > 1 and len(words) == 1 and "senast" not in words.pop() else None

    def _owner(self) -> str | None:
        owners = [one for one in self._values(Label.OWNER) if one.word.lower() != "ansvarig" or self._in_block(one)]
        owners = [one for one in owners if not _POLITICAL.search(one.word)] or owners
        officials = [one for one in owners if re.search(r"tjänste", one.word, re.IGNORECASE)]
        exact = [one for one in owners if one.word.lower().startswith(("dokument", "ägare"))]
        chosen = [*officials, *exact, *owners]
        if len({one.value for one in owners}) > 1:
            named = tuple(dict.fromkeys((one.word, one.value) for one in owners))
            self.conflicts.append(Conflict(name="document_owner", values=named, used=chosen[0].value))
            self._warn(
                f"Dokumentet anger flera ansvariga: {', '.join(one.value for one in owners)}. "
                f"”{chosen[0].value}” används."
            )
        if chosen:
            return chosen[0].value.strip("[]. ")
        return next((who for at, who in prose.owners(self.text) if not self._in_field(at)), None)

    def _replaces(self, title: str) -> str | None:
        if value := self._text(Label.REPLACES):
            return _RELATIVE.split(value)[0]
        if any(one.label is Label.REPLACES and one.value for one in self.fields):
            return None
        told = next((what for at, what in prose.replaced(self.text, title) if not self._in_field(at)), None)
        return _RELATIVE.split(told)[0] if told else None

    def _in_block(self, one: Field) -> bool:
        """Tell whether a field stands at the top or close to one that only a document has, and not among measures."""
        block = [0, *(other.start for other in self.fields if other.label in _OF_A_BLOCK)]
        return any(abs(one.start - start) < _BLOCK for start in block)

    def _in_field(self, at: int) -> bool:
        """Tell whether an offset lies in a field; a sentence that begins behind its value on the same line does not."""
        return any(
            one.start <= at < one.end and not _NEXT_SENTENCE.search(self.text, one.start, at) for one in self.fields
        )


_SWEDISH = {Label.LAST_REVISED_ON: "datum för ”senast reviderad”", Label.VALID_FROM: "datum för ”giltig från”"}

#: The shareholders adopt what the council has decided: the decision is the council's.
_SHAREHOLDERS = re.compile(r"\bbolagsstämma", re.IGNORECASE)
_CEASES = re.compile(r"\bupphör\s(?:att\s)?\Z", re.IGNORECASE)
_BEFORE = 20
_RELATIVE = re.compile(r",\s(?:som|vilken|vilket|vilka)\s")


def _is_diary_number(text: str) -> bool:
    own = bool(_REVERSED.fullmatch(text)) or not text[:4].isdigit()
    is_span = _YEARS.search(text) is not None and not text[:2].isupper()  # "Gäller 2019-2022"
    return own and not is_span and bool(DIARY.fullmatch(text)) and not DATE.search(text)


def _first_adopted(prose: adoption.Prose | None, adopted_on: date | None) -> str | None:
    """Return the year or day of a first adoption that the prose tells, where it is not this version's."""
    if prose is None:
        return None
    if prose.day is not None:
        return str(prose.day) if adopted_on is not None and prose.day < adopted_on else None
    year = prose.year
    return str(year) if year and (adopted_on is None or year < adopted_on.year) else None
