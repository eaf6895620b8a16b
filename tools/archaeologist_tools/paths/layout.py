"""How a rewritten expression fits into its line."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.paths.built import NotBuilt

if TYPE_CHECKING:
    from archaeologist_tools.engine.view import View

_INDENT = "    "
_TEXT = "str("
_WHOLE = (ast.Assign, ast.Return)


def laid_out(node: ast.expr, code: str, view: View, *, assigned: bool) -> tuple[int, int, str]:
    """The bytes that are replaced and what by; a value too long for its line gets lines of its own, in parentheses.

    Args:
        node: what is replaced.
        code: its new source.
        view: the module.
        assigned: it is the whole value of an assignment, so that parentheses may stand around it.

    Raises:
        NotBuilt: it does not fit.
    """
    for start, end in (_with_margins(node, view), view.module.extent(node)):
        if fits(start, end, code, view):
            return start, end, code
    indent, limit, _ = _measured(start, end, view)
    opening, inner = ("(", code) if assigned else (_TEXT, code.removeprefix(_TEXT).removesuffix(")"))
    asked = code.startswith(_TEXT) and isinstance(view.index.parents[node], _WHOLE)
    if not (assigned or asked) or len(indent) + len(_INDENT) + len(inner) > limit:
        raise NotBuilt("too-long")
    newline, step = view.module.newline, "\t" if indent.startswith("\t") else _INDENT
    return start, end, f"{opening}{newline}{indent}{step}{inner}{newline}{indent})"


def fits(start: int, end: int, code: str, view: View) -> bool:
    """Whether a line stays as short as the lines of its file with new source in a place."""
    _, limit, length = _measured(start, end, view)
    return length + len(code) <= limit


def _measured(start: int, end: int, view: View) -> tuple[str, int, int]:
    """The indent of the line, how long it may get, and how long it is without what is replaced."""
    module = view.module
    first, last = module.position(start)[0], module.position(end)[0]
    before = module.data[module.starts[first - 1] : start].decode(module.encoding)
    after = module.data[end : module.starts[last]].decode(module.encoding).rstrip()
    present = max(len(module.line(number).rstrip()) for number in range(first, last + 1))
    return before[: len(before) - len(before.lstrip())], max(present, view.line_limit), len(before) + len(after)


def _with_margins(node: ast.expr, view: View) -> tuple[int, int]:
    """The place of a call's one argument, with the line breaks between it and the parentheses."""
    start, end = view.module.extent(node)
    call = view.index.parents[node]
    if not isinstance(call, ast.Call) or call.args != [node] or call.keywords:
        return start, end
    opening, closing = view.module.extent(call.func)[1], view.module.extent(call)[1] - 1
    data = view.module.data
    if data[opening:start].strip() != b"(" or data[end:closing].strip():
        return start, end
    return opening + data[opening:start].index(b"(") + 1, closing
