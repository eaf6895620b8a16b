from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from archaeologist_tui.reading.wrapping import code_starts, hung, line_starts


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


def test_values_go_on_below_their_beginning_and_sentences_at_the_margin() -> None:
    text = "All is good and done\n\n  tests       good; before: 43 passed\n    a_test (of a_module)"
    assert hung(text, 28) == [
        "All is good and done",
        "",
        "  tests       good; before:",
        "              43 passed",
        "    a_test (of a_module)",
    ]


def test_a_name_that_takes_half_of_the_room_leaves_the_other_half_for_its_value() -> None:
    assert hung("  a name that is long  12345 67890 12345", 24) == [
        "  a name that is long",
        "            12345 67890",
        "            12345",
    ]


@given(st.text(alphabet="ab \u4e00\u2713", max_size=80), st.integers(8, 30), st.integers(8, 30))
def test_no_line_is_wider_than_its_room_and_nothing_is_lost(text: str, first: int, others: int) -> None:
    starts = line_starts(text, first, others)
    assert list(starts) == sorted(set(starts))
    assert starts[0] == 0
    for place, line in enumerate(lines(text, first, others)):
        assert cell_len(line) <= (others if place else first)


@given(st.text(alphabet="ab  \u4e00\u2713\u2764\ufe0f\u0301", max_size=80), st.integers(8, 30))
def test_all_of_a_row_of_code_is_seen_and_no_row_is_half_empty(text: str, room: int) -> None:
    starts = code_starts(text, room)
    rows = [text[begin:end] for begin, end in zip(starts, (*starts[1:], len(text)), strict=True)]
    assert "".join(rows) == text
    assert all(cell_len(row) <= room for row in rows)
    assert all(len(row) > room // 4 for row in rows[:-1])


def test_code_is_parted_at_a_blank_but_not_at_those_it_is_set_in_by() -> None:
    assert code_starts("raise wrong, 1234", 16) == (0, 13)
    assert code_starts("raise a_mistake, 12", 16) == (0, 16)
    for indent in (6, 9, 12):
        assert code_starts(" " * indent + "a_long_name_of_something", 16)[1] == 16
