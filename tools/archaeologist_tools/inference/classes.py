"""Attributes of the objects of a module's classes, from every assignment that can reach them.

An attribute's name is looked for in the class, its bases and the classes derived from it, and in assignments through
other names anywhere in the module; a name that another file of the project assigns to stays unknown.
"""

from __future__ import annotations

import ast
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from archaeologist_tools.inference.known import READING_METHODS
from archaeologist_tools.inference.operators import arithmetic, slot
from archaeologist_tools.inference.scopes import FUNCTIONS
from archaeologist_tools.inference.types import NOTHING, UNKNOWN, Inferred, Type, exact
from archaeologist_tools.project.type_facts import PLAIN_CLASSES
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from archaeologist_tools.inference.values import Types

_MUTABLE = frozenset({"list", "dict", "set"})


class Classes:
    """The classes of one module.

    Args:
        types: what its values can be.
    """

    def __init__(self, types: Types) -> None:
        self._types = types
        self._known_above: dict[str, list[ast.ClassDef]] = {}
        self._families: dict[str, list[ast.ClassDef]] = {}
        self._methods: dict[tuple[str, str], list[ast.FunctionDef]] = {}

    @cached_property
    def _by_name(self) -> dict[str, ast.ClassDef]:
        """Classes whose names stand for just one class, and nothing else, in the module."""
        index = self._types.index
        return {node.name: node for node in index.of(ast.ClassDef) if index.bound[node.name] == 1}

    def instance(self, owner: ast.ClassDef) -> Inferred:
        """An object of a class: no tuple, unless a base may be one."""
        exception = owner.name.endswith(("Error", "Exception", "Warning")) and bool(owner.bases)
        if exception or self._derives(owner, ("Exception", "BaseException")):
            return Inferred(frozenset({Type("exception", exact=False, owner=owner.name)}), reason="an exception")
        if self._types.facts.may_be_tuple(owner.name) or not self._is_no_tuple(owner, set()):
            return UNKNOWN
        return Inferred(
            frozenset({Type("instance", exact=False, owner=owner.name)}), reason=f"an object of {owner.name}"
        )

    def _derives(self, owner: ast.ClassDef, names: tuple[str, ...], seen: frozenset[str] = frozenset()) -> bool:
        bases = [dotted(base) for base in owner.bases]
        if any(name in names for name in bases):
            return True
        known = [self._by_name[name] for name in bases if name in self._by_name and name not in seen]
        return any(self._derives(base, names, seen | {owner.name}) for base in known)

    def _is_no_tuple(self, owner: ast.ClassDef, seen: set[str]) -> bool:
        seen.add(owner.name)
        names = [dotted(base) for base in owner.bases]
        return all(
            name.rpartition(".")[2] in PLAIN_CLASSES
            or name in seen
            or (name in self._by_name and self._is_no_tuple(self._by_name[name], seen))
            or self._types.facts.is_no_tuple(name.rpartition(".")[2])
            for name in names
        )

    def family(self, name: str) -> list[ast.ClassDef]:
        """A class, those it is derived from, those derived from it and what these are derived from besides.

        As far as the module defines them: a class beside this one may stand before it among the parents of a third.
        """
        if name not in self._families:
            self._families[name] = self._related(name) if name in self._by_name else []
        return self._families[name]

    def _related(self, name: str) -> list[ast.ClassDef]:
        own = self._by_name[name]
        below = (node for node in self._by_name.values() if own in self._above(node.name))
        return list(dict.fromkeys((*self._above(name), *(each for node in below for each in self._above(node.name)))))

    def _above(self, name: str) -> list[ast.ClassDef]:
        if name not in self._known_above:
            self._known_above[name] = self._collected(name, [])
        return self._known_above[name]

    def _collected(self, name: str, found: list[ast.ClassDef]) -> list[ast.ClassDef]:
        node = self._by_name.get(name)
        if node is not None and node not in found:
            found.append(node)
            for base in node.bases:
                self._collected(dotted(base), found)
        return found

    def methods(self, name: str, method: str) -> list[ast.FunctionDef]:
        """The functions that a method call on an object of a class may reach; none when not all can be seen."""
        if (name, method) not in self._methods:
            hidden = self._types.index.stored(method) or method in self._set_names
            hidden = hidden or self._types.facts.is_defined_elsewhere(name, method)
            self._methods[name, method] = [] if hidden else self._defined(name, method)
        return self._methods[name, method]

    def _defined(self, name: str, method: str) -> list[ast.FunctionDef]:
        scopes = self._types.scopes
        bound = [binding.node for owner in self.family(name) for binding in scopes.bindings(owner, method)]
        found = [node for node in bound if isinstance(node, ast.FunctionDef)]
        return found if len(found) == len(bound) else []

    def attribute(self, name: str, attribute: str) -> Inferred:
        """What an attribute of an object of a class can be."""
        family = () if self._types.facts.is_stored_elsewhere(attribute) else self.family(name)
        if not family or any(self._is_dynamic(owner) for owner in family) or self._is_set_by_name(attribute):
            return UNKNOWN
        if any(self._types.facts.is_defined_elsewhere(owner.name, attribute) for owner in family):
            return UNKNOWN
        parts = self._parts(family, attribute)
        first = next(parts, UNKNOWN)
        return self._without_items(self._types.joined(chain((first,), parts))).because(
            f"all assignments to {attribute}"
        )

    def _parts(self, family: Sequence[ast.ClassDef], attribute: str) -> Iterator[Inferred]:
        """What each place gives an attribute that gives it a value."""
        for owner in family:
            yield from self._in_body(owner, attribute)
        for node in self._types.index.stored(attribute):
            if not self._is_of_another(node, family):
                yield self._stored(node)

    @staticmethod
    def _without_items(found: Inferred) -> Inferred:
        """The same, when nothing is known of what containers hold: whoever has the object can put something in."""
        if found.types is None:
            return found
        return Inferred(
            frozenset(
                Type(kind.name, kind.exact, kind.owner) if kind.name in _MUTABLE else kind for kind in found.ordered
            ),
            reason=found.reason,
        )

    def _in_body(self, owner: ast.ClassDef, attribute: str) -> Iterator[Inferred]:
        for binding in self._types.scopes.bindings(owner, attribute):
            node = binding.node
            if isinstance(node, ast.FunctionDef):
                names = {dotted(item).rpartition(".")[2] for item in node.decorator_list}
                is_property = bool(names & {"property", "cached_property"})
                if names - {"property", "cached_property", "setter", "deleter", attribute}:
                    yield UNKNOWN
                elif is_property:
                    yield self._types.members.result(node)
                elif not node.decorator_list:
                    yield exact("function")
            else:
                value = self._types.variables.bound(binding, owner)
                # An object in a class may be a descriptor, which answers with something else.
                is_object = any(kind.name == "instance" for kind in value.types or ())
                yield UNKNOWN if is_object else value

    def _is_dynamic(self, owner: ast.ClassDef) -> bool:
        """Whether a class sets attributes whose names cannot be read, or answers for some that it does not have."""
        kinds = {dotted(base).rpartition(".")[2] for base in owner.bases}
        if owner.keywords or any(name.endswith(("Enum", "Flag")) for name in kinds):
            return True  # what is assigned in the body is not what is read
        return owner in self._setting

    @cached_property
    def _setting(self) -> AbstractSet[ast.AST]:
        """All that code is inside of which sets attributes by names, or answers for them."""
        index = self._types.index
        called = [node for node in index.names.get("setattr", ()) if _is_called(node, index.parents[node])]
        hooks = [node for node in index.of(ast.FunctionDef) if node.name in {"__setattr__", "__getattribute__"}]
        return self._types.mentions.above([*called, *index.attributes.get("__dict__", ()), *hooks])

    def _is_set_by_name(self, attribute: str) -> bool:
        """Whether the module has code that may set an attribute of this name on anything."""
        return None in self._set_names or attribute in self._set_names

    @cached_property
    def _set_names(self) -> frozenset[str | None]:
        """The names that are handed to `setattr`, or are keys of somebody's `__dict__`; None for any name."""
        index = self._types.index
        found: set[str | None] = set()
        for call in index.named(ast.Call, ("setattr", "__setattr__")):
            if dotted(call.func) and len(call.args) > 1:
                found.update(_texts(call.args[-2]))
        for call in index.calls.get("vars", ()):
            if dotted(call.func) and call.args and isinstance(index.parents[call], (ast.Subscript, ast.Attribute)):
                found.add(None)
        if any(not self._is_read(node) for node in index.attributes.get("__dict__", ())):
            found.add(None)
        return frozenset(found)

    def _is_read(self, node: ast.expr) -> bool:
        """Whether a mapping is only looked into."""
        parent = self._types.index.parents[node]
        if isinstance(parent, ast.Attribute):
            return parent.attr in READING_METHODS - {"clear", "pop", "popitem"}
        return isinstance(getattr(parent, "ctx", ast.Load()), ast.Load) and isinstance(node.ctx, ast.Load)  # type: ignore[attr-defined]

    def _is_of_another(self, node: ast.Attribute, family: Sequence[ast.ClassDef]) -> bool:
        """Whether an assignment goes through `self` of a class that has nothing to do with these."""
        if not isinstance(node.value, ast.Name):
            return False
        function = next((item for item in self._types.index.ancestors(node) if isinstance(item, FUNCTIONS)), None)
        owner = self._types.index.parents.get(function) if function else None
        if not isinstance(owner, ast.ClassDef) or function is None:
            return False
        first = [*function.args.posonlyargs, *function.args.args][:1]
        return bool(first) and first[0].arg == node.value.id and owner not in family

    def _stored(self, node: ast.Attribute) -> Inferred:
        """What one assignment gives an attribute."""
        parent = self._types.index.parents[node]
        if isinstance(node.ctx, ast.Del):
            return NOTHING
        if isinstance(parent, ast.Assign):
            return self._types.of(parent.value)
        if isinstance(parent, ast.AnnAssign):
            return self._types.of(parent.value) if parent.value else UNKNOWN
        if isinstance(parent, ast.AugAssign):
            value = self._types.kinds(parent.value)
            return value if value.exactly("str", "int", "float") else arithmetic(parent.op, UNKNOWN, value)
        if isinstance(parent, (ast.Tuple, ast.List)):
            statement = self._types.index.parents[parent]
            if isinstance(statement, ast.Assign) and not any(isinstance(item, ast.Starred) for item in parent.elts):
                return slot(self._types.holding(statement.value), parent.elts.index(node))
        return UNKNOWN


def _is_called(node: ast.AST, parent: ast.AST) -> bool:
    return isinstance(parent, ast.Call) and parent.func is node


def _texts(node: ast.expr) -> set[str | None]:
    """The text that an expression is, or None for any."""
    return {node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None}
