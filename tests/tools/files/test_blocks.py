"""Moving lines one block deeper: what changes is indentation, and nothing else."""

from __future__ import annotations

import ast

import pytest

from archaeologist_tools.files.blocks import LayoutError, deeper, trailing, unit
from archaeologist_tools.source.index import Index
from archaeologist_tools.source.module import Module, read_module


def read(source: str) -> Module:
    module = read_module("app.py", source.encode())
    assert isinstance(module, Module)
    return module


def moved(source: str) -> str:
    module = read(source)
    return "".join(deeper(module, 1, module.lines, within="", by="    "))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 1\n\n# c\nif x:\n    y\n", "    x = 1\n\n    # c\n    if x:\n        y\n"),
        ("x = 'a \\\rb'\ry\r", "    x = 'a \\\rb'\r    y\r"),
        ("x = '''a\nb\n'''\ny\n", "    x = '''a\nb\n'''\n    y\n"),
        ("x = f'''a\n{1}\n'''\ny\n", "    x = f'''a\n{1}\n'''\n    y\n"),
        ("x = ('a'\n     'b')\n", "    x = ('a'\n         'b')\n"),
        ("x = 'a\\\nb'\n", "    x = 'a\\\nb'\n"),
        ("x = 1 + \\\n  2\n", "    x = 1 + \\\n      2\n"),
        ("x\n\x0c\ny\n", "    x\n\x0c\n    y\n"),
        ("x\r\n\r\ny\r\n", "    x\r\n\r\n    y\r\n"),
    ],
)
def test_moved(before: str, after: str) -> None:
    assert moved(before) == after


def test_moved_code_means_the_same() -> None:
    source = "x = '''a\n  b'''\nfor y in x:\n    z = (y,\n1)\n"
    block = "if 1:\n" + moved(source)
    (parsed,) = ast.parse(block).body
    assert isinstance(parsed, ast.If)
    assert [ast.dump(node) for node in parsed.body] == [ast.dump(node) for node in ast.parse(source).body]


@pytest.mark.parametrize(("source", "code"), [("x = " + "1" * 115 + "\n", "too-long"), ("x\n\x0cy\n", "layout")])
def test_lines_that_cannot_be_moved(source: str, code: str) -> None:
    with pytest.raises(LayoutError) as raised:
        moved(source)
    assert raised.value.code == code


def test_line_that_is_too_long_already_may_get_longer() -> None:
    source = "x = " + "1" * 120 + "\n"
    assert moved(source) == "    " + source


@pytest.mark.parametrize("step", ["\t", "  ", "        "])
def test_unit_is_that_of_the_block_around(step: str) -> None:
    module = read(f"if 1:\n{step}x = 1\n")
    index = Index(module.tree)
    (statement,) = index.of(ast.Assign)
    assert unit(module, index, statement) == step


def test_unit_at_module_level_is_that_of_the_module() -> None:
    module = read("x = 1\nif 1:\n  pass\n")
    index = Index(module.tree)
    assert unit(module, index, index.of(ast.Assign)[0]) == "  "


def test_what_follows_a_statement() -> None:
    module = read("x = 1  # c\ny = 2\nz = 3; 4\n")
    first, second, third, _ = module.tree.body
    assert (trailing(module, first), trailing(module, second)) == ("  # c", "")
    with pytest.raises(LayoutError, match="shared-line"):
        trailing(module, third)
