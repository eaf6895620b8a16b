"""AR031 version-check."""

from __future__ import annotations

import ast
from functools import lru_cache, partial
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.project.version_flags import Flags
from archaeologist_tools.python2.branches import Undecided, kept_branch
from archaeologist_tools.python2.dead import shapes_scope
from archaeologist_tools.python2.harmless import is_harmless
from archaeologist_tools.python2.operands import is_version
from archaeologist_tools.python2.values import kept_value, without_filter
from archaeologist_tools.python2.version import FLAG, Versions, may_name_flag
from archaeologist_tools.source.index import dotted
from archaeologist_tools.source.library import full_name
from archaeologist_tools.source.removal import decorator_removal, removal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from archaeologist_tools.engine.view import View
    from archaeologist_tools.project.models import ProjectFacts
    from archaeologist_tools.source.module import Module

_Decision: TypeAlias = ast.If | ast.While | ast.IfExp | ast.BoolOp | ast.comprehension | ast.Assert | ast.Expr

# The answer that makes each of them skip.
_SKIPS = {"unittest.skipIf": True, "unittest.skipUnless": False}
_NAMES = frozenset({"PY2", "PY3", "py3k", "PYTHON3", "is_py3", "is_py2", "_PY3", "IS_PY3"})
_ATTRIBUTES = frozenset({"sys.version_info", "sys.hexversion", "six.PY2", "six.PY3"})
_PARTS = frozenset({"version_info", "hexversion"})


@register
class VersionCheck(Rule[ast.Name | ast.Attribute]):
    """Drops branches for Pythons that are not supported any more.

    What it does:
        Finds uses of sys.version_info, sys.hexversion, six.PY2, six.PY3 and of names such as PY2 and PY3, of this
        module or imported from another one of the project. Where the answer is the same on every supported Python, the
        branch that is taken stays and the other one goes; so do loops that never start, conditions of comprehensions
        and assertions that always hold, and decorators of unittest that never skip.

    Why:
        One branch is never taken on the Pythons that are left.

    Example:
        `if sys.version_info[0] < 3: ... else: ...` keeps its second branch.

    Safety:
        The question is answered for every Python from the target on. A flag is known where one statement at the top of
        its module sets it to such a question, and nothing in the project sets it from outside, as tests may. What
        stands in front of the question goes with it where it surely has no effect, as `isinstance(text, str) and PY2`
        for a parameter. Code that never runs binds no name, so nobody can import one from it. The branch that stays is
        moved, not written anew, and parsed again to see that it is the same.

    Left alone:
        Questions that the supported Pythons answer differently, flags of other packages, flags themselves, questions
        behind something that may have an effect (`f() and PY2`), `while PY3`, comprehensions that are always empty,
        guards of `case`, branches whose removal would change which names of a function are local.

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
    redefines = True
    nodes = (
        ast.Name,
        ast.Attribute,
    )
    refusals: ClassVar = {
        "open": "the supported Pythons answer differently, or the answer is not known here",
        "no-branch": "the answer is stored or handed on, not decided upon",
        "loop": "a loop goes on for it, or what is looped over is asked for all the same",
        "layout": "the branches do not stand on lines of their own",
        "scope": "the dead branch decides which names are local, or makes the function a generator",
        "comment": "a comment on the line of the branch that stays would get lost",
    }
    firm = frozenset({"open"})
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

    def suspects(self, module: Module, facts: ProjectFacts) -> bool:  # noqa: ARG002 - the text tells
        """Whether a name in the text may ask."""
        return module.mentions(_PARTS) or may_name_flag(module.data)

    def names_in(self, view: View) -> Collection[str]:
        """The names that may ask for the version."""
        return _asking(view)

    def matches(self, node: ast.Name | ast.Attribute, view: View) -> Iterator[Match[ast.Name | ast.Attribute]]:
        """Find the names."""
        name = node.id if isinstance(node, ast.Name) else dotted(node)
        last = name.rpartition(".")[2]
        if not isinstance(node.ctx, ast.Load) or last not in _asking(view):
            return
        decided = _decision(node, view) is not None or _idle_skip(node, view) is not None
        if decided or name in _NAMES | _ATTRIBUTES or name.endswith((".six.PY2", ".six.PY3")):
            yield Match(node, f"asks for the Python version with {name}", fixer=None if decided else Fixer.AGENT)

    def fix(self, match: Match[ast.Name | ast.Attribute], view: View) -> Replacement | Decline:
        """Keep the branch that is taken."""
        found = _condition(match.node, view)
        if found is None:
            return _unskipped(match.node, view)
        decision = _decision(match.node, view)
        if decision is None:
            return Decline("open")
        if view.index.fstring_around(match.node):
            return Decline("inside-f-string")
        node, condition = found
        try:
            place = _without_decision(node, condition, view, taken=decision)
        except Undecided as reason:
            return Decline(str(reason))
        return Replacement(*place, Evidence.PROVED, _answer(view, holds=decision))


def _answer(view: View, *, holds: bool) -> str:
    return f"the condition is {holds} on every Python from {view.target[0]}.{view.target[1]} on"


def _without_decision(node: _Decision, condition: ast.expr, view: View, *, taken: bool) -> tuple[int, int, str]:
    """The bytes to replace, and what is left of them without a decision.

    Raises:
        Undecided: it has to stay.
    """
    if isinstance(node, (ast.If, ast.While)):
        return kept_branch(node, view, taken=taken)
    if isinstance(node, ast.comprehension):
        return without_filter(node, condition, view, taken=taken)
    if isinstance(node, (ast.IfExp, ast.BoolOp)):
        return kept_value(node, condition, view, taken=taken)
    if isinstance(node, ast.Assert) and not taken:
        raise Undecided("no-branch")
    place = removal(node, view.module, view.index)
    if place is None or shapes_scope([node], view.index):
        raise Undecided("scope" if place else "layout")
    return place


def _idle_skip(node: ast.expr, view: View) -> ast.Call | None:
    """The decorator `skipIf` or `skipUnless` that a use is the condition of, when it gives back what it is given."""
    part: ast.AST = node
    for parent in view.index.ancestors(node):
        if isinstance(parent, ast.Call):
            definition = view.index.parents[parent]
            decorates = parent in getattr(definition, "decorator_list", ())
            skips = _SKIPS.get(full_name(parent.func, view))
            if not decorates or skips is None or parent.args[:1] != [part]:
                return None
            return parent if _versions(view).decide(parent.args[0]) is (not skips) else None
        part = parent
    return None


def _unskipped(node: ast.expr, view: View) -> Replacement | Decline:
    """A test without a decorator that never skips it."""
    skip = _idle_skip(node, view)
    if skip is None:
        return Decline("no-branch")
    place = decorator_removal(skip, view.module)
    if place is None:
        return Decline("layout")
    return Replacement(*place, Evidence.PROVED, "the decorator never skips, and gives back what it is given")


@lru_cache(maxsize=16)
def _asking(view: View) -> frozenset[str]:
    """The names in a file that may ask for the version."""
    numbered = (name for name in (*view.index.names, *view.index.attributes) if "2" in name or "3" in name)
    names = {name for name in numbered if FLAG.fullmatch(name)}
    versions = (node for node in view.index.tree.body if isinstance(node, ast.Assign) and is_version(node.value))
    names |= {dotted(target) for node in versions for target in node.targets}
    return frozenset(names | _PARTS)


def _condition(node: ast.expr, view: View) -> tuple[_Decision, ast.expr] | None:
    """The decision that a use is about, and the part of its condition that holds the use."""
    versions = _versions(view)
    part: ast.AST = node
    for parent in view.index.ancestors(node):
        if isinstance(parent, (ast.If, ast.IfExp, ast.While, ast.Assert)):
            return (parent, parent.test) if part is parent.test else None
        if isinstance(parent, ast.comprehension):
            return (parent, part) if part in parent.ifs else None
        if isinstance(parent, ast.BoolOp) and isinstance(part, ast.expr) and versions.decide(parent) is None:
            return parent, part
        if isinstance(parent, ast.Expr):
            return (parent, part) if isinstance(part, ast.BoolOp) else None
        if not isinstance(parent, ast.expr):
            return None
        part = parent
    return None


def _decision(node: ast.expr, view: View) -> bool | None:
    place = _condition(node, view)
    return None if place is None else _versions(view).decide(place[1])


def _versions(view: View) -> Versions:
    facts = view.facts
    flags = Flags(facts.flags, facts.replaced_flags, view.module.path, view.target)
    return Versions(view.index, view.target, facts.modules, flags, harmless=partial(is_harmless, view=view))
