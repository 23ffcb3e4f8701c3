"""The limited child that writes a municipality's own words out: one job a line in, one answer a line out.

It may use two seconds a job and 300 MB, opens no file and no socket, and knows nothing but the job. Its answer is
`{"said": …}` or `{"error": …}`; when a limit ends it there is none.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from styrhjul.mail import swedish

CPU_SECONDS = 2
MEMORY_BYTES = 300 * 1024 * 1024
MOST_OUTPUT = 64 * 1024
_STANDARD_FILES = 3
_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905 - twelve words
)
_TODAY = "today"

Filter = Callable[[Any], str]


def _english_day(on: date) -> str:
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


#: What may stand after a bar, by language. `day` and `weekday` take the mail's own day into account.
FILTERS: Mapping[str, tuple[str, ...]] = {
    "sv": ("day", "weekday", "number", "start", "inside", "definite"),
    "en": ("day", "start"),
}


def filters_for(language: str, today: date) -> dict[str, Filter]:
    """Return the language's filters. A day that is not known stays empty."""
    if language == "en":
        return {"day": lambda on: _english_day(on) if on else "", "start": swedish.start}
    return {
        "day": lambda on: swedish.day(on, today) if on else "",
        "weekday": lambda on: swedish.weekday(on, today) if on else "",
        "number": swedish.number,
        "start": swedish.start,
        "inside": swedish.inside,
        "definite": swedish.definite,
    }


def answer(line: str) -> dict[str, str]:
    """Do one job. Whatever goes wrong is said in the answer."""
    try:
        job = json.loads(line)
        values = {name: _value(value) for name, value in job["values"].items()}
        environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
        environment.filters = dict(filters_for(job["language"], values[_TODAY]))
        environment.globals = {}
        said, length = [], 0
        for piece in environment.from_string(job["text"]).generate(values):
            length += len(piece)
            if length > MOST_OUTPUT:
                return {"error": "OutputTooLong"}
            said.append(piece)
        return {"said": "".join(said)}
    except Exception as error:  # noqa: BLE001 - a stranger's text may fail in any way
        return {"error": f"{type(error).__name__}: {error}"[:300]}


def _value(value: object) -> Any:  # noqa: ANN401 - a text, a number or a day
    return date.fromisoformat(value["date"]) if isinstance(value, dict) else value


def _limit() -> None:
    """From here on nothing is opened, and no memory taken beyond the bound."""
    for text in ("{{ 'å' }}", "{{ }}", "{{ unknown }}"):  # what is read in late is read in now
        answer(json.dumps({"text": text, "language": "sv", "values": {_TODAY: {"date": "2027-01-01"}}}))
    importlib.import_module("jinja2.debug")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_STANDARD_FILES, _STANDARD_FILES))


def _allow_one_more() -> None:
    """Give the next job its seconds; whoever uses them up is ended by the system."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + CPU_SECONDS, hard))


def main() -> None:
    """Answer until the input ends."""
    _limit()
    for line in sys.stdin:
        _allow_one_more()
        sys.stdout.write(f"{json.dumps(answer(line))}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
