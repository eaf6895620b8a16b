"""What is left after the kills: processes, worktrees, locks, references; and how often each step was executed."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archaeologist.agents.turns.runlog import LOG_NAME
from archaeologist.domain.events import StepEnded, StepScheduled, StepStarted
from archaeologist_tools.git.notes import LEDGER, NOTES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archaeologist.crashtest.scene import Scene
    from archaeologist.domain.events import RunEvent


@dataclass(frozen=True)
class Attempt:
    """One line of a run's log."""

    event: str
    workflow_run: str
    step: str
    kind: str
    attempt: int


def attempts(scene: Scene, run_id: str) -> list[Attempt]:
    """Return what a run's log says of attempts at steps."""
    path = scene.state.run(run_id) / LOG_NAME
    if not path.exists():
        return []
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.endswith("}")]
    return [Attempt(line["event"], line["workflow_run"], line["step"], line["kind"], line["attempt"]) for line in lines]


def in_flight(scene: Scene, run_id: str) -> list[str]:
    """Return the steps that have begun and not ended, as the run's log has it."""
    open_steps: Counter[tuple[str, str]] = Counter()
    for line in attempts(scene, run_id):
        key = (line.workflow_run, line.step)
        # Attempts before the last one were killed: they are not in flight any more.
        open_steps[key] = 1 if line.event == "step began" else 0
    return sorted(step for (_, step), count in open_steps.items() if count)


def executions(scene: Scene, run_id: str) -> Counter[str]:
    """Return how often each step was begun."""
    return Counter(line.step for line in attempts(scene, run_id) if line.event == "step began")


def repeated_after_completion(scene: Scene, run_id: str, events: Iterable[RunEvent]) -> list[str]:
    """Return the steps that were executed again although the history had them as completed.

    The history names the attempt that completed a step; a later attempt in the log is one too many. (The time of
    completion would not do: what was killed between the end of its work and the server's record is in flight still.)
    """
    completing: dict[tuple[str, str], int] = {}
    scheduled: Counter[tuple[str, str]] = Counter()
    started: dict[tuple[str, str], int] = {}
    for event in events:
        if isinstance(event, StepScheduled):
            scheduled[event.workflow_run, event.step] += 1
        elif isinstance(event, StepStarted):
            started[event.workflow_run, event.step] = event.attempt
        elif isinstance(event, StepEnded):
            key = (event.workflow_run, event.step)
            completing[key] = started[key]
    return sorted(
        {
            line.step
            for line in attempts(scene, run_id)
            if line.event == "step began"
            and scheduled[line.workflow_run, line.step] == 1
            and line.attempt > completing.get((line.workflow_run, line.step), line.attempt)
        }
    )


def leftovers(scene: Scene, repository: Path, branch: str) -> list[str]:
    """Return what should not be there after a finished run."""
    state = scene.state
    found = [f"worktree {path}" for path in state.worktrees.iterdir()]
    found += [f"lock {path}" for path in (repository / ".git").rglob("*.lock")]
    allowed = {"refs/heads/main", f"refs/heads/{branch}", NOTES, LEDGER}
    refs = set(scene.git(repository, "for-each-ref", "--format=%(refname)").splitlines())
    found += [f"ref {ref}" for ref in sorted(refs - allowed)]
    found += [f"stash or change: {line}" for line in scene.git(repository, "status", "--porcelain").splitlines()]
    return found


def orphans(scene: Scene, owners: set[int]) -> list[str]:
    """Return the test's processes that belong to nobody.

    Args:
        scene: whose processes.
        owners: the processes that may live on, with all that they started.
    """
    parents = {pid: _parent(pid) for pid in processes_of(scene)}
    return [f"process {pid}: {_command(pid)}" for pid in parents if not _belongs(pid, parents, owners | {os.getpid()})]


def _belongs(pid: int, parents: dict[int, int], owners: set[int]) -> bool:
    while pid in parents:
        if pid in owners:
            return True
        pid = parents[pid]
    return pid in owners


def processes_of(scene: Scene) -> list[int]:
    """Return the living processes whose environment or command line names the test's folder, but for this one."""
    mark = os.fsencode(str(scene.folder))
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            text = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if mark in text and _state(int(entry.name)) != "Z":
            found.append(int(entry.name))
    return found


def _status(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return ["Z", "0"]


def _state(pid: int) -> str:
    return _status(pid)[0]


def _parent(pid: int) -> int:
    return int(_status(pid)[1])


def _command(pid: int) -> str:
    try:
        return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes()).replace("\0", " ").strip()[:160]
    except OSError:
        return "ended meanwhile"
