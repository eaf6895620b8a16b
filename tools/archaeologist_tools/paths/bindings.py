"""Which local names of a function are bound how, and read where."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.paths.scopes import Scope, ScopeNode
from archaeologist_tools.source.index import bound_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist_tools.engine.view import View
    from archaeologist_tools.paths.meaning import Meaning

_Function = (ast.FunctionDef, ast.AsyncFunctionDef)
_Inner = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_FRAME_READERS = frozenset({"locals", "vars", "eval", "exec", "dir", "globals"})
_WALK_GIVES = 3
_ODD = frozenset(
    {
        ast.arg, ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping, ast.FunctionDef,
        ast.AsyncFunctionDef, ast.ClassDef, ast.alias, ast.Call,
    }
)  # fmt: skip


def scopes_of(view: View, meaning: Meaning, *, lexical: bool) -> list[Scope]:
    """The scopes of a module, the module's own last.

    Args:
        view: the module.
        meaning: what its names stand for.
        lexical: how `os.path.abspath` is written, see `Builder`.
    """
    functions = [node for node in view.index.definitions if isinstance(node, _Function)]
    outer = Scope(view.index.tree, view, meaning, lexical=lexical)
    scopes: dict[ScopeNode, Scope] = {node: Scope(node, view, meaning, outer, lexical=lexical) for node in functions}
    scopes[view.index.tree] = outer
    for read in view.index.of(ast.Name):
        _file(read, scopes, view)
    for node, scope in scopes.items():
        scope.odd.update(_shared(view))
        for name in _bound_oddly(view.index.below(node)):
            scope.odd.add(name)
            scope.stores[name] += 1
    for node, scope in scopes.items():
        scope.settle(private=isinstance(node, ast.Module) and not _is_setup_script(view))
    outer.paths -= set(view.facts.private)
    return list(scopes.values())


def _is_setup_script(view: View) -> bool:
    return view.module.path.rpartition("/")[2] == "setup.py"


def scope_around(node: ast.AST, view: View) -> ast.AST:
    """The function, lambda, class or module whose names an expression reads."""
    return next(parent for parent in view.index.ancestors(node) if isinstance(parent, (*_Inner, ast.Module)))


def _file(name: ast.Name, scopes: dict[ScopeNode, Scope], view: View) -> None:
    """Note a name in its scope, and as seen from outside in all scopes around that."""
    inner = True
    for parent in view.index.ancestors(name):
        if isinstance(parent, ScopeNode) and (scope := scopes.get(parent)):
            if inner:
                _note(name, scope, view)
            elif not isinstance(parent, ast.Module) or not isinstance(name.ctx, ast.Load):
                scope.odd.add(name.id)
            elif isinstance(parent, ast.Module):
                scope.loads.setdefault(name.id, []).append(name)
        if isinstance(parent, _Inner):
            inner = False


def _note(name: ast.Name, scope: Scope, view: View) -> None:
    if isinstance(name.ctx, ast.Load):
        scope.loads.setdefault(name.id, []).append(name)
        return
    scope.stores[name.id] += 1
    parent = view.index.parents[name]
    if isinstance(parent, ast.Assign) and parent.targets == [name]:
        scope.values.setdefault(name.id, []).append(parent.value)
    elif isinstance(parent, (ast.For, ast.comprehension)) and parent.target is name:
        scope.items.setdefault(name.id, []).append(parent.iter)
    elif (call := _walked(parent, scope, view)) and isinstance(parent, ast.Tuple):
        scope.walks.setdefault(name.id, []).append((parent.elts.index(name), call))
    else:
        scope.odd.add(name.id)


def _walked(target: ast.AST, scope: Scope, view: View) -> ast.Call | None:
    """The call of `os.walk` whose results a loop takes apart."""
    loop = view.index.parents[target]
    if not (isinstance(loop, ast.For) and loop.target is target and isinstance(target, ast.Tuple)):
        return None
    call = loop.iter if isinstance(loop.iter, ast.Call) else None
    return call if len(target.elts) == _WALK_GIVES and scope.meaning.called(loop.iter) == "os.walk" else None


def _shared(view: View) -> set[str]:
    """Names that functions bind outside of themselves."""
    return {*view.index.declared_global, *(name for node in view.index.of(ast.Nonlocal) for name in node.names)}


def _bound_oddly(nodes: Sequence[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if node.__class__ not in _ODD:
            continue
        match node:
            case ast.arg(arg=name) | ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                yield name
            case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.alias():
                yield bound_by(node)
            case ast.Call(func=ast.Name(id=called)) if called in _FRAME_READERS:
                yield from (part.id for part in nodes if isinstance(part, ast.Name))
            case _:
                pass
