"""The house rules as functions: a file goes in, complaints come out, each saying what to do instead."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from styrhjul.domain.vocabulary import LifecycleKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("styrhjul", "workflows", "tasks", "config")
PROOF = ("tests", "bench")

FILE_LINES = 400
FUNCTION_LINES = 50
TEST_LINES = 25
FOLDERS = 3
NO_ROOM = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "processor", "data", "info"}
NO_CLASS = ("Manager", "Helper", "Processor", "Utils", "Info")
#: Entry points read the clock and hand it on as `now` or `today`.
CLOCKS = ("config/clock.py", "styrhjul/cli/", "styrhjul/web/", "tasks/")
CLOCK_READS = {
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
}
#: Where an id is born. Elsewhere it is an argument, so that a run can be repeated.
BIRTHPLACES = (*CLOCKS, "styrhjul/services/", "styrhjul/db/")
IDS = {"uuid.uuid1", "uuid.uuid4", "uuid.uuid7"}
#: Where a word that is a lifecycle's key means something else.
OTHER_WORDS: dict[str, set[str]] = {
    "styrhjul/domain/vocabulary.py": {*LifecycleKey},  # where they are written
    "styrhjul/mail/sample_case.py": {*LifecycleKey},  # the beginnings of the mails' keys
    "styrhjul/db/course_model.py": {"referral"},  # the table
    "styrhjul/db/register_trigger.py": {"currency_review"},  # the setting
    "styrhjul/services/municipality/practice.py": {"currency_review"},  # the setting
    "styrhjul/cli/practice.py": {"currency_review"},
    "styrhjul/web/official/settings_practice.py": {"currency_review"},
    "styrhjul/web/official/settings_words.py": {"currency_review"},
    "styrhjul/cli/run.py": {"revision"},  # of the database
}
LATER = {"eta", "countdown", "autoretry_for", "retry_backoff"}


@dataclass(frozen=True, slots=True)
class Module:
    """A Python file; `path` is relative to the clone."""

    path: PurePosixPath
    source: str

    @property
    def tree(self) -> ast.Module:
        return _parse(self.source)

    @property
    def is_product(self) -> bool:
        return self.path.parts[0] in ROOMS

    @property
    def is_history(self) -> bool:
        """A migration is written once, whole, and never touched again: its size is nobody's burden."""
        return "versions" in self.path.parts

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))

    def calls(self) -> Iterator[tuple[ast.Call, str]]:
        """Each call with the full name of what is called, as far as the imports tell."""
        names = dict(_imported(self.tree))
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                first, *rest = ast.unparse(node.func).split(".")
                yield node, ".".join([names.get(first, first), *rest])


@cache
def _parse(source: str) -> ast.Module:
    return ast.parse(source)


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((each.asname or each.name.split(".")[0], each.name) for each in node.names if each.asname)
        elif isinstance(node, ast.ImportFrom):
            yield from ((each.asname or each.name, f"{node.module}.{each.name}") for each in node.names)


def is_in(path: PurePosixPath, places: tuple[str, ...]) -> bool:
    return str(path).startswith(places)


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


# -- the rules: (module) -> complaints -----------------------------------------------------------------------------


def opens_with_its_subject(module: Module) -> Iterator[str]:
    if not ast.get_docstring(module.tree):
        yield "say in a docstring of one to five lines what lives here"


def is_short(module: Module) -> Iterator[str]:
    lines = module.source.count("\n")
    if lines > FILE_LINES and not module.is_history:
        yield f"{lines} lines: find the second subject and give it a file (at most {FILE_LINES})"


def has_short_functions(module: Module) -> Iterator[str]:
    for function in () if module.is_history else module.functions():
        bound = TEST_LINES if function.name.startswith("test_") else FUNCTION_LINES
        if length(function) > bound:
            yield f"{function.lineno}: {function.name} has {length(function)} lines: name its steps (at most {bound})"


def lies_near_the_door(module: Module) -> Iterator[str]:
    folders = len(module.path.parts) - 1 - ("migrations" in module.path.parts)
    if folders > FOLDERS:
        yield f"{folders} folders deep: move it up (at most {FOLDERS})"


def has_a_room(module: Module) -> Iterator[str]:
    words = {word for part in (*module.path.parent.parts, module.path.stem) for word in part.split("_")}
    if found := sorted(words & NO_ROOM):
        yield f"called {', '.join(found)}: name it after its subject, or ask which room it belongs to"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef) and node.name.endswith(NO_CLASS):
            yield f"{node.lineno}: class {node.name}: name it after the thing it is"
    for function in module.functions() if module.is_product else ():
        if function.name.startswith(("do_", "handle_")):
            yield f"{function.lineno}: {function.name}: use the verb for what it does"


def takes_the_day_as_an_argument(module: Module) -> Iterator[str]:
    if not module.is_product:
        return
    for call, name in module.calls():
        if name in CLOCK_READS and not is_in(module.path, CLOCKS):
            yield f"{call.lineno}: {name}(): take `now` or `today` as an argument; only entry points read the clock"
        elif name.startswith("random."):
            yield f"{call.lineno}: {name}(): chance has no place here; secrets come from `secrets`"
        elif name in IDS and not is_in(module.path, BIRTHPLACES):
            yield f"{call.lineno}: {name}(): take the id as an argument"


def leaves_time_to_the_database(module: Module) -> Iterator[str]:
    if not module.is_product:
        return
    for call, name in module.calls():
        later = sorted(LATER & {keyword.arg for keyword in call.keywords if keyword.arg})
        if later:
            yield f"{call.lineno}: {', '.join(later)}=: store when it is due in a row; the next pulse finds it"
        if name.endswith("crontab"):
            yield f"{call.lineno}: crontab(): beat is a pulse of 30 s; dates belong to the planner"
        if name.endswith(".retry"):
            yield f"{call.lineno}: retry(): the row says when it is tried again"


def tells_whether_it_failed(module: Module) -> Iterator[str]:
    """A test asserts something, and is never left out."""
    for call, name in module.calls():
        if re.fullmatch(r"pytest\.(skip|importorskip|xfail|mark\.(skip|skipif|xfail))", name):
            yield f"{call.lineno}: {name}: mend it, or mark what it needs (browser, faults)"
    for function in module.functions():
        if function.name.startswith("test_") and not _asserts(function):
            yield f"{function.lineno}: {function.name} asserts nothing"


def _asserts(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(
        isinstance(node, ast.Assert)
        or (
            isinstance(node, ast.Call) and re.search(r"(^|\.|_)(raises|assert|warns|run_state)", ast.unparse(node.func))
        )
        for node in ast.walk(function)
    )


def takes_a_lifecycle_by_its_name(module: Module) -> Iterator[str]:
    """A key compared as a bare string would go silent when it is misspelt; a name that is missing is an error."""
    if not module.is_product or module.is_history or module.path.parts[0] == "workflows":
        return
    keys: set[str] = {*LifecycleKey} - OTHER_WORDS.get(str(module.path), set())
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and node.value in keys:
            yield f'{node.lineno}: "{node.value}": write LifecycleKey.{node.value.upper()}'


RULES: tuple[Callable[[Module], Iterator[str]], ...] = (
    opens_with_its_subject,
    is_short,
    has_short_functions,
    lies_near_the_door,
    has_a_room,
    takes_the_day_as_an_argument,
    leaves_time_to_the_database,
    takes_a_lifecycle_by_its_name,
    tells_whether_it_failed,
)


# -- the tree ------------------------------------------------------------------------------------------------------


@cache
def modules() -> tuple[Module, ...]:
    found = (path for room in (*ROOMS, *PROOF) for path in sorted((ROOT / room).rglob("*.py")))
    return tuple(Module(PurePosixPath(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in found)


def complaints(rule: Callable[[Module], Iterator[str]], among: tuple[Module, ...]) -> list[str]:
    return [f"{module.path}: {complaint}" for module in among for complaint in rule(module)]


def p95(lengths: list[int]) -> int:
    return sorted(lengths)[int(len(lengths) * 0.95)]


@cache
def texts() -> tuple[tuple[str, str], ...]:
    """Every file that is, or is about to be, under version control, with its text."""
    paths = [path for path in map(ROOT.joinpath, _listed() or _walked()) if path.is_file()]
    return tuple((str(path.relative_to(ROOT)), path.read_text(encoding="utf-8", errors="replace")) for path in paths)


def _listed() -> list[str]:
    """Git refuses a clone of another's unless told, and is not there at all in an unpacked archive."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    if not shutil.which("git"):
        return []
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    return [name for name in listed.split("\0") if name]


def _walked() -> list[str]:
    inside = (path for room in (*ROOMS, *PROOF, "docs", "templates", "examples") for path in (ROOT / room).rglob("*"))
    return [str(path.relative_to(ROOT)) for path in (*ROOT.glob("*"), *inside)]


#: Put together here, so that this file does not complain of itself.
FOREIGN = {
    "a path of somebody's machine": r"(?<![\w.])/(?:"
    + "|".join(["wo" + "rk", "ro" + "ot", "ho" + "me", "Us" + "ers"])
    + ")/",
    "a package registry": "|".join(
        ["py" + r"pi\.org", "python" + "hosted", "np" + r"mjs\.", "index" + "-url", "/opt/" + "py"]
    ),
}


def bare_keys(template: str) -> Iterator[str]:
    """The lifecycles' keys that a template compares something with."""
    for code in re.findall(r"{[{%].*?[%}]}", template):
        for compared in re.findall(r'(?:==|!=|\bin)\s*(\([^)]*\)|"\w+")', code):
            yield from sorted(set(re.findall(r'"(\w+)"', compared)) & set(LifecycleKey))


def foreign(name: str, text: str) -> Iterator[str]:
    for what, pattern in FOREIGN.items():
        for number, line in enumerate(text.splitlines(), 1):
            if re.search(pattern, line):
                yield f"{name}:{number}: {what}: take it out"
