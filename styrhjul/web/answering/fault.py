"""What is wrong with an answer, retold in the language of whoever wrote it.

The core says it in Swedish, once for every way in (`domain.completeness`); here it is known again by its wording.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from styrhjul.domain.field_fault import FieldError
from styrhjul.mail.catalogue import SOURCE, message
from styrhjul.mail.retold import known
from styrhjul.services.answering.answer import FILE_GONE
from styrhjul.web import upload

TOO_MANY_FILES = message("Högst {count} bilagor. Ta bort en för att lägga till en annan")
NO_ROOM = message("Det finns inte plats för fler bilagor i ärendet. Skicka filen till kansliet i stället")
NOT_ADDED = message("Filen du valde är inte tillagd. Välj den igen och tryck på Lägg till bilaga")
#: What is said of files; whoever says it names these, none writes them anew.
OF_FILES = (
    *upload.FAULTS,
    TOO_MANY_FILES,
    NO_ROOM,
    NOT_ADDED,
    FILE_GONE,
)
FAULTS = (
    *OF_FILES,
    message("Korta texten till högst {count} tecken. Den har {length}"),
    message("Texten har tecken som inte syns. Skriv om den för hand i stället för att klistra in"),
    message("Skriv datumet som 2027-03-24"),
    message("Dagen kan inte vara efter i dag, {day}"),
    message("Skriv paragrafen som 82"),
    message("Skriv ditt namn"),
    message("Skriv ditt namn med bokstäver"),
    message("Skriv vilken dag beslutet fattades"),
    message("Skriv vilken dag beslutet fattades, eller ta bort paragrafen"),
    message("Skriv vilken dag beslutet fattades, eller lämna allt om beslutet tomt"),
    message("Att arbetet pågår är redan noterat. Skriv vilken dag beslutet fattades, eller vänta till dess"),
    message("Skriv en mening om varför"),
    message("Välj vad som ska hända med dokumentet"),
    message("Välj vem som fattade beslutet"),
    message("Välj vilken utgåva den nya ersätter"),
    message("Skriv diarienumret som KS 2027/123"),
    message(
        "{adopter} antog dokumentet, och bara samma organ kan ändra, behålla eller upphäva det. "
        "Vänta med svaret tills det beslutet är fattat"
    ),
    message(
        "{adopter} antog dokumentet, och bara samma organ eller ett organ över det kan ändra, behålla eller upphäva "
        "det. Vänta med svaret tills det beslutet är fattat"
    ),
    message("Välj hur långt arbetet har kommit"),
    message("Skriv vilken dag avsnittet lämnades över"),
    message("Ta bort dagen, eller välj att avsnittet är överlämnat"),
    message("Välj vad {whom} svarar"),
    message("Skriv yttrandet, en mening räcker"),
    message("Välj om dokumentet är aktuellt"),
    message("Kryssa i när uppgifterna stämmer, eller läs in rätta uppgifter"),
    message(
        "Ingen är {offices}, så ingen kan svara för {whom}. Läs in minst en av dem med styrhjul officials import och "
        "öppna länken igen"
    ),
    message("Skriv högst ett mål. Ta bort de andra"),
    message("Skriv högst {count} mål. Ta bort de andra"),
    message("Skriv vad {whom} vill uppnå"),
    message("Skriv vad {whom} vill uppnå. Policyn kräver minst {count} mål"),
    message("Målen har ändrats sedan sidan öppnades. Öppna länken igen"),
    message("Välj hur det gick"),
    message("Skriv hur det gick och varför"),
    message("Välj om det finns någon handlingsplan"),
    message("Planerna har ändrats sedan sidan öppnades. Öppna länken igen"),
    message(
        "Dokumentet säger att det ska finnas en handlingsplan. Skriv minst en. Kan ni inte det, be kansliet om mer tid"
    ),
    message("Du har svarat nej, men en plan står kvar nedan. Ändra svaret eller ta bort planen"),
    message("Skriv vad planen heter"),
    message("Skriv högst {count} planer"),
    message("Välj om planen fortfarande gäller"),
    message("Skriv vilken funktion som ansvarar för planen"),
    message("Välj om det fanns några projekt eller aktiviteter"),
    message("Du har svarat nej, men ett projekt är bedömt nedan. Ändra det ena"),
    message("Skriv en mening om varför det inte fanns några projekt"),
    message("Skriv vad projektet eller aktiviteten heter"),
    message("Skriv högst {count} projekt"),
)


def told(errors: Iterable[FieldError], language: str) -> tuple[FieldError, ...]:
    """Return the errors in a language, in their order; the Swedish ones as they are."""
    if language == SOURCE:
        return tuple(errors)
    return tuple(replace(error, message=known(error.message, FAULTS, language)) for error in errors)
