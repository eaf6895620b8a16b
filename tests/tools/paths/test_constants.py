"""The text of names, where it is certain."""

from __future__ import annotations

import ast

import pytest

from archaeologist_tools.paths.constants import constant
from archaeologist_tools.source.index import Index


def text(source: str) -> str | None:
    """The text of what is handed to `use`."""
    index = Index(ast.parse(source))
    (call,) = (node for node in index.of(ast.Call) if isinstance(node.func, ast.Name) and node.func.id == "use")
    return constant(call.args[0], index)


@pytest.mark.parametrize(
    "source",
    [
        "use(a)",
        "use(b'a')",
        "use(1)",
        "use(f())",
        "use('a' % 1)",
        "a = 'x'\na = 'y'\nuse(a)",
        "if z: a = 'x'\nuse(a)",
        "for a in 'x': pass\nuse(a)",
        "a = 'x'\na += 'y'\nuse(a)",
        "a = 'x'\ndef f(a): use(a)",
        "a = 'x'\ndef f():\n    global a\n    a = 'y'\nuse(a)",
        "def f():\n    a = 'x'\n    use(a)",
        "class A:\n    a = 'x'\n    def f(self): use(a)",
        "class A:\n    a = 'x'\n    a = 'y'\n    use(a)",
        "class A:\n    use(a)\n    a = 'x'",
        "class A:\n    a = 'x'\n    def a(self): pass\n    use(a)",
        "class A:\n    a = 'x'\n    from b import a\n    use(a)",
        "class A:\n    a = 'x'\n    try: pass\n    except E as a: pass\n    use(a)",
        "class A:\n    a = 'x'\n    with z as a: pass\n    use(a)",
        "from z import *\na = 'x'\nuse(a)",
        "a = a\nuse(a)",
        "a = 'x' + z\nuse(a)",
    ],
)
def test_text_is_not_certain(source: str) -> None:
    assert text(source) is None


@pytest.mark.parametrize(
    ("source", "known"),
    [
        ("use('a')", "a"),
        ("use('a' + 'b')", "ab"),
        ("a = 'x'\nuse(a)", "x"),
        ("a = 'x'\ndef f(): use(a + 'y')", "xy"),
        ("a = 'x'\nb = a + 'y'\nuse(b)", "xy"),
        ("class A:\n    a = 'x'\n    use(a)", "x"),
        ("a = 'z'\nclass A:\n    a = 'x'\n    use(a)", "x"),
        ("a = 'z'\nclass A:\n    def f(self): use(a)", "z"),
        ("class A:\n    a = 'x'\n    def f(self, b): pass\n    use(a)", "x"),
    ],
)
def test_text_is_certain(source: str, known: str) -> None:
    assert text(source) == known
