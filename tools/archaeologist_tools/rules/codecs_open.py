"""AR014 codecs-open."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Fixer, Match, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.files.openers import opener_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View


@register
class CodecsOpen(Rule[ast.Call]):
    """Finds calls of `codecs.open`.

    What it does:
        Finds calls of `codecs.open`, under whatever name it was imported.

    Why:
        The built-in open knows encodings since Python 3.0, is faster and buffers better; `codecs.open` is deprecated
        since Python 3.14.

    Example:
        `codecs.open(p, 'r', 'utf-8')` is `open(p, encoding='utf-8')` when nobody looks at line endings.

    Safety:
        Not rewritten: `codecs.open` opens the file in binary mode. It translates no line endings, splits lines at every
        boundary that Unicode knows, and reads and seeks in another way.

    Left alone:
        Nothing is rewritten by this rule; a person decides.

    References:
        ruff UP020 is about io.open; https://docs.python.org/3/library/codecs.html#codecs.open
    """

    code = "AR014"
    name = "codecs-open"
    family = "files"
    title = "Use open for codecs.open"
    fixer = Fixer.PERSON
    nodes = (ast.Call,)
    words = frozenset({"codecs"})
    valid = ("open('a', encoding='utf-8')\n", "def f(codecs):\n    codecs.open('a')\n")
    invalid = (
        ("import codecs\ncodecs.open('a', 'r', 'utf-8')\n", "import codecs\ncodecs.open('a', 'r', 'utf-8')\n"),
        ("from codecs import open as o\no('a')\n", "from codecs import open as o\no('a')\n"),
    )

    def matches(self, node: ast.Call, view: View) -> Iterator[Match[ast.Call]]:
        """Find calls of `codecs.open`."""
        if isinstance(node.func, ast.Attribute) and node.func.attr != "open":
            return
        opener = opener_of(node, view)
        if opener is not None and opener.kind == "codecs.open":
            yield Match(node, "call of codecs.open")
