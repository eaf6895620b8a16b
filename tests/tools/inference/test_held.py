"""What containers hold that are filled with what they hold."""

from __future__ import annotations

import ast

from archaeologist_tools.inference.results import Strangers
from archaeologist_tools.inference.values import Types
from archaeologist_tools.source.index import Index


def test_what_is_put_in_is_evaluated_once() -> None:
    # With every value that is made of the others, the ways through them become many times as many.
    sums = "".join(f"p['k{number}'] = p['k0'] + p['k{number - 1}']\n" for number in range(1, 4))
    tree = ast.parse(f"p = {{}}\np['k0'] = 'x'\n{sums}p['k0']\n")
    last = tree.body[-1]
    assert isinstance(last, ast.Expr)
    assert Types(Index(tree), Strangers()).kinds(last.value).exactly("str")
