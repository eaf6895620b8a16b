"""AR010 open-without-with."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.files.blocks import LayoutError
from archaeologist_tools.files.chain_names import Chain
from archaeologist_tools.files.chain_text import write_chain
from archaeologist_tools.files.chained_open import chain_of
from archaeologist_tools.files.closing import Closing, closing_of
from archaeologist_tools.files.openers import OPENERS
from archaeologist_tools.files.opening import opening_of
from archaeologist_tools.files.with_statement import write_closing
from archaeologist_tools.project.patching import PLAIN_OPEN
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_NAMES = frozenset({*OPENERS, "open", "io.open"}) - {"builtins.open"}


@register
class OpenWithoutWith(Rule[ast.Call]):
    """Opens files in `with` statements.

    What it does:
        Finds calls of open (also of io, codecs, os.fdopen, gzip, bz2, lzma, tarfile, zipfile and Path.open) that are no
        context expression of a `with`, and puts a `with` block around the use of the file where it is certain that
        nobody uses the file after the block.

    Why:
        The file stays open until somebody closes it, or until the garbage collector comes by when an exception is in
        between.

    Example:
        `f = open(p)`, `s = f.read()`, `f.close()` become `with open(p) as f:` with `s = f.read()` in it;
        `return open(p).read()` becomes `with open(p) as f:` with `return f.read()` in it.

    Safety:
        On the straight way from the opening to the `close()` the file is closed at the same point as before. When an
        exception comes in between, it is closed at once. So each use of the handle is followed: it may be called,
        iterated over and handed to functions, but when it is stored, returned, yielded or used by an inner function, or
        when the code that catches an exception goes on using it, nothing is changed. A `return` before the `close()`
        asks for more: no function that might keep the handle. In the middle of an expression, what was evaluated before
        the opening has to be a name or a constant. A file that is never closed lives until its function is left; it is
        closed after its last use when it is only read, or when the function ends there.

    Left alone:
        Files that belong to an object or to the caller, that are opened only in some branches, or for which one of
        these points is not certain, with the reason.

    References:
        ruff SIM115
    """

    code = "AR010"
    name = "open-without-with"
    family = "files"
    title = "Open files in with statements"
    fixer = Fixer.RULE
    aliases = ("SIM115",)
    nodes = (ast.Call,)
    names = frozenset(name.rpartition(".")[2] for name in _NAMES)
    refusals: ClassVar = {
        "captured": "an inner function or a generator may use the file later",
        "closed-with-more": "the finally block does more than closing the file",
        "comment": "a comment belongs to what would be dropped",
        "conditional": "the file is opened only under a condition",
        "evaluation-order": "the file would be opened before something that runs first today",
        "frame-reader": "the function looks at its own variables, of which there would be one more",
        "handle-rebound": "the variable is bound again before the file is closed",
        "interleaved": "another file is opened or closed in between, in an order that blocks cannot keep",
        "layout": "the lines cannot be moved one level deeper safely",
        "leaves-early": "a return, break or continue leaves before the file is closed, and somebody may still use it",
        "module-variable": "the module would get a new variable, which others may import",
        "no-free-name": "no simple name for the file is free",
        "no-statement": "there is no place for a with statement around it",
        "not-closed-here": "no statement of the same block closes the file",
        "patched": "a test puts a mock in the place of open that gives no file in a with statement",
        "passed-on": "the file is handed to code that may keep it",
        "returned": "the file is returned to the caller",
        "shared-line": "it shares a line with other code",
        "stored": "the file is stored and outlives the block",
        "tar-writer": "an archive that is written is closed in another way when an exception comes",
        "too-long": "a line would become too long",
        "used-after": "the file may be used after an exception or a jump",
        "write-visible": "what is written would become visible at another time",
        "yielded": "the file, or something read from it, is yielded",
    }
    valid = (
        "with open('a') as f:\n    pass\n",
        "with closing(open('a')) as f:\n    pass\n",
        "with open('a') if x else sys.stdin as f:\n    pass\n",
    )
    invalid = (
        (
            "def size(p):\n    f = open(p)\n    data = f.read()\n    f.close()\n    return len(data)\n",
            "def size(p):\n    with open(p) as f:\n        data = f.read()\n    return len(data)\n",
        ),
        (
            "def lines(p):\n    f = open(p)\n    try:\n        yield from f\n    finally:\n        f.close()\n",
            "def lines(p):\n    with open(p) as f:\n        yield from f\n",
        ),
        (
            "def text(p):\n    return open(p).read()\n",
            "def text(p):\n    with open(p) as f:\n        return f.read()\n",
        ),
        ("f = open('a')\n", "f = open('a')\n"),
        ("f = Path('a').open()\n", "f = Path('a').open()\n"),
    )

    def matches(self, node: ast.Call, view: View) -> Iterator[Match[ast.Call]]:
        """Find calls that open a file and are not in a `with`."""
        name = dotted(node.func)
        if (name in _NAMES or _is_path_open(node)) and not _in_with(node, view):
            yield Match(node, f"{name or 'Path.open'} outside a with statement")

    def fix(self, match: Match[ast.Call], view: View) -> Replacement | Decline:
        """Write a `with` block when the file is used up in it."""
        if view.index.fstring_around(match.node):
            return Decline("inside-f-string")
        plan = _planned(match.node, view)
        if isinstance(plan, str):
            return Decline(plan)
        if PLAIN_OPEN in view.facts.patched:
            return Decline("patched")
        try:
            written = write_chain(plan, view) if isinstance(plan, Chain) else write_closing(plan, view)
        except LayoutError as error:
            return Decline(error.code)
        return Replacement(written.start, written.end, written.text, Evidence.PROVED, _reason(plan))


def _planned(call: ast.Call, view: View) -> Closing | Chain | str:
    parent = view.index.parents[call]
    if not isinstance(parent, ast.Assign):
        return chain_of(call, view)
    opening = opening_of(call, view)
    return opening if isinstance(opening, str) else closing_of(opening, view)


def _reason(plan: Closing | Chain) -> str:
    if isinstance(plan, Chain):
        return "the file is used up in the statement that opens it"
    if plan.guard is not None:
        return "the finally block closes the file and does nothing else"
    if plan.closes:
        return "the file is closed in the block that opens it, and nobody else keeps it"
    return "the file is a local variable of the function, and nothing uses it after the block"


def _is_path_open(node: ast.Call) -> bool:
    function = node.func
    if not isinstance(function, ast.Attribute) or function.attr != "open" or not isinstance(function.value, ast.Call):
        return False
    return dotted(function.value.func).rpartition(".")[2] in {"Path", "PurePath"}


def _in_with(node: ast.Call, view: View) -> bool:
    """Whether the call is a context expression, or an argument of `closing(...)` that is one."""
    parent = view.index.parents[node]
    if isinstance(parent, ast.IfExp) and node is not parent.test:
        parent = view.index.parents[parent]
    if isinstance(parent, ast.Call) and node in parent.args and dotted(parent.func).endswith("closing"):
        parent = view.index.parents[parent]
    return isinstance(parent, ast.withitem)
