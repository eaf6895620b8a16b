"""Module docstrings: where they are not written, what they say, where they go."""

from __future__ import annotations

import ast

import pytest

from archaeologist_tools.engine.base import Edit, Evidence, Refusal
from archaeologist_tools.source.description import describe, summary_of, told_by, told_of
from archaeologist_tools.source.docstrings import module_docstring
from archaeologist_tools.source.module import Module, read_module


def module(source: str | bytes, path: str = "app/stock_list.py") -> Module:
    read = read_module(path, source if isinstance(source, bytes) else source.encode())
    assert isinstance(read, Module)
    return read


def documented(source: str | bytes, path: str = "app/stock_list.py") -> bytes:
    read = module(source, path)
    edit = module_docstring(read)
    assert isinstance(edit, Edit), edit
    assert (edit.before, edit.evidence, edit.rule) == ("", Evidence.IDENTICAL, "AR050")
    start = edit.span.start
    return read.data[:start] + edit.after.encode() + read.data[start:]


@pytest.mark.parametrize(
    ("source", "path", "code"),
    [
        ("", "a.py", "empty"),
        ("# only a comment\n", "a.py", "empty"),
        ("'Docs.'\nx = 1\n", "a.py", "documented"),
        ("''\nclass A: pass\n", "a.py", "documented"),
        ("def f(): pass\n", "tests/a.py", "test-module"),
        ("def f(): pass\n", "setup.py", "build-script"),
        ("def f(): print(__doc__)\n", "a.py", "reads-doc"),
        ("def f(): return globals()['__doc__']\n", "a.py", "reads-doc"),
        ("x = 1\n", "a.py", "nothing-to-say"),
        ("import os\n", "a.py", "nothing-to-say"),
        ("def _f(): pass\n", "a.py", "nothing-to-say"),
    ],
)
def test_refused(source: str, path: str, code: str) -> None:
    refusal = module_docstring(module(source, path))
    assert isinstance(refusal, Refusal)
    assert refusal.code == code


@pytest.mark.parametrize(
    ("source", "path", "sentence"),
    [
        ("class A: pass\n", "app/stock_list.py", "Stock list: defines the class A"),
        (
            "class A: pass\nclass B: pass\ndef f(): pass\n",
            "io.py",
            "Io: defines the classes A and B and the function f",
        ),
        ("def f(): pass\ndef g(): pass\ndef h(): pass\n", "a.py", "A: defines the functions f, g and h"),
        ("__all__ = ['f']\ndef f(): pass\ndef g(): pass\n", "a.py", "A: defines the function f"),
        ("__all__ = ['decode']\nLOG = 1\nclass D: pass\ndecode = D()\n", "a.py", "A: offers decode"),
        ("LIMIT = 1\n_X = 2\nlower = 3\n", "conf.py", "Conf: sets the constant LIMIT"),
        (
            "from .core import f\nfrom . import io\n",
            "app/__init__.py",
            "Package app: brings together names from core and io",
        ),
        ("def main(): pass\n", "app/__main__.py", "Entry point of `python -m app`: defines the function main"),
        ("def f(): pass\n", "app/HTTPServer.py", "HTTPServer: defines the function f"),
        ("def f(): pass\n", "app/fileReader.py", "File Reader: defines the function f"),
        ("def f(): pass\n", "caf\xe9.py", "Module: defines the function f"),
        ("if x:\n    def f(): pass\nelse:\n    def f(): pass\ndef g(): pass\n", "a.py", "A: defines the function g"),
    ],
)
def test_sentence(source: str, path: str, sentence: str) -> None:
    assert describe(module(source, path)) == sentence


def test_many_names_are_cut() -> None:
    names = [f"name{number}" for number in range(12)]
    sentence = describe(module("".join(f"def {name}(): pass\n" for name in names)))
    assert sentence.endswith("name6 and 5 more")


DOC = '"""Stock list: defines the function f."""\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def f(): pass\n", DOC + "\ndef f(): pass\n"),
        ("\n\ndef f(): pass\n", DOC + "\n\ndef f(): pass\n"),
        ("#!/usr/bin/env python\ndef f(): pass\n", "#!/usr/bin/env python\n" + DOC + "\ndef f(): pass\n"),
        (
            "#!/bin/sh\n# -*- coding: utf-8 -*-\n# Copyright 2009\nfrom __future__ import division\ndef f(): pass\n",
            "#!/bin/sh\n# -*- coding: utf-8 -*-\n# Copyright 2009\n"
            + DOC
            + "\nfrom __future__ import division\ndef f(): pass\n",
        ),
        (
            "# Stock.\n\n# Reads.\nimport os\ndef f(): pass\n",
            "# Stock.\n\n" + DOC + "\n# Reads.\nimport os\ndef f(): pass\n",
        ),
        ("# Reads.\nimport os\ndef f(): pass\n", DOC + "\n# Reads.\nimport os\ndef f(): pass\n"),
        (
            "#!/bin/sh\n\n# License: MIT\n\ndef f(): pass\n",
            "#!/bin/sh\n\n# License: MIT\n\n" + DOC + "\ndef f(): pass\n",
        ),
    ],
)
def test_place(before: str, after: str) -> None:
    assert documented(before).decode() == after


def test_line_endings_byte_order_mark_and_encoding_are_kept() -> None:
    written = documented(b"\xef\xbb\xbfdef f(): pass\r\n")
    assert written == b"\xef\xbb\xbf" + DOC.replace("\n", "\r\n").encode() + b"\r\ndef f(): pass\r\n"
    latin = b"# coding: latin-1\nX = '\xe9'\ndef f(): pass\n"
    assert documented(latin) == latin.replace(b"X =", DOC.encode() + b"\nX =")


def test_long_sentence_becomes_a_paragraph() -> None:
    source = "".join(f"class AnUncommonlyLongName{number}: pass\n" for number in range(5))
    text = ast.get_docstring(ast.parse(documented(source)))
    assert text is not None
    assert text.startswith("Stock list: defines 5 classes.\n\nThe classes are AnUncommonlyLongName0,")
    assert max(map(len, text.splitlines())) < 80


def test_written_once() -> None:
    refusal = module_docstring(module(documented("def f(): pass\n")))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "documented"


@pytest.mark.parametrize("classes", [1, 5, 40])
def test_a_list_of_modules_says_the_same_once_they_are_documented(classes: int) -> None:
    source = "".join(f"class AnUncommonlyLongName{number}: pass\n" for number in range(classes)) + "def f(): pass\n"
    path = "app/stock_list.py"
    after = documented(source, path)
    assert told_of(module(source, path)) == told_of(module(after, path))
    assert told_by(path, summary_of(ast.parse(after))) == ""


@pytest.mark.parametrize(
    ("docstring", "summary"),
    [
        ("Reads stock. And writes it.", "Reads stock."),
        (
            "Reads stock, e.g. from a file, version 1.0\nof the format. More.",
            "Reads stock, e.g. from a file, version 1.0 of the format.",
        ),
        ("Stock\n=====\n\nReads it.", "Stock"),
        ("Stock reader\n\nReads it.", "Stock reader"),
        ("word " * 60, " ".join(["word"] * 23) + " ..."),
        ("", ""),
    ],
)
def test_summary_is_the_first_sentence(docstring: str, summary: str) -> None:
    assert summary_of(ast.parse(f'"""{docstring}"""\n')) == summary


def test_summary_that_only_names_the_module_tells_nothing() -> None:
    assert told_by("app/stock_list.py", "Stock list.") == ""
    assert told_by("app/stock_list.py", "Reads stock.") == "Reads stock"
