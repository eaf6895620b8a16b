"""Long f-strings laid out over several lines, as adjacent pieces broken behind blanks."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from archaeologist_tools.source.embedding import too_long
from archaeologist_tools.source.fstrings import TemplateError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_NARROWEST = 36
# A word with the blanks behind it; the name of a character is one word.
_WORD = re.compile(r"(?:\\N\{[^}]*\}|\\.|[^\s\\])*(?:\s+|$)", re.DOTALL)
_BRACKETS = (ast.Call, ast.List, ast.Dict, ast.Set, ast.Subscript)


@dataclass
class _Piece:
    """One string of a literal: its prefix without `f`, its quote, and its words and fields."""

    prefix: str
    quote: str
    atoms: list[tuple[str, bool]] = field(default_factory=list)

    def written(self, atoms: list[tuple[str, bool]]) -> str:
        body = "".join(text for text, _ in atoms)
        if any(is_field for _, is_field in atoms):
            return f"f{self.prefix}{self.quote}{body}{self.quote}"
        return f"{self.prefix}{self.quote}{body.replace('{{', '{').replace('}}', '}')}{self.quote}"


def fitted(text: str, node: ast.expr, start: int, end: int, view: View) -> str:
    """Lay an f-string out so that no line is too long.

    Args:
        text: the f-string, one or several adjacent pieces.
        node: the expression whose place it takes.
        start: where that begins, in bytes.
        end: where it ends.
        view: the file.

    Raises:
        TemplateError: there is no good way.
    """
    pieces = _pieces(text.strip())
    if not pieces:
        raise TemplateError("too-long")
    module = view.module
    line, column = module.position(start)
    lead = module.line(line)[: column - 1].decode(module.encoding)
    inside = _is_bracketed(node, view)
    aligned = "".join(character if character == "\t" else " " for character in lead) + ("" if inside else " ")
    outer = lead[: len(lead) - len(lead.lstrip())]
    indent = outer + "    "
    layouts = [(aligned, "", "") if inside else (aligned, "(", ")")]
    if lead.endswith("("):
        layouts.append((indent, module.newline + indent, ""))
    elif not inside:
        layouts.append((indent, f"({module.newline}{indent}", f"{module.newline}{outer})"))
    for margin, before, after in layouts:
        width = view.line_limit - len(margin.expandtabs())
        if width < _NARROWEST:
            continue
        for last in (width, width - _tail(end, view)):
            body = f"{module.newline}{margin}".join(_laid_out(pieces, width, last))
            found = f"{before}{body}{after}"
            if not too_long(found, start, end, view):
                return found
    raise TemplateError("too-long")


def _tail(end: int, view: View) -> int:
    """How much stands behind the expression on its last line."""
    line, column = view.module.position(end)
    return len(view.module.line(line)[column - 1 :].rstrip()) + 1


def _laid_out(pieces: list[_Piece], width: int, last: int) -> Iterator[str]:
    """The lines; `last` is the width of the last one."""
    for number, piece in enumerate(pieces):
        room = last if number == len(pieces) - 1 else width
        yield from _lines(piece, width, room)


def _lines(piece: _Piece, width: int, room: int) -> Iterator[str]:
    if len(piece.written(piece.atoms)) <= room:
        yield piece.written(piece.atoms)
        return
    line: list[tuple[str, bool]] = []
    runs = list(_unbroken(piece.atoms))
    if any(len(piece.written(run)) > min(width, room) for run in runs):
        runs = [[atom] for atom in piece.atoms]
    for atom in runs:
        if line and len(piece.written([*line, *atom])) > min(width, room):
            yield piece.written(line)
            line = []
        line += atom
    if line:
        yield piece.written(line)


def _unbroken(atoms: list[tuple[str, bool]]) -> Iterator[list[tuple[str, bool]]]:
    """Runs of atoms that no line break may part: a break comes only behind a blank."""
    run: list[tuple[str, bool]] = []
    for atom in atoms:
        run.append(atom)
        if not atom[1] and atom[0][-1:].isspace():
            yield run
            run = []
    if run:
        yield run


def _pieces(text: str) -> list[_Piece]:
    """The pieces of a literal; none when one has lines of its own, or a comment stands between them."""
    if "#" in text and "\n" in text:
        return []
    try:
        node = cst.parse_expression(f"({text}\n)")
    except (cst.ParserSyntaxError, RecursionError):
        return []
    found: list[_Piece] = []
    pending: list[cst.BaseExpression] = [node]
    while pending:
        node = pending.pop()
        if isinstance(node, cst.ConcatenatedString):
            pending += [node.right, node.left]
            continue
        piece = _piece(node)
        if piece is None:
            return []
        found.append(piece)
    return found


def _piece(node: cst.BaseExpression) -> _Piece | None:
    if isinstance(node, cst.SimpleString):
        piece = _Piece(node.prefix, node.quote)
        doubled = node.raw_value.replace("{", "{{").replace("}", "}}")
        if "\\N{" in node.raw_value:
            return None
        piece.atoms = [(word, False) for word in _WORD.findall(doubled) if word]
        return piece if len(node.quote) == 1 else None
    if not isinstance(node, cst.FormattedString) or len(node.end) > 1:
        return None
    piece = _Piece(node.prefix.replace("f", "").replace("F", ""), node.end)
    for part in node.parts:
        if isinstance(part, cst.FormattedStringText):
            piece.atoms += [(word, False) for word in _WORD.findall(part.value) if word]
        else:
            piece.atoms.append((cst.Module([]).code_for_node(part), True))
    return piece


def _is_bracketed(node: ast.expr, view: View) -> bool:
    """Whether an expression stands in brackets, so that a line may end inside of it."""
    child: ast.AST = node
    for parent in view.index.ancestors(node):
        if (
            isinstance(parent, _BRACKETS)
            and child is not getattr(parent, "func", None)
            and child is not getattr(parent, "value", None)
        ):
            return True
        if isinstance(parent, (ast.stmt, ast.Lambda)):
            return False
        child = parent
    return False
