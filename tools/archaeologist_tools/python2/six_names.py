"""What an expression or an import of six is on Python 3, from the reviewed list `six.toml`."""

from __future__ import annotations

import ast
import tomllib
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from archaeologist_tools.python2.standard import succeeds
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from archaeologist_tools.engine.view import View
    from archaeologist_tools.source.index import Index

_MOVED_PACKAGES = {
    "six.moves.urllib.parse": "urllib.parse",
    "six.moves.urllib.request": "urllib.request",
    "six.moves.urllib.error": "urllib.error",
}


@cache
def table() -> dict[str, Any]:
    """The list, one table for each kind of name."""
    return tomllib.loads(resources.files(__package__).joinpath("six.toml").read_text(encoding="utf-8"))


def name_in_six(node: ast.expr, view: View) -> str:
    """The name of six that an expression is, such as `text_type` or `moves.range`; empty for any other."""
    bases = _bases(view.index)
    if not bases:
        return ""
    base, _, rest = dotted(node).partition(".")
    if base not in bases or "six" in view.facts.modules or view.index.writes_namespace:
        return ""
    name = bases[base]
    return ".".join(filter(None, (name, rest)))


@lru_cache(maxsize=16)
def _bases(index: Index) -> dict[str, str]:
    """The names that are six, with an empty text, or a name in it, by one import at the top of the module."""
    found: dict[str, str] = {}
    for statement in index.tree.body:
        if isinstance(statement, ast.Import):
            found.update({alias.asname or "six": "" for alias in statement.names if alias.name == "six"})
        elif isinstance(statement, ast.ImportFrom):
            for alias in statement.names:
                if statement.module == "six" and not statement.level:
                    found[alias.asname or alias.name] = alias.name
                elif alias.name == "six":
                    # A copy of six that a package carries along.
                    found[alias.asname or "six"] = ""
    return {base: name for base, name in found.items() if index.bound[base] == 1}


def plain_imports(statement: ast.ImportFrom, target: tuple[int, int]) -> list[str] | None:
    """The imports of the standard library that bind the same names to the same objects.

    Args:
        statement: an import from `six.moves` or below.
        target: the lowest Python.

    Returns:
        Statements; None when one of the names is not known.
    """
    if statement.module in _MOVED_PACKAGES:
        module = _MOVED_PACKAGES[statement.module]
        moved = ast.ImportFrom(module, statement.names, 0)
        return [ast.unparse(moved)] if succeeds(moved, target, ()) else None
    found = [_plain_import(alias) for alias in statement.names]
    return None if any(text is None for text in found) else [text for text in found if text]


def _plain_import(alias: ast.alias) -> str | None:
    bound = alias.asname or alias.name
    if module := table()["modules"].get(alias.name):
        return f"import {module}" if module == bound else f"import {module} as {bound}"
    if full := table()["names"].get(alias.name):
        module, _, name = full.rpartition(".")
        return f"from {module} import {name}" if name == bound else f"from {module} import {name} as {bound}"
    return None
