"""What is found about names: usages, callers, definitions that nothing names, variables that change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.errors import EditRefused
from archaeologist_tools.reading.callers import callers
from archaeologist_tools.reading.files import python_in, python_of, with_word
from archaeologist_tools.reading.module_state import written_globals
from archaeologist_tools.reading.unused import unused_definitions
from archaeologist_tools.reading.usages import usages
from support.snapshots import snapshot_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from archaeologist_tools.reading.places import Place


def told(places: Iterable[Place]) -> list[str]:
    """Where things are, without the text of the line."""
    return [f"{place.path}:{place.line} {place.kind}" for place in places]


def test_a_name_is_told_by_what_it_does_on_a_line(tmp_path: Path) -> None:
    code = """\
from x import price
price = 1
def f(price):
    # price of it
    del price
    return price(price=2), self.price, "a price", prices
class price: pass
"""
    found = usages(snapshot_of(tmp_path / "shop", {"a.py": code}), "price", "a.py")
    assert told(found.places) == [
        "a.py:7 defines",
        "a.py:1 imports",
        "a.py:6 calls",
        "a.py:2 sets",
        "a.py:5 deletes",
        "a.py:6 reads",
        "a.py:3 argument",
        "a.py:6 argument",
        "a.py:4 text",
    ]
    assert found.places[2].inside == "f"


def test_usages_look_at_whole_words_in_files_of_every_kind(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "setup.cfg": "entry = app:start\nrestart = 1\n",
        "notes.bin": b"start\0",
        "latin.txt": b"caf\xe9 start\n",
        "old.py": "print 'start'\n",
    }
    found = usages(snapshot_of(tmp_path / "shop", files), "App.start")
    assert told(found.places) == ["latin.txt:1 text", "old.py:1 text", "setup.cfg:1 text"]
    assert found.unreadable == (
        "old.py: looks like Python 2 (line 1: Missing parentheses in call to 'print'. Did you mean print(...)?)",
    )


@pytest.mark.parametrize("name", ["", "a b", "-e", "--open-files-in-pager=sh", "a;b", "1x", "a\nb", "*"])
def test_only_names_are_looked_for(tmp_path: Path, name: str) -> None:
    with pytest.raises(EditRefused, match="is no name"):
        usages(snapshot_of(tmp_path / "shop", {}), name)


def test_only_what_is_below_a_folder_is_searched(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path / "shop", {"app/a.py": "start = 1\n", "apple/b.py": "start = 1\n"})
    assert python_in(snapshot, "app") == ["app/a.py"]
    assert with_word(snapshot, "start", "app") == ["app/a.py"]


def test_replaced_files_are_searched_as_they_are_by_now(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path / "shop", {"a.py": "start = 1\n", "b.py": "start = 1\n"})
    snapshot = snapshot.with_file("a.py", b"begin = 1\n").with_file("c.py", b"start = 2\n")
    assert with_word(snapshot, "start") == ["b.py", "c.py"]


def test_code_of_others_is_left_out_unless_it_is_asked_for(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path / "shop", {"vendor/six.py": "x = 1\n", "a.py": "x = 1\n"})
    assert "vendor/six.py" not in python_in(snapshot, "")
    assert python_in(snapshot, "vendor/") == ["vendor/six.py"]


def test_a_function_is_called_by_all_the_names_it_is_imported_under(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "from app.core import run\n",
        "app/core.py": "def run(): pass\nrun()\nhandlers = [run]\n",
        "b.py": "from app.core import run as go\ngo()\n",
        "c.py": "import app.core\napp.core.run()\n",
        "d.py": "from app import core as middle, run\nmiddle.run()\nrun()\n",
        "e.py": "from other import run\nrun()\n",
        "f.py": "from app.core import *\nrun()\n",
        "g.py": "def start(core): core.run()\n",
        "h.py": "def run(): pass\nrun()\n",
    }
    found = callers(snapshot_of(tmp_path / "shop", files), "app/core.py", "run")
    assert told(found.places) == [
        "app/core.py:2 calls",
        "app/core.py:3 hands it on",
        "b.py:2 calls",
        "c.py:2 calls",
        "d.py:2 calls",
        "d.py:3 calls",
        "f.py:2 calls",
        "e.py:2 perhaps calls",
        "g.py:1 perhaps calls",
    ]


def test_a_method_is_surely_called_on_self_only(tmp_path: Path) -> None:
    code = """\
class Stock:
    def __init__(self): self.fill()
    def fill(self): pass
class Other:
    def load(self, stock):
        self.fill()
        stock.fill()
        Stock.fill(stock)
        return Stock()
"""
    snapshot = snapshot_of(tmp_path / "shop", {"a.py": code})
    assert told(callers(snapshot, "a.py", "Stock.fill").places) == [
        "a.py:2 calls",
        "a.py:8 calls",
        "a.py:6 perhaps calls",
        "a.py:7 perhaps calls",
    ]
    assert told(callers(snapshot, "a.py", "Stock.__init__").places) == ["a.py:9 makes one"]


def test_the_functions_of_a_property_have_the_same_callers(tmp_path: Path) -> None:
    code = """\
class A:
    @property
    def x(self): pass
    @x.setter
    def x(self, v): pass
    def f(self): return self.x
"""
    found = callers(snapshot_of(tmp_path / "shop", {"a.py": code}), "a.py", "A.x")
    assert "a.py:6 hands it on" in told(found.places)


def test_what_a_text_or_a_test_names_is_not_surely_dead(tmp_path: Path) -> None:
    code = """\
class Reader(Base):
    def visit_name(self): pass

def named_in_cfg(): pass

def tested(): pass

@register
def plugin(): pass

@staticmethod
def plain(): pass

def dead():
    return 1

def recursive(): recursive()

def __getattr__(name): pass

def main(): pass
"""
    files = {
        "a.py": code,
        "setup.cfg": "run = a:named_in_cfg\n",
        "tests/test_a.py": "from a import tested\n",
        "c.py": "print 1\n",
    }
    found = unused_definitions(snapshot_of(tmp_path / "shop", files))
    shown = [str(each) for each in found.definitions if each.path == "a.py"]
    assert shown == [
        "a.py:11-12 plain",
        "a.py:14-15 dead",
        "a.py:1-2 Reader (its base class may know it)",
        "a.py:8-9 plugin (its decorator may register it)",
        "a.py:2-2 Reader.visit_name (may override one of a base class)",
        "a.py:6-6 tested (named in tests only)",
    ]
    assert [each.partition(":")[0] for each in found.unreadable] == ["c.py"]


def test_only_variables_of_the_module_that_change_are_told(tmp_path: Path) -> None:
    code = """\
LIMIT = 3
cache = {}
names = []
config = load()

def f(names, first=cache.pop(1)):
    cache["a"] = 1
    names.append(1)
    local = cache
    local.clear()

def g():
    global made
    made = 1
    cache = {}
    cache["b"] = 2
    config.debug = True
    LIMIT.bit_length()

class A:
    names = []
    def h(self):
        def inner():
            del cache["x"]
        self.names.append(1)
        return [names for names in self.names]
"""
    files = {"state.py": code, "b.py": "import state\nstate.LIMIT = 4\nself.state.cache = 1\nstate.names.append(1)\n"}
    snapshot = snapshot_of(tmp_path / "shop", files)
    found = written_globals(snapshot, python_of(snapshot, "state.py"))
    assert [(each.name, each.line, told(each.writers), each.readers) for each in found] == [
        ("cache", 2, ["state.py:7 changes", "state.py:24 changes"], 2),
        ("LIMIT", 1, ["b.py:2 binds"], 1),
        ("names", 3, ["b.py:4 changes"], 0),
        ("config", 4, ["state.py:17 changes"], 1),
        ("made", 0, ["state.py:14 binds"], 0),
    ]
