"""What a module offers: its top-level classes and functions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class PublicName(NamedTuple):
    """A top-level class or function that does not begin with an underscore."""

    kind: str
    name: str
    line: int
    has_docstring: bool


def public_names(tree: ast.Module) -> Iterator[PublicName]:
    """Give the public names in the order of the source."""
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            kind = "class" if isinstance(node, ast.ClassDef) else "function"
            yield PublicName(kind, node.name, node.lineno, ast.get_docstring(node) is not None)
