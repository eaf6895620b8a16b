"""Puts new source in the place of one function or class, or of its body, and leaves every other byte as it is."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist_tools.engine.definitions import is_documented
from archaeologist_tools.engine.proof import same_trees
from archaeologist_tools.errors import EditRefused
from archaeologist_tools.source.annotations import are_lazy
from archaeologist_tools.source.module import first_line, parse
from archaeologist_tools.surgery.definitions import Definition, definition, definitions, head_line
from archaeologist_tools.surgery.fitting import fitted, narrowest
from archaeologist_tools.surgery.layout import indent_of, layout_of, on_its_own, split_rows
from archaeologist_tools.surgery.operation import Operation, layer, replacing, reread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist_tools.engine.layers import Layer
    from archaeologist_tools.source.module import Module

_KINDS = {ast.FunctionDef: "a function", ast.AsyncFunctionDef: "an async function", ast.ClassDef: "a class"}
_REASON = "an agent wrote it anew"


@dataclass(frozen=True)
class _Place:
    """Whole lines of a file that hold what is replaced."""

    first: int
    last: int


def rewrite_function(
    module: Module, qualname: str, source: str, *, line: int | None = None, drops: bool = False
) -> Layer:
    """Replace a function, method or class, or only its body, by new source.

    Args:
        module: the file, read with the grammar of the target.
        qualname: what is replaced, as in `Stock.add`.
        source: all of it with its `def` or `class`, or the statements of its body; indented or not. Decorators stay
            when it names none, and so does the docstring when only a body is given.
        line: one of the lines of what is replaced, where several have that name.
        drops: code goes that nothing stands for in the source; comments may go along.

    Returns:
        The file with it; no edit where the source is what stands there.

    Raises:
        EditRefused: with the reason, for the one who wrote the source.
    """
    operation = Operation.DROP if drops else Operation.REWRITE
    node = definition(module, qualname, line)
    rows = split_rows(source)
    if not rows:
        raise EditRefused("the source is empty")
    statements = _parsed(rows, module)
    headed = _headed(statements, node, qualname)
    place = _lines_of(node, headed, module) if headed else _lines_of_body(node, statements, qualname, module)
    rows = _without_comments_above(rows, place.first, module)
    place = _with_comments_below(place, node, rows[-1], module)
    change = narrowest(module, place.first, place.last, _fitted(rows, place, node, module))
    if change is None:
        return layer(operation, (), module.data)
    edits = (replacing(operation, module, change.start, change.end, change.text, reason=_REASON),)
    after = reread(module, edits)
    _check_surroundings(module, after, node)
    return layer(operation, edits, after.data)


def _parsed(rows: Sequence[str], module: Module) -> list[ast.stmt]:
    try:
        body = parse(on_its_own(rows), feature_version=module.grammar).body
    except SyntaxError as error:
        line = (error.lineno or 1) - bool(indent_of(rows[0]))
        raise EditRefused(f"the source does not parse: line {line}: {error.msg}") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise EditRefused(f"the source does not parse: {error}") from error
    if not indent_of(rows[0]):
        return body
    if len(body) != 1 or not isinstance(body[0], ast.If) or body[0].orelse:
        raise EditRefused("the source is indented in an uneven way")
    return body[0].body


def _headed(statements: Sequence[ast.stmt], node: Definition, qualname: str) -> Definition | None:
    """The definition that some statements are; None when they are a body."""
    found = [each for each in statements if isinstance(each, Definition)]
    same = [each for each in found if each.name == node.name]
    if len(statements) > 1 and same:
        raise EditRefused(f"give `{qualname}` alone; imports and other definitions are edits of their own")
    if len(statements) > 1 or not found:
        return None
    if not same:
        raise EditRefused(f"the source defines `{found[0].name}`, not `{node.name}`; a rename is no rewrite")
    if found[0].__class__ is not node.__class__:
        raise EditRefused(f"`{qualname}` is {_KINDS[node.__class__]}, and the source is {_KINDS[found[0].__class__]}")
    return found[0]


def _without_comments_above(rows: list[str], first: int, module: Module) -> list[str]:
    """The lines from the first statement on: comments above it are not replaced, and stay where they are."""
    number = next(number for number, row in enumerate(rows) if row.strip() and not row.lstrip().startswith("#"))
    for above, row in zip(range(first - 1, 0, -1), reversed(rows[:number]), strict=False):
        if _line(module, above).strip() != row.strip():
            raise EditRefused("begin with the first line of code: comments above it stay as they are")
    return rows[number:]


def _lines_of(node: Definition, given: Definition, module: Module) -> _Place:
    """The lines of a definition, below its decorators when the new one has none."""
    first = head_line(node) if given.decorator_list else node.lineno
    if given.decorator_list and node.decorator_list and not _line(module, first).lstrip().startswith("@"):
        raise EditRefused(f"the decorators of `{node.name}` are laid out in an unusual way; leave them out")
    return _Place(first, node.end_lineno or node.lineno)


def _with_comments_below(place: _Place, node: Definition, last_row: str, module: Module) -> _Place:
    """The lines with the comments that follow in the body, when the new source ends with the last of them, too."""
    indent = indent_of(_line(module, node.lineno))
    for number in range(place.last + 1, module.lines + 1) if last_row.lstrip().startswith("#") else ():
        text = _line(module, number)
        if text.strip() and not (text.lstrip().startswith("#") and len(indent_of(text)) > len(indent)):
            break
        if text.strip() == last_row.strip():
            return _Place(place.first, number)
    return place


def _line(module: Module, number: int) -> str:
    return module.line(number).decode(module.encoding)


def _lines_of_body(node: Definition, given: Sequence[ast.stmt], qualname: str, module: Module) -> _Place:
    """The lines of a body, below the docstring when the new one has none."""
    keeps = is_documented(node.body) and not is_documented(given)
    body = node.body[keeps:]
    first = first_line(body[0]) if body else node.lineno
    above = node.body[0].end_lineno if keeps else node.lineno
    if first <= (above or 0) or _line(module, first)[: body[0].col_offset].strip():
        raise EditRefused(f"the body of `{qualname}` has no lines to itself; give all of it with its header")
    return _Place(first, node.end_lineno or node.lineno)


def _fitted(rows: Sequence[str], place: _Place, node: Definition, module: Module) -> list[str]:
    old = layout_of([_line(module, number).rstrip("\r\n") for number in range(place.first, place.last + 1)])
    return fitted(layout_of(rows), old, old.indent, old.unit or _unit(node, module))


def _unit(node: Definition, module: Module) -> str | None:
    """How much deeper than a definition its body is, or else that of another one in the file; None without any."""
    for each in (node, *module.index.definitions):
        indent, inner = indent_of(_line(module, each.lineno)), indent_of(_line(module, first_line(each.body[0])))
        if first_line(each.body[0]) > each.lineno and inner.startswith(indent) and inner != indent:
            return inner.removeprefix(indent)
    return None


def _check_surroundings(before: Module, after: Module, node: Definition) -> None:
    """Raise EditRefused unless all but one definition is the same in two trees."""
    place = [each for _, each in definitions(before.index)].index(node)
    new = [each for _, each in definitions(after.index)][place]
    if new.name != node.name or not same_trees(
        before.tree, after.tree, lazy_annotations=are_lazy(before.tree), apart={node: new}
    ):
        raise EditRefused(f"with that source, code around `{node.name}` would change; give all of it, and nothing else")
