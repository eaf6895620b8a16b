"""The statements that edits touch, parsed again without the rest of the file.

A stretch is whole statements of one block. What stands in front of it ends with a line of its own, and what stands
behind it begins with one, since an edit that takes the ending of a line touches the next one. So its tokens are those
that it has by itself, as long as it is indented as its block is, and a statement ends where it did. A file with a new
text for a stretch is then the old statements with those of the new text in their place. Where that cannot be told, the
file has to be read as a whole.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_left, bisect_right
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from archaeologist_tools.engine.stretches import stretches
from archaeologist_tools.source.module import first_line, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from archaeologist_tools.engine.base import Edit
    from archaeologist_tools.engine.stretches import Stretch
    from archaeologist_tools.source.module import Module

_NO_CODE = re.compile(r"(?:[ \t\f]*(?:#[^\r\n]*)?(?:[\r\n]|\Z))*")

Block: TypeAlias = ast.Module | ast.ClassDef


class InseparableError(ValueError):
    """Edits touch what cannot be read without the rest of the file."""


@dataclass(frozen=True)
class Part:
    """Statements of one block, before and after edits.

    Attributes:
        around: the module and the classes around them before the edits, outermost first.
        start: the number of the first one in its block.
        old: the statements before.
        new: the statements after, on the lines of the file after the edits.
        head_only: the statement is a class with another head and the body it had.
    """

    around: tuple[Block, ...]
    start: int
    old: Sequence[ast.stmt]
    new: Sequence[ast.stmt]
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
    return [_part(stretch, module) for stretch in stretches(module, edits, in_classes=True)]


def blocks_after(changed: Iterable[Part]) -> list[tuple[Block, list[ast.stmt]]]:
    """The blocks with parts that edits changed, each with its statements after them."""
    found: dict[int, tuple[Block, list[Part]]] = {}
    for part in changed:
        block = part.around[-1]
        found.setdefault(id(block), (block, []))[1].append(part)
    return [(block, block_after(block, inside)) for block, inside in found.values()]


def block_after(block: Block, changed: Iterable[Part]) -> list[ast.stmt]:
    """The statements of a block after edits, which changed some parts of it, in order."""
    body, position = list[ast.stmt](), 0
    for part in changed:
        body += [*block.body[position : part.start], *part.new]
        position = part.start + len(part.old)
    return body + block.body[position:]


def narrowed(part: Part) -> list[ast.stmt]:
    """The new statements, in classes with nothing else: a method compiles, or not, whatever there is in its class."""
    statements = [*part.new]
    if part.head_only:
        statements = [with_body(node, node.body[:1]) for node in classes(part.new)]
    for around in reversed([*classes(part.around)]):
        statements = [with_body(around, statements)] if statements else []
    return statements


def is_no_code(text: str) -> bool:
    """Whether a text is nothing but blank lines and comments."""
    return _NO_CODE.fullmatch(text) is not None


def classes(blocks: Iterable[ast.AST]) -> Iterator[ast.ClassDef]:
    """The classes among some nodes."""
    return (block for block in blocks if isinstance(block, ast.ClassDef))


def with_body(node: ast.ClassDef, body: list[ast.stmt]) -> ast.ClassDef:
    """A copy of a class with other statements in it."""
    narrowed = copy(node)
    narrowed.body = body
    return narrowed


def _part(stretch: Stretch, module: Module) -> Part:
    first, last = stretch.old_lines.start, stretch.old_lines.stop - 1
    around, (start, old) = _innermost(module.tree, first, last)
    if not old or (first <= first_line(old[0]) and (old[-1].end_lineno or 0) <= last):
        return Part(around, start, old, _parsed(stretch.new, stretch, around, module))
    if len(old) == 1 and isinstance(node := old[0], ast.ClassDef) and last < _inside(node):
        return Part(around, start, old, [_headed(stretch, node, around, module)], head_only=True)
    raise InseparableError


def _innermost(tree: ast.Module, first: int, last: int) -> tuple[tuple[Block, ...], tuple[int, list[ast.stmt]]]:
    """The blocks around some lines, and the statements on them: the number of the first one, and all."""
    around: tuple[Block, ...] = (tree,)
    while True:
        start, old = _between(around[-1], first, last)
        if len(old) != 1 or not isinstance(node := old[0], ast.ClassDef) or not node.lineno < _inside(node) <= first:
            return around, (start, old)
        around = *around, node


def _between(block: Block, first: int, last: int) -> tuple[int, list[ast.stmt]]:
    """The statements of a block on some lines, and the number of the first one."""
    start = bisect_left(block.body, first, key=lambda node: node.end_lineno or node.lineno)
    return start, block.body[start : bisect_right(block.body, last, lo=start, key=first_line)]


def _inside(node: ast.ClassDef) -> int:
    """The line in which the body of a class begins."""
    return first_line(node.body[0])


def _headed(stretch: Stretch, node: ast.ClassDef, around: Sequence[Block], module: Module) -> ast.ClassDef:
    """A class with another head, of which a stretch has all lines."""
    indent = _indent(module.line(_inside(node))).decode()
    found = _parsed(f"{stretch.new}{indent}pass\n", stretch, around, module)
    match found:
        case [ast.ClassDef(body=[ast.Pass()]) as headed]:
            return with_body(headed, node.body)
    raise InseparableError


def _parsed(text: str, stretch: Stretch, around: Sequence[Block], module: Module) -> list[ast.stmt]:
    """The statements of a text that stands in a stretch, in the block of some classes."""
    if is_no_code(text):
        return []
    holders = [*classes(around)]
    heads = "".join(f"{_indent(module.line(node.lineno)).decode()}class {node.name}:\n" for node in holders)
    above = "\n" * (stretch.new_lines.start - 1 - len(holders))
    body = parse(above + heads + text, feature_version=module.grammar).body
    for _ in holders:
        if len(body) != 1 or not isinstance(body[0], ast.ClassDef):
            raise InseparableError
        body = body[0].body
    if holders:
        line = text.encode().splitlines()[first_line(body[0]) - stretch.new_lines.start]
        if _indent(line) != _indent(module.line(_inside(holders[-1]))):
            raise InseparableError
    return body


def _indent(line: bytes) -> bytes:
    return line[: len(line) - len(line.lstrip(b" \t\f"))]
