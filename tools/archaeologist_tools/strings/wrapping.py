"""Long f-strings laid out over several lines, as adjacent pieces broken behind blanks."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archaeologist_tools.strings import literals
from archaeologist_tools.strings.embedding import before_next, spaced, too_long
from archaeologist_tools.strings.fstrings import TemplateError
from archaeologist_tools.strings.parentheses import around

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View
    from archaeologist_tools.strings.literals import Piece

_NARROWEST = 36
_PUNCTUATION = 2
_NEWLINE = re.compile(r"[\r\n]")
_HANGING = re.compile(rb"\([ \t]*\r?\n")
_CLOSERS = re.compile(rb"[)\]}]+[,:;]?[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|\Z)")
# A word with the blanks behind it; the name of a character is one word.
_WORD = re.compile(r"(?:\\N\{[^}]*\}|\\.|\S)*(?:\s+|$)", re.DOTALL)
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


def placed(text: str, node: ast.expr, view: View) -> tuple[int, int, str]:
    """Put an f-string in the place of an expression, laid out so that no line is too long.

    Lines get as long as nearly all lines of the file are; where that cannot be, as long as the longest ones.

    Args:
        text: the f-string, one or several adjacent pieces.
        node: the expression whose place it takes.
        view: the file.

    Returns:
        The bytes that it replaces, which are more than the expression's when parentheses around it can go, and what to
        write there.

    Raises:
        TemplateError: there is no good way.
    """
    start, end = view.module.extent(node)
    outer = around(start, end, view.module)
    for limit in (view.usual_limit, view.line_limit):
        if outer and not _NEWLINE.search(text):
            freed = spaced(text, outer[0], view)
            if not too_long(freed, *outer, view, limit):
                return *outer, freed
        kept = spaced(text, start, view)
        if not too_long(kept, start, end, view, limit):
            return start, end, kept
        parted = before_next(kept, node, view)
        if parted is not None and not too_long(parted[1], start, parted[0], view, limit):
            return start, *parted
        found = _fitted(kept, node, view, limit)
        if found is not None and _is_same(kept, found):
            return start, end, found
    raise TemplateError("too-long")


def _is_same(text: str, laid: str) -> bool:
    """Whether a text and the same in several lines are one expression."""
    before, after = (ast.parse(f"({source.strip()}\n)", mode="eval") for source in (text, laid))
    return ast.dump(before) == ast.dump(after)


def _fitted(text: str, node: ast.expr, view: View, limit: int) -> str | None:
    """An f-string over several lines; None when there is no good way."""
    pieces = _pieces(text.strip())
    start, end = view.module.extent(node)
    found: list[tuple[int, str]] = []
    for margin, before, after in _layouts(node, view) if pieces else ():
        width = limit - len(margin.expandtabs())
        if width < _NARROWEST:
            continue
        for last in (width, width - _tail(end, view)):
            lines = list(_laid_out(pieces, width, last, torn=limit == view.line_limit))
            body = f"{view.module.newline}{margin}".join(lines)
            laid = f"{before}{body}{after}"
            if not too_long(laid, start, end, view, limit):
                found.append((len(lines), laid))
                break
    # Breaking behind the bracket beats parting a text, unless other arguments are lined up with that bracket.
    movable = _CLOSERS.match(view.module.data, end) is not None
    return (min(found, key=lambda each: each[0]) if movable else found[0])[1] if found else None


def _layouts(node: ast.expr, view: View) -> list[tuple[str, str, str]]:
    """The margins that lines can have, with what stands before and behind the text; the best comes first."""
    module = view.module
    line, column = module.position(module.extent(node)[0])
    lead = module.line(line)[: column - 1].decode(module.encoding)
    inside = _is_bracketed(node, view)
    row = view.index.parents[node]
    if not inside and isinstance(row, ast.Tuple) and not module.segment(row).startswith("("):
        return []  # brackets around one of several values are read as a tuple of their own
    aligned = "".join(character if character == "\t" else " " for character in lead) + ("" if inside else " ")
    outer = lead[: len(lead) - len(lead.lstrip())]
    indent = outer + "    "
    layouts = [(aligned, "", "") if inside else (aligned, "(", ")")]
    if lead.endswith("("):
        layouts.append((indent, module.newline + indent, ""))
    elif not inside:
        layouts.append((indent, f"({module.newline}{indent}", f"{module.newline}{outer})"))
    # A text that stood on lines of its own between its parentheses does so again.
    return layouts[::-1] if not inside and _HANGING.match(module.data, module.extent(node)[0]) else layouts


def _tail(end: int, view: View) -> int:
    """How much stands behind the expression on its last line."""
    line, column = view.module.position(end)
    return len(view.module.line(line)[column - 1 :].rstrip()) + 1


def _laid_out(pieces: list[_Piece], width: int, last: int, *, torn: bool) -> Iterator[str]:
    """The lines; `last` is the width of the last one. What is left of a piece that was parted begins the next."""
    carried: list[tuple[str, bool]] = []
    for number, piece in enumerate(pieces):
        behind = pieces[number + 1] if number + 1 < len(pieces) else None
        whole = _Piece(piece.prefix, piece.quote, [*carried, *piece.atoms])
        lines = list(_lines(whole, width, width if behind else last, torn=torn))
        carried = lines.pop() if behind and len(lines) > 1 and _joins(lines[-1], piece, behind) else []
        yield from map(whole.written, lines)


def _joins(rest: list[tuple[str, bool]], piece: _Piece, behind: _Piece) -> bool:
    """Whether what is left of a piece can stand in one string with the next, which does not begin a line of its own."""
    alike = (piece.prefix, piece.quote) == (behind.prefix, behind.quote)
    return alike and not rest[-1][1] and rest[-1][0].endswith(" ")


def _lines(piece: _Piece, width: int, room: int, *, torn: bool) -> Iterator[list[tuple[str, bool]]]:
    # Apart from blanks, a text is parted only where lines would else be longer than any of the file.
    if len(piece.written(piece.atoms)) <= room:
        yield piece.atoms
        return
    line: list[tuple[str, bool]] = []
    runs = list(_unbroken(piece.atoms))
    if torn and any(len(piece.written(run)) > min(width, room) for run in runs):
        runs = list(_kept_together(piece.atoms))
    for atom in runs:
        if line and len(piece.written([*line, *atom])) > min(width, room):
            yield line
            line = []
        line += atom
    if line:
        yield line


def _kept_together(atoms: list[tuple[str, bool]]) -> Iterator[list[tuple[str, bool]]]:
    """Atoms one by one, but the punctuation behind a field with the field."""
    run: list[tuple[str, bool]] = []
    for atom in atoms:
        if run and (atom[1] or not run[-1][1] or len(atom[0].rstrip()) > _PUNCTUATION):
            yield run
            run = []
        run.append(atom)
    if run:
        yield run


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
    literal = literals.read(text)
    if literal and any(len(piece.quote) > 1 for piece in literal.pieces):
        return []
    parted = literal.parted if literal else None
    if parted is None:
        from archaeologist_tools.strings.concatenation import parted as parted_by_libcst  # noqa: PLC0415 - loads LibCST

        try:
            parted = parted_by_libcst(text)
        except TemplateError:
            return []
    found = [piece for source, parts in parted if (piece := _piece(source, parts))]
    return found if len(found) == len(parted) else []


def _piece(source: Piece, parts: list[tuple[str, bool]]) -> _Piece | None:
    """A string in words and fields; None for one with lines of its own, or a character that is written by its name."""
    prefix = source.prefix.lower()
    if len(source.quote) > 1 or ("f" not in prefix and "\\N{" in source.body):
        return None
    piece = _Piece(prefix.replace("f", ""), source.quote)
    for text, is_field in parts:
        # Each text is written as one between fields.
        words = [text] if is_field else _WORD.findall(text if "f" in prefix else _doubled(text))
        piece.atoms += [(word, is_field) for word in words if word]
    return piece


def _doubled(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _is_bracketed(node: ast.expr, view: View) -> bool:
    """Whether an expression stands in brackets, so that a line may end inside of it."""
    child: ast.AST = node
    for parent in view.index.ancestors(node):
        if isinstance(child, ast.expr) and around(*view.module.extent(child), view.module):
            return True
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
