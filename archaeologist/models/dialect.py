"""What a server understands of chat completions: everything until it refuses something, which is then left out.

Servers that speak OpenAI's protocol speak parts of it. What a server refused is remembered for the process, so that
it is asked in a way it understands from the second question on.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archaeologist.models.naming import Endpoint


class Feature(StrEnum):
    """A part of the protocol that not every server has."""

    STRICT = "strict"
    SEED = "seed"
    TEMPERATURE = "temperature"
    STREAM_OPTIONS = "stream_options"
    MAX_COMPLETION_TOKENS = "max_completion_tokens"
    MAX_TOKENS = "max_tokens"
    FORMAT_WITH_TOOLS = "response_format beside tools"
    JSON_SCHEMA = "json_schema"
    JSON_OBJECT = "json_object"
    STREAM = "stream"
    TOOLS = "tools"
    SYSTEM = "system"
    REPEATED_ROLES = "messages of one role in a row"


Lacks = frozenset[Feature]

# Servers that constrain what a model writes to the schema of the answer never let it call a tool while they do.
_MODEST: Lacks = frozenset({Feature.FORMAT_WITH_TOOLS})

_NO_ROOM = r"max_tokens\W.*too (large|high|big)|in the completion"
# How servers name what they refuse; the first that fits is meant.
_NAMED: tuple[tuple[Feature, str], ...] = (
    (Feature.REPEATED_ROLES, r"\balternat|\btake turns|consecutive"),
    (Feature.SYSTEM, r"\bsystem\b.*(support|allow|permit)|role.*\bsystem\b|support.*\bsystem\b"),
    (Feature.STRICT, r"\bstrict\b|invalid_function_parameters|additionalProperties"),
    (Feature.SEED, r"\bseed\b"),
    (Feature.TEMPERATURE, r"\btemperature\b"),
    (Feature.STREAM_OPTIONS, r"stream_options|include_usage"),
    (Feature.MAX_COMPLETION_TOKENS, r"\bmax_completion_tokens\b|" + _NO_ROOM),
    (Feature.MAX_TOKENS, r"\bmax_tokens\b|" + _NO_ROOM),
    (Feature.FORMAT_WITH_TOOLS, r"(response_format|json|schema|grammar|format)\b.*\btools?\b"),
    (Feature.JSON_SCHEMA, r"response_format|json_schema|structured output|guided|grammar"),
    (Feature.JSON_OBJECT, r"response_format|json_object|json mode"),
    (Feature.STREAM, r"\bstream(ing|ed)?\b"),
    # Not every complaint about tools: "must be followed by tool messages" speaks of the conversation.
    (Feature.TOOLS, r"\b(tools?\b|tool_|function.call).*(support|requires|enable|unknown|unrecogni|permitted|allowed)"),
    (Feature.TOOLS, r"(support|unknown|unrecogni|permitted).*\b(tools?\b|tool_|function.call)"),
)

# What is left out when a server does not say what it refuses; what costs least comes first. Tools are never guessed.
_GUESSED = (
    Feature.STRICT,
    Feature.SEED,
    Feature.TEMPERATURE,
    Feature.STREAM_OPTIONS,
    Feature.FORMAT_WITH_TOOLS,
    Feature.JSON_SCHEMA,
    Feature.JSON_OBJECT,
    Feature.STREAM,
)

_remembered: dict[tuple[str, str], Lacks] = {}  # by name and address


def lacks_of(endpoint: Endpoint) -> Lacks:
    """Return what is known, or to be expected, to be missing at an endpoint."""
    start = frozenset[Feature]() if endpoint.trusted else _MODEST
    return _remembered.get((endpoint.name, endpoint.url), start)


def remember(endpoint: Endpoint, lacks: Lacks) -> None:
    """Leave this out from now on, besides what questions that were asked meanwhile found out."""
    _remembered[endpoint.name, endpoint.url] = lacks_of(endpoint) | lacks


def named(used: Lacks, complaint: str) -> Feature | None:
    """Return the feature that a server names when it refuses a request which used these; None when it names none."""
    fits = (feature for feature, words in _NAMED if re.search(words, complaint, re.IGNORECASE | re.DOTALL))
    return next((feature for feature in fits if feature in used), None)


def guessed(used: Lacks) -> Feature | None:
    """Return the feature to do without when a server names none; None when there is nothing left."""
    return next((feature for feature in _GUESSED if feature in used), None)
