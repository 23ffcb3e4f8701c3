"""The root of the command line. Commands are listed here and imported when called, so that `--help` answers at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup


class Entry(NamedTuple):
    """Where a command lies, `module:function` or `module:app` for a group, and its line in the help."""

    place: str
    help: str


COMMANDS: Mapping[str, Entry] = {
    "demo": Entry("demo:demo", "Play three real policies into a mail catcher, then serve the result."),
    "up": Entry("run:up", "Run broker, worker, beat and web as one process tree."),
    "web": Entry("run:web", "Run the web pages alone."),
    "worker": Entry("run:worker", "Run a worker alone."),
    "beat": Entry("run:beat", "Run beat alone."),
    "migrate": Entry("run:migrate", "Bring the database up to date."),
    "municipality": Entry("municipality:app", "Add a municipality."),
    "user": Entry("municipality:user_app", "Add users."),
    "officials": Entry("officials:app", "Bodies, posts, persons, appointments and meetings from CSV or XLSX."),
    "import": Entry("policy:import_policies", "Read policy documents; propose their duties, or confirm them."),
    "sweep": Entry("pulse:sweep", "One pulse for every lifecycle."),
    "deliver": Entry("pulse:deliver", "Compose and send what is in the outbox."),
    "forecast": Entry("forecast:forecast", "Every mail that would leave, and why."),
    "case": Entry("case:app", "Decide about a case: more time, approved, sent back, closed."),
    "explain": Entry("explain:explain", "Why a mail was sent, or why nothing was."),
    "mail": Entry("mail:app", "Preview mails with sample content."),
    "journal": Entry("journal:app", "Check the journal's hash chains."),
    "doctor": Entry("doctor:doctor", "Look whether everything this installation needs is in order."),
    "docs": Entry("docs:app", "Write the generated pages in docs/ anew."),
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
        found.command(name)(command)
    found._add_completion = False  # noqa: SLF001 - only the root would know how to complete
    found.rich_markup_mode = None
    return typer.main.get_command(found)


root = typer.Typer(
    cls=_Lazy,
    name="styrhjul",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="Turns what a municipality has decided into what somebody does, on time.",
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
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    del version


def main() -> int:
    """Run the command line; return 0 done, 1 failed, 2 wrong usage. A failure is one line on stderr."""
    try:
        typer.main.get_command(root)(prog_name="styrhjul")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except Exception as error:
        if os.environ.get("STYRHJUL_LOG_LEVEL", "").upper() == "DEBUG":
            raise
        print(f"styrhjul: {_one_line(error)}", file=sys.stderr)
        return 1
    return 0


def _one_line(error: Exception) -> str:
    """Word a failure: our own speak for themselves, others say what they are and how to see more."""
    from config.logging import masked

    text = masked(" ".join(str(error).split()))
    if type(error).__module__.partition(".")[0] in ("styrhjul", "config", "tasks", "workflows"):
        return str(text)
    if type(error).__module__.startswith("sqlalchemy") and (cause := getattr(error, "orig", None)):
        return str(masked(f"the database said: {' '.join(str(cause).split())}"))
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    return f"{type(error).__name__}: {text} (STYRHJUL_LOG_LEVEL=DEBUG shows where)"
