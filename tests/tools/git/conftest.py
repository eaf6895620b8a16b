from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from support.repositories import git

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without anybody's git configuration."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    return home


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with a file at the top, one in a folder, and one commit."""
    return new_repository(tmp_path / "legacy")


@pytest.fixture(params=["sha1", "sha256"])
def any_format(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The same, once with each kind of object ids."""
    return new_repository(tmp_path / "legacy", f"--object-format={request.param}")


def new_repository(path: Path, *options: str) -> Path:
    (path / "app").mkdir(parents=True)
    (path / "setup.py").write_text("import app\n", encoding="ascii")
    (path / "app" / "main.py").write_text("print('%s' % (1,))\n", encoding="ascii")
    git(path, "init", "--quiet", "-b", "main", *options)
    git(path, "config", "user.name", "Grace Legacy")
    git(path, "config", "user.email", "grace@example.com")
    git(path, "add", "--all")
    git(path, "commit", "--quiet", "-m", "First")
    return path
