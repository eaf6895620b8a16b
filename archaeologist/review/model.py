"""What a person reviews, as plain values: commits, their hunks with the edits that made them, and what was left alone.

A hunk is whole in itself: it knows its commit and its file, so that hunks can be filtered and grouped in any way.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from archaeologist.wording import counted
from archaeologist_tools.engine.base import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archaeologist_tools.engine.base import Edit
    from archaeologist_tools.git.diff import FileDiff, Hunk

STRENGTH = tuple(Evidence)
"""The levels of evidence, the strongest first."""
_ID_DIGITS = 12


@dataclass(frozen=True)
class ReviewCommit:
    """A commit of a run.

    Attributes:
        commit: its id.
        parent: the id of the commit before it.
        subject: the first line of its message.
        step: the step that made it, which names it in every rebuild of the branch.
        rule: code of its rule, or the kind of its work item.
        name: the rule's name; empty for a work item.
        agent: who made it; None when nothing says so.
        model: the model that judged; empty for a rule's commit.
        files: the paths it changed.
        insertions: lines.
        deletions: lines.
        why: what its message says first: what the rule does, or why a model edited.
    """

    commit: str
    parent: str
    subject: str
    step: str
    rule: str
    name: str
    agent: str | None
    model: str
    files: tuple[str, ...]
    insertions: int
    deletions: int
    why: str = ""

    @property
    def label(self) -> str:
        """What its rule or work item is called."""
        return f"{self.rule} {self.name}".strip() or self.commit[:10]


@dataclass(frozen=True)
class ReviewHunk:
    """A hunk of a commit with the edits that made it.

    Attributes:
        id: stable: the same when commits before it, or hunks above it, are left out of the branch.
        commit: where it is.
        file: the file's diff that it is of.
        hunk: its lines.
        edits: what made it; none when that is not known, see `CommitHunks.note`.
        encoding: what reads the file; not everything in it, perhaps.
        within: the quotes of the string that its first line stands in, in the old and in the new file; mostly none.
    """

    id: str
    commit: ReviewCommit
    file: FileDiff
    hunk: Hunk
    edits: tuple[Edit, ...] = ()
    encoding: str = "utf-8"
    within: tuple[str, str] = ("", "")

    @property
    def path(self) -> str:
        """The file."""
        return self.file.path

    @property
    def line(self) -> int:
        """Where it begins to change, in the file after its commit; 1-based."""
        return self.hunk.blocks[0].new_start + 1

    @cached_property
    def level(self) -> Evidence | None:
        """The weakest evidence of its edits; None when nothing is known of them."""
        return max((edit.evidence for edit in self.edits), key=STRENGTH.index, default=None)

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules or operations that its edits are of; that of the commit when there are none."""
        return tuple(dict.fromkeys(edit.rule for edit in self.edits)) or (self.commit.rule,)

    @property
    def patch(self) -> bytes:
        """The hunk as a patch, which `git apply` takes."""
        return self.file.patch(self.hunk)


@dataclass(frozen=True)
class CommitHunks:
    """A commit with its hunks.

    Attributes:
        commit: the commit.
        hunks: in the order of files and lines.
        note: what a person should know about them, such as that their evidence is gone; mostly empty.
    """

    commit: ReviewCommit
    hunks: tuple[ReviewHunk, ...]
    note: str = ""


@dataclass(frozen=True)
class LeftPlace:
    """Something that was left as it is, and why.

    Attributes:
        path: the file.
        line: 1-based, in the file as the rewrite leaves it; 0 for the whole file, and for a file of a work item.
        rule: code of the rule, or kind of the work item; empty for a file that was not looked at.
        code: the reason in a word, the same for all of its kind.
        reason: the reason in words.
        agent: who left it alone.
    """

    path: str
    line: int
    rule: str
    code: str
    reason: str
    agent: str

    @property
    def of_item(self) -> bool:
        """Whether an agent with a model left it alone, or never came to it, and not a rule."""
        return bool(self.rule) and not self.line


def amount_of(places: Iterable[LeftPlace]) -> str:
    """Return how much was left alone: `91 places and 4 files`.

    Places are those that rules left, which the run's result counts, too; files those of work items, and whole ones.
    """
    kinds = [bool(place.line) for place in places]
    found, files = kinds.count(True), kinds.count(False)
    if not files:
        return counted(found, "place")
    return f"{counted(found, 'place')} and {counted(files, 'file')}" if found else counted(files, "file")


@dataclass(frozen=True)
class Review:
    """What a run has committed so far, and what it left alone.

    Attributes:
        parts: the commits in their order.
        left_alone: by file and line.
        notes: what could not be read, and what else is odd, in words.
        tip: the commit that the branch has by the run's account; empty when nothing is committed.
    """

    parts: tuple[CommitHunks, ...] = ()
    left_alone: tuple[LeftPlace, ...] = ()
    notes: tuple[str, ...] = ()
    tip: str = ""

    @cached_property
    def hunks(self) -> tuple[ReviewHunk, ...]:
        """All hunks, commit by commit."""
        return tuple(hunk for part in self.parts for hunk in part.hunks)

    @cached_property
    def commit_notes(self) -> dict[str, str]:
        """What a person should know about the hunks of a commit, by its id, where there is something."""
        return {part.commit.commit: part.note for part in self.parts if part.note}


def hunk_ids(step: str, file: FileDiff) -> list[str]:
    """Give the ids of a file's hunks.

    They are made from the step, the file and the changed lines, and not from places or lines around, which other hunks
    move. Hunks of a file that change the same are told apart by their order.

    Args:
        step: the step that made the commit.
        file: what it changed in one file.
    """
    times: defaultdict[bytes, int] = defaultdict(int)
    found = []
    for hunk in file.hunks:
        lines = b"\n".join(line.sign.encode() + line.text for line in hunk.lines if line.sign != " ")
        times[lines] += 1
        place = f"{step}\0{file.path}\0{times[lines]}\0".encode("utf-8", "surrogateescape")
        found.append(hashlib.sha256(place + lines).hexdigest()[:_ID_DIGITS])
    return found


def weakest_first(hunks: Sequence[ReviewHunk]) -> list[ReviewHunk]:
    """Give hunks in the order in which to look at them: those that nothing is known of first, then by evidence."""
    return sorted(hunks, key=lambda hunk: -len(STRENGTH) if hunk.level is None else -STRENGTH.index(hunk.level))
