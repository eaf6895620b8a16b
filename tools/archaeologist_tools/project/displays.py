"""Containers that are written out, and what they hold."""

from __future__ import annotations

import ast

from archaeologist_tools.project.value_keys import VALUE

DISPLAYS = (
    ast.List, ast.Tuple, ast.Set, ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.Dict, ast.DictComp,
)  # fmt: skip


def held(display: ast.expr, step: str | int) -> list[ast.expr]:
    """What a container that is written out has at a position, or anywhere, or under any key."""
    if isinstance(display, ast.Dict):
        parts = display.values if step == VALUE else display.keys
        return [each for each in parts if each is not None]
    if isinstance(display, ast.DictComp):
        return [display.value if step == VALUE else display.key]
    if step == VALUE:
        return []
    if isinstance(display, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
        return [display.elt]
    items: list[ast.expr] = display.elts  # type: ignore[attr-defined]  # a list, tuple or set
    return items[step : step + 1] if isinstance(step, int) and not has_star(display) else items


def has_star(display: ast.expr) -> bool:
    """Whether a container that is written out holds what another one holds."""
    return ast.Starred in map(type, getattr(display, "elts", ()))
