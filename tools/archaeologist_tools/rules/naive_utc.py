"""AR062 naive-utc."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.source.index import dotted
from archaeologist_tools.source.library import full_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_NAMES = {"datetime.datetime.utcnow": "now", "datetime.datetime.utcfromtimestamp": "fromtimestamp"}
_IMPORT = "from datetime import timezone"


@register
class NaiveUtc(Rule[ast.Call]):
    """Replaces `datetime.utcnow()` and `datetime.utcfromtimestamp(x)`.

    What it does:
        Finds the two functions, and asks for the time in UTC and drops the zone, which is what they do.

    Why:
        They are deprecated since Python 3.12. Written out, everybody sees that the zone gets lost.

    Example:
        `datetime.utcnow()` becomes `datetime.now(timezone.utc).replace(tzinfo=None)`.

    Safety:
        The result is the same naive datetime. Without the last step it would be another value: comparing it with naive
        ones fails, and its text has a `+00:00`.

    Left alone:
        Functions that are handed on without a call, subclasses of datetime, modules that use the name timezone for
        something else.

    References:
        ruff DTZ003, DTZ004; https://docs.python.org/3/library/datetime.html#datetime.datetime.utcnow
    """

    code = "AR062"
    name = "naive-utc"
    family = "syntax"
    title = "Replace the deprecated functions for UTC"
    minimum = (3, 2)
    fixer = Fixer.RULE
    aliases = ("DTZ003", "DTZ004")
    nodes = (ast.Call,)
    refusals: ClassVar = {
        "arguments": "the call has other arguments than the function takes",
        "name-taken": "the module uses the name timezone for something else",
        "comment": "a comment stands inside the call",
    }
    valid = ("x.utcnow()\n", "from datetime import datetime\ndatetime.now()\n")
    invalid = (
        (
            "import datetime\nx = datetime.datetime.utcnow()\n",
            "import datetime\nx = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)\n",
        ),
        (
            "from datetime import datetime, timezone\nx = datetime.utcnow(*y)\n",
            "from datetime import datetime, timezone\nx = datetime.utcnow(*y)\n",
        ),
    )

    def matches(self, node: ast.Call, view: View) -> Iterator[Match[ast.Call]]:
        """Find the calls."""
        if isinstance(node.func, ast.Attribute) and full_name(node.func, view) in _NAMES:
            yield Match(node, f"{node.func.attr} is deprecated")

    def fix(self, match: Match[ast.Call], view: View) -> Replacement | Decline:
        """Write it out."""
        node = match.node
        function = node.func
        start, end = view.module.extent(node)
        if view.index.fstring_around(node):
            return Decline("inside-f-string")
        if b"#" in view.module.data[start:end]:
            return Decline("comment")
        if not isinstance(function, ast.Attribute) or not _fits(node):
            return Decline("arguments")
        owner = dotted(function.value)
        imports = () if "." in owner else (_IMPORT,)
        if imports and not view.can_import(_IMPORT):
            return Decline("name-taken")
        zone = "timezone.utc" if imports else f"{owner.rpartition('.')[0]}.timezone.utc"
        name = _NAMES[full_name(function, view)]
        arguments = ", ".join([*(view.module.segment(argument) for argument in node.args), zone])
        text = f"{owner}.{name}({arguments}).replace(tzinfo=None)"
        return Replacement(start, end, text, Evidence.PROVED, "it gives the same naive datetime", imports)


def _fits(node: ast.Call) -> bool:
    expected = 0 if isinstance(node.func, ast.Attribute) and node.func.attr == "utcnow" else 1
    plain = not any(isinstance(argument, ast.Starred) for argument in node.args)
    return plain and not node.keywords and len(node.args) == expected
