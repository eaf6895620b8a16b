"""AR044 empty-collection-call."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.registration import register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_LITERALS = {"dict": "{}", "list": "[]", "tuple": "()"}


@register
class EmptyCollectionCall(Rule[ast.Call]):
    """Writes `dict()`, `list()` and `tuple()` as literals.

    What it does:
        Finds calls of dict, list and tuple without arguments.

    Why:
        The literal is shorter, and the compiler makes it without looking a name up.

    Example:
        `names = list()` becomes `names = []`.

    Safety:
        The names are the builtins everywhere in the module, and an empty collection is made each time in both.

    Left alone:
        Modules that may bind the name, comments between the parentheses, f-strings.

    References:
        ruff C408
    """

    code = "AR044"
    name = "empty-collection-call"
    family = "syntax"
    title = "Write empty collections as literals"
    fixer = Fixer.RULE
    aliases = ("C408",)
    keeps_values = True
    nodes = (ast.Call,)
    names = frozenset(_LITERALS)
    sign = re.compile(rb"\((?:(?<=(?:dict|list|uple)\()|(?<=(?:dict|list|uple)\s\())(?:[\s\\]|#[^\n]*)*+\)")
    refusals: ClassVar = {"comment": "a comment stands between the parentheses"}
    valid = ("x = {}\n", "x = dict(a=1)\n", "x = list(y)\n", "x = set()\n", "x = y.list()\n")
    invalid = (
        ("x = dict()\n", "x = {}\n"),
        ("x = list( )\n", "x = []\n"),
        ("x = tuple()\n", "x = ()\n"),
        ("x = list(  # none yet\n)\n", "x = list(  # none yet\n)\n"),
    )

    def matches(self, node: ast.Call, view: View) -> Iterator[Match[ast.Call]]:  # noqa: ARG002
        """Find the calls."""
        if isinstance(node.func, ast.Name) and node.func.id in _LITERALS and not node.args and not node.keywords:
            yield Match(node, f"{node.func.id}() for an empty literal")

    def fix(self, match: Match[ast.Call], view: View) -> Replacement | Decline:
        """Write the literal."""
        node = match.node
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if view.index.fstring_around(node):
            return Decline("inside-f-string")
        if not view.is_builtin(name):
            return Decline("rebound")
        start, end = view.module.extent(node)
        if b"#" in view.module.data[start:end]:
            return Decline("comment")
        return Replacement(start, end, _LITERALS[name], Evidence.PROVED, f"{name} is the builtin")
