"""Files of a folder on disk: which are looked at, and how the others are told."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.git.ignored import ignored_in
from archaeologist_tools.source.folder import scan

if TYPE_CHECKING:
    from pathlib import Path


def fill(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x = 1\n")


def seen(folder: Path, ignored: frozenset[str] = frozenset()) -> tuple[list[str], dict[str, str]]:
    files, skipped = scan(folder, ignored)
    return [path.relative_to(folder).as_posix() for path in files], {found.path: found.code for found in skipped}


def test_python_files_are_found_in_order(tmp_path: Path) -> None:
    fill(tmp_path, "b.py", "a/c.pyw", "a/d.txt", "a/b/e.py", ".git/hooks/f.py")
    assert seen(tmp_path) == (["a/b/e.py", "a/c.pyw", "b.py"], {})


def test_code_of_others_is_told_once_a_folder(tmp_path: Path) -> None:
    fill(tmp_path, "a.py", "vendor/b.py", "vendor/c/d.py", "x/node_modules/e/f.py", "build/g.txt")
    assert seen(tmp_path) == (["a.py"], {"vendor": "vendored", "x/node_modules": "vendored"})
    assert seen(tmp_path / "vendor") == (["b.py", "c/d.py"], {})


def test_repositories_inside_are_left_alone(tmp_path: Path) -> None:
    fill(tmp_path, "a.py", "sub/.git", "sub/b.py", "other/.git/config", "other/c.py")
    assert seen(tmp_path) == (["a.py"], {"sub": "submodule", "other": "submodule"})


def test_links_are_not_followed(tmp_path: Path) -> None:
    fill(tmp_path, "in/a.py", "out/b.py")
    (tmp_path / "in/link.py").symlink_to("a.py")
    (tmp_path / "in/outside.py").symlink_to(tmp_path / "out/b.py")
    (tmp_path / "in/loop.py").symlink_to("loop.py")
    (tmp_path / "in/folder").symlink_to(tmp_path / "out")
    (tmp_path / "in/itself").symlink_to(".")
    links = {"link.py": "symlink", "outside.py": "symlink", "loop.py": "symlink"}
    assert seen(tmp_path / "in") == (["a.py"], links)


def test_what_git_ignores_is_told(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    fill(tmp_path, "a.py", "b.py", "c/d.py", "c/e/f.py", "tracked.py")
    subprocess.run(["git", "-C", tmp_path, "add", "tracked.py"], check=True)
    (tmp_path / ".gitignore").write_text("b.py\ne/\ntracked.py\n")
    expected = ["a.py", "c/d.py", "tracked.py"], {"b.py": "ignored", "c/e": "ignored"}
    assert seen(tmp_path, ignored_in(tmp_path)) == expected
    assert seen(tmp_path / "c", ignored_in(tmp_path / "c")) == (["d.py"], {"e": "ignored"})
    assert seen(tmp_path / "c/e", ignored_in(tmp_path / "c/e")) == (["f.py"], {})


@pytest.mark.parametrize("folder", ["plain", "nowhere"])
def test_without_a_repository_nothing_is_ignored(tmp_path: Path, folder: str) -> None:
    (tmp_path / "plain").mkdir()
    assert ignored_in(tmp_path / folder) == frozenset()
