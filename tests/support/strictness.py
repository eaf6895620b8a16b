"""What OpenAI's structured outputs demand of a schema, checked node by node: https://platform.openai.com/docs/guides/structured-outputs."""

from __future__ import annotations

from typing import Any

SCALARS = {"string", "number", "integer", "boolean", "null"}
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
