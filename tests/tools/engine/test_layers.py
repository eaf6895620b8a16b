"""Places that move while layers are put on a file."""

from __future__ import annotations

from archaeologist_tools.engine.base import Edit, Evidence, Span, make_edit
from archaeologist_tools.engine.layers import Drift, splice, without_overlaps


def edit(start: int, end: int, after: str) -> Edit:
    span = Span(start, end, 1, start + 1)
    return make_edit("AR001", "a.py", span, before="", after=after, evidence=Evidence.PROVED, reason="")


def test_splice_keeps_every_byte_outside() -> None:
    assert splice(b"0123456789", [edit(7, 8, ""), edit(2, 4, "abc")], "utf-8") == b"01abc45689"


def test_splice_writes_the_encoding_of_the_file() -> None:
    assert splice(b"ab", [edit(1, 1, "\xe9")], "latin-1") == b"a\xe9b"


def test_of_overlapping_edits_the_first_is_kept() -> None:
    first, inside, touching, apart = edit(0, 5, ""), edit(2, 3, ""), edit(5, 6, ""), edit(8, 9, "")
    assert without_overlaps([apart, inside, touching, first]) == [first, touching, apart]


def test_insertion_at_the_end_of_another_edit_waits() -> None:
    first, insertion = edit(0, 5, ""), edit(5, 5, "x")
    assert without_overlaps([first, insertion]) == [first]


def test_place_moves_with_what_is_put_in_front_of_it() -> None:
    drift = Drift()
    drift.add([edit(0, 2, "abcd"), edit(4, 5, "")], "utf-8")
    drift.add([edit(0, 1, "")], "utf-8")
    assert drift.follow(6, 8) == (6, 8)
    assert drift.follow(2, 3) == (3, 4)


def test_place_that_was_touched_is_gone() -> None:
    drift = Drift()
    drift.add([edit(3, 5, "x")], "utf-8")
    assert drift.follow(4, 9) is None
    assert drift.follow(0, 4) is None
    assert drift.follow(3, 3) is None
    assert drift.follow(0, 3) == (0, 3)
