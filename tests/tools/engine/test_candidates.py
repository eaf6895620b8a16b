"""What a rule says of the words and names it looks for hides nothing from it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.engine.candidates import matches_of
from archaeologist_tools.engine.registry import all_rules
from archaeologist_tools.engine.sieve import Sieve
from archaeologist_tools.engine.view import View
from archaeologist_tools.project.models import ProjectFacts
from archaeologist_tools.source.module import Module, read_module

if TYPE_CHECKING:
    from archaeologist_tools.engine.base import AnyRule

ROOT = Path(__file__).parents[3]
SOURCES = [path.read_bytes() for folder in ("fixtures", "tests") for path in sorted((ROOT / folder).rglob("*.py"))]
# What the tests hold as text is the nastiest code there is.
TEXTS = [
    text.encode() for rule in all_rules() for text in (*rule.valid, *(part for pair in rule.invalid for part in pair))
]


@pytest.fixture(scope="module")
def views() -> list[View]:
    modules = [read_module("app.py", data) for data in (*SOURCES, *TEXTS)]
    return [View(module, (3, 8), ProjectFacts()) for module in modules if isinstance(module, Module)]


def all_matches(rule: AnyRule, view: View) -> list[tuple[object, ...]]:
    return [
        (match.node, match.message, match.extent)
        for kind in rule.nodes
        for node in view.index.of(kind)
        for match in rule.matches(node, view)
    ]


@pytest.mark.parametrize("rule", [rule for rule in all_rules() if rule.nodes], ids=lambda rule: rule.code)
def test_filters_hide_no_match(rule: AnyRule, views: list[View]) -> None:
    found = 0
    for view in views:
        expected = all_matches(rule, view)
        awake = Sieve([rule], ProjectFacts()).through(view.module)
        # Where only comments are looked at, the module is another one.
        module = view.index.tree if rule.only_comments else None
        seen = [
            (module or match.node, match.message, match.extent) for each in awake for match in matches_of(each, view)
        ]
        assert sorted(map(repr, seen)) == sorted(map(repr, expected))
        found += len(expected)
    assert found
