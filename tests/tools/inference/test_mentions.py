"""Where a module mentions a value."""

from __future__ import annotations

import ast

from archaeologist_tools.inference.mentions import Mentions, key_of
from archaeologist_tools.source.index import Index

SOURCE = "def f(self, d):\n    if self.a['k']:\n        g(self.a, other.a)\n    return d\n"


def mentions() -> tuple[Index, Mentions]:
    index = Index(ast.parse(SOURCE))
    return index, Mentions(index)


def test_a_name_is_inside_of_all_that_is_around_its_uses() -> None:
    index, found = mentions()
    (test,) = index.of(ast.If)
    (back,) = index.of(ast.Return)
    assert test in found.around("other")
    assert test not in found.around("d")
    assert back in found.around("d")
    assert index.tree in found.around("d")


def test_a_name_that_is_nowhere_is_inside_of_nothing() -> None:
    assert not mentions()[1].around("missing")


def test_attributes_of_other_objects_and_longer_chains_have_other_keys() -> None:
    index, found = mentions()
    own = [node for node in index.of(ast.Attribute) if ast.unparse(node) == "self.a"]
    assert found.of(("self", "a")) == own
    assert [ast.unparse(node) for node in found.of(("self", "a", ("k",)))] == ["self.a['k']"]


def test_a_value_that_is_computed_has_no_key() -> None:
    assert key_of(ast.parse("f().a", mode="eval").body) is None
    assert key_of(ast.parse("a[i]", mode="eval").body) is None


def test_reads_are_looked_up_by_lines() -> None:
    index = Index(ast.parse("x = 1\nx.a\nx.a = 2\ny = x.a + x.a\nx.a\n"))
    found = Mentions(index).reads(("x", "a"), 2, 4)
    assert [read.lineno for read in found] == [2, 4, 4]


def test_reads_inside_of_an_fstring_are_where_the_fstring_is() -> None:
    index = Index(ast.parse("a = 1\nb = f'''\n\n{a}'''\n"))
    assert len(Mentions(index).reads(("a",), 2, 2)) == 1
