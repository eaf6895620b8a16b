"""What must hold after every layer of edits, cheapest first; what does not hold is taken back.

The rules prove their own edits. This looks at the whole file once more, because two edits that are each right may be wrong
together.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

from archaeologist_tools.rules.proof import compile_quietly
from archaeologist_tools.source.index import Index
from archaeologist_tools.source.module import Module, parse, read_module

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType

    from archaeologist_tools.rules.base import Edit

_Definition = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Checked:
    """A file that passed, with what the next layer needs of it.

    Args:
        module: the file.
        target: the Python it has to be written for.
    """

    def __init__(self, module: Module, target: tuple[int, int]) -> None:
        self.module = module
        self.target = target
        self.index = Index(module.tree)

    @cached_property
    def code(self) -> CodeType | None:
        """The compiled module; None when it parses but does not compile, such as `return` outside a function."""
        try:
            return compile_quietly(self.module.tree)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None

    @cached_property
    def fits_target(self) -> bool:
        """Whether it parses with the grammar of the target."""
        return fits(self.module.data, self.target)

    @cached_property
    def comments(self) -> Counter[str] | None:
        """The comments; None when the tokenizer gives up."""
        try:
            tokens = tokenize.generate_tokens(io.StringIO(self.module.text, newline="").readline)
            return Counter(token.string.rstrip() for token in tokens if token.type == tokenize.COMMENT)
        except (tokenize.TokenError, SyntaxError):
            return None

    @cached_property
    def definitions(self) -> list[tuple[object, ...]]:
        """Classes and functions in order, with parameters, and how many defaults, decorators and bases they have."""
        nodes = [node for kind in _Definition for node in self.index.of(kind)]
        return [_shape(node) for node in sorted(nodes, key=lambda node: (node.lineno, node.col_offset))]


def fits(data: bytes, target: tuple[int, int]) -> bool:
    """Whether a file parses with the grammar of a Python version, as far as the running one can tell."""
    try:
        parse(data, feature_version=target)
    except (SyntaxError, ValueError):
        return False
    return True


def check(before: Checked, data: bytes, edits: Sequence[Edit], *, may_drop_comments: bool = False) -> Checked | str:
    """Check a file after a layer of edits.

    Args:
        before: the file before the layer.
        data: the file after it.
        edits: the layer.
        may_drop_comments: the rule is about a comment.

    Returns:
        The new file, or what is wrong with it, as a sentence.
    """
    module = read_module(before.module.path, data)
    if not isinstance(module, Module):
        return f"it no longer parses: {module.message}"
    if module.encoding != before.module.encoding or module.bom != before.module.bom:
        return f"its encoding changed from {before.module.encoding} to {module.encoding}"
    after = Checked(module, before.target)
    if before.code is not None and after.code is None:
        return "it no longer compiles"
    if before.fits_target and not after.fits_target:
        return f"it no longer parses as Python {before.target[0]}.{before.target[1]}"
    if before.definitions != after.definitions:
        return "its classes, functions or parameters changed"
    touched = any("#" in text for edit in edits for text in (edit.before, edit.after))
    if touched and not may_drop_comments and before.comments != after.comments:
        return "a comment got lost"
    return after


def _shape(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> tuple[object, ...]:
    decorators = len(node.decorator_list)
    if isinstance(node, ast.ClassDef):
        bases = [base for base in node.bases if not (isinstance(base, ast.Name) and base.id == "object")]
        return ("class", node.name, decorators, len(bases), len(node.keywords))
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
    )
