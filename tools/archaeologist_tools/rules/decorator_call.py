"""AR065 decorator-call."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from archaeologist_tools.classes.decorating import (
    Decorated,
    bindings,
    decorated,
    function_of,
    only_used_here,
    reads,
)
from archaeologist_tools.classes.lambdas import is_lambda_property, property_of_lambda
from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.registration import register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_METHODS = frozenset({"staticmethod", "classmethod"})
_ROLES = {"fget": "property", "fset": "setter", "fdel": "deleter"}


@register
class DecoratorCall(Rule[ast.Assign]):
    """Writes properties, static methods and class methods with decorators.

    What it does:
        Finds `x = property(_get_x, _set_x)`, `f = staticmethod(f)` and `f = classmethod(f)` in a class, and puts the
        decorator above the function.

    Why:
        A reader sees at the function what it is, and the class has one name less.

    Example:
        `def _get_x(self): ...` and `x = property(_get_x)` become `@property` above `def x(self): ...`.

    Safety:
        The functions stand in the same class, and nothing else binds or reads the names in its body. A function that
        gets another name is private, and neither the module nor the rest of the project knows the old one, as an
        attribute or as a text it could be looked up with.

    Left alone:
        Functions with public names, such as `get_x`: somebody may call them. Properties with a `doc`, and functions
        that others know.

    References:
        https://docs.python.org/3/library/functions.html#property
    """

    code = "AR065"
    name = "decorator-call"
    family = "syntax"
    title = "Use decorators for properties and methods"
    fixer = Fixer.RULE
    redefines = True
    nodes = (ast.Assign,)
    words = frozenset({"property", "staticmethod", "classmethod"})
    sign = re.compile(rb"(\w+)[\s\\]*=(?:[\s(\\]|#.*)*+(?:property\b|(?:static|class)method(?:[\s(\\]|#.*)*+\1\b)")
    refusals: ClassVar = {
        "public": "the function has a public name, and may be called by it",
        "known": "something else knows the function by its name",
        "elsewhere": "the function does not stand above in the same class, or the name is bound twice",
        "doc": "the property has a docstring of its own",
        "comment": "a comment stands above the statement that would go",
        "layout": "the statement does not stand on one line of its own, or would not fit",
    }
    valid = (
        "class A:\n    @property\n    def x(self):\n        return 1\n",
        "x = property(f)\n",
        "class A:\n    g = staticmethod(f)\n",
    )
    invalid = (
        (
            "class A:\n    def _get_x(self):\n        return 1\n    x = property(_get_x)\n",
            "class A:\n    @property\n    def x(self):\n        return 1\n",
        ),
        (
            "class A:\n    def f():\n        return 1\n    f = staticmethod(f)\n",
            "class A:\n    @staticmethod\n    def f():\n        return 1\n",
        ),
        (
            "class A:\n    x = property(lambda self: self.y)\n",
            "class A:\n    @property\n    def x(self):\n        return self.y\n",
        ),
        (
            "class A:\n    def get_x(self):\n        return 1\n    x = property(get_x)\n",
            "class A:\n    def get_x(self):\n        return 1\n    x = property(get_x)\n",
        ),
    )

    def matches(self, node: ast.Assign, view: View) -> Iterator[Match[ast.Assign]]:
        """Find the calls in the body of a class."""
        call = node.value
        if not (
            isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and isinstance(node.targets[0], ast.Name)
        ):
            return
        target, function = node.targets[0].id, call.func.id
        if len(node.targets) > 1 or not isinstance(view.index.parents[node], ast.ClassDef):
            return
        itself = [argument.id for argument in call.args if isinstance(argument, ast.Name)] == [target]
        if (function == "property" and (call.args or call.keywords)) or (function in _METHODS and itself):
            yield Match(node, f"{target} is made by a call of {function}")

    def fix(self, match: Match[ast.Assign], view: View) -> Replacement | Decline:
        """Put the decorators above the functions."""
        node = match.node
        owner, call = view.index.parents[node], node.value
        if not isinstance(call, ast.Call) or not isinstance(owner, ast.ClassDef):
            return Decline("elsewhere")
        if not view.is_builtin(call.func.id if isinstance(call.func, ast.Name) else ""):
            return Decline("rebound")
        if is_lambda_property(node):
            return _of_lambda(node, owner, view)
        parts = _parts(node, call, view)
        problem = parts if isinstance(parts, Decline) else _problem(parts, owner, view)
        if isinstance(parts, Decline) or problem is not None:
            return problem or Decline("elsewhere")
        found = decorated(parts, node, view)
        if found is None:
            return Decline("layout")
        if view.module.line(node.lineno - 1).lstrip().startswith(b"#"):
            return Decline("comment")
        return Replacement(*found, Evidence.PROVED, "the decorator makes the same of the same functions")


def _of_lambda(node: ast.Assign, owner: ast.ClassDef, view: View) -> Replacement | Decline:
    name = node.targets[0].id if isinstance(node.targets[0], ast.Name) else ""
    if bindings(name, owner, view) != 1:
        return Decline("elsewhere")
    found = property_of_lambda(node, view)
    if found is None:
        return Decline("layout")
    return Replacement(*found, Evidence.PROVED, "a function with this body is what the lambda is")


def _parts(node: ast.Assign, call: ast.Call, view: View) -> list[Decorated] | Decline:
    """The functions with the decorators that they get."""
    target = node.targets[0].id if isinstance(node.targets[0], ast.Name) else ""
    kind = call.func.id if isinstance(call.func, ast.Name) else ""
    given = dict(zip((*_ROLES, "doc"), call.args, strict=False))
    given |= {keyword.arg or "**": keyword.value for keyword in call.keywords}
    given = {role: value for role, value in given.items() if not _is_none(value)}
    if "doc" in given:
        return Decline("doc")
    if kind in _METHODS:
        given = {"fget": call.args[0]}
    found = []
    for role, value in given.items():
        function = function_of(value, node, view)
        if function is None or role not in _ROLES:
            return Decline("elsewhere")
        decorator = kind if role == "fget" else f"{target}.{_ROLES[role]}"
        found.append(Decorated(function, decorator, target))
    lines = [part.function.lineno for part in found]
    in_order = "fget" in given and lines == sorted(set(lines))
    return found if in_order else Decline("elsewhere")


def _problem(parts: list[Decorated], owner: ast.ClassDef, view: View) -> Decline | None:
    """Why the functions have to keep their names, or the name its place."""
    target = parts[0].name
    names = [part.function.name for part in parts]
    renamed = [name for name in names if name != target]
    if bindings(target, owner, view) != (2 if target in names else 1) or reads(target, owner, view) != (
        target in names
    ):
        return Decline("elsewhere")
    if any(not name.startswith("_") for name in renamed):
        return Decline("public")
    if any(bindings(name, owner, view) != 1 or not only_used_here(name, owner, view) for name in renamed):
        return Decline("known")
    return None


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
