"""A property made of a lambda, as a function with a decorator."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from archaeologist_tools.source.blank_lines import missing_around
from archaeologist_tools.source.removal import removal

if TYPE_CHECKING:
    from archaeologist_tools.engine.view import View

# A text that can stand in a docstring as it is.
_PLAIN = re.compile(r"[^\\\"'\r\n]+")


def is_lambda_property(statement: ast.stmt) -> bool:
    """Whether a statement is `name = property(lambda self: ...)`, perhaps with a `doc`."""
    match statement:
        case ast.Assign(
            targets=[ast.Name()],
            value=ast.Call(func=ast.Name(id="property"), args=[ast.Lambda()], keywords=[] | [ast.keyword(arg="doc")]),
        ):
            return True
    return False


def property_of_lambda(statement: ast.Assign, view: View) -> tuple[int, int, str] | None:
    """The function with its decorator, and the blank lines it needs around.

    Returns:
        Start, end and text; None when it is more than one line, or does not fit.
    """
    module, newline = view.module, view.module.newline
    name, call = statement.targets[0], statement.value
    gone = removal(statement, module, view.index)
    if gone is None or not isinstance(call, ast.Call) or not isinstance(name, ast.Name):
        return None
    getter = call.args[0]
    doc = _docstring(call.keywords[0].value) if call.keywords else ""
    text = module.segment(statement)
    if not isinstance(getter, ast.Lambda) or "\n" in text or "\r" in text or doc is None or not _takes_one(getter):
        return None
    start = module.starts[statement.lineno - 1]
    indent = module.data[start : module.extent(statement)[0]].decode(module.encoding)
    inner = indent + ("\t" if indent.endswith("\t") else " " * 4)
    lines = [f"{indent}@property", f"{indent}def {name.id}({getter.args.args[0].arg}):"]
    lines += [f'{inner}"""{doc}"""'] if doc else []
    lines.append(f"{inner}return {module.segment(getter.body)}")
    if max(map(len, lines)) > view.line_limit:
        return None
    first, before, behind = missing_around(statement, view.index.block_of(statement), module, 1, is_lambda_property)
    last = module.starts[statement.lineno]
    comment = module.data[module.starts[first - 1] : start].decode(module.encoding)
    text = comment + newline.join(lines) + newline * (1 + behind)
    return module.starts[first - 1], last, newline * before + text


def _takes_one(getter: ast.Lambda) -> bool:
    """Whether a lambda takes one argument and nothing else, and is no generator."""
    arguments = getter.args
    others = [*arguments.posonlyargs, *arguments.kwonlyargs, *arguments.defaults, arguments.vararg, arguments.kwarg]
    yields = any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in ast.walk(getter))
    return len(arguments.args) == 1 and not any(others) and not yields


def _docstring(node: ast.expr) -> str | None:
    text = node.value if isinstance(node, ast.Constant) else None
    return text if isinstance(text, str) and _PLAIN.fullmatch(text) else None
