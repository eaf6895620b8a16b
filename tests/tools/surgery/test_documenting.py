"""Docstrings that are written: quotes, escapes, indentation; what is refused, and that the code stays the same."""

from __future__ import annotations

import ast
import inspect

import pytest

from archaeologist_tools.surgery.documenting import set_docstring
from support.surgery import module, refusal

SOURCE = """\
# Copyright.

import os


class A(object):

    def f(self, a,
          b=lambda: 1):  # why
        # first
        return a

    def g(self): return 1  # one

    @property
    def h(self):
        '''Old.

        >>> a.h
        1
        '''
        def inner(): pass


class B: pass
"""


def documented(qualname: str, text: str, source: str = SOURCE, **options: bool) -> str:
    return set_docstring(module(source), qualname, text, **options).data.decode()


@pytest.mark.parametrize(
    ("qualname", "text", "reason"),
    [
        ("A.f", "", "the docstring says nothing"),
        ("A.f", " \n\t\n", "the docstring says nothing"),
        ("A.f", "Do\x00.", "characters that cannot be printed"),
        ("A.f", "Do\x1b[1m.", "characters that cannot be printed"),
        ("A.f", "Do \u202e.", "characters that cannot be printed"),
        ("A.x", "Do.", "defines no class or function `A.x`"),
        ("A.h", "Do.", "`h` has a docstring; ask to replace it if what it says is wrong"),
    ],
)
def test_refused(qualname: str, text: str, reason: str) -> None:
    assert reason in refusal(set_docstring, SOURCE, qualname, text)


def test_examples_of_a_docstring_stay() -> None:
    reason = "the docstring of `h` holds an example that may be a test; keep `>>> a.h`"
    assert refusal(set_docstring, SOURCE, "A.h", "New.", replace=True) == reason


def test_a_file_that_reads_its_docstring_gets_none() -> None:
    assert "reads `__doc__`" in refusal(set_docstring, "print(__doc__)\n", "", "Doc.")


def test_what_the_encoding_lacks_is_refused() -> None:
    source = b"# coding: ascii\ndef f(): pass\n"
    assert "written in ascii, which has no '\\xe9'" in refusal(set_docstring, source, "f", "Caf\xe9.")


@pytest.mark.parametrize(
    ("qualname", "text", "old", "new"),
    [
        ("", "Doc.", "# Copyright.\n\n", '# Copyright.\n\n"""Doc."""\n\n'),
        ("A", "Doc.", "(object):\n", "(object):\n    '''Doc.'''\n"),
        ("A.f", "Do.", "# why\n", "# why\n        '''Do.'''\n"),
        (
            "A.f",
            "  Do.\n\n  Args:\n    a: b",
            "# why\n",
            "# why\n        '''Do.\n\n        Args:\n          a: b\n        '''\n",
        ),
        ("A.g", "Do.", "(self): return 1", "(self):\n        '''Do.'''\n        return 1"),
        ("B", "Doc.", "class B: pass", "class B:\n    '''Doc.'''"),
        ("A.h.inner", "Do.", "inner(): pass", "inner():\n            '''Do.'''"),
    ],
)
def test_a_docstring_is_added_in_the_quotes_of_the_file(qualname: str, text: str, old: str, new: str) -> None:
    source = SOURCE if qualname else SOURCE.replace("'''", '"""')
    assert documented(qualname, text, source) == source.replace(old, new)


@pytest.mark.parametrize(
    ("source", "after"),
    [
        ("class E:\n    pass\n", 'class E:\n    """Doc."""\n'),
        ("class E:\n    # why\n    pass  # now\n", 'class E:\n    # why\n    """Doc."""  # now\n'),
        ("class E: x = 1\n", 'class E:\n    """Doc."""\n\n    x = 1\n'),
        ("class E:\n    'Old.'\n    pass\n", "class E:\n    'Doc.'\n    pass\n"),
    ],
)
def test_a_docstring_stands_for_a_pass(source: str, after: str) -> None:
    assert documented("E", "Doc.", source, replace=True) == after


def test_a_docstring_is_replaced_in_its_own_quotes() -> None:
    new = "'''New.\n\n        >>> a.h\n        2\n        '''"
    old = SOURCE[SOURCE.index("'''") : SOURCE.rindex("'''") + 3]
    assert documented("A.h", "New.\n\n>>> a.h\n2", replace=True) == SOURCE.replace(old, new)
    source = "def f():\n    'Old.'\n"
    assert documented("f", "New.", source, replace=True) == "def f():\n    'New.'\n"
    assert documented("f", "New.\n\nMore.", source, replace=True) == "def f():\n    '''New.\n\n    More.\n    '''\n"
    assert documented("f", "It's.", source, replace=True) == "def f():\n    'It\\'s.'\n"
    assert documented("f", "N", 'def f():\n    ("a"\n     "b")\n', replace=True) == 'def f():\n    ("""N""")\n'


def test_what_it_says_already_is_no_edit() -> None:
    assert set_docstring(module(SOURCE), "A.h", "Old.\n\n    >>> a.h\n    1", replace=True).edits == ()


@pytest.mark.parametrize(
    "text",
    [
        "a\\b", "a\\", "\\", 'a"', '"', '""', '"""', "'''", 'say """hi"""', "a\\'''", 'a\\"', "{x}", "a\n\\", 'a\n"',
        "a\n\n    deeper\n  less", "a\tb", "caf\xe9 \u2192", "a\\\nb", 'a"""\\', "%s", "\\N{x}", "\\u12", "a\r\nb",
        "'", "a'", "''' and \"\"\" and \\",
    ],
)  # fmt: skip
@pytest.mark.parametrize("quotes", ['"', "'", '"""', "'''"])
def test_any_text_says_what_it_says(text: str, quotes: str) -> None:
    for source in (f"class A:\n    def f(self):\n        {quotes}Old{quotes}\n", "class A:\n    def f(self): pass\n"):
        tree = ast.parse(documented("A.f", text, source, replace=True))
        function = tree.body[0].body[0]  # type: ignore[attr-defined]  # a class
        assert ast.get_docstring(function) == inspect.cleandoc(text.replace("\r\n", "\n"))


def test_line_endings_tabs_and_a_byte_order_mark_stay() -> None:
    source = b"\xef\xbb\xbfclass A:\r\n\tdef f(self):\r\n\t\treturn 1\r\n"
    done = set_docstring(module(source), "A.f", "Do.\n\nMore.")
    assert done.data == source.replace(b"\t\treturn", b'\t\t"""Do.\r\n\r\n\t\tMore.\r\n\t\t"""\r\n\t\treturn')
    assert set_docstring(module(source), "", "Doc.").data == source.replace(b"class", b'"""Doc."""\r\n\r\nclass')
