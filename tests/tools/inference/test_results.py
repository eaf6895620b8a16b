"""What functions give is told where every class of the file that has a method tells it."""

from __future__ import annotations

import pytest

from archaeologist_tools.inference.results import results
from archaeologist_tools.source.module import Module, read_module

SOURCE = b"""
class A:
    def known(self):
        return 1
    def doubtful(self):
        return 1

class B:
    def doubtful(self):
        return given
    def known(self):
        return 'x'
    def own(self):
        return given

class C:
    def doubtful(self):
        return 2
"""


def test_method_is_told_where_all_classes_tell_it() -> None:
    module = read_module("app.py", SOURCE)
    assert isinstance(module, Module)
    assert dict(results(module)) == {"A.known": "int", "B.known": "str"}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("return 1", "int"),
        ("return 1, 2", ""),
        ("if x: return 1\n        return 1, 2", ""),
        ("return tuple(x)", ""),
        ("return [(1, 2)]", "list[tuple[int, int]]"),
        ("yield 1\n        return 1, 2", "iterator"),
        ("g = lambda: (1, 2)\n        def g(): return 1, 2\n        return 1", "int"),
    ],
)
def test_method_is_told_where_it_gives_no_tuple(body: str, told: str) -> None:
    module = read_module("app.py", f"class A:\n    def f(self):\n        {body}\n".encode())
    assert isinstance(module, Module)
    assert dict(results(module)) == ({"A.f": told} if told else {})


def test_method_is_not_told_where_another_class_of_that_name_does_not_tell_it() -> None:
    again = b"class A:\n    def f(self):\n        return 1\nclass A:\n    def f(self):\n        return given\n"
    module = read_module("app.py", again)
    assert isinstance(module, Module)
    assert not dict(results(module))
