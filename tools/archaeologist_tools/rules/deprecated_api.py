"""AR061 deprecated-api."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from archaeologist_tools.engine.base import Decline, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.rules.removed_api import Use, has_counterpart, replaced
from archaeologist_tools.source.library import entries, first_parts, is_any_written, listed_names, names_at_hand

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from archaeologist_tools.engine.view import View
    from archaeologist_tools.project.models import ProjectFacts
    from archaeologist_tools.source.module import Module


@register
class DeprecatedApi(Rule[Use]):
    """Finds what the standard library has superseded.

    What it does:
        Finds uses and imports of modules and functions that are deprecated, and says what to use. Where the same thing
        has another name in the same module, the name is replaced.

    Why:
        It warns today and will be dropped, or is no longer developed.

    Example:
        `threading.currentThread()` becomes `threading.current_thread()`.

    Safety:
        Rewrites only names of the reviewed list: the old function warns and calls the new one.

    Left alone:
        What has no exact counterpart: the message names what to use.

    References:
        https://docs.python.org/3/deprecations/
    """

    code = "AR061"
    name = "deprecated-api"
    family = "syntax"
    title = "Replace what the standard library superseded"
    minimum = (3, 1)
    fixer = Fixer.AGENT
    nodes = (
        ast.Attribute,
        ast.Name,
        ast.Import,
        ast.ImportFrom,
    )
    words = first_parts()
    names = listed_names()
    refusals: ClassVar = {
        "no-counterpart": "what replaces it does not do exactly the same",
        "arguments": "it is given more than one argument, or none, or handed on",
        "attempt": "whether the import succeeds decides what is imported next",
        "name-taken": "the module uses the name of the new import for something else",
    }
    valid = ("import argparse\n", "log.warn('x')\n", "import logging\nlogging.warning('x')\n")
    invalid = (
        ("import logging\nlogging.warn('x')\n", "import logging\nlogging.warning('x')\n"),
        ("from optparse import OptionParser\n", "from optparse import OptionParser\n"),
    )

    def suspects(self, module: Module, facts: ProjectFacts) -> bool:  # noqa: ARG002 - the text tells
        """Whether all parts of a name on the list are written in the file."""
        return is_any_written(module)

    def names_in(self, view: View) -> Collection[str]:
        """The names on the list that the imports of a file lead to."""
        return names_at_hand(view.index)

    def matches(self, node: Use, view: View) -> Iterator[Match[Use]]:
        """Find uses and imports."""
        for entry, place in entries(node, view):
            if not entry.removed:
                fixer = Fixer.RULE if has_counterpart(entry, node) else None
                yield Match(node, entry.message, fixer=fixer, extent=view.extent(place))

    def fix(self, match: Match[Use], view: View) -> Replacement | Decline:
        """Write the other name."""
        return replaced(match, view)
