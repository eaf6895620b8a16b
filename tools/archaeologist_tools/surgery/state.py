"""Moves names of a module into a class, so that what belongs together stands together and nobody needs `global`.

They become attributes of the class itself, which is not made into an object: so nothing runs in another order. Where
anybody could see the difference, it is refused.
"""

from __future__ import annotations

import ast
import keyword
from typing import TYPE_CHECKING

from archaeologist_tools.engine.proof import same_trees
from archaeologist_tools.errors import EditRefused
from archaeologist_tools.source.blank_lines import with_gap
from archaeologist_tools.source.module import parse
from archaeologist_tools.surgery.moved_names import Moved, moved_name
from archaeologist_tools.surgery.operation import Operation, layer, replacing, reread

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from archaeologist_tools.engine.base import Edit
    from archaeologist_tools.engine.layers import Layer
    from archaeologist_tools.source.module import Module

_REASON = "every use in the file goes through the class, and nothing else in the project uses the names"
_UNIT = "    "
_GAP = 2


def move_state(
    module: Module, names: Sequence[str], class_name: str, *, used_elsewhere: Mapping[str, str] | None = None
) -> Layer:
    """Move names that a module assigns into a class.

    Args:
        module: the file.
        names: the names, each assigned a plain value once at the top level, and else only in functions.
        class_name: the class that they become attributes of, which is new.
        used_elsewhere: the names that something outside of the file uses, each with where it does; of None nothing is
            known, so that nothing is moved.

    Returns:
        The file with the class in the place of the first assignment.

    Raises:
        EditRefused: somebody could see the difference, or may.
    """
    wanted = [*dict.fromkeys(names)]
    _check_class(class_name, module)
    if not wanted or used_elsewhere is None:
        raise EditRefused("name what to move" if not wanted else "it is not known who else uses these names")
    for name in wanted:
        if name in used_elsewhere:
            raise EditRefused(f"`{name}` is used outside of {module.path}: {used_elsewhere[name]}")
    moved = sorted((moved_name(name, module) for name in wanted), key=lambda each: each.first)
    edits = (*_class(moved, class_name, module), *_uses(moved, class_name, module), *_declarations(wanted, module))
    after = reread(module, edits)
    if not _is_same(module, after, wanted, class_name):
        raise EditRefused("these names cannot be moved without changing other code")
    return layer(Operation.STATE, edits, after.data)


def _check_class(name: str, module: Module) -> None:
    index = module.index
    if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("__"):
        raise EditRefused(f"`{name}` is no name for a class")
    if index.bound[name] or index.loaded[name] or index.star_imports or index.writes_namespace:
        raise EditRefused(f"`{name}` is used in {module.path} already, or may be")


def _class(moved: Sequence[Moved], name: str, module: Module) -> Iterator[Edit]:
    """The class in the place of the first assignment, and the others gone."""
    first = moved[0]
    rows = [_row(number, module) for each in moved for number in range(each.first, each.last + 1)]
    body = "".join(f"{_UNIT}{row}{module.newline}" if row.strip() else module.newline for row in rows)
    above, below = _missing_above(first.first, module), _missing_below(first.last, module)
    start, end = module.starts[first.first - 1], module.starts[first.last]
    text = f"{module.newline * above}class {name}:{module.newline}{body}{module.newline * below}"
    yield replacing(Operation.STATE, module, start, end, text, reason=_REASON)
    for each in moved[1:]:
        start, end = module.starts[each.first - 1], module.starts[each.last]
        yield replacing(Operation.STATE, module, start, with_gap(start, end, module), "", reason=_REASON)


def _row(number: int, module: Module) -> str:
    return module.line(number).decode(module.encoding).rstrip("\r\n")


def _missing_above(line: int, module: Module) -> int:
    """How many blank lines a class lacks above it."""
    found = 0
    while line - 1 - found > 0 and not module.line(line - 1 - found).strip():
        found += 1
    return max(_GAP - found, 0) if line - 1 - found > 0 else 0


def _missing_below(line: int, module: Module) -> int:
    found = 0
    while line + 1 + found <= module.lines and not module.line(line + 1 + found).strip():
        found += 1
    return max(_GAP - found, 0) if line + 1 + found <= module.lines else 0


def _uses(moved: Sequence[Moved], name: str, module: Module) -> Iterator[Edit]:
    for each in moved:
        for node in each.uses:
            start, end = module.extent(node)
            yield replacing(Operation.STATE, module, start, end, f"{name}.{each.name}", reason=_REASON)


def _declarations(names: Collection[str], module: Module) -> Iterator[Edit]:
    """The edits that take the names out of `global` statements."""
    for node in module.index.of(ast.Global):
        left = [name for name in node.names if name not in names]
        if len(left) == len(node.names):
            continue
        start, end = module.extent(node)
        line = module.line(node.lineno).strip()
        if left:
            yield replacing(Operation.STATE, module, start, end, f"global {', '.join(left)}", reason=_REASON)
        elif len(module.index.block_of(node)) > 1 and line == module.data[start:end]:
            whole = module.starts[node.lineno - 1], module.starts[node.end_lineno or node.lineno]
            yield replacing(Operation.STATE, module, *whole, "", reason=_REASON)
        else:
            yield replacing(Operation.STATE, module, start, end, "pass", reason=_REASON)


class _Back(ast.NodeTransformer):
    """Undoes the move in a tree, and takes out what it may take out: both files then have one tree.

    Args:
        names: the names that were moved.
        owner: the class.
    """

    def __init__(self, names: Collection[str], owner: str) -> None:
        self._names = names
        self._owner = owner

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        if isinstance(node.value, ast.Name) and node.value.id == self._owner and node.attr in self._names:
            return ast.Name(node.attr, node.ctx)
        self.generic_visit(node)
        return node

    def visit_Global(self, node: ast.Global) -> ast.Global | None:
        node.names = [name for name in node.names if name not in self._names]
        return node if node.names else None

    def visit_Pass(self, node: ast.Pass) -> None:  # noqa: ARG002 - the visitor's own signature; it goes
        return None


def _is_same(before: Module, after: Module, names: Collection[str], owner: str) -> bool:
    """Whether two files are the same but for the move, and the class holds what was assigned."""
    old, new = (parse(module.data, feature_version=module.grammar) for module in (before, after))
    taken = [node for node in old.body if _assigned(node) in names]
    old.body = [node for node in old.body if node not in taken]
    held = [node for node in new.body if isinstance(node, ast.ClassDef) and node.name == owner]
    new.body = [node for node in new.body if node not in held]
    back = _Back(names, owner)
    same = same_trees(back.visit(old), back.visit(new), lazy_annotations=True)
    return same and len(held) == 1 and same_trees(taken, held[0].body, lazy_annotations=True)


def _assigned(node: ast.stmt) -> str:
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    is_assignment = isinstance(node, (ast.Assign, ast.AnnAssign))
    return target.id if is_assignment and isinstance(target, ast.Name) else ""
