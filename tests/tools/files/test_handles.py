"""What is done with a handle, and what leads out of a block."""

from __future__ import annotations

import ast

import pytest

from archaeologist_tools.engine.view import View
from archaeologist_tools.files.handles import Role, exits, occurrences, role
from archaeologist_tools.files.meanings import meaning
from archaeologist_tools.project.models import ProjectFacts
from archaeologist_tools.source.module import Module, read_module


def view_of(source: str) -> View:
    module = read_module("app.py", source.encode())
    assert isinstance(module, Module)
    return View(module, (3, 8), ProjectFacts())


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("f.read()", Role.CONSUMED),
        ("f.name", Role.CONSUMED),
        ("f.fileno()", Role.PASSED_ON),
        ("x = f.read", Role.PASSED_ON),
        ("for x in f: pass", Role.CONSUMED),
        ("[x for x in f]", Role.CONSUMED),
        ("y = (x for x in f)", Role.PASSED_ON),
        ("any(x for x in f)", Role.CONSUMED),
        ("''.join(f)", Role.CONSUMED),
        ("','.join(x for x in f)", Role.CONSUMED),
        ("list(map(str, f))", Role.CONSUMED),
        ("y = map(str, f)", Role.PASSED_ON),
        ("print(1, file=f)", Role.CONSUMED),
        ("dict(log=f)", Role.STORED),
        ("next(x, f)", Role.STORED),
        ("h(f)", Role.PASSED_ON),
        ("h(*f)", Role.PASSED_ON),
        ("x = f", Role.STORED),
        ("x = [f]", Role.STORED),
        ("x = f if y else z", Role.STORED),
        ("f.x = 1", Role.STORED),
        ("if not f: pass", Role.CONSUMED),
        ("x = f or y", Role.PASSED_ON),
    ],
)
def test_role(source: str, expected: Role) -> None:
    view = view_of(source)
    (handle,) = (node for node in view.index.of(ast.Name) if node.id == "f")
    assert role(handle, view) is expected


@pytest.mark.parametrize(
    ("source", "number"),
    [
        ("return", 1),
        ("for x in y:\n    break\n    continue", 0),
        ("for x in y:\n    pass\nelse:\n    break", 1),
        ("if x:\n    continue", 1),
        ("while x:\n    return", 1),
        ("def g():\n    return", 0),
        ("raise x", 0),
    ],
)
def test_exits(source: str, number: int) -> None:
    assert len(list(exits(ast.parse(source).body))) == number


@pytest.mark.parametrize(
    ("source", "captured", "declared"),
    [
        ("f = 1\nf", False, False),
        ("f = 1\ndef g():\n    f", True, False),
        ("f = 1\ndef g(f):\n    f", False, False),
        ("f = 1\ndef g():\n    f = 2\n    f", False, False),
        ("f = 1\ndef g():\n    global f\n    f = 2", False, True),
        ("f = 1\ndef g(x=f): pass", False, False),
        ("f = 1\nlambda: f", True, False),
        ("f = 1\nclass A:\n    def g(self): return f", True, False),
    ],
)
def test_inner_scopes(source: str, captured: bool, declared: bool) -> None:
    found = occurrences(ast.parse(source), "f")
    assert (found.captured, found.declared) == (captured, declared)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("open(p)", "builtins.open"),
        ("import io\nio.open(p)", "builtins.open"),
        ("from io import open\nopen(p)", "builtins.open"),
        ("from codecs import open as o\no(p)", "codecs.open"),
        ("try:\n    import simplejson as json\nexcept ImportError:\n    import json\njson.load(p)", "json.load"),
        ("try:\n    import foo as json\nexcept ImportError:\n    import json\njson.load(p)", ""),
        ("import json\njson = 1\njson.load(p)", ""),
        ("import json\nfrom x import *\njson.load(p)", ""),
        ("from x import *\nimport json\njson.load(p)", "json.load"),
        ("from .io import open\nopen(p)", ".io.open"),
        ("open = 1\nopen(p)", ""),
        ("class A:\n    def open(self): pass\nopen(p)", "builtins.open"),
        ("class A:\n    def open(self): pass\n    open(p)", ""),
        ("exec(x)\nopen(p)", ""),
        ("exec(x, {})\nopen(p)", "builtins.open"),
        ("globals()['open'] = 1\nopen(p)", ""),
        ("f().open(p)", ""),
    ],
)
def test_meaning(source: str, expected: str) -> None:
    view = view_of(source)
    last = view.module.tree.body[-1]
    calls = [node for node in ast.walk(last) if isinstance(node, ast.Call)]
    assert meaning(next(call for call in calls if call.args).func, view) == expected
