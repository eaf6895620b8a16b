"""What a module consists of: its classes and functions, with their extent, signature and complexity."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from archaeologist_tools.source.index import walk
from archaeologist_tools.surgery.definitions import definitions, head_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.source.module import Module

SIGNATURE_CHARACTERS = 140
_DECISIONS = (
    ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.IfExp, ast.comprehension, ast.match_case,
    ast.Assert,
)  # fmt: skip


class Defined(NamedTuple):
    """A class or function.

    Attributes:
        name: with those of the classes and functions around it.
        first: its first line, that of its decorators.
        last: its last line.
        signature: `def add(self, n)`, `class Stock(Base)`.
        complexity: how many ways lead through it; 0 for a class.
        documented: whether it has a docstring.
    """

    name: str
    first: int
    last: int
    signature: str
    complexity: int
    documented: bool

    def __str__(self) -> str:
        """Show it in one line, indented as it is nested."""
        indent = "  " * self.name.count(".")
        more = (f"  complexity {self.complexity}" if self.complexity else "") + ("" if self.documented else "  no doc")
        return f"{indent}{self.first}-{self.last} {self.signature}{more}"


def outline(module: Module) -> Iterator[Defined]:
    """The classes and functions of a module, in the order of the source."""
    for name, node in definitions(module.index):
        complexity = 0 if isinstance(node, ast.ClassDef) else complexity_of(node)
        last = node.end_lineno or node.lineno
        documented = ast.get_docstring(node, clean=False) is not None
        yield Defined(name, head_line(node), last, signature_of(node), complexity, documented)


def signature_of(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> str:
    """What a class or function is called with, in one line."""
    if isinstance(node, ast.ClassDef):
        bases = ", ".join(map(ast.unparse, [*node.bases, *node.keywords]))
        text = f"class {node.name}({bases})" if bases else f"class {node.name}"
    else:
        word = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
        gives = f" -> {ast.unparse(node.returns)}" if node.returns else ""
        text = f"{word} {node.name}({ast.unparse(node.args)}){gives}"
    return text if len(text) <= SIGNATURE_CHARACTERS else f"{text[:SIGNATURE_CHARACTERS]}..."


def complexity_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many ways lead through a function: McCabe's cyclomatic number, counted as its decisions and one.

    See T. J. McCabe, A Complexity Measure, IEEE Transactions on Software Engineering SE-2 (1976). The decisions of
    functions inside of it count, too.
    """
    ways = 1
    for node in walk(function):
        if isinstance(node, ast.BoolOp):
            ways += len(node.values) - 1
        elif isinstance(node, _DECISIONS):
            ways += 1
    return ways


def depth_of(function: ast.AST) -> int:
    """How deep the statements of a function are nested; an `elif` is no deeper than its `if`."""
    deepest = 0
    pending = [(node, 0) for node in ast.iter_child_nodes(function)]
    while pending:
        node, depth = pending.pop()
        deepest = max(deepest, depth)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
                chained = isinstance(node, ast.If | ast.Try) and isinstance(child, ast.If | ast.excepthandler)
                pending.append((child, depth + (not chained)))
    return deepest
