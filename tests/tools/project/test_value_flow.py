"""How far what is known of values goes, and in what form it travels."""

from __future__ import annotations

import json
from itertools import permutations

import pytest

from archaeologist_tools.project.value_flow import ShownValues, Values, by_source, known_values

# Pairs of a role and one whose values it may have.
FLOWS = [("a:x", "p:f:0"), ("r:g", "a:x"), ("r:pair(0)", "a:x"), ("k:k[]", "r:g"), ("p:h:0", "k:k"), ("p:f:0", "r:g")]


def shown(plain: list[str], tuples: list[str], flows: list[tuple[str, str]], **parents: list[str]) -> ShownValues:
    return ShownValues(plain, tuples, by_source(flows), parents)


def test_all_that_a_value_flows_into_is_known() -> None:
    plain, tuples = map(Values, known_values(shown(["p:f:0"], [], FLOWS)))
    assert all(key in plain for key in ("p:f:0", "a:x", "r:g", "r:pair(0)", "k:k[]", "p:h:0[]"))
    assert not any(key in plain for key in ("r:pair", "r:pair(1)", "k:k", "p:h:0"))
    assert not any(key in tuples for key in ("p:f:0", "a:x"))


def test_what_may_be_a_tuple_is_not_plain_nor_is_what_it_flows_into() -> None:
    plain, tuples = map(Values, known_values(shown(["p:g:0", "r:g", "r:other"], ["a:x"], [*FLOWS, ("a:x", "p:g:0")])))
    assert all(key in tuples for key in ("a:x", "r:g", "p:f:0", "k:k[]"))
    assert not any(key in plain for key in ("a:x", "r:g", "p:f:0", "k:k[]"))
    assert {"r:other", "p:g:0"} == {key for key in ("r:other", "p:g:0") if key in plain}


def test_arguments_go_up_through_parents_without_constructors() -> None:
    plain, _ = map(
        Values, known_values(shown(["p:Leaf:0"], [], [("a:x", "p:Root:0")], Leaf=["Middle"], Middle=["Root"]))
    )
    assert all(key in plain for key in ("p:Middle:0", "p:Root:0", "a:x"))
    assert known_values(shown(["p:A:0"], [], [], A=["B"], B=["A"]))[0]


def test_values_that_hold_themselves_come_to_an_end() -> None:
    plain, _ = map(
        Values, known_values(shown(["a:x"], [], [("a:x[]", "a:x"), ("a:x", "a:x[][]"), ("k:k[][][]", "a:x")]))
    )
    assert "a:x[]" in plain
    assert "k:k[][][]" in plain
    assert "a:x[][][][]" not in plain


@pytest.mark.parametrize("flows", [list(order) for order in permutations(FLOWS[:4])])
def test_known_values_travel_as_json_and_do_not_depend_on_an_order(flows: list[tuple[str, str]]) -> None:
    known = known_values(shown(["p:f:0", "r:z"], ["a:t[]"], flows))
    assert known == known_values(shown(["r:z", "p:f:0"], ["a:t[]"], FLOWS[:4]))
    plain, tuples = map(Values, json.loads(json.dumps(known)))
    assert "k:k[]" in plain
    assert "a:t[]" in tuples
