"""What comes of a work item: every gate over all that the agent changed, then a commit that is on no branch yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist.agents.steps.bench import Bench, does
from archaeologist.agents.steps.editing import told, whole_failures
from archaeologist.agents.steps.layers import commit_order_of
from archaeologist.agents.steps.packing import named
from archaeologist.agents.steps.repository import git_of
from archaeologist.boundaries import boundary
from archaeologist.documents import LayerChange, LayerOfRule, WorkItems, Workspace, keep, load, load_shared
from archaeologist.domain.items import CommitItem, DraftItem, ItemDrafted
from archaeologist.domain.judgement import ItemReport
from archaeologist.domain.names import Step
from archaeologist.domain.sweeps import Committed
from archaeologist_tools.git.branch import commit_changes, draft_commit
from archaeologist_tools.git.snapshot import Snapshot
from archaeologist_tools.source.target import parse_target

if TYPE_CHECKING:
    from archaeologist.documents import WorkItem
    from archaeologist_tools.git.command import Git

SUBJECT_CHARACTERS = 72

_MOVED = (
    "these files changed on the branch meanwhile, so your edits of them are withdrawn; read them again, and edit anew "
    "or answer left-alone"
)


@does(Step.DRAFT_ITEM)
def draft_item(bench: Bench, order: DraftItem) -> ItemDrafted:
    """Look at all that the agent changed, and write the commit; or say what is wrong, or that nothing was changed."""
    report = ItemReport.model_validate_json(bench.artefacts.get(order.answer))
    workspace = load(bench.artefacts, order.workspace, Workspace)
    if report.outcome == "left-alone":
        return ItemDrafted(left_alone=report.reason)
    git = git_of(order.run)
    begun, workspace = workspace, moved(git, workspace, order.parent)
    goes_on = "" if workspace == begun else keep(bench.artefacts, workspace)
    if withdrawn := sorted(set(begun.changed) - set(workspace.changed)):
        return ItemDrafted(refused=_MOVED, quoted="\n".join(withdrawn), blameless=True, workspace=goes_on)
    return _drafted(bench, order, report, workspace).model_copy(update={"workspace": goes_on})


def moved(git: Git, workspace: Workspace, tip: str) -> Workspace:
    """Return a workspace that goes on from another commit, without edits of files that are others there."""
    if workspace.commit == tip:
        return workspace
    was, now = (Snapshot(git, commit, {}) for commit in (workspace.commit, tip))
    changed = {path: oid for path, oid in workspace.changed.items() if _oid(was, path) == _oid(now, path)}
    edits = tuple(edit for edit in workspace.edits if edit.path in changed)
    return workspace.model_copy(update={"commit": tip, "changed": changed, "edits": edits})


def _oid(snapshot: Snapshot, path: str) -> str:
    """Return the id of a file's content; nothing when there is no such file."""
    return snapshot.oid(path) if path in snapshot.paths() else ""


def _drafted(bench: Bench, order: DraftItem, report: ItemReport, workspace: Workspace) -> ItemDrafted:
    """Ask the gates of the whole, and write the commit."""
    if not workspace.changed:
        return ItemDrafted(refused="you say that it is done, but no edit was kept; edit, or answer left-alone")
    git = git_of(order.run)
    before = Snapshot(git, order.parent, {})
    after = Snapshot(git, order.parent, workspace.changed)
    failures = whole_failures(before, after, workspace.edits, parse_target(order.target))
    if failures:
        return ItemDrafted(refused="the edits are not kept", quoted=told(failures))
    item = load_shared(bench.artefacts, order.items, WorkItems).items[order.index]
    layer = _layer(order, item, report, workspace, after)
    commit = draft_commit(git, commit_order_of(layer, order.run, order.parent))
    if commit == order.parent:
        return ItemDrafted(left_alone="the edits change nothing")
    return ItemDrafted(
        commit=commit,
        subject=layer.title,
        layer=keep(bench.artefacts, layer),
        edits=len(workspace.edits),
    )


@does(Step.COMMIT_ITEM)
def commit_item(bench: Bench, order: CommitItem) -> Committed:
    """Put a draft on the branch; find it again when an earlier attempt did."""
    layer = load(bench.artefacts, order.layer, LayerOfRule)
    boundary("commit-before")
    result = commit_changes(git_of(order.run), commit_order_of(layer, order.run, order.parent))
    boundary("commit-after")
    return Committed(commit=result.commit, subject=layer.title, repeated=result.repeated)


def _layer(order: DraftItem, item: WorkItem, report: ItemReport, workspace: Workspace, after: Snapshot) -> LayerOfRule:
    """Return what the commit holds and says: who edited is told from what a rule did."""
    changes = tuple(
        LayerChange(
            path=change.path,
            mode=change.mode,
            oid=change.oid or "",
            edits=tuple(edit for edit in workspace.edits if edit.path == change.path),
        )
        for change in after.as_changes()
    )
    return LayerOfRule(
        step=f"{order.role}-item-{order.index + 1}",
        rule=item.kind,
        title=_subject(report.title, workspace),
        changes=changes,
        body=_body(item, report, workspace),
        trailers={"Archaeologist-Model": order.model, "Archaeologist-Prompt": f"{order.role} {order.version}"},
    )


def _subject(title: str, workspace: Workspace) -> str:
    line = " ".join(title.split()).rstrip(".") or f"Edit {named(sorted(workspace.changed))}"
    return line if len(line) < SUBJECT_CHARACTERS else f"{line[: SUBJECT_CHARACTERS - 4]}..."


def _body(item: WorkItem, report: ItemReport, workspace: Workspace) -> str:
    edited = sorted(workspace.changed)
    notes = [f"* {note}" for note in item.notes if note.startswith(tuple(f"{path}, " for path in edited))]
    why = "\n".join(["What rules and the survey left to judgement there:\n", *notes]) if notes else ""
    tests = "the project's tests" if workspace.baseline else "no tests"
    parts = (
        f"A model edited {named(edited)}; its reason: {' '.join(report.reason.split())}",
        why,
        f"Checked by every gate and {tests}.",
    )
    return "\n\n".join(filter(None, parts))
