"""The words that typer itself would say in English: the frame of the help, and what is wrong with a command line.

This module alone reaches into typer: it offers no translation of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from typer._click.core import Context
from typer._click.exceptions import BadParameter, MissingParameter, NoArgsIsHelpError, NoSuchOption, UsageError
from typer._click.formatting import HelpFormatter
from typer.core import TyperGroup

_HEADINGS = {"Options": "Val", "Commands": "Kommandon", "Arguments": "Argument"}
_HELP = "Show this message and exit."
_EXTRAS = ((r"\[(.*)required\]", r"[\1måste anges]"), (r"\[default: ", "[annars: "), (r"\(dynamic\)", "beräknas"))
_SAID = (
    (r"No such command (.*)\.", r"kommandot \1 finns inte"),
    (r"Missing command\.", "skriv ett kommando"),
    (r"Got unexpected extra argument\(s\) \((.*)\)", r"för mycket skrivet: \1"),
    (r"Option (.*) requires an argument\.", r"skriv ett värde efter \1"),
    (r"Option (.*) does not take a value\.", r"\1 tar inget värde"),
    (r"does not match the format", "skriv datumet som 2027-03-24"),
    (r"is not one of (.*)\.", r"skriv något av \1"),
    (r"valid datetime or date", "skriv datumet som 2027-03-24"),
    (r"valid integer", "skriv ett heltal"),
    (r"valid number", "skriv ett tal"),
    (r"less than or equal to (\d+)", r"skriv \1 eller mindre"),
    (r"greater than or equal to (\d+)", r"skriv \1 eller mer"),
    (r"'(.*)' does not exist", r"\1 finns inte"),
    (r"'(.*)' is a directory", r"\1 är en mapp"),
    (r"'(.*)' is a file", r"\1 är ingen mapp"),
    (r"'(.*)' is not (?:readable|writable)", r"\1 får inte läsas eller skrivas av dig"),
    (r"^Input should|^Value .* is not a valid", "värdet går inte att läsa"),
    (r"(\d+) values are required", r"\1 värden behövs"),
)


class _SwedishFormatter(HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        args = args.replace("[OPTIONS]", "[VAL]").replace("COMMAND [ARGS]...", "KOMMANDO …")
        args = re.sub(r"[{}]", "", args)  # required arguments need no mark: optional ones have brackets
        args = re.sub(r"(?:\.\.\.|…)+", "…", args)  # ours says that there may be several, and so does typer's
        super().write_usage(prog, args, prefix or "Så här: ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(_HEADINGS.get(heading, heading))

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl(
            [(re.sub(r" <[^<>]+>$", "", name), _in_swedish(text)) for name, text in rows], col_max, col_spacing
        )


class _SwedishContext(Context):
    formatter_class = _SwedishFormatter


def speak_swedish(command: Any) -> Any:  # noqa: ANN401 - typer's command is not exported
    """Let a command and those below it word their help in Swedish; return the command."""
    command.context_class = _SwedishContext
    if isinstance(command, TyperGroup):
        for below in command.commands.values():
            speak_swedish(below)
    return command


def refusal(wrong: UsageError) -> str:
    """Return what is wrong with a command line, and where its help is."""
    if isinstance(wrong, NoArgsIsHelpError):
        return wrong.format_message()
    where = f"\nHjälp: {wrong.ctx.command_path} --help" if wrong.ctx else ""
    return f"styrhjul: {_fault(wrong)}{where}"


def _fault(wrong: UsageError) -> str:
    if isinstance(wrong, MissingParameter):
        return f"{_name(wrong)} saknas"
    if isinstance(wrong, NoSuchOption):
        near = f". Menade du {' eller '.join(sorted(wrong.possibilities))}?" if wrong.possibilities else ""
        return f"{wrong.option_name} finns inte{near}"
    if isinstance(wrong, BadParameter) and wrong.param is not None:
        return f"{_name(wrong)}: {_worded(wrong.message)}"
    return _worded(wrong.message)


def _worded(message: str) -> str:
    for pattern, swedish in _SAID:
        if found := re.search(pattern, message):
            return found.expand(swedish)
    return message


def _name(wrong: BadParameter) -> str:
    """Return what a person writes: the option's name, or the argument's place."""
    param = wrong.param
    if param is None:
        return str(wrong.param_hint or "något")
    return param.opts[-1] if param.param_type_name == "option" else str(param.metavar or param.name)


def _in_swedish(text: str) -> str:
    if text == _HELP:
        return "Visa den här hjälpen."
    for pattern, swedish in _EXTRAS:
        text = re.sub(pattern, swedish, text)
    return text
