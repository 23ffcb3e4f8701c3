"""Values for previews and golden texts. The municipality is invented and every address is at example.org."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from styrhjul.mail.item import Item, Quote, Recipient, Sender

SENDER = Sender(
    municipality_name="Exempelby kommun",
    chief_executive_title="kommunchef",
    reply_to="registrator@example.org",
    phone="000-00 00 00",
    is_example=True,
)

_QUOTE = Quote(
    text="Varje nämnd ska för sin verksamhet ta fram 1-2 mål utifrån inriktningsmålet.",
    document_title="Integrationspolicy för Exempelby kommun",
    adopted_by="Kommunfullmäktige",
    adopted_on=date(2023, 11, 14),
    paragraph=None,
    diary_number="KS-2023-284",
)
_OTHERS = ("sekreterare, socialnämnden",)

_GOALS = Item(
    email="goals_opened",
    lifecycle="goal_setting",
    rung="opened",
    case_ref="M-2027-014",
    body_name="Socialnämnden",
    period="2027",
    policy_title=_QUOTE.document_title,
    url="",
    today=date(2027, 1, 7),
    opens_on=date(2027, 1, 7),
    due_on=date(2027, 3, 31),
    due_source="Kommunens standard det år nya nämnder tillträder: målen beslutas före den 31 mars.",
    quotes=(_QUOTE,),
    document_owner="folkhälsoutvecklare",
    meeting_on=date(2027, 3, 16),
    agenda_on=date(2027, 2, 23),
    interval_unstated=True,
    goal_min=1,
    goal_max=2,
    head_title="förvaltningschef",
    other_recipients=_OTHERS,
)
_FOLLOW_UP = replace(
    _GOALS,
    email="follow_up_opened",
    lifecycle="follow_up",
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
    meeting_on=None,
    agenda_on=None,
    interval_unstated=False,
    goal_min=None,
    goal_max=None,
    head_title="verkställande direktör",
    other_recipients=("sekreterare, Exempelbyhus AB",),
)
_REVISION = replace(
    _GOALS,
    email="revision_opened",
    lifecycle="revision",
    case_ref="R-2026-003",
    body_name="Kommunfullmäktige",
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
    interval_unstated=False,
    goal_min=None,
    goal_max=None,
    head_title="kanslichef",
    other_recipients=("sekreterare, kommunfullmäktige",),
)

#: Per family of keys: the case, and the days of its rungs: reminder, last reminder, warning, head, chief executive.
_CASES = {
    "goals": (_GOALS, ((2027, 2, 9), (2027, 2, 18), (2027, 3, 30), (2027, 4, 5), (2027, 4, 14))),
    "follow_up": (_FOLLOW_UP, ((2027, 2, 12), (2027, 2, 23), (2027, 2, 25), (2027, 3, 3), (2027, 3, 10))),
    "revision": (_REVISION, ((2027, 10, 25), (2027, 11, 3), (2027, 12, 29), (2028, 1, 5), (2028, 1, 19))),
}
_RUNGS = {
    "opened": "opened",
    "reminder": "reminder",
    "last_reminder": "last_reminder",
    "warning": "warning",
    "overdue": "head",
    "escalation": "chief_executive",
}


def item(key: str) -> Item:
    """Return the case as the rung with this e-mail key would tell of it."""
    family = next(name for name in _CASES if key.startswith(name))
    case, later = _CASES[family]
    ending = key.removeprefix(f"{family}_")
    days = (case.opens_on, *(date(*day) for day in later))
    step = list(_RUNGS).index(ending)
    told = replace(case, email=key, rung=_RUNGS[ending], today=days[step], url=url(step), reminded_on=days[:step][:3])
    if ending in ("warning", "overdue", "escalation"):
        told = replace(told, head_on=days[4], chief_executive_on=days[5])
    if told.has_gone_up:
        told = replace(told, warned_on=days[3])
    return told


def recipient(told: Item) -> Recipient:
    """Return the office that such an item would be sent to."""
    offices = {"head": f"{told.head_title}, {told.body_name}", "chief_executive": SENDER.chief_executive_title}
    body = "Kommunstyrelsen" if told.rung == "chief_executive" else told.body_name
    return Recipient(office=offices.get(told.rung, f"ordförande, {told.body_name}"), body_name=body)


def url(number: int) -> str:
    """Return an address like a real one: a token of 43 characters at its end."""
    return f"https://styrhjul.example.org/s/{'exempel' + str(number):_<43}"
