"""Whether an import from the standard library surely succeeds, or surely fails, on every supported Python.

From the reviewed list `standard.toml`; what is not on it is open. A module of the project by the same name makes
everything open.
"""

from __future__ import annotations

import ast
import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from archaeologist_tools.source.target import parse_target

if TYPE_CHECKING:
    from collections.abc import Collection


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("standard.toml").read_text(encoding="utf-8"))


def succeeds(statement: ast.stmt, target: tuple[int, int], own: Collection[str]) -> bool | None:
    """Whether an import statement succeeds; None when that is open.

    Args:
        statement: the statement.
        target: the lowest Python.
        own: modules of the project.
    """
    if isinstance(statement, ast.Import):
        answers = [_module(alias.name, target, own) for alias in statement.names]
    elif isinstance(statement, ast.ImportFrom) and not statement.level:
        answers = [_name(statement.module or "", alias.name, target, own) for alias in statement.names]
    else:
        return None
    if all(answers):
        return True
    # Names before the failing one would be bound: only the first may fail.
    return False if answers[0] is False else None


def module_is_absent(statement: ast.stmt, own: Collection[str]) -> bool:
    """Whether it is the module that is missing, not a name in it."""
    module = statement.names[0].name if isinstance(statement, ast.Import) else getattr(statement, "module", "")
    return module in _table()["absent"] and module not in own


def _module(name: str, target: tuple[int, int], own: Collection[str]) -> bool | None:
    if name.partition(".")[0] in own:
        return None
    if name in _table()["absent"]:
        return False
    entry = _table()["present"].get(name)
    return True if entry is not None and parse_target(entry["since"]) <= target else None


def _name(module: str, name: str, target: tuple[int, int], own: Collection[str]) -> bool | None:
    there = _module(module, target, own)
    if there is False:
        return False
    if module.partition(".")[0] in own:
        return None
    if name in _table()["absent_names"].get(module, ()):
        return False
    return True if there and name in _table()["present"][module]["names"] else None
