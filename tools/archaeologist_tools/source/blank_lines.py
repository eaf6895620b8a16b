"""The blank lines around lines that go: what stood between two things need not stand twice between their neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

    from archaeologist_tools.source.module import Module


def with_gap(start: int, end: int, module: Module, going: Container[int] = ()) -> int:
    """Where to end, in bytes, so that the larger one of the gaps above and below stays, and none at the file's top.

    Args:
        start: where the lines that go begin, in bytes.
        end: where they end; a place that is not whole lines is left as it is.
        module: the file.
        going: 1-based numbers of lines above that go, too.
    """
    first, last = module.position(start)[0], module.position(end)[0]
    if start == end or start != module.starts[first - 1] or end != module.starts[last - 1]:
        return end
    above, run, gap = first - 1, 0, 0
    while above and (above in going or _is_blank(module, above)):
        run = 0 if above in going else run + 1
        gap, above = max(gap, run), above - 1
    below = last
    while below < module.lines and _is_blank(module, below) and (below - last < gap or not above):
        below += 1
    return module.starts[below - 1]


def _is_blank(module: Module, number: int) -> bool:
    return not module.line(number).strip(b" \t\r\n")
