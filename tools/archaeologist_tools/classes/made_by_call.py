"""Classes that a call makes from a list of names, such as `namedtuple('Point', 'x y')`, written as class statements."""

from __future__ import annotations

import ast
import keyword
from typing import TYPE_CHECKING

from archaeologist_tools.source.blank_lines import missing_around

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archaeologist_tools.engine.view import View

_BLANK_LINES = 2


def is_named_itself(statement: ast.stmt, view: View) -> bool:
    """Whether a statement is `X = call('X', ...)` at the top level of a module, the only binding of that name."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(args=[ast.Constant(value=given), *_])):
            at_top = not any(isinstance(parent, _SCOPES) for parent in view.index.ancestors(statement))
            return at_top and given == name and view.index.bound[name] == 1
    return False


_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def names_in(node: ast.expr) -> list[str] | None:
    """The names that a text such as `'x y'` or `'x, y'`, or a list of texts, holds; None for anything else."""
    match node:
        case ast.Constant(value=str(text)):
            names = text.replace(",", " ").split()
        case ast.List(elts=items) | ast.Tuple(elts=items):
            names = [item.value for item in items if isinstance(item, ast.Constant) and isinstance(item.value, str)]
            if len(names) < len(items):
                return None
        case _:
            return None
    return names if are_plain(names) else None


def are_plain(names: Sequence[str]) -> bool:
    """Whether names can be the attributes of a class statement, and mean nothing to Python."""
    fine = all(name.isidentifier() and not keyword.iskeyword(name) and not name.startswith("_") for name in names)
    return fine and len(set(names)) == len(names) > 0


def as_class(
    statement: ast.Assign, base: str, body: Sequence[str], view: View, also: Callable[[ast.stmt], bool]
) -> tuple[int, int, str] | None:
    """The class statement in the place of an assignment, with the blank lines it needs around.

    Args:
        statement: the assignment.
        base: the base in the header.
        body: the lines of the class, without indentation.
        view: the file.
        also: whether the statement above is rewritten in the same way, and brings its own blank lines.

    Returns:
        Start, end and text; None when something else, or a comment, is on the lines.
    """
    module, newline = view.module, view.module.newline
    name = statement.targets[0].id if isinstance(statement.targets[0], ast.Name) else ""
    start, behind = module.starts[statement.lineno - 1], module.starts[statement.end_lineno or statement.lineno]
    begin, end = module.extent(statement)
    indent = module.data[start:begin].decode(module.encoding)
    if indent.strip() or module.data[end:behind].strip() or b"#" in module.data[start:behind]:
        return None
    first, above, below = missing_around(statement, view.index.block_of(statement), module, _BLANK_LINES, also)
    comment = module.data[module.starts[first - 1] : start].decode(module.encoding)
    inner = indent + ("\t" if indent.endswith("\t") else "    ")
    lines = [f"{indent}class {name}({base}):", *(f"{inner}{line}" for line in body)]
    text = comment + newline.join(lines) + newline * (1 + below)
    return module.starts[first - 1], behind, newline * above + text
