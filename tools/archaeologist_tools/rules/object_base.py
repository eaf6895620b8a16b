"""AR020 object-base."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.registration import register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

# From the class's name to the colon that opens its body.
_HEADER = re.compile(rb"class[ \t\f]+[^\s(]+(?P<bases>[ \t]*\([ \t\r\n]*object[ \t\r\n]*,?[ \t\r\n]*\))[ \t]*:")


@register
class ObjectBase(Rule[ast.ClassDef]):
    """Drops the base `object`.

    What it does:
        Finds classes with `object` among their bases, and writes `class A:` for `class A(object):`.

    Why:
        It asked for a new-style class in Python 2. Every class is one in Python 3.

    Example:
        `class Report(object):` becomes `class Report:`.

    Safety:
        Rewrites only where `object` is the one base, without keywords, and the name is bound nowhere in the module.

    Left alone:
        Classes with more bases or keywords, a comment inside the parentheses, a module that binds `object` or may get
        another one through `from x import *`.

    References:
        ruff UP004
    """

    code = "AR020"
    name = "object-base"
    family = "syntax"
    title = "Drop the base class object"
    fixer = Fixer.RULE
    aliases = ("UP004",)
    keeps_values = True
    nodes = (ast.ClassDef,)
    words = frozenset({"object"})
    sign = re.compile(rb"class\b[^:]*\bobject\b")
    refusals: ClassVar = {
        "other-bases": "the class has more bases or keywords",
        "comment": "a comment or line break stands in the header",
        "rebound": "the name object may mean something else in this module",
    }
    valid = ("class A:\n    pass\n", "class A(B):\n    pass\n", "class A(objects):\n    pass\n")
    invalid = (
        ("class A(object):\n    pass\n", "class A:\n    pass\n"),
        ("class A (object, ):\n    pass\n", "class A:\n    pass\n"),
        ("class A(B, object):\n    pass\n", "class A(B, object):\n    pass\n"),
    )

    def matches(self, node: ast.ClassDef, view: View) -> Iterator[Match[ast.ClassDef]]:
        """Find `object` among the bases."""
        base = next((base for base in node.bases if isinstance(base, ast.Name) and base.id == "object"), None)
        if base is not None:
            yield Match(node, f"class {node.name} names object as a base", extent=view.extent(base))

    def fix(self, match: Match[ast.ClassDef], view: View) -> Replacement | Decline:
        """Drop the parentheses with the base."""
        node = match.node
        if len(node.bases) != 1 or node.keywords or getattr(node, "type_params", None):
            return Decline("other-bases")
        if not view.is_builtin("object"):
            return Decline("rebound")
        header = _HEADER.match(view.module.data, view.module.extent(node)[0])
        if header is None:
            return Decline("comment")
        return Replacement(*header.span("bases"), "", Evidence.PROVED, "object is the only base and means the builtin")
