"""Which names of a module's functions are bound how, and read where; a name is looked at when it is first asked for."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from archaeologist_tools.source.index import bound_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from archaeologist_tools.engine.view import View
    from archaeologist_tools.paths.meaning import Meaning

ScopeNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module

_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_AROUND = frozenset({*_INNER, ast.Module})
_FRAME_READERS = frozenset({"locals", "vars", "eval", "exec", "dir", "globals"})
_WALK_GIVES = 3


@dataclass(eq=False)
class Held:
    """What one scope does with one name.

    Attributes:
        values: what is assigned to it, by statements that do nothing else.
        loads: where it is read.
        items: what a loop gets it from.
        walks: the calls of `os.walk` that give it, and whether as the folder (0), its folders or its files.
        odd: it is bound in other ways, or other functions see it.
        stores: in how many places it is bound.
    """

    values: list[ast.expr] = field(default_factory=list)
    loads: list[ast.Name] = field(default_factory=list)
    items: list[ast.expr] = field(default_factory=list)
    walks: list[tuple[int, ast.Call]] = field(default_factory=list)
    odd: bool = False
    stores: int = 0


class Bindings:
    """The names of the functions of a module, and of the module itself.

    Args:
        view: the module.
        meaning: what its names stand for.

    Attributes:
        shared: names that functions bind outside of themselves.
    """

    def __init__(self, view: View, meaning: Meaning) -> None:
        self._index = view.index
        self._meaning = meaning
        self._held: dict[str, defaultdict[ScopeNode, Held]] = {}
        self.shared = {
            *self._index.declared_global,
            *(name for node in view.index.of(ast.Nonlocal) for name in node.names),
        }

    def of(self, scope: ScopeNode, name: str) -> Held:
        """What a scope does with a name."""
        if name not in self._held:
            self._held[name] = self._found(name)
        return self._held[name][scope]

    def scope_of(self, node: ast.AST) -> ScopeNode:
        """The function, or the module, that a node is in."""
        return next(self._around(node))

    def assigned(self, value: ast.expr) -> tuple[ScopeNode, str] | None:
        """The scope and the name that a value is assigned to, by a statement that does nothing else."""
        match self._index.parents[value]:
            case ast.Assign(targets=[ast.Name(id=name)]) as statement if statement.value is value:
                around = next(parent for parent in self._index.ancestors(statement) if parent.__class__ in _AROUND)
                return (around, name) if isinstance(around, ScopeNode) else None
        return None

    def _around(self, node: ast.AST) -> Iterator[ScopeNode]:
        return (parent for parent in self._index.ancestors(node) if isinstance(parent, ScopeNode))

    def _found(self, name: str) -> defaultdict[ScopeNode, Held]:
        odd = name in self.shared
        found: defaultdict[ScopeNode, Held] = defaultdict(lambda: Held(odd=odd))
        for use in self._index.names.get(name, ()):
            self._file(use, found)
        for node in self._binders.get(name, ()):
            scopes = [*self._around(node), *([node] if isinstance(node, ScopeNode) else ())]
            for scope in scopes:
                found[scope].odd = True
                found[scope].stores += 1
        return found

    def _file(self, use: ast.Name, found: defaultdict[ScopeNode, Held]) -> None:
        """Note a name in its scope, and as seen from outside in all scopes around that."""
        inner = True
        for parent in self._index.ancestors(use):
            if isinstance(parent, ScopeNode):
                held, readers = found[parent], self._frame_readers[parent]
                held.odd = held.odd or readers > 0
                held.stores += readers
                if inner:
                    self._note(use, held)
                elif isinstance(parent, ast.Module) and isinstance(use.ctx, ast.Load):
                    held.loads.append(use)
                else:
                    held.odd = True
            if isinstance(parent, _INNER):
                inner = False

    def _note(self, use: ast.Name, held: Held) -> None:
        if isinstance(use.ctx, ast.Load):
            held.loads.append(use)
            return
        held.stores += 1
        parent = self._index.parents[use]
        if isinstance(parent, ast.Assign) and parent.targets == [use]:
            held.values.append(parent.value)
        elif isinstance(parent, (ast.For, ast.comprehension)) and parent.target is use:
            held.items.append(parent.iter)
        elif isinstance(parent, ast.Tuple) and (call := self._walked(parent)):
            held.walks.append((parent.elts.index(use), call))
        else:
            held.odd = True

    def _walked(self, target: ast.Tuple) -> ast.Call | None:
        """The call of `os.walk` whose results a loop takes apart."""
        loop = self._index.parents[target]
        if not (isinstance(loop, ast.For) and loop.target is target and isinstance(loop.iter, ast.Call)):
            return None
        return loop.iter if len(target.elts) == _WALK_GIVES and self._meaning.called(loop.iter) == "os.walk" else None

    @cached_property
    def _frame_readers(self) -> Counter[ast.AST]:
        """How many calls in each scope may see all names of it."""
        calls = (call for name in _FRAME_READERS for call in self._index.calls.get(name, ()))
        return Counter(scope for call in calls if isinstance(call.func, ast.Name) for scope in self._around(call))

    @cached_property
    def _binders(self) -> Mapping[str, list[ast.AST]]:
        """What binds each name otherwise than by writing it down as an expression."""
        index = self._index
        found: defaultdict[str, list[ast.AST]] = defaultdict(list)
        for parameter in index.of(ast.arg):
            found[parameter.arg].append(parameter)
        for alias in index.of(ast.alias):
            found[bound_by(alias)].append(alias)
        for definition in index.definitions:
            found[definition.name].append(definition)
        for node in (*index.of(ast.ExceptHandler), *index.of(ast.MatchAs), *index.of(ast.MatchStar)):
            found[getattr(node, "name", None) or ""].append(node)
        for mapping in index.of(ast.MatchMapping):
            found[mapping.rest or ""].append(mapping)
        return found
