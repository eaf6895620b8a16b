"""What an agent has, by name, and what a model is told that names another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from archaeologist.agents.tooling.arguments import unknown_tool
from archaeologist.agents.tooling.tools import refused
from archaeologist.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archaeologist.agents.tooling.context import ToolResult
    from archaeologist.agents.tooling.tools import Tool


class Named(Protocol):
    """What a name is looked up for: a tool, a skill, an agent."""

    @property
    def name(self) -> str:
        """Its name."""


_NamedT = TypeVar("_NamedT", bound=Named)


def by_name(things: Iterable[_NamedT]) -> dict[str, _NamedT]:
    """Return tools, or skills, or agents, by their names, in the order given.

    Raises:
        UsageError: two have the same name.
    """
    found: dict[str, _NamedT] = {}
    for each in things:
        if each.name in found:
            what = type(each).__name__.lower()
            raise UsageError(f"two {what}s are named {each.name!r}", f"give one {what} another name")
        found[each.name] = each
    return found


def find_tool(tools: Mapping[str, Tool], name: str) -> Tool | ToolResult:
    """Return the tool that a model named, or what the model is told when there is none."""
    return tools[name] if name in tools else refused(unknown_tool(name, list(tools)))
