"""Changes of a file that belong together, put into stretches that do not overlap."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archaeologist_tools.source.index import walk

if TYPE_CHECKING:
    import ast
    from collections.abc import Hashable, Iterator, Sequence

    from archaeologist_tools.source.module import Module


@dataclass(frozen=True)
class Change:
    """New source for a node: the bytes that it takes, and what they become.

    Attributes:
        node: the node.
        start: the byte offset where it starts.
        end: the byte offset where it ends.
        code: its new source.
        gone: how many calls of `os` and `os.path` it takes away.
        escapes: why the text is asked for with `str(...)`, as a reason code; empty when nobody asks for it.
    """

    node: ast.expr
    start: int
    end: int
    code: str
    gone: int = 0
    escapes: str = ""


@dataclass
class Flow:
    """Changes that belong together."""

    changes: list[Change] = field(default_factory=list)

    @property
    def sites(self) -> Iterator[ast.AST]:
        """All nodes that are written anew."""
        return (node for change in self.changes for node in walk(change.node))

    @property
    def extent(self) -> tuple[int, int]:
        """The byte offsets from the first to the last change."""
        return min(change.start for change in self.changes), max(change.end for change in self.changes)

    def written(self, module: Module) -> str:
        """The text of this stretch of the file with all changes."""
        pieces, position = [], self.extent[0]
        for change in sorted(self.changes, key=lambda change: change.start):
            pieces += [module.data[position : change.start].decode(module.encoding), change.code]
            position = change.end
        return "".join(pieces)


def linked(changes: Sequence[tuple[Change, Sequence[Hashable]]]) -> list[Flow]:
    """Put together what shares a key.

    Args:
        changes: each with its keys.
    """
    flows: dict[Hashable, Flow] = {}
    for change, keys in changes:
        joined = Flow([change])
        for flow in {id(flow): flow for key in keys if (flow := flows.get(key))}.values():
            joined.changes += flow.changes
            flows.update((key, joined) for key, other in list(flows.items()) if other is flow)
        flows.update(dict.fromkeys(keys, joined))
    return [*{id(flow): flow for flow in flows.values()}.values()]


def apart(flows: list[Flow]) -> list[Flow]:
    """Put together flows whose stretches of the file overlap, in the order of the source."""
    result: list[Flow] = []
    for flow in sorted(flows, key=lambda flow: flow.extent):
        if result and result[-1].extent[1] > flow.extent[0]:
            result[-1].changes += flow.changes
        else:
            result.append(flow)
    return result
