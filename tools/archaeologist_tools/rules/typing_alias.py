"""AR039 typing-alias."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Fixer, Match, Rule
from archaeologist_tools.engine.registration import register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_NAMES = frozenset({"List", "Dict", "Set", "FrozenSet", "Tuple", "Type", "Optional", "Union", "Deque", "DefaultDict"})


@register
class TypingAlias(Rule[ast.ImportFrom]):
    """Finds typing names that the builtins replace.

    What it does:
        Finds `from typing import` of List, Dict, Set, FrozenSet, Tuple, Type, Optional, Union, Deque and DefaultDict,
        one finding a name.

    Why:
        `list[int]` and `int | None` need no import.

    Example:
        `Optional[List[int]]` is `list[int] | None`.

    Safety:
        Not rewritten: only annotations may change; as values (dictionary keys, `__origin__`) the two differ.

    Left alone:
        Nothing is rewritten by this rule; the agent or a person decides.

    References:
        ruff UP006, UP007, UP045; PEP 585, PEP 604
    """

    code = "AR039"
    name = "typing-alias"
    family = "types"
    title = "Use builtin generics for typing aliases"
    fixer = Fixer.AGENT
    aliases = ("UP006", "UP007", "UP035", "UP045")
    nodes = (ast.ImportFrom,)
    words = frozenset({"typing"})
    valid = ("from typing import Any\n",)
    invalid = (("from typing import List, Optional\n", "from typing import List, Optional\n"),)

    def matches(self, node: ast.ImportFrom, view: View) -> Iterator[Match[ast.ImportFrom]]:
        """Find the names."""
        if node.module == "typing":
            for alias in node.names:
                if alias.name in _NAMES:
                    yield Match(node, f"typing.{alias.name}", extent=view.extent(alias))
