"""Who may read the annotations of a function when the program runs: a rule that changes one asks here first."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeAlias

from archaeologist_tools.project.module_names import stem_of
from archaeologist_tools.source.annotations import reads_annotations
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archaeologist_tools.engine.view import View

_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

# They hand the function on without reading its annotations.
_HARMLESS_DECORATORS = frozenset(
    {
        "staticmethod",
        "classmethod",
        "property",
        "abstractmethod",
        "abc.abstractmethod",
        "contextmanager",
        "contextlib.contextmanager",
        "lru_cache",
        "functools.lru_cache",
        "cache",
        "functools.cache",
    }
)

READER_REFUSALS: Mapping[str, str] = {
    "decorated": "a decorator of the function or its class may read annotations",
    "annotation-reader": "the module, or one that imports it, reads annotations, or uses a package that does",
}
"""The reason codes of `reader_of`, with the reasons."""


def reader_of(function: _Function, view: View) -> str:
    """Why the annotations of a function may be read when the program runs, as a reason code; empty when nobody does."""
    if _is_decorated(function, view):
        return "decorated"
    name = getattr(function, "name", "")
    inspected = view.facts.lookups.is_inspected(stem_of(view.module.path), name)
    return "annotation-reader" if reads_annotations(view.index) or inspected else ""


def _is_decorated(function: _Function, view: View) -> bool:
    called = [item.func if isinstance(item, ast.Call) else item for item in getattr(function, "decorator_list", ())]
    harmless = all(
        dotted(item) in _HARMLESS_DECORATORS or getattr(item, "attr", "") in {"setter", "wraps"} for item in called
    )
    classes = (item for item in view.index.ancestors(function) if isinstance(item, ast.ClassDef))
    return not harmless or any(item.decorator_list for item in classes)
