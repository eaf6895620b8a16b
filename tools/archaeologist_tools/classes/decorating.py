"""Functions of a class that a later assignment wraps, written with a decorator."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist_tools.source.blank_lines import missing_around, with_gap
from archaeologist_tools.source.composed_names import is_listed, may_be_composed, may_name
from archaeologist_tools.source.module import first_line
from archaeologist_tools.source.removal import removal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist_tools.engine.view import View


@dataclass(frozen=True)
class Decorated:
    """A function that gets a decorator.

    Attributes:
        function: the function.
        decorator: the text behind `@`.
        name: what it is called from now on.
    """

    function: ast.FunctionDef
    decorator: str
    name: str


def function_of(name: ast.expr, statement: ast.Assign, view: View) -> ast.FunctionDef | None:
    """The function of the same block, above a statement, that is all a name stands for in its class."""
    owner = view.index.parents[statement]
    if not isinstance(name, ast.Name) or not isinstance(owner, ast.ClassDef):
        return None
    found = [node for node in owner.body if isinstance(node, ast.FunctionDef) and node.name == name.id]
    kept = [node for node in found if node.lineno < statement.lineno]
    return found[0] if len(found) == len(kept) == 1 else None


def bindings(name: str, owner: ast.ClassDef, view: View) -> int:
    """How often the body of a class binds a name."""
    return len(view.types.scopes.bindings(owner, name))


def reads(name: str, owner: ast.ClassDef, view: View) -> int:
    """How often the body of a class itself reads a name, bodies of functions aside, or takes it away."""
    uses = {node for node in view.index.names.get(name, ()) if not isinstance(node.ctx, ast.Store)}
    inside = {node for node in uses if view.types.scopes.around(node) is owner}
    rest = uses - inside
    return len(inside) + (sum(node in rest for node in _annotations(owner)) if rest else 0)


def _annotations(owner: ast.ClassDef) -> Iterator[ast.AST]:
    for function in owner.body:
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            places = [
                function.returns,
                *(node.annotation for node in ast.walk(function.args) if isinstance(node, ast.arg)),
            ]
            yield from (node for place in places if place is not None for node in ast.walk(place))


def only_used_here(name: str, owner: ast.ClassDef, view: View) -> bool:
    """Whether nothing but one statement of its class knows a private function by its name."""
    if not name.startswith("_") or name.endswith("__"):
        return False
    mangled = f"_{owner.name.lstrip('_')}{name}"
    known = {name, mangled}
    used = any(part in view.index.attributes or part in view.facts.lookups.uses for part in known)
    bound = view.index.bound[name] == 1 and len(view.index.names.get(name, ())) == 1
    return not used and bound and not any(_is_known(part, owner, view) for part in known)


def _is_known(name: str, owner: ast.ClassDef, view: View) -> bool:
    """Whether texts may name a function of a class, or somebody lists what the class has."""
    named = any(may_name(text, name) for text in view.index.texts)
    composed = may_be_composed(name, view.index, of_texts=True) or view.facts.lookups.is_composed(name)
    return named or composed or is_listed(owner.name, view.index)


def decorated(functions: Sequence[Decorated], statement: ast.Assign, view: View) -> tuple[int, int, str] | None:
    """The text from the first of some functions to the statement, with decorators and without the statement.

    Returns:
        Start, end and text; None when the layout is in the way.
    """
    module = view.module
    gone = removal(statement, module, view.index)
    if gone is None or gone[2]:
        return None
    changes = [change for function in functions for change in (*_gap(function, view), *_changes(function, view))]
    end = with_gap(gone[0], gone[1], module)
    changes.append((_without_last_gap(gone[0], end, view), end, ""))
    start = min(change[0] for change in changes)
    text, place = [], start
    for first, last, new in sorted(changes, key=lambda change: change[:2]):
        text += [module.data[place:first].decode(module.encoding), new]
        place = last
    return start, end, "".join(text)


def _without_last_gap(start: int, end: int, view: View) -> int:
    """Where what goes begins: at the end of a file, the blank lines above go, too."""
    module = view.module
    line = module.position(start)[0]
    while end == len(module.data) and not module.line(line - 1).strip():
        line -= 1
    return module.starts[line - 1]


def _gap(item: Decorated, view: View) -> Iterator[tuple[int, int, str]]:
    """The blank line above a function that stood right below another one; nobody overlooks a decorator there."""
    module, block = view.module, view.index.block_of(item.function)
    line, missing, _ = missing_around(item.function, block, module, 1, lambda _: False)
    if missing:
        yield module.starts[line - 1], module.starts[line - 1], module.newline


def _changes(item: Decorated, view: View) -> Iterator[tuple[int, int, str]]:
    """The new decorator, and the new name when there is one, as places and texts."""
    module, function = view.module, item.function
    first = first_line(function)
    begin, line = module.starts[first - 1], module.line(first).decode(module.encoding)
    indent = line[: len(line) - len(line.lstrip())]
    yield begin, begin, f"{indent}@{item.decorator}{module.newline}"
    if item.name != function.name:
        start = module.extent(function)[0]
        found = re.compile(rb"def[ \t\f]+" + function.name.encode(module.encoding) + rb"\b").match(module.data, start)
        if found is not None:
            yield found.end() - len(function.name.encode(module.encoding)), found.end(), item.name
