"""What other modules are called in a module, by its import statements."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.source.index import bound_by

if TYPE_CHECKING:
    from archaeologist_tools.source.index import Index


def names_of_module(index: Index, stem: str) -> frozenset[str]:
    """The names, with dots, that a module stands for whose own name ends with `stem`: `settings`, `app.settings`."""
    whole = (alias for node in index.of(ast.Import) for alias in node.names)
    parts = (alias for node in index.of(ast.ImportFrom) for alias in node.names)
    names = {alias.asname or alias.name for alias in whole if alias.name.rpartition(".")[2] == stem}
    return frozenset(names | {bound_by(alias) for alias in parts if alias.name == stem})
