"""The parentheses that hold one expression together and say nothing else; the syntax tree does not show them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archaeologist_tools.source.module import Module

_OPENED = re.compile(rb"\([ \t\f\r\n]*\Z")
_CLOSED = re.compile(rb"[ \t\f\r\n]*\)")
# What may stand in front of such a parenthesis: an operator, or a word behind which no call can be.
_FREE = re.compile(
    rb"(?:[-=,(\[{:;+*/%<>|&^~@]|(?<![\w.])(?:return|yield|raise|assert|in|not|and|or|if|elif|while|else|is|await))\Z"
)
_LINE = re.compile(rb"[^\r\n]*\Z")


def around(start: int, end: int, module: Module) -> tuple[int, int] | None:
    """The extent of the parentheses directly around an expression, when they are neither a call's nor a definition's.

    Args:
        start: where the expression begins, in bytes.
        end: where it ends.
        module: the file.

    Returns:
        The byte offsets, parentheses included; None without such, and when a comment stands in the way.
    """
    opened, closed = _OPENED.search(module.data[:start]), _CLOSED.match(module.data, end)
    if opened is None or closed is None:
        return None
    before = module.data[: opened.start()].rstrip(b" \t\f")
    if not before or before[-1:] in b"\r\n":
        above = before.rstrip()
        line = _LINE.search(above)
        if line is None or b"#" in line.group():
            return None
        before = above
    return (opened.start(), closed.end()) if _FREE.search(before) else None
