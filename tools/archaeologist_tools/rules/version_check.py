"""AR031 version-check."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.python2.branches import Undecided, kept_branch, kept_value
from archaeologist_tools.python2.version import Versions
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_NAMES = frozenset({"PY2", "PY3", "py3k", "PYTHON3", "is_py3", "is_py2", "_PY3", "IS_PY3"})
_ATTRIBUTES = frozenset({"sys.version_info", "sys.hexversion", "six.PY2", "six.PY3"})
_LAST_PARTS = frozenset(name.rpartition(".")[2] for name in _ATTRIBUTES)


@register
class VersionCheck(Rule[ast.Name | ast.Attribute]):
    """Drops branches for Pythons that are not supported any more.

    What it does:
        Finds uses of sys.version_info, sys.hexversion, six.PY2, six.PY3 and of names such as PY2 and PY3. Where the
        answer is the same on every supported Python, the branch that is taken stays and the other one goes.

    Why:
        One branch is never taken on the Pythons that are left.

    Example:
        `if sys.version_info[0] < 3: ... else: ...` keeps its second branch.

    Safety:
        The question is answered for every Python from the target on. Code that never runs binds no name, so nobody can
        import one from it. The branch that stays is moved, not written anew, and parsed again to see that it is the
        same.

    Left alone:
        Questions that the supported Pythons answer differently, flags from other modules, flags themselves, branches
        whose removal would change which names of a function are local.

    References:
        ruff UP036, YTT
    """

    code = "AR031"
    name = "version-check"
    family = "syntax"
    title = "Drop branches for Python 2"
    fixer = Fixer.RULE
    aliases = ("UP036",)
    removes_comments = True
    removes_code = True
    nodes = (
        ast.Name,
        ast.Attribute,
    )
    refusals: ClassVar = {
        "open": "the supported Pythons answer differently, or the answer is not known here",
        "no-branch": "the answer is stored or handed on, not decided upon",
        "layout": "the branches do not stand on lines of their own",
        "scope": "the dead branch decides which names are local, or makes the function a generator",
        "comment": "a comment on the line of the branch that stays would get lost",
    }
    valid = ("PY2 = False\n", "sys.platform\n")
    invalid = (
        (
            "import sys\nif sys.version_info[0] < 3:\n    x = 1\nelse:\n    x = sys.path\n",
            "import sys\nx = sys.path\n",
        ),
        (
            "import sys\ny = sys.version_info >= (3, 30)\n",
            "import sys\ny = sys.version_info >= (3, 30)\n",
        ),
        ("if PY2:\n    x = 1\n", "if PY2:\n    x = 1\n"),
    )

    def matches(self, node: ast.Name | ast.Attribute, view: View) -> Iterator[Match[ast.Name | ast.Attribute]]:
        """Find the names."""
        if isinstance(node, ast.Name):
            found = node.id in _NAMES and isinstance(node.ctx, ast.Load)
            name = node.id
        else:
            name = dotted(node)
            found = node.attr in _LAST_PARTS and (name in _ATTRIBUTES or name.endswith((".six.PY2", ".six.PY3")))
        if found:
            decided = _decision(node, view) is not None
            yield Match(node, f"asks for the Python version with {name}", fixer=None if decided else Fixer.AGENT)

    def fix(self, match: Match[ast.Name | ast.Attribute], view: View) -> Replacement | Decline:
        """Keep the branch that is taken."""
        place = _condition(match.node, view)
        if place is None:
            return Decline("no-branch")
        decision = _decision(match.node, view)
        if decision is None:
            return Decline("open")
        if view.index.fstring_around(match.node):
            return Decline("inside-f-string")
        node, condition = place
        try:
            if isinstance(node, ast.If):
                start, end, text = kept_branch(node, view, taken=decision)
            else:
                start, end, text = kept_value(node, condition, view, taken=decision)
        except Undecided as reason:
            return Decline(str(reason))
        answer = f"the condition is {decision} on every Python from {view.target[0]}.{view.target[1]} on"
        return Replacement(start, end, text, Evidence.PROVED, answer)


def _condition(node: ast.expr, view: View) -> tuple[ast.If | ast.IfExp | ast.BoolOp, ast.expr] | None:
    """The decision that a use is about, and the part of its condition that holds the use."""
    versions = _versions(view)
    part: ast.AST = node
    for parent in view.index.ancestors(node):
        if isinstance(parent, (ast.If, ast.IfExp)):
            return (parent, parent.test) if part is parent.test else None
        if isinstance(parent, ast.BoolOp) and isinstance(part, ast.expr) and versions.decide(parent) is None:
            return parent, part
        if not isinstance(parent, ast.expr):
            return None
        part = parent
    return None


def _decision(node: ast.expr, view: View) -> bool | None:
    place = _condition(node, view)
    return None if place is None else _versions(view).decide(place[1])


def _versions(view: View) -> Versions:
    return Versions(view.index, view.target, view.facts.modules)
