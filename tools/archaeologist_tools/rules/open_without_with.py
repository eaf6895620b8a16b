"""AR010 open-without-with."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Fixer, Match, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_OPENERS = frozenset(
    {
        "open",
        "io.open",
        "codecs.open",
        "os.fdopen",
        "gzip.open",
        "bz2.open",
        "lzma.open",
        "tarfile.open",
        "zipfile.ZipFile",
    },
)


@register
class OpenWithoutWith(Rule[ast.Call]):
    """Finds files opened outside a `with` statement.

    What it does:
        Finds calls of open (also of io, codecs, os.fdopen, gzip, bz2, lzma, tarfile, zipfile and Path.open) that are no
        context expression of a `with`.

    Why:
        The file stays open until somebody closes it, or until the garbage collector comes by when an exception is in
        between.

    Example:
        `f = open(p); s = f.read(); f.close()` is `with open(p) as f: s = f.read()`.

    Safety:
        Not rewritten: whether the handle leaves the block has to be known first.

    Left alone:
        Nothing is rewritten by this rule; the agent or a person decides.

    References:
        ruff SIM115
    """

    code = "AR010"
    name = "open-without-with"
    family = "files"
    title = "Open files in with statements"
    fixer = Fixer.AGENT
    aliases = ("SIM115",)
    nodes = (ast.Call,)
    valid = ("with open('a') as f:\n    pass\n", "with closing(open('a')) as f:\n    pass\n")
    invalid = (("f = open('a')\n", "f = open('a')\n"), ("f = Path('a').open()\n", "f = Path('a').open()\n"))

    def matches(self, node: ast.Call, view: View) -> Iterator[Match[ast.Call]]:
        """Find calls that open a file and are not in a `with`."""
        name = dotted(node.func)
        if (name in _OPENERS or _is_path_open(node)) and not _in_with(node, view):
            yield Match(node, f"{name or 'Path.open'} outside a with statement")


def _is_path_open(node: ast.Call) -> bool:
    function = node.func
    if not isinstance(function, ast.Attribute) or function.attr != "open" or not isinstance(function.value, ast.Call):
        return False
    return dotted(function.value.func).rpartition(".")[2] in {"Path", "PurePath"}


def _in_with(node: ast.Call, view: View) -> bool:
    """Whether the call is a context expression, or an argument of `closing(...)` that is one."""
    parent = view.index.parents[node]
    if isinstance(parent, ast.Call) and node in parent.args and dotted(parent.func).endswith("closing"):
        parent = view.index.parents[parent]
    return isinstance(parent, ast.withitem)
