"""Taking a whole statement, or a decorator, out of a file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ast

    from archaeologist_tools.source.index import Index
    from archaeologist_tools.source.module import Module

_COMMENT = re.compile(rb"#")


def removal(statement: ast.stmt, module: Module, index: Index) -> tuple[int, int, str] | None:
    """The bytes that go with a statement, and what stands in their place: `pass` where a block would be empty.

    Args:
        statement: a statement without a block of its own.
        module: the file.
        index: its index.

    Returns:
        Start, end and text; None when something else, or a comment, is on its lines.
    """
    start, end = module.extent(statement)
    first, behind = module.starts[statement.lineno - 1], module.starts[module.position(end)[0]]
    rest = module.data[first:start] + module.data[end:behind]
    if rest.strip() or _COMMENT.search(module.data, start, end):
        return None
    if len(index.block_of(statement)) == 1:
        return start, end, "pass"
    return first, behind, ""


def decorator_removal(decorator: ast.expr, module: Module) -> tuple[int, int, str] | None:
    """The lines of a decorator; None when something else, or a comment, is on them."""
    start, end = module.starts[decorator.lineno - 1], module.starts[decorator.end_lineno or decorator.lineno]
    text = module.data[start:end]
    alone = text.strip(b" \t\f\r\n@") == module.segment(decorator).encode(module.encoding)
    return (start, end, "") if alone and not _COMMENT.search(text) else None
