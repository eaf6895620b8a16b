"""What nobody asks of a value is not looked for, and an answer to more is one to less."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.inference.neighbours import Neighbours
from archaeologist_tools.inference.results import Strangers
from archaeologist_tools.inference.values import Types
from archaeologist_tools.project.models import ProjectFacts
from archaeologist_tools.source.index import Index

if TYPE_CHECKING:
    from archaeologist_tools.inference.types import Inferred


def asked(source: str, *questions: str) -> list[Inferred]:
    """The answers to some ways to ask for the last expression of a module, one after the other."""
    tree = ast.parse(source)
    last = tree.body[-1]
    assert isinstance(last, ast.Expr)
    types = Types(Index(tree), Strangers())
    return [getattr(types, question)(last.value) for question in questions]


def items(inferred: Inferred) -> list[Inferred | None]:
    return [kind.item for kind in inferred.ordered]


@pytest.mark.parametrize("source", ["[1]", "{1}", "{1: 2}", "(1, 2)", "sorted([1])", "[x for x in y]", "zip([1])"])
@pytest.mark.parametrize("question", ["kinds", "of"])
def test_contents_are_not_looked_for_unless_asked(source: str, question: str) -> None:
    plain, whole = asked(source, question, "whole")
    assert items(plain) == [None]
    assert items(whole) != [None]
    assert [kind.name for kind in plain.ordered] == [kind.name for kind in whole.ordered]


@pytest.mark.parametrize("question", ["kinds", "holding", "of"])
def test_fuller_answer_is_given_again(question: str) -> None:
    whole, again = asked("[1]", "whole", question)
    assert again is whole


def test_poorer_answer_is_not_given_to_who_asks_for_more() -> None:
    kinds, holding = asked("[1]", "kinds", "holding")
    assert items(kinds) == [None]
    assert [item and item.exactly("int") for item in items(holding)] == [True]


def test_what_a_mixed_question_needs_is_looked_for() -> None:
    (kinds,) = asked("a = [1]\na.append(2)\na[0]", "kinds")
    assert kinds.exactly("int")


def test_evidence_is_not_looked_for_by_who_asks_for_types() -> None:
    tree = ast.parse("def f(given):\n    given.strip()\n    return given\n")
    index = Index(tree)
    types = Types(index, Neighbours(ProjectFacts(plain_values=(((), ()),)), index))
    (back,) = index.of(ast.Return)
    assert back.value is not None
    assert not types.kinds(back.value).never("tuple")
    assert types.of(back.value).never("tuple")


@pytest.mark.parametrize(("test", "kind"), [("isinstance(x, str)", "str"), ("x is None", "NoneType")])
def test_tests_tell_types_to_who_asks_for_types_alone(test: str, kind: str) -> None:
    tree = ast.parse(f"def f(x):\n    if {test}:\n        return x\n")
    index = Index(tree)
    (back,) = index.of(ast.Return)
    assert back.value is not None
    assert Types(index, Strangers()).kinds(back.value).only(kind)
