"""AR068 superseded-method."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.source.methods import listed_method, method_names, methods_at_hand

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from archaeologist_tools.engine.view import View
    from archaeologist_tools.source.methods import Method

_LOGGERS = "logging.getLogger"


@register
class SupersededMethod(Rule[ast.Attribute]):
    """Writes the names of today for methods that the standard library has superseded.

    What it does:
        Finds calls such as `thread.setDaemon(True)`, `event.isSet()`, `log.warn(...)` and `config.readfp(f)`, where the
        object is surely one of the standard library's.

    Why:
        The old names warn, or are missing from newer Pythons.

    Example:
        `thread.setDaemon(True)` becomes `thread.daemon = True`.

    Safety:
        Every assignment to the name calls the same function of the standard library. The old method does nothing but
        call the new one, or read or set the attribute.

    Left alone:
        Attributes, such as `self.thread`, which classes in other files may set; objects of classes derived from those
        of the standard library; loggers, when the project has a
        logger of its own or replaces one in a test; methods that have no exact counterpart.

    References:
        https://docs.python.org/3/library/threading.html; https://docs.python.org/3/whatsnew/
    """

    code = "AR068"
    name = "superseded-method"
    family = "syntax"
    title = "Use methods of the standard library by their names"
    minimum = (3, 2)
    fixer = Fixer.RULE
    nodes = (ast.Attribute,)
    names = method_names()
    # `warnings.warn` is the usual one by far.
    sign = re.compile(rb"\.(?:[\s\\]|#[^\n]*)*+(?:%s)\b(?<!warnings\.warn)" % b"|".join(map(str.encode, sorted(names))))
    refusals: ClassVar = {
        "no-counterpart": "what replaces it does not do exactly the same",
        "arguments": "the method is handed on, or called with other arguments",
        "own-logger": "the project has a logger of its own, or replaces one in a test",
        "layout": "the call is more than one line, or no statement of its own",
    }
    valid = ("thread.setDaemon(True)\n", "import threading\nt = threading.Thread()\nt.daemon = True\n")
    invalid = (
        (
            "import threading\nt = threading.Thread()\nt.setDaemon(True)\n",
            "import threading\nt = threading.Thread()\nt.daemon = True\n",
        ),
        (
            "import logging\nlog = logging.getLogger()\nlog.warn('x')\n",
            "import logging\nlog = logging.getLogger()\nlog.warning('x')\n",
        ),
        (
            "import array\nx = array.array('b')\nx.fromstring(y)\n",
            "import array\nx = array.array('b')\nx.fromstring(y)\n",
        ),
    )

    def names_in(self, view: View) -> Collection[str]:
        """The methods of what the file can make by its imports."""
        return methods_at_hand(view.index)

    def matches(self, node: ast.Attribute, view: View) -> Iterator[Match[ast.Attribute]]:
        """Find the methods."""
        method = listed_method(node, view)
        if method is not None:
            yield Match(node, method.message, fixer=Fixer.AGENT if method.instead else None)

    def fix(self, match: Match[ast.Attribute], view: View) -> Replacement | Decline:
        """Write the name of today."""
        node = match.node
        method = listed_method(node, view)
        if view.index.fstring_around(node):
            return Decline("inside-f-string")
        if method is None or method.instead:
            return Decline("no-counterpart")
        if method.owner == _LOGGERS and (view.facts.own_logger or view.facts.replaced_loggers):
            return Decline("own-logger")
        if method.attribute:
            return _attribute(node, method, view)
        call = view.index.parents[node]
        if not isinstance(call, ast.Call) or call.func is not node or (method.name == "readfp" and call.keywords):
            return Decline("arguments")
        end = view.module.extent(node)[1]
        start = end - len(node.attr.encode(view.module.encoding))
        return Replacement(start, end, method.rename, Evidence.PROVED, f"{method.name} does nothing but call it")


def _attribute(node: ast.Attribute, method: Method, view: View) -> Replacement | Decline:
    """The attribute, read or set, in the place of the call."""
    call = view.index.parents[node]
    if not isinstance(call, ast.Call) or call.func is not node or call.keywords or len(call.args) > 1:
        return Decline("arguments")
    start, end = view.module.extent(node)[1] - len(node.attr.encode(view.module.encoding)), view.module.extent(call)[1]
    if any(mark in view.module.data[start:end] for mark in (b"#", b"\n", b"\r")):
        return Decline("layout")
    reason = f"{method.name} does nothing but read or set it"
    sets = method.name.startswith("set")
    if sets is not bool(call.args):
        return Decline("arguments")
    if not sets:
        return Replacement(start, end, method.attribute, Evidence.PROVED, reason)
    if isinstance(call.args[0], ast.Starred) or not isinstance(view.index.parents[call], ast.Expr):
        return Decline("layout")
    text = f"{method.attribute} = {view.module.segment(call.args[0])}"
    return Replacement(start, end, text, Evidence.PROVED, reason)
