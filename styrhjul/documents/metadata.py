"""What a document says about itself, from its fields first and its prose second. What is not stated stays None."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from styrhjul.documents.dates import DATE, YEAR, find_date, to_date
from styrhjul.documents.fields import Field, Label
from styrhjul.documents.lexicon import ABBREVIATED_BODIES
from styrhjul.documents.reading import Metadata
from styrhjul.documents.sections import Line
from styrhjul.documents.title import read_municipality, read_title, type_of

_NOTHING = re.compile(
    r"[-–—._/*\s]*|nytt|ny|ingen|inget|inga|saknas|ej tillämpligt|ej aktuellt|n/a|nej|tillsvidare|"
    r"(?:gäller )?tills vidare\.?|till beslut om upphörande|tills nytt beslut.*|ej angivet|ej angiven|ej fastställt",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(
    r"\bx{2,}|\bskriv\b|\bklicka\b|\bfyll i\b|\bange\b|åååå|yyyy|\bexempelvis\b|\b20xx\b|\[(?:datum|namn|nummer|"
    r"titel)[^\]]*\]|_{3,}",
    re.IGNORECASE,
)
_DIARY = re.compile(
    r"\b(?:[A-ZÅÄÖ]{1,6}[ /-]{0,2}(?:19|20)?\d{2,4}[:/ -]\d{1,6}(?:[:-]\d{1,4})?|[A-ZÅÄÖ]{2,6}[ -]\d{1,6}/\d{2,4}|"
    r"(?:19|20)\d\d[/:-]\d{1,6}(?:[ -][A-ZÅÄÖ]{2,5}(?:-\d{1,3})?)?|\d{1,6}/(?:19|20)?\d\d(?:[ -]\d{1,4})?|(?:19|"
    r"20)\d\d\.\d{2,6})(?![\w/])",
    re.IGNORECASE,
)
_PARAGRAPH = re.compile(r"§{1,2}\s{0,3}(\d{1,4}(?:/\d{2,4})?)(?!\d)|(?<![\d/.-])(\d{1,4})\s{0,2}§", re.IGNORECASE)
_BODY = re.compile(r"[^\d§,(:;\[\]]{2,80}")
_VERSION = re.compile(r"\d{1,3}(?:\.\d{1,3}){0,3}|[A-Z](?![a-zåäö])")
_ADOPTION = re.compile(
    r"(?:(?:^|(?<=[.!?\n]))\s{0,5}(?:(?:\w{1,30}\s){0,3}?(?:är\s|har\s|blev\s)?)?(?:antagen|antaget|antagna|"
    r"antogs|fastställd|fastställt|fastställdes|"
    r"beslutad|beslutat|beslutades))\s(?:av|i)\s(?P<body>[A-ZÅÄÖa-zåäö ]{2,60}?)[\s,:]{1,3}(?:den\s|i\s|"
    r"år\s)?(?P<when>\d[^.\n]{3,60})",
    re.IGNORECASE,
)
_UNLABELLED = re.compile(
    r"(?P<body>kommunfullmäktige|kommunstyrelsen|kf|ks|[\w-]{2,40}nämnden)[\s,]{1,3}(?:den\s)?(?P<when>\d[^.]{5,40})",
    re.IGNORECASE,
)
_OTHER_DOCUMENT = re.compile(r"\b(?:ersätter|som antogs|som antagits|tidigare)\b", re.IGNORECASE)
_VALID = re.compile(
    r"\b(?:gäller|giltig|giltigt|gällande|träder\si\skraft)\b(?P<span>[^.]{0,160}(?:\.[a-z]\.[^.]{0,80}){0,2})",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"\b(?:till\soch\smed|t\.?\s?o\.?\s?m\.?|längst\still|fram\still|till)\s", re.IGNORECASE)
_REPLACES = re.compile(
    r"\b(?:policyn|planen|programmet|strategin|riktlinjen|riktlinjerna|dokumentet|reglementet|"
    r"(?:denna|detta|dessa)\s[\w-]{3,40})\sersätter\s(?P<what>[^.\n]{5,200})",
    re.IGNORECASE,
)
_REVISED = re.compile(
    r"\b(?:senast\s)?reviderad(?:e|es)?\s(?:av\s[\w ]{2,40}?\s)?(?:den\s)?(?=\d)(?P<when>[^.\n]{6,30})", re.IGNORECASE
)
_YEARS_IN_TITLE = re.compile(r"\b((?:19|20)\d\d)\s{0,2}[-–—]\s{0,2}((?:19|20)\d\d)\b")
_TOP = 2_500


class MetadataReader:
    """Gathers the values of one document, with a warning for each that could not be taken as it stands."""

    def __init__(self, text: str, lines: Sequence[Line], fields: Sequence[Field]) -> None:
        self.text = text
        self.lines = lines
        self.fields = fields
        self.warnings: list[str] = []

    def read(self) -> Metadata:
        """Return the metadata; `warnings` is filled meanwhile."""
        title = self._text(Label.TITLE) or read_title(self.lines, self.fields)
        adopted_by, adopted_on, paragraph = self._adoption()
        valid_from, valid_until = self._validity(title)
        prose = self._prose_adoption()
        return Metadata(
            municipality=read_municipality(self.text) or self._text(Label.MUNICIPALITY),
            title=title,
            document_type=type_of(self._text(Label.DOCUMENT_TYPE) or "") or type_of(title or ""),
            adopted_by=adopted_by or (_body(prose["body"]) if prose else None),
            adopted_on=adopted_on or (_day_at(prose["when"]) if prose else None),
            first_adopted=self._first_adopted(prose, adopted_on),
            paragraph=paragraph
            or (_paragraph(prose["when"]) if prose and adopted_on in {None, _day_at(prose["when"])} else None),
            diary_number=self._diary_number(),
            version=self._version(),
            valid_from=valid_from,
            valid_until=valid_until,
            last_revised_on=self._date(Label.LAST_REVISED_ON) or self._prose_revision(),
            document_owner=self._owner(),
            replaces=self._replaces(),
        )

    def _values(self, *labels: Label) -> list[Field]:
        found = [one for one in self.fields if one.label in labels and one.value]
        stated = []
        for one in found:
            if _TEMPLATE.search(one.value):
                self._warn(f"Fältet ”{one.word}” innehåller mallens text, inte ett värde: ”{one.value}”.")
            elif not _NOTHING.fullmatch(one.value.strip("[] ")):
                stated.append(one)
        return stated

    def _warn(self, warning: str) -> None:
        if warning not in self.warnings:
            self.warnings.append(warning)

    def _text(self, label: Label) -> str | None:
        return next((one.value.strip("[]. ") for one in self._values(label)), None)

    def _date(self, label: Label) -> date | None:
        days: list[date] = []
        for one in self._values(label):
            if day := find_date(one.value):
                days.append(day)
            else:
                self._warn(f"Efter ”{one.word}” står ”{one.value}”, som inte är ett datum.")
        if len(set(days)) > 1:
            self._warn(
                f"Dokumentet anger flera datum för ”{_SWEDISH[label]}”: {', '.join(str(day) for day in days)}. "
                f"Det första används."
            )
        return days[0] if days else None

    def _adoption(self) -> tuple[str | None, date | None, str | None]:
        """Read body, day and paragraph, which may share a field: "Kommunfullmäktige, den 28 februari 2022, § 12"."""
        by = self._values(Label.ADOPTED_BY)
        on = self._values(Label.ADOPTED_ON)
        plain = self._values(Label.DRAWN_UP_ON)
        plain += [one for one in self._values(Label.PARAGRAPH) if find_date(one.value)]
        body = next((name for one in (*by, *on) if (name := _body(one.value))), None)
        day, source = self._adoption_day([*on, *by], plain)
        paragraph = next(
            (found for one in self._values(Label.PARAGRAPH) if (found := _bare_paragraph(one.value))), None
        )
        if paragraph is None:
            near = [source] if source else [*on, *by, *plain]
            paragraph = next((found for one in near if (found := _paragraph(one.value))), None)
        if body is None and day is None and (match := self._unlabelled()):
            return _body(match["body"]), find_date(match["when"]), paragraph or _paragraph(match["when"])
        return body or self._body_alone(), day, paragraph

    def _adoption_day(self, named: list[Field], plain: list[Field]) -> tuple[date | None, Field | None]:
        dated = [(day, one) for one in named if (day := find_date(one.value))]
        dated = dated or [(day, one) for one in plain if (day := find_date(one.value))]
        if len({day for day, _ in dated}) > 1:
            days = ", ".join(str(day) for day in dict.fromkeys(day for day, _ in dated))
            self._warn(f"Dokumentet anger flera beslutsdatum: {days}. Det första används.")
        if not dated and (years := [one for one in named if YEAR.search(one.value)]):
            self._warn(f"Efter ”{years[0].word}” står ”{years[0].value}”, som inte är en hel dag.")
        return dated[0] if dated else (None, None)

    def _unlabelled(self) -> re.Match[str] | None:
        return next(
            (match for line in self.lines[:25] if len(line.text) < 120 and (match := _UNLABELLED.match(line.text))),
            None,
        )

    def _body_alone(self) -> str | None:
        """Return the council or the executive board where a line at the top holds nothing else."""
        top = (line.text.lower() for line in self.lines[:12])
        return next((ABBREVIATED_BODIES[text] for text in top if text in ABBREVIATED_BODIES), None)

    def _prose_adoption(self) -> re.Match[str] | None:
        for match in _ADOPTION.finditer(self.text[:50_000]):
            if not _OTHER_DOCUMENT.search(match[0]) and _body(match["body"]):
                return match
        return None

    def _first_adopted(self, prose: re.Match[str] | None, adopted_on: date | None) -> str | None:
        if prose is None:
            return None
        day = _day_at(prose["when"])
        year = YEAR.match(prose["when"])
        if day is not None:
            return str(day) if adopted_on is not None and day < adopted_on else None
        return year[0] if year and (adopted_on is None or int(year[0]) < adopted_on.year) else None

    def _diary_number(self) -> str | None:
        for one in self._values(Label.DIARY_NUMBER):
            if match := _DIARY.search(one.value):
                return match[0].strip()
            self._warn(f"Efter ”{one.word}” står ”{one.value}”, som inte ser ut som ett diarienummer.")
        alone = (line.text for line in self.lines[:12] if len(line.text) < 30)
        return next(
            (text for text in alone if _DIARY.fullmatch(text) and not DATE.fullmatch(text) and not text[:4].isdigit()),
            None,
        )

    def _version(self) -> str | None:
        value = self._text(Label.VERSION)
        match = _VERSION.search(value) if value else None
        return match[0] if match else None

    def _validity(self, title: str | None) -> tuple[date | None, date | None]:
        starts, ends = self._date(Label.VALID_FROM), None
        for one in self._values(Label.VALID_UNTIL):
            days = [day for match in DATE.finditer(one.value) if (day := to_date(match))]
            if len(days) > 1:
                starts, ends = starts or days[0], days[1]
            elif days:
                ends = ends or days[0]
        if starts is None and ends is None:
            starts, ends = self._prose_validity()
        if starts is None and ends is None and title and (years := _YEARS_IN_TITLE.search(title)):
            self._warn("Giltighetstiden är hämtad ur titelns årtal. Kontrollera att den stämmer.")
            return date(int(years[1]), 1, 1), date(int(years[2]), 12, 31)
        return starts, ends

    def _prose_validity(self) -> tuple[date | None, date | None]:
        for match in _VALID.finditer(self.text[:50_000]):
            span = match["span"]
            days = [(found.start(), day) for found in DATE.finditer(span) if (day := to_date(found))]
            if days and days[0][0] < 60:
                until = _UNTIL.search(span)
                starts = next((day for at, day in days if until is None or at < until.start()), None)
                ends = next((day for at, day in days if until is not None and at > until.start()), None)
                return starts, ends
        return None, None

    def _prose_revision(self) -> date | None:
        match = _REVISED.search(self.text[:_TOP])
        return find_date(match["when"]) if match else None

    def _owner(self) -> str | None:
        owners = self._values(Label.OWNER)
        officials = [one for one in owners if re.search(r"tjänste", one.word, re.IGNORECASE)]
        exact = [one for one in owners if one.word.lower().startswith(("dokument", "ägare"))]
        chosen = [*officials, *exact, *owners]
        if len({one.value for one in owners}) > 1:
            self._warn(
                f"Dokumentet anger flera ansvariga: {', '.join(one.value for one in owners)}. "
                f"”{chosen[0].value}” används."
            )
        return chosen[0].value.strip("[]. ") if chosen else None

    def _replaces(self) -> str | None:
        if value := self._text(Label.REPLACES):
            return value
        if any(one.label is Label.REPLACES for one in self.fields):
            return None
        match = _REPLACES.search(self.text[:20_000])
        return match["what"].strip(" ,") if match else None


_SWEDISH = {Label.LAST_REVISED_ON: "senast reviderad", Label.VALID_FROM: "giltig från"}


def _body(value: str) -> str | None:
    """Return the deciding body that a value begins with, an abbreviation written out."""
    match = _BODY.match(value.strip("[] "))
    if match is None:
        return None
    name = re.split(r"\s(?:den|år|datum|i\s)|\s{2,}", match[0].strip(" .-–"), maxsplit=1)[0].strip()
    if name.lower() in ABBREVIATED_BODIES:
        return ABBREVIATED_BODIES[name.lower()]
    first = name.split()[0].lower() if name.split() else ""
    if (
        first in ABBREVIATED_BODIES
        and len(name.split()) > 1
        and name.split()[1].lower() in {"i", "beslut", "protokoll"}
    ):
        return ABBREVIATED_BODIES[first]
    if not re.search(
        r"fullmäktige|styrelse|nämnd|utskott|chef|direktör|förbund|direktion|förvaltning|beredning|bolag",
        name,
        re.IGNORECASE,
    ):
        return None
    return name[0].upper() + name[1:]


def _day_at(value: str) -> date | None:
    """Return the day a value begins with."""
    match = DATE.match(value)
    return to_date(match) if match else None


def _paragraph(value: str) -> str | None:
    match = _PARAGRAPH.search(value)
    return (match[1] or match[2]) if match else None


def _bare_paragraph(value: str) -> str | None:
    match = re.match(r"(?:[A-ZÅÄÖ]{1,5}\s)?(?:§\s?)?(\d{1,4}(?:/\d{2,4})?)(?:\s?§)?(?:,|\Z)", value.strip())
    return match[1] if match else _paragraph(value)
