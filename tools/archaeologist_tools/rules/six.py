"""AR032 six."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeAlias

from archaeologist_tools.engine.base import Fixer, Match, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_Use: TypeAlias = ast.Call | ast.Import | ast.ImportFrom


@register
class Six(Rule[_Use]):
    """Finds the compatibility package six.

    What it does:
        Finds imports of six and calls of its functions.

    Why:
        It makes one source run on Python 2 and 3; on 3 alone it is a detour and a dependency.

    Example:
        `six.iteritems(d)` is `d.items()`.

    Safety:
        Not rewritten: the replacement may need the type of a value, or a name may be taken (`next = six.next(it)`).

    Left alone:
        Nothing is rewritten by this rule; the agent or a person decides.

    References:
        https://six.readthedocs.io
    """

    code = "AR032"
    name = "six"
    family = "syntax"
    title = "Replace six"
    fixer = Fixer.AGENT
    nodes = (
        ast.Call,
        ast.Import,
        ast.ImportFrom,
    )
    valid = ("from . import six\n", "import sixpack\n")
    invalid = (
        ("import six\n", "import six\n"),
        ("from six.moves import range\n", "from six.moves import range\n"),
        ("x = six.text_type(1)\n", "x = six.text_type(1)\n"),
    )

    def matches(self, node: _Use, view: View) -> Iterator[Match[_Use]]:  # noqa: ARG002
        """Find imports and calls."""
        if isinstance(node, ast.Call):
            if (name := dotted(node.func)).startswith("six."):
                yield Match(node, f"call of {name}")
        elif isinstance(node, ast.Import):
            if any(_is_six(alias.name) for alias in node.names):
                yield Match(node, "import of six")
        elif isinstance(node, ast.ImportFrom) and not node.level and _is_six(node.module or ""):
            yield Match(node, f"import from {node.module}")


def _is_six(module: str) -> bool:
    return module.partition(".")[0] == "six"
