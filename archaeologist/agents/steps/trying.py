"""Edits of an agent in a private checkout, so that a tool can run the project's code on them before any is a commit."""

from __future__ import annotations

import hashlib
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist.agents.steps.repository import author_of
from archaeologist_tools.git.branch import RUN, STEP, CommitOrder, draft_commit
from archaeologist_tools.git.worktree import open_worktree, remove_worktree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archaeologist.agents.steps.editing import Desk


@dataclass(frozen=True)
class Trial:
    """Where the project's code is run.

    Attributes:
        worktree: the checkout.
        scratch: a folder for what running it leaves behind.
    """

    worktree: Path
    scratch: Path


@contextmanager
def trial_of(desk: Desk) -> Iterator[Trial]:
    """Check the edits so far out for as long as the block lasts.

    Raises:
        GitFailed: they cannot be checked out.
        DiskFull: nothing more can be written.
    """
    mark = hashlib.sha256(desk.context.key.encode()).hexdigest()[:12]
    folder = desk.context.state / "worktrees" / desk.workspace.run.run_id / f"tool-{mark}"
    # What an attempt that died left behind.
    shutil.rmtree(folder, ignore_errors=True)
    worktree = open_worktree(desk.snapshot.git, _commit(desk), folder / "checkout")
    try:
        yield Trial(worktree, folder / "scratch")
    finally:
        remove_worktree(folder)


def _commit(desk: Desk) -> str:
    """Return a commit of the edits that is on no branch."""
    run = desk.workspace.run
    order = CommitOrder(
        branch=run.branch,
        parent=desk.workspace.commit,
        changes=desk.snapshot.as_changes(),
        subject="Edits that are tried out",
        body="",
        trailers={RUN: run.run_id, STEP: "tried-out"},
        author=author_of(run),
        date=run.date,
    )
    return draft_commit(desk.snapshot.git, order)
