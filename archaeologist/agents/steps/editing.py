"""How the tools of agents change files: from what the model read, through every gate, into a new workspace.

An edit names the hash that it was made from. So none is made to a text that the model saw only in part or before
another edit of the same place, and an attempt that runs twice finds that its edit is there. Edits of other places of
the file do no harm: a model may ask for several edits in one answer, all made from what it read.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from archaeologist.agents.steps.observing import observed
from archaeologist.agents.steps.repository import git_of
from archaeologist.agents.tooling.context import ToolResult
from archaeologist.documents import Workspace, keep, load
from archaeologist.errors import EditRefused
from archaeologist.wording import first_of
from archaeologist_tools.engine.guard import read_for
from archaeologist_tools.gates.gates import gate_failures
from archaeologist_tools.gates.permission import allowed_by
from archaeologist_tools.git.objects import read_blobs
from archaeologist_tools.git.snapshot import Snapshot
from archaeologist_tools.reading.excerpts import HASH_DIGITS, based_on
from archaeologist_tools.safety.protected import protection_of
from archaeologist_tools.safety.secrets import holds_redaction
from archaeologist_tools.source.module import Module
from archaeologist_tools.source.scope import VENDORED, content_skip, has_python_suffix
from archaeologist_tools.source.target import parse_target
from archaeologist_tools.surgery.definitions import definition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist.agents.tooling.context import ToolContext
    from archaeologist_tools.engine.base import Edit
    from archaeologist_tools.engine.layers import Layer
    from archaeologist_tools.gates.failure import Allowed, GateFailure

_DIGITS = re.compile(rf"[0-9a-fA-F]{{{HASH_DIGITS},64}}")
FAILURES_TOLD = 5


@dataclass(frozen=True)
class Place:
    """What an edit replaces.

    Attributes:
        qualname: the class or function; empty for what stands at the head of the module, its docstring and imports.
        line: one of its lines, when several have that name.
    """

    qualname: str = ""
    line: int | None = None

    def text(self, module: Module) -> str:
        """Return the source of the place. Raises EditRefused when there is none or more than one."""
        if not self.qualname:
            return ast.get_docstring(module.tree, clean=False) or ""
        node = definition(module, self.qualname, self.line)
        return ast.get_source_segment(module.text, node) or ""


@dataclass(frozen=True)
class Desk:
    """A workspace with the files that are in it.

    Attributes:
        context: of the tool call.
        workspace: what the agent works on.
        snapshot: the files as they are by now.
    """

    context: ToolContext
    workspace: Workspace
    snapshot: Snapshot

    @property
    def target(self) -> tuple[int, int]:
        """The lowest Python that is written for."""
        return parse_target(self.workspace.target)

    def before(self) -> Snapshot:
        """Return the files as they were before the agent's edits."""
        return Snapshot(self.snapshot.git, self.workspace.commit, {})

    def writable(self, path: str, made_from: str, place: Place | None = None) -> bytes:
        """Return the bytes of a file that may be edited.

        Args:
            path: the file.
            made_from: the hash that the edit names.
            place: what is edited, when that is not the whole file: it has to be as it was in what the edit names.

        Raises:
            EditRefused: it is protected, out of scope, not written by hand, or not what the edit was made from.
        """
        scope = self.workspace.run.scope
        if scope and path != scope and not path.startswith(f"{scope}/"):
            raise EditRefused(f"{path} is outside of {scope}, which is all that this run works on")
        if reason := protection_of(path):
            raise EditRefused(f"{path} is {reason}, and stays as it is")
        if VENDORED.intersection(path.split("/")[:-1]):
            raise EditRefused(f"{path} is other people's code, or made by a tool, and stays as it is")
        data = self.snapshot.read(path)
        if not _DIGITS.fullmatch(made_from) or not (
            self.snapshot.oid(path).startswith(made_from.lower()) or self._is_as_it_was(path, data, made_from, place)
        ):
            raise EditRefused(f"{path} is not what the edit was made from; read it again, and name its `based_on`")
        if skipped := content_skip(path, data):
            raise EditRefused(f"{path} is not written by hand: {skipped.detail}")
        return data

    def module(self, path: str, made_from: str, place: Place | None = None) -> Module:
        """Return a Python file that may be edited; see `writable`. Raises EditRefused."""
        module = read_for(path, self.writable(path, made_from, place), self.target)
        if not isinstance(module, Module):
            raise EditRefused(f"{path} cannot be edited, as it cannot be read: {module.message}")
        return module

    def _is_as_it_was(self, path: str, data: bytes, made_from: str, place: Place | None) -> bool:
        """Whether the place reads the same in the file as it is and in an older version of it."""
        oid = self.snapshot.git.ask("rev-parse", "--verify", "--quiet", f"{made_from.lower()}^{{blob}}")
        if place is None or oid is None:
            return False
        was = read_for(path, read_blobs(self.snapshot.git, [oid])[oid], self.target)
        now = read_for(path, data, self.target)
        return isinstance(was, Module) and isinstance(now, Module) and place.text(was) == place.text(now)

    def changed(self, workspace: Workspace, told: str) -> ToolResult:
        """Keep a workspace, and tell the model."""
        return ToolResult(told, workspace=keep(self.context.artefacts, workspace))


def desk_of(context: ToolContext) -> Desk:
    """Open the workspace of a tool call. Raises ArtefactMissing, RepositoryGone."""
    workspace = load(context.artefacts, context.workspace, Workspace)
    return Desk(context, workspace, Snapshot(git_of(workspace.run), workspace.commit, workspace.changed))


def edited(desk: Desk, path: str, layers: Sequence[Layer], *, allowed: Allowed | None = None) -> ToolResult:
    """Keep edits of a Python file, when every gate lets them pass.

    Args:
        desk: where the file is.
        path: the file.
        layers: what was done to it, one on top of the other.
        allowed: what the edits may change, where that is not what their kinds say.

    Returns:
        What the model is told; with a new workspace when the edits are kept.

    Raises:
        RuffFailed: ruff cannot be used.
        DiskFull: nothing more can be written.
    """
    edits = tuple(edit for layer in layers for edit in layer.edits)
    before = desk.snapshot.read(path)
    after = layers[-1].data if layers else before
    if after == before:
        return ToolResult(f"nothing changes: {path} says just that already")
    refuse_redacted("\n".join(edit.after for edit in edits), before.decode(errors="replace"))
    failures = gate_failures(path, before, after, desk.target, allowed=allowed or allowed_by(edits))
    if failures:
        shown = observed(told(failures), "what the gates say", note=f"not kept, {path} is as it was")
        return replace(shown, ok=False)
    snapshot = desk.snapshot.with_file(path, after, made_from=desk.snapshot.oid(path))
    workspace = desk.workspace.model_copy(
        update={"changed": dict(snapshot.changed), "edits": (*desk.workspace.edits, *edits)}
    )
    lines = ", ".join(f"{edit.span.line}" for edit in edits)
    return desk.changed(workspace, f"kept: {path} changed on line {lines}; {hash_told(snapshot, path)}")


def refuse_redacted(new: str, old: str) -> None:
    """Raise EditRefused for a text that would put the mark of a secret in the place of the secret."""
    if holds_redaction(new) and not holds_redaction(old):
        raise EditRefused("what you saw as [REDACTED ...] is a secret; leave the lines that hold it as they are")


def whole_failures(
    before: Snapshot, after: Snapshot, edits: Sequence[Edit], target: tuple[int, int]
) -> list[GateFailure]:
    """Ask the gates of everything that edits changed together: edits that are each right may be wrong together.

    Documents are no code, and new files are none that a gate could compare.
    """
    known = set(before.paths())
    return [
        failure
        for change in after.as_changes()
        if change.path in known and has_python_suffix(change.path)
        for failure in gate_failures(
            change.path,
            before.read(change.path),
            after.read(change.path),
            target,
            allowed=allowed_by([edit for edit in edits if edit.path == change.path]),
        )
    ]


def hash_told(snapshot: Snapshot, path: str) -> str:
    """Return what a model is told of the hash that its next edit has to name."""
    return f"the next edit of it is based_on={based_on(snapshot.oid(path))}"


def told(failures: Sequence[GateFailure]) -> str:
    """Return what a model is told of gates that let nothing pass, one line each."""
    return "\n".join(first_of([f"{failure.gate}: {failure.message}" for failure in failures], FAILURES_TOLD))
