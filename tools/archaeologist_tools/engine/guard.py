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
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias, TypeGuard

from archaeologist_tools.engine.layers import splice
from archaeologist_tools.engine.proof import compile_quietly, same_statements
from archaeologist_tools.engine.stretches import stretches
from archaeologist_tools.source.module import COOKIE_LINES, Module, Unreadable, encoding_of, first_line, read_module

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from types import CodeType

    from archaeologist_tools.engine.base import AnyRule, Edit
    from archaeologist_tools.engine.stretches import Stretch
    from archaeologist_tools.source.index import Index

Definition: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

# What `ast` can still parse.
_OLDEST_GRAMMAR = (3, 7)
# The fields that hold statements, or what holds some.
_BLOCKS = ("body", "handlers", "cases", "orelse", "finalbody")


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
        """Whether the statements on some lines, given by their first and last one, compile."""
        changed = sorted({line for first, last in lines for line in range(first, last + 1)})
        futures = [node for node in self.module.tree.body if _is_future(node)]
        chosen = [node for node in _standing_on(self.module.tree.body, changed) if node not in futures]
        try:
            compile_quietly(ast.Module([*futures, *chosen], []))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
        return True

    def definitions(self, lines: range) -> list[Definition]:
        """The classes and functions in the top-level statements on some lines, in order."""
        return list(_definitions(_between(self.module.tree.body, lines)))


def read_for(path: str, data: bytes, target: tuple[int, int]) -> Module | Unreadable:
    """Read a file with the grammar of the target, or of the running Python when it never fitted the target's."""
    module = read_module(path, data, max(target, _OLDEST_GRAMMAR))
    return module if isinstance(module, Module) else read_module(path, data)


def make_same_code(module: Module, edits: Sequence[Edit]) -> bool:
    """Whether the compiler makes the same code of a file with some edits."""
    try:
        touched = stretches(module, edits)
    except UnicodeEncodeError:
        return False
    at_head = any(stretch.old_lines.start <= COOKIE_LINES for stretch in touched)
    if at_head and encoding_of(splice(module.data, edits, module.encoding)) != module.encoding:
        return False
    lazy = any(alias.name == "annotations" for node in module.tree.body if _is_future(node) for alias in node.names)
    return all(same_statements(stretch.old, stretch.new, lazy_annotations=lazy) for stretch in touched)


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
    if not all(_keeps_definitions(stretch, before, after, edits, rules) for stretch in stretches(before.module, edits)):
        return "its docstrings, classes, functions or parameters changed"
    strict = [edit for edit in edits if not rules[edit.rule].removes_comments]
    return after if _keep_comments(before.module, strict) else "a comment got lost"


def _changed_lines(after: Module, edits: Sequence[Edit]) -> list[tuple[int, int]]:
    """The first and the last line of each edit, in the file with all of them."""
    found, shift = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        start, size = edit.span.start + shift, len(edit.after.encode(after.encoding))
        found.append((after.position(start)[0], after.position(start + size)[0]))
        shift += size - (edit.span.end - edit.span.start)
    return found


def _standing_on(body: Iterable[ast.stmt], lines: Sequence[int]) -> list[ast.stmt]:
    """The statements of a block on some lines; classes with no more of their bodies than stands there."""
    found = [node for node in body if _stands_on(node, lines)]
    return [_narrowed(node, lines) if isinstance(node, ast.ClassDef) else node for node in found]


def _stands_on(node: ast.stmt, lines: Sequence[int]) -> bool:
    place = bisect_left(lines, first_line(node))
    return place < len(lines) and lines[place] <= (node.end_lineno or node.lineno)


def _narrowed(node: ast.ClassDef, lines: Sequence[int]) -> ast.ClassDef:
    """A class with what stands on some lines: a method compiles, or not, whatever else there is in the class."""
    narrowed = copy(node)
    narrowed.body = _standing_on(node.body, lines) or [ast.copy_location(ast.Pass(), node)]
    return narrowed


def _is_future(node: ast.stmt) -> TypeGuard[ast.ImportFrom]:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _keeps_definitions(
    stretch: Stretch, before: Checked, after: Checked, edits: Sequence[Edit], rules: Mapping[str, AnyRule]
) -> bool:
    """Whether the classes and functions of a stretch are as they were, but for those that an edit may drop or redo."""
    dropping = [edit.span for edit in edits if rules[edit.rule].removes_code]
    redefining = [edit.span for edit in edits if rules[edit.rule].redefines]
    old = before.definitions(stretch.old_lines)
    were, are = [*map(_shape, old)], [*map(_shape, after.definitions(stretch.new_lines))]
    if not dropping and not redefining:
        return were == are
    kept = []
    for node, shape in zip(old, were, strict=True):
        start, end = _head(node, before.module)
        dropped = any(span.start <= start < span.end for span in dropping)
        if not dropped and not any(span.start < end and start <= span.end for span in redefining):
            kept.append(shape)
    return _is_part(kept, are) and (bool(redefining) or _is_part(are, were))


def _between(body: Sequence[ast.stmt], lines: range) -> Sequence[ast.stmt]:
    """Of the statements of a block those on some lines, which hold all of each."""
    first = bisect_left(body, lines.start, key=lambda node: node.lineno)
    return body[first : bisect_left(body, lines.stop, key=lambda node: node.lineno)]


def _definitions(parts: Iterable[ast.AST]) -> Iterator[Definition]:
    """The classes and functions among some statements and in their blocks, in order."""
    for node in parts:
        if isinstance(node, Definition):
            yield node
        for block in _BLOCKS:
            yield from _definitions(getattr(node, block, ()))


def _head(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, module: Module) -> tuple[int, int]:
    """The bytes of a definition from its first decorator to its body."""
    first = node.decorator_list[0] if node.decorator_list else node
    return module.extent(first)[0], module.extent(node.body[0])[0]


def _is_part(some: Sequence[tuple[object, ...]], whole: Sequence[tuple[object, ...]]) -> bool:
    """Whether all of some definitions are among others, in the same order."""
    rest = iter(whole)
    return all(definition in rest for definition in some)


def _keep_comments(module: Module, edits: Sequence[Edit]) -> bool:
    """Whether all comments are there after edits that must not drop any."""
    # Without a # in the old or the new text no comment comes or goes, and looking at the file again can be spared.
    if not any("#" in text for edit in edits for text in (edit.before, edit.after)):
        return True
    touched = stretches(module, edits, in_classes=True)
    return _comments([stretch.old for stretch in touched]) == _comments([stretch.new for stretch in touched])


def _comments(texts: Iterable[str]) -> Counter[str] | None:
    """The comments in some texts; None when the tokenizer gives up."""
    found = Counter[str]()
    try:
        for text in texts:
            tokens = tokenize.generate_tokens(io.StringIO(text, newline="").readline)
            found.update(token.string.rstrip() for token in tokens if token.type == tokenize.COMMENT)
    except (tokenize.TokenError, SyntaxError):
        return None
    return found


def _documented(node: ast.Module | Definition) -> bool:
    """Whether there is a docstring: what stood in front of a text may be all that kept it from being one."""
    return ast.get_docstring(node, clean=False) is not None


def _shape(node: Definition) -> tuple[object, ...]:
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
