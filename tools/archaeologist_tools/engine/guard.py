"""What must hold after every layer of edits, cheapest first; what does not hold is taken back.

The rules prove their own edits. This looks at the whole file once more, because two edits that are each right may be
wrong together.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from archaeologist_tools.engine.proof import compile_quietly
from archaeologist_tools.source.index import Index
from archaeologist_tools.source.module import Module, Unreadable, read_module

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType

    from archaeologist_tools.engine.base import Edit

# What `ast` can still parse.
_OLDEST_GRAMMAR = (3, 7)


class Checked:
    """A file that passed, with what the next layer needs of it.

    Args:
        module: the file; it has to keep the grammar it was read with.
    """

    def __init__(self, module: Module) -> None:
        self.module = module

    @cached_property
    def index(self) -> Index:
        """The index of its tree."""
        return Index(self.module.tree)

    @cached_property
    def code(self) -> CodeType | None:
        """The compiled module; None when it parses but does not compile, such as `return` outside a function."""
        try:
            return compile_quietly(self.module.tree)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None

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
        return [(*_shape(node), _documented(node)) for node in self.index.definitions]


def read_for(path: str, data: bytes, target: tuple[int, int]) -> Module | Unreadable:
    """Read a file with the grammar of the target, or of the running Python when it never fitted the target's."""
    module = read_module(path, data, max(target, _OLDEST_GRAMMAR))
    return module if isinstance(module, Module) else read_module(path, data)


@dataclass(frozen=True)
class Allowed:
    """What a rule may do besides changing expressions and statements.

    Attributes:
        comments: it is about a comment, or drops code with its comments.
        code: it drops code that never runs, and classes and functions with it.
        definitions: it makes classes and functions in another way.
    """

    comments: bool = False
    code: bool = False
    definitions: bool = False


def check(before: Checked, data: bytes, edits: Sequence[Edit], allowed: Allowed = Allowed()) -> Checked | str:
    """Check a file after a layer of edits.

    Args:
        before: the file before the layer.
        data: the file after it.
        edits: the layer.
        allowed: what its rule may do.

    Returns:
        The new file, or what is wrong with it, as a sentence.
    """
    grammar = before.module.grammar
    module = read_module(before.module.path, data, grammar)
    if not isinstance(module, Module):
        version = "" if grammar is None else " as Python {}.{}".format(*grammar)
        return f"it no longer parses{version}: {module.message}"
    after = Checked(module)
    problem = _broken(before, after, allowed)
    if problem is None and not allowed.comments and _touch_comments(edits) and before.comments != after.comments:
        problem = "a comment got lost"
    return problem or after


def _broken(before: Checked, after: Checked, allowed: Allowed) -> str | None:
    if (after.module.encoding, after.module.bom) != (before.module.encoding, before.module.bom):
        return f"its encoding changed from {before.module.encoding} to {after.module.encoding}"
    if after.code is None and before.code is not None:
        return "it no longer compiles"
    if _documented(before.module.tree) != _documented(after.module.tree):
        return "its docstring came or went"
    if allowed.definitions:
        return None
    kept = _is_part(after.definitions, before.definitions) if allowed.code else before.definitions == after.definitions
    return None if kept else "its docstrings, classes, functions or parameters changed"


def _is_part(some: Sequence[tuple[object, ...]], whole: Sequence[tuple[object, ...]]) -> bool:
    """Whether all of some definitions are among others, in the same order."""
    rest = iter(whole)
    return all(definition in rest for definition in some)


def _touch_comments(edits: Sequence[Edit]) -> bool:
    # Without a # in the old or the new text no comment comes or goes, and tokenizing the file can be spared.
    return any("#" in text for edit in edits for text in (edit.before, edit.after))


def _documented(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether there is a docstring: what stood in front of a text may be all that kept it from being one."""
    return ast.get_docstring(node, clean=False) is not None


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
