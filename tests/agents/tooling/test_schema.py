"""The strict form of what hints say; round trips are in test_tools_properties.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from archaeologist.agents.tooling.schema import strict
from archaeologist.agents.tooling.tools import tool
from archaeologist.errors import UsageError
from support.strictness import violations


class Tree(BaseModel):
    """A node."""

    name: str
    parts: list[Tree] = []


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int = 9


class Dog(BaseModel):
    kind: Literal["dog"]


@dataclass
class Odd:
    marker: object = field(default_factory=object, repr=False)


class Marked(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)
    seen: list[int] = Field(default_factory=list)


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")
    name: str


class Points(Enum):
    ORIGIN = (0, 0)


def shown(hint: Any) -> dict[str, Any]:
    """Return the strict schema of an argument with a hint, checked, with the definitions put in once."""

    def act(value: Any) -> None:
        """Act."""

    act.__annotations__ = {"value": hint}
    parameters = tool(act).schema.parameters
    assert violations(parameters) == []
    node: dict[str, Any] = parameters["properties"]["value"]
    name = node.get("$ref", "").rpartition("/")[2]
    return parameters["$defs"][name] if name else node


@pytest.mark.parametrize(
    ("hint", "schema"),
    [
        (str, {"type": "string"}),
        (Path, {"type": "string"}),
        (bytes, {"type": "string"}),
        (datetime, {"type": "string", "format": "date-time"}),
        (UUID, {"type": "string", "format": "uuid"}),
        (Annotated[int, Field(ge=1, lt=9)], {"type": "integer", "minimum": 1, "exclusiveMaximum": 9}),
        (Annotated[str, StringConstraints(max_length=3)], {"type": "string"}),
        (Annotated[str, StringConstraints(pattern="^a+$")], {"type": "string", "pattern": "^a+$"}),
        (Annotated[str, Field(description="Why")], {"description": "Why", "type": "string"}),
        (Literal["a"], {"type": "string", "enum": ["a"]}),
        (Literal["a", 1], {"anyOf": [{"type": "string", "enum": ["a"]}, {"type": "integer", "enum": [1]}]}),
        (set[int], {"type": "array", "items": {"type": "integer"}}),
        (tuple[int, ...], {"type": "array", "items": {"type": "integer"}}),
        (tuple[int, int], {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "integer"}}),
        (int | None, {"anyOf": [{"type": "integer"}, {"type": "null"}]}),
    ],
    ids=str,
)
def test_hints_in_strict_form(hint: Any, schema: dict[str, Any]) -> None:
    assert shown(hint) == schema


def test_a_number_of_any_precision_has_no_pattern_that_servers_cannot_follow() -> None:
    assert "(?" not in str(shown(Decimal))
    assert strict({"type": "string", "pattern": "^(?!a)b"}) == {"type": "string"}


def test_a_mapping_is_an_array_of_pairs() -> None:
    assert shown(dict[Literal["a", "b"], int]) == {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"key": {"type": "string", "enum": ["a", "b"]}, "value": {"type": "integer"}},
            "required": ["key", "value"],
            "additionalProperties": False,
        },
    }


def test_a_model_may_hold_itself() -> None:
    assert shown(Tree) == {
        "description": "A node.",
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "parts": {
                "anyOf": [{"type": "array", "items": {"$ref": "#/$defs/Tree"}}, {"type": "null"}],
            },
        },
        "required": ["name", "parts"],
        "additionalProperties": False,
    }


def test_models_told_apart_by_a_field_are_alternatives() -> None:
    node = shown(Annotated[Cat | Dog, Field(discriminator="kind")])
    assert node == {"anyOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}]}


def test_a_described_model_is_a_reference_that_stands_alone() -> None:
    node = shown(Annotated[Dog, Field(description="The dog")])
    assert node == {"description": "The dog", "anyOf": [{"$ref": "#/$defs/Dog"}]}


def test_a_default_that_is_made_or_is_no_json_is_called_the_default() -> None:
    assert shown(Marked)["properties"]["seen"]["description"] == "Null means the default"
    sentinel = object()

    @tool
    def act(value: Annotated[int, Field(description="How many.")] = sentinel) -> None:  # type: ignore[assignment]
        """Act."""

    assert act.schema.parameters["properties"]["value"]["description"] == "How many; null means the default"


class Strange(BaseModel):
    count: int = object()  # type: ignore[assignment]  # as a team may write it


def test_a_default_that_is_no_json_is_no_warning_either() -> None:
    assert shown(Strange)["properties"]["count"]["description"] == "Null means the default"


@pytest.mark.parametrize(
    ("hint", "message"),
    [
        (Open, "Open: an object with free names has no strict JSON schema"),
        (list[dict[str, Any]], "value: a free dict has no strict JSON schema"),
        (Odd, "Odd.marker: anything has no strict JSON schema"),
        (Points, "Points: a choice of things that are no scalars has no strict JSON schema"),
        (tuple[()], "value: an array of anything has no strict JSON schema"),
        (dict[Annotated[str, StringConstraints(pattern="^a")], int], "value: a free dict has no strict JSON schema"),
    ],
    ids=str,
)
def test_what_has_no_strict_form_is_named(hint: Any, message: str) -> None:
    with pytest.raises(UsageError) as raised:
        shown(hint)
    assert str(raised.value) == f"tool 'act': {message}"
