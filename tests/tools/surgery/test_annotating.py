"""Annotations: what is no type there, what has to be imported or written as a text, and what never changes."""

from __future__ import annotations

import pytest

from archaeologist_tools.surgery.annotating import annotate
from support.surgery import module, refusal

STOCK = '''\
"""Stock."""

import os
from pathlib import Path
from threading import Lock

LIMIT = 3
Pairs = dict


class Item:
    pass


class Stock:
    def add(self, name, count=1, *rest, key = None, **more):  # why
        if name:
            return count

    def list(self):
        return [1]

    def typed(self, a: int, b: "str" = "") -> None:
        pass


def make(path, lock):
    yield path


def commented(a):
    # type: (int) -> None
    pass


class Later:
    pass
'''


def annotated(source: str, qualname: str, types: dict[str, str], target: tuple[int, int] = (3, 8)) -> str:
    return annotate(module(source, target=target), qualname, types, target).data.decode()


def header(source: str, name: str) -> str:
    (line,) = (line for line in source.splitlines() if f"def {name}(" in line)
    return line.strip()


@pytest.mark.parametrize(
    ("qualname", "types", "reason"),
    [
        ("Stock", {"name": "str"}, "`Stock` is a class; annotate its methods, such as `Stock.__init__`"),
        ("Stock.add", {"nmae": "str"}, "`add` has no parameter `nmae`; it has self, name, count, key, rest, more"),
        ("Stock.add", {"name": "list["}, "`list[` does not parse"),
        ("Stock.add", {"name": "'list['"}, "does not parse"),
        ("Stock.add", {"name": "1"}, "`1` is no type"),
        ("Stock.add", {"name": "str()"}, "`str()` is no type"),
        ("Stock.add", {"name": "Literal[os.remove('x')]"}, "is no type"),
        ("Stock.add", {"name": "Annotated[str, os.remove('x')]"}, "is no type"),
        ("Stock.add", {"name": "Annotated[os.remove('x'), 1]"}, "is no type"),
        ("Stock.add", {"name": "dict[str, os.remove('x')]"}, "is no type"),
        ("Stock.add", {"name": "'os.remove(1)'"}, "is no type"),
        ("Stock.add", {"name": "[str]"}, "`[str]` is no type"),
        ("Stock.add", {"name": "str or None"}, "`str or None` is no type"),
        ("Stock.add", {"name": "os.system('ls')"}, "is no type"),
        ("Stock.add", {"name": "str\nimport os"}, "does not parse"),
        ("Stock.add", {"name": "Lock\n| None"}, "does not parse"),
        ("Stock.add", {"name": "int[str]"}, "`int` takes nothing in brackets"),
        ("Stock.add", {"name": "any"}, "the builtin `any` is no type"),
        ("Stock.add", {"name": "Tree"}, "`Tree` is not known in app/stock.py; import it first"),
        ("Stock.add", {"name": "Self"}, "`Self` needs Python 3.11"),
        ("Stock.add", {"name": "LIMIT"}, "`LIMIT` is a variable there, bound on line 7"),
        ("Stock.add", {"name": "make"}, "`make` is a function there, bound on line 27"),
        ("Stock.add", {"name": "list[int]"}, "`list` is a function there, bound on line 20"),
        ("Stock.add", {"key": "str"}, "`key` is None by default, which `str` does not allow"),
        ("Stock.add", {"return": "None"}, "`add` gives a value on line 18, which `None` does not allow"),
        ("make", {"return": "None"}, "`make` gives a value on line 28"),
        ("Stock.typed", {"a": "str"}, "`a` is annotated already, as `int`"),
        ("Stock.typed", {"return": "int"}, "the result is annotated already, as `None`"),
        ("commented", {"a": "int"}, "`commented` has type comments"),
    ],
)
def test_refused(qualname: str, types: dict[str, str], reason: str) -> None:
    assert reason in refusal(annotate, STOCK, qualname, types, (3, 8))


@pytest.mark.parametrize(
    "source",
    [
        "import typer\ndef f(a): pass\n",
        "import inspect\ndef f(a): pass\nx = inspect.signature(f)\n",
        "def f(a): pass\nx = f.__annotations__\n",
    ],
)
def test_nothing_is_annotated_where_annotations_are_read(source: str) -> None:
    assert "reads annotations when it runs" in refusal(annotate, source, "f", {"a": "int"}, (3, 8))


def test_init_returns_none() -> None:
    source = "class A:\n    def __init__(self):\n        pass\n"
    assert "`__init__` returns None" in refusal(annotate, source, "A.__init__", {"return": "int"}, (3, 8))
    assert "__init__(self) -> None:" in annotated(source, "A.__init__", {"return": "None"})


def test_a_name_that_is_used_otherwise_is_not_imported() -> None:
    source = "def f(a): pass\nx = Any\n"
    assert "`Any` cannot be imported" in refusal(annotate, source, "f", {"a": "Any"}, (3, 8))


def test_all_kinds_of_parameters_are_annotated_and_the_rest_stays() -> None:
    types = {"name": "str", "count": "int", "*rest": "float", "key": "Optional[str]", "**more": "Path", "return": "Any"}
    after = annotated(STOCK, "Stock.add", types)
    new = (
        "def add(self, name: str, count: int = 1, *rest: float, key: Optional[str] = None, **more: Path) -> Any:  # why"
    )
    assert header(after, "add") == new
    old = "def add(self, name, count=1, *rest, key = None, **more):  # why"
    assert after.replace(new, old) == STOCK.replace("Lock\n", "Lock\nfrom typing import Any, Optional\n")


def test_annotations_are_replaced_when_that_is_asked_for() -> None:
    read = module(STOCK)
    done = annotate(read, "Stock.typed", {"a": "str", "b": "bytes", "return": "int"}, (3, 8), replace=True)
    assert header(done.data.decode(), "typed") == 'def typed(self, a: str, b: bytes = "") -> int:'


def test_what_is_annotated_so_already_is_no_edit() -> None:
    assert annotate(module(STOCK), "Stock.typed", {"a": "int", "b": "str", "return": "None"}, (3, 8)).edits == ()


@pytest.mark.parametrize(
    ("types", "target", "written"),
    [
        ("Item", (3, 8), "Item"),
        ("Stock", (3, 8), '"Stock"'),
        ("Later", (3, 8), '"Later"'),
        ("'Item'", (3, 8), "Item"),
        ("dict[str, Item]", (3, 8), '"dict[str, Item]"'),
        ("dict[str, Item]", (3, 9), "dict[str, Item]"),
        ("Item | None", (3, 9), '"Item | None"'),
        ("Item | None", (3, 10), "Item | None"),
        ("Path | str | None", (3, 10), "Path | str | None"),
        ("Lock | None", (3, 10), '"Lock | None"'),
        ("Item[int]", (3, 12), '"Item[int]"'),
        ("'Later' | None", (3, 12), '"Later | None"'),
        ("os.PathLike[str]", (3, 12), '"os.PathLike[str]"'),
        ("Callable[..., Item]", (3, 8), "Callable[..., Item]"),
        ("Callable[[str, int], None]", (3, 9), "Callable[[str, int], None]"),
        ("Literal['a', 1]", (3, 8), "Literal['a', 1]"),
        ("Literal['a'] | None", (3, 9), "\"Literal['a'] | None\""),
        ("Union[Later, None]", (3, 8), '"Union[Later, None]"'),
        ("Pairs", (3, 8), "Pairs"),
    ],
)
def test_what_cannot_be_evaluated_is_written_as_a_text(types: str, target: tuple[int, int], written: str) -> None:
    after = annotated(STOCK, "Stock.list", {"return": types}, target)
    assert header(after, "list") == f"def list(self) -> {written}:"
    compile(after, "stock.py", "exec", dont_inherit=True)
    exec(after, {"__name__": "stock"})


@pytest.mark.parametrize(
    ("imported", "target", "written"),
    [
        ("from typing import Sequence", (3, 8), "Sequence[int]"),
        ("from collections.abc import Sequence", (3, 8), '"Sequence[int]"'),
        ("from collections.abc import Sequence", (3, 9), "Sequence[int]"),
        ("from .kinds import Sequence", (3, 9), '"Sequence[int]"'),
        ("class Sequence: pass", (3, 9), '"Sequence[int]"'),
    ],
)
def test_what_a_name_stands_for_tells_whether_it_takes_arguments(
    imported: str, target: tuple[int, int], written: str
) -> None:
    after = annotated(f"{imported}\n\n\ndef f(a): pass\n", "f", {"a": "Sequence[int]"}, target)
    assert header(after, "f") == f"def f(a: {written}): pass"


def test_lazy_annotations_are_never_texts() -> None:
    source = "from __future__ import annotations\n\n\ndef f(a): pass\n\n\nclass Later: pass\n"
    assert header(annotated(source, "f", {"a": "Later | list[int]"}), "f") == "def f(a: Later | list[int]): pass"


def test_names_for_type_checkers_are_written_as_texts() -> None:
    source = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from a import B\n\n\ndef f(a): pass\n"
    assert header(annotated(source, "f", {"a": "B"}), "f") == 'def f(a: "B"): pass'


@pytest.mark.parametrize(
    ("target", "line"), [((3, 8), "from typing import Sequence"), ((3, 9), "from collections.abc")]
)
def test_abstract_collections_come_from_where_they_can_be_subscripted(target: tuple[int, int], line: str) -> None:
    assert line in annotated(STOCK, "make", {"path": "Sequence[str]"}, target)


@pytest.mark.parametrize(
    ("source", "after"),
    [
        ("def f(a=lambda: 1): pass\n", "def f(a: int = lambda: 1) -> str: pass\n"),
        ("def f(a=(1)): pass\n", "def f(a: int = (1)) -> str: pass\n"),
        ("def f(\n    a,  # (why\n): pass\n", "def f(\n    a: int,  # (why\n) -> str: pass\n"),
        ("@g(lambda: [1])\ndef f(a) :\n\tpass\n", "@g(lambda: [1])\ndef f(a: int) -> str :\n\tpass\n"),
        ("async def f(a, b={1: 2}, *, c): pass\n", "async def f(a: int, b={1: 2}, *, c) -> str: pass\n"),
        ("def f(a\n      =1): pass\n", "def f(a: int\n      =1) -> str: pass\n"),
        ("def f(a): pass\r\n", "def f(a: int) -> str: pass\r\n"),
        ("def é(): 'ü'; (lambda f: f)\ndef f(a): pass\n", "def é(): 'ü'; (lambda f: f)\ndef f(a: int) -> str: pass\n"),
    ],
)
def test_any_layout_of_a_header(source: str, after: str) -> None:
    assert annotated(source, "f", {"a": "int", "return": "str"}) == after


def test_places_are_right_in_another_encoding() -> None:
    source = "# coding: latin-1\ndef f(ä, b='ö', c=1): pass\n".encode("latin-1")
    done = annotate(module(source), "f", {"ä": "int", "c": "str"}, (3, 8))
    assert done.data.decode("latin-1").endswith("def f(ä: int, b='ö', c: str = 1): pass\n")
