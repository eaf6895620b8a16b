"""Which commit to show beside the agents: a draft that waits for an answer, that of the chosen work, the newest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist.domain.names import Step
from archaeologist_tui.reading.asking import AskKind, ask_of
from archaeologist_tui.reading.work import is_part_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist.domain.step_view import StepView
    from archaeologist.domain.view import RunView

_COMMITS = {Step.COMMIT_LAYER, Step.COMMIT_ITEM}


@dataclass(frozen=True)
class Subject:
    """What a row is about.

    Args:
        commit: the id of a commit; empty for none.
        path: a file; empty for none.
    """

    commit: str = ""
    path: str = ""

    def __bool__(self) -> bool:
        """Whether it is about anything that has a diff."""
        return bool(self.commit or self.path)


NOTHING_OF_CODE = Subject()


@dataclass(frozen=True)
class WantedCommit:
    """A commit to be shown.

    Args:
        commit: its id; empty when there is none yet.
        why: why this one, in a few words.
        path: the newest one is wanted that changes this file, of those that lead to the commit; empty for any file.
    """

    commit: str
    why: str
    path: str = ""


def subject_of(step: StepView | None) -> Subject:
    """Return what a step has committed, or would."""
    if step is None or step.kind not in _COMMITS | {Step.DRAFT_ITEM}:
        return NOTHING_OF_CODE
    return Subject(str(step.result.get("commit") or ""))


def wanted_commit(view: RunView, chosen: str, picked: Subject = NOTHING_OF_CODE) -> WantedCommit:
    """Return the commit to be shown.

    Args:
        view: the run.
        chosen: key of the work line that a person chose; empty for none.
        picked: what the row is about from which a person asked for it; goes before everything else.
    """
    if picked.commit:
        return WantedCommit(picked.commit, "of the chosen row")
    if picked.path:
        newest = view.commits[-1] if view.commits else ""
        return WantedCommit(newest, f"the newest one that changes {picked.path}", picked.path)
    ask = ask_of(view)
    if ask is not None and ask.kind is AskKind.APPROVAL and (draft := drafted(view, ask.step)):
        return WantedCommit(draft, "waits for you; it is on no branch yet")
    if commit := next(_committed(view, chosen), ""):
        return WantedCommit(commit, "of the chosen line")
    newest = view.commits[-1] if view.commits else ""
    return WantedCommit(newest, "the newest commit" if newest else "nothing is committed yet")


def drafted(view: RunView, item: str) -> str:
    """Return the newest draft of an item of whichever agent is at work."""
    drafts = [step for step in view.steps.values() if step.kind == Step.DRAFT_ITEM and _is_of(step, item)]
    return str(drafts[-1].result.get("commit", "")) if drafts else ""


def _is_of(step: StepView, item: str) -> bool:
    return bool(item) and step.name.startswith(f"{item}-")


def _committed(view: RunView, chosen: str) -> Iterator[str]:
    """Yield the commits of a work line, the newest first."""
    for step in reversed(view.steps.values()):
        if step.kind in _COMMITS and step.state == "ok" and is_part_of(step, chosen):
            yield str(step.result["commit"])
