"""The files of the project around some files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist_tools.project.neighbourhood import neighbours
from support.projects import write

if TYPE_CHECKING:
    from pathlib import Path


def names(*paths: Path) -> list[str]:
    return [str(path) for path, _ in neighbours(paths)]


def test_rest_of_the_project_is_read(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pyproject.toml": "",
            "app/core.py": "",
            "app/util.py": "",
            "tests/test_core.py": "",
            "venv/lib/x.py": "",
            ".hidden/y.py": "",
            "notes.txt": "",
        },
    )
    assert names(tmp_path / "app/core.py") == ["app/util.py", "tests/test_core.py"]


def test_package_with_a_setup_module_is_no_project(tmp_path: Path) -> None:
    write(tmp_path, {"setup.py": "", "app/__init__.py": "", "app/setup.py": "", "tests/test_a.py": ""})
    assert names(tmp_path / "app/__init__.py") == ["setup.py", "app/setup.py", "tests/test_a.py"]


def test_file_outside_of_any_project_stands_alone(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "", "b.py": ""})
    assert names(tmp_path / "a.py") == []
