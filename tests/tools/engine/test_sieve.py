"""What the words of a file keep away from it is nothing that would be found there."""

from __future__ import annotations

import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.engine.candidates import matches_of
from archaeologist_tools.engine.registry import all_rules, find_rule
from archaeologist_tools.engine.ruff import diagnose
from archaeologist_tools.engine.sieve import Sieve
from archaeologist_tools.engine.sweep import rewrite_files
from archaeologist_tools.engine.view import View
from archaeologist_tools.project.models import ProjectFacts
from archaeologist_tools.source.library import is_any_written
from archaeologist_tools.source.module import Module, read_module

if TYPE_CHECKING:
    from archaeologist_tools.engine.base import AnyRule

RULES = [rule for rule in all_rules() if rule.rewrites]
ADOPTING = {rule.adopts: rule for rule in RULES if rule.adopts}


def module(data: bytes) -> Module:
    read = read_module("app.py", data)
    assert isinstance(read, Module)
    return read


def codes(text: str) -> set[str]:
    return {rule.code for rule in Sieve(RULES, ProjectFacts()).through(module(text.encode()))}


@pytest.fixture(scope="module")
def library() -> list[Module]:
    """Half of the standard library: real code of many hands."""
    folder = Path(sysconfig.get_path("stdlib"))
    paths = [*sorted(folder.glob("*.py")), *sorted(folder.glob("[a-f]*/*.py"))]
    read = [read_module(path.name, path.read_bytes()) for path in paths]
    return [each for each in read if isinstance(each, Module)]


def test_ruff_is_shown_all_in_which_it_finds_something(library: list[Module]) -> None:
    sieve = Sieve(RULES, ProjectFacts())
    every = diagnose(library, sorted(ADOPTING), (3, 14))
    hidden = [
        (each.path, diagnostic.code)
        for each, found in zip(library, every, strict=True)
        for diagnostic in found
        if ADOPTING[diagnostic.code] not in sieve.through(each)
    ]
    assert not hidden
    assert len({diagnostic.code for found in every for diagnostic in found}) > len(ADOPTING) / 2


def test_rules_are_asked_about_all_files_in_which_they_find_something(library: list[Module]) -> None:
    walking = [(rule, Sieve([rule], ProjectFacts())) for rule in RULES if rule.nodes]
    found = [
        (each.path, rule.code, sieve.through(each))
        for each in library
        for view in [View(each, (3, 14), ProjectFacts())]
        for rule, sieve in walking
        if any(True for _ in matches_of(rule, view))
    ]
    assert not [(path, code) for path, code, through in found if not through]
    assert len({code for _, code, _ in found}) > len(walking) / 2


def test_most_files_are_hidden_from_most_rules(library: list[Module]) -> None:
    sieve = Sieve(RULES, ProjectFacts())
    assert sum(len(sieve.through(each)) for each in library) < len(library) * len(RULES) / 2


def test_a_rule_asks_for_a_word_and_a_name() -> None:
    assert "AR003" in codes("log.info('%s' % x)\n")
    assert "AR003" not in codes("log.info(x)\n")
    assert "AR003" not in codes("'%s' % x\n")


def test_a_rule_asks_for_its_sign() -> None:
    assert "AR026" in codes("x == None\n")
    assert "AR026" not in codes("x = None\n")


def test_signs_are_looked_for_only_where_they_spare_something() -> None:
    assert "AR026" in codes("import six\nx = None\n")  # the file is walked for AR032
    assert "AR107" not in codes("x is not y\n")
    assert "AR107" in codes("x is not r'\\d'\n")  # ruff is asked for AR110


def test_words_are_whole_ones_and_other_texts_are_not() -> None:
    assert "AR116" in codes("import io\nio.open(x)\n")
    assert "AR116" not in codes("import socketio\nsocketio.open(x)\n")
    assert "AR106" in codes("x = 1;\ny = 2\n")


def test_rules_come_out_in_their_order() -> None:
    rules = [find_rule(code) for code in ("AR026", "AR001", "AR002")]
    through = Sieve(rules, ProjectFacts()).through(module(b"x == None\n'%s' % '{}'.format(x)\n"))
    assert [rule.code for rule in through] == ["AR026", "AR001", "AR002"]


def test_file_is_looked_through_once_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[bytes] = []
    through = Sieve.through

    def noted(sieve: Sieve, file: Module) -> tuple[AnyRule, ...]:
        looked.append(file.data)
        return through(sieve, file)

    monkeypatch.setattr(Sieve, "through", noted)
    before, after = b"x = u'%s' % (y,)\n", b"x = f'{y!s}'\n"
    (rewritten,) = rewrite_files([("app.py", before)], rules=["AR001", "AR034"], target=(3, 8), facts=ProjectFacts())
    assert rewritten.layers[-1].data == after
    assert looked[0] == before
    assert looked[-1] == after
    assert len(looked) == len(set(looked))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("import imp\nimp.find_module\n", True),
        ("from imp import find_module\n", True),
        ("import os,imp\nimp.find_module\n", True),
        ("import \\\n  imp\nimp.find_module\n", True),
        ("import" + " " * 200 + "imp\nimp.find_module\n", True),
        ("import os, \\\r\n imp\r\nimp.find_module\r\n", True),
        ("import x.imp\nimp.find_module\n", False),
        ("import x, \\\n    y\nimp.find_module\n", False),
        ("import imps\nimp.find_module\n", False),
        ("x = imp\n", False),
    ],
)
def test_module_is_looked_for_where_it_may_be_imported(text: str, *, written: bool) -> None:
    assert is_any_written(module(text.encode())) is written


@pytest.mark.parametrize(
    ("text", "suspected"),
    [
        ("import six\n", True),
        ("import os, six as s\n", True),
        ("if x: import six.moves\n", True),
        ("import os, \\\n  six\n", True),
        ("from six.moves import range\n", True),
        ("from \\\n  six import moves\n", True),
        ("from .utils import six\n", False),
        ("from utils import os, six\n", False),
        ("import utils.six\n", False),
    ],
)
def test_six_of_a_project_with_one_of_its_own_is_looked_for_in_imports(text: str, *, suspected: bool) -> None:
    rule = find_rule("AR032")
    assert rule.suspects(module(text.encode()), ProjectFacts(modules=("six",))) is suspected
