from __future__ import annotations

import pytest

from archaeologist_tui.reading.words import changed_words


def marked(lines: list[str], marks: list[list[tuple[int, int]]]) -> list[list[str]]:
    return [[line[start:end] for start, end in its] for line, its in zip(lines, marks, strict=True)]


@pytest.mark.parametrize(
    ("old", "new", "gone", "come"),
    [
        (["class A(object):"], ["class A:"], [["(object)"]], [[]]),
        (["x = 'é %s' % name"], ["x = f'é {name}'"], [["%s", " % name"]], [["f", "{name}"]]),
        (["    y = one", "    z = 2"], ["y = one", "z = 2"], [["    "], ["    "]], [[], []]),
    ],
)
def test_what_changed_is_marked(old: list[str], new: list[str], gone: list[list[str]], come: list[list[str]]) -> None:
    before, after = changed_words(old, new)
    assert marked(old, before) == gone
    assert [part for line in marked(new, after) for part in line] == [part for line in come for part in line]


def test_a_statement_that_was_put_on_one_line_is_compared_as_a_whole() -> None:
    old, new = ["super().__init__(one,", "    two)"], ["super().__init__(one, two)"]
    before, after = changed_words(old, new)
    assert marked(old, before) == [[], ["    "]]
    assert marked(new, after) == [[" "]]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (["import os"], ["return x + y * 2"]),
        ([], ["new"]),
        (["x " * 2_000], ["y " * 2_000]),
    ],
    ids=["everything", "nothing", "very long"],
)
def test_where_too_much_changed_nothing_is_marked(old: list[str], new: list[str]) -> None:
    before, after = changed_words(old, new)
    assert (sum(map(len, before)), sum(map(len, after))) == (0, 0)
    assert (len(before), len(after)) == (len(old), len(new))
