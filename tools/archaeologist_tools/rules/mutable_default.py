"""AR024 mutable-default."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Fixer, Match, Rule
from archaeologist_tools.engine.registration import register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_LITERALS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
_MAKERS = frozenset({"list", "dict", "set", "bytearray"})


@register
class MutableDefault(Rule[ast.arguments]):
    """Finds lists, dictionaries and sets as defaults of parameters.

    What it does:
        Finds parameters whose default is made once and can be changed by every call.

    Why:
        All calls share the one object: what one call adds, the next one sees.

    Example:
        `def add(x, to=[])` means `def add(x, to=None)` with `if to is None: to = []`.

    Safety:
        Not rewritten: some functions keep their state in the default on purpose.

    Left alone:
        Nothing is rewritten by this rule; the agent or a person decides.

    References:
        ruff B006
    """

    code = "AR024"
    name = "mutable-default"
    family = "state"
    title = "Make mutable defaults anew in each call"
    fixer = Fixer.AGENT
    aliases = ("B006",)
    nodes = (ast.arguments,)
    valid = ("def f(x=()): pass\n", "def f(x=None): pass\n", "f(x=[])\n")
    invalid = (
        ("def f(x=[]): pass\n", "def f(x=[]): pass\n"),
        ("def f(*, x=dict()): pass\n", "def f(*, x=dict()): pass\n"),
    )

    def matches(self, node: ast.arguments, view: View) -> Iterator[Match[ast.arguments]]:
        """Find the defaults."""
        for default in (*node.defaults, *node.kw_defaults):
            made = isinstance(default, ast.Call) and isinstance(default.func, ast.Name) and default.func.id in _MAKERS
            if default is not None and (made or isinstance(default, _LITERALS)):
                yield Match(node, "default that all calls share", extent=view.extent(default))
