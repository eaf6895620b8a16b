"""One walk over a syntax tree: the nodes by type, their parents, what is bound where.

Every rule reads from here, so a file is walked once however many rules there are.
"""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

_Node = TypeVar("_Node", bound=ast.AST)

# Fields that never hold a node a rule asks for; leaving them out saves half of the walk.
_PLAIN_FIELDS = frozenset(
    {
        "ctx", "op", "ops", "kind", "type_comment", "conversion", "level", "is_async", "simple", "type_ignores",
        "id", "attr", "arg", "name", "asname", "module", "rest", "tag", "str", "kwd_attrs",
    },
)  # fmt: skip
# Fields that hold nodes in some types and text or a constant in these.
_PLAIN_HERE = frozenset(
    {("Global", "names"), ("Nonlocal", "names"), ("Constant", "value"), ("MatchSingleton", "value")}
)
_NAMESPACES = frozenset({"globals", "locals", "vars", "__import__"})
_BUILTINS = frozenset({"builtins", "__builtin__", "__builtins__", "six.moves.builtins"})
_BUILTINS_ENDS = frozenset(name.rpartition(".")[2] for name in _BUILTINS)
_NODES_HERE = frozenset({("TypeAlias", "name")})


class _ChildFields(dict[type[ast.AST], tuple[str, ...]]):
    """The fields of each type that hold nodes, last one first."""

    def __missing__(self, kind: type[ast.AST]) -> tuple[str, ...]:
        places = [(kind.__name__, field) for field in reversed(kind._fields)]
        self[kind] = tuple(
            place[1]
            for place in places
            if place in _NODES_HERE or (place[1] not in _PLAIN_FIELDS and place not in _PLAIN_HERE)
        )
        return self[kind]


_child_fields = _ChildFields()

_BLOCKS = ("body", "orelse", "finalbody")
NAMED: dict[type[ast.AST], str] = {ast.Name: "names", ast.Attribute: "attributes", ast.Call: "calls"}
"""The tables that hold the nodes of a type by their names."""


class Index:
    """The nodes of one tree.

    Args:
        tree: the tree to walk.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.parents: dict[ast.AST, ast.AST] = {}
        self._nodes: defaultdict[type[ast.AST], list[ast.AST]] = defaultdict(list)
        self._blocks: dict[ast.AST, dict[ast.AST, list[ast.stmt]]] = {}
        self._walk()

    def _walk(self) -> None:
        # Written for speed: nothing else is done to as many nodes. The parser sets all fields of each node.
        pending: list[ast.AST] = [self.tree]
        nodes, parents, fields = self._nodes, self.parents, _child_fields
        pop, push = pending.pop, pending.append
        while pending:
            node = pop()
            kind = node.__class__
            nodes[kind].append(node)
            if names := fields[kind]:
                values = node.__dict__
                for name in names:
                    if value := values[name]:
                        if value.__class__ is list:
                            for item in reversed(value):
                                if item is not None:  # a key of `{**mapping}`, a parameter without a default
                                    parents[item] = node
                                    push(item)
                        else:
                            parents[value] = node
                            push(value)

    @cached_property
    def _fstrings(self) -> dict[ast.AST, ast.JoinedStr]:
        """The outermost f-string around every node that is inside of one."""
        found: dict[ast.AST, ast.JoinedStr] = {}
        for outer in self.of(ast.JoinedStr):
            if outer not in found:
                found.update((node, outer) for node in walk(outer) if node is not outer)
        return found

    def of(self, kind: type[_Node]) -> Sequence[_Node]:
        """All nodes of exactly this type, parents before children and in the order of their fields."""
        return self._nodes.get(kind, [])  # type: ignore[return-value]  # filed under its own type in _walk

    def placed(self) -> Iterator[Any]:
        """All nodes that have a place in the file."""
        return chain.from_iterable(nodes for nodes in self._nodes.values() if hasattr(nodes[0], "lineno"))

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """The parents of a node, nearest first."""
        while (parent := self.parents.get(node)) is not None:
            yield parent
            node = parent

    def block_of(self, statement: ast.AST) -> list[ast.stmt]:
        """The block that a statement stands in; none for a node that stands in no block."""
        parent = self.parents.get(statement)
        if parent is None:
            return []
        if parent not in self._blocks:
            blocks = (getattr(parent, field, None) for field in _BLOCKS)
            self._blocks[parent] = {each: block for block in blocks if isinstance(block, list) for each in block}
        return self._blocks[parent].get(statement, [])

    @cached_property
    def names(self) -> dict[str, list[ast.Name]]:
        """The uses and bindings of each name."""
        found: dict[str, list[ast.Name]] = defaultdict(list)
        for node in self.of(ast.Name):
            found[node.id].append(node)
        return dict(found)

    @cached_property
    def attributes(self) -> dict[str, list[ast.Attribute]]:
        """The attributes of each name, whatever they are read from."""
        found: dict[str, list[ast.Attribute]] = defaultdict(list)
        for node in self.of(ast.Attribute):
            found[node.attr].append(node)
        return dict(found)

    @cached_property
    def calls(self) -> dict[str, list[ast.Call]]:
        """The calls by the last name of what is called."""
        found: dict[str, list[ast.Call]] = defaultdict(list)
        for node in self.of(ast.Call):
            found[called(node)].append(node)
        return dict(found)

    @cached_property
    def texts(self) -> frozenset[str]:
        """What the literals that are texts say, each once."""
        return frozenset(node.value for node in self.of(ast.Constant) if isinstance(node.value, str))

    @cached_property
    def dotted_texts(self) -> Sequence[str]:
        """The texts that may name something with dots, as tests name what they replace."""
        return [text for text in self.texts if "." in text and " " not in text]

    def named(self, kind: type[_Node], names: Collection[str]) -> Sequence[_Node]:
        """The nodes of a type that are of one of some names; all of a type that has no name here."""
        if kind not in NAMED:
            return self.of(kind)
        if not names:
            return []
        table = getattr(self, NAMED[kind])
        found = [node for name in names if name in table for node in table[name]]
        return sorted(found, key=lambda node: (node.lineno, node.col_offset))

    @cached_property
    def stores(self) -> Sequence[ast.Attribute]:
        """The attributes that are set or deleted."""
        return [node for node in self.of(ast.Attribute) if node.ctx.__class__ is not ast.Load]

    def stored(self, attribute: str) -> list[ast.Attribute]:
        """The places where an attribute of that name is set or deleted."""
        return [node for node in self.attributes.get(attribute, ()) if not isinstance(node.ctx, ast.Load)]

    def fstring_around(self, node: ast.AST) -> ast.JoinedStr | None:
        """The outermost f-string that holds a node. Positions inside f-strings are wrong before Python 3.12."""
        return self._fstrings.get(node)

    @cached_property
    def definitions(self) -> Sequence[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
        """All functions and classes, in the order of the source."""
        found: list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef] = []
        found += [*self.of(ast.FunctionDef), *self.of(ast.ClassDef)]
        found += self.of(ast.AsyncFunctionDef)
        return sorted(found, key=lambda node: (node.lineno, node.col_offset))

    @cached_property
    def bound(self) -> Counter[str]:
        """How often each name is bound, deleted or declared anywhere in the module, in whatever scope."""
        names: Counter[str] = Counter()
        names.update([node.id for node in self.of(ast.Name) if node.ctx.__class__ is not ast.Load])
        names.update([node.arg for node in self.of(ast.arg)])
        names.update(node.name for node in self.definitions)
        names.update(map(bound_by, self.of(ast.alias)))
        names.update(name for node in self.of(ast.Global) for name in node.names)
        names.update(name for node in self.of(ast.Nonlocal) for name in node.names)
        names.update(node.name for node in self.of(ast.ExceptHandler) if node.name)
        names.update(node.name for node in self.of(ast.MatchAs) if node.name)
        names.update(node.name for node in self.of(ast.MatchStar) if node.name)
        names.update(node.rest for node in self.of(ast.MatchMapping) if node.rest)
        return names

    @cached_property
    def loaded(self) -> Counter[str]:
        """How often each name is read anywhere in the module."""
        return Counter(node.id for node in self.of(ast.Name) if isinstance(node.ctx, ast.Load))

    @cached_property
    def declared_global(self) -> frozenset[str]:
        """The names that functions declare `global`."""
        return frozenset(name for node in self.of(ast.Global) for name in node.names)

    @cached_property
    def called(self) -> frozenset[str]:
        """The dotted names of all that is called."""
        return frozenset(dotted(node.func) for node in self.of(ast.Call))

    @cached_property
    def star_imports(self) -> tuple[ast.ImportFrom, ...]:
        """The `from x import *` statements."""
        return tuple(node for node in self.of(ast.ImportFrom) if any(name.name == "*" for name in node.names))

    def star_imports_after(self, node: ast.stmt) -> bool:
        """Whether a `from x import *` behind a statement may bind its name again."""
        return any(star.lineno > node.lineno for star in self.star_imports)

    @cached_property
    def writes_namespace(self) -> bool:
        """Whether names may be bound in ways no reader sees: `globals()[x] = ...`, `vars().update(...)`, `exec`."""
        if any(isinstance(call.func, ast.Name) for call in self.calls.get("exec", ())):
            return True
        for node in self.named(ast.Call, ("globals", "vars", "locals")):
            if isinstance(node.func, ast.Name) and not node.args:
                parent = self.parents[node]
                stored = isinstance(parent, ast.Subscript) and not isinstance(parent.ctx, ast.Load)
                if stored or (isinstance(parent, ast.Attribute) and parent.attr in {"update", "setdefault", "pop"}):
                    return True
        return False

    @cached_property
    def replaced_builtins(self) -> frozenset[str]:
        """The names that the module gives another meaning for the whole program: `builtins.open = ...`."""
        stores = (node for node in self.stores if name_of(node.value) in _BUILTINS_ENDS)
        return frozenset(node.attr for node in stores if dotted(node.value) in _BUILTINS)

    def may_bind_unseen(self, name: str) -> bool:
        """Whether a name may be bound in a way no reader sees: not by code that runs elsewhere, or lacks the name."""
        if not self.writes_namespace:
            return False
        if _NAMESPACES.intersection(self.names) or "modules" in self.attributes:
            return True
        return any(
            not (_runs_elsewhere(node) or _lacks(node, name))
            for node in self.calls.get("exec", ())
            if isinstance(node.func, ast.Name)
        )


def _runs_elsewhere(call: ast.Call) -> bool:
    """Whether `exec` is given a namespace; the module's own is not among them where nobody asks for it."""
    return len(call.args) > 1 and not any(isinstance(argument, ast.Starred) for argument in call.args)


def _lacks(call: ast.Call, name: str) -> bool:
    code = call.args[0] if call.args else None
    return isinstance(code, ast.Constant) and isinstance(code.value, str) and name not in code.value


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes right below a node, in the order of its fields, without operators and contexts."""
    found: list[ast.AST] = []
    if fields := _child_fields[node.__class__]:
        values = node.__dict__
        for field in reversed(fields):
            if value := values.get(field):  # a node that was not parsed may lack some
                if value.__class__ is list:
                    found += [item for item in value if item is not None]
                else:
                    found.append(value)
    return found


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all nodes inside of it, without operators and contexts; faster than `ast.walk`."""
    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        pending += children(node)


def bound_by(alias: ast.alias) -> str:
    """The name that one part of an import statement binds."""
    return (alias.asname or alias.name).partition(".")[0]


def called(call: ast.Call) -> str:
    """The last part of the name of what is called; empty for what has no name."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def name_of(node: ast.AST) -> str:
    """The name that a name, an attribute or a call stands under in `NAMED`; empty for any other node."""
    if isinstance(node, ast.Call):
        return called(node)
    return getattr(node, "attr" if isinstance(node, ast.Attribute) else "id", "")


def dotted(node: ast.expr) -> str:
    """The text of a chain of names such as `os.path.join`; empty for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join((node.id, *reversed(parts)))
