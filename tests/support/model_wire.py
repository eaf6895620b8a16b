"""What a reply of the scripted model server looks like on the wire."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

from support.model_replies import Reply

_NAMED = ("stream_options", "seed", "temperature", "max_tokens", "max_completion_tokens")


def complaint(body: dict[str, Any], lacks: frozenset[str]) -> str:
    """Return what the server has to say against a request, in the words of servers; nothing when it takes it."""
    for name in _NAMED:
        if name in lacks and name in body:
            return f"Unsupported parameter: '{name}' is not supported with this model."
    form = body.get("response_format", {}).get("type")
    if form and "response_format" in lacks:
        return "Unrecognized request argument supplied: response_format"
    if form == "json_schema" and "json_schema" in lacks:
        return "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."
    if form and body.get("tools") and "format_with_tools" in lacks:
        return "Cannot use response_format with tools"
    if unanswered(body["messages"]):
        return "An assistant message with 'tool_calls' must be followed by tool messages responding to each call"
    roles = [message["role"] for message in body["messages"]]
    if "tools" in lacks and (body.get("tools") or "tool" in roles):
        return "scripted does not support tools"
    if "system" in lacks and "system" in roles:
        return "System role not supported"
    if "repeated_roles" in lacks and any(one == other != "tool" for one, other in pairwise(roles)):
        return "Conversation roles must alternate user/assistant/user/assistant/..."
    if "strict" in lacks and any("strict" in tool["function"] for tool in body.get("tools", ())):
        return "Extra inputs are not permitted: tools.0.function.strict"
    if body.get("stream") and "stream" in lacks:
        return "Streaming is not supported"
    return ""


def tokens_of(body: dict[str, Any]) -> int:
    """Return how many tokens this server sees in a conversation."""
    return len(json.dumps(body["messages"])) // 4


def too_long(body: dict[str, Any], context: int, *, curt: bool) -> Reply:
    """Return what OpenAI says to a conversation of more tokens than the model can read; when curt, without numbers."""
    words = (
        f"This model's maximum context length is {context} tokens. However, your messages resulted in "
        f"{tokens_of(body)} tokens. Please reduce the length of the messages."
    )
    message = "prompt is too long" if curt else words
    return Reply.status(400, message, error_code="context_length_exceeded", param="messages")


def unanswered(messages: list[dict[str, Any]]) -> set[str]:
    """Return the ids of calls that are not answered before something else is said."""
    waiting: set[str] = set()
    for message in messages:
        if message["role"] == "tool":
            waiting.discard(message["tool_call_id"])
        elif waiting:
            return waiting
        waiting |= {call["id"] for call in message.get("tool_calls", ())}
    return waiting


def metered(reply: Reply, body: dict[str, Any], *, never: bool, streamed: bool) -> dict[str, Any] | None:
    """Return what the server says the answer cost, or None when it says nothing."""
    unasked = streamed and not (body.get("stream_options") or {}).get("include_usage")
    if never or unasked or reply.meter == "none":
        return None
    if reply.meter == "wrong":
        return {"prompt_tokens": -5, "completion_tokens": 10**12, "total_tokens": 7}
    if reply.meter == "zero":
        return {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    said = reply.text + reply.refusal + "".join(call.name + call.arguments for call in reply.tools)
    asked, answered = tokens_of(body), len(said) // 4 + 1
    details = {"prompt_tokens_details": {"cached_tokens": reply.cached}} if reply.cached else {}
    return {"prompt_tokens": asked, "completion_tokens": answered, "total_tokens": asked + answered, **details}


def completion(reply: Reply, body: dict[str, Any], mark: str, usage: dict[str, Any] | None) -> list[str]:
    """Return the one piece of an answer that is not streamed."""
    if reply.error is not None:
        return [json.dumps(reply.error)]
    message: dict[str, Any] = {"role": "assistant", "content": reply.text or None, "refusal": reply.refusal or None}
    if reply.tools:
        message["tool_calls"] = [_call(reply, index, mark) for index in range(len(reply.tools))]
    choice = {"index": 0, "message": message, "finish_reason": reply.finish}
    return [json.dumps(_envelope(body, "chat.completion", [choice], usage))]


def events(reply: Reply, body: dict[str, Any], mark: str, usage: dict[str, Any] | None) -> list[str]:
    """Return the server-sent events of an answer that is streamed."""
    if reply.error is not None:
        return [_event(reply.error)]
    deltas = [{"role": "assistant", "content": ""}, *_deltas(reply, mark)]
    chunks = [_chunk(body, [{"index": 0, "delta": delta, "finish_reason": None}]) for delta in deltas]
    if reply.finish:
        chunks.append(_chunk(body, [{"index": 0, "delta": {}, "finish_reason": reply.finish}]))
    if usage is not None:
        chunks.append(_chunk(body, [], usage))
    return [*map(_event, chunks), *(() if reply.breaks == "cut" else ["data: [DONE]\n\n"])]


def _deltas(reply: Reply, mark: str) -> list[dict[str, Any]]:
    texts = [{"content": piece} for piece in _cut(reply.text)]
    refusals = [{"refusal": piece} for piece in _cut(reply.refusal)]
    return [
        *texts,
        *refusals,
        *(delta for index in range(len(reply.tools)) for delta in _call_deltas(reply, index, mark)),
    ]


def _call_deltas(reply: Reply, index: int, mark: str) -> list[dict[str, Any]]:
    head = _call(reply, index, mark)
    arguments = head["function"].pop("arguments")
    head["function"]["arguments"] = ""
    pieces = [{"index": index, "function": {"arguments": piece}} for piece in _cut(arguments)]
    return [{"tool_calls": [piece]} for piece in ({"index": index, **head}, *pieces)]


def _call(reply: Reply, index: int, mark: str) -> dict[str, Any]:
    call = reply.tools[index]
    named = {"id": f"call_{mark}_{index}"} if mark else {}
    return {**named, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}


def _cut(text: str) -> list[str]:
    size = max(1, -(-len(text) // 4))
    return [text[start : start + size] for start in range(0, len(text), size)]


def _envelope(body: dict[str, Any], kind: str, choices: list[Any], usage: dict[str, Any] | None) -> dict[str, Any]:
    head = {"id": "chatcmpl-1", "object": kind, "created": 1, "model": f"{body['model']}-2026", "choices": choices}
    return head if usage is None else {**head, "usage": usage}


def _chunk(body: dict[str, Any], choices: list[Any], usage: dict[str, Any] | None = None) -> dict[str, Any]:
    return _envelope(body, "chat.completion.chunk", choices, usage)


def _event(content: Any) -> str:
    return f"data: {json.dumps(content)}\n\n"
