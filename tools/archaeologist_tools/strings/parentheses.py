"""The parentheses that hold one expression together and say nothing else; the syntax tree does not show them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archaeologist_tools.source.module import Module

_CLOSED = re.compile(rb"[ \t\f\r\n]*\)")
# What may stand in front of such a parenthesis: an operator, or a word behind which no call can be.
_FREE = re.compile(
    rb"(?:[-=,(\[{:;+*/%<>|&^~@]|(?<![\w.])(?:return|yield|raise|assert|in|not|and|or|if|elif|while|else|is|await))\Z"
)
_LONGEST_WORD = 16
_BLANKS = b" \t\f\r\n"


def around(start: int, end: int, module: Module) -> tuple[int, int] | None:
    """The extent of the parentheses directly around an expression, when they are neither a call's nor a definition's.

    Args:
        start: where the expression begins, in bytes.
        end: where it ends.
        module: the file.

    Returns:
        The byte offsets, parentheses included; None without such, and when a comment stands in the way.
    """
    closed = _CLOSED.match(module.data, end)
    if closed is None:
        return None
    # Read backwards by hand: a pattern would be tried at every byte from the start of the file.
    head = module.data[:start].rstrip(_BLANKS)
    if not head.endswith(b"("):
        return None
    opened = len(head) - 1
    before = head[:opened].rstrip(b" \t\f")
    if not before or before[-1:] in b"\r\n":
        before = before.rstrip()
        if b"#" in before[max(before.rfind(b"\n"), before.rfind(b"\r")) + 1 :]:
            return None
    return (opened, closed.end()) if _FREE.search(before[-_LONGEST_WORD:]) else None
