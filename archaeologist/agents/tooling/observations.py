"""What a model is told when a tool call went wrong: a line a mistake, precise, and short however big the mistake.

A model mends what it is told exactly, and pays for every word of it in each later turn.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from archaeologist.agents.tooling.schema import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

LONGEST = 600
"""Characters of an observation."""

_LONGEST_VALUE = 60

_EXPECTED = {
    "string_type": "string",
    "path_type": "string",
    "int_type": "integer",
    "int_parsing": "integer",
    "int_from_float": "integer",
    "float_type": "number",
    "float_parsing": "number",
    "decimal_type": "number",
    "decimal_parsing": "number",
    "bool_type": "boolean",
    "bool_parsing": "boolean",
    "none_required": "null",
    "list_type": "array",
    "tuple_type": "array",
    "set_type": "array",
    "frozen_set_type": "array",
    "dict_type": "array of key and value",
    "model_type": "object",
    "model_attributes_type": "object",
    "dataclass_type": "object",
    "dataclass_exact_type": "object",
}
"""What pydantic calls a value of the wrong type, in JSON's words."""


def shortened(text: str, limit: int = LONGEST) -> str:
    """Return the text, cut at the end when it is longer than `limit`, and free of what no encoding can carry."""
    clean = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return clean if len(clean) <= limit else f"{clean[: limit - 4]} ..."


def told(problems: Iterable[str]) -> str:
    """Return a line a problem, as many as an observation may hold, and how many more there are."""
    lines = [shortened(" ".join(problem.split()), LONGEST // 2) for problem in dict.fromkeys(problems)]
    shown: list[str] = []
    for line in lines:
        if sum(map(len, shown)) + len(shown) + len(line) > LONGEST - 20:
            return "\n".join([*shown, f"and {len(lines) - len(shown)} more"])
        shown.append(line)
    return "\n".join(shown)


def mistakes(error: ValidationError, arguments: dict[str, Any]) -> list[str]:
    """Return a line for each place in the arguments where pydantic found something wrong."""
    by_place: dict[str, list[ErrorDetails]] = {}
    for detail in error.errors(include_url=False, include_context=False):
        by_place.setdefault(_place(detail, arguments), []).append(detail)
    return [f"{place or 'the arguments'}: {_mistake(details)}" for place, details in by_place.items()]


def _place(detail: ErrorDetails, arguments: dict[str, Any]) -> str:
    """Return where it is, without the labels that pydantic puts in for the members of a union."""
    place = ""
    value: Any = arguments
    for part in detail["loc"]:
        if isinstance(value, dict) and part in value:
            place, value = f"{place}.{part}" if place else str(part), value[part]
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            place, value = f"{place}[{part}]", value[part]
        elif detail["type"] == "missing" and part == detail["loc"][-1]:
            place = f"{place}.{part}" if place else str(part)
        elif part == "[key]":
            place = f"the key {place}"
    return place


def _mistake(details: list[ErrorDetails]) -> str:
    """Say what was expected; each member of a union has its own complaint about the same value."""
    if all(detail["type"] == "missing" for detail in details):
        return "missing"
    types = dict.fromkeys(_EXPECTED[detail["type"]] for detail in details if detail["type"] in _EXPECTED)
    wishes = [f"expected {' or '.join(types)}"] if types else []
    wishes += dict.fromkeys(_message(detail) for detail in details if detail["type"] not in _EXPECTED)
    shown = len(wishes) > 1 or not all(detail["type"].endswith("_type") for detail in details)
    return f"{' or '.join(wishes)}, got {_seen(details[0]['input'], in_full=shown)}"


def _message(detail: ErrorDetails) -> str:
    message = detail["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ").removeprefix("Input ")
    return message[:1].lower() + message[1:]


def _seen(value: object, *, in_full: bool) -> str:
    if not in_full or value is None or isinstance(value, dict | list):
        return kind_of(value)
    return f"{kind_of(value)} {shortened(json.dumps(value, ensure_ascii=False, default=str), _LONGEST_VALUE)}"
