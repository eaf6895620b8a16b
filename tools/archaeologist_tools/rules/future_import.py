"""AR033 future-import."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Decline, Fixer, Match, Rule
from archaeologist_tools.engine.registration import register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.base import Edit
    from archaeologist_tools.engine.view import View

_FEATURES = frozenset(
    {
        "nested_scopes",
        "generators",
        "division",
        "absolute_import",
        "with_statement",
        "print_function",
        "unicode_literals",
        "generator_stop",
    }
)
_GENERATOR_STOP = (3, 7)


@register
class FutureImport(Rule[ast.ImportFrom]):
    """Drops imports from `__future__` that say what Python 3 does anyway.

    What it does:
        Finds imports from `__future__`, and drops the names that have no effect any more.

    Why:
        `print_function`, `division`, `unicode_literals` and their like asked Python 2 to behave as Python 3.

    Example:
        `from __future__ import print_function` goes.

    Safety:
        The dropped features are mandatory in every Python 3. Ruff's safe fix makes the edit.

    Left alone:
        `annotations`, which still changes what annotations are, and names the module uses.

    References:
        ruff UP010; https://docs.python.org/3/library/__future__.html
    """

    code = "AR033"
    name = "future-import"
    family = "syntax"
    title = "Drop imports from __future__"
    fixer = Fixer.RULE
    aliases = ("UP010",)
    adopts = "UP010"
    reason = "the features are mandatory in every Python 3"
    keeps_values = True
    nodes = (ast.ImportFrom,)
    words = frozenset({"__future__"})
    valid = ("import __future__\n",)
    invalid = (
        ("from __future__ import division\nx = 1\n", "x = 1\n"),
        ("from __future__ import annotations\nx = 1\n", "from __future__ import annotations\nx = 1\n"),
    )

    def matches(self, node: ast.ImportFrom, view: View) -> Iterator[Match[ast.ImportFrom]]:  # noqa: ARG002
        """Find the imports."""
        if node.module == "__future__":
            needed = any(alias.name == "annotations" for alias in node.names)
            yield Match(node, "import from __future__", fixer=Fixer.PERSON if needed else None)

    def vet(self, edit: Edit, view: View) -> Decline | None:
        """Keep what others may read: a feature that the module uses by name, or that became mandatory only later."""
        used = any(name in edit.before for name in _FEATURES.intersection(view.index.names))
        late = "generator_stop" in edit.before and view.target < _GENERATOR_STOP
        return Decline("no-safe-fix") if used or late else None
