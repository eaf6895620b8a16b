"""The classes and functions of a file, which edits have to keep."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from archaeologist_tools.engine.base import AnyRule, Edit, Span
    from archaeologist_tools.source.module import Module

_Definition: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

_Shape: TypeAlias = tuple[object, ...]

# The fields of each statement, and of what stands in some, that hold statements, or what holds some.
_BLOCKS = {
    kind: tuple(field for field in ("body", "handlers", "cases", "orelse", "finalbody") if field in kind._fields)
    for base in (ast.stmt, ast.excepthandler, ast.match_case)
    for kind in (base, *base.__subclasses__())
}


def keeps_definitions(
    touched: Iterable[tuple[Sequence[ast.stmt], Sequence[ast.stmt]]],
    before: Module,
    edits: Sequence[Edit],
    rules: Mapping[str, AnyRule],
) -> bool:
    """Whether the classes and functions in some statements are as they were, but for those that an edit may change.

    Args:
        touched: statements before edits, and what stands in their place after them.
        before: the file before them.
        edits: the edits.
        rules: the rules that made them, by code: some may drop definitions, or redo them.
    """
    dropping = [edit.span for edit in edits if rules[edit.rule].removes_code]
    redefining = [edit.span for edit in edits if rules[edit.rule].redefines]
    defined = (([*_definitions(old)], [*map(_shape, _definitions(new))]) for old, new in touched)
    return all(_keeps(old, new, before, dropping, redefining) for old, new in defined if old or new)


def _keeps(
    defined: Sequence[_Definition],
    are: Sequence[_Shape],
    before: Module,
    dropping: Sequence[Span],
    redefining: Sequence[Span],
) -> bool:
    were = [*map(_shape, defined)]
    if not dropping and not redefining:
        return were == are
    kept = []
    for node, shape in zip(defined, were, strict=True):
        start, end = _head(node, before)
        dropped = any(span.start <= start < span.end for span in dropping)
        if not dropped and not any(span.start < end and start <= span.end for span in redefining):
            kept.append(shape)
    return _is_part(kept, are) and (bool(redefining) or _is_part(are, were))


def is_documented(body: Sequence[ast.stmt]) -> bool:
    """Whether a block begins with a docstring: what stood in front of a text may be all that kept it from being one."""
    first = body[0] if body else None
    return isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)


def _definitions(parts: Iterable[ast.AST]) -> Iterator[_Definition]:
    """The classes and functions among some statements and in their blocks, in order."""
    for node in parts:
        if isinstance(node, _Definition):
            yield node
        for block in _BLOCKS[node.__class__]:
            yield from _definitions(getattr(node, block))


def _head(node: _Definition, module: Module) -> tuple[int, int]:
    """The bytes of a definition from its first decorator to its body."""
    first = node.decorator_list[0] if node.decorator_list else node
    return module.extent(first)[0], module.extent(node.body[0])[0]


def _is_part(some: Sequence[_Shape], whole: Sequence[_Shape]) -> bool:
    """Whether all of some definitions are among others, in the same order."""
    rest = iter(whole)
    return all(definition in rest for definition in some)


def _shape(node: _Definition) -> _Shape:
    decorators = len(node.decorator_list)
    if isinstance(node, ast.ClassDef):
        bases = [base for base in node.bases if not (isinstance(base, ast.Name) and base.id == "object")]
        return ("class", node.name, decorators, len(bases), len(node.keywords), is_documented(node.body))
    arguments = node.args
    groups = (arguments.posonlyargs, arguments.args, arguments.kwonlyargs)
    return (
        type(node).__name__,
        node.name,
        decorators,
        tuple(tuple(parameter.arg for parameter in group) for group in groups),
        arguments.vararg and arguments.vararg.arg,
        arguments.kwarg and arguments.kwarg.arg,
        len(arguments.defaults),
        sum(default is not None for default in arguments.kw_defaults),
        is_documented(node.body),
    )
