"""Messages as chat completions has them, for servers that take all of them, and for those that do not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, assert_never

from archaeologist.domain.chat import AssistantMessage, SystemMessage, ToolMessage, UserMessage
from archaeologist.models.dialect import Feature, Lacks
from archaeologist.models.toolless import object_of, told_tools, told_without_tools

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist.domain.chat import ChatRequest, Message, Schema, ToolCall


@dataclass(frozen=True)
class Messages:
    """The messages of a body, and the features that they use."""

    wired: list[dict[str, Any]]
    used: Lacks


def messages_of(request: ChatRequest, lacks: Lacks, *, form_in_words: bool) -> Messages:
    """Return the messages first to last.

    What changes from turn to turn comes last, so that a server can keep the rest.

    Args:
        request: the question.
        lacks: what the server does not understand.
        form_in_words: the form of the answer, if there is one, must be told in words.
    """
    messages: Sequence[Message] = request.messages
    if Feature.TOOLS in lacks:
        messages = told_tools(told_without_tools(messages), request.tools)
    if form_in_words and request.answer is not None:
        messages = (*messages, UserMessage(content=_form_in_words(request.answer, tools=bool(request.tools))))
    if Feature.SYSTEM in lacks:
        messages = [UserMessage(content=m.content) if isinstance(m, SystemMessage) else m for m in messages]
    if lacks & {Feature.SYSTEM, Feature.REPEATED_ROLES}:
        messages = _taking_turns(messages)
    return Messages([_message(message) for message in messages], _used(messages))


def _used(messages: Sequence[Message]) -> Lacks:
    used = {
        Feature.SYSTEM: any(isinstance(message, SystemMessage) for message in messages),
        Feature.TOOLS: any(isinstance(message, ToolMessage) for message in messages),
        Feature.REPEATED_ROLES: any(_mergeable(one, other) for one, other in pairwise(messages)),
    }
    return frozenset(feature for feature, is_used in used.items() if is_used)


def _taking_turns(messages: Sequence[Message]) -> list[Message]:
    """Return the messages with those of the user, or of the assistant, that follow each other made one."""
    turns: list[Message] = []
    for message in messages:
        if turns and _mergeable(turns[-1], message):
            joined = "\n\n".join(filter(None, (turns[-1].content, message.content)))
            turns[-1] = message.model_copy(update={"content": joined})
        else:
            turns.append(message)
    return turns


def _mergeable(one: Message, other: Message) -> bool:
    """Return whether two messages of one role can be one; calls stay before their results."""
    if isinstance(one, AssistantMessage):
        return isinstance(other, AssistantMessage) and not one.calls
    return isinstance(one, UserMessage) and isinstance(other, UserMessage)


def _form_in_words(answer: Schema, *, tools: bool) -> str:
    when = "When you need no more tools, answer" if tools else "Answer"
    schema = json.dumps(answer.parameters, ensure_ascii=False)
    return f"{when} with one JSON object and nothing else. It must match this JSON schema:\n{schema}"


def _message(message: Message) -> dict[str, Any]:
    match message:
        case SystemMessage() | UserMessage():
            return {"role": message.role, "content": message.content}
        case AssistantMessage(content=content, calls=()):
            return {"role": message.role, "content": content}
        case AssistantMessage(content=content, calls=calls):
            return {"role": message.role, "content": content or None, "tool_calls": [_call(call) for call in calls]}
        case ToolMessage():
            return {"role": message.role, "tool_call_id": message.call, "content": message.content}
        case _ as unreachable:
            assert_never(unreachable)


def _call(call: ToolCall) -> dict[str, Any]:
    """Return a call; with an empty object for arguments that are none: some servers parse the history and stumble."""
    arguments = "{}" if object_of(call.arguments) is None else call.arguments
    return {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": arguments}}
