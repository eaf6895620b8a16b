"""The branch a run leaves: commits are added so that a step that runs twice adds one.

A branch only ever moves from the commit we believe it has. A commit carries the run and the step it was made by, so
a repeated step finds its own commit.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from archaeologist_tools.errors import BranchMoved, UsageError
from archaeologist_tools.git.commit import compose, move_ref, write_commit
from archaeologist_tools.git.tree import Change, write_tree

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archaeologist_tools.git.command import Git
    from archaeologist_tools.git.identity import Identity

__all__ = [
    "RUN",
    "STEP",
    "Change",
    "CommitLine",
    "CommitOrder",
    "CommitResult",
    "check_branch_name",
    "commit_changes",
    "commits",
    "draft_commit",
    "owner",
    "tip",
]

RUN = "Archaeologist-Run"
"""The trailer that names the run a commit belongs to."""
STEP = "Archaeologist-Step"
"""The trailer that names the step a commit was made by."""

_ATTEMPTS = 3


@dataclass(frozen=True)
class CommitOrder:
    """A commit to be made.

    Args:
        branch: without `refs/heads/`; made if it is not there.
        parent: the commit it follows, which the branch must have.
        changes: each path at most once.
        subject: the first line.
        body: the text below it, may be empty.
        trailers: must hold `Archaeologist-Run` and `Archaeologist-Step`.
        author: author and committer.
        date: "<unix seconds> +0000".
    """

    branch: str
    parent: str
    changes: Sequence[Change]
    subject: str
    body: str
    trailers: Mapping[str, str]
    author: Identity
    date: str


@dataclass(frozen=True)
class CommitResult:
    """A commit that was made.

    Args:
        commit: its id; the parent's when there was nothing to change.
        repeated: an earlier execution of the same step made it.
    """

    commit: str
    repeated: bool


@dataclass(frozen=True)
class CommitLine:
    """A commit of a branch.

    Args:
        commit: its id.
        subject: the first line of its message.
        trailers: by name; of a repeated name the last.
        files: the paths it changed.
        insertions: lines.
        deletions: lines.
    """

    commit: str
    subject: str
    trailers: Mapping[str, str]
    files: tuple[str, ...]
    insertions: int
    deletions: int


def commit_changes(git: Git, order: CommitOrder) -> CommitResult:
    """Adds a commit to a branch, once.

    Returns:
        The commit; the parent, and no branch made, when the changes change nothing.

    Raises:
        BranchMoved: the branch has commits of somebody else, or is checked out.
        GitFailed: the changes cannot be applied.
        DiskFull: nothing more can be written.
    """
    commit = draft_commit(git, order)
    if commit == order.parent:
        return CommitResult(order.parent, repeated=False)
    for _ in range(_ATTEMPTS):
        head, checkout = _state(git, order.branch)
        if head not in (None, order.parent):
            return _made_before(git, order, head)
        if checkout:
            hint = "switch to another branch there, then type `archaeologist resume`"
            raise BranchMoved(f"the branch {order.branch} is checked out in {checkout}", hint)
        if move_ref(git, f"refs/heads/{order.branch}", commit, head, f"archaeologist: {order.subject}"):
            return CommitResult(commit, repeated=False)
    raise BranchMoved(f"the branch {order.branch} keeps being moved by somebody else")


def draft_commit(git: Git, order: CommitOrder) -> str:
    """Writes the commit of an order, on no branch yet: the one that `commit_changes` will put there.

    Returns:
        Its id; the parent's when the changes change nothing.

    Raises:
        GitFailed: the changes cannot be applied.
        DiskFull: nothing more can be written.
    """
    tree = write_tree(git, order.parent, order.changes)
    if tree == git.run("rev-parse", f"{order.parent}^{{tree}}").decode().strip():
        return order.parent
    message = compose(order.subject, order.body, order.trailers)
    return write_commit(git, tree, [order.parent], message=message, author=order.author, date=order.date)


def tip(git: Git, branch: str) -> str | None:
    """Gives the commit a branch has, None if there is no such branch."""
    return _state(git, branch)[0]


def owner(git: Git, branch: str) -> str | None:
    """Gives the run that made the newest commit of a branch, None if it is no run's or not there."""
    head = tip(git, branch)
    return None if head is None else _log(git, "--max-count=1", head)[0].trailers.get(RUN)


def commits(git: Git, base: str, tip: str) -> list[CommitLine]:
    """Lists the commits from `base` (left out) to `tip`, oldest first."""
    lines = _log(git, "--reverse", "--topo-order", f"{base}..{tip}")
    sizes = _sizes(git, [line.commit for line in lines])
    return [_sized(line, sizes.get(line.commit, [])) for line in lines]


def check_branch_name(git: Git, name: str) -> None:
    """Refuses a name that git would not accept for a branch of this repository.

    Raises:
        UsageError: the name is malformed, or a branch is in the way (`a` of `a/b`, or `a/b` of `a`).
    """
    hint = "choose another name with `--branch`"
    if name.startswith("-") or name == "HEAD" or not name or git.ask("check-ref-format", f"refs/heads/{name}") is None:
        raise UsageError(f"{name!r} cannot be the name of a branch", hint)
    parts = name.split("/")
    above = [f"refs/heads/{'/'.join(parts[:count])}" for count in range(1, len(parts))]
    taken = git.run("for-each-ref", "--format=%(refname)", f"refs/heads/{name}/", *above).decode(errors="replace")
    blocking = [ref for ref in taken.splitlines() if ref in above or ref.startswith(f"refs/heads/{name}/")]
    if blocking:
        other = blocking[0].removeprefix("refs/heads/")
        raise UsageError(f"a branch {name} cannot be made while there is a branch {other}", hint)


def _state(git: Git, branch: str) -> tuple[str | None, str]:
    """Gives the commit of a branch and the checkout that is on it ("" if there is none)."""
    ref = f"refs/heads/{branch}"
    # The pattern also matches what is below; the name comes last, as it may be anything.
    listing = git.run("for-each-ref", "--format=%(objectname)%00%(worktreepath)%00%(refname)%00", ref)
    fields = os.fsdecode(listing).split("\0")
    for commit, checkout, name in zip(fields[::3], fields[1::3], fields[2::3], strict=False):
        if name == ref:
            return commit.strip(), checkout
    return None, ""


def _made_before(git: Git, order: CommitOrder, head: str) -> CommitResult:
    wanted = {key: order.trailers[key] for key in (RUN, STEP)}
    if git.ask("merge-base", "--is-ancestor", order.parent, head) is not None:
        for line in _log(git, f"{order.parent}..{head}"):
            if wanted.items() <= line.trailers.items():
                return CommitResult(line.commit, repeated=True)
    raise BranchMoved(f"the branch {order.branch} has {head[:12]}, which this run did not put there")


def _log(git: Git, *args: str) -> list[CommitLine]:
    # Neither a commit id nor a subject holds a newline, and no message holds NUL.
    listing = git.run("log", "-z", "--no-patch", "--format=%H%n%s%n%(trailers:only,unfold)", *args, "--")
    return [_line(record) for record in listing.decode(errors="replace").split("\0") if record]


def _line(record: str) -> CommitLine:
    commit, subject, *rest = record.split("\n")
    trailers = dict(line.split(": ", 1) for line in rest if ": " in line)
    return CommitLine(commit, subject, trailers, files=(), insertions=0, deletions=0)


def _sizes(git: Git, oids: Sequence[str]) -> dict[str, list[tuple[str, int, int]]]:
    """Gives path, insertions and deletions of every file of every commit."""
    if not oids:
        return {}
    command = ("diff-tree", "--stdin", "--root", "-r", "-z", "--numstat", "--no-renames")
    sizes: dict[str, list[tuple[str, int, int]]] = {}
    current: list[tuple[str, int, int]] = []
    for record in git.run(*command, input="\n".join(oids).encode() + b"\n").split(b"\0"):
        # A commit stands alone in its record; a file has two numbers in front, "-" for a binary one.
        if b"\t" not in record:
            current = sizes.setdefault(record.decode("ascii"), [])
            continue
        added, removed, path = record.split(b"\t", 2)
        current.append((os.fsdecode(path), int(added.replace(b"-", b"0")), int(removed.replace(b"-", b"0"))))
    return sizes


def _sized(line: CommitLine, sizes: Sequence[tuple[str, int, int]]) -> CommitLine:
    return replace(
        line,
        files=tuple(path for path, _, _ in sizes),
        insertions=sum(added for _, added, _ in sizes),
        deletions=sum(removed for _, _, removed in sizes),
    )
