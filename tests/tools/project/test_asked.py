"""What is left out where it is known what is asked."""

from __future__ import annotations

import pytest

from archaeologist_tools.inference.results import results, untold_methods
from archaeologist_tools.project.asked import Asked
from archaeologist_tools.project.hints import hints
from archaeologist_tools.source.module import Module, read_module


def module_of(source: str) -> Module:
    module = read_module("a.py", source.encode())
    assert isinstance(module, Module)
    return module


@pytest.mark.parametrize(
    ("source", "borrowed"),
    [
        ("from lib import f as g, LIMIT\n", {"f", "LIMIT"}),
        ("import lib\ny = lib.f(x.m()[0].n)\n", {"f", "m"}),
        ("import lib\nlib.f(x.m()[0].n)\n", {"m"}),
        ("x.m()\nreturn_ = [x.m()]\n", {"m"}),
        ("f(x)\n", set()),
    ],
)
def test_what_is_imported_or_called_as_an_attribute_is_asked_for(source: str, borrowed: set[str]) -> None:
    asked = Asked()
    asked.add(module_of(source).index, (), ())
    assert asked.borrowed == borrowed


def test_functions_and_classes_answer() -> None:
    asked = Asked()
    asked.add(module_of("class A:\n    def m(self):\n        async def n(): pass\n").index, ("Pair",), ())
    other = Asked()
    other.add(module_of("def f(): pass\n").index, (), ())
    asked.update(other)
    assert asked.defined == {"A", "m", "n", "f", "Pair"}


def test_results_are_found_of_what_is_asked() -> None:
    module = module_of("A = 1\nB = 2\ndef f(): return 1\ndef g(): return 2\nclass C:\n    def m(self): return 3\n")
    assert dict(results(module, {"A", "f"}, {"n"})) == {"A": "int", "f()": "int"}
    assert [name for name, _ in results(module)] == ["A", "B", "f()", "g()", "C.m"]


@pytest.mark.parametrize(
    ("body", "is_untold"),
    [
        ("def m(self): return 1", False),
        ("def m(self): raise E", True),
        ("def m(self):\n        'To be overridden.'\n        raise E", True),
        ("def m(self):\n        (yield)\n        raise E", False),
        ("def m(self):\n        f()\n        raise E", False),
        ("@cached\n    def m(self): return 1", True),
        ("@property\n    def m(self): return 1\n    @m.setter\n    def m(self, value): pass", False),
        ("def m(self):\n" + 70 * "        f()\n", True),
        ("def __str__(self): raise E", False),
    ],
)
def test_method_is_untold_where_its_head_says_so(body: str, *, is_untold: bool) -> None:
    source = f"class A:\n    {body}\nclass B:\n    def m(self): return 1\n"
    assert list(untold_methods(module_of(source).index)) == ["m"] * is_untold
    assert not (is_untold and [*results(module_of(source))])


def test_results_of_methods_that_are_untold_elsewhere_are_not_found() -> None:
    module = module_of("def m(): return 1\nclass A:\n    def m(self): return 1\n    def n(self): return 1\n")
    assert dict(results(module, {"m", "n"}, {"n"})) == {"m()": "int", "A.n": "int"}


def test_what_one_class_does_not_tell_is_not_asked_of_other_files() -> None:
    methods = {"m", "n", "o"}
    source = "class A:\n    def m(self): return 1\n    def n(self): return given\n"
    assert dict(results(module_of(source), (), methods)) == {"A.m": "int"}
    assert methods == {"m", "o"}


def test_nothing_is_told_of_what_other_functions_are_given_and_give() -> None:
    source = "class A(B):\n    def __init__(self, a):\n        B.__init__(self, a)\n"
    source += "f(g(x), k='a')\nA(f(x))\nself.y, self.z = g(x), len(g(x))\nself.w = x.strip()\n"
    index = module_of(source).index
    shown = hints(index, {"A", "g"})
    assert shown.flows == {("p:A:a", "p:A:0"), ("a:y", "r:g")}
    assert shown.plain == {"a:z", "a:w"}
    assert {("p:f:0", "r:g"), ("p:B:0", "p:A:a"), ("p:A:0", "r:f"), ("a:w", "r:strip")} <= hints(index).flows
