"""Which hunk an edit is in: checked by making the edits of one hunk alone, which must change no line outside of it."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import pytest

from archaeologist.review.places import edits_of, place
from archaeologist_tools.engine.base import Edit, Evidence, Span, make_edit
from archaeologist_tools.engine.layers import splice
from archaeologist_tools.git.command import Git
from archaeologist_tools.git.diff import commit_diff
from archaeologist_tools.source.module import line_starts
from support.repositories import git

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from archaeologist_tools.git.diff import FileDiff, Hunk

ENDS = {"lf": "\n", "crlf": "\r\n", "cr": "\r"}


def edit_at(text: bytes, start: int, end: int, after: str, encoding: str = "utf-8") -> Edit:
    starts = line_starts(text)
    line = max(number for number, first in enumerate(starts[:-1], 1) if first <= start) if start else 1
    span = Span(start, end, line, start - starts[line - 1] + 1)
    before = text[start:end].decode(encoding)
    return make_edit("AR001", "f", span, before=before, after=after, evidence=Evidence.PROVED, reason="because")


def random_text(chance: random.Random, end: str) -> bytes:
    words = ["", "x", "return", "    pass", "\té", "y = 1"]
    lines = [chance.choice(words) + end for _ in range(chance.randrange(1, 90))]
    return "".join(lines).encode()[: -chance.randrange(2) or None]


def random_edits(chance: random.Random, text: bytes, end: str) -> list[Edit]:
    """Make edits at borders of characters, apart from each other."""
    borders = sorted({len(text.decode()[:index].encode()) for index in range(len(text.decode()) + 1)})
    chosen = sorted(chance.sample(borders, min(len(borders), 2 * chance.randrange(1, 6))))
    pairs = [
        (first, last) if chance.random() < 0.6 else (first, first)
        for first, last in zip(chosen[::2], chosen[1::2], strict=False)
    ]
    news = ["", "z", f"new{end}", f"{end}{end}two", f"x{end}", "é"]
    edits = [
        edit_at(text, first, min(last, first + 40), chance.choice(news))
        for first, last in pairs
        if _whole(text, first, min(last, first + 40))
    ]
    return [edit for edit in edits if edit.before != edit.after]


def _whole(text: bytes, first: int, last: int) -> bool:
    try:
        text[first:last].decode()
    except UnicodeDecodeError:
        return False
    return True


def diffs(folder: Path, pairs: Sequence[tuple[bytes, bytes]]) -> dict[int, FileDiff]:
    folder.mkdir(exist_ok=True)
    git(folder, "init", "--quiet", "-b", "main")
    git(folder, "config", "core.autocrlf", "false")
    for side in (0, 1):
        for number, pair in enumerate(pairs):
            (folder / f"{number}").write_bytes(pair[side])
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "-m", "Change")
    return {
        int(diff.path): diff
        for diff in commit_diff(
            Git(folder / ".git"), git(folder, "rev-parse", "HEAD~1"), git(folder, "rev-parse", "HEAD")
        )
    }


def changes_only(hunk: Hunk, before: bytes, after: bytes) -> bool:
    """Whether a text differs from another one in the lines of a hunk alone."""
    lines, now = (re.findall(rb"[^\n]*\n|[^\n]+", text) for text in (before, after))
    start = hunk.old_start - 1 if hunk.old_lines else hunk.old_start
    head, tail = lines[:start], lines[start + hunk.old_lines :]
    return now[: len(head)] == head and (not tail or now[-len(tail) :] == tail)


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_edits_of_one_text_are_in_the_hunks_that_they_make(tmp_path: Path, end: str) -> None:
    chance = random.Random(7)
    texts = [random_text(chance, end) for _ in range(150)]
    edits = [random_edits(chance, text, end) for text in texts]
    afters = [splice(text, its, "utf-8") for text, its in zip(texts, edits, strict=True)]
    found = diffs(tmp_path / "project", list(zip(texts, afters, strict=True)))
    hunks = 0
    for number, diff in found.items():
        placed = place(edits[number], texts[number], afters[number])
        assert placed is not None
        made = edits_of(diff.hunks, placed)
        assert {edit.id for its in made for edit in its} == {edit.id for edit in edits[number]}
        assert all(made)
        for hunk, its in zip(diff.hunks, made, strict=True):
            hunks += 1
            alone = [edit for edit in its if sum(edit in others for others in made) == 1]
            assert changes_only(hunk, texts[number], splice(texts[number], alone, "utf-8"))
    assert hunks > 150 or end == "\r"


def test_edits_made_one_after_the_other_are_replayed(tmp_path: Path) -> None:
    before = b"".join(b"def f%d():\n    return %d\n\n\n" % (number, number) for number in range(12))
    chance, text, edits = random.Random(3), before, list[Edit]()
    for number in chance.sample(range(12), 12):
        start = text.index(b"def f%d()" % number) + len(b"def f%d():\n" % number)
        made = edit_at(text, start, start, f'    """Give {number}."""\n')
        edits.append(made)
        text = splice(text, [made], "utf-8")
    (diff,) = diffs(tmp_path / "project", [(before, text)]).values()
    placed = place(edits, before, text)
    assert placed is not None
    for each in placed:
        (line,) = text.split(b"\n")[each.new.start : each.new.end]
        assert line.decode() + "\n" == each.edit.after
        assert each.old.start == each.old.end
        assert before.split(b"\n")[each.old.start - 1].startswith(b"def f")
    assert [len(its) for its in edits_of(diff.hunks, placed)] == [
        sum(line.sign == "+" for line in hunk.lines) for hunk in diff.hunks
    ]


def test_an_edit_of_what_an_earlier_one_wrote_is_in_the_same_place(tmp_path: Path) -> None:
    before = b"import os\n\n\n\n\n\n\n\n\n\ndef f():\n    return 1\n"
    first = edit_at(before, len(before) - 9, len(before) - 1, "return two()")
    middle = splice(before, [first], "utf-8")
    at = middle.index(b"two()")
    second = edit_at(middle, at, at + 5, "(\n        2\n    )")
    middle2 = splice(middle, [second], "utf-8")
    third = edit_at(middle2, 0, 0, "import sys\n")
    after = splice(middle2, [third], "utf-8")
    placed = place([first, second, third], before, after)
    assert placed is not None
    (diff,) = diffs(tmp_path / "project", [(before, after)]).values()
    assert edits_of(diff.hunks, placed) == [[third], [first, second]]


def test_edits_made_together_after_others_are_placed_in_the_text_that_they_were_made_to() -> None:
    before = b"a = 1\nb = 2\nc = 3\n"
    first = edit_at(before, 0, 0, "x = 0\n")
    middle = splice(before, [first], "utf-8")
    pair = [
        edit_at(middle, middle.index(old), middle.index(old) + 1, f"{old.decode()}_long_name") for old in (b"a", b"c")
    ]
    after = splice(middle, pair, "utf-8")
    placed = place([first, *pair], before, after)
    assert placed is not None
    assert [tuple(each.new) for each in placed] == [(0, 1), (1, 2), (3, 4)]
    assert [tuple(each.old) for each in placed] == [(0, 0), (0, 1), (2, 3)]


def test_edits_that_would_fit_in_several_ways_are_placed_in_the_one_that_makes_the_file() -> None:
    before = b"aaaa\nbbbb\ncccc\ndddd\n"
    first = edit_at(before, 0, 0, "zzzz\n")
    middle = splice(before, [first], "utf-8")
    pair = [edit_at(middle, 5, 5, "xxxx\n"), edit_at(middle, 15, 15, "yyyy\n")]
    placed = place([first, *pair], before, splice(middle, pair, "utf-8"))
    assert placed is not None
    assert [tuple(each.old) for each in placed] == [(0, 0), (0, 0), (2, 2)]
    assert [tuple(each.new) for each in placed] == [(0, 1), (1, 2), (4, 5)]
    one_by_one = splice(splice(middle, pair[:1], "utf-8"), pair[1:], "utf-8")
    again = place([first, *pair], before, one_by_one)
    assert again is not None
    assert [tuple(each.old) for each in again] == [(0, 0), (0, 0), (1, 1)]


def test_nothing_is_said_of_edits_that_do_not_make_the_file(tmp_path: Path) -> None:
    before = b"a = 1\nb = 2\n"
    edit = edit_at(before, 0, 1, "z")
    assert place([edit], before, b"z = 1\nb = 3\n") is None
    latin = edit_at(b"# coding: latin-1\nx\n", 18, 19, "\N{SNOWMAN}", "latin-1")
    assert place([latin], b"# coding: latin-1\nx\n", b"# coding: latin-1\n?\n") is None


def test_five_thousand_edits_of_one_file_are_placed_each_in_its_hunk(tmp_path: Path) -> None:
    block = b"class A(object):\n" + b"\n" * 9
    before = block * 5000
    places = [(number * len(block) + 7, number * 10 + 1) for number in range(5000)]
    edits = [
        make_edit(
            "AR020", "f", Span(at, at + 8, line, 8), before="(object)", after="", evidence=Evidence.PROVED, reason=""
        )
        for at, line in places
    ]
    after = before.replace(b"(object)", b"")
    (diff,) = diffs(tmp_path / "project", [(before, after)]).values()
    placed = place(edits, before, after)
    assert placed is not None
    assert edits_of(diff.hunks, placed) == [[edit] for edit in edits]
