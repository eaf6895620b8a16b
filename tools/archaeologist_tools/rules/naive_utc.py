"""AR062 naive-utc."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.project.patching import CLOCK
from archaeologist_tools.source.index import dotted
from archaeologist_tools.source.library import full_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_NAMES = {"datetime.datetime.utcnow": "now", "datetime.datetime.utcfromtimestamp": "fromtimestamp"}
# What a datetime gives without looking at its zone.
_WITHOUT_ZONE = frozenset({"date", "time", "year", "month", "day", "hour", "minute", "second", "weekday", "toordinal"})
_ZONE = re.compile(r"%[-_0^#:]*[zZ]")
_TAIL = re.compile(rb"\s*,?\s*\)")
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
        ones fails, and its text has a `+00:00`. The step is left out where what comes next does not look at the zone.

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
    names = frozenset(name.rpartition(".")[2] for name in _NAMES)
    refusals: ClassVar = {
        "arguments": "the call has other arguments than the function takes",
        "name-taken": "the module uses the name timezone for something else",
        "comment": "a comment stands inside the call",
        "patched": "a test puts something in the place of datetime",
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
        if CLOCK in view.facts.patched:
            return Decline("patched")
        if b"#" in view.module.data[start:end]:
            return Decline("comment")
        if not isinstance(function, ast.Attribute) or not _fits(node, view):
            return Decline("arguments")
        owner = dotted(function.value)
        imports = () if "." in owner else (_IMPORT,)
        if imports and not view.can_import(_IMPORT):
            return Decline("name-taken")
        zone = "timezone.utc" if imports else f"{owner.rpartition('.')[0]}.timezone.utc"
        name = _NAMES[full_name(function, view)]
        text = f"{owner}.{name}{_arguments(node, zone, view)}"
        if not _loses_zone(node, view):
            text += ".replace(tzinfo=None)"
        return Replacement(start, end, text, Evidence.PROVED, "it gives the same naive datetime", imports)


def _fits(node: ast.Call, view: View) -> bool:
    expected = 0 if isinstance(node.func, ast.Attribute) and node.func.attr == "utcnow" else 1
    plain = not any(isinstance(argument, ast.Starred) for argument in node.args)
    if not plain or node.keywords or len(node.args) != expected:
        return False
    last, end = view.module.extent(node.args[-1] if node.args else node)[1], view.module.extent(node)[1]
    return last == end or _TAIL.fullmatch(view.module.data[last:end]) is not None


def _arguments(node: ast.Call, zone: str, view: View) -> str:
    """The parentheses of the call, with the zone as the last argument."""
    module = view.module
    if not node.args:
        return f"({zone})"
    start, end = module.extent(node.func)[1], module.extent(node)[1]
    last = module.extent(node.args[0])[1]
    before, behind = (module.data[span].decode(module.encoding) for span in (slice(start, last), slice(last, end)))
    return f"{before}, {zone}{behind.replace(',', '', 1)}"


def _loses_zone(node: ast.Call, view: View) -> bool:
    """Whether what is done with the result next gives the same with a zone."""
    access = view.index.parents[node]
    if not isinstance(access, ast.Attribute):
        return False
    if access.attr in _WITHOUT_ZONE:
        return True
    call = view.index.parents[access]
    if not isinstance(call, ast.Call) or call.func is not access:
        return False
    if access.attr == "replace":
        return any(keyword.arg == "tzinfo" for keyword in call.keywords)
    template = call.args[0] if access.attr == "strftime" and len(call.args) == 1 else None
    plain = isinstance(template, ast.Constant) and isinstance(template.value, str)
    return plain and isinstance(template, ast.Constant) and not _ZONE.search(str(template.value))
