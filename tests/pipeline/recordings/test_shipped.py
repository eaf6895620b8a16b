"""The recording that comes with the program: whole, small, and of nobody's machine."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from temporalio.client import WorkflowHistory

from archaeologist.agents.turns.transcript import Transcripts
from archaeologist.artefacts import ArtefactStore
from archaeologist.documents import Survey, Workspace, load
from archaeologist.domain.events import RunPaused, StepEnded, StepStarted
from archaeologist.domain.names import PAUSE_APPROVAL, PAUSE_ASKED, Role, Step
from archaeologist.domain.run import RunState, Verdict
from archaeologist.domain.view import viewed
from archaeologist.pipeline.recordings.neutral import IDS, texts_of
from archaeologist.pipeline.workflows import WORKFLOWS
from archaeologist.temporal.replay import replay_failure
from archaeologist_tools.git.command import Git
from archaeologist_tools.git.notes import LEDGER, NOTES, read_note
from support.recordings import DEMO

if TYPE_CHECKING:
    from archaeologist.pipeline.recordings.source import RecordedSource

MOST_BYTES = 400_000


def texts(source: RecordedSource) -> list[str]:
    """All that a recording says: histories with their payloads decoded, and artefacts."""
    histories = [WorkflowHistory.from_json(path.stem, path.read_text()) for path in source.folder.glob("*.json")]
    said = [text for history in histories for text in texts_of(history)]
    return said + [path.read_text() for path in (source.folder / "artefacts").rglob("*") if path.is_file()]


def results(source: RecordedSource, kind: Step) -> list[dict[str, Any]]:
    """What the steps of a kind gave back."""
    kinds = {(flight.scheduled.workflow_run, flight.scheduled.step): flight.scheduled.kind for flight in source.flights}
    ended = (event for event in source.recorded if isinstance(event, StepEnded))
    return [event.result for event in ended if kinds[event.workflow_run, event.step] == kind]


def test_it_is_small() -> None:
    assert DEMO.stat().st_size < MOST_BYTES


def test_every_pane_has_something_to_show(demo_run: RecordedSource) -> None:
    view = viewed(demo_run.recorded)
    assert view.state is RunState.DONE
    assert view.result is not None
    assert view.result.verdict is Verdict.GOOD
    assert set(view.agents) == set(Role)
    assert view.spent.usd > 0
    reasons = [event.reason for event in demo_run.recorded if isinstance(event, RunPaused)]
    assert any(PAUSE_APPROVAL in reason for reason in reasons)
    assert PAUSE_ASKED in reasons
    assert [event for event in demo_run.recorded if isinstance(event, StepStarted) and event.last_failure]
    assert [used for used in results(demo_run, Step.USE_TOOL) if not used["ok"]]
    assert [draft for draft in results(demo_run, Step.DRAFT_ITEM) if draft["left_alone"]]
    assert [draft for draft in results(demo_run, Step.DRAFT_ITEM) if draft["commit"]]


def test_every_artefact_that_it_refers_to_is_there(demo_run: RecordedSource) -> None:
    store = ArtefactStore(demo_run.folder / "artefacts")
    named = {found for text in texts(demo_run) for found in IDS.findall(text)}
    kept = {path.name for path in store.folder.rglob("*") if path.is_file()}
    assert named == kept
    (surveyed,) = results(demo_run, Step.GATHER_SURVEY)
    assert load(store, surveyed["survey"], Survey).hot_spots
    for thought in results(demo_run, Step.THINK):
        assert Transcripts(store).read(thought["head"]).last_answer
    for used in results(demo_run, Step.USE_TOOL):
        assert not used["workspace"] or load(store, used["workspace"], Workspace)


def test_every_commit_and_file_version_that_it_refers_to_is_there(demo_run: RecordedSource) -> None:
    view = viewed(demo_run.recorded)
    assert view.result is not None
    git = Git(demo_run.data(demo_run.request).git_dir)
    oids = {found for text in texts(demo_run) for found in re.findall(r"\b[0-9a-f]{40}\b", text)}
    answers = git.run("cat-file", "--batch-check", input="\n".join(sorted(oids)).encode()).decode()
    assert oids > set(view.commits)
    assert [line for line in answers.splitlines() if line.endswith("missing")] == []
    branch = f"refs/heads/{demo_run.request.run.branch}"
    log = git.run("log", "--format=%H", "--reverse", branch).decode().split()
    assert log == [demo_run.request.run.base, *view.commits]
    assert git.run("diff", "--stat", demo_run.request.run.base, branch)
    report = read_note(git, view.result.tip, NOTES)
    assert report == ArtefactStore(demo_run.folder / "artefacts").get(view.result.report)
    ledger = read_note(git, view.result.tip, LEDGER)
    assert ledger is not None
    assert json.loads(ledger.splitlines()[0])
    git.run("fsck", "--strict")


def test_it_names_no_place_of_the_machine_that_made_it(demo_run: RecordedSource) -> None:
    roots = {found for text in texts(demo_run) for found in re.findall(r"(?<![\w.<*)}\"'/-])/[a-z]+(?=/)", text)}
    assert roots <= {"/repositories", "/python", "/home", "/program", "/state", "/usr", "/v"}
    assert {found for text in texts(demo_run) for found in re.findall(r"\d@([\w.]+)", text)} == {"host"}
    raw = (path.read_text() for path in demo_run.folder.glob("*.json"))
    assert {found for text in raw for found in re.findall(r'"identity": ?"([^"]*)"', text)} == {"worker"}


@pytest.mark.parametrize("role", Role)
async def test_its_histories_replay(role: Role, demo_run: RecordedSource) -> None:
    text = (demo_run.folder / f"{role}.json").read_text()
    assert await replay_failure(WorkflowHistory.from_json(role, text), WORKFLOWS.values()) is None


async def test_a_run_that_is_cut_in_the_middle_is_open_and_has_steps_in_flight(
    demo_in_the_middle: RecordedSource,
) -> None:
    (line,) = await demo_in_the_middle.runs()
    assert line.state is RunState.RUNNING
    assert line.ended is None
    assert [pending.agent for pending in await demo_in_the_middle.pending(line)] == [Role.MODERNIZER]
