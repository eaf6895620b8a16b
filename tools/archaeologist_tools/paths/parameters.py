"""Parameters annotated as text that are made a Path at once: whatever names a path would do for them."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeGuard

from archaeologist_tools.paths.takers import ECHOES, takes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View
    from archaeologist_tools.paths.meaning import Meaning

_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SEE_ALL_NAMES = frozenset({"locals", "vars", "eval", "exec"})
_CONSTRUCTOR = "__init__"


class TextParameter(NamedTuple):
    """A parameter that is annotated as `str`.

    Attributes:
        name: what it is called.
        annotation: the `str`.
        function: what it is a parameter of.
    """

    name: str
    annotation: ast.Name
    function: _Function


def wrapped_first(call: ast.Call, view: View, meaning: Meaning) -> TextParameter | None:
    """The parameter that a call is the first of its function to make a Path of."""
    name = call.args[0] if call.args else None
    if not isinstance(name, ast.Name) or not _is_wrapped(name, view, meaning):
        return None
    parameter = _parameter_behind(name, view)
    first = parameter and next(use for use in _uses(parameter, view) if _is_wrapped(use, view, meaning))
    return parameter if first is name else None


def _parameter_behind(name: ast.Name, view: View) -> TextParameter | None:
    found = view.types.scopes.lookup(name)
    if found is None:
        return None
    function, bindings = found
    match bindings[0].node:
        case ast.arg(annotation=ast.Name(id="str") as annotation) as node if isinstance(function, _DEFINITIONS):
            return None if _is_collecting(node, function) else TextParameter(name.id, annotation, function)
    return None


def _is_collecting(node: ast.arg, function: _Function) -> bool:
    """Whether a parameter holds what is left over, as `*paths` does."""
    return node in (function.args.vararg, function.args.kwarg)


def takes_any_path(parameter: TextParameter, view: View, meaning: Meaning) -> bool:
    """Whether all that a function does with a parameter it can do with an object that says which path it is."""
    scopes = view.types.scopes
    if parameter.name in scopes.declared or not _SEE_ALL_NAMES.isdisjoint(view.index.calls):
        return False
    _, *others = scopes.bindings(parameter.function, parameter.name)
    uses = list(_uses(parameter, view))
    if others:
        wrapping = others[0].node
        if len(others) > 1 or not _makes_path(wrapping, parameter, view, meaning):
            return False
        uses = _uses_before(wrapping, uses, view)
    return all(_is_wrapped(use, view, meaning) or _is_taken(use, view, meaning) for use in uses)


def _uses_before(wrapping: ast.Assign, uses: list[ast.Name], view: View) -> list[ast.Name]:
    """The uses of a parameter in an assignment that makes it a Path, and before it: behind it all is as it was."""
    end = (wrapping.end_lineno or 0, wrapping.end_col_offset or 0)
    return [use for use in uses if _place(use, view) <= end and use is not wrapping.targets[0]]


def is_shared(parameter: TextParameter, view: View) -> bool:
    """Whether another function has to take the same: one that is overridden, or defined in more than one way."""
    name, owner = parameter.function.name, view.index.parents[parameter.function]
    same = [each for each in view.index.definitions if each.name == name and each is not parameter.function]
    if not isinstance(owner, ast.ClassDef) or name == _CONSTRUCTOR:
        return any(view.types.scopes.around(each) is view.types.scopes.around(parameter.function) for each in same)
    plain = all(isinstance(base, ast.Name) and base.id == "object" for base in owner.bases) and not owner.keywords
    return not plain or bool(same) or f"{owner.name}.{name}" in view.facts.lookups.overridden


def is_documented(parameter: TextParameter, view: View) -> bool:
    """Whether a docstring says that a parameter is text."""
    owner = view.index.parents[parameter.function]
    texts = [ast.get_docstring(parameter.function), isinstance(owner, ast.ClassDef) and ast.get_docstring(owner)]
    named, typed = re.compile(rf"\b{parameter.name}\b"), re.compile(r"\b(?:str|string|basestring|unicode)\b")
    lines = (line for text in texts for line in (text or "").splitlines())
    return any(named.search(line) and typed.search(line) for line in lines)


def _uses(parameter: TextParameter, view: View) -> Iterator[ast.Name]:
    """The places that read or bind a parameter, in the order of the source."""
    scopes = view.types.scopes
    for node in sorted(view.index.names[parameter.name], key=lambda node: _place(node, view)):
        found = scopes.lookup(node)
        if found and found[0] is parameter.function:
            yield node


def _place(node: ast.Name, view: View) -> tuple[int, int]:
    around = view.index.fstring_around(node) or node
    return around.lineno, around.col_offset


def _makes_path(statement: ast.AST, parameter: TextParameter, view: View, meaning: Meaning) -> TypeGuard[ast.Assign]:
    """Whether a statement that every call of the function passes makes the parameter a Path."""
    match statement:
        case ast.Assign(targets=[ast.Name()], value=ast.Call(args=[ast.Name() as given])):
            passed = view.index.parents[statement] is parameter.function
            return passed and given.id == parameter.name and _is_wrapped(given, view, meaning)
    return False


def _is_wrapped(name: ast.Name, view: View, meaning: Meaning) -> bool:
    parent = view.index.parents[name]
    return meaning.called(parent) == "pathlib.Path" and isinstance(parent, ast.Call) and parent.args == [name]


def _is_taken(name: ast.Name, view: View, meaning: Meaning) -> bool:
    """Whether a function takes it that takes any path, and does not give it back."""
    parent = view.index.parents[name]
    called = meaning.called(parent)
    if not isinstance(parent, ast.Call) or called in ECHOES or name not in parent.args:
        return False
    return takes(called, parent.args.index(name), view.target)
