"""Edits of several rules become layers, one a rule, that give the same text in the end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archaeologist_tools.engine.base import Edit, Evidence, Span, make_edit
from archaeologist_tools.engine.layers import OverlapError, Sheet, parted, settled, splice, written

ORDER = "ABCD".index


def edit(start: int, end: int, after: str, rule: str = "A") -> Edit:
    span = Span(start, end, 1, start + 1)
    return make_edit(rule, "a.py", span, before="", after=after, evidence=Evidence.PROVED, reason="")


def shape(sheets: list[Sheet]) -> list[tuple[str, list[tuple[int, int, str]]]]:
    return [(sheet.rule, [(move.start, move.end, move.edit.after) for move in sheet.moves]) for sheet in sheets]


def rounds(*edits: list[Edit]) -> list[Sheet]:
    return [sheet for each in edits for sheet in parted(each, ORDER, "utf-8")]


def test_splice_keeps_every_byte_outside() -> None:
    assert splice(b"0123456789", [edit(7, 8, ""), edit(2, 4, "abc")], "utf-8") == b"01abc45689"


def test_splice_writes_the_encoding_of_the_file() -> None:
    assert splice(b"ab", [edit(1, 1, "\xe9")], "latin-1") == b"a\xe9b"


def test_splice_refuses_overlaps() -> None:
    with pytest.raises(OverlapError, match=r"a\.py, line 1"):
        splice(b"abc", [edit(0, 2, ""), edit(1, 3, "")], "utf-8")


def test_layer_lies_on_those_of_earlier_rules() -> None:
    made = rounds([edit(6, 7, "x", "B"), edit(0, 2, "abcd", "A"), edit(8, 9, "", "A"), edit(4, 4, "y", "B")])
    assert shape(made) == [("A", [(0, 2, "abcd"), (8, 9, "")]), ("B", [(6, 6, "y"), (8, 9, "x")])]


def test_insertion_stands_in_front_of_what_begins_there() -> None:
    made = rounds([edit(3, 5, "b", "B"), edit(3, 3, "aa", "A")])
    assert shape(made) == [("A", [(3, 3, "aa")]), ("B", [(5, 7, "b")])]


def test_later_round_goes_where_its_rule_belongs() -> None:
    # In the second round A writes at 8, which is 10 once C has made the text longer.
    made = rounds([edit(0, 1, "a", "A"), edit(4, 5, "ccc", "C")], [edit(10, 11, "a", "A")])
    assert shape(settled(made, ORDER)) == [("A", [(0, 1, "a"), (8, 9, "a")]), ("C", [(4, 5, "ccc")])]


def test_rule_that_had_no_turn_comes_between() -> None:
    made = rounds([edit(0, 1, "", "A"), edit(6, 6, "c", "C")], [edit(2, 3, "bb", "B")])
    assert shape(settled(made, ORDER)) == [("A", [(0, 1, "")]), ("B", [(2, 3, "bb")]), ("C", [(6, 6, "c")])]


@pytest.mark.parametrize("place", [(4, 5), (4, 7), (6, 8), (3, 9), (3, 5), (7, 8), (3, 4), (5, 5)])
def test_edit_of_what_a_later_rule_wrote_stays_above_it(place: tuple[int, int]) -> None:
    made = rounds([edit(4, 5, "ccc", "C")], [edit(*place, "a", "A")])
    assert [sheet.rule for sheet in settled(made, ORDER)] == ["C", "A"]


def test_edit_of_what_the_same_rule_wrote_is_a_layer_of_its_own() -> None:
    made = rounds([edit(4, 5, "aaa", "A")], [edit(5, 6, "x", "A")])
    assert [sheet.rule for sheet in settled(made, ORDER)] == ["A", "A"]


def test_places_are_told_in_lines_of_the_layer_below() -> None:
    (first, second) = written(rounds([edit(0, 1, "x\n", "A"), edit(5, 6, "y", "B")]), b"a\nb\ncd\n", "a.py", "utf-8")
    assert (first.data, second.data) == (b"x\n\nb\ncd\n", b"x\n\nb\ncy\n")
    assert [(each.span.line, each.span.column) for each in second.edits] == [(4, 2)]
    assert second.edits[0].id != edit(5, 6, "y", "B").id


@st.composite
def texts_with_rounds(draw: st.DrawFn) -> tuple[bytes, list[list[Edit]]]:
    """A text, and edits of some rounds, each of which fits the text that the round before left."""
    text = draw(st.text("ab\n", min_size=1, max_size=30)).encode()
    made, now = [], text
    for _ in range(draw(st.integers(1, 3))):
        places = sorted(draw(st.sets(st.integers(0, len(now)), max_size=8)))
        pairs = [*zip(places[::2], places[1::2], strict=False)]
        edits = [edit(*pair, draw(st.text("xy\n", max_size=4)), draw(st.sampled_from("ABCD"))) for pair in pairs]
        made.append(edits)
        now = splice(now, edits, "utf-8")
    return text, made


@given(texts_with_rounds())
def test_layers_give_the_text_of_the_rounds(case: tuple[bytes, list[list[Edit]]]) -> None:
    text, made = case
    expected = text
    for edits in made:
        expected = splice(expected, edits, "utf-8")
    sheets = settled(rounds(*made), ORDER)
    layers = written(sheets, text, "a.py", "utf-8")
    assert (layers[-1].data if layers else text) == expected
    assert sum(len(layer.edits) for layer in layers) == sum(map(len, made))
    below = text
    for layer in layers:
        assert splice(below, layer.edits, "utf-8") == layer.data
        below = layer.data
