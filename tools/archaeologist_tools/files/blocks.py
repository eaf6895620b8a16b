"""Moving whole lines of code one block deeper, byte for byte but for their indentation.

What lies inside a string that spans lines keeps its bytes, because they are its value. Blank lines stay as they are.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archaeologist_tools.source.index import Index
    from archaeologist_tools.source.module import Module

MAX_LINE = 120
_ENDING = re.compile(r"\r\n?")
_LEADING = re.compile(r"[ \t]*")
_STRING_ENDS = frozenset({"FSTRING_END", "TSTRING_END"})
_STRING_STARTS = frozenset({"FSTRING_START", "TSTRING_START"})


class LayoutError(ValueError):
    """Lines cannot be moved safely; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def text_of(module: Module, number: int) -> str:
    """A line with its ending."""
    return module.line(number).decode(module.encoding)


def indentation(module: Module, node: ast.stmt) -> str:
    """The white space before a statement that has its lines to itself.

    Raises:
        LayoutError: it shares a line with other code.
    """
    before = module.data[module.starts[node.lineno - 1] : module.extent(node)[0]].decode(module.encoding)
    if before.strip(" \t"):
        raise LayoutError("layout" if not before.strip() else "shared-line")
    return before


def trailing(module: Module, node: ast.stmt) -> str:
    """What follows a statement on its last line: nothing, or white space and a comment, without the line's ending.

    Raises:
        LayoutError: it shares a line with other code.
    """
    end = module.extent(node)[1]
    rest = module.data[end : module.starts[node.end_lineno or node.lineno]].decode(module.encoding)
    if rest.strip() and not rest.lstrip().startswith("#"):
        raise LayoutError("shared-line")
    # Other white space may be what a comment ends with.
    return rest.rstrip(" \t\r\n")


def is_blank(line: str) -> bool:
    """Whether a line has nothing in it; a form feed parts sections, and is something."""
    return not line.strip(" \t\r\n")


def unit(module: Module, index: Index, node: ast.stmt) -> str:
    """What one level of indentation is, there where a statement stands."""
    own = indentation(module, node)
    parent = index.parents[node]
    if isinstance(parent, ast.ExceptHandler):
        parent = index.parents[parent]
    if isinstance(parent, ast.stmt):
        outer = _LEADING.match(text_of(module, parent.lineno))
        above = outer.group() if outer else ""
        if own.startswith(above) and len(own) > len(above):
            return own[len(above) :]
    return _usual_unit(module)


def _usual_unit(module: Module) -> str:
    for node in module.tree.body:
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and body[0].lineno > node.lineno:
            found = _LEADING.match(text_of(module, body[0].lineno))
            if found and found.group():
                return found.group()
    return "    "


def deeper(module: Module, first: int, last: int, *, within: str, by: str) -> list[str]:
    """The lines `first` to `last`, which hold whole statements of one block, indented by one level more.

    Args:
        module: the file.
        first: number of the first line.
        last: number of the last line.
        within: the indentation of the block.
        by: what to add.

    Raises:
        LayoutError: a line would become too long, or has white space that cannot be moved.
    """
    lines = [text_of(module, number) for number in range(first, last + 1)]
    fixed = _inside_strings("".join(lines)) if lines else set()
    return [line if number in fixed else _moved(line, within, by) for number, line in enumerate(lines, 1)]


def _moved(line: str, within: str, by: str) -> str:
    if not line.strip():
        return line
    leading = line[: len(line) - len(line.lstrip())]
    if leading.strip(" \t"):
        raise LayoutError("layout")
    if line.startswith(within):
        moved = within + by + line[len(within) :]
    else:
        moved = line if line.lstrip().startswith("#") else by + line
    if len(moved.rstrip().expandtabs(8)) > MAX_LINE >= len(line.rstrip().expandtabs(8)):
        raise LayoutError("too-long")
    return moved


def _inside_strings(text: str) -> set[int]:
    """The numbers of the lines that begin inside a string."""
    found: set[int] = set()
    starts: list[int] = []
    # The tokenizer of Python 3.11 does not see that a string goes on behind a backslash and a lone carriage return.
    text = _ENDING.sub("\n", text)
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            kind = tokenize.tok_name[token.type]
            if kind in _STRING_STARTS:
                starts.append(token.start[0])
            elif kind in _STRING_ENDS:
                found.update(range(starts.pop() + 1, token.end[0] + 1))
            elif kind == "STRING":
                found.update(range(token.start[0] + 1, token.end[0] + 1))
    except (tokenize.TokenError, SyntaxError) as error:
        raise LayoutError("layout") from error
    return found
