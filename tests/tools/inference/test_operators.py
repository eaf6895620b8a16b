"""What a sum gives of which the left side may be text or bytes: they do not go together."""

from __future__ import annotations

import ast

import pytest

from archaeologist_tools.inference.operators import arithmetic
from archaeologist_tools.inference.types import Inferred, exact, join, loose

EITHER = join((exact("str"), exact("bytes")))


@pytest.mark.parametrize(
    ("left", "right", "names"),
    [
        (EITHER, exact("str"), {"str"}),
        (EITHER, exact("bytes"), {"bytes"}),
        (join((loose("str"), exact("bytes"))), exact("str"), {"str"}),
    ],
)
def test_sum_is_of_the_right_side(left: Inferred, right: Inferred, names: set[str]) -> None:
    assert {kind.name for kind in arithmetic(ast.Add(), left, right).ordered} == names


@pytest.mark.parametrize("right", [loose("str"), EITHER, exact("int"), loose("instance")])
def test_sum_may_be_anything(right: Inferred) -> None:
    assert arithmetic(ast.Add(), EITHER, right).types is None


def test_kind_of_text_stays_open() -> None:
    whole = arithmetic(ast.Add(), join((loose("str"), exact("bytes"))), exact("str"))
    assert whole.only("str")
    assert not whole.exactly("str")
