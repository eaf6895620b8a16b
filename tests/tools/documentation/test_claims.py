"""Docstrings held against the code: what is not so is found, and what is so passes, in every usual style."""

from __future__ import annotations

import pytest

from archaeologist_tools.documentation.api import api_lines
from archaeologist_tools.documentation.claims import false_claims
from archaeologist_tools.documentation.examples import Example, examples_of
from archaeologist_tools.errors import EditRefused
from support.surgery import module

SOURCE = '''\
"""Stock."""

from errors import Wrong


class Stock(dict):
    limit = 3

    def __init__(self, name, size=1):
        self.name = name

    def add(self, item, *rest, key=None, **more):
        """Add."""
        if not item:
            raise ValueError(item)
        self.check()
        return item

    def check(self):
        if self.limit:
            raise Wrong.Deep("x")

    def each(self):
        def inner():
            return 1
        yield from self

    def again(self):
        try:
            pass
        except Exception as error:
            raise error

    def _hidden(self):
        raise KeyError


def nothing(a):
    return


def soon():
    raise NotImplementedError
'''


@pytest.mark.parametrize(
    ("qualname", "text", "wrong"),
    [
        (
            "Stock.add",
            "Do.\n\nArgs:\n    itme: one",
            "`Stock.add` has no parameter `itme`; it has self, item, key, rest, more",
        ),
        ("Stock.add", "Do.\n\n:param itme: one", "has no parameter `itme`"),
        ("Stock.add", "Do.\n\nParameters\n----------\nitem, kye : int\n    a", "has no parameter `kye`"),
        ("nothing", "Do.\n\nArgs:\n    a: one\n    b (int): two", "`nothing` has no parameter `b`; it has a"),
        ("Stock", "Doc.\n\nArgs:\n    item: one", "`Stock` has no parameter `item`; it has self, name, size"),
        ("Stock", "Doc.\n\nAttributes:\n    colour: one", "`Stock` has no attribute `colour`"),
        ("Stock.add", "Do.\n\nRaises:\n    KeyError: never", "nothing here raises `KeyError` in `Stock.add`"),
        ("nothing", "Do.\n\n:raises ValueError: never", "nothing here raises `ValueError`"),
        ("Stock.each", "Do.\n\nRaises:\n    OSError: never", "nothing here raises `OSError`"),
        ("nothing", "Do.\n\nReturns:\n    a thing", "`nothing` returns nothing; leave out what it returns"),
        ("Stock.check", "Do.\n\nReturns:\n    None", "`Stock.check` returns nothing"),
        ("Stock.each", "Do.\n\nReturns:\n    items", "`Stock.each` is a generator; say what it yields"),
        ("Stock.add", "Do.\n\nYields:\n    items", "`Stock.add` is no generator"),
        ("nothing", "Do.\n\n>>> nothing(", "the example on line 3 does not parse"),
        ("", "Doc.\n\n>>> nothing(1", "the example on line 3 does not parse"),
        ("", "Doc.\n\n>>>nothing(1)", "the examples cannot be read"),
    ],
)
def test_what_is_not_so_is_found(qualname: str, text: str, wrong: str) -> None:
    found = false_claims(module(SOURCE), qualname, text)
    assert len(found) == 1
    assert wrong in found[0]


@pytest.mark.parametrize(
    ("qualname", "text"),
    [
        (
            "Stock.add",
            "Do.\n\nArgs:\n    item: one\n    *rest: two\n    key (str): three\n    **more: four\n\nReturns:\n    it",
        ),
        ("Stock.add", "Do.\n\n:param item: one\n:returns: it\n:raises ValueError: when empty"),
        ("Stock.add", "Do.\n\nParameters\n----------\nitem, key : int\n    a\n\nReturns\n-------\nint\n    b"),
        ("Stock.add", "Do.\n\nRaises:\n    ValueError: when empty\n    Wrong.Deep: when full"),
        ("Stock", "Doc.\n\nArgs:\n    name: one\n\nAttributes:\n    limit: two\n    name: three"),
        ("Stock.each", "Do.\n\nYields:\n    items"),
        ("Stock.again", "Do.\n\nRaises:\n    Exception: the same again"),
        ("soon", "Do.\n\nReturns:\n    what others make of it"),
        ("nothing", "Do it.\n\n>>> nothing(1)\n>>> nothing(2)\n3"),
        ("nothing", "Returns: nothing that could be said"),
        ("", "Doc of: a module.\n\nArgs:\n    of: nothing"),
    ],
)
def test_what_is_so_passes(qualname: str, text: str) -> None:
    assert false_claims(module(SOURCE), qualname, text) == []


def test_a_docstring_of_nothing_is_refused() -> None:
    with pytest.raises(EditRefused, match=r"defines no class or function `Stock\.ad`"):
        false_claims(module(SOURCE), "Stock.ad", "Do.")


def test_examples_are_found_with_what_they_want() -> None:
    text = "Do.\n\n>>> f(1)\n2\n>>> for x in y:\n...     g(x)\n"
    assert examples_of(text) == (Example("f(1)\n", "2\n", 3), Example("for x in y:\n    g(x)\n", "", 5))


def test_the_api_tells_what_a_docstring_may_say() -> None:
    assert [*api_lines(module(SOURCE))] == [
        "app/stock.py: Stock.",
        "  line 6: class Stock(dict): no docstring",
        "    line 9: def Stock.__init__(self, name, size=1): no docstring; returns nothing",
        "    line 12: def Stock.add(self, item, *rest, key=None, **more): Add.; raises Deep, ValueError",
        "    line 19: def Stock.check(self): no docstring; raises Deep; returns nothing",
        "    line 23: def Stock.each(self): no docstring; yields",
        "    line 28: def Stock.again(self): no docstring; returns nothing",
        "  line 38: def nothing(a): no docstring; returns nothing",
        "  line 42: def soon(): no docstring; raises NotImplementedError",
    ]
