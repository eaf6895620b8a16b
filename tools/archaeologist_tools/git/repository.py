"""Finds the repository a path belongs to, makes one where there is none, and says what state it is in.

Everything here only looks, except `initialize`, which makes a repository where there was none.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from archaeologist_tools.errors import (
    BareRepository,
    EmptyRepository,
    GitFailed,
    NotARepository,
    PathMissing,
    RepositoryError,
    ScopeOutside,
    UsageError,
)
from archaeologist_tools.git.command import Git, discover
from archaeologist_tools.git.condition import Condition, condition
from archaeologist_tools.git.identity import Identity, identity_of

__all__ = ["Condition", "Identity", "Location", "base_commit", "condition", "identity", "initialize", "locate"]

_NEVER_COMMITTED = """\
# Written by archaeologist --init: what is made from the sources is not part of them.
__pycache__/
*.py[cod]
*.egg-info/
.eggs/
.tox/
.nox/
.venv/
venv/
node_modules/
.mypy_cache/
.pytest_cache/
.ruff_cache/
.coverage
"""


@dataclass(frozen=True)
class Location:
    """Where a path is in its repository.

    Args:
        root: the top of the checkout, absolute and without symlinks.
        git_dir: the git folder of this checkout, absolute.
        common_dir: the git folder that holds objects and branches; `git_dir` except in a linked worktree.
        scope: the path inside the repository, posix; "" is the whole.
    """

    root: Path
    git_dir: Path
    common_dir: Path
    scope: str

    @property
    def git(self) -> Git:
        """The git of this checkout."""
        return Git(self.git_dir)


def locate(path: Path) -> Location:
    """Finds the repository of a folder or file.

    Raises:
        PathMissing: nothing is there.
        NotARepository: no repository around it.
        BareRepository: a repository without a checkout.
        ScopeOutside: a symlink leads out of the repository, or the path is inside its git folder.
        RepositoryError: git will not touch the repository, since somebody else owns it.
    """
    real = _existing(path)
    _refuse_way_out(path, real)
    folder = real if real.is_dir() else real.parent
    _refuse_bare(folder, path)
    root = Path(_said(folder, "--show-toplevel"))
    scope = real.relative_to(root).as_posix()
    if ".git" in scope.split("/"):
        raise ScopeOutside(f"{path} is inside git's own folder", "name the checkout, not its git folder")
    return Location(
        root=root,
        git_dir=Path(_said(folder, "--absolute-git-dir")),
        common_dir=Path(_said(folder, "--path-format=absolute", "--git-common-dir")),
        scope="" if scope == "." else scope,
    )


def initialize(path: Path) -> Location:
    """Makes a repository of a plain folder, with a first commit of all files that are not ignored.

    A folder that is in a repository already is only located, whatever state that repository is in.

    Raises:
        PathMissing: nothing is there.
        UsageError: the path is a file.
        GitFailed: the files could not be committed; the folder is as before.
    """
    real = _existing(path)
    if not real.is_dir():
        raise UsageError(f"{path} is a file, a repository is made of a folder")
    try:
        return locate(path)
    except NotARepository:
        pass
    try:
        _first_commit(real)
    except BaseException:
        shutil.rmtree(real / ".git", ignore_errors=True)
        raise
    return locate(real)


def base_commit(location: Location, rev: str = "HEAD") -> str:
    """Gives the id of the commit that a revision names.

    Raises:
        EmptyRepository: HEAD has no commit yet.
        UsageError: no such revision.
    """
    git = location.git
    commit = git.ask("rev-parse", "--quiet", "--verify", "--end-of-options", f"{rev}^{{commit}}")
    if commit is not None:
        return commit
    if rev != "HEAD":
        raise UsageError(f"{rev} names no commit of {location.root}", "see `git log` for the commits there are")
    if git.ask("rev-parse", "--quiet", "--verify", "HEAD") is None:
        raise EmptyRepository(f"{location.root} has no commit yet")
    raise GitFailed(f"the commit that HEAD of {location.root} names is damaged")


def identity(location: Location) -> Identity:
    """Gives the name and address that commits of this repository carry."""
    return identity_of(location.git)


def _existing(path: Path) -> Path:
    try:
        return path.resolve(strict=True)
    except (OSError, ValueError, RuntimeError) as problem:
        raise PathMissing(f"{os.fspath(path)!r} does not exist or cannot be read") from problem


def _refuse_way_out(path: Path, real: Path) -> None:
    """Refuses a path that goes through a repository and leaves it by a symlink."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 - Path.absolute() keeps `..`, and resolve() loses the links
    for link in (absolute, *absolute.parents):
        if not link.is_symlink():
            continue
        root = _root_around(link.parent.resolve())
        if root is not None and not real.is_relative_to(root):
            raise ScopeOutside(f"{path} leads out of the repository {root}", f"name the folder itself: {real}")


def _root_around(folder: Path) -> Path | None:
    try:
        return Path(_said(folder, "--show-toplevel"))
    except RepositoryError:
        return None


def _refuse_bare(folder: Path, path: Path) -> None:
    try:
        answers = discover(folder, "rev-parse", "--is-bare-repository", "--is-inside-git-dir").split()
    except GitFailed as problem:
        if "bare repository" in str(problem):
            raise BareRepository(f"{path} is in a bare repository") from problem
        if "not a git repository" in str(problem):
            raise NotARepository(f"{path} is not in a git repository") from problem
        raise
    if answers == [b"false", b"true"]:
        raise ScopeOutside(f"{path} is inside git's own folder", "name the checkout, not its git folder")
    if answers[0] == b"true":
        raise BareRepository(f"{path} is in a bare repository")


def _said(folder: Path, *args: str) -> str:
    try:
        return os.fsdecode(discover(folder, "rev-parse", *args).removesuffix(b"\n"))
    except GitFailed as problem:
        raise NotARepository(f"{folder} is not in a git repository") from problem


def _first_commit(folder: Path) -> None:
    discover(folder, "init", "--quiet", "--template=")
    git = Git(folder / ".git")
    (git.git_dir / "info").mkdir(exist_ok=True)
    (git.git_dir / "info" / "exclude").write_text(_NEVER_COMMITTED, encoding="ascii")
    git.run("add", "--all", work_tree=folder)
    author = identity_of(git)
    git.run("commit", "--quiet", "--allow-empty", "--message=First commit", env=author.variables(), work_tree=folder)
