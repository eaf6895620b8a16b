"""The tables of `known.toml`."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

_tables: dict[str, Any] = tomllib.loads(resources.files(__package__).joinpath("known.toml").read_text(encoding="utf-8"))

BUILTIN_CLASSES = frozenset(
    {
        "str", "bytes", "bytearray", "int", "float", "bool", "complex", "list", "dict", "set", "frozenset", "tuple",
        "range", "type",
    }
)  # fmt: skip
BUILTINS: dict[str, str] = _tables["builtins"]
VALUES: dict[str, str] = _tables["values"]
FUNCTIONS: dict[str, str] = _tables["functions"]
METHODS: dict[str, dict[str, str]] = _tables["methods"]
ATTRIBUTES: dict[str, str] = _tables["attributes"]
EXCEPTION_ATTRIBUTES: dict[str, str] = _tables["exception_attributes"]
REFUSES_TUPLE: dict[str, int] = _tables["refuses_tuple"]
NO_TUPLE_METHODS = frozenset(_tables["no_tuple_methods"])
READERS = frozenset(_tables["readers"])
READING_METHODS = frozenset(_tables["reading_methods"])
# Those of them that put nothing in, but take something out or move it.
CHANGING_METHODS = frozenset({"clear", "discard", "pop", "popitem", "remove", "reverse", "sort"})
# The named tuples of the standard library have several fields: none ever filled one place of a template, so what only
# they have is evidence, too.
TUPLE_ATTRIBUTES = frozenset(dir(tuple))
