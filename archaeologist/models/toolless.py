"""Tools for models whose server knows none: described in words, called with a JSON object in the text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pydantic import BaseModel, ValidationError

from archaeologist.domain.chat import AssistantMessage, SystemMessage, ToolCall, ToolMessage, UserMessage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archaeologist.domain.chat import Message, Schema

_RULES = """\
You have tools. To use some, answer with one JSON object of this form and nothing else:
{"calls": [{"name": "the tool", "arguments": {...}}]}
The results come with the next message. When you need no tool, answer without "calls". The tools:
"""


class _Wanted(BaseModel):
    name: str
    arguments: dict[str, object] | str = {}


class _Calls(BaseModel):
    calls: list[_Wanted]


def told_tools(messages: Sequence[Message], tools: Sequence[Schema]) -> tuple[Message, ...]:
    """Return the messages with the tools described where the model is told who it is."""
    if not tools:
        return tuple(messages)
    described = "\n".join(_described(tool) for tool in sorted(tools, key=lambda tool: tool.name))
    first, rest = messages[0], messages[1:]
    if isinstance(first, SystemMessage):
        return (SystemMessage(content=f"{first.content}\n\n{_RULES}{described}"), *rest)
    return (SystemMessage(content=_RULES + described), first, *rest)


def told_without_tools(messages: Sequence[Message]) -> list[Message]:
    """Return the messages with calls and results as texts: a server without tools refuses them otherwise."""
    names = {
        call.id: call.name for message in messages if isinstance(message, AssistantMessage) for call in message.calls
    }
    told: list[Message] = []
    for message in messages:
        match message:
            case AssistantMessage(calls=calls) if calls:
                told.append(AssistantMessage(content=message.content or _written(calls)))
            case ToolMessage():
                _say(told, f"Result of {names.get(message.call, 'a tool')}:\n{message.content}")
            case _:
                told.append(message)
    return told


def called(content: str, name_call: Callable[[int], str]) -> tuple[ToolCall, ...]:
    """Return the calls that a text is made of; none when it is an answer."""
    try:
        wanted = _Calls.model_validate_json(unfenced(content)).calls
    except ValidationError:
        return ()
    return tuple(
        ToolCall(id=name_call(index), name=call.name, arguments=_text_of(call.arguments))
        for index, call in enumerate(wanted)
    )


def object_of(arguments: str) -> dict[str, object] | None:
    """Return the object that arguments are; None when they are none."""
    try:
        content = json.loads(arguments)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def unfenced(content: str) -> str:
    """Return a text without the Markdown fence that is all around it."""
    text = content.strip()
    if text.startswith("```") and text.endswith("```") and "\n" in text:
        return text[text.index("\n") : -3].strip()
    return content


def _described(tool: Schema) -> str:
    return f"- {tool.name}: {tool.description}\n  arguments: {json.dumps(tool.parameters, ensure_ascii=False)}"


def _written(calls: Sequence[ToolCall]) -> str:
    return json.dumps({"calls": [{"name": call.name, "arguments": object_of(call.arguments) or {}} for call in calls]})


def _text_of(arguments: dict[str, object] | str) -> str:
    return arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)


def _say(told: list[Message], text: str) -> None:
    """Add to what the user says: many models want user and assistant to take turns."""
    if told and isinstance(told[-1], UserMessage):
        told[-1] = UserMessage(content=f"{told[-1].content}\n\n{text}")
    else:
        told.append(UserMessage(content=text))
