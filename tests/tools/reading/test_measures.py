"""What is found about the shape of code: outlines, complexity, copies, listings."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.reading.duplicates import duplicates
from archaeologist_tools.reading.lint import CODES, remarks
from archaeologist_tools.reading.listing import MOST_ROWS, listing
from archaeologist_tools.reading.metrics import metrics_of
from archaeologist_tools.reading.outlines import complexity_of, depth_of, outline
from archaeologist_tools.source.module import Module, read_module
from support.snapshots import snapshot_of

if TYPE_CHECKING:
    from pathlib import Path


def module(source: str, path: str = "a.py") -> Module:
    read = read_module(path, source.encode())
    assert isinstance(read, Module)
    return read


def function(body: str) -> ast.FunctionDef:
    node = ast.parse(f"def f(a, b):\n{body}").body[0]
    assert isinstance(node, ast.FunctionDef)
    return node


@pytest.mark.parametrize(
    ("body", "ways"),
    [
        (" pass", 1),
        (" if a: pass\n elif b: pass\n else: pass", 3),
        (" return a and b or a", 3),
        (" for x in a:\n  while b: pass", 3),
        (" try: pass\n except A: pass\n except B: pass\n finally: pass", 3),
        (" return [x for x in a if x] if b else 1", 3),
        (" match a:\n  case 1: pass\n  case _: pass", 3),
    ],
)
def test_complexity_is_the_number_of_decisions_and_one(body: str, ways: int) -> None:
    assert complexity_of(function(body)) == ways


@pytest.mark.parametrize(
    ("body", "depth"),
    [
        (" pass", 0),
        (" if a: pass", 1),
        (" if a: pass\n elif b: pass\n elif a: pass", 1),
        (" for x in a:\n  if x:\n   return 1", 2),
        (" try: pass\n except A:\n  if a: pass", 2),
    ],
)
def test_an_elif_is_no_deeper_than_its_if(body: str, depth: int) -> None:
    # The statements of the function itself are at depth 0, those of a block in it one deeper.
    assert depth_of(function(body)) == depth


def test_an_outline_nests_what_is_nested() -> None:
    source = (
        "@d\nclass A(B, metaclass=M):\n    'doc'\n    async def f(self, *, a: int = 3) -> str:\n        def g(): pass\n"
    )
    assert list(map(str, outline(module(source)))) == [
        "1-5 class A(B, metaclass=M)",
        "  4-5 async def f(self, *, a: int=3) -> str  complexity 1  no doc",
        "    5-5 def g()  complexity 1  no doc",
    ]


def test_lines_of_code_and_comments_are_told_apart() -> None:
    measured = metrics_of(module('"""a\n\nb"""\n# c\n\nx = [1,  # d\n     2]\n'))
    assert (measured.lines, measured.code, measured.comments) == (7, 5, 2)
    assert (measured.functions, measured.most_complex) == (0, "")


BODY = "    r = 0\n    for x in a:\n        if x > 3:\n            r += x * 2\n    return save(r, key='n')\n"


def copies_of(*bodies: str) -> list[list[str]]:
    source = "\n".join(f"def f{number}(a, b):\n{body}" for number, body in enumerate(bodies))
    return [[copy.name for copy in group] for group in duplicates([module(source)])]


def test_copies_differ_in_variables_comments_and_layout_only() -> None:
    renamed = re.sub(r"\bx\b", "item", re.sub(r"\br\b", "whole", BODY)).replace("    return", "    # c\n\n    return")
    assert copies_of(BODY, '    "doc"\n' + renamed) == [["f0", "f1"]]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("> 3", ">= 3"),
        ("> 3", "> 4"),
        ("* 2", "+ 2"),
        ("r += x", "r -= x"),
        ("save(", "load("),
        ("key=", "name="),
        ("    return save", "        return save"),
        ("r += x * 2", "r += r * 2"),
        ("            r += x * 2\n", "            r += x * 2\n        else:\n            pass\n"),
    ],
)
def test_what_does_something_else_is_no_copy(old: str, new: str) -> None:
    assert old in BODY
    assert copies_of(BODY, BODY.replace(old, new)) == []


def test_the_name_of_an_argument_is_no_variable() -> None:
    given = BODY.replace("key=", "x=")
    assert copies_of(given, re.sub(r"\bx\b", "item", BODY).replace("key=", "x=")) == [["f0", "f1"]]
    assert copies_of(given, re.sub(r"\bx\b", "item", given)) == []


def test_small_functions_are_no_copies() -> None:
    assert copies_of("    return a + b\n", "    return a + b\n") == []


def test_folders_are_counted_where_there_are_too_many_files(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {f"app/part{number % 3}/m{number}.py": "" for number in range(MOST_ROWS)}
    snapshot = snapshot_of(tmp_path / "shop", {**files, "app/top.py": "x"})
    found = listing(snapshot, "app")
    assert found.rows == ("app/part0/ 67 files", "app/part1/ 67 files", "app/part2/ 66 files", "app/top.py")
    assert (found.files, found.shown) == (201, 201)
    assert listing(snapshot, "app/part0").files == 67
    assert listing(snapshot, "", "top.*").rows == ("app/top.py 1",)


def test_the_linter_knows_all_codes_and_says_things_once() -> None:
    found = remarks(module("import os\ndef f():\n    global x\n    x = 1\ndef g():\n    global x\n    x = 2\n"), (3, 8))
    assert [str(each) for each in found if each.code == "PLW0603"] == [
        "PLW0603 Using the global statement to update `x` is discouraged: 3, 6"
    ]
    assert {each.code for each in found} <= set(CODES)
