"""Names of a module that become attributes of a class: most are refused, and the others work as before."""

from __future__ import annotations

import contextlib
import io

import pytest

from archaeologist_tools.surgery.state import move_state
from support.surgery import module, refusal

SOURCE = '''\
"""Doc."""

import os

counter = 0  # how many
limit = 10

# What was seen.
# By name.
seen = {
    "a": 1,
}


def count(step=1):
    global counter, limit
    counter += step
    if counter > limit:
        global seen
        seen = {}
    return counter


def look(name, limit=3):
    def inner():
        return seen.get(name, limit)
    return [counter for counter in range(limit)], inner()


class Shelf:
    def size(self):
        global counter
        return counter


def reset():
    global counter  # pylint: disable=global-statement
    counter, rest = 0, counter
    for counter in range(3): pass
    return rest


print(count(), count(20), look("a"), Shelf().size(), reset(), counter, limit, seen)
'''
MOVED = '''\
"""Doc."""

import os


class _State:
    counter = 0  # how many
    # What was seen.
    # By name.
    seen = {
        "a": 1,
    }


limit = 10


def count(step=1):
    global limit
    _State.counter += step
    if _State.counter > limit:
        _State.seen = {}
    return _State.counter


def look(name, limit=3):
    def inner():
        return _State.seen.get(name, limit)
    return [counter for counter in range(limit)], inner()


class Shelf:
    def size(self):
        return _State.counter


def reset():
    pass  # pylint: disable=global-statement
    _State.counter, rest = 0, _State.counter
    for _State.counter in range(3): pass
    return rest


print(count(), count(20), look("a"), Shelf().size(), reset(), _State.counter, limit, _State.seen)
'''


def shown(source: str) -> str:
    """What a program prints."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(source, {"__name__": "app"})
    return out.getvalue()


def test_every_use_goes_through_the_class() -> None:
    after = move_state(module(SOURCE), ["seen", "counter"], "_State", used_elsewhere={}).data.decode()
    assert after == MOVED
    assert shown(after) == shown(SOURCE) != ""


@pytest.mark.parametrize("newline", ["\r\n", "\n"])
def test_a_file_may_be_nothing_else(newline: str) -> None:
    source = newline.join(["x = 1", "def f():", "    global x", "    x = 2"])
    after = newline.join(["class S:", "    x = 1", "", "", "def f():", "    S.x = 2"])
    assert move_state(module(source), ["x"], "S", used_elsewhere={}).data.decode() == after


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("y = 1\n", "app/stock.py assigns no `x` at its top level"),
        ("def f():\n    global x\n    x = 1\n", "assigns no `x` at its top level"),
        ("x = 1\nx = 2\n", "not assigned just once at the top level, but on lines 1, 2"),
        ("x = 1\nx += 1\n", "not assigned just once at the top level, but on lines 1, 2"),
        ("if y:\n    x = 1\n", "not assigned in a statement of its own"),
        ("x = y = 1\n", "not assigned in a statement of its own"),
        ("x, y = 1, 2\n", "is not assigned just once"),
        ("for x in y: pass\n", "is not assigned just once"),
        ("def x(): pass\n", "is not assigned just once"),
        ("import x\n", "is not assigned just once"),
        ("x = f()\n", "the value of `x` on line 1 depends on when it is computed"),
        ("x = [y]\n", "depends on when it is computed"),
        ("x = [*y]\n", "depends on when it is computed"),
        ("x = {**y}\n", "depends on when it is computed"),
        ("x = dict(a=1)\n", "depends on when it is computed"),
        ("x = lambda: y\n", "depends on when it is computed"),
        ("x: int\n", "assigns no `x`"),
        ("x = 1; y = 2\n", "has no lines to itself"),
        ("y = 2; x = 1\n", "has no lines to itself"),
        ("x = \\\n  1\n", "has no lines to itself"),
        ("x = '''a\nb'''\n", "a text of several lines, which would be indented"),
        ("x = 1\n__all__ = ['x']\n", "the file names `x` in a text"),
        ("x = 1\nf('app.stock.x')\n", "the file names `x` in a text"),
        ("x = 1\ndef f():\n    '>>> print(x)'\n", "an example in a text uses `x`"),
        ("x = 1\nglobals()['y'] = 2\n", "may be"),
        ("x = 1\nprint(globals())\n", "the file looks names up with `globals`"),
        ("x = 1\nf = vars\n", "the file looks names up with `vars`"),
        ("x = 1\neval('1')\n", "the file looks names up with `eval`"),
        ("import sys\nx = 1\nsys.modules[__name__].x = 2\n", "look `x` up in `sys.modules`"),
        ("from a import *\nx = 1\n", "may be"),
        ("x = 1\ndef f():\n    global x\n    del x\n", "`x` is deleted on line 4"),
        ("x = 1\ny = f'{x}'\n", "`x` is used in an f-string on line 2"),
        ("x = 1\ndef f():\n    global x\n    (x := 2)\n", "`x` is assigned with `:=` on line 4"),
        ("x = 1\ndef f():\n    global x\n    import x\n", "`x` is something else on line 4, too"),
        ("x = 1\ndef f():\n    global x\n    def x(): pass\n", "`x` is something else on line 4, too"),
        ("x = 1\ndef f():\n    try: pass\n    except E as x: pass\n", "`x` is something else on line 4, too"),
        ("x = 1\nclass A:\n    x = x\n", "`x` is an attribute of the class `A`, too"),
        ("x = 1\nS = 2\n", "`S` is used in app/stock.py already"),
        ("x = 1\nS()\n", "`S` is used in app/stock.py already"),
    ],
)
def test_what_somebody_could_see_is_refused(source: str, reason: str) -> None:
    assert reason in refusal(move_state, source, ["x"], "S", used_elsewhere={})


@pytest.mark.parametrize(
    ("names", "owner", "elsewhere", "reason"),
    [
        (["x"], "S", {"x": "app/other.py, line 3"}, "`x` is used outside of app/stock.py: app/other.py, line 3"),
        (["x"], "S", None, "it is not known who else uses these names"),
        ([], "S", {}, "name what to move"),
        (["__x"], "S", {}, "`__x` has a meaning of its own"),
        (["x"], "class", {}, "`class` is no name for a class"),
        (["x"], "__S", {}, "`__S` is no name for a class"),
        (["x"], "a b", {}, "`a b` is no name for a class"),
    ],
)
def test_what_is_asked_for_wrongly_is_refused(
    names: list[str], owner: str, elsewhere: dict[str, str] | None, reason: str
) -> None:
    assert reason in refusal(move_state, "x = 1\n__x = 2\n", names, owner, used_elsewhere=elsewhere)
