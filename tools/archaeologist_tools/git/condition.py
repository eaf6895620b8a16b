"""What state a repository is in before a run; looking changes nothing, not even the times in the index."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archaeologist_tools.git.repository import Location


@dataclass(frozen=True)
class Condition:
    """What is worth knowing before a run.

    Args:
        dirty: how many paths in scope are changed or untracked.
        detached: HEAD names a commit, not a branch.
        shallow: the history is cut off.
        signs_commits: the user's configuration signs commits; ours are not signed.
        hooks: names of the hooks that git would run; ours are made without.
        submodules: how many submodules are in scope.
    """

    dirty: int
    detached: bool
    shallow: bool
    signs_commits: bool
    hooks: tuple[str, ...]
    submodules: int


def condition(location: Location) -> Condition:
    """Looks at the checkout and the configuration of a repository."""
    git = location.git
    signs = git.run("config", "--type=bool", "--get-all", "commit.gpgSign").split()
    return Condition(
        dirty=_count_dirty(location),
        detached=git.ask("symbolic-ref", "--quiet", "HEAD") is None,
        shallow=git.run("rev-parse", "--is-shallow-repository").strip() == b"true",
        # The last one is ours.
        signs_commits=signs[-2:-1] == [b"true"],
        hooks=_active_hooks(location),
        submodules=_count_submodules(location),
    )


def _count_dirty(location: Location) -> int:
    listing = location.git.run(
        "status",
        "--porcelain",
        "-z",
        "--no-renames",
        "--untracked-files=normal",
        # A submodule's own configuration could run programs.
        "--ignore-submodules=dirty",
        "--",
        location.scope or ".",
        work_tree=location.root,
    )
    return listing.count(b"\0")


def _active_hooks(location: Location) -> tuple[str, ...]:
    # The last value is ours, the one before it is the user's.
    folders = location.git.run("config", "-z", "--type=path", "--get-all", "core.hooksPath").split(b"\0")[:-2]
    folder = location.root / os.fsdecode(folders[-1]) if folders else location.common_dir / "hooks"
    try:
        files = sorted(folder.iterdir())
    except OSError:
        return ()
    return tuple(file.name for file in files if not file.suffix and os.access(file, os.X_OK))


def _count_submodules(location: Location) -> int:
    head = location.git.ask("rev-parse", "--quiet", "--verify", "HEAD")
    scope = ["--", location.scope] if location.scope else []
    return (
        0 if head is None else location.git.run("ls-tree", "-r", "-z", "--full-tree", head, *scope).count(b" commit ")
    )
