"""The statements that edits touch, parsed again without the rest of the file.

A stretch is whole statements of one suite. What stands in front of it ends with a line of its own, and what stands
behind it begins with one, since an edit that takes the ending of a line touches the next one. So its tokens are those
that it has by itself, as long as it is indented as its suite is, and a statement ends where it did. A file with a new
text for a stretch is then the old statements with those of the new text in their place. Where that cannot be told, the
file has to be read as a whole.

Whether such statements compile is told by their text and the headers around them, but for names that are declared
global or nonlocal: those have to do with all of a function. A file that declares some is parted at its classes alone.
"""

from __future__ import annotations

import ast
import re
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from archaeologist_tools.engine.stretches import stretches
from archaeologist_tools.engine.suites import ALL, CLASSES
from archaeologist_tools.source.module import first_line, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from archaeologist_tools.engine.base import Edit
    from archaeologist_tools.engine.stretches import Stretch
    from archaeologist_tools.engine.suites import Suite
    from archaeologist_tools.source.module import Module

_Node = TypeVar("_Node", bound=ast.AST)

_NO_CODE = re.compile(r"(?:[ \t\f]*(?:#[^\r\n]*)?(?:[\r\n]|\Z))*")
_DECLARATIONS = ("global", "nonlocal")


class InseparableError(ValueError):
    """Edits touch what cannot be read without the rest of the file."""


@dataclass(frozen=True)
class Part:
    """Statements of one suite, before and after edits.

    Attributes:
        around: the suites around them before the edits, outermost first.
        start: the number of the first one in its suite.
        old: the statements before.
        new: the statements after, on the lines of the file after the edits.
        old_lines: the numbers of their lines before.
        new_lines: those of their lines after.
        head_only: the statement is a class with another head and the body it had.
    """

    around: tuple[Suite, ...]
    start: int
    old: Sequence[ast.stmt]
    new: Sequence[ast.stmt]
    old_lines: range
    new_lines: range
    head_only: bool = False


def parts(module: Module, edits: Sequence[Edit]) -> list[Part]:
    """Read what edits touch.

    Args:
        module: the file before them, in UTF-8.
        edits: the edits.

    Raises:
        InseparableError: the file has to be read as a whole.
        SyntaxError, ValueError, RecursionError, MemoryError: as `parse` does.
    """
    kinds = CLASSES if _declares(module, edits) else ALL
    found = [_part(stretch, module) for stretch in stretches(module, edits, in_suites=kinds)]
    if not all(body or isinstance(suite.owner, ast.Module) for suite, body in suites_after(found)):
        raise InseparableError
    return found


def suites_after(changed: Iterable[Part]) -> list[tuple[Suite, list[ast.stmt]]]:
    """The suites with parts that edits changed, each with its statements after them."""
    found: dict[Suite, list[Part]] = {}
    for part in changed:
        found.setdefault(part.around[-1], []).append(part)
    return [(suite, suite_after(suite, inside)) for suite, inside in found.items()]


def suite_after(suite: Suite, changed: Iterable[Part]) -> list[ast.stmt]:
    """The statements of a suite after edits, which changed some parts of it, in order."""
    body, position = list[ast.stmt](), 0
    for part in changed:
        body += [*suite.body[position : part.start], *part.new]
        position = part.start + len(part.old)
    return body + suite.body[position:]


def narrowed(part: Part) -> list[ast.stmt]:
    """The new statements below the headers around them, with nothing else there that they compile without."""
    statements = [*part.new]
    if part.head_only:
        statements = [with_body(node, node.body[:1]) for node in classes(part.new)]
    for suite in reversed(part.around[1:]):
        statements = [_bare(suite, statements)] if statements else []
    return statements


def is_no_code(text: str) -> bool:
    """Whether a text is nothing but blank lines and comments."""
    return _NO_CODE.fullmatch(text) is not None


def classes(blocks: Iterable[ast.AST]) -> Iterator[ast.ClassDef]:
    """The classes among some nodes."""
    return (block for block in blocks if isinstance(block, ast.ClassDef))


def heads(blocks: Iterable[ast.AST]) -> list[ast.ClassDef]:
    """The heads of the classes among some nodes, with nothing below them."""
    return [with_body(node, []) for node in classes(blocks)]


def with_body(node: _Node, body: list[ast.stmt], field: str = "body") -> _Node:
    """A copy of a class, or of another statement with suites, with other statements in one of them."""
    narrowed = copy(node)
    setattr(narrowed, field, body)
    return narrowed


def _bare(suite: Suite, statements: list[ast.stmt]) -> ast.stmt:
    """What a suite is part of, with other statements in it, and as little as may be in its other suites."""
    node = with_body(suite.owner, statements, suite.field)
    nothing = ast.Pass(lineno=1, col_offset=0, end_lineno=1, end_col_offset=0)
    for field in ("body", "orelse", "finalbody"):
        if field != suite.field and getattr(node, field, None):
            setattr(node, field, [nothing])
    if isinstance(node, ast.Try) and node.handlers:
        node.handlers = [ast.ExceptHandler(None, None, [nothing], lineno=1, col_offset=0)]
    return node  # type: ignore[return-value]  # only a file is no statement, and nothing is around it


def _declares(module: Module, edits: Sequence[Edit]) -> bool:
    """Whether a file declares names as global or nonlocal, or may do so after edits."""
    if any(word in edit.after for edit in edits for word in _DECLARATIONS):
        return True
    # To look for words is faster than to walk the file, unless that is done.
    may = any(word.encode() in module.data for word in _DECLARATIONS)
    return may and bool(module.index.of(ast.Global) or module.index.of(ast.Nonlocal))


def _part(stretch: Stretch, module: Module) -> Part:
    place, old = stretch.place, stretch.place.statements
    head = old[0] if place.head_only else None
    new = [_headed(stretch, head, module)] if isinstance(head, ast.ClassDef) else _parsed(stretch.new, stretch, module)
    lines = stretch.old_lines, stretch.new_lines
    return Part(place.around, place.start, old, new, *lines, head_only=place.head_only)


def _headed(stretch: Stretch, node: ast.ClassDef, module: Module) -> ast.ClassDef:
    """A class with another head, of which a stretch has all lines."""
    indent = _indent(module.line(first_line(node.body[0]))).decode()
    found = _parsed(f"{stretch.new}{indent}pass\n", stretch, module)
    match found:
        case [ast.ClassDef(body=[ast.Pass()]) as headed]:
            return with_body(headed, node.body)
    raise InseparableError


def _parsed(text: str, stretch: Stretch, module: Module) -> list[ast.stmt]:
    """The statements of a text that stands in a stretch."""
    if is_no_code(text):
        return []
    around = stretch.place.around
    if len(around) == 1:
        return parse("\n" * (stretch.new_lines.start - 1) + text, feature_version=module.grammar).body
    # One header will do, as nothing in a suite is indented less than the suite itself.
    above = "\n" * (stretch.new_lines.start - 2) + "if 1:\n"
    match parse(above + text, feature_version=module.grammar).body:
        case [ast.If(body=body, orelse=[])]:
            line = text.encode().splitlines()[first_line(body[0]) - stretch.new_lines.start]
            if _indent(line) == _indent(module.line(first_line(around[-1].body[0]))):
                return body
    raise InseparableError


def _indent(line: bytes) -> bytes:
    return line[: len(line) - len(line.lstrip(b" \t\f"))]
