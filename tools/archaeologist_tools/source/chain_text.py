"""Writing the `with` block for a file that is opened in the middle of a statement."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from archaeologist_tools.source.blocks import MAX_LINE, LayoutError, deeper, indentation, trailing, unit
from archaeologist_tools.source.with_statement import Written, ending, line_end

if TYPE_CHECKING:
    from archaeologist_tools.engine.view import View
    from archaeologist_tools.source.chained_open import Chain

_BREAK = re.compile(r"[ \t]*(?:\r\n?|\n)[ \t]*")


def write_chain(chain: Chain, view: View) -> Written:
    """Write a `with` block for a file that is opened in the middle of a statement.

    Raises:
        LayoutError: the lines cannot be moved without a loss; `code` says why.
    """
    module, statement = view.module, chain.statement
    indent, step = indentation(module, statement), unit(module, view.index, statement)
    comment = trailing(module, statement)
    newline = ending(statement, view)
    header = f"with {_one_line(module.segment(chain.opener.call))}" + (f" as {chain.name}:" if chain.name else ":")
    start, end = module.extent(statement)[0], line_end(statement, view)
    if not chain.name:
        return Written(start, end, f"{header}{comment}{newline}{indent}{step}pass")
    if chain.hoisted is not None:
        value = _replaced(chain.hoisted, chain, view)
        inner = f"{chain.result} = {_one_line(value)}"
        outer_start, outer_end = module.extent(chain.hoisted)
        rest = (
            module.data[start:outer_start].decode(module.encoding),
            module.data[outer_end:end].decode(module.encoding),
        )
        gap = newline if statement.lineno != statement.end_lineno and not isinstance(statement, ast.For) else ""
        text = f"{header}{newline}{indent}{step}{inner}{newline}{gap}{indent}{rest[0]}{chain.result}{rest[1]}"
        return Written(start, end, _checked(text, indent))
    if any(_spans_lines(node) for node in ast.walk(statement)) and not isinstance(statement, ast.For):
        raise LayoutError("layout")
    first_line, last_line = statement.lineno, statement.end_lineno or statement.lineno
    opened = module.extent(chain.opener.call)
    if module.position(opened[0])[0] != module.position(opened[1] - 1)[0]:
        first_end = module.position(opened[1] - 1)[0]
        if first_end != last_line or "\n" in module.data[start : opened[0]].decode(module.encoding):
            raise LayoutError("layout")
        text = _one_line(_replaced(statement, chain, view)) + comment
        return Written(start, end, _checked(f"{header}{newline}{indent}{step}{text}", indent))
    lines = deeper(module, first_line, last_line, within=indent, by=step)
    number = module.position(opened[0])[0] - first_line
    source = module.segment(chain.opener.call)
    place = opened[0] - module.starts[number + first_line - 1]
    prefix = module.line(number + first_line)[:place].decode(module.encoding)
    moved = lines[number]
    at = len(prefix) + len(moved) - len(module.line(number + first_line).decode(module.encoding))
    lines[number] = moved[:at] + chain.name + moved[at + len(source) :]
    text = "".join(lines).removesuffix("\n").removesuffix("\r")
    return Written(start, end, _checked(f"{header}{newline}{text}", indent))


def _spans_lines(node: ast.AST) -> bool:
    text = isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)))
    return text and node.lineno != node.end_lineno  # type: ignore[attr-defined]  # both are expressions


def _checked(text: str, indent: str) -> str:
    first = (indent + text).splitlines()[0]
    if len(first.expandtabs(8)) > MAX_LINE:
        raise LayoutError("too-long")
    return text


def _replaced(node: ast.expr | ast.stmt, chain: Chain, view: View) -> str:
    """The source of a node with the file's name in the place of the call that opens it."""
    module = view.module
    (start, end), (opened, closed) = module.extent(node), module.extent(chain.opener.call)
    before, after = module.data[start:opened], module.data[closed:end]
    return before.decode(module.encoding) + chain.name + after.decode(module.encoding)


def _one_line(text: str) -> str:
    if "\n" not in text and "\r" not in text:
        return text
    if any(part in text for part in ('"""', "'''", "\\", "#")):
        raise LayoutError("layout")
    flat = _BREAK.sub(" ", text)
    return flat.replace("( ", "(").replace("[ ", "[").replace(" )", ")").replace(" ]", "]").replace(",)", ")")
