"""What objects do when they become part of a text, read off the classes of a module."""

from __future__ import annotations

import ast
import textwrap

import pytest

from archaeologist_tools.source.index import Index
from archaeologist_tools.source.text_effects import texts_answer_percent, texts_have_effects


def index_of(body: str) -> Index:
    return Index(ast.parse(f"class A:\n    def __str__(self):\n{textwrap.indent(body, ' ' * 8)}\n"))


@pytest.mark.parametrize(
    "body",
    [
        "self.n += 1\nreturn 'a'",
        "self.n = 1",
        "global n\nn = 1",
        "log.append(self)\nreturn 'a'",
        "raise ValueError",
        "del self.n",
        "lines = self.lines\nlines += ['a']\nreturn ''.join(lines)",
        "lines += 'a'",
    ],
)
def test_text_that_changes_something_has_an_effect(body: str) -> None:
    assert texts_have_effects(index_of(body))


@pytest.mark.parametrize(
    "body",
    [
        "return 'a'",
        "out = ''\nfor x in self:\n    out += x\nreturn out",
        "lines = []\nlines += self.lines\nlines.append('a')\nreturn ''.join(lines)",
        "raise NotImplementedError()",
    ],
)
def test_text_that_is_only_made_has_none(body: str) -> None:
    assert not texts_have_effects(index_of(body))


@pytest.mark.parametrize(
    ("source", "answers"),
    [
        ("class S(str):\n    def __rmod__(self, other): pass\n", True),
        ("class M:\n    def __rmod__(self, other): pass\nclass S(M, six.text_type): pass\n", True),
        ("class N(Number):\n    def __rmod__(self, other): pass\n", False),
        ("class S(str):\n    def __mod__(self, other): pass\n", False),
    ],
)
def test_only_texts_are_asked_before_the_template(source: str, answers: bool) -> None:
    assert texts_answer_percent(Index(ast.parse(source))) is answers
