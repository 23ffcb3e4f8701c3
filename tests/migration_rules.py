"""What a migration may do while the version before it is still at work (decision 0066), read from its source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

#: Tables that grow for as long as the program runs: to make an index in their way would hold up everybody.
BIG = frozenset(
    {
        *("answer", "answer_link", "attachment", "case", "case_duty", "goal", "inbound_mail", "journal_entry"),
        *("mail", "mail_attempt", "mail_item", "notice", "wake", "webhook_message"),
    }
)
_TAKES_AWAY = {"drop_column", "drop_table", "rename_table", "drop_constraint"}
_BINDS = {"create_unique_constraint", "create_check_constraint", "create_foreign_key", "create_exclude_constraint"}
_BY_HAND = re.compile(r"\b(DROP|ALTER|RENAME|TRUNCATE|LOCK\s+TABLE|CREATE\s+(UNIQUE\s+)?INDEX)\b", re.IGNORECASE)
#: Stands above what is excused, or on its line: this is the version after the one that let go of it.
_EXCUSE = re.compile(r"#\s*contracts:\s*\S.{14,}")


def faults(source: str) -> list[str]:
    """Return what the version before would not survive, or would be held up by, as `line: why`; not the way back."""
    tree = ast.parse(source)
    tree.body = [part for part in tree.body if getattr(part, "name", "") != "downgrade"]
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    made = {table for call in calls if _name(call) == "create_table" and (table := _text(call, 0))}
    lines = source.splitlines()
    found = [(call.lineno, why) for call in calls for why in _faults(call, made)]
    found += [(call.lineno, "an index beside the traffic needs a file of its own") for call in _not_alone(calls)]
    return [f"{number}: {why}" for number, why in sorted(found) if not _is_excused(lines, number)]


def _faults(call: ast.Call, made: set[str]) -> Iterator[str]:
    name, keywords = _name(call), {each.arg: each.value for each in call.keywords}
    if name in _TAKES_AWAY:
        yield f"{name}: the version before reads it"
    if name in _BINDS:
        yield f"{name}: the version before does not keep to it, and every row is read under a lock"
    if name == "alter_column" and set(keywords) & {"new_column_name", "type_"}:
        yield "alter_column: the version before knows it by its old name and kind"
    if name == "alter_column" and _is(keywords.get("nullable"), value=False):
        yield "alter_column: the version before leaves it empty"
    if name == "add_column" and any(_must_be_given(part) for part in ast.walk(call) if isinstance(part, ast.Call)):
        yield "add_column: the version before leaves it empty; give it a server_default"
    if name in ("create_index", "drop_index") and _indexed(call) not in made:
        yield from _of_big(call)
    if name in ("execute", "exec_driver_sql", "text") and any(map(_BY_HAND.search, _texts(call))):
        yield f"{name}: changes tables by hand"


def _of_big(call: ast.Call) -> Iterator[str]:
    table = _indexed(call)
    if table is None or table in BIG:
        yield f"{_name(call)}: {table or 'a table'} is big; see styrhjul/db/migrate_index.py"


def _must_be_given(call: ast.Call) -> bool:
    keywords = {each.arg: each.value for each in call.keywords}
    return _name(call) == "Column" and _is(keywords.get("nullable"), value=False) and "server_default" not in keywords


def _not_alone(calls: list[ast.Call]) -> list[ast.Call]:
    """An index beside the traffic ends the transaction: what else is done would be done twice when it is repeated."""
    changing = [call for call in calls if isinstance(call.func, ast.Attribute) and _is_op(call.func.value)]
    return [call for call in calls if _name(call).endswith("_index_beside_traffic") and changing]


def _is_op(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "op"


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _text(call: ast.Call, place: int) -> str | None:
    given = call.args[place] if place < len(call.args) else None
    return given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else None


def _indexed(call: ast.Call) -> str | None:
    """The table of an index; None where it is not written out, as in a batch."""
    named = [each.value for each in call.keywords if each.arg == "table_name"]
    if named and isinstance(named[0], ast.Constant):
        return str(named[0].value)
    return _text(call, 1)


def _texts(call: ast.Call) -> Iterator[str]:
    for part in ast.walk(call):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def _is(node: ast.expr | None, *, value: bool) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


def _is_excused(lines: list[str], number: int) -> bool:
    return any(_EXCUSE.search(line) for line in lines[max(number - 2, 0) : number])
