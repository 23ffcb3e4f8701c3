"""What stands in a policy beside its duties: background, and sentences that only look like duties."""

from __future__ import annotations

from random import Random

from bench._policy_duties import Passage

FILLERS = (
    "{own} beskriver kommunens syn på {subject}.",
    "Arbetet berör många delar av samhället.",
    "Frågan har fått större betydelse under senare år.",
    "En god dialog med invånarna är en tillgång.",
    "Kommunen har cirka 12 000 invånare.",
    "{name} ligger vid kusten och har en lång historia av handel.",
    "Forskning visar att tidiga insatser ger god effekt.",
    "Här beskrivs hur ansvaret är fördelat.",
    "Begreppet används i vid mening i detta dokument.",
    "Texten vänder sig till chefer, medarbetare och förtroendevalda.",
)
#: Sentences that hold a word of duty and are none: values, purposes, history, quotations, other documents, daily work.
TRAPS = (
    "Alla invånare ska ha samma rättigheter och möjligheter.",
    "Alla barn ska ha rätt till en trygg uppväxt.",
    "{name} ska vara en plats där alla trivs.",
    "Människor ska känna sig välkomna i {name}.",
    "{own} ska främja en god utveckling.",
    "{own} ska bidra till ett hållbart samhälle.",
    "{own} syftar till att skapa en gemensam syn på {subject}.",
    "Syftet är att kommunens mål ska vara tydliga.",
    "Den tidigare versionen antogs av kommunfullmäktige våren 2016 och reviderades 2019.",
    "Arbetet följdes upp 2018 och redovisades för kommunstyrelsen.",
    "Den förra planen reviderades aldrig.",
    "”Staten ska verka för att målen följs upp i hela landet.”",
    "Enligt det nationella målet ska alla ha lika möjligheter.",
    "EU:s princip nummer 4 säger att indikatorer är nödvändiga för att utvärdera framsteg.",
    "Genomförandeplanen ska följas upp tillsammans med den enskilde var sjätte månad.",
    "Den enskildes genomförandeplan ska revideras när behoven ändras.",
    "Enligt kommunallagen ska kommunstyrelsen leda och samordna förvaltningen.",
    "För att arbetet ska kunna följas upp behövs god statistik.",
    "Hur målen följs upp beskrivs i kommunens styrmodell.",
    "Barnkonventionen är lag sedan 2020.",
    "Tidigare mål följdes upp i årsredovisningen för 2015.",
)


def draw_filler(rng: Random, own: str, name: str, subject: str) -> Passage:
    """Return a sentence that nobody would take for a duty."""
    return Passage([rng.choice(FILLERS).format(own=own, name=name, subject=subject)])


def draw_trap(rng: Random, own: str, name: str, subject: str) -> Passage:
    """Return a sentence that looks like a duty and is none."""
    sentence = rng.choice(TRAPS).format(own=own, name=name, subject=subject)
    return Passage([sentence], distractors=[sentence])
