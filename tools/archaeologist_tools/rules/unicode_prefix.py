"""AR034 unicode-prefix."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Evidence, Fixer, Match, Rule
from archaeologist_tools.engine.registration import register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View


@register
class UnicodePrefix(Rule[ast.Constant]):
    """Drops the `u` prefix.

    What it does:
        Finds string literals with a `u` prefix.

    Why:
        Every string is Unicode in Python 3.

    Example:
        `u'text'` becomes `'text'`.

    Safety:
        An edit is kept only when the module compiles to the same code as before. Ruff's safe fix makes the edit.

    Left alone:
        Lines with a `noqa`.

    References:
        ruff UP025; PEP 414
    """

    code = "AR034"
    name = "unicode-prefix"
    family = "strings"
    title = "Drop the u prefix of strings"
    fixer = Fixer.RULE
    aliases = ("UP025",)
    adopts = "UP025"
    evidence = Evidence.IDENTICAL
    reason = "the module compiles to the same code"
    keeps_values = True
    nodes = (ast.Constant,)
    words = frozenset({"u", "U"})
    sign = re.compile(rb"[uU](?<!\w[uU])['\"]")
    valid = ("x = 'a'\n", "x = b'a'\n")
    invalid = (("x = u'a'\n", "x = 'a'\n"),)

    def matches(self, node: ast.Constant, view: View) -> Iterator[Match[ast.Constant]]:  # noqa: ARG002
        """Find the prefix."""
        if node.kind == "u":
            yield Match(node, "u prefix")
