"""Writing a `with` statement in the place of an opening, its uses and its `close()`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from archaeologist_tools.files.blocks import (
    MAX_LINE,
    LayoutError,
    deeper,
    indentation,
    is_blank,
    text_of,
    trailing,
    unit,
)

if TYPE_CHECKING:
    import ast
    from collections.abc import Sequence

    from archaeologist_tools.engine.view import View
    from archaeologist_tools.files.closing import Closing
    from archaeologist_tools.files.opening import Opening

_ASSIGNED = re.compile(r"\w+[ \t]*=[ \t]*")
_FINALLY = re.compile(r"[ \t]*finally[ \t]*:\s*")
_TRY = re.compile(r"[ \t]*try[ \t]*:[ \t]*(?:\r\n?|\n)")


@dataclass(frozen=True)
class Written:
    """New text for the bytes `start` to `end`."""

    start: int
    end: int
    text: str


def write_closing(closing: Closing, view: View) -> Written:
    """Write a `with` statement for files that are closed further down.

    Raises:
        LayoutError: the lines cannot be moved without a loss; `code` says why.
    """
    module, first = view.module, closing.openings[0].statement
    indent = indentation(module, first)
    lines = [_header(closing.openings, view)]
    moved = (_straight_lines if closing.guard is None else _guarded_lines)(closing, indent, view)
    while is_blank(moved[0]):
        moved = moved[1:]
    lines += moved
    trailing(module, closing.last)
    while _is_blank_after(closing.last, view) and is_blank(lines[-1]):
        lines.pop()
    text = "".join(lines).removesuffix("\n").removesuffix("\r")
    return Written(module.extent(first)[0], line_end(closing.last, view), text)


def line_end(statement: ast.stmt, view: View) -> int:
    """The byte offset where the last line of a statement ends, before its line ending."""
    number = statement.end_lineno or statement.lineno
    return view.module.starts[number - 1] + len(view.module.line(number).rstrip(b"\r\n"))


def _is_blank_after(last: ast.stmt, view: View) -> bool:
    number = (last.end_lineno or last.lineno) + 1
    return number > view.module.lines or not view.module.line(number).strip()


def _header(openings: Sequence[Opening], view: View) -> str:
    """`with open(a) as f, open(b) as g:` with what followed the last opening on its line, and the line's ending."""
    module, parts = view.module, []
    for opening in openings:
        if opening is not openings[-1] and trailing(module, opening.statement):
            raise LayoutError("comment")
        parts.append(f"{_call(opening, view)} as {opening.name}")
    last = openings[-1].statement
    if any(b.statement.lineno != (a.statement.end_lineno or 0) + 1 for a, b in pairwise(openings)):
        raise LayoutError("comment")
    line = f"with {', '.join(parts)}:"
    indent = indentation(module, openings[0].statement)
    if max(len((indent + part).expandtabs(8)) for part in line.splitlines()) > MAX_LINE:
        raise LayoutError("too-long")
    return line + trailing(module, last) + ending(last, view)


def ending(statement: ast.stmt, view: View) -> str:
    """The line ending behind a statement; the module's usual one at the end of the file."""
    text = text_of(view.module, statement.end_lineno or statement.lineno)
    return text[len(text.rstrip("\r\n")) :] or view.module.newline


def _call(opening: Opening, view: View) -> str:
    """The source of the call, its continuation lines moved as far as its first line is."""
    module = view.module
    start, _ = module.extent(opening.statement)
    before = module.data[start : module.extent(opening.opener.call)[0]].decode(module.encoding)
    if not _ASSIGNED.fullmatch(before) or module.extent(opening.opener.call)[1] != module.extent(opening.statement)[1]:
        raise LayoutError("layout")
    text = module.segment(opening.opener.call)
    return _aligned(text, len("with ") - len(before)) if "\n" in text or "\r" in text else text


def _aligned(text: str, shift: int) -> str:
    lines = text.splitlines(keepends=True)
    if lines[0].rstrip().endswith("("):
        return text  # its lines hang from the indentation of the statement, which stays
    if any(quotes in text for quotes in ('"""', "'''", "\\")) or "\t" in text or "\x0c" in text:
        raise LayoutError("layout")
    moved = [_shifted(line, shift) for line in lines[1:]]
    return "".join([lines[0], *moved])


def _shifted(line: str, shift: int) -> str:
    width = len(line) - len(line.lstrip(" "))
    return " " * max(width + shift, 0) + line.lstrip(" ")


def _straight_lines(closing: Closing, indent: str, view: View) -> list[str]:
    module = view.module
    first, step = closing.openings[-1].statement, unit(module, view.index, closing.openings[0].statement)
    skipped: set[int] = set()
    for close in (*closing.closes, *closing.spared):
        indentation(module, close)
        if trailing(module, close):
            raise LayoutError("comment")
        skipped.update(range(close.lineno, (close.end_lineno or close.lineno) + 1))
    start, end = (first.end_lineno or 0) + 1, closing.last.end_lineno or 0
    moved = deeper(module, start, end, within=indent, by=step)
    lines = [line for number, line in enumerate(moved, start) if number not in skipped]
    if closing.body:
        return lines
    return [*lines, f"{indent}{step}pass{ending(first, view)}"]


def _guarded_lines(closing: Closing, indent: str, view: View) -> list[str]:
    """What stands between the opening and `finally:`, which goes, and so does a `try` that has nothing more to do."""
    module, guard = view.module, closing.guard
    assert guard is not None  # noqa: S101 - the caller looked
    indentation(module, guard)
    start, end = (closing.openings[-1].statement.end_lineno or 0) + 1, _last_line(guard, closing.closes[0], view)
    if guard.handlers or guard.orelse:
        step = unit(module, view.index, closing.openings[0].statement)
        return deeper(module, start, end, within=indent, by=step)
    if not _TRY.fullmatch(text_of(module, guard.lineno)):
        raise LayoutError("comment" if b"#" in module.line(guard.lineno) else "shared-line")
    step = indentation(module, guard.body[0]).removeprefix(indent)
    before = deeper(module, start, guard.lineno - 1, within=indent, by=step)
    while before and is_blank(before[-1]):
        before.pop()
    return [*before, *(text_of(module, number) for number in range(guard.lineno + 1, end + 1))]


def _last_line(guard: ast.Try, close: ast.stmt, view: View) -> int:
    """The last line before `finally:`, behind which there is nothing but the `close()`."""
    module = view.module
    statements = [*guard.body, *(node for handler in guard.handlers for node in handler.body), *guard.orelse]
    last = max(statements, key=lambda node: node.end_lineno or 0)
    trailing(module, last)
    end = last.end_lineno or last.lineno
    gap = module.data[module.starts[end] : module.extent(close)[0]].decode(module.encoding)
    if trailing(module, close) or not _FINALLY.fullmatch(gap.lstrip("\r\n")):
        raise LayoutError("comment" if "#" in gap + trailing(module, close) else "layout")
    return end
