"""AR035 import-fallback."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.python2.attempts import catching, kept_attempt
from archaeologist_tools.python2.branches import Undecided
from archaeologist_tools.python2.standard import module_is_absent, succeeds
from archaeologist_tools.source.library import is_moved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_IMPORTS = (ast.Import, ast.ImportFrom)


@register
class ImportFallback(Rule[ast.Try]):
    """Drops fallbacks of imports that are never needed, and attempts that always fail.

    What it does:
        Finds `try:` with an import in it and a handler for ImportError. Where the first import is always there on the
        supported Pythons, it stays alone; where it never is, or the handler imports the same thing from where it has
        moved, the handler's block stays alone.

    Why:
        Most of them choose between the names of Python 2 and 3, or stand for modules the standard library has had for
        years.

    Example:
        `try: import json / except ImportError: import simplejson as json` is `import json`.

    Safety:
        Both are decided from a reviewed list of what the standard library has on every platform, and has not. A module
        of the project by the same name makes the rule leave the statement alone.

    Left alone:
        Optional dependencies, modules that some builds lack, statements with more than imports in the attempt.

    References:
        ruff F401
    """

    code = "AR035"
    name = "import-fallback"
    family = "syntax"
    title = "Drop fallbacks of imports"
    fixer = Fixer.RULE
    removes_comments = True
    removes_code = True
    nodes = (ast.Try,)
    words = frozenset({"try"})
    sign = re.compile(rb"ImportError")
    refusals: ClassVar = {
        "optional": "the module may be there or not",
        "layout": "more than imports is tried, or the blocks do not stand on lines of their own",
        "scope": "what is dropped decides which names are local",
        "comment": "a comment on the line of the block that stays would get lost",
        "re-raise": "the handler uses the exception",
    }
    valid = ("import json\n", "try:\n    import a\nexcept ValueError:\n    pass\n")
    invalid = (
        ("try:\n    import json\nexcept ImportError:\n    json = None\n", "import json\n"),
        ("try:\n    import cPickle as pickle\nexcept ImportError:\n    import pickle\n", "import pickle\n"),
        (
            "try:\n    import yaml\nexcept ImportError:\n    yaml = None\n",
            "try:\n    import yaml\nexcept ImportError:\n    yaml = None\n",
        ),
    )

    def matches(self, node: ast.Try, view: View) -> Iterator[Match[ast.Try]]:
        """Find the statement."""
        imports = any(isinstance(statement, _IMPORTS) for statement in node.body)
        if imports and any(_catches_import_error(handler) for handler in node.handlers):
            decided = _outcome(node, view) is not None
            yield Match(
                node,
                "import with a fallback",
                extent=_first_line(node, view),
                fixer=None if decided else Fixer.AGENT,
            )

    def fix(self, match: Match[ast.Try], view: View) -> Replacement | Decline:
        """Keep the block that always runs."""
        node = match.node
        outcome = _outcome(node, view)
        if outcome is None:
            return Decline("optional")
        if not all(isinstance(statement, _IMPORTS) for statement in node.body) or node.orelse or node.finalbody:
            return Decline("layout")
        names = ("ImportError", "ModuleNotFoundError") if module_is_absent(node.body[0], view.facts.modules) else ()
        try:
            handler = None if outcome else catching(node, (*names, "ImportError", "Exception"))
            start, end, text = kept_attempt(node, handler, view)
        except Undecided as reason:
            return Decline(str(reason))
        return Replacement(start, end, text, Evidence.PROVED, _answer(node, view, succeeds=outcome))


def _outcome(node: ast.Try, view: View) -> bool | None:
    """Whether the attempt succeeds, or fails with its first statement; None when that is open."""
    answers = [succeeds(statement, view.target, view.facts.modules) for statement in node.body]
    if answers[0] is False or _is_moved(node, view):
        return False
    return True if all(answers) else None


def _answer(node: ast.Try, view: View, *, succeeds: bool) -> str:
    if _is_moved(node, view):
        return "the fallback brings the same from where it has moved"
    answer = "the import always succeeds" if succeeds else "the first import always fails"
    return f"{answer} from Python {view.target[0]}.{view.target[1]} on"


def _is_moved(node: ast.Try, view: View) -> bool:
    """Whether both a single import and the single one in its only handler bring the same things."""
    if len(node.body) != 1 or len(node.handlers) != 1 or len(node.handlers[0].body) != 1:
        return False
    return is_moved(node.body[0], node.handlers[0].body[0], view.facts.modules)


def _catches_import_error(handler: ast.ExceptHandler) -> bool:
    return handler.type is not None and "ImportError" in ast.dump(handler.type)


def _first_line(node: ast.Try, view: View) -> tuple[int, int]:
    start, _ = view.extent(node)
    return start, start + len("try")
