"""Names that modules of a project take from one another although they come from elsewhere.

`from .compat import join` needs the import of `join` in `compat`, even where `compat` itself does not use it any more.
"""

from __future__ import annotations

import ast
import re
import sys
from typing import TYPE_CHECKING

from archaeologist_tools.python2.version import is_flag
from archaeologist_tools.source.index import bound_by, dotted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from archaeologist_tools.source.index import Index

_DOTTED = re.compile(r"(?:\w+\.)*(\w+\.\w+)", re.ASCII)


def taken_names(index: Index) -> Iterator[str]:
    """The names that a module takes from others, as `module.name` with the module's last part.

    Dotted texts count, as tests name what they replace so. Of names from the standard library and from packages only
    flags for the Python version and copies of six are given.
    """
    for source in index.of(ast.ImportFrom):
        module, foreign = (source.module or "").rpartition(".")[2], _is_foreign(source.module or "", source.level)
        yield from (f"{module}.{alias.name}" for alias in source.names if not foreign or _is_passed_on(alias.name))
    modules = dict(_modules(index))
    for owner, module in modules.items():
        for node in (*index.names.get(owner, ()), *index.attributes.get(owner, ())):
            attribute = index.parents[node]
            if isinstance(attribute, ast.Attribute) and _last_part(node):
                yield f"{module}.{attribute.attr}"
    for name in filter(_is_passed_on, index.attributes):
        owners = {_last_part(node.value) for node in index.attributes[name]}
        yield from (f"{modules.get(owner, owner)}.{name}" for owner in owners)
    yield from (match[1] for match in map(_DOTTED.fullmatch, index.dotted_texts) if match)


def _last_part(owner: ast.expr) -> str:
    """The last name in a chain of names; empty for anything else."""
    return owner.id if isinstance(owner, ast.Name) else dotted(owner).rpartition(".")[2]


def lent_names(index: Index) -> Iterator[str]:
    """The names that a module imports from the standard library or from six, which others may take from it."""
    for node in index.of(ast.ImportFrom):
        if _is_foreign(node.module or "", node.level):
            yield from map(bound_by, node.names)


def reexported(taken: Collection[str], lent: Collection[str]) -> Iterator[str]:
    """Those of the names taken somewhere, as `module.name`, that the module itself has from elsewhere."""
    yield from (name for name in taken if name in lent or _is_passed_on(name.rpartition(".")[2]))


def _modules(index: Index) -> Iterator[tuple[str, str]]:
    """The names that may stand for other modules of the project, with the last parts of the names of these."""
    for node in index.of(ast.Import):
        for alias in node.names:
            if not _is_foreign(alias.name, 0):
                last = alias.name.rpartition(".")[2]
                yield alias.asname or last, last
    for source in index.of(ast.ImportFrom):
        if not _is_foreign(source.module or "", source.level):
            yield from ((bound_by(alias), alias.name) for alias in source.names)


def _is_foreign(module: str, level: int) -> bool:
    """Whether a module is surely none of the project."""
    top = module.partition(".")[0]
    return not level and (top in sys.stdlib_module_names or top == "six")


def _is_passed_on(name: str) -> bool:
    return name == "six" or is_flag(name)
