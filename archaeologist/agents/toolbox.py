"""The tools of an agent by name, and what a model is told that names another."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from archaeologist.agents.arguments import did_you_mean
from archaeologist.agents.observations import shortened
from archaeologist.agents.tool import refused
from archaeologist.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archaeologist.agents.context import ToolResult
    from archaeologist.agents.tool import Tool


def by_name(tools: Iterable[Tool]) -> dict[str, Tool]:
    """Return tools by their names, in the order given.

    Raises:
        UsageError: two tools have the same name.
    """
    found = list(tools)
    for name, count in Counter(each.name for each in found).items():
        if count > 1:
            raise UsageError(f"{count} tools are named {name!r}", "pass `name=` to the decorator of one of them")
    return {each.name: each for each in found}


def find_tool(tools: Mapping[str, Tool], name: str) -> Tool | ToolResult:
    """Return the tool that a model named, or what the model is told when there is none."""
    return tools[name] if name in tools else refused(unknown_tool(name, list(tools)))


def unknown_tool(name: str, known: list[str]) -> str:
    """Return what a model is told that named a tool that does not exist."""
    return (
        f"there is no tool {shortened(repr(name), 80)}{did_you_mean(name, known)} Tools: {', '.join(known) or 'none'}"
    )
