"""AR035 import-fallback."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Fixer, Match, Rule
from archaeologist_tools.engine.registration import register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View


@register
class ImportFallback(Rule[ast.Try]):
    """Finds imports with a fallback.

    What it does:
        Finds `try:` with an import in it and a handler for ImportError.

    Why:
        Most of them choose between the names of Python 2 and 3, or stand for modules the standard library has had for
        years.

    Example:
        `try: import json / except ImportError: import simplejson as json` is `import json`.

    Safety:
        Not rewritten: an optional dependency looks the same.

    Left alone:
        Nothing is rewritten by this rule; the agent or a person decides.

    References:
        ruff F401
    """

    code = "AR035"
    name = "import-fallback"
    family = "syntax"
    title = "Drop fallbacks of imports"
    fixer = Fixer.AGENT
    nodes = (ast.Try,)
    valid = ("import json\n", "try:\n    import a\nexcept ValueError:\n    pass\n")
    invalid = (
        (
            "try:\n    import json\nexcept ImportError:\n    json = None\n",
            "try:\n    import json\nexcept ImportError:\n    json = None\n",
        ),
    )

    def matches(self, node: ast.Try, view: View) -> Iterator[Match[ast.Try]]:
        """Find the statement."""
        imports = any(isinstance(statement, (ast.Import, ast.ImportFrom)) for statement in node.body)
        if imports and any(_catches_import_error(handler) for handler in node.handlers):
            yield Match(node, "import with a fallback", extent=_first_line(node, view))


def _catches_import_error(handler: ast.ExceptHandler) -> bool:
    return handler.type is not None and "ImportError" in ast.dump(handler.type)


def _first_line(node: ast.Try, view: View) -> tuple[int, int]:
    start, _ = view.extent(node)
    return start, start + len("try")
