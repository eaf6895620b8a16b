"""Skills: instructions for special cases, which an agent is told of by name and reads when they apply.

A skill is a folder with a `SKILL.md` as https://agentskills.io has it: front matter with `name` and `description`,
then Markdown; or a function with `@skill`. Folders may come from a repository under work, whose author nobody knows:
they are read from git blobs, and only those that a person asked for are to be handed to an agent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, overload

from archaeologist.agents.tooling.toolbox import by_name
from archaeologist.agents.tooling.tools import Tool, tool
from archaeologist.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LONGEST_DESCRIPTION = 1_024
"""Characters; every turn of every agent that may use the skill pays for them."""

LONGEST_INSTRUCTIONS = 50_000
"""Characters, about 12,000 tokens; they are paid for from the turn on in which they are read."""

NAME_HINT = "a skill's name is 1 to 64 small letters and digits, with single dashes between words"
_NAME = re.compile(r"(?=.{1,64}\Z)[a-z0-9]+(-[a-z0-9]+)*")
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff\U000e0000-\U000e007f]"
)
"""What a person who reviews the text does not see, and a model reads."""


def is_skill_name(name: str) -> bool:
    """Tell whether a skill may be called so."""
    return _NAME.fullmatch(name) is not None


@dataclass(frozen=True)
class Skill:
    """Instructions for a special case.

    Attributes:
        name: 1 to 64 small letters and digits, with single dashes between words.
        description: what it is for and when to use it, in a sentence or two; the agent always sees it.
        instructions: Markdown; the agent sees it once it asks.
        origin: where it comes from, for messages: a path or a module.
        agents: who may use it; empty for all agents.

    Raises:
        UsageError: one of them is missing, too long, or holds characters that nobody sees.
    """

    name: str
    description: str
    instructions: str
    origin: str = ""
    agents: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is no skill."""
        if not is_skill_name(self.name):
            raise UsageError(f"{self._place}{self.name[:80]!r} is no name of a skill", NAME_HINT)
        self._check("description", self.description, LONGEST_DESCRIPTION)
        self._check("instructions", self.instructions, LONGEST_INSTRUCTIONS)

    @property
    def _place(self) -> str:
        return f"{self.origin}: " if self.origin else ""

    def _check(self, part: str, text: str, limit: int) -> None:
        if not text.strip():
            raise UsageError(f"{self._place}skill {self.name!r} has no {part}", f"write the {part}")
        if len(text) > limit:
            hint = f"{limit:,} characters are the most: say less, or make two skills of it"
            raise UsageError(f"{self._place}skill {self.name!r} has {len(text):,} characters of {part}", hint)
        if unseen := _UNSEEN.search(text):
            line = text.count("\n", 0, unseen.start()) + 1
            what = f"line {line} of the {part} of skill {self.name!r} holds U+{ord(unseen[0]):04X}"
            raise UsageError(f"{self._place}{what}, which nobody sees", "take the character out")


@overload
def skill(function: Callable[[], str], /) -> Skill: ...
@overload
def skill(*, name: str | None = None, agents: Iterable[str] = ()) -> Callable[[Callable[[], str]], Skill]: ...
def skill(
    function: Callable[[], str] | None = None, /, *, name: str | None = None, agents: Iterable[str] = ()
) -> Skill | Callable[[Callable[[], str]], Skill]:
    """Make a skill of a function that returns the instructions; its docstring is the description.

    The function is called at once, so that a skill never changes while an agent works. Instructions that are a
    constant need no function: `Skill("name", "description", INSTRUCTIONS)`.

    Args:
        function: the function.
        name: the skill's name; the function's, with dashes, when omitted.
        agents: who may use it; all agents when omitted.

    Raises:
        UsageError: it has no docstring, returns no text, or is no skill for another reason.
    """

    def make(function: Callable[[], str]) -> Skill:
        called = name or function.__name__.replace("_", "-")
        instructions: object = function()
        if not isinstance(instructions, str):
            what = f"skill {called!r} gives {type(instructions).__name__} and no text"
            raise UsageError(f"{function.__module__}: {what}", "return the instructions")
        description = " ".join((function.__doc__ or "").split())
        return Skill(called, description, instructions, function.__module__, tuple(agents))

    return make if function is None else make(function)


def skills_of(agent: str, skills: Iterable[Skill]) -> tuple[Skill, ...]:
    """Return the skills that an agent may use."""
    return tuple(each for each in skills if not each.agents or agent in each.agents)


def skills_section(skills: Iterable[Skill]) -> str:
    """Return what the system prompt says of skills: their names, and when to read them; nothing without skills.

    Raises:
        UsageError: two skills have the same name.
    """
    lines = [f"* `{each.name}`: {' '.join(each.description.split())}" for each in by_name(skills).values()]
    if not lines:
        return ""
    head = "Instructions for special cases. Read one with `read_skill` before work that it applies to, once."
    return "\n".join(["## Skills", "", head, "", *lines])


def skill_tool(skills: Iterable[Skill]) -> Tool[..., Any]:
    """Return the tool `read_skill`, which gives an agent the instructions of one of these skills.

    Raises:
        UsageError: two skills have the same name, or there is none.
    """
    known = by_name(skills)
    if not known:
        raise UsageError("there is no skill to read", "give the agent a skill, or no tool to read one")

    def read_skill(name: str) -> str:
        """Read the instructions of a skill.

        Args:
            name: The skill's name.
        """
        return known[name].instructions

    read_skill.__annotations__["name"] = Literal[tuple(known)]  # so that a strict server allows no other
    return tool(read_only=True)(read_skill)
