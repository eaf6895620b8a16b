"""The compiler as witness: two texts mean the same when they compile to the same code.

Line tables and file names are left aside; everything that can be observed by running the code is compared, constants
with their types.
"""

from __future__ import annotations
import __future__

import ast
import sys
import warnings
from contextlib import contextmanager
from types import CodeType, MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# A class body stores the line it begins in as `__firstlineno__`.
_LINES_ARE_STORED = sys.version_info >= (3, 13)

_NOTHING: Mapping[ast.AST, ast.AST] = MappingProxyType({})

# An expression is compiled as the body of a function, so that `await` and `yield` are allowed in it.
_FUNCTION = "{prefix}def _():\n    _ = (\n{expression}\n)"


def same_expression(before: str, after: str) -> bool:
    """Whether two expressions compile to equal code objects.

    Args:
        before: source of an expression; it may span lines as if it stood in parentheses.
        after: the same.
    """
    prefix = "async " if "await" in before else ""
    try:
        sources = [_FUNCTION.format(prefix=prefix, expression=text) for text in (before, after)]
        return _equal(*(compile_quietly(source) for source in sources))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def same_statements(before: str, after: str, *, lazy_annotations: bool) -> bool:
    """Whether two runs of top-level statements of a module compile to equal code.

    Args:
        before: source of whole statements.
        after: the same.
        lazy_annotations: the module imports `annotations` from `__future__`.
    """
    flags = __future__.annotations.compiler_flag if lazy_annotations else 0
    try:
        return _equal(*(compile_quietly(source, flags) for source in (before, after)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def same_trees(
    before: object, after: object, *, lazy_annotations: bool, apart: Mapping[ast.AST, ast.AST] = _NOTHING
) -> bool:
    """Whether two trees, or what is in a field of two, are the same but for places: so is the code made of them.

    Args:
        before: the nodes, as the parser makes them.
        after: the same.
        lazy_annotations: the module imports `annotations` from `__future__`, which keeps the `u` of texts there.
        apart: nodes that are not looked at, as long as these stand in their place.
    """
    waiting = [(before, after)]
    while waiting:
        mine, other = waiting.pop()
        if mine.__class__ is not other.__class__:
            return False
        if isinstance(mine, list) and isinstance(other, list):
            if len(mine) != len(other):
                return False
            waiting += zip(mine, other, strict=True)
        elif isinstance(mine, ast.AST):
            if apart and apart.get(mine) is other:
                continue
            fields = [field for field in mine._fields if field != "kind" or lazy_annotations]
            waiting += ((getattr(mine, field, None), getattr(other, field, None)) for field in fields)
        elif mine != other:
            return False
    return True


def same_module(before: CodeType, after: CodeType) -> bool:
    """Whether two compiled modules are equal, line tables and file names aside."""
    return _equal(before, after)


def compile_quietly(source: str | bytes | ast.Module, flags: int = 0) -> CodeType:
    """Compile a module without printing the warnings of the code.

    Args:
        source: the module.
        flags: of the features that it imports from `__future__`, when it does not do so itself.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: as `compile` does.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if isinstance(source, ast.Module) or _LINES_ARE_STORED:
            return _compiled(source if isinstance(source, ast.Module) else ast.parse(source), flags)
        code: CodeType = compile(source, "<module>", "exec", flags, dont_inherit=True)
        return code


def _compiled(tree: ast.Module, flags: int) -> CodeType:
    with _lines_of_classes_hidden(tree):
        code: CodeType = compile(tree, "<module>", "exec", flags, dont_inherit=True)
        return code


@contextmanager
def _lines_of_classes_hidden(tree: ast.Module) -> Iterator[None]:
    """Have every class begin in line 1 while the tree is compiled."""
    firsts: list[ast.stmt | ast.expr] = []
    for node in ast.walk(tree) if _LINES_ARE_STORED else ():
        if isinstance(node, ast.ClassDef):
            firsts += [node, *node.decorator_list]
    lines = [first.lineno for first in firsts]
    for first in firsts:
        first.lineno = 1
    try:
        yield
    finally:
        for first, line in zip(firsts, lines, strict=True):
            first.lineno = line


def _equal(before: CodeType, after: CodeType) -> bool:
    return _stripped(before) == _stripped(after) and _exceptions(before) == _exceptions(after)


def _stripped(code: CodeType) -> CodeType:
    constants = tuple(_stripped(value) if isinstance(value, CodeType) else value for value in code.co_consts)
    return code.replace(co_linetable=b"", co_firstlineno=1, co_consts=constants)


def _exceptions(code: CodeType) -> list[tuple[str, bytes]]:
    """Qualified names and exception tables of a code object and those inside: `==` does not compare them on 3.11."""
    inner = [pair for value in code.co_consts if isinstance(value, CodeType) for pair in _exceptions(value)]
    return [(code.co_qualname, code.co_exceptiontable), *inner]
