"""What a project calls its modules hides those of the library, wherever the project stands."""

from __future__ import annotations

import pytest

from archaeologist_tools.engine.parallel import facts_of
from archaeologist_tools.engine.sweep import rewrite_files
from archaeologist_tools.project.facts import merge
from archaeologist_tools.project.module_names import nearest_roots, stem_of


@pytest.mark.parametrize(
    ("path", "stem", "roots"),
    [
        ("tool.py", "tool", ("tool",)),
        ("src/app/core.py", "core", ("app", "src")),
        ("app/__init__.py", "app", ("__init__", "app")),
    ],
)
def test_file_has_names(path: str, stem: str, roots: tuple[str, ...]) -> None:
    assert stem_of(path) == stem
    assert nearest_roots(path) == roots


@pytest.mark.parametrize(
    ("paths", "own", "others"),
    [
        (["/home/me/old/six.py"], {"six"}, set()),
        (["../../old/app/__init__.py", "../../old/app/six.py"], {"app"}, {"six"}),
        (["/w/lib/app/__init__.py", "/w/lib/app/a/__init__.py", "/w/lib/app/a/six.py"], {"app"}, {"a", "six"}),
        (["/w/lib/app/a/__init__.py", "/w/lib/app/a/six.py"], {"a"}, {"app", "six"}),
    ],
)
def test_modules_outside_of_packages_are_known_wherever_the_path_begins(
    paths: list[str], own: set[str], others: set[str]
) -> None:
    modules = set(merge(facts_of([(path, b"") for path in paths])).modules)
    assert own <= modules
    assert others.isdisjoint(modules)


@pytest.mark.parametrize("folder", ["", "old/", "../old/", "/home/me/projects/old/"])
def test_module_of_the_project_is_not_the_one_that_six_is(folder: str) -> None:
    files = [(f"{folder}six.py", b"text_type = repr\n"), (f"{folder}a.py", b"import six\nx = six.text_type(1)\n")]
    rewrites = rewrite_files(files, rules=["AR032"], target=(3, 8))
    assert [rewrite.layers for rewrite in rewrites] == [(), ()]
