"""The root of the command line. Commands are listed here and imported when called, so that `--help` answers at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer
from typer._click.exceptions import UsageError
from typer.core import TyperCommand, TyperGroup

from styrhjul.cli.usage import refusal, speak_swedish
from styrhjul.cli.words import why_not


class Entry(NamedTuple):
    """Where a command lies, `module:function` or `module:app` for a group, and its line in the help."""

    place: str
    help: str


COMMANDS: Mapping[str, Entry] = {
    "demo": Entry("demo:demo", "Spela upp tre riktiga styrdokument och visa resultatet."),
    "up": Entry("run:up", "Kör allt på en gång: kö, worker, beat och webbsidor."),
    "web": Entry("run:web", "Kör bara webbsidorna."),
    "worker": Entry("run:worker", "Kör bara en worker. Den slår sin egen puls när beat är tyst."),
    "beat": Entry("run:beat", "Kör bara beat. Två på en gång skadar inte."),
    "migrate": Entry("run:migrate", "Uppdatera databasens tabeller."),
    "municipality": Entry("municipality:app", "Lägg till en kommun, provkör den och släpp fram dess mejl."),
    "user": Entry("user:app", "Lägg till, visa och ta bort användare."),
    "operator": Entry("operator:app", "Öppna en kommun för driften en stund."),
    "practice": Entry("practice:app", "Bestäm kommunens veckodag, vilomånader och kontorstider."),
    "wording": Entry("wording:app", "Sätt och visa kommunens egna ord i mejlen."),
    "ladder": Entry("ladder:app", "Läs in och visa kommunens trappor av påminnelser."),
    "officials": Entry("officials:app", "Läs in organ, uppdrag, personer och möten."),
    "import": Entry("policy_import:import_policies", "Läs styrdokument och föreslå deras skyldigheter."),
    "policy": Entry("policy:app", "Bekräfta styrdokuments skyldigheter och släpp fram mejlen."),
    "sweep": Entry("pulse:sweep", "Slå en puls: öppna ärenden och anteckna det som ska skickas."),
    "deliver": Entry("pulse:deliver", "Skriv och skicka de mejl som ska iväg."),
    "forecast": Entry("forecast:forecast", "Visa alla mejl som skulle skickas och varför. Inget ändras."),
    "simulate": Entry("simulate:simulate", "Genomlev hela mandatperioder på sekunder och kontrollera att allt håller."),
    "case": Entry("case:app", "Besluta i ett ärende, till exempel om mer tid."),
    "explain": Entry("explain:explain", "Visa varför ett mejl skickades, eller inte."),
    "inbound": Entry("inbound:app", "Ta in och visa mejl som har kommit: studsar och svar."),
    "retention": Entry("retention:app", "Gallra det som kommunen har beslutat att gallra, eller räkna det."),
    "quarantine": Entry("quarantine:app", "Se vad som är satt åt sidan och släpp fram det."),
    "mail": Entry("mail:app", "Förhandsgranska mejlen, och visa dem som väntar på att skickas."),
    "calendar": Entry(
        "calendar:app", "Gör en länk till en befattnings eller ett styrdokuments kalender, eller stäng den."
    ),
    "token": Entry("token:app", "Gör nycklar till API:et åt andra system, och återkalla dem."),
    "record": Entry("record:app", "Spara mejl och svar som handlingar för diariet."),
    "webhook": Entry("webhook:app", "Låt andra system få veta när något händer i ett ärende."),
    "report": Entry(
        "report:app", "Skriv årsredovisningens avsnitt, ett granskningsunderlag eller utkast för en revidering."
    ),
    "export": Entry("export:export", "Skriv allt som är lagrat till en fil i öppet format."),
    "import-export": Entry("export:import_export", "Läs in en sådan fil i en tom databas."),
    "backup": Entry("backup:backup", "Skriv en säkerhetskopia av hela databasen, medan allt går."),
    "restore": Entry(
        "backup:restore", "Läs tillbaka en säkerhetskopia i en tom databas, med utskicken tillbakahållna."
    ),
    "hold": Entry("hold:app", "Håll tillbaka allt som skickas av sig självt, och stäm av det efter en återläsning."),
    "drill": Entry("backup:drill", "Öva en förlust: säkerhetskopiera, förlora allt, läs tillbaka och stäm av."),
    "journal": Entry("journal:app", "Visa journalens rader och kontrollera att ingen har ändrats."),
    "doctor": Entry("doctor:doctor", "Kontrollera att allt som behövs är i ordning."),
    "metrics": Entry("metrics:metrics", "Visa siffrorna som larm och diagram bygger på, eller lämna ut dem."),
    "docs": Entry("docs:app", "Skriv om de sidor i docs/ som skapas ur koden."),
}


class _Lazy(TyperGroup):
    """Knows every command's name and help, and imports one only to run it."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401 - typer's context is not exported
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002 - same
        if cmd_name not in COMMANDS:
            return None
        if cmd_name == self._called:
            return load(cmd_name)
        return TyperCommand(cmd_name, help=COMMANDS[cmd_name].help)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - same
        self._called = args[0]
        return super().resolve_command(ctx, args)

    _called: str | None = None


def load(name: str) -> Any:  # noqa: ANN401 - same
    """Import a listed command and return it, ready to be called."""
    module, _, attribute = COMMANDS[name].place.partition(":")
    found = getattr(import_module(f"styrhjul.cli.{module}"), attribute)
    if not isinstance(found, typer.Typer):
        command, found = found, typer.Typer(add_completion=False, rich_markup_mode=None)
        found.command(name, help=COMMANDS[name].help)(command)
    else:
        found.info.help = COMMANDS[name].help
    found._add_completion = False  # noqa: SLF001 - only the root would know how to complete
    found.rich_markup_mode = None
    return speak_swedish(typer.main.get_command(found))


root = typer.Typer(
    cls=_Lazy,
    name="styrhjul",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="Ser till att det kommunen har beslutat blir gjort, i tid.",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        import tomllib
        from pathlib import Path

        project = Path(__file__).parents[2] / "pyproject.toml"
        print(f"styrhjul {tomllib.loads(project.read_text(encoding='utf-8'))['project']['version']}")
        raise typer.Exit


@root.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Visa versionen.")
    ] = False,
) -> None:
    del version


def main() -> int:
    """Run the command line; return 0 done, 1 failed, 2 wrong usage. A failure is one line on stderr."""
    try:
        ended = speak_swedish(typer.main.get_command(root))(prog_name="styrhjul", standalone_mode=False)
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else int(left.code is not None)
    except UsageError as wrong:
        print(refusal(wrong), file=sys.stderr)
        return 2
    except Exception as error:
        if os.environ.get("STYRHJUL_LOG_LEVEL", "").upper() == "DEBUG":
            raise
        print(f"styrhjul: {_one_line(error)}", file=sys.stderr)
        return 1
    return ended if isinstance(ended, int) else 0


def _one_line(error: Exception) -> str:
    """Word a failure: our own speak for themselves, others say what they are and how to see more."""
    from config.logging import masked

    text = masked(" ".join(str(error).split()))
    if type(error).__module__.partition(".")[0] in ("styrhjul", "config", "tasks", "workflows"):
        return str(text)
    if type(error).__module__.startswith("sqlalchemy") and (cause := getattr(error, "orig", None)):
        return str(masked(f"databasen svarade: {' '.join(str(cause).split())}"))
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {why_not(error)}" if error.filename else why_not(error)
    return f"{type(error).__name__}: {text} (STYRHJUL_LOG_LEVEL=DEBUG visar var)"
