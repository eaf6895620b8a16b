"""Makes commits without a checkout and without touching the user's index, and moves references by compare-and-swap."""

from __future__ import annotations

import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archaeologist_tools.errors import GitFailed
from archaeologist_tools.git.command import disk_full

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archaeologist_tools.git.command import Git
    from archaeologist_tools.git.identity import Identity

# A git process holds a reference's lock for milliseconds; one this old belongs to a process that was killed.
_STALE_LOCK_SECONDS = 60
_ASTRAY = frozenset({"", ".", ".."})


@dataclass(frozen=True)
class Change:
    """What becomes of one path.

    Args:
        path: posix, relative to the repository root.
        mode: "100644", "100755" or "120000".
        oid: the blob the path gets; None takes the path away.
    """

    path: str
    mode: str
    oid: str | None


def write_tree(git: Git, base: str | None, changes: Sequence[Change]) -> str:
    """Gives the tree that a commit's tree becomes by some changes.

    Args:
        git: the repository.
        base: a commit or tree id; None starts from nothing.
        changes: each path at most once.

    Raises:
        GitFailed: a path is not acceptable to git (`..`, `.git`), or a file stands where a folder is needed.
        DiskFull: nothing more can be written.
    """
    _refuse_astray(changes)
    try:
        with tempfile.TemporaryDirectory(prefix="archaeologist-index-") as folder:
            env = {"GIT_INDEX_FILE": str(Path(folder, "index"))}
            git.run("read-tree", *(["--empty"] if base is None else [base]), env=env)
            git.run("update-index", "-z", "--add", "--index-info", input=_index_info(changes, len(base or "")), env=env)
            tree = git.run("write-tree", env=env).decode().strip()
    except OSError as problem:
        raise disk_full(problem) or GitFailed(f"no temporary index could be made: {problem}") from problem
    _refuse_collateral(git, base, tree, changes)
    return tree


def write_commit(git: Git, tree: str, parents: Sequence[str], *, message: str, author: Identity, date: str) -> str:
    """Writes a commit; the same arguments give the same id.

    Args:
        git: the repository.
        tree: the id of its tree.
        parents: the ids of its parents.
        message: see `compose`.
        author: author and committer.
        date: "<unix seconds> +0000".
    """
    links = [word for parent in parents for word in ("-p", parent)]
    data = message.replace("\0", "").encode("utf-8", "backslashreplace")
    return git.run("commit-tree", tree, *links, "-F", "-", input=data, env=author.variables(date)).decode().strip()


def compose(subject: str, body: str, trailers: Mapping[str, str]) -> str:
    """Gives a commit message: subject, body and trailers, each apart from the other by an empty line."""
    lines = [f"{key}: {' '.join(value.split())}" for key, value in trailers.items()]
    parts = [" ".join(subject.split()), body.strip(), "\n".join(lines)]
    return "\n\n".join(part for part in parts if part) + "\n"


def move_ref(git: Git, ref: str, new: str, old: str | None, reason: str) -> bool:
    """Moves a reference if it still is where we believe it to be.

    Args:
        git: the repository.
        ref: the full name.
        new: the commit it gets.
        old: the commit it has; None if it is to be made.
        reason: for the reflog.

    Returns:
        False when somebody else moved it.

    Raises:
        GitFailed: it could not be moved for another reason, e.g. it is locked.
    """
    expected = old or "0" * len(new)
    for last in (False, True):
        try:
            git.run("update-ref", "--no-deref", "-m", reason, ref, new, expected)
        except GitFailed:
            if read_ref(git, ref) != old:
                return False
            if last or not _drop_stale_lock(git, ref):
                raise
        else:
            return True
    return False


def read_ref(git: Git, ref: str) -> str | None:
    """Gives the id a reference has, None if there is no such reference."""
    return git.ask("rev-parse", "--quiet", "--verify", "--end-of-options", ref)


def _refuse_astray(changes: Sequence[Change]) -> None:
    # Git leaves such paths out of an index without a word in its exit code.
    for change in changes:
        parts = change.path.split("/")
        if any(part in _ASTRAY or part.lower() == ".git" for part in parts) or "\0" in change.path:
            raise GitFailed(f"{change.path!r} is no path inside a repository")


def _refuse_collateral(git: Git, base: str | None, tree: str, changes: Sequence[Change]) -> None:
    """Refuses a tree in which a path gave way that nobody asked to change: `a` for `a/b`, or all of `a/` for `a`."""
    listing = git.run("diff-tree", "-r", "-z", "--name-only", base, tree) if base else b""
    wanted = {os.fsencode(change.path) for change in changes}
    lost = [path for path in listing.split(b"\0") if path and path not in wanted]
    if lost:
        raise GitFailed(f"{os.fsdecode(lost[0])!r} would give way to a file or folder of the same name")


def _index_info(changes: Sequence[Change], width: int) -> bytes:
    """Gives the input of `update-index`; a missing path has mode 0 and an id of zeros, `width` hex digits wide."""
    lines = [f"{change.mode if change.oid else '0'} {change.oid or '0' * width}\t{change.path}\0" for change in changes]
    return os.fsencode("".join(lines))


def _drop_stale_lock(git: Git, ref: str) -> bool:
    """Removes what a killed git left behind for a reference that is ours alone."""
    lock = Path(
        git.run("rev-parse", "--path-format=absolute", "--git-path", f"{ref}.lock")
        .decode(errors="surrogateescape")
        .rstrip("\n")
    )
    try:
        stale = time.time() - lock.stat().st_mtime > _STALE_LOCK_SECONDS
        if stale:
            lock.unlink()
    except OSError:
        return False
    return stale
