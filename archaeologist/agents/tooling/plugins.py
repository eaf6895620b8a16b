"""Tools and agents that other distributions bring, through the entry points `archaeologist.tools` and `.agents`.

Rules of plugins are the registry's business (`archaeologist_tools/engine/registry.py`): they work without agents.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar

from archaeologist.agents.agent import DurableAgent
from archaeologist.agents.tooling.tools import Tool
from archaeologist.domain.names import PLUGIN_AGENTS, PLUGIN_TOOLS
from archaeologist_tools.plugins import Plugin, plugins

if TYPE_CHECKING:
    from collections.abc import Iterator


_ThingT = TypeVar("_ThingT", Tool, DurableAgent)


def load_tools() -> tuple[Tool, ...]:
    """Return the tools that installed plugins bring.

    Raises:
        UsageError: a plugin is broken, brings something else, or a tool of a name that another plugin brings.
    """
    return _loaded(PLUGIN_TOOLS, Tool, "tool")


def load_agents() -> tuple[DurableAgent, ...]:
    """Return the agents that installed plugins bring.

    Raises:
        UsageError: a plugin is broken, brings something else, or an agent of a name that another plugin brings.
    """
    return _loaded(PLUGIN_AGENTS, DurableAgent, "agent")


def _loaded(group: str, kind: type[_ThingT], word: str) -> tuple[_ThingT, ...]:
    found: dict[str, tuple[_ThingT, Plugin]] = {}
    for plugin in plugins(group):
        for thing in _things(plugin, kind, word):
            if thing.name in found:
                other = found[thing.name][1].distribution
                raise plugin.wrong(f"{other} brings a {word} named {thing.name!r}, too")
            found[thing.name] = thing, plugin
    return tuple(thing for thing, _ in found.values())


def _things(plugin: Plugin, kind: type[_ThingT], word: str) -> Iterator[_ThingT]:
    """Give what a plugin's entry point names: one thing, or several."""
    value = plugin.load()
    for thing in value if isinstance(value, Iterable) and not isinstance(value, str) else [value]:
        if not isinstance(thing, kind):
            raise plugin.wrong(f"{type(thing).__name__} is no {word}")
        yield thing
