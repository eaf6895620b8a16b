"""AR037 coding-cookie."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.source.encoding import COOKIE_LINES, head

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.base import Edit
    from archaeologist_tools.engine.view import View
    from archaeologist_tools.project.models import ProjectFacts
    from archaeologist_tools.source.module import Module

_COOKIE = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+")
# `# -*- coding: utf-8 -*-`, `# coding=utf8`, `# vim: set fileencoding=utf-8 :`
_ONLY_COOKIE = re.compile(
    rb"#[ \t]*(?:-\*-)?[ \t]*(?:vim?:[ \t]*(?:set?[ \t]+)?)?(?:file)?(?:en)?coding[:=][ \t]*utf-?8[ \t]*;?[ \t]*"
    rb"(?:-\*-|:)?",
    re.IGNORECASE,
)


@register
class CodingCookie(Rule[ast.Module]):
    """Drops `# -*- coding: utf-8 -*-`.

    What it does:
        Finds a comment in the first two lines that declares the encoding, and drops it when it says UTF-8.

    Why:
        UTF-8 is what Python 3 takes a file for.

    Example:
        `# -*- coding: utf-8 -*-` goes.

    Safety:
        An edit is kept only when the file still decodes as UTF-8 and compiles to the same code. Ruff's safe fix makes
        the edit.

    Left alone:
        Any other encoding: without its cookie the file could not be read. A comment that says more than the encoding.

    References:
        ruff UP009; PEP 263, PEP 3120
    """

    code = "AR037"
    name = "coding-cookie"
    family = "syntax"
    title = "Drop UTF-8 coding cookies"
    fixer = Fixer.RULE
    aliases = ("UP009",)
    adopts = "UP009"
    evidence = Evidence.IDENTICAL
    removes_comments = True
    reason = "the file decodes as UTF-8 and compiles to the same code"
    keeps_values = True
    only_comments = True
    nodes = (ast.Module,)
    valid = ("x = 1\n", "#!/bin/sh\n\n# coding: utf-8\n")
    invalid = (
        ("# -*- coding: utf-8 -*-\nx = 1\n", "x = 1\n"),
        ("# coding: latin-1\nx = 1\n", "# coding: latin-1\nx = 1\n"),
    )

    def suspects(self, module: Module, facts: ProjectFacts) -> bool:  # noqa: ARG002 - the text tells
        """Whether the word stands in the first lines."""
        return b"coding" in head(module.data)

    def vet(self, edit: Edit, view: View) -> Decline | None:
        """Keep a comment that says more than the encoding."""
        return None if _ONLY_COOKIE.fullmatch(view.lines(edit.span).strip()) else Decline("comment-on-line")

    def matches(self, node: ast.Module, view: View) -> Iterator[Match[ast.Module]]:
        """Find the comment."""
        module = view.module
        for number in range(1, min(module.lines, COOKIE_LINES) + 1):
            if _COOKIE.match(module.line(number)):
                start = module.starts[number - 1]
                yield Match(
                    node,
                    "comment that declares the encoding",
                    extent=(start, start + len(module.line(number).rstrip())),
                )
                return
