"""How sure a rule is of a duty. What is not plain waits for a person and is never dropped.

What each degree is worth is measured in tests/documents/test_said.py.
"""

from __future__ import annotations

import re

from styrhjul.documents.duties.clauses import Binding
from styrhjul.documents.duties.doubts import asks_for_a_reader
from styrhjul.documents.duties.exclusions import is_at_once
from styrhjul.documents.duties.laws import follows_from_law
from styrhjul.documents.language.actors import SubjectKind
from styrhjul.documents.language.modality import Governor, Governs
from styrhjul.domain.vocabulary import ActionKind, Confidence

Goals = tuple[int | None, int | None]

#: Verbs that name a goal or a plan without saying that somebody makes one.
_VAGUE_MAKING = re.compile(
    r"\b(?:ha|finnas|föreslå|planera|utveckla|skapa|göra|göras|planeras|skapas)\b", re.IGNORECASE
)
#: Words that may bind or may only foresee: taken as binding, and left to a person.
_UNPLAIN = ("kommer", "behöver", "förväntas", "det är nödvändigt")
#: "ska/bör", "ska eller bör": the stronger is taken, and left to a person.
_EITHER = re.compile(r"(?:/\s?|\seller\s)(?:ska|skall|måste|bör|kan|får|må)\Z", re.IGNORECASE)
_VAGUE_OBJECT = re.compile(
    r"(?<!handlings)(?<!åtgärds)(?<!aktivitets)plan(?:er)?\Z|\b(?:aktivitet\w*|åtgärd\w{0,4})\Z", re.IGNORECASE
)
_WEAK_REPORT = re.compile(r"\A(?:informera|anmäl|presentera|återkoppla|delge)", re.IGNORECASE)


def how_sure(binding: Binding, kind: ActionKind, text: str, *, background: bool, goals: Goals) -> Confidence:
    """Tell how sure a lifecycle duty is; `goals` are the least and the greatest number that the text gives."""
    least, most = goals
    subject = binding.subject.kind
    at_once = is_at_once(text)
    unnamed = subject is SubjectKind.OTHER and not binding.hit.form.passive
    upside_down = least is not None and most is not None and least > most
    if background or at_once or unnamed or upside_down or _only_hopes(binding, text) or follows_from_law(text):
        return Confidence.LOW
    if _is_vague(binding, kind) and goals == (None, None):
        return Confidence.LOW if subject is not SubjectKind.ACTOR or _is_everything(binding) else Confidence.MEDIUM
    if kind is not binding.hit.kind or subject is SubjectKind.PRONOUN or _EITHER.search(binding.words):
        return Confidence.MEDIUM
    if asks_for_a_reader(text, binding):
        return Confidence.MEDIUM
    return Confidence.MEDIUM if not binding.words and _is_everything(binding) else Confidence.HIGH


def how_sure_of_other(governor: Governor, actor: str | None, *, background: bool, of_lead: bool) -> Confidence:
    """Tell how sure a duty of no lifecycle is; `of_lead` means that the line above its list binds."""
    if actor is None or background or governor.words.lower().startswith(_UNPLAIN):
        return Confidence.LOW
    state = of_lead and governor.governs is Governs.CLAUSE  # "ansvarar för att" + "stödet är känt"
    return Confidence.MEDIUM if state or _EITHER.search(governor.words) else Confidence.HIGH


def _only_hopes(binding: Binding, text: str) -> bool:
    """Tell whether the act is only possible or foreseen: "ska kunna följas upp", "kommer att ta fram"."""
    just_before = text[max(0, binding.hit.start - 20) : binding.hit.start]
    return just_before.endswith("kunna ") or binding.words.lower().startswith(_UNPLAIN)


def _is_vague(binding: Binding, kind: ActionKind) -> bool:
    words = binding.hit.words
    if kind in {ActionKind.SET_GOALS, ActionKind.ACTION_PLAN}:
        return bool(_VAGUE_MAKING.search(words) or _VAGUE_OBJECT.search(words))
    return kind is ActionKind.REPORT and _WEAK_REPORT.match(words) is not None and not binding.actor


def _is_everything(binding: Binding) -> bool:
    """Tell whether the municipality itself is the subject: who shall do it is then not said."""
    return (binding.actor or "").lower().removesuffix("s").endswith("kommun") or (binding.actor or "").lower() in {
        "kommunen", "organisationen", "verksamheten",
    }  # fmt: skip
