"""The flows of paths through a module, whichever way they are written, and why the others stay."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from archaeologist_tools.paths.changes import Flow, apart
from archaeologist_tools.paths.meaning import Meaning
from archaeologist_tools.paths.sites import Sites
from archaeologist_tools.paths.tracing import Tracing

if TYPE_CHECKING:
    import ast

    from archaeologist_tools.engine.base import Decline
    from archaeologist_tools.engine.view import View

_LEXICAL = frozenset({"os.path.abspath", "os.path.normpath"})


class Flows:
    """The flows of one module.

    Args:
        view: the module.
    """

    def __init__(self, view: View) -> None:
        self.meaning = Meaning(view)
        self._sites = Sites(view, self.meaning)
        self._plain = Tracing(view, self.meaning, self._sites, lexical=False)
        self._lexical = Tracing(view, self.meaning, self._sites, lexical=True)

    @cached_property
    def closed(self) -> list[Flow]:
        """The flows that are rewritten, in the order of the source."""
        if not self._sites.calls:
            return []
        flows = self._plain.closed
        done = {site for flow in flows for site in flow.sites}
        if all(self.meaning.called(node) not in _LEXICAL or node in done for node in self._sites.builders):
            return flows
        return apart([*flows, *(flow for flow in self._lexical.closed if done.isdisjoint(flow.sites))])

    def around(self, node: ast.Call) -> Flow | None:
        """The flow that a call is rewritten with."""
        return self._by_site.get(node)

    @cached_property
    def _by_site(self) -> dict[ast.AST, Flow]:
        return {site: flow for flow in reversed(self.closed) for site in flow.sites}

    def reason(self, node: ast.Call) -> Decline | None:
        """Why a call is left alone, when it is part of a flow that does not close or takes a path of one."""
        _ = self.closed
        reasons = self._plain.reasons
        return next((decline for part in (node, *node.args) if (decline := reasons.get(part))), None)


@lru_cache(maxsize=1)
def flows_of(view: View) -> Flows:
    """The flows of a module; rules ask for those of one module many times, and then for the next one's."""
    return Flows(view)
