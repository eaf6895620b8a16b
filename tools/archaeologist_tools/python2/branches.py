"""Taking a decision whose outcome is known out of the code: the branch that is taken stays."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from archaeologist_tools.python2.dead import shapes_scope
from archaeologist_tools.python2.outdent import Blocks
from archaeologist_tools.source.blank_lines import around_definitions
from archaeologist_tools.source.module import first_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist_tools.engine.view import View

_ENDS = (ast.Return, ast.Raise, ast.Continue, ast.Break)
_HEADER = re.compile(rb"[\s)]*:[ \t]*(?P<comment>#[^\r\n]*)?")
_ELSE = re.compile(r"[ \t\f]*else[ \t]*:[ \t]*(?P<comment>#[^\r\n]*)?")
# What is said of a branch only because there is another one.
ABOUT_VERSION = re.compile(
    r"#+\s*(?:(?:for|in|is|on)\s+)?(?:cpython|python|py)\s*-?v?[\d.]*[xk+]?\W*(?:only|code|version|and later)?\W*$"
    r"|#\s*(?:pragma: ?no ?cover|noqa|pylint:|type: ?ignore|NOQA)",
    re.IGNORECASE,
)
_ABOUT_PYTHON = re.compile(r"\b(?:python|py)[ -]?[23]", re.IGNORECASE)
_DECISIONS = (ast.If, ast.Try, ast.While)


class Undecided(Exception):
    """The decision stays in the code; the argument is the reason code."""


def kept_branch(node: ast.If | ast.While, view: View, *, taken: bool) -> tuple[int, int, str]:
    """What an `if` or `elif` is without its decision, or a loop that never starts.

    Args:
        node: the statement.
        view: the file.
        taken: whether the condition is true.

    Returns:
        The bytes to replace and the new text.

    Raises:
        Undecided: it has to stay.
    """
    if isinstance(node, ast.While) and taken:
        raise Undecided("loop")
    blocks = Blocks(view.module)
    start = view.module.extent(node)[0]
    is_elif = view.module.data.startswith(b"elif", start)
    dead = list(node.orelse if taken else node.body)
    alive = list(node.body if taken else node.orelse)
    if shapes_scope([node.test, *dead], view.index):
        raise Undecided("scope")
    if not is_elif and not blocks.stands_alone(node):
        raise Undecided("layout")
    last = blocks.last([node], blocks.indent(node))
    if is_elif and isinstance(node, ast.If):
        return _kept_elif(node, last, view, taken=taken)
    if not taken and _is_elif(alive, view):
        check_comments(node.body, alive[0].lineno, blocks.indent(node), blocks)
        return start, view.module.extent(alive[0])[0] + len("elif"), "if"
    return _kept_if(node, alive, last, view)


def _kept_if(node: ast.If | ast.While, alive: Sequence[ast.stmt], last: int, view: View) -> tuple[int, int, str]:
    module, blocks = view.module, Blocks(view.module)
    siblings = view.index.block_of(node)
    place = siblings.index(node)
    indent = blocks.indent(node)
    begin = module.starts[node.lineno - 1]
    if _would_be_docstring(alive, siblings, place):
        raise Undecided("scope")
    if not alive:
        if len(siblings) == 1:
            return begin, blocks.end(last), f"{indent}pass{_ending(blocks.line(last))}"
        return (*_with_blank_lines(_first_about(node, blocks), last, blocks, view), "")
    header = _header(node, alive, blocks, view)
    text = blocks.moved(alive, header, indent)
    if text is None:
        raise Undecided("layout")
    if isinstance(alive[-1], _ENDS) and siblings[place + 1 :]:
        rest = siblings[place + 1 :]
        if shapes_scope(rest, view.index) or not blocks.stands_alone(rest[-1]):
            raise Undecided("scope")
        last = rest[-1].end_lineno or last
    wanted = 2 if isinstance(view.index.parents[node], ast.Module) else 1
    above, below = around_definitions(node, alive, siblings, module, wanted)
    above = max(0, above - text[: len(text) - len(text.lstrip())].count("\n"))
    newline = module.newline
    return begin, blocks.end(last), newline * above + text + _ending(blocks.line(last)) + newline * below


def _kept_elif(node: ast.If, last: int, view: View, *, taken: bool) -> tuple[int, int, str]:
    module, blocks = view.module, Blocks(view.module)
    start = module.extent(node)[0]
    if taken:
        end_of_test = module.extent(node.test)[1]
        header = _HEADER.match(module.data, end_of_test)
        if header is None:
            raise Undecided("layout")
        colon = module.data.index(b":", end_of_test)
        body_end = blocks.end(blocks.last(node.body, blocks.indent(node)))
        return start, blocks.end(last), "else" + module.data[colon:body_end].decode(module.encoding)
    if _is_elif(node.orelse, view):
        return start, module.extent(node.orelse[0])[0], ""
    if node.orelse:
        number = blocks.first(node.orelse) - 1
        line = blocks.line(number) if first_line(node.orelse[0]) > number else ""
        if not _ELSE.match(line):
            raise Undecided("layout")
        return start, module.starts[number - 1] + len(line) - len(line.lstrip()), ""
    return module.starts[node.lineno - 1], blocks.end(last), ""


def _header(node: ast.If | ast.While, alive: Sequence[ast.stmt], blocks: Blocks, view: View) -> int:
    """The line of the colon in front of the branch that stays."""
    number = blocks.first(alive) - 1
    if alive[0] is not node.body[0]:
        match = _ELSE.match(blocks.line(number)) or _ELSE.match(blocks.line(first_line(alive[0])))
        one_line = not _ELSE.match(blocks.line(number))
        if match is None:
            raise Undecided("layout")
        comment, header = match["comment"], first_line(alive[0]) if one_line else number
        check_comments(node.body, header, blocks.indent(node), blocks)
    else:
        found = _HEADER.match(view.module.data, view.module.extent(node.test)[1])
        if found is None:
            raise Undecided("layout")
        comment = (found["comment"] or b"").decode(view.module.encoding)
        header = first_line(alive[0]) if number < (node.test.end_lineno or 0) else number
    if comment and not ABOUT_VERSION.match(comment):
        raise Undecided("comment")
    return header


def check_comments(above: Sequence[ast.stmt], header: int, indent: str, blocks: Blocks) -> None:
    """See that no comment on the block that stays would get lost above its header.

    Raises:
        Undecided: one would.
    """
    comments = blocks.comments_between(above, header, indent)
    if any(not ABOUT_VERSION.match(comment) for comment in comments):
        raise Undecided("comment")


def _would_be_docstring(alive: Sequence[ast.stmt], siblings: Sequence[ast.stmt], place: int) -> bool:
    """Whether a text would come first in its block, when other decisions around go, too."""
    if not all(isinstance(statement, _DECISIONS) for statement in siblings[:place]):
        return False
    behind = (statement for statement in siblings[place + 1 :] if not isinstance(statement, _DECISIONS))
    first = alive[0] if alive else next(behind, None)
    return isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)


def _is_elif(body: Sequence[ast.stmt], view: View) -> bool:
    return (
        len(body) == 1 and isinstance(body[0], ast.If) and view.module.data.startswith(b"elif", _start(body[0], view))
    )


def _start(node: ast.stmt, view: View) -> int:
    return view.module.extent(node)[0]


def _ending(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


def _first_about(node: ast.stmt, blocks: Blocks) -> int:
    """The first line of a decision that goes, comments directly above it included when they are about Python 2 or 3."""
    first, indent, said = node.lineno, blocks.indent(node), ""
    while (line := blocks.line(first - 1)).startswith(f"{indent}#"):
        first, said = first - 1, line + said
    return first if _ABOUT_PYTHON.search(said) else node.lineno


def _with_blank_lines(first: int, last: int, blocks: Blocks, view: View) -> tuple[int, int]:
    """The bytes of lines that go, with the blank lines on the side that has fewer of them."""
    above, below = first, last
    while above > 1 and not blocks.line(above - 1).strip():
        above -= 1
    while below < view.module.lines and not blocks.line(below + 1).strip():
        below += 1
    at_end = below >= view.module.lines
    if at_end or below - last > first - above:
        return view.module.starts[above - 1], blocks.end(last if not at_end else below)
    return view.module.starts[first - 1], blocks.end(below)
