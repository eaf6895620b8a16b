"""What functions give is told where every class of the file that has a method tells it."""

from __future__ import annotations

from archaeologist_tools.inference.results import results
from archaeologist_tools.source.module import Module, read_module

SOURCE = b"""
class A:
    def known(self):
        return 1
    def doubtful(self):
        return 1

class B:
    def doubtful(self):
        return given
    def known(self):
        return 'x'
    def own(self):
        return given

class C:
    def doubtful(self):
        return 2
"""


def test_method_is_told_where_all_classes_tell_it() -> None:
    module = read_module("app.py", SOURCE)
    assert isinstance(module, Module)
    assert dict(results(module)) == {"A.known": "int", "B.known": "str"}
