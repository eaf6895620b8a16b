"""AR036 os-error-alias."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.source.index import dotted
from archaeologist_tools.source.library import full_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_NAMES = frozenset({"IOError", "EnvironmentError", "WindowsError"})
_ATTRIBUTES = frozenset({"socket.error", "select.error", "os.error"})
_ODD = re.compile(rb"[#\r\n]")


@register
class OsErrorAlias(Rule[ast.Name | ast.Attribute]):
    """Writes `OSError` for its old names.

    What it does:
        Finds IOError, EnvironmentError, WindowsError, socket.error, select.error and os.error.

    Why:
        They are one class since Python 3.3; several names suggest a difference that is not there.

    Example:
        `except IOError:` becomes `except OSError:`.

    Safety:
        The names are the very same class object, wherever they stand. They are rewritten where they are surely the
        builtins, or attributes of the modules of the standard library.

    Left alone:
        WindowsError, which exists on Windows only; modules that bind one of the names.

    References:
        ruff UP024; PEP 3151
    """

    code = "AR036"
    name = "os-error-alias"
    family = "syntax"
    title = "Use OSError for its aliases"
    fixer = Fixer.RULE
    aliases = ("UP024",)
    minimum = (3, 3)
    keeps_values = True
    nodes = (
        ast.Name,
        ast.Attribute,
    )
    words = frozenset({*_NAMES, *(name.partition(".")[0] for name in _ATTRIBUTES)})
    names = frozenset({*_NAMES, "error"})
    refusals: ClassVar = {"comment": "a comment or line break stands in the tuple"}
    valid = ("try:\n    pass\nexcept OSError:\n    pass\n",)
    invalid = (
        ("try:\n    pass\nexcept IOError:\n    pass\n", "try:\n    pass\nexcept OSError:\n    pass\n"),
        ("KINDS = (IOError, KeyError)\n", "KINDS = (OSError, KeyError)\n"),
        ("KINDS = [WindowsError]\n", "KINDS = [WindowsError]\n"),
    )

    def matches(self, node: ast.Name | ast.Attribute, view: View) -> Iterator[Match[ast.Name | ast.Attribute]]:
        """Find the names."""
        if isinstance(node, ast.Name):
            if node.id in _NAMES and isinstance(node.ctx, ast.Load):
                yield Match(node, f"{node.id} is OSError")
        elif node.attr == "error" and not {dotted(node), full_name(node, view)}.isdisjoint(_ATTRIBUTES):
            yield Match(node, f"{dotted(node)} is OSError")

    def fix(self, match: Match[ast.Name | ast.Attribute], view: View) -> Replacement | Decline:
        """Write OSError, once in each tuple of classes."""
        node = match.node
        if dotted(node) == "WindowsError":
            return Decline("no-safe-fix", "WindowsError exists on Windows only")
        if view.index.fstring_around(node):
            return Decline("inside-f-string")
        if not _is_os_error(node, view):
            return Decline("rebound")
        reason = "the old name is the class OSError itself since Python 3.3"
        around = _classes_around(node, view)
        if around is None:
            return Replacement(*view.module.extent(node), "OSError", Evidence.PROVED, reason)
        start, end = view.module.extent(around)
        if _ODD.search(view.module.data[start:end]):
            return Decline("comment")
        return Replacement(start, end, _merged(around, view), Evidence.PROVED, reason)


def _is_os_error(node: ast.expr, view: View) -> bool:
    """Whether an expression is surely OSError, by whatever name."""
    if not view.is_builtin("OSError"):
        return False
    if isinstance(node, ast.Name):
        return node.id == "OSError" or (node.id in _NAMES - {"WindowsError"} and view.is_builtin(node.id))
    return full_name(node, view) in _ATTRIBUTES


def _classes_around(node: ast.expr, view: View) -> ast.Tuple | None:
    """The tuple of a handler or of `isinstance`, when it names OSError more than once."""
    classes = view.index.parents[node]
    user = view.index.parents.get(classes)
    caught = isinstance(user, ast.ExceptHandler)
    asked = isinstance(user, ast.Call) and dotted(user.func) in {"isinstance", "issubclass"} and classes in user.args
    if not isinstance(classes, ast.Tuple) or not (caught or asked):
        return None
    return classes if sum(_is_os_error(item, view) for item in classes.elts) > 1 else None


def _merged(classes: ast.Tuple, view: View) -> str:
    texts = ["OSError" if _is_os_error(item, view) else view.module.segment(item) for item in classes.elts]
    merged = list(dict.fromkeys(texts))
    return merged[0] if len(merged) == 1 else f"({', '.join(merged)})"
