"""AR025 bare-except."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Fixer, Match, Rule
from archaeologist_tools.engine.registration import register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View


@register
class BareExcept(Rule[ast.ExceptHandler]):
    """Finds `except:`.

    What it does:
        Finds handlers without a class that do not raise again.

    Why:
        They catch SystemExit, KeyboardInterrupt and GeneratorExit, too: the program cannot be stopped there.

    Example:
        `except:` is `except Exception:` in most cases, and a narrower class in the better ones.

    Safety:
        Not rewritten: what escapes then was caught before.

    Left alone:
        Nothing is rewritten by this rule; a person decides.

    References:
        ruff E722
    """

    code = "AR025"
    name = "bare-except"
    family = "state"
    title = "Name what a handler catches"
    fixer = Fixer.PERSON
    aliases = ("E722",)
    nodes = (ast.ExceptHandler,)
    valid = (
        "try:\n    pass\nexcept Exception:\n    pass\n",
        "try:\n    pass\nexcept:\n    x()\n    raise\n",
    )
    invalid = (("try:\n    pass\nexcept:\n    pass\n", "try:\n    pass\nexcept:\n    pass\n"),)

    def matches(self, node: ast.ExceptHandler, view: View) -> Iterator[Match[ast.ExceptHandler]]:
        """Find the handler."""
        last = node.body[-1]
        again = isinstance(last, ast.Raise) and last.exc is None
        if node.type is None and not again:
            start, _ = view.extent(node)
            yield Match(
                node, "handler that catches everything, interrupts included", extent=(start, start + len("except"))
            )
