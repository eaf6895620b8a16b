from __future__ import annotations

import time

import pytest

from archaeologist_tools.source.open_strings import open_strings

LINES = '''\
"""One
two
"""
x = 'it is "' # it's """
y = "\\"\\"\\"" ""
z = r\'\'\'
a "" b \\\'\'\' """
\'\'\'
def f():
    """a""" + """
b
'''


def test_each_line_is_in_the_string_that_it_is_in() -> None:
    data = LINES.encode()
    starts = [0, *(index + 1 for index, byte in enumerate(data) if byte == 10)]
    assert open_strings(data, starts) == ["", '"""', '"""', "", "", "", "'''", "'''", "", "", '"""', ""]


@pytest.mark.parametrize("data", [b"", b"x = 1\n", b"'''", b"\\" * 9, b'"' * 5, b"\xff'''\xfe\n\n", b"# '''\n1\n"])
def test_odd_files_have_an_answer(data: bytes) -> None:
    places = list(range(len(data) + 1))
    assert len(open_strings(data, places)) == len(places)
    assert open_strings(data, []) == []


def test_a_megabyte_takes_little_time() -> None:
    data = (b'def f(x):\n    """Do it.\n\n    More.\n    """\n    return "%s" % x  # it\'s done\n' * 14_000)[:1_000_000]
    begun = time.process_time()
    open_strings(data, [len(data)])
    assert time.process_time() - begun < 0.5
