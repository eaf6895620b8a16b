"""How many tokens models are sent and answer, counted the same way whoever asks: four characters of text are one.

Texts count as a model reads them, without the escapes of JSON; the forms of tools and answers count as compact JSON.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.model_server import Reply

CHARACTERS = 4

PARTS = ("system", "tools", "form", "brief", "history", "answer")


@dataclass(frozen=True)
class Turn:
    """One request and its answer.

    Attributes:
        role: who asked, the word that the system prompt has for it.
        number: of the turn in its conversation, 1-based.
        characters: by part.
    """

    role: str
    number: int
    characters: Counter[str]

    def tokens_of(self, part: str) -> int:
        """Of one part."""
        return self.characters[part] // CHARACTERS


@dataclass
class Meter:
    """A script of a `ModelServer` that counts what another one is asked and says."""

    script: Callable[[dict[str, Any]], Reply]
    turns: list[Turn] = field(default_factory=list)

    def __call__(self, body: dict[str, Any]) -> Reply:
        """Answer as the other script does."""
        reply = self.script(body)
        system, brief, *history = body["messages"]
        characters = Counter(
            system=_said(system),
            tools=_shown(body.get("tools")),
            form=_shown(body.get("response_format")),
            brief=_said(brief),
            history=sum(map(_said, history)),
            answer=len(reply.text) + sum(len(call.name) + len(call.arguments) for call in reply.tools),
        )
        number = sum(message["role"] == "assistant" for message in history) + 1
        self.turns.append(Turn(_role(system["content"]), number, characters))
        return reply

    @property
    def tokens(self) -> int:
        """Of all requests and answers."""
        return sum((turn.characters for turn in self.turns), Counter[str]()).total() // CHARACTERS

    def by_role(self) -> Iterator[tuple[str, int, Counter[str]]]:
        """Yield each role, how many turns it had, and its tokens by part."""
        for role in dict.fromkeys(turn.role for turn in self.turns):
            turns = [turn for turn in self.turns if turn.role == role]
            characters = sum((turn.characters for turn in turns), Counter[str]())
            yield role, len(turns), Counter({part: characters[part] // CHARACTERS for part in PARTS})


def _said(message: dict[str, Any]) -> int:
    calls = [call["function"] for call in message.get("tool_calls", ())]
    return len(message["content"] or "") + sum(len(call["name"]) + len(call["arguments"]) for call in calls)


def _shown(form: object) -> int:
    return len(json.dumps(form, ensure_ascii=False, separators=(",", ":"))) if form else 0


def _role(system: str) -> str:
    named = re.match(r"You (?:are|write) the (\w+)", system)
    return named[1] if named else "?"
