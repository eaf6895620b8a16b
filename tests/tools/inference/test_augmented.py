"""Assignments such as `x += y`, whose value depends on the others before them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.inference.results import Strangers
from archaeologist_tools.inference.values import Types
from archaeologist_tools.source.index import Index

if TYPE_CHECKING:
    from archaeologist_tools.inference.types import Inferred


def _last_value(source: str) -> Inferred:
    tree = ast.parse(source)
    last = tree.body[-1]
    assert isinstance(last, ast.Expr)
    return Types(Index(tree), Strangers()).whole(last.value)


def test_conditional_additions_are_followed_to_the_first() -> None:
    additions = "".join(f"if a{number}:\n    text += 'b'\n" for number in range(30))
    assert _last_value(f"text = ''\n{additions}text\n").only("str")


def test_few_additions_in_a_loop_are_followed() -> None:
    assert _last_value("text = ''\nfor a in b:\n    text += 'c'\n    text += 'd'\ntext\n").only("str")


def test_many_additions_in_a_loop_come_to_an_end() -> None:
    additions = "    text += 'b'\n" * 30
    assert not _last_value(f"text = ''\nfor a in b:\n{additions}text\n").only("int")
