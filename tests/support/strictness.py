"""What OpenAI's structured outputs demand of a schema, checked node by node: https://platform.openai.com/docs/guides/structured-outputs."""

from __future__ import annotations

from typing import Any

KNOWN = {
    "object": {"properties", "required", "additionalProperties"},
    "array": {"items", "minItems", "maxItems"},
    "string": {"enum", "pattern", "format"},
    "integer": {"enum", "multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"},
    "number": {"enum", "multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"},
    "boolean": {"enum"},
    "null": set[str](),
}
FORMATS = {"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"}
PYTHON: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}


def violations(schema: dict[str, Any]) -> list[str]:
    """Return what a strict server would refuse, each with its place."""
    found = [] if schema.get("type") == "object" else ["the root is no object"]
    definitions = schema.get("$defs", {})
    root = {key: value for key, value in schema.items() if key != "$defs"}
    nodes = {"": root, **{f"$defs.{name}": node for name, node in definitions.items()}}
    for place, node in nodes.items():
        found += _walk(node, place, set(definitions))
    return found


def _walk(node: dict[str, Any], place: str, definitions: set[str]) -> list[str]:
    rest = set(node) - {"description"}
    if "$ref" in node:
        known = node["$ref"].removeprefix("#/$defs/") in definitions
        return [] if known and set(node) == {"$ref"} else [f"{place}: a reference with company, or to nothing"]
    if "anyOf" in node:
        found = [] if rest == {"anyOf"} else [f"{place}: {rest} beside anyOf"]
        for at, part in enumerate(node["anyOf"]):
            found += _walk(part, f"{place}|{at}", definitions)
        return found
    kind = node.get("type")
    if kind not in KNOWN:
        return [f"{place}: type {kind!r}"]
    found = [f"{place}: {key}" for key in rest - {"type"} - KNOWN[kind]]
    if node.get("format", "date") not in FORMATS:
        found.append(f"{place}: format {node['format']}")
    if kind == "array":
        return found + _walk(node.get("items", {}), f"{place}[]", definitions)
    if kind == "object":
        if node.get("additionalProperties") is not False or node.get("required") != list(node["properties"]):
            found.append(f"{place}: an open object, or one with optional properties")
        for name, part in node["properties"].items():
            found += _walk(part, f"{place}.{name}", definitions)
    return found


def conforms(value: object, node: dict[str, Any], definitions: dict[str, Any]) -> bool:
    """Tell whether a strict server would let a model write the value, its format and numbers aside."""
    if "$ref" in node:
        return conforms(value, definitions[node["$ref"].removeprefix("#/$defs/")], definitions)
    if "anyOf" in node:
        return any(conforms(value, part, definitions) for part in node["anyOf"])
    if value not in node.get("enum", [value]):
        return False
    match node["type"]:
        case "object":
            return (
                isinstance(value, dict)
                and value.keys() == node["properties"].keys()
                and all(conforms(part, node["properties"][name], definitions) for name, part in value.items())
            )
        case "array":
            few, many = node.get("minItems", 0), node.get("maxItems", 1_000)
            return (
                isinstance(value, list)
                and few <= len(value) <= many
                and all(conforms(part, node["items"], definitions) for part in value)
            )
        case kind:
            return isinstance(value, PYTHON[kind]) and not (kind in {"integer", "number"} and isinstance(value, bool))
