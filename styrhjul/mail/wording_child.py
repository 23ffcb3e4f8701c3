"""The limited child that writes a municipality's own words out: one job a line in, one answer a line out.

It may use two seconds a job and 300 MB, opens no file and no socket, and knows nothing but the job. Its answer is
`{"said": …}` or `{"error": …}`; when a limit ends it there is none.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable
from datetime import date
from typing import Any

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from styrhjul.confined.limits import Limits, confine
from styrhjul.mail.language import LANGUAGES
from styrhjul.mail.wording_names import DAY_FILTERS, FILTERS

CPU_SECONDS = 2
#: Its seconds are given job by job.
LIMITS = Limits(cpu_seconds=None, memory_bytes=300 * 1024 * 1024)
MOST_OUTPUT = 64 * 1024
_TODAY = "today"

Filter = Callable[[Any], str]


def filters_for(language: str, today: date) -> dict[str, Filter]:
    """Return what may stand after a bar, from the language's own grammar. A day that is not known stays empty."""
    grammar = LANGUAGES[language]
    found: dict[str, Filter] = {name: getattr(grammar, name) for name in FILTERS}
    return found | {name: _on(found[name], today) for name in DAY_FILTERS}


def _on(said: Callable[..., str], today: date) -> Filter:
    return lambda on: said(on, today) if on else ""


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
    every = [f"{{{{ {value} | {name} }}}}" for name in FILTERS for value in (_TODAY, "1", "'å'")]
    for text in ("{{ }}", "{{ unknown }}", *every):  # what is read in late is read in now
        for language in LANGUAGES:
            answer(json.dumps({"text": text, "language": language, "values": {_TODAY: {"date": "2027-01-01"}}}))
    importlib.import_module("jinja2.debug")
    confine(LIMITS, is_kept=True)


def _allow_one_more() -> None:
    """Give the next job its seconds; whoever uses them up is ended by the system."""
    import resource  # noqa: PLC0415 - only Unix has it, and only the child needs it

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
