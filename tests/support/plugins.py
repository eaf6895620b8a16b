"""A distribution that brings plugins, as an installer leaves it behind, in a folder for `PYTHONPATH`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

RULE = '''
import ast

from archaeologist_tools.engine.base import Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.registration import register


@register
class OldGreeting(Rule[ast.Name]):
    """Calls `greet` by its new name.

    What it does:
        Writes `greet` for `old_greet`.
    """

    code = "ACME001"
    name = "old-greeting"
    family = "syntax"
    title = "Greet by the new name"
    fixer = Fixer.RULE
    nodes = (ast.Name,)
    words = frozenset({"old_greet"})

    def matches(self, node, view):
        if node.id == "old_greet":
            yield Match(node, "old_greet is gone")

    def fix(self, match, view):
        return Replacement(*view.extent(match.node), "greet", Evidence.PROVED, "it is the same function")
'''

TOOLS = '''
from archaeologist.agents import tool


@tool(read_only=True)
def owner_of(path: str) -> str:
    """Find out which team owns a file.

    Args:
        path: The file, from the top of the repository.
    """
    return "team-" + path.split("/")[0]
'''

AGENTS = """
from archaeologist.agents import create_durable_agent

reviewer = create_durable_agent(name="reviewer", model="openai:some", system_prompt="You review.")
"""


def install(folder: Path, name: str, points: Mapping[str, str], *, version: str = "1.0", **modules: str) -> None:
    """Install a distribution into a folder.

    Args:
        folder: where to.
        name: the distribution's name.
        points: the group of each entry point, to what it names.
        version: the distribution's version.
        modules: module name to source.
    """
    metadata = folder / f"{name}-{version}.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    groups = [f"[{group}]\nmine = {value}\n" for group, value in points.items()]
    (metadata / "entry_points.txt").write_text("\n".join(groups))
    for module, source in modules.items():
        (folder / f"{module}.py").write_text(source)
