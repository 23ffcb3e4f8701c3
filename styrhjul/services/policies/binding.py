"""Which bodies a duty binds: the words for its actor, read against the municipality's own organisation.

Pure, and careful: words that name nobody bind nobody, and a person is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

from styrhjul.documents import FoundDuty
from styrhjul.domain.adopter import is_official
from styrhjul.domain.lifecycle import Holder
from styrhjul.domain.vocabulary import ActionKind, BodyKind, LifecycleKey
from styrhjul.services.policies.following import following

_AND = re.compile(r",|;|/|\boch\b|\bsamt\b|\beller\b|\brespektive\b")
#: What follows is not bound: "samtliga nämnder utom byggnadsnämnden".
_BUT = re.compile(
    r",?\s(?:utom|förutom|med undantag (?:för|av)|undantaget|undantagna|dock (?:inte|ej)|men (?:inte|ej)|inte)\s"
)
_RELATIVE_CLAUSE = re.compile(r"\bsom\b.*", re.DOTALL)
_CHIEF_EXECUTIVE = re.compile(r"kommunchef|(kommun|stads)direktör")
_ANSWERED_TOGETHER = frozenset({ActionKind.FOLLOW_UP, ActionKind.REPORT})


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyRef:
    """A body as far as binding needs it. Dissolved ones are left out by whoever makes the list."""

    body_id: str
    name: str
    kind: BodyKind
    bound_by: str | None = None
    answers_through_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """The bodies a duty binds, in the organisation's order, who answers there, and why, in Swedish."""

    body_ids: tuple[str, ...]
    holder: Holder
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a document's actors are read against. `terms` are the words the document itself defines."""

    bodies: tuple[BodyRef, ...]
    adopter_id: str
    terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    owner: str | None = None


def bind_all(duties: Iterable[FoundDuty], setting: Setting) -> list[Binding]:
    """Return a binding per duty, in their order. Unnamed follow-up goes to the bodies that the document gives goals."""
    waiting = list(duties)
    goal_bodies = {
        body_id
        for duty in waiting
        if duty.action_kind is ActionKind.SET_GOALS
        for body_id in bind(duty, setting).body_ids
    }
    return [bind(duty, setting, goal_bodies=frozenset(goal_bodies)) for duty in waiting]


def bind(duty: FoundDuty, setting: Setting, *, goal_bodies: frozenset[str] = frozenset()) -> Binding:
    """Return whom one duty binds; nobody where its words point out no body of this municipality."""
    if not (duty.actor or duty.addressees):
        return _unnamed(duty, setting, goal_bodies)
    listed = _read(duty.addressees, setting, duty.action_kind)
    if duty.actor is None:
        return listed
    if listed.body_ids:
        return replace(listed, why=f"”{duty.actor}” är här {', '.join(duty.addressees)}. {listed.why}")
    return _read((duty.actor,), setting, duty.action_kind)


def adopter_of(adopted_by: str, bodies: Iterable[BodyRef]) -> BodyRef | None:
    """Return the body that the words for an adopter name, in full or as KF and KS; None if there is none such.

    What an official adopted belongs to the body that the official works under: the executive board, where no
    administration is named.
    """
    words = adopted_by.lower()
    kinds = {BodyKind.COUNCIL: r"fullmäktige|\bkf\b", BodyKind.EXECUTIVE_BOARD: r"kommunstyrelse|\bks\b"}
    known = sorted(bodies, key=lambda body: -len(body.name))
    named = (body for body in known if _named(body).search(words))
    abbreviated = (body for body in known if body.kind in kinds and re.search(kinds[body.kind], words))
    found = next(named, None) or next(abbreviated, None)
    if found is None and is_official(words):
        return next((body for body in known if body.kind is BodyKind.EXECUTIVE_BOARD), None)
    above = next((body for body in known if found and body.body_id == found.answers_through_id), None)
    return above or found


def _read(words: Iterable[str], setting: Setting, kind: ActionKind) -> Binding:
    found = _Finder(setting, kind)
    for word in words:
        found.read(word)
    return found.binding()


def is_unmatched(why: str) -> bool:
    """Whether the words for an actor, or some of them, are no body's: `why` is a binding's, or a duty's reason."""
    return any(words in why for words in (_NO_SUCH_BODY, _NO_SUCH_COMMITTEE, _NO_ADMINISTRATION))


def _unnamed(duty: FoundDuty, setting: Setting, goal_bodies: frozenset[str]) -> Binding:
    kind = duty.action_kind
    if central := _done_centrally(duty, setting):
        return central
    if kind is ActionKind.REVISE:
        body = _preparing(setting)
        why = (
            f"Texten nämner ingen. {body.name} bereder revideringen och dokumentansvarig håller i den." if body else ""
        )
        return Binding(body_ids=_ids(body), holder=Holder.DOCUMENT_OWNER, why=why or _NOBODY)
    if kind in _ANSWERED_TOGETHER and goal_bodies:
        ids = tuple(body.body_id for body in setting.bodies if body.body_id in goal_bodies)
        return Binding(body_ids=ids, holder=Holder.BODY, why="Texten nämner ingen. De som sätter mål följer upp dem.")
    if kind in _ANSWERED_TOGETHER:
        board = _board(setting)
        why = f"Texten nämner ingen. {board.name} leder och samordnar (KL 6 kap. 1 §)." if board else _NOBODY
        return Binding(body_ids=_ids(board), holder=Holder.BODY, why=why)
    return Binding(body_ids=(), holder=Holder.BODY, why=_NOBODY)


#: A stored duty is known by these words too: they stay as they are.
_NO_SUCH_BODY = "Inget organ heter"
_NO_SUCH_COMMITTEE = "Ingen nämnd heter"
_NO_ADMINISTRATION = "har ingen förvaltning inlagd"
_NOBODY = "Texten nämner ingen som ska göra det. Välj vem det gäller."
#: What officials do for the whole municipality where the text names nobody.
_CENTRAL = {
    LifecycleKey.ANNUAL_REPORT: (
        Holder.COORDINATOR,
        (
            "Texten nämner ingen. {board} upprättar årsredovisningen (KL 11 kap. 19 §). Samordnaren ställer samman "
            "avsnittet."
        ),
    ),
    LifecycleKey.PROJECT_FOLLOW_UP: (
        Holder.CHIEF_EXECUTIVE,
        "Texten nämner ingen. {board} leder förvaltningen. Kommunens högsta tjänsteperson följer upp projekten.",
    ),
}


def _done_centrally(duty: FoundDuty, setting: Setting) -> Binding | None:
    board, lifecycle = _board(setting), following(duty).lifecycle
    if board is None or lifecycle not in _CENTRAL:
        return None
    holder, why = _CENTRAL[lifecycle]
    return Binding(body_ids=_ids(board), holder=holder, why=why.format(board=board.name))


def _board(setting: Setting) -> BodyRef | None:
    return next((body for body in setting.bodies if body.kind is BodyKind.EXECUTIVE_BOARD), None)


def _preparing(setting: Setting) -> BodyRef | None:
    """A committee prepares what it adopted itself; the executive board prepares the rest."""
    adopter = next((body for body in setting.bodies if body.body_id == setting.adopter_id), None)
    return adopter if adopter and adopter.kind is BodyKind.COMMITTEE else _board(setting)


def _ids(body: BodyRef | None) -> tuple[str, ...]:
    return (body.body_id,) if body else ()


class _Finder:
    """Reads the words for one duty's actor and gathers bodies and reasons on the way."""

    def __init__(self, setting: Setting, kind: ActionKind) -> None:
        self._setting = setting
        self._kind = kind
        self._ids: set[str] = set()
        self._holders: set[Holder] = set()
        self._whys: list[str] = []
        self._by_administration = False

    def binding(self) -> Binding:
        self._tell_of_missing_administrations()
        ids = tuple(body.body_id for body in self._setting.bodies if body.body_id in self._ids)
        holder = next(iter(self._holders)) if len(self._holders) == 1 else Holder.BODY
        return Binding(body_ids=ids, holder=holder, why=" ".join(dict.fromkeys(self._whys)))

    def read(self, words: str) -> None:
        phrase, *excepted = _BUT.split(_RELATIVE_CLAUSE.sub("", " ".join(words.lower().split())))
        self._read_whole(phrase)
        for part in excepted:
            self._leave_out(part)

    def _leave_out(self, phrase: str) -> None:
        """Bind none of those that are excepted; who cannot be told is asked for."""
        for body in sorted(self._setting.bodies, key=lambda body: -len(body.name)):
            phrase, hits = _named(body).subn(" ", phrase)
            if hits:
                self._ids.discard(body.body_id)
                self._say(f"{body.name} är undantagen.")
        for part in filter(None, (part.strip(" .:") for part in _AND.split(phrase))):
            self._say(f"{_NO_SUCH_BODY} ”{part}”, som undantas. Välj vem det gäller.")

    def _read_whole(self, phrase: str) -> None:
        for term, meaning in self._setting.terms.items():
            if _mentions(phrase, term):
                self._say(f"Dokumentet säger vad ”{term}” är: {', '.join(meaning)}.")
                for word in meaning:
                    self._read_plain(" ".join(word.lower().split()))
                return
        self._read_plain(phrase)

    def _read_plain(self, phrase: str) -> None:
        for body in sorted(self._setting.bodies, key=lambda body: -len(body.name)):
            phrase, hits = _named(body).subn(" ", phrase)
            if hits:
                self._take_named(body)
        for part in _AND.split(phrase):
            if part.strip(" .:"):
                self._read_part(part.strip(" .:"))

    def _read_part(self, part: str) -> None:
        owner = self._setting.owner
        if owner and _mentions(part, owner) and not _CHIEF_EXECUTIVE.search(part):
            self._document_owner(part)
            return
        for pattern, take in self._PARTS:
            if pattern.search(part):
                take(self, part)
                return
        if len(part) > 3:  # remains such as "de", "hos" point out nobody and hide nobody
            self._say(f"{_NO_SUCH_BODY} ”{part}”. Välj vem det gäller.")

    # -- what the words may mean ------------------------------------------------------------------------------------

    def _take_named(self, body: BodyRef) -> None:
        if body.kind is BodyKind.COUNCIL:
            self._council()
        elif body.kind is BodyKind.COMPANY and not body.bound_by:
            self._say(f"{body.name} är inte bundet av något beslut och får ingen fråga.")
        elif self._kind is ActionKind.ACTION_PLAN and body.kind is BodyKind.UNIT:
            self._take([body], f"{body.name} nämns i texten och svarar själv om sin plan.")
        elif body.answers_through_id:
            through = next((b for b in self._setting.bodies if b.body_id == body.answers_through_id), None)
            self._take(
                [through] if through else [], f"{body.name} svarar genom {through.name if through else 'ingen'}."
            )
        else:
            self._take([body], f"{body.name} nämns i texten.")

    def _council(self, _: str = "") -> None:
        body = _preparing(self._setting)
        holder = Holder.DOCUMENT_OWNER if self._kind is ActionKind.REVISE else Holder.BODY
        self._take([body] if body else [], "Fullmäktige beslutar; kommunstyrelsen bereder ärendet.", holder)

    def _executive_board(self, _: str) -> None:
        self._take(self._of(BodyKind.EXECUTIVE_BOARD), "Kommunstyrelsen nämns i texten.")

    def _chief_executive(self, _: str) -> None:
        board = self._of(BodyKind.EXECUTIVE_BOARD)
        self._take(board, "Uppgiften ligger på kommunens högsta tjänsteperson.", Holder.CHIEF_EXECUTIVE)

    def _document_owner(self, part: str) -> None:
        body = _preparing(self._setting)
        self._take([body] if body else [], f"”{part}” är den dokumentansvariga.", Holder.DOCUMENT_OWNER)

    def _group(self, _: str) -> None:
        self._committees("")
        self._companies("")

    def _companies(self, _: str) -> None:
        companies = self._of(BodyKind.COMPANY)
        bound = [company for company in companies if company.bound_by]
        self._take(bound, "Bolag som är bundna av ägardirektiv eller eget beslut omfattas.")
        for company in companies:
            if company not in bound:
                self._say(f"{company.name} är inte bundet av något beslut och får ingen fråga.")

    def _administrations(self, _: str) -> None:
        through = {b.answers_through_id for b in self._of(BodyKind.ADMINISTRATION)}
        answering = [body for body in self._setting.bodies if body.body_id in through]
        self._by_administration = bool(answering)
        answering = answering or self._of(BodyKind.EXECUTIVE_BOARD, BodyKind.COMMITTEE)
        self._take(answering, "Förvaltningar svarar genom sin nämnd.")

    def _tell_of_missing_administrations(self) -> None:
        """Where administrations stand for their committees, a committee whose own is not entered is never dropped."""
        missing = [body.name for body in self._of(BodyKind.COMMITTEE) if body.body_id not in self._ids]
        if self._by_administration and missing:
            self._say(f"{', '.join(missing)} {_NO_ADMINISTRATION}. Välj vem det gäller.")

    def _specialist_committees(self, _: str) -> None:
        self._take(self._of(BodyKind.COMMITTEE), "Facknämnder är alla nämnder utom kommunstyrelsen.")

    def _committees(self, _: str) -> None:
        both = self._of(BodyKind.EXECUTIVE_BOARD, BodyKind.COMMITTEE)
        self._take(both, "Kommunstyrelsen är också en nämnd (KL 3 kap.), så den och alla nämnder omfattas.")

    def _the_committee(self, part: str) -> None:
        adopter = next((body for body in self._setting.bodies if body.body_id == self._setting.adopter_id), None)
        if adopter and adopter.kind is BodyKind.COMMITTEE:
            self._take([adopter], f"{adopter.name} har antagit dokumentet.")
        else:
            self._committees(part)

    def _boards(self, _: str) -> None:
        self._take(self._of(BodyKind.EXECUTIVE_BOARD), "Styrelser är kommunstyrelsen och bolagens styrelser.")
        self._companies("")

    def _activities(self, _: str) -> None:
        for term, meaning in self._setting.terms.items():
            if "verksamhet" in term.lower():
                self._say(f"Dokumentet säger vad ”{term}” är: {', '.join(meaning)}.")
                for word in meaning:
                    self._read_plain(word.lower())
                return
        both = self._of(BodyKind.EXECUTIVE_BOARD, BodyKind.COMMITTEE)
        self._take(both, "Kommunens verksamheter hör till kommunstyrelsen och nämnderna.")

    def _whole_municipality(self, _: str) -> None:
        self._take(self._of(BodyKind.EXECUTIVE_BOARD), "Kommunstyrelsen leder och samordnar det som kommunen ska göra.")

    def _individuals(self, part: str) -> None:
        self._say(f"”{part}” är enskilda personer, inget organ.")

    def _unknown_committee(self, part: str) -> None:
        self._say(f"{_NO_SUCH_COMMITTEE} ”{part}”. Välj vem det gäller.")

    def _of(self, *kinds: BodyKind) -> list[BodyRef]:
        return [body for body in self._setting.bodies if body.kind in kinds]

    def _take(self, bodies: Iterable[BodyRef], why: str, holder: Holder = Holder.BODY) -> None:
        taken = list(bodies)
        if taken:
            self._ids |= {body.body_id for body in taken}
            self._holders.add(holder)
            self._say(why)

    def _say(self, why: str) -> None:
        self._whys.append(why)

    #: What a part of the actor's words may be, the more telling first.
    _PARTS: ClassVar[tuple[tuple[re.Pattern[str], Callable[[_Finder, str], None]], ...]] = (
        (_CHIEF_EXECUTIVE, _chief_executive),
        (re.compile(r"dokument(ansvar|ägar)"), _document_owner),
        (re.compile(r"fullmäktige|\bkf\b"), _council),
        (re.compile(r"kommunstyrelse|\bks\b"), _executive_board),
        (re.compile(r"kommunkoncern"), _group),
        (re.compile(r"bolag"), _companies),
        (re.compile(r"förvaltning|\bsektor"), _administrations),
        (re.compile(r"\bfacknämnd"), _specialist_committees),
        (re.compile(r"^nämndens?$"), _the_committee),
        (re.compile(r"\bnämnd"), _committees),
        (re.compile(r"\Bnämnd"), _unknown_committee),
        (re.compile(r"\bstyrelser"), _boards),
        (re.compile(r"\bstyrelse"), _executive_board),
        (re.compile(r"anställd|medarbetar|personal|förtroendevald|chef|politiker"), _individuals),
        (re.compile(r"verksamhet"), _activities),
        (re.compile(r"\bkommun(en|ens)?\b"), _whole_municipality),
    )


def _named(body: BodyRef) -> re.Pattern[str]:
    """Match a body's name in any form: Socialnämnden, socialnämndens, socialnämnd, Bostadsbolaget, bostadsbolag."""
    stem = re.sub(r"(?<=\w{4})(en|et)$", "", body.name.lower())
    return re.compile(rf"(?<![\w-]){re.escape(stem)}(e|en|et)?s?(?![\w-])")


def _mentions(phrase: str, term: str) -> bool:
    """Tell whether the words of a term stand in a phrase in their order, whatever their endings."""
    words = iter(re.findall(r"[\w-]+", phrase.lower()))
    stems = [word[: max(4, len(word) - 3)] for word in re.findall(r"[\w-]+", term.lower())]
    return bool(stems) and all(any(word.startswith(stem) for word in words) for stem in stems)
