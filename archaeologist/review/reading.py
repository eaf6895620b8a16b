"""Reads what a run has committed so far: from git objects, from artefacts, and from notes when artefacts are gone.

A commit never changes, so a picture of a growing run costs what is new in it. Nothing here raises for what is missing:
a branch that is deleted and a state directory that was cleaned are told in words, and the rest is shown.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archaeologist.artefacts import ArtefactStore
from archaeologist.domain.names import Role, called
from archaeologist.review.evidence import UNREADABLE, EvidenceReader
from archaeologist.review.left_alone import in_order, left_alone, of_refusal
from archaeologist.review.model import CommitHunks, Review, ReviewCommit, ReviewHunk, hunk_ids
from archaeologist.review.places import edits_of, feeds, is_about_all, place
from archaeologist.wording import counted
from archaeologist_tools.git.branch import STEP, commits, owner, tip
from archaeologist_tools.git.command import Git
from archaeologist_tools.git.diff import commit_diff, is_blob
from archaeologist_tools.git.objects import read_blobs
from archaeologist_tools.source.encoding import encoding_of
from archaeologist_tools.source.open_strings import open_strings
from archaeologist_tools.source.scope import has_python_suffix

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from archaeologist.domain.events import DataPlane
    from archaeologist.domain.run import RunRequest, RunScope
    from archaeologist.domain.view import RunView
    from archaeologist.review.model import LeftPlace
    from archaeologist_tools.engine.base import Edit
    from archaeologist_tools.git.branch import CommitLine
    from archaeologist_tools.git.diff import FileDiff

_RULE = "Archaeologist-Rule"
_MODEL = "Archaeologist-Model"
_BY_PHASE = {"rewrite": Role.MODERNIZER, "document": Role.DOCUMENTER}


def read_review(data: DataPlane, request: RunRequest, view: RunView, known: Review | None = None) -> Review:
    """Read what a run has committed so far, and what it left alone.

    Takes a second for some thousand hunks, so it does not belong into an event loop.

    Args:
        data: where artefacts and git objects are.
        request: what the run was asked for.
        view: what its histories tell; also of a run that goes on.
        known: what was read of the same run before; of its commits nothing is read again.
    """
    git, store = Git(data.git_dir), ArtefactStore(data.artefacts)
    head = view.commits[-1] if view.commits else ""
    evidence = EvidenceReader(git, store, view, head)
    places, notes = _left_alone(view, store, evidence)
    parts: tuple[CommitHunks, ...] = ()
    try:
        parts = _parts(git, request.run.base, head, evidence, known)
        notes += _branch_notes(git, request.run, head)
    except UNREADABLE as error:
        notes.append(f"the commits cannot be read: {error}")
    return Review(parts, tuple(places), tuple(notes), head)


def read_commit(data: DataPlane, view: RunView, commit: str) -> CommitHunks:
    """Read one commit of a run, which need not be on its branch yet: the draft of a work item is on none.

    Args:
        data: where artefacts and git objects are.
        view: what the run's histories tell.
        commit: its id.

    Raises:
        GitFailed: git does not know it.
    """
    git = Git(data.git_dir)
    parent = git.run("rev-parse", "--verify", f"{commit}^").decode().strip()
    (line,) = commits(git, parent, commit)
    why = _reasons(git, parent, commit).get(commit, "")
    evidence = EvidenceReader(git, ArtefactStore(data.artefacts), view, commit)
    return _part(git, _commit(line, parent, view, why), evidence)


def _left_alone(view: RunView, store: ArtefactStore, evidence: EvidenceReader) -> tuple[list[LeftPlace], list[str]]:
    places, complete = left_alone(view, store)
    if complete:
        return places, []
    if refusals := evidence.ledger.refusals:
        return in_order([*places, *(of_refusal(refusal, agent) for agent, refusal in refusals)]), []
    return places, ["what was left alone is not known: the state directory was cleaned"]


def _branch_notes(git: Git, run: RunScope, head: str) -> list[str]:
    """Say where the branch is not what the run left; commits of its own that are to be told yet are all right."""
    if not head:
        return []
    branch, there = run.branch, tip(git, run.branch)
    if there is None:
        return [f"the branch {branch} was deleted; its commits are shown as long as git keeps them"]
    if there == head:
        return []
    if git.ask("merge-base", "--is-ancestor", head, there) is None:
        return [f"the branch {branch} was moved to {there[:10]}; what the run committed is shown"]
    if owner(git, branch) == run.run_id:
        return []
    more = int(git.run("rev-list", "--count", f"{head}..{there}"))
    return [f"the branch {branch} has {counted(more, 'commit')} more than this"]


def _parts(git: Git, base: str, head: str, evidence: EvidenceReader, known: Review | None) -> tuple[CommitHunks, ...]:
    if not head:
        return ()
    read = {part.commit.commit: part for part in known.parts if not part.note} if known else {}
    parts, parent, reasons = list[CommitHunks](), base, _reasons(git, base, head)
    for line in commits(git, base, head):
        known_part = read.get(line.commit)
        commit = _commit(line, parent, evidence.view, reasons.get(line.commit, ""))
        parts.append(known_part or _part(git, commit, evidence))
        parent = line.commit
    return tuple(parts)


def _reasons(git: Git, base: str, head: str) -> dict[str, str]:
    """Give the first paragraph below the subject of each commit."""
    listing = git.run("log", "-z", "--no-patch", "--format=%H%n%b", f"{base}..{head}", "--").decode(errors="replace")
    found = (record.partition("\n") for record in listing.split("\0") if record)
    return {commit: " ".join(body.strip().partition("\n\n")[0].split()) for commit, _, body in found}


def _commit(line: CommitLine, parent: str, view: RunView, why: str) -> ReviewCommit:
    rule, _, name = line.trailers.get(_RULE, "").partition(" ")
    step = line.trailers.get(STEP, "")
    return ReviewCommit(
        commit=line.commit,
        parent=parent,
        subject=line.subject,
        step=step,
        rule=rule,
        name=name,
        agent=_agent(step)
        or next((s.agent for s in view.steps.values() if s.result.get("commit") == line.commit), None),
        model=called(line.trailers.get(_MODEL, "")),
        files=line.files,
        insertions=line.insertions,
        deletions=line.deletions,
        why=why,
    )


def _agent(step: str) -> Role | None:
    """Return who made a commit, from the name of its step: `rewrite-AR001`, `modernizer-item-3`."""
    word = re.match(r"[a-z]*", step)
    first = word[0] if word else ""
    return _BY_PHASE.get(first) or (Role(first) if first in set(Role) else None)


def _part(git: Git, commit: ReviewCommit, evidence: EvidenceReader) -> CommitHunks:
    edits, note = evidence.edits(commit.commit)
    by_path: dict[str, list[Edit]] = {}
    for edit in edits:
        by_path.setdefault(edit.path, []).append(edit)
    diffs = commit_diff(git, commit.parent, commit.commit)
    blobs = _blobs(git, [diff for diff in diffs if diff.path in by_path])
    hunks = [hunk for diff in diffs for hunk in _hunks(commit, diff, by_path.get(diff.path, ()), blobs)]
    return CommitHunks(commit, tuple(hunks), note)


def _blobs(git: Git, diffs: Sequence[FileDiff]) -> dict[str, bytes]:
    return read_blobs(git, (oid for diff in diffs for oid in (diff.old_oid, diff.new_oid) if is_blob(oid)))


def _hunks(
    commit: ReviewCommit, diff: FileDiff, edits: Sequence[Edit], blobs: Mapping[str, bytes]
) -> Iterator[ReviewHunk]:
    """Yield the hunks of a file; an edit that says nothing of its place is about all that no other one is about."""
    general = tuple(edit for edit in edits if is_about_all(edit))
    special = [edit for edit in edits if not is_about_all(edit)]
    before, after = blobs.get(diff.old_oid, b""), blobs.get(diff.new_oid, b"")
    placed = place(special, before, after) if special else []
    made = edits_of(diff.hunks, placed or ())
    encoding = encoding_of(after or before) or "utf-8"
    within = zip(
        _within(diff.path, before, [hunk.old_start for hunk in diff.hunks]),
        _within(diff.path, after, [hunk.new_start for hunk in diff.hunks]),
        strict=True,
    )
    for name, hunk, its, quotes in zip(hunk_ids(commit.step, diff), diff.hunks, made, within, strict=True):
        yield ReviewHunk(name, commit, diff, hunk, tuple(its) or general, encoding, quotes)


def _within(path: str, data: bytes, lines: Sequence[int]) -> list[str]:
    """Give the quotes of the strings that lines begin in."""
    if not has_python_suffix(path):
        return [""] * len(lines)
    starts = feeds(data)
    return open_strings(data, [starts[min(max(line, 1), len(starts)) - 1] for line in lines])
