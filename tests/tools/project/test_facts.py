"""Facts of files, and of the project they make."""

from __future__ import annotations

import dataclasses
import gc
import json

import pytest

from archaeologist_tools.project.facts import file_facts, merge
from archaeologist_tools.project.models import FileFacts, ProjectFacts
from archaeologist_tools.source.module import Module, read_module


def facts(source: str, path: str = "app/core.py") -> FileFacts:
    module = read_module(path, source.encode())
    assert isinstance(module, Module)
    return file_facts(module)


NEW = "class M(type):\n    def __new__(mcs, name, bases, attrs):\n        {}\n"


@pytest.mark.parametrize(
    ("source", "risky"),
    [
        ("class M(type):\n    pass\n", False),
        ("class M(type):\n    def __init__(cls, name, bases, attrs): attrs = {}\n", False),
        (NEW.format("return type.__new__(mcs, name, bases, attrs)"), False),
        (NEW.format("return super().__new__(mcs, name, bases, attrs)"), False),
        (NEW.format("return type.__new__(mcs, name, bases, dict(attrs))"), True),
        (NEW.format("return type.__new__(mcs, name, bases, {})"), True),
        (NEW.format("attrs = f(attrs); return type.__new__(mcs, name, bases, attrs)"), True),
        (NEW.format("return make(name)"), True),
        (NEW.replace("(type)", "(ModelBase)").format("return type.__new__(mcs, name, bases, {})"), True),
        (NEW.replace("(type)", "(FooMeta)").format("return type.__new__(mcs, name, bases, {})"), True),
        ("class M(type):\n    def __new__(*args): return type.__new__(*args)\n", True),
        ("def m(name, bases, attrs): return type(name, bases, {})\nclass A(metaclass=m): pass\n", True),
        ("class A:\n    def __new__(cls, x): return object.__new__(cls)\n", False),
    ],
)
def test_metaclasses_that_may_drop_the_cell(source: str, risky: bool) -> None:
    assert merge([facts(source)]).own_metaclasses is risky


def test_taint_is_inherited_by_name_across_files() -> None:
    meta = facts(NEW.format("return type.__new__(mcs, name, bases, {})"), "meta.py")
    base = facts("import meta\nclass Base(metaclass=meta.M): pass\n", "base.py")
    child = facts("from base import Base\nclass Child(Base): pass\nclass Free: pass\n", "child.py")
    project = merge([child, base, meta])
    assert set(project.tainted) == {"M", "Base", "Child"}
    assert project == merge([meta, base, child])


def test_builtins_bound_at_the_top_level_only() -> None:
    found = facts("object = 1\ndef f(str): int = 1\nclass A:\n    list = 1\ndef g():\n    global dict\n    dict = 1\n")
    assert found.rebound == ("dict", "object")


def test_star_imports_of_others() -> None:
    assert facts("from future.builtins import *\nfrom os import *\nfrom . import *\n").stars == ("future",)
    own = facts("from app.x import *\n")
    assert merge([own]).foreign_stars is False
    assert merge([own, facts("from six.moves import *\n")]).foreign_stars is True


def test_facts_survive_json() -> None:
    project = merge([facts(NEW.format("pass"))])
    again = ProjectFacts(**json.loads(json.dumps(dataclasses.asdict(project))))
    assert dataclasses.asdict(again)["own_metaclasses"] is True
    assert list(again.tainted) == list(project.tainted)


def test_gathering_leaves_no_cycles_that_keep_the_tree_in_memory() -> None:
    source = (
        "class A:\n    def f(self):\n        return self.g()\n    def g(self):\n        return [str(x) for x in []]\n"
    )
    facts(source)
    gc.collect()
    gc.disable()
    try:
        facts(source)
        left = gc.collect()
    finally:
        gc.enable()
    assert left == 0
