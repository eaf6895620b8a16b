"""Blocks of statements as text: where they begin and end, and how they look one level further out.

What moves is the indentation. Lines inside strings stay as they are, and the moved text is parsed again to see that it
says the same.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from functools import lru_cache
from typing import TYPE_CHECKING

from archaeologist_tools.source.module import first_line, parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist_tools.source.module import Module

_BLANK = re.compile(r"[ \t\f]*[\r\n]*")
_COMMENT = re.compile(r"[ \t\f]*#.*", re.DOTALL)
_MIDDLE = getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)


class Blocks:
    """The blocks of a module.

    Args:
        module: the module.
    """

    def __init__(self, module: Module) -> None:
        self._module = module

    def line(self, number: int) -> str:
        """A line with its ending; empty behind the end of the file."""
        module = self._module
        return module.line(number).decode(module.encoding) if 0 < number <= module.lines else ""

    def indent(self, node: ast.stmt) -> str:
        """The blanks in front of a statement."""
        line = self.line(node.lineno)
        return line[: len(line) - len(line.lstrip(" \t\f"))]

    def stands_alone(self, node: ast.stmt) -> bool:
        """Whether nothing else is on the first and the last line of a statement."""
        start, end = self._module.extent(node)
        first = self._module.starts[first_line(node) - 1]
        before = self._module.data[first : self._module.extent(node)[0] if first_line(node) == node.lineno else first]
        after = self._module.data[end : self._module.starts[self._module.position(end)[0]]]
        return not before.strip() and re.fullmatch(rb"\s*(?:#.*)?\s*", after) is not None and start < end

    def first(self, body: Sequence[ast.stmt]) -> int:
        """The first line of a block, comments above its first statement included."""
        number = first_line(body[0])
        while self._is_aside(self.line(number - 1)):
            number -= 1
        return number

    def last(self, body: Sequence[ast.stmt], indent: str) -> int:
        """The last line of a block, comments behind it that are indented more than `indent` included."""
        last = number = body[-1].end_lineno or body[-1].lineno
        while self._is_aside(line := self.line(number + 1)) and number < self._module.lines:
            number += 1
            if line.strip() and len(line) - len(line.lstrip(" \t\f")) > len(indent):
                last = number
            elif line.strip():
                break
        return last

    def comments_between(self, above: Sequence[ast.stmt], header: int, indent: str) -> list[str]:
        """The comments between a block and the header of the next one that are not indented more than the header."""
        numbers = range((above[-1].end_lineno or above[-1].lineno) + 1, header)
        lines = [self.line(number) for number in numbers]
        shallow = [line for line in lines if len(line) - len(line.lstrip(" \t\f")) <= len(indent)]
        return [line.strip() for line in shallow if line.strip()]

    def end(self, line: int) -> int:
        """The byte offset behind a line."""
        return self._module.starts[line]

    def moved(self, body: Sequence[ast.stmt], header: int, indent: str) -> str | None:
        """The text of a block at another indentation, without its last line ending.

        Args:
            body: its statements.
            header: the last line of what introduces the block.
            indent: the blanks in front of the moved statements.

        Returns:
            The text; None when it would not say the same.
        """
        module = self._module
        if first_line(body[0]) <= header:
            start, end = module.extent(body[0])[0], module.extent(body[-1])[1]
            line_end = module.starts[module.position(end)[0]]
            if module.data[end:line_end].lstrip().startswith(b"#"):
                end = line_end
            text = indent + module.data[start:end].decode(module.encoding).rstrip()
        else:
            old = self.line(first_line(body[0]))
            old = old[: len(old) - len(old.lstrip(" \t\f"))]
            numbers = range(header + 1, self.last(body, indent) + 1)
            fixed = self._fixed(numbers)
            moved = (self._moved_line(number, old, indent) for number in numbers)
            lines = (
                self.line(number) if number in fixed else line for number, line in zip(numbers, moved, strict=True)
            )
            text = "".join(lines).rstrip("\r\n")
        return text if _says(text, indent, body) else None

    def _fixed(self, numbers: range) -> frozenset[int]:
        """The lines among these that begin inside a string."""
        text = "".join(map(self.line, numbers))
        # Tokenizing is slow: most blocks hold no string that spans lines.
        spans = any(mark in text for mark in ('"""', "'''", "\\\n", "\\\r"))
        return _inside_strings(self._module.text) if spans else frozenset()

    def _moved_line(self, number: int, old: str, indent: str) -> str:
        line = self.line(number)
        if not line.strip() or not line.startswith(old):
            return line
        return indent + line[len(old) :]

    def _is_aside(self, line: str) -> bool:
        return bool(line) and (_BLANK.fullmatch(line) is not None or _COMMENT.fullmatch(line) is not None)


@lru_cache(maxsize=4)
def _inside_strings(text: str) -> frozenset[int]:
    """The lines of a module that begin inside a string."""
    found: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text, newline="").readline):
        if token.type in {tokenize.STRING, _MIDDLE}:
            found.update(range(token.start[0] + 1, token.end[0] + 1))
    return frozenset(found)


def _says(text: str, indent: str, body: Sequence[ast.stmt]) -> bool:
    source = f"if 1:\n{text}\n" if indent else f"{text}\n"
    try:
        tree = parse(source.encode())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # A `return` or `await` is fine for `ast`; what is not is the layout.
        return False
    outer = tree.body[0]
    found = outer.body if indent and isinstance(outer, ast.If) else tree.body
    return [ast.dump(node) for node in found] == [ast.dump(node) for node in body]
