"""One walk: nodes by type, parents, bindings."""

from __future__ import annotations

import ast

import pytest

from archaeologist_tools.source.index import Index, dotted

SOURCE = """\
import a.b, c as d
from e import f as g, h
def i(j, *k, l=1, **m):
    global n
    for o in p: pass
    with q as (r, s): t = u
class v(w): x: int = y
try: pass
except z as aa: del bb
match cc:
    case [dd, *ee]: pass
    case {'k': ff, **gg}: pass
    case hh: pass
[ii for jj in kk]
(ll := mm)
async def nn(): nonlocal_ = 1
lambda oo: pp
"""


def test_bound_names() -> None:
    bound = Index(ast.parse(SOURCE)).bound
    names = "a d g h i j k l m n o r s t v x aa bb dd ee ff gg hh jj ll nn nonlocal_ oo"
    assert sorted(bound) == sorted(names.split())


def test_every_node_is_found_once() -> None:
    tree = ast.parse(SOURCE)
    index = Index(tree)
    for kind in (ast.Name, ast.Call, ast.Constant, ast.arg, ast.alias, ast.keyword, ast.FunctionDef):
        expected = sorted(id(node) for node in ast.walk(tree) if type(node) is kind)
        assert sorted(id(node) for node in index.of(kind)) == expected


def test_nodes_come_parents_first_in_the_order_of_the_fields() -> None:
    index = Index(ast.parse("a(b, c=d)\ne\n"))
    assert [node.id for node in index.of(ast.Name)] == ["a", "b", "d", "e"]


def test_ancestors_lead_to_the_module() -> None:
    index = Index(ast.parse("def f():\n    return [x]\n"))
    (name,) = index.of(ast.Name)
    assert [type(node).__name__ for node in index.ancestors(name)] == ["List", "Return", "FunctionDef", "Module"]


def test_nodes_inside_f_strings_know_the_outermost_one() -> None:
    index = Index(ast.parse("x = f'{a:{b}}' + c"))
    names = {node.id: index.fstring_around(node) for node in index.of(ast.Name)}
    assert isinstance(names["a"], ast.JoinedStr)
    assert names["a"] is names["b"]
    assert names["c"] is None


@pytest.mark.parametrize(
    ("source", "writes"),
    [
        ("globals()['x'] = 1", True),
        ("globals().update(x=1)", True),
        ("vars()['x'] = 1", True),
        ("del globals()['x']", True),
        ("exec(x)", True),
        ("globals()['x']", False),
        ("vars(x)['y'] = 1", False),
        ("x.exec()", False),
    ],
)
def test_hidden_writes(source: str, writes: bool) -> None:
    assert Index(ast.parse(source)).writes_namespace is writes


@pytest.mark.parametrize(("source", "text"), [("a", "a"), ("a.b.c", "a.b.c"), ("a().b", ""), ("1", ""), ("a[0].b", "")])
def test_dotted(source: str, text: str) -> None:
    assert dotted(ast.parse(source, mode="eval").body) == text
