"""Taking a `try` whose outcome is known out of the code."""

from __future__ import annotations

import ast
import builtins
import re
from typing import TYPE_CHECKING

from archaeologist_tools.python2.branches import ABOUT_VERSION, Undecided, check_comments
from archaeologist_tools.python2.dead import shapes_scope
from archaeologist_tools.python2.outdent import Blocks
from archaeologist_tools.source.index import dotted
from archaeologist_tools.source.module import first_line

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from archaeologist_tools.engine.view import View

_HEADER = re.compile(r"[ \t\f]*(?:try|except\b[^#:]*)[ \t]*:[ \t]*(?P<comment>#[^\r\n]*)?")


def catching(node: ast.Try, names: Collection[str]) -> ast.ExceptHandler:
    """The handler that runs for an exception, given by the names of its classes.

    Raises:
        Undecided: none surely does, or it uses the exception.
    """
    for handler in node.handlers:
        kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        if any(kind is None or dotted(kind) in names for kind in kinds):
            bare = any(isinstance(part, ast.Raise) and part.exc is None for part in ast.walk(handler))
            if handler.name or bare or "exc_info" in ast.dump(handler):
                raise Undecided("re-raise")
            return handler
        if not all(kind is not None and hasattr(builtins, dotted(kind)) for kind in kinds):
            break
    raise Undecided("optional")


def kept_attempt(node: ast.Try, handler: ast.ExceptHandler | None, view: View) -> tuple[int, int, str]:
    """What a `try` is when it is known how it ends.

    Args:
        node: the statement, without `else` and `finally`.
        handler: the handler that always runs; None when the attempt always succeeds.
        view: the file.

    Returns:
        The bytes to replace and the new text.

    Raises:
        Undecided: it has to stay.
    """
    blocks = Blocks(view.module)
    alive = node.body if handler is None else handler.body
    dead = [statement for other in node.handlers if other is not handler for statement in other.body]
    if handler is not None:
        dead += node.body
    is_text = isinstance(alive[0], ast.Expr) and isinstance(alive[0].value, ast.Constant)
    if is_text or shapes_scope(dead, view.index):
        raise Undecided("scope")
    if not blocks.stands_alone(node):
        raise Undecided("layout")
    indent = blocks.indent(node)
    header = _header(alive, blocks)
    if handler is not None:
        before = [node.body, *(other.body for other in node.handlers)][node.handlers.index(handler)]
        check_comments(before, header, indent, blocks)
    last = blocks.last([node], indent)
    text = blocks.moved(alive, header, indent)
    if text is None:
        raise Undecided("layout")
    ending = blocks.line(last)[len(blocks.line(last).rstrip("\r\n")) :]
    return view.module.starts[node.lineno - 1], blocks.end(last), text + ending


def _header(alive: Sequence[ast.stmt], blocks: Blocks) -> int:
    number = blocks.first(alive) - 1
    match = _HEADER.match(blocks.line(number))
    if match is None:
        number = first_line(alive[0])
        match = _HEADER.match(blocks.line(number))
    if match is None:
        raise Undecided("layout")
    if match["comment"] and not ABOUT_VERSION.match(match["comment"]):
        raise Undecided("comment")
    return number
