"""AR040 missing-annotation."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeAlias

from archaeologist_tools.engine.base import Fixer, Match, Rule
from archaeologist_tools.engine.registration import register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


@register
class MissingAnnotation(Rule[_Function]):
    """Finds functions without any annotation.

    What it does:
        Finds functions with no annotated parameter and no annotated result, one finding a function.

    Why:
        Annotations tell readers and checkers what goes in and out.

    Example:
        `def area(w, h):` is `def area(w: float, h: float) -> float:`.

    Safety:
        Not rewritten: some programs read annotations at run time, and a wrong one misleads.

    Left alone:
        Nothing is rewritten by this rule; the agent or a person decides.

    References:
        ruff ANN001, ANN201
    """

    code = "AR040"
    name = "missing-annotation"
    family = "types"
    title = "Annotate functions"
    fixer = Fixer.AGENT
    aliases = ("ANN001", "ANN201")
    nodes = (
        ast.FunctionDef,
        ast.AsyncFunctionDef,
    )
    valid = ("def f() -> None:\n    pass\n", "def f(a: int):\n    pass\n")
    invalid = (("def f(a):\n    pass\n", "def f(a):\n    pass\n"),)

    def matches(self, node: _Function, view: View) -> Iterator[Match[_Function]]:
        """Find functions without annotations."""
        arguments = node.args
        parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        if node.returns is None and not any(parameter and parameter.annotation for parameter in parameters):
            yield Match(node, f"function {node.name} has no annotations", extent=view.header(node))
