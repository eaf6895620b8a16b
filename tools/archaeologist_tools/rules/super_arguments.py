"""AR021 super-arguments."""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.source.class_cell import metaclass_keeps_cell
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_Function = (ast.FunctionDef, ast.AsyncFunctionDef)
# What a module-level class may stand in and still be made exactly once.
_Transparent = (ast.If, ast.Try, ast.ExceptHandler, ast.With)
# They show or use the hidden variable `__class__` that `super()` adds to a method.
_FRAME_READERS = frozenset(
    {"locals", "vars", "dir", "eval", "exec", "sys._getframe", "_getframe", "inspect.currentframe", "currentframe"}
)
_CODE_COPIERS = frozenset({"FunctionType", "types.FunctionType", "CodeType", "types.CodeType"})


@register
class SuperArguments(Rule[ast.Call]):
    """Writes `super(A, self)` as `super()`.

    What it does:
        Finds `super` with arguments, and drops them in a method of class `A` whose first parameter is `self`.

    Why:
        The class's name is repeated in every method and goes wrong in copies and renames; `super()` cannot.

    Example:
        `super(Report, self).close()` becomes `super().close()`.

    Safety:
        `super()` takes the class from the cell `__class__` and the object from the first parameter. The rule checks
        that both are the very objects the arguments name: the class is made once at module level and its name is not
        bound again, the parameter is not bound again, no decorator or metaclass may put another class in its place.

    Left alone:
        Every call for which one of these is not certain, with the reason; above all `super(Parent, self)`, which skips
        a level on purpose.

    References:
        ruff UP008; https://docs.python.org/3/library/functions.html#super
    """

    code = "AR021"
    name = "super-arguments"
    family = "syntax"
    title = "Call super() without arguments"
    fixer = Fixer.RULE
    aliases = ("UP008",)
    keeps_values = True
    nodes = (ast.Call,)
    names = frozenset({"super"})
    refusals: ClassVar = {
        "not-in-method": "it is not directly in a method of a class at module level",
        "other-class": "the first argument is not the class around the call",
        "other-object": "the second argument is not the method's first parameter",
        "rebound": "super, the class's name or the parameter may be bound to something else",
        "class-decorator": "a decorator may put another class in the place of this one",
        "metaclass": "the metaclass may drop the cell that super() needs",
        "project-metaclass": "a base may bring a metaclass of this project that drops the cell that super() needs",
        "frame-reader": "the method looks at its own variables, of which super() adds one",
        "code-copier": "the module makes functions from code objects, which lose the cell that super() needs",
        "comment": "a comment stands between the arguments",
    }
    valid = ("class A:\n    def f(self):\n        super().f()\n",)
    invalid = (
        (
            "class A(B):\n    def f(self):\n        super(A, self).f()\n",
            "class A(B):\n    def f(self):\n        super().f()\n",
        ),
        (
            "class A(B):\n    def f(self):\n        super(B, self).f()\n",
            "class A(B):\n    def f(self):\n        super(B, self).f()\n",
        ),
    )

    def matches(self, node: ast.Call, view: View) -> Iterator[Match[ast.Call]]:  # noqa: ARG002
        """Find calls of `super` with arguments."""
        if isinstance(node.func, ast.Name) and node.func.id == "super" and node.args:
            yield Match(node, "super with arguments")

    def fix(self, match: Match[ast.Call], view: View) -> Replacement | Decline:
        """Drop the arguments when every precondition holds."""
        call = match.node
        if view.index.fstring_around(call):
            return Decline("inside-f-string")
        place = _method_around(call, view)
        if place is None:
            return Decline("not-in-method")
        owner, method = place
        reason = _wrong_arguments(call, owner, method) or _wrong_names(owner, method, view) or _wrong_class(owner, view)
        if reason:
            return Decline(reason)
        start, end = view.module.extent(call.func)[1], view.module.extent(call)[1]
        if b"#" in view.module.data[start:end]:
            return Decline("comment")
        text = f"the class is {owner.name}, made once, and the object is the first parameter of {method.name}"
        return Replacement(start, end, "()", Evidence.PROVED, text)


def _method_around(call: ast.Call, view: View) -> tuple[ast.ClassDef, ast.FunctionDef | ast.AsyncFunctionDef] | None:
    """The class and the method whose body directly holds a call; None inside lambdas, inner functions and the like."""
    inner: ast.AST = call
    for method in view.index.ancestors(call):
        if isinstance(method, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.ClassDef)):
            return None
        if isinstance(method, _Function):
            break
        inner = method
    else:
        return None
    if inner not in method.body:
        return None
    owner = view.index.parents[method]
    if not isinstance(owner, ast.ClassDef):
        return None
    around = [node for node in view.index.ancestors(owner) if not isinstance(node, _Transparent)]
    return (owner, method) if all(isinstance(node, ast.Module) for node in around) else None


def _wrong_arguments(call: ast.Call, owner: ast.ClassDef, method: ast.FunctionDef | ast.AsyncFunctionDef) -> str | None:
    names = [argument.id for argument in call.args if isinstance(argument, ast.Name)]
    parameters = [*method.args.posonlyargs, *method.args.args]
    if names[:1] != [owner.name]:
        return "other-class"
    plain = len(names) == len(call.args) and not call.keywords
    return None if plain and parameters and names[1:] == [parameters[0].arg] else "other-object"


def _wrong_names(owner: ast.ClassDef, method: ast.FunctionDef | ast.AsyncFunctionDef, view: View) -> str | None:
    # A name with two leading underscores is mangled inside the class, so `super(__A, self)` never named the class.
    once = view.index.bound[owner.name] == 1 and not owner.name.startswith("__")
    certain = once and "__class__" not in view.index.bound and not view.index.star_imports_after(owner)
    certain = certain and not view.types.facts.is_stored_elsewhere(owner.name)
    if not certain or not view.is_builtin("super"):
        return "rebound"
    first = [*method.args.posonlyargs, *method.args.args][0].arg
    if first not in _assigned(view) and _FRAME_READERS.isdisjoint(view.index.called):
        return None
    for node in ast.walk(method):
        stored = isinstance(node, ast.Name) and node.id == first and not isinstance(node.ctx, ast.Load)
        captured = isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name == first
        declared = isinstance(node, (ast.Global, ast.Nonlocal)) and first in node.names
        if stored or captured or declared:
            return "rebound"
        if isinstance(node, ast.Call) and dotted(node.func) in _FRAME_READERS:
            return "frame-reader"
    return None


@lru_cache(maxsize=1)
def _assigned(view: View) -> frozenset[str]:
    """The names that a file binds otherwise than as parameters, definitions and imports."""
    index = view.index
    names = {node.id for node in index.of(ast.Name) if node.ctx.__class__ is not ast.Load}
    captures: list[ast.ExceptHandler | ast.MatchAs | ast.MatchStar] = []
    captures += (*index.of(ast.ExceptHandler), *index.of(ast.MatchAs), *index.of(ast.MatchStar))
    names.update(node.name for node in captures if node.name)
    names.update(name for node in index.of(ast.Global) for name in node.names)
    names.update(name for node in index.of(ast.Nonlocal) for name in node.names)
    return frozenset(names)


def _wrong_class(owner: ast.ClassDef, view: View) -> str | None:
    if owner.decorator_list:
        return "class-decorator"
    if any(keyword.arg in {"metaclass", None} for keyword in owner.keywords):
        return "metaclass"
    if not _CODE_COPIERS.isdisjoint(view.index.called):
        return "code-copier"
    return None if metaclass_keeps_cell(owner, view) else "project-metaclass"
