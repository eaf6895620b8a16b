"""What can be read off a class or function that its docstring may speak of."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist_tools.inference.scopes import FUNCTIONS
from archaeologist_tools.source.index import dotted
from archaeologist_tools.surgery.definitions import definitions, own_nodes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archaeologist_tools.source.module import Module
    from archaeologist_tools.surgery.definitions import Definition, Function


@dataclass(frozen=True)
class Behaviour:
    """What a docstring may say.

    Attributes:
        parameters: the names of the parameters; of a class, those of its `__init__`.
        attributes: the attributes that a class has or sets.
        raised: the names of the exceptions that it, or what it calls in the file, raises or lets pass.
        raises_others: it raises something that has no name here.
        returns: it gives a value.
        yields: it is a generator.
    """

    parameters: tuple[str, ...]
    attributes: frozenset[str]
    raised: frozenset[str]
    raises_others: bool
    returns: bool
    yields: bool


def behaviour(node: Definition, module: Module) -> Behaviour:
    """Look at a class or function of a file."""
    if isinstance(node, ast.ClassDef):
        maker = next((each for each in _methods(node) if each.name in {"__init__", "__new__"}), None)
        names, others = _raised(_methods(node), module)
        return Behaviour(_parameters(maker), _attributes(node), names, others, returns=False, yields=False)
    names, others = _raised([node], module)
    own = [*own_nodes(node)]
    yields = any(isinstance(each, (ast.Yield, ast.YieldFrom)) for each in own)
    gives = any(isinstance(each, ast.Return) and not _is_none(each.value) for each in own)
    return Behaviour(_parameters(node), frozenset(), names, others, returns=gives or _is_open(node), yields=yields)


def _methods(node: ast.ClassDef) -> list[Function]:
    return [each for each in node.body if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))]


def _parameters(function: Function | None) -> tuple[str, ...]:
    if function is None:
        return ()
    arguments = function.args
    placed = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return tuple(each.arg for each in (*placed, arguments.vararg, arguments.kwarg) if each)


def _is_none(node: ast.expr | None) -> bool:
    return node is None or (isinstance(node, ast.Constant) and node.value is None)


def _is_open(function: Function) -> bool:
    """Whether what a function gives is not seen in it: others write it, or fill it in."""
    names = {dotted(each).rpartition(".")[2] for each in function.decorator_list}
    stub = all(isinstance(each, (ast.Expr, ast.Pass, ast.Raise)) for each in function.body)
    return stub and ("abstractmethod" in names or "overload" in names or _refuses(function))


def _refuses(function: Function) -> bool:
    return any(isinstance(each, ast.Raise) and _raised_name(each) == "NotImplementedError" for each in function.body)


def _attributes(node: ast.ClassDef) -> frozenset[str]:
    own = {each.name for each in _methods(node)}
    for part in node.body:
        for each in ast.walk(part):
            if isinstance(each, ast.Attribute):
                own.add(each.attr)
            elif isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store) and not isinstance(part, FUNCTIONS):
                own.add(each.id)
    return frozenset(own)


def _raised(functions: Iterable[Function], module: Module) -> tuple[frozenset[str], bool]:
    """The names of what functions raise, and those that they call in the file; whether there is more without a name."""
    known = {name.rpartition(".")[2]: node for name, node in definitions(module.index)}
    waiting, seen, names, others = [*functions], set["Definition"](), set[str](), False
    while waiting:
        function = waiting.pop()
        if function in seen:
            continue
        seen.add(function)
        for node in ast.walk(function):
            if isinstance(node, ast.Raise):
                names.add(name := _raised_name(node))
                others = others or not name
            elif isinstance(node, ast.Call):
                called = known.get(dotted(node.func).rpartition(".")[2] or getattr(node.func, "attr", ""))
                waiting += _methods(called) if isinstance(called, ast.ClassDef) else [called] if called else []
    return frozenset(names - {""}), others


def _raised_name(node: ast.Raise) -> str:
    """The last name of the class that is raised; empty where it is raised again, or comes out of a variable."""
    raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    name = dotted(raised).rpartition(".")[2] if raised else ""
    return name if name[:1].isupper() else ""
