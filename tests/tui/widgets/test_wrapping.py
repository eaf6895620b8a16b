from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from archaeologist_tui.widgets.wrapping import line_starts


def lines(text: str, first: int, others: int) -> list[str]:
    starts = line_starts(text, first, others)
    return [text[begin:end].rstrip() for begin, end in zip(starts, (*starts[1:], len(text)), strict=True)]


def test_lines_break_at_spaces_and_the_first_may_be_shorter() -> None:
    assert lines("drop the base class object", 10, 14) == ["drop the", "base class", "object"]


def test_a_word_that_is_longer_than_a_line_is_cut() -> None:
    assert lines("see app/very/long/path.py", 10, 10) == ["see", "app/very/l", "ong/path.p", "y"]


def test_a_line_may_be_full_to_its_last_cell() -> None:
    assert lines("0123456789", 10, 10) == ["0123456789"]
    assert lines("01234 6789 abc", 10, 10) == ["01234 6789", "abc"]


@given(st.text(alphabet="ab \u4e00\u2713", max_size=80), st.integers(8, 30), st.integers(8, 30))
def test_no_line_is_wider_than_its_room_and_nothing_is_lost(text: str, first: int, others: int) -> None:
    starts = line_starts(text, first, others)
    assert list(starts) == sorted(set(starts))
    assert starts[0] == 0
    for place, line in enumerate(lines(text, first, others)):
        assert cell_len(line) <= (others if place else first)
