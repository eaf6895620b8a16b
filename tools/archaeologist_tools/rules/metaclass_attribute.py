"""AR022 metaclass-attribute."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Fixer, Match, Rule
from archaeologist_tools.engine.registration import register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View


@register
class MetaclassAttribute(Rule[ast.ClassDef]):
    """Finds `__metaclass__ = ...` in a class body.

    What it does:
        Finds assignments to `__metaclass__` directly in a class.

    Why:
        Python 3 takes it for an ordinary attribute: the class does not have the metaclass its author meant.

    Example:
        `__metaclass__ = Meta` in the body is `class A(metaclass=Meta)` in the header, if the metaclass is wanted.

    Safety:
        Not rewritten: today the metaclass does nothing, so either repair changes what the program does.

    Left alone:
        Nothing is rewritten by this rule; the agent or a person decides.

    References:
        ruff UP001; PEP 3115
    """

    code = "AR022"
    name = "metaclass-attribute"
    family = "syntax"
    title = "Set metaclasses in the class header"
    fixer = Fixer.PERSON
    nodes = (ast.ClassDef,)
    words = frozenset({"__metaclass__"})
    valid = ("class A(metaclass=M):\n    pass\n", "__metaclass__ = type\n")
    invalid = (("class A:\n    __metaclass__ = M\n", "class A:\n    __metaclass__ = M\n"),)

    def matches(self, node: ast.ClassDef, view: View) -> Iterator[Match[ast.ClassDef]]:
        """Find the attribute."""
        for statement in node.body:
            if isinstance(statement, ast.Assign) and any(_is_metaclass(target) for target in statement.targets):
                yield Match(
                    node, f"__metaclass__ of {node.name} has no effect in Python 3", extent=view.extent(statement)
                )


def _is_metaclass(target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and target.id == "__metaclass__"
