from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archaeologist.agents.steps.ordering import awaited, imported_first, imports_among, pilots_first
from archaeologist.documents import CodePlace, WorkItem
from archaeologist_tools.source.module import Module, read_module

if TYPE_CHECKING:
    from collections.abc import Mapping


def item(*paths: str, kind: str = "AR001") -> WorkItem:
    places = tuple(CodePlace(path=path, qualname="f") for path in paths)
    return WorkItem(kind=kind, places=places, title=", ".join(paths), notes=())


def modules(sources: Mapping[str, str]) -> dict[str, Module]:
    read = {path: read_module(path, text.encode()) for path, text in sources.items()}
    return {path: module for path, module in read.items() if isinstance(module, Module)}


PILOT = item("pilot.py")


def test_the_first_of_each_kind_comes_first_and_waits_for_the_one_before() -> None:
    kinds = [item("a.py"), item("b.py"), item("c.py", kind="AR002"), item("d.py", kind="AR003"), item("e.py")]
    ordered = list(pilots_first(kinds))
    assert [each.title for each in ordered] == ["a.py", "c.py", "d.py", "b.py", "e.py"]
    assert list(awaited(ordered, {})) == [0, 1, 2, 3, 3]


@pytest.mark.parametrize(
    ("others", "imports", "expected"),
    [
        ([item("a.py"), item("b.py")], {}, [1, 1]),
        ([item("a.py", "b.py"), item("c.py", "b.py")], {}, [1, 2]),
        ([item("a.py"), item("b.py")], {"b.py": {"a.py"}}, [1, 2]),
        ([item("a.py"), item("b.py")], {"a.py": {"b.py"}}, [1, 2]),
        ([item("a.py"), item("b.py"), item("c.py")], {"c.py": {"a.py"}}, [1, 1, 2]),
        ([item("a.py"), item("b.py")], {"a.py": {"x.py"}, "b.py": {"x.py"}}, [1, 1]),
        ([item("a.py"), item("b.py")], {"a.py": {"x.py"}, "x.py": {"b.py"}}, [1, 1]),
        ([item("a.py"), item("b.py")], {"b.py": {"pilot.py"}}, [1, 1]),
    ],
    ids=[
        "strangers",
        "one file in both",
        "imports an earlier one",
        "is imported by an earlier one",
        "only that one",
        "both import a third",
        "over a third",
        "pilot",
    ],
)
def test_items_that_meet_wait_for_each_other(
    others: list[WorkItem], imports: dict[str, set[str]], expected: list[int]
) -> None:
    assert list(awaited([PILOT, *others], imports)) == [0, *expected]


def test_modules_come_after_those_they_import() -> None:
    imports = imports_among(modules({"a/b.py": "from a import c", "a/c.py": "import a.d", "a/d.py": ""}))
    assert imports == {"a/b.py": {"a/c.py"}, "a/c.py": {"a/d.py"}, "a/d.py": set()}
    assert imported_first(imports) == ["a/d.py", "a/c.py", "a/b.py"]


def test_modules_that_import_each_other_have_an_order_too() -> None:
    imports = imports_among(modules({"b.py": "import a", "a.py": "import b", "c.py": ""}))
    assert imported_first(imports) == ["c.py", "a.py", "b.py"]
