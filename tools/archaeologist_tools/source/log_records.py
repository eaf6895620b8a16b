"""Who looks at what the messages of a logger were made of: handlers, formatters and filters."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archaeologist_tools.source.index import Index

# What the parameter of a filter, formatter or handler is called.
_RECORDS = frozenset({"record", "rec", "log_record", "logrecord"})
_METHODS = frozenset({"emit", "filter", "format", "formatMessage", "handle"})
_POSITION = 2


def reads_records(index: Index) -> bool:
    """Whether a module reads the template of a message, or its values."""
    reads = (*index.attributes.get("msg", ()), *index.attributes.get("args", ()))
    if not reads:
        return False
    names = _RECORDS | {name for node in index.of(ast.FunctionDef) for name in _record_of(node)}
    return any(isinstance(node.value, ast.Name) and node.value.id in names for node in reads)


def _record_of(function: ast.FunctionDef) -> list[str]:
    """The name of the record in a method of a handler and the like, which takes nothing else."""
    parameters = [parameter.arg for parameter in function.args.args]
    return parameters[1:] if function.name in _METHODS and len(parameters) == _POSITION else []
