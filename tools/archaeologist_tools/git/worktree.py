"""A private checkout to run tests in, which leaves no trace in the user's repository.

It is a repository of its own that borrows the user's objects (`objects/info/alternates`), so nothing is registered
there as `git worktree add` would. Files are the raw bytes of the blobs: no line ending, encoding or filter touches
them.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from archaeologist_tools.errors import GitFailed
from archaeologist_tools.git.command import Git, discover, disk_full

if TYPE_CHECKING:
    from collections.abc import Callable

_MARKER = "archaeologist-worktree"
# The highest place attributes can stand; `working-tree-encoding` knows no "unset", only "unspecified".
_RAW = "* -text !eol !crlf -ident !filter !working-tree-encoding\n"


def open_worktree(git: Git, commit: str, directory: Path) -> Path:
    """Checks a commit out into a folder of its own; a checkout that is there already is replaced.

    Args:
        git: the user's repository.
        commit: the commit to check out.
        directory: the folder; its parent is made if needed.

    Returns:
        The folder.

    Raises:
        GitFailed: the folder holds a repository that is not ours, or the commit cannot be checked out.
        DiskFull: nothing more can be written.
    """
    remove_worktree(directory)
    _guarded(lambda: _borrow(git, directory))
    move_worktree(directory, commit)
    return directory


def move_worktree(directory: Path, commit: str) -> None:
    """Switches a private checkout to another commit; what tests left behind goes away.

    Raises:
        GitFailed: the folder is no checkout of ours, or there is no such commit.
        DiskFull: nothing more can be written.
    """
    own = Git(directory / ".git")
    if not (own.git_dir / _MARKER).is_file():
        raise GitFailed(f"{directory} is not a checkout that archaeologist made")
    # Only a git that was killed can have left it: nobody else works here.
    (own.git_dir / "index.lock").unlink(missing_ok=True)
    own.run("checkout", "--quiet", "--force", "--detach", commit, work_tree=directory)
    own.run("clean", "-ffdxq", work_tree=directory)


def remove_worktree(directory: Path) -> None:
    """Removes a private checkout; nothing happens if there is none.

    Raises:
        GitFailed: the folder holds a repository that is not ours.
    """
    if directory.is_symlink() or directory.is_file():
        raise GitFailed(f"{directory} is not a folder, so no checkout that archaeologist made")
    if not directory.is_dir():
        return
    git_dir = directory / ".git"
    # An empty one is what a kill between two steps leaves.
    if os.path.lexists(git_dir) and not (git_dir / _MARKER).is_file() and not _is_empty(git_dir):
        raise GitFailed(f"{directory} holds a repository that archaeologist did not make", "move it away")
    _guarded(lambda: _remove(directory))


def _borrow(git: Git, directory: Path) -> None:
    common = Path(_answer(git, "--path-format=absolute", "--git-common-dir"))
    object_format = _answer(git, "--show-object-format")
    own = directory / ".git"
    own.mkdir(parents=True)
    (own / _MARKER).touch()
    discover(directory, "init", "--quiet", "--template=", f"--object-format={object_format}")
    (own / "info").mkdir(exist_ok=True)
    (own / "info" / "attributes").write_text(_RAW, encoding="ascii")
    alternates = own / "objects" / "info" / "alternates"
    alternates.parent.mkdir(exist_ok=True)
    alternates.write_bytes(_quoted(os.fsencode(common / "objects")) + b"\n")
    if (common / "shallow").is_file():
        shutil.copyfile(common / "shallow", own / "shallow")


def _answer(git: Git, *args: str) -> str:
    return os.fsdecode(git.run("rev-parse", *args).removesuffix(b"\n"))


def _quoted(path: bytes) -> bytes:
    """Quotes a path as C does when it holds what would end the line, see gitrepository-layout(5)."""
    if not any(byte in path for byte in b'\n"\\'):
        return path
    escaped = path.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'"' + escaped + b'"'


def _remove(directory: Path) -> None:
    # Tests may leave folders nobody can enter.
    for folder, names, _files in os.walk(directory):
        for path in (Path(folder, name) for name in names):
            if not path.is_symlink() and not os.access(path, os.R_OK | os.W_OK | os.X_OK):
                path.chmod(0o700)
    shutil.rmtree(directory)


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())


def _guarded(work: Callable[[], None]) -> None:
    try:
        work()
    except OSError as problem:
        raise disk_full(problem) or GitFailed(f"the private checkout cannot be made or removed: {problem}") from problem
