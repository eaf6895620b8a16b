"""AR011 text-encoding."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Fixer, Match, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.files.openers import opener_of
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

# Where each takes the encoding when it is given by place.
_PLACES = {"builtins.open": 3, "os.fdopen": 3, "pathlib.Path.open": 2}


@register
class TextEncoding(Rule[ast.Call]):
    """Finds text files opened without an encoding.

    What it does:
        Finds calls of open, io.open, os.fdopen and Path.open in text mode that name no encoding.

    Why:
        The encoding is then that of the machine: a file written on one cannot be read on another. Python 3.15 makes
        UTF-8 the default, so that the same call will read other text than today.

    Example:
        `open(p)` is `open(p, encoding='utf-8')` when the file is UTF-8.

    Safety:
        Not rewritten: which encoding the files have is known by the people who make them.

    Left alone:
        Nothing is rewritten by this rule. Binary modes, modes that are not literals, and calls whose arguments come
        from `*` or `**` are not found.

    References:
        ruff PLW1514; PEP 597; PEP 686
    """

    code = "AR011"
    name = "text-encoding"
    family = "files"
    title = "Name the encoding of text files"
    fixer = Fixer.PERSON
    aliases = ("PLW1514",)
    nodes = (ast.Call,)
    names = frozenset({"open", "fdopen"})
    valid = (
        "open('a', encoding='utf-8')\n",
        "open('a', 'rb')\n",
        "open('a', mode)\n",
        "open('a', **options)\n",
        "open('a', 'r', -1, 'utf-8')\n",
        "import gzip\ngzip.open('a')\n",
        "from codecs import open\nopen('a', 'r', 'utf-8')\n",
    )
    invalid = (
        ("open('a')\n", "open('a')\n"),
        ("import io\nwith io.open('a', mode='w') as f: pass\n",) * 2,
    )

    def matches(self, node: ast.Call, view: View) -> Iterator[Match[ast.Call]]:
        """Find calls that open a text file with the machine's encoding."""
        function = node.func
        called = function.attr if isinstance(function, ast.Attribute) else dotted(function)
        if called not in {"open", "fdopen"}:
            return
        opener = opener_of(node, view)
        if opener is None or opener.kind not in _PLACES or opener.mode is None or "b" in opener.mode:
            return
        named = any(keyword.arg == "encoding" for keyword in node.keywords)
        if not named and len(node.args) <= _PLACES[opener.kind]:
            yield Match(node, "text file opened without an encoding")
