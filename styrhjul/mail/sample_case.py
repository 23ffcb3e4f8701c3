"""The invented cases that previews and golden texts tell of, one a lifecycle, with the days of their rungs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from styrhjul.domain.lifecycle import State
from styrhjul.domain.rung import Audience
from styrhjul.domain.vocabulary import DueBasis, LifecycleKey
from styrhjul.mail.item import Item, Owed, Quote, Unreached

_QUOTE = Quote(
    text="Varje nämnd ska för sin verksamhet ta fram 1-2 mål utifrån inriktningsmålet.",
    document_title="Integrationspolicy för Exempelby kommun",
    adopted_by="Kommunfullmäktige",
    adopted_on=date(2023, 11, 14),
    paragraph=None,
    diary_number="KS-2023-284",
)
_OTHERS = ("sekreterare, socialnämnden",)

_PLAIN = Item(
    email="",
    lifecycle="",
    rung="opened",
    case_ref="",
    body_name="Socialnämnden",
    period="2027",
    policy_title=_QUOTE.document_title,
    url="",
    today=date(2027, 1, 7),
    opens_on=date(2027, 1, 7),
    due_on=date(2027, 3, 31),
    due_source="",
    quotes=(_QUOTE,),
    document_owner="folkhälsoutvecklare",
    head_title="förvaltningschef",
    other_recipients=_OTHERS,
)
_GOALS = replace(
    _PLAIN,
    email="goals_opened",
    lifecycle=LifecycleKey.GOAL_SETTING,
    case_ref="M-2027-014",
    due_source="Kommunens standard det år nya nämnder tillträder: målen beslutas senast den 31 mars.",
    meeting_on=date(2027, 3, 16),
    agenda_on=date(2027, 2, 23),
    interval_unstated=True,
    goal_min=1,
    goal_max=2,
)
_FOLLOW_UP = replace(
    _PLAIN,
    email="follow_up_opened",
    lifecycle=LifecycleKey.FOLLOW_UP,
    case_ref="U-2026-031",
    body_name="Exempelbyhus AB",
    period="2026",
    due_on=date(2027, 2, 26),
    due_source=(
        "Kommunens standard: uppföljningen lämnas senast sista arbetsdagen i februari, så att den hinner med i "
        "årsredovisningen (KL 11 kap. 20 §)."
    ),
    quotes=(
        replace(
            _QUOTE,
            text="Uppföljningen och utvärderingen sker årligen och redovisas i årsredovisningen.",
            paragraph="82",
            diary_number=None,
        ),
        replace(_QUOTE, text="Nämnder och bolag bör redovisa minst ett exempel.", paragraph="82", diary_number=None),
    ),
    head_title="verkställande direktör",
    other_recipients=("sekreterare, Exempelbyhus AB",),
)
_REVISION = replace(
    _PLAIN,
    email="revision_opened",
    lifecycle=LifecycleKey.REVISION,
    case_ref="R-2026-003",
    body_name="Kommunstyrelsen",
    period="mandatperioden 2026–2030",
    today=date(2026, 10, 15),
    opens_on=date(2026, 10, 15),
    due_on=date(2027, 12, 30),
    due_source=(
        "Kommunens standard: beslutet fattas senast den 31 december under mandatperiodens första hela år. "
        "Ingen lag anger någon dag."
    ),
    quotes=(
        replace(_QUOTE, text="Policyn ska revideras vid varje ny mandatperiod.", paragraph="82", diary_number=None),
    ),
    document_owner=None,
    meeting_on=date(2027, 11, 29),
    agenda_on=date(2027, 11, 8),
    decides_on=date(2027, 12, 13),
    head_title="kanslichef",
    other_recipients=("sekreterare, kommunstyrelsen",),
)

_PLAN = replace(
    _PLAIN,
    email="action_plan_opened",
    lifecycle=LifecycleKey.ACTION_PLANNING,
    case_ref="H-2028-007",
    body_name="Kulturnämnden",
    period="2028",
    today=date(2027, 9, 1),
    opens_on=date(2027, 9, 1),
    due_on=date(2027, 11, 30),
    due_source=(
        "Kommunens standard: frågan om handlingsplan ställs en gång om året och besvaras senast den 30 november."
    ),
    quotes=(replace(_QUOTE, text="Varje nämnd ska upprätta en handlingsplan för sitt integrationsarbete."),),
    meeting_on=date(2027, 11, 16),
    agenda_on=date(2027, 10, 26),
    interval_unstated=True,
    other_recipients=("sekreterare, kulturnämnden",),
)
_VOLUNTARY_PLAN = replace(
    _PLAN,
    is_binding=False,
    meeting_on=None,
    agenda_on=None,
    quotes=(replace(_QUOTE, text="Nämnderna kan utarbeta handlingsplaner för sitt integrationsarbete."),),
)
_PROJECTS = replace(
    _PLAIN,
    email="projects_opened",
    lifecycle=LifecycleKey.PROJECT_FOLLOW_UP,
    case_ref="P-2026-002",
    body_name="kommunchefen",
    period="2026",
    due_on=date(2027, 2, 26),
    due_source=(
        "Kommunens standard: projekten följs upp senast sista arbetsdagen i februari, i tid till årsredovisningen."
    ),
    quotes=(replace(_QUOTE, text="De projekt och aktiviteter som vänder sig till nyanlända ska följas upp."),),
    interval_unstated=True,
    head_title=None,
    last_stop="kommunstyrelsen",
    other_recipients=(),
)
_REPORT = replace(
    _PROJECTS,
    email="annual_report_opened",
    lifecycle=LifecycleKey.ANNUAL_REPORT,
    case_ref="A-2026-001",
    body_name="Kommunstyrelsen",
    today=date(2027, 3, 1),
    opens_on=date(2027, 3, 1),
    due_on=date(2027, 3, 25),
    due_source=(
        "Kommunens standard: avsnittet är klart senast den 25 mars, så att årsredovisningen kan lämnas över senast "
        "den 15 april (KL 11 kap. 20 §)."
    ),
    quotes=(replace(_QUOTE, text="Uppföljningen sker årligen och redovisas i årsredovisningen."),),
    interval_unstated=False,
    last_stop=None,
)
_REFERRAL = replace(
    _PLAIN,
    email="referral_opened",
    lifecycle=LifecycleKey.REFERRAL,
    case_ref="Y-2027-005",
    period="2027-09-06",
    today=date(2027, 9, 6),
    opens_on=date(2027, 9, 6),
    due_on=date(2027, 11, 12),
    due_source="Svarsdag i remissen av 2027-09-06.",
    due_basis=DueBasis.DECISION,
    quotes=(),
    meeting_on=date(2027, 10, 26),
    agenda_on=date(2027, 10, 5),
)
_REVIEW = replace(
    _PLAIN,
    email="currency_review_opened",
    lifecycle=LifecycleKey.CURRENCY_REVIEW,
    case_ref="K-2027-011",
    body_name="Kommunstyrelsen",
    today=date(2027, 10, 1),
    opens_on=date(2027, 10, 1),
    due_on=date(2027, 11, 15),
    due_source="Kommunens standard: dokumentet aktualitetsprövas senast den 15 november varje år.",
    quotes=(),
    head_title=None,
    other_recipients=("sekreterare, kommunstyrelsen",),
)
_HANDOVER = replace(
    _REVIEW,
    email="handover_opened",
    lifecycle=LifecycleKey.HANDOVER,
    case_ref="T-2027-004",
    body_name="Socialnämnden",
    period="mandatperioden 2027–2030",
    policy_title="Kommunallagen (2017:725)",
    today=date(2027, 1, 4),
    opens_on=date(2027, 1, 4),
    due_on=date(2027, 2, 2),
    due_source="Kommunens standard: uppdragen är kontrollerade inom 20 arbetsdagar från mandatperiodens början.",
    document_owner=None,
    other_recipients=(),
)


def _owed(lifecycle: str, period: str, opens_on: date | None, due_on: date, *quotes: Quote) -> Owed:
    return Owed(
        lifecycle=lifecycle,
        period=period,
        policy_title=quotes[0].document_title,
        due_on=due_on,
        opens_on=opens_on,
        is_usual_day=lifecycle != LifecycleKey.FOLLOW_UP,
        quotes=quotes,
    )


_CLIMATE = replace(
    _QUOTE,
    text="Nämnderna ska varje kvartal redovisa hur programmets mål uppnås.",
    document_title="Klimatprogram",
    paragraph="14",
    diary_number=None,
)
_OWED = (
    _owed(LifecycleKey.FOLLOW_UP, "tredje kvartalet 2026", None, date(2026, 10, 30), _CLIMATE),
    _owed(LifecycleKey.GOAL_SETTING, "2027", date(2027, 1, 7), date(2027, 3, 31), _QUOTE),
    _owed(LifecycleKey.GOAL_SETTING, "2028", date(2027, 9, 1), date(2027, 11, 30), _QUOTE),
    _owed(LifecycleKey.ACTION_PLANNING, "2028", date(2027, 9, 1), date(2027, 11, 30), *_VOLUNTARY_PLAN.quotes),
    _owed(LifecycleKey.FOLLOW_UP, "första kvartalet 2027", date(2027, 4, 1), date(2027, 4, 30), _CLIMATE),
)
_WELCOME = replace(
    _HANDOVER, owed=tuple(replace(one, is_binding=one.lifecycle != LifecycleKey.ACTION_PLANNING) for one in _OWED)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A case and the rungs that tell of it, lowest first: the key's ending, the rung, whom to, and on which day."""

    case: Item
    holder: str
    rungs: tuple[tuple[str, str, Audience, date], ...]
    #: The case where it is told with another text, by the key's ending.
    otherwise: dict[str, Item]


_Step = tuple[str, str, Audience]
#: The rungs after the opening: the key's ending, the rung, whom to.
_REMINDER: _Step = ("reminder", "reminder", Audience.HOLDER)
_LAST_REMINDER: _Step = ("last_reminder", "last_reminder", Audience.HOLDER)
_WARNING: _Step = ("warning", "warning", Audience.HOLDER)
_HEAD: _Step = ("overdue", "head", Audience.HEAD_OF_ADMINISTRATION)
_CHIEF_EXECUTIVE: _Step = ("escalation", "chief_executive", Audience.CHIEF_EXECUTIVE)
_USUAL = (_REMINDER, _LAST_REMINDER, _WARNING, _HEAD, _CHIEF_EXECUTIVE)
_OFFICIALS = (_REMINDER, _WARNING, _CHIEF_EXECUTIVE)  # what an official does alone


def _told(
    case: Item, holder: str, steps: tuple[_Step, ...], days: tuple[tuple[int, int, int], ...], **otherwise: Item
) -> Told:
    """Tell of the opening, to the body too where there is a welcome, and of each step on its day."""
    opening = [("opened", "opened", Audience.HOLDER, case.opens_on)]
    if "welcome" in otherwise:
        opening.append(("welcome", "welcome", Audience.BODY, case.opens_on))
    later = [(*step, date(*day)) for step, day in zip(steps, days, strict=True)]
    return Told(case=case, holder=holder, rungs=(*opening, *later), otherwise=otherwise)


_COORDINATOR = "samordnare, kommunstyrelsen"
_UNREACHED = (
    Unreached(office="ordförande, socialnämnden", reason="Ingen med en fungerande adress har uppdraget."),
    Unreached(office="sekreterare, socialnämnden", reason="Mejlet gick inte fram."),
)
_UNREACHABLE = Told(
    case=replace(_GOALS, unreached=_UNREACHED, other_recipients=()),
    holder=_COORDINATOR,
    rungs=(("unreachable", "unreachable", Audience.COORDINATOR, date(2027, 3, 31)),),
    otherwise={},
)

#: By the beginning of their keys.
CASES: dict[str, Told] = {
    "goals": _told(
        _GOALS,
        "ordförande, socialnämnden",
        _USUAL,
        ((2027, 2, 9), (2027, 2, 18), (2027, 3, 30), (2027, 4, 5), (2027, 4, 14)),
    ),
    "action_plan": _told(
        _PLAN,
        "ordförande, kulturnämnden",
        _USUAL,
        ((2027, 10, 12), (2027, 10, 21), (2027, 11, 29), (2027, 12, 3), (2027, 12, 15)),
        opened=_VOLUNTARY_PLAN,
        last_reminder=_VOLUNTARY_PLAN,
    ),
    "follow_up": _told(
        _FOLLOW_UP,
        "ordförande, Exempelbyhus AB",
        _USUAL,
        ((2027, 2, 12), (2027, 2, 23), (2027, 2, 25), (2027, 3, 3), (2027, 3, 10)),
    ),
    "projects": _told(_PROJECTS, "kommunchef", _OFFICIALS, ((2027, 2, 12), (2027, 2, 25), (2027, 3, 10))),
    "annual_report": _told(
        _REPORT,
        _COORDINATOR,
        _OFFICIALS,
        ((2027, 3, 11), (2027, 3, 24), (2027, 4, 14)),
        warning=replace(_REPORT, state=State.UNDER_WAY),
    ),
    "revision": _told(
        _REVISION,
        "ordförande, kommunfullmäktige",
        _USUAL,
        ((2027, 10, 25), (2027, 11, 3), (2027, 12, 29), (2028, 1, 5), (2028, 1, 19)),
    ),
    "referral": _told(
        _REFERRAL,
        "ordförande, socialnämnden",
        _USUAL,
        ((2027, 9, 21), (2027, 9, 30), (2027, 11, 11), (2027, 11, 17), (2027, 11, 24)),
    ),
    "currency_review": _told(
        _REVIEW, "folkhälsoutvecklare", _OFFICIALS, ((2027, 11, 1), (2027, 11, 12), (2027, 12, 1))
    ),
    "handover": _told(
        _HANDOVER, _COORDINATOR, _OFFICIALS, ((2027, 1, 19), (2027, 2, 1), (2027, 2, 17)), welcome=_WELCOME
    ),
    "unreachable": _UNREACHABLE,
}
