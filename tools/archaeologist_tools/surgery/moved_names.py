"""Which names of a module can be moved: those whose every use can be seen, and whose value is there at once."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist_tools.errors import EditRefused
from archaeologist_tools.inference.bindings import Kind
from archaeologist_tools.inference.names import names_of
from archaeologist_tools.source.index import walk

if TYPE_CHECKING:
    from archaeologist_tools.source.index import Index
    from archaeologist_tools.source.module import Module

_REFLECTION = ("globals", "locals", "vars", "eval", "exec", "dir", "__import__")
_PLAIN = (ast.Constant, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.UnaryOp)
_EMPTY = frozenset({"dict", "list", "set", "tuple", "frozenset", "bytearray"})


@dataclass(frozen=True)
class Moved:
    """A name that can be moved.

    Attributes:
        name: the name.
        first: the first line of its assignment, with the comments right above.
        last: the last line.
        uses: where it is read and written otherwise.
    """

    name: str
    first: int
    last: int
    uses: tuple[ast.Name, ...]


def moved_name(name: str, module: Module) -> Moved:
    """Look at a name that is to be moved.

    Raises:
        EditRefused: it is not sure that all would be as it is.
    """
    statement = _assignment(name, module)
    _check_seen(name, module.index)
    scopes = names_of(module).scopes
    target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
    uses = []
    for node in module.index.names.get(name, ()):
        found = scopes.lookup(node)
        if node is target or (found is not None and not isinstance(found[0], ast.Module)):
            if found is not None and isinstance(found[0], ast.ClassDef):
                raise EditRefused(f"`{name}` is an attribute of the class `{found[0].name}`, too")
            continue
        _check_use(node, name, module)
        uses.append(node)
    first, above = statement.lineno, _above(statement, module)
    while first - 1 > above and module.line(first - 1).startswith(b"#"):
        first -= 1
    return Moved(name, first, statement.end_lineno or statement.lineno, tuple(uses))


def _above(statement: ast.stmt, module: Module) -> int:
    """The last line of the statements above one; comments above all of them are about the file."""
    body = module.tree.body
    return max([body[0].lineno - 1, *(each.end_lineno or 0 for each in body[: body.index(statement)])])


def _assignment(name: str, module: Module) -> ast.Assign | ast.AnnAssign:
    """The one assignment of a name at the top level, of a plain value and on lines of its own."""
    if name.startswith("__"):
        raise EditRefused(f"`{name}` has a meaning of its own, or would have another name in a class")
    bindings = names_of(module).scopes.bindings(module.tree, name)
    if not bindings:
        raise EditRefused(f"{module.path} assigns no `{name}` at its top level")
    lines = ", ".join(str(getattr(each.node, "lineno", 0)) for each in bindings)
    statement = bindings[0].node
    if len(bindings) > 1 or bindings[0].kind is not Kind.VALUE or bindings[0].path:
        raise EditRefused(f"`{name}` is not assigned just once at the top level, but on lines {lines}")
    several = isinstance(statement, ast.Assign) and len(statement.targets) > 1
    if several or not isinstance(statement, (ast.Assign, ast.AnnAssign)) or statement not in module.tree.body:
        raise EditRefused(f"`{name}` is not assigned in a statement of its own on line {lines}")
    if statement.value is None or not _is_plain(statement.value, module.index):
        raise EditRefused(f"the value of `{name}` on line {lines} depends on when it is computed")
    _check_lines(name, statement, module)
    return statement


def _is_plain(node: ast.expr, index: Index) -> bool:
    """Whether a value is the same whenever it is computed: literals, and new empty collections."""
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        return name in _EMPTY and not index.bound[name] and not node.args and not node.keywords
    if isinstance(node, _PLAIN):
        return all(_is_plain(each, index) for each in ast.iter_child_nodes(node) if isinstance(each, ast.expr))
    return False


def _check_lines(name: str, statement: ast.stmt, module: Module) -> None:
    start, end = module.extent(statement)
    first, last = module.position(start)[0], module.position(end)[0]
    before = module.data[module.starts[first - 1] : start]
    after = module.data[end : module.starts[last]].strip()
    texts = (
        node for node in walk(statement) if isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes))
    )
    if before or not (after == b"" or after.startswith(b"#")) or b"\\\n" in module.data[start:end]:
        raise EditRefused(f"the assignment of `{name}` has no lines to itself")
    if any(node.lineno != node.end_lineno for node in texts):
        raise EditRefused(f"`{name}` holds a text of several lines, which would be indented")


def _check_seen(name: str, index: Index) -> None:
    """Raise EditRefused where a name may be used in a way that cannot be seen."""
    for each in _REFLECTION:
        if each in index.names:
            raise EditRefused(f"the file looks names up with `{each}`, perhaps `{name}`")
    if index.star_imports:
        raise EditRefused(f"`from ... import *` may bind `{name}` again")
    if "modules" in index.attributes:
        raise EditRefused(f"the file may look `{name}` up in `sys.modules`")
    if any(text == name or text.endswith(f".{name}") for text in index.texts):
        raise EditRefused(f"the file names `{name}` in a text")
    if any(">>>" in text and re.search(rf"\b{re.escape(name)}\b", text) for text in index.texts):
        raise EditRefused(f"an example in a text uses `{name}`")
    others = (index.of(ast.alias), index.definitions, index.of(ast.ExceptHandler), index.of(ast.MatchAs))
    for node in (each for kind in others for each in kind):
        if name in {getattr(node, "name", None), getattr(node, "asname", None)}:
            raise EditRefused(f"`{name}` is something else on line {getattr(node, 'lineno', 0)}, too")


def _check_use(node: ast.Name, name: str, module: Module) -> None:
    index = module.index
    if isinstance(node.ctx, ast.Del):
        raise EditRefused(f"`{name}` is deleted on line {node.lineno}")
    if index.fstring_around(node) is not None:
        raise EditRefused(f"`{name}` is used in an f-string on line {node.lineno}; take it out of there first")
    if isinstance(index.parents[node], ast.NamedExpr) and isinstance(node.ctx, ast.Store):
        raise EditRefused(f"`{name}` is assigned with `:=` on line {node.lineno}")
    annotated = index.parents[node]
    if isinstance(annotated, ast.AnnAssign) and annotated.target is node:
        raise EditRefused(f"`{name}` is annotated on line {node.lineno}")
