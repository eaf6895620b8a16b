"""Which edits can be made together: the rules have their turns at every place in their order."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from archaeologist_tools.engine.base import Edit, Evidence, Span, make_edit
from archaeologist_tools.engine.selection import fitting
from archaeologist_tools.source.module import Module, read_module

MODULE = read_module("a.py", b"import os\nx = 1\n" + b"#" * 50)
assert isinstance(MODULE, Module)


def edit(start: int, end: int, *imports: str, rule: str = "A") -> Edit:
    span = Span(start, end, 1, start + 1)
    return make_edit(rule, "a.py", span, before="", after="x", evidence=Evidence.PROVED, reason="", imports=imports)


def chosen(*found: list[Edit]) -> list[Edit]:
    assert isinstance(MODULE, Module)
    return fitting(found, MODULE)


def test_of_overlapping_edits_the_first_is_kept() -> None:
    first, inside, touching, apart = edit(0, 5), edit(2, 3), edit(5, 6), edit(8, 9)
    assert chosen([apart, inside, touching, first]) == [first, touching, apart]


def test_insertion_at_the_edge_of_another_edit_waits() -> None:
    first, behind, before = edit(2, 5), edit(5, 5), edit(2, 2)
    assert chosen([first], [behind]) == [first]
    assert chosen([first], [before]) == [first]
    assert chosen([before], [first]) == [before]


def test_earlier_rule_goes_first() -> None:
    inner, outer = edit(3, 4, rule="A"), edit(0, 9, rule="B")
    assert chosen([inner], [outer]) == [inner]
    assert chosen([outer], [inner]) == [outer]


def test_place_of_an_edit_that_waits_is_kept_for_it() -> None:
    inner, outer, later = edit(3, 4, rule="A"), edit(0, 9, rule="B"), edit(6, 7, rule="C")
    assert chosen([inner], [outer], [later]) == [inner]


def test_one_rule_brings_imports() -> None:
    first, second, third = edit(20, 21, "import io"), edit(23, 24, "import re", rule="B"), edit(26, 27, "import re")
    assert chosen([first, third], [second]) == [first, third]
    present = edit(23, 24, "import os", rule="B")
    assert chosen([first], [present]) == [first, present]


@given(st.lists(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5)), max_size=6), max_size=4))
def test_chosen_edits_are_apart(groups: list[list[tuple[int, int]]]) -> None:
    found = [[edit(start, start + size) for start, size in group] for group in groups]
    places = sorted((each.span.start, each.span.end) for each in chosen(*found))
    assert all(one[1] <= other[0] for one, other in pairwise(places))
    assert len(set(places)) == len(places)
