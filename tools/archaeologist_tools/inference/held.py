"""What a container that has a name holds: what it was made with, and what the name's uses put in.

A list can be changed by whoever gets hold of it, so its items are known only while every use of the name is one that
hands nothing on.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from archaeologist_tools.inference.known import READERS, READING_METHODS
from archaeologist_tools.inference.operators import iterated
from archaeologist_tools.inference.parameters import default_of
from archaeologist_tools.inference.types import UNKNOWN, Inferred, Type, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.inference.scopes import Scope
    from archaeologist_tools.inference.values import Types

_MUTABLE = frozenset({"list", "set", "dict"})
_HARMLESS = (ast.For, ast.comprehension, ast.Compare, ast.Expr, ast.FormattedValue, ast.BinOp)


class _Put(NamedTuple):
    """What one use of a container puts in.

    Attributes:
        items: the expressions whose values it then holds.
        has_key: it has the last of them under a key.
        is_spread: it holds what these hold, not these themselves.
    """

    items: tuple[ast.expr, ...] = ()
    has_key: bool = False
    is_spread: bool = False


_NOTHING = _Put()


class Held:
    """The containers of one module.

    Args:
        types: what its values can be.
    """

    def __init__(self, types: Types) -> None:
        self._types = types

    def known(self, name: str, scope: Scope, known: Inferred) -> Inferred:
        """Add to what a name can be what is put into it behind its bindings."""
        if not known.types or not any(kind.name in _MUTABLE for kind in known.types):
            return known
        if self._has_other_names(name, scope):
            items = values = UNKNOWN
        else:
            items, values = self._put_in(name, scope)
        return replace(known, types=frozenset(_with(kind, items, values) for kind in known.ordered))

    def _has_other_names(self, name: str, scope: Scope) -> bool:
        """Whether a binding gives the container to somebody else as well: `a = b = []`, a walrus.

        Or a default, which is there again in the next call.
        """
        return any(
            isinstance(binding.node, ast.NamedExpr)
            or (isinstance(binding.node, ast.arg) and default_of(binding.node, scope) is not None)  # type: ignore[arg-type]
            or (isinstance(binding.node, ast.Assign) and len(binding.node.targets) > 1)
            for binding in self._types.scopes.bindings(scope, name)
        )

    def _put_in(self, name: str, scope: Scope) -> tuple[Inferred, Inferred]:
        """The items, and the values of keys, that the uses of a name put into what it holds."""
        found: list[_Put] = []
        for use in self._uses(name):
            belongs = self._types.scopes.lookup(use)
            if belongs is None or belongs[0] is not scope:
                continue
            put = self._put_by(use)
            if put is None:
                return UNKNOWN, UNKNOWN
            found.append(put)
        items, values = list[Inferred](), list[Inferred]()
        for put in found:
            # Evaluated once: in a loop, where no answer is kept, a second time would be a second way through it.
            given = list(self._items(put))
            items += given
            values += given[-1:] if put.has_key else ()
        return join(items), join(values)

    def _items(self, put: _Put) -> Iterator[Inferred]:
        if put.is_spread:
            return (iterated(self._types.holding(each)) for each in put.items)
        return map(self._types.whole, put.items)

    def _uses(self, name: str) -> list[ast.Name]:
        return [node for node in self._types.index.names.get(name, ()) if isinstance(node.ctx, ast.Load)]

    def _put_by(self, use: ast.Name) -> _Put | None:
        """What one use puts in; None when it hands the container on."""
        parents = self._types.index.parents
        parent = parents[use]
        if isinstance(parent, ast.Subscript) and parent.value is use:
            return self._stored(parent)
        if isinstance(parent, ast.Attribute):
            return self._called(parent)
        if isinstance(parent, ast.Call) and use in parent.args:
            function = parent.func
            name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
            return _NOTHING if name in READERS else None
        if isinstance(parent, ast.Return):
            found = self._types.scopes.lookup(use)
            own = found is not None and found[0] is self._types.scopes.around(parent)
            return _NOTHING if own else None
        return _NOTHING if isinstance(parent, _HARMLESS) or self._is_tested(use) else None

    def _is_tested(self, node: ast.AST) -> bool:
        """Whether only the truth of a value is asked for."""
        parent = self._types.index.parents[node]
        while isinstance(parent, ast.BoolOp):
            node, parent = parent, self._types.index.parents[parent]
        if isinstance(parent, ast.UnaryOp):
            return isinstance(parent.op, ast.Not)
        return isinstance(parent, (ast.If, ast.While, ast.Assert, ast.Expr, ast.IfExp)) and (
            getattr(parent, "test", node) is node
        )

    def _stored(self, target: ast.Subscript) -> _Put | None:
        if not isinstance(target.ctx, ast.Store):
            # What is read from it may be a container, too, but then its items are not asked for here.
            return _NOTHING
        statement = self._types.index.parents[target]
        if isinstance(statement, ast.Assign) and not isinstance(target.slice, ast.Slice):
            return _Put((target.slice, statement.value), has_key=True)
        return None

    def _called(self, method: ast.Attribute) -> _Put | None:
        call = self._types.index.parents[method]
        if not isinstance(call, ast.Call) or call.func is not method or call.keywords:
            return None
        if method.attr in READING_METHODS:
            return _NOTHING
        if method.attr in {"append", "add", "extend"} and len(call.args) == 1:
            return _Put((call.args[0],), is_spread=method.attr == "extend")
        return _Put((call.args[1],)) if method.attr == "insert" and len(call.args) > 1 else None


def _with(kind: Type, items: Inferred, values: Inferred) -> Type:
    if kind.name not in _MUTABLE:
        return kind
    value = None if kind.value is None else _emptied(join((kind.value, values)))
    return replace(kind, item=None if kind.item is None else _emptied(join((kind.item, items))), value=value)


def _emptied(held: Inferred) -> Inferred:
    """What is held, without what containers in it hold: they can be reached, and filled, in too many ways."""
    if held.types is None:
        return held
    kinds = (
        replace(kind, item=None, value=None, slots=None) if kind.name in _MUTABLE else kind for kind in held.ordered
    )
    return replace(held, types=frozenset(kinds))
