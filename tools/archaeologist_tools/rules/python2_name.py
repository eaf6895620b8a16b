"""AR030 python2-name."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.python2.attempts import catching, kept_attempt
from archaeologist_tools.python2.branches import Undecided
from archaeologist_tools.python2.stand_ins import PYTHON2_BUILTINS, is_missing, merged_classes, stands_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_METHODS = frozenset({"iteritems", "itervalues", "iterkeys", "has_key"})


@register
class Python2Name(Rule[ast.Name | ast.Call]):
    """Replaces names that only Python 2 has.

    What it does:
        Finds uses of unicode, basestring, xrange, long, raw_input, unichr, reduce, cmp and their like, and calls of
        iteritems, itervalues, iterkeys and has_key. Where the module says `unicode = str`, uses become `str`; where
        it tries the name and catches the NameError, the handler's block stays alone.

    Why:
        They are missing from Python 3: the line fails, or rests on a stand-in that the module defines for both
        versions.

    Example:
        `isinstance(x, basestring)` is `isinstance(x, str)`; `d.iteritems()` is `d.items()`.

    Safety:
        The stand-in is bound once, at the top of the module, to a builtin, and stays for those who import it. An
        attempt is dropped only where nothing else in the module could bind the name.

    Left alone:
        Names without such a stand-in, and methods: an object may have one of its own.

    References:
        ruff F821; https://docs.python.org/3/howto/pyporting.html
    """

    code = "AR030"
    name = "python2-name"
    family = "syntax"
    title = "Replace names that Python 3 dropped"
    fixer = Fixer.RULE
    removes_comments = True
    removes_code = True
    nodes = (
        ast.Name,
        ast.Call,
    )
    names = frozenset({*PYTHON2_BUILTINS, *_METHODS})
    # A method, or a name that is not set and stands in no prose, where another word would follow.
    sign = re.compile(
        rb"\.(?:[\s\\]|#.*)*+(?:%s)\b"
        rb"|(?:%s)\b(?! *=[^=]|\.\s| +(?!(?:and|as|else|for|from|if|import|in|is|not|or)\b)[a-z])"
        % (b"|".join(map(str.encode, sorted(_METHODS))), b"|".join(map(str.encode, sorted(PYTHON2_BUILTINS))))
    )
    refusals: ClassVar = {
        "no-stand-in": "the module does not say, once and for all, what the name stands for",
        "method": "an object may have a method of this name",
        "optional": "the handler may be another one",
        "layout": "the blocks do not stand on lines of their own",
        "scope": "what is dropped decides which names are local",
        "comment": "a comment on the line of the block that stays would get lost",
        "re-raise": "the handler uses the exception",
    }
    firm = frozenset({"method", "no-stand-in"})
    valid = ("d.items()\n", "unicode = str\n")
    invalid = (
        ("x = unicode(1)\n", "x = unicode(1)\n"),
        ("d.iteritems()\n", "d.iteritems()\n"),
        ("unicode = str\nx = unicode(1)\n", "unicode = str\nx = str(1)\n"),
        ("try:\n    unicode\nexcept NameError:\n    unicode = str\n", "unicode = str\n"),
    )

    def matches(self, node: ast.Name | ast.Call, view: View) -> Iterator[Match[ast.Name | ast.Call]]:
        """Find the names and the methods."""
        if isinstance(node, ast.Name):
            if node.id in PYTHON2_BUILTINS and isinstance(node.ctx, ast.Load):
                known = stands_for(node.id, view) or _attempt(node, view)
                yield Match(node, f"{node.id} is a name of Python 2", fixer=None if known else Fixer.AGENT)
        elif isinstance(node.func, ast.Attribute) and node.func.attr in _METHODS:
            yield Match(node, f"{node.func.attr} is a method of Python 2", fixer=Fixer.AGENT)

    def fix(self, match: Match[ast.Name | ast.Call], view: View) -> Replacement | Decline:
        """Write the name of Python 3, or drop the attempt."""
        node = match.node
        if isinstance(node, ast.Call):
            return Decline("method")
        if view.index.fstring_around(node):
            return Decline("inside-f-string")
        if attempt := _attempt(node, view):
            return _without_attempt(node.id, attempt, view)
        meant = stands_for(node.id, view)
        if meant is None:
            return Decline("no-stand-in")
        start, end, text = merged_classes(node, meant, view) or (*view.module.extent(node), meant)
        return Replacement(start, end, text, Evidence.PROVED, f"the module says {node.id} = {meant}")


def _attempt(node: ast.Name, view: View) -> ast.Try | None:
    """The `try` whose first statement asks for a name that is surely missing."""
    statement = view.index.parents[node]
    attempt = view.index.parents.get(statement)
    if not isinstance(attempt, ast.Try) or attempt.body[0] is not statement or attempt.orelse or attempt.finalbody:
        return None
    first = isinstance(statement, ast.Expr) or (isinstance(statement, ast.Assign) and statement.value is node)
    return attempt if first and is_missing(node.id, attempt, view) else None


def _without_attempt(name: str, attempt: ast.Try, view: View) -> Replacement | Decline:
    try:
        handler = catching(attempt, ("NameError", "Exception"))
        start, end, text = kept_attempt(attempt, handler, view)
    except Undecided as reason:
        return Decline(str(reason))
    return Replacement(start, end, text, Evidence.PROVED, f"no Python 3 has {name}, and the module does not bind it")
