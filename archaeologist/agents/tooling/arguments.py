"""From the text that a model wrote to the arguments of a Python function, or to what is wrong with it.

The text was written after a strict schema (`schema.py`) or, on servers that hold a model to none, freely. So
what the strict form had to put in other words is read back, and the plain words are understood, too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from archaeologist.agents.tooling.observations import shortened
from archaeologist.agents.tooling.schema import JsonSchema, accepts_null, alternatives_of, is_mapping, kind_of
from archaeologist_tools.likeness import did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

_ANYTHING: JsonSchema = {}

_NEAR = 40
"""Characters around a mistake in the JSON that are shown."""


class Unreadable(ValueError):
    """The text is no JSON object; the message is what the model is told."""


def parse(text: str) -> dict[str, Any]:
    """Return the object that the text describes; no text is an empty object.

    Raises:
        Unreadable: it describes none.
        RecursionError: it is nested too deeply.
    """
    try:
        value = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_once_each) if text.strip() else {}
        json.dumps(value, ensure_ascii=False).encode()
    except Unreadable:
        raise
    except json.JSONDecodeError as error:
        raise Unreadable(_misplaced(error)) from None
    except UnicodeEncodeError:
        raise Unreadable("the arguments hold half of a surrogate pair: write the character itself") from None
    except ValueError:
        raise Unreadable("the arguments hold a number with too many digits") from None
    if not isinstance(value, dict):
        raise Unreadable(f"the arguments must be a JSON object, got {kind_of(value)}")
    return value


def _no_constant(name: str) -> float:
    raise Unreadable(f"the arguments are not JSON: {name} is no number")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Unreadable(f"{key}: given twice")
        found[key] = value
    return found


def _misplaced(error: json.JSONDecodeError) -> str:
    at, end = error.pos, len(error.doc.rstrip())
    problem = f"the arguments are not JSON: {error.msg.removesuffix(' starting at')} at character {at} of {end}"
    if at >= end or error.msg.startswith("Unterminated"):
        return f"{problem}; the text breaks off after {error.doc[max(0, end - _NEAR) : end]!r}: send them whole"
    return f"{problem}, at {error.doc[at : at + _NEAR]!r}"


def unknown_tool(name: str, known: list[str]) -> str:
    """Return what a model is told that named a tool that does not exist."""
    return f"there is no tool {shortened(repr(name), 80)}{_meant(name, known)} Tools: {', '.join(known) or 'none'}"


def _meant(name: str, known: Iterable[str]) -> str:
    """Return the end of a sentence about a wrong name."""
    question = did_you_mean(nearest(name, known))
    return f", {question}" if question else ""


@dataclass
class Reader:
    """Reads values as a schema of pydantic's means them.

    Attributes:
        schema: the schema as pydantic made it, before it was put in strict form.
        problems: a line for each name that the schema does not know or that came twice.
    """

    schema: JsonSchema
    problems: list[str] = field(default_factory=list)
    _fitting: dict[tuple[int, int], bool] = field(default_factory=dict)

    def read(self, value: Any) -> Any:
        """Return the value with defaults left out, arrays of pairs as objects, and without unknown names."""
        return self._read(value, self.schema, "")

    def _read(self, value: Any, schema: JsonSchema, path: str) -> Any:
        node = self._branch(value, self._resolved(schema))
        if is_mapping(node):
            return self._mapping(value, node, path)
        if isinstance(value, dict) and "properties" in node:
            return self._object(value, node, path)
        if isinstance(value, list):
            return [self._read(item, _item(node, at), f"{path}[{at}]") for at, item in enumerate(value)]
        return value

    def _resolved(self, schema: JsonSchema) -> JsonSchema:
        while "$ref" in schema:
            schema = self.schema["$defs"][schema["$ref"].rpartition("/")[2]]
        return schema

    def _object(self, value: dict[str, Any], node: JsonSchema, path: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, part in value.items():
            at = f"{path}.{name}" if path else name
            known: JsonSchema | None = node["properties"].get(name)
            if known is None:
                self.problems.append(f"{at}: unknown argument{_meant(name, node['properties'])}")
            elif not self._is_default(part, name, node):
                found[name] = self._read(part, known, at)
        return found

    def _is_default(self, value: Any, name: str, node: JsonSchema) -> bool:
        optional = name not in node.get("required", ())
        return value is None and optional and not accepts_null(self._resolved(node["properties"][name]))

    def _mapping(self, value: Any, node: JsonSchema, path: str) -> Any:
        pairs = value if _is_pairs(value) else value.items() if isinstance(value, dict) else None
        if pairs is None:
            return value
        found: dict[str, Any] = {}
        for key, part in [(pair["key"], pair["value"]) if isinstance(pair, dict) else pair for pair in pairs]:
            at = f"{path}.{key}" if path else str(key)
            if key in found:
                self.problems.append(f"{at}: given twice")
            found[key] = self._read(part, node["additionalProperties"], at)
        return found

    def _branch(self, value: Any, node: JsonSchema) -> JsonSchema:
        """Return the alternative that is meant: the first that fits, or the only one that could have been meant."""
        alternatives = [self._resolved(alternative) for alternative in alternatives_of(node)]
        if not alternatives:
            return node
        fitting = [alternative for alternative in alternatives if self._fits(value, alternative)]
        likely = fitting or [alternative for alternative in alternatives if _could_be(value, alternative)]
        if fitting or len(likely) == 1:
            return self._branch(value, likely[0])
        return _ANYTHING

    def _fits(self, value: Any, schema: JsonSchema) -> bool:
        """Tell whether a value fits, asking once: unions in unions are asked for the same value again and again."""
        node = self._resolved(schema)
        asked = id(value), id(node)
        if asked not in self._fitting:
            self._fitting[asked] = self._fits_now(value, node)
        return self._fitting[asked]

    def _fits_now(self, value: Any, node: JsonSchema) -> bool:
        if alternatives := alternatives_of(node):
            return any(self._fits(value, alternative) for alternative in alternatives)
        if "enum" in node or "const" in node:
            return value in (node["enum"] if "enum" in node else [node["const"]])
        if not _could_be(value, node):
            return False
        if is_mapping(node):
            parts = value.values() if isinstance(value, dict) else [pair["value"] for pair in value]
            return all(self._fits(part, node["additionalProperties"]) for part in parts)
        if isinstance(value, dict):
            return self._fits_object(value, node)
        if isinstance(value, list):
            return all(self._fits(part, _item(node, at)) for at, part in enumerate(value))
        return True

    def _fits_object(self, value: dict[str, Any], node: JsonSchema) -> bool:
        properties = node.get("properties", {})
        return set(node.get("required", ())) <= value.keys() <= properties.keys() and all(
            self._is_default(part, name, node) or self._fits(part, properties[name]) for name, part in value.items()
        )


def _could_be(value: Any, node: JsonSchema) -> bool:
    kind, wanted = kind_of(value), node.get("type")
    if wanted == "object" and is_mapping(node):
        return kind == "object" or _is_pairs(value)
    return wanted is None or kind == wanted or (wanted == "number" and kind == "integer")


def _is_pairs(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(pair, dict) and pair.keys() == {"key", "value"} and isinstance(pair["key"], str) for pair in value
    )


def _item(node: JsonSchema, at: int) -> JsonSchema:
    prefix = node.get("prefixItems", ())
    found = prefix[at] if at < len(prefix) else node.get("items")
    return found if isinstance(found, dict) else _ANYTHING
