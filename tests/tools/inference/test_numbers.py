"""Which values are surely numbers, by what is written for them; and which only look as if they were."""

from __future__ import annotations

import pytest

from support.rewriting import check_noop, check_transformed

NUMBERS = [
    ("import time\nx = time.localtime()\n", "x[1]", "x[1]"),
    ("import time\ny, m = time.gmtime(0)[0], time.timezone // 60\n", "m", "m"),
    ("import sys\n", "sys.version_info[0]", "sys.version_info[0]"),
    ("import struct\na, b = struct.unpack('<H4sI', d)[::2]\na, _, b = struct.unpack('<H4sI', d)\n", "b", "b"),
    ("h, m = divmod(len(n), 60)\n", "m", "m"),
    ("import itertools\nc = itertools.count(1)\n", "next(c)", "next(c)"),
    ("x = sum(len(y) for y in z)\n", "x", "x"),
    ("def f(n):\n  for i, x in enumerate(n):\n    ", "i", "i"),
    ("x = None\nif y:\n    x = 3\n", "x", "x:d"),
    ("import re\np = re.compile('a')\nm = p.match(y)\n", "m.end(0)", "m.end(0)"),
    ("import re\nfor m in re.compile('a').finditer(y):\n  ", "m.start()", "m.start()"),
    ("import time\n", "time.localtime().tm_year", "time.localtime().tm_year"),
]


@pytest.mark.parametrize(("before", "value", "field"), NUMBERS)
def test_number(before: str, value: str, field: str) -> None:
    check_transformed(f"{before}s = '%d.' % ({value},)\n", f"{before}s = f'{{{field}}}.'\n", "AR001")


NO_NUMBERS = [
    ("import struct\na, b = struct.unpack('<Hs', d)\n", "b"),
    ("import struct\na, b, c = struct.unpack('<H4sI', d)\n", "b"),
    ("import struct\na, b = struct.unpack('<Hz', d)\n", "a"),
    ("import struct\na, b = struct.unpack(template, d)\n", "a"),
    ("import struct\na, b = struct.unpack('999999999H', d)\n", "a"),
    ("def f(n: float):\n  h, m = divmod(n, 60)\n  ", "m"),
    ("h, m = divmod(n, 60)\n", "m"),
    ("import itertools\nc = itertools.count(step)\n", "next(c)"),
    ("import itertools\nc = itertools.count(step=step)\n", "next(c)"),
    ("import itertools\nc = itertools.count(start=0.5)\n", "next(c)"),
    ("x = sum(y)\n", "x"),
    ("p = compile('a')\nm = p.match(y)\n", "m.end(0)"),
    ("import re\nre = y\np = re.compile('a')\nm = p.match(y)\n", "m.end(0)"),
    ("import re\np = re.compile('a')\nm = p.search(y)\n", "m.group(0)"),
    ("import re\np = re.compile('a')\nm = p.findall(y)\n", "m[0]"),
    ("class T:\n    def __init__(self):\n        self.tm_year = y\n", "T().tm_year"),
    ("x = sum(y.z for y in [1])\n", "x"),
    ("x = sum([1, 2], start)\n", "x"),
    ("x = None\n", "x"),
    ("x = None\nif y:\n    x = '3'\n", "x"),
    ("import sys\n", "sys.version_info[3]"),
]


@pytest.mark.parametrize(("before", "value"), NO_NUMBERS)
def test_no_number(before: str, value: str) -> None:
    check_noop(f"{before}s = '%d.' % ({value},)\n", "AR001", "conversion")


NAMES = [
    "class A:\n    def __getattr__(self, name):\n        return {}\n",
    "class A:\n    def __setattr__(self, name, value):\n        return {}\n",
    "class A:\n    def __delattr__(self, name):\n        return {}\n",
]


@pytest.mark.parametrize("source", NAMES)
def test_name_of_an_attribute_is_a_text(source: str) -> None:
    check_transformed(source.format("'a %s' % name"), source.format("f'a {name}'"), "AR001")


@pytest.mark.parametrize(
    "source",
    [
        "class A:\n    def __setattr__(self, value, name):\n        return {}\n",
        "class A:\n    def __getitem__(self, name):\n        return {}\n",
        "def __getattr__(self, name):\n    return {}\n",
        "class A:\n    def __getattr__(self, name):\n        name = f(name)\n        return {}\n",
    ],
)
def test_other_parameter_may_be_anything(source: str) -> None:
    check_noop(source.format("'a %s' % name"), "AR001", "bare-operand")


def test_group_of_a_compiled_pattern_is_a_text() -> None:
    before = "import re\np = re.compile('(a)')\nm = p.search(y)\n"
    check_transformed(f"{before}s = 'a %s' % m.group(1)\n", f"{before}s = f'a {{m.group(1)}}'\n", "AR001")
