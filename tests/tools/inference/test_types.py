"""What a value can be is put together the same in every process, reasons included."""

from __future__ import annotations

from itertools import permutations

from archaeologist_tools.inference.types import NONE, UNKNOWN, container, exact, join, loose, tuple_of


def test_reasons_are_told_once_and_in_one_order() -> None:
    parts = [exact("str", "a literal"), exact("int", "len() gives it"), exact("bytes", "a literal"), NONE]
    assert {join(order).reason for order in permutations(parts)} == {"a literal or len() gives it"}
    assert join((join(parts), join(parts))).reason == "a literal or len() gives it"


def test_types_are_walked_in_one_order() -> None:
    parts = [container("list", exact("str")), container("list", exact("int")), tuple_of(NONE), loose("str"), NONE]
    orders = {tuple(join(order).ordered) for order in permutations(parts)}
    assert len(orders) == 1
    assert frozenset(orders.pop()) == join(parts).types


def test_unknown_way_ends_the_question_and_leaves_no_reason() -> None:
    ways = iter([exact("str", "a literal"), UNKNOWN, exact("int", "never asked")])
    assert join(ways).reason == ""
    assert [kind.reason for kind in ways] == ["never asked"]
