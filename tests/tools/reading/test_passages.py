from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.errors import EditRefused
from archaeologist_tools.reading.passages import code_of
from archaeologist_tools.safety.fencing import fenced
from support.snapshots import snapshot_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from archaeologist_tools.git.snapshot import Snapshot

ENOUGH = 10_000
STOCK = '''\
"""Stock."""

LIMIT = 3


@register
class Stock:
    unit = 1

    def __init__(self):
        self.n = 0
        self.m = 0

    @property
    def left(self):
        total = 0
        return total

    def add(self, n): self.n = n


def outer(a,
          b=LIMIT):
    def inner():
        return a

    return inner
'''
PROPERTY = """\
class A:
    @property
    def x(self): pass

    y = 1

    @x.setter
    def x(self, value): pass
"""


def shown(snapshot: Snapshot, path: str, qualnames: Collection[str], limit: int) -> str:
    """Return the code as a model reads it: in a fence, and what is missing below it."""
    excerpt = code_of(snapshot, path, qualnames, limit)
    return "\n".join(part for part in (fenced(excerpt.text, excerpt.label), excerpt.rest) if part)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    files: dict[str, str | bytes] = {
        "app/stock.py": STOCK,
        "app/latin.py": b"# coding: latin-1\r\n\r\ndef umlaut():\r\n    return '\xe4'\r\n",
        "app/property.py": PROPERTY,
        "app/old.py": b"def f():\n    print 'hello'\n",
        "app/empty.py": b"",
        "app/shop.py": 'def connect():\n    password = "hT7#kk2!pq9Z"\n    return password\n',
    }
    return snapshot_of(tmp_path_factory.mktemp("passages") / "shop", files)


def code(snapshot: Snapshot, *qualnames: str, outlined: bool = False) -> list[str]:
    return code_of(snapshot, "app/stock.py", qualnames, ENOUGH, outlined=outlined).text.split("\n")


def test_a_method_is_shown_with_its_decorators_below_its_class(snapshot: Snapshot) -> None:
    assert code(snapshot, "Stock.left") == [
        "7\tclass Stock:",
        "14\t    @property",
        "15\t    def left(self):",
        "16\t        total = 0",
        "17\t        return total",
    ]


def test_several_places_are_in_one_excerpt_whose_label_says_that_lines_are_missing(snapshot: Snapshot) -> None:
    excerpt = code_of(snapshot, "app/stock.py", ["outer.inner", "Stock.add"], ENOUGH)
    assert [line.number for line in excerpt.lines] == [7, 19, 22, 24, 25]
    assert excerpt.label == (f"app/stock.py, parts of lines 7-25 of 27, based_on={snapshot.oid('app/stock.py')[:12]}")
    whole = code_of(snapshot, "app/stock.py", ["outer"], ENOUGH)
    assert ", lines 22-27 of 27, " in whole.label


def test_what_is_named_within_another_place_is_shown_once(snapshot: Snapshot) -> None:
    assert code(snapshot, "outer", "outer.inner") == code(snapshot, "outer")


def test_an_outlined_class_has_its_methods_folded_except_what_makes_it(snapshot: Snapshot) -> None:
    assert code(snapshot, "Stock", outlined=True) == [
        "6\t@register",
        "7\tclass Stock:",
        "8\t    unit = 1",
        "9\t",
        "10\t    def __init__(self):",
        "11\t        self.n = 0",
        "12\t        self.m = 0",
        "13\t",
        "14\t    @property",
        "15\t    def left(self):",
        "16\t        ... [to line 17]",
        "18\t",
        "19\t    def add(self, n): self.n = n",
    ]
    assert "16\t        total = 0" in code(snapshot, "Stock", "Stock.left", outlined=True)
    assert "16\t        total = 0" in code(snapshot, "Stock")


@pytest.mark.parametrize("qualname", ["", "Stock.gone"])
def test_without_such_a_name_the_module_is_shown_with_folded_functions(snapshot: Snapshot, qualname: str) -> None:
    assert code(snapshot, qualname)[9:] == [
        "10\t    def __init__(self):",
        "11\t        ... [to line 12]",
        "13\t",
        "14\t    @property",
        "15\t    def left(self):",
        "16\t        ... [to line 17]",
        "18\t",
        "19\t    def add(self, n): self.n = n",
        "20\t",
        "21\t",
        "22\tdef outer(a,",
        "23\t          b=LIMIT):",
        "24\t    ... [to line 27]",
    ]
    assert "16\t        total = 0" in code(snapshot, qualname, "Stock.left")


def test_what_there_is_no_room_for_is_told_with_how_to_read_on(snapshot: Snapshot) -> None:
    excerpt = code_of(snapshot, "app/stock.py", ["Stock"], 60)
    assert excerpt.lines[-1].number == 9
    assert (excerpt.cut, excerpt.rest) == (10, "[cut: read on with first_line=10 and last_line=19]")
    assert shown(snapshot, "app/stock.py", ["Stock"], 60).endswith(f"\n{excerpt.rest}")
    assert "cut" not in shown(snapshot, "app/stock.py", ["Stock"], ENOUGH)


def test_the_code_stands_in_a_fence_under_its_path_and_hash(snapshot: Snapshot) -> None:
    head, *lines, last = shown(snapshot, "app/stock.py", ["outer"], ENOUGH).split("\n")
    assert "app/stock.py" in head
    assert f"based_on={snapshot.oid('app/stock.py')[:12]}" in head
    assert lines[0] == "22\tdef outer(a,"
    assert not last.startswith("27\t")


def test_the_functions_of_a_property_are_shown_together(snapshot: Snapshot) -> None:
    excerpt = code_of(snapshot, "app/property.py", ["A.x"], ENOUGH)
    assert [line.number for line in excerpt.lines] == [1, 2, 3, 7, 8]
    assert "parts of lines 1-8 of 8" in excerpt.label


def test_files_are_shown_in_their_own_encoding(snapshot: Snapshot) -> None:
    assert code_of(snapshot, "app/latin.py", ["umlaut"], ENOUGH).text == "3\tdef umlaut():\n4\t    return 'ä'"


def test_a_file_that_is_no_python_3_is_shown_as_it_is(snapshot: Snapshot) -> None:
    assert code_of(snapshot, "app/old.py", ["f"], ENOUGH).text == "1\tdef f():\n2\t    print 'hello'"


def test_an_empty_file_can_be_shown(snapshot: Snapshot) -> None:
    assert code_of(snapshot, "app/empty.py", [""], ENOUGH).text == "1\t"


def test_no_secret_is_shown(snapshot: Snapshot) -> None:
    assert "hT7#kk2!pq9Z" not in shown(snapshot, "app/shop.py", ["connect"], ENOUGH)


def test_what_is_no_text_of_the_repository_is_refused(snapshot: Snapshot) -> None:
    with pytest.raises(EditRefused, match="there is no file"):
        shown(snapshot, "app/gone.py", ["f"], ENOUGH)
