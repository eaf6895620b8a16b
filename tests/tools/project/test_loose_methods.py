"""What all methods of a name give tells nothing where something else may be called under that name."""

from __future__ import annotations

import pytest

from archaeologist_tools.project.facts import file_facts, merge
from archaeologist_tools.project.loose_methods import loose_methods
from archaeologist_tools.source.module import Module, read_module
from support.rewriting import rewrite

METHOD = "class A:\n    def f(self):\n        return 1\n"
CALLER = "def show(x):\n    return '%s' % x.f()\n"


def read(source: str) -> Module:
    module = read_module("app.py", source.encode())
    assert isinstance(module, Module)
    return module


@pytest.mark.parametrize(
    "source",
    [
        "class B:\n    f = given\n",
        "class B:\n    f: Any = given\n",
        "class B:\n    f, g = given\n",
        "class B:\n    f = staticmethod(given)\n",
        "class B:\n    from other import f\n",
        "class B:\n    from other import g as f\n",
        "class B:\n    class f:\n        pass\n",
        "class B:\n    async def f(self):\n        pass\n",
        "class B:\n    for f in given:\n        pass\n",
        "class B:\n    x = [f for f in given]\n",
        "class B:\n    print((f := given))\n",
        "class B:\n    if given:\n        def f(self):\n            return given\n",
        "class B:\n    try:\n        f = given\n    except NameError:\n        pass\n",
        "class B:\n    def f(self):\n        return 1\n    def f(self):\n        return 2\n",
        "b.f = given\n",
        "b.f, c = given\n",
        "for b.f in given:\n    pass\n",
        "setattr(b, 'f', given)\n",
    ],
)
def test_name_under_which_something_else_may_be_called(source: str) -> None:
    assert "f" in set(loose_methods(read(source).index))


@pytest.mark.parametrize(
    "source",
    [
        METHOD,
        "class B:\n    f = 1\n    f = 'x'\n    f = [1]\n    f = {}\n    f = -x\n    f += g\n    f: int\n",
        "b.f = 1\nb.f = f'{x}'\nb.f += g\nb.f\ndel b.f\n",
        "f = given\ndef f():\n    pass\nfrom other import f\n",
        "setattr(b, name, 'f')\n",
        "def g():\n    return [f for f in given]\n",
    ],
)
def test_name_of_plain_methods_and_of_values(source: str) -> None:
    assert "f" not in set(loose_methods(read(source).index))


@pytest.mark.parametrize("other", ["", "class B:\n    f = given\n", "b.f = given\n"])
def test_results_of_methods_tell_nothing_then(other: str) -> None:
    known = merge([file_facts(read(METHOD + other)), file_facts(read(CALLER))])
    assert (".f" in dict(known.results)) is (not other)


@pytest.mark.parametrize(
    "again",
    [
        "    if given:\n        def f(self):\n            return (1,)\n",
        "    f = given\n",
        "    async def f(self):\n        return 1\n",
    ],
)
def test_method_that_a_class_binds_again(again: str) -> None:
    caller = "def show():\n    return '%s' % A().f()\n"
    assert rewrite(METHOD + caller, "AR001").layers
    assert not rewrite(METHOD + again + caller, "AR001").layers


def test_method_set_by_name() -> None:
    caller = "setattr(A, 'f', given)\ndef show():\n    return '%s' % A().f()\n"
    assert not rewrite(METHOD + caller, "AR001").layers


def test_one_file_alone_says_nothing_of_other_objects() -> None:
    assert not rewrite(METHOD + CALLER, "AR001").layers


def test_function_without_a_name_of_its_own_gives_what_it_gives() -> None:
    shown = "class B:\n    f = lambda self: (1,)\n"
    known = merge([file_facts(read(METHOD + shown)), file_facts(read(CALLER))])
    assert not rewrite(CALLER, "AR001", facts=known).layers


@pytest.mark.parametrize(
    ("source", "known"),
    [
        ("def top():\n    return 1\n", "int"),
        ("def top():\n    return 1\nif given:\n    def top():\n        return (1,)\n", ""),
        ("try:\n    from fast import top\nexcept ImportError:\n    def top():\n        return 1\n", ""),
        ("def top():\n    return 1\ntop = given(top)\n", ""),
        ("def top():\n    return 1\ndef g():\n    global top\n    top = given\n", ""),
        ("if given:\n    def top():\n        return 1\n", "int"),
    ],
)
def test_function_that_a_module_binds_again(source: str, known: str) -> None:
    assert dict(file_facts(read(source)).results)["top()"] == known
