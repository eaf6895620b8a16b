"""Histories written by released and by this version go on in this version's code, and tell the same story."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory

from archaeologist.domain.names import Phase, Role
from archaeologist.domain.run import RunState, Verdict
from archaeologist.domain.view import RunView, reduce
from archaeologist.pipeline.recordings.source import RecordedSource
from archaeologist.pipeline.workflows import WORKFLOWS
from archaeologist.temporal.replay import replay_failure

RECORDED = Path(__file__).parents[1] / "recorded"
HISTORIES = sorted(RECORDED.glob("*/*/*.json"))
FINISHED = sorted(RECORDED.glob("*/finished"))
INTERRUPTED = sorted(RECORDED.glob("*/interrupted"))
PARALLEL = sorted(RECORDED.glob("*/parallel/modernizer.json"))
JUDGED = sorted(RECORDED.glob("*/judged"))


async def view_of(folder: Path) -> RunView:
    source = RecordedSource(folder)
    (run,) = await source.runs()
    view = RunView()
    async for event in source.events(run, follow=False):
        view = reduce(view, event)
    return view


def test_there_are_histories() -> None:
    assert {path.stem for path in HISTORIES} == set(Role)
    assert FINISHED
    assert INTERRUPTED
    assert JUDGED
    assert PARALLEL


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: "/".join(path.parts[-3:]))
async def test_replays(path: Path) -> None:
    history = WorkflowHistory.from_json(path.stem, path.read_text(encoding="utf-8"))
    assert await replay_failure(history, WORKFLOWS.values()) is None


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: "/".join(path.parts[-3:]))
async def test_a_history_with_a_step_renamed_does_not_replay(path: Path) -> None:
    """The replay test can fail: what no longer fits is noticed."""
    text = path.read_text(encoding="utf-8")
    step = {"orchestrator": "open", "archaeologist": "survey-1", "modernizer": "plan-sweep"}.get(
        path.stem, "plan-documents"
    )
    assert f'"activityId": "{step}"' in text
    history = WorkflowHistory.from_json(path.stem, text.replace(f'"activityId": "{step}"', '"activityId": "other"'))
    failure = await replay_failure(history, WORKFLOWS.values())
    assert failure is not None
    assert "Nondeterminism" in f"{type(failure).__name__} {failure}"


@pytest.mark.parametrize("folder", FINISHED, ids=lambda folder: folder.parent.name)
async def test_a_finished_run_is_told_from_its_histories(folder: Path) -> None:
    view = await view_of(folder)
    assert view.state is RunState.DONE
    assert view.phase is Phase.SYNTHESIZE
    assert view.files == 12
    assert view.result is not None
    assert view.result.verdict is Verdict.GOOD
    assert view.result.commits == len(view.commits) > 5
    assert view.result.edits == view.edits
    assert {step.state for step in view.steps.values()} == {"ok"}
    assert {agent.state for agent in view.agents.values()} == {RunState.DONE}
    assert view.tests["tests-base"]["passed"] == view.tests["tests-branch"]["passed"] == 43


@pytest.mark.parametrize("folder", INTERRUPTED, ids=lambda folder: folder.parent.name)
async def test_an_interrupted_run_is_told_from_its_histories(folder: Path) -> None:
    view = await view_of(folder)
    assert view.state is RunState.RUNNING
    assert view.phase is Phase.REWRITE
    assert view.result is None
    open_steps = [step.name for step in view.steps.values() if step.state in {"wait", "run"}]
    assert [name for name in open_steps if name.startswith("commit-")]


@pytest.mark.parametrize("folder", JUDGED, ids=lambda folder: folder.parent.name)
async def test_a_run_with_a_model_is_told_from_its_histories(folder: Path) -> None:
    view = await view_of(folder)
    assert view.state is RunState.DONE
    assert view.result is not None
    assert view.result.verdict is Verdict.GOOD
    assert view.spent.turns == view.result.spent.turns > 5
    assert view.spent.tokens == view.result.spent.tokens
    assert view.result.commits == len(view.commits)


@pytest.mark.parametrize("path", PARALLEL, ids=lambda path: path.parts[-3])
def test_there_is_a_history_of_items_that_are_worked_on_side_by_side(path: Path) -> None:
    """The third item is begun before the second one is settled, and done again after that."""
    begun = re.findall(r'"activityId": "(item-[^"]+)"', path.read_text(encoding="utf-8"))
    assert begun.index("item-1-commit") < begun.index("item-3-open") < begun.index("item-2-commit")
    assert begun.index("item-2-commit") < begun.index("item-3-2") < begun.index("item-3-commit")
