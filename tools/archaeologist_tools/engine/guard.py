"""What must hold after every layer of edits, cheapest first; what does not hold is taken back.

The rules prove their own edits. This looks at the whole file once more, because two edits that are each right may be
wrong together.
"""

from __future__ import annotations

import ast
import io
import tokenize
from bisect import bisect_left
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

from archaeologist_tools.engine.layers import splice
from archaeologist_tools.engine.proof import compile_quietly
from archaeologist_tools.source.module import Module, Unreadable, read_module

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import CodeType

    from archaeologist_tools.engine.base import AnyRule, Edit
    from archaeologist_tools.source.index import Index

# What `ast` can still parse.
_OLDEST_GRAMMAR = (3, 7)


class Checked:
    """A file that passed, with what the next layer needs of it.

    Args:
        module: the file; it has to keep the grammar it was read with.
    """

    def __init__(self, module: Module) -> None:
        self.module = module

    @property
    def index(self) -> Index:
        """The index of its tree."""
        return self.module.index

    @cached_property
    def code(self) -> CodeType | None:
        """The compiled module; None when it parses but does not compile, such as `return` outside a function."""
        try:
            return compile_quietly(self.module.tree)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None

    def compiles(self, lines: Sequence[tuple[int, int]]) -> bool:
        """Whether the top-level statements on some lines, given by their first and last one, compile."""
        changed = sorted({line for first, last in lines for line in range(first, last + 1)})
        chosen = [node for node in self.module.tree.body if _is_future(node) or _stands_on(node, changed)]
        try:
            compile_quietly(ast.Module(chosen, []))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
        return True

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
        return [_shape(node) for node in self.index.definitions]


def read_for(path: str, data: bytes, target: tuple[int, int]) -> Module | Unreadable:
    """Read a file with the grammar of the target, or of the running Python when it never fitted the target's."""
    module = read_module(path, data, max(target, _OLDEST_GRAMMAR))
    return module if isinstance(module, Module) else read_module(path, data)


def apply(before: Checked, edits: Sequence[Edit]) -> Checked | None:
    """A file with some edits, not checked; None when they cannot be written in its encoding or it does not parse."""
    try:
        data = splice(before.module.data, edits, before.module.encoding)
    except UnicodeEncodeError:
        return None
    module = read_module(before.module.path, data, before.module.grammar)
    return Checked(module) if isinstance(module, Module) else None


def check(before: Checked, data: bytes, edits: Sequence[Edit], rules: Mapping[str, AnyRule]) -> Checked | str:
    """Check a file after edits.

    Args:
        before: the file before them.
        data: the file after them.
        edits: the edits.
        rules: the rules that made them, by code: some may drop comments or code, or define classes in another way.

    Returns:
        The new file, or what is wrong with it, as a sentence.
    """
    grammar = before.module.grammar
    module = read_module(before.module.path, data, grammar)
    if not isinstance(module, Module):
        version = "" if grammar is None else " as Python {}.{}".format(*grammar)
        return f"it no longer parses{version}: {module.message}"
    after = Checked(module)
    if (after.module.encoding, after.module.bom) != (before.module.encoding, before.module.bom):
        return f"its encoding changed from {before.module.encoding} to {after.module.encoding}"
    if not after.compiles(_changed_lines(after.module, edits)) and before.code is not None:
        return "it no longer compiles"
    if _documented(before.module.tree) != _documented(after.module.tree):
        return "its docstring came or went"
    if not _keep_definitions(before, after, edits, rules):
        return "its docstrings, classes, functions or parameters changed"
    strict = [edit for edit in edits if not rules[edit.rule].removes_comments]
    return after if _keep_comments(before, after, strict, len(strict) == len(edits)) else "a comment got lost"


def _changed_lines(after: Module, edits: Sequence[Edit]) -> list[tuple[int, int]]:
    """The first and the last line of each edit, in the file with all of them."""
    found, shift = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        start, size = edit.span.start + shift, len(edit.after.encode(after.encoding))
        found.append((after.position(start)[0], after.position(start + size)[0]))
        shift += size - (edit.span.end - edit.span.start)
    return found


def _stands_on(node: ast.stmt, lines: Sequence[int]) -> bool:
    begin = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
    place = bisect_left(lines, begin)
    return place < len(lines) and lines[place] <= (node.end_lineno or node.lineno)


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _keep_definitions(before: Checked, after: Checked, edits: Sequence[Edit], rules: Mapping[str, AnyRule]) -> bool:
    """Whether all classes and functions are as they were, but for those that an edit may drop or make anew."""
    dropping = [edit.span for edit in edits if rules[edit.rule].removes_code]
    redefining = [edit.span for edit in edits if rules[edit.rule].redefines]
    if not dropping and not redefining:
        return before.definitions == after.definitions
    kept = []
    for node in before.index.definitions:
        start, end = _head(node, before.module)
        dropped = any(span.start <= start < span.end for span in dropping)
        if not dropped and not any(span.start < end and start <= span.end for span in redefining):
            kept.append(_shape(node))
    return _is_part(kept, after.definitions) and (bool(redefining) or _is_part(after.definitions, before.definitions))


def _head(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, module: Module) -> tuple[int, int]:
    """The bytes of a definition from its first decorator to its body."""
    first = node.decorator_list[0] if node.decorator_list else node
    return module.extent(first)[0], module.extent(node.body[0])[0]


def _is_part(some: Sequence[tuple[object, ...]], whole: Sequence[tuple[object, ...]]) -> bool:
    """Whether all of some definitions are among others, in the same order."""
    rest = iter(whole)
    return all(definition in rest for definition in some)


def _keep_comments(before: Checked, after: Checked, strict: Sequence[Edit], alone: bool) -> bool:
    """Whether all comments are there after edits that must not drop any; they are looked at alone beside others."""
    # Without a # in the old or the new text no comment comes or goes, and tokenizing the file can be spared.
    if not any("#" in text for edit in strict for text in (edit.before, edit.after)):
        return True
    made = after if alone else apply(before, strict)
    return made is not None and before.comments == made.comments


def _documented(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether there is a docstring: what stood in front of a text may be all that kept it from being one."""
    return ast.get_docstring(node, clean=False) is not None


def _shape(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> tuple[object, ...]:
    decorators = len(node.decorator_list)
    if isinstance(node, ast.ClassDef):
        bases = [base for base in node.bases if not (isinstance(base, ast.Name) and base.id == "object")]
        return ("class", node.name, decorators, len(bases), len(node.keywords), _documented(node))
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
        _documented(node),
    )
