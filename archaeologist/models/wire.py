"""Requests as chat completions has them, in the dialect that a server understands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archaeologist.models.dialect import Feature, Lacks
from archaeologist.models.messages import messages_of

if TYPE_CHECKING:
    from archaeologist.domain.chat import ChatRequest, Schema
    from archaeologist.models.naming import Endpoint

_SEED = 20_080  # any number: the same question is to get the same answer, where a server can do that
_NAME_LETTERS = 64


@dataclass(frozen=True)
class Wire:
    """A request's body, and the features that it uses.

    Args:
        body: the JSON.
        used: the features.
        tools_in_words: the tools are described in the messages, so that calls come as text.
        form_in_words: the form of the answer is described in the messages.
    """

    body: dict[str, Any]
    used: Lacks
    tools_in_words: bool
    form_in_words: bool

    @property
    def streamed(self) -> bool:
        """Whether the answer is asked for piece by piece."""
        return Feature.STREAM in self.used


def wire_of(request: ChatRequest, endpoint: Endpoint, lacks: Lacks) -> Wire:
    """Return the body that asks an endpoint without what it lacks."""
    parts = [
        _limit(request, endpoint, lacks),
        _one(Feature.TEMPERATURE, lacks, {"temperature": 0}),
        _one(Feature.SEED, lacks, {"seed": _SEED}),
        *_streaming(lacks),
        *_tools(request, lacks),
        *_format(request, lacks),
    ]
    in_words = request.answer is not None and _format_feature(request, lacks) is not Feature.JSON_SCHEMA
    messages = messages_of(request, lacks, form_in_words=in_words)
    body: dict[str, Any] = {"model": endpoint.model, "messages": messages.wired}
    for _, part in parts:
        body.update(part)
    used = messages.used | {feature for feature, part in parts if part}
    return Wire(body, used, bool(request.tools) and Feature.TOOLS in lacks, in_words)


_Part = tuple[Feature, dict[str, Any]]


def _one(feature: Feature, lacks: Lacks, part: dict[str, Any]) -> _Part:
    return feature, {} if feature in lacks else part


def _limit(request: ChatRequest, endpoint: Endpoint, lacks: Lacks) -> _Part:
    """Limit the answer. Servers that know only the older name ignore the newer one without a word, so they get that."""
    names = [Feature.MAX_COMPLETION_TOKENS, Feature.MAX_TOKENS]
    known = [name for name in (names if endpoint.trusted else reversed(names)) if name not in lacks]
    return (known[0], {known[0].value: request.output_tokens}) if known else (Feature.MAX_TOKENS, {})


def _streaming(lacks: Lacks) -> list[_Part]:
    if Feature.STREAM in lacks:
        return []
    options = _one(Feature.STREAM_OPTIONS, lacks, {"stream_options": {"include_usage": True}})
    return [(Feature.STREAM, {"stream": True}), options]


def _tools(request: ChatRequest, lacks: Lacks) -> list[_Part]:
    if not request.tools or Feature.TOOLS in lacks:
        return []
    strict = _one(Feature.STRICT, lacks, {"strict": True})
    tools = [_tool(tool, strict[1]) for tool in sorted(request.tools, key=lambda tool: tool.name)]
    return [
        (Feature.TOOLS, {"tools": tools}),
        (strict[0], {"tools": tools} if strict[1] else {}),
    ]


def _tool(tool: Schema, strict: dict[str, Any]) -> dict[str, Any]:
    function = {"name": tool.name, "description": tool.description, "parameters": tool.parameters, **strict}
    return {"type": "function", "function": function}


def _format(request: ChatRequest, lacks: Lacks) -> list[_Part]:
    how = _format_feature(request, lacks)
    if how is None or request.answer is None:
        return []
    content: dict[str, Any] = {"type": how.value}
    if how is Feature.JSON_SCHEMA:
        schema = {"name": _word(request.answer.name), "description": request.answer.description}
        content["json_schema"] = {**schema, "schema": request.answer.parameters, "strict": True}
    part = {"response_format": content}
    beside = [(Feature.FORMAT_WITH_TOOLS, part)] if request.tools and Feature.TOOLS not in lacks else []
    return [(how, part), *beside]


def _format_feature(request: ChatRequest, lacks: Lacks) -> Feature | None:
    """Return how the form of the answer is asked for; None when words must do."""
    if request.answer is None or (request.tools and lacks & {Feature.FORMAT_WITH_TOOLS, Feature.TOOLS}):
        return None
    known = (feature for feature in (Feature.JSON_SCHEMA, Feature.JSON_OBJECT) if feature not in lacks)
    return next(known, None)


def _word(name: str) -> str:
    """Return a name of the letters that servers take; nobody refers to it."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", name)[:_NAME_LETTERS] or "answer"
