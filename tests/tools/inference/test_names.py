"""Names are read off a file once, and let go of with the file."""

from __future__ import annotations

from weakref import ref

from archaeologist_tools.inference.names import names_of
from archaeologist_tools.source.module import Module, read_module


def read() -> Module:
    module = read_module("app.py", b"x = 1\n")
    assert isinstance(module, Module)
    return module


def test_names_of_a_file_are_shared_while_it_is_kept() -> None:
    module = read()
    names = names_of(module)
    assert names_of(module) is names
    assert len(names.scopes.bindings(module.tree, "x")) == 1
    assert names_of(read()) is not names


def test_names_go_with_the_file() -> None:
    module = read()
    names = ref(names_of(module))
    assert names() is not None
    del module
    assert names() is None
