"""AR038 collection-from-list."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Fixer, Match, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View


@register
class CollectionFromList(Rule[ast.Call]):
    """Finds `set([...])` and `dict([...])`.

    What it does:
        Finds set, frozenset and dict called on a list literal or a list comprehension.

    Why:
        A list is made to be thrown away, where a literal or a comprehension says it directly.

    Example:
        `set([1, 2])` is `{1, 2}`; `dict([(k, v) for k, v in x])` is `{k: v for k, v in x}`.

    Safety:
        Not rewritten: comments inside may get lost, and the name may be rebound.

    Left alone:
        Nothing is rewritten by this rule; the agent or a person decides.

    References:
        ruff C403 to C406
    """

    code = "AR038"
    name = "collection-from-list"
    family = "syntax"
    title = "Write sets and dictionaries as literals"
    fixer = Fixer.AGENT
    aliases = ("C403", "C404", "C405", "C406")
    nodes = (ast.Call,)
    valid = ("x = set(y)\n", "x = {1}\n")
    invalid = (
        ("x = set([1, 2])\n", "x = set([1, 2])\n"),
        ("x = dict([(a, 1) for a in b])\n", "x = dict([(a, 1) for a in b])\n"),
    )

    def matches(self, node: ast.Call, view: View) -> Iterator[Match[ast.Call]]:  # noqa: ARG002
        """Find the calls."""
        name = dotted(node.func)
        if (
            name in {"set", "dict", "frozenset"}
            and len(node.args) == 1
            and isinstance(node.args[0], (ast.List, ast.ListComp))
        ):
            yield Match(node, f"{name} of a list that is made for it")
