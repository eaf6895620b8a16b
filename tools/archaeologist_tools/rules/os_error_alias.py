"""AR036 os-error-alias."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Decline, Fixer, Match, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.base import Edit
    from archaeologist_tools.engine.view import View

_NAMES = frozenset({"IOError", "EnvironmentError", "WindowsError"})
_ATTRIBUTES = frozenset({"socket.error", "select.error", "os.error"})


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
        The names are the very same class object. Ruff's safe fix makes the edit where they are the builtins.

    Left alone:
        WindowsError, which exists on Windows only; modules that bind one of the names; uses outside `except` and
        `raise`.

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
    adopts = "UP024"
    reason = "the old name is the class OSError itself since Python 3.3"
    nodes = (
        ast.Name,
        ast.Attribute,
    )
    valid = ("try:\n    pass\nexcept OSError:\n    pass\n",)
    invalid = (
        ("try:\n    pass\nexcept IOError:\n    pass\n", "try:\n    pass\nexcept OSError:\n    pass\n"),
        ("KINDS = [WindowsError]\n", "KINDS = [WindowsError]\n"),
    )

    def matches(self, node: ast.Name | ast.Attribute, view: View) -> Iterator[Match[ast.Name | ast.Attribute]]:  # noqa: ARG002
        """Find the names."""
        if isinstance(node, ast.Name):
            if node.id in _NAMES and isinstance(node.ctx, ast.Load):
                yield Match(node, f"{node.id} is OSError")
        elif node.attr == "error" and (name := dotted(node)) in _ATTRIBUTES:
            yield Match(node, f"{name} is OSError")

    def vet(self, edit: Edit, view: View) -> Decline | None:
        """Keep what is not surely the builtin, and WindowsError, which most systems lack."""
        if "WindowsError" in edit.before:
            return Decline("no-safe-fix", "WindowsError exists on Windows only")
        if not all(map(view.is_builtin, ("OSError", "IOError", "EnvironmentError"))):
            return Decline("rebound")
        return view.leaves_unused(edit)
