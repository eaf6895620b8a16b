"""Texts that a commit carries along, outside of its tree: the ledger and the report of a run, as git notes.

`git notes add` neither compares before it swaps nor keeps a text byte for byte, hence the plumbing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist_tools.errors import BranchMoved
from archaeologist_tools.git.commit import move_ref, read_ref, write_commit
from archaeologist_tools.git.identity import NEUTRAL
from archaeologist_tools.git.objects import list_tree, read_blobs, write_blobs
from archaeologist_tools.git.tree import Change, write_tree

if TYPE_CHECKING:
    from archaeologist_tools.git.command import Git
    from archaeologist_tools.git.objects import TreeEntry

NOTES = "refs/notes/archaeologist"
"""Where the notes of this program are; `git log --notes=archaeologist` shows them."""
LEDGER = "refs/notes/archaeologist-ledger"
"""Where the ledgers are: too long to be shown beside every commit."""

_ATTEMPTS = 10


def write_note(git: Git, commit: str, text: bytes, ref: str = NOTES) -> None:
    """Attaches a text to a commit, in place of an earlier one; the same text twice changes nothing.

    Args:
        git: the repository.
        commit: the full id of the commit.
        text: kept byte for byte.
        ref: the full name of the notes' reference.

    Raises:
        BranchMoved: others kept writing notes at the same time.
        DiskFull: nothing more can be written.
    """
    [blob] = write_blobs(git, [text])
    date = git.run("show", "--no-patch", "--format=%ct", commit).decode().strip() + " +0000"
    for _ in range(_ATTEMPTS):
        head = read_ref(git, ref)
        entry = _entry(git, head, commit)
        if entry is not None and entry.oid == blob:
            return
        tree = write_tree(git, head, [Change(commit if entry is None else entry.path, "100644", blob)])
        message = f"Note of archaeologist on {commit}\n"
        new = write_commit(git, tree, [head] if head else [], message=message, author=NEUTRAL, date=date)
        if move_ref(git, ref, new, head, "archaeologist: note"):
            return
    raise BranchMoved(f"the notes {ref} keep being moved by somebody else")


def read_note(git: Git, commit: str, ref: str = NOTES) -> bytes | None:
    """Gives the text attached to a commit, None if there is none."""
    entry = _entry(git, read_ref(git, ref), commit)
    return None if entry is None else read_blobs(git, [entry.oid])[entry.oid]


def _entry(git: Git, head: str | None, commit: str) -> TreeEntry | None:
    """Finds a commit's note, whose path may have slashes between any two digits pairs (git's fan-out)."""
    entries = [] if head is None else list_tree(git, head)
    return next((entry for entry in entries if entry.path.replace("/", "") == commit), None)
