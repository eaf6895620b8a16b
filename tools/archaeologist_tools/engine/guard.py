"""What must hold after every layer of edits, cheapest first; what does not hold is taken back.

The rules prove their own edits. This looks at what they touch once more, because two edits that are each right may be
wrong together; at the whole file only where that does not pass, to say why.
"""

from __future__ import annotations

import ast
from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING, TypeGuard

from archaeologist_tools.engine.comments import drop_head_comments, keep_comments
from archaeologist_tools.engine.definitions import is_documented, keeps_definitions
from archaeologist_tools.engine.layers import splice
from archaeologist_tools.engine.parts import heads, narrowed, parts, suite_after, suites_after, with_body
from archaeologist_tools.engine.proof import compile_quietly, same_statements, same_trees
from archaeologist_tools.engine.stretches import stretches
from archaeologist_tools.engine.suites import Suite
from archaeologist_tools.source.annotations import are_lazy
from archaeologist_tools.source.encoding import BOM, COOKIE_LINES, encoding_of
from archaeologist_tools.source.index import walk
from archaeologist_tools.source.module import (
    MAX_BYTES,
    Module,
    Unreadable,
    first_line,
    open_module,
    read_module,
    why_no_tree,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from types import CodeType

    from archaeologist_tools.engine.base import AnyRule, Edit
    from archaeologist_tools.engine.parts import Part
    from archaeologist_tools.source.index import Index

# What `ast` can still parse.
_OLDEST_GRAMMAR = (3, 7)


class Checked:
    """A file that passed, with what the next layer needs of it.

    Args:
        module: the file; it has to keep the grammar it was read with.
        changed: what edits changed, in the file before them; None where it was not told apart.
    """

    def __init__(self, module: Module, changed: Sequence[Part] | None = None) -> None:
        self.module = module
        self.changed = changed

    @property
    def index(self) -> Index:
        """The index of its tree."""
        return self.module.index

    @cached_property
    def loaded(self) -> Collection[str]:
        """The names that are read in it; where it is told apart, those alone that are read where edits changed it."""
        if self.changed is None:
            return self.index.loaded
        new = [node for part in self.changed for node in (heads(part.new) if part.head_only else part.new)]
        return {
            node.id
            for statement in new
            for node in walk(statement)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        }

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
        body = self.module.tree.body
        return _compile(body, _standing_on(body, changed))

    def statements(self, lines: range) -> Sequence[ast.stmt]:
        """The top-level statements on some lines, which hold all of each."""
        body = self.module.tree.body
        first = bisect_left(body, lines.start, key=lambda node: node.lineno)
        return body[first : bisect_left(body, lines.stop, key=lambda node: node.lineno)]


def open_for(path: str, data: bytes, target: tuple[int, int]) -> Module | Unreadable:
    """Decode a file that is to be parsed with the grammar of the target."""
    return open_module(path, data, max(target, _OLDEST_GRAMMAR))


def parsed(file: Module | Unreadable) -> Module | Unreadable:
    """Parse a file, with the grammar of the running Python when it never fitted the one that it was opened for."""
    if isinstance(file, Unreadable) or why_no_tree(file) is None:
        return file
    return read_module(file.path, file.data)


def read_for(path: str, data: bytes, target: tuple[int, int]) -> Module | Unreadable:
    """Read a file with the grammar of the target, or of the running Python when it never fitted the target's."""
    return parsed(open_for(path, data, target))


def make_same_code(module: Module, edits: Sequence[Edit]) -> bool:
    """Whether the compiler makes the same code of a file with some edits."""
    if drop_head_comments(module, edits):
        return encoding_of(splice(module.data, edits, module.encoding)) == module.encoding
    try:
        data = splice(module.data, edits, module.encoding)
        touched = stretches(module, edits)
    except UnicodeEncodeError:
        return False
    at_head = any(stretch.old_lines.start <= COOKIE_LINES for stretch in touched)
    if at_head and encoding_of(data) != module.encoding:
        return False
    lazy = are_lazy(module.tree)
    changed = _changed(module, data, edits)
    if changed is not None and all(same_trees(part.old, part.new, lazy_annotations=lazy) for part in changed):
        return True
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
    changed = _changed(before.module, data, edits)
    if changed is not None and _pass_apart(before.module, data, edits, rules, changed):
        return Checked(before.module.rewritten(data), changed)
    return _checked(before, data, edits, rules)


def _changed(before: Module, data: bytes, edits: Sequence[Edit]) -> list[Part] | None:
    """What edits change in a file; None where it has to be read as a whole."""
    # No other codec is sure to read a text as it reads it in its file; one import changes what `!=` means.
    if before.encoding != "utf-8" or len(data) > MAX_BYTES or b"\0" in data or b"barry_as_FLUFL" in data:
        return None
    try:
        return [] if drop_head_comments(before, edits) else parts(before, edits)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _pass_apart(
    before: Module, data: bytes, edits: Sequence[Edit], rules: Mapping[str, AnyRule], changed: Sequence[Part]
) -> bool:
    """Whether what edits change passes by itself, so that the file does as a whole."""
    return (
        _keeps_encoding(before, data, edits)
        and (not changed or _compile_apart(before.tree, changed))
        and _keep_docstrings(changed)
        and keeps_definitions([(part.old, part.new) for part in changed], before, edits, rules)
        and keep_comments(before, [edit for edit in edits if not rules[edit.rule].removes_comments])
    )


def _keeps_encoding(before: Module, data: bytes, edits: Sequence[Edit]) -> bool:
    """Whether a file is read in the same way after edits, whose own texts could be written in its encoding."""
    if min(before.position(edit.span.start)[0] for edit in edits) > COOKIE_LINES:
        return True
    return data.startswith(BOM) == bool(before.bom) and encoding_of(data) == before.encoding


def _compile_apart(tree: ast.Module, changed: Sequence[Part]) -> bool:
    """Whether a file compiles after edits where it did before: what they did not change still does."""
    new = [node for part in changed for node in narrowed(part)]
    return _compile(suite_after(Suite(tree), [part for part in changed if len(part.around) == 1]), new)


def _keep_docstrings(changed: Iterable[Part]) -> bool:
    """Whether no docstring around edits comes or goes."""
    return all(is_documented(suite.body) == is_documented(body) for suite, body in suites_after(changed))


def _checked(before: Checked, data: bytes, edits: Sequence[Edit], rules: Mapping[str, AnyRule]) -> Checked | str:
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
    if is_documented(before.module.tree.body) != is_documented(after.module.tree.body):
        return "its docstring came or went"
    touched = [
        (before.statements(stretch.old_lines), after.statements(stretch.new_lines))
        for stretch in stretches(before.module, edits)
    ]
    if not keeps_definitions(touched, before.module, edits, rules):
        return "its docstrings, classes, functions or parameters changed"
    strict = [edit for edit in edits if not rules[edit.rule].removes_comments]
    return after if keep_comments(before.module, strict) else "a comment got lost"


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
    return with_body(node, _standing_on(node.body, lines) or [ast.copy_location(ast.Pass(), node)])


def _is_future(node: ast.stmt) -> TypeGuard[ast.ImportFrom]:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _compile(body: Sequence[ast.stmt], statements: Iterable[ast.stmt]) -> bool:
    """Whether some statements compile behind what a module imports from `__future__`, and that where it stands."""
    head = max((number for number, node in enumerate(body, start=1) if _is_future(node)), default=0)
    try:
        compile_quietly(ast.Module([*body[:head], *(node for node in statements if not _is_future(node))], []))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
