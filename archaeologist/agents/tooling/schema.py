"""JSON schemas in the strict form that servers can hold a model to while it writes.

Strict means: every object is closed and all of its properties are required, alternatives are `anyOf`, and only a few
keywords are known. What Python says otherwise is put in other words here, and `arguments.py` reads it back:

    a default               the property may be null, which means the default
    dict[str, X]            an array of {"key": ..., "value": ...}
    tuple[X, Y]             an array of X or Y, as long as the tuple

What can be put in no words (any object, anything) is refused when the tool is made, not when a model uses it.
"""

from __future__ import annotations

import json
import re
from typing import Any

from archaeologist.errors import UsageError

JsonSchema = dict[str, Any]

_KEPT = (
    "type",
    "enum",
    "pattern",
    "format",
    "multipleOf",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minItems",
    "maxItems",
)
_FORMATS = frozenset({"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"})
_SCALARS = frozenset({"string", "integer", "number", "boolean", "null"})
_LOOKAROUND = re.compile(r"\(\?<?[=!]")
_KINDS: dict[type, str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    list: "array",
    dict: "object",
    type(None): "null",
}


def kind_of(value: object) -> str:
    """Return JSON's word for what `json.loads` gave."""
    return _KINDS.get(type(value), type(value).__name__)


def alternatives_of(node: JsonSchema) -> list[JsonSchema]:
    """Return the schemas one of which must fit; none when the schema is no union."""
    return node.get("anyOf") or node.get("oneOf") or []


def is_mapping(node: JsonSchema) -> bool:
    """Tell whether a schema describes an object whose names are free."""
    return node.get("type") == "object" and "properties" not in node


def accepts_null(node: JsonSchema) -> bool:
    """Tell whether null is a value of its own here, and so cannot stand for the default."""
    choices = node.get("enum", [node["const"]] if "const" in node else [])
    return node.get("type") == "null" or None in choices or any(map(accepts_null, alternatives_of(node)))


def strict(schema: JsonSchema) -> JsonSchema:
    """Return the strict form of a schema that pydantic made.

    Raises:
        UsageError: a part of it has no strict form; the message names the part.
    """
    form = _strict(schema, "")
    definitions = {name: _strict(node, name) for name, node in schema.get("$defs", {}).items()}
    return {**form, "$defs": definitions} if definitions else form


def _strict(node: JsonSchema, where: str) -> JsonSchema:
    form = _form(node, where)
    if "description" not in node:
        return form
    if "$ref" in form:  # a reference stands alone
        form = {"anyOf": [form]}
    return {"description": node["description"], **form}


def _form(node: JsonSchema, where: str) -> JsonSchema:
    if "$ref" in node:
        return {"$ref": node["$ref"]}
    if alternatives := alternatives_of(node):
        return {"anyOf": [_strict(alternative, where) for alternative in alternatives]}
    if "enum" in node or "const" in node:
        return _choice(node, where)
    match node.get("type"):
        case "object":
            return _pairs(node, where) if is_mapping(node) else _object(node, where)
        case "array":
            return _array(node, where)
        case str() as kind if kind in _SCALARS:
            return _scalar(node)
        case _:
            raise _inexpressible(where, "anything", "give it a type, or a union of types")


def _object(node: JsonSchema, where: str) -> JsonSchema:
    if node.get("additionalProperties"):
        raise _inexpressible(where, "an object with free names", "take `extra='allow'` from the model")
    required = node.get("required", ())
    properties = {
        name: _property(part, f"{where}.{name}" if where else name, required=name in required)
        for name, part in node["properties"].items()
    }
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _property(node: JsonSchema, where: str, *, required: bool) -> JsonSchema:
    form = _strict(node, where)
    if required or accepts_null(node):
        return form
    described = _with_default(form.pop("description", ""), node)
    return {**described, "anyOf": [*(form.get("anyOf") or [form]), {"type": "null"}]}


def _with_default(description: str, node: JsonSchema) -> JsonSchema:
    """Say what null means, where that is not what it always means: no, none, nothing."""
    meaning = json.dumps(node["default"], ensure_ascii=False) if "default" in node else "the default"
    if "default" in node and not node["default"]:
        return {"description": description} if description else {}
    told = f"{description.rstrip('. ')}; null means {meaning}" if description else f"Null means {meaning}"
    return {"description": told}


def _pairs(node: JsonSchema, where: str) -> JsonSchema:
    values = node.get("additionalProperties")
    if not isinstance(values, dict) or not values:
        raise _inexpressible(where, "a free dict", "say what it holds: a model, a dataclass, or dict[str, int]")
    names = {"type": "string", **node.get("propertyNames", {})}
    pair = {"type": "object", "properties": {"key": names, "value": values}, "required": ["key", "value"]}
    return {"type": "array", "items": _strict(pair, where)}


def _array(node: JsonSchema, where: str) -> JsonSchema:
    items = [part for part in (*node.get("prefixItems", ()), node.get("items")) if isinstance(part, dict)]
    if not all(items) or not items:
        raise _inexpressible(where, "an array of anything", "say what it holds: list[str]")
    forms: list[JsonSchema] = []
    for form in (_strict(item, where) for item in items):
        if form not in forms:
            forms.append(form)
    return {**_scalar(node), "items": forms[0] if len(forms) == 1 else {"anyOf": forms}}


def _choice(node: JsonSchema, where: str) -> JsonSchema:
    values = node["enum"] if "enum" in node else [node["const"]]
    by_kind: dict[str, list[Any]] = {}
    for value in values:
        by_kind.setdefault(kind_of(value), []).append(value)
    if not by_kind.keys() <= _SCALARS:
        raise _inexpressible(where, "a choice of things that are no scalars", "let the members be strings or numbers")
    forms = [{"type": kind} if kind == "null" else {"type": kind, "enum": found} for kind, found in by_kind.items()]
    return forms[0] if len(forms) == 1 else {"anyOf": forms}


def _scalar(node: JsonSchema) -> JsonSchema:
    kept = {key: node[key] for key in _KEPT if key in node}
    if kept.get("format") not in _FORMATS:
        kept.pop("format", None)
    if _LOOKAROUND.search(kept.get("pattern", "")):
        del kept["pattern"]
    return kept


def _inexpressible(where: str, what: str, hint: str) -> UsageError:
    return UsageError(f"{where or 'it'}: {what} has no strict JSON schema", hint)
